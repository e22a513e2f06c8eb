"""The command explain: what a code means, why it is checked, how to mend it, with an example."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from orderkit.cli.context import Settings
from orderkit.cli.usage import Misuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderkit._diagnostics.areas import Area
    from orderkit._diagnostics.codes import Code

_HOLE: Final = re.compile(r"\{(\w+?)(?:_en|_zh)?\}")
_BLOCK: Final = re.compile(r"^```\w*[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SEVERITIES: Final = {"error": "错误", "warning": "警告", "hint": "提示"}
_STOPS: Final = {
    "error": ("The project does not load until it is mended.", "改正之前项目无法加载。"),
    "warning": (
        "The project loads; `orderkit check --strict` fails.",
        "项目可以加载；orderkit check --strict 会失败。",
    ),
    "hint": ("The project loads; this only may be better.", "项目可以加载；这里只是可以写得更好。"),
}


@click.command(epilog="Examples:  orderkit explain OK301    orderkit explain OK3    orderkit explain")
@click.argument("code", required=False, default="")
@click.option("--lang", type=click.Choice(["en", "zh"]), envvar="ORDERKIT_LANG", help="Language.")
def explain(code: str, lang: str | None) -> None:
    """Explain the code of a finding; without a code, list the codes by area."""
    from orderkit._diagnostics.areas import AREAS, area_of
    from orderkit._diagnostics.codes import table
    from orderkit._diagnostics.suggest import closest

    zh = Settings(None, "", None, lang, "human").tongue() == "zh"
    wanted = code.strip().upper()
    wanted = f"OK{wanted}" if wanted.isdigit() else wanted
    found = table().get(wanted)
    if found is not None:
        click.echo("\n".join(_whole(found, zh=zh)))
        return
    area = area_of(wanted) if re.fullmatch(r"OK[1-9](?:XX)?", wanted) else None
    if area is not None or not wanted:
        for one in (area,) if area else AREAS:
            click.echo("\n".join(_listed(one, zh=zh)) + "\n")
        return
    near = closest(wanted, table())
    raise Misuse(
        f"there is no code {code}" + (f"; did you mean {near}?" if near else ""),
        f"没有代码 {code}" + (f"；你是不是想写 {near}？" if near else ""),
    )


def _whole(code: Code, *, zh: bool) -> Iterator[str]:
    from orderkit._diagnostics.areas import area_of

    area, stops = area_of(code.id), _STOPS[code.severity]
    told = code.help_zh if zh else code.help_en
    yield f"{code.id}（{_SEVERITIES[code.severity]}）" if zh else f"{code.id} ({code.severity})"
    yield _holes(code.zh if zh else code.en)
    yield ""
    if area is not None:
        yield f"原因：{area.why_zh}{stops[1]}" if zh else f"Why: {area.why_en} {stops[0]}"
    if told:
        yield f"改法：{_holes(told)}" if zh else f"Remedy: {_holes(told)}"
    for number, block in enumerate(_BLOCK.findall(page(code.id, zh=zh))):
        yield ""
        if number == 0:
            yield "例子：" if zh else "Example:"
        yield "\n".join(f"  {line}".rstrip() for line in block.rstrip("\n").split("\n"))


def _listed(area: Area, *, zh: bool) -> Iterator[str]:
    from orderkit._diagnostics.codes import table

    yield f"OK{area.digit}xx  {area.zh if zh else area.en}"
    for name, code in sorted(table().items()):
        if name.startswith(f"OK{area.digit}"):
            yield f"  {name}  {_holes(code.zh if zh else code.en)}"


def page(code: str, *, zh: bool) -> str:
    """Read the page of a code: it ships inside the wheel, and stands under `docs/` in a checkout.

    Args:
        code: Such as `OK301`.
        zh: Whether the Chinese page is read where there is one.

    Returns:
        Its text, or an empty one where there is none.
    """
    names = ([f"{code}.zh.md"] if zh else []) + [f"{code}.md"]
    checkout = Path(__file__).parents[3] / "docs" / "reference" / "codes"
    for folder in (files("orderkit").joinpath("data", "codes"), checkout):
        for name in names:
            one = folder.joinpath(name)
            if one.is_file():
                return one.read_text(encoding="utf-8")
    return ""


def _holes(text: str) -> str:
    """Show holes as `<name>`: what a finding fills in; both languages of a kind are one."""
    return _HOLE.sub(r"<\1>", text)
