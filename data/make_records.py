"""Make call records to rate: as many as wanted, the same for the same seed.

    python data/make_records.py --rows 1000000 --seed 1 --out out/records.parquet

Nobody made these calls: workspaces, numbers and times are drawn, only the prefixes of the called
numbers are those of world.csv. About one row in forty is dirty on purpose.
"""

from __future__ import annotations

import argparse
import hashlib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import polars as pl

from dirty_records import KINDS, soiled
from record_tables import Destinations, destinations, durations, minutes, sources

SHEET = Path(__file__).with_name("world.csv")

ANSWERED_AT = pl.Datetime("us", "UTC")

SCHEMA = pl.Schema(
    {
        "call_id": pl.Int64(),
        "workspace": pl.String(),
        "source": pl.String(),  # our own number
        "to": pl.String(),  # the called number; of an inbound call our own
        "answered_at": ANSWERED_AT,  # null = not answered
        "seconds": pl.Int64(),
        "direction": pl.String(),
    }
)

_FIRST_DAY, _DAYS = datetime(2026, 9, 1, tzinfo=UTC), 91
_DAY_US, _MINUTE_US = 86_400_000_000, 60_000_000

# Parts in a hundred, and in a thousand for the dirt.
_INBOUND, _UNANSWERED, _WITH_PLUS = 15, 12, 70
_DIRTY = 25

# Rows made at once: enough for every core, little for the memory.
_BATCH = 1_000_000


def records(rows: int, seed: int) -> pl.DataFrame:
    """`rows` call records, in the order in which their days come."""
    batches = [_batch(first, min(_BATCH, rows - first), rows, seed) for first in range(0, rows, _BATCH)]
    return pl.concat(batches) if batches else SCHEMA.to_frame()


def _batch(first: int, count: int, rows: int, seed: int) -> pl.DataFrame:
    called, own = _destinations(), _sources()
    row = pl.col("row")

    def drawn(name: str, below: int) -> pl.Expr:
        return _random(row, f"{seed}|{name}") % below

    picked = pl.DataFrame({"row": pl.int_range(first, first + count, dtype=pl.UInt64, eager=True)}).select(
        "row",
        owner=drawn("owner", len(own.digits)),
        slot=drawn("slot", len(called.stem)),
        tail=_random(row, f"{seed}|tail"),
        minute=drawn("minute", len(_minutes())),
        moment=drawn("moment", _MINUTE_US),
        length=drawn("length", len(_durations())),
        inbound=drawn("inbound", 100) < _INBOUND,
        unanswered=drawn("unanswered", 100) < _UNANSWERED,
        plus=drawn("plus", 100) < _WITH_PLUS,
        kind=pl.when(drawn("dirty", 1000) < _DIRTY).then(drawn("kind", len(KINDS))),
    )
    scale = called.scale.gather(picked["slot"])
    made = picked.with_columns(
        workspace=own.workspace.gather(picked["owner"]),
        source=own.number.gather(picked["owner"]),
        own=own.digits.gather(picked["owner"]),
        stem=called.stem.gather(picked["slot"]) * scale,
        scale=scale,
        minute=_minutes().gather(picked["minute"]),
        length=_durations().gather(picked["length"]),
    ).select(
        (row.cast(pl.Int64) + 1).alias("call_id"),
        "workspace",
        "source",
        _number().alias("to"),
        _answered_at(rows).alias("answered_at"),
        pl.when("unanswered").then(0).otherwise("length").alias("seconds"),
        pl.when("inbound").then(pl.lit("inbound")).otherwise(pl.lit("outbound")).alias("direction"),
    )
    return soiled(made, picked["kind"])


def _number() -> pl.Expr:
    called = pl.col("stem") + pl.col("tail") % pl.col("scale")
    digits = pl.when("inbound").then("own").otherwise(called).cast(pl.String)
    return pl.when("plus").then(pl.concat_str(pl.lit("+"), digits)).otherwise(digits)


def _answered_at(rows: int) -> pl.Expr:
    day = pl.col("row") * _DAYS // rows
    time = pl.col("minute") * _MINUTE_US + pl.col("moment").cast(pl.Int64)
    epoch = int(_FIRST_DAY.timestamp()) * 1_000_000
    instant = (epoch + day.cast(pl.Int64) * _DAY_US + time).cast(ANSWERED_AT)
    return pl.when(~pl.col("unanswered")).then(instant)


def _random(row: pl.Expr, key: str) -> pl.Expr:
    """Sixty-four random bits of a row: SplitMix64, whose n-th number needs none before it.

    Arithmetic of the rows themselves gives the same calls in every release of Polars and in batches
    of any size, which a generator with a state would not.
    """
    start = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8])
    z = row * _bits(0x9E3779B97F4A7C15) + _bits(start)
    z = (z ^ (z // _bits(1 << 30))) * _bits(0xBF58476D1CE4E5B9)
    z = (z ^ (z // _bits(1 << 27))) * _bits(0x94D049BB133111EB)
    return z ^ (z // _bits(1 << 31))


def _bits(value: int) -> pl.Expr:
    return pl.lit(value, dtype=pl.UInt64)


@cache
def _destinations() -> Destinations:
    return destinations(SHEET)


_sources, _durations, _minutes = cache(sources), cache(durations), cache(minutes)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make call records as Parquet.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("out/records.parquet"))
    arguments = parser.parse_args()
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    records(arguments.rows, arguments.seed).write_parquet(arguments.out)


if __name__ == "__main__":
    main()
