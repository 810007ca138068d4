#!/usr/bin/env bash
# A slice of a column of charges: its integers are read from where it begins, its decimals from the first row of the whole.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder"
"$folder/bin/pip" --quiet --disable-pip-version-check install nanoarrow==0.9.0 pyarrow==26.0.1
"$folder/bin/python" - <<'PYTHON'
import sys
from decimal import Decimal
from importlib.metadata import version

import nanoarrow
import pyarrow as pa

charges = pa.array([Decimal("0.10"), Decimal("0.20"), Decimal("0.30")], pa.decimal128(9, 2)).slice(1, 2)
seconds = pa.array([10, 20, 30]).slice(1, 2)
found, whole = nanoarrow.Array(charges).to_pylist(), nanoarrow.Array(seconds).to_pylist()
print(f"nanoarrow {version('nanoarrow')}: rows 2 and 3 of integers {whole}")
print(f"expected {[str(charge) for charge in charges.to_pylist()]}, found {[str(charge) for charge in found]}")
sys.exit(not (whole == [20, 30] and found != charges.to_pylist() and found[0] == Decimal("0.10")))
PYTHON
