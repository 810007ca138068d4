"""Amounts and counts as Indian readers group them: the last three digits, then pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal


def grouped(count: int) -> str:
    """A whole number with commas after thousand, lakh, crore and every further pair of digits.

    >>> grouped(1234567), grouped(-1000), grouped(999)
    ('12,34,567', '-1,000', '999')
    """
    digits = str(abs(count))
    head, tail = digits[:-3], digits[-3:]
    pairs = [head[max(end - 2, 0) : end] for end in range(len(head), 0, -2)]
    return ("-" if count < 0 else "") + ",".join([*reversed(pairs), tail])


def rupees(amount: Decimal) -> str:
    """An amount in INR with all the decimal places it has, none rounded away (R48).

    >>> from decimal import Decimal
    >>> rupees(Decimal("1234567.89")), rupees(Decimal("0.0125")), rupees(Decimal("-100000"))
    ('₹12,34,567.89', '₹0.0125', '-₹1,00,000')
    """
    whole, point, part = f"{amount.copy_abs():f}".partition(".")  # abs() would round to 28 digits
    return ("-" if amount < 0 else "") + "₹" + grouped(int(whole)) + point + part


def price(amount: Decimal) -> str:
    """An amount in INR as it is read: exact, with two places at least and no zeros behind them.

    >>> from decimal import Decimal
    >>> price(Decimal("0.767160000")), price(Decimal("12")), price(Decimal("-1.500"))
    ('₹0.76716', '₹12.00', '-₹1.50')
    """
    whole, _, part = rupees(amount).partition(".")
    return f"{whole}.{part.rstrip('0').ljust(2, '0')}"
