"""What an analyst may write under `templates:` and `effects:`."""

from typing import Annotated

from pydantic import Field

from orderkit._fields.definition import FieldDefinition
from orderkit._text.definition import Definition, Named, Template


class TemplateDefinition(Definition):
    """One message text with `{holes}`."""

    text: Annotated[Template, Field(description="The body; {order.number} and the like are filled in")]
    subject: Annotated[Template | None, Field(description="The subject of an e-mail")] = None


class EffectDeclaration(Definition):
    """One effect that the host adds, with typed arguments."""

    needs: Annotated[Named[FieldDefinition], Field(description="Its arguments", default_factory=dict)]
