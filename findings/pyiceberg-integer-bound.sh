#!/usr/bin/env bash
# Records by their seconds: a bound with a fraction loses it before it is compared with a column of whole numbers.
# The same bound against a column of Decimals with too few places is refused.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install 'pyiceberg[sql-sqlite]==0.12.0' pyarrow==26.0.1
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import sys
from decimal import Decimal
from importlib.metadata import version

import pyarrow as pa
from pyiceberg.catalog.sql import SqlCatalog

records = pa.table({
    "seconds": pa.array([6, 12, 18], pa.int64()),
    "charge": pa.array([Decimal("0.10"), Decimal("0.20"), Decimal("0.30")], pa.decimal128(18, 2)),
})
catalog = SqlCatalog("invented", uri=f"sqlite:///{sys.argv[1]}/catalog.db", warehouse=f"file://{sys.argv[1]}")
catalog.create_namespace("calls")
table = catalog.create_table("calls.records", schema=records.schema)
table.append(records)


def found(wanted):
    return table.scan(row_filter=wanted).to_arrow()["seconds"].to_pylist()


try:
    found("charge < 0.205")
    refused = False
except ValueError as error:
    refused = str(error)
below, equal = found("seconds < 12.5"), found("seconds = 12.5")
print(f"pyiceberg {version('pyiceberg')}: seconds are [6, 12, 18]; charge < 0.205 is refused: {refused}")
print(f"seconds < 12.5 expected [6, 12]: {below}; seconds = 12.5 expected []: {equal}")
sys.exit(not (below == [6] and equal == [12] and refused))
PYTHON
