"""Rates of a CGRateS tariff plan: ladders of intervals, as columns where one price holds, else as tiers.

Durations are Go's (``1m30s``, ``500ms``); an empty unit or increment is a second. The connect fee is
that of the first interval, whatever the later ones say, as the engine has it.
"""

from __future__ import annotations

import json
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dialnexa_routing.sheets.cells.money import parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dialnexa_routing.sheets.providers.cgrates_timings import Timing

_PART = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)")
_UNITS = {
    "ns": Fraction(1, 10**9),
    "us": Fraction(1, 10**6),
    "\u00b5s": Fraction(1, 10**6),
    "\u03bcs": Fraction(1, 10**6),
    "ms": Fraction(1, 1000),
    "s": Fraction(1),
    "m": Fraction(60),
    "h": Fraction(3600),
}
_ZERO = re.compile(r"[+-]?0+(?:\.0+)?")
_DAY = 86_400


class LadderError(Exception):
    """A rate that cannot be read; the message is the sentence for its rows."""


def seconds(text: str | None) -> Fraction | None:
    """A duration as Go writes it, in seconds; None for an empty one.

    Raises `LadderError` for a number without a unit, which older versions count in seconds and
    newer ones in nanoseconds.

    >>> seconds("1m30s"), seconds("500ms"), seconds("0"), seconds("")
    (Fraction(90, 1), Fraction(1, 2), Fraction(0, 1), None)
    """
    plain = (text or "").strip()
    if not plain:
        return None
    if _ZERO.fullmatch(plain):
        return Fraction(0)
    parts = _PART.findall(plain)
    if not parts or "".join(number + unit for number, unit in parts) != plain:
        hint = "s" if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", plain) else ""
        told = (
            f"the duration {plain[:20]!r} has no unit, which is seconds to old versions and nanoseconds to"
            f" new ones: write {plain[:20]}{hint}"
            if hint
            else f"the duration {plain[:20]!r} is none: write it as 60s, 1m30s or 500ms"
        )
        raise LadderError(told)
    return sum((Fraction(number) * _UNITS[unit] for number, unit in parts), Fraction(0))


class Ladder:
    """The intervals of one rate, in order."""

    def __init__(self, steps: Sequence[dict[str, str]]) -> None:
        """Reads the lines of one rate. Raises `LadderError` for what no tier can say."""
        held = []
        for step in steps:
            start = seconds(step.get("groupintervalstart")) or Fraction(0)
            unit, increment = seconds(step.get("rateunit")), seconds(step.get("rateincrement"))
            unit, increment = (
                Fraction(1) if unit is None else unit,
                Fraction(1) if increment is None else increment,
            )
            if _ZERO.fullmatch(step.get("rate") or ""):  # free by any unit
                unit, increment = unit or Fraction(1), increment or Fraction(1)
            if not 0 < unit <= _DAY or not 0 < increment <= _DAY:
                raise LadderError("a unit or an increment of zero, or of more than a day: correct it")
            rate = step.get("rate") or ""
            found = parse(rate)
            if isinstance(found, str):
                raise LadderError(f"the rate {found}")
            held.append((start, rate, Fraction(found), unit, increment))
        held.sort(key=lambda step: step[0])
        starts = [step[0] for step in held]
        if len(set(starts)) < len(starts):
            raise LadderError("two intervals of one rate begin at the same second: keep one of them")
        if starts[0]:
            raise LadderError(f"the first interval of a rate begins at {starts[0]} s: begin it at 0s")
        self.steps = held
        first = min(steps, key=lambda step: seconds(step.get("groupintervalstart")) or Fraction(0))
        self.connect_fee = first.get("connectfee") or None
        self.later_fees = any(
            step.get("connectfee") and not _ZERO.fullmatch(step["connectfee"])
            for step in steps
            if step is not first and step.get("connectfee") != self.connect_fee
        )

    def columns(self) -> dict[str, Any] | None:
        """It as a rate with two increments; None where that would not be the same."""
        _, rate, price, unit, initial = self.steps[0]
        _, _, _, _, following = self.steps[-1]
        same = all(step[2] / step[3] == price / unit for step in self.steps)
        anchored = len(self.steps) == 1 or (len(self.steps) == 2 and self.steps[1][0] == initial)
        whole = all(value.denominator == 1 for value in (unit, initial, following))
        if not (same and anchored and whole):
            return None
        return {
            "outbound_rate": rate,
            "original_rate": rate,
            "rate_unit_s": str(unit),
            "connect_fee": self.connect_fee,
            "initial_increment_s": str(initial),
            "next_increment_s": str(following),
        }

    def tiers(self) -> list[dict[str, str]]:
        """It as tiers of a schedule."""
        return [
            {
                "from_s": _decimal(start),
                "rate": _plain(rate),
                "rate_unit_s": _decimal(unit),
                "increment_s": _decimal(increment),
            }
            for start, rate, _, unit, increment in self.steps
        ]


def schedule(bands: Sequence[tuple[Ladder, Sequence[Timing]]], zone: str | None) -> str:
    """The JSON of a schedule: each ladder in the hours of its timings, or always where there are none."""
    made: list[dict[str, Any]] = []
    for ladder, timings in bands:
        band: dict[str, Any] = {"tiers": ladder.tiers()}
        if ladder.connect_fee:
            band["connect_fee"] = _plain(ladder.connect_fee)
        if timings:
            band["hours"] = [hours for timing in timings for hours in timing.hours()]
        made.append(band)
    whole: dict[str, Any] = {"bands": made}
    return json.dumps(whole if zone is None else {"zone": zone, **whole})


def _decimal(value: Fraction) -> str:
    """Seconds as a text of at most three places. Raises `LadderError` for finer ones."""
    thousandths = value * 1000
    if thousandths.denominator != 1:
        raise LadderError("a duration of less than a thousandth of a second: correct it")
    whole, rest = divmod(thousandths.numerator, 1000)
    return f"{whole}.{rest:03}".rstrip("0").rstrip(".") if rest else str(whole)


def _plain(amount: str) -> str:
    """An amount without an exponent. Raises `LadderError` where it is none."""
    found = parse(amount)
    if isinstance(found, str):
        raise LadderError(f"the amount {found}")
    return f"{found:f}"
