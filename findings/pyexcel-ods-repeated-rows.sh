#!/usr/bin/env bash
# Rows that are alike and stand together are written once in an OpenDocument sheet, with a count. Three free calls come back as one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install pyexcel-ods==0.6.0 odfpy==1.4.1 python-calamine==0.9.1
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import sys
from importlib.metadata import version

import pyexcel_ods
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from python_calamine import CalamineWorkbook

path = f"{sys.argv[1]}/calls.ods"
book = OpenDocumentSpreadsheet()
sheet = Table(name="calls")
for to, times in (("to", 1), ("1800", 3), ("112", 1)):
    row = TableRow(numberrowsrepeated=str(times))
    cell = TableCell(valuetype="string")
    cell.addElement(P(text=to))
    row.addElement(cell)
    sheet.addElement(row)
book.spreadsheet.addElement(sheet)
book.save(path)
expected = CalamineWorkbook.from_path(path).get_sheet_by_name("calls").to_python()
found = pyexcel_ods.get_data(path)["calls"]
print(f"pyexcel-ods {version('pyexcel-ods')}: expected {expected}, as python-calamine {version('python-calamine')} reads it")
print(f"found {found}")
sys.exit(not (len(expected) == 5 and len(found) == 3))
PYTHON
