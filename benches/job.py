"""A nightly job of ten Parquet files, beside Polars reading them and writing the same columns ready-made.

python benches/job.py [--millions 5 20] [--rounds 1]

Whole processes in turn, on one thread: user and system time, imports and opening the deck included, and the
peak of memory. The copy reads one wide file in the place of each input, and writes the same columns as Polars
does by default. Two sizes show that the cost is in proportion.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import polars as pl

import report
from rounds import Spread

ROOT = Path(__file__).parents[1]
FILES = 10
_ONE_THREAD = os.environ | {"POLARS_MAX_THREADS": "1"}
_DECK = """
import sys
from dialnexa_routing import RateSheet
RateSheet.read(sys.argv[1]).compile().save(sys.argv[2])
"""
_COPY = """
import sys
from pathlib import Path
import polars as pl
for path in sorted(Path(sys.argv[1]).iterdir()):
    pl.scan_parquet(path).sink_parquet(Path(sys.argv[2]) / path.name)
"""


class Run(NamedTuple):
    """One process: CPU seconds, and its peak in megabytes."""

    cpu: float
    peak: float


def run(*command: str) -> Run:
    """Run it to its end. A job that refused rows ends with 1, as it says."""
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.DEVNULL, env=_ONE_THREAD)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return Run(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def calls(folder: Path, millions: int) -> Path:
    """Ten files of records, a seed each."""
    made = folder / f"calls-{millions}"
    made.mkdir()
    for number in range(FILES):
        rows, path = millions * 1_000_000 // FILES, made / f"{number}.parquet"
        maker = ROOT / "data" / "make_records.py"
        run(str(maker), "--rows", str(rows), "--seed", str(number + 1), "--out", str(path))
    return made


def compared(folder: Path, deck: Path, millions: int, rounds: int) -> list[tuple[Run, Run]]:
    """The job and the copy, round by round."""
    source, found = calls(folder, millions), []
    for _ in range(rounds):
        rated, ready = folder / "rated", folder / "ready"
        ours = run("-m", "dialnexa_routing", "job", str(source), str(rated), "--deck", str(deck))
        got = pl.scan_parquet(rated / "rated" / "*.parquet").select(pl.len()).collect().item()
        if got != millions * 1_000_000:
            raise SystemExit(f"{got:,} rows of {millions} million came out")
        ready.mkdir()
        copied = run("-c", _COPY, str(rated / "rated"), str(ready))
        found.append((ours, copied))
        shutil.rmtree(rated)
        shutil.rmtree(ready)
    shutil.rmtree(source)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--millions", type=int, nargs="+", default=[5, 20])
    parser.add_argument("--rounds", type=int, default=1)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    try:
        deck = folder / "world.deck"
        # In another process: the peak of a child is never told to be below that of whoever starts it.
        run("-c", _DECK, str(ROOT / "data" / "world.csv"), str(deck))
        rows = []
        for millions in asked.millions:
            runs = compared(folder, deck, millions, asked.rounds)
            ours, copied = (Spread.of([pair[at].cpu for pair in runs]).median for at in (0, 1))
            ratio = Spread.of([one.cpu / other.cpu for one, other in runs]).median
            peak = max(one.peak for one, _ in runs)
            each = ours / millions
            rows.append(
                (str(millions), *(f"{value:.2f}" for value in (ours, each, copied, ratio)), f"{peak:.0f}")
            )
        heads = ("million rows", "job CPU s", "a million", "copy CPU s", "job / copy", "job peak MB")
        report.table(f"job of {FILES} Parquet files, {asked.rounds} rounds", heads, rows)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
