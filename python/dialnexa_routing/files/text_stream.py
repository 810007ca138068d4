"""Delimited texts of any size as lazy frames with every cell as text: the streaming face of `files`.

A text is looked at once from end to end, so that what is no row is known, with its place, before any
of it is used. One that is clean UTF-8 with line feeds goes to Polars as it is. Of any other a copy that
is goes there: Polars takes a text of bare carriage returns for a header without rows, gives up at a line
that is too long, and reads no other encodings.
"""

from __future__ import annotations

import gzip
import logging
import os
import tempfile
import weakref
import zlib
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

import polars as pl

from dialnexa_routing.files.csv_rows import Grammar, part
from dialnexa_routing.files.rejected import Rejected, Unreadable
from dialnexa_routing.files.text_blocks import blocks, unpacked
from dialnexa_routing.files.text_form import MOST_COLUMNS, SAMPLE_BYTES, TextForm, form_of
from dialnexa_routing.files.text_look import Looked, PlainText, is_plain, looked
from dialnexa_routing.text.errors import FileError
from dialnexa_routing.text.forked import refuse_after_fork

if TYPE_CHECKING:
    from collections.abc import Sequence

_LOG = logging.getLogger("dialnexa_routing.files")


class Copy:
    """A file that is removed as soon as nobody holds this any longer, at the latest when Python ends."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._removed = weakref.finalize(self, path.unlink, missing_ok=True)

    def __call__(self, batch: pl.Series) -> pl.Series:
        """The batch itself: a plan that calls this holds the file."""
        return batch


@dataclass(frozen=True)
class TextStream:
    """A text that was looked at from end to end.

    Attributes:
        path: where it is.
        form: how it is written.
        names: of its columns; one without a name is called by its place, ``column_3``.
        header_lines: of the file, before the first row.
        rows: behind the header, those that cannot be read too; -1 if nobody counted them.
        rejected: the rows that cannot be read, with their places.
        copy: of the rows that can be read, in UTF-8, where Polars would not read the file alike.
        guarded: whether a cell may begin with an apostrophe.
        padded: whether a cell may begin or end with a blank.
    """

    path: Path
    form: TextForm
    names: tuple[str, ...]
    header_lines: int
    rows: int
    rejected: Rejected
    copy: Copy | None = None
    guarded: bool = True
    padded: bool = True

    @property
    def plain(self) -> PlainText | None:
        """The text for those who want some cells or lines of it; None where not every line is a row."""
        if self.copy is not None or self.rows < 0 or self.form.encoding != "utf-8":
            return None
        if not is_plain(self.path, self.form.delimiter):
            return None
        return PlainText(self.path, self.form.delimiter, self.names, self.header_lines)

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """Every column as text."""
        return dict.fromkeys(self.names, pl.String())

    def scan(self, row: str | None = None) -> pl.LazyFrame:
        """The rows that can be read, in order, every column text; an empty cell is null.

        Args:
            row: a column to put in front, UInt64: which row of the file it is, from 1, those that
                cannot be read counted too.

        Raises:
            FileError: a column of the file has that name.
        """
        if row is not None and row in self.names:
            raise FileError(f"{self.path} has a column {row!r} already; call the one of places otherwise")
        lazy = scan_texts([self])
        if row is None:
            return lazy
        place = pl.nth(0).cast(pl.UInt64)
        if len(self.rejected):
            place = place.map_batches(self.rejected.original, return_dtype=pl.UInt64, is_elementwise=True)
        return lazy.with_row_index(row, offset=1).with_columns(place)


def text_stream(
    path: str | os.PathLike[str],
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    header: bool = True,
    copy: Path | None = None,
) -> TextStream:
    r"""Look at a delimited text, gzipped or not, from end to end.

    Args:
        path: of the file.
        encoding: of its text, as 'cp1251'; None is what the file states itself, else UTF-8, by which rows
            of other bytes cannot be read.
        delimiter: between cells; None is what the first rows agree on.
        header: whether the first line names the columns; if not they are ``column_1`` and so on.
        copy: where the copy goes if one is needed; None is a temporary file. It is removed as soon as
            neither the stream nor a frame that was scanned from it is held any longer.

    Raises:
        FileError: it is empty, has no header that can be read or two columns of one name, is no text
            in that encoding, or is a pipe or a device.
        OSError: it cannot be read, or the copy not be written.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "calls.csv")
    ...     _ = path.write_bytes(b"to;seconds\r+91;5\r+92\r+93;7\r")
    ...     found = text_stream(path)
    ...     print(found.form, found.rows, found.rejected.first(), sep="\n")
    ...     print(found.scan(row="row").collect().rows())
    utf-8, cells parted by ';', lines that end in CR
    3
    line 3 has 1 cells, fewer than the header: write it whole
    [(1, '+91', '5'), (3, '+93', '7')]
    """
    refuse_after_fork()
    found = _begun(Path(path), encoding, delimiter, header=header)
    grammar = Grammar(found.form.delimiter, len(found.names))
    shown = _shown_if_clean(found, grammar)
    if shown is None:
        found = _parted(found, grammar, copy)
    else:
        found = replace(found, rows=shown.rows, guarded=shown.guarded, padded=shown.padded)
    told = (found.path.name, found.form, found.rows, len(found.rejected))
    _LOG.info("%s: %s; %d rows, %d of them unreadable", *told)
    return found


def text_head(
    path: str | os.PathLike[str],
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    header: bool = True,
) -> TextStream:
    """A text of which only the beginning is looked at, as of what this package wrote. See `text_stream`."""
    refuse_after_fork()
    return _begun(Path(path), encoding, delimiter, header=header)


def first_lines(one: TextStream, most: int) -> tuple[bytes, bool]:
    """At most so many lines of a text, in UTF-8, and whether those are all."""
    found: list[bytes] = []
    with unpacked(one.path) as file:
        for block in blocks(file, one.form, str(one.path)):
            found += [line + b"\n" for line in block.removesuffix(b"\n").split(b"\n")]
            if len(found) > most:
                return b"".join(found[:most]), False
    return b"".join(found), True


def scan_texts(streams: Sequence[TextStream]) -> pl.LazyFrame:
    """Texts of the same columns as one lazy frame, one after the other."""
    first = streams[0]
    plain = [one for one in streams if one.copy is None]
    if len(plain) == len(streams) and len({(one.form.delimiter, one.header_lines) for one in plain}) == 1:
        return _scan_csv([one.path for one in plain], first, first.header_lines)
    return pl.concat([_scan_one(one) for one in streams])


def _scan_one(one: TextStream) -> pl.LazyFrame:
    if one.copy is None:
        return _scan_csv([one.path], one, one.header_lines)
    held = pl.nth(0).map_batches(one.copy, return_dtype=pl.String, is_elementwise=True)
    return _scan_csv([one.copy.path], one, 1).with_columns(held)


def _scan_csv(paths: list[Path], one: TextStream, header_lines: int) -> pl.LazyFrame:
    return pl.scan_csv(
        paths,
        glob=False,
        has_header=False,
        skip_lines=header_lines,
        schema=one.schema,
        infer_schema=False,
        separator=one.form.delimiter,
    )


def _begun(path: Path, encoding: str | None, delimiter: str | None, *, header: bool) -> TextStream:
    """What the beginning of a text states of it; its rows are not looked at."""
    with unpacked(path) as file:
        form = form_of(_head(file), str(path), encoding=encoding, delimiter=delimiter)
    with unpacked(path) as file:
        block = next(blocks(file, form, str(path), size=SAMPLE_BYTES), b"")
    if not block.strip():
        raise FileError(f"{path} is empty; write it again")
    above = len(block) - len(block.lstrip(b"\r\n"))
    cells, lines = _first_record(block[above:], form.delimiter, path, header=header)
    if len(cells) > MOST_COLUMNS:
        raise FileError(f"{path} has {len(cells)} columns, more than {MOST_COLUMNS}: leave some out")
    places = tuple(f"column_{place}" for place in range(1, len(cells) + 1))
    if not header:
        return TextStream(path, form, places, 0, -1, Rejected())
    names = tuple(name or place for name, place in zip(cells, places, strict=True))
    for name, times in Counter(names).items():
        if times > 1:
            raise FileError(f"{path} has two columns {name!r}; rename one of them")
    return TextStream(path, form, names, block[:above].count(b"\n") + lines, -1, Rejected())


def _head(file: IO[bytes]) -> bytes:
    pieces, left = [], SAMPLE_BYTES
    try:
        while left and (piece := file.read(left)):
            pieces.append(piece)
            left -= len(piece)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        pass  # reported where lines are read
    return b"".join(pieces)


def _first_record(block: bytes, delimiter: str, path: Path, *, header: bool) -> tuple[list[str], int]:
    """The cells of the first record, and of how many lines it is."""
    grammar, count = Grammar(delimiter, 1), 1
    lines = block.split(b"\n")
    while count < len(lines) and sum(line.count(b'"') for line in lines[:count]) % 2:
        count += 1
    for record, several in ((b"\n".join(lines[:count]), count), (lines[0], 1)):
        cells = grammar.split(record.rstrip(b"\r\n"))
        if cells is not None:
            return cells, several
    if not header and (loose := grammar.split_loose(lines[0].rstrip(b"\r\n"))) is not None:
        return loose, 1
    told, _ = grammar.fault(lines[0])
    why = told if told is Unreadable.NOT_UTF8 else Unreadable.BROKEN_QUOTES
    raise FileError(f"{path} has no header that can be read ({why}): correct its first line")


def _shown_if_clean(one: TextStream, grammar: Grammar) -> Looked | None:
    """What the text shows if every line behind the header is a row and Polars reads it alike, else None."""
    if one.form.encoding != "utf-8" or one.form.bare_returns:
        return None
    if is_plain(one.path, one.form.delimiter):
        return looked(one.path, one.form.delimiter, grammar.cells, one.header_lines)
    rows = _rows_if_clean(one, grammar)
    return None if rows is None else Looked(rows, guarded=True, padded=True)


def _rows_if_clean(one: TextStream, grammar: Grammar) -> int | None:
    """How many rows there are behind the header if every line is one, else None: `looked`, but naive."""
    whole = pl.col("line").str.contains(grammar.pattern)
    try:
        lines, rows = (
            pl.scan_lines(one.path, glob=False)
            .slice(one.header_lines)
            .select(pl.len(), whole.sum().alias("rows"))
            .collect(engine="streaming")
            .row(0)
        )
    except pl.exceptions.PolarsError:
        return None  # bytes that are no UTF-8, or no gzip: looked at line by line
    return int(lines) if lines == rows else None


def _parted(one: TextStream, grammar: Grammar, copy: Path | None) -> TextStream:
    """The same with a copy of its rows, and those that cannot be read."""
    if copy is not None:
        copy.unlink(missing_ok=True)  # if it were a link, what it leads to would be written over
    else:
        handle, name = tempfile.mkstemp(prefix="dialnexa-", suffix=".csv")
        os.close(handle)
        copy = Path(name)
    made = Copy(copy)  # from here on it is removed whatever happens
    with unpacked(one.path) as file, copy.open("wb") as sound:
        sound.write(b"rows of a text that cannot be read as it is\n")
        text = blocks(file, one.form, str(one.path))
        rows, rejected = part(text, grammar, sound, header_lines=one.header_lines)
    return replace(one, rows=rows, rejected=rejected, copy=made)
