"""A .xlsb and an .ods of one sheet, made by hand, so that the tests need no program that writes them."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from hostile_workbooks import packed

if TYPE_CHECKING:
    from collections.abc import Sequence

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OPEN = "urn:oasis:names:tc:opendocument:xmlns"


def ods(rows: Sequence[Sequence[str]]) -> bytes:
    """An OpenDocument sheet of texts, with the blank columns and rows that programs write behind them."""

    def cell(text: str) -> str:
        return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'

    spare = '<table:table-cell table:number-columns-repeated="200"/>'
    body = "".join(f"<table:table-row>{''.join(map(cell, row))}{spare}</table:table-row>" for row in rows)
    blank = f'<table:table-row table:number-rows-repeated="500">{spare}</table:table-row>'
    names = " ".join(f'xmlns:{name}="{_OPEN}:{name}:1.0"' for name in ("office", "table", "text"))
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    entry = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
    return packed(
        {
            "mimetype": kind,
            "content.xml": f"<office:document-content {names}><office:body><office:spreadsheet>"
            f'<table:table table:name="Rates">{body}{blank}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{_OPEN}:manifest:1.0">{entry}'
            "</manifest:manifest>",
        }
    )


def xlsb(rows: Sequence[Sequence[str]]) -> bytes:
    """A binary workbook of texts: records of a number, a length, and their bytes."""
    sheet = _record(0x81) + _record(0x94, struct.pack("<4I", 0, len(rows) - 1, 0, len(rows[0]) - 1))
    sheet += _record(0x91)
    for number, row in enumerate(rows):
        sheet += _record(0, struct.pack("<IIHBBBI", number, 0, 300, 0, 0, 0, 0))
        for column, text in enumerate(row):
            sheet += _record(6, struct.pack("<II", column, 0) + _wide(text))
    sheet += _record(0x92) + _record(0x82)
    book = _record(0x83) + _record(0x8F)
    book += _record(0x9C, struct.pack("<II", 0, 1) + _wide("rId1") + _wide("Rates"))
    book += _record(0x90) + _record(0x84)
    kind = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
    return packed(
        {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
            f'<Default Extension="bin" ContentType="{kind}"/></Types>',
            "_rels/.rels": _relation(f"{_OFFICE}/officeDocument", "xl/workbook.bin"),
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": _relation(f"{_OFFICE}/worksheet", "worksheets/sheet1.bin"),
            "xl/worksheets/sheet1.bin": sheet,
        }
    )


def _relation(kind: str, target: str) -> str:
    one = f'<Relationship Id="rId1" Type="{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{one}</Relationships>'


def _record(number: int, data: bytes = b"") -> bytes:
    head = bytes([number]) if number < 0x80 else bytes([number & 0x7F | 0x80, number >> 7])
    size = len(data)
    while size > 0x7F:
        head += bytes([size & 0x7F | 0x80])
        size >>= 7
    return head + bytes([size]) + data


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")
