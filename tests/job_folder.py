"""A night of call records in small files of all kinds, and the job that rates them, also as a process."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

import dialnexa_routing
from decks import INDIA, MOBILE, sheet
from dialnexa_routing import RateDeck
from dialnexa_routing.job import RatingJob

CALLS = pl.DataFrame(
    {
        "to": [MOBILE, "+12025550123", "x", None, "+44", "914012345678", "+18765550123"],
        "seconds": ["61", "5", "5", "", "2", "5", "3600"],
    }
)
MALFORMED = (
    b"to,seconds,note\n"
    b"+919812345678,61,first\n"
    b"+919812345678,6\n"
    b"\n"
    b'"+12025550123",5,"two\nlines, one row"\n'
    b"+919812345678,5,\xff\n"
    b"+44,5,kept\n"
    b'+919812345678,"5,x\n'
    b"+919812345678,5,a,b\n"
    b"+18765550123,10,last"
)
_SCRIPT = Path(__file__).with_name("counted_job.py")


@cache
def deck() -> RateDeck:
    return RateDeck.compile(sheet(INDIA))


def night(folder: Path, files: int = 12) -> Path:
    """A folder of so many files: Parquet, CSV, gzipped CSV, Arrow, CSV with bad lines, in turn."""
    folder.mkdir()
    for position in range(files):
        frame, name = pl.concat([CALLS] * (position + 1)), f"calls-{position:02}"
        match position % 5:
            case 0:
                frame.write_parquet(folder / f"{name}.parquet")
            case 1:
                frame.write_csv(folder / f"{name}.csv")
            case 2:
                (folder / f"{name}.csv.gz").write_bytes(gzip.compress(frame.write_csv().encode(), mtime=0))
            case 3:
                frame.write_ipc(folder / f"{name}.arrow")
            case _:
                (folder / f"{name}.csv").write_bytes(MALFORMED)
    return folder


def job(inputs: Path, output: Path, **options: Any) -> RatingJob:
    return RatingJob(inputs=inputs, output=output, **({"deck": deck()} | options))


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, hidden ones too."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def restore(folder: Path, state: dict[str, bytes]) -> None:
    """A folder with these files, as a killed process would have left it."""
    for name, data in state.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


class Runner:
    """Processes that run a job; the next one starts while the one before it runs. See `counted_job`."""

    def __init__(self, inputs: Path, deck_file: Path) -> None:
        self._command = [sys.executable, str(_SCRIPT), str(inputs), str(deck_file)]
        self._next = self._start()

    def run(self, output: Path, how: str = "count", step: int = 0) -> subprocess.Popen[str]:
        """A process that begins now to rate into a folder."""
        running, self._next = self._next, self._start()
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        assert running.stdin is not None
        running.stdin.write(f"{how} {step} {output}\n")
        running.stdin.flush()
        return running

    def close(self) -> None:
        """End the process that waits."""
        self._next.communicate()

    def _start(self) -> subprocess.Popen[str]:
        environment = os.environ | {"PYTHONPATH": str(Path(dialnexa_routing.__file__).parents[1])}
        return subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
