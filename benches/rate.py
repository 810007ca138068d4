"""Rating of call records: in memory, and from Parquet to Parquet, against what one would write by hand.

python benches/rate.py [--rows 10000000] [--rounds 5] [--only memory]
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

import polars as pl

import call_records
import pipeline
import report
from dialnexa_routing import RateDeck, records
from hand_rating import Terms
from rounds import alone_on_one_core, in_rounds
from workload import Workload

if TYPE_CHECKING:
    from collections.abc import Callable

_OURS = "ours"
_DECK = "az"
_PARTS = ("memory", "files")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=_PARTS, help="one half; default both")
    report.options(parser)
    options = parser.parse_args()
    alone_on_one_core()
    told = report.Report("rate")
    workload = Workload.of(_DECK, seed=options.seed, folder=options.folder)
    deck = RateDeck.compile(workload.frame())
    if options.only != "files":
        _in_memory(told, workload, deck, options.rows, options.rounds)
    if options.only != "memory":
        pipeline.measure(told, workload, deck, options.rows, options.rounds)
    told.finish(options)


def _in_memory(told: report.Report, workload: Workload, deck: RateDeck, rows: int, rounds: int) -> None:
    calls = call_records.called(workload, rows)
    terms = Terms.of(workload)
    runs: dict[str, Callable[[pl.DataFrame], pl.DataFrame]] = {
        _OURS: lambda calls: rated(deck, calls),
        "numpy": lambda calls: in_batches(terms.by_numpy, calls),
        "Polars expressions": lambda calls: in_batches(terms.by_polars, calls),
    }
    right = runs[_OURS](calls)
    if right.null_count().sum_horizontal().item():
        raise SystemExit(
            f"{right['charge'].null_count()} calls were not rated; this stream has none of those"
        )
    for name, run in runs.items():
        if not run(calls).equals(right):
            raise SystemExit(f"wrong charges: {name} and our deck differ")
    laps = in_rounds({name: (lambda turn, run=run: run(calls)) for name, run in runs.items()}, rounds)  # type: ignore[misc]
    each = {name: [lap.cpu for lap in laps[name]] for name in laps}
    lines = [
        [
            name,
            f"{sorted(each[name])[rounds // 2]:.3f}",
            *told.rates(_DECK, "Z", f"in memory, {name}", laps[name], rows),
            told.ratio(_DECK, "Z", f"in memory, {name}", "time : ours", each[name], each[_OURS]),
        ]
        for name in laps
    ]
    head = ["", "s cpu", "M rows/s cpu", "wall", "spread", "time : ours"]
    report.table(f"rating {rows:,} calls in memory, billed seconds and charge", head, lines)


def rated(deck: RateDeck, calls: pl.DataFrame) -> pl.DataFrame:
    """Billed seconds and charge of each call, by the deck."""
    fields = ["billed_seconds", "charge"]
    expression = records.rated(deck, direction="outbound", fields=fields, number_plan=None)
    return calls.select(expression).unnest("rated")


def in_batches(
    run: Callable[[pl.DataFrame], pl.DataFrame], calls: pl.DataFrame, size: int = 1 << 20
) -> pl.DataFrame:
    """So many rows at a time, which suits the sorting of those who sort: they then stay in the cache."""
    return pl.concat([run(part) for part in calls.iter_slices(size)])


if __name__ == "__main__":
    main()
