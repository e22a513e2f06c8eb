"""Channels ready to run, and what one record of them becomes."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as attribute
from typing import TYPE_CHECKING, Any, Final

from orderkit._diagnostics import NOWHERE, Problem, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal
    from zoneinfo import ZoneInfo

    from orderkit._expr.compiler import Program

UNITEMIZED: Final = "(unitemized)"
"""Sku of the one line of an order whose channel tells only the total."""

MOMENTS: Final = ("paid_at", "shipped_at", "done_at", "canceled_at")
"""First times a channel may bring along; the order keeps them as its events."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where one field comes from, ready to run.

    Args:
        field: The field it fills.
        columns: Columns in the form headers are compared in; the first that holds something counts.
        clean: Cleaners in turn.
        words: What each text of the channel is called here, or None where texts stand as they are.
        keep: Whether a text outside `words` stands as it is.
        default: Typed value where the cell is empty, or None.
        present: Whether the default is the present instant.
        value: Computes it from the row, or None.
        convert: From the cleaned text to the typed value.
        raw: Whether readers of orders take the cleaned text, because they would misread the typed value.
        span: Where it is written.
    """

    field: str
    columns: tuple[str, ...]
    clean: tuple[Callable[[str], str], ...]
    words: Mapping[str, str] | None
    keep: bool
    default: Any
    present: bool
    value: Program | None
    convert: Callable[[Any], Any]
    raw: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Skip:
    """Rows that are left out.

    Args:
        condition: When.
        say: Why, as people are told.
        span: Where it is written.
    """

    condition: Program
    say: str
    span: Span


@dataclass(frozen=True, slots=True)
class Section:
    """One of `order`, `lines` and `refunds`.

    Args:
        source: The file, the path of a payload's list, or an empty text for the payload itself.
        key: Column with the order's key; empty for lines inside a payload.
        targets: Its fields.
        repeats: How rows of one record repeat each field: `same`, `first` or `sum`.
        skips: Rows that are left out.
        condition: Which rows count, or None for all.
        span: Where it is written.
    """

    source: str
    key: str
    targets: tuple[Target, ...]
    repeats: Mapping[str, str] = attribute(default_factory=dict)
    skips: tuple[Skip, ...] = ()
    condition: Program | None = None
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Check:
    """What must hold of an order as it was mapped.

    Args:
        condition: The condition, or the left side of `==` where a tolerance is given.
        other: The right side of `==`, or None.
        within: By how much the two sides may differ.
        reads: Fields it reads; where one of them failed the check says nothing.
        warns: Whether the order is taken all the same.
        say: What people are told.
        span: Where it is written.
    """

    condition: Program
    other: Program | None
    within: Decimal | None
    reads: frozenset[str]
    warns: bool
    say: str
    span: Span


@dataclass(frozen=True, slots=True)
class ChannelProgram:
    """One source of orders, ready to run.

    Args:
        name: Its name.
        label: What people call it.
        zone: Where its wall-clock times are read.
        cell: From a raw cell to its bare text, or None where it means nothing.
        files: Columns each of its files must have, in the form headers are compared in.
        columns: Columns it mentions, by source.
        order: What becomes the order.
        lines: What becomes its lines, or None.
        refunds: What pays money back, or None.
        skips: Records that are no orders.
        checks: What must hold.
        history: Whether orders are taken as they were instead of being placed anew.
        unknown: `ignore` or `reject`: what columns that nobody maps do.
        repeat: `update`, `skip` or `reject`: what other content for a known key does.
        trust: Amounts that are taken as given.
        stop_above: Share of rejects above which nothing of a file is written, or None.
        fingerprint: Changes with the text of the channel, so that a mended mapping reads a file anew.
        span: Where it is declared.
    """

    name: str
    label: str
    zone: ZoneInfo
    cell: Callable[[Any], Any]
    files: Mapping[str, tuple[str, ...]]
    columns: Mapping[str, tuple[str, ...]]
    order: Section
    lines: Section | None
    refunds: Section | None
    skips: tuple[Skip, ...]
    checks: tuple[Check, ...]
    history: bool
    unknown: str
    repeat: str
    trust: frozenset[str]
    stop_above: Decimal | None
    fingerprint: str
    span: Span


@dataclass(frozen=True, slots=True)
class Fault:
    """Why one value of a record cannot be taken.

    Args:
        code: Id of the reason in the table of messages.
        field: The field it was meant for.
        column: Header of its column, or an empty text.
        value: The raw value.
        params: Values for the message's holes.
        span: The line of YAML whose rule refused it.
        line: Physical line of the row, from 1, or 0.
        record: Number of the row in its file, from 1, or 0.
        row: The row as it came, its cells in the order of the header.
        source: The file it stands in, as the channel names it.
    """

    code: str
    field: str
    column: str = ""
    value: str = ""
    params: Mapping[str, str] = attribute(default_factory=dict)
    span: Span = NOWHERE
    line: int = 0
    record: int = 0
    row: Sequence[Any] = ()
    source: str = ""

    @property
    def problem(self) -> Problem:
        """Give the same without its place in a file."""
        params = {"column": self.column, **self.params}
        return Problem(self.code, self.field, self.value, params, self.span)


@dataclass(slots=True)
class RecordRead:
    """What one record became; filled while it is read.

    Args:
        key: The record's identity, or an empty text where it has none.
        values: Typed values of the order by field; absent ones are left out.
        lines: Typed values of each line by field.
        refund: Typed values of the money paid back, or None.
        has_order: Whether it is an order, and not only a refund.
        skipped: Why it is no order at all, or an empty text.
        faults: Why it cannot be taken.
        warnings: What is strange about it.
        raws: Cleaned texts of the values that readers of orders want untyped.
        line: Physical line it begins on, or 0.
        record: Number of its first row, or 0.
        content: Hash of what the channel sent.
        of: Key of the order that a refund from another file pays back, or an empty text.
    """

    key: str = ""
    values: dict[str, Any] = attribute(default_factory=dict)
    lines: list[dict[str, Any]] = attribute(default_factory=list)
    refund: dict[str, Any] | None = None
    has_order: bool = True
    skipped: str = ""
    faults: list[Fault] = attribute(default_factory=list)
    warnings: list[Fault] = attribute(default_factory=list)
    raws: dict[str, Any] = attribute(default_factory=dict)
    line: int = 0
    record: int = 0
    content: str = ""
    of: str = ""


def goods_of(values: Mapping[str, Any]) -> Decimal:
    """Tell what the goods of an order cost of which only the total is known.

    Args:
        values: Typed values of the order, `total` among them.

    Returns:
        The total without the shipping fee, in major units.
    """
    total: Decimal = values["total"]
    shipping: Decimal | None = values.get("shipping")
    return total - shipping if shipping is not None and shipping <= total else total
