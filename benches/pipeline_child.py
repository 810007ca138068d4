"""One way from Parquet to Parquet, in a process of its own: `pipeline_child.py TASK FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def main() -> None:
    task, folder = sys.argv[1], Path(sys.argv[2])
    frame = pl.scan_parquet(folder / ("wide.parquet" if task == "copy" else "calls.parquet"))
    if task == "ours":
        frame = ours(frame, folder)
    elif task == "hand":
        frame = by_hand(frame, folder)
    frame.sink_parquet(folder / "out.parquet")


def ours(frame: pl.LazyFrame, folder: Path) -> pl.LazyFrame:
    from dialnexa_routing import RateDeck, records

    return records.rate(frame, deck=RateDeck.open(folder / "bench.deck"), number_plan=None)


def by_hand(frame: pl.LazyFrame, folder: Path) -> pl.LazyFrame:
    """The same columns, by a search and gathers within each batch."""
    import numpy as np

    from dialnexa_routing import RateDeck
    from hand_rating import Terms, amounts, rupees
    from intervals import aligned

    intervals = pl.read_ipc(folder / "intervals.arrow")
    entries = pl.read_ipc(folder / "entries.arrow")
    bound, entry = intervals["bound"].to_numpy(), intervals["entry"].to_numpy()
    terms = Terms(
        bound,
        entry,
        entries["outbound_nano"].to_numpy(),
        entries["initial_increment_s"].to_numpy().astype(np.int32),
        entries["next_increment_s"].to_numpy().astype(np.int32),
    )
    texts = entries.select("prefix", "network_group", "country_iso", pl.col("outbound_rate").alias("rate"))

    def rate(batch: pl.Series) -> pl.Series:
        calls = batch.struct.unnest()
        key, _ = aligned(calls["to"])
        found = _entries(key, bound, entry)
        billed, paise = amounts(terms, found, calls["seconds"].to_numpy())
        return (
            texts[found]
            .with_columns(
                pl.lit(60, pl.Int64).alias("rate_unit_s"),
                pl.Series("billed_seconds", billed.astype(np.int64)),
                rupees(paise).alias("charge"),
                pl.lit(None, pl.String).alias("reason"),
            )
            .to_struct("rated")
        )

    digest = RateDeck.open(folder / "bench.deck", verify=False).digest
    dtype = pl.Struct(
        {
            **texts.schema,
            "rate_unit_s": pl.Int64,
            "billed_seconds": pl.Int64,
            "charge": pl.Decimal(18, 2),
            "reason": pl.String,
        }
    )
    rated = pl.struct("to", "seconds").map_batches(rate, return_dtype=dtype, is_elementwise=True)
    return (
        frame.with_columns(rated.alias("rated"))
        .unnest("rated")
        .with_columns(
            pl.lit(None, pl.Datetime("us", "UTC")).alias("answered_at_utc"),
            pl.lit(digest).alias("deck_digest"),
        )
    )


def _entries(
    key: NDArray[np.uint64], bound: NDArray[np.uint64], entry: NDArray[np.uint32]
) -> NDArray[np.uint32]:
    import numpy as np

    order = np.argsort(key)
    after = np.searchsorted(bound, key[order], "right")
    found = np.empty(key.size, np.uint32)
    found[order] = entry.take(after - 1)
    return found


if __name__ == "__main__":
    main()
