#!/usr/bin/env bash
# Two tables of time zones in one process: Polars' own, compiled in, and the one that zoneinfo reads.
# British Columbia keeps one time from November 2026 on; a release of tzdata knows it, Polars 2.1.0 does not.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder"
"$folder/bin/pip" --quiet --disable-pip-version-check install polars==2.1.0 tzdata==2026.6
PYTHONTZPATH="" "$folder/bin/python" - <<'PYTHON'
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from zoneinfo import ZoneInfo

import polars as pl

zone = "America/Vancouver"
at = datetime(2026, 12, 1, 7, 30, tzinfo=UTC)
of_python = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
of_polars = pl.Series([at]).dt.convert_time_zone(zone).dt.replace_time_zone(None)[0]
print(f"polars {version('polars')}, tzdata {version('tzdata')}")
print(f"{at.isoformat()} in {zone}: {of_python} by zoneinfo, {of_polars} by Polars")
sys.exit(of_python == of_polars)
PYTHON
