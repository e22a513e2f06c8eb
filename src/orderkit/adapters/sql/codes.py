"""Single-use codes of promotions in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError

from orderkit.adapters.agreement import known_code
from orderkit.domain.events import counter_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.sql import Executable

    from orderkit.adapters.sql.wire import Wire


class SqlCodes:
    """Keeps the single-use codes of promotions.

    Args:
        wire: The transaction.
    """

    __slots__ = ("_wire",)

    def __init__(self, wire: Wire) -> None:
        """Belong to one transaction."""
        self._wire = wire

    def add(self, promotion: str, codes: Mapping[str, str]) -> None:
        """Keep codes by their folded forms; raises Conflict where one exists."""
        known = self.batches(list(codes))
        if known:
            raise known_code(codes[min(known)])
        rows = [(folded, promotion, printed) for folded, printed in codes.items()]
        try:
            self._wire.insert(self._wire.tables.codes, rows)
        except IntegrityError as error:
            raise known_code(rows[0][2]) from error

    def batches(self, codes: Sequence[str]) -> Mapping[str, str]:
        """Give the promotion of each folded code that exists."""
        table = self._wire.tables.codes
        rows = self._wire.rows_of(
            "codes.batches",
            lambda condition: select(table.c.code, table.c.promotion).where(condition),
            table.c.code,
            codes,
            {},
        )
        return dict(rows)

    def of(self, promotion: str) -> list[tuple[str, str]]:
        """List the codes of a promotion as printed, sorted, with what became of each."""
        table, uses = self._wire.tables.codes, self._wire.tables.uses

        def own() -> Executable:
            return (
                select(table.c.printed, table.c.code)
                .where(table.c.promotion == bindparam("promotion"))
                .order_by(table.c.printed)
            )

        def settled() -> Executable:
            return select(uses.c.counter, uses.c.status).where(uses.c.counter.startswith(bindparam("begin")))

        begin = counter_of(promotion, "code.")
        known = dict.fromkeys(("released", "committed", "reserved"))
        status: dict[str, str] = {}
        for counter, became in self._wire.rows("codes.uses", settled, {"begin": begin}):
            # A code that came back and was used again is used.
            if became in known and status.get(counter) in (None, "released"):
                status[counter] = became
        rows = self._wire.rows("codes.of", own, {"promotion": promotion})
        return [(printed, status.get(f"{begin}{code}", "free")) for printed, code in rows]
