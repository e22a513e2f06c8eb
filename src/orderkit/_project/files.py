"""Finds the files of a project and joins them by section, the same name twice being a mistake."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from orderkit._diagnostics import Related, Span
from orderkit._text import MapNode, Node, ScalarNode
from orderkit._text.recovery import ANY, read_sections

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from orderkit._diagnostics import Collector

ROOT: Final = "orderkit.yaml"
SINGLE: Final = ("project", "pricing")
NAMED: Final = (
    "tables", "templates", "calendars", "channels", "gateways", "promotions", "flows", "effects", "rules",
    "metrics", "reports", "dashboards", "cases",
)  # fmt: skip
GROUPED: Final = ("fields",)
GROUPS: Final = ("order", "line")
LATER: Final = ("calendars", "gateways", "dashboards")
"""Sections that are read and checked, and that nothing runs yet."""
CARTS: Final = "carts"
"""Folder whose YAML is data to try the project with, and no part of it."""
_YAML: Final = re.compile(r".*\.ya?ml(\.txt)?", re.IGNORECASE).fullmatch
_SURE: Final = 0.75
_NOTHING: Final[Mapping[str, bytes]] = MappingProxyType({})
_SHOWN: Final = 4
SECTIONS: Final = (*SINGLE, *NAMED, *GROUPED)


@dataclass(frozen=True, slots=True)
class Files:
    """The texts of a project by path relative to its folder.

    Args:
        root: Name of the folder or file, for people.
        texts: Bytes of every YAML and data file by relative path.
        aside: Files that look like YAML and are not read because of their name.
    """

    root: str
    texts: Mapping[str, bytes]
    aside: tuple[str, ...] = ()

    def digest(self, env: str) -> str:
        """Hash the content, so that every decision can name what decided.

        Args:
            env: Name of the overlay, or an empty text.

        Returns:
            SHA-256 in hexadecimal.
        """
        made = hashlib.sha256(env.encode())
        for name in sorted(self.texts):
            made.update(f"\0{name}\0{len(self.texts[name])}\0".encode())
            made.update(self.texts[name])
        return made.hexdigest()


@dataclass(slots=True)
class Sections:
    """The sections of all files, joined.

    Args:
        single: Sections that stand once, such as `project`.
        named: Members of the others by section and name.
        groups: Places of the groups under `fields:`: `order`, `line`, records, and parts.
        lost: Sections of which a stretch cannot be read, so that names may be missing which it declares; `*`
            where nobody can tell which.
    """

    single: dict[str, Node] = field(default_factory=dict)
    named: dict[str, dict[str, Node]] = field(default_factory=dict)
    groups: dict[str, Span] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)

    def missing(self, section: str) -> bool:
        """Tell whether a section may hold more than could be read.

        Args:
            section: Such as `pricing`, or `fields.order`.

        Returns:
            True where a stretch of it is lost.
        """
        read = section in self.named or section in self.single
        return section.partition(".")[0] in self.lost or (ANY in self.lost and not read)

    def members(self, section: str) -> MapNode | None:
        """Give a section of named members as one mapping.

        Args:
            section: Such as `promotions`, or `fields.order`.

        Returns:
            The mapping, or None where no file has the section.
        """
        found = self.named.get(section)
        if not found:
            return None
        entries = tuple((node.key, node) for node in found.values() if node.key is not None)
        return MapNode(entries, entries[0][0].span)


def gather(path: Path, unsaved: Mapping[str, bytes] = _NOTHING) -> Files:
    """Read every file a project may use.

    Args:
        path: Folder with `orderkit.yaml`, or one YAML file.
        unsaved: Texts that replace or add to the files, by relative path.

    Returns:
        The files.

    Raises:
        FileNotFoundError: There is no such project.
    """
    if path.is_file():
        return Files(path.name, {path.name: path.read_bytes(), **_data(path.parent), **unsaved})
    if not (path / ROOT).is_file() and ROOT not in unsaved:
        message = f"{path} has no {ROOT}"
        raise FileNotFoundError(message)
    texts: dict[str, bytes] = {}
    aside: list[str] = []
    for one in sorted(path.rglob("*")):
        parts = one.relative_to(path).parts
        if any(part.startswith(".") or part == CARTS for part in parts) or not _YAML(one.name):
            continue
        if not one.is_file():
            continue
        name = one.relative_to(path).as_posix()
        if one.name.endswith(".yaml"):
            texts[name] = one.read_bytes()
        else:
            aside.append(name)
    return Files(path.name, {**texts, **_data(path), **unsaved}, tuple(aside))


def _data(folder: Path) -> dict[str, bytes]:
    inside = folder / "data"
    if not inside.is_dir():
        return {}
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in sorted(inside.rglob("*.csv"))}


def join(files: Files, env: str, found: Collector) -> Sections:
    """Read the YAML files and join them by section.

    Args:
        files: The project's files.
        env: Name of the overlay `env/NAME.yaml`, or an empty text.
        found: Takes the mistakes.

    Returns:
        The sections, as far as the files can be read.
    """
    sections = Sections()
    overlay: Node | None = None
    for name in files.aside:
        meant = re.sub(r"(?i)\.ya?ml(\.txt)?$", ".yaml", name)
        found.add("OK345", Span(name, 1, 1, 1, 1), name=name, meant=meant)
        sections.lost.add(ANY)
    for name in sorted(files.texts, key=lambda one: (one != ROOT, one)):
        data = files.texts[name]
        over = name.startswith("env/")
        if not name.endswith(".yaml") or (over and name != f"env/{env}.yaml"):
            continue
        read = read_sections(data, name, found)
        root = read.root
        sections.lost |= {_section(one) for one in read.lost}
        if root is None:
            continue
        if not isinstance(root, MapNode):
            if not (isinstance(root, ScalarNode) and root.empty):
                found.add("OK321", root.span)
            continue
        if over:
            overlay = root
        elif name != ROOT and ROOT in files.texts and _foreign(root):
            listed = ", ".join(root.names[:_SHOWN])
            found.add("OK346", root.entries[0][0].span, names=listed)
        else:
            _take(root, sections, found)
    if isinstance(overlay, MapNode):
        _lay_over(sections, overlay, found)
    return sections


def _section(head: str) -> str:
    """Guess the section whose stretch cannot be read from the word at its head."""
    return next(iter(get_close_matches(head, SECTIONS, n=1, cutoff=_SURE)), ANY)


def _foreign(root: MapNode) -> bool:
    """Tell whether no key of a file is a section, nor a misspelt one."""
    return bool(root.entries) and not any(
        get_close_matches(key, SECTIONS, cutoff=_SURE) for key in root.names
    )


def _take(root: MapNode, sections: Sections, found: Collector) -> None:
    for key, node in root.entries:
        section = key.text
        if section not in SECTIONS:
            close = next(iter(get_close_matches(section, SECTIONS, n=1, cutoff=0.5)), "")
            found.add("OK322", key.span, suggestion=close, name=section, known=", ".join(SECTIONS))
        elif isinstance(node, ScalarNode) and node.empty:
            continue
        elif section in SINGLE:
            _once(section, key.span, node, sections, found)
        elif not isinstance(node, MapNode):
            found.add("OK324", node.span, name=section)
        elif section in GROUPED:
            for group, members in node.entries:
                close = next(iter(get_close_matches(group.text, GROUPS, n=1, cutoff=_SURE)), "")
                if group.text not in GROUPS and close:
                    found.add(
                        "OK204", group.span, suggestion=close, key=group.text, allowed=", ".join(GROUPS)
                    )
                elif isinstance(members, MapNode):
                    sections.groups.setdefault(group.text, group.span)
                    _join(f"{section}.{group.text}", members, sections, found)
                else:
                    found.add("OK324", group.span, name=f"{section}.{group.text}")
        else:
            if section in LATER:
                found.add("OK206", key.span, key=section)
            _join(section, node, sections, found)


def _once(section: str, span: Span, node: Node, sections: Sections, found: Collector) -> None:
    first = sections.single.get(section)
    if first is not None and first.key is not None:
        related = [Related(first.key.span, "first written here")]
        found.add("OK325", span, related=related, name=section)
        return
    sections.single[section] = node


def _join(section: str, node: MapNode, sections: Sections, found: Collector) -> None:
    members = sections.named.setdefault(section, {})
    for key, member in node.entries:
        first = members.get(key.text)
        if first is not None and first.key is not None:
            related = [Related(first.key.span, "first written here")]
            found.add("OK326", key.span, related=related, name=key.text, section=section)
            continue
        members[key.text] = member


def _lay_over(sections: Sections, overlay: MapNode, found: Collector) -> None:
    for key, node in overlay.entries:
        section = key.text
        if section in sections.single:
            sections.single[section] = _merge(sections.single[section], node, section, found)
        elif section in sections.named and isinstance(node, MapNode):
            for name, member in node.entries:
                known = sections.named[section].get(name.text)
                if known is None:
                    found.add("OK327", name.span, name=f"{section}.{name.text}")
                else:
                    sections.named[section][name.text] = _merge(
                        known, member, f"{section}.{name.text}", found
                    )
        else:
            found.add("OK327", key.span, name=section)


def _merge(base: Node, over: Node, path: str, found: Collector) -> Node:
    if not isinstance(base, MapNode) or not isinstance(over, MapNode):
        return over
    entries = dict(zip((key.text for key, _ in base.entries), base.entries, strict=True))
    for key, node in over.entries:
        known = entries.get(key.text)
        if known is None and path != "project.vars":
            found.add("OK327", key.span, name=f"{path}.{key.text}")
        elif known is None:
            entries[key.text] = (key, node)
        else:
            entries[key.text] = (known[0], _merge(known[1], node, f"{path}.{key.text}", found))
    return base._replace(entries=tuple(entries.values()))
