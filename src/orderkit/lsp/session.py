"""The projects an editor has open, and its questions as places in them."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlparse
from urllib.request import url2pathname

from orderkit._text import MapNode, ScalarNode
from orderkit.lsp.positions import Units
from orderkit.lsp.shape import Shape
from orderkit.lsp.wording import Wording
from orderkit.lsp.workspace import OpenProject, find_root

if TYPE_CHECKING:
    from lsprotocol import types as lsp

    from orderkit._project.loading import Inspection


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about a place.

    Args:
        project: The project of the file.
        name: The file.
        line: Line from 0.
        column: Code points from its start.
        say: Words answers.
    """

    project: OpenProject
    name: str
    line: int
    column: int
    say: Wording


@dataclass(slots=True)
class Session:
    """What the server knows of one editor.

    Args:
        folders: Folders that are open.
        units: What one column is.
        shape: What keys exist.
        lang: `en` or `zh` where the environment says so; else each project's locale decides.
    """

    folders: list[Path] = field(default_factory=list)
    units: Units = field(default_factory=Units)
    shape: Shape = field(default_factory=Shape)
    lang: str = field(default_factory=lambda: os.environ.get("ORDERKIT_LANG", ""))
    projects: dict[Path, OpenProject] = field(default_factory=dict)
    told: dict[Path, set[str]] = field(default_factory=dict)
    """Addresses that findings were told of, by project."""

    def lang_of(self, told: Inspection) -> str:
        """Choose the language of messages, as the command line does.

        Args:
            told: The inspected project.

        Returns:
            `en` or `zh`.
        """
        project = told.sections.single.get("project")
        written = project.get("locale") if isinstance(project, MapNode) else None
        locale = written.text if isinstance(written, ScalarNode) else ""
        return "zh" if (self.lang or locale).lower().startswith("zh") else "en"

    def project_of(self, file: Path) -> OpenProject | None:
        """Find the project of a file.

        Args:
            file: The file.

        Returns:
            The project, or None for a file that none reads.
        """
        root = find_root(file, self.folders)
        project = self.projects.setdefault(root, OpenProject(root))
        return project if project.holds(file) else None

    def write(self, uri: str, text: str) -> OpenProject | None:
        """Take over what the editor holds.

        Args:
            uri: The file's address.
            text: Its text.

        Returns:
            The project that is concerned.
        """
        file = path_of(uri)
        project = None if file is None else self.project_of(file)
        if project is not None and file is not None:
            project.write(project.name_of(file), text)
        return project

    def close(self, uri: str) -> OpenProject | None:
        """Forget a text that the editor has closed.

        Args:
            uri: The file's address.

        Returns:
            The project that is concerned.
        """
        file = path_of(uri)
        project = None if file is None else self.project_of(file)
        if project is not None and file is not None:
            project.close(project.name_of(file))
        return project

    def asked(self, uri: str, at: lsp.Position | None = None) -> Asked | None:
        """Understand a question.

        Args:
            uri: The file's address.
            at: The place, if it is about one.

        Returns:
            The question, or None where the file belongs to no project.
        """
        file = path_of(uri)
        project = None if file is None else self.project_of(file)
        if project is None or file is None:
            return None
        name = project.name_of(file)
        say = Wording(project, self.units)
        say.current = name
        if at is None:
            return Asked(project, name, 0, 0, say)
        rows = say.rows(name)
        row = rows[at.line] if at.line < len(rows) else ""
        return Asked(project, name, at.line, self.units.points(row, at.character), say)


def path_of(uri: str) -> Path | None:
    """Read the address of a file.

    Args:
        uri: The address.

    Returns:
        Its path, or None where it is no file, such as a text that was never saved.
    """
    parsed = urlparse(uri)
    return Path(url2pathname(unquote(parsed.path))).resolve() if parsed.scheme == "file" else None
