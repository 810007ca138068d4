"""Rating on Sail or on Spark itself, beside what the engine does with the same columns.

python benches/engines.py [--engine sail] [--rows 1000000] [--rounds 9]

Everything is written to Parquet, interleaved. CPU time is of this process, which Sail is part of, and of all
its children, as the JVM and its workers; ratios are taken within rounds. Two rounds go ahead untimed, for a
JVM compiles what it runs often.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import warnings
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

import report
from dialnexa_routing import RateDeck, RateSheet, records, spark
from rounds import Spread, family_cpu, in_rounds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import pyarrow as pa

ROOT = Path(__file__).parents[1]
AT = datetime(2026, 11, 20, tzinfo=UTC)


def identity(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Batches as they came."""
    yield from batches


def calls(deck: RateDeck, rows: int) -> pl.DataFrame:
    """Records to the prefixes of a deck, in turn."""
    numbers = [prefix.ljust(11, "5") for prefix in deck.prefixes()[::7]]
    many = (numbers * (rows // len(numbers) + 1))[:rows]
    return pl.DataFrame({"to": many}).with_columns(
        call_id=pl.int_range(rows), seconds=pl.int_range(rows) % 600, answered_at=pl.lit(AT)
    )


def constants(ready: pa.RecordBatch) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Batches with the values of a first row behind them, in columns of the same names and types."""

    def run(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        names = ready.schema.names
        for batch in batches:
            added = [pa.repeat(ready.column(name)[0], batch.num_rows) for name in names]
            yield pa.RecordBatch.from_arrays([*batch.columns, *added], names=[*batch.schema.names, *names])

    return run


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--engine", choices=("sail", "spark"), default="sail")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    folder = Path(tempfile.mkdtemp())
    try:
        with session_of(asked.engine) as session:
            tasks = _tasks(session, folder, asked.rows)
            in_rounds(tasks, 2)
            laps = in_rounds(tasks, asked.rounds, cpu=family_cpu)
    finally:
        shutil.rmtree(folder)
    rows = []
    for name, what, base, most in (
        ("ours over constants in the same columns", "ours", "constants", "1.15"),
        ("charge and reason over identity mapInArrow", "two fields", "identity", "1.1"),
        ("charge and reason over constants in the same", "two fields", "two constants", ""),
        ("ours over plain Polars", "ours", "polars", "3"),
    ):
        ratios = [one.cpu / other.cpu for one, other in zip(laps[what], laps[base], strict=True)]
        spread = Spread.of(ratios)
        rows.append((name, f"{spread.median:.2f}", f"{spread.quartiles:.0%}", most))
    title = f"{asked.engine}, {asked.rows:,} rows, {asked.rounds} rounds"
    report.table(title, ("what", "ratio", "spread", "aim"), rows)
    each = [(name, f"{Spread.of([one.cpu for one in found]).median:.2f}") for name, found in laps.items()]
    report.table("CPU seconds", ("task", "median"), each)


@contextmanager
def session_of(engine: str) -> Iterator[Any]:
    """A session of an engine in this process, or below it."""
    if engine == "spark":
        # Else workers are whatever python3 is on the path, without this package.
        os.environ |= {"PYSPARK_PYTHON": sys.executable, "POLARS_MAX_THREADS": "1"}
        os.environ["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
        from pyspark.sql import SparkSession

        built = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
        built = built.config("spark.sql.execution.arrow.maxRecordsPerBatch", "65536")
        session = built.config("spark.sql.session.timeZone", "UTC").getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        try:
            yield session
        finally:
            session.stop()
        return
    from pysail.spark import SparkConnectServer
    from pyspark.sql import SparkSession

    server = SparkConnectServer(ip="127.0.0.1", port=0)
    server.start(background=True)
    session = SparkSession.builder.remote(f"sc://127.0.0.1:{server.listening_address[1]}").create()
    try:
        yield session
    finally:
        session.stop()
        server.stop()


def _tasks(session: Any, folder: Path, rows: int) -> dict[str, Callable[[int], object]]:
    deck = RateSheet.read(ROOT / "data" / "world.csv").compile()
    path = folder / "world.deck"
    deck.save(path)
    source = folder / "calls.parquet"
    calls(deck, rows).write_parquet(source)
    df = session.read.parquet(str(source))
    ref = spark.DeckRef.of(path)
    ours, two = spark.rate(df, deck=ref), spark.rate(df, deck=ref, fields=("charge", "reason"))
    alike, two_alike = _alike(df, ours), _alike(df, two)
    same = df.mapInArrow(identity, df.schema)

    def written(frame: Any, name: str) -> Callable[[int], object]:
        return lambda _: frame.write.mode("overwrite").parquet(str(folder / name))

    def by_polars(_: int) -> None:
        records.rate(pl.scan_parquet(source), deck=deck).sink_parquet(folder / "polars.parquet")

    return {
        "ours": written(ours, "ours"),
        "two fields": written(two, "two"),
        "constants": written(alike, "constants"),
        "two constants": written(two_alike, "two_constants"),
        "identity": written(same, "identity"),
        "polars": by_polars,
    }


def _alike(df: Any, ours: Any) -> Any:
    """The frame with constants in the columns that ours adds: its first row's."""
    first = ours.limit(1).toArrow()
    ready = first.select([name for name in ours.columns if name not in df.columns]).to_batches()[0]
    return df.mapInArrow(constants(ready), ours.schema)


if __name__ == "__main__":
    main()
