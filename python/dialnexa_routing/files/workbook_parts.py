"""The parts of a workbook in the format of 2007: which part each sheet stands in."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from dialnexa_routing.files.number_formats import unescaped

if TYPE_CHECKING:
    import zipfile

MAIN = "xl/workbook.xml"
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")


def sheet_parts(archive: zipfile.ZipFile, book: bytes, names: set[str]) -> dict[str, str]:
    """The part that each sheet stands in; `book` is the main part, `names` are those of all parts."""
    relations = "xl/_rels/workbook.xml.rels"
    if relations not in names:
        return {}
    targets = {}
    for found in _RELATION.findall(archive.read(relations)):
        target = attribute(found, b"Target")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        targets[attribute(found, b"Id")] = path
    found_sheets = {}
    for found in _SHEET.findall(book):
        relation = re.search(rb"\w+:id=[\"']([^\"']*)[\"']", found)
        if relation:
            name = attribute(found, b"name")
            found_sheets[name] = targets.get(relation[1].decode("utf-8", errors="replace"), "")
    return {sheet: part for sheet, part in found_sheets.items() if part in names}


def attribute(tag: bytes, name: bytes) -> str:
    """An attribute of a tag; an empty text where it has none.

    >>> attribute(b'<col min="3" hidden="1"/>', b"hidden")
    '1'
    """
    found = re.search(rb"\b" + name + rb"=(?:\"([^\"]*)\"|'([^']*)')", tag)
    return unescaped(found[1] or found[2] or b"") if found else ""


def column_of(letters: bytes) -> int:
    """The place of a column, 0 for A.

    >>> column_of(b"A"), column_of(b"IV")
    (0, 255)
    """
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
