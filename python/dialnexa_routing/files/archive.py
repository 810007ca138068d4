"""Looks through the archive of a workbook before any reader of workbooks sees it.

A workbook of a kilobyte can unpack to gigabytes. Its directory is checked first, then every part is
unpacked once, in pieces, looked at (see `parts`) and dropped.
"""

from __future__ import annotations

import io
import struct
import zipfile
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from dialnexa_routing.files.parts import Parts
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_ENTRIES = 1_000
MAX_UNPACKED_BYTES = 256 << 20
MAX_RATIO = 200  # XML packs 10 to 40 times, zeros a thousand times

_PIECE = 1 << 18
_RATIO_COUNTS_FROM = 1 << 20  # a small part that packs well harms nobody
_LOCAL_HEADER = struct.Struct("<4s22xHH")


@dataclass(frozen=True)
class Archive:
    """What a workbook comes to once it is unpacked."""

    unpacked: int
    from_1904: bool  # its dates are counted from 1904, as old Macintosh workbooks do


def look_through(data: bytes, file: str) -> Archive:
    """What the workbook `data` comes to.

    Raises `SheetError` when the archive is damaged, hides something, or is unreasonably large.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_kind(entries, file)
            _check_names(entries, file)
            _check_sizes(entries, file)
            _check_regions(entries, data, archive.start_dir, file)
            left, parts = MAX_UNPACKED_BYTES, Parts(file)
            for entry in entries:
                with archive.open(entry) as held:
                    left -= parts.look_at(_pieces(held, entry, min(left, _most(entry)), file), entry.filename)
            parts.check_sheets()
    except SheetError:
        raise
    except Exception as error:  # of a damaged archive zipfile raises whatever it stumbles over
        raise SheetError(f"{file} is not a readable workbook ({error}): save it again as .xlsx") from error
    return Archive(MAX_UNPACKED_BYTES - left, parts.from_1904)


def _check_kind(entries: list[zipfile.ZipInfo], file: str) -> None:
    names = {entry.filename.replace("\\", "/").lower() for entry in entries}
    if "xl/workbook.bin" in names:
        raise SheetError(f"{file} is a binary workbook (.xlsb): save it as .xlsx, or export the sheet as CSV")
    if "content.xml" in names and "mimetype" in names:
        raise SheetError(f"{file} is an OpenDocument sheet: save it as .xlsx, or export the sheet as CSV")
    if any(entry.flag_bits & 1 for entry in entries):
        raise SheetError(f"{file} has a password: save it without one")
    if "xl/workbook.xml" not in names:
        raise SheetError(
            f"{file} is not a readable workbook (the archive holds no xl/workbook.xml): give the .xlsx itself"
        )


def _check_names(entries: list[zipfile.ZipInfo], file: str) -> None:
    seen = set()
    for entry in entries:
        name = entry.orig_filename.replace("\\", "/").lower()
        parts = name.split("/")
        if ".." in parts or parts[0] == "" or ":" in parts[0] or "\0" in name:
            raise SheetError(
                f"{file} holds a part {entry.orig_filename[:80]!r} whose name leads out of the archive:"
                " ask its sender, or save it again as .xlsx"
            )
        if name in seen:
            raise SheetError(
                f"{file} holds the part {entry.filename[:80]!r} twice, and readers differ on which counts:"
                " save it again as .xlsx"
            )
        seen.add(name)


def _check_sizes(entries: list[zipfile.ZipInfo], file: str) -> None:
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise SheetError(
            f"{file} unpacks to more than {MAX_ENTRIES} parts or {MAX_UNPACKED_BYTES >> 20} MB:"
            " export the sheet as CSV"
        )
    for entry in entries:
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise SheetError(
                f"{file} packs {entry.filename[:80]!r} in a way no workbook uses: save it again as .xlsx"
            )
        if entry.file_size > _most(entry):
            raise _bomb(entry, file)


def _check_regions(entries: list[zipfile.ZipInfo], data: bytes, directory: int, file: str) -> None:
    """Refuses parts that share bytes: one bomb can stand in the directory a thousand times."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise SheetError(f"{file} holds parts that overlap in the archive: save it again as .xlsx")
        head = data[entry.header_offset : entry.header_offset + _LOCAL_HEADER.size]
        if len(head) < _LOCAL_HEADER.size or head[:4] != b"PK\x03\x04":
            raise zipfile.BadZipFile(f"no part begins at byte {entry.header_offset}")
        _, name, extra = _LOCAL_HEADER.unpack(head)
        end = entry.header_offset + _LOCAL_HEADER.size + name + extra + entry.compress_size
    if end > directory:
        raise SheetError(f"{file} holds parts that overlap in the archive: save it again as .xlsx")


def _most(entry: zipfile.ZipInfo) -> int:
    return max(_RATIO_COUNTS_FROM, MAX_RATIO * entry.compress_size)


def _bomb(entry: zipfile.ZipInfo, file: str) -> SheetError:
    return SheetError(
        f"{file}: the part {entry.filename[:80]!r} unpacks to over {MAX_RATIO} times its size, more than a"
        " rate sheet does: export the sheet as CSV"
    )


def _pieces(part: IO[bytes], entry: zipfile.ZipInfo, most: int, file: str) -> Iterator[bytes]:
    """`part` piece by piece, as long as it stays below `most`: the size in the directory may be a lie."""
    while piece := part.read(_PIECE):
        most -= len(piece)
        if most < 0:
            raise _bomb(entry, file)
        yield piece
