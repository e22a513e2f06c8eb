"""Loads a project: files, nodes, definitions, vocabulary, programs; every mistake of every file at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from orderkit._diagnostics import Collector, Diagnostic
from orderkit._diagnostics.remedies import with_fixes
from orderkit._project.compiling import compile_project
from orderkit._project.files import Files, gather
from orderkit._project.pausing import without_collection
from orderkit.errors import ConfigError

if TYPE_CHECKING:
    from orderkit._project.project import Project


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
