"""What the command line says when something is wrong: language, exit code, a document for scripts."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from orderkit import load
from orderkit.cli.context import locale_in
from orderkit.cli.refusals import reason_word, refusal_text, values_read
from orderkit.cli.show import free_shipping

RETAIL = Path(__file__).parents[2] / "examples" / "retail"
CART = "lines: [{sku: SKU-1, quantity: 4}]\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    shutil.copytree(RETAIL, tmp_path / "shop", ignore=shutil.ignore_patterns("*.db*"))
    return tmp_path / "shop"


def run(folder: Path, *words: str, stdin: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ORDERKIT_")}
    return subprocess.run(
        [sys.executable, "-m", "orderkit", *words],
        cwd=folder,
        env={**clean, "PYTHONIOENCODING": "utf-8", **env},
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def placed(shop: Path) -> str:
    run(shop, "stock", "set", "SKU-1", "10")
    done = run(shop, "order", "place", "-", "--format", "json", stdin=CART)
    number: str = json.loads(done.stdout)["order"]["number"]
    return number


def break_flow(shop: Path) -> None:
    flow = shop / "flow.yaml"
    text = flow.read_text(encoding="utf-8")
    flow.write_text(text.replace("== order.total", "== order.totl"), encoding="utf-8")


def test_a_broken_project_is_told_in_its_own_language_by_every_command(shop: Path) -> None:
    break_flow(shop)
    for words in (("test",), ("order", "find"), ("report", "trend")):
        done = run(shop, *words)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("错误[")
    assert run(shop, "test", "--lang", "en").stderr.startswith("error[")
    document = json.loads(run(shop, "test", "--format", "json").stdout)
    assert document["format_version"] == "1.0"
    assert document["error"]["kind"] == "config"
    assert document["error"]["diagnostics"][0]["file"] == "flow.yaml"


def test_the_locale_is_read_without_compiling_and_not_from_comments() -> None:
    assert locale_in(["# locale: zh\nproject:\n  locale: en_US\n"]) == "en_US"
    assert locale_in(["vars: {}\n", "project: {name: A, locale: 'zh_CN'}\n"]) == "zh_CN"
    assert locale_in(["project: {name: A}\n"]) == ""


def test_a_refusal_is_worded_in_chinese_with_the_values_read(shop: Path, placed: str) -> None:
    pay = ("order", "fire", placed, "支付", "--as", "system")
    wrong = run(shop, *pay, "-d", "txn=T1", "-d", "amount=1")
    assert wrong.returncode == 1
    assert "拒绝（条件不满足）：“支付”要求：needs.amount == order.total（flow.yaml:" in wrong.stderr
    assert "  needs.amount = 1.00\n" in wrong.stderr
    assert "needs.amount == order.total = " not in wrong.stderr
    lacking = run(shop, *pay, "-d", "amount=x").stderr
    assert "缺少“txn” [OK467]；“x”不是数字；请写成 12.35 这样的数字，不带单位 [OK454]（" in lacking
    state = run(shop, "order", "fire", placed, "完成", "--as", "system").stderr
    assert "不能在“待支付”状态下执行，只能在“已签收”状态下执行" in state
    why = run(shop, "why", placed, "支付", "--as", "仓库").stdout
    assert "只能由“system”执行，当前角色：仓库" in why


@pytest.mark.parametrize(
    ("reason", "details", "told"),
    [
        ("stock", {"short": {"A": 2, "B": 1}}, "A 缺 2 件，B 缺 1 件"),
        ("limit", {"promotion": "m", "limit": 1, "customer": "C1"}, "促销“m”客户 C1 最多使用 1 次，已经用完"),
        ("guard", {"line": "L1", "asked": 9, "left": 3}, "商品行 L1 还剩 3 件，要求的是 9 件"),
        ("guard", {"asked": "9.00", "left": "3.00"}, "已付款中只剩 3.00，要求的是 9.00"),
        ("unknown_action", {"action": "支附", "known": ["支付"]}, "没有动作“支附”；你是不是想写“支付”？"),
        ("needs", {"lines": {}}, "已没有可以退的商品"),
        ("held", {}, "in English"),
    ],
)
def test_every_refusal_has_its_sentence(reason: str, details: dict[str, object], told: str) -> None:
    assert refusal_text(reason, details, "in English", zh=True) == told
    assert refusal_text(reason, details, "in English", zh=False) == "in English"
    assert reason_word(reason, zh=True) != reason


def test_only_names_are_shown_with_their_values_and_each_once() -> None:
    read = [{"text": text, "value": 1} for text in ("a.b", "a.b", "5", "a.b == 5", "order.总额")]
    assert values_read({"read": read}) == ["a.b = 1", "order.总额 = 1"]


def test_failures_are_documents_for_scripts_with_the_same_exit_code(shop: Path, placed: str) -> None:
    def failed(*words: str, stdin: str = "") -> tuple[int, dict[str, object]]:
        done = run(shop, *words, "--format", "json", stdin=stdin)
        assert done.stderr == ""
        document = json.loads(done.stdout)
        assert document["format_version"] == "1.0"
        return done.returncode, document["error"]

    code, told = failed("order", "fire", placed, "支付")
    assert (code, told["kind"], told["reason"]) == (1, "refused", "role")
    code, told = failed("order", "place", "-", stdin="lines: [{sku: SKU-1, quantity: x}]\n")
    assert (code, told["kind"]) == (1, "invalid_order")
    assert told["details"]["problems"][0]["field"] == "lines[0].quantity"  # type: ignore[index]  # plain data
    code, told = failed("order", "show", "SO1")
    assert (code, told["kind"], told["message"]) == (2, "not_found", "没有订单“SO1”")
    code, told = failed("report", "trend", "--where", "channel")
    assert (code, told["kind"]) == (2, "usage")
    document = json.loads(run(shop, "report", "trend", "--format", "json").stdout)
    assert document["format_version"] == "1.0"


def test_wrong_use_is_two_and_an_unknown_action_is_one(shop: Path, placed: str) -> None:
    for words, told in (
        (("order", "find", "--db", "nonsense"), "nonsense"),
        (("order", "find", "--db", "sqlite:////no/such/place.db"), "无法打开数据库"),
        (("report", "trend", "--where", "channel"), "不是 名称=值 的形式"),
        (("report", "trend", "--since", "2026-02-01", "--until", "2026-01-01"), "早于 --since"),
        (("why", placed, "--as", "仓裤"), "你是不是想写“仓库”？"),
        (("order", "refund", placed, "-l", "L1=x"), "件数必须是整数"),
        (("order", "refund", placed), "--all"),
    ):
        done = run(shop, *words)
        assert done.returncode == 2, done.stderr
        assert told in done.stderr
    for words in (("why", placed, "支附"), ("order", "fire", placed, "支附")):
        done = run(shop, *words)
        assert done.returncode == 1
        assert "你是不是想写“支付”" in done.stderr


def test_findings_name_files_as_the_present_folder_sees_them(shop: Path) -> None:
    break_flow(shop)
    github = run(shop.parent, "check", "shop", "--format", "github").stdout
    assert "file=shop/flow.yaml,line=" in github
    assert run(shop.parent, "check", "shop", "--format", "concise").stdout.startswith("shop/flow.yaml:")
    assert run(shop, "check", "--format", "concise").stdout.startswith("flow.yaml:")
    found = json.loads(run(shop.parent, "check", "shop", "--format", "json").stdout)["diagnostics"][0]
    assert (found["file"], found["path"]) == ("flow.yaml", "shop/flow.yaml")


def test_a_dry_run_makes_no_database(shop: Path) -> None:
    file = next((shop / "inbox").glob("*.csv"))
    done = run(shop, "import", "--dry-run", f"inbox/{file.name}")
    assert done.returncode == 0
    assert "读入" in done.stdout
    run(shop, "import", "--dry-run", f"inbox/{file.name}", "--db", "sqlite:///other.db")
    assert not list(shop.glob("*.db*"))


def test_a_rejected_payload_leaves_out_places_it_does_not_have(shop: Path) -> None:
    (shop / "p.json").write_text('[{"id": "M1"}]', encoding="utf-8")
    done = run(shop, "import", "--channel", "mini", "p.json")
    listed = run(shop, "rejects")
    assert "拒绝" in done.stdout
    assert "M1" in listed.stdout or "p.json" in listed.stdout
    for text in (done.stdout, listed.stdout):
        assert ":0" not in text.replace(":00", "")


def test_a_refund_tells_its_amount_and_the_order_shows_customer_and_refund(shop: Path, placed: str) -> None:
    total = json.loads(run(shop, "order", "show", placed, "--format", "json").stdout)["order"]["total"]
    run(shop, "order", "fire", placed, "支付", "-d", "txn=T", "-d", f"amount={total}", "--as", "system")
    opened = run(shop, "order", "refund", placed, "--all", "--lang", "en")
    assert opened.stdout.startswith(f"opened refund-1  ¥{total}  待处理\n")
    row = next(line for line in run(shop, "order", "show", placed).stdout.splitlines() if "refund-1 " in line)
    assert f"¥{total}" in row
    assert "待处理" in row
    cart = "customer: {id: C7, name: 王芳}\n" + CART
    assert "C7 王芳" in run(shop, "order", "place", "-", stdin=cart).stdout


def test_stock_worker_and_lists_speak_the_projects_language_and_time(shop: Path, placed: str) -> None:
    assert "在库 10  预占 4" in run(shop, "stock", "get", "SKU-1").stdout
    assert "预占 +4" in run(shop, "stock", "ledger", "SKU-1").stdout
    assert run(shop, "order", "find").stdout.startswith("订单号")
    assert run(shop, "order", "find", "--lang", "en").stdout.startswith("number")
    worker = run(shop, "worker", "--once").stdout
    assert worker.startswith("定时器：")
    assert "UTC" not in worker
    assert placed in run(shop, "order", "find").stdout
    footer = run(shop, "report", "trend").stdout.splitlines()[-1]
    assert "全部时间 · 截至 " in footer
    assert "+0000" not in footer
    assert "all time · as of " in run(shop, "report", "trend", "--lang", "en").stdout


def test_explain_shows_holes_as_names() -> None:
    done = run(RETAIL.parent, "explain", "OK301")
    assert "<kind> `<name>`" in done.stdout
    zh = run(RETAIL.parent, "explain", "ok301", "--lang", "zh")
    assert zh.stdout.startswith("OK301（错误）\n")
    for text in (done.stdout, zh.stdout):
        assert "{" not in text.partition("\n\n")[0]


def test_free_shipping_is_named_for_people_with_its_amount() -> None:
    project = load(RETAIL)
    assert free_shipping(project, "CNY", zh=False) == "free shipping from 99.00"
    assert free_shipping(project, "CNY", zh=True) == "满 99.00 包邮"
    assert free_shipping(project, "USD", zh=True) == "包邮"


def test_an_order_shows_free_shipping_in_words(shop: Path, placed: str) -> None:
    assert "满 99.00 包邮" in run(shop, "order", "show", placed).stdout
    assert "free shipping from 99.00" in run(shop, "order", "show", placed, "--lang", "en").stdout


def test_the_demo_fits_a_narrow_terminal_and_skips_empty_days(tmp_path: Path) -> None:
    done = run(tmp_path, "demo", "--into", "d", COLUMNS="60")
    assert done.returncode == 0
    assert "£823,746.14" in done.stdout
    assert "█" not in done.stdout
    assert "2010-12-23" in done.stdout
    assert "2010-12-24" not in done.stdout
    assert "2  retail" in done.stdout
    assert "shipping.free_over" not in done.stdout.partition("Second order")[0]
    assert "小程序" in done.stdout


def test_a_demo_folder_that_cannot_be_made_is_a_mistake_of_use(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = run(tmp_path, "demo", "--into", "file/below")
    assert done.returncode == 2
    assert "cannot be made" in done.stderr
