"""Mistakes that people make by hand in a working shop: nothing wrong passes in silence."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import orderkit

Findings = Callable[..., list[str]]
Write = Callable[..., Path]
HEAD = "project: {name: x, currency: CNY, timezone: UTC, roles: {客服: {}}, vars: "
PRODUCTS = (
    "tables: {products: {key: sku, file: data/p.csv, fields: {name: text, category: text, price: money}}}\n"
)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{high_value: 5,000, pay_within: 30m}", ["OK150|5,000|5000"]),
        ("{high_value: 1,234,567}", ["OK150|1,234,567|1234567"]),
        ("{high_value: }", ["OK440|high_value"]),
        ("{high-value: 5}", ["OK328|high-value"]),
        ("{high_value: ¥5000}", ["OK441|¥5000|5000"]),
        ("{high_value: ¥5,000}", ["OK150|¥5,000|¥5000", "OK441|¥5,000|5000"]),
        ("{high_value: 5000元}", ["OK441|5000元|5000"]),
        ("{pay_within: 30分钟}", ["OK442|30分钟|30m"]),
        ("{pay_within: 24小时}", ["OK442|24小时|24h"]),
        ("{greeting: '30分钟', text: 你好}", []),
    ],
)
def test_a_variable_is_told_where_it_is_written(
    written: str, expected: list[str], findings: Findings
) -> None:
    assert findings(HEAD + written + "}\n") == expected


def test_a_cut_thousands_separator_is_told_in_any_mapping(findings: Findings) -> None:
    assert findings("pricing: {shipping: {fee: 8, free_over: 1,999}}\n") == ["OK150|1,999|1999"]


@pytest.mark.parametrize(
    ("csv", "expected"),
    [
        ("sku,name,category,price\nA,x,y,5,6\n", ["OK885|6"]),
        ("sku,name,categroy,price\nA,x,y,5\n", ["OK886|categroy|category"]),
        ("sku,name,category,price,colour\nA,x,y,5,red\n", ["OK886|colour"]),
        ("sku,name,price\nA,x,5\n", ["OK887|sku,name,price"]),
        ("sku,name,category\nA,x,y\n", ["OK887|sku,name,category"]),
        ("SKU,name,category,price\nA,x,y,5\n", ["OK886|SKU|sku"]),
        ("code,name,category,price\nA,x,y,5\n", ["OK886|code", "OK887|code,name,category,price"]),
        ("sku,name,category,price\n,x,y,5\n", ["OK888|,x,y,5"]),
        ("sku,name,category,price\nA,x\n", ["OK889|"]),
        ("sku,name,category,price\nA,x,y,\n", ["OK891|"]),
        ("sku,name,category,price\nA,x,y,-5\n", ["OK890|-5"]),
        ('sku,name,category,price\nA,"x, y",y,cheap\n', ["OK882|cheap"]),
        ('sku,name,category,price\nA,"x,y,5\n', ['OK895|A,"x,y,5']),
        ("sku,name,category,price\n", ["OK892|sku,name,category,price"]),
        ("", ["OK892|"]),
        ("sku;name;category;price\nA;x;y;5\n", ["OK893|;"]),
        ("sku，name，category，price\nA，x，y，5\n", ["OK893|，"]),
        ('sku,name,category,price\nA,x,y,5\nB,"two\nlines",y,7\n', []),
    ],
)
def test_a_cell_is_told_in_its_own_file(csv: str, expected: list[str], findings: Findings) -> None:
    told = findings(PRODUCTS, **{"data/p.csv": csv})
    assert [one.split("|")[0] for one in told] == [one.split("|")[0] for one in expected]
    for got, wanted in zip(told, expected, strict=True):
        assert got.rstrip("|") == wanted.rstrip("|") or got.split("|")[0] in {
            "OK887",
            "OK888",
            "OK889",
            "OK891",
            "OK895",
        }


@pytest.mark.parametrize(
    ("data", "code"), [("sku,价格\nA,5\n".encode("gbk"), "OK102"), (b"PK\x03\x04rest", "OK894")]
)
def test_a_file_that_is_no_text_is_named(data: bytes, code: str, write: Write) -> None:
    folder = write(PRODUCTS, **{"data/p.csv": ""})
    (folder / "data" / "p.csv").write_bytes(data)
    assert [(one.code, one.file) for one in orderkit.check(folder)] == [(code, "data/p.csv")]


RETAIL = Path(__file__).parents[2] / "examples" / "retail"


def told(folder: Path) -> list[str]:
    return [f"{one.code}|{one.file}|{one.suggestion}".rstrip("|") for one in orderkit.check(folder)]


@pytest.fixture
def retail(tmp_path: Path) -> Callable[[str, str, str], list[str]]:
    """Make one mistake in the retail example and give what is told."""

    def make(file: str, old: str, new: str) -> list[str]:
        folder = tmp_path / "shop"
        shutil.copytree(RETAIL, folder)
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return told(folder)

    return make


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("flow.yaml", "starts: 待支付", "start: 待支付", ["OK204|flow.yaml|starts"]),
        ("flow.yaml", "{end: canceled}", "{end: cancelled}", ["OK215|flow.yaml|canceled"]),
        ("flow.yaml", "to: 待审核, by: system", "to: 待审核", ["OK205|flow.yaml"]),
        ("flow.yaml", "{from: 待审核, to: 分配中", "{to: 分配中", ["OK205|flow.yaml"]),
        ("flow.yaml", "amount: money", "amount: 金额", ["OK304|flow.yaml"]),
        ("flow.yaml", "已完成:   {end: done}", "已完成:   {end: done", ["OK109|flow.yaml"]),
        ("fields.yaml", "private: true", "private: yes", ["OK210|fields.yaml|true"]),
        ("fields.yaml", "host: true", "hots: true", ["OK883|fields.yaml", "OK204|fields.yaml|host"]),
        ("pricing.yaml", "{fee: 8,", "{fee: 八,", ["OK214|pricing.yaml"]),
        ("orderkit.yaml", "locale: zh_CN", "local: zh_CN", ["OK204|orderkit.yaml|locale"]),
        ("orderkit.yaml", "currency: CNY", "currency: RMB", ["OK347|orderkit.yaml|CNY"]),
        ("orderkit.yaml", "currency: CNY", "currency: CNX", ["OK348|orderkit.yaml|CNY"]),
        ("rules.yaml", "for: 24h", "for: 24小时", ["OK653|rules.yaml"]),
        ("flow.yaml", "from: 待支付, to: 已关闭", "from: 侍支付, to: 已关闭", ["OK301|flow.yaml|待支付"]),
        ("flow.yaml", "to: 已支付", "to: 己支付", ["OK301|flow.yaml|已支付"]),
        ("cases.yaml", "tracking_no: SF100", "trackingno: SF100", ["OK984|cases.yaml|tracking_no"]),
        ("cases.yaml", "state: 待支付, total", "state: 待支符, total", ["OK301|cases.yaml|待支付"]),
        ("cases.yaml", "{available: 8}", "{avail: 8}", ["OK984|cases.yaml|available"]),
        ("cases.yaml", "[gold_price, m300]", "[gold_prise, m300]", ["OK301|cases.yaml|gold_price"]),
        ("cases.yaml", "sent: [shipped]", "sent: [shiped]", ["OK301|cases.yaml|shipped"]),
        ("cases.yaml", "{sku: SKU-2, quantity: 2}", "{sku: SKU-2, qty: 2}", ["OK984|cases.yaml|quantity"]),
        ("cases.yaml", "level: gold", "level: golden", ["OK985|cases.yaml|gold"]),
        ("cases.yaml", "{id: C1, level: gold}", "{level: gold}", ["OK986|cases.yaml"]),
        ("fields.yaml", "key: sku", "key: SKU", ["OK886|data/products.csv|SKU"]),
    ],
)
def test_one_mistake_is_told_once(
    file: str, old: str, new: str, expected: list[str], retail: Callable[[str, str, str], list[str]]
) -> None:
    assert retail(file, old, new) == expected


def test_a_mistake_in_a_flow_does_not_hide_the_next_one(write: Write) -> None:
    folder = write(
        "flows: {order: {start: a, states: {a: {ennd: done}}, actions: {go: {from: x, to: a, by: 客服}}}}\n"
    )
    assert [one.code for one in orderkit.check(folder)] == ["OK204", "OK204", "OK301"]


def test_files_with_another_ending_are_named(write: Write) -> None:
    folder = write("", **{"a.yml": "fields: {}\n", "b.YAML": "", "c.yaml.txt": "", "notes.txt": ""})
    assert [(one.code, one.file) for one in orderkit.check(folder)] == [
        ("OK345", "a.yml"), ("OK345", "b.YAML"), ("OK345", "c.yaml.txt"),
    ]  # fmt: skip


def test_a_cart_in_the_project_is_skipped_with_a_warning(write: Write) -> None:
    cart = "customer: C1\nlines: [{sku: A}]\n"
    folder = write("", **{"cart.yaml": cart, "carts/other.yaml": cart, "more.yaml": "promotion: {}\n"})
    found = [(one.code, one.file, one.suggestion) for one in orderkit.check(folder)]
    assert found == [("OK346", "cart.yaml", ""), ("OK322", "more.yaml", "promotions")]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{stage: shop, percent_off: 0.88}", ["OK725|0.88"]),
        ("{stage: shop, percent_off: 0.5%}", []),
        ("{stage: shop, percent_off: 88折}", ["OK219|88折"]),
        ("{stage: shop, zhe: 0.88}", ["OK726|0.88|8.8"]),
        ("{stage: shop, spend: 30, minus: 300}", ["OK727|minus"]),
        ("{stage: shop, tiers: [满30减300]}", ["OK727|满30减300"]),
        ("{stage: shop, spend: 300, minus: 30}", []),
        ("{stage: coupon, code: A1, minus: 5}, q: {stage: coupon, code: a1, minus: 6}", ["OK728|a1"]),
        ("{stage: price, price: {A: 6}}", ["OK729|6"]),
        ("{stage: price, price: {A: 5}}", []),
        ("{stage: price, price: {AA: 4}}", ["OK730|AA|A"]),
        ("{stage: shop, goods: {category: drinc}, minus: 1}", ["OK731|drinc|drink"]),
        ("{stage: shop, goods: {sku: [A, C]}, minus: 1}", ["OK730|C"]),
    ],
)
def test_figures_that_were_hardly_meant_are_told(
    written: str, expected: list[str], findings: Findings
) -> None:
    csv = "sku,name,category,price\nA,x,drink,5\n"
    assert findings(PRODUCTS + "promotions: {p: " + written + "}\n", **{"data/p.csv": csv}) == expected
