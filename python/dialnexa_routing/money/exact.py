"""The exact room: rounding, nano-rupees, sums and shares of amounts, written once (R48).

Python's `Decimal` takes its precision, its rounding and its traps from a context that belongs to the
caller, so a plain ``a + b`` is right on one machine and wrong, or an exception, on the next. Nothing
here looks at that context: amounts are added in one of our own that raises rather than round, and a
rounding is a division of whole numbers. It rounds magnitudes, so a credit is always the mirror image of
its charge. No other file of the package does arithmetic on a `Decimal`; `tests/test_exact_room.py` looks.

What a column needs stands in `dialnexa_routing.deck.exact_columns`, since this room knows no Polars.
"""

from __future__ import annotations

import decimal
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from dialnexa_routing.text.errors import MoneyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

PLACES = 9
"""Decimals of an amount that is stored or shown: nano-rupees."""
NANO = 10**PLACES
"""How many of them are a rupee."""

_DIGITS = 1000
_BITS = 3322  # of a number of so many digits
_EXACT = decimal.Context(
    # More digits than any amount has, and few enough that no exponent can fill the memory.
    prec=_DIGITS,
    rounding=decimal.ROUND_HALF_EVEN,
    Emin=-_DIGITS,
    Emax=_DIGITS,
    capitals=1,
    clamp=0,
    flags=[],
    traps=[decimal.Inexact, decimal.InvalidOperation, decimal.Overflow],
)
_MOST_PLACES = 24  # a rate with a markup has twenty


class Rounding(StrEnum):
    """The rounding of a charge (R48); of a credit it is the same, below zero."""

    HALF_UP = "half_up"
    """To the nearest; what lies in the middle away from zero."""
    HALF_EVEN = "half_even"
    """To the nearest; what lies in the middle to the even neighbour."""
    UP = "up"
    """Away from zero."""
    DOWN = "down"
    """Towards zero."""


def nearest(above: int, below: int, rounding: Rounding = Rounding.HALF_UP) -> int:
    """The ratio of two whole numbers as one; `below` is greater than zero.

    >>> nearest(5, 2), nearest(-5, 2), nearest(5, 2, Rounding.HALF_EVEN), nearest(-1, 3, Rounding.UP)
    (3, -3, 2, -1)
    """
    whole, rest = divmod(abs(above), below)
    if rest:
        match rounding:
            case Rounding.HALF_UP:
                whole += 2 * rest >= below
            case Rounding.HALF_EVEN:
                whole += 2 * rest > below or (2 * rest == below and whole % 2 == 1)
            case Rounding.UP:
                whole += 1
            case Rounding.DOWN:
                pass
            case _:
                raise ValueError(f"rounding is {rounding!r}; it is one of {', '.join(Rounding)}")
    return -whole if above < 0 else whole


def units(
    exact: Fraction | Decimal | int, places: int = PLACES, rounding: Rounding = Rounding.HALF_UP
) -> int:
    """An amount in whole units of its last place: without more, in nano-rupees.

    Raises `MoneyError` for a `Decimal` that is no number, or of more than a thousand digits.

    >>> units(Decimal("0.0125")), units(Fraction(1, 3), 2), units(Decimal("-0.005"), 2)
    (12500000, 33, -1)
    """
    if isinstance(exact, Decimal):
        # Mostly whole already, and then there is nothing to divide.
        return nearest(*_exactly(_EXACT.scaleb, exact, places).as_integer_ratio(), rounding)
    return nearest(exact.numerator * 10**places, exact.denominator, rounding)


def nano(amount: Decimal) -> int:
    """An amount of nine places at most in nano-rupees: `units` for the many prices of plans.

    Raises `MoneyError` where it has more, or is no number.

    >>> nano(Decimal("0.7425")), nano(Decimal("2"))
    (742500000, 2000000000)
    """
    try:
        scaled = _EXACT.scaleb(amount, PLACES)
        found = int(scaled)
    except (ValueError, ArithmeticError):
        scaled, found = amount, None
    if found is None or found != scaled:
        raise MoneyError(f"{str(amount)[:40]} is no amount of nine places at most; correct it (R48)")
    return found


def rounded(
    exact: Fraction | Decimal | int, places: int = PLACES, rounding: Rounding = Rounding.HALF_UP
) -> Decimal:
    """An amount rounded to so many places, all of which it then has.

    >>> rounded(Fraction(1, 3), 2, Rounding.UP), rounded(Fraction(-3, 2)), rounded(Decimal("-100.505"), 2)
    (Decimal('0.34'), Decimal('-1.500000000'), Decimal('-100.51'))
    """
    return amount_of(units(exact, places, rounding), places)


def amount_of(whole: int, places: int = PLACES) -> Decimal:
    """Whole units of the last of so many places, as the amount they are.

    Raises `MoneyError` for more than a thousand digits.

    >>> amount_of(12500000), amount_of(-5, 2), amount_of(7, 0)
    (Decimal('0.012500000'), Decimal('-0.05'), Decimal('7'))
    """
    if whole.bit_length() > _BITS:
        raise MoneyError(f"an amount has more than {_DIGITS} digits; correct it (R48)")
    return Decimal(f"{whole}E{-places}")  # from text, which no context rounds


def text_of(whole: int, places: int = PLACES) -> str:
    """The same as text, without an exponent.

    >>> text_of(12500000), text_of(-5, 2)
    ('0.012500000', '-0.05')
    """
    return f"{amount_of(whole, places):f}"


def fits(amount: Decimal, places: int = PLACES) -> bool:
    """Whether an amount has no digit behind so many places, but for zeros.

    >>> fits(Decimal("0.0125000000000")), fits(Decimal("0.0125"), 2), fits(Decimal("NaN"))
    (True, False, False)
    """
    _, digits, exponent = amount.as_tuple()
    if not isinstance(exponent, int):
        return False
    spare = -exponent - places
    return spare <= 0 or not any(digits[-spare:])


def places_of(amount: Decimal) -> int:
    """How many places an amount is written with.

    >>> places_of(Decimal("1.50")), places_of(Decimal("1E+3"))
    (2, 0)
    """
    exponent = amount.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def plus(one: Decimal, other: Decimal) -> Decimal:
    """The sum of two amounts, exact; it has the places of the finer one.

    Raises `MoneyError` where one is no number, or the sum has more than a thousand digits.
    """
    return _exactly(_EXACT.add, one, other)


def minus(one: Decimal, other: Decimal) -> Decimal:
    """What is left of one amount without another, exact, as `plus` is."""
    return _exactly(_EXACT.subtract, one, other)


def times(amount: Decimal, factor: Decimal) -> Decimal:
    """The product of two numbers, exact, as `plus` is."""
    return _exactly(_EXACT.multiply, amount, factor)


def total(amounts: Iterable[Decimal], places: int = 0) -> Decimal:
    """The sum of amounts, exact; with at least so many places, also where there are none to add.

    >>> total([Decimal("0.10"), Decimal("-0.005")]), total([], 2)
    (Decimal('0.095'), Decimal('0.00'))
    """
    found = amount_of(0, places)
    for amount in amounts:
        found = plus(found, amount)
    return found


def percent(exact: Fraction | Decimal, rate: Fraction | Decimal) -> Fraction:
    """So many per cent of an amount, exact.

    >>> percent(Decimal("100.50"), Decimal("9"))
    Fraction(1809, 200)
    """
    of, share = (Fraction(_sound(one)) if isinstance(one, Decimal) else one for one in (exact, rate))
    return of * share / 100


def is_within_percent(part: int, whole: int, rate: Decimal) -> bool:
    """Whether a count is at most so many per cent of another.

    >>> is_within_percent(1, 200, Decimal("0.5")), is_within_percent(2, 200, Decimal("0.5"))
    (True, False)
    """
    return part <= percent(Fraction(whole), rate)


def plain(amount: Decimal) -> str:
    """An amount as text without spare zeros, and without an exponent.

    >>> plain(Decimal("0.740000000")), plain(Decimal("-1E+2")), plain(Decimal("-0.00"))
    ('0.74', '-100', '0')
    """
    text = f"{_sound(amount):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text if amount else "0"


def exact_text(exact: Fraction) -> str:
    """An exact number: as a decimal if it is a finite one, else as a ratio.

    >>> exact_text(Fraction(8137, 5000)), exact_text(Fraction(-1, 2)), exact_text(Fraction(1, 3))
    ('1.6274', '-0.5', '1/3')
    """
    over, under = exact.as_integer_ratio()
    if under == 1:
        return str(over)
    twos = (under & -under).bit_length() - 1
    rest, fives = under >> twos, 0
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    places = max(twos, fives)
    if rest != 1 or places > _MOST_PLACES:
        return f"{over}/{under}"
    return text_of(over * 10**places // under, places)


def _sound(amount: Decimal) -> Decimal:
    """The amount itself, if it is a number of a size that can be counted with."""
    _exactly(_EXACT.plus, amount)
    return amount


def _exactly(operation: Callable[..., Decimal], *numbers: Decimal | int) -> Decimal:
    try:
        found = operation(*numbers)
    except decimal.DecimalException:
        found = Decimal("NaN")
    if not found.is_finite():
        said = " and ".join(str(amount)[:40] for amount in numbers if isinstance(amount, Decimal))
        raise MoneyError(f"{said}: no number, or one of more than {_DIGITS} digits; correct it (R48)")
    return found
