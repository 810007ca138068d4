"""Times as systems write them: whatever can be meant in one way only, and the others as the caller says.

ISO 8601 and its relatives (``2026-11-20 10:00:00+00``, ``2026/11/20 10:41``), a month by its name (RFC 2822),
twelve hours with AM and PM. ``05/11/2026`` has two readings and is read by none until one is named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from dialnexa_routing.records.formats.call_format import TimeForm

EPOCH_TEXT = r"^[0-9]{9,20}(\.[0-9]{1,9})?$"
TWO_WAYS = r"^[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}\b"
EPOCHS = {"epoch_s": 10**6, "epoch_ms": 10**3, "epoch_us": 1}
_FAST = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?"
    r"([Zz]|[+-][0-9]{2}:?[0-9]{2})?$"
)
_FAST_ZONE = r"[+-][0-9]{2}:?[0-9]{2}$"
_CLOCK = r"(?:[Tt]| +)([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?(?: ?([AaPp][Mm]))?"
_ZONE = r" *([Zz]|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)?$"
_YEAR_FIRST = rf"^([0-9]{{4}})[-/]([0-9]{{1,2}})[-/]([0-9]{{1,2}}){_CLOCK}{_ZONE}"
_YEAR_LAST = rf"^([0-9]{{1,2}})[-/.]([0-9]{{1,2}})[-/.]([0-9]{{4}}){_CLOCK}{_ZONE}"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = rf"^(?i)(?:[a-z]{{3}},? )?([0-9]{{1,2}})[ -]({'|'.join(_MONTHS)})[ -]([0-9]{{4}}){_CLOCK}{_ZONE}"


def read_times(texts: pl.Series, form: TimeForm = "text") -> tuple[pl.Series, pl.Series]:
    """Texts as instants where they have an offset, and as wall times where they have none.

    Args:
        texts: without blanks around; an empty one is null.
        form: ``text``, or which of day and month is first where that is not told by itself.

    Returns:
        Datetime in microseconds with UTC and without a zone; both null for what is no time.

    >>> texts = pl.Series(["2026-11-20 10:00:00+05", "2026/11/20 10:41", "05/11/2026 10:00"])
    >>> aware, walls = read_times(texts)
    >>> aware.dt.to_string("%F %T").to_list(), walls.dt.to_string("%F %T").to_list()
    (['2026-11-20 05:00:00', None, None], [None, '2026-11-20 10:41:00', None])
    """
    whole = (
        texts.set(~texts.str.contains(_FAST), None).str.replace("[Tt ]", "T").str.replace("[Zz]$", "+0000")
    )
    whole = whole.str.replace(r"^([^T]*T[0-9]{2}:[0-9]{2})($|[^:0-9])", "${1}:00${2}")
    aware, walls = _parsed(whole, whole.str.contains(_FAST_ZONE))
    left = texts.set((aware.is_not_null() | walls.is_not_null()), None)
    if left.null_count() == len(left):
        return aware, walls
    more, others = _slow(left, form)
    return aware.zip_with(aware.is_not_null(), more), walls.zip_with(walls.is_not_null(), others)


def read_epochs(numbers: pl.Series, form: TimeForm) -> pl.Series:
    """Counts since 1970, UTC, as instants; parts of a second are cut off below microseconds."""
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


def _parsed(whole: pl.Series, zoned: pl.Series) -> tuple[pl.Series, pl.Series]:
    aware = whole.set(~zoned, None).str.to_datetime(
        "%Y-%m-%dT%H:%M:%S%.f%z", time_unit="us", time_zone="UTC", strict=False
    )
    walls = whole.set(zoned, None).str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False)
    return aware, walls


def _slow(texts: pl.Series, form: TimeForm) -> tuple[pl.Series, pl.Series]:
    """The rarer ways, taken apart and put together in the usual one."""
    text = pl.col("text")
    ways = [(_YEAR_FIRST, (0, 1, 2)), (_NAMED, (2, 1, 0))]
    if form in ("day_first", "month_first"):
        ways.append((_YEAR_LAST, (2, 1, 0) if form == "day_first" else (2, 0, 1)))
    whole = pl.coalesce(_put_together(text.str.extract_groups(way), places) for way, places in ways)
    frame = texts.to_frame("text").select(whole=whole)
    found = frame["whole"]
    return _parsed(found, found.str.contains(_FAST_ZONE))


def _put_together(groups: pl.Expr, places: tuple[int, int, int]) -> pl.Expr:
    year, month, day = (groups.struct[place] for place in places)
    hour, minute, second, part, half, zone = (groups.struct[place] for place in range(3, 9))
    named = {name: f"{number:02}" for number, name in enumerate(_MONTHS, 1)}
    month = month.str.to_lowercase().replace(named).str.zfill(2)
    # Twelve in the night is 12 AM, and at noon it is 12 PM.
    twelve = hour.cast(pl.Int8, strict=False)
    turned = twelve % 12 + pl.when(half.str.to_lowercase() == "pm").then(12).otherwise(0)
    hours = pl.when(half.is_null()).then(twelve).when(twelve.is_between(1, 12)).then(turned)
    full = pl.when(zone.str.len_bytes() == 3).then(zone + "00").otherwise(zone)
    is_utc = zone.str.to_lowercase().is_in(["z", "utc", "gmt"])
    offset = pl.when(is_utc).then(pl.lit("+0000")).otherwise(full).fill_null("")
    return pl.concat_str(
        [
            year,
            pl.lit("-"),
            month,
            pl.lit("-"),
            day.str.zfill(2),
            pl.lit("T"),
            hours.cast(pl.String).str.zfill(2),
            pl.lit(":"),
            minute,
            pl.lit(":"),
            second.fill_null("00"),
            pl.lit("."),
            part.fill_null("0"),
            offset,
        ]
    )
