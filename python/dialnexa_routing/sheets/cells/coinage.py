"""How sheets write currencies: codes, signs and the names of minor units (quirks 36 and 38)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from dialnexa_routing.money.iso_4217 import CURRENCIES, FORMER
from dialnexa_routing.text.errors import SheetError

# Codes that headers write as words of other things: "all", "top 10", "try", a "cup" and "bob" of slang,
# "svc" for service, "crc" for a checksum, "std" for trunk dialling, "php" of a web page, "cop", "mad",
# "pen", "mop", "gel", "sos" for emergency, "bam", "amd" and "bsd" of computers, "std" and "ltl" of freight.
_OTHER_WORDS = frozenset(
    ["TRY", "PHP", "ALL", "TOP", "CUP", "BOB", "SVC", "CRC", "STD", "COP", "MAD", "PEN", "MOP", "GEL"]
) | {"SOS", "BAM", "AMD", "BSD", "LTL"}

KNOWN = frozenset(CURRENCIES) | frozenset(FORMER)
"""Codes of money, today's and those withdrawn of late."""

CODES = KNOWN - _OTHER_WORDS
"""Codes that a header, a title or an amount may bear."""

_SIGNED = (
    "₹ INR|€ EUR|£ GBP|₽ RUB|₺ TRY|₩ KRW|฿ THB|₱ PHP|₫ VND|₪ ILS|₦ NGN|₴ UAH|₸ KZT|₾ GEL|₼ AZN|₡ CRC|₲ PYG"
    "|₭ LAK|₮ MNT|₵ GHS|৳ BDT|؋ AFN"
)
SIGNS: dict[str, str | None] = {"$": None, "¥": None} | {pair[0]: pair[2:] for pair in _SIGNED.split("|")}
"""Signs of money; None where several currencies share one."""

_LETTERED = (
    "US$ USD|U$S USD|AU$ AUD|CA$ CAD|NZ$ NZD|SG$ SGD|HK$ HKD|NT$ TWD|MX$ MXN|A$ AUD|C$ CAD|S$ SGD|R$ BRL"
    "|J$ JMD"
)
LETTERED = {pair.split()[0]: pair.split()[1] for pair in _LETTERED.split("|")}
"""Signs with letters, which state whose they are, the longer ones first."""

_WITH_OWN_SIGN = frozenset(code for code in SIGNS.values() if code) | {"CHF", "RUB", "KRW", "THB", "PHP"}
"""Currencies that no other one's sign is written for: a price of rupees bears no dollar sign."""

_RUPEES = frozenset(["INR", "PKR", "LKR", "NPR", "MUR", "SCR"])

CENT = "\u00a2"
"""The sign of a hundredth, of dollars mostly."""

# Names of minor units are in no table. "sen", "ore", "fen" are left out: they are words of other things.
WORDS = {
    "cent": None,
    "cents": None,
    "eurocent": "EUR",
    "eurocents": "EUR",
    "pence": "GBP",
    "penny": "GBP",
    "paise": "INR",
    "paisa": "INR",
    "centavos": None,
    "rappen": "CHF",
    "groszy": "PLN",
    "halalas": "SAR",
    "kopecks": None,
    "kopeks": None,
    "satang": "THB",
    "agorot": "ILS",
    "fils": None,
    "baisa": "OMR",
    "millimes": "TND",
}
"""Names of a minor unit, and the currency that states so; None where several do."""

_OF_A_THOUSAND = {
    "BHD": "fils",
    "IQD": "fils",
    "JOD": "fils",
    "KWD": "fils",
    "OMR": "baisa",
    "TND": "millimes",
}

UNITS = (*WORDS, "major")
_WORD = re.compile("[A-Za-z]+")


@dataclass(frozen=True)
class Coin:
    """What a text states of money: a currency, its minor unit, or both."""

    currency: str | None = None
    minor: bool = False
    sign: str | None = None  # a sign that several currencies share


def coin(text: str, place: str) -> Coin:
    """What `text` states of money. Raises `SheetError` when it names two currencies.

    >>> coin("Price (EUR cent)", "row 1")
    Coin(currency='EUR', minor=True, sign=None)
    """
    lettered = {code for sign, code in LETTERED.items() if re.search(rf"(?<![A-Z]){re.escape(sign)}", text)}
    words = _WORD.findall(text)
    found = {word for word in words if word in CODES or (word.upper() in CODES and len(words) < 6)}
    named = {word.upper() for word in found} | {code for sign, code in SIGNS.items() if code and sign in text}
    named |= lettered
    minors = {word.lower() for word in words} & WORDS.keys()
    if CENT in text:
        minors.add("cent")
    named |= {code for word in minors if (code := WORDS[word])}
    if len(named) > 1:
        raise SheetError(
            f"{place} names {' and '.join(sorted(named))}: pass currency= with the one the rates are in"
        )
    shared = next((sign for sign, code in SIGNS.items() if code is None and sign in text), None)
    return Coin(next(iter(named), None), bool(minors), None if named else shared)


def contradicts(sign: str, code: str) -> bool:
    """Whether amounts of the currency `code` cannot bear `sign`.

    >>> contradicts("$", "INR"), contradicts("$", "CAD"), contradicts("\u20b9", "INR")
    (True, False, False)
    """
    if sign == "Rs":
        return code not in _RUPEES
    own = SIGNS.get(sign, code)
    return code in _WITH_OWN_SIGN if own is None else own != code


def minor_unit(code: str, words: frozenset[str]) -> Decimal | str:
    """What one minor unit of a currency is of a whole one, by ISO 4217; `words` are those it was named by.

    A sentence where that is not certain: yen have none, and a cent is a hundredth, which dinars have not.

    >>> minor_unit("USD", frozenset({"cent"})), minor_unit("KWD", frozenset({"fils"}))
    (Decimal('0.01'), Decimal('0.001'))
    >>> minor_unit("JPY", frozenset({"cent"}))
    "JPY has no minor unit (ISO 4217): pass unit='major' if amounts are whole JPY"
    """
    places = CURRENCIES.get(code, 2)
    if places == 0:
        return f"{code} has no minor unit (ISO 4217): pass unit='major' if amounts are whole {code}"
    if places != 2 and words != {own := _OF_A_THOUSAND.get(code, "")}:
        named = f"unit={own!r} if amounts are thousandths, or " if own else ""
        return (
            f"the minor unit of {code} is a thousandth (ISO 4217): pass {named}unit='major' for whole {code}"
        )
    return Decimal((0, (1,), -places))
