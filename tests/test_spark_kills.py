"""Python workers and executors of Spark killed while a rated frame is written: nothing lost, nothing twice.

Of a night: it starts two executors and takes minutes.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from counts import times
from dialnexa_routing import records
from spark_sessions import classic

pytest.importorskip("pyspark", reason="PySpark is not installed")

from dialnexa_routing import spark
from test_spark import CALLS, DECK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import pyarrow as pa

pytestmark = [
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.skipif(not times(0, 1), reason="of a night: make nightly"),
    pytest.mark.skipif(sys.platform != "linux", reason="it looks for executors in /proc"),
]
ROWS = 200_000
WORKERS = frozenset({3, 9, 17, 26})
EXECUTORS = frozenset({13, 33})
"""At which batch, counted over all workers, one is killed."""


def killing(counter: str) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Passes batches on, and ends its own process, or the executor above it, at some of them."""

    def run(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            with Path(counter).open("ab") as file:
                file.write(b".")
            count = Path(counter).stat().st_size
            if count in WORKERS:
                os.kill(os.getpid(), signal.SIGKILL)
            if count in EXECUTORS:
                daemon = os.getppid()
                executor = int(Path(f"/proc/{daemon}/stat").read_text().rpartition(")")[2].split()[1])
                os.kill(executor, signal.SIGKILL)
            yield batch

    return run


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    import pyspark

    # Executors write below SPARK_HOME, and would into the installed package.
    home = tmp_path / "home"
    home.mkdir()
    for name in ("bin", "sbin", "jars", "python"):
        place = Path(pyspark.__file__).parent / name
        if place.exists():
            (home / name).symlink_to(place)
    monkeypatch.setenv("SPARK_HOME", str(home))
    settings = {
        "spark.sql.execution.arrow.maxRecordsPerBatch": "4000",
        "spark.driver.memory": "1g",
        "spark.task.maxFailures": "8",
        "spark.excludeOnFailure.enabled": "false",
    }
    with classic("local-cluster[2,1,1024]", **settings) as made:
        yield made


def test_r54_killed_workers_and_executors_lose_nothing(session: Any, tmp_path: Path) -> None:
    path = tmp_path / "small.deck"
    DECK.save(path)
    calls = pl.concat([CALLS] * (ROWS // CALLS.height + 1)).head(ROWS)
    calls = calls.with_columns(call_id=pl.int_range(ROWS))
    calls.write_parquet(tmp_path / "calls.parquet")
    expected = records.rate(calls, deck=DECK)
    counter = tmp_path / "counter"
    df = session.read.parquet(str(tmp_path / "calls.parquet")).repartition(20)
    rated = spark.rate(df.mapInArrow(killing(str(counter)), df.schema), deck=spark.DeckRef.of(path))
    rated.write.parquet(str(tmp_path / "rated"))
    assert counter.stat().st_size > max(EXECUTORS)
    back = pl.read_parquet(tmp_path / "rated" / "*.parquet")
    assert back.height == ROWS
    assert back["call_id"].n_unique() == ROWS
    assert back["charge"].sum() == expected["charge"].sum()
    assert back.sort("call_id")["charge"].equals(expected["charge"])
