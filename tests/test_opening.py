"""Pipes, sockets and devices are refused by every opener at once, and sizes are counted while reading.

A FIFO without a writer would hold its reader for ever: every case runs under a generous alarm.
"""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from command import run
from dialnexa_routing import (
    ConfigError,
    DeckError,
    RateDeck,
    RecordError,
    RoutingError,
    SheetError,
    Workspace,
)
from dialnexa_routing.deck.deck_book import DeckBook
from dialnexa_routing.files.opening import is_endless, opened, read_whole, refuse_endless
from dialnexa_routing.files.whole_file import replacing
from dialnexa_routing.job import RatingJob
from dialnexa_routing.records import call_files
from dialnexa_routing.records.any_file import scan_any
from dialnexa_routing.sheets import RateSheet
from dialnexa_routing.text.errors import FileError
from hangs import HANG_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no FIFOs here")


@pytest.fixture(autouse=True)
def alarm() -> Iterator[None]:
    def ring(number: int, frame: object) -> None:
        pytest.fail(f"waited {HANG_S} s for a pipe")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(HANG_S)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def fifo(folder: Path, name: str) -> Path:
    path = folder / name
    os.mkfifo(path)
    return path


OPENERS: dict[str, tuple[str, type[RoutingError], Callable[[Path], Any]]] = {
    "a sheet": ("a.csv", SheetError, RateSheet.read),
    "a sheet among others": ("a.xlsx", SheetError, lambda path: RateSheet.read([path])),
    "a folder of sheets": ("a.csv", SheetError, lambda path: RateSheet.read(path.parent)),
    "a deck": ("a.deck", DeckError, RateDeck.open),
    "a book": ("book.toml", DeckError, lambda path: DeckBook.open(path.parent)),
    "call records": ("a.csv", RecordError, call_files.scan),
    "call records as Parquet": ("a.parquet", RecordError, call_files.scan),
    "a folder of call records": ("a.csv", RecordError, lambda path: call_files.scan(path.parent)),
    "a pattern": ("a.csv", RecordError, lambda path: call_files.scan(path.with_name("*.csv"))),
    "recipients": ("a.xlsx", RecordError, lambda path: scan_any(path, having="to")),
    "a workspace": ("a.json", ConfigError, Workspace.load),
}


@pytest.mark.parametrize("name", OPENERS)
def test_a_pipe_is_refused_at_once(tmp_path: Path, name: str) -> None:
    file, error, read = OPENERS[name]
    path = fifo(tmp_path, file)
    with pytest.raises(error, match="is a pipe and no file: give a file"):
        read(path)
    link = tmp_path / "link"
    link.symlink_to(path)
    assert is_endless(link)


@pytest.mark.parametrize(
    "verb",
    [
        ("check", "a.csv"),
        ("compile", "a.csv", "-o", "b.deck"),
        ("inspect", "a.csv"),
        ("rate", "a.csv", "o.csv", "--deck", "a.csv"),
        ("diff", "a.csv", "a.csv"),
    ],
    ids=lambda verb: " ".join(verb[:2]),
)
def test_a_pipe_is_refused_by_every_verb(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verb: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.csv", "a.json"):
        fifo(tmp_path, name)
    assert "is a pipe and no file" in run(*verb, code=2).stderr
    assert "is a pipe and no file" in run("workspace", "check", "a.json", code=1).output


def test_a_job_names_a_pipe_and_rates_the_rest(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    calls.mkdir()
    (calls / "a.csv").write_text("to,seconds\n+919812345678,60\n")
    fifo(calls, "b.csv")
    deck = RateSheet.read(_sheet(tmp_path)).compile()
    report = RatingJob(inputs=calls, output=tmp_path / "out", deck=deck).run()
    assert [one.name for one in report.entries] == ["a.csv"]
    assert report.failed == {"b.csv": "b.csv is a pipe and no file: give a file, or move it away"}


def _sheet(folder: Path) -> Path:
    path = folder / "sheet.csv"
    path.write_text("prefix,network_group,outbound_rate\n91,India,0.75\n")
    return path


def test_devices_and_sockets_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="/dev/null is a device"):
        opened("/dev/null")
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as held:
        held.bind(str(path))
        with pytest.raises(DeckError, match="is a socket"):
            refuse_endless(path, DeckError)


def test_an_output_never_takes_the_place_of_a_device() -> None:
    with pytest.raises(FileError, match="/dev/null is a device"), replacing(Path("/dev/null")):
        pass
    assert is_endless("/dev/null")


def test_a_file_error_is_caught_by_whoever_reads_sheets_or_records() -> None:
    assert issubclass(FileError, SheetError)
    assert issubclass(FileError, RecordError)


def test_sizes_are_counted_while_reading(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"x" * 3000)
    assert read_whole(path, 3000) == b"x" * 3000
    with pytest.raises(SheetError, match=r"a\.csv is larger than 2999 bytes"):
        read_whole(path, 2999)
    with pytest.raises(ConfigError, match="larger than 2 kB"):
        read_whole(path, 2048, ConfigError)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="there is no /proc here")
def test_a_file_that_says_it_is_empty_is_counted_too() -> None:
    assert Path("/proc/self/status").stat().st_size == 0
    with pytest.raises(FileError, match="larger than 10 bytes"):
        read_whole("/proc/self/status", 10)


def test_what_is_missing_or_a_folder_is_said_by_the_system(tmp_path: Path) -> None:
    refuse_endless(tmp_path / "no")
    refuse_endless("a\0b")
    with pytest.raises(FileNotFoundError):
        opened(tmp_path / "no")
    with pytest.raises(IsADirectoryError):
        opened(tmp_path)
