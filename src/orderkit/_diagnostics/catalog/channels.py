"""OK9xx (900-979): channels and the rows they read."""

from __future__ import annotations

from typing import Final

from orderkit._diagnostics.codes import Code

CODES: Final[tuple[Code, ...]] = (
    Code("OK901", "error", "{owner} has no field `{name}`", "{owner_zh}没有字段“{name}”", "fields: {known}", "可用字段：{known}"),
    Code("OK902", "error", "`{name}` computes itself, a channel cannot fill it", "“{name}”由公式算出，渠道不能给它赋值", "take it out of `map:`, or take `formula:` out of the field", "请从 map: 中删去它，或删去该字段的 formula:"),
    Code("OK903", "error", "`{name}` needs either a column or `value:`, not both", "“{name}”须写明列名或 value: 其中之一", "write `{name}: a column`, or `{name}: {value: an expression}`", "请写成 {name}: 列名，或 {name}: {value: 表达式}"),
    Code("OK904", "error", "there is no cleaner `{name}`", "没有名为“{name}”的清洗方式", "cleaners: {known}", "可用：{known}"),
    Code("OK905", "error", "this value does not fit the field: {said}", "该值不符合字段：{said_zh}"),
    Code("OK906", "error", "the channel has no file `{name}`", "该渠道没有文件“{name}”", "its files: {known}", "它的文件：{known}"),
    Code("OK907", "error", "lines from another file need `of`: the column with the order's key", "商品行来自另一个文件时须写 of:，即订单编号所在的列"),
    Code("OK908", "error", "{owner} needs `{name}` under `map:`", "{owner_zh}的 map: 中缺少“{name}”"),
    Code("OK909", "error", "`columns` speaks of `{name}`, which is not under `map:`", "columns 提到的“{name}”不在 map: 中", "fields there: {known}", "map: 中有：{known}"),
    Code("OK910", "error", "`{name}` is no number, it cannot be added up", "“{name}”不是数字，不能求和", "write same or first", "请改写 same 或 first"),
    Code("OK911", "error", "`trust` speaks of `{name}`, which is no amount under `map:`", "trust 提到的“{name}”不是 map: 中的金额", "amounts there: {known}", "map: 中的金额：{known}"),
    Code("OK912", "error", "`{name}` is part of the language, but this version of orderkit does not run it yet", "{name} 属于语言的一部分，但本版 orderkit 尚不支持"),
    Code("OK913", "error", "the channel tells neither lines nor a total to be trusted", "该渠道既没有商品行，也没有可信的总额", "write `lines:`, or map `total` and write `trust: [total]`", "请写 lines:，或映射 total 并写 trust: [total]"),
    Code("OK914", "warning", "no column says when an order was placed: it would count on the day of the import", "没有列说明下单时间：订单将计入导入当天", "map `placed_at`", "请映射 placed_at"),
    Code("OK915", "error", "`within` needs a comparison with == of two amounts", "within 只能用于两个金额的 == 比较"),
    Code("OK916", "warning", "this check reads `order.{name}`, which the channel does not fill: it will never say anything", "该检查用到 order.{name}，但渠道没有给它赋值：检查不会起作用", "map `{name}`, or take the check out", "请映射 {name}，或删去该检查"),
    Code("OK917", "error", "an example needs `row: {column: cell}` and `gives: {field: value}`", "示例须写成 row: {列: 值} 和 gives: {字段: 值}"),
    Code("OK918", "error", "the example gives `{field}` as `{have}`, not `{want}`", "示例中“{field}”得到“{have}”，而不是“{want}”", "mend the mapping or the example", "请修正映射或示例"),
    Code("OK919", "error", "the example does not give `{field}`: {said}", "示例未能得到“{field}”：{said_zh}"),
    Code("OK940", "error", "`{value}` is not under `as`", "“{value}”不在 as 的对照表中", "known: {known}; add it there, or write `else: keep`", "已有：{known}；请补充，或写 else: keep"),
    Code("OK941", "error", "rows of one order disagree in `{column}`: `{first}` (line {line}) and `{value}`", "同一订单各行的“{column}”不一致：“{first}”（第 {line} 行）与“{value}”", "write `columns: first` or `sum` where that is how they repeat", "若本来如此，请写 columns: first 或 sum"),
    Code("OK942", "error", "{said}", "{said}"),
    Code("OK943", "error", "a refund of `{value}` is not more than nothing", "退款金额“{value}”须大于零"),
    Code("OK944", "error", "the row has {have} cells, the header has {want}", "该行有 {have} 格，表头有 {want} 格", "a delimiter inside a value needs quotes around it", "值中含有分隔符时须加引号"),
    Code("OK945", "error", "the cell `{column}` is empty, so the record has no identity", "“{column}”为空，该记录没有编号"),
    Code("OK946", "error", "nobody maps the columns {columns}", "这些列没有映射：{columns}", "map them, or write `unknown: ignore`", "请映射它们，或写 unknown: ignore"),
    Code("OK947", "error", "the record came before with other content", "该记录此前来过，内容不同", "the channel says `repeat: reject`", "该渠道写的是 repeat: reject"),
    Code("OK948", "error", "the order cannot be stored: {said}", "订单无法保存：{said}"),
    Code("OK949", "error", "orders begin in `{start}`, this one comes as `{value}`", "订单从“{start}”开始，该记录却是“{value}”", "take such records with `runs: history`", "这类记录请用 runs: history 导入"),
    Code("OK950", "error", "the lines speak of the order `{value}`, which is not in the file of orders", "商品行所属的订单“{value}”不在订单文件中", "import both files together", "请把两个文件一起导入"),
    Code("OK951", "error", "the channel skips this record: {said}", "该渠道跳过此记录：{said}"),
    Code("OK960", "error", "{file} is neither UTF-8 nor GB18030: row {line}, byte {byte}", "{file} 既不是 UTF-8 也不是 GB18030：第 {line} 行，字节 {byte}", "save it again as CSV UTF-8", "请另存为 CSV UTF-8 格式"),
    Code("OK961", "error", "{file} cannot be read as CSV near line {line}: {said}", "{file} 第 {line} 行附近不是有效的 CSV：{said}", "look for a quote that is never closed", "请检查是否有未闭合的引号"),
    Code("OK962", "error", "the header of {file} has the column `{column}` twice", "{file} 的表头中“{column}”出现两次", "rename one of them in the export", "请在导出时改掉其中一个"),
    Code("OK963", "error", "{file} is larger than {most} MB", "{file} 超过 {most} MB", "split it and import the parts", "请拆分后分别导入"),
    Code("OK964", "error", "{file} is not JSON: {said}", "{file} 不是 JSON：{said}"),
    Code("OK965", "error", "{file} holds no header", "{file} 没有表头"),
    Code("OK966", "error", "{file} does not hold objects", "{file} 中不是对象", "one object, a list of objects, or one object in each line", "应为一个对象、对象的列表，或每行一个对象"),
    Code("OK970", "hint", "{file}: nobody maps the columns {columns}", "{file}：这些列没有映射：{columns}"),
    Code("OK971", "warning", "{file}: the column `{column}` is missing", "{file}：缺少列“{column}”"),
    Code("OK972", "warning", "{file}: the column `{column}` is missing; perhaps it is called `{near}` now", "{file}：缺少列“{column}”，可能已改名为“{near}”"),
    Code("OK973", "warning", "{count} orders: {said}", "{count} 个订单：{said}"),
)  # fmt: skip
