"""A stored row explained again: from frames and files, the same or not the same any more."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from command import document, folder, run, sentence
from decks import DATED, INDIA, MOBILE, deck_of, utc
from dialnexa_routing import CallRecords, DeckBook, records
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.records import explain_row
from dialnexa_routing.text.errors import RecordError

__all__ = ["folder"]

DECK = deck_of(INDIA)
OLD = BillingPlan(id="growth", llm="1.10", telephony={"kind": "deck_prices"})
NEW = OLD.changed(llm="1.20", connect_fee="0.05", valid_from=utc(2026, 11, 15))
CALLS = pl.DataFrame(
    {
        "call_id": ["a", "b", "c", "d", "e"],
        "to": [MOBILE, MOBILE, "+914012345678", "x", MOBILE],
        "seconds": [61, 61, 60, 60, 0],
        "answered_at": [utc(2026, 11, 14), utc(2026, 11, 15), utc(2026, 11, 15), utc(2026, 11, 15), None],
        "plan": ["growth"] * 5,
    }
)


@pytest.mark.parametrize("suffix", ["", ".parquet", ".csv"])
@pytest.mark.parametrize("add_prefix", ["", "our_"])
def test_r50_every_row_comes_out_as_it_was(tmp_path: Path, suffix: str, add_prefix: str) -> None:
    rated = records.rate(CALLS, deck=DECK, plans=[OLD, NEW], add_prefix=add_prefix)
    source: Any = rated
    if suffix:
        source = tmp_path / f"rated{suffix}"
        rated.write_parquet(source) if suffix == ".parquet" else rated.write_csv(source)
    for key, charge in zip(rated["call_id"], rated[f"{add_prefix}charge"], strict=True):
        found = explain_row(source, key, deck=DECK, plans=[OLD, NEW], add_prefix=add_prefix)
        assert found.is_same, str(found)
        assert "still comes out the same" in str(found)
        if charge is not None:
            assert found.explanation is not None
            assert found.explanation.charge is not None
            assert found.explanation.charge.total == charge


def test_r50_what_differs_is_named_with_both_values() -> None:
    rated = records.rate(CALLS, deck=DECK, plans=[OLD, NEW])
    other = explain_row(rated, "b", deck=DECK, plans=[OLD, NEW.changed(llm="2")])
    assert not other.has_same_charge
    assert other.differences["charge"] == (Decimal("3.95"), Decimal("5.55"))
    assert "plan_digest" in other.differences
    assert "charge: 3.95 is stored, 5.55 now" in str(other)
    assert other.to_dict()["differences"]["charge"] == {"stored": "3.95", "now": "5.55"}
    # Another deck that says the same of this number.
    deck = deck_of(INDIA[:3])
    same = explain_row(rated, "b", deck=deck, plans=[OLD, NEW])
    assert same.has_same_charge
    assert list(same.differences) == ["deck_digest"]
    gone = explain_row(rated, "b", deck=DECK, plans=[OLD.changed(id="x")])
    assert gone.differences["reason"] == (None, "unknown_plan")
    assert gone.explanation is None


def test_rows_of_decks_books_and_readers(tmp_path: Path) -> None:
    book = DeckBook({utc(2025, 1, 1): deck_of(DATED), utc(2026, 11, 15): DECK})
    rated = records.rate(CALLS, deck=book, semantics={"pulse": "1/1"})
    for key in CALLS["call_id"]:
        assert explain_row(rated, key, deck=book, semantics={"pulse": "1/1"}).is_same
    assert explain_row(rated, "b", deck=book).differences["billed_seconds"] == (61, 120)
    ended = (
        CALLS.head(2).drop("seconds", "plan").with_columns(ended_at=pl.col("answered_at").dt.offset_by("61s"))
    )
    rated = records.rate(ended, deck=DECK, ended_at="ended_at")
    assert explain_row(rated, "a", deck=DECK, ended_at="ended_at").is_same
    csv = tmp_path / "calls.csv"
    csv.write_text("to,seconds,uuid\n+919812345678,61,k\n+919812345678,61,k\n", encoding="utf-8")
    calls = CallRecords.read(csv, unique_by="uuid", direction="outbound")
    rated = records.rate(calls, deck=DECK).with_row_index("n")
    refused = explain_row(rated, "1", deck=DECK, key_column="n")
    assert (refused.refused_by_reader, refused.is_same) == ("duplicate", True)
    assert explain_row(rated, "0", deck=DECK, key_column="n").is_same


def test_a_row_that_is_not_there_is_refused() -> None:
    rated = records.rate(CALLS, deck=DECK, plan=OLD)
    with pytest.raises(RecordError, match="there is no row with 'z'"):
        explain_row(rated, "z", deck=DECK, plan=OLD)
    with pytest.raises(RecordError, match="are several rows"):
        explain_row(rated, "growth", deck=DECK, plan=OLD, key_column="plan")
    with pytest.raises(RecordError, match="no column 'uuid'"):
        explain_row(rated, "a", deck=DECK, plan=OLD, key_column="uuid")


@pytest.mark.usefixtures("folder")
def test_the_command_line_explains_a_row_by_a_folder_of_versions() -> None:
    DECK.save("india.deck")
    Path("plans").mkdir()
    OLD.save("plans/old.toml")
    NEW.save("plans/new.json")
    CALLS.write_parquet("mine.parquet")
    run("rate", "mine.parquet", "out.parquet", "--deck", "india.deck", "--plan", "plans")
    by_plan = ("--plan", "plans")
    shown = run("explain", "india.deck", "--row", "out.parquet", "b", *by_plan).stdout
    assert "connect fee: ₹0.05" in shown
    assert shown.splitlines()[-1] == "it still comes out the same, by the same deck and plan"
    found = document("explain", "india.deck", "--row", "out.parquet", "a", *by_plan)
    assert (found["is_same"], found["explanation"]["charge"]) == (True, "3.70")
    run("explain", "india.deck", "--row", "out.parquet", "a", *by_plan, "--html", "row.html")
    assert "still comes out the same" in Path("row.html").read_text(encoding="utf-8")
    OLD.changed(llm="9").save("plans/old.toml")
    assert (
        "not come out the same"
        in run("explain", "india.deck", "--row", "out.parquet", "a", *by_plan, code=1).stdout
    )
    assert "no row with 'z'" in sentence("explain", "india.deck", "--row", "out.parquet", "z", *by_plan)
    for wrong in (
        ["explain", "india.deck"],
        ["explain", "india.deck", MOBILE, "--row", "out.parquet", "a"],
        ["explain", "india.deck", "--row", "out.parquet", "a", "--seconds", "3"],
        ["explain", "india.deck", "--row", "out.parquet", "a", "--column", "callee"],
        ["explain", "india.deck", MOBILE, "--column", "to=callee"],
    ):
        run(*wrong, code=2)
    # The version that holds at the time of a question.
    asked = ("explain", "india.deck", MOBILE, "--seconds", "60", *by_plan)
    assert document(*asked, "--at", "2026-11-20T00:00:00Z")["charge"] == "2.00"
