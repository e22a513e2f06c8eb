"""The base of all definitions: every key and value keeps its place, every mistake is said once."""

# The definitions below are read by pydantic at run time, so their types are imported at run time too.
from decimal import Decimal
from typing import Annotated, Literal, Self

import pytest
from pydantic import Field, model_validator

from orderkit._diagnostics import Collector, Diagnostic
from orderkit._diagnostics.catalog.shape import CODES
from orderkit._text import ListNode, MapNode, Node, ScalarNode, read_text
from orderkit._text.definition import (
    Amount,
    Choice,
    Definition,
    Expr,
    Flag,
    Identifier,
    Listed,
    Located,
    Many,
    Name,
    Named,
    Number,
    Percent,
    Raw,
    Ref,
    Text,
    Whole,
    validate,
    validate_each,
)
from orderkit._text.values import Mistake


class Tier(Definition):
    spend: Amount
    minus: Amount


class Gift(Definition):
    sku: Text

    @classmethod
    def short(cls, node: Node) -> Node | dict[str, Node] | None:
        return {"sku": node} if isinstance(node, ScalarNode) else None


class Promotion(Definition):
    later = frozenset({"budget"})

    name: Name
    stage: Choice[Literal["item", "shop"]] = "shop"
    from_: Many[Ref] = Field((), alias="from")
    tiers: Annotated[Listed[Tier], Field(max_length=3)] = ()
    by_sku: Named[Number] = Field(default_factory=dict)
    priority: Annotated[Whole, Field(ge=0)] = 0
    percent_off: Percent | None = None
    public: Flag = False
    worth: Located[Number] | None = None
    variable: Identifier | None = None
    gift: Gift | None = None
    if_: Expr | None = Field(None, alias="if")
    extra: Raw | None = None
    budget: Whole | None = None


def node_of(text: str) -> Node:
    found = Collector()
    node = read_text(text.encode(), "some.yaml", found)
    assert node is not None
    assert found.diagnostics == ()
    return node


def read(text: str) -> Promotion:
    found = Collector()
    made = validate(Promotion, node_of(text), found)
    assert made is not None, [str(one) for one in found.diagnostics]
    return made


def refused(text: str) -> tuple[Diagnostic, ...]:
    found = Collector()
    assert validate(Promotion, node_of(text), found) is None
    return found.diagnostics


def test_a_whole_definition_is_read_with_exact_values() -> None:
    made = read(
        "name: ' 满减 '\nstage: item\nfrom: tmall\n"
        "tiers: [{spend: 300, minus: 39.90}, {spend: 70 USD, minus: {CNY: 40, USD: 6}}]\n"
        "by_sku: {SKU-1: 89, SKU-2: 158.50}\npriority: 3\npercent_off: 12.5%\n"
        "public: true\nvariable: 高价值\ngift: BAG-01\n"
    )
    assert made.name == "满减"
    assert [ref.text for ref in made.from_] == ["tmall"]
    assert made.tiers[0].minus.amounts == {"": Decimal("39.90")}
    assert made.tiers[1].spend.amounts == {"USD": 70}
    assert made.tiers[1].minus.amounts == {"CNY": 40, "USD": 6}
    assert made.by_sku == {"SKU-1": 89, "SKU-2": Decimal("158.50")}
    assert made.percent_off == Decimal("0.125")
    assert made.gift is not None
    assert made.gift.sku == "BAG-01"
    assert (made.priority, made.public, made.variable) == (3, True, "高价值")


def test_places_of_keys_and_values_are_kept() -> None:
    made = read("name: a\nfrom: [x, 京东]\ntiers:\n  - {spend: 1, minus: 2}\nworth: 3\nextra: [1]\n")
    assert str(made.key_span("tiers")) == "some.yaml:3:1"
    assert str(made.value_span("worth")) == "some.yaml:5:8"
    assert str(made.from_[1].span) == "some.yaml:2:11"
    assert str(made.tiers[0].key_span("minus")) == "some.yaml:4:16"
    assert made.worth is not None
    assert (made.worth.value, str(made.worth.span)) == (Decimal(3), "some.yaml:5:8")
    assert made.key_span("gift") == made.span
    assert isinstance(made.extra, ListNode)


def test_a_named_definition_stands_at_its_key() -> None:
    found = Collector()
    (made,) = validate_each(Tier, node_of("first: {spend: 1, minus: 2}\n"), found).values()
    assert str(made.span) == "some.yaml:1:1"
    assert isinstance(made.node, MapNode)


@pytest.mark.parametrize(
    ("text", "part", "column"),
    [
        ("name: a\nif: order.totl > 1\n", "order.totl", 5),
        ("name: a\nif: 'city == 杭州 and totl'\n", "totl", 21),
        ('name: a\nif: "x == 1"\n', "1", 11),
    ],
)
def test_a_part_of_an_expression_has_a_column_in_the_file(text: str, part: str, column: int) -> None:
    source = read(text).if_
    assert source is not None
    start = source.text.index(part)
    span = source.at(start, start + len(part))
    assert (span.line, span.column) == (2, column)


def test_an_expression_over_several_lines_is_shown_at_its_start() -> None:
    source = read("name: a\nif: order.total > 1\n  and order.totl\n").if_
    assert source is not None
    assert str(source.at(25, 30)) == "some.yaml:2:5"


def test_an_optional_key_without_value_takes_its_default() -> None:
    made = read("name: a\nfrom:\ntiers: ~\ngift:\n")
    assert (made.from_, made.tiers, made.gift) == ((), (), None)


def test_a_misspelt_required_key_is_one_mistake() -> None:
    (one,) = refused("nmae: a\n")
    assert (one.code, one.suggestion, one.line, one.column) == ("OK204", "name", 1, 1)


def test_a_key_already_written_is_not_suggested() -> None:
    (one,) = refused("name: a\nnmae: b\n")
    assert (one.code, one.suggestion) == ("OK204", "")


MISTAKES: list[tuple[str, str, int, int, str]] = [
    ("OK201", "name: a\ngift: [1]\n", 2, 7, ""),
    ("OK201", "name: a\nby_sku: 3\n", 2, 9, ""),
    ("OK202", "name: a\ntiers: {spend: 1}\n", 2, 8, ""),
    ("OK203", "name: [a]\n", 1, 7, ""),
    ("OK204", "name: a\nprioritie: 1\n", 2, 1, "priority"),
    ("OK205", "tiers: []\n", 1, 1, ""),
    ("OK205", "name: a\ntiers: [{spend: 1}]\n", 2, 10, ""),
    ("OK207", "name:\n", 1, 1, ""),
    ("OK208", "name: " + "很" * 101 + "\n", 1, 7, ""),
    ("OK209", "name: a\nvariable: high value\n", 2, 11, "high_value"),
    ("OK209", "name: a\nvariable: if\n", 2, 11, "if_"),
    ("OK210", "name: a\npublic: yes\n", 2, 9, "true"),
    ("OK211", "name: a\npriority: 1.5\n", 2, 11, ""),
    ("OK211", "name: a\npriority: ２０\n", 2, 11, "20"),
    ("OK212", "name: a\nby_sku: {x: '1,000'}\n", 2, 13, "1000"),
    ("OK213", "name: a\npercent_off: 二十\n", 2, 14, ""),
    ("OK213", "name: a\npercent_off: 20％\n", 2, 14, "20%"),
    ("OK219", "name: a\npercent_off: 88折\n", 2, 14, ""),
    ("OK214", "name: a\ntiers: [{spend: ¥300, minus: 1}]\n", 2, 17, "300"),
    ("OK214", "name: a\ntiers: [{spend: {元: 300}, minus: 1}]\n", 2, 18, ""),
    ("OK215", "name: a\nstage: shopp\n", 2, 8, "shop"),
    ("OK216", "name: a\npriority: -1\n", 2, 11, ""),
    ("OK217", "name: a\ntiers: [" + "{spend: 1, minus: 1}," * 4 + "]\n", 2, 1, ""),
]


@pytest.mark.parametrize(("code", "text", "line", "column", "suggestion"), MISTAKES)
def test_a_mistake_is_said_once_at_its_word(
    code: str, text: str, line: int, column: int, suggestion: str
) -> None:
    (one,) = refused(text)
    assert (one.code, one.line, one.column, one.suggestion) == (code, line, column, suggestion)
    assert "_en}" not in one.text("en")
    assert "_zh}" not in one.text("zh")


class Window(Definition):
    start: Whole
    end: Whole

    @model_validator(mode="after")
    def ordered(self) -> Self:
        if self.end == self.start:
            raise Mistake("OK217", self.value_span("start"))
        if self.end < self.start:
            raise Mistake("OK216", self.value_span("end"), value=self.end)
        return self


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{start: 2, end: 1}", ("OK216", 17)),
        ("{start: 1, end: 1}", ("OK217", 9)),
        ("{start: 1, end: 2}", None),
    ],
)
def test_a_definition_may_refuse_by_itself(text: str, told: tuple[str, int] | None) -> None:
    found = Collector()
    made = validate(Window, node_of(text), found)
    assert (made is None) is (told is not None)
    assert [(one.code, one.column) for one in found.diagnostics] == ([told] if told else [])


def test_a_key_that_is_not_run_yet_is_read_checked_and_told() -> None:
    found = Collector()
    made = validate(Promotion, node_of("name: a\nbudget: 3\n"), found)
    assert made is not None
    assert made.budget == 3
    assert [(one.code, one.line, one.column) for one in found.diagnostics] == [("OK206", 2, 1)]
    assert not found.failed
    assert [one.code for one in refused("name: a\nbudget: x\n")] == ["OK206", "OK211"]


def test_every_code_of_the_shapes_has_an_example() -> None:
    assert {code for code, *_ in MISTAKES} | {"OK206", "OK220"} == {row.id for row in CODES}


def test_all_mistakes_of_a_definition_are_named_at_once() -> None:
    found = refused(
        "nam: a\nstage: x\ntiers: [{spend: y, minus: 1}, 3, {spend: 1}]\nby_sku: {a: b, c: d}\npublic: 1\n"
    )
    assert [(one.code, one.line) for one in found] == [
        ("OK204", 1),
        ("OK215", 2),
        ("OK214", 3),
        ("OK201", 3),
        ("OK205", 3),
        ("OK212", 4),
        ("OK212", 4),
        ("OK210", 5),
    ]


def test_a_broken_member_does_not_hide_the_others() -> None:
    found = Collector()
    good = validate_each(
        Tier, node_of("a: {spend: 1, minus: 1}\nb: {spend: x, minus: 1}\nc: {spend: 2, minus: 1}\n"), found
    )
    assert list(good) == ["a", "c"]
    assert [one.line for one in found.diagnostics] == [2]


def test_a_section_that_is_absent_or_no_mapping_has_no_members() -> None:
    found = Collector()
    assert validate_each(Tier, None, found) == {}
    assert validate_each(Tier, node_of("- 1\n"), found) == {}
    assert [one.code for one in found.diagnostics] == ["OK201"]


def test_editors_get_a_json_schema() -> None:
    schema = Promotion.model_json_schema()
    assert schema["required"] == ["name"]
    assert schema["additionalProperties"] is False
    properties = schema["properties"]
    assert properties["stage"]["enum"] == ["item", "shop"]
    assert properties["from"]["anyOf"][1]["type"] == "array"
    assert properties["priority"]["type"] == "integer"
    assert "if" in properties
