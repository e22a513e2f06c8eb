"""Readers of the ways to reach someone: phone, e-mail, web address."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from orderkit._fields.converters import BadValue, to_text

_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+")
_PHONE: Final = re.compile(r"\+?\d{5,15}(?:-\d{1,6})?")
_MASKED: Final = re.compile(r"[0-9*+-]{1,40}")


def to_phone(raw: object) -> str:
    """Read a phone number: digits, an optional country code and extension.

    Args:
        raw: As people write it, with blanks, dashes and brackets; a channel may hide digits behind `*`.

    Returns:
        The number without blanks.

    Raises:
        BadValue: It is none.
    """
    text = unicodedata.normalize("NFKC", to_text(raw))
    text = re.sub(r"[\s()]", "", text)
    masked = "*" in text and _MASKED.fullmatch(text)
    if not masked and not _PHONE.fullmatch(text.replace("-", "")):
        raise BadValue("OK463")
    return text


def to_email(raw: object) -> str:
    """Read an e-mail address.

    Args:
        raw: As people write it.

    Returns:
        The address.

    Raises:
        BadValue: It is none.
    """
    text = to_text(raw)
    if not _EMAIL.fullmatch(text):
        raise BadValue("OK464")
    return text


def to_url(raw: object) -> str:
    """Read a web address.

    Args:
        raw: As people write it.

    Returns:
        The address.

    Raises:
        BadValue: It does not begin with http:// or https://.
    """
    text = to_text(raw)
    if not text.startswith(("http://", "https://")):
        raise BadValue("OK465")
    return text
