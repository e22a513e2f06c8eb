"""Measures what orderkit costs, as ratios against others' code in the same run.

Every candidate of a table is run once in each round, in shuffled order, in a process of its own or, for the
tables inside one process, in a loop; the ratio of a row is the median of its ratios within the rounds, so
that both sides saw the same machine. Run it with `make bench`; one table with `python bench/run.py start`.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from expressions import expressions
from loading import loading
from ruling import ruling
from timing import ROOT, ROUNDS, calls, processes

if TYPE_CHECKING:
    from orderkit import Kit

PYDANTIC = "from pydantic import BaseModel\nclass A(BaseModel):\n    a: int"
CLICK = (
    "import click\n@click.group()\ndef cli(): 'A program.'\n"
    "@cli.command()\ndef one(): 'A command.'\n"
    "cli(['--help'])"
)


def start() -> None:
    processes(
        "Import, CPU over a bare interpreter",
        "pydantic with one model",
        {
            "pydantic with one model": PYDANTIC,
            "import orderkit": "import orderkit",
            "from orderkit import Kit, load": "from orderkit import Kit, load",
        },
        {"import orderkit": "at most 1.25"},
    )
    processes(
        "orderkit --help, CPU over a bare interpreter",
        "a bare click program",
        {
            "a bare click program": CLICK,
            "orderkit --help": (
                "import sys\nsys.argv = ['orderkit', '--help']\nfrom orderkit.cli import main\nmain()"
            ),
        },
        {"orderkit --help": "at most 2.5"},
    )
    processes(
        "Checking examples/retail cold, CPU over a bare interpreter",
        "pydantic with one model",
        {
            "pydantic with one model": PYDANTIC,
            "orderkit check": (
                "import sys\nsys.argv = ['orderkit', 'check', 'examples/retail']\n"
                "from orderkit.cli import main\nmain()"
            ),
            "load": "import orderkit\norderkit.load('examples/retail')",
        },
        {"orderkit check": "at most 3.0"},
    )


def running() -> None:
    from transitions import Machine

    import orderkit
    from orderkit import Actor, Kit
    from orderkit.adapters.memory import SimulatedClock

    project = orderkit.load(ROOT / "examples" / "retail")
    flow = project.flows["order"]
    from orderkit._flows.engine import step

    class Bare:
        state = "a"

    machine = Machine(
        model=None, states=["a", "b"], initial="a", auto_transitions=False, send_event=True,
        transitions=[{"trigger": "go", "source": "a", "dest": "b", "conditions": lambda _: True}],
    )  # fmt: skip

    def bare() -> None:
        machine.events["go"].trigger(Bare())

    env = {"order": {}, "actor": {}, "now": datetime.now(UTC), "vars": {}}
    calls(
        "One step of a flow",
        "transitions, one condition, throw-away model",
        {
            "transitions, one condition, throw-away model": bare,
            "orderkit, role and row chosen": lambda: step(
                flow, "待审核", "审核通过", roles=("运营",), own=False, data={}, env=env
            ),
        },
        {},
    )
    cart = {"lines": [{"sku": f"SKU-{1 + n % 4}", "quantity": 1 + n % 3} for n in range(10)]}
    at = datetime(2026, 6, 18, tzinfo=UTC)

    def total() -> int:
        return sum(int(line["quantity"]) * 100 for line in cart["lines"])

    calls(
        "Pricing a cart of 10 lines with its ledger",
        "orderkit",
        {"orderkit": lambda: project.price(cart, at=at), "a bare sum of 10 lines": total},
        {},
    )
    with tempfile.TemporaryDirectory() as folder:
        kits = {}
        for name, store in (("in memory", None), ("SQLite file", f"sqlite:///{folder}/bench.db")):
            kits[name] = Kit(project, store=store, clock=SimulatedClock(at))
            kits[name].stock.set("SKU-1", 10**9)
        system = Actor("gateway", ["system"])

        def life(kit: Kit) -> None:
            order = kit.place({"lines": [{"sku": "SKU-1", "quantity": 1}]})
            kit.fire(order.id, "支付", data={"txn": "T", "amount": order.total.amount}, actor=system)

        calls(
            "Place and pay one order (wall time is CPU here; fsync not counted)",
            "in memory",
            {name: (lambda kit=kit: life(kit)) for name, kit in kits.items()},
            {},
        )


def importing() -> None:
    from orderkit import Kit, load

    project = load(ROOT / "examples" / "giftshop")
    file = next((ROOT / "examples" / "giftshop" / "inbox").glob("*.gz"))
    print("\nImporting the gift shop's December (42,481 lines), lines a second, wall time")
    with tempfile.TemporaryDirectory() as folder:
        for name, store in (("in memory", None), ("SQLite file", f"sqlite:///{folder}/import.db")):
            with Kit(project, store=store) as kit:
                began = time.perf_counter()
                result = kit.import_files(file)
                seconds = time.perf_counter() - began
            print(f"  {name:<12}  {result.rows / seconds:12,.0f}")


TABLES = {
    "start": start,
    "loading": loading,
    "expressions": expressions,
    "ruling": ruling,
    "running": running,
    "importing": importing,
}


def main() -> None:
    python = f"{platform.python_implementation()} {platform.python_version()}"
    print(f"{python}, {os.cpu_count()} cores, {ROUNDS} rounds")
    for name in sys.argv[1:] or TABLES:
        TABLES[name]()


if __name__ == "__main__":
    main()
