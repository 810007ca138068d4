"""Times and lengths as spreadsheets count them: days and parts of a day, as exactly as texts state them.

A cell of 63 seconds holds 0.000729166666666667, so what is meant is the nearest whole second, or thousandth
of one, within what the last digit of the text leaves open. Where that is half a second or more, nothing is.
"""

from __future__ import annotations

from decimal import Decimal

import polars as pl

_COUNT = r"^([0-9]{1,6})(?:\.([0-9]{1,18})[0-9]{0,20})?$"
_POWER = r"^[0-9](?:\.[0-9]{1,18})?[eE]-[0-9]{1,2}$"
_DAY_NS = 86_400 * 10**9
_SECOND, _MILLI = 10**9, 10**6
_NOISE_NS = 2_000
"""By which a double of today's date is off from its second."""
_MOST_PLACES = 18
ZERO_US = -25_569 * 86_400 * 10**6
"""From where spreadsheets count, 30 December 1899, in microseconds since 1970."""


def nanoseconds_of_days(texts: pl.Series) -> pl.Series:
    """Counts of days as Int64 nanoseconds; null for what is no count, or states no second.

    Args:
        texts: digits with a point, or a small part of a day with a power; of numbers their shortest text.

    >>> counts = ["0.000729166666666667", "46175.4166666667", "0.5", "7.2917E-4", "0.0007", "46175.4167"]
    >>> nanoseconds_of_days(pl.Series(counts)).to_list()
    [63000000000, 3989556000000000000, 43200000000000, 63000000000, None, None]
    """
    if texts.dtype.is_integer():
        texts = texts.cast(pl.String)
    elif texts.dtype != pl.String:
        texts = texts.cast(pl.Float64).cast(pl.String)
    powers = texts.str.contains(_POWER).fill_null(False)
    if powers.any():
        plain = [f"{Decimal(text):f}" for text in texts.filter(powers)]
        texts = texts.scatter(powers.arg_true(), pl.Series(plain, dtype=pl.String))
    whole = texts.set(~texts.str.contains(_COUNT), None)
    parts = whole.str.extract(r"\.([0-9]{1,18})", 1).fill_null("")
    places = parts.str.len_bytes().cast(pl.Int64)
    of_day = ("0." + parts + "0").str.to_decimal(scale=_MOST_PLACES)
    days = whole.str.extract(r"^([0-9]+)", 1).cast(pl.Int64)
    nanos = (of_day * pl.Series([Decimal(_DAY_NS)])).round(0).cast(pl.Int64)
    # Half of the last place.
    table = pl.Series([_DAY_NS // 2 // 10**place for place in range(_MOST_PLACES + 1)])
    open_ = table.gather(places).alias(texts.name)
    exact = _near(nanos, open_, _SECOND, coarse=0)
    fine = _near(nanos, open_, _MILLI, coarse=None)
    return (days * _DAY_NS + exact.zip_with(exact.is_not_null(), fine)).alias(texts.name)


def _near(nanos: pl.Series, open_: pl.Series, unit: int, *, coarse: int | None) -> pl.Series:
    """Nanoseconds as the nearest of a unit that their text leaves open, one alone.

    `coarse` is how far it may be off where the text leaves several open; None is that none is meant then.
    """
    near = (nanos + unit // 2) // unit * unit
    frame = pl.DataFrame({"off": (nanos - near).abs(), "near": near, "open": open_})
    within = pl.when(pl.col("open") * 2 < unit).then(pl.col("open") + _NOISE_NS).otherwise(coarse)
    return frame.select(pl.when(pl.col("off") <= within).then("near")).to_series()
