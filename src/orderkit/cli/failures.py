"""Failures of a command as people and scripts read them, and the exit code each has."""

from __future__ import annotations

import json
import os
import re
import sys
from typing import Any, Final

import click

from orderkit.cli.usage import show, wording
from orderkit.errors import Busy, ConfigError, Conflict, InvalidOrder, NotFound, OrderkitError, Refused

_KINDS: Final = (
    (ConfigError, "config", 1),
    (Refused, "refused", 1),
    (InvalidOrder, "invalid_order", 1),
    (NotFound, "not_found", 2),
    (FileNotFoundError, "not_found", 2),
    (Conflict, "conflict", 1),
    (Busy, "busy", 1),
    (OrderkitError, "store", 1),
    (click.UsageError, "usage", 2),
)
_NOT_FOUND: Final = re.compile(r"there is no order '(.*)'|.* no part '(.*)'")


def fail(error: Exception, *, lang: str, form: str) -> int:
    """Tell a failure: a document on standard output for scripts, else words on standard error.

    Args:
        error: What the command raised: an error of orderkit, a missing file, or a mistake of use.
        lang: `en` or `zh`.
        form: Form of the output, such as `human` or `json`.

    Returns:
        The exit code.
    """
    kind, code = next((kind, code) for one, kind, code in _KINDS if isinstance(error, one))
    message = _message(error, lang)
    if form == "json":
        from orderkit.domain.plain import to_plain

        told = {"kind": kind, "reason": "", "message": message, "details": {}, **_data(error, lang)}
        document = {"format_version": "1.0", "error": to_plain(told)}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return code
    if kind in ("usage", "not_found"):
        from orderkit._diagnostics.formats import failure

        click.echo(failure(form, message, kind), nl=False)
    if isinstance(error, click.UsageError):
        show(error, lang)
    else:
        click.echo(_for_people(error, message, lang), err=True)
    return code


def _message(error: Exception, lang: str) -> str:
    if isinstance(error, Refused):
        from orderkit.cli.refusals import refusal_text

        return refusal_text(error.reason, error.details, str(error), zh=lang == "zh")
    if isinstance(error, InvalidOrder):
        return error.render(lang=lang)
    if isinstance(error, ConfigError):
        from orderkit._diagnostics.render import concise

        return concise(error.diagnostics, lang).rstrip("\n")
    if isinstance(error, click.UsageError):
        return wording(error, lang)
    found = _NOT_FOUND.fullmatch(str(error)) if lang == "zh" else None
    if found:
        return f"没有订单“{found[1]}”" if found[1] is not None else f"订单没有这个部分：“{found[2]}”"
    return str(error)


def _data(error: Exception, lang: str) -> dict[str, Any]:
    if isinstance(error, Refused):
        return {"reason": error.reason, "details": error.details}
    if isinstance(error, InvalidOrder):
        problems = [
            {"field": one.field, "code": one.code, "value": one.value, "message": one.text(lang)}
            for one in error.problems
        ]
        return {"details": {"problems": problems}}
    if isinstance(error, ConfigError):
        from orderkit._diagnostics.formats import as_data

        return {"diagnostics": [as_data(one, lang) for one in error.diagnostics]}
    return {}


def _for_people(error: Exception, message: str, lang: str) -> str:
    zh = lang == "zh"
    if isinstance(error, ConfigError):
        return error.render(lang=lang, color=sys.stderr.isatty() and "NO_COLOR" not in os.environ)
    if isinstance(error, InvalidOrder):
        head = "订单数据有误：" if zh else "the order is not valid:"
        if all(one.field == "file" for one in error.problems):
            head = "文件无法导入：" if zh else "the file cannot be imported:"
        return f"{head}\n{message}"
    if isinstance(error, Refused):
        from orderkit.cli.refusals import reason_word, values_read

        word = reason_word(error.reason, zh=zh)
        head = f"拒绝（{word}）：{message}" if zh else f"refused ({word}): {message}"
        return "\n".join((head, *(f"  {one}" for one in values_read(error.details))))
    return f"{'错误：' if zh else 'error: '}{message}"
