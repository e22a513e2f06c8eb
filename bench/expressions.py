"""One condition, one sum over 20 lines and 1,000 rules, beside hand-written code and others' engines."""

from __future__ import annotations

import importlib
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from orderkit._diagnostics import Collector, Span
from orderkit._expr import (
    BOOLEAN,
    COUNT,
    MONEY,
    TEXT,
    ClauseIndex,
    Program,
    choice,
    compile_expression,
    list_of,
    record,
)
from timing import calls

if TYPE_CHECKING:
    from collections.abc import Callable

CONDITION = "total > 5000 and customer.level in ('gold','vip') and channel == 'tmall'"
SUM = "sum(line.price * line.quantity for line in lines if line.category == 'book')"
SCOPE = {
    "total": MONEY,
    "customer": record("customer", {"level": choice("gold", "vip", "none")}),
    "channel": TEXT,
    "lines": list_of(record("line", {"price": MONEY, "quantity": COUNT, "category": TEXT})),
}
LINES = [
    {"price": Decimal(100 + at), "quantity": 1 + at % 3, "category": "book" if at % 2 else "toy"}
    for at in range(20)
]
DATA: dict[str, Any] = {
    "total": Decimal(6200), "customer": {"level": "gold"}, "channel": "tmall", "lines": LINES,
}  # fmt: skip
FLOATS: dict[str, Any] = {"total": 6200.0, "customer": {"level": "gold"}, "channel": "tmall"}


class Written:
    """An expression with its place, as the reader of a project gives it."""

    def __init__(self, text: str) -> None:
        self.text, self.span = text, Span("bench.yaml", 1, 1, 1, 1 + len(text))


def compiled(text: str, *, condition: bool = True) -> Program:
    found = Collector()
    made = compile_expression(Written(text), SCOPE, found, expects=BOOLEAN if condition else None)
    assert made is not None, found.diagnostics
    return made


def peer(name: str, make: Callable[[Any], Callable[[], object]]) -> dict[str, Callable[[], object]]:
    """Give a peer's candidate, or say why there is none."""
    try:
        module = importlib.import_module(name)
    except ImportError:
        print(f"\n{name} is not installed (pip install 'orderkit[bench]'): left out")
        return {}
    return {name: make(module)}


def zen(module: Any) -> Callable[[], object]:
    program = module.compile_expression(
        "total > 5000 and customer.level in ['gold','vip'] and channel == 'tmall'"
    )
    return lambda: program.evaluate(FLOATS)


def cel(module: Any) -> Callable[[], object]:
    text = "total > 5000.0 && customer.level in ['gold','vip'] && channel == 'tmall'"
    program, context = module.compile(text), module.Context(variables=FLOATS)
    return lambda: program.execute(context)


def simple(module: Any) -> Callable[[], object]:
    evaluator = module.EvalWithCompoundTypes(names=FLOATS)
    parsed = evaluator.parse(CONDITION)
    return lambda: evaluator.eval(CONDITION, previously_parsed=parsed)


def expressions() -> None:
    limit = Decimal(5000)

    def closure(o: dict[str, Any]) -> bool:
        return bool(
            o["total"] > limit and o["customer"]["level"] in ("gold", "vip") and o["channel"] == "tmall"
        )

    native = eval("lambda o: o['total'] > limit and o['customer']['level'] in ('gold','vip') and o['channel'] == 'tmall'", {"limit": limit})  # fmt: skip  # noqa: E501, S307 - the hand-written limit
    assert closure(DATA)
    program, summed = compiled(CONDITION), compiled(SUM, condition=False)
    run, total, traced = program.ready(), summed.ready(), program.tracer()
    candidates: dict[str, Callable[[], object]] = {
        "native closure": lambda: native(DATA),
        "orderkit": lambda: run(DATA),
        "orderkit with a trace": lambda: traced(DATA),
        "orderkit step by step": lambda: program.steps(DATA),
        **peer("simpleeval", simple),
        **peer("zen", zen),
        **peer("cel", cel),
    }
    for name, one in candidates.items():
        assert one(), name
    calls(
        "A condition",
        "native closure",
        candidates,
        {
            "orderkit": "at most 1.3",
            "orderkit with a trace": "at most 2.5",
            "simpleeval": "at least 15x orderkit's",
            "zen": "at least 10x orderkit's",
            "cel": "at least 3x orderkit's",
        },
    )

    def by_hand() -> Decimal:
        return sum([one["price"] * one["quantity"] for one in LINES if one["category"] == "book"], Decimal())  # type: ignore[misc]

    assert by_hand() == total(DATA)
    calls(
        "A sum over 20 lines",
        "native",
        {"native": by_hand, "orderkit": lambda: total(DATA)},
        {"orderkit": "at most 1.5"},
    )
    many = [
        compiled(
            f"total > {5000 + at * 3} and customer.level in ('gold', 'vip') and channel == "
            f"'{'tmall' if at % 35 == 0 else f'c{at % 40}'}'"
        )
        for at in range(1000)
    ]
    runs = [one.ready() for one in many]
    index = ClauseIndex([one.clauses for one in many], stable=lambda _: True)
    hits = [at for at, one in enumerate(runs) if one(DATA)]
    assert [at for at in index.candidates(DATA) if runs[at](DATA)] == hits
    calls(
        f"1,000 conditions, {len(hits)} hold",
        "each in turn",
        {
            "each in turn": lambda: [one for one in runs if one(DATA)],
            "looked up, then judged": lambda: [at for at in index.candidates(DATA) if runs[at](DATA)],
        },
        {"looked up, then judged": "5 µs"},
    )
