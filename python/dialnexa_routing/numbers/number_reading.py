"""Numbers as files and people write them, read as E.164 (R2, R5).

Nothing is guessed: whatever is not settled by the text itself or by what the caller named is no
number, and what was changed is told. The strict reading of the API is `e164`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from dialnexa_routing.numbers.coded_numbers import Coded, form_of
from dialnexa_routing.numbers.e164 import is_e164
from dialnexa_routing.numbers.sip_addresses import Addresses, dialled
from dialnexa_routing.text.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

SEPARATORS = " -.()"
"""What `Separators.REMOVED` takes out."""
DECIMAL_POINT = r"^\+?[0-9]{7,}\.[0-9]*$"
"""A number that came through a float or a Decimal: its point parts no digits of a telephone number."""
ZERO_IN_BRACKETS = r"[0-9].*\([^0-9(]*0"
"""As in +44 (0)20: a zero that is dialled in the country only, so that its digits are no number."""
_INTERNATIONAL_PREFIX = re.compile("0[0-9]{1,4}")
_TRUNK_PREFIX = re.compile("[0-9]{0,3}")
_DIGITS = re.compile("[0-9]+")
_CALLING_CODE = re.compile("[1-9][0-9]{0,2}")
_STRIPPED = re.compile("[0-9*#]{1,15}")


class Separators(StrEnum):
    """What blanks, dashes, dots and round brackets between the digits mean."""

    REFUSED = "refused"
    """It is no number."""
    REMOVED = "removed"
    """Nothing: people write them to see the parts."""


class Change(StrEnum):
    """What was done to a text so that it is E.164; of two changes the names stand in this order."""

    ADDRESS_READ = "address_read"
    """It stood in a SIP address or a tel: URI."""
    SEPARATORS_REMOVED = "separators_removed"
    PREFIX_STRIPPED = "prefix_stripped"
    """Digits that lead nowhere abroad, as an outside line or a carrier's tech prefix."""
    PLUS_ADDED = "plus_added"
    """It was digits with their calling code."""
    INTERNATIONAL_PREFIX_REPLACED = "international_prefix_replaced"
    """By the plus."""
    CALLING_CODE_ADDED = "calling_code_added"
    """The one that was named."""
    TRUNK_PREFIX_REPLACED = "trunk_prefix_replaced"
    """By the calling code that was named."""


NATIONAL = (Change.CALLING_CODE_ADDED, Change.TRUNK_PREFIX_REPLACED)
"""What is done with national numbers."""


@dataclass(frozen=True, slots=True)
class Read:
    """A number as E.164 with plus, None for what is none; and what was changed, None for nothing."""

    number: str | None
    change: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberReading:
    """How numbers without a plus are meant. Without any argument they are digits with calling code.

    Attributes:
        calling_code: digits. Every number without plus and without `international_prefix` is then one
            of its numbers, with the code left out; but see `coded`.
        trunk_prefix: what is dialled before national numbers there, as the zero of 098123 45678;
            ``""`` is nothing, so that a zero in front is the number's own. None is not known: a
            zero in front is then no number.
        international_prefix: what is dialled before calling codes, as ``00`` or ``011``.
        separators: whether marks between the digits are read over.
        strip: digits, or several of them, of which the first that begins a number without plus is taken
            away before all else, as the ``9`` of an outside line.
        coded: beside `calling_code`, what is made of a number without plus that may have that code already.
            One that can be a number in one way alone is read so; of one that can in both, none is made.
        addresses: whether what is dialled in ``sip:+919812345678@host`` or ``tel:+91…`` is the number.

    Raises `ConfigError` for what is no calling code, and for prefixes that cannot be dialled.

    >>> NumberReading().read("919812345678")
    Read(number='+919812345678', change='plus_added')
    >>> NumberReading(calling_code="91", trunk_prefix="0").read("09812345678")
    Read(number='+919812345678', change='trunk_prefix_replaced')
    >>> NumberReading().read("09812345678")
    Read(number=None, change=None)
    >>> NumberReading(calling_code="91").read("919812345678")
    Read(number='+919812345678', change='plus_added')
    """

    calling_code: str | None = None
    trunk_prefix: str | None = None
    international_prefix: str | None = None
    separators: Separators = Separators.REFUSED
    strip: str | Sequence[str] = ()
    coded: Coded = Coded.REFUSED
    addresses: Addresses = Addresses.REFUSED

    def __post_init__(self) -> None:
        object.__setattr__(self, "separators", _separators(self.separators))
        object.__setattr__(self, "strip", _stripped(self.strip))
        object.__setattr__(self, "coded", _coded(self.coded))
        object.__setattr__(self, "addresses", _addresses(self.addresses))
        prefix, code, trunk = self.international_prefix, self.calling_code, self.trunk_prefix
        if prefix is not None and not (isinstance(prefix, str) and _INTERNATIONAL_PREFIX.fullmatch(prefix)):
            raise ConfigError(
                f"the international prefix is {prefix!r}; write its digits, the first of them 0, as 00 or 011"
            )
        if code is not None and not (isinstance(code, str) and _CALLING_CODE.fullmatch(code)):
            raise ConfigError(f"the calling code is {code!r}; write its digits, as 91")
        if trunk is not None and not (isinstance(trunk, str) and _TRUNK_PREFIX.fullmatch(trunk)):
            raise ConfigError(f"the trunk prefix is {trunk!r}; write its digits, three at most, as 0")
        if trunk is not None and code is None:
            raise ConfigError("a trunk prefix is of a country; name its calling code too")
        if self.coded is not Coded.REFUSED and code is None:
            raise ConfigError("coded is about numbers of a country; name its calling code too")

    def read(self, text: str | int | None) -> Read:
        """One number; an integer is its digits. Raises `TypeError` for anything else, floats above all."""
        if text is None:
            return _NONE
        if isinstance(text, int) and not isinstance(text, bool):
            text = str(text) if 0 <= text < _TOO_LONG else ""
        if not isinstance(text, str):
            raise TypeError(
                f"a number is {type(text).__name__}; pass a text or an integer, never a float (R2)"
            )
        address = dialled(text) if self.addresses is Addresses.READ else None
        inside = None if address is None else Change.ADDRESS_READ
        text = text if address is None else address
        if self.separators is Separators.REMOVED and re.search(DECIMAL_POINT, text):
            return _NONE
        bare = text.translate(_REMOVED) if self.separators is Separators.REMOVED else text
        away = next((digits for digits in self.strip if bare.startswith(digits)), "")
        stripped = Change.PREFIX_STRIPPED if away else None
        number, change = self._e164(bare.removeprefix(away))
        if not is_e164(number):
            return _NONE
        if bare == text:
            return Read(number, told(inside, stripped, change))
        if change not in NATIONAL and re.search(ZERO_IN_BRACKETS, text):
            return _NONE
        return Read(number, told(inside, Change.SEPARATORS_REMOVED, stripped, change))

    def _e164(self, text: str) -> tuple[str, Change | None]:
        """A text without separators, and how it was changed; what is no number stays none."""
        if text.startswith("+"):
            return text, None
        if self.international_prefix is not None and text.startswith(self.international_prefix):
            return "+" + text.removeprefix(self.international_prefix), Change.INTERNATIONAL_PREFIX_REPLACED
        if self.calling_code is None:
            return "+" + text, Change.PLUS_ADDED
        trunk = self.trunk_prefix or ""
        national = text.removeprefix(trunk)
        never = "0" if self.trunk_prefix is None else trunk
        if not _DIGITS.fullmatch(national) or (never and national.startswith(never)):
            return "", None
        trunkless = len(national) == len(text)
        form = form_of(national, self.calling_code, self.coded) if trunkless else "national"
        if form == "full":
            return "+" + national, Change.PLUS_ADDED
        if form == "doubtful":
            return "", None
        change = Change.CALLING_CODE_ADDED if trunkless else Change.TRUNK_PREFIX_REPLACED
        return f"+{self.calling_code}{national}", change


def told(*changes: Change | None) -> str | None:
    """Changes as one text, None for none."""
    return ", ".join(change for change in changes if change) or None


_NONE = Read(None, None)
_TOO_LONG = 10**15
_REMOVED = str.maketrans("", "", SEPARATORS)


def _stripped(strip: str | Sequence[str]) -> tuple[str, ...]:
    given = (strip,) if isinstance(strip, str) else tuple(strip)
    for digits in given:
        if not (isinstance(digits, str) and _STRIPPED.fullmatch(digits)):
            raise ConfigError(f"strip has {digits!r}; write what is dialled, as 9 or 1234#")
    return given


def _coded(word: str) -> Coded:
    try:
        return Coded(word)
    except ValueError:
        raise ConfigError(f"coded is {word!r}; it is {', '.join(Coded)}") from None


def _addresses(word: str) -> Addresses:
    try:
        return Addresses(word)
    except ValueError:
        raise ConfigError(f"addresses is {word!r}; it is {' or '.join(Addresses)}") from None


def _separators(word: str) -> Separators:
    try:
        return Separators(word)
    except ValueError:
        raise ConfigError(f"separators is {word!r}; it is {' or '.join(Separators)}") from None
