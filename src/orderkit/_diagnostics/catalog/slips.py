"""OK150 to OK159: text that is no YAML because of one slip that has a name."""

from __future__ import annotations

from typing import Final

from orderkit._diagnostics.codes import Code

CODES: Final[tuple[Code, ...]] = (
    Code(
        "OK150",
        "error",
        "the comma cuts this number in two: inside `{...}` it begins a new key",
        "逗号把这个数字切成了两段：在 {...} 里逗号之后是新的键",
        "write `{value}`, without a separator of thousands",
        "请写成 {value}，不要写千位分隔符",
    ),
    Code(
        "OK151",
        "error",
        "two versions of this file were merged and the mark of the conflict is still here",
        "这个文件合并时有冲突，这里还留着冲突标记",
        "keep one of the two versions and delete the lines `<<<<<<<`, `=======` and `>>>>>>>`",
        "请保留其中一个版本，并删除 <<<<<<<、======= 和 >>>>>>> 这几行",
    ),
    Code(
        "OK152",
        "error",
        "a text with `{...}` cannot stand here without quotes",
        "带 {...} 的文本在这里要加引号",
        'put the whole text in quotes, such as `text: "订单 {order.number}"`',
        '请把整段文本用引号括起来，例如 text: "订单 {order.number}"',
    ),
)
