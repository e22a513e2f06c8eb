"""The command line as people and scripts use it: output, exit codes, never a traceback for a mistake."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
RETAIL = ROOT / "examples" / "retail"


class Terminal:
    """Runs the real program in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *words: str, stdin: str = "", **env: str) -> subprocess.CompletedProcess[str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("ORDERKIT_")}
        return subprocess.run(
            [sys.executable, "-m", "orderkit", *words],
            cwd=self.folder,
            env={**clean, "PYTHONIOENCODING": "utf-8", **env},
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    def json(self, *words: str, **more: str) -> Any:
        run = self(*words, "--format", "json", **more)
        assert run.stderr == ""
        data = json.loads(run.stdout)
        assert data.pop("format_version") == "1.0"
        return data


@pytest.fixture
def run(tmp_path: Path) -> Terminal:
    shutil.copytree(RETAIL, tmp_path / "shop", ignore=shutil.ignore_patterns("*.db*"))
    return Terminal(tmp_path / "shop")


def test_check_of_a_good_project_is_quiet_and_fine(run: Terminal) -> None:
    good = run("check")
    assert (good.returncode, good.stderr) == (0, "")
    assert good.stdout.count("\n") == 1


def test_check_shows_the_line_the_caret_and_the_remedy(run: Terminal) -> None:
    flow = run.folder / "flow.yaml"
    flow.write_text(
        flow.read_text(encoding="utf-8").replace("needs.amount == order.total", "needs.amount == order.totl"),
        encoding="utf-8",
    )
    bad = run("check", "--lang", "en")
    assert bad.returncode == 1
    assert "did you mean `total`?" in bad.stdout
    assert "^^^^" in bad.stdout
    zh = run("check", "--format", "concise")
    assert zh.stdout.startswith("flow.yaml:")
    assert "total" in zh.stdout
    found = run("check", "--format", "json")
    document = json.loads(found.stdout)
    assert (found.returncode, document["ok"]) == (1, False)
    assert document["diagnostics"][0]["file"] == "flow.yaml"
    assert run("check", "--format", "github").stdout.startswith("::error ")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["check", "nowhere"], 2, "there is no nowhere"),
        (["chek"], 2, "No such command"),
        (["price", "nothing.yaml"], 2, "nothing.yaml"),
        (["test", "no such case"], 2, "no case matches"),
        (["report", "trendd"], 2, "trend"),
        (["order", "show", "SO1"], 2, "there is no order 'SO1'"),
        (["order", "fire", "SO1", "支付", "--data", "txn"], 2, "is not NAME=VALUE"),
        (["explain", "OK000"], 2, "there is no code OK000"),
        (["stock", "set", "A", "many"], 2, "Invalid value"),
    ],
)
def test_mistakes_of_use_leave_with_two_and_one_sentence(
    run: Terminal, words: list[str], code: int, told: str
) -> None:
    done = run(*words, ORDERKIT_LANG="en")
    assert done.returncode == code
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_project_it_says_how_to_name_one(tmp_path: Path) -> None:
    done = Terminal(tmp_path)("check")
    assert done.returncode == 2
    assert "name one with -C" in done.stderr


def test_cases_pass_and_a_failing_one_says_expected_and_got(run: Terminal) -> None:
    good = run("test")
    assert good.returncode == 0
    assert "100%" in good.stdout
    cases = run.folder / "cases.yaml"
    cases.write_text(cases.read_text(encoding="utf-8").replace("total: 316", "total: 317"), encoding="utf-8")
    bad = run("test", "从支付到完成")
    assert bad.returncode == 1
    assert "317" in bad.stdout
    assert "316.00" in bad.stdout
    assert "cases.yaml:" in bad.stdout
    result = run.json("test", "从支付到完成")["cases"][0]
    assert result["failures"][0]["what"] == "total"


def test_an_order_goes_its_way(run: Terminal) -> None:
    run("stock", "set", "SKU-1", "10")
    cart = "customer: {id: C1, level: gold}\nlines: [{sku: SKU-1, quantity: 4}]\n"
    placed = run.json("order", "place", "-", "--key", "k1", stdin=cart)["order"]
    assert (placed["state"], placed["total"]) == ("待支付", "316.00")
    assert run.json("order", "place", "-", "--key", "k1", stdin=cart)["order"]["number"] == placed["number"]
    number = placed["number"]
    wrong = ("-d", "txn=T1", "-d", "amount=1", "--as", "system")
    refused = run("order", "fire", number, "支付", *wrong, "--lang", "en")
    assert refused.returncode == 1
    assert "refused (guard)" in refused.stderr
    paid = run.json("order", "fire", number, "支付", "-d", "txn=T1", "-d", "amount=316", "--as", "system")
    assert paid["order"]["state"] == "待审核"
    assert [one["verb"] for one in paid["order"]["history"]] == ["placed", "refused", "fired", "fired"]
    shown = run("order", "show", number)
    assert "金卡会员价" in shown.stdout
    assert "pricing.yaml:" in shown.stdout
    why = run.json("why", number, "审核通过", "--as", "仓库")["actions"][0]
    assert (why["allowed"], why["reason"]) == (False, "role")
    refund = run.json("order", "refund", number, "-l", "L1=1", "--as", "客服")["order"]
    assert refund["parts"][0]["amount"] == "79.00"
    assert run.json("stock", "get", "SKU-1")["stock"]["reserved"] == 4
    assert run.json("order", "find", "--state", "待审核")["orders"][0]["number"] == number
    report = json.loads(run("report", "trend", "--format", "json").stdout)
    assert json.dumps(report).count("316")


def test_a_cart_is_priced_and_explained(run: Terminal) -> None:
    (run.folder.parent / "cart.yaml").write_text("lines: [{sku: SKU-1, quantity: 4}]\n", encoding="utf-8")
    text = run("price", "../cart.yaml", "--coupon", "NEW20", "--at", "2026-06-18 10:00", "--lang", "en")
    assert text.returncode == 0
    assert "pricing.yaml:" in text.stdout
    assert run.json("price", "../cart.yaml", "--coupon", "NEW20")["price"]["total"] == "340.00"


def test_the_worker_runs_one_round(run: Terminal) -> None:
    run("stock", "set", "SKU-4", "10")
    run("order", "place", "-", stdin="lines: [{sku: SKU-4, quantity: 3}]\n")
    done = run.json("worker", "--once")["worker"]
    assert done["effects"]["unhandled"] == 2
    assert "notify.wecom" in run("outbox", "list").stdout


def test_import_counts_add_up_and_rejects_can_be_listed(run: Terminal) -> None:
    file = next((run.folder / "inbox").glob("*.csv"))
    first = run.json("import", f"inbox/{file.name}")["import"]
    assert first["read"] == sum(
        first[name] for name in ("accepted", "updated", "unchanged", "rejected", "skipped")
    )
    assert first["rejected"] > 0
    again = run.json("import", f"inbox/{file.name}")["import"]
    assert (again["accepted"], again["unchanged"]) == (0, first["accepted"])
    assert len(run.json("rejects")["rejects"]) == first["rejected"]
    assert run("import", "--strict", f"inbox/{file.name}").returncode == 1


def test_help_names_every_command_with_an_example(run: Terminal) -> None:
    told = run("--help").stdout
    for name in ("check", "test", "price", "order", "stock", "import", "report", "worker", "why", "demo"):
        assert f"  {name} " in told
        assert "orderkit" in run(name, "--help").stdout


def test_a_mistake_of_ours_leaves_with_seventy_and_a_file() -> None:
    code = (
        "from orderkit.cli import root\n"
        "def broken(*a, **k): raise RuntimeError('boom')\n"
        "root.cli.main = broken\n"
        "root.run()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 70
    assert "boom" in done.stderr
    path = Path(done.stderr.strip().rpartition("Details: ")[2])
    assert "RuntimeError: boom" in path.read_text(encoding="utf-8")
    path.unlink()
