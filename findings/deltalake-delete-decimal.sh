#!/usr/bin/env bash
# Records to be deleted by price: a bound finer than the column is rounded to the places of the column before it is compared.
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

charges = [Decimal("1.00"), Decimal("1.01"), Decimal("0.50")]
seen = {}
for place, (wanted, bound) in enumerate([("<", "1.004"), ("=", "1.004"), (">=", "1.005")]):
    folder = f"{sys.argv[1]}/{place}"
    write_deltalake(folder, pa.table({"charge": pa.array(charges, pa.decimal128(18, 2))}))
    DeltaTable(folder).delete(f"charge {wanted} {bound}")
    left = sorted(pa.table(DeltaTable(folder).to_pyarrow_table())["charge"].to_pylist())
    test = {"<": Decimal.__lt__, "=": Decimal.__eq__, ">=": Decimal.__ge__}[wanted]
    expected = sorted(charge for charge in charges if not test(charge, Decimal(bound)))
    seen[wanted] = left == expected
    print(f"deltalake {version('deltalake')}: delete charge {wanted} {bound}: expected to stay "
          f"{[str(charge) for charge in expected]}, stayed {[str(charge) for charge in left]}")
sys.exit(all(seen.values()))
PYTHON
