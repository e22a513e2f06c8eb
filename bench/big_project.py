"""A project of 10,000 lines, and the plain way to read the same text: an events builder and pydantic models.

The baselines are written as one would write them who wants positions and types and nothing more. They know no
names of other sections, no expressions, no short forms and no hints; what orderkit adds is its ratio to them.
"""

# The models' annotations are read at run time.
import re
from decimal import Decimal
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

FIELDS, STATES, RULES, PROMOTIONS = 180, 60, 280, 500


def text_of(promotions: int = PROMOTIONS, rules: int = RULES) -> str:
    """Write the project."""
    lines = [
        "project: {name: bench, currency: CNY, timezone: Asia/Shanghai, roles: {a: {}}}",
        "fields:",
        "  order:",
    ]
    for at in range(FIELDS):
        lines += [f"    f{at}:", f"      label: 字段{at}", f"      type: {'money' if at % 2 else 'text'}"]
    lines += ["flows:", "  order:", "    starts: s0", "    states:"]
    lines += [f"      s{at}: " + ("{end: done}" if at == STATES - 1 else "{}") for at in range(STATES)]
    lines.append("    actions:")
    for at in range(STATES - 1):
        lines += [f"      go{at}:", f"        from: s{at}", f"        to: s{at + 1}", "        by: a"]
    lines.append("rules:")
    for at in range(rules):
        condition = f"order.total > {100 + at} and order.channel == 'c{at}'"
        lines += [f"  rule{at}:", "    when:", "      event: order.placed", f"    if: {condition}"]
        lines += ["    do:", f"      - tag: t{at}"]
    lines.append("promotions:")
    for at in range(promotions):
        lines += [f"  p{at}:", f"    name: 促销{at}", "    stage: shop"]
        lines += ["    active: 2026-06-16 20:00 .. 2026-06-20 24:00", "    goods:", "      category:"]
        lines += [f"        - c{at % 20}", f"        - d{at % 20}", "    tiers:"]
        for tier in range(1, 4):
            lines += [f"      - spend: {100 * tier + at}", f"        minus: {10 * tier}"]
        lines += ["    limit:", "      per_customer: 1"] if at % 2 else []
    return "\n".join(lines) + "\n"


class Strict(BaseModel):
    """As strict as a schema of plain data usually is."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class _Project(Strict):
    name: str
    currency: str = Field(pattern="^[A-Z]{3}$")
    timezone: str
    roles: dict[str, dict[str, Any]] = {}


class _OrderField(Strict):
    label: str
    type: Literal["money", "text", "count", "datetime", "choice"]


class _State(Strict):
    end: Literal["done", "failed"] | None = None


class _Action(Strict):
    from_: str = Field(alias="from")
    to: str
    by: str


class _Flow(Strict):
    starts: str
    states: dict[str, _State]
    actions: dict[str, _Action]


class _When(Strict):
    event: str


class _Rule(Strict):
    when: _When
    if_: str = Field(alias="if")
    do: list[dict[str, str]]


class _Goods(Strict):
    category: list[str]


class _Tier(Strict):
    spend: Decimal
    minus: Decimal


class _Limit(Strict):
    per_customer: int


class _Promotion(Strict):
    name: str
    stage: Literal["shop", "item", "platform"]
    active: str = Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{5} \.\. [0-9 :-]+$")
    goods: _Goods
    tiers: list[_Tier]
    limit: _Limit | None = None


class Shape(Strict):
    """The whole file."""

    project: _Project
    fields: dict[str, dict[str, _OrderField]]
    flows: dict[str, _Flow]
    rules: dict[str, _Rule]
    promotions: dict[str, _Promotion]


class _Core(yaml.CSafeLoader):
    """The C parser."""


_WHOLE = re.compile(r"[-+]?[0-9]+").fullmatch
_DECIMAL = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)").fullmatch
_CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}
_NUMERIC = frozenset("-+.0123456789")


def build_events(text: str) -> tuple[Any, dict[int, dict[Any, tuple[int, ...]]]]:
    """Read with the C parser's events: plain data, the place of every key and value, no key twice."""
    following = _Core(text).get_event
    scalar, mapping, mapping_end = yaml.ScalarEvent, yaml.MappingStartEvent, yaml.MappingEndEvent
    sequence_end = yaml.SequenceEndEvent
    places: dict[int, dict[Any, tuple[int, ...]]] = {}

    def value(event: Any) -> Any:
        kind = event.__class__
        if kind is scalar:
            written: str = event.value
            if event.implicit[0]:
                if written in _CONSTANTS:
                    return _CONSTANTS[written]
                if written[0] in _NUMERIC:
                    if _WHOLE(written):
                        return int(written)
                    if _DECIMAL(written):
                        return Decimal(written)
            return written
        mark = event.start_mark
        at: dict[Any, tuple[int, ...]] = {None: (mark.line, mark.column)}
        if kind is mapping:
            made: dict[str, Any] = {}
            while (key := following()).__class__ is not mapping_end:
                name = key.value
                if name in made:
                    message = f"duplicate key {name}"
                    raise ValueError(message)
                member = following()
                key_mark, mark = key.start_mark, member.start_mark
                at[name] = (key_mark.line, key_mark.column, mark.line, mark.column)
                made[name] = value(member)
            places[id(made)] = at
            return made
        listed: list[Any] = []
        while (member := following()).__class__ is not sequence_end:
            mark = member.start_mark
            at[len(listed)] = (mark.line, mark.column)
            listed.append(value(member))
        places[id(listed)] = at
        return listed

    following()
    following()
    return value(following()), places


def bare_events(text: str) -> None:
    """Let the C parser run and drop what it says."""
    following = _Core(text).get_event
    while following().__class__ is not yaml.StreamEndEvent:
        pass


def round_trip(text: str) -> Any:
    """Read with ruamel.yaml, which keeps places and comments."""
    import ruamel.yaml

    return ruamel.yaml.YAML(typ="rt").load(text)
