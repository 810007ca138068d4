"""reconcile and drift on real files: exit codes, files written, bad input."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from command import document, folder, run, sentence
from dialnexa_routing import RateDeck

__all__ = ["folder"]
pytestmark = pytest.mark.usefixtures("theirs")

# Of the eight calls four are rated: 2.86, 1.49, 1.25, 0.10; the others are refused.
THEIRS = """\
CallSid,Price,Duration
0,2.86,263
1,1.49,61
2,2.50,61
7,0.74,60
99,4,60
"""
NAMED = ["--key", "call", "--their", "key=CallSid", "--their", "charge=Price", "--their", "seconds=Duration"]


@pytest.fixture
def theirs(folder: Path) -> None:
    (folder / "theirs.csv").write_text(THEIRS, encoding="utf-8")


def reconciled(*more: object, ours: str = "calls.parquet", code: int = 1) -> Any:
    return document("reconcile", ours, "theirs.csv", "--deck", "a.deck", *NAMED, *more, code=code)


@pytest.mark.parametrize("ours", ["calls.parquet", "calls.csv", "calls.arrow"])
def test_differences_are_told_with_their_causes(ours: str) -> None:
    found = reconciled("--out", "differences.csv", ours=ours)
    assert found["deck_digest"] == RateDeck.open("a.deck").digest
    assert (found["totals"]["rows"], found["totals"]["agreeing"]) == (9, 2)
    totals = {name: Decimal(found["totals"][name]) for name in ("ours", "theirs", "difference")}
    assert totals == {"ours": Decimal("5.70"), "theirs": Decimal("11.59"), "difference": Decimal("5.89")}
    causes = {row["cause"]: row["rows"] for row in found["by_cause"]["rows"]}
    assert causes == {"agrees": 2, "duration": 1, "prefix": 1, "missing_ours": 1, "missing_theirs": 4}
    written = pl.read_csv("differences.csv", infer_schema=False)
    assert written.height == found["differences"]["total"] == 7
    assert sum(map(Decimal, written["difference"])) == totals["difference"]


def test_people_get_tables_and_a_page() -> None:
    named = ["--deck", "a.deck", *NAMED, "--html", "page.html"]
    result = run("reconcile", "calls.parquet", "theirs.csv", *named, code=1)
    assert result.stdout.startswith("9 rows, 2 agree: ours ₹5.7, theirs ₹11.59, difference ₹5.89\n")
    assert "61 s, ours 1 s" in result.stdout
    assert "61 s, ours 1 s" in Path("page.html").read_text(encoding="utf-8")


def test_nothing_differs() -> None:
    run("rate", "calls.csv", "rated.csv", "--deck", "a.deck")
    rated = pl.read_csv("rated.csv", infer_schema=False).filter(pl.col("charge").is_not_null())
    rated.write_csv("rated.csv")
    rated.select("call", "charge").write_csv("theirs.csv")
    found = document("reconcile", "rated.csv", "theirs.csv", "--deck", "a.deck", "--key", "call")
    assert found["differences"] == {"total": 0, "rows": []}
    other = ("reconcile", "rated.csv", "theirs.csv", "--deck", "a.deck", "--key", "call", "--decimals", 4)
    assert "rated with another deck or other semantics" in sentence(*other)


def test_another_deck_may_explain() -> None:
    Path("old.csv").write_text("prefix,country,outbound_rate\n1,United States,2.5\n", encoding="utf-8")
    run("compile", "old.csv", "-o", "old.deck")
    Path("theirs.csv").write_text("CallSid,Price,Duration\n2,2.50,1\n", encoding="utf-8")
    found = reconciled("--other-deck", "spring=old.deck")
    assert [row["detail"] for row in found["differences"]["rows"]][2] == "deck spring"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--other-deck", "old.deck"], "'old.deck' is not NAME=PATH"),
        (["--their", "key=Again"], "'key=Again' is not NAME=COLUMN, once for each name"),
        (["--floats", "guess"], "'guess' is neither refused nor as_printed"),
        (["--pulse", "x"], "a pulse is written"),
    ],
)
def test_wrong_use_is_told(arguments: list[str], said: str) -> None:
    result = run("reconcile", "calls.csv", "theirs.csv", "--deck", "a.deck", *NAMED, *arguments, code=2)
    assert said in " ".join(result.stderr.replace("│", " ").split())


def test_what_cannot_be_read_is_one_sentence() -> None:
    ask: tuple[object, ...] = ("reconcile", "calls.csv", "theirs.csv", "--deck", "a.deck")
    assert "no column 'call_id'" in sentence(*ask)
    assert "nothing called 'cost'" in sentence(*ask, "--their", "cost=Price")
    assert "is one of the inputs" in sentence(*ask, *NAMED, "--out", "theirs.csv")
    assert "theirs.parquet" in sentence("reconcile", "calls.csv", "theirs.parquet", "--deck", "a.deck")
    pl.read_csv("theirs.csv").write_parquet("floats.parquet")
    floats = ("reconcile", "calls.csv", "floats.parquet", "--deck", "a.deck", *NAMED)
    assert "'Price' is of floats" in sentence(*floats)
    assert document(*floats, "--floats", "as_printed", code=1)["totals"]["agreeing"] == 2
    assert Path("theirs.csv").read_text(encoding="utf-8") == THEIRS


def test_drift_of_calls_and_of_rated_calls() -> None:
    found = document("drift", "calls.parquet", "--deck", "a.deck", "--pulse", "1/1")
    run("rate", "calls.parquet", "rated.parquet", "--deck", "a.deck", "--pulse", "1/1")
    assert document("drift", "rated.parquet", "--deck", "a.deck", "--pulse", "1/1") == found | {
        "records": "rated.parquet"
    }
    assert found["calls"] == 4
    assert sum(found["refused"].values()) == 4
    assert sum(group["calls"] for group in found["by_group"]) == 4
    shown = run("drift", "rated.parquet", "--deck", "a.deck", "--pulse", "1/1").stdout
    assert shown.startswith(f"4 calls, each rounded half_up to 2 places: ₹{found['rounded']}\n")
    assert "rated with another deck" in sentence("drift", "rated.parquet", "--deck", "a.deck")
    assert "no column 'secs'" in sentence("drift", "calls.csv", "--deck", "a.deck", "--seconds", "secs")
