"""Exact amounts as lines that add up to a total which was rounded call by call (R48)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

from dialnexa_routing.money.exact import minus, places_of, rounded, total

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

Key = TypeVar("Key")

ROUNDING = "rounding"
"""The line that holds what rounding each call has added or left off."""


def in_places(exact: Mapping[Key, Decimal], places: int) -> dict[Key, Decimal]:
    """Amounts by the cumulative rule: each is the rounded sum up to it, less the rounded sum before it.

    So they add up to the rounded sum of all, and each is off by less than a unit of its last place.

    >>> from decimal import Decimal
    >>> thirds = {"stt": Decimal("0.333"), "llm": Decimal("0.333"), "tts": Decimal("0.334")}
    >>> [str(amount) for amount in in_places(thirds, 2).values()]
    ['0.33', '0.34', '0.33']
    """
    found, so_far, told = {}, Fraction(0), rounded(0, places)
    for key, amount in exact.items():
        so_far += Fraction(amount)
        now = rounded(so_far, places)
        found[key], told = minus(now, told), now
    return found


def adding_up(exact: Mapping[str, Decimal], net: Decimal) -> dict[str, Decimal]:
    """Exact amounts as lines that add up to `net`; what roundings of calls made is a line of its own.

    Args:
        exact: amounts by name, before any rounding.
        net: INR, the sum of charges, each of which was rounded once; the lines have its places.

    >>> from decimal import Decimal
    >>> adding_up({"llm": Decimal("333.000000000")}, Decimal("330.00"))
    {'llm': Decimal('333.00'), 'rounding': Decimal('-3.00')}
    """
    lines: dict[str, Decimal] = in_places(exact, places_of(net))
    rest = minus(net, total(lines.values()))
    return lines | ({ROUNDING: rest} if rest else {})
