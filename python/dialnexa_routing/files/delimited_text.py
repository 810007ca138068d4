"""Bytes of a delimited text to a grid: decoded, split, its head found. Those of any size: `text_stream`."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing import _deck
from dialnexa_routing.files.bounds import USUAL, Bounds
from dialnexa_routing.files.decoding import FALLBACK, decoded
from dialnexa_routing.files.fixed_width import is_fixed, with_tabs
from dialnexa_routing.files.grid import HEAD_SEARCH_ROWS, Grid, any_row, find_head
from dialnexa_routing.files.padded_quotes import without_padding
from dialnexa_routing.files.text_bounds import check_text
from dialnexa_routing.files.text_form import DELIMITERS, SAMPLE_BYTES
from dialnexa_routing.text.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FIXED = "fixed"
"""In place of a delimiter: the columns of a text stand at the same places of each line."""
_SELDOM = ("^", "~", ":", "\x1f", "\x01")
_SPARE_COLUMNS = 64  # room to see the cells of rows that are longer than the head


def read_delimited(
    data: bytes,
    file: str,
    score: Callable[[Sequence[str | None]], int] = any_row,
    encoding: str | None = None,
    bounds: Bounds = USUAL,
    delimiter: str | None = None,
) -> Grid:
    r"""The delimited text in `data`; without a head where no row is one.

    Args:
        data: the whole file.
        file: its name, for errors.
        score: how much a row of cells is like a head; 0 if it is none.
        encoding: of the text; None is what `decoding.decoded` finds.
        bounds: how large it may be.
        delimiter: one character between cells, or `FIXED`; None is what its first rows agree on.

    Raises:
        FileError: it is no text in that encoding, is larger than `bounds`, or its quotes are not consistent;
            no character parts its cells, and nobody states that its columns are of a fixed width.

    >>> grid = read_delimited(b"title\nto;seconds\n+91;5\n", "a.csv", lambda row: row.count("to"))
    >>> grid.head, grid.head_row, grid.cells.rows(), grid.delimiter, grid.encoding
    (('to', 'seconds'), 2, [('+91', '5')], ';', 'utf-8')
    """
    data, found = decoded(data, file, encoding)
    notes: tuple[str, ...] = ()
    if found == FALLBACK and encoding is None:
        notes = (
            "the file is not UTF-8 and was read as Windows-1252: look at accented names, and pass encoding="
            " if they are wrong",
        )
    if b"\r" in data:
        # Polars reads a file with bare CR as one header and no rows, without an error.
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if delimiter == FIXED:
        data, delimiter = with_tabs(data, file, score), "\t"
    tried = DELIMITERS if delimiter is None else (delimiter,)
    check_text(data, file, score, bounds, tried)
    if delimiter in (None, *DELIMITERS):
        data = without_padding(data, file)
    given, (delimiter, lines, records) = delimiter, _find_head(data, score, tried)
    if not lines and given is None:
        delimiter, lines, records = _seldom(data, file, score) or (delimiter, lines, records)
    cells = records[-1] if lines else [""] * _usual_width(records)
    head_row = len(records) if lines else 0
    frame = _split(data, delimiter, lines, len(cells), file)
    rows = pl.int_range(head_row + 1, head_row + 1 + frame.height, dtype=pl.UInt32, eager=True)
    refused = _overlong(frame, rows, len(cells)) if lines else {}
    width = len(cells)
    if refused and len(refused) == frame.height and not _used(frame, width + 1):
        cells, width = [*cells, ""], width + 1  # a column without a name: a format may know it
    return Grid(
        file,
        frame.select(frame.columns[:width]),
        rows,
        tuple(cells) if lines else (),
        head_row,
        tuple(tuple(cells) for cells in records[:-1]) if lines else (),
        refused=refused,
        notes=notes,
        delimiter=delimiter,
        encoding=found,
    )


def _seldom(
    data: bytes, file: str, score: Callable[[Sequence[str | None]], int]
) -> tuple[str, int, list[list[str]]] | None:
    """A head by what seldom parts cells, if there is one of two known names or more.

    Raises `FileError` where such a head has no delimiter, but columns of a fixed width.
    """
    found = _find_head(data, score, _SELDOM)
    if found[1] and score(found[2][-1]) > 1:
        return found
    if is_fixed(data[:SAMPLE_BYTES].decode("utf-8", errors="ignore"), score):
        raise FileError(
            f"{file}: no character parts its cells, and its columns seem to be of a fixed width: pass"
            f" delimiter={FIXED!r} if they are, or delimiter= with the character that parts them"
        )
    return None


def _find_head(
    data: bytes, score: Callable[[Sequence[str | None]], int], delimiters: Sequence[str]
) -> tuple[str, int, list[list[str]]]:
    """Delimiter, physical line of the head, and the records down to it; line 0 and a few without one."""
    sample = data[:SAMPLE_BYTES].decode("utf-8", errors="ignore")
    best: tuple[tuple[int, int], str, int, list[list[str]]] | None = None
    plain: list[tuple[int, str, list[list[str]]]] = []
    for delimiter in delimiters:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        records: list[list[str]] = []
        lines: list[int] = []
        try:
            for cells in reader:
                records.append(cells)
                lines.append(reader.line_num)
                if len(records) == HEAD_SEARCH_ROWS:
                    break
        except csv.Error:
            pass  # a cell longer than the module's limit stands below any head
        usual = _usual_width(records)
        agreeing = sum(len(cells) == usual > 1 and not cells[0].startswith("#") for cells in records)
        place, found = find_head(records, score)
        if found and (best is None or (found, agreeing) > best[0]):
            best = (found, agreeing), delimiter, lines[place], records[: place + 1]
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
    """The rows below the head; columns beyond `width` only where a row has more cells."""
    if width > 1 and (found := _deck.text_columns(data, ord(delimiter), width, lines)) is not None:
        return pl.DataFrame([pl.Series(column).alias(f"c{index}") for index, column in enumerate(found)])
    if _deck.counted(data, b'"')[0] % 2:
        raise FileError(f"{file}: {_quote_place(data, delimiter)}: close it, or write it twice inside a cell")
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
                f"a row has over {_SPARE_COLUMNS} cells more than the head"
                if ragged
                else _quote_place(data, delimiter)
            )
            raise FileError(f"{file}: {trouble}: correct it and read the file again") from error
    raise AssertionError("the second width either reads or raises")


def _used(frame: pl.DataFrame, width: int) -> bool:
    """Whether anything stands in the columns beyond `width`."""
    spare = frame.columns[width:]
    return any((frame[name].fill_null("").str.strip_chars() != "").any() for name in spare)


def _overlong(frame: pl.DataFrame, rows: pl.Series, width: int) -> dict[int, str]:
    """Rows with something beyond the last head: which cell is which can no longer be known."""
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
