#!/usr/bin/env bash
# Files of old Macintosh programs, and of some telephone systems, end their lines in CR alone.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder"
"$folder/bin/pip" --quiet --disable-pip-version-check install polars==2.1.0
"$folder/bin/python" - <<'PYTHON'
import csv
import io
import sys
from importlib.metadata import version

import polars as pl

text = "to,seconds,note\r919812345678,61,first\r919812345679,5,second\r"
expected = len(list(csv.DictReader(io.StringIO(text, newline=""))))
found = pl.read_csv(io.BytesIO(text.encode()), infer_schema=False)
print(f"polars {version('polars')}: {expected} rows by Python's csv, {found.height} by Polars, columns {found.columns}")
sys.exit(found.height == expected)
PYTHON
