"""Times that count from 1970: seconds and parts of them, as numbers or as text."""

from __future__ import annotations

import polars as pl

EPOCH_TEXT = r"^(?:[0-9]{9,13}|[0-9]{15,20})(\.[0-9]{1,9})?$"
"""Of fourteen digits is a day and a time without marks."""
EPOCHS = {"epoch_s": 10**6, "epoch_ms": 10**3, "epoch_us": 1}
"""Microseconds of one."""


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
    return ticks.cast(pl.Datetime("us", "UTC"))
