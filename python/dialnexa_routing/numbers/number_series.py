"""What leading digits say: regions, dead prefixes, satellite and premium series, renumberings.

Nothing here refuses a number. Ranges are opened and closed every few weeks, and calls in transition are
charged for months: what is told from these tables is a warning, with the release that it is by.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from dialnexa_routing.numbers.plan_file import counts, section

if TYPE_CHECKING:
    from collections.abc import Callable

_COMPLETE, _NONE = -1, -2


class Series(NamedTuple):
    """Numbers that cost more than their neighbours.

    Attributes:
        prefix: digits that begin them, calling code in front.
        kind: ``satellite`` or ``premium``.
        owner: of a satellite series its network, of a premium one the ISO code of its region, or ``-``.
    """

    prefix: str
    kind: str
    owner: str


class Renumbering(NamedTuple):
    """Numbers that changed, kept by hand.

    Attributes:
        prefix: digits that begin the old form, calling code in front.
        lengths: national digits of the old form; empty is any.
        becomes: what stands in place of `prefix` today; None where that is no matter of a prefix.
        since: from when the new form holds, if known.
        until: the last day on which the old form holds beside it, if known.
        what: the same for people.
        source: who states so.
    """

    prefix: str
    lengths: frozenset[int]
    becomes: str | None
    since: date | None
    until: date | None
    what: str
    source: str


def region_of(digits: str) -> str | None:
    """ISO code of the region that some digits belong to, by the longest prefix; None for services.

    On shared codes it goes as far as the metadata does. Never a reason to refuse.

    >>> region_of("18765550100"), region_of("37744"), region_of("88216"), region_of("999")
    ('JM', 'MC', None, None)
    """
    regions = _regions()
    for end in range(min(len(digits), _longest(_regions)), 0, -1):
        if (region := regions.get(digits[:end])) is not None:
            return None if region == "-" else region
    return None


def calling_code_of(digits: str) -> str | None:
    """The calling code that begins some digits.

    >>> calling_code_of("919812"), calling_code_of("1876"), calling_code_of("9")
    ('91', '1', None)
    """
    return next((digits[:end] for end in (1, 2, 3) if digits[:end] in _starts()), None)


@lru_cache(None)
def country_prefixes() -> frozenset[str]:
    """Calling codes, parts of them, and where the regions of shared codes begin.

    >>> [digits in country_prefixes() for digits in ("7", "77", "254", "2547", "1876")]
    [True, True, True, False, True]
    """
    parts = (code[:end] for code in _starts() for end in range(1, len(code) + 1))
    return frozenset(_regions()).union(parts)


@lru_cache(1 << 16)
def regions_of(prefix: str) -> frozenset[str]:
    """The ISO codes of all regions that numbers under a prefix can be of; empty for services.

    Where several share a calling code it goes as far as their patterns differ within five digits (three
    in North America); numbers that they have alike, as Finland's and Aland's mobiles, are of all of them.

    >>> sorted(regions_of("1876")), sorted(regions_of("447")), sorted(regions_of("447781"))
    (['JM'], ['GB', 'GG', 'IM', 'JE'], ['GG'])
    >>> sorted(regions_of("35840")), sorted(regions_of("379")), sorted(regions_of("8816"))
    (['AX', 'FI'], ['VA'], [])
    """
    shared = _sharing()
    for end in range(min(len(prefix), _longest(_sharing)), 0, -1):
        if (found := shared.get(prefix[:end])) is not None:
            return found
    region = region_of(prefix)
    if region is not None:
        return frozenset([region])
    begun = (_sharing().get(code) or {region_of(code)} for code in _starts() if code.startswith(prefix))
    return frozenset(iso for isos in begun for iso in isos if iso is not None)


def begins_numbers(prefix: str) -> bool:
    """Whether some valid number begins with a prefix, calling code in front, or is the prefix itself.

    Exact by the patterns of the release; numbers of more than fifteen digits do not count (R1).

    >>> begins_numbers("24544"), begins_numbers("24532"), begins_numbers("2")
    (True, False, True)
    """
    starts = _starts()
    code = calling_code_of(prefix)
    if code is None:
        return any(known.startswith(prefix) for known in starts)
    at, states = starts[code], _states()
    for digit in prefix[len(code) :]:
        if at == _COMPLETE or (found := states[at].get(digit)) is None:
            return False
        at = found
    return True


def is_number(digits: str) -> bool:
    """Whether digits with their calling code are a valid number by the patterns of the release.

    Like all leading digits it refuses nothing by itself: a range that is new is none.

    >>> is_number("919812345678"), is_number("91981234567"), is_number("91919812345678")
    (True, False, False)
    """
    code = calling_code_of(digits)
    if code is None or len(digits) == len(code):
        return False
    at, states = _starts()[code], _states()
    for digit in digits[len(code) :]:
        if at == _COMPLETE or (found := states[at].get(digit)) is None:
            return False
        at = found
    return at == _COMPLETE or at in _ends()


@lru_cache(None)
def transitions() -> tuple[int, list[int]]:
    """The same for columns: the first state; and by ten times a state plus a digit the next, or -2."""
    states = _states()
    ended, rows = len(states), [[at.get(digit, _NONE) for digit in "0123456789"] for at in states]
    rows = [[ended if to == _COMPLETE else to for to in row] for row in rows] + [[_NONE] * 10]
    numbers = {code[:end]: 0 for code in _starts() for end in range(len(code))}
    for begun in numbers:
        numbers[begun] = len(rows)
        rows.append([_NONE] * 10)
    for code, at in _starts().items():
        for end in range(len(code)):
            to = at if end + 1 == len(code) else numbers[code[: end + 1]]
            rows[numbers[code[:end]]][int(code[end])] = ended if to == _COMPLETE else to
    return numbers[""], [to for row in rows for to in row]


def endings() -> frozenset[int]:
    """The states of `transitions` in which a valid number may end."""
    return _ends() | {len(_states())}


def series_of(digits: str) -> Series | None:
    """The satellite or premium series that some digits lie in, the narrowest one.

    >>> series_of("8821612345678"), series_of("8821")
    (Series(prefix='88216', kind='satellite', owner='Thuraya'), None)
    """
    table = _series()
    for end in range(min(len(digits), _longest(_series)), 0, -1):
        if (found := table.get(digits[:end])) is not None:
            return found
    return None


def all_series() -> tuple[Series, ...]:
    """Every series, by prefix."""
    return tuple(_series().values())


@lru_cache(None)
def renumberings() -> tuple[Renumbering, ...]:
    """Every renumbering that is kept, by prefix."""
    return tuple(_renumbering(line) for line in section("renumberings"))


def renumbered(digits: str) -> Renumbering | None:
    """The renumbering of whose old form some digits can be; numbers of today may begin so as well.

    >>> found = renumbered("22997123456")
    >>> found.becomes, found.since.isoformat(), renumbered("2290197123456")
    ('22901', '2024-11-30', None)
    """
    for one in renumberings():
        if digits.startswith(one.prefix) and not _is_new(one, digits) and not _is_longer(one, digits):
            return one
    return None


def _is_new(one: Renumbering, digits: str) -> bool:
    """Whether digits are of the new form, where that is longer than what it stands for."""
    new = one.becomes
    return new is not None and new.startswith(one.prefix) and digits.startswith(new)


def _is_longer(one: Renumbering, digits: str) -> bool:
    code = calling_code_of(one.prefix) or ""
    return bool(one.lengths) and len(digits) - len(code) > max(one.lengths)


def _renumbering(line: str) -> Renumbering:
    prefix, lengths, becomes, since, until, what, source = line.split("\t")
    return Renumbering(prefix, counts(lengths), becomes or None, _day(since), _day(until), what, source)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@lru_cache(None)
def _regions() -> dict[str, str]:
    return dict(line.split(" ") for line in section("regions"))


@lru_cache(None)
def _sharing() -> dict[str, frozenset[str]]:
    rows = (line.split(" ", 1) for line in section("sharing"))
    # Assigned to the Vatican, whose numbers are Italian ones: nobody is reached by it yet.
    return {"379": frozenset(["VA"])} | {prefix: frozenset(isos.split(" ")) for prefix, isos in rows}


@lru_cache(None)
def _series() -> dict[str, Series]:
    rows = (line.split(" ", 2) for line in section("series"))
    return {prefix: Series(prefix, kind, owner) for prefix, kind, owner in rows}


@lru_cache(None)
def _starts() -> dict[str, int]:
    rows = (line.split(" ") for line in section("starts"))
    return {code: _number(state) for code, state in rows}


@lru_cache(None)
def _states() -> list[dict[str, int]]:
    """By state, the next one for each digit that may follow."""
    return [
        {
            digit: _number(to)
            for digits, _, to in (part.partition(":") for part in line.split(" ") if part != "!")
            for digit in digits
        }
        for line in section("states")
    ]


@lru_cache(None)
def _ends() -> frozenset[int]:
    return frozenset(at for at, line in enumerate(section("states")) if line.startswith("!"))


def _number(state: str) -> int:
    return _COMPLETE if state == "*" else int(state)


@lru_cache(None)
def _longest(table: Callable[[], dict[str, Any]]) -> int:
    return max(map(len, table()))
