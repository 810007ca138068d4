"""Times as text in rarer ways than ISO 8601 has: whatever can be meant in one way, and what the caller names.

Slashes (``2026/11/20 10:41``), no marks at all (``20261120104100``), an offset of hours alone or behind a
blank, a month by its name (RFC 2822, ``Tue Jun  2 10:00:00 2026`` as C writes it, ``Nov 2, 2026, 10:00 AM``),
twelve hours with AM and PM. ``05/11/2026`` has two readings and is read by none until one is named; so has
``05/11/26``, whose year is of this century then.
"""

from __future__ import annotations

from typing import Literal

import polars as pl

DayOrder = Literal["day_first", "month_first"]
"""Which of day and month is first where a year is last."""
TWO_WAYS = r"^[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?:[0-9]{4}|[0-9]{2})\b"
_CLOCK = r"(?:[Tt]|,? +)([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?(?: ?([AaPp]\.?[Mm]\.?))?"
_ZONE = r" *([Zz]|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)?$"
_YEAR_FIRST = rf"^([0-9]{{4}})[-/]([0-9]{{1,2}})[-/]([0-9]{{1,2}}){_CLOCK}{_ZONE}"
_YEAR_LAST = rf"^([0-9]{{1,2}})[-/.]([0-9]{{1,2}})[-/.]([0-9]{{4}}|[0-9]{{2}}){_CLOCK}{_ZONE}"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = (
    "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?)"
)
_NAMED = rf"^(?i)(?:[a-z]{{3,9}},? )?([0-9]{{1,2}})[ -]{_NAME}[ -]([0-9]{{4}}){_CLOCK}{_ZONE}"
_NAME_FIRST = rf"^(?i)(?:[a-z]{{3,9}},? )?{_NAME} ([0-9]{{1,2}}),? ([0-9]{{4}}){_CLOCK}{_ZONE}"
_OF_C = (
    r"^(?i)[a-z]{3} ([a-z]{3}) +([0-9]{1,2}) ([0-9:]{7,8}(?:\.[0-9]{1,9})?)(?: (UTC|GMT|Z|[+-][0-9]{4}))? "
    r"([0-9]{4})$"
)
"""Of ``asctime``, and of ``date`` where the zone is no abbreviation that several have."""
_BLANKS = "[\u00a0\u202f]"
"""In place of which programs write a blank that ends no line."""

_COMPACT = (
    r"^((?:19|20)[0-9]{2})(0[1-9]|1[0-2])([0-3][0-9])[Tt ]?([0-2][0-9])([0-5][0-9])([0-5][0-9])"
    rf"(?:\.([0-9]{{1,9}}))?([AaPp][Mm])?{_ZONE}"
)
"""Fourteen digits: no count from 1970 has so many, in whatever unit, until the year 2286."""
NEVER = ("0", "0000-00-00", "0000-00-00 00:00:00")
"""How databases write that there is no time."""


def says_never(texts: pl.Series) -> pl.Series:
    """Which texts, without blanks around, are written in place of no time."""
    return texts.is_in(NEVER)


def in_one_form(texts: pl.Series, order: DayOrder | None = None) -> pl.Series:
    """Texts of these ways as ISO 8601 with ``T`` and seconds; null for all others.

    >>> texts = pl.Series(["2026/11/20 10:41", "Fri, 20 Nov 2026 04:30:05 GMT", "05/11/2026 10:00"])
    >>> in_one_form(texts).to_list()
    ['2026-11-20T10:41:00.0', '2026-11-20T04:30:05.0+0000', None]
    """
    text = pl.col("text")
    ways = [(_YEAR_FIRST, (0, 1, 2)), (_NAMED, (2, 1, 0)), (_NAME_FIRST, (2, 0, 1)), (_COMPACT, (0, 1, 2))]
    if order is not None:
        ways.append((_YEAR_LAST, (2, 1, 0) if order == "day_first" else (2, 0, 1)))
    whole = pl.coalesce(_put_together(text.str.extract_groups(way), places) for way, places in ways)
    plain = texts.str.replace_all(_BLANKS, " ").str.replace(_OF_C, "$2 $1 $5 $3 $4")
    return plain.to_frame("text").select(whole).to_series()


def _put_together(groups: pl.Expr, places: tuple[int, int, int]) -> pl.Expr:
    year, month, day = (groups.struct[place] for place in places)
    hour, minute, second, part, half, zone = (groups.struct[place] for place in range(3, 9))
    named = {name: f"{number:02}" for number, name in enumerate(_MONTHS, 1)}
    month = month.str.to_lowercase().str.head(3).replace(named).str.zfill(2)
    year = pl.when(year.str.len_bytes() == 2).then("20" + year).otherwise(year)
    # Twelve in the night is 12 AM, and at noon it is 12 PM.
    twelve = hour.cast(pl.Int8, strict=False)
    turned = twelve % 12 + pl.when(half.str.to_lowercase().str.starts_with("p")).then(12).otherwise(0)
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
