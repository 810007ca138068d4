"""Each call to the system that a writing makes fails once, or is the last: old or new stands, never a part.

`strace` gets in the way of one call at a time: no space, an error of the disk, an interruption, a kill. Which
calls there are is counted on a run that nothing gets in the way of, so that a later one is not forgotten.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple

import pytest

from counts import counted, times
from decks import INDIA, deck_of
from dialnexa_routing import BillingPlan, DeckBook, RateDeck
from dialnexa_routing.deck import book_folder
from faulty_acts import DONE, REFUSED
from hangs import HANG_S
from job_folder import CALLS, content, restore
from workspaces import plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SCRIPT = Path(__file__).with_name("faulty_acts.py")
CALLS_OF_FILES = (
    "open,openat,creat,write,writev,pwrite64,fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat,"
    "chmod,fchmod,fchmodat,ftruncate,close,stat,fstat,newfstatat,statx,getdents64,mkdir,mkdirat,flock,lseek,read"
)
FAULTS = ("error=ENOSPC", "error=EIO", "error=EINTR", "signal=KILL")
DRAFT = re.compile(r"\.deck-[A-Za-z0-9]{6}|\..+\.[0-9a-f]{8}|\.manifest\.json|\.calls\.sound\.csv")
OLD, NEW = deck_of(INDIA[:2]), deck_of(INDIA)


class Outcome(NamedTuple):
    """How an act ended, what it said, and the calls it made by name and place."""

    code: int
    told: str
    calls: list[tuple[str, int]]


def status(pid: int, name: str) -> str:
    found = re.search(rf"^{name}:\s*(.*)$", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    assert found is not None
    return found[1]


def until(there: Callable[[], bool]) -> None:
    while not there():
        time.sleep(0.002)


def is_traced() -> bool:
    """Whether there is a strace that may get in the way of a process that it did not begin."""
    if shutil.which("strace") is None:
        return False
    child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    probe = ["strace", "-qq", "-e", "trace=none", "-e", "inject=getppid:error=EIO", "-p", str(child.pid)]
    tracer = subprocess.Popen(probe, stderr=subprocess.DEVNULL)
    until(lambda: tracer.poll() is not None or status(child.pid, "TracerPid") != "0")
    child.communicate()
    return tracer.wait() == 0


pytestmark = pytest.mark.skipif(not is_traced(), reason="needs strace, and leave to trace")


class Tracer:
    """Runs acts one after the other, each with a fault in one of its calls."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._decks = [str(folder / "old.deck"), str(folder / "new.deck")]
        for deck, path in zip((OLD, NEW), self._decks, strict=True):
            deck.save(path)
        self._environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "POLARS_MAX_THREADS": "2"}
        command = [sys.executable, str(SCRIPT), "server", *self._decks]
        self._server = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=self._environment
        )
        assert self._said() == "ready"

    def close(self) -> None:
        self._server.communicate(timeout=HANG_S)

    def run(self, act: str, live: Path, fault: str | None = None, *, alone: bool = False) -> Outcome:
        """One act on `live`; `fault` is what strace injects."""
        told, log = live.with_name("told"), self.folder / "log"
        told.unlink(missing_ok=True)
        if alone:
            command = [sys.executable, str(SCRIPT), "alone", *self._decks, act, str(live)]
            process = subprocess.Popen(command, env=self._environment, stderr=subprocess.DEVNULL)
            code = self._traced(process.pid, log, fault, lambda: process.wait(timeout=HANG_S))
        else:
            assert self._server.stdin is not None
            self._server.stdin.write(f"{act} {live}\n")
            self._server.stdin.flush()
            code = self._traced(int(self._said()), log, fault, lambda: int(self._said()))
        return Outcome(code, told.read_text() if told.exists() else "", made(log.read_text(errors="replace")))

    def _said(self) -> str:
        assert self._server.stdout is not None
        return self._server.stdout.readline().rstrip("\n")

    def _traced(self, pid: int, log: Path, fault: str | None, ended: Callable[[], int]) -> int:
        until(lambda: status(pid, "State")[0] in "TtZ")  # Z is one that ended before it began
        options = ["-f", "-qq", "-o", str(log), "-e", f"trace={CALLS_OF_FILES}"]
        options += ["-e", f"inject={fault}"] if fault else []
        tracer = subprocess.Popen(["strace", *options, "-p", str(pid)], stderr=subprocess.DEVNULL)
        try:
            until(lambda: tracer.poll() is not None or status(pid, "TracerPid") != "0")
            os.kill(pid, signal.SIGCONT)
            return ended()
        finally:
            tracer.wait(timeout=HANG_S)


def made(log: str) -> list[tuple[str, int]]:
    """The calls of a log, each with which of its name and thread it is."""
    seen: Counter[tuple[str, str]] = Counter()
    calls = set()
    for thread, name in re.findall(r"^([0-9]+) +(?:<\.\.\. )?([a-z0-9_]+)\(", log, re.MULTILINE):
        seen[thread, name] += 1
        calls.add((name, seen[thread, name]))
    return sorted(calls)


@pytest.fixture(scope="module")
def tracer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tracer]:
    found = Tracer(tmp_path_factory.mktemp("traced"))
    yield found
    found.close()


def state(live: Path) -> str:
    """``old`` or ``new``; fails for anything else."""
    if (live / "live.deck").exists():
        deck = RateDeck.open(live / "live.deck")
        assert deck in (OLD, NEW)
        return "new" if deck == NEW else "old"
    if (live / "live.txt").exists():
        data = (live / "live.txt").read_bytes()
        assert data in (b"old", b"new\n" * 10_000)
        return "new" if data != b"old" else "old"
    if (live / "live.json").exists():
        found = BillingPlan.load(live / "live.json")
        assert found in (plan(), plan().changed(id="old"))
        return "old" if found.id == "old" else "new"
    decks = [version.deck for version in DeckBook.open(live)]
    assert decks in ([OLD], [OLD, NEW])
    return "new" if len(decks) == 2 else "old"


def begin(live: Path, act: str) -> None:
    """The old state in an empty folder."""
    shutil.rmtree(live, ignore_errors=True)
    live.mkdir()
    match act:
        case "save":
            OLD.save(live / "live.deck")
        case "write":
            (live / "live.txt").write_bytes(b"old")
        case "document":
            plan().changed(id="old").save(live / "live.json")
        case "book":
            from decks import utc

            book_folder.write(live, [book_folder.BookVersion(utc(2026, 1, 1), OLD)])


@pytest.mark.parametrize("act", ["save", "write", "document", "book"])
def test_a_fault_at_each_call_leaves_the_old_or_the_new(tracer: Tracer, tmp_path: Path, act: str) -> None:
    live = tmp_path / "live"
    begin(live, act)
    there = {path.name for path in live.iterdir()}
    assert tracer.run(act, live).code == DONE
    assert state(live) == "new"
    whole = {path.name for path in live.iterdir()}
    begin(live, act)
    calls = tracer.run(act, live).calls
    assert {name for name, _ in calls} >= {"openat", "write", "fsync", "close"}
    cases = [(name, number, fault) for name, number in calls for fault in FAULTS]
    tried = Counter[str]()
    if act in ("document", "book"):  # which are longer, and of the same parts
        cases = Random(times(1, 2)).sample(cases, min(times(8, 10_000), len(cases)))
    for name, number, fault in cases:
        begin(live, act)
        case = f"{name}:{fault}:when={number}"
        found = tracer.run(act, live, case)
        after = state(live)
        left = {path.name for path in live.iterdir()}
        if fault.startswith("signal"):
            assert found.code == -signal.SIGKILL, case
            assert all(DRAFT.fullmatch(one) for one in left - whole - there), (case, left)
            # What is there afterwards is in nobody's way.
            assert tracer.run(act, live).code == DONE, case
            assert state(live) == "new", case
        elif found.code == DONE:
            assert after == "new", (case, found)
            assert left - {".lock"} == whole, (case, left)  # one where no folder can be locked
        else:
            assert found.code == REFUSED, (case, found)
            assert str(live) in found.told, (case, found)
            assert not [one for one in left if DRAFT.fullmatch(one)], (case, left)
        tried[f"{fault} {found.code}"] += 1
    assert sum(tried.values()) == len(cases)
    counted(len(cases), f"faults of {act}")


def test_a_fault_at_any_call_of_a_job_leaves_it_to_be_done_again(tracer: Tracer, tmp_path: Path) -> None:
    CALLS.write_csv(tmp_path / "calls.csv")
    live = tmp_path / "out"
    assert tracer.run("job", live, alone=True).code == DONE
    whole = content(live)
    shutil.rmtree(live)
    calls = tracer.run("job", live, alone=True).calls
    # Reads and writes of this process are also what wakes the threads of Polars, which would sleep for ever.
    files = [
        call for call in calls if re.fullmatch(r"f.*sync|rename.*|unlink.*|mkdir.*|ftruncate|flock", call[0])
    ]
    assert {name for name, _ in files} >= {"fsync", "rename", "mkdir"}
    cases = [(call, fault) for call in files for fault in FAULTS]
    cases = Random(times(1, 2)).sample(cases, min(times(2, 120), len(cases)))
    counted(len(cases), "faults of job")
    for (name, number), fault in cases:
        shutil.rmtree(live, ignore_errors=True)
        case = f"{name}:{fault}:when={number}"
        found = tracer.run("job", live, case, alone=True)
        assert found.code in (DONE, REFUSED, -signal.SIGKILL), (case, found)
        if found.code == DONE:
            assert content(live) == whole, case
        elif found.code == REFUSED:
            assert found.told, case
        before = content(live) if live.exists() else {}
        assert tracer.run("job", live, alone=True).code == DONE, (case, before.keys())
        assert content(live) == whole, case
        restore(live, {})
