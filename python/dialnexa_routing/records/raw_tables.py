"""What call records come in, as tables of raw cells: texts, documents, workbooks, Parquet, Arrow, frames.

A table shows its head before anything else is read of it, since which columns it has, and whether its first
line names them, is for a format to say.
"""

from __future__ import annotations

import csv
import glob
import gzip
import io
import os
import zlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing.files.decoding import decoded, known_encoding, marked
from dialnexa_routing.files.insert_lines import are_inserts, without_statements
from dialnexa_routing.files.opening import is_endless, read_whole, refuse_endless
from dialnexa_routing.files.rejected import Rejected
from dialnexa_routing.files.text_stream import first_lines, text_head
from dialnexa_routing.files.workbook import read_workbook
from dialnexa_routing.records import call_files, raw_documents
from dialnexa_routing.records.formats.call_format import HEAD_ROWS, CallHead, Kind
from dialnexa_routing.records.raw_cells import as_text, is_cell
from dialnexa_routing.records.spreadsheet_cells import without_zero_days
from dialnexa_routing.text.errors import FileError, RecordError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dialnexa_routing.files.text_look import PlainText

_TYPED = (".parquet", ".arrow", ".feather", ".ipc")
_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
_TEXTS = (".csv", ".tsv", ".txt", ".log", ".json", ".jsonl", ".ndjson", ".xml", ".cdr", ".psv")
READ = (*_TEXTS, *(f"{suffix}.gz" for suffix in _TEXTS), *_WORKBOOKS, *_TYPED)
"""Suffixes that are taken out of a folder. A file that is named itself may have any."""
MOST_DOCUMENT = 128 << 20
MOST_WORKBOOK = 256 << 20


@dataclass(frozen=True)
class Opened:
    """The rows of a table.

    Attributes:
        lazy: every row that can be read, every raw column.
        rejected: lines that are no rows.
        padded: whether a text may begin or end with a blank.
        plain: the text, where every line of a file is a row and no cell was guarded.
    """

    lazy: pl.LazyFrame
    rejected: Rejected = field(default_factory=Rejected)
    padded: bool = True
    plain: PlainText | None = None


@dataclass(frozen=True)
class RawTable:
    """One table of call records, of which only the beginning was looked at.

    Attributes:
        file: its name, as rows and faults name it; "" of a frame.
        heads: how it may begin: one way, or a document's several lists, by path.
        open: the rows, given whether the first line of a text is a header and which list it is.
    """

    file: str
    heads: dict[str, CallHead]
    open: Callable[[bool, str], Opened]


def raw_tables(
    source: Any, *, encoding: str | None = None, delimiter: str | None = None
) -> tuple[list[RawTable], list[str]]:
    """The tables of a source, and the files of a folder that were passed over.

    Args:
        source: a path, a folder, a pattern, several paths, a frame, or what has an Arrow capsule.
        encoding: of texts; None is what they state themselves, else UTF-8.
        delimiter: between their cells; None is what their first rows agree on.

    Raises:
        FileNotFoundError: there is no such file.
        RecordError: a file cannot be read as it stands.
        TypeError: it is none of these.
    """
    if isinstance(source, str | os.PathLike):
        found, passed = paths(Path(source))
        return [_table(path, encoding, delimiter) for path in found], passed
    if isinstance(source, pl.DataFrame | pl.LazyFrame):
        return [_frame(source.lazy())], []
    if hasattr(source, "__arrow_c_stream__") or hasattr(source, "__arrow_c_array__"):
        frame = pl.DataFrame(source)
        return [_frame(frame.lazy())], []
    if isinstance(source, list | tuple) and source:
        tables: list[RawTable] = []
        passed = []
        for one in source:
            more, others = raw_tables(one, encoding=encoding, delimiter=delimiter)
            tables += more
            passed += others
        return tables, passed
    raise TypeError(
        f"source is {type(source).__name__}; pass a path, several, a frame, or what has an Arrow capsule"
    )


def paths(path: Path) -> tuple[list[Path], list[str]]:
    """The files of call records that a path, a folder or a pattern names, and the others of a folder."""
    if path.is_dir():
        files = sorted(one for one in path.iterdir() if one.is_file() and one.name[0] not in "._")
        taken = [one for one in files if one.name.lower().endswith(READ)]
        if not taken:
            raise FileNotFoundError(f"the folder {path} holds no call records; they end in {', '.join(READ)}")
        return taken, [one.name for one in files if one not in taken]
    if path.exists():
        refuse_endless(path)
        return [path], []
    found = [Path(name) for name in sorted(glob.glob(str(path), recursive=True))]  # noqa: PTH207 (an absolute pattern)
    found = [one for one in found if one.is_file() or is_endless(one)]
    if not found:
        raise FileNotFoundError(f"there is no file {path}; correct the path")
    for one in found:
        refuse_endless(one)
    return found, []


def _table(path: Path, encoding: str | None, delimiter: str | None) -> RawTable:
    name = path.name.lower()
    if not path.stat().st_size:
        raise RecordError(f"{path} is empty; write it again")
    if name.endswith(_TYPED):
        return _frame(call_files.scan(path), path)
    if name.endswith(_WORKBOOKS):
        return _workbook(path)
    begin = _begin(path)
    wide = marked(begin) or encoding
    if b"\0" in begin and not wide:
        raise RecordError(
            f"{path} does not begin as a file of call records does; give it one of {', '.join(READ[:8])}, "
            f"{', '.join((*_WORKBOOKS, *_TYPED))}"
        )
    if raw_documents.looks_like_document(_narrow(begin, wide)):
        return _document(path, encoding)
    if are_inserts(_narrow(begin, wide)):
        return _inserts(path, encoding, delimiter)
    return _text(path, encoding, delimiter)


def _inserts(path: Path, encoding: str | None, delimiter: str | None) -> RawTable:
    """A text of statements, as the rows that they insert; the copy lives as long as its rows do."""
    copy = without_statements(path, encoding)
    try:
        table = _text(copy.path, None, delimiter, path.name)
    except FileError as error:
        raise FileError(str(error).replace(str(copy.path), str(path))) from error

    def opened(header: bool, at: str) -> Opened:
        found = table.open(header, at)
        held = pl.nth(0).map_batches(copy, return_dtype=pl.String, is_elementwise=True)
        return Opened(found.lazy.with_columns(held), found.rejected)

    return RawTable(table.file, table.heads, opened)


def _begin(path: Path) -> bytes:
    with path.open("rb") as file:
        head = file.read(1 << 12)
    if head[:2] != b"\x1f\x8b":
        return head
    return zlib.decompressobj(wbits=31).decompress(head, 1 << 12)


def _frame(lazy: pl.LazyFrame, path: Path | None = None) -> RawTable:
    schema = lazy.collect_schema()
    cells = [
        as_text(pl.nth(place), dtype) for place, (_, dtype) in enumerate(schema.items()) if is_cell(dtype)
    ]
    shown = lazy.head(HEAD_ROWS).select(cells).collect()
    names = tuple(name for name, dtype in schema.items() if is_cell(dtype))
    file = "" if path is None else path.name
    head = CallHead(Kind.FRAME, names, _rows(shown), (), file)
    return RawTable(file, {"": head}, lambda _header, _path: Opened(lazy))


def _narrow(begin: bytes, encoding: str | None) -> bytes:
    """The first characters in UTF-8; those of another encoding as well as they can be read."""
    return begin if encoding is None else begin.decode(known_encoding(encoding), errors="ignore").encode()


def _document(path: Path, encoding: str | None) -> RawTable:
    data = _unpacked(path)
    if encoding is not None or marked(data) is not None:
        data, _ = decoded(data, path.name, encoding)
    found = raw_documents.tables(data, path.name)
    frames = {at: raw_documents.frame(records, path.name) for at, _, records in found}
    heads = {
        at: CallHead(
            Kind.DOCUMENT, tuple(frames[at].columns), _rows(frames[at].head(HEAD_ROWS)), top, path.name
        )
        for at, top, _ in found
    }
    return RawTable(path.name, heads, lambda _header, at: Opened(frames[at].lazy()))


def _unpacked(path: Path) -> bytes:
    data = read_whole(path, MOST_DOCUMENT, RecordError)
    if data[:2] != b"\x1f\x8b":
        return data
    try:
        with gzip.open(io.BytesIO(data)) as file:
            found = file.read(MOST_DOCUMENT + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise RecordError(f"{path} breaks off as gzip ({error}); write it again") from error
    if len(found) > MOST_DOCUMENT:
        raise RecordError(f"{path} unpacks to more than {MOST_DOCUMENT >> 20} MB; split it")
    return found


def _workbook(path: Path) -> RawTable:
    grids = {
        grid.sheet or str(place): replace(grid, cells=without_zero_days(grid.cells))
        for place, grid in enumerate(read_workbook(read_whole(path, MOST_WORKBOOK, RecordError), path.name))
        if grid.head
    }
    if not grids:
        raise RecordError(f"{path} has no visible sheet with rows; export the sheet as CSV")
    heads = {
        name: CallHead(
            Kind.TEXT,
            tuple((cell or "").strip() for cell in grid.head),
            _rows(grid.cells.head(HEAD_ROWS)),
            (),
            path.name,
        )
        for name, grid in grids.items()
    }

    def opened(header: bool, name: str) -> Opened:
        head, rows = heads[name].names, grids[name].cells
        places = [f"column_{place}" for place in range(1, rows.width + 1)]
        if not header:
            first = pl.DataFrame(dict(zip(rows.columns, head, strict=True)), schema=rows.schema)
            return Opened(
                pl.concat([first, rows]).rename(dict(zip(rows.columns, places, strict=True))).lazy()
            )
        names = [one or place for one, place in zip(head, places, strict=True)]
        for one in names:
            if names.count(one) > 1:
                raise RecordError(f"{path} has two columns {one!r}; rename one of them")
        return Opened(rows.rename(dict(zip(rows.columns, names, strict=True))).lazy())

    return RawTable(path.name, heads, opened)


def _text(path: Path, encoding: str | None, delimiter: str | None, name: str | None = None) -> RawTable:
    begun = text_head(path, encoding=encoding, delimiter=delimiter, header=False)
    lines, _ = first_lines(begun, HEAD_ROWS + 1)
    rows = list(_cells(lines.decode(errors="replace"), begun.form.delimiter))
    names, *others = rows or [list(begun.names)]
    shown = tuple(tuple(cell.strip() for cell in row) for row in others)
    # Columns without a name go by their place, as the stream has them.
    file = name or path.name
    head = CallHead(Kind.TEXT, tuple(map(_bare, names)), shown, (), file)

    def opened(header: bool, _path: str) -> Opened:
        found = call_files.scan_text(path, encoding=encoding, delimiter=delimiter, header=header)
        there = found.lazy.collect_schema().names()
        bare = {name: _bare(name) for name in there if name != _bare(name)}
        return Opened(found.lazy.rename(bare), found.rejected, found.padded, found.plain)

    return RawTable(file, {"": head}, opened)


def _bare(name: str) -> str:
    """A header without blanks around; a file that was saved twice has several marks in front of it."""
    return name.strip().lstrip("\ufeff").strip()


def _cells(text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter)
    try:
        for row in reader:
            if any(row):
                yield row
    except csv.Error:
        return  # what follows is for the stream to report


def _rows(frame: pl.DataFrame) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple("" if cell is None else str(cell).strip() for cell in row) for row in frame.rows())


def widths(heads: Sequence[CallHead]) -> set[int]:
    """How many cells the first lines have."""
    return {len(line) for head in heads for line in head.lines}
