"""Screening of recipients from a Parquet column of text, against Polars by hand and one call at a time.

python benches/screen.py [--rows 5000000] [--rounds 7]
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

import polars as pl

import report
from dialnexa_routing import RateDeck
from dialnexa_routing.numbers.number_reading import NumberReading
from dialnexa_routing.workspace.decision import Allowed, Refused
from dialnexa_routing.workspace.router import Router
from dialnexa_routing.workspace.screening import SCREENED
from dialnexa_routing.workspace.workspace import EnabledGroups, Workspace
from hand_screening import Switches
from rounds import alone_on_one_core, in_rounds
from workload import Workload

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_DECK = "az"
_STREAM = "Z, dirty"
_OURS, _LAZY, _LOOP = "ours", "ours, lazy and streamed", "single calls"
_ALONE = 50_000
"""Rows that are asked one call at a time, and compared with ours."""
_SOURCE = "+14155550100"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    report.options(parser)
    options = parser.parse_args()
    alone_on_one_core()
    told = report.Report("screen")
    workload = Workload.of(_DECK, seed=options.seed, folder=options.folder)
    router = asked(workload)
    path = recipients(workload, options.rows)
    switches = Switches.of(workload, router)
    runs: dict[str, Callable[[], pl.DataFrame]] = {
        _OURS: lambda: router.screen(pl.read_parquet(path), source=_SOURCE),
        _LAZY: lambda: router.screen(pl.scan_parquet(path), source=_SOURCE).collect(engine="streaming"),
        "Polars join_asof": lambda: switches.by_join(pl.read_parquet(path)),
        "Polars search_sorted": lambda: switches.by_search(pl.read_parquet(path)),
    }
    right = runs[_OURS]()
    for name, run in runs.items():
        if not run().equals(right):
            raise SystemExit(f"wrong outcomes: {name} and ours differ")
    step = max(1, options.rows // _ALONE)
    sample = pl.read_parquet(path).gather_every(step)
    if not one_by_one(sample, router).equals(right.gather_every(step).select(*SCREENED)):
        raise SystemExit("wrong outcomes: single calls and ours differ")
    counts = right["reason"].fill_null("accepted").value_counts(sort=True)
    print(", ".join(f"{count:,} {reason}" for reason, count in counts.iter_rows()))
    tasks = {name: (lambda turn, run=run: run()) for name, run in runs.items()}
    laps = in_rounds(tasks | {_LOOP: lambda turn: one_by_one(sample, router)}, options.rounds)
    rows = dict.fromkeys(runs, options.rows) | {_LOOP: len(sample)}
    each = {name: [lap.cpu / rows[name] for lap in laps[name]] for name in laps}
    lines = [
        [
            name,
            *told.rates(_DECK, _STREAM, name, laps[name], rows[name]),
            told.ratio(_DECK, _STREAM, name, "time a row : ours", each[name], each[_OURS]),
        ]
        for name in laps
    ]
    head = ["", "M rows/s cpu", "wall", "spread", "time a row : ours"]
    report.table(f"screening {options.rows:,} recipients, Parquet to columns in memory", head, lines)
    told.finish(options)


def asked(workload: Workload) -> Router:
    """The router of a workspace that has every other network group on."""
    # What a workspace can name: some countries here are 001, which stands for the world.
    named = (pl.col("network_group").str.len_chars() <= 200) & pl.col("country_iso").str.contains(
        "^[A-Z]{2}$"
    )
    groups = workload.rows.groups.gather_every(2).filter(named.fill_null(True))
    enabled = tuple(
        EnabledGroups(provider="bench", country_iso=iso or "ZZ", network_groups=tuple(names))
        for iso, names in groups.group_by("country_iso").agg("network_group").iter_rows()
    )
    workspace = Workspace.model_validate(
        {
            "id": "bench",
            "provider": "bench",
            "numbers": [{"number": _SOURCE, "provider": "bench", "outbound_version": "a@1"}],
            "agents": [{"id": "a", "versions": [{"version": 1, "status": "published"}]}],
            "enabled": enabled,
        }
    )
    deck = RateDeck.compile(workload.frame(), keep_redundant=True)
    return Router(workspace, decks={"bench": deck}, number_plan=None)


def recipients(workload: Workload, rows: int) -> Path:
    """A Parquet file: one in fifty is of the adversarial stream, one in a hundred no number at all."""
    path = workload.folder / f"{workload.name}-{workload.seed}.recipients-{rows}.parquet"
    place = pl.int_range(rows, eager=True)
    dirty = pl.Series(["x", "", "0049", "+", "9" * 16, "12a", "٩٨", None])
    numbers = workload.stream("Z", rows)
    numbers = numbers.zip_with(place % 50 != 7, workload.stream("A", rows))
    numbers = numbers.zip_with(place % 100 != 3, dirty.gather(place // 100 % len(dirty)))
    numbers.alias("phone_number").to_frame().write_parquet(path)
    return path


def one_by_one(frame: pl.DataFrame, router: Router) -> pl.DataFrame:
    """The same by a reading and a call for each row."""
    read, outbound = NumberReading().read, router.outbound
    answers: list[tuple[str | None, ...]] = []
    for text in frame["phone_number"]:
        one = read(text)
        if one.number is None:
            answers.append((None, None, None, None, None, "invalid_number"))
            continue
        to = outbound(one.number, _SOURCE)
        assert isinstance(to, Allowed | Refused)
        reason = to.reason if isinstance(to, Refused) else None
        answers.append((one.number, one.change, to.country_iso, to.network_group, to.prefix, reason))
    return pl.DataFrame(answers, schema=SCREENED, orient="row")


if __name__ == "__main__":
    main()
