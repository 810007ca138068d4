"""The compiled module is first imported in a thread that ends, and is used in others afterwards.

A scheduler, a pool of requests or an engine that calls Python in threads of its own does just that.
Only a fresh process can show it: this one has imported the module in its main thread long ago.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import dialnexa_routing
from decks import INDIA, deck_of
from hangs import HANG_S

AGAIN = 3  # processes for each way: what depends on where memory lies may go well once

IN_THREADS = """
import sys
from threading import Thread

def use():
    from dialnexa_routing import RateDeck
    deck = RateDeck.open(sys.argv[1])
    assert deck.match("+919812345678").network_group == "India - Mobile"
    assert RateDeck.from_bytes(deck.to_bytes()).digest == deck.digest
    assert deck.network_groups[0].name == "India"
    found.append(deck)

found = []

def one_thread():
    thread = Thread(target=use)
    thread.start()
    thread.join()
"""
WAYS = {
    "fifty threads, one after the other": "for _ in range(50): one_thread()",
    "a thread, then the main thread": "one_thread(); use()",
    "a thread, then many at once": """
one_thread()
threads = [Thread(target=use) for _ in range(20)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
""",
    "what a thread made ends in another": """
for _ in range(20):
    one_thread()
    thread = Thread(target=found.clear)
    thread.start()
    thread.join()
use()
""",
    "a thread, then a child process": """
import os, warnings
warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 wants no fork beside threads
one_thread()
for _ in range(5):
    child = os.fork()
    if not child:
        one_thread()
        os._exit(len(found) != 2)
    assert os.waitpid(child, 0)[1] == 0
""",
}
COLUMNS = """
def rate():
    import polars as pl
    from dialnexa_routing import RateDeck, records
    deck = RateDeck.open(sys.argv[1])
    calls = pl.DataFrame({"to": ["+919812345678"] * 300_000, "seconds": [61] * 300_000})
    found.append(records.rate(calls, deck=deck))
    found.append(records.rate(calls.lazy(), deck=deck).collect(engine="streaming"))

for _ in range(5):
    thread = Thread(target=rate)
    thread.start()
    thread.join()
    assert found[-1].equals(found[-2]) and found[-1]["charge"].null_count() == 0
    thread = Thread(target=found.clear)
    thread.start()
    thread.join()
"""


def interpreters() -> dict[str, Path]:
    """Every Python at hand that can load a module of the stable ABI of 3.11, this one first."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    places = [Path(sys.executable), *sorted(root.glob("versions/*/bin/python3.*"))]
    named = (shutil.which(f"python3.{minor}") for minor in range(11, 20))
    places += [Path(found) for found in named if found]
    known: dict[str, Path] = {}
    for place in places:
        if place != Path(sys.executable) and not re.fullmatch(r"python3\.(1[1-9])", place.name):
            continue
        # A shim may stand in for an interpreter that is not there, so each states its own version.
        # Without a global lock there is another ABI.
        script = (
            "import sys, sysconfig; print(*sys.version_info[:3], sysconfig.get_config_var('Py_GIL_DISABLED'))"
        )
        asked = subprocess.run([place, "-c", script], capture_output=True, text=True, check=False)
        version, _, free_threaded = asked.stdout.strip().rpartition(" ")
        if asked.returncode == 0 and free_threaded in ("None", "0"):
            known.setdefault(version.replace(" ", "."), place)
    return known


INTERPRETERS = interpreters()


def run(place: Path, script: str, folder: Path, *, alone: bool) -> None:
    """Run a script in processes of its own, with a deck at hand; `alone` shows it no other package."""
    deck_of(INDIA).save(folder / "plan.deck")
    (folder / "packages").mkdir()
    package = Path(dialnexa_routing.__file__).parent
    (folder / "packages" / package.name).symlink_to(package)
    environment = os.environ | {"PYTHONPATH": str(folder / "packages"), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [str(place), *(["-S"] if alone else []), "-c", IN_THREADS + script, str(folder / "plan.deck")]
    for _ in range(AGAIN):
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env=environment, timeout=HANG_S
        )
        ended = signal.Signals(-done.returncode).name if done.returncode < 0 else done.returncode
        assert (ended, done.stderr) == (0, "")


@pytest.mark.parametrize("version", INTERPRETERS)
@pytest.mark.parametrize("way", WAYS)
def test_a_module_that_was_first_imported_in_a_thread_that_ended(
    version: str, way: str, tmp_path: Path
) -> None:
    if "fork" in WAYS[way] and not hasattr(os, "fork"):
        pytest.skip("this system makes no process by forking")
    run(INTERPRETERS[version], WAYS[way], tmp_path, alone=True)


def test_columns_of_a_thread_that_ended(tmp_path: Path) -> None:
    run(Path(sys.executable), COLUMNS, tmp_path, alone=False)
