"""Texts of strangers made harmless: one place for what a sheet, a record or an error says of others.

A name in a rate sheet may turn a terminal's line around or clear it, and the first line of another
library's error may quote the telephone number or the password that it stumbled over.
"""

from __future__ import annotations

import re
import unicodedata

REPLACED = "\ufffd"
"""Stands for a character that cannot be seen."""
HIDDEN = r"[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]"
"""The same as a pattern for Polars."""
LONGEST = 200
"""Characters of a stranger's text that one message quotes."""

_NUMBER = re.compile(r"(?<![0-9])(?<![0-9]\.)([0-9]{5})[0-9]{2,}([0-9]{2})(?![0-9])")
_ACCESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://[^\s/:@]*):[^\s/@]+@")
_SECRET = re.compile(
    r"((?:pass(?:word|wd|phrase)?|secret|token|api[_-]?key|credential|authorization)[\"']?\s*[=:]\s*)"
    r"(?:(?:bearer|basic)\s+)?(?:\"[^\"]*\"|'[^']*'|[^\s,;&\"']+)",
    re.IGNORECASE,
)
_STARS = "********"


def shown(text: str) -> str:
    r"""A text in one line: line ends, control, bidi and zero-width characters are replaced.

    >>> shown("India\u202e\r\n"), shown("₹ भारत"), shown("a\u00a0b")
    ('India���', '₹ भारत', 'a b')
    """
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else _seen(one) for one in text)


def masked(text: str) -> str:
    """A text without secrets, and of longer telephone numbers five first and two last digits.

    Digits behind the point of an amount stay.

    >>> masked("no +919812345678 at 0.008333333"), masked("password=abc, x://me:abc@host")
    ('no +91981…78 at 0.008333333', 'password=********, x://me:********@host')
    """
    text = _ACCESS.sub(rf"\1:{_STARS}@", text)
    return _NUMBER.sub(r"\1…\2", _SECRET.sub(rf"\1{_STARS}", text))


def quoted(text: str, most: int = LONGEST) -> str:
    r"""What a message quotes of a stranger's text: its first line, masked, shown, at most so long.

    >>> quoted("could not parse '919812345678'\nhint: …"), quoted("abcdef", 3)
    ("could not parse '91981…78'", 'abc…')
    """
    line = text.strip().partition("\n")[0].strip()
    # Cut before it is searched, far enough behind the end that no number is cut in two unmasked.
    line = shown(masked(line[: most + LONGEST]))
    return line if len(line) <= most else line[:most] + "…"


def _seen(character: str) -> str:
    return " " if unicodedata.category(character) == "Zs" else REPLACED
