"""Dates as sheets write them: the order of day and month decided once per column (quirk 61)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from dialnexa_routing.money.exact import nearest
from dialnexa_routing.sheets.cells.month_names import named_day
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dialnexa_routing.sheets.sheet_choices import Dates

AT_ONCE = frozenset(
    [
        "asap",
        "immediate",
        "immediately",
        "now",
        "today",
        "at once",
        "with immediate effect",
        "effective immediately",
        *("sofort", "ab sofort", "inmediato", "inmediatamente", "de inmediato", "imediato", "immediato"),
        *("subito", "immédiat", "immédiatement", "сразу", "немедленно", "hemen", "立即"),
    ]
)
"""Words for a price that is in force already."""

FOR_EVER = frozenset(
    [
        *("never", "none", "open", "unlimited", "indefinite", "indefinitely", "forever", "ufn", "tfn"),
        *("until further notice", "till further notice", "no end", "no end date", "n/a", "na", "-", "--"),
        *("unbefristet", "unbegrenzt", "bis auf weiteres", "indefinido", "hasta nuevo aviso", "indéfini"),
        *("jusqu'à nouvel ordre", "até novo aviso", "indeterminato", "бессрочно", "süresiz", "长期", "永久"),
    ]
)
"""Words for a price that has no end."""

NO_DATE = frozenset(["00/00/0000", "00.00.0000", "00-00-0000"])
"""How databases write that there is no date, beside what `NEVER` describes."""
NEVER = r"^000[01]-0[01]-0[01](?:[^0-9].*)?$"
NO_END = (
    r"^9999[-/.]?[01][0-9][-/.]?[0-3][0-9](?:[^0-9].*)?$|^[0-9]{1,2}[-/.][0-9]{1,2}[-/.]9999(?:[^0-9].*)?$"
)
"""Dates that databases write where there is no end."""

_CLOCK = r"(?:[T ,]+(?P<clock>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?) ?(?P<half>[AaPp][Mm])?)?"
_OFFSET = r" ?(?P<offset>Z|z|UTC|GMT|(?:UTC|GMT)?[+-][0-9]{1,2}(?::?[0-9]{2})?)?"
_TAIL = _CLOCK + _OFFSET
_NUMBERS = re.compile(r"(?P<a>[0-9]{1,2})([/.-])(?P<b>[0-9]{1,2})\2(?P<year>[0-9]{4}|[0-9]{2})" + _TAIL)
_YEAR_FIRST = re.compile(r"(?P<year>[0-9]{4})([/.-])(?P<month>[0-9]{1,2})\2(?P<day>[0-9]{1,2})" + _TAIL)
_COMPACT = re.compile(r"(?P<year>20[0-9]{2})(?P<month>[01][0-9])(?P<day>[0-3][0-9])")
_NAMED = re.compile(
    r"(?:[A-Za-z]{3,9},? )?(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?[ /.-]?(?P<name>[A-Za-z]{3,9})\.?[ /,.-]{0,2}"
    r"(?P<year>[0-9]{4}|[0-9]{2})" + _TAIL
)
_NAME_FIRST = re.compile(
    r"(?:[A-Za-z]{3,9}, )?(?P<name>[A-Za-z]{3,9})\.?[ /-](?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,?[ /-]"
    r"(?P<year>[0-9]{4})" + _TAIL
)
_COMPACT_TIME = re.compile(r"(20[0-9]{2})([01][0-9])([0-3][0-9])([0-2][0-9])([0-5][0-9])([0-5][0-9])")
_EPOCH_TIME = re.compile(r"(?P<seconds>1[0-9]{9})(?P<part>[0-9]{3})?")
_IN_WORDS = re.compile(
    r"(?P<body>.*?[^\W_].*?)(?:[T ,]+(?P<clock>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?) ?(?P<half>[AaPp][Mm])?"
    + _OFFSET
    + ")?"
)
_SERIAL = re.compile(r"(?P<days>[2-7][0-9]{4})(?:\.(?P<part>[0-9]{1,12}))?")
_MONTHS = {
    name: at
    for at, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}
_FULL = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "sept",
]
_EPOCH = datetime(1899, 12, 30)


@dataclass(frozen=True)
class Order:
    """Which of two leading numbers is the day in one column; `stated` when the caller stated so."""

    day_first: bool | None = None
    stated: bool = False


def order(texts: Iterable[str], name: str, file: str, stated: Dates | None) -> Order:
    """The order of the column `name`.

    Raises `SheetError` when no date in it decides, or two decide differently.
    """
    if stated:
        return Order(stated == "day_first", stated=True)
    day = month = unclear = None
    for text in texts:
        found = _NUMBERS.fullmatch(text)
        if not found:
            continue
        first, second = int(found["a"]), int(found["b"])
        if first > 12 >= second:
            day = text
        elif second > 12 >= first:
            month = text
        elif first != second:
            unclear = text
    if day and month:
        raise SheetError(
            f"{file}: the column {name!r} has {day!r}, which starts with the day, and {month!r}, which starts"
            " with the month: pass dates='day_first' or dates='month_first', or correct the column (quirk 61)"
        )
    if unclear and not (day or month):
        raise SheetError(
            f"{file}: {unclear!r} in the column {name!r} may start with the day or the month, and no date in"
            " it decides: pass dates='day_first' or dates='month_first' (quirk 61)"
        )
    return Order(None if not (day or month) else day is not None)


def is_short(text: str) -> bool:
    """Whether a date in numbers alone has a year of two digits."""
    found = _NUMBERS.fullmatch(text)
    return found is not None and len(found["year"]) == 2


def iso(text: str, ordered: Order) -> str | None:
    """`text` in ISO 8601, as far as it goes; None when it is no date this reader knows.

    >>> iso("16/09/2026", Order(day_first=True)), iso("5-Jan-26 14:30 GMT", Order()), iso("46288", Order())
    ('2026-09-16', '2026-01-05T14:30Z', '2026-09-23')
    """
    if found := _SERIAL.fullmatch(text):
        return _serial(int(found["days"]), found["part"])
    for pattern in (_YEAR_FIRST, _COMPACT, _NUMBERS, _NAMED, _NAME_FIRST):
        found = pattern.fullmatch(text)
        if found and (day := _day(found, ordered)):
            return day + _clock(found)
    if found := _COMPACT_TIME.fullmatch(text):
        return "{}-{}-{}T{}:{}:{}".format(*found.groups())
    if found := _EPOCH_TIME.fullmatch(text):
        return f"{datetime.fromtimestamp(int(found['seconds']), UTC):%Y-%m-%dT%H:%M:%S}.{found['part'] or 0}Z"
    if (found := _IN_WORDS.fullmatch(text)) and (day := named_day(found["body"])):
        return day + _clock(found)
    return None


def _day(found: re.Match[str], ordered: Order) -> str | None:
    held = found.groupdict()
    if held.get("a"):
        if len(held["year"]) == 2 and not ordered.stated:
            return None  # 26/09/16 may also start with the year
        first, second = int(held["a"]), int(held["b"])
        day, month = (first, second) if ordered.day_first is not False else (second, first)
    elif held.get("name"):
        name = held["name"].lower()
        if name not in _MONTHS and name not in _FULL:
            return None
        day, month = int(held["day"]), _MONTHS[name[:3]]
    else:
        day, month = int(held["day"]), int(held["month"])
    year = int(held["year"]) + (2000 if len(held["year"]) == 2 else 0)
    return f"{year:04}-{month:02}-{day:02}"


def _clock(found: re.Match[str]) -> str:
    held = found.groupdict()
    clock = held.get("clock")
    offset = (held.get("offset") or "").upper().replace("UTC", "").replace("GMT", "")
    if held.get("offset"):
        sign = re.fullmatch(r"([+-])([0-9]{1,2}):?([0-9]{2})?", offset)
        offset = f"{sign[1]}{int(sign[2]):02}:{sign[3] or '00'}" if sign else "Z"
    if clock is None:
        return f"T00:00{offset}" if offset else ""
    hour, _, rest = clock.partition(":")
    hours = int(hour)
    if half := (held.get("half") or "").lower():
        hours = hours % 12 + (12 if half == "pm" else 0)
    return f"T{hours:02}:{rest}{offset}"


def _serial(days: int, part: str | None) -> str:
    moment = _EPOCH + timedelta(days=days)
    if not part or not int(part):
        return date.isoformat(moment)
    seconds = nearest(86_400 * int(part), 10 ** len(part))
    return datetime.isoformat(moment + timedelta(seconds=seconds))
