"""What a machine may mend: exactly the wrong word, only where one remedy is certain, nothing else touched."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import orderkit
from orderkit._diagnostics import Diagnostic
from orderkit._diagnostics.fix import apply
from orderkit._diagnostics.suggest import certain, closest_zone, distance
from orderkit._project.files import Files, gather
from orderkit._project.loading import check_files
from orderkit._project.mending import mend

RETAIL = Path(__file__).parents[2] / "examples" / "retail"
Write = Callable[..., Path]
SHOP = "promotions:\n  p: "
RULE = "rules: {r: {when: {event: order.placed}, do: [tag: x], if: %s}}\n"

SAFE = {
    "a misspelt key": (SHOP + "{stage: shop, mnus: 1}\n", SHOP + "{stage: shop, minus: 1}\n"),
    "a misspelt key in quotes": (
        SHOP + "{stage: shop, \"mnus\": 1, 'nmae': x}\n",
        SHOP + "{stage: shop, \"minus\": 1, 'name': x}\n",
    ),
    "a misspelt word of a closed list": (
        SHOP + "{stage: shp, minus: 1}\n",
        SHOP + "{stage: shop, minus: 1}\n",
    ),
    "a misspelt section": (
        "promotoins: {p: {stage: shop, minus: 1}}\n",
        "promotions: {p: {stage: shop, minus: 1}}\n",
    ),
    "a misspelt name": (
        "rules: {r: {when: {event: 'order.placd'}, do: [tag: x]}}\n",
        "rules: {r: {when: {event: 'order.placed'}, do: [tag: x]}}\n",
    ),
    "a misspelt field": (RULE % "order.totl > 5", RULE % "order.total > 5"),
    "the same misspelt field in three places": (
        RULE % "order.totl > 5 and order.totl < 9 or order.totl == 7",
        RULE % "order.total > 5 and order.total < 9 or order.total == 7",
    ),
    "one equals sign": (RULE % "order.total = 5", RULE % "order.total == 5"),
    "full-width signs": (RULE % "（order.total ＞ 5）", RULE % "(order.total > 5)"),
    "signs of another language": (
        RULE % '"order.total > 5&&order.total < 9"',
        RULE % '"order.total > 5 and order.total < 9"',
    ),
    "NULL and TRUE": (RULE % "order.customer != NULL and TRUE", RULE % "order.customer != none and true"),
    "zhe of eighty-eight": (SHOP + "{stage: shop, zhe: 88}\n", SHOP + "{stage: shop, zhe: 8.8}\n"),
    "a full-width number": (SHOP + "{stage: shop, zhe: ８}\n", SHOP + "{stage: shop, zhe: 8}\n"),
    "yes for true": (
        "fields: {order: {a: {type: text, private: yes, see: [客服]}}}\n",
        "fields: {order: {a: {type: text, private: true, see: [客服]}}}\n",
    ),
    "a full-width colon": (
        SHOP + "\n    stage：shop\n    minus: 1\n",
        SHOP + "\n    stage: shop\n    minus: 1\n",
    ),
    "no blank after a colon": (
        SHOP + "\n    stage:shop\n    minus: 1\n",
        SHOP + "\n    stage: shop\n    minus: 1\n",
    ),
    "a full-width comma and colon in brackets": (
        SHOP + "{stage: shop, tiers： [满300减40]}\n",
        SHOP + "{stage: shop, tiers: [满300减40]}\n",
    ),
    "tabs": (
        "promotions:\n\tp:\n\t\tstage: shop\n\t\tminus: 1\n",
        "promotions:\n  p:\n    stage: shop\n    minus: 1\n",
    ),
    "full-width blanks": (
        "promotions:\n　p:\n　　stage: shop\n　　minus: 1\n",
        "promotions:\n  p:\n    stage: shop\n    minus: 1\n",
    ),
    "a fix that brings further mistakes to light": (
        "promotoins:\n  p: {stage: shop, mnus: 1, if: order.totl = 5}\n",
        "promotions:\n  p: {stage: shop, minus: 1, if: order.total == 5}\n",
    ),
}


def mended(folder: Path) -> str:
    return mend(gather(folder)).files.texts["orderkit.yaml"].decode()


@pytest.mark.parametrize(("wrong", "right"), SAFE.values(), ids=SAFE)
def test_a_certain_remedy_is_written(wrong: str, right: str, write: Write) -> None:
    fine = write(right) / "orderkit.yaml"
    expected = fine.read_text(encoding="utf-8")
    assert [str(one) for one in orderkit.check(fine) if one.severity == "error"] == []
    assert mended(write(wrong)) == expected


def test_one_tab_among_blanks_is_as_wide_as_the_line_above_and_only_a_guess(write: Write) -> None:
    text = "promotions:\n    p:\n        stage: shop\n\tzhe: 8.8\n"
    (told,) = orderkit.check(write(text))
    assert told.fix is not None
    assert ([edit.text for edit in told.fix.edits], told.fix.applicability) == ([" " * 8], "maybe")


def test_an_expression_that_begins_as_in_a_spreadsheet_is_not_mended_into_a_comparison(write: Write) -> None:
    found = orderkit.check(write("promotions:\n  p: {stage: shop, minus: 1, if: =order.total > 5}\n"))
    assert [(one.code, one.fix, one.suggestion) for one in found] == [("OK507", None, "")]


def test_holes_in_full_width_braces_are_doubted(write: Write) -> None:
    found = orderkit.check(write('templates: {a: {text: "订单 ｛order.number｝ 已发货"}}\n'))
    assert [(one.code, one.column) for one in found] == [("OK134", 27)]


UNSURE = {
    "two names are as near": (
        "templates: {abcd1: {text: x}, abcd2: {text: x}}\n"
        "rules: {r: {when: {event: order.placed}, do: [notify: {to: 客服, template: abcd3}]}}\n"
    ),
    "two Chinese signs": "rules: {r: {when: {event: order.placed}, do: [notify: {to: 客福, text: x}]}}\n",
    "another word": SHOP + "{stage: shop, rebate: 1}\n",
    "an amount with the sign of another currency": SHOP + "{stage: shop, minus: $5}\n",
    "a text that only may be meant otherwise": "templates: {t: {text: “您好”}}\n",
    "a comma that YAML would read": RULE % "order.number in ('a'，'b')",
}


@pytest.mark.parametrize("text", UNSURE.values(), ids=UNSURE)
def test_what_is_not_certain_is_left_to_a_person(text: str, write: Write) -> None:
    folder = write(text)
    assert mended(folder) == (folder / "orderkit.yaml").read_text(encoding="utf-8")
    assert orderkit.check(folder)


def edits(found: tuple[Diagnostic, ...], text: str) -> list[str]:
    return [apply(text, one.fix.edits) for one in found if one.fix is not None]


def test_a_fix_is_marked_where_it_is_not_certain(write: Write) -> None:
    folder = write("templates: {t: {text: “您好”}}\n")
    (one,) = orderkit.check(folder)
    assert one.fix is not None
    assert not one.fix.safe
    assert "text: 您好}" in edits((one,), (folder / "orderkit.yaml").read_text(encoding="utf-8"))[0]


SLIPS = (
    ("pricing.yaml", "free_over:", "free_ovr:"),
    ("pricing.yaml", "stage: coupon", "stage: cuopon"),
    ("pricing.yaml", "code: NEW20", "code：NEW20"),
    ("pricing.yaml", "minus: 20", "minus：20"),
    ("rules.yaml", "event: order.placed", "event: order.placd"),
    ("rules.yaml", "order.total > vars", "order.total ＞ vars"),
    ("rules.yaml", "(order.refunds) == 0", "(order.refunds) = 0"),
    ("rules.yaml", "template: how_was_it", "template: how_wasit"),
    ("rules.yaml", "rules:\n", "ruels:\n"),
    ("flow.yaml", "needs.amount == order.total", "needs.amuont == order.totl"),
    ("flow.yaml", "starts:", "strats:"),
    ("flow.yaml", "repeat: ignore", "repaet: ignore"),
    ("flow.yaml", "{end: canceled}", "{end: cancelled}"),
    ("flow.yaml", "{from: 待审核, to: 分配中,", "{from: 待审合, to: 分配中,"),
    ("fields.yaml", "fields: {name: text, category", "fields: {name: text, catgory"),
    ("reports.yaml", "sum: payment.amount", "sum: payment.amout"),
    ("reports.yaml", "metrics: [orders, gmv], by", "metrics: [ordrs, gmv], by"),
)


def damaged(chosen: set[int], ending: str, mark: bytes) -> tuple[Files, Files]:
    good = gather(RETAIL)
    whole, broken = dict(good.texts), dict(good.texts)
    for name in [one for one in good.texts if one.endswith(".yaml")]:
        text = good.texts[name].decode()
        whole[name] = mark + text.replace("\n", ending).encode()
        for number in sorted(chosen):
            file, right, wrong = SLIPS[number]
            if file == name:
                text = text.replace(right, wrong, 1)
        broken[name] = mark + text.replace("\n", ending).encode()
    return Files(good.root, whole), Files(good.root, broken)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sets(st.integers(0, len(SLIPS) - 1), max_size=6),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([b"", b"\xef\xbb\xbf"]),
)
def test_mending_adds_no_error_ends_and_keeps_every_other_byte(
    chosen: set[int], ending: str, mark: bytes
) -> None:
    whole, broken = damaged(chosen, ending, mark)
    errors = [one for one in check_files(broken) if one.severity == "error"]
    done = mend(broken)
    left = [one for one in done.left if one.severity == "error"]
    assert len(left) <= len(errors)
    again = mend(done.files)
    assert (again.applied, again.files.texts) == ((), done.files.texts)
    for name, data in done.files.texts.items():
        if data == whole.texts[name]:
            continue
        # What no machine may mend stays as it was: every word is the one before or the right one.
        for one, right, wrong in zip(
            data.split(ending.encode()),
            whole.texts[name].split(ending.encode()),
            broken.texts[name].split(ending.encode()),
            strict=True,
        ):
            assert one in (right, wrong) or set(one.split()) <= {*right.split(), *wrong.split()}
        assert left


def test_every_slip_alone_is_found_and_most_are_mended() -> None:
    mendable = 0
    for number, (_, right, wrong) in enumerate(SLIPS):
        if right == wrong:
            continue
        whole, broken = damaged({number}, "\n", b"")
        assert check_files(broken)
        mendable += mend(broken).files.texts == whole.texts
    assert mendable >= 14, mendable


def test_a_text_that_is_not_utf_8_is_never_touched(write: Write) -> None:
    folder = write(SHOP + "{stage: shop, mnus: 1}\n")
    file = folder / "orderkit.yaml"
    file.write_bytes(file.read_text(encoding="utf-8").encode("utf-16"))
    files = gather(folder)
    assert mend(files).files.texts == files.texts


@pytest.mark.parametrize(
    ("word", "meant", "known", "sure"),
    [
        ("teirs", "tiers", "tiers, times", True),
        ("tirs", "tiers", "tiers, tims", False),
        ("x", "y", "y", False),
        ("待审合", "待审核", "待审核, 待发货", True),
        ("支附", "支付", "支付, 退款", False),
        ("STAGE", "stage", "", True),
        ("ｓｔａｇｅ", "stage", "stage", True),
        ("amuont", "amount", "amount, …", False),
    ],
)
def test_a_suggestion_is_certain_only_where_nothing_else_is_as_near(
    word: str,
    meant: str,
    known: str,
    sure: bool,  # noqa: FBT001 - a table
) -> None:
    assert certain(word, meant, known) is sure


@given(st.text("abcd", max_size=8), st.text("abcd", max_size=8))
def test_slips_count_alike_both_ways(one: str, other: str) -> None:
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)


@pytest.mark.parametrize(
    ("word", "zone"),
    [
        ("Asia/Shanghay", "Asia/Shanghai"),
        ("shanghai", "Asia/Shanghai"),
        ("北京", "Asia/Shanghai"),
        ("UTC+8", "Asia/Shanghai"),
        ("New York", "America/New_York"),
        ("Asia/Beijing", "Asia/Shanghai"),
        ("qqqq", ""),
    ],
)
def test_a_time_zone_is_guessed_from_what_people_write(word: str, zone: str) -> None:
    assert closest_zone(word) == zone
