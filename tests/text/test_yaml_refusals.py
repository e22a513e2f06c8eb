"""What the text itself gets wrong: each mistake has its own code, at the place where it is."""

from __future__ import annotations

import re
from itertools import starmap

import pytest

from orderkit._diagnostics import Collector, Diagnostic
from orderkit._diagnostics.catalog.reading import CODES
from orderkit._diagnostics.catalog.slips import CODES as SLIPS
from orderkit._text import read_text

MISTAKES: list[tuple[str, str | bytes, int, int]] = [
    ("OK101", b"ok: 1\na: caf\xe9\n", 2, 7),
    ("OK102", "a: 1\n名称: 满减".encode("gbk"), 2, 1),
    ("OK103", "rules:\n  规则：满300减50\n", 2, 5),
    ("OK103", "- amount：5\n", 1, 9),
    ("OK104", "status: pa\u200bid\n", 1, 11),
    ("OK104", "a: 1 # note\u2028b: 2\n", 1, 12),
    ("OK104", "a: \u202eabc\n", 1, 4),
    ("OK104", b"\xef\xbb\xbf\xef\xbb\xbfa: 1\n", 1, 1),
    ("OK105", "a:\n\tb: 1\n", 2, 1),
    ("OK105", "a: |\n\tx\n", 2, 1),
    ("OK106", "limits:\n  spend:300\n", 2, 8),
    ("OK107", 'when: "vip" in customer.tags\n', 1, 13),
    ("OK107", 'rules: {if: "vip" in tags, do: x}\n', 1, 19),
    ("OK108", 'a: "x\nb: y\nc: z\n', 1, 4),
    ("OK109", "a: [x\nb: 1\n", 1, 4),
    ("OK109", "a: {x: 1\n", 1, 4),
    ("OK110", 'a: "C:\\q"\n', 1, 7),
    ("OK111", "a:\n  b: 1\n c: 2\n", 3, 2),
    ("OK112", "a: 1\nb: 2\na: 3\n", 3, 1),
    ("OK112", "a: 1\nａ: 2\n", 2, 1),
    ("OK113", "explain: 满100: 减10\n", 1, 14),
    ("OK114", "a: @SUM(1)\n", 1, 4),
    ("OK114", "a: ?\n", 1, 4),
    ("OK115", "a: - x\n", 1, 4),
    ("OK116", "a: {b: 1,, c: 2}\n", 1, 10),
    ("OK146", "a: {b: 1}}\n", 1, 10),
    ("OK117", "[" * 40, 1, 1),
    ("OK117", "\n".join(" " * level + "a:" for level in range(40)), 33, 33),
    ("OK118", "a: [" + "1," * 100_000 + "]", 1, 4 + 2 * 99_995 + 1),
    ("OK119", "a: " + "x" * 70_000, 1, 4),
    ("OK120", "k" * 201 + ": 1\n", 1, 1),
    ("OK120", "k" * 1100 + ": 1\n", 1, 1),
    ("OK121", "a: !include /etc/passwd\n", 1, 4),
    ("OK121", "a: !!python/object:builtins.object {}\n", 1, 4),
    ("OK121", "a: !foo!bar x\n", 1, 4),
    ("OK122", "# top\n%YAML 1.1\n---\na: 1\n", 2, 1),
    ("OK123", "a: 1\n---\nb: 2\n", 2, 1),
    ("OK124", "x: {a: 1}\ny: {<<: 1}\n", 2, 5),
    ("OK124", 'x: &x {a: 1}\ny: {"<<": *x}\n', 2, 5),
    ("OK125", "[a, b]: 1\n", 1, 1),
    ("OK126", ": 1\n", 1, 1),
    ("OK126", "~: 1\n", 1, 1),
    ("OK127", "a: *x\nb: &x 1\n", 1, 4),
    ("OK128", "a: &a [1, *a]\n", 1, 11),
    ("OK129", "a: &x 1\nb: &x 2\n", 2, 4),
    (
        "OK130",
        "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" if n else "a0: &a0 [x]" for n in range(9)),
        6,
        0,
    ),
    ("OK131", "__class__: 1\n", 1, 1),
    ("OK132", "\u0430mount: 2\n", 1, 1),
    ("OK133", "a: 1\n\u3000b: 2\n", 2, 1),
    ("OK134", "rules: {if: order.total ＞ 300, do: x}\n", 1, 25),
    ("OK134", "if: order.level in （'a', 'b'）\n", 1, 20),
    ("OK135", "tags: [vip，gold]\n", 1, 11),
    ("OK136", "status: “paid”\n", 1, 9),
    ("OK137", "a: {if: max(x, 3) > 2, to: b}\n", 1, 9),
    ("OK138", "if: order.total > (3 # three\n", 1, 22),
    ("OK140", "a: |0\nx\n", 1, 4),
    ("OK140", "a: >= 3\n", 1, 4),
    ("OK141", 'a: "\\u0000"\n', 1, 4),
    ("OK142", "a: *\n", 1, 4),
    ("OK142", "a: &名 1\n", 1, 4),
    ("OK143", "a: {b: 1，c: 2}\n", 1, 9),
    ("OK144", "some text\nb: 1\n", 1, 1),
    ("OK145", "text: {order.number} is on its way\n", 1, 22),
    ("OK146", "a: 1\n}\n", 2, 1),
    ("OK147", b"#" * (1 << 20) + b"\n", 1, 1),
    ("OK148", "规则：满100\nb: 1\n", 1, 3),
    ("OK148", "a: {规则：1, b: 2}\n", 1, 7),
    ("OK149", "a:1\nb: 2\n", 1, 2),
    ("OK149", "a: {x:1}\n", 1, 6),
    ("OK150", "a: {fee: 8, free: 1,999}\n", 1, 19),
    ("OK151", "a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> theirs\n", 2, 1),
    ("OK152", "a: {text: 订单 #{order.number} 已发货}\n", 1, 11),
    ("OK152", "a: {b: {default: SO{now:%Y%m%d}}}\n", 1, 18),
    ("OK152", "- {text: “订单 {order.number}”}\n", 1, 10),
]


def findings(text: str | bytes) -> tuple[Diagnostic, ...]:
    found = Collector()
    read_text(text if isinstance(text, bytes) else text.encode(), "some.yaml", found)
    return found.diagnostics


def case_id(code: str, text: str | bytes, line: int, _column: int) -> str:
    return f"{code}-{line}-{len(text)}"


@pytest.mark.parametrize(("code", "text", "line", "column"), MISTAKES, ids=starmap(case_id, MISTAKES))
def test_a_mistake_is_named_where_it_is(code: str, text: str | bytes, line: int, column: int) -> None:
    (one,) = findings(text)
    assert (one.code, one.line, one.column or 1) == (code, line, column or one.column), one
    for lang in ("en", "zh"):
        assert not re.search(r"\{[a-z_]+\}", one.text(lang) + one.remedy(lang)), "a hole is not filled"


def test_every_code_of_the_reader_has_an_example() -> None:
    assert {code for code, *_ in MISTAKES} == {row.id for row in (*CODES, *SLIPS)}


def test_both_places_of_a_double_key_are_shown() -> None:
    (one,) = findings("金额: 1\n金额: 2\n")
    assert [str(other.span) for other in one.related] == ["some.yaml:1:1"]


def test_a_cut_expression_comes_with_its_cure() -> None:
    (one,) = findings("a: {if: max(x, 3) > 2, to: b}\n")
    assert one.suggestion == '"max(x, 3) > 2"'


@pytest.mark.parametrize(
    "text",
    [
        "text: 您好：订单已发货，请注意查收！\n",
        "label: “双十一”大促\n",
        "label: 满300减40（限新人）\n",
        "site: https://example.com\nat: 12:30\n",
        "tags: [满100，减10元起的超级大优惠，包邮，全场通用 限时, b]\n",
        "text: |\n  　　尊敬的客户：您好\n  订单：已发货\n",
        "if: order.note == '你好，再见'\n",
        "if: order.total > 5  # high value\n",
        "note: '规则：满300'\nif: \"a(b\"  # quoted\n",
        "家庭: 👨‍👩‍👧\n",
        "姓名: 𠮷野\n",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert findings(text) == ()


def test_all_duplicates_and_tags_are_found_in_one_go() -> None:
    found = findings("a: !x 1\na: 2\nb: {c: 1, c: 2, <<: 3}\n")
    assert [one.code for one in found] == ["OK121", "OK112", "OK112", "OK124"]
