"""What another plan would have charged for the same calls, before a customer changes to it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from command import document, folder
from decks import INDIA, deck_of
from dialnexa_routing import BillingPlan, records
from dialnexa_routing.billing import reprice

__all__ = ["folder"]
DECK = deck_of(INDIA)
CALLS = pl.DataFrame({"to": ["+919812345678", "+18761234567", "x"], "seconds": [61, 5, 5]})
OLD = BillingPlan(id="old", llm="1.00")
NEW = BillingPlan(id="new", llm="0.75", pulse="30/30")


def test_a_change_of_plan_is_repriced() -> None:
    found = reprice(CALLS, old=DECK, new=DECK, old_plan=OLD, new_plan=NEW)
    charges = [records.rate(CALLS, deck=DECK, plan=plan)["charge"].sum() for plan in (OLD, NEW)]
    assert (found.totals["old_charge"], found.totals["new_charge"]) == tuple(charges)
    assert found.totals["change"] == Decimal("-1.49")
    assert (found.old_plan, found.new_plan) == ("old", "new")
    assert " by old, new " in found.lines()[-1]


def test_from_the_terms_of_a_deck_to_a_plan() -> None:
    found = reprice(CALLS, old=DECK, new=DECK, new_plan=NEW, semantics={"decimals": 4})
    assert found.totals["old_charge"] == records.rate(CALLS, deck=DECK)["charge"].sum()
    assert found.totals["new_charge"] == records.rate(CALLS, deck=DECK, plan=NEW)["charge"].sum()


def test_plans_that_records_name() -> None:
    named = CALLS.with_columns(plan=pl.lit("old"))
    found = reprice(named, old=DECK, new=DECK, old_plan=[OLD], new_plan=[NEW.changed(id="old")], plan="plan")
    assert found.totals["change"] == Decimal("-1.49")
    with pytest.raises(TypeError, match="of both sides"):
        reprice(CALLS, old=DECK, new=DECK, plan=OLD, new_plan=NEW)


@pytest.mark.usefixtures("folder")
def test_a_change_of_plan_on_the_command_line() -> None:
    OLD.save("old.json")
    NEW.save("new.json")
    decks, plans = (
        ["--old", "a.deck", "--new", "a.deck"],
        ["--old-plan", "old.json", "--new-plan", "new.json"],
    )
    found = document("reprice", "calls.parquet", *decks, *plans)
    assert (found["old_plan"], found["new_plan"]) == ("old", "new")
    assert Decimal(found["totals"]["change"]) < 0
    assert Path("old.json").exists()
