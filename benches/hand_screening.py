"""Screening as one would write it in Polars without this library: intervals, switches by group, masks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from intervals import NONE, Intervals
from rivals import PolarsJoin, PolarsSearch

if TYPE_CHECKING:
    from dialnexa_routing.workspace.router import Router
    from rivals import Rival
    from workload import Workload

_REASONS = pl.Series([None, "unsupported_country", "unsupported_prefix"])
_E164 = "^[1-9][0-9]{0,14}$"


@dataclass(frozen=True)
class Switches:
    """What a row of the deck leads to; all of it is made beforehand, the row of no match is the last."""

    join: Rival
    search: Rival
    prefix: pl.Series
    group: pl.Series
    country: pl.Series
    reason: pl.Series

    @classmethod
    def of(cls, workload: Workload, router: Router) -> Switches:
        enabled = {(one.country_iso, name) for one in router.workspace.enabled for name in one.network_groups}
        groups = list(workload.rows.groups.select("country_iso", "network_group").iter_rows())
        on = [(iso or "ZZ", name) in enabled for iso, name in groups]
        reached = {iso for (iso, _), is_on in zip(groups, on, strict=True) if is_on}
        code = [
            0 if is_on else 2 if iso in reached else 1 for (iso, _), is_on in zip(groups, on, strict=True)
        ]
        of_row = pl.Series(workload.rows.group)
        intervals = Intervals.of(workload)

        def with_none(column: pl.Series, none: object) -> pl.Series:
            return pl.concat([column, pl.Series([none], dtype=column.dtype)])

        return cls(
            PolarsJoin(intervals),
            PolarsSearch(intervals),
            with_none(workload.prefix(), None),
            with_none(workload.rows.groups["network_group"].gather(of_row), None),
            with_none(workload.rows.groups["country_iso"].gather(of_row), None),
            with_none(pl.Series(code, dtype=pl.UInt8).gather(of_row), 1),
        )

    def by_join(self, frame: pl.DataFrame) -> pl.DataFrame:
        """By a sorted join."""
        return self._by(self.join, frame)

    def by_search(self, frame: pl.DataFrame) -> pl.DataFrame:
        """By a search in sorted bounds."""
        return self._by(self.search, frame)

    def _by(self, rival: Rival, frame: pl.DataFrame) -> pl.DataFrame:
        texts = frame["phone_number"]
        is_number = texts.str.contains(_E164).fill_null(False)
        digits = texts.filter(is_number)
        found = rival.rows(digits)
        rows = pl.Series(np.where(found == NONE, len(self.prefix) - 1, found))
        good = pl.DataFrame(
            {
                "number": "+" + digits,
                "change": pl.repeat("plus_added", len(digits), eager=True),
                "country_iso": self.country.gather(rows),
                "network_group": self.group.gather(rows),
                "prefix": self.prefix.gather(rows),
                "reason": _REASONS.gather(self.reason.gather(rows)),
            }
        )
        # Rows of what is no number go back between the others by one gather.
        place = is_number.cast(pl.UInt32).cum_sum() - 1
        whole = good.select(pl.all().gather(place.set(~is_number, None)))
        reason = whole["reason"].set(~is_number, "invalid_number")
        return frame.hstack([*whole.drop("reason"), reason.alias("reason")]).with_row_index("position", 1)
