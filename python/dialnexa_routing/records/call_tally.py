"""What is known of a whole file only at its end: counts, the usual length, national numbers, a round end.

It is gathered while the rows stream: every batch passes through here.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.numbers.e164 import is_e164
from dialnexa_routing.records.call_plan import AMISS, CODED, INNER, NOISE, SILENCED, WIDTH

if TYPE_CHECKING:
    from dialnexa_routing.numbers.number_plan import NumberPlan

READ = ("reason", "seconds", "to", "answered_at", "ended_at", NOISE, SILENCED, WIDTH, AMISS)
"""The columns that a tally looks at."""
_DAY_S = 86_400
_ROUNDED_S = 2.5
"""What clocks of whole seconds, cut and rounded, can differ by."""
_POWER = re.compile(r"\+?[0-9][.,][0-9]+[eE]\+[0-9]{1,2}")
_SAMPLED = 2_000
_EXCEL = (65_535, 65_536, 1_048_575, 1_048_576)


@dataclass
class CallTally:
    """Sums over rows; one for each time that rows are read."""

    rows: int = 0
    noise: int = 0
    silenced: int = 0
    lasting: int = 0
    over_a_day: int = 0
    below_a_second: int = 0
    amiss: int = 0
    compared: int = 0
    spanned: int = 0
    longer: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    widths: Counter[int] = field(default_factory=Counter)
    sample: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def over(self, lazy: pl.LazyFrame) -> pl.LazyFrame:
        """Rows without those that are nothing, and without `INNER`, counted as they pass.

        A batch of which every row is a call comes out as it went in: a filter would write all of it anew.
        Nothing is moved in front of this, so that whatever is done with the rows, all of them are counted.
        """
        seen = lazy.drop(*(name for name in INNER if name not in READ), strict=False)
        schema = {name: kind for name, kind in seen.collect_schema().items() if name not in INNER}
        return seen.map_batches(
            self._calls,
            schema=schema,
            streamable=True,
            predicate_pushdown=False,
            projection_pushdown=False,
            slice_pushdown=False,
        )

    def _calls(self, batch: pl.DataFrame) -> pl.DataFrame:
        noise = batch[NOISE]
        calls = batch.filter(~noise) if noise.any() else batch
        self._count(calls.select(READ), batch.height)
        return calls.drop(*(name for name in INNER if name in READ))

    def _count(self, calls: pl.DataFrame, rows: int) -> None:
        reasons, widths = calls["reason"], calls[WIDTH].drop_nulls()
        counted = reasons.drop_nulls().value_counts().rows() if reasons.null_count() < len(reasons) else []
        seconds = calls["seconds"]
        with self.lock:
            self.rows += rows
            self.noise += rows - len(calls)
            self.silenced += int(calls[SILENCED].sum() or 0)
            self.amiss += int(calls[AMISS].sum() or 0)
            self.compared += calls[AMISS].count()
            self.lasting += int((seconds > 0).sum() or 0)
            self.over_a_day += int((seconds > _DAY_S).sum() or 0)
            self.below_a_second += int(seconds.is_between(0, 1, closed="none").sum() or 0)
            self.reasons.update(dict(counted))
            self.widths.update(dict(widths.value_counts().rows()) if len(widths) else {})
            if self.spanned < _SAMPLED:
                self._compare(calls.head(_SAMPLED - self.spanned))
            if len(self.sample) < _SAMPLED:
                given = calls.filter(calls[WIDTH].is_not_null())["to"]
                self.sample += [one for one in given.head(_SAMPLED - len(self.sample)) if one]

    @property
    def refused(self) -> int:
        """Rows that have a reason."""
        return self.reasons.total()

    def _compare(self, calls: pl.DataFrame) -> None:
        """Lengths of some calls beside what lies between their answer and their end."""
        span = (calls["ended_at"] - calls["answered_at"]).dt.total_microseconds() / 1e6
        # A float is exact enough to compare; nothing is charged by it.
        length = calls["seconds"].cast(pl.Float64)
        both = ((span >= 1) & (length > 0)).fill_null(False)
        span, length = span.filter(both), length.filter(both)
        self.spanned += len(span)
        self.longer += int((length > span + _ROUNDED_S).sum())

    def is_total(self) -> bool:
        """Whether most lengths are more than from answer to end: with the ringing, or rounded up already."""
        return self.longer * 2 > self.spanned

    def other_unit(self, *, in_seconds: bool = True) -> str | None:
        """Why lengths are of another unit, as a sentence; None where nothing speaks for it.

        `in_seconds` is whether they were taken for seconds, so that some below one are of a longer unit.
        """
        if self.over_a_day * 2 > self.lasting:
            return (
                "more than half of the calls last longer than a day, so their lengths are hardly seconds: "
                "pass seconds_unit='ms', or seconds_unit='s' where they are"
            )
        if in_seconds and self.below_a_second * 2 > self.lasting:
            return (
                "more than half of the calls last less than a second, so their lengths are hardly seconds: "
                "pass seconds_unit='day' for parts of a day as spreadsheets write them, seconds_unit='h', "
                "seconds_unit='min', or seconds_unit='s' where they are"
            )
        if self.amiss * 2 > min(self.lasting, self.compared):
            return (
                "most lengths are many times longer or shorter than from their begin to their end, so they "
                "are of another unit: pass seconds_unit='s' or seconds_unit='ms' or seconds_unit='min'"
            )
        return None

    def national(self, plan: NumberPlan) -> int | None:
        """The digits that most numbers without plus have, if they are hardly all written with a calling code.

        A fifth of a sample that can be no numbers is enough: of Indian mobiles without 91 it is two thirds.
        """
        if not self.widths:
            return None
        width, times = self.widths.most_common(1)[0]
        if times * 2 <= self.rows - self.noise:
            return None
        judged = [one for one in self.sample if is_e164(one) and len(one) == width + 1]
        wrong = sum(plan.judge(one) is not None for one in judged)
        return width if judged and wrong * 5 > len(judged) else None

    def coded(self) -> int:
        """How many numbers have the calling code that was named already, and did not get it again."""
        return sum(times for width, times in self.widths.items() if width >= CODED)

    def are_powers(self) -> bool:
        """Whether numbers came through a spreadsheet, as 9.19812E+11."""
        return any(_POWER.fullmatch(one) for one in self.sample)

    def is_round(self) -> bool:
        """Whether there are as many rows as an exporter or a spreadsheet has room for."""
        digits = str(self.rows)
        return self.rows in _EXCEL or (self.rows >= 100 and digits.rstrip("0") in ("1", "2", "5"))
