"""Calls of the listed functions: do they exist here, and do their arguments fit?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final, Protocol

from orderkit._expr import names, texts
from orderkit._expr.failure import Failure
from orderkit._expr.functions import FUNCTIONS, Function
from orderkit._expr.types import UNKNOWN, Kind, Type, describe, list_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from orderkit._expr.types import Scope

__all__ = ["FUNCTIONS", "judge_call"]

_MOST_PLACES: Final = 12
_MOST_ALIKE: Final = 100


class Judge(Protocol):
    """What the rules of calls ask of the checker: the slot's names, and judgments of the parts."""

    scope: Scope
    functions: Sequence[str]
    zone: tzinfo
    types: dict[ast.expr, Type]
    paths: set[str]

    def wrong(self, code: str, node: ast.expr, *, suggestion: str = "", **params: Any) -> Type:
        """Note a mistake and give the type that stops further ones."""

    def read(self, name: str, path: str = "") -> None:
        """Note that a name is read."""

    def judge(self, node: ast.expr) -> Type:
        """Find the type of a part."""

    def loop(self, node: ast.GeneratorExp, function: str) -> Type:
        """Find the type of what a generator yields."""

    def alike(self, parts: Sequence[ast.expr]) -> Type:
        """Find the one type that several parts share."""


def judge_call(checker: Judge, node: ast.Call) -> Type:
    """Find the type of a call.

    Args:
        checker: The judge of the rest of the tree.
        node: A vetted call: a name and plain arguments.

    Returns:
        What it gives; unknown where it was reported as wrong.
    """
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    function = FUNCTIONS.get(name)
    known = [one for one, row in FUNCTIONS.items() if _exists(checker, row)]
    if function is None:
        if name in checker.scope:
            return checker.wrong("OK337", node, found=name)
        near = names.meant(name, known)
        return checker.wrong("OK333", node.func, suggestion=near, found=name[:40], known=", ".join(known))
    if not _exists(checker, function):
        return checker.wrong("OK334", node.func, found=name, known=", ".join(known))
    return _Call(checker, node, function).judge()


def _exists(checker: Judge, function: Function) -> bool:
    return not function.needs or function.needs in checker.scope or function.name in checker.functions


class _Call:
    __slots__ = ("_checker", "_function", "_node")

    def __init__(self, checker: Judge, node: ast.Call, function: Function) -> None:
        self._checker = checker
        self._node = node
        self._function = function

    def judge(self) -> Type:
        given = self._node.args
        row = self._function
        most = _MOST_ALIKE if row.alike else len(row.wants)
        kinds = [self._argument(one) for one in given]
        if not row.least <= len(given) <= most:
            return self._wrong_number(len(given))
        fits = [self._fits(at, one, kind) for at, (one, kind) in enumerate(zip(given, kinds, strict=True))]
        if not all(fits) or Kind.UNKNOWN in {kind.kind for kind in kinds}:
            return UNKNOWN
        if row.alike and len(given) > 1:
            kinds = [self._alike(given)]
        self._written()
        if row.needs:
            self._checker.read(row.needs)
        if row.name == "col":
            self._column()
        return row.gives(kinds)

    def _argument(self, node: ast.expr) -> Type:
        if not isinstance(node, ast.GeneratorExp):
            return self._checker.judge(node)
        kind = self._checker.loop(node, self._function.name)
        self._checker.types[node] = kind
        return kind

    def _wrong_number(self, count: int) -> Type:
        row = self._function
        low, high = row.least, len(row.wants)
        want = f"{low}+" if row.alike else str(low) if low == high else f"{low}-{high}"
        return self._checker.wrong(
            "OK409", self._node, function=row.name, want=want, have=count, example=row.example
        )

    def _fits(self, at: int, node: ast.expr, kind: Type) -> bool:
        row = self._function
        want = row.wants[min(at, len(row.wants) - 1)]
        lists = row.alike and len(self._node.args) > 1 and kind.kind is Kind.LIST
        inside = kind.kind is Kind.LIST and kind.of is not None and kind.of.kind is Kind.UNKNOWN
        if kind.kind is Kind.UNKNOWN or inside:
            return True
        single = row.name in ("min", "max") and len(self._node.args) == 1 and kind.kind is not Kind.LIST
        if not want.fits(kind) or lists or single:
            self._checker.wrong(
                "OK410", node, function=row.name, want=want.en, want_zh=want.zh, example=row.example,
                have=describe(kind, "en"), have_zh=describe(kind, "zh"),
            )  # fmt: skip
            return False
        if want.literal and not isinstance(node, ast.Constant):
            self._checker.wrong("OK418", node, function=row.name, example=row.example)
            return False
        if row.name == "round" and at == 1 and isinstance(node, ast.Constant):
            return self._places(node)
        return True

    def _places(self, node: ast.Constant) -> bool:
        if isinstance(node.value, int) and node.value <= _MOST_PLACES:
            return True
        self._checker.wrong("OK418", node, function="round", example=self._function.example)
        return False

    def _alike(self, given: list[ast.expr]) -> Type:
        common = self._checker.alike(given)
        if self._function.name == "coalesce" and any(not self._checker.types[one].optional for one in given):
            return Type(common.kind, of=common.of, values=common.values, name=common.name, bare=common.bare)
        return common

    def _written(self) -> None:
        # A text that is written, not read, is tried at once: 30 February is a mistake of the file.
        row, given = self._function, self._node.args
        if row.name not in ("money", "number", "time") or not isinstance(given[0], ast.Constant):
            return
        text = given[0].value
        try:
            if row.name == "time":
                texts.read_time(text, self._checker.zone)
            else:
                texts.read_number(text)
        except Failure:
            kind = row.gives([list_of(self._checker.types[given[0]])])
            self._checker.wrong(
                "OK416", given[0], found=text, example=row.example,
                want=describe(kind, "en"), want_zh=describe(kind, "zh"),
            )  # fmt: skip

    def _column(self) -> None:
        node = self._node.args[0]
        header = (
            texts.column_key(node.value)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            else ""
        )
        self._checker.paths.add(f"$row.{header}")
        row = self._checker.scope.get("$row")
        if row is not None and row.kind is Kind.RECORD:
            known = {texts.column_key(one): one for one in row.fields}
            if header not in known:
                near = names.meant(header, known)
                self._checker.wrong(
                    "OK331", node, suggestion=f"'{near}'" if near else "", found=header,
                    known=names.listed(known),
                    owner=describe(row, "en"), owner_zh=describe(row, "zh"),
                )  # fmt: skip
