"""Bytes of a workbook to grids of text: .xlsx, .xlsm, .xlsb, .xls and .ods.

An archive is looked through first, then read in a process of its own: what passes the first may
still make the reader abort, which no exception handler sees.
"""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.files import sandbox, workbook_cells
from dialnexa_routing.files.archive import look_through
from dialnexa_routing.files.bounds import USUAL, Bounds
from dialnexa_routing.files.grid import Grid
from dialnexa_routing.text.errors import FileError
from dialnexa_routing.text.scrub import quoted

if TYPE_CHECKING:
    from collections.abc import Callable

SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
OLD_KIND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a compound file begins: a workbook of before 2007, or one with a password."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SECONDS = 3
_BYTES_PER_SECOND = 12 << 20  # a sixth of what was measured


def read_workbook(
    data: bytes,
    file: str,
    task: Callable[[bytes], list[bytes]] = workbook_cells.plain_frames,
    bounds: Bounds = USUAL,
) -> list[Grid]:
    """The visible sheets of a workbook, as far as `task` finds a head in them, or all without one.

    Args:
        data: the whole file.
        file: its name, for errors.
        task: what reads it in a process of its own, a function of a module; see `workbook_cells`.
        bounds: how large it may be.

    Raises:
        FileError: the package for workbooks is missing, the file is damaged, has a password or is
            unreasonably large, its reader breaks down on it, or no visible sheet holds anything.
    """
    _require_fastexcel(file)
    unpacked, from_1904 = len(data), False
    if data[:8] == OLD_KIND:
        if _ENCRYPTED in data:
            raise FileError(f"{file} has a password: save it without one")
    else:
        archive = look_through(data, file, bounds)
        unpacked, from_1904 = archive.unpacked, archive.from_1904
    memory = bounds.reader_memory + bounds.reader_memory_per_byte * unpacked
    limits = sandbox.Limits(memory, _SECONDS + unpacked // _BYTES_PER_SECOND)
    try:
        listed, *frames = sandbox.run(task, data, limits)
    except sandbox.ReaderError as error:
        raise FileError(
            f"{file} is not a readable workbook ({quoted(str(error))}): save it again as .xlsx, or export the"
            " sheet as CSV"
        ) from error
    grids, idle = [], []
    held = iter(frames)
    for name, place, follows, formulas in json.loads(listed):
        if follows:
            grid = _grid(pl.read_ipc(io.BytesIO(next(held))), name, place, file)
            grids.append(replace(grid, uncalculated={int(at): cell for at, cell in formulas.items()}))
        else:
            idle.append(name)
    if not grids:
        raise FileError(f"{file} has no visible sheet that holds anything: show the one that is meant")
    notes, doubts = _notes(grids, from_1904), _passed(idle)
    return [replace(grids[0], notes=notes, doubts=doubts), *grids[1:]]


def _require_fastexcel(file: str) -> None:
    try:
        import fastexcel  # noqa: F401 - only whether it is there
    except ImportError as error:
        raise FileError(
            f"{file} is a workbook, which needs one more package: pip install 'dialnexa-routing[excel]'"
        ) from error


def _grid(frame: pl.DataFrame, name: str, place: int | None, file: str) -> Grid:
    """The rows below the head at `place`, or all of them without one."""
    first = 0 if place is None else place + 1
    rows = pl.int_range(first + 1, frame.height + 1, dtype=pl.UInt32, eager=True)
    head = () if place is None else tuple(cell or "" for cell in frame.row(place))
    above = tuple(tuple(cell or "" for cell in row) for row in frame.head(place or 0).rows())
    return Grid(file, frame.slice(first), rows, head, first, above, sheet=name)


def _passed(idle: list[str]) -> tuple[str, ...]:
    """What is told of sheets that are not read: one may name the currency, another increments."""
    if not idle:
        return ()
    names = ", ".join(map(repr, idle))
    return (
        f"without a header or hidden, so not read: {names}; look whether they state anything that"
        " prices depend on",
    )


def _notes(grids: list[Grid], from_1904: bool) -> tuple[str, ...]:
    notes = []
    if len(grids) > 1:
        notes.append(f"sheets read: {', '.join(repr(grid.sheet) for grid in grids)}")
    if from_1904:
        notes.append("the workbook counts its dates from 1904, and they were read so: look at one of them")
    return tuple(notes)
