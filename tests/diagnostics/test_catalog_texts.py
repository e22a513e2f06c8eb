"""The table of messages: complete in both languages, nothing left open."""

from __future__ import annotations

import re

import pytest

from orderkit._diagnostics.catalog import reading, shape
from orderkit._diagnostics.codes import Code, table
from orderkit._diagnostics.suggest import closest

HOLE = re.compile(r"\{([a-z_]+)\}")


def holes(*texts: str) -> set[str]:
    return {hole.removesuffix("_en").removesuffix("_zh") for text in texts for hole in HOLE.findall(text)}


@pytest.mark.parametrize("code", table().values(), ids=lambda code: code.id)
def test_a_message_exists_in_both_languages(code: Code) -> None:
    assert code.severity in ("error", "warning", "hint")
    assert code.en
    assert code.zh
    assert bool(code.help_en) is bool(code.help_zh)


@pytest.mark.parametrize("code", [*reading.CODES, *shape.CODES], ids=lambda code: code.id)
def test_a_message_fills_the_same_holes_in_both_languages(code: Code) -> None:
    assert holes(code.en, code.help_en) == holes(code.zh, code.help_zh)


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("teirs", ["tiers", "name"], "tiers"),
        ("ｔｉｅｒｓ", ["tiers"], "tiers"),
        ("Tiers", ["tiers"], "tiers"),
        ("待付货", ["待发货", "已关闭"], "待发货"),
        ("支服", ["支付", "完成"], "支付"),
        ("支服", ["支付", "支票"], ""),
        ("付支", ["支付"], "支付"),
        ("banana", ["tiers", "name"], ""),
        ("x" * 1_000, ["x" * 999], ""),
        ("tiers", [], ""),
    ],
)
def test_the_nearest_word_is_offered_only_where_it_is_near(word: str, known: list[str], meant: str) -> None:
    assert closest(word, known) == meant
