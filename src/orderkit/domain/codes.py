"""Single-use coupon codes: what they are drawn from, and how they are read however they are typed."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

SIGNS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Douglas Crockford's base 32: no I, L and O, which look like digits, and no U."""

_ALIKE: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None, "_": None})


def fold_batch_code(text: str) -> str:
    """Bring a code to the form in which codes of a batch are compared.

    Args:
        text: As entered: any case, full-width or not, with blanks or hyphens, O for 0, I or L for 1.

    Returns:
        Capitals and digits without look-alikes.
    """
    return unicodedata.normalize("NFKC", text).strip().upper().translate(_ALIKE)


def draw_codes(prefix: str, length: int, count: int, choose: Callable[[str], str]) -> list[str]:
    """Draw different codes.

    Args:
        prefix: What every code begins with.
        length: Signs behind it.
        count: How many.
        choose: Chooses one sign of a text; a host passes a source that nobody can guess.

    Returns:
        The codes as they are printed; their folded forms are all different.

    Raises:
        ValueError: There are not twice as many codes of this length, so that drawing would not end.
    """
    if count * 2 > len(SIGNS) ** length:
        message = f"{length} signs make {len(SIGNS) ** length} codes, too few to draw {count} at random"
        raise ValueError(message)
    made: dict[str, str] = {}
    while len(made) < count:
        code = prefix + "".join(choose(SIGNS) for _ in range(length))
        made.setdefault(fold_batch_code(code), code)
    return list(made.values())
