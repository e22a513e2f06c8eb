"""The example projects do what the README promises, and their figures are the independent ones."""

from __future__ import annotations

import csv
import gzip
import subprocess
import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import orderkit
from orderkit._runner.cases import Touched, coverage, play

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
PROJECTS = sorted(path.name for path in EXAMPLES.iterdir() if (path / "orderkit.yaml").is_file())


@pytest.mark.parametrize("name", PROJECTS)
def test_an_example_has_no_finding_and_its_cases_pass(name: str) -> None:
    project = orderkit.load(EXAMPLES / name)
    assert project.diagnostics == ()
    touched = Touched()
    for case in project.cases.values():
        assert play(project, case, touched).failures == ()
    if name == "retail":
        assert coverage(project, touched).share == 1


@pytest.fixture(scope="module")
def december() -> list[dict[str, str]]:
    path = EXAMPLES / "giftshop" / "inbox" / "invoices-2010-12.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def giftshop(tmp_path_factory: pytest.TempPathFactory) -> orderkit.Kit:
    database = tmp_path_factory.mktemp("giftshop") / "orders.db"
    kit = orderkit.Kit(orderkit.load(EXAMPLES / "giftshop"), store=f"sqlite:///{database.as_posix()}")
    kit.import_files(EXAMPLES / "giftshop" / "inbox" / "invoices-2010-12.csv.gz")
    return kit


def sale(row: dict[str, str]) -> bool:
    return row["InvoiceNo"][0] not in "CA" and int(row["Quantity"]) > 0 and Decimal(row["UnitPrice"]) > 0


def month_of(kit: orderkit.Kit) -> dict[str, Any]:
    (row,) = kit.report("monthly").to_dicts()
    return dict(row)


def test_the_month_equals_plain_counting(giftshop: orderkit.Kit, december: list[dict[str, str]]) -> None:
    money: dict[str, Decimal] = defaultdict(Decimal)
    for line in december:
        if sale(line):
            money[line["InvoiceNo"]] += Decimal(line["Quantity"]) * Decimal(line["UnitPrice"])
    notes = [row for row in december if row["InvoiceNo"].startswith("C")]
    back = -sum(Decimal(row["Quantity"]) * Decimal(row["UnitPrice"]) for row in notes)
    row = month_of(giftshop)
    assert (
        (row["orders"], row["gmv"].amount)
        == (len(money), sum(money.values()))
        == (1559, Decimal("823746.14"))
    )
    assert (row["credits"], row["refunds"].amount) == (len({one["InvoiceNo"] for one in notes}), back)
    assert round(row["aov"].amount, 2) == Decimal("528.38")


def test_days_countries_and_best_sellers_equal_plain_counting(
    giftshop: orderkit.Kit, december: list[dict[str, str]]
) -> None:
    days: dict[str, Decimal] = defaultdict(Decimal)
    countries: dict[str, set[str]] = defaultdict(set)
    skus: dict[str, Decimal] = defaultdict(Decimal)
    first: dict[str, str] = {}
    for row in december:
        if sale(row):
            amount = Decimal(row["Quantity"]) * Decimal(row["UnitPrice"])
            day = first.setdefault(row["InvoiceNo"], row["InvoiceDate"][:10])
            days[day] += amount
            countries[row["Country"]].add(row["InvoiceNo"])
            skus[row["StockCode"]] += amount
    daily = {str(row["day"]): row["gmv"].amount for row in giftshop.report("daily").to_dicts()}
    assert {day: amount for day, amount in daily.items() if amount} == dict(days)
    by_country = {row["country"]: row["orders"] for row in giftshop.report("countries").to_dicts()}
    top = max(countries.items(), key=lambda one: len(one[1]))
    assert by_country[top[0]] == len(top[1])
    assert sum(by_country.values()) == 1559
    best = [(row["sku"], row["revenue"].amount) for row in giftshop.report("best").to_dicts()]
    assert best == sorted(skus.items(), key=lambda one: (-one[1], one[0]))[:10]


def test_the_independent_oracle_agrees(giftshop: orderkit.Kit) -> None:
    oracle = ROOT.parent / "shared" / "oracles" / "reports.yaml"
    if not oracle.exists():
        pytest.skip("the oracle's figures are not beside this checkout")
    import yaml

    month = yaml.safe_load(oracle.read_text(encoding="utf-8"))["online_retail"]["by_month"]["2010-12"]
    row = month_of(giftshop)
    assert row["orders"] == month["orders"]
    assert row["gmv"].amount == Decimal(month["gmv"])
    assert row["aov"].amount == Decimal(month["aov"])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_demonstration_runs_and_ends_with_what_to_try(lang: str, tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "orderkit", "demo", "--lang", lang],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "utf-8", "HOME": str(tmp_path)},
        check=False,
    )
    assert run.returncode == 0, run.stderr
    for figure in (
        "2,025",
        "1,559",
        "326",
        "140",
        "£823,746.14",
        "已完成",
        "已关闭",
        "高价值订单",
        "notify.wecom",
        "pricing.yaml:",
    ):
        assert figure in run.stdout
    assert any("orderkit check" in line for line in run.stdout.splitlines()[-16:])


def test_the_demonstration_never_empties_a_folder_that_is_not_its_own() -> None:
    again = subprocess.run(
        [sys.executable, "-m", "orderkit", "demo", "--into", str(ROOT / "tests")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert again.returncode == 2
    assert (ROOT / "tests" / "conftest.py").exists()
