"""Stock in SQL: conditional updates that cannot oversell, and a row for every movement."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, literal_column, or_, select, update

from orderkit.adapters.agreement import below_nothing, short_of_stock
from orderkit.domain.stock import StockLevel, StockMove

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.sql import Executable

    from orderkit.adapters.sql.wire import Wire


class SqlStock:
    """Keeps the figures of each sku and their movements.

    Args:
        wire: The transaction.
    """

    __slots__ = ("_wire",)

    def __init__(self, wire: Wire) -> None:
        """Belong to one transaction."""
        self._wire = wire

    def levels(self, skus: Iterable[str]) -> dict[str, StockLevel]:
        """Read figures; an unknown sku has none of anything."""
        stock = self._wire.tables.stock
        wanted = list(skus)
        rows = self._wire.rows_of(
            "stock.levels", lambda condition: select(*stock.c).where(condition), stock.c.sku, wanted
        )
        known = {row[0]: StockLevel(*row) for row in rows}
        return {sku: known.get(sku) or StockLevel(sku) for sku in wanted}

    def move(self, moves: Sequence[StockMove]) -> None:
        """Apply movements in sorted sku order; raises Refused `stock` where one would oversell.

        A movement whose order and cause are known already was applied before and is left out.
        """
        for move in sorted(moves, key=attrgetter("sku")):
            if move.cause and self._known(move):
                continue
            if not self._shift(move):
                # No row, or no room: with a row of nothings in place the same condition tells which.
                self._wire.insert(self._wire.tables.stock, [(move.sku, 0, 0, 0)], again=True)
                if not self._shift(move):
                    raise short_of_stock(move, self.levels([move.sku])[move.sku])
            self._note(move)

    def _known(self, move: StockMove) -> bool:
        table = self._wire.tables.moves

        def make() -> Executable:
            return select(table.c.seq).where(
                # The condition of the partial index, in letters: SQLite takes no parameter for a proof.
                table.c.cause != literal_column("''"),
                table.c.order_id == bindparam("order_id"),
                table.c.cause == bindparam("cause"),
            )

        values = {"order_id": move.order_id, "cause": move.cause}
        return bool(self._wire.rows("moves.known", make, values))

    def _shift(self, move: StockMove) -> int:
        table = self._wire.tables.stock

        def make() -> Executable:
            c = table.c
            on_hand, reserved, allocated = (
                c[name] + bindparam(name, type_=c[name].type) for name in ("on_hand", "reserved", "allocated")
            )
            taken: Any = bindparam("taken", type_=c.on_hand.type)
            return (
                update(table)
                .values(on_hand=on_hand, reserved=reserved, allocated=allocated)
                .where(c.sku == bindparam("of"), on_hand >= 0, reserved >= 0, allocated >= 0)
                .where(or_(taken <= 0, c.on_hand - c.reserved - c.allocated >= taken))
            )

        taken = move.reserved + move.allocated - move.on_hand
        return self._wire.run(
            "stock.shift",
            make,
            {
                "of": move.sku,
                "on_hand": move.on_hand,
                "reserved": move.reserved,
                "allocated": move.allocated,
                "taken": taken,
            },
        )

    def _note(self, move: StockMove) -> None:
        row = (move.sku, move.kind, move.on_hand, move.reserved, move.allocated, move.order_id, move.cause)
        self._wire.insert(self._wire.tables.moves, [row])

    def put(self, sku: str, on_hand: int) -> StockLevel:
        """Set the units that lie there, with a movement for the difference."""
        if on_hand < 0:
            raise below_nothing(sku, on_hand)
        stock = self._wire.tables.stock
        # The row first: where two counts come at once, the second waits here and sees the first.
        self._wire.insert(stock, [(sku, 0, 0, 0)], again=True)
        before = self._locked(sku)
        self._wire.run(
            "stock.put",
            lambda: update(stock).values(on_hand=bindparam("on_hand")).where(stock.c.sku == bindparam("of")),
            {"of": sku, "on_hand": on_hand},
        )
        self._note(StockMove(sku, "set", on_hand=on_hand - before.on_hand))
        return StockLevel(sku, on_hand, before.reserved, before.allocated)

    def _locked(self, sku: str) -> StockLevel:
        stock = self._wire.tables.stock
        rows = self._wire.rows(
            "stock.locked",
            lambda: select(*stock.c).where(stock.c.sku == bindparam("sku")).with_for_update(),
            {"sku": sku},
        )
        return StockLevel(*rows[0])

    def ledger(self, sku: str) -> list[StockMove]:
        """List a sku's movements, oldest first."""
        table = self._wire.tables.moves
        columns = [column for column in table.c if column.name != "seq"]
        rows = self._wire.rows(
            "moves.of",
            lambda: select(*columns).where(table.c.sku == bindparam("sku")).order_by(table.c.seq),
            {"sku": sku},
        )
        return [StockMove(*row) for row in rows]
