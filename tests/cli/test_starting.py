"""A new project, its schemas for editors, and the types of its orders for hosts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import orderkit
from orderkit import Kit
from orderkit._runner.cases import Touched, play
from orderkit.cli.starting import TEMPLATES


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "orderkit", *words], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_new_project_is_checked_tried_and_ready_for_an_editor(tmp_path: Path, template: str) -> None:
    done = run(tmp_path, "init", "shop", "--template", template)
    assert done.returncode == 0, done.stderr
    shop = tmp_path / "shop"
    project = orderkit.load(shop)
    assert project.diagnostics == ()
    assert project.cases
    assert all(play(project, case, Touched()).passed for case in project.cases.values())
    for path in shop.rglob("*.yaml"):
        if path.name.startswith("."):
            continue
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith("# yaml-language-server: $schema=")
        schema = (path.parent / first.partition("=")[2]).resolve()
        assert json.loads(schema.read_text(encoding="utf-8"))["properties"]["flows"]
    settings = json.loads((shop / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    assert ".orderkit/orderkit.schema.json" in settings["yaml.schemas"]
    assert "inbox" not in {one.name for one in shop.iterdir()}


def test_a_project_is_never_written_over_another(tmp_path: Path) -> None:
    (tmp_path / "orderkit.yaml").write_text("project: {}\n", encoding="utf-8")
    done = run(tmp_path, "init")
    assert done.returncode == 2
    assert "orderkit.yaml already" in done.stderr
    assert (tmp_path / "orderkit.yaml").read_text(encoding="utf-8") == "project: {}\n"
    assert "请换一个文件夹" in run(tmp_path, "init", "--lang", "zh").stderr


def test_the_schema_of_a_project_knows_its_names(tmp_path: Path) -> None:
    run(tmp_path, "init", "shop", "--template", "course")
    done = run(tmp_path, "schema", "--project", "shop", "--out", "out")
    assert done.returncode == 0, done.stderr
    made = json.loads((tmp_path / "out" / "orderkit.schema.json").read_text(encoding="utf-8"))
    enters = made["$defs"]["WhenDefinition"]["properties"]["enters"]["enum"]
    assert "上课中" in enters
    order = json.loads((tmp_path / "out" / "order.schema.json").read_text(encoding="utf-8"))
    assert "student" in order["required"]
    nearest = run(tmp_path / "shop", "schema", "--project")
    assert "上课中" in nearest.stdout
    assert "上课中" not in run(tmp_path, "schema").stdout


HOST = """
from decimal import Decimal

import orderkit
from shop_types import NewOrder, Order, State, typed

new: NewOrder = {"consultant": "w", "student": "x", "phone": "1", "lines": [{"sku": "DRAW", "lessons": 3}]}


def show(order: Order) -> str:
    state: State = "待付款"
    lessons: int | None = order.lines[0].lessons
    return order.consultant + state + str(lessons) + str(order.total)


def use(kit: orderkit.Kit) -> str:
    return show(typed(kit.place(new)))
"""
WRONG = {
    'new: NewOrder = {"consultant": "w"}': "Missing keys",
    "def f(order: Order) -> int: return order.consultant": "Incompatible return value",
    "def f(order: Order) -> object: return order.consultnat": "consultnat",
    'state: State = "待付"': "Incompatible types",
}


def test_a_host_is_checked_against_the_yaml(tmp_path: Path) -> None:
    run(tmp_path, "init", "shop", "--template", "course")
    assert run(tmp_path, "types", "-C", "shop", "--out", "shop_types.py").returncode == 0
    (tmp_path / "host.py").write_text(HOST, encoding="utf-8")
    mypy = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--no-error-summary",
        "--config-file=",
        "--cache-dir=.cache",
    ]
    done = subprocess.run(
        [*mypy, "host.py", "shop_types.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout == ""
    head = "from shop_types import NewOrder, Order, State\n"
    for number, line in enumerate(WRONG):
        (tmp_path / f"wrong{number}.py").write_text(head + line + "\n", encoding="utf-8")
    done = subprocess.run(
        [*mypy, *(f"wrong{number}.py" for number in range(len(WRONG)))],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    for number, words in enumerate(WRONG.values()):
        told = [one for one in done.stdout.splitlines() if one.startswith(f"wrong{number}.py:2")]
        assert len(told) == 1, done.stdout
        assert words in told[0]


def test_the_types_are_those_of_the_orders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(tmp_path, "init", "shop", "--template", "course")
    run(tmp_path, "types", "-C", "shop", "--out", "shop_types.py")
    monkeypatch.syspath_prepend(tmp_path)
    import importlib

    made = importlib.import_module("shop_types")
    with Kit(orderkit.load(tmp_path / "shop")) as kit:
        order = kit.place(
            {
                "consultant": "w",
                "student": "x",
                "phone": "13800138000",
                "lines": [{"sku": "DRAW", "price": 5}],
            }
            | {"starts_on": "2999-01-01"}
        )
    assert isinstance(order, made.Order)
    assert made.typed(order) is order
    assert set(made.State.__args__) == set(kit.project.flows["order"].states)


def test_a_cart_is_priced_before_the_customer_has_told_everything() -> None:
    project = orderkit.load(Path(__file__).parents[2] / "examples" / "course")
    assert str(project.price({"lines": [{"sku": "DRAW"}]}).total.amount) == "199.00"
    with Kit(project) as kit, pytest.raises(orderkit.InvalidOrder, match="consultant"):
        kit.place({"lines": [{"sku": "DRAW"}]})
