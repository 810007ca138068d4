"""Times as text, in ISO 8601, as instants and wall times: a column at once.

The commonest form, to the second and without an offset, is read by the core. Of the others one is read by its
place, for a general reader looks at each text with four patterns, which costs more than rating does: most
columns are of one separator, and have few ends after their seconds.
"""

from __future__ import annotations

import polars as pl

from dialnexa_routing import _deck
from dialnexa_routing.clock.odd_times import DayOrder, in_one_form
from dialnexa_routing.clock.time_columns import UTC_TIME, WALL_TIME

_ZONE = r"[+-][0-9]{2}:?[0-9]{2}$"
_TIME = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?"
    r"([Zz]|[+-][0-9]{2}:?[0-9]{2})?$"
)
_DAY, _HOUR = "[0-9]{4}-[0-9]{2}-[0-9]{2}", "[0-9]{2}:[0-9]{2}:[0-9]{2}"
_HEAD = 19
_SOME_SECOND = "2000-01-01T00:00:00"
_SOME_SECOND_US = 946_684_800_000_000


def read_times(texts: pl.Series, *, order: DayOrder | None = None) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Texts without blanks; those that state an offset as instants; and the others as wall times.

    A day and a time to the minute at least, ``T`` or a blank between them, and as it may be ``Z`` or an
    offset. What is finer than a microsecond is cut off. A text is in one of both columns, or in none. The
    rarer ways of `odd_times` are read as well; `order` states which of day and month is first where the year
    is last, and without it such a text is none.

    >>> text, instants, walls = read_times(pl.Series(["2026-11-20T10:00:00+05:30", "2026-11-20 10:00", " "]))
    >>> [column.dt.to_string("%F %T").to_list() for column in (instants, walls)]
    [['2026-11-20 04:30:00', None, None], [None, '2026-11-20 10:00:00', None]]
    >>> text.null_count()
    1
    """
    if texts.dtype != pl.String:
        return _by_form(texts, order)
    walls = pl.Series(_deck.wall_micros(texts)).cast(WALL_TIME).alias(texts.name)
    none = pl.Series(texts.name, [None], dtype=UTC_TIME).new_from_index(0, len(texts))
    left = (texts.is_not_null() & walls.is_null()).arg_true()
    if not len(left):
        return texts, none, walls
    rest = _by_form(texts.gather(left), order)
    text, found, walls = (
        one.scatter(left, part) for one, part in zip((texts.clone(), none, walls), rest, strict=True)
    )
    return text, found, walls


def _by_form(texts: pl.Series, order: DayOrder | None) -> tuple[pl.Series, pl.Series, pl.Series]:
    """The same without the core, by expressions: what it leaves over, and its naive twin."""
    text = texts.str.strip_chars()
    text = text.set(text == "", None)
    first = text.drop_nulls().head(1)
    middle = first[0][10:11] if len(first) else ""
    if middle not in (" ", "T"):
        return text, *_with_odd(text, *_in_iso(text), order)
    fits = text.str.contains(f"^{_DAY}{middle}{_HOUR}").fill_null(False)
    instants, walls = _by_place(text.set(~fits, None), middle)
    others = (~fits & text.is_not_null()).arg_true()
    if len(others):
        more = _general(text.gather(others))
        instants, walls = (
            one.scatter(others, part) for one, part in zip((instants, walls), more, strict=True)
        )
    return text, *_with_odd(text, instants, walls, order)


def _with_odd(
    text: pl.Series, instants: pl.Series, walls: pl.Series, order: DayOrder | None
) -> tuple[pl.Series, pl.Series]:
    """The same with what is left, read in the rarer ways."""
    left = (text.is_not_null() & instants.is_null() & walls.is_null()).arg_true()
    if not len(left):
        return instants, walls
    more = _in_iso(in_one_form(text.gather(left), order))
    return instants.scatter(left, more[0]), walls.scatter(left, more[1])


def _by_place(text: pl.Series, middle: str) -> tuple[pl.Series, pl.Series]:
    """Of texts that begin with a day and a time to the second."""
    head, form = text.str.head(_HEAD), f"%Y-%m-%d{middle}%H:%M:%S"
    seconds = head.str.to_datetime(form, time_unit="us", strict=False, cache=False)
    if text.str.len_bytes().max() in (None, _HEAD):
        return pl.Series(text.name, [None], dtype=UTC_TIME).new_from_index(0, len(text)), seconds
    tail = text.str.slice(_HEAD)
    ends = tail.drop_nulls().unique()
    instants, walls = _general(_SOME_SECOND + ends)
    told = pl.DataFrame(
        {
            "end": ends,
            "zoned": instants.is_not_null(),
            "shift": _either(instants, walls) - _SOME_SECOND_US,
        }
    )
    of = tail.to_frame("end").join(told, on="end", how="left", maintain_order="left")
    found = seconds.to_physical() + of["shift"]
    zoned = of["zoned"].fill_null(False)
    return found.set(~zoned, None).cast(UTC_TIME), found.set(zoned, None).cast(WALL_TIME)


def _either(instants: pl.Series, walls: pl.Series) -> pl.Series:
    ticks = instants.to_physical()
    return ticks.zip_with(ticks.is_not_null(), walls.to_physical())


def _general(text: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Of any texts."""
    return _with_odd(text, *_in_iso(text), None)


def _in_iso(text: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Of texts in ISO 8601: one fixed form first, so that no text is read by what stands beside it."""
    whole = text.set(~text.str.contains(_TIME), None).str.replace("[Tt ]", "T").str.replace("[Zz]$", "+0000")
    whole = whole.str.replace(r"^([^T]*T[0-9]{2}:[0-9]{2})($|[^:0-9])", "${1}:00${2}")
    zoned = whole.str.contains(_ZONE)
    instants = whole.set(~zoned, None).str.to_datetime(
        "%Y-%m-%dT%H:%M:%S%.f%z", time_unit="us", time_zone="UTC", strict=False
    )
    walls = whole.set(zoned, None).str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False)
    return instants, walls
