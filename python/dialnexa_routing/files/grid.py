"""A table of text as it stands in a file, with the row that was taken for its head."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import polars as pl

HEAD_SEARCH_ROWS = 1000
_BELOW_HEAD = 50  # rows searched for a better head once there is one of two columns


@dataclass(frozen=True)
class Grid:
    """Rows of text under no names, and what was found out about the file.

    Attributes:
        file: its name.
        cells: below the head, every column text; nothing is inferred.
        rows: their numbers as a spreadsheet would show them: blank rows and title rows count, a quoted
            cell with line ends in it does not make more rows than one.
        head: the cells of the row that names the columns; empty if no row does.
        head_row: its number, 0 if there is none.
        above: the rows over the head, as they stand.
        sheet: of a workbook.
        refused: row number to why the whole row cannot be read.
        notes: sentences on what was found.
        doubts: sentences on what was passed over, and may matter.
        uncalculated: columns with a formula that nobody calculated, and the first cell of each.
        shown: of a workbook how number formats show a 1 in a column, as ``$1``, and in how many cells.
        hidden_columns: of a workbook those that are not shown.
        delimiter: of a delimited text.
        encoding: of a text.
    """

    file: str
    cells: pl.DataFrame
    rows: pl.Series
    head: tuple[str, ...] = ()
    head_row: int = 0
    above: tuple[tuple[str, ...], ...] = ()
    sheet: str | None = None
    refused: dict[int, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    uncalculated: dict[int, str] = field(default_factory=dict)
    shown: dict[int, dict[str, int]] = field(default_factory=dict)
    hidden_columns: frozenset[int] = frozenset()
    delimiter: str | None = None
    encoding: str | None = None

    @property
    def place(self) -> str:
        """Where its head stands, for errors."""
        where = self.file if self.sheet is None else f"{self.file}, sheet {self.sheet!r}"
        return f"{where}, row {self.head_row}" if self.head_row else where


def any_row(cells: Sequence[str | None]) -> int:
    """The score of a head where the first row that holds anything is it."""
    return 1 if any(cell and cell.strip() for cell in cells) else 0


def find_head(
    rows: Sequence[Sequence[str | None]], score: Callable[[Sequence[str | None]], int]
) -> tuple[int, int]:
    """Place and score of the row that is most like a head; the first of equals.

    >>> find_head([["a title", None], ["to", "seconds"], ["+91", "5"]], lambda row: row.count("to"))
    (1, 1)
    """
    best, place = 0, -1
    for index, cells in enumerate(rows):
        if best > 1 and index > place + _BELOW_HEAD:
            break
        if (found := score(cells)) > best:
            best, place = found, index
    return place, best
