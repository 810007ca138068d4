#!/usr/bin/env bash
# How many pulses of 6 seconds are full: // is the whole quotient of integers, but of DECIMALs it is the same as /.
# The remainder of % goes with the whole quotient in both, so quotient and remainder no longer add up to the duration.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install duckdb==2.0.1
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import sys
from decimal import Decimal
from importlib.metadata import version

import duckdb

ask = "select {0} // 6, typeof({0} // 6), {0} % 6"
whole = duckdb.sql(ask.format("61")).fetchall()[0]
exact = duckdb.sql(ask.format("61.5::decimal(9, 1)")).fetchall()[0]
print(f"duckdb {version('duckdb')}: 61 // 6 is {whole[0]} ({whole[1]}), rest {whole[2]}")
print(f"61.5 // 6 expected 10, rest 1.5 (as Python's Decimal: {Decimal('61.5') // 6}): {exact[0]} ({exact[1]}), rest {exact[2]}")
sys.exit(not (whole[0] == 10 and exact[0] == 10.25 and exact[2] == Decimal("1.5")))
PYTHON
