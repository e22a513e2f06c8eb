"""Texts with `{path}` holes: checked like expressions, filled without ever failing."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from orderkit._diagnostics import Collector
from orderkit._expr.checker import Checker, both
from orderkit._expr.guards import shown
from orderkit._expr.names import dotted
from orderkit._expr.place import Place, SourceText
from orderkit._expr.syntax import parse
from orderkit._expr.types import NUMBERS, Kind, Scope, Type

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from orderkit._diagnostics import Span

_WORDS: Final = {"en": {True: "yes", False: "no"}, "zh": {True: "是", False: "否"}}
_SEPARATOR: Final = {"en": ", ", "zh": "、"}
_DIRECTIVE: Final = re.compile(r"%[YymdHMSj%]")
_TIMES: Final = {Kind.DATETIME: "%Y-%m-%d %H:%M", Kind.DATE: "%Y-%m-%d"}
_LONGEST_FORM: Final = 40
_FORMS: Final[tuple[tuple[frozenset[Kind], re.Pattern[str]], ...]] = (
    (frozenset({Kind.DATE, Kind.DATETIME}), re.compile(r"(?:%[YymdHMSj%]|[^%])+")),
    (frozenset({Kind.MONEY}) | NUMBERS, re.compile(r",?(?:\.[0-6]f)?")),
    (frozenset({Kind.COUNT}), re.compile(r"0[1-9][0-9]?d?")),
)
_MOST_ZEROS: Final = 28


@dataclass(frozen=True, slots=True)
class Hole:
    """One `{path}` or `{path:form}` of a template.

    Args:
        path: The names from left to right.
        kind: What stands at the end of the path.
        form: How it is written; empty for the usual way.
        span: Where the hole stands.
    """

    path: tuple[str, ...]
    kind: Type
    form: str
    span: Span


@dataclass(frozen=True, slots=True)
class Template:
    """A checked text with holes.

    Args:
        parts: Plain texts and holes in order.
        paths: Every dotted path that a hole reads.
        text: The text as written.
        span: Where it stands.
        zone: The zone that points in time are shown in.
    """

    parts: tuple[str | Hole, ...]
    paths: frozenset[str]
    text: str
    span: Span
    zone: tzinfo

    def fill(self, env: Mapping[str, object], lang: str = "en") -> str:
        """Write the values into the holes.

        Args:
            env: Values by name, as for `Program.run`.
            lang: `en` or `zh`, for yes and no and for lists.

        Returns:
            The text; an absent value leaves nothing.
        """
        return "".join(one if isinstance(one, str) else self._value(one, env, lang) for one in self.parts)

    def _value(self, hole: Hole, env: Mapping[str, object], lang: str) -> str:
        value: object = env
        for name in hole.path:
            value = value.get(name) if isinstance(value, dict) or value is env else None
        return _written(value, hole.form, self.zone, lang)


def compile_template(
    source: SourceText, scope: Scope, found: Collector, *, now_zone: tzinfo | None = None
) -> Template | None:
    """Check a text with holes against its slot.

    Args:
        source: The text and where it stands.
        scope: The names that exist in this slot.
        found: Takes every mistake.
        now_zone: The zone that points in time are shown in; UTC where none is given.

    Returns:
        The template, or None where any error was found.
    """
    return _Reading(source, scope, found, now_zone or UTC).template()


class _Reading:
    __slots__ = ("_found", "_paths", "_place", "_scope", "_source", "_zone")

    def __init__(self, source: SourceText, scope: Scope, found: Collector, zone: tzinfo) -> None:
        self._source = source
        self._scope = scope
        self._place = Place.of(source)
        self._found = found
        self._paths: set[str] = set()
        self._zone = zone

    def template(self) -> Template | None:
        text = self._source.text
        parts: list[str | Hole] = []
        fine, at, plain = True, 0, ""
        if "{" not in text and "}" not in text:
            plain, at = text, len(text)
        while at < len(text):
            char = text[at]
            if char in "{}" and text[at + 1 : at + 2] == char:
                plain, at = plain + char, at + 2
            elif char == "{":
                end = text.find("}", at)
                if end < 0:
                    self._found.add("OK540", self._place.at(at, at + 1))
                    return None
                hole = self._hole(at + 1, text[at + 1 : end])
                fine = fine and hole is not None
                parts += [plain, hole] if hole is not None else []
                plain, at = "", end + 1
            elif char == "}":
                self._found.add("OK541", self._place.at(at, at + 1))
                fine, at = False, at + 1
            else:
                plain, at = plain + char, at + 1
        if not fine:
            return None
        parts.append(plain)
        kept = tuple(one for one in parts if one != "")
        return Template(kept, frozenset(self._paths), text, self._source.span, self._zone)

    def _hole(self, start: int, inside: str) -> Hole | None:
        path, colon, form = inside.partition(":")
        place = self._place.inner(start)
        own = Collector()
        parsed = parse(path, place, own)
        span = place.at(0, len(inside))
        if parsed is None or not isinstance(parsed.tree, ast.Name | ast.Attribute):
            # A character that has no business anywhere is told as such; anything else is "not a path".
            telling = [one for one in own.diagnostics if one.code in ("OK509", "OK510", "OK511")]
            self._found.extend(telling)
            if not telling:
                self._found.add("OK542", span, found=path.strip()[:_LONGEST_FORM])
            return None
        checker = Checker(parsed, self._scope, self._found, (), self._zone)
        kind = checker.check(None)
        if kind is None:
            return None
        inner = kind.of if kind.kind is Kind.LIST else kind
        if inner is None or inner.kind in (Kind.RECORD, Kind.LIST):
            self._found.add("OK544", span, found=path.strip(), related=(), **both("have", kind))
            return None
        if (colon or form) and not _fits(kind, form):
            self._found.add(
                "OK543", place.at(len(path) + 1, len(inside)), found=form, related=(), **both("have", kind)
            )
            return None
        self._paths |= checker.paths
        return Hole(dotted(parsed.tree), kind, form, span)


def _fits(kind: Type, form: str) -> bool:
    if not form or len(form) > _LONGEST_FORM:
        return False
    if not any(kind.kind in kinds and pattern.fullmatch(form) for kinds, pattern in _FORMS):
        return False
    return not form.startswith("0") or int(form.rstrip("d")) <= _MOST_ZEROS


def _written(value: object, form: str, zone: tzinfo, lang: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _WORDS["zh" if lang == "zh" else "en"][value]
    if isinstance(value, date):
        return _moment(value, form, zone)
    if isinstance(value, int | Decimal):
        usual = "f" if isinstance(value, Decimal) else "d"
        # A form is one of the few that the checker let through: width and decimals are bounded.
        return format(value, (form or usual) if form != "," else f",{usual}")
    if isinstance(value, list | tuple):
        separator = _SEPARATOR["zh" if lang == "zh" else "en"]
        return separator.join(_written(one, "", zone, lang) for one in value)
    if isinstance(value, str | timedelta):
        return str(value)
    return shown(value)


def _moment(value: date, form: str, zone: tzinfo) -> str:
    local = value.astimezone(zone) if isinstance(value, datetime) and value.tzinfo else value
    pattern = form or _TIMES[Kind.DATETIME if isinstance(value, datetime) else Kind.DATE]
    # One directive at a time: what stands between them is the analyst's own text in any script.
    return _DIRECTIVE.sub(
        lambda one: local.strftime(one[0]) if one[0] != "%Y" else f"{local.year:04}", pattern
    )
