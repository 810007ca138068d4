"""The lines of a text that are no rows: why, and where they stand."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

import polars as pl


class Unreadable(StrEnum):
    """Why a line of a CSV file is no row."""

    NOT_UTF8 = "not_utf8"
    """It has bytes that are no UTF-8."""
    BROKEN_QUOTES = "broken_quotes"
    """A quote is not closed, or stands amid a cell that has none at its ends."""
    FEWER_CELLS = "fewer_cells"
    """It has fewer cells than the header, as where writing broke off."""
    MORE_CELLS = "more_cells"
    """It has more cells than the header."""


SENTENCES = {
    Unreadable.NOT_UTF8: "line {line} has bytes that are no UTF-8: write the file as UTF-8",
    Unreadable.BROKEN_QUOTES: "line {line} has a quote that is not closed, or amid a cell: double it",
    Unreadable.FEWER_CELLS: "line {line} has {cells} cells, fewer than the header: write it whole",
    Unreadable.MORE_CELLS: "line {line} has {cells} cells, more than the header: quote those with commas",
}
"""What is reported of such a line; the names in braces are columns of `Rejected.frame`."""
_KINDS = tuple(Unreadable)


@dataclass
class Rejected:
    """The rows that cannot be read: some bytes each, for there may be millions."""

    _row: array[int] = field(default_factory=lambda: array("Q"))
    _line: array[int] = field(default_factory=lambda: array("Q"))
    _cells: array[int] = field(default_factory=lambda: array("Q"))
    _kind: array[int] = field(default_factory=lambda: array("B"))

    def __len__(self) -> int:
        return len(self._row)

    def add(self, row: int, line: int, cells: int, kind: Unreadable) -> None:
        """Count a row, the line it begins at, the cells it has, and why it is none."""
        self._row.append(row)
        self._line.append(line)
        self._cells.append(cells)
        self._kind.append(_KINDS.index(kind))

    def frame(self) -> pl.DataFrame:
        """``row``, ``line``, ``cells``, ``reason``, in order."""
        return pl.DataFrame(
            {
                "row": pl.Series(self._row, dtype=pl.UInt64),
                "line": pl.Series(self._line, dtype=pl.UInt64),
                "cells": pl.Series(self._cells, dtype=pl.UInt64),
                "reason": pl.Series([_KINDS[kind] for kind in self._kind], dtype=pl.String),
            }
        )

    def by_reason(self) -> dict[str, int]:
        """How many there are of each kind."""
        found = Counter(self._kind)
        return {
            str(kind): found[code]
            for code, kind in sorted(enumerate(_KINDS), key=lambda one: one[1])
            if found[code]
        }

    def first(self) -> str:
        """A sentence on the first of them.

        >>> made = Rejected()
        >>> made.add(row=7, line=9, cells=3, kind=Unreadable.FEWER_CELLS)
        >>> made.first()
        'line 9 has 3 cells, fewer than the header: write it whole'
        """
        return SENTENCES[_KINDS[self._kind[0]]].format(line=self._line[0], cells=self._cells[0])

    def original(self, rows: pl.Series) -> pl.Series:
        """Rows of the readable ones, counted from 1, as rows of the file."""
        before = pl.Series(self._row, dtype=pl.UInt64) - pl.Series(range(1, len(self) + 1), dtype=pl.UInt64)
        return (rows + before.search_sorted(rows, side="left")).cast(pl.UInt64)
