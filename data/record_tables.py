"""What generated calls are drawn from: called numbers, own numbers, durations, times of day.

Each table has a power of two of equally likely slots, and what is likelier fills more of them. A
random integer then picks a row by its remainder alone, for millions of calls at once.
"""

from __future__ import annotations

import csv
import hashlib
import math
from functools import cache
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import polars as pl

from number_plan import CALLING_CODES, plan

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

T = TypeVar("T")

# Of a hundred calls, those to each part of the sheet.
_SHARES = {"Indian mobiles": 50, "India": 10, "abroad": 40}

_LONGEST = 15  # digits of an E.164 number

# Our own numbers: calling code and first digits, how many digits follow, and how many of a hundred.
_OWN = ((92, "918047", 6), (5, "1415200", 4), (3, "442039", 6))
_WORKSPACES, _MOST_NUMBERS = 300, 12

# Calls of an hour of Indian time, from midnight: few at night, a noon dip, promotions until nine.
_BY_HOUR = (1, 1, 1, 1, 1, 1, 2, 4, 8, 20, 26, 28, 24, 18, 22, 26, 27, 26, 24, 20, 14, 4, 2, 1)
_INDIAN_TIME_MIN = 330

# Median and spread of a conversation's length, and its end.
_MEDIAN_S, _SPREAD, _LONGEST_CALL_S = 95, 1.0, 7_200


class Destinations(NamedTuple):
    """A called number is `stem * scale` and a random number below `scale`."""

    stem: pl.Series
    scale: pl.Series


class Sources(NamedTuple):
    workspace: pl.Series
    number: pl.Series
    digits: pl.Series


def destinations(sheet: Path, slots: int = 1 << 18) -> Destinations:
    """Called numbers over the prefixes of a sheet, few of them called often (Zipf)."""
    called: dict[str, dict[str, int]] = {"Indian mobiles": {}, "India": {}, "abroad": {}}
    rare: set[str] = set()
    for prefix, row in _prefixes(sheet):
        kind = _kind(row)
        if kind not in ("", "Mobile", "Fixed"):
            rare.add(prefix)
        expected = _lengths().get((row["country_iso"], "Mobile" if kind == "Mobile" else "Fixed"), 11)
        # A whole number is called as it is; behind any prefix at least two digits follow.
        length = len(prefix) if row["exact_match"] == "true" else max(expected, len(prefix) + 2)
        where = "abroad" if row["country_iso"] != "IN" else "Indian mobiles" if kind == "Mobile" else "India"
        called[where][prefix] = min(length, _LONGEST) - len(prefix)
    drawn: list[tuple[str, int]] = []
    for where, share in _SHARES.items():
        ranked = sorted(called[where].items(), key=lambda item: (item[0] in rare, _shuffled(item[0])))
        weights = [1_000_000_000 // (rank + 20) for rank in range(len(ranked))]
        drawn += _filled(ranked, weights, slots * share // 100)
    drawn += drawn[: slots - len(drawn)]
    return Destinations(
        pl.Series([int(prefix) for prefix, _ in drawn], dtype=pl.UInt64),
        pl.Series([10**digits for _, digits in drawn], dtype=pl.UInt64),
    )


def sources(slots: int = 1 << 14) -> Sources:
    """Workspaces with their numbers: the first ones make most of the calls."""
    owners: list[tuple[str, str]] = []
    weights: list[int] = []
    for rank in range(_WORKSPACES):
        workspace = f"ws_{rank + 1:03}"
        for n in range(1 + _shuffled(workspace) % _MOST_NUMBERS):
            owners.append((workspace, _own_number(f"{workspace}|{n}")))
            weights.append(1_000_000_000 // (rank + 5))
    picked = _filled(owners, weights, slots)
    return Sources(
        pl.Series([workspace for workspace, _ in picked]),
        pl.Series([f"+{number}" for _, number in picked]),
        pl.Series([int(number) for _, number in picked], dtype=pl.UInt64),
    )


def durations(slots: int = 1 << 12) -> pl.Series:
    """Seconds of answered calls: log-normal, one second at least."""
    normal = NormalDist(math.log(_MEDIAN_S), _SPREAD)
    drawn = (math.exp(normal.inv_cdf((slot + 0.5) / slots)) for slot in range(slots))
    return pl.Series([min(max(round(seconds), 1), _LONGEST_CALL_S) for seconds in drawn], dtype=pl.Int64)


def minutes(slots: int = 1 << 12) -> pl.Series:
    """Minutes of the day, UTC, at which calls are answered."""
    of_day = [(minute - _INDIAN_TIME_MIN) % 1440 for minute in range(1440)]
    weights = [1000 * _BY_HOUR[minute // 60] for minute in range(1440)]
    return pl.Series(_filled(of_day, weights, slots), dtype=pl.Int64)


def _filled(items: Sequence[T], weights: Sequence[int], slots: int) -> list[T]:
    """`items` repeated by their weights until they fill `slots`, exactly and without floats."""
    total = sum(weights)
    filled: list[T] = []
    reached = 0
    for item, weight in zip(items, weights, strict=True):
        reached += weight
        filled += [item] * (reached * slots // total - len(filled))
    return filled


def _prefixes(sheet: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The prefixes that any caller may reach, each with its row."""
    with sheet.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if not row["origin"]:
                for prefix in row["prefix"].split(", "):
                    yield prefix, row


def _kind(row: dict[str, str]) -> str:
    """The kind of number, which stands after the country in a group's name."""
    return row["network_group"].removeprefix(row["country"]).removeprefix(" - ").split(" - ")[0]


@cache
def _lengths() -> dict[tuple[str, str], int]:
    """Digits of a region's numbers with the calling code, after the examples of phonenumbers."""
    found: dict[tuple[str, str], int] = {}
    for code, regions in CALLING_CODES.items():
        for iso in regions:
            metadata = plan(iso, code)
            for kind, numbers in (("Mobile", metadata.mobile), ("Fixed", metadata.fixed_line)):
                if numbers and numbers.example_number:
                    found[iso, kind] = len(f"{code}{numbers.example_number}")
    return found


def _own_number(key: str) -> str:
    at = _shuffled(key) % 100
    for share, start, digits in _OWN:
        at -= share
        if at < 0:
            return f"{start}{_shuffled(f'digits|{key}') % 10**digits:0{digits}}"
    raise AssertionError("the shares of our own numbers make a hundred")


def _shuffled(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6])
