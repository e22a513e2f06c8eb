"""The shape of the house: small modules with telling names, cheap imports, a pinned public face."""

from __future__ import annotations

import ast
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

import orderkit

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "src" / "orderkit").rglob("*.py"))
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc", "core"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT / "src").as_posix())
def test_a_module_is_short_and_named_by_what_it_holds(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 400
    assert path.stem not in VAGUE
    assert ast.get_docstring(ast.parse(text))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef):
            assert not node.name.endswith(("Manager", "Handler", "Processor"))


def loaded_after(code: str) -> set[str]:
    run = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return {name.partition(".")[0] for name in run.stdout.split()}


def test_importing_orderkit_costs_next_to_nothing() -> None:
    heavy = {"sqlalchemy", "transitions", "click", "rich", "pydantic", "yaml", "ruamel", "simpleeval"}
    assert not heavy & loaded_after("import orderkit")


def test_loading_and_running_needs_no_database_library() -> None:
    code = (
        "from orderkit import Kit, load\n"
        f"kit = Kit(load({str(ROOT / 'examples' / 'retail')!r}))\n"
        "kit.stock.set('SKU-2', 5)\n"
        "kit.place({'lines': [{'sku': 'SKU-2'}]})\n"
    )
    assert not {"sqlalchemy", "click", "rich", "ruamel", "simpleeval"} & loaded_after(code)


def test_the_command_line_lists_its_commands_without_loading_them() -> None:
    code = (
        "from click.testing import CliRunner\n"
        "from orderkit.cli.root import cli\n"
        "CliRunner().invoke(cli, ['--help'])"
    )
    assert not {"sqlalchemy", "transitions", "pydantic", "yaml", "rich"} & loaded_after(code)


def test_the_public_face_is_small_sorted_and_complete() -> None:
    assert orderkit.__all__ == sorted(orderkit.__all__)
    assert len(orderkit.__all__) <= 12
    for name in orderkit.__all__:
        assert getattr(orderkit, name).__doc__
    assert [name for name in dir(orderkit) if not name.startswith("_")] == orderkit.__all__


def test_an_unknown_public_name_says_so() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = orderkit.Nothing


def test_a_project_pickles_as_its_texts_and_decides_the_same_in_a_bare_process(tmp_path: Path) -> None:
    project = orderkit.load(ROOT / "examples" / "retail")
    again = pickle.loads(pickle.dumps(project))  # noqa: S301 - our own bytes
    assert again == project
    assert again is not project
    (tmp_path / "project.pickle").write_bytes(pickle.dumps(project))
    code = (
        "import pickle, pathlib\n"
        f"project = pickle.loads(pathlib.Path({str(tmp_path / 'project.pickle')!r}).read_bytes())\n"
        "price = project.price({'lines': [{'sku': 'SKU-1', 'quantity': 4}]})\n"
        "print(price.total)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "360.00 CNY"


def test_messages_exist_in_both_languages_and_use_the_same_values() -> None:
    import re

    from orderkit._diagnostics.codes import table

    holes = re.compile(r"\{(\w+)\}")
    for code in table().values():
        assert code.en
        assert code.zh
        assert bool(code.help_en) == bool(code.help_zh), code.id
        told = set(holes.findall(code.en + code.help_en))
        other = set(holes.findall(code.zh + code.help_zh))
        one_language = {name for name in told | other if name.endswith(("_en", "_zh"))}
        both = {name.removesuffix("_en").removesuffix("_zh") for name in one_language}
        assert told - one_language - both == other - one_language - both, code.id
