"""An input that changes while a job reads it is named and not counted."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from dialnexa_routing.records import call_files
from hangs import HANG_S
from job_folder import CALLS, content, deck, job

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KINDS = ("csv", "parquet", "arrow")
ROWS = 1000


def written(path: Path, frame: pl.DataFrame) -> Path:
    call_files.sink(frame.lazy(), path)
    return path


def told(path: Path) -> str:
    return f"{path.name} changed while it was read; start the job again once it is whole"


def outputs(folder: Path) -> dict[str, bytes]:
    """What was rated and rejected."""
    return {name: data for name, data in content(folder).items() if name.startswith(("rated/", "rejects/"))}


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 3)


def cut_by_a_byte(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 1)


def emptied(path: Path) -> None:
    os.truncate(path, 0)


def added_to(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"+919812345678,61\n")


def written_over(path: Path) -> None:
    """The same length, and the time set back: only the time of the status shows it."""
    times = path.stat()
    with path.open("r+b") as file:
        file.seek(times.st_size // 2)
        file.write(b"1\n9")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def replaced(path: Path) -> None:
    """By another file of the same length and time."""
    times = path.stat()
    other = path.with_name("other")
    other.write_bytes(path.read_bytes()[:-1] + b" ")
    os.utime(other, ns=(times.st_atime_ns, times.st_mtime_ns))
    other.replace(path)


def removed(path: Path) -> None:
    path.unlink()


def changing(monkeypatch: pytest.MonkeyPatch, change: Callable[[], object], *, behind: bool) -> None:
    """The first output is the moment of a change: in front of its rows, or behind them."""
    original, left = call_files.sink, [change]

    def sink(*given: Any, **options: Any) -> None:
        if left and not behind:
            left.pop()()
        original(*given, **options)
        if left:
            left.pop()()

    monkeypatch.setattr(call_files, "sink", sink)


@pytest.mark.parametrize(
    "change",
    [cut, cut_by_a_byte, emptied, added_to, written_over, replaced, removed],
    ids=lambda one: one.__name__,
)
@pytest.mark.parametrize(
    ("kind", "behind"), [*((kind, False) for kind in KINDS), ("csv", True)], ids=lambda one: str(one)
)
def test_an_input_that_changes_is_named_and_not_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, change: Callable[[Path], None], behind: bool
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    other = written(folder / "a.csv", CALLS)
    calls = written(folder / f"b.{kind}", pl.concat([CALLS] * ROWS))
    job(other, tmp_path / "alone").run()
    begun: list[bool] = []

    def second() -> None:
        begun.append(True)
        change(calls)

    def first() -> None:
        changing(monkeypatch, second, behind=behind)

    report = job(folder, tmp_path / "out").run(lambda step: first() if step.file == calls.name else None)
    monkeypatch.undo()
    assert begun
    assert report.failed == {calls.name: told(calls)}
    assert outputs(tmp_path / "out") == outputs(tmp_path / "alone")


@pytest.mark.parametrize("kind", KINDS)
def test_an_input_of_any_system_that_changes_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    calls = written(tmp_path / f"calls.{kind}", CALLS)
    options = {"direction": "outbound", "columns": {"to": "to", "seconds": "seconds"}}
    changing(monkeypatch, lambda: added_to(calls), behind=False)
    report = job(calls, tmp_path / "out", calls=options).run()
    assert report.failed == {calls.name: told(calls)}


@pytest.mark.parametrize("act", ["linked", "owned"])
def test_an_input_that_is_only_named_or_owned_anew_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    calls = written(tmp_path / "calls.csv", CALLS)
    acts = {"linked": lambda: os.link(calls, tmp_path / "backup"), "owned": lambda: calls.chmod(0o600)}
    changing(monkeypatch, acts[act], behind=True)
    assert not job(calls, tmp_path / "out").run().failed


CUT_AMID = """
import os, sys
from pathlib import Path
from dialnexa_routing import RateDeck
from dialnexa_routing.job import RatingJob
from dialnexa_routing.records.deck_rating import _Rater

calls, deck, out = map(Path, sys.argv[1:])
original, left = _Rater.__call__, [True]

def call(self, batch, *threads):
    if len(batch) and left:
        left.pop()
        os.truncate(calls, 4096)
    return original(self, batch, *threads)

_Rater.__call__ = call
report = RatingJob(inputs=calls, output=out, deck=RateDeck.open(deck)).run()
assert not left
print(*report.failed.values())
"""


@pytest.mark.parametrize("kind", KINDS)
def test_an_input_cut_amid_its_rows_does_not_end_the_process(tmp_path: Path, kind: str) -> None:
    """A mapped file that becomes shorter would end it, and with it all files of the night."""
    calls = written(tmp_path / f"calls.{kind}", pl.concat([CALLS] * 60_000))
    deck().save(tmp_path / "a.deck")
    done = subprocess.run(
        [sys.executable, "-c", CUT_AMID, str(calls), str(tmp_path / "a.deck"), str(tmp_path / "out")],
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "POLARS_MAX_THREADS": "2"},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == told(calls) + "\n"


@pytest.mark.parametrize("name", ["a%41b", "a b", "a#b", "a?b", "a[1]*", "ü₹", "a\nb"])
def test_an_arrow_file_of_any_name_is_read(tmp_path: Path, name: str) -> None:
    calls = written(tmp_path / f"{name}.arrow", CALLS)
    assert call_files.scan(calls).collect().equals(CALLS)
