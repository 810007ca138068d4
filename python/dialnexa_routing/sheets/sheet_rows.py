"""What a rate sheet was read to: rows, faults and counts, and what is done with them as they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dialnexa_routing.deck.rate_deck import RateDeck
from dialnexa_routing.files.table_writing import write
from dialnexa_routing.text.forked import refuse_after_fork

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    import polars as pl

    from dialnexa_routing.sheets.cells.money import Conversion
    from dialnexa_routing.sheets.faults import Counts

_HEAD = 5
"""Rows of a sheet that a notebook shows."""


@dataclass(frozen=True, repr=False, eq=False)
class SheetRows:
    """The rows of a sheet and what stands beside them; `RateSheet` states what each attribute is."""

    rows: pl.DataFrame
    faults: pl.DataFrame
    counts: Counts
    provider: str | None
    origin: str | None
    format: str
    recognised_by: str
    files: tuple[str, ...]
    conversion: Conversion | None = None
    digests: dict[str, str] = field(default_factory=dict)
    meanings: Mapping[str, Any] = field(default_factory=dict)
    timezone: str | None = None

    def compile(self, *, keep_redundant: bool = False, keep_sources: bool = True) -> RateDeck:
        """The deck of this sheet, for its own `origin` (R19); see `RateDeck.compile` for the arguments."""
        return RateDeck.compile(
            self.rows,
            origin=self.origin,
            digests=self.digests,
            keep_redundant=keep_redundant,
            keep_sources=keep_sources,
        )

    def write(self, path: str | os.PathLike[str]) -> None:
        """Writes `rows` as Parquet, CSV or Arrow IPC, by the suffix; reading it back gives equal rows.

        In CSV a cell that a spreadsheet would take for a formula is guarded with ``'``. Raises
        `SheetError` for another suffix, or when the file cannot be written.

        >>> import tempfile, pathlib, polars as pl
        >>> from dialnexa_routing import RateSheet
        >>> frame = pl.DataFrame({"prefix": ["91"], "country": ["=1+1"], "outbound_rate": ["1"]})
        >>> sheet = RateSheet.read(frame)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     sheet.write(pathlib.Path(folder) / "sheet.csv")
        ...     RateSheet.read(pathlib.Path(folder) / "sheet.csv").rows.equals(sheet.rows)
        True
        """
        refuse_after_fork()
        write(self.rows, path)

    def _repr_html_(self) -> str:
        # Report and diff are not needed by those who only read.
        from dialnexa_routing.sheets.study.study_tables import html_tables

        shown = ["prefix", "network_group", "country_iso", "outbound_rate", "inbound_rate", "valid_from"]
        faults = self.faults.select("severity", "row", "column", "value", "reason")
        frames = {"first rows": self.rows.select(shown).head(_HEAD)}
        if faults.height:
            frames[f"faults: {faults.height:,}"] = faults.head(_HEAD)
        lines = [
            repr(self).strip("<>"),
            f"next: {'sheet.faults, ' if faults.height else ''}sheet.report(), sheet.compile()",
        ]
        return html_tables(lines, frames, _HEAD)

    def __repr__(self) -> str:
        name = self.files[0] if len(self.files) == 1 else f"{len(self.files)} files"
        whose = f" of {self.provider}" if self.provider else ""
        rows = "row" if self.counts.loaded == 1 else "rows"
        counts = self.counts
        return (
            f"<RateSheet {name}{whose}, {self.format}: {counts.loaded} {rows} loaded of {counts.read},"
            f" {counts.refused} refused, {counts.noise} noise>"
        )
