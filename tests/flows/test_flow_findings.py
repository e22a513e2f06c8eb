"""Mistakes in a life cycle are found before anything runs, at their place."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Findings = Callable[..., list[str]]

CASES = {
    "an unknown target state": (
        "flows: {order: {starts: a, states: {a: {}, done: {end: done}}, actions: {go: {from: a, to: don, by: 客服}}}}",
        ["OK301|don|done"],
    ),
    "an unknown role": (
        "flows: {order: {starts: a, states: {a: {}, b: {end: done}}, actions: {go: {from: a, to: b, by: 客福}}}}",
        ["OK301|客福|客服"],
    ),
    "an action that does nothing": (
        "flows: {order: {starts: a, states: {a: {end: done}}, actions: {go: {from: a, by: 客服}}}}",
        ["OK601|go"],
    ),
    "both choose and to": (
        "flows: {order: {starts: a, states: {a: {}, b: {end: done}}, actions: {go: {from: a, to: b, by: 客服, choose: [{to: b}]}}}}",
        ["OK602|to"],
    ),
    "choose without a last row": (
        "flows: {order: {starts: a, states: {a: {}, b: {end: done}}, actions: {go: {from: a, by: 客服, choose: [{if: order.total > 5, to: b}]}}}}",
        ["OK603|choose"],
    ),
    "a row after the row without if": (
        "flows: {order: {starts: a, states: {a: {}, b: {end: done}}, actions: {go: {from: a, by: 客服, choose: [{to: b}, {if: order.total > 5, to: b}]}}}}",
        ["OK604|{if: order.total > 5, to: b}"],
    ),
    "a state nothing leads to": (
        "flows: {order: {starts: a, states: {a: {}, b: {end: done}, c: {end: done}}, actions: {go: {from: a, to: b, by: 客服}}}}",
        ["OK605|c"],
    ),
    "a dead end": (
        "flows: {order: {starts: a, states: {a: {}, b: {}}, actions: {go: {from: a, to: b, by: 客服}}}}",
        ["OK606|b"],
    ),
    "a timer that fires what cannot be fired there": (
        (
            "flows: {order: {starts: a, states: {a: {timers: [{after: 1h, fire: back}]}, b: {end: done}}, actions: "
            "{go: {from: a, to: b, by: system}, back: {from: b, to: a, by: system}}}}"
        ),
        ["OK607|back"],
    ),
    "an automatic step only a person may do": (
        "flows: {order: {starts: a, states: {a: {auto: go}, b: {end: done}}, actions: {go: {from: a, to: b, by: 客服}}}}",
        ["OK608|go"],
    ),
    "an automatic step that needs what nobody gives": (
        (
            "flows: {order: {starts: a, states: {a: {auto: go}, b: {end: done}}, actions: "
            "{go: {from: a, to: b, by: system, needs: {why: text}}}}}"
        ),
        ["OK609|go"],
    ),
    "money that may arrive after the timer": (
        (
            "flows: {order: {starts: a, states: {a: {timers: [{after: 1h, fire: stop}]}, b: {end: done}, x: {end: canceled}}, "
            "actions: {pay: {from: a, to: b, by: system, needs: {m: money}, do: [pay: {amount: needs.m}]}, "
            "stop: {from: a, to: x, by: system}}}}"
        ),
        ["OK610|stop"],
    ),
    "from in a shape nobody knows": (
        "flows: {order: {starts: a, states: {a: {}, b: {end: done}}, actions: {go: {from: {but: a}, to: b, by: 客服}}}}",
        ["OK611|{but: a}"],
    ),
    "a timer that leaves reserved stock behind": (
        (
            "flows: {order: {starts: a, states: {a: {enter: [reserve_stock], timers: [{after: 1h, fire: stop}]}, "
            "x: {end: canceled}}, actions: {stop: {from: a, to: x, by: system}}}}"
        ),
        ["OK612|stop"],
    ),
    "a target this version does not run": (
        "flows: {order: {starts: a, states: {a: {}, b: {end: done}}, actions: {go: {from: a, to: b, by: 客服}, undo: {from: b, to: back, by: 客服}}}}",
        ["OK206|back"],
    ),
    "automatic steps in a circle": (
        (
            "flows: {order: {starts: a, states: {a: {auto: go}, b: {auto: back}}, actions: "
            "{go: {from: a, to: b, by: system}, back: {from: b, to: a, by: system}}}}"
        ),
        ["OK615|a"],
    ),
    "a key this version does not run": (
        "flows: {order: {starts: a, states: {a: {end: done}}, holds: {x: {blocks: all, released_by: 客服}}}}",
        ["OK206|holds"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_a_mistake_is_found_at_its_place(text: str, expected: list[str], findings: Findings) -> None:
    assert findings(text + "\n") == expected


def test_the_seed_flow_has_no_finding_but_its_deliberate_duplicate(findings: Findings) -> None:
    from pathlib import Path

    seed = Path(__file__).parents[3] / "shared" / "design" / "shop.yaml"
    if not seed.exists():
        pytest.skip("the seed's shop is not beside this checkout")
    products = "sku,name,category,price\nA100,杯,日用,100\nSKU-1,衣,服饰,100\n"
    found = findings(seed.read_text(encoding="utf-8"), **{"data/products.csv": products})
    assert found == ["OK654|未付取消"]
