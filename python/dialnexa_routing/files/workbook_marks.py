"""What a workbook says of its cells beside their values: hidden, merged, shown as money, not calculated.

Readers of workbooks give values alone. A price in dollars by its format, a row that a filter hides and a
cell that stands for several rows are all in the markup, so it is searched; places count as `Grid` has them.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from typing import TYPE_CHECKING

from dialnexa_routing.files.number_formats import shown_by_styles
from dialnexa_routing.files.ods_marks import PART, ods_marks
from dialnexa_routing.files.sheet_marks import Marks, stretches
from dialnexa_routing.files.uncalculated import asks_to_calculate, uncalculated
from dialnexa_routing.files.workbook_parts import MAIN, attribute, column_of, sheet_parts

if TYPE_CHECKING:
    from collections.abc import Mapping

_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_MERGED = re.compile(
    rb"<(?:\w+:)?mergeCell\b[^>]*\bref=[\"']([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"
)
_USUAL = rb'<c r="([A-Z]{1,3})([0-9]{1,7})" s="(%s)"(?: t="([A-Za-z]+)")?(/?)>'
_ANY = (
    rb"<(?:\w+:)?c\b(?=[^>]*\br=[\"']([A-Z]{1,3})([0-9]{1,7})[\"'])(?=[^>]*\bs=[\"'](%s)[\"'])"
    rb"(?=(?:[^>]*\bt=[\"']([A-Za-z]+)[\"'])?)[^>]*?(/?)>"
)
_NUMBER = re.compile(rb"\br=[\"']([0-9]{1,7})[\"']")
_HIDDEN = re.compile(rb"\bhidden=[\"'](?:1|true)[\"']|\b(?:ht|width)=[\"']0(?:\.0*)?[\"']")
_FILTERED = re.compile(rb"\bfilterMode=[\"'](?:1|true)[\"']|<(?:\w+:)?filterColumn\b")


def marks_of(data: bytes, heads: Mapping[str, int], firsts: Mapping[str, int]) -> dict[str, Marks]:
    """The marks of each sheet of a workbook; none of the formats that are not read here.

    Args:
        data: the workbook.
        heads: the row of each sheet's head, from 0, below which formats count.
        firsts: the first column of each sheet, from 0, that holds anything: columns count from it.
    """
    if data[:4] != b"PK\x03\x04":
        return {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        if PART in names:
            return ods_marks(archive.read(PART), heads, firsts)
        if MAIN not in names:
            return {}
        book = archive.read(MAIN)
        asks = asks_to_calculate(book)
        styles = shown_by_styles(archive.read("xl/styles.xml")) if "xl/styles.xml" in names else {}
        found = {}
        for sheet, part in sheet_parts(archive, book, names).items():
            markup = archive.read(part)
            found[sheet] = _marks(markup, styles, heads.get(sheet, -1))
            found[sheet].formulas = uncalculated(markup, asks=asks)
            found[sheet].count_from(firsts.get(sheet, 0))
        return found


def _marks(markup: bytes, styles: Mapping[int, str], head: int) -> Marks:
    marks = Marks()
    if b"hidden=" in markup or b' ht="0' in markup or b' width="0' in markup:
        marks.hidden_rows = stretches(
            (int(number[1]) - 1, int(number[1]) - 1)
            for row in _ROW.finditer(markup)
            if _HIDDEN.search(row[1]) and (number := _NUMBER.search(row[1]))
        )
        marks.filtered = bool(marks.hidden_rows) and _FILTERED.search(markup) is not None
        for column in _COLUMN.findall(markup):
            ends = [attribute(column, name) for name in (b"min", b"max")]
            if _HIDDEN.search(column) and all(end.isascii() and end.isdecimal() for end in ends):
                marks.hidden_columns += range(int(ends[0]) - 1, min(int(ends[1]), 1024))
    if b"mergeCell" in markup:
        for left, top, _, bottom in _MERGED.findall(markup):
            if int(bottom) > int(top):
                marks.merged.append((column_of(left), int(top) - 1, int(bottom) - 1))
    if styles:
        _see_formats(markup, styles, head, marks.shown)
    return marks


def _see_formats(
    markup: bytes, styles: Mapping[int, str], head: int, shown: dict[int, dict[str, int]]
) -> None:
    """Counts the numbers of each column that a format shows as more than a number."""
    numbers = b"|".join(str(style).encode() for style in styles)
    cells = re.findall(_USUAL % numbers, markup)
    if len(cells) < sum(markup.count(mark % style) for style in styles for mark in (b's="%d"', b"s='%d'")):
        cells = re.findall(_ANY % numbers, markup)  # attributes in another order, or quoted in another way
    above = next((at for at, cell in enumerate(cells) if int(cell[1]) > head + 1), len(cells))
    for (letters, style, kind, blank), count in Counter((c[0], *c[2:]) for c in cells[above:]).items():
        if not blank and kind in (b"", b"n"):
            counts = shown.setdefault(column_of(letters), {})
            text = styles[int(style)]
            counts[text] = counts.get(text, 0) + count
