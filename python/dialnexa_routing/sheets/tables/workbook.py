"""Bytes of an Excel workbook to tables of text, one for each visible sheet that has a header.

The archive is looked through first, then read in a process of its own: what passes the first may
still make the reader abort, which no exception handler sees.
"""

from __future__ import annotations

import io
import json
from dataclasses import replace

import polars as pl

from dialnexa_routing.files import sandbox
from dialnexa_routing.files.archive import look_through
from dialnexa_routing.sheets import headers
from dialnexa_routing.sheets.tables import workbook_cells
from dialnexa_routing.sheets.tables.text_table import Remark, TextTable, named, no_header
from dialnexa_routing.text.errors import SheetError

_MEMORY = 384 << 20
_MEMORY_PER_BYTE = 4  # unpacked; a sheet full of shared texts was measured to need 3
_SECONDS = 3
_BYTES_PER_SECOND = 12 << 20  # a sixth of what was measured


def read_workbook(data: bytes, file: str) -> list[TextTable]:
    """The visible sheets of `data` in which a header is found, or all of them without one.

    Raises `SheetError` when the package for workbooks is missing, the archive is damaged or
    unreasonably large, its reader breaks down on it, or no visible sheet holds anything.
    """
    _require_fastexcel(file)
    archive = look_through(data, file)
    limits = sandbox.Limits(
        _MEMORY + _MEMORY_PER_BYTE * archive.unpacked, _SECONDS + archive.unpacked // _BYTES_PER_SECOND
    )
    try:
        listed, *frames = sandbox.run(workbook_cells.frames, data, limits)
    except sandbox.ReaderError as error:
        raise SheetError(
            f"{file} is not a readable workbook ({error}): save it again as .xlsx, or export the sheet as CSV"
        ) from error
    tables, idle = [], []
    held = iter(frames)
    for name, place, follows, formulas in json.loads(listed):
        if follows:
            frame = pl.read_ipc(io.BytesIO(next(held)))
            unknown = {int(at): cell for at, cell in formulas.items()}
            tables.append(replace(_table(frame, name, place, file), uncalculated=unknown))
        else:
            idle.append(name)
    if not tables:
        raise no_header(file)
    _remark(tables, idle, archive.from_1904)
    return tables


def _require_fastexcel(file: str) -> None:
    try:
        import fastexcel  # noqa: F401 - only whether it is there
    except ImportError as error:
        raise SheetError(
            f"{file} is a workbook, which needs one more package: pip install 'dialnexa-routing[excel]'"
        ) from error


def _table(frame: pl.DataFrame, name: str, place: int | None, file: str) -> TextTable:
    """The rows below the header at `place`, or all of them without one."""
    where = f"{file}, sheet {name!r}"
    if place is None:
        header, first = headers.recognise([""] * frame.width, where), 0
    else:
        header, first = headers.recognise(frame.row(place), f"{where}, row {place + 1}"), place + 1
    rows = pl.int_range(first + 1, frame.height + 1, dtype=pl.UInt32, eager=True)
    above = tuple(tuple(cell or "" for cell in row) for row in frame.head(place or 0).rows())
    cells = named(frame.slice(first), header)
    return TextTable(file, cells, rows, header, sheet=name, above=above, headless=place is None)


def _remark(tables: list[TextTable], idle: list[str], from_1904: bool) -> None:
    if idle or len(tables) > 1:
        used = ", ".join(repr(table.sheet) for table in tables)
        rest = f"; without a header or hidden, so not read: {', '.join(map(repr, idle))}" if idle else ""
        tables[0].remarks.append(Remark(f"sheets read: {used}{rest}"))
    if from_1904:
        tables[0].remarks.append(
            Remark("the workbook counts its dates from 1904, and they were read so: look at one of them")
        )
