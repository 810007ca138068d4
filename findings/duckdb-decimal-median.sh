#!/usr/bin/env bash
# The median of an even number of DECIMAL prices is cut to the places of its column, where every cast rounds.
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

rates = "(values (0.10::decimal(9, 2)), (0.21)) t(rate)"
found, mean, cast, double = duckdb.sql(
    f"select median(rate), avg(rate), 0.155::decimal(9, 2), median(rate::double) from {rates}"
).fetchall()[0]
print(f"duckdb {version('duckdb')}: of 0.10 and 0.21 the median as DOUBLE is {double}, avg {mean}")
print(f"expected 0.155 or, as a cast rounds it, {cast}: {found}")
sys.exit(not (found == Decimal("0.15") and cast == Decimal("0.16")))
PYTHON
