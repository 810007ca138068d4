#!/usr/bin/env bash
# Numbers as E.164 writes them, plus first: not texts, and not integers as the same digits without it, but floats.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder"
"$folder/bin/pip" --quiet --disable-pip-version-check install pyarrow==26.0.1
"$folder/bin/python" - <<'PYTHON'
import io
import sys
from importlib.metadata import version

import pyarrow.csv

with_plus = pyarrow.csv.read_csv(io.BytesIO(b"to\n+919812345678\n+442079460000\n"))["to"]
without = pyarrow.csv.read_csv(io.BytesIO(b"to\n919812345678\n442079460000\n"))["to"]
print(f"pyarrow {version('pyarrow')}: without the plus {without.type}, {without.to_pylist()}")
print(f"expected texts or, the plus being dropped, {without.type}: {with_plus.type}, {with_plus.to_pylist()}")
sys.exit(not (str(without.type) == "int64" and str(with_plus.type) == "double"))
PYTHON
