"""One column shared by several threads, and walked by each kind of instruction: the same answers."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import Any

import polars as pl
import pytest

from decks import INDIA, deck_of
from dialnexa_routing import _deck, records
from dialnexa_routing.deck.threads import threads_for
from dialnexa_routing.money.semantics import Semantics
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.plans.prepared_plans import PreparedPlans
from hangs import HANG_S

WHOLE = "919812345678901"
DECK = deck_of([*INDIA, {"prefix": WHOLE, "network_group": "one number", "outbound_rate": "3"}])
CALLED = ["+919812345678", None, "1876", "x", "914012345678", "447700900123", WHOLE, "+" + WHOLE]
ROWS = 200_003  # several parts, and a last one that is not whole
NUMBERS = pl.Series("number", (CALLED * (ROWS // len(CALLED) + 1))[:ROWS])
CALLS = pl.DataFrame({"number": NUMBERS, "ticks": pl.int_range(ROWS, eager=True) % 200 - 1})
ALL = ["prefix", "network_group", "country", "outbound_rate", "rate_unit_s", "blocked", "reason", "entry"]


def frame(column: Any) -> pl.DataFrame:
    return pl.Series(column).struct.unnest()


@pytest.mark.parametrize("threads", [2, 3, 16])
def test_r54_threads_answer_as_one_does(threads: int) -> None:
    how: dict[str, Any] = {"name": "match", "alone": False}
    one = frame(DECK._core.match_column(NUMBERS, ALL, **how))
    assert frame(DECK._core.match_column(NUMBERS, ALL, **how, threads=threads)).equals(one)
    fields = ["prefix", "rate", "billed_seconds", "charge", "exact_numerator", "reason"]
    rate: dict[str, Any] = {"name": "rated", "alone": False, "per_second": 1, "direction": "outbound"}
    calls, semantics = CALLS.to_struct("calls"), Semantics().core
    rated = frame(DECK._core.rate_column(calls, fields, semantics, **rate))
    assert frame(DECK._core.rate_column(calls, fields, semantics, **rate, threads=threads)).equals(rated)
    plan = BillingPlan(id="one", stt="1", llm="1", tts="1", platform="1")
    core = PreparedPlans(DECK, [plan])._cores[0]
    bill: dict[str, Any] = {"name": "rated", "per_second": 1, "agent_kind": "cascaded", "path": "pstn"}
    billed = frame(core.rate_column(calls, direction="outbound", **bill))
    assert frame(core.rate_column(calls, direction="outbound", **bill, threads=threads)).equals(billed)
    assert rated["prefix"].eq_missing(one["prefix"]).all()


@pytest.mark.parametrize("walk", _deck.walks())
def test_r54_every_walk_that_the_processor_has_answers_alike(walk: str) -> None:
    how: dict[str, Any] = {"name": "match", "alone": False}
    for numbers in (NUMBERS, NUMBERS.cast(pl.UInt64, strict=False)):
        one = frame(DECK._core.match_column(numbers, ALL, **how))
        assert frame(DECK._core.match_column(numbers, ALL, **how, walk=walk)).equals(one)


def test_a_walk_that_there_is_not_is_named() -> None:
    assert _deck.walks()[-1] == "portable"
    with pytest.raises(ValueError, match=r'walk is "neon"; of this processor they are .*portable'):
        DECK._core.match_column(NUMBERS, ["entry"], name="match", alone=True, walk="neon")


def test_a_frame_is_rated_as_its_expression_rates_it() -> None:
    calls = CALLS.rename({"number": "to", "ticks": "seconds"})
    lazy = records.rate(calls.lazy(), deck=DECK).collect()
    assert records.rate(calls, deck=DECK).equals(lazy)
    plan = BillingPlan(id="one", stt="1", llm="1", tts="1", platform="1")
    lazy = records.rate(calls.lazy(), deck=DECK, plan=plan).collect()
    assert records.rate(calls, deck=DECK, plan=plan).equals(lazy)
    assert records.rate(calls.clear(), deck=DECK).schema == records.rate(calls, deck=DECK).schema


def test_threads_follow_polars_and_the_affinity(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda of: set(range(6)), raising=False)
    monkeypatch.delenv("POLARS_MAX_THREADS", raising=False)
    assert (threads_for(1 << 22), threads_for(1000)) == (6, 1)
    for told, threads in {"4": 4, "64": 6, "1": 1, "": 6, "0": 6, "many": 6, "²": 6}.items():
        monkeypatch.setenv("POLARS_MAX_THREADS", told)
        assert threads_for(1 << 22) == threads


def test_a_thread_of_polars_is_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Inside an expression Polars has shared the rows already."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda of: set(range(6)), raising=False)
    monkeypatch.delenv("POLARS_MAX_THREADS", raising=False)
    told: list[int] = []

    def asked(batch: pl.Series) -> pl.Series:
        if isinstance(threading.current_thread(), threading._DummyThread):
            told.append(threads_for(1 << 22))
        return batch

    lazy = pl.LazyFrame({"a": range(200_000)}).select(pl.col("a").map_batches(asked, is_elementwise=True))
    lazy.collect(engine="streaming")
    assert set(told) <= {1}


FORK = """
import os, sys
import pyarrow as pa
from dialnexa_routing import RateDeck
deck = RateDeck.open(sys.argv[1])
numbers = pa.array(["919812345678"] * 300_000)
def ask():
    how = {"name": "match", "alone": True, "threads": 3}
    return len(deck._core.match_column(numbers, ["entry"], **how)) == 300_000
assert ask()
child = os.fork()
if child == 0:
    os._exit(0 if ask() else 1)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), ask())
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_fork_after_a_call_finds_no_threads(tmp_path: Any) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    DECK.save(tmp_path / "one.deck")
    command = [sys.executable, "-c", FORK, str(tmp_path / "one.deck")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=HANG_S, check=False)
    assert (done.stdout.split(), done.returncode) == (["0", "True"], 0), done.stderr


def test_several_semantics_in_turn_keep_their_own_terms() -> None:
    calls = pl.DataFrame({"to": ["919812345678"] * 3, "seconds": [1, 61, 3600]})
    hows = [Semantics(pulse=f"{first}/1", decimals=4) for first in range(1, 13)]
    plain = deck_of([{"prefix": "91", "outbound_rate": "1"}])
    first = [records.rate(calls, deck=plain, semantics=how)["billed_seconds"].to_list() for how in hows]
    again = [records.rate(calls, deck=plain, semantics=how)["billed_seconds"].to_list() for how in hows[::-1]]
    assert again[::-1] == first
    assert [billed[0] for billed in first] == list(range(1, 13))
