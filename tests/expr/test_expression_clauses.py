"""What a condition can be looked up by, what a trace keeps, and that a look-up finds what trying each finds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderkit._expr import ClauseIndex, NotComputable


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("order.total > 5000", ["order.total > 5000 leads"]),
        ("5000 < order.total", ["order.total > 5000 leads"]),
        (
            "order.total > 50 and order.state in ('待支付', '已支付') and order.note == 'x'",
            ["order.total > 50 leads", "order.state in 待支付|已支付 leads", "order.note == x leads"],
        ),
        (
            "len(order.lines) > 1 and order.state == '待支付'",
            ["order.state == 待支付"],
        ),
        ("order.total > 50 or order.held", []),
        ("not order.held", []),
        ("order.note != 'x'", []),
        ("1 < order.total < 5", []),
        ("order.total > order.paid", []),
        ("order.note == none", []),
    ],
)
def test_a_condition_gives_its_clauses(desk: Any, text: str, clauses: list[str]) -> None:
    found = [
        f"{'.'.join(one.path)} {one.sign} {'|'.join(map(str, one.values))}{' leads' * one.leads}"
        for one in desk.program_of(text).clauses
    ]
    assert found == clauses


def test_a_trace_keeps_what_decided_and_what_was_read_for_it(desk: Any) -> None:
    program = desk.program_of("order.total > 50 and order.held and len(order.lines) == qty.shipped + 1")
    env = desk.env(total=Decimal(60), held=True)
    value, given = program.trace(env)
    parts = program.told(given)
    assert value is True
    assert [(one.text, one.value, [(read.text, read.value) for read in one.reads]) for one in parts] == [
        ("order.total > 50", True, [("order.total", Decimal(60))]),
        ("order.held", True, [("order.held", True)]),
        ("len(order.lines) == qty.shipped + 1", True, [("qty.shipped", 1)]),
    ]
    assert parts[1].span.column - parts[0].span.column == len("order.total > 50 and ")
    assert parts[2].reads[0].span.column == 7 + program.text.index("qty.shipped")
    stopped = program.told(program.trace(desk.env(total=Decimal(40)))[1])
    assert [(one.text, one.value) for one in stopped] == [("order.total > 50", False)]
    either = desk.program_of("order.total > 50 or order.held")
    assert [one.value for one in either.told(either.trace(env)[1])] == [True]
    with pytest.raises(NotComputable):
        program.trace(desk.env(held=None, total=Decimal(60)))


def test_a_trace_leaves_out_what_was_not_read(desk: Any) -> None:
    program = desk.program_of("(order.total > 50 or order.paid > 5) and 1 < qty.ordered < 9")
    env = desk.env(total=Decimal(60))
    reads = [[one.text for one in part.reads] for part in program.told(program.trace(env)[1])]
    assert reads == [["order.total"], ["qty.ordered"]]
    env["order"].pop("total")
    env["order"]["paid"] = Decimal(6)
    with pytest.raises(NotComputable):
        program.trace(env)


def test_whether_the_clauses_are_all_of_it(desk: Any) -> None:
    assert desk.program_of("order.total > 50 and order.state == '待支付'").only_clauses
    assert not desk.program_of("order.total > 50 and order.held").only_clauses
    assert not desk.program_of("order.total > 50 or order.total < 5").only_clauses


_CHANNELS = ["tmall", "jd", "app"]
_CONDITIONS = st.lists(
    st.lists(
        st.one_of(
            st.sampled_from(_CHANNELS).map(lambda one: f"order.note == '{one}'"),
            st.lists(st.sampled_from(_CHANNELS), min_size=1, max_size=3).map(
                lambda several: f"order.note in ({', '.join(map(repr, several))},)"
            ),
            st.tuples(
                st.sampled_from([">", ">=", "<", "<="]),
                st.integers(0, 4),
                st.sampled_from(["total", "points"]),
            ).map(lambda one: f"order.{one[2]} {one[0]} {one[1]}"),
            st.sampled_from(["order.held", "1 / order.points > 0", "order.paid == 1"]),
        ),
        min_size=1,
        max_size=4,
    ).map(" and ".join),
    max_size=12,
)


@given(
    texts=_CONDITIONS,
    note=st.sampled_from([*_CHANNELS, None, "other"]),
    total=st.integers(-1, 5).map(Decimal),
    points=st.none() | st.integers(0, 4),
    held=st.none() | st.booleans(),
)
def test_a_look_up_leaves_out_only_what_is_surely_false(
    desk: Any, texts: list[str], note: str | None, total: Decimal, points: int | None, held: Any
) -> None:
    programs = [program for text in texts if (program := desk.judge(text).program) is not None]
    env = desk.env(note=note, total=total, points=points, held=held, paid=Decimal(1))
    for stable in (lambda _: True, lambda path: path == ("order", "note")):
        index = ClauseIndex([one.clauses for one in programs], stable=stable)
        found = set(index.candidates(env))
        for at, program in enumerate(programs):
            try:
                value = program.run(env)
            except NotComputable:
                value = None
            assert at in found or value is False, texts[at]
