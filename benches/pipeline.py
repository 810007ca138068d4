"""From Parquet to Parquet, streaming: CPU seconds of whole child processes, in turn.

The measure is what it costs merely to copy a file that has the results already, the same bytes out.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

import call_records
from dialnexa_routing import records
from intervals import NONE, ROW, Intervals
from report import table
from rounds import Spread

if TYPE_CHECKING:
    from dialnexa_routing import RateDeck
    from report import Report
    from workload import Workload

CHILD = Path(__file__).parent / "pipeline_child.py"
COPY = "copy with results ready-made"
_OURS = "ours, records.rate"
_TASKS = {
    COPY: "copy",
    "copy of the input alone": "copy-input",
    _OURS: "ours",
    "hand-made expression": "hand",
}
_THREADS = (1, 2)


class Used(NamedTuple):
    """What a child process used."""

    cpu: float
    peak_mb: float


def measure(told: Report, workload: Workload, deck: RateDeck, rows: int, rounds: int) -> None:
    """Write the inputs, compare the outputs once, then time everybody in turn."""
    folder = workload.folder.resolve() / f"pipeline-{rows}"
    _prepare(workload, deck, rows, folder)
    wide = pl.scan_parquet(folder / "wide.parquet")
    for task in ("ours", "hand"):
        _run(task, folder, 1)
        if not pl.scan_parquet(folder / "out.parquet").collect().equals(wide.collect()):
            raise SystemExit(f"wrong charges: the file of {task!r} differs from the one expected")
    for threads in _THREADS:
        used: dict[str, list[Used]] = {name: [] for name in _TASKS}
        names = list(_TASKS)
        for turn in range(rounds):
            first = turn % len(names)
            for name in names[first:] + names[:first]:
                used[name].append(_run(_TASKS[name], folder, threads))
        _tell(told, threads, rows, used)
    size = (folder / "out.parquet").stat().st_size
    told.add("az", "Z", "Parquet out", "size", size / 1e6, "MB")
    (folder / "out.parquet").unlink()


def _tell(told: Report, threads: int, rows: int, used: dict[str, list[Used]]) -> None:
    lines = []
    for name, laps in used.items():
        what = f"Parquet to Parquet, {threads} thread{'s' * (threads > 1)}, {name}"
        cpu = Spread.of([lap.cpu for lap in laps])
        told.add("az", "Z", what, "cpu time", cpu.median, "s")
        told.add("az", "Z", what, "peak memory", max(lap.peak_mb for lap in laps), "MB")
        ratio = told.ratio(
            "az", "Z", what, f"time : {COPY}", *([lap.cpu for lap in used[key]] for key in (name, COPY))
        )
        peak = f"{statistics.median(lap.peak_mb for lap in laps):.0f}"
        lines.append([name, f"{cpu.median:.2f}", f"{cpu.quartiles:.0%}", ratio, peak])
    title = f"Parquet to Parquet, {rows:,} calls, {threads} thread{'s' * (threads > 1)}, user + system time"
    table(title, ["", "s cpu", "spread", "time : copy", "peak MB"], lines)


def _prepare(workload: Workload, deck: RateDeck, rows: int, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    calls = call_records.records(workload, rows)
    calls.write_parquet(folder / "calls.parquet")
    records.rate(calls, deck=deck, number_plan=None).write_parquet(folder / "wide.parquet")
    deck.save(folder / "bench.deck")
    # The hand-made one finds kept prefixes, and of each of them its texts and terms in tables.
    intervals = Intervals.of(workload)
    kept = deck.match(
        workload.prefix(), fields=["entry", "prefix", "network_group", "country_iso", "outbound_rate"]
    )
    table = kept.struct.unnest().unique().sort("entry")
    entry = kept.struct.field("entry").to_numpy()
    row = intervals.payload & ROW
    entry = entry[np.where(row == NONE, np.uint32(0), row)]
    starts = np.flatnonzero(np.concatenate([[True], entry[1:] != entry[:-1]]))
    group = table.select("network_group").join(
        workload.rows.groups, on="network_group", how="left", maintain_order="left"
    )
    table = table.with_columns(group["initial_increment_s", "next_increment_s", "outbound_nano"])
    pl.DataFrame({"bound": intervals.bound[starts], "entry": entry[starts]}).write_ipc(
        folder / "intervals.arrow"
    )
    table.write_ipc(folder / "entries.arrow")


def _run(task: str, folder: Path, threads: int) -> Used:
    """Run a child to its end on so many cores."""
    environment = {**os.environ, "POLARS_MAX_THREADS": str(threads)}
    cores = set(range(os.cpu_count() or 1)) if threads > 1 else os.sched_getaffinity(0)
    child = subprocess.Popen(
        [sys.executable, str(CHILD), task, str(folder)],
        env=environment,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
    )
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"the child process {task!r} failed with {child.returncode}")
    return Used(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
