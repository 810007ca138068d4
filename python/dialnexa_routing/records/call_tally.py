"""What is known of a whole file only at its end: counts, the usual length, national numbers, a round end.

It is gathered while the rows stream: every batch passes through here.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dialnexa_routing.numbers.e164 import is_e164
from dialnexa_routing.records.call_plan import AMISS, NOISE, SILENCED, WIDTH

if TYPE_CHECKING:
    import polars as pl

    from dialnexa_routing.numbers.number_plan import NumberPlan

READ = ("reason", "seconds", "to", NOISE, SILENCED, WIDTH, AMISS)
"""The columns that a tally looks at."""
_DAY_S = 86_400
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
    amiss: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    widths: Counter[int] = field(default_factory=Counter)
    sample: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __call__(self, batch: pl.Series) -> pl.Series:
        """Counts a batch of structs of `READ`, and gives back which rows are nothing.

        These are filtered out behind it, so that no filter can be moved in front of it.
        """
        columns = batch.struct.unnest()
        noise = columns[NOISE]
        calls = columns if not noise.any() else columns.filter(~noise)
        counted = (
            calls["reason"].drop_nulls().value_counts().rows()
            if calls["reason"].null_count() < len(calls)
            else []
        )
        seconds = calls["seconds"]
        widths = calls[WIDTH].drop_nulls()
        with self.lock:
            self.rows += len(columns)
            self.noise += len(columns) - len(calls)
            self.silenced += int(calls[SILENCED].sum() or 0)
            self.amiss += int(calls[AMISS].sum() or 0)
            self.lasting += int((seconds > 0).sum() or 0)
            self.over_a_day += int((seconds > _DAY_S).sum() or 0)
            self.reasons.update(dict(counted))
            self.widths.update(dict(widths.value_counts().rows()) if len(widths) else {})
            if len(self.sample) < _SAMPLED:
                given = calls.filter(calls[WIDTH].is_not_null())["to"]
                self.sample += [one for one in given.head(_SAMPLED - len(self.sample)) if one]
        return noise

    @property
    def refused(self) -> int:
        """Rows that have a reason."""
        return self.reasons.total()

    def other_unit(self) -> str | None:
        """Why lengths are of another unit, as a sentence; None where nothing speaks for it."""
        if self.over_a_day * 2 > self.lasting:
            return (
                "more than half of the calls last longer than a day, so their lengths are hardly seconds: "
                "pass seconds_unit='ms', or seconds_unit='s' where they are"
            )
        if self.amiss * 2 > self.lasting:
            return (
                "most lengths are a hundred times longer or shorter than from their begin to their end, so "
                "they are of another unit: pass seconds_unit='s' or seconds_unit='ms'"
            )
        return None

    def national(self, plan: NumberPlan) -> int | None:
        """The digits that most numbers without plus have, if they are hardly all written with a calling code.

        A fifth of a sample that can be no numbers is enough: of Indian mobiles without 91 it is two thirds.
        """
        if not self.widths:
            return None
        width, times = self.widths.most_common(1)[0]
        judged = [one for one in self.sample if is_e164(one) and len(one) == width + 1]
        wrong = sum(plan.judge(one) is not None for one in judged)
        most = times * 2 > self.rows - self.noise
        return width if most and judged and wrong * 5 > len(judged) else None

    def are_powers(self) -> bool:
        """Whether numbers came through a spreadsheet, as 9.19812E+11."""
        return any(_POWER.fullmatch(one) for one in self.sample)

    def is_round(self) -> bool:
        """Whether there are as many rows as an exporter or a spreadsheet has room for."""
        digits = str(self.rows)
        return self.rows in _EXCEL or (self.rows >= 100 and digits.rstrip("0") in ("1", "2", "5"))
