"""A table no row of which is known as a head: which row may be it, and which columns hold what.

Nothing is read by such a guess. Each part of it is asked, and reading goes on with the guess, so that
currency, dates and whatever else is open come in the same answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dialnexa_routing.sheets.column_kinds import Column, Kind, kind_of, words_of
from dialnexa_routing.sheets.header_keys import KNOWN, key

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

_ROWS = 50  # looked at for a head
_SOME = 200  # rows looked at below it
_CODE = re.compile(r"\+?[0-9]{1,15}(?:[ ,;|/-]+\+?[0-9]{1,15})*")
_MOSTLY = 0.8
_NETWORKS = frozenset(["mcc", "mnc", "mccmnc", "id", "no"])  # digits that no number begins with
_INWARD = frozenset(["inbound", "incoming", "ingress"])
_NO_CODES = (Kind.TIME, Kind.VALIDITY, Kind.SALE)  # digits under a header that states what else they are


@dataclass(frozen=True)
class Guess:
    """Where the head may be, -1 for nowhere, and the places of the columns that may be what is needed."""

    row: int
    names: tuple[str, ...]  # of the head; numbers from 1 where there is none
    prefix: int
    rate: int | None
    group: int | None
    way: str = "outbound_rate"  # or the inbound one, where the head states that

    def columns(self) -> dict[str, int]:
        """The columns it guesses, from 0, by their canonical names."""
        found = {"prefix": self.prefix, self.way: self.rate, "network_group": self.group}
        return {name: place for name, place in found.items() if place is not None}

    def spelled(self, place: int) -> str:
        """How a caller names a column: by its header where that is there once, else by its number from 1."""
        name = self.names[place]
        once = self.row >= 0 and name and self.names.count(name) == 1
        return repr(name) if once else str(place + 1)


def guessed(cells: pl.DataFrame) -> Guess | None:
    """What `cells` may be; None where no column looks like prefixes."""
    rows = [[str(cell or "").strip() for cell in row] for row in cells.head(_ROWS + _SOME).rows()]
    head = _head(rows[:_ROWS])
    below = [row for row in rows[head + 1 :] if any(row)]
    if not below:
        return None
    columns = [[row[place] for row in below if row[place]] for place in range(cells.width)]
    names = tuple(rows[head]) if head >= 0 else ("",) * cells.width
    known = {place: canonical for place, name in enumerate(names) if (canonical := KNOWN.get(key(name)))}
    kinds = [
        kind_of(Column(place, names[place] or f"column {place + 1}", list(dict.fromkeys(held)), len(held)))
        for place, held in enumerate(columns)
    ]
    codes = [
        place
        for place, held in enumerate(columns)
        if known.get(place, "network_group") == "network_group"
        and _are_codes(held, len(below))
        and (head < 0 or (kinds[place] not in _NO_CODES and _NETWORKS.isdisjoint(words_of(names[place]))))
    ]
    prices = [place for place, kind in enumerate(kinds) if kind is Kind.MONEY and place not in codes]
    if not codes:
        return None
    prefix = max(codes, key=lambda place: (len(set(columns[place])), -place))
    known.pop(prefix, None)  # a destination in digits is a code
    if not prices:  # whole amounts look like codes
        prices = [place for place in codes if place != prefix]
    prices = [at for at, canonical in known.items() if canonical == "outbound_rate"] or prices
    rate = prices[0] if prices else None
    inward = rate is not None and not _INWARD.isdisjoint(words_of(names[rate]))
    words = [place for place, held in enumerate(columns) if _are_names(held, len(below))]
    groups = [at for at, canonical in known.items() if canonical == "network_group"]
    widest = max(words, key=lambda place: (len(set(columns[place])), -place), default=None)
    group = groups[0] if groups else widest
    return Guess(head, names, prefix, rate, group, "inbound_rate" if inward else "outbound_rate")


def _head(rows: Sequence[Sequence[str]]) -> int:
    """The first row of words alone that is as wide as most, followed by one with digits; -1 for none."""
    widths = [sum(map(bool, row)) for row in rows]
    usual = max(set(widths) - {0}, key=widths.count, default=0)
    for place, row in enumerate(rows[:-1]):
        if widths[place] < max(2, usual - 1) or any(map(_CODE.fullmatch, row)):
            continue
        if any(map(_CODE.fullmatch, rows[place + 1])):
            return place
        return -1 if any(re.search("[0-9]", cell) for cell in row) else place
    return -1


def _are_codes(cells: Sequence[str], rows: int) -> bool:
    fitting = sum(1 for cell in cells if _CODE.fullmatch(cell))
    return bool(cells) and fitting >= _MOSTLY * max(len(cells), rows / 2)


def _are_names(cells: Sequence[str], rows: int) -> bool:
    words = sum(1 for cell in cells if re.search(r"[^\W0-9_]{2}", cell) and not re.search("[0-9]{3}", cell))
    return bool(cells) and words >= _MOSTLY * max(len(cells), rows / 2)
