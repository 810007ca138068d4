"""A table of text under canonical column names: what a file holds, once its header is recognised.

Nothing is inferred: every cell stays the text it was.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing.deck.canonical_columns import SHEET, Severity
from dialnexa_routing.files.grid import HEAD_SEARCH_ROWS
from dialnexa_routing.sheets import headers
from dialnexa_routing.sheets.cells.coinage import Coin
from dialnexa_routing.sheets.tables.second_head import with_second_head
from dialnexa_routing.sheets.tables.titles import Title, below, money_of, title
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from dialnexa_routing.files.grid import Grid


@dataclass(frozen=True)
class Remark:
    """Something a reader has to state about a table before its rows are looked at."""

    reason: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
    severity: Severity = Severity.NOTE


@dataclass(frozen=True)
class TextTable:
    """Rows of text under canonical column names, with the row numbers a person counts.

    Columns that were not recognised stay beside them under ``?`` and their place, so that a row
    can be known from a blank one. `escaped` states that a leading ``'`` guards a cell from being a
    formula; `keeps_original` that the reader itself put the published text into `original_rate`.
    """

    file: str
    cells: pl.DataFrame
    rows: pl.Series
    header: headers.Header
    sheet: str | None = None
    remarks: list[Remark] = field(default_factory=list)
    escaped: bool = False
    keeps_original: bool = False
    refused: dict[int, str] = field(default_factory=dict)  # row number -> why the whole row is unreadable
    above: tuple[tuple[str, ...], ...] = ()  # the rows over the header, as they stand
    below: tuple[tuple[str, ...], ...] = ()  # the sentences under the last row
    delimiter: str | None = None  # of a delimited file
    headless: bool = False  # no row was taken for a header, so every row is below it
    floats: frozenset[int] = frozenset()  # columns of a typed frame that were binary floats
    meanings: dict[str, Any] = field(default_factory=dict)  # arguments of `Semantics` that the sheet states
    uncalculated: dict[int, str] = field(default_factory=dict)  # columns with a formula without a value
    shown: dict[int, dict[str, int]] = field(default_factory=dict)  # how number formats show a 1 in a column
    hidden_columns: frozenset[int] = frozenset()  # of a workbook, those that are not shown
    constants: dict[str, str] = field(default_factory=dict)  # what a format knows of every row

    @property
    def title(self) -> Title:
        """What the rows above the header and the sentences below the table say."""
        found = title((*self.above, *self.below))
        if self.sheet and found.coin == Coin() and (named := money_of(self.sheet)) != Coin():
            return replace(found, coin=named)
        return found

    @property
    def in_rupees(self) -> bool:
        """Whether it has every column of `SHEET`, as `RateSheet.write` gives: its rates are INR already."""
        return SHEET.keys() <= self.header.published.keys() and all(
            self.header.published[name] == name for name in SHEET
        )


def table_of(grid: Grid, *, escaped: bool = False) -> TextTable:
    """A grid under canonical names; `escaped` if it is of a file in which formulas are guarded."""
    grid = with_second_head(grid)
    width = grid.cells.width
    header = headers.recognise(grid.head or [""] * width, grid.place)
    return TextTable(
        grid.file,
        named(grid.cells, header),
        grid.rows,
        header,
        sheet=grid.sheet,
        remarks=[
            *(Remark(doubt, severity=Severity.WARNING) for doubt in grid.doubts),
            *(Remark(note) for note in grid.notes),
        ],
        escaped=escaped,
        refused=grid.refused,
        above=grid.above,
        below=below(grid.cells),
        delimiter=grid.delimiter,
        headless=not grid.head_row,
        uncalculated=grid.uncalculated,
        shown=grid.shown,
        hidden_columns=grid.hidden_columns,
    )


def named(frame: pl.DataFrame, header: headers.Header) -> pl.DataFrame:
    """`frame` with its recognised columns under their canonical names, the others under their place.

    A column that serves two canonical names stands there twice.
    """
    names = {index: name for name, index in header.columns.items()}
    renamed = frame.rename({column: names.get(i, f"?{i}") for i, column in enumerate(frame.columns)})
    again = [(name, names[at]) for name, at in header.columns.items() if names[at] != name]
    return renamed.with_columns(pl.col(first).alias(name) for name, first in again) if again else renamed


def no_header(file: str) -> SheetError:
    """The error for a table in which no row names a prefix column."""
    return SheetError(
        f"{file}: none of the first {HEAD_SEARCH_ROWS} rows is a header: pass columns= with what is where,"
        " as columns={'prefix': 'Kode', 'outbound_rate': 'Tarif'} or by number from 1, or format= with the"
        " name of a format without header; or name the columns in one row, one of them 'prefix'"
    )
