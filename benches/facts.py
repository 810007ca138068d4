"""What a deck costs besides time per row: bytes, building, opening; and single calls."""

from __future__ import annotations

import statistics
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from dialnexa_routing import RateDeck
from report import table
from rounds import lap

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from report import Report
    from rivals import DictLoop

ALL = "all prefixes kept"
LEAN = "redundant ones left out"
_HOT = 1_000
_COLD = 200_000


def sizes(report: Report, name: str, decks: dict[str, RateDeck], prefixes: int) -> None:
    """Bytes per prefix that went in, by part."""
    parts = list(next(iter(decks.values())).sizes)
    rows = []
    for kind, deck in decks.items():
        each = {part: deck.sizes[part] / prefixes for part in parts} | {"searched": searched(deck) / prefixes}
        for part, value in each.items():
            report.add(name, "", kind, f"bytes per prefix, {part}", value, "B")
        rows.append([kind, f"{len(deck):,}", *(f"{value:.2f}" for value in each.values())])
    table(
        f"{name}: bytes per prefix of {prefixes:,} given", ["deck", "entries", *parts, "trie + chain"], rows
    )


def searched(deck: RateDeck) -> int:
    """Bytes that the search for an entry can touch."""
    return deck.sizes["trie"] + deck.sizes["chain"]


def building(report: Report, name: str, frame: pl.DataFrame, runs: int) -> dict[str, RateDeck]:
    """Compiling from a frame, and opening the saved file with and without verifying it; both decks."""
    rows = []
    decks: dict[str, RateDeck] = {}
    for kind, keep in ((ALL, True), (LEAN, False)):
        build = partial(_build, decks, kind, frame, keep)
        laps = [lap(build) for _ in range(runs)]
        seconds = statistics.median(one.cpu for one in laps)
        report.add(name, "", f"compile, {kind}", "cpu time", seconds, "s")
        rows.append(
            [f"compile, {kind}", f"{seconds:.3f} s", f"{seconds / frame.height * 1e6:.3f} s per million"]
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "bench.deck")
        saved = lap(partial(decks[ALL].save, path))
        report.add(name, "", "save", "wall time", saved.wall, "s")
        rows.append(["save", f"{saved.wall:.3f} s", ""])
        size = path.stat().st_size
        rows += [_opening(report, name, path, size, verify) for verify in (True, False)]
    table(f"{name}: building and opening ({size / 1e6:.1f} MB)", ["what", "median", "speed"], rows)
    return decks


def _build(decks: dict[str, RateDeck], kind: str, frame: pl.DataFrame, keep: bool) -> None:
    decks[kind] = RateDeck.compile(frame, keep_redundant=keep)


def _opening(report: Report, name: str, path: Path, size: int, verify: bool) -> list[str]:
    laps = [lap(partial(RateDeck.open, path, verify=verify)) for _ in range(9)]
    seconds = statistics.median(one.wall for one in laps)
    kind = "open, verified" if verify else "open, not verified"
    report.add(name, "", kind, "wall time", seconds, "s")
    if verify:
        report.add(name, "", kind, "speed", size / seconds / 1e9, "GB/s")
    return [kind, f"{seconds * 1e3:.3f} ms", f"{size / seconds / 1e9:.2f} GB/s" if verify else ""]


def calls(report: Report, name: str, deck: RateDeck, naive: DictLoop, numbers: pl.Series) -> None:
    """One number at a time: a thousand again and again, and many once, against the dict loop."""
    plain = numbers.head(_COLD).to_list()
    with_plus = [f"+{number}" for number in plain]
    asked: dict[str, tuple[Callable[[str], object], list[str]]] = {
        "match": (deck.match, plain),
        "match, with plus": (deck.match, with_plus),
        "dict loop": (naive.row, plain),
    }
    rows = []
    for heat in ("hot", "cold"):
        took = {kind: _each(call, many, heat) for kind, (call, many) in asked.items()}
        for kind, nanoseconds in took.items():
            report.add(name, heat, f"one call, {kind}", "cpu time", nanoseconds, "ns")
        gain = took["dict loop"] / took["match"]
        report.add(name, heat, "one call, dict loop : match", "ratio", gain, "x")
        rows.append([heat, *(f"{value:.0f}" for value in took.values()), f"{gain:.1f}"])
    table(f"{name}: one call, ns", ["numbers", *asked, "dict loop : match"], rows)


def _each(call: Callable[[str], object], numbers: list[str], heat: str) -> float:
    """Nanoseconds a call, the loop included; the best of several passes, as in timeit."""
    if heat == "hot":
        return min(_pass(call, numbers[:_HOT] * 100) for _ in range(5))
    # Each third of the numbers is asked once, so that none was seen before.
    third = len(numbers) // 3
    return statistics.median(_pass(call, numbers[part * third : (part + 1) * third]) for part in range(3))


def _pass(call: Callable[[str], object], numbers: list[str]) -> float:
    start = time.thread_time_ns()
    for number in numbers:
        call(number)
    return (time.thread_time_ns() - start) / len(numbers)
