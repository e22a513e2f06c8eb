"""The reference names everything there is: keys, codes, functions, effects, commands, public names."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import click
import pytest

import orderkit
from orderkit._cases.compiler import REASONS
from orderkit._channels.cleaning import CLEANERS
from orderkit._diagnostics.codes import Code, table
from orderkit._effects import compiler as effects
from orderkit._effects.definition import BARE
from orderkit._effects.planned import LATER as LATER_EFFECTS
from orderkit._effects.slot import EXAMPLES
from orderkit._expr.functions import FUNCTIONS
from orderkit._project.files import LATER, SECTIONS
from orderkit._text.definition import Definition
from orderkit._vocabulary import EVENTS
from orderkit.cli.root import cli
from orderkit.domain.missed import MissReason

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
OTHER_PAGES = {
    "ProjectDefinition": "project",
    "RoleDefinition": "project",
    "TemplateDefinition": "fields",
}
"""Definitions whose page is not called like their folder."""


def read(page: str) -> str:
    return (REFERENCE / f"{page}.md").read_text(encoding="utf-8")


def names(page: str, name: str) -> bool:
    """Tell whether a page sets a name in code, alone or at the end of a path such as `shipping.fee`."""
    return re.search(rf"(?<![`\w])`([\w*]+\.)*{re.escape(name)}`", read(page)) is not None


def definitions() -> list[tuple[str, type[Definition]]]:
    found = []
    for folder in (
        "fields",
        "channels",
        "pricing",
        "flows",
        "effects",
        "rules",
        "reports",
        "cases",
        "calendars",
    ):
        module = import_module(f"orderkit._{folder}.definition")
        for one in vars(module).values():
            own = isinstance(one, type) and issubclass(one, Definition) and one.__module__ == module.__name__
            if own:
                found.append((OTHER_PAGES.get(one.__name__, folder), one))
    return found


@pytest.mark.parametrize(("page", "definition"), definitions(), ids=lambda one: getattr(one, "__name__", one))
def test_every_key_stands_on_the_page_of_its_section(page: str, definition: type[Definition]) -> None:
    keys = {field.alias or name for name, field in definition.model_fields.items()} | definition.later
    assert keys
    assert sorted(key for key in keys if not names(page, key)) == []


def test_keys_that_are_not_run_yet_are_called_so() -> None:
    for page, definition in definitions():
        late = " ".join(re.findall(r"(?s)[Nn]ot run yet(.*?)(?=\n#|\n\||\Z)", read(page)))
        assert sorted(key for key in definition.later if f"`{key}`" not in late) == [], definition.__name__


def test_every_section_is_named() -> None:
    assert [one for one in SECTIONS if not names("project", one)] == []
    assert [one for one in LATER if f"`{one}`" not in read("project")] == []


def row(code: Code) -> str:
    def cell(text: str, remedy: str) -> str:
        return (f"{text}<br>{remedy}" if remedy else text).replace("|", "\\|").replace("\n", " ")

    english, chinese = cell(code.en, code.help_en), cell(code.zh, code.help_zh)
    return f"| {code.id} | {code.severity} | {english} | {chinese} |"


def test_every_code_stands_on_the_page_as_it_is_worded_today() -> None:
    lines = read("codes").splitlines()
    missing = [row(one) for one in table().values() if row(one) not in lines]
    assert not missing, "write these rows:\n" + "\n".join(missing)
    stale = [line for line in lines if re.match(r"\| OK\d", line) and line[2:7] not in table()]
    assert not stale


def test_every_function_stands_with_its_help() -> None:
    page = read("expressions")
    missing = [
        name for name, one in FUNCTIONS.items() if f"| `{name}` |" not in page or f"| {one.doc} |" not in page
    ]
    assert missing == []


def test_every_effect_is_named() -> None:
    known = (*BARE, *EXAMPLES, *LATER_EFFECTS)
    assert [name for name in known if not names("effects", name)] == []
    arguments = {one for several in effects._ARGUMENTS.values() for one in several}
    assert [name for name in arguments if not re.search(rf"\b{name}\b", read("effects"))] == []


def test_every_word_of_a_closed_list_is_named() -> None:
    assert [one.value for one in MissReason if not names("pricing", one.value)] == []
    assert [one for one in EVENTS if f"`{one}`" not in read("rules")] == []
    assert [one for one in CLEANERS if not names("channels", one)] == []
    pages = read("flows") + read("cases") + read("python")
    assert [one for one in REASONS if f"`{one}`" not in pages] == []


def commands(group: click.Group, path: str = "") -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []
    context = click.Context(group)
    for name in group.list_commands(context):
        one = group.get_command(context, name)
        assert one is not None
        if isinstance(one, click.Group):
            found += commands(one, f"{path}{name} ")
        else:
            found.append((f"{path}{name}", one))
    return found


@pytest.mark.parametrize(
    ("path", "command"), commands(cli), ids=lambda one: one if isinstance(one, str) else ""
)
def test_every_command_stands_with_its_options(path: str, command: click.Command) -> None:
    page = read("command-line")
    line = re.search(rf"^\| `{path}[ `].*$", page, re.MULTILINE)
    assert line, path
    told = line[0] + page.split("## Options of many commands")[1]
    options = [max(one.opts, key=len) for one in command.params if isinstance(one, click.Option)]
    assert [one for one in options if f"`{one}`" not in told] == []


def test_every_public_name_and_verb_is_named() -> None:
    assert [one for one in orderkit.__all__ if not names("python", one)] == []
    verbs = [name for name in dir(orderkit.Kit) if not name.startswith("_")]
    inner = {"run", "audited", "note_refusal"}
    assert [one for one in verbs if one not in inner and f"`{one}" not in read("python")] == []
    assert [
        name
        for name in ("read", "price", "diagram", "schemas", "hash")
        if f"`project.{name}" not in read("python")
    ] == []
