"""How sheets write currencies: codes, signs and the names of a hundredth (quirks 36 and 38)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dialnexa_routing.text.errors import SheetError

CODES = frozenset(
    [
        "USD",
        "EUR",
        "GBP",
        "INR",
        "AUD",
        "CAD",
        "SGD",
        "HKD",
        "JPY",
        "CHF",
        "AED",
        "SAR",
        "ZAR",
        "BRL",
        "MXN",
        "NZD",
        "SEK",
        "NOK",
        "DKK",
        "PLN",
        "PKR",
        "LKR",
        "NPR",
        "BDT",
        "PHP",
        "THB",
        "MYR",
        "IDR",
        "CNY",
        "NGN",
        "KES",
        "EGP",
        "TRY",
        "RUB",
        "UAH",
        "ILS",
        "KRW",
        "VND",
        "QAR",
        "KWD",
        "OMR",
        "BHD",
    ]
) - {"TRY", "PHP"}
"""Codes that a header or a title may bear; ``TRY`` and ``PHP`` are words of other things too."""

SIGNS = {"₹": "INR", "€": "EUR", "£": "GBP", "$": None, "¥": None}
"""Signs of money; None where several currencies share one."""

WORDS = {"cent": None, "cents": None, "pence": "GBP", "penny": "GBP", "paise": "INR", "paisa": "INR"}
"""Names of a hundredth, and the currency that says so; None where several do."""

UNITS = (*WORDS, "major")
_WORD = re.compile("[A-Za-z]+")


@dataclass(frozen=True)
class Coin:
    """What a text says of money: a currency, a hundredth of it, or both."""

    currency: str | None = None
    minor: bool = False
    sign: str | None = None  # a sign that several currencies share


def coin(text: str, place: str) -> Coin:
    """What `text` says of money. Raises `SheetError` when it names two currencies.

    >>> coin("Price (EUR cent)", "row 1")
    Coin(currency='EUR', minor=True, sign=None)
    """
    words = _WORD.findall(text)
    found = {word for word in words if word in CODES or (word.upper() in CODES and len(words) < 6)}
    named = {word.upper() for word in found} | {code for sign, code in SIGNS.items() if code and sign in text}
    minors = {word.lower() for word in words} & WORDS.keys()
    named |= {code for word in minors if (code := WORDS[word])}
    if len(named) > 1:
        raise SheetError(
            f"{place} names {' and '.join(sorted(named))}: pass currency= with the one the rates are in"
        )
    shared = next((sign for sign, code in SIGNS.items() if code is None and sign in text), None)
    return Coin(next(iter(named), None), bool(minors), None if named else shared)
