"""The rows of one table on their way to canonical ones: their cells, and which are refused so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing import _deck
from dialnexa_routing.deck.canonical_columns import Severity
from dialnexa_routing.files.guarded_csv import unguarded_cells
from dialnexa_routing.sheets.cells.constant import constant

if TYPE_CHECKING:
    from dialnexa_routing.sheets.faults import Faults
    from dialnexa_routing.sheets.tables.text_table import TextTable

_MANY = 10_000  # rows from which it pays to look at each text once
_SELDOM = 20  # rows for each distinct text
_FORCED = r'^="([^"]*)"$'
_INVISIBLE = "[\u200b-\u200d\u2060\ufeff]"


def clean(cells: pl.Series, *, escaped: bool = False) -> pl.Series:
    """Text without blanks around it (NBSP too) or zero-width characters; blank cells are null (quirk 54)."""
    if _deck.are_tidy(cells, escaped):
        return cells
    if len(cells) > 1 and not cells.null_count() and (cells == cells[0]).all():
        # A column of one value is common (provider, currency, date) and ten times cheaper so.
        return constant(clean(cells.head(1), escaped=escaped)[0], len(cells), pl.String)
    if len(cells) > _MANY and (held := cells.unique()).len() * _SELDOM < len(cells):
        # Names repeat: a million rows have some thousands of them, which are clean as they stand.
        tidy = _cleaned(held, escaped=escaped)
        if tidy.equals(held, null_equal=True):
            return cells
        both = pl.DataFrame({"cell": held, "tidy": tidy})
        sought = cells.alias("cell").to_frame()
        joined = sought.join(both, on="cell", how="left", maintain_order="left", nulls_equal=True)
        return joined["tidy"].alias(cells.name)
    return _cleaned(cells, escaped=escaped)


def _cleaned(cells: pl.Series, *, escaped: bool) -> pl.Series:
    cells = cells.str.strip_chars()
    if cells.str.contains(_INVISIBLE).any():
        cells = cells.str.replace_all(_INVISIBLE, "").str.strip_chars()
    if escaped:
        cells = unguarded_cells(cells)
        if cells.str.contains(_FORCED).any():  # ="0091": text that a spreadsheet is kept from counting with
            cells = cells.str.replace(_FORCED, "$1").str.strip_chars()
    blank = cells == ""
    if blank.any():
        cells = cells.set(blank.fill_null(False), None)
    return cells


class Intake:
    """A table with a mask of refused rows; each check adds to the mask and to the faults."""

    def __init__(self, table: TextTable, faults: Faults) -> None:
        self.table = table
        self.faults = faults
        self.cells = table.cells
        self.rows = table.rows
        self.refused = constant(False, len(table.rows))
        self._plain = False

    @property
    def height(self) -> int:
        """How many rows are still here, refused ones included."""
        return len(self.rows)

    def keep(self, mask: pl.Series) -> None:
        """Forgets the rows outside `mask`; the caller has counted them."""
        self.cells, self.rows = self.cells.filter(mask), self.rows.filter(mask)
        self.refused = self.refused.filter(mask)

    def has(self, name: str) -> bool:
        """Whether the table has this canonical column."""
        return name in self.table.header.columns

    def raw(self, name: str) -> pl.Series:
        """The cells of a column as found; nulls where the table has no such column."""
        return self.cells[name] if self.has(name) else constant(None, self.height, pl.String)

    def text(self, name: str) -> pl.Series:
        """The cells of a column, cleaned."""
        return clean(self.raw(name), escaped=self.table.escaped) if self.has(name) else self.raw(name)

    def plain_prefixes(self) -> bool:
        """Whether each prefix is digits, at most fifteen and without a zero in front: none has to be read."""
        if not self._plain:  # rows that are forgotten change nothing about the others
            prefix = self.raw("prefix")
            self._plain = prefix.dtype == pl.String and _deck.prefix_numbers(prefix) is not None
        return self._plain

    def uniform(self, name: str) -> bool:
        """Whether all cells of a column are one text, as increments and dates often are."""
        cells = self.raw(name)
        return len(cells) > 1 and not cells.null_count() and bool((cells == cells[0]).all())

    def matching(self, name: str, pattern: str) -> tuple[pl.Series, pl.Series]:
        """The cells of a column, and which of them `pattern` describes; cleaned only where that is needed."""
        cells = self.raw(name)
        fits = cells.str.contains(pattern)
        if cells.null_count() < self.height and not fits.all():
            cells = self.text(name)
            fits = cells.str.contains(pattern)
        return cells, fits.fill_null(False)

    def refuse(self, name: str, where: pl.Series, reason: str | pl.Series) -> None:
        """Refuses the rows of the mask `where`, one fault for the cell of each."""
        if where.any():
            self.refused = self.refused | where
            self.tell(name, where, reason, Severity.ERROR)

    def tell(self, name: str, where: pl.Series, reason: str | pl.Series, severity: Severity) -> None:
        """One fault for each row of the mask; a series of reasons is as long as the table."""
        if where.any():
            why = reason if isinstance(reason, str) else reason.filter(where)
            values = self.raw(name).filter(where)
            if values.dtype != pl.String:
                values = values.list.join(",")
            self.faults.add(self.rows.filter(where), self.published(name), values, why, severity)

    def published(self, name: str) -> str:
        """What the file calls a canonical column."""
        return self.table.header.published.get(name, name)
