"""Mistakes that people make by hand in a working shop: nothing wrong passes in silence."""

from __future__ import annotations

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
        ("{high_value: }", ["OK430|high_value"]),
        ("{high-value: 5}", ["OK428|high-value"]),
        ("{high_value: ¥5000}", ["OK431|¥5000|5000"]),
        ("{high_value: ¥5,000}", ["OK150|¥5,000|¥5000", "OK431|¥5,000|5000"]),
        ("{high_value: 5000元}", ["OK431|5000元|5000"]),
        ("{pay_within: 30分钟}", ["OK432|30分钟|30m"]),
        ("{pay_within: 24小时}", ["OK432|24小时|24h"]),
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
        ("sku,name,category,price\nA,x,y,5,6\n", ["OK434|6"]),
        ("sku,name,categroy,price\nA,x,y,5\n", ["OK435|categroy|category"]),
        ("sku,name,category,price,colour\nA,x,y,5,red\n", ["OK435|colour"]),
        ("sku,name,price\nA,x,5\n", ["OK436|sku,name,price"]),
        ("SKU,name,category,price\nA,x,y,5\n", ["OK435|SKU|sku"]),
        ("code,name,category,price\nA,x,y,5\n", ["OK435|code", "OK436|code,name,category,price"]),
        ("sku,name,category,price\n,x,y,5\n", ["OK437|,x,y,5"]),
        ("sku,name,category,price\nA,x\n", ["OK438|"]),
        ("sku,name,category,price\nA,x,y,\n", ["OK440|"]),
        ("sku,name,category,price\nA,x,y,-5\n", ["OK439|-5"]),
        ('sku,name,category,price\nA,"x, y",y,cheap\n', ["OK407|cheap"]),
        ('sku,name,category,price\nA,"x,y,5\n', ['OK444|A,"x,y,5']),
        ("sku,name,category,price\n", ["OK441|sku,name,category,price"]),
        ("", ["OK441|"]),
        ("sku;name;category;price\nA;x;y;5\n", ["OK442|;"]),
        ("sku，name，category，price\nA，x，y，5\n", ["OK442|，"]),
        ('sku,name,category,price\nA,x,y,5\nB,"two\nlines",y,7\n', []),
    ],
)
def test_a_cell_is_told_in_its_own_file(csv: str, expected: list[str], findings: Findings) -> None:
    told = findings(PRODUCTS, **{"data/p.csv": csv})
    assert [one.split("|")[0] for one in told] == [one.split("|")[0] for one in expected]
    for got, wanted in zip(told, expected, strict=True):
        assert got.rstrip("|") == wanted.rstrip("|") or got.split("|")[0] in {
            "OK436",
            "OK437",
            "OK438",
            "OK440",
        }


@pytest.mark.parametrize(
    ("data", "code"), [("sku,价格\nA,5\n".encode("gbk"), "OK102"), (b"PK\x03\x04rest", "OK443")]
)
def test_a_file_that_is_no_text_is_named(data: bytes, code: str, write: Write) -> None:
    folder = write(PRODUCTS, **{"data/p.csv": ""})
    (folder / "data" / "p.csv").write_bytes(data)
    assert [(one.code, one.file) for one in orderkit.check(folder)] == [(code, "data/p.csv")]
