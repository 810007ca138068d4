"""Which country a name begins with, in any language that `numbers.country_words` knows."""

from __future__ import annotations

from dialnexa_routing.numbers.countries import COUNTRIES
from dialnexa_routing.numbers.country_words import isos_of, named, plain

# "United States & Canada" is of two countries, whatever the language of the deck.
_AND = frozenset(["and", "und", "et", "y", "e", "en", "och", "og", "ve", "dan", "и", "i", "or", "plus"])


def countries_of(name: str) -> tuple[str, ...]:
    """The ISO codes that the country at the beginning of `name` may be; empty for none, or for two of them.

    >>> countries_of("Guinea-Bissau - Mobile"), countries_of("Korea Mobile"), countries_of("Индия - моб.")
    (('GW',), ('KP', 'KR'), ('IN',))
    >>> countries_of("United States & Canada"), countries_of("Orange")
    ((), ())
    """
    words = plain(name)
    length, found = named(words)
    if not found:
        return ()
    rest = words[length:]
    if rest and rest[0] in _AND and set(named(rest[1:])[1]) - set(found):
        return ()
    return found


def country_of(name: str) -> str | None:
    """The ISO code of the country that `name` begins with; None for none, or for two of them.

    Of a name that several bear it is the one whose English name it is, if any.

    >>> country_of("Guinea-Bissau - Mobile"), country_of("Niger Mobile"), country_of("United States & Canada")
    ('GW', 'NE', None)
    """
    found = countries_of(name)
    if len(found) > 1:
        begun = " ".join(plain(name))
        own = [iso for iso in found if iso in COUNTRIES and begun.startswith(_own_name(iso))]
        return own[0] if own else None
    return found[0] if found else None


def is_country(name: str) -> bool:
    """Whether `name` is the name of a country, and nothing more."""
    return bool(isos_of(name))


def _own_name(iso: str) -> str:
    return " ".join(plain(COUNTRIES[iso].name))
