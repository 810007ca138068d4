"""A provider abroad: its sign, currency by a dated rate, blank keys, unanswered calls, double charges."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from command import document, folder, run, sentence
from decks import INDIA, deck_of, utc
from dialnexa_routing import MoneyError, RecordError
from dialnexa_routing.billing import Reconciliation, reconcile
from dialnexa_routing.billing.foreign_charges import TheirMoney
from dialnexa_routing.money.exact import rounded, times

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["folder"]
DECK = deck_of(INDIA)  # 0.75 a minute
TO = "+919812345678"
_T = "2026-11-20T10:00"
USD = {"currency": "USD", "inr_per_unit": "83.25", "inr_on": "2026-11-30"}


def made(
    ours: Sequence[tuple[str | None, int]], theirs: Sequence[Mapping[str, Any]], **how: Any
) -> Reconciliation:
    calls = pl.DataFrame(
        {
            "call_id": pl.Series([key for key, _ in ours], dtype=pl.String),
            "to": [TO] * len(ours),
            "seconds": [seconds for _, seconds in ours],
            "answered_at": [utc(2026, 6, 1)] * len(ours),
        }
    )
    return reconcile(calls, pl.DataFrame(theirs, infer_schema_length=None), **{"deck": DECK} | how)


def causes(found: Reconciliation) -> list[str]:
    return found.rows["cause"].to_list()


def test_a_sign_is_named_or_asked_for() -> None:
    ours, theirs = [("a", 60)], [{"call_id": "a", "charge": "-0.75"}]
    with pytest.raises(RecordError, match="below zero: pass charge_sign='negative'"):
        made(ours, theirs)
    assert causes(made(ours, theirs, charge_sign="negative")) == ["agrees"]
    assert causes(made(ours, theirs, charge_sign="positive")) == ["sign"]
    with pytest.raises(ValueError, match="'minus'"):
        made(ours, theirs, charge_sign="minus")


def test_one_charge_with_the_other_sign_is_named() -> None:
    theirs = [{"call_id": "a", "charge": "-0.75"}, {"call_id": "b", "charge": "0.75"}]
    found = made([("a", 60), ("b", 60)], theirs)
    assert found.rows.select("cause", "detail", "difference").rows() == [
        ("sign", "theirs is -0.75", Decimal("-1.50")),
        ("agrees", None, Decimal("0.00")),
    ]


def test_a_currency_is_asked_for_where_all_charges_are_a_small_part_of_ours() -> None:
    ours = [("a", 60), ("b", 120)]
    theirs = [{"call_id": "a", "charge": "0.0091"}, {"call_id": "b", "charge": "0.0182"}]
    with pytest.raises(RecordError, match=r"about 1/82 of ours.*currency='USD'"):
        made(ours, theirs)
    assert causes(made(ours, theirs, currency="INR")) == ["other", "other"]


def test_r49_charges_become_rupees_by_a_rate_with_its_date() -> None:
    theirs = [
        {"call_id": "a", "charge": "0.0090"},  # ₹0.74925, ours ₹0.75
        {"call_id": "b", "charge": "0.0091"},  # ₹0.757575, within a unit of its last place
        {"call_id": "c", "charge": "0.0180"},  # ₹1.4985: two minutes
    ]
    found = made([("a", 60), ("b", 60), ("c", 60)], theirs, **USD)
    assert found.rows.select("cause", "theirs").rows() == [
        ("agrees", Decimal("0.75")),
        ("rounding", Decimal("0.76")),
        ("double_charge", Decimal("1.50")),
    ]
    assert "1 USD is ₹83.25, as of 2026-11-30" in str(found)
    assert found.to_dict()["rates"] == ["1 USD is ₹83.25, as of 2026-11-30"]


def test_r49_each_record_has_its_own_currency() -> None:
    theirs: list[dict[str, Any]] = [
        {"call_id": "a", "charge": "0.0090", "currency": "usd"},
        {"call_id": "b", "charge": "0.75", "currency": None},
        {"call_id": "c", "charge": "0.0083", "currency": "EUR"},
        {"call_id": "d", "charge": "0.75", "currency": "INR"},
    ]
    ours: list[tuple[str | None, int]] = [("a", 60), ("b", 60), ("c", 60), ("d", 60)]
    rates: dict[str, Any] = {"inr_per_unit": {"USD": "83.25"}, "inr_on": date(2026, 11, 30)}
    assert causes(made(ours, theirs, **rates)) == ["agrees", "agrees", "currency", "agrees"]
    rates |= {"inr_per_unit": {"USD": "83.25", "EUR": Decimal("90.4")}}
    assert causes(made(ours, theirs, **rates)) == ["agrees"] * 4


@pytest.mark.parametrize(
    ("how", "error", "says"),
    [
        ({"inr_per_unit": "83"}, RecordError, "a rate has its date"),
        ({"inr_on": "2026-11-30"}, RecordError, "a rate has its date"),
        ({"inr_per_unit": "83", "inr_on": "2026-11-30"}, RecordError, r"pass inr_per_unit=\{'USD': '83'\}"),
        ({"currency": "USD", "inr_per_unit": 83.2, "inr_on": "2026-11-30"}, MoneyError, "a float"),
        ({"currency": "USD", "inr_per_unit": "0", "inr_on": "2026-11-30"}, MoneyError, "the rate of USD"),
        ({"currency": "USD", "inr_per_unit": "x", "inr_on": "2026-11-30"}, MoneyError, "the rate of USD"),
        ({"currency": "dollars"}, RecordError, "code of three letters"),
        (
            {"currency": "USD", "inr_per_unit": "83", "inr_on": "30.11.2026"},
            RecordError,
            "is no day; write one",
        ),
    ],
)
def test_r49_a_rate_that_is_none_is_refused(how: dict[str, Any], error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        made([("a", 60)], [{"call_id": "a", "charge": "0.75"}], **how)


@given(
    st.lists(st.decimals(min_value=-(10**6), max_value=10**6, places=5), min_size=1, max_size=5),
    st.decimals(min_value=Decimal("0.001"), max_value=500, places=4),
    st.integers(0, 9),
)
def test_r49_columns_convert_as_one_amount_does(amounts: list[Decimal], rate: Decimal, places: int) -> None:
    money = TheirMoney.of("positive", "USD", rate, "2026-11-30")
    texts = [f"{amount:f}" for amount in amounts]
    frame = pl.DataFrame(
        {
            "their_charge": pl.Series(amounts).cast(pl.Decimal(38, 12)),
            "their_text": texts,
            "their_currency": pl.Series([None] * len(texts), dtype=pl.String),
        }
    )
    exact = [rounded(times(amount, rate), 12) for amount in amounts]
    found = money.applied(frame, places)
    assert found["their_exact"].to_list() == exact
    assert found["their_charge"].to_list() == [rounded(one, places) for one in exact]


@pytest.mark.parametrize("blank", ["", "  ", None])
def test_a_blank_key_is_no_key(blank: str | None) -> None:
    found = made([(blank, 60)], [{"call_id": blank, "charge": "0.75"}])
    assert causes(found) == ["missing_theirs", "missing_ours"]


def test_calls_that_nobody_answered_are_apart_from_what_is_missing() -> None:
    theirs = [
        {"call_id": "a", "charge": "1.50", "seconds": 61},
        {"call_id": "z", "charge": "0", "seconds": 0},
    ]
    found = made([("a", 61), ("b", 0), ("c", 61)], theirs)
    assert found.rows.select("key", "cause").rows() == [
        ("a", "agrees"),
        ("b", "unanswered"),
        ("c", "missing_theirs"),
        ("z", "unanswered"),
    ]
    assert found.differences["key"].to_list() == ["c"]
    assert "2 unanswered calls, which one side alone has" in str(found)


def test_a_call_that_is_charged_twice_is_named() -> None:
    one: dict[str, Any] = {"charge": "0.75", "number": TO, "seconds": 60, "answered_at": utc(2026, 6, 1)}
    theirs: list[dict[str, Any]] = [
        one | {"call_id": "a"},
        one | {"call_id": "a-again"},
        one | {"call_id": "later", "answered_at": utc(2026, 6, 2)},
        one | {"call_id": "b", "charge": "1.50"},
    ]
    found = made([("a", 60), ("b", 60)], theirs)
    assert found.rows.select("key", "cause", "detail").rows() == [
        ("a", "agrees", None),
        ("b", "double_charge", "2 times our charge"),
        ("a-again", "double_charge", "the call of key a"),
        ("later", "missing_ours", "only they have it"),
    ]


@pytest.mark.usefixtures("folder")
def test_sign_currency_and_rate_on_the_command_line() -> None:
    calls = pl.DataFrame({"call": [0], "to": [TO], "seconds": [263], "answered_at": ["2026-11-20T10:00:00Z"]})
    calls.write_csv("ours.csv")
    calls.select("call", charge=pl.lit("-0.0381")).write_csv("theirs.csv")
    words = ["reconcile", "ours.csv", "theirs.csv", "--deck", "a.deck", "--key", "call"]
    assert "pass --their-charge-sign negative if" in sentence(*words)
    words += ["--their-charge-sign", "negative", "--their-currency", "USD", "--their-inr-on", "2026-11-30"]
    found = document(*words, "--their-inr-per-unit", "75.00")
    assert (found["totals"]["ours"], found["totals"]["theirs"]) == ("2.860000000000", "2.860000000000")
    assert found["rates"] == ["1 USD is ₹75, as of 2026-11-30"]
    assert document(*words, "--their-inr-per-unit", "USD=75")["rates"] == found["rates"]
    assert "pass --their-inr-per-unit and --their-inr-on together" in sentence(
        *words[:-2], "--their-inr-per-unit", "75"
    )


def test_r49_what_counts_as_nothing_and_meets_nothing_is_said() -> None:
    ours = pl.DataFrame({"call_id": ["a", "b"], "to": [TO] * 2, "seconds": [60, 60]})
    theirs = pl.DataFrame({"call_id": ["a", "c"], "charge": ["0.01", "0.02"], "currency": ["USD", "usd"]})
    found = reconcile(ours, theirs, deck=DECK)
    assert found.hints == [
        "2 of their charges are in USD and count as nothing: pass inr_per_unit={'USD': '…'} with the rupees "
        "for one, and inr_on= with its day (R49)"
    ]
    assert found.hints[0] in found.lines()
    assert found.to_dict()["hints"] == found.hints
    rates: Any = {"inr_per_unit": {"USD": "84"}, "inr_on": "2026-11-02"}
    assert reconcile(ours, theirs, deck=DECK, **rates).hints == []
    alone = reconcile(ours, theirs.with_columns(call_id=pl.Series(["x", "y"])), deck=DECK, **rates)
    assert alone.hints == [
        "no call of theirs has the call_id of one of ours: pass key= with the column that both have"
    ]
    assert reconcile(ours, theirs.clear(), deck=DECK).hints == []


@pytest.mark.usefixtures("folder")
def test_a_systems_file_takes_the_options_of_their_charges() -> None:
    calls = pl.DataFrame({"call_id": ["1", "2"], "to": [TO] * 2, "seconds": [61, 61]})
    calls.with_columns(answered_at=pl.lit("2026-11-20T10:00:00Z")).write_csv("ours.csv")
    header = "Call UUID,From number,To number,Call direction,Initiation time,Answer time,End time,"
    rows = [f"{n},912235550100,{TO[1:]},outbound,{_T}:00Z,{_T}:05Z,{_T}:59Z,61,120,{n}.5,x" for n in (1, 3)]
    text = "\n".join([f"{header}Call duration,Billed duration,Billed amount,Hangup cause", *rows])
    Path("plivo.csv").write_text(f"{text}\n")
    words = ["reconcile", "ours.csv", "plivo.csv", "--deck", "a.deck"]
    assert "--their-read currency=USD" in sentence(*words)
    told = run(*words, "--their-currency", "USD", code=1).stdout
    assert "pass --their-inr-per-unit USD=… with the rupees for one, and --their-inr-on with" in told
    rates = ("--their-currency", "USD", "--their-inr-per-unit", "2", "--their-inr-on", "2026-11-20")
    assert document(*words, *rates, code=1)["totals"]["theirs"] == "10.000000000000"
    signed = document(*words, *rates, "--their-charge-sign", "negative", code=1)
    assert signed["totals"]["theirs"] == "-10.000000000000"
