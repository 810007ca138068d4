"""Bytes of an Excel workbook to tables of text, one for each visible sheet that has a header.

The archive is measured before the reader sees it: a workbook of a kilobyte can name a cell in the
far corner of a sheet, for which the reader would then allocate the whole rectangle.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import polars as pl

from dialnexa_routing.errors import SheetError
from dialnexa_routing.sheets import headers
from dialnexa_routing.sheets.text import HEADER_SEARCH_ROWS, Remark, TextTable, find_header, named, no_header

MAX_ENTRIES = 1_000
MAX_UNPACKED_BYTES = 256 << 20
MAX_COLUMNS = 256
MAX_CELLS = 20_000_000
_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\sr=["']([0-9]+)["']""")
_CELL = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\sr=["']([A-Za-z]{1,3})([0-9]+)["']""")
_DATES = ("valid_from", "valid_to")


def read_workbook(data: bytes, file: str) -> list[TextTable]:
    """The visible sheets of `data` in which a header is found, each as its own table.

    Raises `SheetError` when the package for workbooks is missing, the archive is damaged or
    unreasonably large, or no visible sheet has a header.
    """
    fastexcel = _fastexcel(file)
    _measure(data, file)
    try:
        reader = fastexcel.read_excel(data)
        tables, idle = [], []
        for name in reader.sheet_names:
            table = _table(reader, name, file)
            if table is None:
                idle.append(name)
            else:
                tables.append(table)
    except fastexcel.FastExcelError as error:
        first = str(error).splitlines()[0]
        raise SheetError(f"{file} is not a readable workbook ({first}): save it again as .xlsx") from error
    if not tables:
        raise no_header(file)
    if idle or len(tables) > 1:
        used = ", ".join(repr(table.sheet) for table in tables)
        rest = f"; without a header or hidden, so not read: {', '.join(map(repr, idle))}" if idle else ""
        tables[0].remarks.append(Remark(f"sheets read: {used}{rest}"))
    return tables


def _fastexcel(file: str) -> Any:
    try:
        import fastexcel
    except ImportError as error:
        raise SheetError(
            f"{file} is a workbook, which needs one more package: pip install 'dialnexa-routing[excel]'"
        ) from error
    return fastexcel


def _measure(data: bytes, file: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
                raise SheetError(
                    f"{file} unpacks to more than {MAX_ENTRIES} parts or {MAX_UNPACKED_BYTES >> 20} MB:"
                    " export the sheet as CSV"
                )
            left = MAX_UNPACKED_BYTES
            for entry in entries:
                with archive.open(entry) as part:
                    body = part.read(left + 1)  # the size in the directory may be a lie
                left -= len(body)
                if left < 0:
                    raise SheetError(f"{file} unpacks to more than it declares: export the sheet as CSV")
                if "worksheets/" in entry.filename.replace("\\", "/").lower():
                    _check_extent(body, file)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise SheetError(f"{file} is not a readable workbook ({error}): save it again as .xlsx") from error
    except Exception as error:
        if isinstance(error, SheetError):
            raise
        raise SheetError(f"{file} is a damaged archive ({error}): save it again as .xlsx") from error


def _check_extent(body: bytes, file: str) -> None:
    """Refuses a sheet whose cells span more than a rate sheet ever does."""
    last = max((int(row) for row in _ROW.findall(body)), default=0)
    width = 0
    for letters, row in _CELL.findall(body):
        column = 0
        for letter in letters.upper():
            column = column * 26 + letter - 64
        width = max(width, column)
        last = max(last, int(row))
    if width > MAX_COLUMNS or last * width > MAX_CELLS:
        raise SheetError(
            f"{file}: a sheet reaches to row {last} and column {width}, more than {MAX_COLUMNS} columns or"
            f" {MAX_CELLS} cells: delete the far cells, or export the sheet as CSV"
        )


def _table(reader: Any, name: str, file: str) -> TextTable | None:
    sheet = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
    if sheet.visible != "visible" or not sheet.width:
        return None
    frame = sheet.to_polars()
    place, found = find_header(frame.head(HEADER_SEARCH_ROWS).rows())
    if not found:
        return None
    header = headers.recognise(frame.row(place), f"{file}, sheet {name!r}, row {place + 1}")
    dates = {header.columns[column] for column in _DATES if column in header.columns}
    if dates:
        frame = _with_dates(reader, name, frame, dates)
    rows = pl.int_range(place + 2, frame.height + 1, dtype=pl.UInt32, eager=True)
    return TextTable(file, named(frame.slice(place + 1), header), rows, header, sheet=name)


def _with_dates(reader: Any, name: str, frame: pl.DataFrame, dates: set[int]) -> pl.DataFrame:
    """`frame` with date cells as ISO text: as strings they arrive as days since 1900."""
    kinds = {index: "datetime" if index in dates else "string" for index in range(frame.width)}
    typed = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes=kinds).to_polars()
    columns = frame.columns
    for index in dates:
        moment = typed.to_series(index).dt.to_string("%Y-%m-%dT%H:%M:%S")
        kept = moment.fill_null(frame.to_series(index))
        frame = frame.with_columns(kept.alias(columns[index]))
    return frame
