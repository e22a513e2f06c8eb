"""The command check as people and build servers run it: forms, mending, watching; real processes."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

RETAIL = Path(__file__).parents[2] / "examples" / "retail"
WRONG = ("starts: 待支付", "strats: 待支付")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    shutil.copytree(RETAIL, tmp_path / "shop", ignore=shutil.ignore_patterns("*.db*"))
    return tmp_path / "shop"


def environment(**more: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ORDERKIT_")}
    return {**clean, "PYTHONIOENCODING": "utf-8", **more}


def run(folder: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "orderkit", *words],
        cwd=folder,
        env=environment(**env),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def change(shop: Path, old: str, new: str, file: str = "flow.yaml") -> None:
    path = shop / file
    text = path.read_bytes().decode()
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode())


FORMS: dict[str, Callable[[str], bool]] = {
    "json": lambda text: json.loads(text)["ok"] is not None,
    "gitlab": lambda text: isinstance(json.loads(text), list),
    "sarif": lambda text: json.loads(text)["version"] == "2.1.0",
    "junit": lambda text: ET.fromstring(text.encode()).tag == "testsuites",  # noqa: S314 - our own text
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_whole_with_findings_without_and_without_a_project(form: str, shop: Path) -> None:
    good = run(shop, "check", "--format", form)
    assert (good.returncode, good.stderr) == (0, "")
    change(shop, *WRONG)
    bad = run(shop.parent, "check", "shop", ORDERKIT_FORMAT=form)
    assert (bad.returncode, bad.stderr) == (1, "")
    assert "shop/flow.yaml" in bad.stdout
    none = run(shop.parent, "check", "--format", form)
    assert none.returncode == 2
    if form != "json":
        assert FORMS[form](none.stdout)
        assert "orderkit.yaml" in none.stderr
    for one in (good, bad):
        assert FORMS[form](one.stdout)


def test_a_form_in_the_environment_counts_only_where_a_command_has_it(shop: Path) -> None:
    assert run(shop, "test", ORDERKIT_FORMAT="sarif").returncode == 0
    wrong = run(shop, "test", ORDERKIT_FORMAT="xml", ORDERKIT_LANG="en")
    assert wrong.returncode == 2
    assert "xml" in wrong.stderr
    assert run(shop, "test", "--format", "sarif").returncode == 2


def test_diff_shows_what_fix_then_writes_and_keeps_line_ends(shop: Path) -> None:
    flow = shop / "flow.yaml"
    flow.write_bytes(b"\xef\xbb\xbf" + flow.read_bytes().replace(b"\n", b"\r\n"))
    before = flow.read_bytes()
    change(shop, *WRONG)
    change(shop, "== order.total", "= order.totl")
    broken = flow.read_bytes()
    shown = run(shop.parent, "check", "shop", "--diff", "--lang", "en")
    assert shown.returncode == 1
    assert "--- a/shop/flow.yaml" in shown.stdout
    assert "+        if: needs.amount == order.total" in shown.stdout
    assert flow.read_bytes() == broken
    fixed = run(shop.parent, "check", "shop", "--fix", "--lang", "en")
    assert fixed.returncode == 0, fixed.stdout
    assert fixed.stdout.count("fixed shop/flow.yaml:") == 3
    assert flow.read_bytes() == before
    assert run(shop, "check", "--diff").returncode == 0
    assert run(shop, "check", "--fix", "--format", "json").stdout.startswith("{")


def test_fix_leaves_what_is_not_certain_and_says_so_with_its_exit_code(shop: Path) -> None:
    change(shop, "to: 已支付", "to: 巳支符")
    text = (shop / "flow.yaml").read_bytes()
    done = run(shop, "check", "--fix")
    assert done.returncode == 1
    assert (shop / "flow.yaml").read_bytes() == text
    assert run(shop, "check", "--fix", "--diff").returncode == 2


def wait_for(told: Path, text: str, times: int = 1) -> None:
    until = time.monotonic() + 30
    while told.read_text(encoding="utf-8").count(text) < times:
        assert time.monotonic() < until, told.read_text(encoding="utf-8")
        time.sleep(0.1)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for one process")
def test_watch_checks_again_after_each_change_and_ends_with_130(shop: Path, tmp_path: Path) -> None:
    told = tmp_path / "told.txt"
    with told.open("w") as out:
        watching = subprocess.Popen(
            [sys.executable, "-m", "orderkit", "check", "--watch", "--lang", "en"],
            cwd=shop,
            env=environment(),
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            wait_for(told, "0 errors")
            change(shop, *WRONG)
            wait_for(told, "did you mean `starts`?")
            change(shop, *reversed(WRONG))
            wait_for(told, "0 errors", 2)
            shutil.move(shop / "orderkit.yaml", tmp_path)
            wait_for(told, "no orderkit.yaml")
            assert watching.poll() is None
            watching.send_signal(signal.SIGINT)
            watching.wait(timeout=30)
        finally:
            watching.kill()
            _, error = watching.communicate()
    assert watching.returncode == 130
    assert "Traceback" not in error
    text = told.read_text(encoding="utf-8")
    assert "\x1b" not in text
    assert all(line.startswith("[") for line in text.splitlines() if "Checked" in line)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["chek"], "你是不是想写“check”？"),
        (["check", "--formt", "json"], "没有选项“--formt”；你是不是想写“--format”？"),
        (["check", "--format", "xml"], "的值无效，可以写：human、concise"),
        (["order", "plaec"], "没有命令“plaec”"),
        (["price"], "缺少"),
        (["check", "nowhere"], "没有 nowhere"),
        (["explain", "OK3011"], "你是不是想写 OK3"),
    ],
)
def test_mistakes_of_use_are_told_in_chinese_and_as_documents(
    words: list[str], told: str, tmp_path: Path
) -> None:
    done = run(tmp_path, *words, ORDERKIT_LANG="zh")
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    script = run(tmp_path, *words, ORDERKIT_LANG="zh", ORDERKIT_FORMAT="json")
    if words[0] != "explain":
        assert json.loads(script.stdout)["error"]["kind"] == "usage"
        assert told in json.loads(script.stdout)["error"]["message"]
        assert (script.returncode, script.stderr) == (2, "")


def test_explain_tells_what_why_and_remedy_and_lists_an_area(tmp_path: Path) -> None:
    one = run(tmp_path, "explain", "ok204").stdout
    assert one.startswith("OK204 (error)\nthere is no key `<key>` here\n")
    assert "Why: A key that nothing reads" in one
    assert "Remedy: keys that may stand here" in one
    assert "改法：" in run(tmp_path, "explain", "204", "--lang", "zh").stdout
    area = run(tmp_path, "explain", "OK7").stdout
    assert area.startswith("OK7xx  prices and promotions\n")
    assert "OK703" in area
    assert "OK301" not in area
    whole = run(tmp_path, "explain", "--lang", "zh").stdout
    assert whole.count("xx  ") == 9
    assert re.search(r"\{\w+\}", whole) is None


def test_explain_shows_the_example_of_the_codes_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import click.testing

    from orderkit.cli import explaining

    pages = tmp_path / "data" / "codes"
    pages.mkdir(parents=True)
    (pages / "OK204.md").write_text("# OK204\n\n```yaml\np: {mnus: 1}\n```\n", encoding="utf-8")
    (pages / "OK204.zh.md").write_text("```yaml\np: {mnus: 2}\n```\n", encoding="utf-8")
    monkeypatch.setattr(explaining, "files", lambda _: tmp_path)
    told = click.testing.CliRunner().invoke(explaining.explain, ["OK204", "--lang", "en"]).output
    assert told.endswith("\nExample:\n  p: {mnus: 1}\n")
    assert "mnus: 2" in click.testing.CliRunner().invoke(explaining.explain, ["OK204", "--lang", "zh"]).output
