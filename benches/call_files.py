"""An Asterisk Master.csv read and rated to Parquet: processor time and peak memory of whole child processes.

python benches/call_files.py [--millions 1] [--rounds 5] [--threads 1]

Ours streams the file to rated rows. Beside it: Polars reading the same file as text, our rating of the ready
frame, and what one would write by hand, with pandas and a dict, and with DuckDB's read_csv and ASOF join.
Everybody charges one leg of a call and comes to the same sum.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import call_master
import report
from call_files_child import READY, TASKS, prepare
from rounds import Spread

_NAMES = {
    "ours": "ours: read, rated, written",
    "lazy": "the same by Polars' own sink",
    "text": "Polars reads it as text",
    "ready": "ours: the ready frame rated, written",
    "ready_lazy": "the same by Polars' own sink",
    "sum": "text and ready together",
    "sum_lazy": "the same by Polars' own sink",
    "pandas": "pandas and a dict",
    "duckdb": "DuckDB read_csv and ASOF",
}
_SUMS = {"sum": "ready", "sum_lazy": "ready_lazy"}
"""What is summed with reading the text; each way of writing has its own sum."""
_GOAL = 1.3
_GOAL_MB = 1000


class Used(NamedTuple):
    """What a task used in a child process, imports aside: seconds of processor time, and at most so much."""

    cpu: float
    peak_mb: float


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--millions", type=float, default=1, help="of rows")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1, help="that Polars and DuckDB may use")
    parser.add_argument("--slim", action="store_true", help="rows of half the bytes: short channels and data")
    parser.add_argument("--only", choices=sorted(TASKS), action="append", help="leave the other tasks out")
    report.options(parser)
    options = parser.parse_args()
    told = report.Report("call_files")
    rows = int(options.millions * 1_000_000)
    folder = options.folder.resolve() / f"calls-{rows}-{options.seed}{'-slim' * options.slim}"
    if not (folder / READY).exists():
        folder.mkdir(parents=True, exist_ok=True)
        call_master.write(folder / "Master.csv", rows, options.seed, slim=options.slim)
        prepare(folder)
    tasks = options.only or list(TASKS)
    used: dict[str, list[Used]] = {task: [] for task in tasks}
    answers: dict[str, list[int]] = {}
    for turn in range(options.rounds):
        for task in tasks[turn % len(tasks) :] + tasks[: turn % len(tasks)]:
            took, answers[task] = _run(task, folder, options.threads)
            used[task].append(took)
    told_sums = {tuple(answer) for task, answer in answers.items() if task != "text"}
    if len(told_sums) > 1:
        raise SystemExit(f"wrong charges: {answers}")
    _tell(told, used, rows, (folder / "Master.csv").stat().st_size, options)
    told.finish(options)


def _tell(
    told: report.Report, used: dict[str, list[Used]], rows: int, size: int, options: argparse.Namespace
) -> None:
    laps = {task: [one.cpu for one in some] for task, some in used.items()}
    for total, ready in _SUMS.items():
        if {"text", ready} <= laps.keys():
            laps[total] = [one + other for one, other in zip(laps["text"], laps[ready], strict=True)]
    stream = f"{rows:,} rows"
    lines = []
    for task, cpu in laps.items():
        spread = Spread.of(cpu)
        told.add("world", stream, _NAMES[task], "cpu time", spread.median, "s")
        peak = max((one.peak_mb for one in used.get(task, [])), default=0.0)
        told.add("world", stream, _NAMES[task], "peak memory", peak, "MB")
        by = "sum_lazy" if task.endswith("lazy") else "sum"
        ratio = told.ratio("world", stream, _NAMES[task], f"time : {by}", cpu, laps[by]) if by in laps else ""
        shown = f"{peak:.0f}" if peak else ""
        lines.append([_NAMES[task], f"{spread.median:.2f}", f"{spread.quartiles:.0%}", ratio, shown])
    title = (
        f"an Asterisk Master.csv of {rows:,} rows, {size / 1e6:,.0f} MB, {options.threads} thread"
        f"{'s' * (options.threads > 1)}, medians of {options.rounds} rounds, user + system time"
    )
    report.table(title, ["", "s cpu", "spread", "time : sum", "peak MB"], lines)
    print(f"  wanted: ours at most {_GOAL} x the sum, {_GOAL_MB} MB and 16 bytes a row")


def _run(task: str, folder: Path, threads: int) -> tuple[Used, list[int]]:
    environment = {**os.environ, "POLARS_MAX_THREADS": str(threads)}
    command = [sys.executable, str(Path(__file__).with_name("call_files_child.py")), task, str(folder)]
    child = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=False)
    if child.returncode:
        raise SystemExit(f"the child process {task!r} failed with {child.returncode}")
    cpu, peak_mb, answer = json.loads(child.stdout)
    return Used(cpu, peak_mb), answer


if __name__ == "__main__":
    main()
