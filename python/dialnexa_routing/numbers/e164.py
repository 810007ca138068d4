"""Numbers at the API: E.164 with its plus, and nothing else (R1, R5).

The lenient reading of files and call records (R2) is another matter; see `lenient`.
"""

from __future__ import annotations

import re

from dialnexa_routing.text.errors import NumberError

_E164 = re.compile(r"\+[1-9][0-9]{0,14}")


def is_e164(number: str) -> bool:
    """Whether a text is a plus, a first digit 1-9 and at most 15 digits in all.

    >>> is_e164("+919812345678"), is_e164("919812345678"), is_e164("+0919812345678")
    (True, False, False)
    """
    return _E164.fullmatch(number) is not None


def checked(number: str) -> str:
    """The number itself. Raises `NumberError` for any that is not E.164, `TypeError` for no text."""
    if not isinstance(number, str):
        raise TypeError(f"a number is {type(number).__name__}; pass a str as +919812345678")
    if not is_e164(number):
        raise NumberError(
            f"{masked(number)!r} is no E.164 number: write a plus, then 1 to 15 digits, the first not 0"
        )
    return number


def masked(number: str) -> str:
    """A number as messages may show it: its last digits hidden.

    >>> masked("+919812345678")
    '+919812xxxxxx'
    """
    shown = number[: max(len(number) - 6, min(len(number), 3))][:20]
    return shown + "x" * min(len(number) - len(shown), 6)
