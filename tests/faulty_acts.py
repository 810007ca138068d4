"""A script: acts that write files, each stopped before it begins, so that somebody can get in its way.

``server`` waits for lines on its input, and forks a child a line: the name of an act and a folder. The child
prints its process id and stops; once it is let go on it acts. The server prints how it ended. ``alone`` is
one act in the process itself, for those that have threads of Polars. See `test_faulty_calls`.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from decks import utc
from dialnexa_routing import RateDeck, RoutingError
from dialnexa_routing.deck import book_folder
from dialnexa_routing.deck.book_folder import BookVersion
from dialnexa_routing.files.whole_file import replacing
from dialnexa_routing.job import RatingJob
from workspaces import plan

if TYPE_CHECKING:
    from collections.abc import Callable

DONE, REFUSED = 0, 3
"""How an act ends: as it should, or by an error of the system or of ours."""


def save(folder: Path) -> None:
    NEW.save(folder / "live.deck")


def write(folder: Path) -> None:
    with replacing(folder / "live.txt") as file:
        file.write(b"new\n" * 10_000)


def document(folder: Path) -> None:
    PLAN.save(folder / "live.json")


def book(folder: Path) -> None:
    with book_folder.writing(folder):
        book_folder.write(folder, [BookVersion(utc(2026, 1, 1), OLD), BookVersion(utc(2026, 6, 1), NEW)])


def job(folder: Path) -> None:
    report = RatingJob(inputs=folder.parent / "calls.csv", output=folder, deck=OLD).run()
    if report.failed:
        raise OSError(str(report.failed))


ACTS: dict[str, Callable[[Path], None]] = {
    "save": save,
    "write": write,
    "document": document,
    "book": book,
    "job": job,
}


def act(name: str, folder: str) -> int:
    os.kill(os.getpid(), signal.SIGSTOP)
    try:
        ACTS[name](Path(folder))
    except (OSError, RoutingError) as error:
        Path(folder).with_name("told").write_text(f"{type(error).__name__}: {error}")
        return REFUSED
    return DONE


def serve() -> None:
    print("ready", flush=True)
    for line in sys.stdin:
        name, folder = line.rstrip("\n").split(" ", 1)
        child = os.fork()
        if not child:
            os._exit(act(name, folder))
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    OLD, NEW = (RateDeck.open(path) for path in sys.argv[2:4])
    PLAN = plan()
    if sys.argv[1] == "server":
        serve()
    else:
        # Whatever Polars opens once is opened before the act begins.
        sys.exit(act(*sys.argv[4:6]))
