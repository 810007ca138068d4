"""Bytes of a delimited file to a table of text: decoded, split and with the header found.

Nothing is inferred: every cell stays the text it was. A row number is the number a spreadsheet
would show: blank rows and title rows count, a quoted cell with line breaks in it does not make
more rows than one.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.deck.canonical_columns import SHEET, Severity
from dialnexa_routing.files.text_bounds import DELIMITERS, HEADER_SEARCH_ROWS
from dialnexa_routing.sheets import headers
from dialnexa_routing.sheets.tables.padded_quotes import without_padding
from dialnexa_routing.sheets.tables.titles import Title, title
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from collections.abc import Sequence

_SAMPLE_BYTES = 1 << 20
_BELOW_HEADER = 50  # rows searched for a better header once there is one of two columns
_SPARE_COLUMNS = 64  # room to see the cells of rows that are longer than the header
_BOMS = ((b"\xff\xfe\x00\x00", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True)
class Remark:
    """Something a reader has to say about a table before its rows are looked at."""

    reason: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
    severity: Severity = Severity.NOTE


@dataclass(frozen=True)
class TextTable:
    """Rows of text under canonical column names, with the row numbers a person counts.

    Columns that were not recognised stay beside them under ``?`` and their place, so that a row
    can be told from a blank one. `escaped` says that a leading ``'`` guards a cell from being a
    formula; `keeps_original` that the reader itself put the published text into `original_rate`.
    """

    file: str
    cells: pl.DataFrame
    rows: pl.Series
    header: headers.Header
    sheet: str | None = None
    remarks: list[Remark] = field(default_factory=list)
    escaped: bool = False
    keeps_original: bool = False
    refused: dict[int, str] = field(default_factory=dict)  # row number -> why the whole row is unreadable
    above: tuple[tuple[str, ...], ...] = ()  # the rows over the header, as they stand
    delimiter: str | None = None  # of a delimited file
    headless: bool = False  # no row was taken for a header, so every row is below it
    floats: frozenset[int] = frozenset()  # columns of a typed frame that were binary floats
    uncalculated: dict[int, str] = field(default_factory=dict)  # columns with a formula without a value
    constants: dict[str, str] = field(default_factory=dict)  # what a format knows of every row

    @property
    def title(self) -> Title:
        """What the rows above the header say."""
        return title(self.above)

    @property
    def in_rupees(self) -> bool:
        """Whether it has every column of `SHEET`, as `RateSheet.write` gives: its rates are INR already."""
        return SHEET.keys() <= self.header.published.keys() and all(
            self.header.published[name] == name for name in SHEET
        )


def read_text(data: bytes, file: str) -> TextTable:
    """The delimited text in `data`; without a header where no row is one.

    Raises `SheetError` when no encoding or no consistent quoting is found.
    """
    remarks: list[Remark] = []
    data = _decoded(data, file, remarks)
    if b"\r" in data:
        # Polars reads a file with bare CR as one header and no rows, without an error.
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    data = without_padding(data, file)
    delimiter, lines, records = _find_header(data, file)
    cells = records[-1] if lines else [""] * _usual_width(records)
    header_row = len(records) if lines else 0
    header = headers.recognise(cells, f"{file}, row {header_row}" if lines else file)
    frame = _split(data, delimiter, lines, len(cells), file)
    rows = pl.int_range(header_row + 1, header_row + 1 + frame.height, dtype=pl.UInt32, eager=True)
    refused = _overlong(frame, rows, len(cells)) if lines else {}
    width = len(cells)
    if refused and len(refused) == frame.height and not _used(frame, width + 1):
        cells, width = [*cells, ""], width + 1  # a column without a name: a format may know it
        header = headers.recognise(cells, header.place)
    frame = frame.select(frame.columns[:width])
    return TextTable(
        file,
        named(frame, header),
        rows,
        header,
        remarks=remarks,
        escaped=True,
        refused=refused,
        above=tuple(tuple(cells) for cells in records[:-1]) if lines else (),
        delimiter=delimiter,
        headless=not lines,
    )


def named(frame: pl.DataFrame, header: headers.Header) -> pl.DataFrame:
    """`frame` with its recognised columns under their canonical names, the others under their place.

    A column that serves two canonical names stands there twice.
    """
    names = {index: name for name, index in header.columns.items()}
    renamed = frame.rename({column: names.get(i, f"?{i}") for i, column in enumerate(frame.columns)})
    again = [(name, names[at]) for name, at in header.columns.items() if names[at] != name]
    return renamed.with_columns(pl.col(first).alias(name) for name, first in again) if again else renamed


def find_header(rows: Sequence[Sequence[str | None]]) -> tuple[int, int]:
    """Place and score of the row that names most canonical columns; the first of equals."""
    best, place = 0, -1
    for index, cells in enumerate(rows):
        if best > 1 and index > place + _BELOW_HEADER:
            break
        if (found := headers.score(cells)) > best:
            best, place = found, index
    return place, best


def no_header(file: str) -> SheetError:
    """The error for a table in which no row names a prefix column."""
    return SheetError(
        f"{file}: none of the first {HEADER_SEARCH_ROWS} rows is a header: pass columns= with what is where,"
        " as columns={'prefix': 'Kode', 'outbound_rate': 'Tarif'} or by number from 1, or format= with the"
        " name of a format without header; or name the columns in one row, one of them 'prefix'"
    )


def _decoded(data: bytes, file: str, remarks: list[Remark]) -> bytes:
    """`data` as UTF-8 without a byte order mark."""
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), None)
    if encoding is None and b"\0" in data[:_SAMPLE_BYTES]:
        encoding = _utf16_without_bom(data)
        if encoding is None:
            raise SheetError(f"{file} is not text, for it holds zero bytes: export it again as UTF-8 CSV")
    try:
        if encoding is not None:
            return data.decode(encoding).removeprefix("\ufeff").encode()
        data = data.removeprefix(b"\xef\xbb\xbf")
        if not data.isascii():
            data.decode("utf-8")
        return data
    except UnicodeDecodeError as error:
        if encoding is not None:
            raise SheetError(
                f"{file} starts as {encoding} and breaks off: export it again as UTF-8"
            ) from error
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise SheetError(
            f"{file}: byte {error.start} is neither UTF-8 nor Windows-1252: export it again as UTF-8"
        ) from error
    remarks.append(Remark("the file is not UTF-8 and was read as Windows-1252: look at accented names"))
    return text.encode()


def _utf16_without_bom(data: bytes) -> str | None:
    """The byte order of text whose ASCII characters leave most of every other byte zero."""
    head = data[:2000]
    for start, encoding in ((0, "utf-16-be"), (1, "utf-16-le")):
        if 2 * head[start::2].count(0) > len(head) // 2 > 4 * head[1 - start :: 2].count(0):
            return encoding
    return None


def _find_header(data: bytes, file: str) -> tuple[str, int, list[list[str]]]:
    """Delimiter, physical line of the header, and the records down to it; line 0 and a few without one."""
    sample = data[:_SAMPLE_BYTES].decode("utf-8", errors="ignore")
    best: tuple[int, str, int, list[list[str]]] | None = None
    plain: list[tuple[int, str, list[list[str]]]] = []
    for delimiter in DELIMITERS:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        records: list[list[str]] = []
        lines: list[int] = []
        try:
            for cells in reader:
                records.append(cells)
                lines.append(reader.line_num)
                if len(records) == HEADER_SEARCH_ROWS:
                    break
        except csv.Error:
            pass  # a cell longer than the module's limit stands below any header
        place, found = find_header(records)
        if found and (best is None or found > best[0]):
            best = found, delimiter, lines[place], records[: place + 1]
        usual = _usual_width(records)
        agreeing = sum(len(cells) == usual > 1 and not cells[0].startswith("#") for cells in records)
        plain.append((agreeing, delimiter, records))
    if best is None:
        _, delimiter, records = max(plain, key=lambda way: way[0])
        return delimiter, 0, records
    return best[1:]


def _usual_width(records: list[list[str]]) -> int:
    """How many cells most records have that have any, comments apart."""
    widths = [len(cells) for cells in records if any(cells) and not cells[0].startswith("#")]
    return max(set(widths), key=lambda width: (widths.count(width), width), default=1)


def _split(data: bytes, delimiter: str, lines: int, width: int, file: str) -> pl.DataFrame:
    """The rows below the header; columns beyond `width` only where a row has more cells."""
    if data.count(b'"') % 2:
        raise SheetError(
            f"{file}: {_quote_place(data, delimiter)}: close it, or write it twice inside a cell"
        )
    for columns in (width, width + _SPARE_COLUMNS):
        try:
            return pl.read_csv(
                data,
                has_header=False,
                skip_lines=lines,
                separator=delimiter,
                schema={f"c{index}": pl.String for index in range(columns)},
                missing_columns="insert",
                infer_schema=False,
            )
        except pl.exceptions.NoDataError:
            return pl.DataFrame(schema={f"c{index}": pl.String for index in range(columns)})
        except pl.exceptions.PolarsError as error:
            ragged = "more fields" in str(error) or "not specified in schema" in str(error)
            if ragged and columns == width:
                continue
            trouble = (
                f"a row has over {_SPARE_COLUMNS} cells more than the header"
                if ragged
                else _quote_place(data, delimiter)
            )
            raise SheetError(f"{file}: {trouble}: correct it and read the file again") from error
    raise AssertionError("the second width either reads or raises")


def _used(frame: pl.DataFrame, width: int) -> bool:
    """Whether anything stands in the columns beyond `width`."""
    spare = frame.columns[width:]
    return any((frame[name].fill_null("").str.strip_chars() != "").any() for name in spare)


def _overlong(frame: pl.DataFrame, rows: pl.Series, width: int) -> dict[int, str]:
    """Rows with something beyond the last header: which cell is which can no longer be told."""
    spare = frame.columns[width:]
    if not spare:
        return {}
    held = frame.select(
        pl.sum_horizontal(pl.col(spare).fill_null("").str.strip_chars().str.len_bytes() > 0)
    ).to_series()
    reason = f"the row has more cells than the {width} of the header: quote the cell that holds the separator"
    return dict.fromkeys(rows.filter(held > 0).to_list(), reason)


def _quote_place(data: bytes, delimiter: str) -> str:
    """Where the quotation marks go wrong, as a clause of a message."""
    reader = csv.reader(
        io.StringIO(data.decode("utf-8", errors="replace"), newline=""), delimiter=delimiter, strict=True
    )
    last = 0
    try:
        for _ in reader:
            last = reader.line_num
    except csv.Error:
        return f"a quotation mark opened in line {last + 1} is not closed at the end of its cell"
    odd = (number for number, line in enumerate(data.split(b"\n"), start=1) if line.count(b'"') % 2)
    return f"line {next(odd, 1)} holds a quotation mark that has no second one"
