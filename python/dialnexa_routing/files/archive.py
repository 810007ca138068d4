"""Looks through the archive of a workbook before any reader of workbooks sees it.

A workbook of a kilobyte can unpack to gigabytes. Its directory is checked first, then every part is
unpacked once, in pieces, looked at (see `parts`) and dropped.
"""

from __future__ import annotations

import io
import struct
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from dialnexa_routing.files.bounds import USUAL, Bounds, megabytes
from dialnexa_routing.files.parts import Parts
from dialnexa_routing.text.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKBOOKS = frozenset(["xl/workbook.xml", "xl/workbook.bin", "content.xml"])
"""Parts by which an archive is a workbook: .xlsx, .xlsb or .ods."""
_PIECE = 1 << 18
_LOCAL_HEADER = struct.Struct("<4s22xHH")


@dataclass(frozen=True)
class Archive:
    """What a workbook comes to once it is unpacked."""

    unpacked: int
    from_1904: bool  # its dates are counted from 1904, as old Macintosh workbooks do


def look_through(data: bytes, file: str, bounds: Bounds = USUAL) -> Archive:
    """What the workbook `data` comes to.

    Raises `FileError` when the archive is damaged, hides something, or is larger than `bounds`.
    """
    parts = Parts(file, bounds)
    with opened_archive(data, file, bounds) as archive:
        _check_kind(archive.infolist(), file)
        unpacked = sum(
            parts.look_at(pieces, entry.filename) for entry, pieces in unpacked_parts(archive, file, bounds)
        )
        parts.check_sheets()
    return Archive(unpacked, parts.from_1904)


@contextmanager
def opened_archive(data: bytes, file: str, bounds: Bounds = USUAL) -> Iterator[zipfile.ZipFile]:
    """An archive whose directory was checked: names, sizes, and that no parts share bytes.

    Raises `FileError` when it is damaged, or larger than `bounds`; also where it is read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if any(entry.flag_bits & 1 for entry in entries):
                raise FileError(f"{file} has a password: save it without one")
            _check_names(entries, file)
            _check_sizes(entries, file, bounds)
            _check_regions(entries, data, archive.start_dir, file)
            yield archive
    except FileError:
        raise
    except Exception as error:  # of a damaged archive zipfile raises whatever it stumbles over
        raise FileError(f"{file} is not a readable workbook or archive ({error}): save it again") from error


def unpacked_parts(
    archive: zipfile.ZipFile, file: str, bounds: Bounds
) -> Iterator[tuple[zipfile.ZipInfo, Iterator[bytes]]]:
    """Every part with its bytes, piece by piece, as long as they stay within bounds: sizes may be lies."""
    left = bounds.unpacked_bytes
    for entry in archive.infolist():
        with archive.open(entry) as held:
            most = min(left, _most(entry, bounds))
            pieces = _Pieces(held, entry, most, file, bounds)
            yield entry, iter(pieces)
            left -= pieces.used


def _check_kind(entries: list[zipfile.ZipInfo], file: str) -> None:
    names = {entry.filename.replace("\\", "/").lower() for entry in entries}
    if names.isdisjoint(WORKBOOKS):
        raise FileError(
            f"{file} is not a readable workbook (the archive holds no xl/workbook.xml): give the .xlsx itself"
        )


def _check_names(entries: list[zipfile.ZipInfo], file: str) -> None:
    seen = set()
    for entry in entries:
        name = entry.orig_filename.replace("\\", "/").lower()
        parts = name.split("/")
        if ".." in parts or parts[0] == "" or ":" in parts[0] or "\0" in name:
            raise FileError(
                f"{file} holds a part {entry.orig_filename[:80]!r} whose name leads out of the archive:"
                " ask its sender, or save it again as .xlsx"
            )
        if name in seen:
            raise FileError(
                f"{file} holds the part {entry.filename[:80]!r} twice, and readers differ on which counts:"
                " save it again as .xlsx"
            )
        seen.add(name)


def _check_sizes(entries: list[zipfile.ZipInfo], file: str, bounds: Bounds) -> None:
    if len(entries) > bounds.entries or sum(entry.file_size for entry in entries) > bounds.unpacked_bytes:
        raise FileError(
            f"{file} unpacks to more than {bounds.entries} parts or {megabytes(bounds.unpacked_bytes)}:"
            " export the sheet as CSV"
        )
    for entry in entries:
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise FileError(f"{file} packs {entry.filename[:80]!r} in a way no workbook uses: save it again")
        if entry.file_size > _most(entry, bounds):
            raise _bomb(entry, file, bounds)


def _check_regions(entries: list[zipfile.ZipInfo], data: bytes, directory: int, file: str) -> None:
    """Refuses parts that share bytes: one bomb can stand in the directory a thousand times."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise FileError(f"{file} holds parts that overlap in the archive: save it again as .xlsx")
        head = data[entry.header_offset : entry.header_offset + _LOCAL_HEADER.size]
        if len(head) < _LOCAL_HEADER.size or head[:4] != b"PK\x03\x04":
            raise zipfile.BadZipFile(f"no part begins at byte {entry.header_offset}")
        _, name, extra = _LOCAL_HEADER.unpack(head)
        end = entry.header_offset + _LOCAL_HEADER.size + name + extra + entry.compress_size
    if end > directory:
        raise FileError(f"{file} holds parts that overlap in the archive: save it again as .xlsx")


def _most(entry: zipfile.ZipInfo, bounds: Bounds) -> int:
    return max(bounds.ratio_from, bounds.ratio * entry.compress_size)


def _bomb(entry: zipfile.ZipInfo, file: str, bounds: Bounds) -> FileError:
    return FileError(
        f"{file}: the part {entry.filename[:80]!r} unpacks to over {bounds.ratio} times its size, more than a"
        " table does: export the sheet as CSV"
    )


class _Pieces:
    """A part piece by piece, as long as it stays below `most`: the size in the directory may be a lie."""

    def __init__(self, part: IO[bytes], entry: zipfile.ZipInfo, most: int, file: str, bounds: Bounds) -> None:
        self.used = 0
        self._part, self._entry, self._most, self._file, self._bounds = part, entry, most, file, bounds

    def __iter__(self) -> Iterator[bytes]:
        # Small enough that a cell of more than its bound spans several.
        size = min(_PIECE, max(1, self._bounds.cell_bytes // 4))
        while piece := self._part.read(size):
            self.used += len(piece)
            if self.used > self._most:
                raise _bomb(self._entry, self._file, self._bounds)
            yield piece
