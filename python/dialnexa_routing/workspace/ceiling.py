"""The most that a call of a workspace may cost a minute, and that a day of its calls may come to."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from dialnexa_routing.money.exact import plus
from dialnexa_routing.text.errors import MoneyError


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What keeps a stolen key from calling satellites all night. A router is given it.

    Attributes:
        max_rate: INR a minute of telephony; a dearer call is refused, and one whose price nobody knows.
        max_day_spend: INR; once the day has come to it, no further call goes.

    Raises:
        MoneyError: an amount is a float, is below zero, or is no number (R48).

    >>> Ceiling(max_rate="20", max_day_spend=Decimal("5000")).max_rate
    Decimal('20')
    """

    max_rate: Decimal | str | None = None
    max_day_spend: Decimal | str | None = None

    def __post_init__(self) -> None:
        for name in ("max_rate", "max_day_spend"):
            object.__setattr__(self, name, _amount(name, getattr(self, name)))


def _amount(name: str, value: object) -> Decimal | None:
    if value is None:
        return None
    if isinstance(value, str):
        try:
            value = Decimal(value)
        except ArithmeticError:
            raise MoneyError(f"{name} is {value!r:.40}, which is no amount; write '20.00' (R48)") from None
    if isinstance(value, bool | float) or not isinstance(value, Decimal | int):
        raise MoneyError(f"{name} is {type(value).__name__}; pass a Decimal or its text (R48)")
    amount = Decimal(value)
    if not amount.is_finite() or amount < 0:
        raise MoneyError(f"{name} is {amount}; it is an amount of zero or more")
    return plus(amount, Decimal(0))
