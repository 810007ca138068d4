#!/usr/bin/env bash
# Durations in an OpenDocument sheet: those of a day and more are read as missing, and as text all of them are.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install fastexcel==0.21.0 odfpy==1.4.1 pyarrow==26.0.1
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import sys
from importlib.metadata import version

import fastexcel
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

path = f"{sys.argv[1]}/calls.ods"
book = OpenDocumentSpreadsheet()
sheet = Table(name="calls")
cells = [("duration", {"valuetype": "string"})]
cells += [(shown, {"valuetype": "time", "timevalue": written}) for shown, written in (("00:01:01", "PT00H01M01S"), ("25:00:01", "PT25H00M01S"))]
for shown, kind in cells:
    row, cell = TableRow(), TableCell(**kind)
    cell.addElement(P(text=shown))
    row.addElement(cell)
    sheet.addElement(row)
book.spreadsheet.addElement(sheet)
book.save(path)
typed, texts = (
    fastexcel.read_excel(path).load_sheet(0, dtypes=kind).to_arrow()["duration"].to_pylist() for kind in (None, "string")
)
print(f"fastexcel {version('fastexcel')}: expected 0:01:01 and 25 hours and a second")
print(f"typed {[str(value) for value in typed]}, as text {texts}")
sys.exit(not (typed[0] is not None and typed[1] is None and texts == [None, None]))
PYTHON
