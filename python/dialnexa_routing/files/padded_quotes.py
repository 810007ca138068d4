"""Quotation marks behind a blank, as in ``"prefix", "name"``: for most readers they are part of the text."""

from __future__ import annotations

import csv
import io
import re
from itertools import islice

from dialnexa_routing.text.errors import FileError

_SUSPECT = re.compile(rb"[,;|\t] +\"")
_QUOTED = re.compile(r'\s+"(?:[^"]|"")*"')
_DELIMITERS = (",", ";", "|", "\t")
_SAMPLE_BYTES = 1 << 16
_ROWS = 50


def without_padding(data: bytes, file: str) -> bytes:
    """`data` without the blanks in front of quoted cells, where one of its first rows has such a cell.

    Raises `FileError` where the rows further down do not close their marks.
    """
    sample = data[:_SAMPLE_BYTES]
    if not _SUSPECT.search(sample):
        return data
    text = sample.decode("utf-8", errors="replace")
    counts = {delimiter: _padded(text, delimiter) for delimiter in _DELIMITERS}
    delimiter = max(counts, key=lambda one: counts[one])
    if not counts[delimiter] or not _parts(text, delimiter):
        return data
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    reader = csv.reader(
        io.StringIO(data.decode("utf-8"), newline=""), delimiter=delimiter, skipinitialspace=True, strict=True
    )
    try:
        writer.writerows(reader)
    except csv.Error as error:
        if _QUOTED.match(text) or _padded(text.partition("\n")[0], delimiter):
            raise FileError(
                f"{file}, line {reader.line_num}: a quotation mark behind a blank is not closed at the end of"
                " its cell: correct it, or write the cells without blanks in front"
            ) from error
        return data
    return out.getvalue().encode()


def _parts(text: str, delimiter: str) -> bool:
    """Whether most of the first rows have one number of cells: else the delimiter is a mark inside a name."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    try:
        widths = [len(cells) for cells in islice(reader, _ROWS) if cells]
    except csv.Error:
        return False
    usual = max(set(widths), key=widths.count)
    return usual > 1 and 2 * widths.count(usual) >= len(widths)


def _padded(text: str, delimiter: str) -> int:
    """How many of the first rows have a quoted cell behind a blank."""
    try:
        records = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), _ROWS))
    except csv.Error:
        return 0
    return sum(any(_QUOTED.fullmatch(cell) for cell in cells) for cells in records)
