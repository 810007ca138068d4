"""Processes made from one that has rated: single calls go on, frames work or are refused, nobody waits.

Only a fresh process can show it: this one has threads of its own.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from counts import counted, times
from decks import INDIA, MOBILE, deck_of
from dialnexa_routing import RateDeck, records
from hangs import HANG_S

SCRIPT = Path(__file__).with_name("forked_calls.py")
FORKS = 20
STARTS = times(4, 20)
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system makes no process by forking")


@pytest.fixture(scope="module")
def deck_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("forks")
    deck_of(INDIA).save(folder / "a.deck")
    (folder / "a.csv").write_text("prefix,network_group,outbound_rate\n91,India,0.75\n")
    (folder / "calls.csv").write_text("to,seconds\n+919812345678,61\n")
    return folder / "a.deck"


def children_of(how: str, deck_file: Path, times: int = 1) -> Any:
    command = [sys.executable, str(SCRIPT), how, str(deck_file), str(times)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, check=True, capture_output=True, timeout=HANG_S, env=environment)
    return json.loads(done.stdout)


@needs_fork
def test_after_a_fork_single_calls_go_on_and_frames_are_refused(deck_file: Path) -> None:
    found = children_of("used", deck_file, FORKS)
    counted(FORKS + len(found), "forks")
    assert found.pop("scalars") == [["India - Mobile", "1.50"]] * FORKS
    assert len(found) > 20
    for name, told in found.items():
        assert told.startswith("ForkError: "), (name, told)
        assert {"spawn", "forkserver"} <= set(told.replace(",", " ").split()), name


@needs_fork
def test_a_child_of_a_process_that_only_imported_polars_rates(deck_file: Path) -> None:
    assert children_of("idle", deck_file) == "1.50"


@needs_fork
def test_a_fork_waits_for_an_import_that_another_thread_has_begun(deck_file: Path) -> None:
    assert children_of("import", deck_file) == "1.50"


@needs_fork
def test_a_fork_beside_the_first_amount_of_another_thread_leaves_nothing_locked(deck_file: Path) -> None:
    assert children_of("amount", deck_file) == ["India - Mobile", "1.50"]


def charge_of(deck: RateDeck) -> Decimal:
    frame = pl.DataFrame({"to": [MOBILE], "seconds": [61]})
    charge = records.rate(frame, deck=deck)["charge"][0]
    assert isinstance(charge, Decimal)
    return charge


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_processes_that_are_started_afresh_rate_frames(deck_file: Path, method: str) -> None:
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"this system has no {method}")
    deck = RateDeck.open(deck_file)
    assert charge_of(deck) == Decimal("1.50")
    with ProcessPoolExecutor(2, multiprocessing.get_context(method)) as pool:
        assert list(pool.map(charge_of, [deck] * STARTS)) == [Decimal("1.50")] * STARTS
    counted(STARTS, f"calls by {method}")
