"""From a path to what it holds: a text table, a workbook, a typed frame, or a JSON document."""

from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing.files.document import read_document
from dialnexa_routing.files.opening import read_whole
from dialnexa_routing.files.rehearsal import rehearse
from dialnexa_routing.files.text_bounds import check_text
from dialnexa_routing.sheets.headers import score
from dialnexa_routing.sheets.tables.text_table import TextTable, read_text
from dialnexa_routing.sheets.tables.typed import read_arrow, read_frame, read_parquet
from dialnexa_routing.sheets.tables.workbook import read_workbook
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_BYTES = 1 << 30
MAX_UNPACKED_BYTES = 256 << 20
MAX_RATIO = 200  # text packs 5 to 50 times, zeros a thousand times
_RATIO_COUNTS_FROM = 16 << 20
_PIECE = 1 << 20
_GZIP = b"\x1f\x8b"
_TEXT = {".csv", ".tsv", ".txt"}
_SUFFIXES = {*_TEXT, ".json", ".xlsx", ".xlsm", ".parquet", ".arrow", ".ipc", ".feather", ""}
_FOLDER = (".json", ".csv", ".tsv", ".xlsx")
FRAME = "frame"
"""What a Polars frame is called where a file would have its name."""

Given = str | os.PathLike[str] | pl.DataFrame | pl.LazyFrame


@dataclass(frozen=True)
class Source:
    """One thing to read: tables of text, or a JSON document."""

    file: str
    tables: tuple[TextTable, ...] = ()
    document: Any = None
    digest: str | None = None  # SHA-256 of the file as it came, which anybody can compute again

    @property
    def is_json(self) -> bool:
        """Whether it is a document rather than tables."""
        return not self.tables


def sources(given: Given | Sequence[Given]) -> list[Source]:
    """Everything `given` names: a file, a frame, a folder of files, or a list of those.

    Raises `FileNotFoundError` for a path that is not there, `SheetError` for what cannot be read.
    """
    if isinstance(given, pl.LazyFrame):
        given = given.collect()
    if isinstance(given, pl.DataFrame):
        return [Source(FRAME, (read_frame(given, FRAME),))]
    if isinstance(given, list | tuple):
        if not given:
            raise SheetError("the list of paths is empty: give at least one")
        return [source for one in given for source in sources(one)]
    if not isinstance(given, str | os.PathLike):
        raise SheetError(f"{type(given).__name__} is neither a path nor a Polars frame: give one of these")
    path = Path(given)
    if path.is_dir():
        held = (p for p in path.iterdir() if p.name.lower().removesuffix(".gz").endswith(_FOLDER))
        files = sorted(p for p in held if p.stat().st_size)  # an empty one is told with those not read
        if not files:
            raise SheetError(f"the folder {path} holds no rate sheet ({', '.join(_FOLDER)}): name another")
        return [_source(file) for file in files]
    return [_source(path)]


def _source(path: Path) -> Source:
    file = path.name
    data = _bytes(path)
    name = file.lower()
    digest = hashlib.sha256(data).hexdigest()
    if data[:2] == _GZIP:
        data = _gunzip(data, file)
        name = name.removesuffix(".gz")
        if data[:2] == _GZIP:
            raise SheetError(f"{file} is gzip within gzip: unpack it once")
    suffix = Path(name).suffix
    if suffix not in _SUFFIXES:
        known = ", ".join(sorted(s for s in _SUFFIXES if s))
        raise SheetError(
            f"{file} has the suffix {suffix!r}, which is not a rate sheet's: give {known}, or .gz of one"
        )
    if not data[:4096].strip() and not data.strip():
        raise SheetError(f"{file} is empty: export it again")
    return replace(_opened(data, file, suffix), digest=digest)


def _bytes(path: Path) -> bytes:
    try:
        return read_whole(path, MAX_BYTES)
    except FileNotFoundError:
        raise FileNotFoundError(f"there is no file {path}: correct the path") from None
    except (OSError, ValueError) as error:
        if isinstance(error, SheetError):
            raise
        why = getattr(error, "strerror", None) or error
        raise SheetError(f"{path} cannot be read ({why}): check the path and its permissions") from error


def _opened(data: bytes, file: str, suffix: str) -> Source:
    """`data` by what it starts with; the suffix decides where that is plain text."""
    if data[:4] == b"PAR1":
        rehearse(data, file, "Parquet")
        return Source(file, (read_parquet(data, file),))
    if data[:6] == b"ARROW1":
        rehearse(data, file, "Arrow IPC")
        return Source(file, (read_arrow(data, file),))
    if data[:4] == b"PK\x03\x04":
        return Source(file, tuple(read_workbook(data, file)))
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise SheetError(
            f"{file} is a workbook of the old kind, or has a password: save it as .xlsx without one"
        )
    if suffix not in _TEXT | {".json", ""}:
        raise SheetError(f"{file} does not hold what its suffix {suffix} says: export it again")
    if suffix == ".json" or (suffix == "" and data.lstrip()[:1] in (b"{", b"[")):
        return Source(file, document=read_document(data, file))
    check_text(data, file, score)
    return Source(file, (read_text(data, file),))


def _gunzip(data: bytes, file: str) -> bytes:
    """`data` unpacked, piece by piece, so that a bomb is known before it has gone off."""
    most = min(MAX_UNPACKED_BYTES, max(_RATIO_COUNTS_FROM, MAX_RATIO * len(data)))
    pieces, size = [], 0
    try:
        with gzip.GzipFile(fileobj=BytesIO(data)) as packed:
            while piece := packed.read(_PIECE):
                pieces.append(piece)
                size += len(piece)
                if size > most:
                    raise SheetError(
                        f"{file} unpacks to more than {most >> 20} MB, too much for {len(data)} bytes of"
                        " a rate sheet: unpack it, look at it, and split it"
                    )
    except (OSError, EOFError, zlib.error) as error:
        raise SheetError(f"{file} is damaged gzip ({error}): fetch it again") from error
    return b"".join(pieces)
