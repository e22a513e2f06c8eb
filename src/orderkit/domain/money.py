"""Exact money: integers of the smallest unit, and the roundings that a project may declare."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import total_ordering
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fractions import Fraction

_DIGITS: Final[dict[str, int]] = {
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
    **dict.fromkeys(["CLF", "UYW"], 4),
}
_USUAL_DIGITS: Final = 2
_LETTERS: Final = 3
_SYMBOLS: Final[dict[str, str]] = {"CNY": "¥", "GBP": "£", "USD": "$", "EUR": "€", "JPY": "¥"}


class Rounding(StrEnum):
    """How an amount between two minor units is settled; the words of `pricing.rounding`."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    HALF_DOWN = "half_down"
    DOWN = "down"
    UP = "up"


def digits_of(currency: str) -> int:
    """Tell how many decimals a currency has (ISO 4217: JPY 0, CNY 2, KWD 3).

    Args:
        currency: Three-letter code.

    Returns:
        The number of decimals.
    """
    return _DIGITS.get(currency, _USUAL_DIGITS)


def divide(numerator: int, denominator: int, rounding: Rounding = Rounding.HALF_UP) -> int:
    """Divide two integers and settle the rest once, on the magnitude.

    Args:
        numerator: Any integer.
        denominator: A positive integer.
        rounding: How the rest is settled; "half up" means away from zero, so that a discount and
            the matching refund round alike.

    Returns:
        The rounded quotient.
    """
    whole, rest = divmod(abs(numerator), denominator)
    twice = rest * 2
    if rounding is Rounding.HALF_UP:
        more = twice >= denominator
    elif rounding is Rounding.HALF_DOWN:
        more = twice > denominator
    elif rounding is Rounding.HALF_EVEN:
        more = twice > denominator or (twice == denominator and whole % 2 == 1)
    else:
        more = rounding is Rounding.UP and rest > 0
    whole += more
    return whole if numerator >= 0 else -whole


def to_minor(amount: Decimal | Fraction | int, currency: str, rounding: Rounding = Rounding.HALF_UP) -> int:
    """Turn an exact amount into minor units, rounding once.

    Args:
        amount: In major units (yuan, pounds).
        currency: Three-letter code.
        rounding: How a rest below one minor unit is settled.

    Returns:
        Minor units (fen, pence).
    """
    numerator, denominator = amount.as_integer_ratio()
    return divide(numerator * 10 ** digits_of(currency), denominator, rounding)


def exact_minor(amount: Decimal, currency: str) -> int | None:
    """Turn an amount into minor units only where nothing has to be rounded.

    Args:
        amount: In major units.
        currency: Three-letter code.

    Returns:
        Minor units, or None where the amount is finer than the currency.
    """
    scale: int = 10 ** digits_of(currency)
    whole = int(amount)
    if whole == amount:
        return whole * scale
    numerator, denominator = amount.as_integer_ratio()
    whole, rest = divmod(numerator * scale, denominator)
    return None if rest else whole


def to_decimal(minor: int, currency: str) -> Decimal:
    """Turn minor units into an exact decimal with the currency's own number of places.

    Args:
        minor: Minor units.
        currency: Three-letter code.

    Returns:
        The amount in major units; `to_decimal(5, "CNY")` is `Decimal("0.05")`.
    """
    return Decimal(minor).scaleb(-digits_of(currency))


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in one currency, as hosts see it.

    Args:
        minor: Amount in the smallest unit (fen, pence); may be negative.
        currency: Three-letter code.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        """Refuse what is no whole number of minor units, such as `Money("19.99", "CNY")`."""
        if type(self.minor) is not int:
            message = f"minor units are an int; for {self.minor!r} in major units use Money.of"
            raise TypeError(message)
        if type(self.currency) is not str or len(self.currency) != _LETTERS:
            message = f"{self.currency!r} is no currency; write three letters such as CNY"
            raise ValueError(message)

    @classmethod
    def of(cls, amount: Decimal | int | str, currency: str) -> Money:
        """Read an amount that must fit the currency exactly.

        Args:
            amount: Major units; a text such as `"39.90"`, never a float.
            currency: Three-letter code.

        Returns:
            The amount.

        Raises:
            TypeError: The amount is a float.
            ValueError: It is no number, or finer than the currency's smallest unit.
        """
        if isinstance(amount, float):
            message = f"{amount!r} is a float; write the amount as a text or Decimal"
            raise TypeError(message)
        try:
            exact = Decimal(amount)
        except InvalidOperation:
            message = f"{amount!r} is no amount"
            raise ValueError(message) from None
        minor = exact_minor(exact, currency) if exact.is_finite() else None
        if minor is None:
            message = f"{amount} is finer than the smallest unit of {currency}"
            raise ValueError(message)
        return cls(minor, currency)

    @property
    def amount(self) -> Decimal:
        """Give the amount in major units, exact."""
        return to_decimal(self.minor, self.currency)

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            message = f"{self.currency} and {other.currency} cannot be mixed"
            raise ValueError(message)

    def __add__(self, other: Money) -> Money:
        """Add an amount of the same currency."""
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        """Take off an amount of the same currency."""
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __radd__(self, other: object) -> Money:
        """Let `sum()` begin with its 0."""
        if other == 0:
            return self
        return NotImplemented

    def __mul__(self, times: int) -> Money:
        """Take it several times; shares and percentages are the business of pricing."""
        if type(times) is not int:
            return NotImplemented
        return Money(self.minor * times, self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        """Turn the sign."""
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        """Compare with an amount of the same currency."""
        self._same(other)
        return self.minor < other.minor

    def __bool__(self) -> bool:
        """Tell whether it is other than nothing."""
        return self.minor != 0

    def __str__(self) -> str:
        """Give the plain amount and the code, such as `160.00 CNY`."""
        return f"{self.amount:f} {self.currency}"

    def shown(self) -> str:
        """Give the form people read, such as `¥1,234.50`.

        Returns:
            Symbol or code, thousands, and the currency's own decimals.
        """
        sign = "-" if self.minor < 0 else ""
        symbol = _SYMBOLS.get(self.currency, f"{self.currency} ")
        return f"{sign}{symbol}{abs(self.amount):,}"
