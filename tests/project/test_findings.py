"""Mistakes that only show when files, names and features meet, each at its place with its remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import orderkit
from orderkit import ConfigError

Findings = Callable[..., list[str]]
Write = Callable[..., Path]
ONE_STATE = "flows: {order: {starts: a, states: {a: {end: done}}}}\n"

CASES = {
    # references
    "an unknown role of a private field": (
        "fields: {order: {phone: {type: phone, private: true, see: [客福]}}}",
        ["OK301|客福|客服"],
    ),
    "an unknown type": ("fields: {order: {size: {type: nummber}}}", ["OK304|nummber|"]),
    "a table that is not there": (
        "tables: {products: {key: sku, file: data/prodcts.csv}}",
        ["OK880|data/prodcts.csv"],
    ),
    "a file outside the project": (
        "tables: {products: {key: sku, file: ../products.csv}}",
        ["OK881|../products.csv"],
    ),
    "a choice without choices": ("fields: {order: {pay: {type: choice}}}", ["OK428|type"]),
    "a default of another type": (
        "fields: {order: {floor: {type: integer, default: third}}}",
        ["OK432|third"],
    ),
    "a pattern that is none": ("fields: {order: {zip: {type: text, match: '[0-9'}}}", ["OK433|'[0-9'"]),
    "a table from nowhere": ("tables: {products: {key: sku}}", ["OK883|products"]),
    "a formula and a default": (
        "fields: {order: {big: {type: boolean, default: true, formula: order.total > 5}}}",
        ["OK437|formula"],
    ),
    "a name orderkit uses itself": ("fields: {order: {total: {type: money}}}", ["OK318|total"]),
    "a standard field with another type": ("fields: {order: {note: {type: integer}}}", ["OK303|integer"]),
    "a field that no path can name": ("fields: {order: {gift note: text}}", ["OK328|gift note"]),
    "a field that only a later version holds unique": (
        "fields: {order: {serial: {type: text, unique: true}}}",
        ["OK206|unique"],
    ),
    "a misspelt group of fields": ("fields: {ordr: {vip: flag}}", ["OK204|ordr|order"]),
    "a record that no field uses": ("fields: {adress: {city: text}}", ["OK350|adress"]),
    "a record with a mistake inside": (
        "fields: {order: {to: adress}, adress: {city: txet}}",
        ["OK304|txet|text"],
    ),
    "the data of a part": (
        (
            "flows: {order: {starts: a, states: {a: {end: done}}, parts: {refund: {flow: refund}}}, "
            "refund: {starts: b, states: {b: {end: done}}}}\nfields: {refund: {why: text}}"
        ),
        ["OK206|refund"],
    ),
    "a field required under a condition that reads nothing": (
        "fields: {order: {gate: {type: text, required: order.totl > 5}}}",
        ["OK331|totl|total"],
    ),
    "a field required in words": (
        "fields: {order: {gate: {type: text, required: yes}}}",
        ["OK210|yes|true"],
    ),
    "a check of a field that is no condition": (
        "fields: {order: {gate: {type: text, checks: [{that: order.total}]}}}",
        ["OK400|order.total"],
    ),
    "a check where there is no order yet": (
        (
            "effects: {wms.pick: {needs: {x: {type: text, checks: [{that: 1 > 2}]}}}}\n"
            "rules: {r: {when: {event: order.placed}, do: [wms.pick: {x: order.number}]}}"
        ),
        ["OK438|checks"],
    ),
    "an unknown section": ("filds: {order: {}}", ["OK322|filds|fields"]),
    "an empty section of a later version": ("gateways:", []),
    "a section without names": ("rules: [a]", ["OK324|[a]"]),
    "an unknown template": (
        "rules: {r: {when: {event: order.placed}, do: [notify: {to: 客服, template: shiped}]}}",
        ["OK301|shiped"],
    ),
    # effects
    "an unknown effect": (
        "rules: {r: {when: {event: order.placed}, do: [notfy: {to: 客服, text: x}]}}",
        ["OK641|notfy|notify"],
    ),
    "an argument where none is taken": (
        "rules: {r: {when: {event: order.placed}, do: [release_stock: {all: true}]}}",
        ["OK642|release_stock"],
    ),
    "an argument that is missing": (
        "rules: {r: {when: {event: order.placed}, do: [notify: {text: x}]}}",
        ["OK643|notify"],
    ),
    "an argument nobody knows": (
        "rules: {r: {when: {event: order.placed}, do: [notify: {to: 客服, txt: x}]}}",
        ["OK644|txt|text"],
    ),
    "two effects in one entry": (
        "rules: {r: {when: {event: order.placed}, do: [{tag: a, assign: 客服}]}}",
        ["OK645|{tag: a, assign: 客服}"],
    ),
    "neither template nor text": (
        "rules: {r: {when: {event: order.placed}, do: [notify: {to: 客服}]}}",
        ["OK646|notify"],
    ),
    "an effect of a later version": (
        "rules: {r: {when: {event: order.placed}, do: [webhook: {to: erp}]}}",
        ["OK206|webhook"],
    ),
    "paying back outside a refund": (
        "rules: {r: {when: {event: order.placed}, do: [pay_back]}}",
        ["OK648|pay_back"],
    ),
    "an action fired of something that is no order": (
        "flows: {order: {starts: a, states: {a: {end: done}}, actions: {go: {from: a, by: system, do: [{fire: go, of: it}]}}}}",
        ["OK649|it"],
    ),
    # rules
    "a rule that does nothing": ("rules: {r: {when: {event: order.placed}, do: []}}", ["OK217|do"]),
    "a rule whose effects are missing": ("rules: {r: {when: {event: order.placed}, do: }}", ["OK207|do"]),
    "a rule that waits for nothing": ("rules: {r: {when: {}, do: [tag: a]}}", ["OK650|when"]),
    "a held state without a time": ("rules: {r: {when: {state: placed}, do: [tag: a]}}", ["OK651|when"]),
    "a delay without still": (
        "rules: {r: {when: {event: order.placed}, after: 3d, do: [tag: a]}}",
        ["OK652|after"],
    ),
    "a delay that is none": (
        "rules: {r: {when: {event: order.placed}, after: soon, still: order.total > 0, do: [tag: a]}}",
        ["OK653|soon"],
    ),
    "a repeat without a delay": (
        "rules: {r: {when: {event: order.placed}, do: [tag: a], again: {every: 1h}}}",
        ["OK655|again"],
    ),
    "a part's event without of": (
        (
            "rules: {r: {when: {event: refund.opened}, do: [tag: a]}}\n"
            "flows: {order: {starts: a, states: {a: {end: done}}, parts: {refund: {flow: refund}}}, "
            "refund: {starts: b, states: {b: {end: done}}}}"
        ),
        ["OK656|refund.opened"],
    ),
    "business days": (
        "rules: {r: {when: {event: order.placed}, after: 2bd, still: order.total > 0, do: [tag: a]}}",
        ["OK206|2bd"],
    ),
    # cases
    "a step that is two": ("cases: {c: {steps: [{wait: 1h, fire: x}]}}", ["OK980|{wait: 1h, fire: x}"]),
    "an expectation nobody knows": (
        "cases: {c: {steps: [{place: {}}, {expect: {totl: 5}}]}}",
        ["OK981|totl|total"],
    ),
    "a case without steps": ("cases: {c: {given: {}}}", ["OK982|c"]),
    "a refusal reason nobody knows": (
        "cases: {c: {steps: [{place: {}, refused: stok}]}}",
        ["OK983|stok|stock"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_a_mistake_is_found_at_its_place(text: str, expected: list[str], findings: Findings) -> None:
    assert [one.rstrip("|") for one in findings(text + "\n")] == [one.rstrip("|") for one in expected]


@pytest.mark.parametrize(
    ("pattern", "en", "zh"),
    [
        ("[0-9", "a `[` is never closed (character 1)", "有“[”没有用“]”结束（第 1 个字符）"),
        ("ab)", "a `)` closes nothing (character 3)", "有“)”没有对应的“(”（第 3 个字符）"),
        ("(?P<1>a)", "invalid capture group character (character 5)", "写法有误（第 5 个字符）"),
    ],
)
def test_a_pattern_that_is_none_is_told_in_words(pattern: str, en: str, zh: str, write: Write) -> None:
    (one,) = orderkit.check(write(f"fields: {{order: {{zip: {{type: text, match: '{pattern}'}}}}}}\n"))
    assert (one.params["said"], one.params["said_zh"]) == (en, zh)


def test_a_default_that_does_not_fit_is_told_in_chinese_throughout(write: Write) -> None:
    (one,) = orderkit.check(write("fields: {order: {floor: {type: integer, default: third}}}\n"))
    assert "“third”不是数字" in one.text("zh")


def test_a_row_of_a_table_that_does_not_fit_is_named_with_its_line(findings: Findings) -> None:
    table = "tables: {products: {key: sku, file: data/products.csv, fields: {price: money}}}\n"
    assert findings(table, **{"data/products.csv": "sku,price\nA,5\nB,cheap\n"}) == ["OK882|cheap"]
    assert findings(table, **{"data/products.csv": "sku,price\nA,5\nA,6\n"}) == ["OK884|A"]


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ("project: {name: x, currency: CNY, timezone: Asia/Shanghay}", "OK309|Asia/Shanghay|Asia/Shanghai"),
        ("project: {name: x, currency: yuan, timezone: UTC}", "OK310|yuan"),
        ("project: {name: x, currency: CNY, timezone: UTC, language: 2}", "OK311|2"),
    ],
)
def test_the_project_section_is_checked(head: str, code: str, findings: Findings) -> None:
    assert findings(head + "\n") == [code]


def test_a_project_needs_its_section(tmp_path: Path) -> None:
    (tmp_path / "orderkit.yaml").write_text("fields: {}\n", encoding="utf-8")
    assert [one.code for one in orderkit.check(tmp_path)] == ["OK314"]


def test_names_in_two_files_show_both_places(write: Write) -> None:
    folder = write("rules: {r: {when: {event: order.placed}, do: [tag: a]}}\n", **{
        "more/rules.yaml": "rules: {r: {when: {event: order.placed}, do: [tag: b]}}\n",
        "more/head.yaml": "project: {name: y}\n",
        "more/empty.yaml": "",
        "more/text.yaml": "nothing but words\n",
    })  # fmt: skip
    found = {one.code: one for one in orderkit.check(folder)}
    assert set(found) == {"OK321", "OK325", "OK326"}
    assert (found["OK326"].file, found["OK326"].related[0].span.file) == (
        "orderkit.yaml",
        "more/rules.yaml",
    ) or (
        found["OK326"].file,
        found["OK326"].related[0].span.file,
    ) == ("more/rules.yaml", "orderkit.yaml")


def test_a_part_declared_by_two_flows_shows_both_places(findings: Findings) -> None:
    text = (
        "flows:\n"
        "  order: {starts: a, states: {a: {end: done}}, parts: {box: {flow: box}}}\n"
        "  other: {starts: a, states: {a: {end: done}}, parts: {box: {flow: box}}}\n"
        "  box: {starts: a, states: {a: {end: done}}}\n"
    )
    assert findings(text) == ["OK613|other|order", "OK302|box"]


def test_an_overlay_changes_what_exists_and_nothing_else(write: Write) -> None:
    body = (
        "project: {name: x, currency: CNY, timezone: UTC, vars: {fee: 8}}\n"
        "pricing: {shipping: {fee: 8}}\n"
        "promotions: {p: {name: P, stage: shop, minus: 5}}\n"
    )
    good = {"env/prod.yaml": "project: {vars: {fee: 9, more: 1}}\npricing: {shipping: {fee: 10}}\n"}
    folder = write(body, **good)
    assert orderkit.load(folder).variables["fee"] == 8
    laid = orderkit.load(folder, env="prod")
    assert (laid.variables["fee"], laid.variables["more"], laid.pricing.fee) == (9, 1, {"CNY": 1000})
    assert laid.hash != orderkit.load(folder).hash
    bad = write(body, **{"env/prod.yaml": "promotions: {q: {minus: 5}}\nrules: {}\n"})
    assert [one.code for one in orderkit.check(bad, env="prod")] == ["OK327", "OK327"]


def test_load_raises_once_with_every_mistake_of_every_file(write: Write) -> None:
    folder = write("fields: {order: {size: nummber}}\n", **{
        "a.yaml": "rules: {r: {when: {event: order.place}, do: [tag: a]}}\n",
        "b.yaml": "promotions: [",
    })  # fmt: skip
    with pytest.raises(ConfigError) as caught:
        orderkit.load(folder)
    files = {one.file for one in caught.value.diagnostics}
    assert files == {"orderkit.yaml", "a.yaml", "b.yaml"}
    told = caught.value.render()
    assert "did you mean `order.placed`?" in told
    assert "rules: {r: {when: {event: order.place}" in told
    assert "没有" in caught.value.render(lang="zh")


def test_every_code_is_made_by_some_test() -> None:
    from orderkit._diagnostics.codes import table
    from orderkit._expr import Reason

    tests = Path(__file__).parents[1]
    texts = "".join(path.read_text(encoding="utf-8") for path in tests.rglob("*.py"))
    named = {reason.value for reason in Reason if f"Reason.{reason.name}" in texts}
    assert [code for code in table() if code not in texts and code not in named] == []
