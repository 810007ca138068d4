"""A delimited text in UTF-8 looked at by the core: whether each line is a row, and cells and lines of it.

It knows the same rows as `csv_rows.Grammar`, sixty-four bytes at a time, and reads a file as it lies on the
disk: what is packed or of another encoding is not its business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing import _deck

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_GZIP = b"\x1f\x8b"
_PART_BYTES = 16 << 20


@dataclass(frozen=True)
class Looked:
    """What a look at a text showed of its cells.

    Attributes:
        rows: how many there are behind the header.
        guarded: whether a cell may begin with an apostrophe; if not, no cell was guarded.
        padded: whether a cell may begin or end with a blank.
    """

    rows: int
    guarded: bool
    padded: bool


def is_plain(path: Path, delimiter: str) -> bool:
    """Whether the core can look at a file: it is not packed, and one byte parts the cells."""
    with path.open("rb") as file:
        return file.read(2) != _GZIP and delimiter.isascii()


def looked(path: Path, delimiter: str, cells: int, header_lines: int) -> Looked | None:
    """What the lines of a file show, if each of them is a row of so many cells; else None."""
    look = _deck.TextLook(path, ord(delimiter), cells, header_lines, [])
    rows = look.to_end()
    return None if rows is None else Looked(rows, look.guarded, look.padded)


@dataclass(frozen=True)
class PlainText:
    """A text of which every line is a row, for those who want some of its cells or lines.

    Attributes:
        path: of the file.
        delimiter: between its cells.
        names: of its columns.
        header_lines: before the first row.
    """

    path: Path
    delimiter: str
    names: tuple[str, ...]
    header_lines: int

    def cells(self, names: Sequence[str]) -> Iterator[pl.DataFrame]:
        """Some columns, a few thousand rows at a time; an empty cell without quotes is null."""
        places = [self.names.index(name) for name in names]
        look = self._look(places)
        while (columns := look.cells()) is not None:
            made = [pl.Series(one).alias(name) for name, one in zip(names, columns, strict=True)]
            yield pl.DataFrame(made)

    def lines(self, mask: pl.Series) -> Iterator[bytes]:
        """The lines of the rows that a mask takes, some megabytes at a time, as they stand."""
        look, taken, size = self._look([]), list[bytes](), 0
        mask = mask.rechunk()
        while (lines := look.taken(mask)) is not None:
            taken.append(lines)
            size += len(lines)
            if size >= _PART_BYTES:
                yield b"".join(taken)
                taken, size = [], 0
        if size:
            yield b"".join(taken)

    def head(self, count: int) -> bytes:
        """The first lines, as they stand."""
        look, taken, mask = self._look([]), b"", pl.repeat(True, count, dtype=pl.Boolean, eager=True)
        while taken.count(b"\n") < count and (lines := look.taken(mask)) is not None:
            taken += lines
        return taken

    def scan(self, lines: bytes) -> pl.LazyFrame:
        """Lines of the text as a lazy frame, as its own rows are read."""
        return pl.scan_csv(
            lines,
            has_header=False,
            schema=dict.fromkeys(self.names, pl.String()),
            infer_schema=False,
            separator=self.delimiter,
        )

    def _look(self, places: list[int]) -> _deck.TextLook:
        return _deck.TextLook(self.path, ord(self.delimiter), len(self.names), self.header_lines, places)
