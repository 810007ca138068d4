"""Exact totals beside rounded ones: every nano-rupee and every part of one, by group and in all."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from decks import DATED, INDIA, deck_of, utc
from dialnexa_routing import RecordError, Semantics, records
from dialnexa_routing.billing.rounding_drift import drift
from dialnexa_routing.money.semantics import Rounding
from test_rating_cases import CASES, OutOfReachError, row_of, semantics_of
from test_rating_properties import bills, naive
from test_schedules import MEANINGS, schedules
from test_schedules import TIMES as CHANGES

if TYPE_CHECKING:
    from strategies import Seconds

SECOND = Semantics(pulse="1/1")
DRIFTING = [case for case in CASES if case["kind"] == "peer_drift"]


@given(bills())
def test_r48_exact_is_the_sum_of_what_one_call_after_another_comes_to(
    bill: tuple[list[dict[str, Any]], pl.DataFrame, Seconds, Semantics],
) -> None:
    rows, frame, taken, choices = bill
    found = drift(frame, deck=deck_of(rows), semantics=choices)
    finest = choices.model_copy(update={"rounding": Rounding.UP, "decimals": 9})
    calls = [call for call in naive(rows, frame, taken, finest) if call.total is not None]
    assert found.exact == sum((call.exact or Fraction(0) for call in calls), Fraction(0))
    assert found.calls == len(calls)
    assert found.calls + sum(found.refused.values()) == frame.height
    assert sum((group.exact for group in found.groups), Fraction(0)) == found.exact
    assert sum((group.rounded for group in found.groups), Decimal(0)) == found.rounded
    assert sum(group.calls for group in found.groups) == found.calls
    # A rounding moves a call by less than one unit of its last place.
    assert abs(found.difference) <= found.calls * Fraction(1, 10**choices.decimals)


@given(bills())
def test_r48_rounded_totals_are_those_of_rated_records(
    bill: tuple[list[dict[str, Any]], pl.DataFrame, Seconds, Semantics],
) -> None:
    rows, frame, _, choices = bill
    deck = deck_of(rows)
    finest = choices.model_copy(update={"rounding": Rounding.UP, "decimals": 9})
    kept = frame.filter(records.rate(frame, deck=deck, semantics=finest)["charge"].is_not_null())
    found = drift(kept, deck=deck, semantics=choices)

    def total(rounding: Rounding, decimals: int) -> Decimal:
        changed = choices.model_copy(update={"rounding": rounding, "decimals": decimals})
        charges = records.rate(kept, deck=deck, semantics=changed)["charge"].to_list()
        return sum(charges, Decimal(0))

    assert found.rounded == total(choices.rounding, choices.decimals)
    for rounding in Rounding:
        name = f"each call {rounding} to {choices.decimals} places"
        assert (name in found.otherwise) is (rounding is not choices.rounding)
        assert found.otherwise.get(name, found.rounded) == total(rounding, choices.decimals)
    places = 2 if choices.decimals == 4 else 4
    name = f"each call {choices.rounding} to {places} places"
    assert found.otherwise[name] == total(choices.rounding, places)


def test_r48_a_third_of_a_rupee_three_times_is_a_rupee() -> None:
    deck = deck_of([{"prefix": "91", "outbound_rate": "1", "rate_unit_s": 180}])
    calls = pl.DataFrame({"to": ["911"] * 3, "seconds": [60] * 3})
    found = drift(calls, deck=deck)
    assert found.exact == 1
    assert found.rounded == Decimal("0.99")
    assert found.difference == Fraction(-1, 100)
    assert found.otherwise == {
        "each call half_even to 2 places": Decimal("0.99"),
        "each call up to 2 places": Decimal("1.02"),
        "each call down to 2 places": Decimal("0.99"),
        "each call half_up to 4 places": Decimal("0.9999"),
        "the whole rounded once, half_up to 2 places": Decimal("1.00"),
    }


@pytest.mark.parametrize(
    ("rounding", "whole"), [("half_up", "0.13"), ("half_even", "0.12"), ("up", "0.13"), ("down", "0.12")]
)
def test_r48_the_whole_rounded_once(rounding: str, whole: str) -> None:
    deck = deck_of([{"prefix": "91", "outbound_rate": "0.125"}])
    found = drift(pl.DataFrame({"to": ["911"], "seconds": [60]}), deck=deck, semantics={"rounding": rounding})
    assert found.otherwise[f"the whole rounded once, {rounding} to 2 places"] == Decimal(whole)


def test_r51_what_has_no_charge_is_counted_by_reason() -> None:
    calls = pl.DataFrame({"to": ["9140123", "44", "919812", None, "44"], "seconds": [60, 60, 60, 60, 0]})
    found = drift(calls, deck=deck_of(INDIA))
    assert found.refused == {"blocked": 1, "missing_number": 1, "unsupported_prefix": 1}
    assert (found.calls, found.exact) == (2, Fraction(3, 4))
    assert "without a charge: 1 blocked" in str(found)


def test_r48_a_call_of_a_thousand_million_rupees_is_refused_not_lost() -> None:
    deck = deck_of([{"prefix": "91", "outbound_rate": "999999999"}])
    found = drift(pl.DataFrame({"to": ["911", "911"], "seconds": [60, 120]}), deck=deck)
    assert found.exact == found.rounded == 999999999
    assert found.refused == {"overflow": 1}


def test_r50_calls_that_carry_another_rating_are_refused() -> None:
    deck = deck_of(INDIA)
    calls = pl.DataFrame({"to": ["919812", "911"], "seconds": [61, 30]})
    rated = records.rate(calls, deck=deck, semantics=SECOND)
    assert drift(rated, deck=deck, semantics=SECOND).rounded == rated["charge"].sum()
    with pytest.raises(RecordError, match="2 rows were rated with another deck or other semantics"):
        drift(rated, deck=deck)
    with pytest.raises(RecordError, match="2 rows"):
        drift(rated, deck=deck_of(INDIA[:2]), semantics=SECOND)
    # A column of another's making, without a digest, is not a rating of ours.
    assert drift(calls.with_columns(charge=pl.lit("x")), deck=deck).calls == 2


def test_columns_are_named_as_in_rating() -> None:
    deck, first = deck_of(DATED), utc(2025, 12, 31)
    calls = pl.DataFrame(
        {"called": ["919812"] * 2, "start": [first, first + timedelta(days=1)], "way": ["outbound"] * 2}
    )
    calls = calls.with_columns(end=pl.col("start") + pl.duration(seconds=60))
    named: dict[str, Any] = {"number": "called", "answered_at": "start", "direction": "way"}
    assert drift(calls.lazy(), deck=deck, ended_at="end", **named).exact == Fraction("1.50")
    with pytest.raises(RecordError, match="no column 'seconds'"):
        drift(calls, deck=deck, **named)
    with pytest.raises(RecordError, match="no column 'direktion'"):
        drift(calls, deck=deck, ended_at="end", **named | {"direction": "direktion"})
    with pytest.raises(RecordError, match="name answered_at"):
        drift(pl.DataFrame({"to": ["91"], "seconds": [1]}), deck=deck)


def test_as_data_text_and_page() -> None:
    rows = [{"prefix": "91", "network_group": "<India>", "outbound_rate": "0.7425", "country_iso": "IN"}]
    found = drift(pl.DataFrame({"to": ["911"], "seconds": [60]}), deck=deck_of(rows))
    document = json.loads(json.dumps(found.to_dict()))
    assert document["exact"] == "297/400"
    assert document["difference"] == "-1/400"
    assert document["by_group"] == [
        {
            "country_iso": "IN",
            "network_group": "<India>",
            "calls": 1,
            "billed_seconds": 60,
            "rounded": "0.74",
            "exact": "297/400",
            "difference": "-1/400",
        }
    ]
    assert "exactly ₹0.7425; the difference is -₹0.0025" in str(found)
    assert "&lt;India&gt;" in found._repr_html_()
    assert found.by_group["difference"].to_list() == [Decimal("-0.002500000")]
    nothing = pl.DataFrame(schema={"to": pl.String, "seconds": pl.Int64})
    assert drift(nothing, deck=deck_of(rows)).exact == 0


@pytest.mark.skipif(not DRIFTING, reason="the public cases are not beside this checkout")
@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in DRIFTING])
def test_r48_no_drift_where_peers_drift(case: dict[str, Any]) -> None:
    """A peer that rounds each increment, or counts in binary, bills what the rate does not say."""
    try:
        row = row_of(case)
    except OutOfReachError as error:
        pytest.skip(f"not sayable with the columns of a rate sheet: {error}")
    seconds = int(case["duration_s"])
    deck = deck_of([row])
    choices = semantics_of(case)
    places = choices.decimals
    found = drift(pl.DataFrame({"to": ["911"] * 3, "seconds": [seconds] * 3}), deck=deck, semantics=choices)
    assert found.exact == 3 * Fraction(case["recomputed_unrounded"])
    assert Decimal(case["expected_cost"]) != Decimal(case["exact_cost"])
    assert abs(found.exact / 3 - Fraction(case["exact_cost"])) < Fraction(1, 10**places)
    assert found.rounded == 3 * Decimal(case["exact_cost"])


@given(
    st.lists(schedules(), min_size=1, max_size=2),
    st.lists(st.tuples(st.sampled_from(["905", "915", "81"]), st.integers(0, 200), CHANGES), max_size=5),
    MEANINGS,
)
def test_r48_exact_is_the_sum_of_single_calls_by_schedules(
    some: list[Any], calls: list[Any], choices: Semantics
) -> None:
    rows = [{"prefix": f"9{number}", "schedule": json.dumps(one)} for number, one in enumerate(some)]
    deck = deck_of([*rows, {"prefix": "8", "outbound_rate": "1.3", "rate_unit_s": 7}])
    columns: Any = {"to": pl.String, "seconds": pl.Int64, "answered_at": pl.Datetime("us", "UTC")}
    found = drift(pl.DataFrame(calls, schema=columns, orient="row"), deck=deck, semantics=choices)
    each = [deck.rate(to, taken, at=at, semantics=choices).exact for to, taken, at in calls]
    assert found.exact == sum((one for one in each if one is not None), Fraction(0))
    assert found.calls == sum(one is not None for one in each)


def test_r48_a_ratio_beyond_what_a_column_holds_is_refused_not_lost() -> None:
    primes = ["86399.993", "86399.987", "86399.981"]
    tiers = [
        {"from_s": at, "rate": "1", "rate_unit_s": unit, "increment_s": 1} for at, unit in enumerate(primes)
    ]
    deck = deck_of([{"prefix": "91", "schedule": json.dumps({"bands": [{"tiers": tiers}]})}])
    calls = pl.DataFrame({"to": ["911"] * 2, "seconds": [2, 3]})
    found = drift(calls.head(1), deck=deck, semantics=SECOND)
    assert found.exact == sum(1 / Fraction(unit) for unit in primes[:2])
    with pytest.raises(RecordError, match="1 calls come to ratios of more than 38 digits"):
        drift(calls, deck=deck, semantics=SECOND)
