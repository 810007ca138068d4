"""Formulas of a workbook that nobody has calculated: what stands in their cells is no value.

A program that writes formulas leaves nothing behind them, or a zero, and asks whoever opens the file
to calculate it. Without a value a formula was never calculated; with a zero it was not where the
workbook asks for that. A zero in a workbook that a spreadsheet program saved is a zero.
"""

from __future__ import annotations

import re

from dialnexa_routing.files.workbook_parts import column_of

_ASKS = re.compile(rb"<(?:\w+:)?calcPr\b[^>]*\bfullCalcOnLoad=[\"'](?:1|true)[\"']")
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*[^/>])>(.*?)</(?:\w+:)?c>", re.DOTALL)
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>/]*>([^<]*)</")
_ZERO = re.compile(rb"\s*-?0*(?:\.0*)?(?:[eE][+-]?[0-9]+)?\s*")
_PLACE = re.compile(rb"\br=[\"']([A-Z]+)([0-9]+)[\"']")


def asks_to_calculate(book: bytes) -> bool:
    """Whether the main part of a workbook asks whoever opens it to calculate its formulas."""
    return _ASKS.search(book) is not None


def uncalculated(sheet: bytes, *, asks: bool) -> dict[int, str]:
    """The columns, from 0 for A, with a formula that was never calculated, and the first cell of each.

    `sheet` is the markup of one sheet, `asks` whether the workbook asks to be calculated.
    """
    found: dict[int, str] = {}
    if not _FORMULA.search(sheet):
        return found
    for cell in _CELL.finditer(sheet):
        attributes, body = cell[1], cell[2]
        if not _FORMULA.search(body) or _text(attributes):
            continue
        value = _VALUE.search(body)
        held = value[1].strip() if value else b""
        place = _PLACE.search(attributes)
        if place and (not held or (asks and _ZERO.fullmatch(held))):
            found.setdefault(column_of(place[1]), (place[1] + place[2]).decode())
    return found


def _text(attributes: bytes) -> bool:
    """Whether the cell holds a text, an error or a truth: an empty text is a value too."""
    return bool(re.search(rb"\bt=[\"'](?:str|s|inlineStr|e|b)[\"']", attributes))
