"""Exact amounts, which may be endless as decimals, as columns, people and documents take them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from dialnexa_routing.money.exact import plain as plain_amount
from dialnexa_routing.money.exact import rounded
from dialnexa_routing.money.rupees import rupees


def shown(exact: Fraction) -> Decimal:
    """An exact amount to the nearest nano-rupee, half away from zero.

    >>> shown(Fraction(2, 3)), shown(Fraction(-3, 2))
    (Decimal('0.666666667'), Decimal('-1.500000000'))
    """
    return rounded(exact)


def told(exact: Fraction) -> str:
    """An exact amount for people: without spare zeros, and `about` where nano-rupees do not hold it.

    >>> told(Fraction(123456789, 100)), told(Fraction(1, 3))
    ('₹12,34,567.89', 'about ₹0.333333333')
    """
    near = rounded(exact)
    text = rupees(Decimal(plain_amount(near)))
    return text if Fraction(near) == exact else f"about {text}"


def plain(exact: Fraction | None) -> str | None:
    """An exact amount as a document has it: the ratio of two whole numbers, as `3/2`.

    >>> plain(Fraction(3, 2)), plain(Fraction(4))
    ('3/2', '4')
    """
    return None if exact is None else str(exact)
