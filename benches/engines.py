"""Rating on an engine of Spark Connect (Sail), beside what the engine does with the same columns.

python benches/engines.py [--rows 1000000] [--rounds 9]

Everything is written to Parquet, interleaved; CPU time of this process, which the server is part of. Ratios
are taken within rounds.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import warnings
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

import report
from dialnexa_routing import RateDeck, RateSheet, records, spark
from rounds import Spread, in_rounds

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


def constants(added: list[tuple[str, str]]) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Batches with a constant in each of some columns, by name and type of SQL."""

    def run(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        for batch in batches:
            columns, names = list(batch.columns), list(batch.schema.names)
            for name, kind in added:
                columns.append(pa.repeat(_value(kind), batch.num_rows))
                names.append(name)
            yield pa.RecordBatch.from_arrays(columns, names=names)

    return run


def _value(kind: str) -> Any:
    import pyarrow as pa

    if kind == "string":
        return pa.scalar("India - Mobile")
    if kind == "timestamp":
        return pa.scalar(AT, pa.timestamp("us", "UTC"))
    if kind == "bigint":
        return pa.scalar(60)
    places = kind.removeprefix("decimal(").removesuffix(")").split(",")
    return pa.scalar(Decimal(1), pa.decimal128(int(places[0]), int(places[1])))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    from pysail.spark import SparkConnectServer
    from pyspark.sql import SparkSession

    server = SparkConnectServer(ip="127.0.0.1", port=0)
    server.start(background=True)
    session = SparkSession.builder.remote(f"sc://127.0.0.1:{server.listening_address[1]}").create()
    folder = Path(tempfile.mkdtemp())
    try:
        tasks = _tasks(session, folder, asked.rows)
        laps = in_rounds(tasks, asked.rounds)
        rows = []
        for name, base, most in (
            ("ours over constants in the same columns", "constants", ""),
            ("charge and reason over identity mapInArrow", "identity", ""),
            ("ours over plain Polars", "polars", "3"),
        ):
            what = "two fields" if base == "identity" else "ours"
            ratios = [one.cpu / other.cpu for one, other in zip(laps[what], laps[base], strict=True)]
            spread = Spread.of(ratios)
            rows.append((name, f"{spread.median:.2f}", f"{spread.quartiles:.0%}", most))
        report.table(
            f"Sail, {asked.rows:,} rows, {asked.rounds} rounds", ("what", "ratio", "spread", "aim"), rows
        )
        each = [(name, f"{Spread.of([one.cpu for one in found]).median:.2f}") for name, found in laps.items()]
        report.table("CPU seconds", ("task", "median"), each)
    finally:
        session.stop()
        server.stop()
        shutil.rmtree(folder)


def _tasks(session: Any, folder: Path, rows: int) -> dict[str, Callable[[int], object]]:
    deck = RateSheet.read(ROOT / "data" / "world.csv").compile()
    path = folder / "world.deck"
    deck.save(path)
    source = folder / "calls.parquet"
    calls(deck, rows).write_parquet(source)
    df = session.read.parquet(str(source))
    ref = spark.DeckRef.of(path)
    ours, two = spark.rate(df, deck=ref), spark.rate(df, deck=ref, fields=("charge", "reason"))
    added = [field for field in ours.schema.fields if field.name not in df.columns]
    alike = df.mapInArrow(constants([(one.name, one.dataType.simpleString()) for one in added]), ours.schema)
    same = df.mapInArrow(identity, df.schema)

    def written(frame: Any, name: str) -> Callable[[int], object]:
        return lambda _: frame.write.mode("overwrite").parquet(str(folder / name))

    def by_polars(_: int) -> None:
        records.rate(pl.scan_parquet(source), deck=deck).sink_parquet(folder / "polars.parquet")

    return {
        "ours": written(ours, "ours"),
        "two fields": written(two, "two"),
        "constants": written(alike, "constants"),
        "identity": written(same, "identity"),
        "polars": by_polars,
    }


if __name__ == "__main__":
    main()
