"""Call records to rate: numbers of the zipf stream, and durations as calls have them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from workload import Workload

_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
_MEAN_SECONDS = 150
_LONGEST = 4 * 3600


def called(workload: Workload, rows: int) -> pl.DataFrame:
    """What rating reads: `to` and `seconds`. One call in five was not answered."""
    rng = np.random.default_rng([workload.seed, 5])
    seconds = np.minimum(rng.exponential(_MEAN_SECONDS, rows), _LONGEST).astype(np.int64) + 1
    seconds[rng.random(rows) < 0.2] = 0
    return pl.DataFrame({"to": workload.stream("Z", rows), "seconds": seconds})


def records(workload: Workload, rows: int) -> pl.DataFrame:
    """Whole records, as they would be exported for a night's rating."""
    rng = np.random.default_rng([workload.seed, 6])
    started = np.sort(rng.integers(0, int(timedelta(days=30).total_seconds() * 1e6), rows))
    return called(workload, rows).select(
        pl.int_range(rows, dtype=pl.Int64).alias("call_id"),
        pl.Series("started_at", started).cast(pl.Duration("us")) + pl.lit(_BEGINNING),
        pl.Series("caller", rng.integers(910_000_000_000, 920_000_000_000, rows)).cast(pl.String),
        "to",
        "seconds",
        pl.lit("outbound").alias("direction"),
        pl.Series("workspace_id", rng.integers(1, 200, rows)),
    )
