"""What may be written at a path, taken from the JSON Schemas that editors get too."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from orderkit._project.own_schema import SECTION_MODELS
from orderkit._project.schemas import WHOLE, section_schemas

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_REF: Final = "#/$defs/"
_Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a definition.

    Args:
        name: As written.
        told: What it means.
        examples: Values it may have.
        required: Whether the definition needs it.
        nested: Whether its value is a mapping.
    """

    name: str
    told: str
    examples: tuple[Any, ...] = ()
    required: bool = False
    nested: bool = False


@dataclass(frozen=True)
class Shape:
    """The schema of files with any sections.

    Args:
        schema: The schema; the language's own where none is given.
    """

    schema: Mapping[str, Any] = field(default_factory=lambda: section_schemas()[WHOLE])

    @cached_property
    def _definitions(self) -> Mapping[str, _Schema]:
        found: Mapping[str, _Schema] = self.schema["$defs"]
        return found

    def keys(self, path: Sequence[str]) -> tuple[Key, ...]:
        """List the keys of the definition at a path.

        Args:
            path: Keys from the root.

        Returns:
            Its keys; none where names are free or where no mapping stands.
        """
        found: dict[str, Key] = {}
        for _, one in self._at(path):
            for name, told in one.get("properties", {}).items():
                found.setdefault(name, self._key(name, told, name in one.get("required", ())))
        return tuple(found.values())

    def key(self, path: Sequence[str]) -> Key | None:
        """Describe the last key of a path.

        Args:
            path: Keys from the root.

        Returns:
            The key, or None where it is a free name.
        """
        return next((one for one in self.keys(path[:-1]) if one.name == path[-1]), None) if path else None

    def owners(self, path: Sequence[str]) -> tuple[str, ...]:
        """Name the definitions that may stand at a path.

        Args:
            path: Keys from the root.

        Returns:
            Names such as `ActionDefinition`.
        """
        return tuple(dict.fromkeys(owner for owner, _ in self._at(path) if owner))

    def words(self, path: Sequence[str]) -> tuple[str, ...]:
        """List the words of a closed set.

        Args:
            path: Keys from the root, the last being that of the value.

        Returns:
            The words; none where any text may stand.
        """
        found: dict[str, None] = {}
        for _, one in self._at(path):
            for word in one.get("enum", ()):
                if word is not None:
                    found.setdefault(str(word))
            if one.get("type") == "boolean":
                found |= dict.fromkeys(("true", "false"))
        return tuple(found)

    def _key(self, name: str, told: _Schema, required: bool) -> Key:  # noqa: FBT001 - a column of the record
        nested = any(
            "properties" in one or isinstance(one.get("additionalProperties"), dict)
            for _, one in self._spread("", told)
            if "string" not in one.get("type", ())
        )
        description = told.get("description", "")
        return Key(name, str(description), tuple(told.get("examples", ())), required, nested)

    def _at(self, path: Sequence[str]) -> list[tuple[str, _Schema]]:
        found = list(self._spread("", dict(self.schema)))
        for depth, key in enumerate(path):
            inner: list[tuple[str, _Schema]] = []
            for _, one in found:
                told = one.get("properties", {}).get(key)
                owner = ""
                if told is None:
                    told = one.get("additionalProperties")
                    owner = SECTION_MODELS.get(path[0], "") if depth == 1 else ""
                if isinstance(told, dict):
                    inner += self._spread(owner, told)
            found = inner
        return found

    def _spread(self, owner: str, one: _Schema) -> Iterator[tuple[str, _Schema]]:
        """Go through the alternatives of a schema; those of a list's members stand beside them."""
        yield owner, one
        ref = one.get("$ref", "")
        if ref.startswith(_REF):
            name = ref.removeprefix(_REF)
            yield from self._spread(name, self._definitions[name])
        for several in ("anyOf", "oneOf", "allOf"):
            for each in one.get(several, ()):
                yield from self._spread(owner, each)
        for outcome in ("then", "else"):
            if isinstance(one.get(outcome), dict):
                yield from self._spread(owner, one[outcome])
        if isinstance(one.get("items"), dict):
            yield from self._spread(owner, one["items"])
