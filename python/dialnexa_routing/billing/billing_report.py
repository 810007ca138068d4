"""The faces that reports have in common: text for a terminal, HTML for a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from dialnexa_routing.sheets.study import study_tables as tables

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import polars as pl


class Report:
    """Lines of words above tables with captions; empty tables are left out."""

    money: ClassVar[Collection[str]] = ()
    """Columns of rupees in its tables."""

    def lines(self) -> list[str]:
        """What there is to state in words."""
        raise NotImplementedError

    def frames(self) -> Mapping[str, pl.DataFrame]:
        """What is shown, by caption, the most important rows first."""
        raise NotImplementedError

    def text(self, rows: int = tables.ROWS) -> str:
        """What ``str`` states, with so many rows of each table."""
        told = [tables.cell(line) for line in self.lines()]
        for caption, frame in self.frames().items():
            if frame.height:
                told += ["", caption, *tables.text_table(frame, rows, self.money)]
        return "\n".join(told)

    def html(self, rows: int = tables.ROWS) -> str:
        """What a notebook shows, with so many rows of each table; every text is escaped."""
        shown = {caption: frame for caption, frame in self.frames().items() if frame.height}
        return tables.html_tables(self.lines(), shown, rows, self.money)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {tables.cell('; '.join(self.lines()))}>"

    def _repr_html_(self) -> str:
        return self.html()
