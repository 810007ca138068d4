#!/usr/bin/env bash
# Appending to a lake: prices with too many places are refused, but fractions of seconds are cut off in silence,
# and numbers that came as floats are written into a column of texts with a point and a nought.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install deltalake==1.6.6 pyarrow==26.0.1
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import sys
from decimal import Decimal
from importlib.metadata import version

import pyarrow as pa
from deltalake import DeltaTable, write_deltalake
from deltalake.exceptions import DeltaError


def appended(name, first, more):
    """What stands in the table's one column after `more` went below `first`, or the refusal."""
    folder = f"{sys.argv[1]}/{name}"
    write_deltalake(folder, pa.table({name: first}))
    try:
        write_deltalake(folder, pa.table({name: more}), mode="append")
    except DeltaError as error:
        return type(error).__name__
    return [value for value in pa.table(DeltaTable(folder).to_pyarrow_table())[name].to_pylist() if value not in first.to_pylist()]


charge = appended("charge", pa.array([Decimal("1.00")], pa.decimal128(18, 2)), pa.array([Decimal("0.1259")], pa.decimal128(18, 4)))
seconds = appended("seconds", pa.array([61], pa.int64()), pa.array([59.9]))
number = appended("number", pa.array(["+919812345679"]), pa.array([919812345678.0]))
print(f"deltalake {version('deltalake')}: expected all three to be refused alike")
print(f"0.1259 below DECIMAL(18, 2): {charge}; 59.9 below whole seconds: {seconds}; a float below texts: {number}")
sys.exit(not (charge == "SchemaMismatchError" and seconds == [59] and number == ["919812345678.0"]))
PYTHON
