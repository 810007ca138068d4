"""A reader that breaks down, in whatever way, costs its process and is one sentence here.

The readers are our own and break down on purpose: no file is needed for it, so none that does it to
a real one is kept here. What was seen: Polars aborts on some Parquet files whose bytes are damaged, and
takes memory without end for delimited text of millions of columns, as readers of workbooks do for cells
far away and for long texts shown many times.
"""

from __future__ import annotations

import io
import sys
from multiprocessing import spawn
from typing import TYPE_CHECKING

import polars as pl
import pytest

import sandbox_tasks as tasks
from dialnexa_routing.files import rehearsal, sandbox
from dialnexa_routing.files.bounds import USUAL, Bounds
from dialnexa_routing.sheets import RateSheet
from dialnexa_routing.sheets.tables import workbook_headers
from dialnexa_routing.text.errors import SheetError
from hostile_workbooks import packed, parts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Task = Callable[[bytes], list[bytes]]

AMPLE = sandbox.Limits(memory=256 << 20, seconds=60)
SCARCE = sandbox.Limits(memory=16 << 20, seconds=0)
linux = pytest.mark.skipif(sys.platform != "linux", reason="memory can be limited on Linux only")
unix = pytest.mark.skipif(sys.platform == "win32", reason="sends signals")


def test_answers_come_back_whole() -> None:
    data = bytes(range(256)) * 1000
    assert sandbox.run(tasks.turned, data, AMPLE) == [data[::-1], b"", b"\n" + data]
    assert sandbox.run(tasks.loud, b"x", AMPLE) == [b"x"]
    assert sandbox.run(tasks.arguments, b"x", AMPLE, "more", "\u20b9") == [b"x", b"more", "\u20b9".encode()]
    assert sandbox.run(tasks.environment, b"POLARS_MAX_THREADS", AMPLE) == [b"1"]


@pytest.mark.parametrize(
    ("task", "says"),
    [
        (tasks.raises, "^the third cell is odd$"),
        (tasks.panics, "^PanicError$"),
        (tasks.leaves, "^its reader broke down, exit code 3$"),
        pytest.param(tasks.aborts, "broke down, SIGABRT: thread 'main' gave up", marks=unix),
        pytest.param(tasks.takes_memory, "takes more than the 16 MB that a file of its size", marks=linux),
        pytest.param(tasks.aborts_for_memory, "takes more than the 16 MB that a file", marks=unix),
        pytest.param(tasks.is_killed, "takes more than the 16 MB that a file", marks=unix),
        pytest.param(tasks.computes_for_ever, "takes longer than the 0 s that a file", marks=unix),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_reader_that_breaks_down_is_told(task: Task, says: str) -> None:
    with pytest.raises(sandbox.ReaderError, match=says):
        sandbox.run(task, b"", SCARCE)
    assert sandbox.run(tasks.turned, b"ab", AMPLE)[0] == b"ba"


def test_a_reader_that_waits_for_ever_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_START_S", 0)
    with pytest.raises(sandbox.ReaderError, match="takes longer than the 0 s"):
        sandbox.run(tasks.waits_for_ever, b"", SCARCE)


def test_without_an_interpreter_there_is_no_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spawn, "get_executable", lambda: None)
    with pytest.raises(sandbox.ReaderError, match="call multiprocessing"):
        sandbox.run(tasks.turned, b"", AMPLE)
    monkeypatch.setattr(spawn, "get_executable", lambda: "/nowhere/python")
    with pytest.raises(sandbox.ReaderError, match="its reader cannot be started"):
        sandbox.run(tasks.turned, b"", AMPLE)


@unix
@pytest.mark.parametrize("task", [tasks.aborts, tasks.leaves, tasks.panics, tasks.is_killed])
def test_a_file_its_reader_breaks_down_on_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, task: Task
) -> None:
    frame = pl.DataFrame({"prefix": ["91"], "country": "India", "outbound_rate": "0.74"})
    (tmp_path / "a.xlsx").write_bytes(packed(parts()))
    frame.write_parquet(tmp_path / "a.parquet")
    frame.write_ipc(tmp_path / "a.arrow")
    for path in sorted(tmp_path.iterdir()):
        assert RateSheet.read(path).counts.loaded == 1
    monkeypatch.setattr(workbook_headers, "frames", task)
    monkeypatch.setattr(rehearsal, "rehearse_parquet", task)
    monkeypatch.setattr(rehearsal, "rehearse_arrow", task)
    for path in sorted(tmp_path.iterdir()):
        with pytest.raises(SheetError, match=rf"{path.name} is not .*: (save|write) it again") as error:
            RateSheet.read(path)
        assert "\n" not in str(error.value)


@pytest.mark.parametrize("kind", ["parquet", "arrow"])
def test_frames_that_are_too_large_are_refused_before_they_are_text(kind: str) -> None:
    """A kilobyte may hold any number of equal rows, and one text for all of them."""
    held = io.BytesIO()
    frame = pl.DataFrame({"prefix": pl.repeat("91", 100, eager=True), "country": "x" * 50})
    if kind == "parquet":
        frame.write_parquet(held)
    else:
        frame.write_ipc(held)
    rehearse = {"parquet": rehearsal.rehearse_parquet, "arrow": rehearsal.rehearse_arrow}[kind]
    data = held.getvalue()
    assert rehearse(data, USUAL.to_json()) == []
    assert (USUAL.columns, USUAL.frame_cells, USUAL.frame_text_bytes) == (256, 26_000_000, 256 << 20)
    assert sandbox.Limits(memory=448 << 20, seconds=4) == rehearsal._LIMITS
    with pytest.raises(SheetError, match="100 rows and 2 columns, more than 256 columns or 199 cells"):
        rehearse(data, Bounds(frame_cells=199).to_json())
    with pytest.raises(SheetError, match="2 columns, more than 1 columns"):
        rehearse(data, Bounds(columns=1).to_json())
    with pytest.raises(SheetError, match="its texts come to"):
        rehearse(data, Bounds(frame_text_bytes=100 * 52 - 1).to_json())
