"""Workbooks that kill, exhaust or mislead those who read them; each is made in memory, and small."""

from __future__ import annotations

import copy
import io
import zipfile
from typing import TYPE_CHECKING

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


_LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)
)
_SPACES = " " * (60 << 20)
_MANY = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(3, 60_000))
_LONGER = "x" * (2 << 20)
_LONG = "<si><t>" + "x" * 900_000 + "</t></si>"
_FAR = '<row r="1048576">{}</row>'

READ = "read"
"""What is expected of a file that does nothing but look hostile."""

WORKBOOKS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "far corner": ("row 1048576 and column 16384", lambda: book(_FAR.format(cell("XFD1048576", "x")))),
    "far row": ("row 9999999", lambda: book(_FAR.format(cell("A9999999", "x")))),
    "row with 5000 digits": ("row 9999999999", lambda: book(f'<row r="{"9" * 5000}"/>')),
    "far row of ten columns": ("10 with 7 cells", lambda: book(_FAR.format(cell("J1048576", "x")))),
    "far cell in another part": (
        "column 16384",
        lambda: packed(parts(sheet(HEADER + _FAR.format(cell("XFD9", "x"))), target="media/image1.png")),
    ),
    "far cell, spelt oddly": (
        "column 16384",
        lambda: book("<row>\n<x:c\ts='1'\n r = 'xfd3' ><v>1</v></x:c></row>"),
    ),
    "cells without places": (
        "cells in it",
        lambda: book("<row>" + "<c><v>1</v></c>" * 100_000 + "</row>", method=_AS_IS),
    ),
    "megabyte cell": (
        "cell of more than 1 MB",
        lambda: book(f'<row r="3">{cell("A3", _LONGER)}</row>', method=_AS_IS),
    ),
    "megabyte shared text": (
        "cell of more than 1 MB",
        lambda: packed(parts(shared=f"<si><t>{_LONGER}</t></si>"), method=_AS_IS),
    ),
    "one long text in 60,000 cells": (
        "MB that a file",
        lambda: packed(parts(sheet(HEADER + _MANY), shared=_LONG)),
    ),
    "zip bomb": ("200 times its size", lambda: packed(parts(sheet(HEADER + _SPACES)))),
    "zip bomb that understates itself": (
        "not a readable workbook",
        lambda: packed(parts(sheet(HEADER + _SPACES)), _understated),
    ),
    "zip bomb in a picture": (
        "200 times its size",
        lambda: packed({**parts(), "xl/media/image1.png": bytes(60 << 20)}),
    ),
    "1,500 parts": ("1000 parts", lambda: packed(parts() | {f"xl/x{n}.xml": "<x/>" for n in range(1500)})),
    "one part shown 300 times": ("as several sheets", lambda: packed(parts(shown=300))),
    "parts that overlap": ("overlap", lambda: packed(parts(), _twice)),
    "a part twice": ("sheet1.xml' twice", _repeated),
    "a part outside": ("leads out", lambda: packed({**parts(), "../../outside": "x"})),
    "an absolute part": ("leads out", lambda: packed({**parts(), "/etc/outside": "x"})),
    "entity bomb": (
        "declares entities",
        lambda: packed(parts(f"{_LAUGHS}]>" + sheet(HEADER + f'<row r="2">{cell("A2", "&j;")}</row>'))),
    ),
    "entity in the texts": (
        "declares entities",
        lambda: packed(parts(shared="<!ENTITY x SYSTEM 'file:///etc/hostname'><si><t>&x;</t></si>")),
    ),
    "undeclared entity": ("not a readable", lambda: book(f'<row r="3">{cell("A3", "&lol;")}</row>')),
    "UTF-16 markup": ("is not UTF-8", lambda: packed(parts(sheet(HEADER).encode("utf-16")))),
    "password flag": ("has a password", lambda: packed(parts(), _locked)),
    "bzip2 inside": ("no workbook uses", lambda: packed(parts(), method=zipfile.ZIP_BZIP2)),
    "binary workbook": (".xlsb", lambda: packed({**parts(), "xl/workbook.bin": b"\x83\1\0"})),
    "OpenDocument": ("OpenDocument", lambda: packed({"mimetype": "x", "content.xml": "<x/>"})),
    "a zip of something else": ("no xl/workbook.xml", lambda: packed({"sheet.csv": "prefix\n91\n"})),
    "cut in the middle": ("not a readable workbook", lambda: packed(parts())[:600]),
    "no such shared text": ("", lambda: book('<row r="3"><c r="A3" t="s"><v>999999999</v></c></row>')),
    "markup that never ends": ("not a readable", lambda: packed(parts(sheet(HEADER)[:-40]))),
    "50,000 open tags": ("", lambda: book("<row>" + "<is>" * 50_000)),
    "200,000 tags that never close": ("", lambda: book("<c " * 200_000)),
    "dimension that overstates": (READ, lambda: book("", before='<dimension ref="A1:XFD1048576"/>')),
    "merged to the far corner": (
        READ,
        lambda: book("", after='<mergeCells count="1"><mergeCell ref="D1:XFD1048576"/></mergeCells>'),
    ),
    "formats to the far corner": (READ, lambda: book(_FAR.format('<c r="XFD1048576" s="0"/>'))),
    "dates from 1904": (READ, lambda: packed(parts(settings='<workbookPr date1904="1"/>'))),
}
