"""How decks write many codes as one: ranges, brackets, wildcards and classes, taken apart exactly.

Everything becomes the fewest prefixes that cover the same numbers, never every number (quirk 2).
"""

from __future__ import annotations

import re

from dialnexa_routing.numbers.countries import COUNTRIES

MAX_CODES = 10_000
"""Prefixes one pattern may become; a larger one is a mistake or an attack."""
MAX_CHARACTERS = 4_000
"""Of one item of a list; numbers have fifteen digits."""
MAX_UNITS = 4_000_000
"""Prefixes times callers that one table may become."""

_DIGITS = re.compile("[0-9]+")
_TRAILING = re.compile(r"[xX*#.!]+$")
_BRACKET = re.compile(r"([0-9]+) ?\(([^()]*)\)")
_ATOM = re.compile(r"[0-9]|[xXzZnN]|\[[0-9][0-9,-]*\]")
_CLASSES = {"x": "0123456789", "z": "123456789", "n": "23456789"}
_TWO_DIGIT_CODES = frozenset(
    country.calling_code for country in COUNTRIES.values() if len(country.calling_code) == 2
)


def calling_code(digits: str) -> str:
    """The country calling code that `digits` start with, by the lengths the ITU assigned.

    >>> calling_code("919812"), calling_code("1808"), calling_code("37254")
    ('91', '1', '372')
    """
    if digits[:1] in ("1", "7"):
        return digits[:1]
    return digits[:2] if digits[:2] in _TWO_DIGIT_CODES else digits[:3]


def spans(low: str, high: str) -> list[str]:
    """The fewest prefixes that cover `low` to `high`, two bounds of one length.

    >>> spans("447400", "447409"), spans("49172", "49174")
    (['44740'], ['49172', '49173', '49174'])
    """
    if not low:
        return [""]
    if low[0] == high[0]:
        return [low[0] + rest for rest in spans(low[1:], high[1:])]
    parts = [[low[0] + rest for rest in spans(low[1:], "9" * (len(low) - 1))]]
    parts += [[str(digit)] for digit in range(int(low[0]) + 1, int(high[0]))]
    parts += [[high[0] + rest for rest in spans("0" * (len(high) - 1), high[1:])]]
    codes = [code for part in parts for code in part]
    whole = [str(digit) for digit in range(int(low[0]), int(high[0]) + 1)]
    return [""] if len(whole) == 10 and codes == whole else codes


def range_codes(low: str, high: str) -> list[str] | str:
    """The prefixes from `low` to `high`, or the sentence that states why there are none."""
    if len(low) != len(high):
        return f"is a range from {len(low)} to {len(high)} digits: write both bounds in full"
    if low > high:
        return "is a range that ends before it begins: exchange its bounds"
    if low[0] == "0" or (low[0], high[0]) == ("1", "9"):
        return "is a range over all countries: write its codes out"
    codes = spans(low, high)
    if len(codes) > MAX_CODES or len(low) > 15:
        return f"is a range of more than {MAX_CODES} prefixes: correct its bounds"
    return codes


def bracket_codes(piece: str) -> list[str] | str | None:
    """``61(28,29)`` as ``6128`` and ``6129``; None when it has no brackets (quirk 8)."""
    if "(" not in piece and ")" not in piece:
        return None
    found = _BRACKET.fullmatch(piece)
    if not found:
        return "has brackets that are not a list of areas behind a code: write the codes out"
    codes: list[str] = []
    for area in re.split("[,;/\x1f]| (?=[0-9])", found[2]):
        area = area.strip()
        bounds = re.fullmatch(r"([0-9]+) ?- ?([0-9]+)", area)
        if bounds:
            spread = range_codes(found[1] + bounds[1], found[1] + bounds[2])
            if isinstance(spread, str):
                return spread
            codes += spread
            if len(codes) > MAX_CODES:
                return f"is a list of ranges of more than {MAX_CODES} prefixes: correct their bounds"
        elif _DIGITS.fullmatch(area):
            codes.append(found[1] + area)
        else:
            return f"has {area[:20]!r} in brackets, which is no area code: write the codes out"
    return codes


def pattern_codes(piece: str) -> list[str] | str:
    """The prefixes of a pattern with wildcards or classes, or why it is none (quirks 9 and 10).

    >>> pattern_codes("_919N."), pattern_codes("9198X"), pattern_codes("33[67]x4")[:2]
    (['9192', '9193', '9194', '9195', '9196', '9197', '9198', '9199'], ['9198'], ['33604', '33614'])
    """
    body, asterisk, regex = piece, piece.startswith("_"), piece.startswith("^")
    if asterisk or regex:
        body = body[1:]
    if regex:
        body = body.removesuffix("$")
        if not re.fullmatch(r"\+?[0-9]+(?:\.\*)?", body):
            return "is a regular expression other than ^digits.*: write its prefixes out"
        return [body.lstrip("+").removesuffix(".*")]
    body = _TRAILING.sub("", body)
    atoms = _ATOM.findall(body)
    if not atoms or "".join(atoms) != body:
        return "holds something other than digits 0-9 and wildcards: write the digits out"
    if not asterisk and any(atom in "zZnN" for atom in atoms):
        return "holds a letter: write the digits out, or put _ in front of a pattern with N and Z"
    codes = [""]
    for atom in atoms:
        digits = _class(atom)
        if digits is None:
            return "holds a class whose bounds are reversed: write it as [2-7]"
        if len(codes) * len(digits) > MAX_CODES:
            return f"is a pattern of more than {MAX_CODES} prefixes: write it shorter"
        codes = [code + digit for code in codes for digit in digits]
    return codes


def _class(atom: str) -> str | None:
    if len(atom) == 1:
        return _CLASSES.get(atom.lower(), atom)
    held = set()
    for part in atom[1:-1].split(","):
        for low, high in re.findall("([0-9])(?:-([0-9]))?", part):
            if high and low > high:
                return None
            held |= {str(digit) for digit in range(int(low), int(high or low) + 1)}
    return "".join(sorted(held))
