#!/usr/bin/env bash
# A rated call is billed on the day of its answer, by the clock of the country: `to_date` in a session of that zone.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder"
"$folder/bin/pip" --quiet --disable-pip-version-check install \
    pysail==0.7.2 pyspark-client==4.2.0 pandas==3.0.0 pyarrow==26.0.1
FOLDER=$folder "$folder/bin/python" -W ignore - 2> "$folder/log" <<'PYTHON'
import os
import sys
from datetime import datetime, timezone
from importlib.metadata import version

import pyarrow as pa
import pyarrow.parquet as pq
from pysail.spark import SparkConnectServer
from pyspark.sql import SparkSession

answered = datetime(2026, 11, 20, 20, 0, tzinfo=timezone.utc)  # 01:30 on the 21st in Kolkata
calls = os.environ["FOLDER"] + "/calls.parquet"
pq.write_table(pa.table({"t": pa.array([answered], pa.timestamp("us", "UTC"))}), calls)
server = SparkConnectServer(ip="127.0.0.1", port=0)
server.start(background=True)
session = SparkSession.builder.remote(f"sc://127.0.0.1:{server.listening_address[1]}").create()
session.conf.set("spark.sql.session.timeZone", "Asia/Kolkata")
asked = "unix_micros(t) AS instant", "cast(to_date(t) AS string) AS day"
[read] = session.read.parquet(calls).selectExpr(*asked).collect()
[written] = session.sql("SELECT TIMESTAMP '2026-11-21 01:30:00' AS t").selectExpr(*asked).collect()
session.stop()
server.stop()
print(f"Sail {version('pysail')}, PySpark {version('pyspark-client')}, session in Asia/Kolkata")
print(f"one instant, expected: one day; read from Parquet {read.day}, written in SQL {written.day}")
same = read.instant == written.instant == int(answered.timestamp()) * 10**6
sys.exit(not (same and (read.day, written.day) == ("2026-11-20", "2026-11-21")))
PYTHON
