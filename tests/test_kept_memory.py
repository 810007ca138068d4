"""Long columns are kept for the next batch: counted in page faults, of processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import dialnexa_routing
from decks import INDIA, deck_of
from hangs import HANG_S

TRIES = 5
"""A system that is short of memory takes pages back between two batches; of several one goes well."""
ENVIRONMENT = os.environ | {
    "PYTHONPATH": str(Path(dialnexa_routing.__file__).parents[1]),
    "POLARS_MAX_THREADS": "2",
}
BEGIN = """
import os, resource, sys
import polars as pl
from dialnexa_routing import RateDeck

deck = RateDeck.open(sys.argv[1])

def numbers(rows):
    return pl.Series(["919812345678", "18765550100"]).gather(pl.int_range(rows, eager=True) % 2)

def used():
    return resource.getrusage(resource.RUSAGE_SELF)
"""


def fresh(script: str, folder: Path) -> str:
    deck_of(INDIA).save(folder / "plan.deck")
    command = [sys.executable, "-c", BEGIN + script, str(folder / "plan.deck")]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=ENVIRONMENT, timeout=HANG_S
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count faults in other ways")
def test_the_next_batch_takes_the_pages_of_the_last(tmp_path: Path) -> None:
    script = """
asked = numbers(100_000), numbers(500_000)
deck.match(asked[0].head(10))
for some in asked:
    faults = [used().ru_minflt]
    for _ in range(11):
        deck.match(some)
        faults.append(used().ru_minflt)
    print(faults[1] - faults[0], faults[-1] - faults[1])
"""
    found = []
    for _ in range(TRIES):
        found.append([tuple(map(int, line.split())) for line in fresh(script, tmp_path).splitlines()])
        if all(ten_more < 2 * first for first, ten_more in found[-1]):
            return
    pytest.fail(f"each batch takes fresh pages: {found}")


def test_batches_of_many_sizes_need_no_more_than_the_largest(tmp_path: Path) -> None:
    script = """
asked = numbers(400_000)
if sizes:
    for size in (*range(50_000, 400_000, 30_000), *range(400_000, 50_000, -40_000)):
        deck.match(asked.head(size))
else:
    deck.match(asked)
print(used().ru_maxrss)
"""
    one, many = (int(fresh(f"sizes = {sizes}\n{script}", tmp_path)) for sizes in (False, True))
    assert many < 1.25 * one


def test_answers_that_stay_are_never_overwritten(tmp_path: Path) -> None:
    script = """
from threading import Thread

def ask(rows):
    some, before = numbers(rows), deck.match(numbers(rows))
    for _ in range(10):
        after = deck.match(some)
        assert after.equals(before)
        before = after
    done.append(rows)

done = []
threads = [Thread(target=ask, args=(rows,)) for rows in (20_000, 60_000, 60_001, 200_000, 300_000, 300_000)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(len(done))
"""
    assert fresh(script, tmp_path).strip() == "6"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system makes no process by forking")
def test_a_child_forked_while_columns_are_made_goes_on(tmp_path: Path) -> None:
    """It may inherit the lock from a thread that it does not have; it has to do without."""
    script = """
import warnings
from threading import Event, Thread
import pyarrow as pa

warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 wants no fork beside threads
asked, over = pa.array(["919812345678"] * 50_000), Event()
deck.match(asked)  # what is prepared at first use is another lock that a child would inherit

def ask():
    while not over.is_set():
        deck.match(asked)

threads = [Thread(target=ask) for _ in range(3)]
[thread.start() for thread in threads]
for _ in range(10):
    child = os.fork()
    if not child:
        for _ in range(3):
            deck.match(asked)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
over.set()
[thread.join() for thread in threads]
"""
    fresh(script, tmp_path)
