"""One condition, one formula, one sum: compiled, traced, and by other people's engines, each at its best.

Every engine gets its expression ready beforehand and its data in the form it likes best among those that a
host has: plain dicts; CEL is also given a context made beforehand. A decision graph of zen made for each call
would be a hundred times slower and is not shown: nobody would use it so.
"""

from __future__ import annotations

from decimal import Decimal
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from simpleeval import EvalWithCompoundTypes

from orderkit._diagnostics import Collector, Span
from orderkit._expr import COUNT, MONEY, TEXT, compile_expression, list_of, record
from orderkit._text.values import Source
from timing import calls

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from orderkit._expr import Program, Type

CONDITION = "total > 5000 and customer.level in ('gold','vip') and channel == 'tmall'"
SUM = "sum(line.price * line.qty for line in lines if line.category == 'book')"
HEAD: dict[str, Any] = {
    "total": Decimal(6200), "customer": {"level": "gold"}, "channel": "tmall", "coupon": 30, "points": 350,
    "rate": 0.88, "freight": 12,
}  # fmt: skip
"""As few fields as an order can have; an engine that takes the data over at each call pays for every one."""
LINES = [
    {"price": Decimal(100 + at), "qty": 1 + at % 3, "category": "book" if at % 2 else "toy", "sku": f"s{at}"}
    for at in range(20)
]
"""Money is exact here; the others get whole numbers, which cost them least."""
WHOLE_HEAD = {**HEAD, "total": 6200}
WHOLE_LINES = [{**line, "price": int(line["price"])} for line in LINES]
SCOPE: Mapping[str, Type] = {
    "total": MONEY,
    "channel": TEXT,
    "customer": record("customer", {"level": TEXT}),
    "lines": list_of(record("line", {"price": MONEY, "qty": COUNT, "category": TEXT, "sku": TEXT})),
}


def program_of(text: str) -> Program:
    found = Collector()
    made = compile_expression(Source(text, Span("b.yaml", 1, 1, 1, 1 + len(text))), SCOPE, found)
    assert made is not None, [str(one) for one in found.diagnostics]
    made.ready()
    return made


def have(package: str) -> bool:
    try:
        print(f"  {package} {version(package)}")
    except PackageNotFoundError:
        print(f'  {package} is not installed and left out: pip install "orderkit[bench]"')
        return False
    return True


def native(expression: str, data: dict[str, Any]) -> Callable[[], Any]:
    made = eval(f"lambda o: {expression}", {"LIMIT": Decimal(5000)})  # noqa: S307 - our own text
    return lambda: made(data)


def simple(text: str, data: dict[str, Any]) -> Callable[[], Any]:
    engine = EvalWithCompoundTypes(names=data, functions={"sum": sum})
    parsed = engine.parse(text)
    return lambda: engine.eval(text, previously_parsed=parsed)


def agree(candidates: dict[str, Callable[[], Any]]) -> None:
    """No engine is timed that gives something else."""
    values = {name: call() for name, call in candidates.items()}
    first = float(next(iter(values.values())))
    wrong = {name: value for name, value in values.items() if abs(float(value) - first) > 1e-9}
    assert not wrong, (first, wrong)


def expressions() -> None:
    print("\nPeers of expressions")
    zen = __import__("zen") if have("zen-engine") else None
    cel = __import__("cel") if have("common-expression-language") else None
    have("simpleeval")
    closure, compiled, traced = "native closure on the same dicts", "orderkit: run", "orderkit: trace"

    def table(
        title: str,
        text: str,
        python: str,
        data: dict[str, Any],
        plain: dict[str, Any],
        *,
        zens: str,
        cels: str,
        simples: str,
        most: float,
        aims: dict[str, str],
    ) -> None:
        program = program_of(text)
        run = program.run
        rows: dict[str, Callable[[], Any]] = {
            closure: native(python, data),
            compiled: lambda: run(data),
            traced: lambda: program.trace(data)[0],
            "simpleeval, parsed once": simple(simples, plain),
        }
        if zen is not None:
            ready = zen.compile_expression(zens)
            rows["zen, compiled"] = lambda: ready.evaluate(plain)
        if cel is not None and cels:
            code, context = cel.compile(cels), cel.Context(variables=plain)
            rows["common-expression-language, ready context"] = lambda: code.execute(context)
        agree(rows)
        own_aims = {compiled: f"at most {most}", traced: "at most 2.5"}
        calls(title, closure, rows, own_aims)
        own = {name: row for name, row in rows.items() if name not in (closure, traced)}
        calls(f"{title}: others beside orderkit", compiled, own, aims)

    table(
        "A condition",
        CONDITION,
        "o['total'] > LIMIT and o['customer']['level'] in ('gold','vip') and o['channel'] == 'tmall'",
        HEAD,
        WHOLE_HEAD,
        zens=CONDITION.replace("(", "[").replace(")", "]"),
        cels=CONDITION.replace("(", "[").replace(")", "]").replace(" and ", " && "),
        simples=CONDITION,
        most=1.3,
        aims={
            "simpleeval, parsed once": "at least 15",
            "zen, compiled": "at least 10",
            "common-expression-language, ready context": "at least 3",
        },
    )
    table(
        "A sum over 20 lines",
        SUM,
        "sum(line['price'] * line['qty'] for line in o['lines'] if line['category'] == 'book')",
        {"lines": LINES},
        {"lines": WHOLE_LINES},
        zens="sum(map(filter(lines, #.category == 'book'), #.price * #.qty))",
        cels="",
        simples="sum([line.price * line.qty for line in lines if line.category == 'book'])",
        most=1.5,
        aims={},
    )
