"""What the package has for tests of others, and the watcher of a deck file."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from dialnexa_routing import (
    WORLD,
    ConfigError,
    DeckError,
    DeckWatcher,
    MoneyError,
    SheetError,
    records,
    testing,
)
from dialnexa_routing.testing import SOURCE, strategies

if TYPE_CHECKING:
    from pathlib import Path

SMALL = testing.deck({"91": "0.60", "9198": ("India - Mobile", "0.80"), "1": ("US", 1)})


def test_r16_a_deck_in_one_line_answers_by_the_longest_prefix() -> None:
    assert str(SMALL.match("919812345678")) == str(
        testing.deck({"9198": ("India - Mobile", "0.8")}).match("919812345678")
    )
    assert testing.deck({"+91": {"outbound_rate": "0.6", "network_group": "India"}}).match("9112") is not None


@pytest.mark.parametrize(
    ("prices", "error", "words"),
    [
        ({}, SheetError, "there are no prices"),
        ({"91": 0.6}, MoneyError, "not exact"),
        ({"mobile": "0.6"}, SheetError, "mobile"),
        ({"91": "cheap"}, SheetError, "cheap"),
    ],
)
def test_r48_what_cannot_be_a_deck_is_refused(prices: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        testing.deck(prices)


def test_r15_a_router_has_everything_on_unless_its_switches_are_named() -> None:
    assert testing.router(SMALL).outbound("+919812345678", SOURCE)
    assert not testing.router(SMALL, enabled=[]).outbound("+919812345678", SOURCE)
    assert testing.router(SMALL, number_plan=None).outbound("+9198", SOURCE)
    with pytest.raises(ConfigError, match="nicknam"):
        testing.router(SMALL, nicknam="x")


@given(number=strategies.numbers())
def test_r1_drawn_numbers_can_be_ones(number: str) -> None:
    assert WORLD.judge(number) is None


@given(frame=strategies.call_records(strategies.numbers_of(SMALL)))
def test_drawn_records_are_rated_to_a_row_each(frame: Any) -> None:
    rated = records.rate(frame, deck=SMALL, number_plan=None)
    assert rated.height == frame.height
    assert set(rated["reason"].drop_nulls()) <= {"rate_missing", "unsupported_prefix"}  # no inbound rates


def test_a_watcher_swaps_what_is_put_in_place_and_keeps_what_was(tmp_path: Path, caplog: Any) -> None:
    path, swaps = tmp_path / "plivo.deck", []
    SMALL.save(path)
    with (
        caplog.at_level(logging.INFO, "dialnexa_routing.deck"),
        DeckWatcher(
            path, every_s=10**6, on_swap=lambda old, new: swaps.append((old.digest, new.digest))
        ) as watcher,
    ):
        assert not watcher.look()
        other = testing.deck({"91": "0.75"})
        other.save(path)
        assert watcher.look()
        assert watcher.deck == other
        assert swaps == [(SMALL.digest, other.digest)]
        replacement = tmp_path / "bad"
        replacement.write_bytes(other.to_bytes()[:-1] + b"\x00")
        replacement.replace(path)
        assert not watcher.look()
        assert not watcher.look()
        path.unlink()
        assert not watcher.look()
        assert watcher.deck == other
        other.save(path)
        watcher.look()
        assert [record.levelname for record in caplog.records] == ["INFO", "WARNING", "WARNING"]


def test_a_callback_that_fails_leaves_the_new_deck(tmp_path: Path, caplog: Any) -> None:
    path = tmp_path / "plivo.deck"
    SMALL.save(path)

    def failing(old: object, new: object) -> None:
        raise ValueError("on purpose")

    with DeckWatcher(path, every_s=10**6, on_swap=failing) as watcher:
        testing.deck({"91": "0.75"}).save(path)
        assert watcher.look()
        assert watcher.deck.digest != SMALL.digest
        assert "on_swap" in caplog.text


def test_a_watcher_looks_by_itself_also_after_a_fork(tmp_path: Path) -> None:
    program = """
import os, sys, threading
from dialnexa_routing import DeckWatcher, testing
path = sys.argv[1]
testing.deck({"91": "0.60"}).save(path)
swapped = threading.Event()
watcher = DeckWatcher(path, every_s=0.01, on_swap=lambda old, new: swapped.set())
watcher.deck
testing.deck({"91": "0.70"}).save(path)
swapped.wait()
print(watcher.deck.match("919812345678").outbound_rate)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "a.deck")], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "0.7"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_child_begins_a_thread_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "plivo.deck"
    SMALL.save(path)
    with DeckWatcher(path, every_s=10**6) as watcher:
        assert watcher.deck == SMALL
        first = watcher._process
        watcher._process = -1  # as a child finds it
        assert watcher.deck == SMALL
        assert watcher._process == first == os.getpid()


def test_what_cannot_be_watched_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        DeckWatcher(tmp_path / "gone.deck")
    (tmp_path / "no.deck").write_text("no deck")
    with pytest.raises(DeckError):
        DeckWatcher(tmp_path / "no.deck")
    SMALL.save(tmp_path / "a.deck")
    with pytest.raises(ConfigError, match="every_s"):
        DeckWatcher(tmp_path / "a.deck", every_s=0)
