#!/usr/bin/env bash
# A price a minute made into one a second. Divided by the integer 60 it keeps some twenty places; divided by the
# same number as a Decimal it is cut (not rounded) to so few places that an hour of such seconds costs less than 60 minutes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder"
"$folder/bin/pip" --quiet --disable-pip-version-check install pandas==3.1.1 pyarrow==26.0.1
"$folder/bin/python" - <<'PYTHON'
import sys
from decimal import Decimal
from importlib.metadata import version

import pandas as pd
import pyarrow as pa

minute = pd.Series([Decimal("0.10")], dtype=pd.ArrowDtype(pa.decimal128(9, 2)))
by_integer, by_decimal = (minute / 60)[0], (minute / Decimal("60"))[0]
print(f"pandas {version('pandas')}, pyarrow {version('pyarrow')}: 0.10 divided by 60 is {by_integer}")
print(f"divided by Decimal('60') expected the same: {by_decimal}")
print(f"3600 such seconds, expected 6: {3600 * by_integer} and {3600 * by_decimal}")
sys.exit(not (round(3600 * by_integer, 6) == 6 and 3600 * by_decimal == Decimal("5.976")))
PYTHON
