"""What an analyst may write under `templates:` and `effects:`."""

from typing import Annotated, Any, Final

from pydantic import Field, WithJsonSchema

from orderkit._fields.definition import FieldDefinition
from orderkit._text.definition import Definition, Listed, Named, Raw, Template

_WORD: Final = {"type": ["string", "number", "boolean"]}
_WORDS: Final = {"anyOf": [_WORD, {"type": "array", "items": _WORD}]}
_MESSAGE: Final = {"to": _WORDS, "via": _WORDS, "template": _WORD, "text": _WORD}


def _called(told: str, arguments: dict[str, Any], needed: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "description": told, "type": "object", "properties": arguments, "additionalProperties": False,
        "required": list(needed),
    }  # fmt: skip


EFFECTS: Final[dict[str, dict[str, Any]]] = {
    "pay": _called("Book a payment", {"amount": _WORD, "txn": _WORD}, ("amount",)),
    "refund": _called("Open a refund", {"amount": _WORD, "why": _WORD}, ("amount",)),
    "refunded": _called("Book money that went back", {"amount": _WORD, "why": _WORD}, ("amount",)),
    "notify": _called("Send a message", _MESSAGE, ("to",)),
    "task": _called("Give somebody work", {"to": _WORD, "kind": _WORD}),
    "set": {"description": "Set fields of the order to expressions", "type": "object"},
    "tag": {"description": "Mark the order", **_WORD},
    "assign": {"description": "Give the order to a role", **_WORD},
    "fire": {"description": "Fire an action", **_WORD},
    "of": {"description": "Whose action is fired: order", "enum": ["order"]},
    "reserve_stock": _called("Reserve what the order needs", {"short": {"enum": ["backorder"]}}),
    "escalate": _called("Tell somebody higher up; not run yet", _MESSAGE),
    "webhook": {"description": "Call a registered address; not run yet", "type": ["string", "object"]},
    "hold": {"description": "Place a hold; not run yet", "type": ["string", "object"]},
    "unhold": {"description": "Release a hold; not run yet", "type": ["string", "object"]},
    "open": {"description": "Open a part; not run yet", "type": ["string", "object"]},
    "ship": {"description": "Open a shipment; not run yet", "type": "object"},
}
"""What editors complete under `do`, `enter`, `leave`; effects of the host stand beside them."""
BARE: Final = ("reserve_stock", "allocate_stock", "consume_stock", "release_stock", "pay_back")
"""Effects without arguments."""

Effects = Annotated[
    Listed[Raw],
    WithJsonSchema(
        {
            "type": ["array", "null"],
            "items": {
                "type": ["string", "object"],
                "anyOf": [{"enum": list(BARE)}, {"type": ["string", "object"]}],
                "properties": EFFECTS,
            },
        }
    ),
]
"""A list of effects; each is compiled where it stands."""


class TemplateDefinition(Definition):
    """One message text with `{holes}`."""

    text: Annotated[Template, Field(description="The body; {order.number} and the like are filled in")]
    subject: Annotated[Template | None, Field(description="The subject of an e-mail")] = None


class EffectDeclaration(Definition):
    """One effect that the host adds, with typed arguments."""

    needs: Annotated[Named[FieldDefinition], Field(description="Its arguments", default_factory=dict)]
