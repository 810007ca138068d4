"""Another build of this library beside this one: the same work in turn, in processes of their own.

python benches/against.py fd8cdb0 [--workload "match, entry"] [--rounds 7] [--rows 2000000] [--threads 1]

The commit is built into out/builds once, without touching the work tree; a folder that holds a built
package will do as well. Figures are of this build as a share of the other one: below 1 it is faster.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import against_child
import against_workloads
import builds
import call_records
import report
import sheet_files
from against_workloads import LONG_ROWS, WORKLOADS, Inputs
from rounds import Lap, Spread
from workload import Workload

if TYPE_CHECKING:
    from builds import Build

_CHILD = Path(against_child.__file__)


class Told(NamedTuple):
    """What one child process has to say: its median lap, for so many rows, and its peak."""

    lap: Lap
    rows: int
    peak_mb: float
    answer: str


class Setting(NamedTuple):
    """What every child is started with."""

    folder: Path
    laps: int
    threads: int


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("commit", help="to compare with, or a folder that holds a built package")
    parser.add_argument("--workload", action="append", metavar="NAME", help="or how it begins; default all")
    parser.add_argument("--rows", type=int, default=2_000_000, help="numbers, or call records")
    parser.add_argument("--rounds", type=int, default=7, help="pairs of processes for each workload")
    parser.add_argument("--laps", type=int, default=3, help="runs in a process, of which the median counts")
    parser.add_argument("--threads", type=int, default=1, help="that Polars may use, on as many cores")
    report.options(parser)
    options = parser.parse_args()
    names = [name for name in WORKLOADS if any(name.startswith(one) for one in options.workload or [""])]
    if not names:
        parser.error("there is no such workload; there are: " + "; ".join(WORKLOADS))
    pair = (builds.other(options.commit), builds.present())
    told = report.Report("against")
    folder = options.folder.resolve() / f"against-{options.rows}-{options.seed}"
    write(Workload.of("az", seed=options.seed, folder=options.folder), options.rows, folder)
    setting = Setting(folder, options.laps, options.threads)
    for build in pair:
        _child(build, against_child.PREPARE, setting)
    lines = []
    for number, name in enumerate(names, start=1):
        print(f"  {number} of {len(names)}: {name}", flush=True)
        lines.append(_compare(told, pair, name, setting, options.rounds))
    head = ["", "", *(f"{build.name}, cpu" for build in pair), "cpu ratio", "spread", "wall ratio", "spread"]
    title = f"now : {pair[0].name}, medians of {options.rounds} pairs, threads: {options.threads}"
    report.table(title, [*head, *(f"{build.name}, MB" for build in pair), "peak ratio", "answers"], lines)
    told.finish(options)


def write(workload: Workload, rows: int, folder: Path) -> None:
    """Make the files that both builds read."""
    inputs = Inputs(folder, folder)
    if inputs.calls.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    workload.frame().write_ipc(inputs.sheet)
    Workload.of("us_in", seed=workload.seed, folder=workload.folder).frame().write_ipc(inputs.long_rows)
    against_workloads.write_ported(inputs.ported, 4 * rows)
    sheet_files.write_csv(inputs.long_sheet, LONG_ROWS, seed=1)
    call_records.records(workload, rows).write_parquet(inputs.calls)


def _compare(
    told: report.Report, pair: tuple[Build, Build], name: str, setting: Setting, rounds: int
) -> list[str]:
    """Run one workload on both, the first one changing; its line of the table."""
    before: list[Told] = []
    after: list[Told] = []
    for turn in range(rounds):
        both = [(pair[0], before), (pair[1], after)]
        for build, runs in both[:: -1 if turn % 2 else 1]:
            try:
                runs.append(_run(build, name, setting))
            except ChildProcessError as failed:  # a line of its own: the others are measured all the same
                told.add("", "", name, "failed", str(failed), "")
                return [name, "", *[""] * 9, str(failed)]
    pairs = list(zip(after, before, strict=True))
    cpu = Spread.of([one.lap.cpu / other.lap.cpu for one, other in pairs])
    wall = Spread.of([one.lap.wall / other.lap.wall for one, other in pairs])
    peak = Spread.of([one.peak_mb / other.peak_mb for one, other in pairs])
    same = "same" if len({run.answer for run in before + after}) == 1 else "DIFFER"
    for measure, ratio in (("cpu time", cpu), ("wall time", wall), ("peak memory", peak)):
        told.add("", "", name, f"{measure}, now : {pair[0].name}", ratio.median, "x")
        told.add("", "", name, f"{measure}, interquartile share", ratio.quartiles, "1")
    told.add("", "", name, "answers", same, "")
    each, unit = _each([before, after])
    for build, time in zip(pair, each, strict=True):
        told.add("", "", name, f"cpu time, {build.name}", time, unit)
    sizes = [f"{Spread.of([run.peak_mb for run in runs]).median:.0f}" for runs in (before, after)]
    ratios = [f"{cpu.median:.3f}", f"{cpu.quartiles:.0%}", f"{wall.median:.3f}", f"{wall.quartiles:.0%}"]
    return [name, unit, *(f"{time:.1f}" for time in each), *ratios, *sizes, f"{peak.median:.2f}", same]


def _each(builds_runs: list[list[Told]]) -> tuple[list[float], str]:
    """CPU time of a row or a call, in a unit that leaves a few digits before the point."""
    seconds = [Spread.of([run.lap.cpu / run.rows for run in runs]).median for runs in builds_runs]
    for unit, part in (("ns", 1e-9), ("µs", 1e-6)):
        if max(seconds) < part * 1e4:
            return [one / part for one in seconds], unit
    return [one / 1e-3 for one in seconds], "ms"


def _run(build: Build, name: str, setting: Setting) -> Told:
    answer = json.loads(_child(build, name, setting))
    if Path(answer["package"]) != build.packages:
        raise SystemExit(f"{build.name} was to be measured, and {answer['package']} was imported")
    laps = sorted(Lap(*one) for one in answer["laps"])
    return Told(laps[len(laps) // 2], answer["count"], answer["peak_mb"], answer["answer"])


def _child(build: Build, name: str, setting: Setting) -> str:
    """Run a child to its end; what it printed."""
    threads = str(setting.threads)
    environment = {**os.environ, "PYTHONPATH": str(build.packages)}
    environment |= dict.fromkeys(("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), threads)
    decks = setting.folder / ("now" if build.name == "now" else build.packages.name)
    command = [sys.executable, str(_CHILD), name, str(setting.folder), str(decks), str(setting.laps), threads]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise ChildProcessError(f"{build.name} failed with {done.returncode}")
    return done.stdout


if __name__ == "__main__":
    main()
