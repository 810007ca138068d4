r"""The rows of a CSV file: counted where all can be read, parted from the others where some cannot.

A reader of tables takes a line that breaks off for a row with empty cells, and gives up at one that
is too long. For money neither will do. So all lines are looked at before the file is rated, with the
one definition below. Nearly always all of them are rows; where not, those that are go into a copy,
byte for byte, and the others are told with their places.
"""

from __future__ import annotations

import gzip
import re
import zlib
from array import array
from collections import Counter, deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, BinaryIO, Literal, cast

import polars as pl

from dialnexa_routing.text.errors import RecordError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


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


_CELL = r'(?:"(?:[^"]|"")*"|[^",\n]*)'
_KINDS = tuple(Unreadable)
_LONGEST = 1 << 20
"""Bytes within which a quote that spans lines is closed."""


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

    def original(self, rows: pl.Series) -> pl.Series:
        """Rows of the readable ones, counted from 1, as rows of the file."""
        before = pl.Series(self._row, dtype=pl.UInt64) - pl.Series(range(1, len(self) + 1), dtype=pl.UInt64)
        return (rows + before.search_sorted(rows, side="left")).cast(pl.UInt64)


def rows_if_sound(path: Path, cells: int) -> int | None:
    """How many rows there are behind the header if every line is one, else None."""
    whole = pl.col("line").str.contains(f"^{_row(cells)}$")
    try:
        lines, sound = (
            pl.scan_lines(path, glob=False)
            .select(pl.len(), whole.sum().alias("sound"))
            .collect(engine="streaming")
            .row(0)
        )
    except pl.exceptions.PolarsError:
        return None  # bytes that are no UTF-8, or no gzip: looked at line by line
    return lines - 1 if lines == sound else None


def is_csv(path: Path) -> bool:
    """Whether a file of call records is CSV, by its suffix; what is gzipped is."""
    return path.suffix.lower() in (".csv", ".gz")


def opened(path: Path, mode: Literal["rb", "wb"] = "rb") -> BinaryIO:
    """The bytes of a CSV file, as they are without gzip."""
    zipped = path.suffix.lower() == ".gz"
    return cast("BinaryIO", gzip.open(path, mode) if zipped else path.open(mode))


def part(path: Path, cells: int, sound: BinaryIO) -> tuple[int, Rejected]:
    """Write the header and the rows of a file to `sound`, byte for byte, without those that cannot be read.

    Returns:
        How many rows there are, and those that cannot be read.

    Raises:
        RecordError: the header cannot be read, or the file breaks off as gzip.
    """
    rejected = Rejected()
    rows = -1  # the header is none
    try:
        with opened(path) as file:
            for line, text, fault, found in _records(file, cells):
                rows += 1
                if fault is None:
                    sound.write(text if text.endswith(b"\n") else text + b"\n")
                elif rows == 0:
                    raise RecordError(
                        f"{path} has no header that can be read ({fault}): correct its first line"
                    )
                else:
                    rejected.add(rows, line, found, fault)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise RecordError(f"{path} breaks off as gzip ({error}); write it again") from error
    return rows, rejected


def _row(cells: int) -> str:
    return f"{_CELL}(?:,{_CELL}){{{cells - 1}}}"


def _records(file: BinaryIO, cells: int) -> Iterator[tuple[int, bytes, Unreadable | None, int]]:
    """Line, bytes, why it is no row, and how many cells it has, of whatever is not blank.

    A cell with line ends in its quotes makes a row of several lines. If they come to none, the first
    of them alone is at fault, and the next one is looked at for itself.
    """
    row = re.compile(_row(cells).encode() + rb"\r?\n?")
    number = 0
    waiting: deque[bytes] = deque()
    while True:
        text = waiting.popleft() if waiting else file.readline()
        if not text:
            return
        number += 1
        if row.fullmatch(text) and _is_utf8(text):
            yield number, text, None, cells
            continue
        if not text.strip():
            continue
        if text.count(b'"') % 2:
            lines, whole = _to_closing_quote(text, waiting, file)
            if row.fullmatch(whole) and _is_utf8(whole):
                yield number, whole, None, cells
                number += len(lines)
                continue
            waiting.extendleft(reversed(lines))
        yield number, text, *_fault(text, cells)


def _to_closing_quote(text: bytes, waiting: deque[bytes], file: BinaryIO) -> tuple[list[bytes], bytes]:
    """The lines after `text` up to one that closes its quote, taken from where they wait; and all of it."""
    lines: list[bytes] = []
    size = len(text)
    while size < _LONGEST:
        line = waiting.popleft() if waiting else file.readline()
        if not line:
            break
        lines.append(line)
        size += len(line)
        if line.count(b'"') % 2:
            break
    return lines, b"".join([text, *lines])


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


_ONE = re.compile(_CELL.encode())


def _fault(text: bytes, cells: int) -> tuple[Unreadable, int]:
    """Why a line is no row, and how many cells it has, as far as they can be told apart."""
    text = text.rstrip(b"\r\n")
    found, at, quoted = 0, 0, True
    while quoted:
        cell = _ONE.match(text, at)
        at = cell.end() if cell else at
        found += 1
        if at == len(text):
            break
        quoted = text[at : at + 1] == b","
        at += 1
    if not _is_utf8(text):
        return Unreadable.NOT_UTF8, found
    if not quoted:
        return Unreadable.BROKEN_QUOTES, found
    return (Unreadable.FEWER_CELLS if found < cells else Unreadable.MORE_CELLS), found
