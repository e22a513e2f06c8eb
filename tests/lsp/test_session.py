"""A real session of an editor with `orderkit lsp` over standard input and output."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import orderkit

BASE = """\
# 🛒 小店
project: {name: 🛒 小店, currency: CNY, timezone: Asia/Shanghai, roles: {客服: {}}, vars: {limit: 5000}}
fields:
  order:
    remark: {label: 备注, type: text, see: [客服]}
"""
FLOW = """\
flows:
  order:
    starts: 待支付
    states: {待支付: {}, 已支付: {}, 已关闭: {end: canceled}}
    actions:
      支付: {from: 待支付, to: 已支付, by: 客服}
      关闭: {from: [待支付, 已支付], to: 已关闭, by: [客服, system]}
rules:
  "🎉 大单":
    when: {enters: 已支付}
    if: order.remark != '🎉🎉' and order.state == '已支付' and order.total > vars.limit
    do: [tag: "🎉"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "orderkit.yaml").write_text(BASE, encoding="utf-8")
    (tmp_path / "flow.yaml").write_text(FLOW, encoding="utf-8")
    return tmp_path


@pytest.fixture
def editor(folder: Path, speak: Any) -> Iterator[Any]:
    with speak([sys.executable, "-m", "orderkit", "lsp"], folder) as client:
        yield client
    assert client.process.returncode == 0


def changed(texts: dict[str, str], edit: dict[str, Any]) -> dict[str, str]:
    """Apply a WorkspaceEdit as an editor does: positions in UTF-16, the last edit first."""
    made = dict(texts)
    for uri, edits in edit["changes"].items():
        rows = made[uri].split("\n")
        for one in sorted(edits, key=lambda each: tuple(each["range"]["start"].values()), reverse=True):
            start, end = one["range"]["start"], one["range"]["end"]
            units = rows[start["line"]].encode("utf-16-le")
            new = one["newText"].encode("utf-16-le")
            row = units[: start["character"] * 2] + new + units[end["character"] * 2 :]
            rows[start["line"]] = row.decode("utf-16-le")
        made[uri] = "\n".join(rows)
    return made


def shown(text: str, place: dict[str, Any]) -> str:
    row = text.split("\n")[place["start"]["line"]].encode("utf-16-le")
    cut: bytes = row[place["start"]["character"] * 2 : place["end"]["character"] * 2]
    return cut.decode("utf-16-le")


def test_findings_come_as_you_type_and_go_when_mended(editor: Any, folder: Path) -> None:
    uri = editor.open(folder / "flow.yaml", FLOW)
    assert editor.diagnostics(uri) == []
    broken = FLOW.replace("== '已支付'", "== '已支村'")
    editor.change(uri, broken)
    (told,) = editor.diagnostics(uri)
    assert told["code"] == "OK405"
    assert told["severity"] == 1
    assert shown(broken, told["range"]) == "'已支村'"
    editor.change(uri, FLOW, 3)
    assert editor.diagnostics(uri) == []
    assert (folder / "flow.yaml").read_text(encoding="utf-8") == FLOW


def test_a_change_in_one_file_is_told_in_the_other_with_both_places(editor: Any, folder: Path) -> None:
    uri = editor.open(folder / "orderkit.yaml", BASE)
    other = (folder / "flow.yaml").as_uri()
    assert editor.diagnostics(uri) == []
    editor.change(uri, BASE.replace("remark", "comment"))
    told = editor.diagnostics(other)
    assert [one["code"] for one in told] == ["OK331"]
    assert shown(FLOW, told[0]["range"]) == "remark"
    editor.change(uri, BASE + "rules:\n  '🎉 大单': {when: {enters: 已支付}, do: [tag: b]}\n", 3)
    (twice,) = editor.diagnostics(other)
    assert twice["code"] == "OK326"
    (first,) = twice["relatedInformation"]
    assert first["location"]["uri"] == uri
    editor.change(uri, BASE, 4)
    assert editor.diagnostics(other) == []


def test_a_name_leads_to_its_declaration_and_to_its_uses_in_all_files(editor: Any, folder: Path) -> None:
    editor.open(folder / "orderkit.yaml", BASE)
    uri = editor.open(folder / "flow.yaml", FLOW)
    found = editor.at(uri, FLOW, "remark != ", "textDocument/definition")
    assert found["uri"] == (folder / "orderkit.yaml").as_uri()
    assert shown(BASE, found["range"]) == "remark"
    within = editor.at(uri, FLOW, "已支付' and", "textDocument/definition")
    assert shown(FLOW, within["range"]) == "已支付"
    assert within["range"]["start"]["line"] == 3
    uses = editor.at(uri, FLOW, "已支付: {}", "textDocument/references", context={"includeDeclaration": True})
    assert [shown(FLOW, one["range"]) for one in uses] == ["已支付"] * 5
    roles = editor.at(uri, FLOW, "客服}", "textDocument/references", context={"includeDeclaration": False})
    assert sorted(Path(one["uri"]).name for one in roles) == ["flow.yaml", "flow.yaml", "orderkit.yaml"]


@pytest.mark.parametrize(
    ("mark", "new", "written"),
    [
        ("remark !=", "客户备注", "order.客户备注 != '🎉🎉'"),
        ("limit\n", "大单金额", "order.total > vars.大单金额"),
        ("已支付'", "付 款#1", "order.state == '付 款#1' and"),
        ("客服}", "前台", "by: [前台, system]"),
        ("关闭: {from", "作废", "作废: {from: [待支付"),
    ],
)
def test_a_rename_changes_every_file_and_the_project_stays_whole(
    editor: Any, folder: Path, mark: str, new: str, written: str
) -> None:
    base = BASE + "# not saved yet 🛒\n"
    texts = {
        editor.open(folder / "orderkit.yaml", base): base,
        editor.open(folder / "flow.yaml", FLOW): FLOW,
    }
    uri = (folder / "flow.yaml").as_uri()
    asked = editor.at(uri, FLOW, mark, "textDocument/prepareRename")
    assert FLOW[FLOW.index(mark) :].startswith(asked["placeholder"])
    edit = editor.at(uri, FLOW, mark, "textDocument/rename", newName=new)
    after = changed(texts, edit)
    assert written in after[uri]
    assert "not saved yet" in after[(folder / "orderkit.yaml").as_uri()]
    for address, text in after.items():
        (folder / Path(address).name).write_text(text, encoding="utf-8")
    assert orderkit.check(folder) == ()


def test_a_rename_is_refused_with_its_reason(editor: Any, folder: Path) -> None:
    uri = editor.open(folder / "flow.yaml", FLOW)
    with pytest.raises(AssertionError, match="no identifier"):
        editor.at(uri, FLOW, "remark !=", "textDocument/rename", newName="my remark")
    with pytest.raises(AssertionError, match="nothing that this project declares"):
        editor.at(uri, FLOW, "enters", "textDocument/prepareRename")


def labels(editor: Any, uri: str, text: str) -> list[str]:
    editor.change(uri, text.replace("¦", ""), 2)
    return [one["label"] for one in editor.at(uri, text, "¦", "textDocument/completion")["items"]]


def test_completion_works_in_a_file_that_is_no_yaml_yet(editor: Any, folder: Path) -> None:
    uri = editor.open(folder / "flow.yaml", FLOW)
    half = FLOW + "  🎁:\n    when: {enters: ¦"
    assert labels(editor, uri, half) == ["待支付", "已支付", "已关闭"]
    assert "remark" in labels(editor, uri, FLOW + '  🎁:\n    if: "🎁" == order.¦')
    assert labels(editor, uri, FLOW + "  🎁:\n    if: vars.¦") == ["limit"]
    assert {"event", "enters"} <= set(labels(editor, uri, FLOW + "  🎁:\n    when:\n      ¦\n    do: [tag"))


def test_what_is_completed_replaces_the_word_and_fits(editor: Any, folder: Path) -> None:
    uri = editor.open(folder / "flow.yaml", FLOW)
    text = FLOW + "  🎁: {do: [tag: 🎁], when: {enters: 已¦}}\n"
    plain = text.replace("¦", "")
    editor.change(uri, plain)
    (item,) = [
        one
        for one in editor.at(uri, text, "¦", "textDocument/completion")["items"]
        if one["label"] == "已关闭"
    ]
    after = changed({uri: plain}, {"changes": {uri: [item["textEdit"]]}})[uri]
    assert "when: {enters: 已关闭}}" in after


def test_hover_explains_keys_and_names(editor: Any, folder: Path) -> None:
    uri = editor.open(folder / "flow.yaml", FLOW)
    key = editor.at(uri, FLOW, "enters", "textDocument/hover")["contents"]["value"]
    assert "A state that is entered" in key
    assert "```yaml\nenters:" in key
    name = editor.at(uri, FLOW, "remark !=", "textDocument/hover")["contents"]["value"]
    assert "**remark**: field, text (备注)" in name
    assert "declared at `orderkit.yaml:5`, used 1 times" in name


def test_the_outline_shows_what_a_file_declares(editor: Any, folder: Path) -> None:
    uri = editor.open(folder / "flow.yaml", FLOW)
    found = editor.request("textDocument/documentSymbol", {"textDocument": {"uri": uri}})
    assert [one["name"] for one in found] == ["flows", "rules"]
    (order,) = found[0]["children"]
    assert [one["name"] for one in order["children"]] == ["states", "actions"]
    assert [one["name"] for one in order["children"][0]["children"]] == ["待支付", "已支付", "已关闭"]


def test_a_misspelt_name_is_mended_by_the_editor(editor: Any, folder: Path) -> None:
    broken = FLOW.replace("enters: 已支付", "enters: 已支村")
    uri = editor.open(folder / "flow.yaml", broken)
    (told,) = editor.diagnostics(uri)
    (action,) = editor.request(
        "textDocument/codeAction",
        {"textDocument": {"uri": uri}, "range": told["range"], "context": {"diagnostics": [told]}},
    )
    assert changed({uri: broken}, action["edit"])[uri] == FLOW


def test_a_file_that_is_closed_counts_as_saved_again(editor: Any, folder: Path) -> None:
    uri = editor.open(folder / "flow.yaml", FLOW.replace("enters: 已支付", "enters: 无"))
    assert len(editor.diagnostics(uri)) == 1
    editor.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    assert editor.diagnostics(uri) == []


def test_a_chinese_project_is_answered_in_chinese(editor: Any, folder: Path) -> None:
    base = BASE.replace("CNY,", "CNY, locale: zh_CN,")
    editor.open(folder / "orderkit.yaml", base)
    broken = FLOW.replace("enters: 已支付", "enters: 已支村")
    uri = editor.open(folder / "flow.yaml", broken)
    (told,) = editor.diagnostics(uri)
    assert "状态" in told["message"]
    editor.change(uri, FLOW)
    name = editor.at(uri, FLOW, "remark !=", "textDocument/hover")["contents"]["value"]
    assert "**remark**: 字段, 文本 (备注)" in name
    assert "声明于 `orderkit.yaml:5`，用到 1 次" in name
    with pytest.raises(AssertionError, match="不是标识符"):
        editor.at(uri, FLOW, "remark !=", "textDocument/rename", newName="2x")
