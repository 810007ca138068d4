"""Bytes of a workbook to frames of text; runs in a process of its own (see `sandbox`)."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from dialnexa_routing.files.exact_doubles import exact
from dialnexa_routing.files.grid import HEAD_SEARCH_ROWS, any_row, find_head
from dialnexa_routing.files.sheet_marks import Marks
from dialnexa_routing.files.workbook_marks import marks_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import polars as pl


def plain_frames(data: bytes) -> list[bytes]:
    """The sheets whose head is the first row that holds anything; dates are ISO text. See `frames_of`."""
    return frames_of(data, any_row, lambda _: set())


def frames_of(
    data: bytes,
    score: Callable[[Sequence[str | None]], int],
    dates: Callable[[Sequence[str | None]], set[int]],
) -> list[bytes]:
    """A list in JSON of each sheet's name, head row, whether its frame follows, and marks; the frames.

    The marks are those of `Marks`. The head row counts from 0; null stands for a sheet that is hidden or has
    none. Sheets without one follow only where none has one: the caller may know what stands in which column.
    What stands in cells that are one over several rows is in each of these rows.

    Args:
        data: the workbook.
        score: how much a row of cells is like a head; 0 if it is none.
        dates: the columns below a head that hold dates, if anything typed as a number may be one there.
    """
    import fastexcel  # an optional package, and this runs where it was found

    reader = fastexcel.read_excel(data)
    headed: dict[str, int] = {}
    found: dict[str, pl.DataFrame] = {}
    hidden, firsts = set(), {}
    for name in reader.sheet_names:
        sheet = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
        if sheet.visible != "visible":
            hidden.add(name)
        if name in hidden or not sheet.width:
            continue
        firsts[name] = first = sheet.available_columns()[0].absolute_index
        frame = sheet.to_polars()
        place, best = find_head(frame.head(HEAD_SEARCH_ROWS).rows(), score)
        if best:
            headed[name] = place
            kept = dates(frame.row(place))
            found[name] = _with_dates(reader, name, exact(reader, name, frame, kept, first), kept, first)
        elif not headed:
            found[name] = exact(reader, name, frame, (), first)
    marks = marks_of(data, headed, firsts)
    told = []
    for name in reader.sheet_names:
        of_sheet = marks.get(name, Marks())
        follows = name in (headed or found)
        if follows:
            found[name] = _unmerged(found[name], of_sheet, headed.get(name, -1))
        plain = {key: value for key, value in vars(of_sheet).items() if key != "merged"}
        told.append((name, headed.get(name), follows, name in hidden, plain))
    return [json.dumps(told).encode(), *(_ipc(found[name]) for name, _, follows, *_ in told if follows)]


def _unmerged(frame: pl.DataFrame, marks: Marks, head: int) -> pl.DataFrame:
    """`frame` with what stands in cells that are one over several rows in each of these, below the head."""
    import polars as pl

    spans: dict[int, list[tuple[int, int]]] = {}
    for at, top, bottom in marks.merged:
        if at < frame.width and top > head and top < frame.height:
            spans.setdefault(at, []).append((top, min(bottom, frame.height - 1)))
    for at, held in spans.items():
        if sum(bottom - top for top, bottom in held) > frame.height:
            raise ValueError("its merged cells overlap")
        sources = list(range(frame.height))
        for top, bottom in held:
            sources[top : bottom + 1] = [top] * (bottom + 1 - top)
        column = frame.to_series(at)
        filled = column.fill_null(column.gather(pl.Series(sources, dtype=pl.UInt32)))
        frame = frame.with_columns(filled.alias(frame.columns[at]))
    return frame


def _ipc(frame: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.write_ipc(out)
    return out.getvalue()


def _with_dates(reader: Any, name: str, frame: pl.DataFrame, dates: set[int], first: int) -> pl.DataFrame:
    """`frame` with date cells as ISO text: as strings some arrive as days since 1900."""
    if not dates:
        return frame
    kinds = {first + at: "datetime" if at in dates else "string" for at in range(frame.width)}
    typed = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes=kinds).to_polars()
    columns = frame.columns
    for index in dates:
        moment = typed.to_series(index).dt.to_string("%Y-%m-%dT%H:%M:%S")
        kept = moment.fill_null(frame.to_series(index))
        frame = frame.with_columns(kept.alias(columns[index]))
    return frame
