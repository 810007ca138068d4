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
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing.files.guarded_csv import unguarded
from dialnexa_routing.files.opening import is_endless, read_whole, refuse_endless
from dialnexa_routing.files.rejected import Rejected
from dialnexa_routing.files.text_stream import first_lines, text_head, text_stream
from dialnexa_routing.files.workbook import read_workbook
from dialnexa_routing.records import call_files, raw_documents
from dialnexa_routing.records.formats.call_format import HEAD_ROWS, CallHead, Kind
from dialnexa_routing.records.raw_cells import as_text, is_cell
from dialnexa_routing.text.errors import RecordError

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


def raw_tables(source: Any, *, encoding: str | None = None) -> tuple[list[RawTable], list[str]]:
    """The tables of a source, and the files of a folder that were passed over.

    Args:
        source: a path, a folder, a pattern, several paths, a frame, or what has an Arrow capsule.
        encoding: of texts; None is what they say themselves, else UTF-8.

    Raises:
        FileNotFoundError: there is no such file.
        RecordError: a file cannot be read as it stands.
        TypeError: it is none of these.
    """
    if isinstance(source, str | os.PathLike):
        paths, passed = _paths(Path(source))
        return [_table(path, encoding) for path in paths], passed
    if isinstance(source, pl.DataFrame | pl.LazyFrame):
        return [_frame(source.lazy())], []
    if hasattr(source, "__arrow_c_stream__") or hasattr(source, "__arrow_c_array__"):
        frame = pl.DataFrame(source)
        return [_frame(frame.lazy())], []
    if isinstance(source, list | tuple) and source:
        found: list[RawTable] = []
        passed = []
        for one in source:
            tables, others = raw_tables(one, encoding=encoding)
            found += tables
            passed += others
        return found, passed
    raise TypeError(
        f"source is {type(source).__name__}; pass a path, several, a frame, or what has an Arrow capsule"
    )


def _paths(path: Path) -> tuple[list[Path], list[str]]:
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


def _table(path: Path, encoding: str | None) -> RawTable:
    name = path.name.lower()
    if not path.stat().st_size:
        raise RecordError(f"{path} is empty; write it again")
    if name.endswith(_TYPED):
        return _frame(call_files.scan(path), path)
    if name.endswith(_WORKBOOKS):
        return _workbook(path)
    begin = _begin(path)
    if b"\0" in begin and not begin.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise RecordError(
            f"{path} does not begin as a file of call records does; give it one of {', '.join(READ[:8])}, "
            f"{', '.join((*_WORKBOOKS, *_TYPED))}"
        )
    if raw_documents.looks_like_document(begin):
        return _document(path)
    return _text(path, encoding)


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


def _document(path: Path) -> RawTable:
    data = _unpacked(path)
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
        grid.sheet or str(place): grid
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


def _text(path: Path, encoding: str | None) -> RawTable:
    begun = text_head(path, encoding=encoding, header=False)
    lines, _ = first_lines(begun, HEAD_ROWS + 1)
    rows = list(_cells(lines.decode(errors="replace"), begun.form.delimiter))
    names, *others = rows or [list(begun.names)]
    shown = tuple(tuple(cell.strip() for cell in row) for row in others)
    # Columns without a name go by their place, as the stream has them.
    head = CallHead(Kind.TEXT, tuple(cell.strip() for cell in names), shown, (), path.name)

    def opened(header: bool, _path: str) -> Opened:
        stream = text_stream(path, encoding=encoding, header=header)
        lazy = unguarded(stream.scan(), cells=stream.guarded)
        bare = {name: name.strip() for name in stream.names if name != name.strip()}
        plain = None if stream.guarded else stream.plain
        return Opened(lazy.rename(bare), stream.rejected, stream.padded, plain)

    return RawTable(path.name, {"": head}, opened)


def _cells(text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter)
    try:
        for row in reader:
            if any(row):
                yield row
    except csv.Error:
        return  # what follows is for the stream to tell


def _rows(frame: pl.DataFrame) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple("" if cell is None else str(cell).strip() for cell in row) for row in frame.rows())


def widths(heads: Sequence[CallHead]) -> set[int]:
    """How many cells the first lines have."""
    return {len(line) for head in heads for line in head.lines}
