"""Numbering-plan facts of phonenumbers as prefixes: which digits a range, or a country, starts with.

phonenumbers describes ranges by regular expressions over the national number. A rate sheet wants
prefixes, so `starts` reads the few forms those expressions use: digits, classes, groups, repeats.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import phonenumbers
from phonenumbers.geodata.locale import LOCALE_DATA

WORLD = "001"
"""The region code phonenumbers gives to calling codes that belong to no country."""

# ITU-T E.164 assigns these codes to services; phonenumbers knows the codes but has no names for them.
SERVICES = {
    800: "International Freephone",
    808: "International Shared Cost",
    870: "Inmarsat",
    878: "Universal Personal Telecommunications",
    881: "Global Mobile Satellite",
    882: "International Networks 882",
    883: "International Networks 883",
    888: "Disaster Relief",
    979: "International Premium Rate",
}

# Regions that have numbers but no name in the English locale data.
_UNNAMED = {"AC": "Ascension Island", "TA": "Tristan da Cunha", "XK": "Kosovo"}

CALLING_CODES: dict[int, tuple[str, ...]] = phonenumbers.COUNTRY_CODE_TO_REGION_CODE

# A class this wide narrows a range so little that the prefix is better ended before it.
_WIDE = 8

_QUANTIFIER = re.compile(r"\?|\{([0-9]+)(?:,([0-9]+))?\}")


class Start(NamedTuple):
    digits: str
    ended: bool


def country_name(iso: str, calling_code: int) -> str:
    """The English name of a region, or of the service behind a calling code without one."""
    if iso == WORLD:
        return SERVICES[calling_code]
    if iso in _UNNAMED:
        return _UNNAMED[iso]
    names = LOCALE_DATA[iso]
    # "*aa" says that the name is the one of the language aa.
    return str(names[names["en"][1:]] if names["en"].startswith("*") else names["en"])


def starts(pattern: str, limit: int) -> list[str]:
    """The shortest prefixes, of at most `limit` digits, that cover all a national pattern matches.

    >>> starts("(?:11|2[03])[2-7]\\\\d{7}|90", 2)
    ['11', '20', '23', '90']
    """
    found, end = _alternatives(pattern, 0, limit)
    if end != len(pattern):
        raise ValueError(f"cannot read {pattern!r} from character {end}")
    return shortest({start.digits for start in found})


def shortest(prefixes: set[str]) -> list[str]:
    """`prefixes` in order, without those that another one of them covers."""
    kept: list[str] = []
    for prefix in sorted(prefixes):
        if not kept or not prefix.startswith(kept[-1]):
            kept.append(prefix)
    return kept


def plan(iso: str, calling_code: int) -> phonenumbers.PhoneMetadata:
    """What phonenumbers knows of one country's ranges, or of one service's."""
    if iso == WORLD:
        found = phonenumbers.PhoneMetadata.metadata_for_nongeo_region(calling_code)
    else:
        found = phonenumbers.PhoneMetadata.metadata_for_region(iso)
    if found is None:
        raise ValueError(f"phonenumbers has no plan for {iso} +{calling_code}")
    return found


def roots() -> dict[str, tuple[str, int]]:
    """Which region and calling code each prefix belongs to; the longest one of a number decides.

    The first region of a calling code owns the code itself, every other one what phonenumbers says
    is its own: +1 876 is Jamaica although the United States own 1.
    """
    found: dict[str, tuple[str, int]] = {}
    for code, regions in sorted(CALLING_CODES.items()):
        found[str(code)] = (regions[0], code)
        for iso in regions[1:]:
            for prefix in _own(iso, code):
                found[f"{code}{prefix}"] = (iso, code)
    return found


def _own(iso: str, code: int) -> list[str]:
    metadata = plan(iso, code)
    if metadata.leading_digits:
        return starts(metadata.leading_digits, 7)
    limit = 3 if code == 1 else 7
    found: list[str] = []
    given: set[str] = set()
    for numbers in (metadata.fixed_line, metadata.mobile):
        if numbers and numbers.national_number_pattern and numbers.example_number:
            ranges = starts(numbers.national_number_pattern, limit)
            length = len(numbers.example_number)
            given.update(start for start in ranges if _is_given_to(iso, code, start, length))
            found = found or ranges
    # Western Sahara's landlines lie inside Morocco's ranges, which phonenumbers asks first.
    return shortest(given) or found


def _is_given_to(iso: str, code: int, start: str, length: int) -> bool:
    """Whether phonenumbers places a number with this start there, of a few that might exist."""
    tried = (phonenumbers.parse(f"+{code}{(start + fill * length)[:length]}") for fill in "258")
    return any(phonenumbers.region_code_for_number(number) == iso for number in tried)


def _alternatives(pattern: str, at: int, limit: int) -> tuple[set[Start], int]:
    found: set[Start] = set()
    while True:
        branch, at = _sequence(pattern, at, limit)
        found |= branch
        if not pattern.startswith("|", at):
            return found, at
        at += 1


def _sequence(pattern: str, at: int, limit: int) -> tuple[set[Start], int]:
    found = {Start("", False)}
    while at < len(pattern) and pattern[at] not in "|)":
        atom, at = _atom(pattern, at, limit)
        least = most = 1
        if quantifier := _QUANTIFIER.match(pattern, at):
            at = quantifier.end()
            least = int(quantifier[1] or 0)
            most = int(quantifier[2] or quantifier[1] or 1)
        for _ in range(least):
            found = _joined(found, atom, limit)
        for _ in range(most - least):
            found |= _joined(found, atom, limit)
    return found, at


def _joined(found: set[Start], atom: set[Start], limit: int) -> set[Start]:
    joined: set[Start] = set()
    for head in found:
        if head.ended:
            joined.add(head)
            continue
        for tail in atom:
            digits = (head.digits + tail.digits)[:limit]
            joined.add(Start(digits, tail.ended or len(digits) == limit))
    return joined


def _atom(pattern: str, at: int, limit: int) -> tuple[set[Start], int]:
    if pattern.startswith("(?:", at):
        found, at = _alternatives(pattern, at + 3, limit)
        return found, at + 1
    if pattern.startswith("\\d", at):
        return {Start("", True)}, at + 2
    if pattern[at] == "[":
        end = pattern.index("]", at)
        digits = _class(pattern[at + 1 : end])
        return ({Start("", True)} if len(digits) >= _WIDE else {Start(d, False) for d in digits}), end + 1
    if pattern[at] in "0123456789":
        return {Start(pattern[at], False)}, at + 1
    raise ValueError(f"cannot read {pattern!r} from character {at}")


def _class(body: str) -> str:
    spans = re.findall(r"([0-9])-([0-9])|([0-9])", body)
    return "".join(
        single or "".join(str(d) for d in range(int(low), int(high) + 1)) for low, high, single in spans
    )
