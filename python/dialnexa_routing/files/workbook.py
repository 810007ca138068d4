"""Bytes of a workbook to grids of text: .xlsx, .xlsm, .xlsb, .xls and .ods.

An archive is looked through first, then read in a process of its own: what passes the first may
still make the reader abort, which no exception handler sees.
"""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

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
_UNMARKED = (
    "formats of cells, hidden rows and merged cells of a workbook of this kind are not seen: save it as .xlsx"
    " if prices have a sign of money that is in no cell, or rows are hidden"
)
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
    grids: list[Grid] = []
    idle: list[str] = []
    unseen: list[str] = []
    held = iter(frames)
    for name, place, follows, hidden, marks in json.loads(listed):
        if follows:
            grid = _grid(pl.read_ipc(io.BytesIO(next(held))), name, place, file)
            grids.append(_marked(grid, marks))
        else:
            (unseen if hidden else idle).append(name)
    if not grids:
        raise FileError(f"{file} has no visible sheet that holds anything: show the one that is meant")
    notes, doubts = _notes(grids, from_1904), (*grids[0].doubts, *_passed(idle, unseen))
    if data[:4] != b"PK\x03\x04" or file.lower().endswith(".xlsb"):
        notes = (*notes, _UNMARKED)
    return [replace(grids[0], notes=notes, doubts=doubts), *grids[1:]]


def _marked(grid: Grid, marks: dict[str, Any]) -> Grid:
    """`grid` with what the workbook states of its cells beside their values; keys of JSON are texts."""
    doubts: tuple[str, ...] = ()
    if marks["hidden_rows"] and grid.cells.height:
        texts = pl.all().fill_null("").str.strip_chars()
        filled = grid.cells.select(pl.any_horizontal(texts != "")).to_series()
        end = int(grid.rows[-1]) + 1
        stretches = [
            pl.int_range(first + 1, min(last + 2, end), dtype=pl.UInt32, eager=True)
            for first, last in marks["hidden_rows"]
        ]
        hidden = grid.rows.filter(filled & grid.rows.is_in(pl.concat(stretches).implode()))
        how = "filtered out of sight" if marks["filtered"] else "hidden"
        if len(hidden):
            doubts = (
                f"{len(hidden)} rows are {how}, the first is row {hidden[0]}, and were read as any other:"
                " look whether they are meant, and delete those that are not",
            )
    return replace(
        grid,
        uncalculated={int(at): cell for at, cell in marks["formulas"].items()},
        shown={int(at): held for at, held in marks["shown"].items()},
        hidden_columns=frozenset(marks["hidden_columns"]),
        doubts=doubts,
    )


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


def _passed(idle: list[str], hidden: list[str]) -> tuple[str, ...]:
    """What is reported of sheets that are not read: one may name the currency, another increments."""
    if not idle and not hidden:
        return ()
    names = ", ".join(map(repr, (*idle, *hidden)))
    shown = f"; hidden: {', '.join(map(repr, hidden))}, show what is meant of them and save" if hidden else ""
    return (
        f"without a header or hidden, so not read: {names}; look whether they state anything that"
        f" prices depend on{shown}",
    )


def _notes(grids: list[Grid], from_1904: bool) -> tuple[str, ...]:
    notes = []
    if len(grids) > 1:
        notes.append(f"sheets read: {', '.join(repr(grid.sheet) for grid in grids)}")
    if from_1904:
        notes.append("the workbook counts its dates from 1904, and they were read so: look at one of them")
    return tuple(notes)
