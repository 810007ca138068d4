"""--preset on every verb that counts seconds, and reconcile, which tries all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from command import document, folder, run
from dialnexa_routing.money.semantics import Semantics

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["folder"]
pytestmark = pytest.mark.usefixtures("folder", "_deck")

MOBILE = "+919812345678"
VERBS = ("rate", "drift", "reconcile", "reprice", "compare", "diff", "job")


@pytest.fixture
def _deck(folder: Path) -> None:
    head = "prefix,network_group,country_iso,outbound_rate,initial_increment_s,next_increment_s\n"
    (folder / "blocks.csv").write_text(f"{head}91,India,IN,0.75,45,30\n1,US,US,1.00,,\n", encoding="utf-8")
    run("compile", "blocks.csv", "-o", "blocks.deck")
    calls = pl.DataFrame(
        {"call_id": [1, 2, 3], "to": [MOBILE, MOBILE, "+12025550123"], "seconds": [46, 70, 61]}
    )
    calls.write_parquet("three.parquet")


def rated(*more: object) -> Any:
    found = document("rate", "three.parquet", "rated.parquet", "--deck", "blocks.deck", *more)
    rows = pl.read_parquet("rated.parquet").select("billed_seconds", "charge").rows()
    assert found["charge"] == str(sum(charge for _, charge in rows))
    return rows


def seconds(*more: object) -> list[int]:
    return [billed for billed, _ in rated(*more)]


def test_r44_a_preset_gives_the_meanings_and_an_option_goes_before_it() -> None:
    assert seconds() == [75, 75, 120]
    assert seconds("--preset", "magnus") == [60, 90, 120]
    assert seconds("--preset", "magnus", "--increments", "anchored") == [75, 75, 120]
    assert seconds("--preset", "magnus", "--pulse", "1/1") == [60, 90, 61]
    # Cut off at ten-thousandths; of an option, at its places.
    assert [str(charge) for _, charge in rated("--preset", "kazoo")][:2] == ["0.9375", "0.9375"]
    assert str(rated("--preset", "kazoo", "--decimals", "2")[0][1]) == "0.93"
    # What is asked for is asked for, though it be the default.
    assert str(rated("--preset", "kazoo", "--rounding", "half_up", "--decimals", "3")[0][1]) == "0.938"


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_that_counts_has_all_the_options(verb: str) -> None:
    told = run(verb, "--help").stdout
    for name in ("preset", *Semantics.model_fields):
        assert f"--{name.replace('_', '-')} " in told, name
    wrong = run(verb, "--preset", "nobody", code=2).stderr
    assert "nobody" in wrong
    assert "apolobilling" in wrong


def test_options_that_cannot_be_are_told_with_a_preset_too() -> None:
    for more in (("--decimals", "10"), ("--pulse", "x")):
        told = run(
            "rate", "three.parquet", "x.csv", "--deck", "blocks.deck", "--preset", "yeti", *more, code=2
        )
        assert more[0] in told.stderr


def test_drift_reprice_compare_and_diff_count_by_it() -> None:
    pl.read_parquet("three.parquet")[::2].write_csv("two.csv")
    drift = document("drift", "two.csv", "--deck", "blocks.deck", "--preset", "kazoo")
    assert drift["rounded"] == "2.9375"
    decks = ("--old", "blocks.deck", "--new", "blocks.deck")
    repriced = document("reprice", "two.csv", *decks, "--preset", "magnus")
    assert repriced["totals"]["old_charge"] == "2.75"
    asked = ("compare", "a=blocks.deck", "--number", MOBILE, "--seconds", 46)
    assert document(*asked)["offers"][0]["cost"] == "15/16"
    assert document(*asked, "--preset", "magnus")["offers"][0]["cost"] == "3/4"
    sheets = ("diff", "blocks.csv", "blocks.csv", "--provider", "x", "--records", "two.csv")
    assert "2.75" in str(document(*sheets, "--preset", "magnus")["impact"])
    assert "2.75" not in str(document(*sheets)["impact"])


def reconciled(charges: dict[int, str], *more: object) -> dict[str, list[Any]]:
    pl.DataFrame({"call_id": list(charges), "charge": list(charges.values())}).write_csv("theirs.csv")
    found = document("reconcile", "three.parquet", "theirs.csv", "--deck", "blocks.deck", *more, code=1)
    rows = found["differences"]["rows"]
    return {row["key"]: [row["cause"], row["detail"]] for row in rows if row["cause"] != "missing_theirs"}


def test_an_invoice_in_another_engines_meanings_names_that_engine() -> None:
    assert reconciled({1: "0.75", 2: "1.13"}) == {
        "1": ["pulse", "semantics magnus or a2billing"],
        "2": ["pulse", "semantics magnus or a2billing"],
    }
    # The other way round, what is strict is what several of them mean.
    named = reconciled({1: "0.94", 2: "0.94"}, "--preset", "magnus")["1"][1]
    assert named.startswith("semantics strict or plivo or ")


def test_what_they_bill_by_other_increments_is_still_a_pulse() -> None:
    assert reconciled({3: "1.02"}) == {"3": ["pulse", "pulse 1/1"]}


def test_a_presets_candidate_has_the_increments_and_places_of_the_invoice() -> None:
    assert reconciled({2: "1.125"}, "--decimals", "3") == {"2": ["pulse", "semantics magnus or a2billing"]}
    by_minutes = reconciled({3: "2.00"}, "--pulse", "1/1")
    assert by_minutes == {"3": ["pulse", "semantics plivo or twilio or telnyx or exotel"]}
    rounded = reconciled({3: "1.0167"}, "--pulse", "1/1", "--decimals", "6")
    assert rounded == {"3": ["rounding", "rounded half_up to 4 places"]}
