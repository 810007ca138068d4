"""Times that say there is none: the zeros from which systems count, written in place of nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

_DAY_US = 86_400_000_000
_UNIX = datetime(1970, 1, 1, tzinfo=UTC)
_DAYS = (
    (1, 1, 1),  # .NET, Go
    (1601, 1, 1),  # Windows
    (1753, 1, 1),  # SQL Server
    (1899, 12, 30),  # spreadsheets, COM
    (1899, 12, 31),
    (1900, 1, 1),  # NTP, and SQL Server again
)
ZEROS = tuple((datetime(*day, tzinfo=UTC) - _UNIX).days * _DAY_US for day in _DAYS)
"""In microseconds since 1970; that of UNIX itself is left to whoever asks, for counts fall near it too."""


def near_zero(times: pl.Series, *, after: bool = False) -> pl.Series | None:
    """Where times are within a day of one of `ZEROS`; None where none is.

    Args:
        times: in microseconds, instants or wall times.
        after: from the zero on alone, as wall times are.

    >>> days = pl.Series(["1899-12-30 00:00:00", "2026-11-20 10:00:00"]).str.to_datetime(time_unit="us")
    >>> near_zero(days).to_list()
    [True, False]
    """
    ticks = times.to_physical()
    least = ticks.min()
    if not isinstance(least, int) or least > ZEROS[-1] + _DAY_US:
        return None
    found = pl.repeat(False, len(ticks), dtype=pl.Boolean, eager=True)
    for zero in ZEROS:
        found |= ticks.is_between(zero if after else zero - _DAY_US, zero + _DAY_US).fill_null(False)
    return found if found.any() else None
