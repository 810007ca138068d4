"""Columns that say for which callers, at which hours, or in which state a row holds, by their words.

Their cells are words like those of any name, so it takes both: words that are said of such things alone, or
a header that asks for them. What holds at all times, and for any caller, limits nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dialnexa_routing.numbers.country_words import isos_of
from dialnexa_routing.sheets.cells.status_words import listed, phrases

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_ALWAYS = phrases(
    "all time|all times|all day|all days|always|any|any time|anytime|all|flat|24x7|24/7|24 x 7"
    "|24 hours|00:00-24:00|00:00-23:59|*any|mon-sun|standard"
)
_HOURS = phrases(
    "peak|off peak|off-peak|offpeak|weekend|weekends|week end|weekday|weekdays|night|nights"
    "|night time|evening|evenings|daytime|day time|business hours|working hours|office hours|holiday"
    "|holidays|economy|reduced|mon-fri|sat-sun"
)
_OF_HOURS = listed("hour hours time times timing timings timeband period band day")
_TO = "(?:-|\u2013|to|until)"
_CLOCK = "[0-2]?[0-9](?::[0-5][0-9]){1,2} ?(?:am|pm)?"
_HALF = "[0-9]{1,2} ?(?:am|pm)"
_DAY = "(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*"
_SPAN = re.compile(rf"{_CLOCK} ?{_TO} ?{_CLOCK}|{_HALF} ?{_TO} ?{_HALF}|{_DAY}(?: ?(?:{_TO}|,|&|/) ?{_DAY})*")

_ANYBODY = phrases("all|any|any caller|row|world|worldwide|default|*|-")
_CALLERS = listed(
    "origin origins origination originating originator orig caller callers ani anum anumber aparty"
)
_MAYBE_CALLERS = listed("src source from")
_ZONES = re.compile(
    r"(?:non[ -]?)?(?:eea|eu|europe|efta|us|usa|us/ca|uk|gcc|cis|latam|apac|nanp)"
    r"|rest of (?:the )?world|row|local|domestic|international|national|off-?net|on-?net"
    r"|zone ?[a-z0-9]{1,3}|surcharged.*|(?:ultra )?high cost.*"
)
_JURISDICTIONS = listed(
    "interstate intrastate inter-state intra-state interlata intralata indeterminate inter intra"
)
_DIGITS = re.compile(r"\+?[1-9][0-9]{0,14}(?: ?[,;|/] ?\+?[1-9][0-9]{0,14})*")

_MARKS = listed("x X ✓ ✔ ✗ ✘ ☑ ☒ ☐ √ * • ● ○ ❌ ✅")
_OF_LINES = listed(
    "wireless land landline landlines line mobile mobiles fixed wireline cellular voip ported"
    " geographic premium satellite"
)
_STATES = phrases(
    "active|enabled|available|unchanged|no change|in force|in service|increase|increased|decrease"
    "|decreased|rate increase|rate decrease"
)
_LETTERED = listed("flag ind indicator change action update sts stat state type op chg")
_LINE_LETTERS = frozenset("mflpstvw")
_FLAGS = listed("yes no true false y n t f 1 0 1.0 0.0")
_MOST = 12  # different cells that a column of states has


def limits_hours(words: Collection[str], cells: Sequence[str]) -> bool:
    """Whether cells name hours or days at which a price holds, and some of them not all.

    >>> limits_hours(["class"], ["Peak", "Off-Peak"]), limits_hours(["profile"], ["All time"])
    (True, False)
    """
    plain = {plain_cell(cell) for cell in cells[:200]}
    if any(cell in _HOURS or _SPAN.fullmatch(cell) for cell in plain - _ALWAYS):
        return True
    return not _OF_HOURS.isdisjoint(words) and bool(plain & {"day", "days"}) and not plain <= _ALWAYS


def limits_callers(words: Sequence[str], cells: Sequence[str]) -> bool:
    """Whether cells name callers or their zones: by a header of callers, or one of sources beside zones.

    >>> limits_callers(["a", "number", "zone"], ["Zone 1"]), limits_callers(["from"], ["EU"])
    (True, True)
    >>> limits_callers(["source"], ["LERG"]), limits_callers(["origin"], ["ALL"])
    (False, False)
    """
    plain = {plain_cell(cell) for cell in cells[:200]}
    if plain <= _ANYBODY:
        return False
    if plain <= _ANYBODY | _JURISDICTIONS and plain & _JURISDICTIONS:
        return True
    a_number = bool(words) and words[0] == "a" and len(words) > 1 and words[1] in ("number", "num", "party")
    if a_number or not _CALLERS.isdisjoint([*words, "".join(words)]):
        return True
    if _MAYBE_CALLERS.isdisjoint(words):
        return False
    codes = "from" not in words  # beside "to" they are the first of a range
    return any(
        _ZONES.fullmatch(cell) or (codes and _DIGITS.fullmatch(cell)) or isos_of(cell) for cell in plain
    )


def limits_sale(words: Collection[str], cells: Sequence[str]) -> bool:
    """Whether cells name the state of a row: by marks, words of states, or letters that stand for them.

    >>> limits_sale(["do", "not", "sell"], ["X"]), limits_sale(["wireless"], ["x"])
    (True, False)
    >>> limits_sale(["type"], ["N", "C"]), limits_sale(["type"], ["M", "F"])
    (True, False)
    >>> limits_sale(["state"], ["Active", "Dead"])
    True
    """
    distinct = set(cells)
    if len(distinct) > _MOST:
        return False
    if distinct <= _MARKS:
        return _OF_LINES.isdisjoint(words)
    plain = {plain_cell(cell) for cell in distinct}
    if plain & _STATES:
        return True
    letters = all(len(cell) == 1 and cell.isalpha() for cell in plain)
    return letters and not _LETTERED.isdisjoint(words) and not plain <= _LINE_LETTERS


def is_flag(cells: Sequence[str]) -> bool:
    """Whether cells are yes and no, 1 and 0, or marks."""
    return all(plain_cell(cell) in _FLAGS or cell in _MARKS for cell in cells[:200])


def plain_cell(cell: str) -> str:
    """A cell as words of a state, of hours or of callers are compared."""
    return " ".join(cell.split()).lower().strip(" .!")
