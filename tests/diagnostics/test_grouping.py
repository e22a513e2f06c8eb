"""One finding for each root cause, with all its places."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import orderkit
from orderkit._diagnostics import Diagnostic
from orderkit._diagnostics.formats import to_json
from orderkit._diagnostics.render import concise, render

Write = Callable[..., Path]


def promotions(*names: str) -> str:
    return "promotions:\n" + "".join(
        f"  p{number}: {{stage: shop, minus: 1, {name}: x}}\n" for number, name in enumerate(names)
    )


def found(folder: Path) -> list[Diagnostic]:
    return [one for one in orderkit.check(folder) if one.severity == "error"]


def test_one_wrong_name_in_twenty_places_is_one_finding(write: Write) -> None:
    folder = write(promotions(*["lable"] * 20))
    (one,) = found(folder)
    assert len(one.places) == 20
    text = (folder / "orderkit.yaml").read_text(encoding="utf-8")
    shown = render([one], {one.file: text})
    assert shown.count("also here") == 2
    assert "note: 17 more places" in shown or "= note: and 17 more places" in shown
    assert "另有 17 处" in render([one], {one.file: text}, "zh")
    assert "这里也是" in render([one], {one.file: text}, "zh")
    assert concise([one]).count("\n") == 1
    assert "and 19 more places" in concise([one])
    assert len(json.loads(to_json([one]))["diagnostics"][0]["related"]) == 19


def test_another_suggestion_is_another_finding(write: Write) -> None:
    taken = "promotions:\n  a: {stage: shop, minus: 1, zeh: 8}\n  b: {stage: shop, zhe: 8, zeh: 8}\n"
    several = found(write(taken))
    assert [(one.code, len(one.places)) for one in several if one.params.get("key") == "zeh"] == [
        ("OK204", 1)
    ] * 2


def test_different_names_stay_apart(write: Write) -> None:
    assert len(found(write(promotions("lable", "prioritty", "lable")))) == 2


CASCADES = {
    "a mistake in an effect of the host": (
        """
        effects: {crm.push: {neds: {order: text}}}
        rules: {r: {when: {event: order.placed}, do: [crm.push: {order: order.number}]}}
        """,
        ["OK204"],
    ),
    "a mistake in a metric": (
        "metrics: {m: {cuont: order}}\nreports: {r: {metrics: [m]}, s: {metrics: [m]}}\n",
        ["OK204"],
    ),
    "a full-width sign in an expression": (
        "rules: {r: {when: {event: order.placed}, if: order.total ＞ 5, do: [tag: x]}}\n",
        ["OK509"],
    ),
    "full-width blanks in an indentation": (
        "promotions:\n  a:\n　　　stage: shop\n　　　minus: 1\n",
        ["OK133"],
    ),
    "a name that is longer than a key may be": (
        "templates: {" + "a" * 201 + ": {text: x}}\n",
        ["OK120"],
    ),
    "a repetition of what is not there": (
        "templates: {a: {text: *x}}\nrules: {r: {when: {event: order.placed}, do: *y}}\n",
        ["OK127", "OK127"],
    ),
}


@pytest.mark.parametrize(("text", "codes"), CASCADES.values(), ids=CASCADES)
def test_one_mistake_has_no_echo(text: str, codes: list[str], write: Write) -> None:
    assert [one.code for one in orderkit.check(write(text))] == codes


def test_a_tier_that_gives_less_names_the_tier_below(write: Write) -> None:
    (one,) = orderkit.check(write("promotions: {p: {stage: shop, tiers: [满300减40, 满500减30]}}\n"))
    assert one.code == "OK705"
    assert [other.text("zh") for other in one.others] == ["下面的一档"]


def test_states_of_parts_are_checked_against_the_flow_of_their_kind(write: Write) -> None:
    flows = (
        "flows:\n"
        "  order: {starts: a, states: {a: {}, b: {end: done}}, actions: {走: {from: a, to: b, by: 客服}},\n"
        "    parts: {refund: {flow: refund}}}\n"
        "  refund: {starts: x, states: {x: {}, yes: {end: done}}, actions: {同意: {from: x, to: yes, by: 客服}}}\n"
    )
    steps = "[{place: {}}, {fire: 走, part: refund-1}, {expect: {parts: {refund-1: b, refnd-1: x}}}]"
    told = [
        (one.code, one.params["name"]) for one in found(write(f"{flows}cases: {{c: {{steps: {steps}}}}}\n"))
    ]
    assert told == [("OK301", "走"), ("OK301", "b"), ("OK301", "refnd")]
    good = "[{place: {}}, {fire: 同意, part: refund-1}, {expect: {parts: {refund-1: yes}}}]"
    assert found(write(f"{flows}cases: {{c: {{steps: {good}}}}}\n")) == []
