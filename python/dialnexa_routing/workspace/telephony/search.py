"""What people type into a search field, compared as they mean it (R25)."""

from __future__ import annotations

import re
import unicodedata

_DIGITS = re.compile(r"\+?([0-9]+)")


def folded(text: str) -> str:
    """A text without case, accents and blanks.

    >>> folded(" Côte d'Ivoire"), folded("Åland") == folded("a LAND")
    ("coted'ivoire", True)
    """
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(letter for letter in apart if not (unicodedata.combining(letter) or letter.isspace()))


def digits_of(search: str) -> str | None:
    """The digits that a folded search consists of, without a plus; None if it is anything else.

    >>> digits_of("+9198"), digits_of("9198x"), digits_of("+")
    ('9198', None, None)
    """
    found = _DIGITS.fullmatch(search)
    return found and found[1]
