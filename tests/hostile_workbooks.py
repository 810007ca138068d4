"""Workbooks that claim too much, hide something or mislead; each is made in memory, small, and harmless."""

from __future__ import annotations

import copy
import io
import zipfile
from typing import TYPE_CHECKING

from odd_files import READ, Case

if TYPE_CHECKING:
    from collections.abc import Callable

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
    f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
}
_AS_IS = zipfile.ZIP_STORED
SHEET = "xl/worksheets/sheet1.xml"


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


HEADER = '<row r="1">' + cell("A1", "prefix") + cell("B1", "country") + cell("C1", "outbound_rate") + "</row>"
INDIA = '<row r="2">' + cell("A2", "91") + cell("B2", "India") + cell("C2", "0.74") + "</row>"


def sheet(rows: str, before: str = "", after: str = "") -> str:
    return f'<worksheet xmlns="{_MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def parts(
    content: str | bytes = "", *, shared: str = "", settings: str = "", shown: int = 1, target: str = ""
) -> dict[str, str | bytes]:
    """The parts of a workbook whose one sheet is `content`, shown so many times."""
    content = content or sheet(HEADER + INDIA)
    target = target or SHEET.removeprefix("xl/")
    sheets = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, shown + 1))
    relation = f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="{target}"/>'
    made: dict[str, str | bytes] = {
        **_PARTS,
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{settings}'
        f"<sheets>{sheets}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{relation}'
        f'<Relationship Id="rId2" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
        "</Relationships>",
        f"xl/{target}": content,
    }
    if shared:
        made["xl/sharedStrings.xml"] = f'<sst xmlns="{_MAIN}">{shared}</sst>'
    return made


def packed(
    made: dict[str, str | bytes],
    change: Callable[[zipfile.ZipFile], object] = lambda archive: None,
    method: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """The archive of some parts; `change` meddles with its directory before that is written."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name, content in made.items():
            archive.writestr(name, content)
        change(archive)
    return held.getvalue()


def book(rows: str, before: str = "", after: str = "", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    return packed(parts(sheet(HEADER + INDIA + rows, before, after)), method=method)


def _twice(archive: zipfile.ZipFile) -> None:
    entry = copy.copy(archive.getinfo(SHEET))
    entry.filename = entry.orig_filename = "xl/worksheets/sheet2.xml"
    archive.filelist.append(entry)


def _locked(archive: zipfile.ZipFile) -> None:
    archive.getinfo(SHEET).flag_bits |= 1


def _understated(archive: zipfile.ZipFile) -> None:
    archive.getinfo(SHEET).file_size = 100


def _repeated() -> bytes:
    made = packed({**parts(), "xl/worksheets/sheet9.xml": sheet(HEADER)})
    return made.replace(b"sheet9.xml", b"sheet1.xml")


_ENTITY = "<!ENTITY ha 'ha'>"
_SPACES = " " * (64 << 10)
_MANY = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(3, 3000))
_LONGER = "x" * (2 << 20)
_LONG = "<si><t>" + "x" * 20_000 + "</t></si>"
_FAR = '<row r="9">{}</row>'
_NEAR = {"rows": 8, "columns": 4}
_PACKED = {"ratio": 20, "ratio_from": 4096}
_SMALL_READER = {"reader_memory": 8 << 20, "reader_memory_per_byte": 0}

WORKBOOKS: dict[str, Case] = {
    # Of a cell far away a reader may make the whole rectangle up to it.
    "far corner": Case("row 9 and column 5", lambda: book(_FAR.format(cell("E9", "x"))), limits=_NEAR),
    "far row": Case("row 9", lambda: book(_FAR.format(cell("A9", "x"))), limits=_NEAR),
    "row with 5000 digits": Case("row 9999999999", lambda: book(f'<row r="{"9" * 5000}"/>')),
    "more blanks than cells": Case(
        "10 with 7 cells", lambda: book(_FAR.format(cell("J9", "x"))), limits={"spare_cells": 70}
    ),
    "far cell in another part": Case(
        "column 5",
        lambda: packed(parts(sheet(HEADER + _FAR.format(cell("E9", "x"))), target="media/image1.png")),
        limits={"columns": 4},
    ),
    "far cell, spelt oddly": Case(
        "column 5",
        lambda: book("<row>\n<x:c\ts='1'\n r = 'e3' ><v>1</v></x:c></row>"),
        limits={"columns": 4},
    ),
    "cells without places": Case(
        "column 9 with 15 cells in it",
        lambda: book("<row>" + "<c><v>1</v></c>" * 9 + "</row>", method=_AS_IS),
        limits={"columns": 4},
    ),
    "megabyte cell": Case(
        "cell of more than 1 MB",
        lambda: book(f'<row r="3">{cell("A3", _LONGER)}</row>', method=_AS_IS),
    ),
    "megabyte shared text": Case(
        "cell of more than 1 MB",
        lambda: packed(parts(shared=f"<si><t>{_LONGER}</t></si>"), method=_AS_IS),
    ),
    # A reader copies a shared text into every cell that shows it.
    "one long text in 3,000 cells": Case(
        "more than the 8 MB that a file",
        lambda: packed(parts(sheet(HEADER + _MANY), shared=_LONG)),
        limits=_SMALL_READER,
    ),
    "part that unpacks too well": Case(
        "20 times its size", lambda: packed(parts(sheet(HEADER + _SPACES))), limits=_PACKED
    ),
    "part that unpacks to more than it says": Case(
        "not a readable workbook", lambda: packed(parts(sheet(HEADER + _SPACES)), _understated)
    ),
    "picture that unpacks too well": Case(
        "20 times its size",
        lambda: packed({**parts(), "xl/media/image1.png": bytes(64 << 10)}),
        limits=_PACKED,
    ),
    "too much in all": Case(
        "unpacks to more than 1000 parts or 1 MB",
        lambda: packed({**parts(), "xl/media/image1.png": b"a picture" * 130_000}, method=_AS_IS),
        limits={"unpacked_bytes": 1 << 20},
    ),
    "too many parts": Case(
        "more than 10 parts",
        lambda: packed(parts() | {f"xl/x{n}.xml": "<x/>" for n in range(12)}),
        limits={"entries": 10},
    ),
    "one part shown twice": Case("as several sheets", lambda: packed(parts(shown=2))),
    "parts that overlap": Case("overlap", lambda: packed(parts(), _twice)),
    "a part twice": Case("sheet1.xml' twice", _repeated),
    "a part outside": Case("leads out", lambda: packed({**parts(), "../../outside": "x"})),
    "an absolute part": Case("leads out", lambda: packed({**parts(), "/etc/outside": "x"})),
    # Entities may stand for entities, and for files.
    "entity in a sheet": Case(
        "declares entities", lambda: packed(parts(f"<!DOCTYPE x [{_ENTITY}]>" + sheet(HEADER + INDIA)))
    ),
    "entity in the texts": Case(
        "declares entities", lambda: packed(parts(shared=_ENTITY + "<si><t>x</t></si>"))
    ),
    "undeclared entity": Case("not a readable", lambda: book(f'<row r="3">{cell("A3", "&ha;")}</row>')),
    "UTF-16 markup": Case("is not UTF-8", lambda: packed(parts(sheet(HEADER).encode("utf-16")))),
    "password flag": Case("has a password", lambda: packed(parts(), _locked)),
    "bzip2 inside": Case("no workbook uses", lambda: packed(parts(), method=zipfile.ZIP_BZIP2)),
    "a zip of something else": Case("no xl/workbook.xml", lambda: packed({"sheet.csv": "prefix\n91\n"})),
    "cut in the middle": Case("not a readable workbook", lambda: packed(parts())[:600]),
    "no such shared text": Case("", lambda: book('<row r="3"><c r="A3" t="s"><v>999999999</v></c></row>')),
    "markup that never ends": Case("not a readable", lambda: packed(parts(sheet(HEADER)[:-40]))),
    "50,000 open tags": Case("", lambda: book("<row>" + "<is>" * 50_000)),
    "200,000 tags that never close": Case("", lambda: book("<c " * 200_000)),
    "dimension that overstates": Case(READ, lambda: book("", before='<dimension ref="A1:XFD1048576"/>')),
    "merged to the far corner": Case(
        READ,
        lambda: book("", after='<mergeCells count="1"><mergeCell ref="D1:XFD1048576"/></mergeCells>'),
    ),
    "formats to the far corner": Case(READ, lambda: book('<row r="1048576"><c r="XFD1048576" s="0"/></row>')),
    "dates from 1904": Case(READ, lambda: packed(parts(settings='<workbookPr date1904="1"/>'))),
}
