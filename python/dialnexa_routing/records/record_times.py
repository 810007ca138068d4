"""The times and durations of call records, as whole ticks for the core.

Durations come as integers, text, Decimal, floats or Polars Durations; times with a zone or without.
What cannot be read is a fault of its row, never a zero and never a lost row (R51).
"""

from __future__ import annotations

import polars as pl

from dialnexa_routing._deck import REASONS
from dialnexa_routing.clock.zone import zone_named
from dialnexa_routing.deck.match_columns import utc_microseconds
from dialnexa_routing.money.reason import Reason
from dialnexa_routing.text.errors import RecordError

_PER_SECOND = {"ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
_NANO = 1_000_000_000
_SECONDS_TEXT = r"^-?[0-9]{1,9}(\.[0-9]{1,9})?$"
_ZONE = r"[+-][0-9]{2}:?[0-9]{2}$"
_TIME = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?"
    r"([Zz]|[+-][0-9]{2}:?[0-9]{2})?$"
)
_CODE = {Reason(name): code for code, name in enumerate(REASONS)}


def known_zone(timezone: str | None) -> None:
    """Raise `RecordError` for a time zone that the system does not know."""
    if timezone is not None:
        try:
            zone_named(timezone)
        except ValueError as error:
            raise RecordError(str(error)) from error


def prepare(batch: pl.Series, timezone: str | None) -> tuple[pl.Series, int]:
    """Structs of the user's columns as structs of number, at, ticks, fault, direction.

    Returns them and how many ticks are a second.
    """
    columns = {column.name: column for column in batch.struct.unnest()}
    out = {"number": columns["number"]}
    if "direction" in columns:
        out["direction"] = columns["direction"]
    late: list[pl.Series] = []
    if "answered_at" in columns:
        out["at"], late = _times(columns["answered_at"], timezone, Reason.INVALID_ANSWERED_AT)
    if "seconds" in columns:
        out["ticks"], per_second, faults = _ticks(columns["seconds"])
    else:
        out["ticks"], per_second, faults = _between(out["at"], columns["ended_at"], timezone)
    # In the order in which reasons are looked for: the seconds first, then the answer time.
    if faults + late:
        out["fault"] = pl.select(pl.coalesce(faults + late)).to_series()
    records = pl.DataFrame([column.alias(name) for name, column in out.items()])
    return records.to_struct(batch.name), per_second


def _fault(where: pl.Series, reason: Reason) -> list[pl.Series]:
    """Codes of a reason where a mask holds; nothing if it holds nowhere."""
    if not where.any():
        return []
    return [pl.select(pl.when(where).then(pl.lit(_CODE[reason], pl.UInt8))).to_series()]


def _times(times: pl.Series, timezone: str | None, reason: Reason) -> tuple[pl.Series, list[pl.Series]]:
    """Microseconds since 1970 UTC, and faults of texts that are no time."""
    fault: list[pl.Series] = []
    if times.dtype == pl.String:
        text = times.str.strip_chars()
        text = text.set(text == "", None)
        # One fixed form, so that no text is read by what stands beside it.
        whole = (
            text.set(~text.str.contains(_TIME), None).str.replace("[Tt ]", "T").str.replace("[Zz]$", "+0000")
        )
        whole = whole.str.replace(r"^([^T]*T[0-9]{2}:[0-9]{2})($|[^:0-9])", "${1}:00${2}")
        zoned = whole.str.contains(_ZONE)
        aware = whole.set(~zoned, None).str.to_datetime(
            "%Y-%m-%dT%H:%M:%S%.f%z", time_unit="us", time_zone="UTC", strict=False
        )
        naive = whole.set(zoned, None).str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False)
        if naive.null_count() < naive.len():
            aware = aware.zip_with(aware.is_not_null(), _zoned(naive.alias(times.name), timezone))
        fault = _fault(text.is_not_null() & aware.is_null(), reason)
        times = aware.alias(times.name)
    elif isinstance(times.dtype, pl.Datetime) and times.dtype.time_zone is None and timezone is not None:
        times = _zoned(times, timezone)
    return utc_microseconds(times), fault


def _zoned(times: pl.Series, timezone: str | None) -> pl.Series:
    """Times in a zone as UTC; of an hour that a clock change repeats the first one is taken."""
    if timezone is None:
        utc_microseconds(times)  # says what is missing
    aware = times.dt.replace_time_zone(timezone, ambiguous="earliest", non_existent="null")
    return aware.dt.convert_time_zone("UTC")


def _ticks(seconds: pl.Series) -> tuple[pl.Series, int, list[pl.Series]]:
    """Durations as whole ticks, ticks a second, and faults of what is no duration."""
    dtype = seconds.dtype
    if dtype == pl.Int64:
        return seconds, 1, []
    if dtype.is_integer() or dtype == pl.Null:
        ticks = seconds.cast(pl.Int64, strict=False)
        return ticks, 1, _fault(seconds.is_not_null() & ticks.is_null(), Reason.INVALID_SECONDS)
    if isinstance(dtype, pl.Duration):
        return seconds.to_physical(), _PER_SECOND[dtype.time_unit], []
    if dtype == pl.String:
        text = seconds.str.strip_chars()
        seconds = text.set(text == "", None)
        values = seconds.set(~seconds.str.contains(_SECONDS_TEXT), None).str.to_decimal(scale=9)
    elif dtype.is_float() or isinstance(dtype, pl.Decimal):
        values = seconds if isinstance(dtype, pl.Decimal) else seconds.cast(pl.Decimal(38, 12), strict=False)
    else:
        raise TypeError(
            f"column {seconds.name!r} is {dtype}; "
            "seconds are integers, Decimal, Duration, text or floats: cast it"
        )
    ticks = values.cast(pl.Decimal(38, 9)).to_physical().cast(pl.Int64, strict=False)
    if values.dtype != pl.Decimal(38, 9):
        # What is a little below zero must not be rounded to a call of no seconds.
        ticks = ticks.set(((ticks == 0) & (values < 0)).fill_null(False), -1)
    return ticks, _NANO, _fault(seconds.is_not_null() & ticks.is_null(), Reason.INVALID_SECONDS)


def _between(
    answered: pl.Series, ended: pl.Series, timezone: str | None
) -> tuple[pl.Series, int, list[pl.Series]]:
    """Ticks from answer to end; an end without an answer is a call that was not answered (R43)."""
    end, fault = _times(ended, timezone, Reason.INVALID_SECONDS)
    ticks = end - answered
    ticks = ticks.set(answered.is_null() & end.is_not_null(), 0)
    return ticks, 1_000_000, fault + _fault(ticks < 0, Reason.END_BEFORE_ANSWER)
