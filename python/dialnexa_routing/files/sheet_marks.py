"""Marks of one sheet of a workbook: what it says of its cells beside their values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass
class Marks:
    """Rows and columns count from 0, as `Grid` has them: the first column is the first that holds anything.

    Attributes:
        hidden_rows: first and last of each stretch of them.
        filtered: whether a filter hides them.
        hidden_columns: those that are not shown, or have no width.
        shown: how cells below the head show a 1 in each column, and how many do so.
        merged: column, first and last row of cells that are one over several rows.
        formulas: columns with a formula that was never calculated, and the first cell of each.
    """

    hidden_rows: list[tuple[int, int]] = field(default_factory=list)
    filtered: bool = False
    hidden_columns: list[int] = field(default_factory=list)
    shown: dict[int, dict[str, int]] = field(default_factory=dict)
    merged: list[tuple[int, int, int]] = field(default_factory=list)
    formulas: dict[int, str] = field(default_factory=dict)

    def count_from(self, first: int) -> None:
        """Counts columns from `first`, which is 0 now."""
        self.hidden_columns = [at - first for at in self.hidden_columns if at >= first]
        self.shown = {at - first: held for at, held in self.shown.items() if at >= first}
        self.merged = [(at - first, top, bottom) for at, top, bottom in self.merged if at >= first]
        self.formulas = {at - first: cell for at, cell in self.formulas.items() if at >= first}


def stretches(rows: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stretches of rows in order, those put together that follow one another.

    >>> stretches([(1, 1), (2, 4), (9, 9)])
    [(1, 4), (9, 9)]
    """
    found: list[tuple[int, int]] = []
    for first, last in rows:
        if found and first == found[-1][1] + 1:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found
