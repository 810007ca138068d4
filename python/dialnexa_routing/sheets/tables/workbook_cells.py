"""Bytes of an Excel workbook to frames of text; runs in a process of its own (see `sandbox`)."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from dialnexa_routing.files.text_bounds import HEADER_SEARCH_ROWS
from dialnexa_routing.sheets import headers
from dialnexa_routing.sheets.tables.exact_doubles import exact
from dialnexa_routing.sheets.tables.text_table import find_header
from dialnexa_routing.sheets.tables.uncalculated import uncalculated
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    import polars as pl

WITHOUT_HEADER = -1
_DATES = ("valid_from", "valid_to", "upcoming_from")


def frames(data: bytes) -> list[bytes]:
    """A list in JSON of each sheet's name, header row, whether its frame follows, and formulas; the frames.

    Of formulas that were never calculated it has the columns, from 0, and the first cell of each.

    The header row counts from 0; null stands for a sheet that is hidden or has none. Sheets without
    one follow only where none has one: the caller may know what stands in which column.
    """
    import fastexcel

    reader = fastexcel.read_excel(data)
    headed: dict[str, int] = {}
    found: dict[str, pl.DataFrame] = {}
    for name in reader.sheet_names:
        sheet = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
        if sheet.visible != "visible" or not sheet.width:
            continue
        frame = sheet.to_polars()
        place, named = find_header(frame.head(HEADER_SEARCH_ROWS).rows())
        if named:
            headed[name] = place
            dates = _date_columns(frame, place)
            found[name] = _with_dates(reader, name, exact(reader, name, frame, dates), dates)
        elif not headed:
            found[name] = exact(reader, name, frame, ())
    formulas = uncalculated(data)
    told = [
        (name, headed.get(name), name in (headed or found), formulas.get(name, {}))
        for name in reader.sheet_names
    ]
    return [json.dumps(told).encode(), *(_ipc(found[name]) for name, _, follows, _ in told if follows)]


def _ipc(frame: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.write_ipc(out)
    return out.getvalue()


def _date_columns(frame: pl.DataFrame, place: int) -> set[int]:
    try:
        columns = headers.recognise(frame.row(place), "").columns
    except SheetError:  # the parent will say it, with the place
        return set()
    return {columns[name] for name in _DATES if name in columns}


def _with_dates(reader: Any, name: str, frame: pl.DataFrame, dates: set[int]) -> pl.DataFrame:
    """`frame` with date cells as ISO text: as strings they arrive as days since 1900."""
    if not dates:
        return frame
    kinds = {index: "datetime" if index in dates else "string" for index in range(frame.width)}
    typed = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes=kinds).to_polars()
    columns = frame.columns
    for index in dates:
        moment = typed.to_series(index).dt.to_string("%Y-%m-%dT%H:%M:%S")
        kept = moment.fill_null(frame.to_series(index))
        frame = frame.with_columns(kept.alias(columns[index]))
    return frame
