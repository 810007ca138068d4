"""An amount of rupees in words, as Indian invoices end with it: crore, lakh, thousand, hundred."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialnexa_routing.money.exact import fits, units
from dialnexa_routing.text.errors import MoneyError

if TYPE_CHECKING:
    from decimal import Decimal

_SMALL = (
    *("Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven"),
    *("Twelve", "Thirteen", "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen"),
)
_TENS = ("-", "-", "Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety")
_PARTS = ((10**7, "Crore"), (10**5, "Lakh"), (1000, "Thousand"), (100, "Hundred"))
_PAISE = 2


def count_in_words(count: int) -> str:
    """A whole number of zero or more.

    >>> count_in_words(0), count_in_words(123456789)
    ('Zero', 'Twelve Crore Thirty Four Lakh Fifty Six Thousand Seven Hundred Eighty Nine')
    >>> count_in_words(10**12 + 21)
    'One Lakh Crore Twenty One'
    """
    said = []
    for size, name in _PARTS:
        many, count = divmod(count, size)
        if many:
            said += [count_in_words(many), name]
    if count >= len(_SMALL):
        tens, count = divmod(count, 10)
        said.append(_TENS[tens])
    if count or not said:
        said.append(_SMALL[count])
    return " ".join(said)


def rupees_in_words(amount: Decimal) -> str:
    """An amount of whole paise.

    Raises `MoneyError` where it has a part of a paisa.

    >>> from decimal import Decimal
    >>> rupees_in_words(Decimal("123456.78"))
    'Rupees One Lakh Twenty Three Thousand Four Hundred Fifty Six and Seventy Eight Paise Only'
    >>> rupees_in_words(Decimal("-5")), rupees_in_words(Decimal("0.01"))
    ('Minus Rupees Five Only', 'Rupees Zero and One Paisa Only')
    """
    if not fits(amount, _PAISE):
        raise MoneyError(f"{amount} has a part of a paisa; round it to two places first (R48)")
    paise = units(amount, _PAISE)
    whole, part = divmod(abs(paise), 100)
    words = f"{'Minus ' if paise < 0 else ''}Rupees {count_in_words(whole)}"
    if part:
        words += f" and {count_in_words(part)} {'Paisa' if part == 1 else 'Paise'}"
    return words + " Only"
