"""How headers are compared: whole, without case, blanks, marks and words of money (quirk 55)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from dialnexa_routing.sheets.aliases import ALIASES
from dialnexa_routing.sheets.cells.coinage import CODES, SIGNS, WORDS

_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff]")
_CAPITAL = re.compile("(?<=[a-z])(?=[A-Z])")
_LONGEST_KEPT = 200
_SILENT = frozenset(code.lower() for code in CODES) | WORDS.keys() | {"rs", "dd", "mm", "yy", "yyyy"}


def normalise(header: str) -> str:
    """A header as it is compared: lower case, words joined by ``_``, currency words and signs gone.

    >>> normalise(" Price (USD) / min "), normalise("USD per minute")
    ('price_min', 'rate')
    """
    return _short(header) if len(header) <= _LONGEST_KEPT else _normalised(header)


@lru_cache(maxsize=4096)
def _short(header: str) -> str:
    """The same names stand over each of two hundred files."""
    return _normalised(header)


def _normalised(header: str) -> str:
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", header)).lower()
    words = [word for word in re.split("[^a-z0-9]+", plain) if word]
    kept = [word for word in words if word not in _SILENT]
    if len(kept) < len(words) and kept[:1] in ([], ["per"]) and kept[1:] in ([], ["minute"], ["min"]):
        return "rate"
    if not words and any(sign in plain for sign in SIGNS):
        return "rate"
    return "_".join(kept)


def key(header: str) -> str:
    """What a header is looked up by: as it is normalised, or word by word where capitals begin its words.

    >>> key("NextInterval"), key("NPANXX")
    ('next_interval', 'npanxx')
    """
    plain = normalise(header)
    if plain in ALIASES:
        return plain
    parted = normalise(_CAPITAL.sub(" ", header)) if _CAPITAL.search(header) else plain
    return parted if parted in ALIASES else plain
