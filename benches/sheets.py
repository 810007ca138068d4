"""Reading rate sheets: seconds of processor time and peak memory, of whole child processes.

python benches/sheets.py [--rows 1000000] [--rounds 5] [--threads 2]

A delimited sheet of a million rows is parsed, checked and compiled into a deck; a folder of JSON
documents, one for a country, is read; a workbook shows what its own process costs. Prefixes are those
of data/world.csv, lengthened to so many; every price is invented. That file itself is compared with one
in which the prices of a tenth of the countries changed, and reported on.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import report
from rounds import Spread
from sheet_files import COUNTRIES, PREFIXES, SMALL_ROWS, WORLD, prepare

if TYPE_CHECKING:
    from collections.abc import Callable

    from dialnexa_routing.sheets import RateSheet

_GOALS = {
    "csv": ("2.5 s", 2.5),
    "json": ("1.5 s", 1.5),
    "country": ("1.5 s", 1.5),
    "diff": ("1 s", 1.0),
    "report": ("1 s", 1.0),
}
_AT = datetime(2026, 11, 10, tzinfo=UTC)


Answer = tuple[float, float, int, int]
"""Seconds of processor time, peak MB, rows that came out, and rows there should be."""


class Used(NamedTuple):
    """What a child process used: for the task alone, for all of it with its imports, and at most."""

    cpu: float
    whole: float
    peak_mb: float
    loaded: int


def main() -> None:
    if sys.argv[1:2] == ["--task"]:
        print(json.dumps(TASKS[sys.argv[2]](Path(sys.argv[3]))))
        return
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000, help="of the delimited sheet")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1, help="that Polars may use")
    report.options(parser)
    options = parser.parse_args()
    told = report.Report("sheets")
    folder = options.folder.resolve() / f"sheets-{options.rows}-{options.seed}"
    prepare(folder, options.rows, options.seed)
    names = {
        "csv": f"CSV, {options.rows:,} rows: parsed, checked, compiled",
        "csv-read": f"CSV, {options.rows:,} rows: parsed and checked",
        "json": f"JSON, {COUNTRIES} files, {PREFIXES:,} prefixes",
        "country": f"JSON with branches by type of number, {COUNTRIES} files, {PREFIXES:,} prefixes",
        "xlsx": f"workbook, {SMALL_ROWS:,} rows",
        "small-csv": f"the same {SMALL_ROWS:,} rows as CSV",
        "start": "the process a workbook is read in, started and ended",
        "diff": "data/world.csv compared with another",
        "report": "data/world.csv reported on",
    }
    used: dict[str, list[Used]] = {task: [] for task in names}
    for turn in range(options.rounds):
        order = list(names)
        for task in order[turn % len(order) :] + order[: turn % len(order)]:
            used[task].append(_run(task, folder, options.threads))
    _tell(told, names, used, options.rounds)
    told.finish(options)


def _tell(told: report.Report, names: dict[str, str], used: dict[str, list[Used]], rounds: int) -> None:
    lines = []
    for task, laps in used.items():
        cpu = Spread.of([lap.cpu for lap in laps])
        whole = Spread.of([lap.whole for lap in laps]).median
        peak = max(lap.peak_mb for lap in laps)
        goal, most = _GOALS.get(task, ("", float("inf")))
        for measure, value, unit in (
            ("cpu time", cpu.median, "s"),
            ("cpu time with imports", whole, "s"),
            ("peak memory", peak, "MB"),
        ):
            told.add("world", "", names[task], measure, value, unit)
        met = "" if not goal else "yes" if cpu.median < most else "no"
        row = [names[task], f"{cpu.median:.2f}", f"{cpu.quartiles:.0%}", f"{whole:.2f}", f"{peak:.0f}"]
        lines.append([*row, f"{laps[0].loaded:,}", goal, met])
    head = ["", "s cpu", "spread", "with imports", "peak MB", "rows", "goal", "met"]
    report.table(f"reading rate sheets, medians of {rounds} rounds, user + system time", head, lines)


def _run(task: str, folder: Path, threads: int) -> Used:
    """Run a child to its end; what its own children used is in the figures."""
    environment = {**os.environ, "POLARS_MAX_THREADS": str(threads)}
    command = [sys.executable, __file__, "--task", task, str(folder)]
    child = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
    assert child.stdout is not None
    answer = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"the child process {task!r} failed with {child.returncode}")
    cpu, peak_mb, loaded, wanted = json.loads(answer)
    if loaded != wanted:
        raise SystemExit(f"wrong: {task!r} gave {loaded} rows of {wanted}")
    return Used(cpu, usage.ru_utime + usage.ru_stime, peak_mb, loaded)


def _timed(read: Callable[[], int], wanted: int, warm: bool = False) -> Answer:
    # Imports are paid once in a process and not for each sheet; they stand in a column of their own.
    import polars as pl

    from dialnexa_routing.sheets import RateSheet

    RateSheet.read(pl.DataFrame({"prefix": ["91"], "country": ["India"], "outbound_rate": ["1"]})).compile()
    if warm:
        read()
    before = _cpu()
    loaded = read()
    return _cpu() - before, _peak_mb(), loaded, wanted


def _peak_mb() -> float:
    """Of this process since it was started; `wait4` would count what the one that forked it held."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20  # bytes, on a Mac


def _cpu() -> float:
    used = os.times()
    return time.process_time() + used.children_user + used.children_system


def _csv(folder: Path, compiled: bool = True) -> Answer:
    from dialnexa_routing.sheets import RateSheet

    def read() -> int:
        sheet = RateSheet.read(folder / "sheet.csv")
        if compiled:
            sheet.compile()
        return sheet.counts.loaded

    return _timed(read, int((folder / "rows").read_text()))


def _documents(name: str) -> Callable[[Path], Answer]:
    def read(folder: Path) -> Answer:
        from dialnexa_routing.sheets import RateSheet

        return _timed(lambda: RateSheet.read(folder / name, currency="INR").counts.loaded, PREFIXES)

    return read


def _small(name: str) -> Callable[[Path], Answer]:
    def read(folder: Path) -> Answer:
        from dialnexa_routing.sheets import RateSheet

        return _timed(lambda: RateSheet.read(folder / name).counts.loaded, SMALL_ROWS, warm=True)

    return read


def _start(folder: Path) -> Answer:
    import io

    import polars as pl

    from dialnexa_routing.files import rehearsal, sandbox

    held = io.BytesIO()
    pl.DataFrame({"prefix": ["91"]}).write_ipc(held)
    limits = sandbox.Limits(memory=1 << 28, seconds=9)
    return _timed(lambda: len(sandbox.run(rehearsal.rehearse_arrow, held.getvalue(), limits)), 0)


def _diff(folder: Path) -> Answer:
    from dialnexa_routing.sheets import RateSheet

    world = RateSheet.read(WORLD)
    new = _dearer(world)
    wanted = new.diff(world, at=_AT).counts["cheaper"]
    return _timed(lambda: world.diff(new, at=_AT).counts["dearer"], wanted)


def _dearer(world: RateSheet) -> RateSheet:
    """The same sheet at half as much again in the groups of one in ten countries, whatever those are."""
    import polars as pl

    countries = world.rows["country_iso"].unique().sort().gather_every(10)
    rate = (pl.col("outbound_rate") * Decimal("1.5")).cast(world.rows.schema["outbound_rate"])
    changed = pl.when(pl.col("country_iso").is_in(countries.implode())).then(rate).otherwise("outbound_rate")
    return replace(world, rows=world.rows.with_columns(outbound_rate=changed))


def _report(folder: Path) -> Answer:
    from dialnexa_routing.sheets import RateSheet

    world = RateSheet.read(WORLD)
    return _timed(lambda: dict(world.report(at=_AT).counts.iter_rows())["rows_loaded"], world.counts.loaded)


TASKS: dict[str, Callable[[Path], Answer]] = {
    "csv": _csv,
    "csv-read": lambda folder: _csv(folder, compiled=False),
    "json": _documents("json"),
    "country": _documents("country"),
    "xlsx": _small("small.xlsx"),
    "small-csv": _small("small.csv"),
    "start": _start,
    "diff": _diff,
    "report": _report,
}


if __name__ == "__main__":
    main()
