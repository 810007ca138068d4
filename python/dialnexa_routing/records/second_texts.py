"""Durations as systems write them, as whole nanoseconds: texts with a unit or colons, and numbers in a unit.

What a colon alone does not settle stays unread: ``1:03`` is a minute and three seconds to one system, an hour
and three minutes to another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.clock.day_counts import nanoseconds_of_days

if TYPE_CHECKING:
    from dialnexa_routing.records.formats.call_format import SecondsUnit

ONE_COLON = r"^[0-9]{1,4}:[0-5][0-9](\.[0-9]{1,40})?$"
_SECONDS = r"^-?[0-9]{1,20}(\.[0-9]{1,40})?$"
"""As wide as columns of numbers are: what is finer than a nanosecond is rounded, half to even, as there."""
_COMMA = r"^-?[0-9]{1,20},([0-9]{1,2}|[0-9]{4,40})$"
"""A comma in front of three digits may part thousands."""
_CLOCK = r"^(?:([0-9]{1,4}):([0-5][0-9]):|([0-9]{1,4}):)([0-5][0-9](?:\.[0-9]{1,40})?)$"
_TWO_COLONS = r"^[0-9]{1,4}:[0-5][0-9]:[0-5][0-9](\.[0-9]{1,40})?$"
_OF_NO_DAY = r"^(?i)(?:P(?:0D)?T|0 days? )"
_PARTS = (
    r"^(?i)(?:([0-9]{1,4}) ?h(?:ours?|rs?)? ?)?"
    r"(?:([0-9]{1,6}(?:\.[0-9]{1,6}0{0,40})?) ?m(?:in(?:ute)?s?)? ?)?"
    r"(?:([0-9]{1,10}(?:\.[0-9]{1,40})?) ?s(?:ec(?:ond)?s?)?)?"
    r"(?:([0-9]{1,13}(?:\.[0-9]{1,6}0{0,40})?) ?m(?:illi)?s(?:ec)?)?$"
)
_NANOS = {"s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1, "min": 60 * 10**9, "h": 3600 * 10**9}
_MOST = 2**63 - 1


def nanoseconds(durations: pl.Series, unit: SecondsUnit = "s") -> pl.Series:
    """Durations as Int64, null for what is none; a negative one is less than zero.

    Args:
        durations: text (without blanks around), integers, Decimal, floats (to the nanosecond) or Duration,
            which is one by itself.
        unit: of plain numbers; ``clock`` lets one colon stand between minutes and seconds. Two colons, and
            texts with a unit, are read whatever it is.

    >>> nanoseconds(pl.Series(["63", "00:01:03", "63s", "1m 3s", "63000 ms", "1:03"])).to_list()
    [63000000000, 63000000000, 63000000000, 63000000000, 63000000000, None]
    >>> nanoseconds(pl.Series([63000]), "ms").to_list(), nanoseconds(pl.Series(["1.05"]), "min").to_list()
    ([63000000000], [63000000000])
    """
    dtype = durations.dtype
    if dtype == pl.String and (commas := durations.str.contains(_COMMA).fill_null(False)).any():
        durations = durations.zip_with(~commas, durations.str.replace(",", "."))
    if unit == "day" and not isinstance(dtype, pl.Duration):
        return _of_days(durations)
    each = _NANOS["s" if unit in ("clock", "day") else unit]
    if isinstance(dtype, pl.Duration):
        per = {"ms": 10**6, "us": 10**3, "ns": 1}[dtype.time_unit]
        return _times(durations.to_physical(), per)
    if dtype.is_integer():
        return _times(durations.cast(pl.Int64, strict=False), each)
    if dtype == pl.String:
        return _texts(durations, unit, each)
    if dtype.is_float() or isinstance(dtype, pl.Decimal):
        # Bounded first: of what a Decimal cannot hold, Polars raises, and one cell would end the frame.
        inside = durations.set(~durations.is_between(-(10**12), 10**12), None)
        exact = inside if isinstance(dtype, pl.Decimal) else inside.cast(pl.Decimal(38, 12), strict=False)
        return _decimals(exact, each)
    return pl.repeat(None, len(durations), dtype=pl.Int64, eager=True)


def _of_days(durations: pl.Series) -> pl.Series:
    """Parts of a day; a text with colons or a unit is read as ever."""
    if not (durations.dtype == pl.String or durations.dtype.is_numeric()):
        return pl.repeat(None, len(durations), dtype=pl.Int64, eager=True)
    found = nanoseconds_of_days(durations)
    if durations.dtype != pl.String or found.null_count() == durations.null_count():
        return found
    left = durations.set(found.is_not_null() | durations.str.contains(_SECONDS).fill_null(True), None)
    return found.zip_with(found.is_not_null(), _texts(left, "s", _NANOS["s"]))


def _texts(texts: pl.Series, unit: SecondsUnit, each: int) -> pl.Series:
    plain = texts.set(~texts.str.contains(_SECONDS), None)
    found = _decimals(plain.str.to_decimal(scale=9 if each == _NANOS["s"] else 12), each)
    if (found == 0).any():
        # As of a number, what is a little below zero is not rounded to a call of none.
        found = found.set(((found == 0) & plain.str.contains("^-.*[1-9]")).fill_null(False), -1)
    if found.null_count() == texts.null_count():
        return found
    left = texts.set(found.is_not_null(), None)
    # ISO 8601 and what pandas writes, of less than a day.
    left = left.str.replace(_OF_NO_DAY, "")
    colons = pl.col("left").str.contains(_TWO_COLONS)
    if unit == "clock":
        colons |= pl.col("left").str.contains(ONE_COLON)
    clock = pl.when(colons).then(pl.col("left")).str.extract_groups(_CLOCK)
    parts = pl.col("left").str.extract_groups(_PARTS)

    def amount(struct: pl.Expr, place: int, nanos: int) -> pl.Expr:
        # Text to whole nanoseconds without a float between: twelve places are enough for all of them.
        value = struct.struct[place - 1].str.to_decimal(scale=9).cast(pl.Decimal(38, 9))
        return (value * nanos).cast(pl.Int64, strict=False)

    by_clock = pl.sum_horizontal(
        amount(clock, 1, 3600 * 10**9),
        amount(clock, 2, 60 * 10**9),
        amount(clock, 3, 60 * 10**9),
        amount(clock, 4, 10**9),
    )
    by_parts = pl.sum_horizontal(
        amount(parts, 1, 3600 * 10**9),
        amount(parts, 2, 60 * 10**9),
        amount(parts, 3, 10**9),
        amount(parts, 4, 10**6),
    )
    some = pl.any_horizontal(parts.struct[place].is_not_null() for place in range(4))
    other = left.to_frame("left").select(
        pl.when(colons).then(by_clock).when(some & pl.col("left").str.contains(_PARTS)).then(by_parts)
    )
    slow = other.to_series()
    return found.zip_with(found.is_not_null(), slow)


def _decimals(values: pl.Series, each: int) -> pl.Series:
    """Decimals in a unit as nanoseconds; what is a little below zero is not rounded to a call of none."""
    most = _MOST // each
    inside = values.set(~values.is_between(-most, most), None)
    if each == _NANOS["s"]:
        found = inside.cast(pl.Decimal(38, 9)).to_physical().cast(pl.Int64, strict=False)
    else:
        whole = (inside.cast(pl.Decimal(38, 12)) * pl.Series([each])).cast(pl.Decimal(38, 0))
        found = whole.cast(pl.Int64, strict=False)
    return found.set(((found == 0) & (inside < 0)).fill_null(False), -1)


def _times(values: pl.Series, each: int) -> pl.Series:
    most = _MOST // each
    return values.set(~values.is_between(-most, most), None) * each
