"""Digits without plus that may have their calling code already, where the caller names it as left out.

`calling_code="91"` is put before every number without plus. In a file that mixes both, 919812345678 would
become +91919812345678, which can be no number. The number plan settles what has one meaning; of what has two
nothing is guessed (R2).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from dialnexa_routing.numbers.number_plan import WORLD
from dialnexa_routing.numbers.number_series import is_number

Form = Literal["national", "full", "doubtful", "foreign"]
"""A national number; one with its calling code; one that may be either; one that is whole under another
country's code, and none under the one that was named."""


class Coded(StrEnum):
    """What is made of digits that may be a national number, or one with the calling code that was named."""

    REFUSED = "refused"
    """No number."""
    NATIONAL = "national"
    """A national number; those too that are whole under another country's code alone."""
    FULL = "full"
    """The number as it stands."""


def form_of(digits: str, code: str, coded: Coded) -> Form:
    """Whether digits are a national number under a calling code, or have one already.

    First by lengths. Where both are possible, by the patterns of the number plan's release: what is no
    number as a national one, and is one as it stands, carries its code. Where they settle nothing, and the
    digits begin with the code, it is doubtful, unless `coded` settles it.

    >>> form_of("9812345678", "91", Coded.REFUSED), form_of("919812345678", "91", Coded.REFUSED)
    ('national', 'full')
    >>> form_of("9198123456", "91", Coded.REFUSED), form_of("442071838750", "91", Coded.REFUSED)
    ('national', 'foreign')
    """
    begins = digits.startswith(code)
    as_national, as_full = is_possible(code + digits), is_possible(digits)
    if not (as_national and as_full):
        return "full" if begins and as_full else "national"
    is_national, is_full = is_number(code + digits), is_number(digits)
    if begins and is_national == is_full:
        return SETTLED[coded]
    if is_national or not is_full:
        return "national"
    return "full" if begins else "national" if coded is Coded.NATIONAL else "foreign"


def is_possible(digits: str) -> bool:
    """Whether numbers are as long under their calling code; emergency numbers are none."""
    return 0 < len(digits) <= _E164 and digits[0] != "0" and WORLD.judge(digits) is None


_E164 = 15
SETTLED: dict[Coded, Form] = {
    Coded.REFUSED: "doubtful",
    Coded.NATIONAL: "national",
    Coded.FULL: "full",
}
"""What is made of those that may be either."""
