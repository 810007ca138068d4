"""A script: a job that counts its steps, and is killed in one of them; a clock has no part in it.

A step is a call of a function, or its end. Run by `job_folder.Runner`, with the inputs and the deck as
arguments, and one line of input once it is ready: what to do, the number of a step, the output.

``count`` runs to the end and prints how many steps there were. ``at`` is killed in that step. ``beside``
is killed by another thread that is let go in that step, so that it strikes wherever this one has gone:
most often into Polars or the disk, which make no steps.
"""

from __future__ import annotations

import os
import signal
import sys
from threading import Event, Thread

from dialnexa_routing import RateDeck
from dialnexa_routing.job import RatingJob


def killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(inputs: str, deck_file: str) -> None:
    deck = RateDeck.open(deck_file)
    print("ready", flush=True)
    line = sys.stdin.readline().rstrip("\n")
    if not line:
        return
    how, step, output = line.split(" ", 2)
    steps, last, reached = 0, int(step), Event()
    strike = {"count": lambda: None, "at": killed, "beside": reached.set}[how]

    def count(*_: object) -> None:
        nonlocal steps
        steps += 1
        if steps == last:
            strike()

    def kill_once_reached() -> None:
        reached.wait()
        killed()

    if how == "beside":
        Thread(target=kill_once_reached, daemon=True).start()
    job = RatingJob(inputs=inputs, output=output, deck=deck)
    sys.setprofile(count)
    job.run()
    sys.setprofile(None)
    if how == "beside" and reached.is_set():
        killed()  # the other thread was not given the time
    print(steps)


if __name__ == "__main__":
    main(*sys.argv[1:])
