"""Dates whose month is written in words of any language, as ``1 de enero de 2026`` or ``2026年1月1日``.

The names are those of CLDR (`month_names.txt`, made by ``data/make_month_names.py``). One that is of two
months in two languages is in no table, and years of other calendars are no years: such a date is refused.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache

from dialnexa_routing.sheets.cells.status_words import listed
from dialnexa_routing.sheets.folding import folded

_PATH = os.path.join(os.path.dirname(__file__), "month_names.txt")  # noqa: PTH118, PTH120 (as country_words)

_BESIDE = listed("de del di du da of le el il den der the r г года год y o er st nd rd th dia dnia e d ngay")
"""Words between the parts of a date, in some language."""
_SIGNS = re.compile(
    r"([0-9]{4}) ?(?:年|년) ?([0-9]{1,2}) ?(?:月|월) ?([0-9]{1,2}) ?(?:日|号|號|일)?"
    r"|(?P<day>[0-9]{1,2}) (?:thang|tháng) (?P<month>[0-9]{1,2}),? (?:nam|năm)? ?(?P<year>[0-9]{4})"
)
_PART = re.compile(r"[0-9]+|[^\s0-9.,/'\u2019()\u2010-\u2015-]+")
_YEARS = range(1970, 2200)


def named_day(text: str) -> str | None:
    """The day in `text` as ISO 8601, where a word names its month; None where none does for certain.

    >>> named_day("1 de enero de 2026"), named_day("1. März 2026"), named_day("2026年1月1日")
    ('2026-01-01', '2026-03-01', '2026-01-01')
    >>> named_day("1 listopada 2026"), named_day("1 enero 2569")
    (None, None)
    """
    plain = folded(text).strip()
    if found := _SIGNS.fullmatch(plain):
        year, month, day = found.group(1, 2, 3) if found[1] else found.group("year", "month", "day")
        return _iso(int(year), int(month), int(day))
    names, days = _names()
    numbers: list[str] = []
    months: list[int] = []
    for part in _PART.findall(plain):
        if part[0] in "0123456789":
            numbers.append(part)
        elif part in names:
            months.append(names[part])
        elif part not in _BESIDE and part not in days:
            return None
    if len(months) != 1 or len(numbers) != 2:
        return None
    first, second = numbers
    if len(first) == 4 and len(second) <= 2:
        first, second = second, first
    if len(first) > 2 or len(second) not in (2, 4):
        return None
    year = int(second) + (2000 if len(second) == 2 else 0)
    return _iso(year, months[0], int(first))


def _iso(year: int, month: int, day: int) -> str | None:
    return f"{year:04}-{month:02}-{day:02}" if year in _YEARS and 1 <= month <= 12 else None


@lru_cache(None)
def _names() -> tuple[dict[str, int], frozenset[str]]:
    """The month of each name, and the names of days of the week."""
    with open(_PATH, encoding="utf-8") as file:  # noqa: PTH123
        lines = file.read().splitlines()
    rows = [line.partition("\t") for line in lines[lines.index("[names]") + 1 :]]
    months = {name: int(month) for month, _, names in rows if month != "0" for name in names.split("|")}
    days = {name for month, _, names in rows if month == "0" for name in names.split("|")}
    return months, frozenset(days)
