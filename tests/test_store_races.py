"""Many at once: no update is lost, none is half made, and a killed process leaves the old or the new."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from threading import Barrier, Event, current_thread
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine
from sqlalchemy.event import listen, remove

import dialnexa_routing
from dialnexa_routing.store import ConfigStore, StaleVersionError
from dialnexa_routing.text.errors import ConflictError
from dialnexa_routing.workspace.workspace import Workspace
from hangs import HANG_S
from stores import LINE, OTHER, assert_whole, day, groups, with_group, with_line, workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

THREADS = 8
FOLDERS = [Path(dialnexa_routing.__file__).parents[1], Path(__file__).parent]
ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, FOLDERS))}
CHANGER = """
import sys
from dialnexa_routing.text.errors import ConflictError
from dialnexa_routing.store import ConfigStore
from stores import day, with_group, workspace
place, name, changes = sys.argv[1:]
with ConfigStore(place) as store:
    try:
        store.create(workspace(), by=name, at=day(1))
    except ConflictError:
        pass
    print("ready", flush=True)
    for change in range(int(changes)):
        store.change("acme", lambda old: with_group(old, f"{name}-{change}"), by=name, at=day(2))
        print("changed", flush=True)
"""
SLEEPER = """
import sys
from dialnexa_routing.store import ConfigStore
from stores import OTHER, day, with_line
def seal(secret):
    print("ready", flush=True)
    sys.stdin.read()
with ConfigStore(sys.argv[1], seal=seal, unseal=bytes) as store:
    store.change("acme", lambda old: with_line(old, OTHER), by="sleeper", at=day(2))
"""


@contextmanager
def started(script: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of its own, which does not outlive the block."""
    command = [sys.executable, "-W", "error", "-c", script, *arguments]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=ENVIRONMENT) as process:
        try:
            yield process
        finally:
            process.kill()


def until(process: subprocess.Popen[bytes], word: bytes) -> None:
    """Wait for the process to print this as its next line."""
    assert process.stdout is not None
    assert process.stdout.readline() == word + b"\n"


@pytest.mark.parametrize("shared", [True, False], ids=["one store", "a store each"])
def test_eight_threads_lose_no_update(place: str, shared: bool) -> None:
    stores = [ConfigStore(place) for _ in range(1 if shared else THREADS)]
    stores[0].create(workspace(), by="asha", at=day(1))
    names = [f"{thread}-{change}" for thread in range(THREADS) for change in range(5)]

    def add(name: str) -> int:
        store = stores[int(name[0]) % len(stores)]
        return store.change("acme", lambda old: with_group(old, name), by=name, at=day(2)).version

    with ThreadPoolExecutor(THREADS) as threads:
        versions = list(threads.map(add, names))
    assert sorted(versions) == list(range(2, len(names) + 2))
    assert groups(stores[0].read("acme").document) == tuple(sorted(names))
    changes = stores[0].history("acme")[1:]
    assert [change.what for change in changes] == [
        (f"enabled[plivo/IN]: +{change.changed_by}",) for change in changes
    ]
    assert_whole(stores[0], place)
    for store in stores:
        store.close()


def test_processes_that_open_and_change_at_once_lose_no_update(place: str) -> None:
    with started(CHANGER, place, "a", "15") as one, started(CHANGER, place, "b", "15") as other:
        assert one.communicate()[0] == other.communicate()[0] == b"ready\n" + 15 * b"changed\n"
        assert (one.returncode, other.returncode) == (0, 0)
    with ConfigStore(place) as store:
        assert len(groups(store.read("acme").document)) == 30
        assert store.read("acme").version == 31
        assert_whole(store, place)


def test_of_two_updates_of_one_version_one_is_refused(place: str) -> None:
    with ConfigStore(place) as store, ThreadPoolExecutor(THREADS) as threads:
        store.create(workspace(), by="asha", at=day(1))
        barrier = Barrier(THREADS)

        def update(name: str) -> object:
            barrier.wait()
            try:
                return store.update(with_group(workspace(), name), expected_version=1, by=name, at=day(2))
            except StaleVersionError as error:
                return str(error)

        told = list(threads.map(update, "abcdefgh"))
        winner = store.read("acme")
        refused = [one for one in told if isinstance(one, str)]
        assert told.count(winner) == 1
        assert len(refused) == THREADS - 1
        assert all(
            f"version 2, by {winner.changed_by!r}" in one and "version 1 (409)" in one for one in refused
        )
        assert_whole(store, place)


def test_the_database_itself_refuses_the_second_of_two(place: str) -> None:
    """The second one comes while the first has written, and has not yet committed."""
    inside, go_on = Event(), Event()

    def slow(secret: bytes) -> bytes:
        inside.set()
        assert go_on.wait(HANG_S)
        return secret

    first = with_group(workspace(), "first")
    second = with_group(workspace(), "second")
    with (
        statements() as (asked, order),
        ConfigStore(place) as store,
        ConfigStore(place, seal=slow, unseal=bytes) as slower,
        ThreadPoolExecutor(1, "first") as its,
        ThreadPoolExecutor(1, "second") as others,
        ExitStack() as at_last,
    ):
        at_last.callback(go_on.set)  # whatever fails, nobody is waited for
        store.create(workspace(), by="asha", at=day(1))
        one = its.submit(slower.update, first, expected_version=1, by="first", at=day(2))
        assert inside.wait(HANG_S)
        assert store.read("acme").version == 1
        other = others.submit(store.update, second, expected_version=1, by="second", at=day(2))
        assert asked["second"].wait(HANG_S)
        assert not other.done()
        go_on.set()
        assert one.result().version == 2
        with pytest.raises(StaleVersionError, match="version 2, by 'first'"):
            other.result()
        assert order.index("first commits") < order.index("second is answered")
        assert groups(slower.read("acme").document) == ("first",)


@contextmanager
def statements() -> Iterator[tuple[dict[str, Event], list[str]]]:
    """What the threads of named pools ask of any database, and in which order they are answered."""
    asked, order = {"first": Event(), "second": Event()}, list[str]()

    def note(what: str) -> Callable[..., None]:
        def one(*_: object) -> None:
            name = current_thread().name.partition("_")[0]
            if name in asked:
                order.append(f"{name} {what}")
                if what == "asks":
                    asked[name].set()

        return one

    said = {"before_cursor_execute": "asks", "after_cursor_execute": "is answered", "commit": "commits"}
    listeners = [(Engine, event, note(what)) for event, what in said.items()]
    for listener in listeners:
        listen(*listener)
    try:
        yield asked, order
    finally:
        for listener in listeners:
            remove(*listener)


def test_r29_of_those_who_want_a_number_one_gets_it(place: str) -> None:
    """Each wants the number of another as well: nobody waits for ever."""
    numbers = [f"+1415555010{digit}" for digit in range(4)]
    with ConfigStore(place) as store, ThreadPoolExecutor(4) as threads:
        for number in numbers:
            store.create(workspace(f"of {number}", number), by="asha", at=day(1))
        clock = count(2)

        def swap(step: int) -> bool:
            own, wanted = numbers[step % 4], numbers[(step + 1 + step // 4) % 4]
            moved = Workspace(id=f"of {own}")
            try:
                store.change(
                    moved.id, lambda _: with_line(moved, wanted), by="x", at=lambda: day(next(clock))
                )
            except ConflictError:
                return False
            return True

        list(threads.map(swap, range(48)))
        assert_whole(store, place)
        barrier = Barrier(4)

        def take(number: str) -> bool:
            barrier.wait()
            try:
                store.change(f"of {number}", lambda old: with_line(old, OTHER), by="x", at=day(999))
            except ConflictError:
                return False
            return True

        assert list(threads.map(take, numbers)).count(True) == 1
        assert_whole(store, place)


def test_killed_in_the_middle_of_a_transaction_it_leaves_the_old_version(place: str) -> None:
    with ConfigStore(place) as store:
        store.create(workspace(), by="asha", at=day(1))
        with started(SLEEPER, place) as process:
            until(process, b"ready")
            process.send_signal(signal.SIGKILL)
        assert store.read("acme").version == 1
        assert_whole(store, place)
        store.create(workspace("other", OTHER), by="asha", at=day(2))
        assert store.change("acme", lambda old: old.changed(name="Acme"), by="asha", at=day(2)).version == 2
        assert_whole(store, place)


def test_killed_at_any_moment_it_leaves_a_whole_version(place: str) -> None:
    dice = random.Random(7)
    with (
        started(CHANGER, place, "a", "100000") as one,
        started(CHANGER, place, "b", "100000") as other,
        ConfigStore(place) as store,
    ):
        until(one, b"ready")
        until(other, b"ready")
        for process in (one, other):
            # Wherever it has got to by then, which the other one and the disk decide.
            for _ in range(dice.randint(1, 20)):
                until(process, b"changed")
            process.send_signal(signal.SIGKILL)
            process.wait()
            done = store.change("acme", lambda old: old.changed(name=f"{old.name}x"), by="p", at=day(2))
        left = store.read("acme")
        assert left == done
        assert left.document.name == "xx"
        assert len(groups(left.document)) == left.version - 3
        assert_whole(store, place)


def test_a_database_in_memory_is_shared_by_threads() -> None:
    def add(name: str) -> None:
        store.change("acme", lambda old: with_group(old, name), by="x", at=day(2))

    with ConfigStore("sqlite://") as store, ThreadPoolExecutor(THREADS) as threads:
        store.create(workspace(), by="asha", at=day(1))
        names = sorted(f"g{name}" for name in range(24))
        list(threads.map(add, names))
        assert groups(store.read("acme").document) == tuple(names)
        assert store.read("acme").document.numbers[0].number == LINE
