"""Which name stands at a place, where it is declared, and everywhere it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from orderkit._vocabulary import KINDS

if TYPE_CHECKING:
    from orderkit._project.listening import Use
    from orderkit._project.loading import Inspection

_KINDS: Final = {
    "var": ("variable", "变量"),
    "field": ("field", "字段"),
    "column": ("column", "列"),
    "need": ("data", "数据"),
    "goods": ("set of goods", "商品集合"),
    "customers": ("set of customers", "客户集合"),
    "stage": ("stage", "阶段"),
}


def name_at(told: Inspection, file: str, line: int, column: int) -> Use | None:
    """Find the name that stands at a place.

    Args:
        told: The inspected project.
        file: The file.
        line: Line from 1.
        column: Column from 1, in code points; the end of a word counts as the word.

    Returns:
        The declaration or use there, or None.
    """
    for one in (*told.uses, *told.names):
        span = one.span
        if (
            span.file == file
            and span.line == line <= span.end_line
            and span.column <= column <= span.end_column
        ):
            return one
    return None


def declared(told: Inspection, name: Use) -> Use | None:
    """Find where a name is declared.

    Args:
        told: The inspected project.
        name: A use or a declaration of it.

    Returns:
        The declaration, or None.
    """
    return next((one for one in told.names if (one.kind, one.name) == (name.kind, name.name)), None)


def everywhere(told: Inspection, name: Use, *, declaration: bool = True) -> tuple[Use, ...]:
    """Find every place of a name.

    Args:
        told: The inspected project.
        name: A use or a declaration of it.
        declaration: Whether the declaration counts.

    Returns:
        The places by file, line and column.
    """
    first = declared(told, name) if declaration else None
    uses = [one for one in told.uses if (one.kind, one.name) == (name.kind, name.name)]
    return (*([first] if first is not None else []), *uses)


def kind_of(kind: str, lang: str = "en") -> str:
    """Word a kind for people.

    Args:
        kind: Such as `state:order`.
        lang: `en` or `zh`.

    Returns:
        Such as `state of order`.
    """
    base, _, owner = kind.partition(":")
    en, zh = _KINDS.get(base) or KINDS.get(base, (base, base))
    if lang == "zh":
        return f"{owner} 的{zh}" if owner else zh
    return f"{en} of {owner}" if owner else en
