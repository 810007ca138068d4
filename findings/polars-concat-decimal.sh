#!/usr/bin/env bash
# Two rate sheets, one with two places and one with four, put below one another: the second loses its last two.
# pl.concat refuses a column of whole numbers below one of fractions, since the types differ; Decimals it rounds.
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

coarse = pl.DataFrame({"rate": [Decimal("0.45")]})
fine = pl.DataFrame({"rate": [Decimal("0.4567")]})
try:
    pl.concat([pl.DataFrame({"rate": [1]}), pl.DataFrame({"rate": [0.5]})])
    refused = False
except pl.exceptions.PolarsError:
    refused = True
found = pl.concat([coarse, fine])["rate"].to_list()
turned = pl.concat([fine, coarse])["rate"].to_list()
print(f"polars {version('polars')}: Int64 below Float64 is {'refused' if refused else 'taken'}")
print(f"expected 0.4567 to be kept or refused: {[str(rate) for rate in found]}, the other way round {[str(rate) for rate in turned]}")
sys.exit(not (refused and found[1] != Decimal("0.4567") and turned[0] == Decimal("0.4567")))
PYTHON
