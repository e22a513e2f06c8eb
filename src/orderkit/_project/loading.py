"""Loads a project: files, nodes, definitions, vocabulary, programs; every mistake of every file at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from orderkit._diagnostics import Collector, Diagnostic, Severity
from orderkit._diagnostics.remedies import with_fixes
from orderkit._project.compiling import compile_project
from orderkit._project.files import Files, Sections, gather
from orderkit._project.listening import Listener, Use
from orderkit._project.naming import resolve
from orderkit._project.pausing import without_collection
from orderkit.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit._project.project import Project
    from orderkit._vocabulary import Vocabulary


def load(path: str | Path, *, env: str = "") -> Project:
    """Check and compile a project.

    Args:
        path: Folder with `orderkit.yaml`, or one YAML file.
        env: Name of an overlay `env/NAME.yaml` to lay over it, or an empty text.

    Returns:
        The project, ready to run.

    Raises:
        ConfigError: It has mistakes; the error holds every one of every file.
        FileNotFoundError: There is no project at the path.
    """
    files = gather(Path(path))
    _overlaid(files, env)
    return build(files, env)


def check(path: str | Path, *, env: str = "") -> tuple[Diagnostic, ...]:
    """Find the mistakes of a project without raising.

    Args:
        path: Folder with `orderkit.yaml`, or one YAML file.
        env: Name of an overlay, or an empty text.

    Returns:
        Errors, warnings and hints by file, line and column.

    Raises:
        FileNotFoundError: There is no project at the path.
    """
    files = gather(Path(path))
    return check_files(files, env)


def check_files(files: Files, env: str = "") -> tuple[Diagnostic, ...]:
    """Find the mistakes of texts that were read already, such as those of an editor.

    Args:
        files: The project's texts.
        env: Name of an overlay, or an empty text.

    Returns:
        Errors, warnings and hints by file, line and column.

    Raises:
        FileNotFoundError: There is no such overlay.
    """
    _overlaid(files, env)
    found = Collector()
    with without_collection():
        compile_project(files, env, found, build)
    return with_fixes(found.diagnostics, files.texts)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What an editor wants to know of a project, mistakes or not.

    Args:
        diagnostics: Its findings.
        names: Every declaration of a name.
        uses: Every use of one, the declarations themselves not among them.
        vocabulary: Its names with their types; None where it has no readable section `project`.
        sections: Its sections, as far as its files can be read.
        unread: Files that are no YAML, so that what they declare is not known.
    """

    diagnostics: tuple[Diagnostic, ...]
    names: tuple[Use, ...]
    uses: tuple[Use, ...]
    vocabulary: Vocabulary | None
    sections: Sections
    unread: frozenset[str]


def inspect(path: str | Path, *, env: str = "", texts: Mapping[str, str] | None = None) -> Inspection:
    """Find the mistakes and the names of a project; never raises for a broken one.

    Args:
        path: Folder with `orderkit.yaml`, or one YAML file.
        env: Name of an overlay, or an empty text.
        texts: Texts that are not saved yet, by relative file name; they replace and add to the files.

    Returns:
        Findings, declarations and uses.

    Raises:
        FileNotFoundError: There is no project at the path, and the texts bring none.
    """
    heard = Listener()
    files = gather(Path(path), {name: text.encode() for name, text in (texts or {}).items()})
    with without_collection():
        compile_project(files, env, heard, build)
    written = {name: data.decode("utf-8", "replace") for name, data in files.texts.items()}
    names, uses = resolve(heard, written)
    told = with_fixes(heard.diagnostics, files.texts)
    unread = frozenset(
        one.file for one in told if one.code.startswith("OK1") and one.severity is Severity.ERROR
    )
    sections = heard.sections if heard.sections is not None else Sections()
    return Inspection(told, names, uses, heard.vocabulary, sections, unread)


def _overlaid(files: Files, env: str) -> None:
    if env and f"env/{env}.yaml" not in files.texts:
        there = [name[4:-5] for name in files.texts if name.startswith("env/")]
        message = f"{files.root} has no env/{env}.yaml; overlays: {', '.join(there) or 'none'}"
        raise FileNotFoundError(message)


def build(files: Files, env: str) -> Project:
    """Compile a project from texts that were read already.

    Args:
        files: Its texts.
        env: Name of an overlay, or an empty text.

    Returns:
        The project.

    Raises:
        ConfigError: It has mistakes.
    """
    found = Collector()
    with without_collection():
        project = compile_project(files, env, found, build)
    if project is None or found.failed:
        texts = {name: data.decode("utf-8", "replace") for name, data in files.texts.items()}
        raise ConfigError(with_fixes(found.diagnostics, files.texts), texts)
    marked = with_fixes(found.diagnostics, files.texts)
    return replace(project, diagnostics=marked)
