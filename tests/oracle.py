"""The naive twin: matching and rating said in plain loops and fractions, to be read as the rules.

Slow on purpose and free of tricks. Of the product it knows only the names of the policies. A row is
a mapping of canonical columns; a column it lacks is not stated. Seconds and amounts are exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from dialnexa_routing.money import semantics as policy
from oracle_schedule import by_schedule, is_timed, rounded_pieces

if TYPE_CHECKING:
    from datetime import datetime

Row = Mapping[str, Any]
Number = int | Decimal | Fraction


@dataclass(frozen=True)
class Outcome:
    """What a record comes to; `total` is None exactly where `reason` says why."""

    row: Row | None = None
    billed_s: int | None = None
    exact: Fraction | None = None
    total: Decimal | None = None
    reason: str | None = None


def digits(number: str) -> str | None:
    """R1: an optional plus, then 1 to 15 of [0-9], the first of them not 0."""
    bare = number[1:] if number.startswith("+") else number
    good = 1 <= len(bare) <= 15 and all(letter in "0123456789" for letter in bare) and bare[0] != "0"
    return bare if good else None


def longest(rows: Sequence[Row], bare: str, at: datetime | None, direction: str | None) -> Row | None:
    """R15, R16: the longest prefix that answers; of two alike the one for exactly this number."""
    for length in range(len(bare), 0, -1):
        for exact in (True, False) if length == len(bare) else (False,):
            for row in rows:
                same = row["prefix"] == bare[:length] and bool(row.get("exact_match")) is exact
                if same and is_live(row, at) and serves(row, direction):
                    return row
    return None


def is_live(row: Row, at: datetime | None) -> bool:
    """R50: from the first instant on, until before the last; without a time, dates do not count."""
    begun = at is None or row.get("valid_from") is None or row["valid_from"] <= at
    return begun and (at is None or row.get("valid_to") is None or at < row["valid_to"])


def serves(row: Row, direction: str | None) -> bool:
    """A row with a rate for the other direction only yields; a blocked one never does (R47)."""
    stated = [way for way in ("outbound", "inbound") if is_priced(row, way)]
    return direction is None or bool(row.get("blocked")) or not stated or direction in stated


def is_priced(row: Row, way: str) -> bool:
    return row.get(f"{way}_rate") is not None or (way == "outbound" and bool(row.get("schedule")))


def whole_seconds(seconds: Number, way: policy.PartSecond) -> int:
    """R44: a part of a second counts first."""
    if way is policy.PartSecond.HALF_UP:
        return floor(Fraction(seconds) + Fraction(1, 2))
    return ceil(seconds) if way is policy.PartSecond.UP else floor(seconds)


def blocks(seconds: int, row: Row, choices: policy.Semantics) -> int:
    """R44: the initial block whole, then as many next blocks as have begun."""
    initial, following = row.get("initial_increment_s"), row.get("next_increment_s")
    if initial is None and following is None:
        initial, following = choices.pulse.initial_s, choices.pulse.next_s
    initial, following = initial or following or 0, following or initial or 0
    if choices.increments is policy.Increments.MODULO:
        return following * ceil(Fraction(max(seconds, initial), following))
    return initial + following * max(0, ceil(Fraction(seconds - initial, following)))


def billed(seconds: int, row: Row, choices: policy.Semantics) -> int:
    """R53: free seconds, minimum time and increments of a call that is longer than its grace."""
    free, minimum = row.get("free_s") or 0, row.get("minimum_s") or 0
    deducted = choices.free_seconds is policy.FreeSeconds.DEDUCTED
    left = seconds - free if deducted else seconds
    if left <= 0:
        return 0
    first = minimum if choices.minimum is policy.Minimum.BEFORE_INCREMENTS else 0
    counted = max(blocks(max(left, first), row, choices), minimum)
    return counted if deducted else max(0, counted - free)


def charged(
    seconds: int, row: Row, direction: str, choices: policy.Semantics, at: datetime | None = None
) -> tuple[int, Fraction]:
    """Billed seconds and the exact charge at a row that has the rate."""
    if seconds == 0 and choices.connect_fee is policy.ConnectFee.WHEN_ANSWERED:
        return 0, Fraction(0)
    minimum = row.get("minimum_s") or 0 if choices.grace is policy.Grace.MINIMUM_FIRST else 0
    if seconds > 0 and max(seconds, minimum) <= (row.get("grace_s") or 0):
        return 0, Fraction(0)
    if row.get("schedule") and direction == "outbound":
        counted, exact = by_schedule(seconds, row, choices, at)
    else:
        counted = billed(seconds, row, choices)
        second = Fraction(row[f"{direction}_rate"]) / (row.get("rate_unit_s") or 60)
        parts = increments(seconds, counted, row, choices)
        exact = rounded_pieces(((piece, Fraction(part), second * part) for piece, part in parts), choices)
        exact += Fraction(row.get("connect_fee") or 0)
    if row.get("max_charge") is not None and choices.max_charge is policy.MaxCharge.CAP:
        exact = min(exact, Fraction(row["max_charge"]))
    return counted, max(exact, Fraction(row.get("min_charge") or 0)) if seconds > 0 else exact


def increments(
    seconds: int, counted: int, row: Row, choices: policy.Semantics
) -> Sequence[tuple[object, int]]:
    """The increments that billed seconds at a flat rate are made of, with pieces; one where that is exact.

    What the minimum time adds behind the increments is one more, and a piece of its own.
    """
    if choices.round_at is policy.RoundingPoint.CHARGE or not counted:
        return [(0, counted)]
    initial, following = row.get("initial_increment_s"), row.get("next_increment_s")
    if initial is None and following is None:
        initial, following = choices.pulse.initial_s, choices.pulse.next_s
    initial, following = initial or following or 0, following or initial or 0
    deducted = choices.free_seconds is policy.FreeSeconds.DEDUCTED
    left = seconds - (row.get("free_s") or 0) if deducted else seconds
    free = 0 if deducted else row.get("free_s") or 0
    if choices.minimum is policy.Minimum.BEFORE_INCREMENTS:
        left = max(left, row.get("minimum_s") or 0)
    anchored = choices.increments is policy.Increments.ANCHORED
    edges, reached = [0], blocks(left, row, choices)
    while edges[-1] < reached:
        edges.append(edges[-1] + (initial if anchored and edges == [0] else following))
    lengths = [end - start for start, end in pairwise(edges)]
    edges.append(max(reached, counted + free))
    pieces = [*lengths, "minimum"]
    return [
        (piece, max(0, end - max(start, free)))
        for piece, (start, end) in zip(pieces, pairwise(edges), strict=True)
    ]


def rounded(exact: Fraction, choices: policy.Semantics) -> int:
    """R48: the one rounding, to units of the last place."""
    units = exact * Fraction(f"1e{choices.decimals}")
    whole, rest, half = floor(units), units % 1, Fraction(1, 2)
    lift = {
        policy.Rounding.HALF_UP: rest >= half,
        policy.Rounding.HALF_EVEN: rest > half or (rest == half and whole % 2 == 1),
        policy.Rounding.UP: rest > 0,
        policy.Rounding.DOWN: False,
    }[choices.rounding]
    return whole + lift


def rate(rows: Sequence[Row], number: str | None, seconds: Number | None, **asked: Any) -> Outcome:
    """One record to its charge, or to the first reason why it has none (R43, R47, R51).

    `asked` are: at, direction, choices, and a fault of the seconds that was seen before.
    """
    at, direction, choices = asked.get("at"), asked.get("direction", "outbound"), asked["choices"]
    bare = digits(number) if number is not None else None
    way = direction if direction in ("outbound", "inbound") else None
    timed = (row.get("valid_from") or row.get("valid_to") or is_timed(row) for row in rows)
    no_time = at is None and any(timed)
    row = longest(rows, bare, at, way) if bare and not no_time else None
    if seconds is None or seconds < 0 or asked.get("fault") or not bare or not way:
        about_number = None if bare else "missing_number" if number is None else "invalid_number"
        about_seconds = "missing_seconds" if seconds is None else "negative_seconds" if seconds < 0 else None
        return Outcome(row, reason=about_number or asked.get("fault") or about_seconds or "invalid_direction")
    whole, reason, counted, exact = whole_seconds(seconds, choices.part_second), None, 0, Fraction(0)
    if row is None:
        reason = "missing_answered_at" if no_time else "unsupported_prefix"
    elif row.get("blocked") or not is_priced(row, way):
        reason = "blocked" if row.get("blocked") else "rate_missing"
    else:
        counted, exact = charged(whole, row, way, choices, at)
        # R48: more than a column can hold is an error, never another amount.
        reason = "overflow" if counted >= 2**32 or rounded(exact, choices) >= 10**18 else None
    if reason and whole > 0:
        return Outcome(row, reason=reason)
    return Outcome(row, counted, exact, Decimal(f"{rounded(exact, choices)}E-{choices.decimals}"))
