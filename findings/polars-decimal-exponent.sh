#!/usr/bin/env bash
# Decimal.normalize() writes one hundred as 1E+2, and a Series compares a whole column of charges with it wrongly.
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

charges = [Decimal("5.25"), Decimal("100.00"), Decimal("250.00")]
limit = Decimal("100.00").normalize()
expected = [charge < limit for charge in charges]
series = pl.Series("charge", charges)
found = (series < limit).to_list()
lazily = series.to_frame().select(pl.col("charge") < limit).to_series().to_list()
print(f"polars {version('polars')}: {[str(charge) for charge in charges]} < {limit}")
print(f"expected {expected}, an expression gives {lazily}, the Series itself {found}")
sys.exit(not (found != expected and lazily == expected))
PYTHON
