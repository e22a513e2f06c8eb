"""Mistakes of use in both languages, also those that the command-line library finds before a command runs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence


class Misuse(click.UsageError):
    """A command that cannot be run as it was given, worded in both languages.

    Args:
        en: What is wrong, in English.
        zh: The same in Chinese.
        ctx: The command, where it is known.
    """

    def __init__(self, en: str, zh: str, ctx: click.Context | None = None) -> None:
        """Keep both wordings."""
        super().__init__(en, ctx)
        self.zh = zh


class Form(click.Choice[str]):
    """The forms of output of one command.

    A form that stands in `ORDERKIT_FORMAT` for all commands counts only where a command has it.
    """

    def __init__(self, forms: Sequence[str]) -> None:
        """Take the forms, the usual one first."""
        super().__init__(forms)
        self._usual = forms[0]

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read the form's name."""
        source = ctx.get_parameter_source(param.name or "") if ctx is not None and param is not None else None
        from_env = source is click.core.ParameterSource.ENVIRONMENT
        if from_env and value not in self.choices and value in _forms():
            return self._usual
        return super().convert(value, param, ctx)


def _forms() -> tuple[str, ...]:
    from orderkit._diagnostics.formats import FORMS

    return (*FORMS, "csv", "mermaid", "dot")


def asked(words: Sequence[str], option: str, variable: str, known: Collection[str]) -> str:
    """Look for an option without parsing the command, which may be the very thing that is wrong.

    Args:
        words: The command's words.
        option: Such as `--lang`.
        variable: The environment variable that stands in for it.
        known: Values that it may have; others are passed over.

    Returns:
        Its value, or an empty text.
    """
    given = [os.environ.get(variable, "")]
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word == option:
            given.append(following)
        elif word.startswith(f"{option}="):
            given.append(word.partition("=")[2])
    return next((value for value in reversed(given) if value in known), "")


def wording(error: click.ClickException, lang: str) -> str:
    """Word a mistake of use.

    Args:
        error: What was raised.
        lang: `en` or `zh`.

    Returns:
        One sentence.
    """
    if lang != "zh":
        return error.format_message()
    return error.zh if isinstance(error, Misuse) else _chinese(error)


def _chinese(error: click.ClickException) -> str:
    kind = type(error).__name__
    if isinstance(error, click.NoSuchOption):
        return f"没有选项“{error.option_name}”{meant(error.possibilities or ())}"
    if kind == "NoSuchCommand":
        name = getattr(error, "command_name", "")
        return f"没有命令“{name}”{meant(getattr(error, 'possibilities', None) or ())}"
    param = getattr(error, "param", None)
    hint = param.get_error_hint(getattr(error, "ctx", None)) if isinstance(param, click.Parameter) else ""
    if isinstance(error, click.MissingParameter):
        return f"缺少 {hint}"
    if isinstance(error, click.BadParameter):
        if isinstance(param, click.Parameter) and isinstance(param.type, click.Choice):
            return f"{hint} 的值无效，可以写：{'、'.join(map(str, param.type.choices))}"
        return f"{hint} 的值无效：{error.message}"
    if isinstance(error, click.BadOptionUsage):
        return f"选项“{error.option_name}”用法有误：{error.message}"
    return error.format_message()


def meant(names: Iterable[str]) -> str:
    """Ask in Chinese whether another name was meant.

    Args:
        names: The nearest names, the best first.

    Returns:
        A clause, or an empty text for none.
    """
    near = next(iter(names), "")
    return f"；你是不是想写“{near}”？" if near else ""


def show(error: click.ClickException, lang: str) -> None:
    """Tell a person of a mistake of use, on standard error.

    Args:
        error: What was raised.
        lang: `en` or `zh`.
    """
    ctx = getattr(error, "ctx", None)
    if lang != "zh" or not isinstance(error, click.UsageError):
        error.show()
        return
    if ctx is not None:
        pieces = " ".join(ctx.command.collect_usage_pieces(ctx))
        click.echo(f"用法：{ctx.command_path} {pieces}", err=True)
        click.echo(f"帮助：{ctx.command_path} --help\n", err=True)
    click.echo(f"错误：{wording(error, lang)}", err=True)
