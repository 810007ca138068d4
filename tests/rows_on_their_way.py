"""A Master.csv read and rated; prints its rows, how many were on their way at most, and the peak in MB.

A script, `rows_on_their_way.py FILE`: what a part of a file is depends on the environment.
"""

from __future__ import annotations

import json
import re
import sys
import threading
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch

import polars as pl

from dialnexa_routing import CallRecords, RateDeck, records
from dialnexa_routing.files import text_stream


class Way:
    """How many rows have gone in and not yet come out."""

    def __init__(self) -> None:
        self.rows = self.on = self.most = 0
        self.lock = threading.Lock()

    def begun(self, cells: pl.Series) -> pl.Series:
        with self.lock:
            self.rows += len(cells)
            self.on += len(cells)
            self.most = max(self.most, self.on)
        return cells

    def ended(self, cells: pl.Series) -> pl.Series:
        with self.lock:
            self.on -= len(cells)
        return cells


def main(path: Path) -> None:
    way = Way()
    as_it_is = text_stream._scan_csv

    def begun(*given: Any) -> pl.LazyFrame:
        first = pl.nth(0).map_batches(way.begun, return_dtype=pl.String, is_elementwise=True)
        return as_it_is(*given).with_columns(first)

    prices = {"prefix": ["91"], "network_group": ["India"], "outbound_rate": [Decimal("0.75")]}
    deck = RateDeck.compile(pl.DataFrame(prices, schema_overrides={"outbound_rate": pl.Decimal(18, 9)}))
    with patch.object(text_stream, "_scan_csv", begun):
        found = CallRecords.read(path, direction="outbound", timezone="Asia/Kolkata")
        rated = records.rate(found.lazy(), deck=deck)
    way.rows = way.on = way.most = 0
    last = pl.col("reason").map_batches(way.ended, return_dtype=pl.String, is_elementwise=True)
    rated.with_columns(last).sink_parquet(path.with_suffix(".parquet"))
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = re.search(r"VmHWM:\s*([0-9]+) kB", status)
    print(json.dumps([way.rows, way.most, int(peak[1]) // 1024 if peak else 0]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
