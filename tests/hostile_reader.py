"""A script: read one file after the other, and print what became of each.

Run by ``test_hostile_files.py``, which gives it a line of JSON for each file: its ``path``, our ``limits``
that are lowered for it, and whether it goes to the ``bare`` reader behind our guards. That this process is
there for the next file is half of the proof. A file it hangs on ends it, with the place where it hung.
"""

from __future__ import annotations

import faulthandler
import gzip
import json
import resource
import sys
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl
import pytest

from counting import steps
from dialnexa_routing.files import sandbox
from dialnexa_routing.files.bounds import USUAL
from dialnexa_routing.sheets import RateSheet, sheet_reading
from dialnexa_routing.sheets.tables.source import sources
from dialnexa_routing.text.errors import SheetError
from hangs import HANG_S

LIMIT = 1 << 30  # what allocators keep from file to file counts too
STATM, STATUS = Path("/proc/self/statm"), Path("/proc/self/status")
FORGET = Path("/proc/self/clear_refs")


def guarded(path: str) -> dict[str, Any]:
    try:
        sheet = RateSheet.read(path, currency="INR")
    except SheetError as error:
        return {"refused": str(error)}
    return {
        "counts": [sheet.counts.read, sheet.counts.loaded],
        "first": sheet.rows["prefix"].to_list()[:1],
    }


def bare(path: str) -> dict[str, Any]:
    """What the readers behind our guards make of a file: an error of theirs is as good as an answer."""
    data = Path(path).read_bytes()
    try:
        if path.endswith(".xlsx"):
            reader = fastexcel.read_excel(data)
            for name in reader.sheet_names:
                reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
        elif path.endswith(".parquet"):
            pl.read_parquet(BytesIO(data))
        elif path.endswith(".arrow"):
            pl.read_ipc(BytesIO(data))
        elif path.endswith(".json"):
            json.loads(data)
        else:
            text = gzip.decompress(data) if path.endswith(".gz") else data
            pl.read_csv(text, infer_schema=False, truncate_ragged_lines=True)
    except Exception as error:
        return {"told": f"{type(error).__name__}: {error}"}
    return {}


def told(path: str, limits: dict[str, int], without_guard: bool) -> dict[str, Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sheet_reading, "sources", partial(sources, bounds=replace(USUAL, **limits)))
        try:
            return bare(path) if without_guard else guarded(path)
        except BaseException as error:  # a panic is no Exception
            return {"raised": f"{type(error).__name__}: {error}"}


def answered(path: str, limits: dict[str, int], without_guard: bool) -> dict[str, Any]:
    """What became of a file, the calls of Python it took, and the peak of memory where it can be told."""
    answer: dict[str, Any] = {}
    if FORGET.exists():
        FORGET.write_text("5")  # the peak so far
    answer["calls"] = steps(lambda: answer.update(told(path, limits, without_guard))).calls
    if FORGET.exists():
        answer["peak"] = int(STATUS.read_text().split("VmHWM:")[1].split()[0]) >> 10
    return answer


def main() -> None:
    pl.DataFrame({"a": ["b"]}).sort("a")  # the threads of Polars are there, and their memory
    sandbox._START_S = HANG_S
    if STATM.exists():
        base = int(STATM.read_text().split()[5]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_DATA, (base + LIMIT, resource.RLIM_INFINITY))
    for line in sys.stdin:
        asked = json.loads(line)
        faulthandler.dump_traceback_later(HANG_S, exit=True)
        answer = answered(asked["path"], asked["limits"], asked["bare"])
        faulthandler.cancel_dump_traceback_later()
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
