"""Which country a name begins with: the English names of `numbers.countries`, and how decks write them.

The door for more: a table of names in other languages is a mapping of `plain` name to ISO code, put
into `_NAMES`; nothing else changes.
"""

from __future__ import annotations

import re
import unicodedata

from dialnexa_routing.numbers.countries import COUNTRIES

_WRITTEN = {
    "AE": "uae|emirates|united arab emirate",
    "AG": "antigua|antigua barbuda",
    "AN": "netherlands antilles",
    "AS": "samoa american|american samoa",
    "BA": "bosnia|bosnia herzegovina|bosnia herzegowina",
    "BN": "brunei darussalam",
    "BO": "bolivia plurinational state of",
    "BQ": "bonaire|caribbean netherlands",
    "CC": "cocos keeling islands",
    "CD": "congo democratic republic|democratic republic congo|congo dem rep|dr congo|congo dr|drc"
    "|congo kinshasa|democratic republic of the congo|democratic republic of congo|congo drc|zaire",
    "CF": "central african rep",
    "CG": "congo brazzaville|republic of congo|congo republic|congo rep|republic of the congo",
    "CI": "ivory coast|cote divoire|cote d ivoire",
    "CV": "cabo verde",
    "CZ": "czechia|czech rep",
    "DO": "dominican rep",
    "FM": "micronesia federated states of|federated states of micronesia",
    "FK": "falklands|falkland islands malvinas",
    "GB": "uk|great britain|britain|england|u k",
    "GM": "the gambia",
    "GQ": "guinea equatorial",
    "HK": "hongkong|hong kong china",
    "IR": "iran islamic republic of",
    "KN": "saint kitts|saint kitts nevis|nevis saint kitts|nevis and saint kitts",
    "KP": "korea north|korea dpr|democratic peoples republic of korea|north korea dpr",
    "KR": "korea south|korea republic of|republic of korea|korea rep",
    "LA": "lao|lao peoples democratic republic|laos pdr",
    "LC": "st lucia",
    "LY": "libyan arab jamahiriya",
    "MD": "moldova republic of|republic of moldova",
    "MK": "north macedonia|macedonia fyrom|fyr macedonia|macedonia north",
    "MM": "burma|myanmar burma",
    "MO": "macau",
    "NL": "holland|the netherlands|netherland",
    "PM": "saint pierre miquelon|saint pierre",
    "PS": "palestinian territory|palestinian territories|palestine state of|palestinian authority",
    "RE": "reunion island",
    "RU": "russian federation",
    "SH": "saint helena island",
    "ST": "sao tome|sao tome principe",
    "SX": "sint maarten|saint maarten",
    "SY": "syrian arab republic",
    "SZ": "eswatini",
    "TC": "turks caicos|turks and caicos|turks caicos islands",
    "TL": "east timor|timor leste|timor",
    "TR": "turkiye",
    "TT": "trinidad|trinidad tobago",
    "TW": "taiwan china|taiwan province of china",
    "TZ": "tanzania united republic of|united republic of tanzania",
    "US": "usa|united states of america|u s a",
    "VA": "vatican city|holy see",
    "VC": "saint vincent|saint vincent grenadines|saint vincent the grenadines",
    "VE": "venezuela bolivarian republic of",
    "VG": "virgin islands british|bvi",
    "VI": "virgin islands us|us virgin islands|virgin islands usa|virgin islands u s|virgin islands american",
    "VN": "viet nam",
    "WF": "wallis futuna",
    "WS": "western samoa|samoa western",
}


def plain(name: str) -> list[str]:
    """The words of a name as they are compared: no accents, no marks, ``st`` as ``saint``.

    >>> plain("St. Kitts & Nevis"), plain("Côte d'Ivoire")
    (['saint', 'kitts', 'and', 'nevis'], ['cote', 'divoire'])
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(c))
    bare = bare.replace("&", " and ").replace("'", "").replace("\u2019", "")
    words = re.findall("[a-z0-9]+", bare)
    return ["saint" if word == "st" else word for word in words]


_NAMES = {tuple(plain(country.name)): iso for iso, country in COUNTRIES.items()} | {
    tuple(written.split()): iso
    for iso, names in _WRITTEN.items()
    if iso in COUNTRIES
    for written in names.split("|")
}
_LONGEST = max(map(len, _NAMES))


def country_of(name: str) -> str | None:
    """The ISO code of the country that `name` begins with; None for none, or for two of them.

    >>> country_of("Guinea-Bissau - Mobile"), country_of("Niger Mobile"), country_of("United States & Canada")
    ('GW', 'NE', None)
    """
    words = plain(name)
    length, found = _first(words)
    if found is None:
        return None
    rest = words[length:]
    if rest[:1] == ["and"] and _first(rest[1:])[1] not in (None, found):
        return None
    return found


def is_country(name: str) -> bool:
    """Whether `name` is the name of a country, and nothing more."""
    return tuple(plain(name)) in _NAMES


def _first(words: list[str]) -> tuple[int, str | None]:
    for length in range(min(_LONGEST, len(words)), 0, -1):
        if (found := _NAMES.get(tuple(words[:length]))) is not None:
            return length, found
    return 0, None
