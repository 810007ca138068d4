#!/usr/bin/env bash
# A rate sheet fetched row by row: a price with more places than those of the first hundred rows is rounded to theirs.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install polars==2.1.0
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import sys
from decimal import Decimal
from importlib.metadata import version

import polars as pl

rates = [Decimal("0.45")] * 150 + [Decimal("0.4567")]
by_rows = pl.DataFrame([(rate,) for rate in rates], schema=["rate"], orient="row")["rate"]
by_column = pl.DataFrame({"rate": rates})["rate"]
print(f"polars {version('polars')}: the last of {len(rates)} rates is {rates[-1]}")
print(f"given as a column it is {by_column[-1]} ({by_column.dtype}), given as rows {by_rows[-1]} ({by_rows.dtype})")
sys.exit(not (by_column[-1] == rates[-1] and Decimal(str(by_rows[-1])) != rates[-1]))
PYTHON
