"""From a path to what it holds: a text table, a workbook, a typed frame, or a JSON document."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import zlib
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing.errors import SheetError
from dialnexa_routing.sheets.text import TextTable, read_text
from dialnexa_routing.sheets.typed import read_arrow, read_frame, read_parquet
from dialnexa_routing.sheets.workbook import read_workbook

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_UNPACKED_BYTES = 1 << 30
_TEXT = {".csv", ".tsv", ".txt"}
_SUFFIXES = {*_TEXT, ".json", ".xlsx", ".xlsm", ".parquet", ".arrow", ".ipc", ".feather", ""}
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
    """Everything `given` names: a file, a frame, a folder of JSON files, or a list of those.

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
        files = sorted(p for p in path.iterdir() if p.name.lower().endswith((".json", ".json.gz")))
        if not files:
            raise SheetError(
                f"the folder {path} holds no .json file: name a file, or a folder of JSON responses"
            )
        return [_source(file) for file in files]
    return [_source(path)]


def _source(path: Path) -> Source:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise FileNotFoundError(f"there is no file {path}: correct the path") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise SheetError(f"{path} cannot be read ({why}): check the path and its permissions") from error
    file = path.name
    name = file.lower()
    digest = hashlib.sha256(data).hexdigest()
    if data[:2] == b"\x1f\x8b":
        data = _gunzip(data, file)
        name = name.removesuffix(".gz")
    suffix = Path(name).suffix
    if suffix not in _SUFFIXES:
        known = ", ".join(sorted(s for s in _SUFFIXES if s))
        raise SheetError(
            f"{file} has the suffix {suffix!r}, which is not a rate sheet's: give {known}, or .gz of one"
        )
    if not data[:4096].strip() and not data.strip():
        raise SheetError(f"{file} is empty: export it again")
    return replace(_opened(data, file, suffix), digest=digest)


def _opened(data: bytes, file: str, suffix: str) -> Source:
    """`data` by what it starts with; the suffix decides where that is plain text."""
    if data[:4] == b"PAR1":
        return Source(file, (read_parquet(data, file),))
    if data[:6] == b"ARROW1":
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
        return Source(file, document=_document(data, file))
    return Source(file, (read_text(data, file),))


def _gunzip(data: bytes, file: str) -> bytes:
    try:
        with gzip.GzipFile(fileobj=BytesIO(data)) as packed:
            unpacked = packed.read(MAX_UNPACKED_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise SheetError(f"{file} is damaged gzip ({error}): fetch it again") from error
    if len(unpacked) > MAX_UNPACKED_BYTES:
        raise SheetError(f"{file} unpacks to more than {MAX_UNPACKED_BYTES >> 30} GB: split it")
    return unpacked


def _document(data: bytes, file: str) -> Any:
    """JSON with every number as the text it was written in, so that no rate passes through a float."""
    try:
        return json.loads(
            data.decode("utf-8-sig"),
            parse_float=str,
            parse_int=str,
            parse_constant=_no_constant,
            object_pairs_hook=_no_repeats,
        )
    except RecursionError:
        raise SheetError(f"{file} is JSON nested too deeply for a rate sheet: fetch it again") from None
    except json.JSONDecodeError as error:
        raise SheetError(
            f"{file} breaks off as JSON in line {error.lineno}, column {error.colno} ({error.msg}):"
            " fetch it again"
        ) from error
    except ValueError as error:
        raise SheetError(f"{file} is not clean JSON ({error}): fetch it again") from error


def _no_constant(name: str) -> str:
    raise ValueError(f"it holds {name} where an amount should be")


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return found
