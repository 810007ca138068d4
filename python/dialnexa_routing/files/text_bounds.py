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

from dialnexa_routing import _deck
from dialnexa_routing.files.bounds import USUAL, Bounds, megabytes
from dialnexa_routing.files.grid import HEAD_SEARCH_ROWS
from dialnexa_routing.files.text_form import DELIMITERS
from dialnexa_routing.text.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MIN_CELL_BYTES = 3


def check_text(
    data: bytes,
    file: str,
    score: Callable[[Sequence[str | None]], int],
    bounds: Bounds = USUAL,
    delimiters: Sequence[str] = DELIMITERS,
) -> None:
    """Raises `FileError` when a text in UTF-8 has a line too long, too many columns, blank cells, or accents.

    `score` states how much a row of cells is like a head, 0 if it is none.
    """
    _check_lines(data, file, bounds.line_bytes)
    sample = data[: bounds.sample_bytes].decode("utf-8", errors="ignore")
    if not sample.isascii():
        _check_accents(sample, file, bounds.accents)
    ways = [_shape(sample, delimiter, score) for delimiter in delimiters]
    # Without a head, the separator is the one that most rows agree on.
    widest = max(way.head for way in ways) or max(ways, key=lambda way: way.agreeing).usual
    if widest > bounds.columns:
        raise FileError(
            f"{file} has {widest} columns, more than {bounds.columns}: keep those that are needed"
        )
    lines = max(_deck.counted(data, b"\n\r"))
    if lines * widest > bounds.free_cells and len(data) < MIN_CELL_BYTES * lines * widest:
        raise FileError(
            f"{file} has {lines} lines and {widest} columns, and hardly anything in them: delete the blank"
            " rows and columns, or export it again"
        )


def _check_lines(data: bytes, file: str, most: int) -> None:
    """A cell of a hundred megabytes is copied a dozen times on its way to what it is not."""
    begin = 0
    while len(data) - begin > most:
        end = max(data.rfind(mark, begin, begin + most + 1) for mark in (b"\n", b"\r"))
        if end < 0:
            line = max(data.count(mark, 0, begin) for mark in (b"\n", b"\r")) + 1
            raise FileError(
                f"{file}, line {line} has more than {megabytes(most)}: is a quotation mark left open?"
                " Export it again"
            )
        begin = end + 1


def _check_accents(sample: str, file: str, most: int) -> None:
    for foreign in re.finditer(f"[^\x00-\x7f]{{{most},}}", sample):
        run = 0
        for character in foreign[0]:
            run = run + 1 if unicodedata.combining(character) else 0
            if run > most:
                line = sample.count("\n", 0, foreign.start()) + 1
                raise FileError(
                    f"{file}, line {line}: a letter bears more than {most} accents: correct the cell"
                )


class _Shape(NamedTuple):
    """The first rows of a text, split by one separator."""

    head: int  # cells of the widest row that is like a head; 0 for none
    usual: int  # cells that most rows have
    agreeing: int  # how many rows that is, if it is more than one cell


def _shape(sample: str, delimiter: str, score: Callable[[Sequence[str | None]], int]) -> _Shape:
    head, widths = 0, Counter[int]()
    records = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    try:
        for cells in islice(records, HEAD_SEARCH_ROWS):
            widths[len(cells)] += 1
            if len(cells) > head and score(cells):
                head = len(cells)
    except csv.Error:
        pass  # a cell longer than the module's limit stands below any head
    usual, agreeing = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
    return _Shape(head, usual, agreeing if usual > 1 else 0)
