"""The day of each call in a zone, by our own offsets (R50): what an invoice groups by."""

from __future__ import annotations

import polars as pl

from dialnexa_routing.clock.time_columns import walls
from dialnexa_routing.files.column_named import column_named
from dialnexa_routing.records.record_times import times_of
from dialnexa_routing.text.errors import RecordError

_CURE = (
    "rate the records again, for rated records have the column 'answered_at_utc'; or name a column of times "
    "with a zone as answered_at="
)


def days(name: str, dtype: pl.DataType, timezone: str) -> pl.Expr:
    """The days of a column of instants, typed or as text with offsets; a blank one has none.

    Raises:
        RecordError: the column holds something else. Of texts that is seen when the expression is run.
    """
    return _walls(name, dtype, timezone).dt.date()


def hours(name: str, dtype: pl.DataType, timezone: str) -> pl.Expr:
    """The hours of a column of instants by the clocks of a zone, as the wall times they begin at.

    Raises what `days` does.
    """
    return _walls(name, dtype, timezone).dt.truncate("1h")


def _walls(name: str, dtype: pl.DataType, timezone: str) -> pl.Expr:
    if isinstance(dtype, pl.Datetime) and dtype.time_zone is None:
        raise RecordError(f"column {name!r} has times without a zone, which may be those of any; {_CURE}")
    if dtype not in (pl.String, pl.Null) and not isinstance(dtype, pl.Datetime):
        raise RecordError(f"column {name!r} is {dtype}, and no column of times with a zone; {_CURE}")

    def found(times: pl.Series) -> pl.Series:
        try:
            instants, wrong = times_of(times, None)
        except RecordError:
            raise RecordError(
                f"column {name!r} has times without an offset, which may be those of any zone; {_CURE}"
            ) from None
        if wrong.any():
            text = str(times.filter(wrong)[0])[:40]
            raise RecordError(f"column {name!r} has {text!r}, which is no time with an offset; {_CURE}")
        return walls(instants, timezone)

    return column_named(name).map_batches(found, return_dtype=pl.Datetime("us"), is_elementwise=True)


def has_days(found: pl.DataFrame, name: str) -> None:
    """Raise `RecordError` where calls were billed and none at all has a day: their times were not read."""
    billed = found.filter(pl.col("reason").is_null() & (pl.col("billed_seconds") > 0))
    if billed.height and not found["day"].count():
        raise RecordError(
            f"column {name!r} has no time in any row, so no call has a day; rate the records again with the "
            "zone of their times, timezone=; or name a column of times with a zone as "
            "answered_at="
        )
