"""From a path to what it holds: grids of text, a typed frame, or a document; of folders and archives too."""

from __future__ import annotations

import gzip
import hashlib
import logging
import os
import re
import zlib
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing.files.archive import WORKBOOKS, opened_archive, unpacked_parts
from dialnexa_routing.files.bounds import USUAL, Bounds, megabytes
from dialnexa_routing.files.delimited_text import read_delimited
from dialnexa_routing.files.document import read_document
from dialnexa_routing.files.grid import Grid, any_row
from dialnexa_routing.files.opening import read_whole
from dialnexa_routing.files.typed_file import read_typed
from dialnexa_routing.files.workbook import OLD_KIND, read_workbook
from dialnexa_routing.files.workbook import SUFFIXES as WORKBOOK_SUFFIXES
from dialnexa_routing.files.workbook_cells import plain_frames
from dialnexa_routing.text.errors import FileError
from dialnexa_routing.text.forked import refuse_after_fork

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_LOG = logging.getLogger("dialnexa_routing.files")
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_PIECE = 1 << 20
_TEXT = (".csv", ".tsv", ".txt")
_TYPED = (".parquet", ".arrow", ".ipc", ".feather")
_LINES = (".jsonl", ".ndjson")
_DOCUMENTS = (".json", *_LINES)
SUFFIXES = (*_TEXT, *_DOCUMENTS, *WORKBOOK_SUFFIXES, *_TYPED, ".zip")
_LISTED = 5
_OBJECTS = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\{\s*\"|\[\s*\{)")
"""How JSON begins that holds objects, whatever the file is called; a header in brackets does not."""
FRAME = "frame"
"""What a Polars frame is called where a file would have its name."""

FileSource = str | os.PathLike[str] | pl.DataFrame | pl.LazyFrame


@dataclass(frozen=True)
class Content:
    """One thing that was read; one of `grids`, `frame` and `document` is there.

    Attributes:
        file: its name; of a file in an archive ``deck.zip/rates.csv``.
        grids: of a text, or the sheets of a workbook.
        frame: of a typed file, or as it was given.
        document: of JSON, a list of those that stand one on each line.
        digest: SHA-256 of the file as it came, which anybody can compute again.
        notes: sentences on what was passed over.
    """

    file: str
    grids: tuple[Grid, ...] = ()
    frame: pl.DataFrame | None = None
    document: Any = None
    digest: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """How files are read.

    Attributes:
        score: how much a row of cells is like the head of a table; 0 if it is none.
        workbook: the same for workbooks, as a function of a module that runs in another process.
        folder: the suffixes that count in a folder or an archive; other files are passed over, and reported.
        encoding: of texts, as the caller states.
        delimiter: between the cells of texts, as the caller states, or `delimited_text.FIXED`.
        bounds: how large anything may be.
    """

    score: Callable[[Sequence[str | None]], int] = any_row
    workbook: Callable[[bytes], list[bytes]] = plain_frames
    folder: tuple[str, ...] = SUFFIXES
    encoding: str | None = None
    delimiter: str | None = None
    bounds: Bounds = USUAL


def contents(given: FileSource | Sequence[FileSource], reading: Reading | None = None) -> list[Content]:
    r"""Everything that `given` names: a file, a frame, a folder of files, or a list of those.

    Raises:
        FileNotFoundError: a path is not there.
        FileError: something cannot be read as it stands.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "calls.csv")
    ...     _ = path.write_text("to;seconds\n+91;5\n")
    ...     (found,) = contents(path)
    >>> found.file, found.grids[0].head, found.grids[0].cells.rows()
    ('calls.csv', ('to', 'seconds'), [('+91', '5')])
    """
    refuse_after_fork()
    reading = Reading() if reading is None else reading
    found = _contents(given, reading)
    texts = [(one.file, grid) for one in found for grid in one.grids if grid.encoding is not None]
    for name, said in (("encoding", reading.encoding), ("delimiter", reading.delimiter)):
        if said is not None and not texts:
            raise FileError(f"{name}={said!r} is of texts, and nothing given is one: leave it out")
    for file, grid in texts:
        _LOG.info("%s: %s, cells parted by %r", file, grid.encoding, grid.delimiter)
    return found


def _contents(given: FileSource | Sequence[FileSource], reading: Reading) -> list[Content]:
    if isinstance(given, pl.LazyFrame):
        given = given.collect()
    if isinstance(given, pl.DataFrame):
        return [Content(FRAME, frame=given)]
    if isinstance(given, list | tuple):
        if not given:
            raise FileError("the list of paths is empty: give at least one")
        return [content for one in given for content in _contents(one, reading)]
    if not isinstance(given, str | os.PathLike):
        raise FileError(f"{type(given).__name__} is neither a path nor a Polars frame: give one of these")
    path = Path(given)
    return _folder(path, reading) if path.is_dir() else _file(path, reading)


def _folder(path: Path, reading: Reading) -> list[Content]:
    inside = sorted(path.iterdir())
    there = [file for file in inside if not file.is_dir()]
    files = [file for file in there if _counts(file.name, reading) and not _is_empty(file)]
    if not files:
        raise FileError(f"the folder {path} holds no table ({', '.join(reading.folder)}): name another")
    others = [
        f"{file.name}/" if file.is_dir() else file.name
        for file in inside
        if file not in files and file.name[0] not in "._"
    ]
    first, *rest = [content for file in files for content in _file(file, reading)]
    return [replace(first, notes=(*first.notes, *_passed_over(others))), *rest]


def _is_empty(file: Path) -> bool:
    """Whether it is a file without bytes; a pipe states so of itself too, and is no file."""
    return file.is_file() and not file.stat().st_size


def _counts(name: str, reading: Reading) -> bool:
    return name.lower().removesuffix(".gz").endswith(reading.folder)


def _passed_over(names: list[str]) -> list[str]:
    """A sentence on files beside those that were read, if there are any."""
    if not names:
        return []
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return [f"{', '.join(names[:_LISTED])}{more} stood beside and were not read: name them if they are meant"]


def _file(path: Path, reading: Reading) -> list[Content]:
    data = _bytes(path, reading.bounds)
    digest = hashlib.sha256(data).hexdigest()
    return [replace(content, digest=digest) for content in _opened(data, path.name, reading)]


def _bytes(path: Path, bounds: Bounds) -> bytes:
    try:
        return read_whole(path, bounds.file_bytes)
    except FileError:
        raise
    except FileNotFoundError:
        raise FileNotFoundError(f"there is no file {path}: correct the path") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise FileError(f"{path} cannot be read ({why}): check the path and its permissions") from error


def _opened(data: bytes, file: str, reading: Reading) -> list[Content]:
    """`data` by what it starts with; the suffix decides where that is plain text."""
    name = file.lower()
    if data[:2] == _GZIP:
        data, name = _gunzip(data, file, reading.bounds), name.removesuffix(".gz")
        if data[:2] == _GZIP:
            raise FileError(f"{file} is gzip within gzip: unpack it once")
    suffix = Path(name).suffix
    if suffix and suffix not in SUFFIXES:
        known = ", ".join(sorted(SUFFIXES))
        raise FileError(
            f"{file} has the suffix {suffix!r}, which is not a table's: give {known}, or .gz of one"
        )
    if not data[:4096].strip() and not data.strip():
        raise FileError(f"{file} is empty: export it again")
    if data[:4] == b"PAR1" or data[:6] == b"ARROW1":
        return [Content(file, frame=read_typed(data, file, reading.bounds))]
    if data[:4] == _ZIP and suffix in (".zip", ""):
        return _zipped(data, file, reading)
    if data[:4] == _ZIP or data[:8] == OLD_KIND:
        return [Content(file, tuple(read_workbook(data, file, reading.workbook, reading.bounds)))]
    if suffix and suffix not in (*_TEXT, *_DOCUMENTS):
        raise FileError(f"{file} does not hold what its suffix {suffix} says: export it again")
    if suffix in _DOCUMENTS or _OBJECTS.match(data) or (not suffix and data.lstrip()[:1] in (b"{", b"[")):
        document = read_document(data, file, reading.bounds, several=True)
        alone = suffix in _LINES and isinstance(document, dict)
        return [Content(file, document=[document] if alone else document)]
    grid = read_delimited(
        data, file, reading.score, reading.encoding, reading.bounds, delimiter=reading.delimiter
    )
    return [Content(file, (grid,))]


def _zipped(data: bytes, file: str, reading: Reading) -> list[Content]:
    """The files in an archive, those of an inner folder too; an archive within is none."""
    found: list[Content] = []
    others: list[str] = []
    with opened_archive(data, file, reading.bounds) as archive:
        if not WORKBOOKS.isdisjoint(entry.filename for entry in archive.infolist()):
            return [Content(file, tuple(read_workbook(data, file, reading.workbook, reading.bounds)))]
        members = []
        for entry, pieces in unpacked_parts(archive, file, reading.bounds):
            inner = entry.filename.rpartition("/")[2]
            if not inner or inner[0] in "._" or entry.filename.startswith("__MACOSX/"):
                continue
            if not _counts(inner, reading) or inner.lower().endswith(".zip"):
                others.append(entry.filename)
                continue
            members.append((entry.filename, b"".join(pieces)))
    for name, held in sorted(members):
        found += _opened(held, f"{file}/{name}", reading)
    if not found:
        raise FileError(
            f"{file} holds no table ({', '.join(reading.folder)}): unpack it, and give what is meant"
        )
    return [replace(found[0], notes=(*found[0].notes, *_passed_over(others))), *found[1:]]


def _gunzip(data: bytes, file: str, bounds: Bounds) -> bytes:
    """`data` unpacked, piece by piece, so that a bomb is known before it has gone off."""
    most = min(bounds.unpacked_bytes, max(bounds.gzip_ratio_from, bounds.ratio * len(data)))
    pieces, size = [], 0
    try:
        with gzip.GzipFile(fileobj=BytesIO(data)) as packed:
            while piece := packed.read(_PIECE):
                pieces.append(piece)
                size += len(piece)
                if size > most:
                    raise FileError(
                        f"{file} unpacks to more than {megabytes(most)}, too much for {len(data)} bytes of"
                        " a table: unpack it, look at it, and split it"
                    )
    except (OSError, EOFError, zlib.error) as error:
        raise FileError(f"{file} is damaged gzip ({error}): fetch it again") from error
    return b"".join(pieces)
