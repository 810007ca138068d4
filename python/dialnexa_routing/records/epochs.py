"""Times that count from 1970: seconds and parts of them, as numbers or as text."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from dialnexa_routing.clock.day_counts import ZERO_US, nanoseconds_of_days

EPOCH_TEXT = r"^(?:[0-9]{9,13}|[0-9]{15,20})(\.[0-9]{1,9})?$"
"""Of fourteen digits is a day and a time without marks."""
EPOCHS = {"epoch_s": 10**6, "epoch_ms": 10**3, "epoch_us": 1}
"""Microseconds of one."""
UNITS = ("s", "ms", "us", "ns")
_PER_SECOND = {"epoch_s": 1, "epoch_ms": 10**3, "epoch_us": 10**6, "epoch_ns": 10**9}
_YEAR_S = 31_556_952
_NEAR_ZERO = 3 * 86_400
"""Whose days are never, whatever a zone makes of them."""
_FROM, _UNTIL = 15 * _YEAR_S, 130 * _YEAR_S
"""From 1985 until 2100: no call record is older, and none is of a time to come."""


def is_of_records(count: str, form: str) -> bool:
    """Whether a count is of a time at which calls were recorded.

    >>> is_of_records("1793593805", "epoch_s"), is_of_records("1793593805000", "epoch_s")
    (True, False)
    """
    return _FROM * _PER_SECOND[form] <= Decimal(count) < _UNTIL * _PER_SECOND[form]


def read_days(numbers: pl.Series) -> pl.Series:
    """Days as spreadsheets count them, as wall times; null for what is none, or states no second.

    >>> read_days(pl.Series(["46175.4166666667"])).dt.to_string("%F %T").to_list()
    ['2026-06-02 10:00:00']
    """
    return (nanoseconds_of_days(numbers) // 1_000 + ZERO_US).cast(pl.Datetime("us"))


def read_epochs(numbers: pl.Series, form: str) -> pl.Series:
    """Counts since 1970, UTC, as instants; parts of a second are cut off below microseconds.

    Args:
        numbers: text or of any numeric type.
        form: ``epoch_s``, ``epoch_ms``, ``epoch_us`` or ``epoch_ns``.
    """
    if numbers.dtype == pl.String:
        values = numbers.set(~numbers.str.contains(r"^[0-9]{1,20}(\.[0-9]{1,9})?$"), None).str.to_decimal(
            scale=9
        )
    elif numbers.dtype.is_float() or isinstance(numbers.dtype, pl.Decimal):
        values = numbers.cast(pl.Decimal(38, 9), strict=False)
    else:
        values = numbers.cast(pl.Decimal(38, 0), strict=False)
    if form == "epoch_ns":
        ticks = values.cast(pl.Decimal(38, 0)).cast(pl.Int64, strict=False) // 1_000
    else:
        inside = values.set(~values.is_between(-(10**18), 10**18), None)
        ticks = (inside * pl.Series([EPOCHS[form]])).cast(pl.Int64, strict=False)
    odd = (ticks > _UNTIL * 10**6) | ticks.is_between(_NEAR_ZERO * 10**6, _FROM * 10**6)
    return ticks.set(odd.fill_null(False), None).cast(pl.Datetime("us", "UTC"))
