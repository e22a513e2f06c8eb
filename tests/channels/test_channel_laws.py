"""Laws of reading: lines, splitting, and two ways to the same draft."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderkit import Kit
from orderkit._channels.cleaning import CLEANERS, cell_reader
from orderkit._channels.drafting import Drafting
from orderkit._channels.engine import ready
from orderkit._channels.payloads import payload_record
from orderkit._commands.history import History
from orderkit._fields.reading import read_order
from orderkit.adapters.files.opening import decode, read_csv
from orderkit.errors import InvalidOrder

if TYPE_CHECKING:
    from collections.abc import Callable

    from orderkit._project import Project

NOW = datetime(2026, 6, 18, 4, tzinfo=UTC)
CELLS = st.text(st.sampled_from('ab中 ,;"\n\r\t\u2028'), max_size=8)
DIRECT = """
channels:
  api:
    runs: history
    order:
      key: id
      map: {placed_at: at, receiver: name, phone: tel, payment: pay, share: share, shipping: fee, note: note, tags: tags}
    lines: {from: lines, map: {sku: sku, quantity: n, price: price, gift: gift, name: name}}
"""


@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8), st.sampled_from(["\n", "\r\n"])
)
def test_any_table_reads_back_with_its_physical_lines(rows: list[list[str]], end: str) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(["a", "b", "c"])
    starts = []
    for row in rows:
        text = out.getvalue()
        starts.append(1 + len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")) - 1)
        writer.writerow(row)
    opened = read_csv(out.getvalue(), "t.csv")
    want = [(line, tuple(row)) for line, row in zip(starts, rows, strict=True) if "".join(row).strip()]
    assert [(line, cells) for line, _, cells in opened.rows] == want


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1).filter(
        lambda text: text[0] != "\ufeff"
    )
)
def test_text_survives_every_encoding_of_the_ladder(text: str) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert decode(text.encode(encoding), "t.csv") == text


@pytest.mark.parametrize("text", ["订单编号,金额\n一,2", "龘𠮷"])
def test_chinese_exports_in_gb18030_are_told_apart(text: str) -> None:
    assert decode(text.encode("gb18030"), "t.csv") == text


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 12), st.integers(0, 99_999), st.booleans()), min_size=1, max_size=12),
    st.integers(0, 12),
)
def test_a_file_in_two_parts_gives_what_the_whole_gives(
    tmp_path_factory: pytest.TempPathFactory,
    compiled: Callable[[str], Project],
    plain: str,
    rows: list[tuple[int, int, bool]],
    cut: int,
) -> None:
    head = "编号,金额,实付,时间,电话,状态,退款\n"
    unique = {key: (cents, done) for key, cents, done in rows}
    body = [
        f"{key},{cents / 100:.2f},{cents / 100:.2f},2026-06-0{1 + key % 9} 10:00:00,,{'成功' if done else '关了'},0\n"
        for key, (cents, done) in unique.items()
    ]
    folder = tmp_path_factory.mktemp("parts")
    seen = []
    for parts in ([body], [body[:cut], body[cut:]]):
        with Kit(compiled(plain), clock=lambda: NOW) as kit:
            for part in parts:
                path = Path(folder / "p.csv")
                path.write_text(head + "".join(part), "utf-8")
                result = kit.import_files(path)
                assert result.read == result.accepted == len(part)
            seen.append(sorted(kit.find(limit=100), key=lambda one: one.number))
    assert seen[0] == seen[1]


# History asks for more than a till does: a date.
MORE = {("placed_at", "OK467")}
VALUES = {
    "at": st.sampled_from(["2026-06-01 10:00:00", "2026-13-01 10:00:00", "2026/6/1 8:05"]),
    "name": st.sampled_from(["林", "a\u202eb", " x "]),
    "tel": st.sampled_from(["13800138000", "abc", "010-12345678"]),
    "pay": st.sampled_from(["wechat", "微信", "现金"]),
    "share": st.sampled_from(["20%", "0.5", "half"]),
    "fee": st.sampled_from(["8", "0.001", "-1", "¥5"]),
    "note": st.text(max_size=5),
    "tags": st.sampled_from([[], ["a"], "a,b"]),
}
LINE = st.fixed_dictionaries(
    {},
    optional={
        "sku": st.sampled_from(["A", "B", "C", "1.5E+10", ""]),
        "n": st.sampled_from([1, "2", "1.5", "0", "-1"]),
        "price": st.sampled_from(["9.90", "1,299.00", "x", "-3", "0.0005"]),
        "gift": st.sampled_from(["是", "no", "perhaps"]),
        "name": st.sampled_from(["杯子", ""]),
    },
)


@settings(max_examples=150, deadline=None)
@given(st.fixed_dictionaries({"id": st.just("1")}, optional=VALUES), st.lists(LINE, max_size=3))
def test_the_quick_way_to_a_draft_is_the_way_of_every_order(
    compiled: Callable[[str], Project], head: dict[str, Any], lines: list[dict[str, Any]]
) -> None:
    shop = compiled(DIRECT)
    program = shop.channels["api"]
    record = payload_record(program, {**head, "lines": lines})
    read = not record.faults
    raw = ready(program, record)
    quick = Drafting(shop.fields, program, NOW, shop.row).draft(record)
    slow, problems = read_order(shop.fields, raw, now=NOW, lookup=shop.row, channel="api")
    if not read:
        assert quick is None
    elif slow is None:
        told = {(one.field, one.code) for one in record.faults}
        assert quick is None
        assert told - (set() if "at" in head else MORE) == {(one.field, one.code) for one in problems}
    elif "at" not in head:
        assert quick is None
        assert {(one.field, one.code) for one in record.faults} == MORE
    else:
        assert quick == slow


@given(st.lists(st.tuples(st.decimals(0, 9999, places=4), st.integers(1, 500)), min_size=1, max_size=6))
def test_list_prices_without_promotions_are_those_of_the_engine(
    compiled: Callable[[str], Project], goods: list[tuple[Decimal, int]]
) -> None:
    shop = compiled(DIRECT)
    program = shop.channels["api"]
    lines = [{"sku": "A", "n": units, "price": str(price)} for price, units in goods]
    record = payload_record(program, {"id": "1", "at": "2026-06-01", "lines": lines})
    draft = Drafting(shop.fields, program, NOW, shop.row).draft(record)
    assert draft is not None
    order, price = History(shop, program, NOW).order(record, draft), shop.price_draft(draft)
    assert (order.subtotal, order.shipping, order.total) == (price.subtotal, price.shipping, price.total)
    assert [line.net for line in order.lines] == [line.net for line in price.lines]


@pytest.mark.parametrize(
    ("name", "raw", "clean"),
    [
        ("strip", " a ", "a"),
        ("digits", "No. １2-3", "123"),
        ("phone", "+86 138-0013 8000", "13800138000"),
        ("phone", "(010) 1234-5678", "0101234-5678"),
        ("whole", "17850.0", "17850"),
        ("whole", "1234567890123456.0", "1234567890123456.0"),
        ("whole", "12.5", "12.5"),
        ("upper", "ab", "AB"),
        ("lower", "AB", "ab"),
        ("collapse", "a  b\u3000c", "a b c"),
    ],
)
def test_cleaners(name: str, raw: str, clean: str) -> None:
    assert CLEANERS[name](raw) == clean


@given(st.text(max_size=20))
def test_a_bare_cell_stays_as_it_is(raw: str) -> None:
    cell = cell_reader(["`", '="', "'"], ["-", "无"])
    bare = cell(raw)
    assert bare is None or cell(bare) == bare


def test_what_surrounds_a_value_is_taken_off() -> None:
    cell = cell_reader(["`", "'", '="', '"'], ["-", "无"])
    assert [cell(raw) for raw in ("`4200001", '="2024"', "'01\t", " - ", "", "无", 5, None)] == [
        "4200001", "2024", "01", None, None, None, 5, None,
    ]  # fmt: skip


def test_a_packed_file_that_is_broken_is_told(tmp_path: Path) -> None:
    from orderkit.adapters.files import open_file

    path = tmp_path / "broken.csv.gz"
    path.write_bytes(b"\x1f\x8b\x08 no gzip at all")
    with pytest.raises(InvalidOrder, match=r"broken\.csv\.gz"):
        open_file(path)


def test_a_delimiter_is_told_by_the_header() -> None:
    for sign in ",\t;":
        opened = read_csv(f"a{sign}b\n1{sign}2\n\n{sign}\n3{sign}4{sign}\n", "t.csv")
        assert opened.header == ("a", "b")
        assert list(opened.rows) == [(2, 1, ("1", "2")), (5, 2, ("3", "4"))]
