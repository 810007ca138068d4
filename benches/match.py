"""Matching of whole columns and of single numbers, against what one would write instead.

python benches/match.py [--deck az] [--stream Z] [--numbers 3000000] [--rounds 7]
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from functools import partial
from statistics import median
from time import process_time
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

import facts
import report
from agreement import Agreement
from intervals import Intervals
from rivals import DictLoop, Gather, columnar
from rounds import alone_on_one_core, in_rounds
from workload import DECKS, STREAMS, Workload

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from dialnexa_routing import RateDeck
    from rivals import Rival
    from rounds import Lap

OURS = "ours: entry"
PLUS = "ours: entry, numbers with plus"
LEAN = "ours: entry, redundant prefixes left out"
STRUCT = "ours: struct of all fields"
_KINDS = ("best rival", "dict loop", "gather")
_NAIVE_NUMBERS = 200_000
_FEW_ROUNDS = 3
_WINDOWS = 2
_WARM = 1 << 19  # numbers that bring a structure back into the cache before each timed run
_BATCHES = (1 << 18, 1 << 20)


@dataclass(frozen=True)
class Bench:
    """One deck in all its shapes, and everybody who searches it."""

    workload: Workload
    deck: RateDeck
    lean: RateDeck
    naive: DictLoop
    rivals: list[Rival]
    agreement: Agreement
    gather: Gather

    @classmethod
    def of(cls, workload: Workload, decks: dict[str, RateDeck], numbers: int) -> Bench:
        deck = decks[facts.ALL]
        naive = DictLoop(workload)
        return cls(
            workload,
            deck,
            decks[facts.LEAN],
            naive,
            columnar(Intervals.of(workload)),
            Agreement(workload, deck, naive),
            Gather(facts.searched(deck), numbers),
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--deck", action="append", choices=DECKS, help="may be repeated; default all")
    parser.add_argument("--stream", action="append", choices=STREAMS, help="may be repeated; default all")
    parser.add_argument("--numbers", type=int, default=3_000_000, help="in each round")
    parser.add_argument("--rounds", type=int, default=7, help=f"the deck 'ported' has at most {_FEW_ROUNDS}")
    parser.add_argument("--ported", type=int, default=10_000_000, help="whole numbers in the deck 'ported'")
    report.options(parser)
    options = parser.parse_args()
    alone_on_one_core()
    told = report.Report("match")
    summary: list[list[str]] = []
    for name in options.deck or DECKS:
        workload = Workload.of(name, seed=options.seed, folder=options.folder, ported=options.ported)
        large = name == "ported"
        decks = facts.building(told, workload.name, workload.frame(), 1 if large else 3)
        bench = Bench.of(workload, decks, options.numbers)
        facts.sizes(told, workload.name, decks, len(workload))
        for stream in options.stream or STREAMS:
            numbers = workload.stream(stream, options.numbers * _WINDOWS)
            rounds = min(options.rounds, _FEW_ROUNDS) if large else options.rounds
            summary.append(_columns(told, bench, stream, numbers, rounds))
        facts.calls(
            told, workload.name, bench.deck, bench.naive, workload.stream("U", options.numbers * _WINDOWS)
        )
    head = ["deck", "stream", "ours, M rows/s", *(f": {kind}" for kind in _KINDS), "best rival"]
    report.table("Ours, entry of each number, cpu time; median of the ratios within rounds", head, summary)
    told.finish(options)


def _columns(told: report.Report, bench: Bench, stream: str, numbers: pl.Series, rounds: int) -> list[str]:
    """One stream: everybody checked, then everybody timed; its line in the summary."""
    size = len(numbers) // _WINDOWS
    windows = [numbers.slice(at * size, size).rechunk() for at in range(_WINDOWS)]
    batch = _checked(bench, stream, windows)
    runs: dict[str, Callable[[pl.Series], object]] = {
        OURS: lambda window: bench.deck.match(window, fields="entry"),
        PLUS: lambda window: bench.deck.match(window, fields="entry"),
        LEAN: lambda window: bench.lean.match(window, fields="entry"),
        STRUCT: lambda window: bench.deck.match(window),
        **{rival.name: partial(in_batches, rival, batch=batch[rival.name]) for rival in bench.rivals},
        bench.naive.name: bench.naive.rows,
        bench.gather.name: bench.gather.rows,
    }
    asked = dict.fromkeys(runs, windows)
    asked[PLUS] = [pl.select(pl.lit("+") + window).to_series().rechunk() for window in windows]
    asked[bench.naive.name] = [window.head(_NAIVE_NUMBERS) for window in windows]

    def warm(name: str, turn: int) -> object:
        # Other numbers than the timed ones, so that the structure is warm and the answers are not.
        other = asked[name][(turn + 1) % _WINDOWS]
        return runs[name](other.head(_WARM))

    def task(name: str) -> Callable[[int], object]:
        return lambda turn: runs[name](asked[name][turn % _WINDOWS])

    laps = in_rounds({name: task(name) for name in runs}, rounds, warm)
    return _tell(told, bench, stream, laps, {name: len(asked[name][0]) for name in runs}, batch)


def in_batches(rival: Rival, numbers: pl.Series, batch: int) -> NDArray[np.uint32]:
    """All rows, found so many at a time."""
    if batch >= len(numbers):
        return rival.rows(numbers)
    starts = range(0, len(numbers), batch)
    return np.concatenate([rival.rows(numbers.slice(start, batch)) for start in starts])


def _checked(bench: Bench, stream: str, windows: list[pl.Series]) -> dict[str, int]:
    """Compare everybody's answers on all windows; for each rival the batch that suited it best."""
    best: dict[str, int] = {}
    for number, window in enumerate(windows):
        expected = bench.agreement.expected(stream, window)
        with_plus = pl.select(pl.lit("+") + window).to_series()
        if not bench.deck.match(with_plus, fields="prefix").eq_missing(expected).all():
            raise SystemExit(f"{stream}: numbers with plus lead to other prefixes")
        for rival in bench.rivals:
            sizes = (
                [best[rival.name]]
                if number
                else [*(size for size in _BATCHES if size < len(window)), len(window)]
            )
            took = {}
            for size in sizes:
                start = process_time()
                rows = in_batches(rival, window, size)
                took[size] = process_time() - start
                bench.agreement.check(stream, rival.name, window, rows, expected)
            best[rival.name] = min(took, key=took.__getitem__)
        bench.agreement.check_groups(stream, bench.lean, window, rows)
    return best


def _tell(
    told: report.Report,
    bench: Bench,
    stream: str,
    laps: dict[str, list[Lap]],
    rows: dict[str, int],
    batch: dict[str, int],
) -> list[str]:
    """Print the table of one stream, the fastest first; its line in the summary."""
    deck = bench.workload.name
    each = {name: [lap.cpu / rows[name] for lap in laps[name]] for name in laps}
    lines = {
        name: [
            name,
            *told.rates(deck, stream, name, laps[name], rows[name]),
            told.ratio(deck, stream, name, "time : ours", each[name], each[OURS]),
            f"{batch[name]:,}" if name in batch else "",
        ]
        for name in sorted(laps, key=lambda name: median(each[name]))
    }
    best = next(name for name in lines if name in batch)
    rivals = dict(zip(_KINDS, (best, bench.naive.name, bench.gather.name), strict=True))
    gains = [
        told.ratio(deck, stream, OURS, f"ours : {kind}", each[name], each[OURS])
        for kind, name in rivals.items()
    ]
    head = ["", "M rows/s cpu", "wall", "spread", "time : ours", "batch"]
    report.table(f"{deck}, stream {stream}, {rows[OURS]:,} numbers; best rival: {best}", head, lines.values())
    return [deck, stream, lines[OURS][1], *gains, best]


if __name__ == "__main__":
    main()
