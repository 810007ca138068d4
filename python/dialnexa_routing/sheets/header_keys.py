"""How headers are compared: whole, without case, blanks, marks and words of money (quirk 55)."""

from __future__ import annotations

import re
from functools import lru_cache

from dialnexa_routing.sheets.aliases import ALIASES
from dialnexa_routing.sheets.cells.coinage import CODES, LETTERED, SIGNS, WORDS
from dialnexa_routing.sheets.folding import folded
from dialnexa_routing.sheets.foreign_headers import FOREIGN
from dialnexa_routing.sheets.header_units import unit_of, without_unit

KNOWN = ALIASES | FOREIGN
"""Every header that is known, as it is compared, and the canonical name it has."""
_LETTERED = re.compile(f"(?<![a-z])(?:{'|'.join(re.escape(sign.lower()) for sign in LETTERED)})")
_WORD = re.compile(r"[^\W_]+")
_CAPITAL = re.compile("(?<=[a-z])(?=[A-Z])")
_LONGEST_KEPT = 200
_OF_A_MINUTE = frozenset(["per", "min", "mins", "minute", "minutes"])
_SILENT = frozenset(code.lower() for code in CODES) | WORDS.keys() | {"rs", "dd", "mm", "yy", "yyyy", "元"}


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
    plain = _LETTERED.sub("$", folded(header))
    words = _WORD.findall(plain)
    kept = [word for word in words if word not in _SILENT]
    if len(kept) < len(words) and set(kept) <= _OF_A_MINUTE:  # USD, EUR/min, USD per minute
        return "rate"
    if not words and any(sign in plain for sign in SIGNS):
        return "rate"
    return "_".join(kept)


@lru_cache(maxsize=4096)
def key(header: str) -> str:
    """What a header is looked up by: as it is normalised, or word by word where capitals begin its words.

    >>> key("NextInterval"), key("NPANXX")
    ('next_interval', 'npanxx')
    """
    plain = normalise(header)
    if plain in KNOWN:
        return plain
    bare = normalise(without_unit(header))
    # What is for a time is no fee.
    if KNOWN.get(bare, "").endswith("_rate" if unit_of(header) else ("_rate", "_fee", "_charge")):
        return bare
    parted = normalise(_CAPITAL.sub(" ", header)) if _CAPITAL.search(header) else plain
    return parted if parted in KNOWN else plain
