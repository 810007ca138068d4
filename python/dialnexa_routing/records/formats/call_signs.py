"""What formats recognise their heads by, and words and cells that several of them share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.records.formats.call_format import CallHead, Kind, folded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}"
DATE_OR_NOTHING = f"(?:{DATE})?"
UUID = r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
INTEGER = r"[0-9]{1,9}"
FAILURES = frozenset(str(code) for code in range(300, 700))
"""SIP codes of calls that were not answered."""


def with_names(*names: str, without: tuple[str, ...] = ()) -> Callable[[CallHead], bool]:
    """A head that has all of these names, and none of the others."""

    def is_own(head: CallHead) -> bool:
        return head.has(*names) and not any(head.has(other) for other in without)

    return is_own


def with_cells(widths: frozenset[int], cells: Mapping[int, str]) -> Callable[[CallHead], bool]:
    """A headerless text of so many cells, of which these match a pattern, in every line of that width.

    A line that was cut is another width, and is the reader's to refuse.
    """
    patterns = {place: re.compile(pattern) for place, pattern in cells.items()}

    def is_own(head: CallHead) -> bool:
        width = len(head.names)
        if head.kind is not Kind.TEXT or width not in widths:
            return False
        return all(
            pattern.fullmatch(line[place - 1].strip())
            for line in head.lines
            if len(line) == width
            for place, pattern in patterns.items()
        )

    return is_own


def with_value(name: str, pattern: str, *others: str) -> Callable[[CallHead], bool]:
    """A head that has these names, and of which every filled cell of the first matches a pattern."""
    found = re.compile(pattern)

    def is_own(head: CallHead) -> bool:
        if not head.has(name, *others):
            return False
        place = next(at for at, one in enumerate(head.names) if folded(one) == folded(name))
        cells = [row[place] for row in head.rows if len(row) > place and row[place]]
        return bool(cells) and all(found.fullmatch(cell) for cell in cells)

    return is_own


def called_by_way(way: str, outside: str, own: str) -> Callable[[pl.LazyFrame], pl.LazyFrame]:
    """Adds ``called`` and ``calling`` where a column holds the outside party whichever way a call went.

    Args:
        way: the column of the direction; a word with ``in`` in front is inbound.
        outside: the outside party.
        own: the own number, which is the called one of inbound calls. It may be missing; then they have none.
    """

    def added(lazy: pl.LazyFrame) -> pl.LazyFrame:
        there = {folded(name): pl.col(name) for name in lazy.collect_schema().names()}
        nothing = pl.lit(None, pl.String)
        inbound = there.get(folded(way), nothing).str.to_lowercase().str.starts_with("in").fill_null(False)
        other, mine = there.get(folded(outside), nothing), there.get(folded(own), nothing)
        return lazy.with_columns(
            called=pl.when(inbound).then(mine).otherwise(other),
            calling=pl.when(inbound).then(other).otherwise(mine),
        )

    return added


CALLED_BY_WAY = ("called", "calling")
"""What it adds."""


def parent_or_self(parent: str, own: str) -> Callable[[Mapping[str, pl.Expr]], pl.Expr]:
    """The key of a call whose later legs name the first one."""

    def key(cells: Mapping[str, pl.Expr]) -> pl.Expr:
        return pl.coalesce(cells[folded(parent)], cells[folded(own)])

    return key
