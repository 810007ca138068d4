"""Text moments to UTC instants (R50): any spelling `datetexts` knows, a zone for those that state none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.clock.wall_clock import instant
from dialnexa_routing.clock.zone import zone_named
from dialnexa_routing.deck.canonical_columns import TIME, Severity
from dialnexa_routing.sheets.cells.constant import constant
from dialnexa_routing.sheets.cells.datetexts import (
    AT_ONCE,
    FOR_EVER,
    NEVER,
    NO_DATE,
    NO_END,
    Order,
    is_short,
    iso,
    order,
)
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from dialnexa_routing.sheets.cells.intake import Intake
    from dialnexa_routing.sheets.sheet_choices import Choices, Dates

_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?) ?(Z|z|[+-][0-9]{2}:?[0-9]{2})?)?"
)

_LAST_SECOND = r"23:59(?::59(?:\.9+)?)?(?:[^0-9:.]|$)|11:59(?::59(?:\.9+)?)? ?[Pp][Mm]"
_DIGITS_WITH_TIME = r"^[0-9]{5}\.[0-9]*[1-9]|^1[0-9]{9}(?:[0-9]{3})?$|^20[0-9]{12}$"
_PLACE = re.compile(r"(?P<body>.*[0-9]) ?\[?(?P<zone>[A-Z][A-Za-z_]+(?:/[A-Za-z_+-]+)+)\]?")
_LETTERS = re.compile(r"(?P<body>.*[0-9:]) ?\(?(?P<zone>[A-Z]{2,5})\)?")


def zone(name: str | None) -> tzinfo | None:
    """The IANA zone `name`. Raises `SheetError` when there is none of that name.

    >>> zone("Asia/Kolkata")
    zoneinfo.ZoneInfo(key='Asia/Kolkata')
    """
    if name is None:
        return None
    try:
        return zone_named(name)
    except ValueError:
        raise SheetError(f"timezone={name!r} is not an IANA zone: pass one like 'Asia/Kolkata'") from None


def moment(text: str, naive_zone: tzinfo | None, ordered: Order | None = None) -> datetime | str:
    """The instant in `text`, whose column is `ordered`, or the sentence that states why there is none.

    >>> moment("2026-04-01T00:00:00+05:30", None)
    datetime.datetime(2026, 3, 31, 18, 30, tzinfo=datetime.timezone.utc)
    """
    found = _MOMENT.fullmatch(text) or _MOMENT.fullmatch(iso(text, ordered or Order()) or "")
    if not found:
        return _elsewhere(text, ordered)
    try:
        day = date.fromisoformat(found[1])
        clock = found[2] or "00:00"
        local = datetime.fromisoformat(f"{day}T{clock}{(found[3] or '').upper()}")
        if local.tzinfo is None:
            return _in_zone(local, text, naive_zone)
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return f"{text[:40]!r} is not a moment of the calendar: correct day, time and offset"


def _elsewhere(text: str, ordered: Order | None) -> datetime | str:
    """The instant in a text that ends with the name of its zone; letters alone are of several zones."""
    if found := _PLACE.fullmatch(text):
        try:
            place = zone_named(found["zone"])
        except ValueError:
            return f"{text[:60]!r} names {found['zone']!r}, which is no IANA zone: correct it"
        return moment(found["body"].strip(), place, ordered)
    lettered = _LETTERS.fullmatch(text)
    if lettered and isinstance(moment(lettered["body"].strip(), UTC, ordered), datetime):
        return (
            f"{text[:40]!r} names its zone by the letters {lettered['zone']!r}, which several zones bear:"
            " write its offset, as +05:30, or leave the letters out and pass timezone="
        )
    return f"{text[:40]!r} is not a date: write it as 2026-04-01, or 2026-04-01T00:00:00+05:30"


def _in_zone(local: datetime, text: str, naive_zone: tzinfo | None) -> datetime | str:
    if naive_zone is None:
        return f"{text[:40]!r} states no offset: write it, or pass timezone= with an IANA zone"
    found = instant(local, naive_zone)
    if isinstance(found, datetime):
        return found
    return f"{text[:40]!r} falls into a change of clocks in {naive_zone}: write its offset"


@dataclass(frozen=True)
class Validity:
    """When each row is in force: first instant, first no longer in force, null for unbounded.

    `day_after` is the instant after the whole of an end that is a date alone, null elsewhere: whether
    such a day still counts is decided by all versions of all rows (`version_ends`).
    """

    start: pl.Series
    end: pl.Series
    day_after: pl.Series


def validity(intake: Intake, choices: Choices) -> Validity:
    """The times of every row. An end just before midnight, as 23:59:59, is midnight."""
    start, end = (instants(intake, name, choices) for name in ("valid_from", "valid_to"))
    end, day_after = _ends(intake, end, choices)
    empty = end <= start
    if choices.ends != "first_instant":
        empty &= ~((end == start) & day_after.is_not_null()).fill_null(False)
    intake.refuse(
        "valid_to", empty.fill_null(False), "the row ends before it begins or as it begins: correct valid_to"
    )
    return Validity(start, end, day_after)


def _ends(intake: Intake, end: pl.Series, choices: Choices) -> tuple[pl.Series, pl.Series]:
    """Ends with the last second of a day made whole, and the next midnight of those that are dates alone."""
    none = constant(None, intake.height, TIME)
    if end.null_count() == intake.height:
        return end, none
    cells = intake.text("valid_to")
    late = cells.str.contains(_LAST_SECOND).fill_null(False) & end.is_not_null()
    if late.any():
        end = end.zip_with(~late, end.dt.truncate("1m").dt.offset_by("1m"))
        reason = f"{int(late.sum())} ends just before midnight were taken for midnight: nothing to do"
        intake.faults.tell(reason, column=intake.published("valid_to"))
    alone = ~cells.str.contains(":").fill_null(True)
    if intake.table.sheet is not None:
        # A date in a cell of a workbook arrives with the time of midnight.
        alone |= cells.str.contains("T00:00:00$").fill_null(False)
    alone &= end.is_not_null() & ~cells.str.contains(_DIGITS_WITH_TIME).fill_null(False)
    if not alone.any():
        return end, none
    zone = choices.naive_zone or UTC
    days = end.filter(alone).unique()
    last = datetime.max.replace(tzinfo=UTC) - timedelta(days=2)
    after = [(min(day, last).astimezone(zone).replace(tzinfo=None) + timedelta(days=1)) for day in days]
    instants_ = [moment.replace(tzinfo=zone).astimezone(UTC) for moment in after]
    table = pl.DataFrame({"end": days, "after": pl.Series(instants_, dtype=TIME)})
    joined = end.alias("end").to_frame().join(table, on="end", how="left", maintain_order="left")
    return end, joined["after"].zip_with(alone, none)


def told(moment: datetime, zone: tzinfo | None) -> str:
    """A moment as the caller reads it: in `zone`, or UTC; without the time of a midnight.

    >>> told(datetime(2026, 10, 31, 18, 30, tzinfo=UTC), zone_named("Asia/Kolkata"))
    '2026-11-01'
    """
    local = moment.astimezone(zone or UTC)
    return (
        f"{local:%Y-%m-%d}"
        if (local.hour, local.minute, local.second) == (0, 0, 0)
        else f"{local:%Y-%m-%d %H:%M}"
    )


def instants(intake: Intake, name: str, choices: Choices) -> pl.Series:
    """A column of dates; a blank, or a word for at once, is null.

    Raises `SheetError` when the order of day and month is unclear.
    """
    if not intake.has(name) or intake.raw(name).null_count() == intake.height:
        return constant(None, intake.height, TIME).alias(name)
    cells = intake.text(name)
    known = cells.drop_nulls().unique()
    words = NO_DATE | (FOR_EVER if name == "valid_to" else AT_ONCE)
    never = known.str.contains(f"{NEVER}|{NO_END}" if name == "valid_to" else NEVER)
    hurried = known.filter(known.str.to_lowercase().is_in(list(words)) | never)
    published, file = intake.published(name), intake.table.file
    ordered = choices.questions.settle(
        "dates",
        lambda: order(known, published, file, choices.dates or _header_order(intake, name)),
        Order(day_first=True, stated=True),
        ("'day_first'", "'month_first'"),
        column=published,
    )
    if not ordered.stated and choices.max_refused != 1:
        ordered = _asked_years(known, published, file, choices, ordered)
    naive_zone = choices.naive_zone or _asked_zone(known, published, file, choices, ordered)
    found = [moment(text, naive_zone, ordered) for text in known]
    table = pl.DataFrame(
        {
            name: known,
            "instant": pl.Series([f if isinstance(f, datetime) else None for f in found], dtype=TIME),
            "reason": pl.Series([f if isinstance(f, str) else None for f in found], dtype=pl.String),
        }
    )
    if len(hurried):
        dated = ~pl.col(name).is_in(hurried.to_list())
        table = table.with_columns(pl.when(dated).then(pl.col("instant", "reason")).name.keep())
        count = int(cells.is_in(hurried.to_list()).sum())
        what = "have no end" if name == "valid_to" else "are in force from the start"
        reason = f"{count} rows say {hurried[0]!r}, so they {what}: nothing to do"
        intake.faults.tell(reason, column=intake.published(name), severity=Severity.NOTE)
    if table.height == 1 and not cells.null_count():
        moments = constant(table["instant"][0], intake.height, TIME)
        reasons = constant(table["reason"][0], intake.height, pl.String)
    else:
        joined = cells.alias(name).to_frame().join(table, on=name, how="left", maintain_order="left")
        moments, reasons = joined["instant"], joined["reason"]
    intake.refuse(name, reasons.is_not_null(), reasons)
    return moments.alias(name)


def _asked_years(known: pl.Series, published: str, file: str, choices: Choices, ordered: Order) -> Order:
    """Day first to go on with where a year has two digits, so that the date may begin with it too."""
    short = next((text for text in known if is_short(text)), None)
    if short is None:
        return ordered
    choices.questions.ask(
        "dates",
        f"{file}: {short!r} in the column {published!r} has a year of two digits, so it may start with the"
        " day, the month or the year: pass dates='day_first' or dates='month_first', or write four digits"
        " (quirk 61)",
        ["'day_first'", "'month_first'"],
        column=published,
    )
    return Order(day_first=True, stated=True)


def _asked_zone(
    known: pl.Series, published: str, file: str, choices: Choices, ordered: Order
) -> tzinfo | None:
    """UTC to go on with where a date states no offset and the zone is asked for (R50).

    A caller who wants to see every fault (``max_refused=1``) has them row by row.
    """
    if choices.max_refused == 1:
        return None
    naive = next(
        (
            text
            for text in known
            if isinstance(moment(text, UTC, ordered), datetime)
            and not isinstance(moment(text, None, ordered), datetime)
        ),
        None,
    )
    if naive is None:
        return None
    choices.questions.ask(
        "timezone",
        f"{file}: {naive[:40]!r} in the column {published!r} states no offset: pass timezone= with the IANA"
        " zone of such dates, as 'Asia/Kolkata' or 'UTC' (R50)",
        ["'Asia/Kolkata'", "'UTC'"],
    )
    return UTC


def _header_order(intake: Intake, name: str) -> Dates | None:
    """The order that a header such as ``Effective (dd/mm/yyyy)`` states."""
    words = re.findall("[a-z]+", intake.published(name).lower())
    if "dd" in words and "mm" in words:
        return "day_first" if words.index("dd") < words.index("mm") else "month_first"
    return None


def issue_date(text: str, choices: Choices) -> datetime | None:
    """The day a title states, at midnight of the caller's zone or UTC; None where it is not certain."""
    ordered = Order(
        None if choices.dates is None else choices.dates == "day_first", stated=bool(choices.dates)
    )
    if not choices.dates:
        try:
            ordered = order([text], "the title", "", None)
        except SheetError:
            return None
    found = moment(text, choices.naive_zone or UTC, ordered)
    return found if isinstance(found, datetime) else None
