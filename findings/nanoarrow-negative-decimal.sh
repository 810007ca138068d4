#!/usr/bin/env bash
# A refund is a charge below nought: its Arrow decimal is read without its sign.
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

charges = pa.array([Decimal("1.25"), Decimal("-1.25")], pa.decimal128(9, 2))
found = nanoarrow.Array(charges).to_pylist()
print(f"nanoarrow {version('nanoarrow')}: {[str(charge) for charge in charges.to_pylist()]} by pyarrow")
print(f"expected the same: {[str(charge) for charge in found]}")
sys.exit(not (found[0] == Decimal("1.25") and found[1] > 10**30))
PYTHON
