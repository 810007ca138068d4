#!/usr/bin/env bash
# A sheet read as text, as numbers and prefixes need it: a duration of 25 hours in the format [h]:mm:ss becomes a day in 1900.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install fastexcel==0.21.0 openpyxl==3.1.5 pyarrow==26.0.1
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import sys
from importlib.metadata import version

import fastexcel
import openpyxl

path = f"{sys.argv[1]}/calls.xlsx"
book = openpyxl.Workbook()
book.active.append(["to", "duration"])
for hours in (25, 1):
    book.active.append(["919812345678", hours / 24])
    book.active.cell(book.active.max_row, 2).number_format = "[h]:mm:ss"
book.save(path)
texts = fastexcel.read_excel(path).load_sheet(0, dtypes="string").to_arrow()["duration"].to_pylist()
typed = fastexcel.read_excel(path).load_sheet(0).to_arrow()["duration"].to_pylist()
print(f"fastexcel {version('fastexcel')}: typed {[str(value) for value in typed]}")
print(f"expected durations such as 25:00:00 and 1:00:00 as texts: {texts}")
sys.exit(not any(text.startswith(("1899", "1900")) for text in texts))
PYTHON
