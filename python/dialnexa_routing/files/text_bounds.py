"""Refuses delimited text that would cost its reader out of proportion to its bytes.

A header of half a million names, a letter under a thousand accents, or a megabyte of line ends is
harmless text, and hours or gigabytes to whoever compares names or makes columns of it.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DELIMITERS = (",", ";", "\t", "|")
HEADER_SEARCH_ROWS = 1000

MAX_COLUMNS = 256
MAX_ACCENTS = 100
FREE_CELLS = 12_000_000
"""Up to this many cells a table may have however short they are."""
MIN_CELL_BYTES = 3
_SAMPLE_BYTES = 1 << 20
_BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_FOREIGN = re.compile(f"[^\x00-\x7f]{{{MAX_ACCENTS},}}")


def check_text(data: bytes, file: str, score: Callable[[Sequence[str]], int]) -> None:
    """Raises `SheetError` when `data` has too many columns, blank cells, or accents on one letter.

    `score` says how many columns a row of cells would name, 0 if it is no header.
    """
    sample = _sample(data)
    if not sample.isascii():
        _check_accents(sample, file)
    ways = [_shape(sample, delimiter, score) for delimiter in DELIMITERS]
    # Without a header, the separator is the one that most rows agree on.
    widest = max(way.header for way in ways) or max(ways, key=lambda way: way.agreeing).usual
    if widest > MAX_COLUMNS:
        raise SheetError(f"{file} has {widest} columns, more than {MAX_COLUMNS}: keep those of the rates")
    lines = max(data.count(b"\n"), data.count(b"\r"))
    if lines * widest > FREE_CELLS and len(data) < MIN_CELL_BYTES * lines * widest:
        raise SheetError(
            f"{file} has {lines} lines and {widest} columns, and hardly anything in them: delete the blank"
            " rows and columns, or export it again"
        )


def _sample(data: bytes) -> str:
    head = data[:_SAMPLE_BYTES]
    encoding = next((name for bom, name in _BOMS if head.startswith(bom)), None)
    if encoding is not None:
        return head.decode(encoding, errors="ignore").removeprefix("\ufeff")
    # UTF-16 without a mark is ASCII with zero bytes, as far as separators go.
    return head.replace(b"\0", b"").decode("utf-8", errors="ignore")


def _check_accents(sample: str, file: str) -> None:
    for foreign in _FOREIGN.finditer(sample):
        run = 0
        for character in foreign[0]:
            run = run + 1 if unicodedata.combining(character) else 0
            if run > MAX_ACCENTS:
                line = sample.count("\n", 0, foreign.start()) + 1
                raise SheetError(
                    f"{file}, line {line}: a letter bears more than {MAX_ACCENTS} accents: correct the cell"
                )


class _Shape(NamedTuple):
    """The first rows of a text, split by one separator."""

    header: int  # cells of the widest row that names a prefix; 0 for none
    usual: int  # cells that most rows have
    agreeing: int  # how many rows that is, if it is more than one cell


def _shape(sample: str, delimiter: str, score: Callable[[Sequence[str]], int]) -> _Shape:
    header, widths = 0, Counter[int]()
    records = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    try:
        for cells in islice(records, HEADER_SEARCH_ROWS):
            widths[len(cells)] += 1
            if len(cells) > header and score(cells):
                header = len(cells)
    except csv.Error:
        pass  # a cell longer than the module's limit stands below any header
    usual, agreeing = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
    return _Shape(header, usual, agreeing if usual > 1 else 0)
