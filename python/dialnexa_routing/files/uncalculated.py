"""Formulas of a workbook that nobody has calculated: what stands in their cells is no value.

A program that writes formulas leaves nothing behind them, or a zero, and asks whoever opens the file
to calculate it. Without a value a formula was never calculated; with a zero it was not where the
workbook asks for that. A zero in a workbook that a spreadsheet program saved is a zero.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile

_ASKS = re.compile(rb"<(?:\w+:)?calcPr\b[^>]*\bfullCalcOnLoad=[\"'](?:1|true)[\"']")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*[^/>])>(.*?)</(?:\w+:)?c>", re.DOTALL)
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>/]*>([^<]*)</")
_ZERO = re.compile(rb"\s*-?0*(?:\.0*)?(?:[eE][+-]?[0-9]+)?\s*")
_PLACE = re.compile(rb"\br=[\"']([A-Z]+)([0-9]+)[\"']")
_MAIN = "xl/workbook.xml"


def uncalculated(data: bytes) -> dict[str, dict[int, str]]:
    """Of each sheet the columns, from 0, with a formula that was never calculated, and its first cell."""
    if data[:4] != b"PK\x03\x04":
        return {}  # of the formats before 2007 nothing is known
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        if _MAIN not in names:
            return {}
        book = archive.read(_MAIN)
        asks = bool(_ASKS.search(book))
        return {
            sheet: found
            for sheet, part in _parts(archive, book, names).items()
            if part in names and (found := _cells(archive.read(part), asks=asks))
        }


def _parts(archive: zipfile.ZipFile, book: bytes, names: set[str]) -> dict[str, str]:
    """The part that each sheet stands in."""
    relations = "xl/_rels/workbook.xml.rels"
    if relations not in names:
        return {}
    targets = {}
    for found in _RELATION.findall(archive.read(relations)):
        target = _attribute(found, b"Target")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        targets[_attribute(found, b"Id")] = path
    found_sheets = {}
    for found in _SHEET.findall(book):
        relation = re.search(rb"\w+:id=[\"']([^\"']*)[\"']", found)
        if relation:
            name = _attribute(found, b"name")
            found_sheets[name] = targets.get(relation[1].decode("utf-8", errors="replace"), "")
    return found_sheets


def _attribute(tag: bytes, name: bytes) -> str:
    found = re.search(rb"\b" + name + rb"=(?:\"([^\"]*)\"|'([^']*)')", tag)
    text = (found[1] or found[2] or b"").decode("utf-8", errors="replace") if found else ""
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(entity, character)
    return text


def _cells(sheet: bytes, *, asks: bool) -> dict[int, str]:
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
            found.setdefault(_column(place[1]), (place[1] + place[2]).decode())
    return found


def _text(attributes: bytes) -> bool:
    """Whether the cell holds a text, an error or a truth: an empty text is a value too."""
    return bool(re.search(rb"\bt=[\"'](?:str|s|inlineStr|e|b)[\"']", attributes))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
