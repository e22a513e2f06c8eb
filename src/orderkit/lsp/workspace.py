"""The project as the editor shows it: saved files and unsaved texts, inspected when one has changed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from orderkit._project.files import CARTS, ROOT
from orderkit._project.loading import Inspection, inspect

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_SUFFIX = ".yaml"


def find_root(file: Path, folders: Iterable[Path]) -> Path:
    """Find the project of a file.

    Args:
        file: The file.
        folders: Folders that are open in the editor.

    Returns:
        The nearest folder upwards with `orderkit.yaml`, else an open folder that has one and holds the file,
        else the file itself.
    """
    for folder in file.parents:
        if (folder / ROOT).is_file():
            return folder
    if file.name == ROOT:
        return file.parent
    return next((one for one in folders if (one / ROOT).is_file() and one in file.parents), file)


@dataclass(slots=True)
class OpenProject:
    """One project with the texts of the editor.

    Args:
        root: Its folder, or its only file.
        buffers: Texts that the editor holds, by relative file name.
    """

    root: Path
    buffers: dict[str, str] = field(default_factory=dict)
    _readable: dict[str, str] = field(default_factory=dict)
    _told: Inspection | None = None

    def name_of(self, file: Path) -> str:
        """Name a file as findings do.

        Args:
            file: A file of the project.

        Returns:
            Its path relative to the project.
        """
        return file.name if file == self.root else file.relative_to(self.root).as_posix()

    def path_of(self, name: str) -> Path:
        """Find a file that a finding names.

        Args:
            name: Its path relative to the project.

        Returns:
            Its path.
        """
        return self.root if self.root.name == name and self.root.is_file() else self.root / name

    def holds(self, file: Path) -> bool:
        """Tell whether a file is read as part of the project.

        Args:
            file: Any file.

        Returns:
            True for YAML that `check` would read.
        """
        if file == self.root:
            return True
        if file.suffix != _SUFFIX or self.root not in file.parents:
            return False
        return not any(part.startswith(".") or part == CARTS for part in file.relative_to(self.root).parts)

    def write(self, name: str, text: str) -> None:
        """Take over a text of the editor.

        Args:
            name: The file.
            text: What the editor holds.
        """
        if self.buffers.get(name) != text:
            self.buffers[name] = text
            self._told = None

    def close(self, name: str) -> None:
        """Forget a text: the file counts again.

        Args:
            name: The file.
        """
        self.buffers.pop(name, None)
        self._told = None

    def touch(self) -> None:
        """Read the files anew: one has changed on the disk."""
        self._told = None

    def text(self, name: str) -> str:
        """Give a file as the editor shows it.

        Args:
            name: The file.

        Returns:
            Its text; empty where it cannot be read.
        """
        if name in self.buffers:
            return self.buffers[name]
        try:
            return self.path_of(name).read_text(encoding="utf-8-sig", errors="replace")
        except OSError:
            return ""

    def inspect(self) -> Inspection:
        """Give findings and names of the texts as they are.

        A file that is no YAML at the moment declares what it declared when it last was.

        Returns:
            The inspection; the same one until a text changes.
        """
        if self._told is None:
            told = self.look(self.buffers)
            for name in self.buffers.keys() - told.unread:
                self._readable[name] = self.buffers[name]
            for name in told.unread:
                if name not in self._readable:
                    self._recall(name)
            old = {name: self._readable[name] for name in told.unread if name in self._readable}
            if old:
                before = self.look({**self.buffers, **old})
                told = replace(before, diagnostics=told.diagnostics, unread=told.unread)
            self._told = told
        return self._told

    def _recall(self, name: str) -> None:
        """Take the saved file for one whose text was broken from the start."""
        path = self.path_of(name)
        if path.is_file():
            self._readable[name] = path.read_text(encoding="utf-8-sig", errors="replace")

    def look_with(self, texts: Mapping[str, str]) -> Inspection:
        """Inspect the project as the editor shows it, with some texts changed.

        Args:
            texts: The changed texts by relative file name.

        Returns:
            The inspection.
        """
        return self.look({**self.buffers, **texts})

    def look(self, texts: Mapping[str, str]) -> Inspection:
        """Inspect the project with other texts.

        Args:
            texts: Texts by relative file name.

        Returns:
            The inspection.
        """
        return inspect(self.root, texts=texts)
