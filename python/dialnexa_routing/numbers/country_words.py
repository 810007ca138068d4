"""What countries are called: the names of CLDR in many languages, and how carriers write them.

The table is `country_words.txt`, made by ``data/make_country_words.py``. A name may be of several
countries ("Congo", "Korea"): which one is meant is then a matter of its prefixes.
"""

from __future__ import annotations

import os
import re
import unicodedata
from functools import lru_cache

from dialnexa_routing.numbers.countries import COUNTRIES

_PATH = os.path.join(os.path.dirname(__file__), "country_words.txt")  # noqa: PTH118, PTH120 (pathlib is slower to import)

_LATIN = re.compile("[a-z0-9]+")
# Scripts that put no blanks between words: there each letter is a word, so that a name still ends somewhere.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)
_SILENT = "'\u2018\u2019\u02bb\u02bc\u00ad\u200c\u200d"
_ALTERED = str.maketrans({"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d"})


def plain(name: str) -> list[str]:
    """The words of a name as they are compared: no accents, no marks, ``st`` as ``saint``.

    >>> plain("St. Kitts & Nevis"), plain("Côte d'Ivoire"), plain("Индия - моб.")
    (['saint', 'kitts', 'and', 'nevis'], ['cote', 'divoire'], ['индия', 'моб'])
    """
    if name.isascii():
        words = _LATIN.findall(name.lower().replace("&", " and ").replace("'", ""))
    else:
        words = _words(name)
    return ["saint" if word == "st" else word for word in words]


def named(words: list[str]) -> tuple[int, tuple[str, ...]]:
    """How many of the first words name a country, as many as possible, and the ISO codes that they may mean.

    >>> named(["guinea", "bissau", "mobile"]), named(["congo"]), named(["orange"])
    ((2, ('GW',)), (1, ('CG', 'CD')), (0, ()))
    """
    table, longest = _table()
    for length in range(min(longest, len(words)), 0, -1):
        if (found := table.get(tuple(words[:length]))) is not None:
            return length, found
    if words[:1] == ["the"]:
        length, isos = named(words[1:])
        return (length + 1 if length else 0), isos
    return 0, ()


def isos_of(name: str) -> tuple[str, ...]:
    """The ISO codes of the countries that a whole name may mean, in any language; the usual one first.

    >>> isos_of("Indien"), isos_of("भारत"), isos_of("UK"), isos_of("India Mobile")
    (('IN',), ('IN',), ('GB',), ())
    """
    words = plain(name)
    length, isos = named(words)
    return isos if length == len(words) else ()


def name_of(iso: str) -> str | None:
    """The English name of a country, also of those without numbers of their own.

    >>> name_of("IN"), name_of("AQ"), name_of("ZZ")
    ('India', 'Antarctica', None)
    """
    return COUNTRIES[iso].name if iso in COUNTRIES else _english().get(iso)


def origin() -> str:
    """What the table was made from, as ``CLDR 49``."""
    return next(line.split(" ", 1)[1] for line in _lines() if line.startswith("origin "))


def _words(name: str) -> list[str]:
    apart = unicodedata.normalize("NFKD", name.lower().translate(_ALTERED))
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    found: list[str] = []
    word = ""
    for letter in unicodedata.normalize("NFC", bare).replace("&", " and "):
        if letter in _SILENT:
            continue
        if _UNSPACED.match(letter):
            found += [word, letter]
            word = ""
        elif unicodedata.category(letter)[0] in "LM" or letter in "0123456789":
            word += letter
        else:
            found.append(word)
            word = ""
    return [one for one in (*found, word) if one]


@lru_cache(None)
def _table() -> tuple[dict[tuple[str, ...], tuple[str, ...]], int]:
    """The countries of each name, that which bears it in English first, and how long names are."""
    found: dict[tuple[str, ...], tuple[str, ...]] = {
        tuple(plain(country.name)): (iso,) for iso, country in COUNTRIES.items()
    }
    for line in _rows():
        iso, _, names = line.split("\t")
        for name in names.split("|"):
            words = tuple(name.split(" "))
            held = found.get(words, ())
            if iso not in held:
                found[words] = (*held, iso)
    return found, max(map(len, found))


@lru_cache(None)
def _english() -> dict[str, str]:
    return {iso: name for iso, name, _ in (line.split("\t") for line in _rows())}


def _rows() -> list[str]:
    lines = _lines()
    return lines[lines.index("[names]") + 1 :]


def _lines() -> list[str]:
    with open(_PATH, encoding="utf-8") as file:  # noqa: PTH123
        return file.read().splitlines()
