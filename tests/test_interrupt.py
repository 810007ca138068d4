"""Ctrl-C ends a call for a long column between two batches, and nothing but its own sentence is printed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from decks import INDIA, MOBILE, deck_of
from dialnexa_routing import records
from dialnexa_routing.deck import match_columns
from dialnexa_routing.records import rating
from hangs import HANG_S
from interrupted_calls import ROWS

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
SCRIPT = Path(__file__).with_name("interrupted_calls.py")


@pytest.mark.parametrize("how", ["match", "rate"])
def test_ctrl_c_ends_a_call_after_few_batches(tmp_path: Path, how: str) -> None:
    deck_of(INDIA).save(tmp_path / "a.deck")
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(tmp_path / "a.deck"), how],
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "POLARS_MAX_THREADS": "2"},
    )
    assert "Traceback" not in done.stderr
    assert "panicked" not in done.stderr
    assert 0 <= int(done.stdout) < ROWS // 2


@pytest.mark.parametrize("threads", ["1", "2"])
def test_ctrl_c_is_heard_amid_one_long_arrow_column(tmp_path: Path, threads: str) -> None:
    deck_of(INDIA).save(tmp_path / "a.deck")
    done = subprocess.run(
        [sys.executable, str(SCRIPT.with_name("interrupted_capsule.py")), str(tmp_path / "a.deck")],
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "POLARS_MAX_THREADS": threads},
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "interrupted\n", "")


def test_after_its_sentence_an_interrupted_verb_prints_nothing() -> None:
    script = (
        "import os, signal, typer\n"
        "from dialnexa_routing.cli.verb import Verb\n"
        "app = typer.Typer()\n"
        "@app.command(cls=Verb)\n"
        "def wait() -> int:\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "    return 0\n"
        "try:\n"
        "    app()\n"
        "finally:\n"
        "    os.write(2, b'a thread of another library, as it ends')\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=False,
        env=environment,
    )
    assert (done.returncode, done.stderr) == (130, "error: interrupted; nothing was written over\n")


def test_r54_in_pieces_and_batches_all_is_as_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    deck = deck_of(INDIA)
    numbers = pl.Series("to", [MOBILE, None, "x", "1876", "+14155550100"] * 20)
    frame = pl.DataFrame([numbers]).with_columns(seconds=pl.int_range(100))
    whole = {fields: deck.match(numbers, fields=fields) for fields in ("prefix", None)}
    rated = records.rate(frame, deck=deck)
    monkeypatch.setattr(match_columns, "_PIECE", 7)
    monkeypatch.setattr(rating, "_LONG", 7)
    for fields, found in whole.items():
        assert deck.match(numbers, fields=fields).equals(found, null_equal=True)
    assert records.rate(frame, deck=deck).equals(rated)
    assert records.rate(frame, deck=deck).columns == rated.columns
