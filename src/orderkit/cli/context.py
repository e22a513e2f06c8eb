"""What commands share: where the project is, which database, which language, which form of output."""

from __future__ import annotations

import json
import os
import re
import sys
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, TypeVar

import click

from orderkit.cli.usage import Form, Misuse
from orderkit.errors import OrderkitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rich.console import Console

    from orderkit import Kit, Project

P = ParamSpec("P")
R = TypeVar("R")
# In a comment or behind another key the word is something else; a broken project has to be readable too.
_LOCALE: Final = re.compile(r"^[^#\n]*?\blocale\s*:\s*[\"']?(\w+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the common options say.

    Args:
        project: Folder or file of the project, or None to look upwards for `orderkit.yaml`.
        env: Name of an overlay, or an empty text.
        db: Database URL, or None for `orderkit.db` beside the project.
        lang: `en` or `zh`, or None to follow the project.
        format: Such as `human` or `json`; each command has its own.
    """

    project: Path | None
    env: str
    db: str | None
    lang: str | None
    format: str

    @property
    def path(self) -> Path:
        """Find the project: the one named, or the nearest `orderkit.yaml` upwards.

        Raises:
            UsageError: There is none.
        """
        if self.project is not None:
            if not self.project.exists():
                raise Misuse(f"there is no {self.project}", f"没有 {self.project}")
            return self.project
        here = Path.cwd()
        for folder in (here, *here.parents):
            if (folder / "orderkit.yaml").is_file():
                return folder
        raise Misuse(
            "no orderkit.yaml here or in a folder above; name one with -C",
            "这里和上级文件夹里都没有 orderkit.yaml；请用 -C 指定项目",
        )

    @property
    def as_json(self) -> bool:
        """Tell whether scripts read the output."""
        return self.format == "json"

    def load(self) -> Project:
        """Load the project.

        Returns:
            The compiled project.

        Raises:
            ConfigError: It has mistakes.
        """
        from orderkit import load

        path = self.path
        if path.is_dir() and not (path / "orderkit.yaml").is_file():
            raise Misuse(f"{path} has no orderkit.yaml", f"{path} 里没有 orderkit.yaml")
        return load(path, env=self.env)

    def kit(self, project: Project | None = None, *, create: bool = True) -> Kit:
        """Open the project's database.

        Args:
            project: The project, where it is loaded already.
            create: Whether a database file that is not there is made; if not, nothing is kept.

        Returns:
            A kit; close it with `with`.

        Raises:
            UsageError: The database cannot be opened.
        """
        from orderkit import Kit
        from orderkit.errors import StoreError

        folder = self.path if self.path.is_dir() else self.path.parent
        url = self.db or f"sqlite:///{(folder / 'orderkit.db').as_posix()}"
        found = project or self.load()
        name = url.partition("?")[0].removeprefix("sqlite:///")
        absent = url.startswith("sqlite:///") and not Path(name).exists()
        try:
            return Kit(found, store=None if absent and not create else url)
        except StoreError as error:
            raise Misuse(f"the database cannot be opened: {error}", f"无法打开数据库：{error}") from error

    def tongue(self) -> str:
        """Choose the language of messages before or without loading the project, which may be broken.

        Returns:
            `en` or `zh`.
        """
        if self.lang:
            return self.lang
        from orderkit._project.files import gather

        try:
            texts = gather(self.path).texts
        except (OSError, click.UsageError):
            return "en"
        return self.language(
            locale_in(
                data.decode("utf-8", "replace") for name, data in texts.items() if name.endswith(".yaml")
            )
        )

    def language(self, locale: str = "") -> str:
        """Choose the language of messages.

        Args:
            locale: The project's locale, such as `zh_CN`.

        Returns:
            `en` or `zh`.
        """
        return self.lang or ("zh" if locale.startswith("zh") else "en")


def locale_in(texts: Iterable[str]) -> str:
    """Look for the project's locale without compiling it: a broken project is explained in it too.

    Args:
        texts: Its YAML texts.

    Returns:
        Such as `zh_CN`, or an empty text.
    """
    return next((found[1] for text in texts if (found := _LOCALE.search(text))), "")


def common(
    *formats: str, database: bool = False
) -> Callable[[Callable[Concatenate[Settings, P], R]], Callable[P, R]]:
    """Give a command the options that all commands share, as one `Settings`.

    Args:
        *formats: Forms of output it has, the default first.
        database: Whether it opens the database.

    Returns:
        A decorator.
    """

    def decorate(command: Callable[Concatenate[Settings, P], R]) -> Callable[P, R]:
        @wraps(command)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            given: dict[str, Any] = dict(kwargs)
            settings = Settings(
                given.pop("project"),
                given.pop("env"),
                given.pop("db", None),
                given.pop("lang"),
                given.pop("format", "human"),
            )
            try:
                return command(settings, *args, **given)
            except (OrderkitError, FileNotFoundError, click.UsageError) as error:
                from orderkit.cli.failures import fail

                code = fail(error, lang=settings.tongue(), form=settings.format)
                raise click.exceptions.Exit(code) from error

        made: Any = call
        if formats:
            made = click.option(
                "--format",
                type=Form(formats),
                default=formats[0],
                envvar="ORDERKIT_FORMAT",
                help="Form of the output.",
            )(made)
        made = click.option(
            "--lang", type=click.Choice(["en", "zh"]), envvar="ORDERKIT_LANG", help="Language of messages."
        )(made)
        if database:
            made = click.option(
                "--db", envvar="ORDERKIT_DB", help="Database URL; sqlite:///orderkit.db beside the project."
            )(made)
        made = click.option("--env", default="", envvar="ORDERKIT_ENV", help="Overlay env/NAME.yaml.")(made)
        made = click.option(
            "-C",
            "--project",
            type=click.Path(path_type=Path),
            envvar="ORDERKIT_PROJECT",
            help="Folder of the project; the nearest orderkit.yaml upwards where not given.",
        )(made)
        found: Callable[P, R] = made
        return found

    return decorate


def console(*, stderr: bool = False) -> Console:
    """Make a rich console that behaves in pipes.

    Args:
        stderr: Whether it writes to standard error.

    Returns:
        A console, 100 columns wide where there is no terminal.
    """
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() or "COLUMNS" in os.environ else 110
    return Console(stderr=stderr, width=width, highlight=False, soft_wrap=False)


def print_json(kind: str, result: Any) -> None:
    """Write a result for scripts.

    Args:
        kind: What it is, such as `order`.
        result: Plain data.
    """
    from orderkit.domain.plain import to_plain

    document = {"format_version": "1.0", kind: to_plain(result)}
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def pairs_of(given: tuple[str, ...]) -> dict[str, str]:
    """Take options written NAME=VALUE.

    Args:
        given: The options.

    Returns:
        Values by name.

    Raises:
        UsageError: One has no `=`.
    """
    made: dict[str, str] = {}
    for pair in given:
        name, sign, value = pair.partition("=")
        if not sign:
            raise Misuse(f"{pair!r} is not NAME=VALUE", f"“{pair}”不是 名称=值 的形式")
        made[name] = value
    return made


def read_data(path: str, lang: str = "en") -> Any:
    """Read a cart, an order or a payload from a YAML or JSON file, or from standard input.

    Args:
        path: The file, or `-`.
        lang: Language of mistakes.

    Returns:
        Plain data; every scalar a text.

    Raises:
        UsageError: It cannot be read.
    """
    from orderkit._cases.compiler import plain
    from orderkit._diagnostics import Collector
    from orderkit._diagnostics.render import concise
    from orderkit._text import read_text

    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        message = f"{path}: {error.strerror}"
        raise click.UsageError(message) from error
    found = Collector()
    node = read_text(data, path, found)
    if node is None or found.failed:
        raise click.UsageError(concise(found.diagnostics, lang).rstrip("\n"))
    return plain(node)
