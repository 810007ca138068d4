"""Cells of a workbook that hold a time without a day: its reader gives them as times of the day of its zero.

So 00:01:03 comes as 31 December 1899, a minute and three seconds after midnight, and 36 hours as noon of the
next day. No call was made then.
"""

from __future__ import annotations

import polars as pl

_OF_ZERO = r"^(1899-12-31|1900-0[1-2]-[0-9]{2}|1904-01-[0-9]{2}) ([0-9]{2}):([0-9]{2}:[0-9]{2}(?:\.[0-9]+)?)$"


def without_zero_days(cells: pl.DataFrame) -> pl.DataFrame:
    """The same cells, of which those are hours, minutes and seconds that are of a day beside a zero.

    >>> cells = pl.DataFrame({"talk": ["1899-12-31 00:01:03", "1900-01-01 12:00:00", "2026-11-02 10:00:00"]})
    >>> without_zero_days(cells)["talk"].to_list()
    ['00:01:03', '36:00:00', '2026-11-02 10:00:00']
    """
    found = [
        _hours(column) if column.dtype == pl.String and column.str.contains(_OF_ZERO).any() else column
        for column in cells.iter_columns()
    ]
    return pl.DataFrame(found)


def _hours(cells: pl.Series) -> pl.Series:
    parts = cells.str.extract_groups(_OF_ZERO).struct.unnest()
    day, hour, rest = (parts.to_series(place) for place in range(3))
    since = day.str.to_date("%Y-%m-%d", strict=False).cast(pl.Int64)
    # Days counted from 1904 begin with the first of that year, those of others with the last of 1899.
    days = pl.select(pl.when(day.str.starts_with("1904")).then(since + 24_107).otherwise(since + 25_568))
    hours = (days.to_series() * 24 + hour.cast(pl.Int64)).cast(pl.String).str.zfill(2)
    return (hours + ":" + rest).fill_null(cells).alias(cells.name)
