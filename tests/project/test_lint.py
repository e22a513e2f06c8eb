"""What loads and was hardly meant: warnings about fields, tables, flows, channels and rules."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Findings = Callable[..., list[str]]

LINTS = {
    "a smallest value above the largest": (
        "fields: {order: {n: {type: integer, min: 9, max: 3}}}",
        ["OK443|9"],
    ),
    "formulas made of each other": (
        "fields: {order: {a: {type: integer, formula: order.b + 1}, b: {type: integer, formula: order.a + 1}}}",
        ["OK444|a"],
    ),
    "a table that nothing reads": (
        "tables: {prodcuts: {key: sku, host: true}}",
        ["OK351|prodcuts|products"],
    ),
    "a table that a field reads": (
        "tables: {shops: {key: id, host: true}}\nfields: {order: {shop: shops}}",
        [],
    ),
    "a standard field misspelt": ("fields: {order: {ntoe: text}}", ["OK352|ntoe|note"]),
    "a flow that nothing goes through": (
        "flows: {oredr: {starts: a, states: {a: {end: done}}}}",
        ["OK613|oredr|order"],
    ),
    "a pool there is none of": (
        (
            "flows: {order: {starts: a, states: {a: {end: done}}, parts: {refund: {flow: refund, takes: {lines: orderd}}}}, "
            "refund: {starts: b, states: {b: {end: done}}}}"
        ),
        ["OK215|{lines: orderd}|ordered"],
    ),
    "two rules that say the same": (
        (
            "rules:\n  a: {when: {event: order.placed}, do: [tag: x]}\n  b: {do: [tag: x], when: {event: order.placed}}\n"
            "  c: {when: {event: order.placed}, do: [tag: y]}"
        ),
        ["OK668|b"],
    ),
    "two files with one header": (
        (
            "channels:\n"
            "  a: {files: {x: {has: [n, t]}}, order: {key: n, map: {total: t, placed_at: n}}, trust: [total]}\n"
            "  b: {files: {y: {has: [t, n]}}, order: {key: n, map: {total: t, placed_at: n}}, trust: [total]}"
        ),
        ["OK820|y"],
    ),
    "a required field that a channel does not fill": (
        (
            "fields: {order: {shop: {type: text, required: true}}}\n"
            "channels: {a: {order: {key: n, map: {note: t}}, lines: {map: {sku: s, price: p}}}}"
        ),
        ["OK821|map"],
    ),
    "a word in an effect that is a mapping": (
        "rules: {r: {when: {event: order.placed}, do: [notify: {to: {zz: 1}, text: x}]}}",
        ["OK203|{zz: 1}"],
    ),
    "a text in an effect that is a list": (
        "rules: {r: {when: {event: order.placed}, do: [notify: {to: 客服, text: [a]}]}}",
        ["OK203|[a]"],
    ),
    "a word in an effect that is missing": (
        "rules: {r: {when: {event: order.placed}, do: [notify: {to: 客服, template: }]}}",
        ["OK207|template"],
    ),
    "a type that is a mapping": ("fields: {order: {n: {type: {zz: 1}}}}", ["OK203|{zz: 1}"]),
    "a default that is a mapping": (
        "fields: {order: {n: {type: text, default: {zz: 1}}, number: {default: {zz: 1}}}}",
        ["OK203|{zz: 1}", "OK203|{zz: 1}"],
    ),
    "a part in a case that there is none of": (
        "cases: {c: {steps: [{fire: x, part: refudn-1, refused: unknown_action}]}}",
        ["OK301|refudn-1"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), LINTS.values(), ids=LINTS)
def test_what_was_hardly_meant_is_told_at_its_place(
    text: str, expected: list[str], findings: Findings
) -> None:
    assert findings(text + "\n") == expected


def test_two_letters_swapped_are_found_in_short_names_too(findings: Findings) -> None:
    text = "flows: {order: {starts: 准批, states: {批准: {end: done}, 到账: {end: done}}}}\n"
    assert "OK301|准批|批准" in findings(text)
