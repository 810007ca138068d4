"""A provider's records as they come: read exactly, joined once each, and told."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from dialnexa_routing import MoneyError, RecordError, records
from dialnexa_routing.billing.reconciliation import reconcile
from test_reconcile import DECK, INDIA, MOBILE, NEW_YEAR, call, charge, one


@pytest.mark.parametrize("text", ["", None, "1,5", "-", "٣", "1e3", "0.1234567890123", "₹1"])
def test_r51_a_charge_that_cannot_be_read_counts_as_none(text: str | None) -> None:
    ours, theirs = pl.DataFrame([call(1)]), pl.DataFrame({"call_id": [1], "charge": [text]})
    found = reconcile(ours, theirs.cast({"charge": pl.String}), deck=DECK)
    assert found.rows.select("cause", "theirs", "difference").row(0) == ("unreadable", None, Decimal("-0.74"))


def test_another_currency_is_never_taken_for_rupees() -> None:
    record = {"charge": "0.74", "currency": "usd"}
    assert one(call(1), record) == ("currency", "they charge 0.74 usd")
    assert one(call(1), record | {"currency": "inr "})[0] == "agrees"


def test_r51_not_rated_by_us() -> None:
    assert one(call(1, "4420"), {"charge": "1"}) == ("not_rated", "unsupported_prefix")
    assert one(call(1, seconds=-1), {"charge": "1"}) == ("not_rated", "negative_seconds")


def test_every_record_stands_in_one_row_in_our_order_then_theirs() -> None:
    ours = pl.DataFrame([call(key) for key in ["b", "a", "a", None, None, "c", "c"]])
    theirs = pl.DataFrame({"call_id": ["x", "c", "a", "a", "a", None, "b"], "charge": ["0.74"] * 7})
    found = reconcile(ours.lazy(), theirs.lazy(), deck=DECK)
    assert found.rows.select("our_row", "their_row", "key", "cause").rows() == [
        (0, 6, "b", "agrees"),
        (1, 2, "a", "agrees"),
        (2, 3, "a", "agrees"),
        (3, None, None, "missing_theirs"),
        (4, None, None, "missing_theirs"),
        (5, 1, "c", "agrees"),
        (6, None, "c", "duplicate_ours"),
        (None, 0, "x", "missing_ours"),
        (None, 4, "a", "duplicate_theirs"),
        (None, 5, None, "missing_ours"),
    ]
    assert found.totals == {
        "rows": 10,
        "agreeing": 4,
        "ours": Decimal("5.18"),
        "theirs": Decimal("5.18"),
        "difference": Decimal(0),
    }
    assert found.differences.height == 6


def test_what_only_they_have_is_placed_by_their_number() -> None:
    theirs = pl.DataFrame({"call_id": ["z"], "charge": ["1"], "number": [MOBILE], "answered_at": [NEW_YEAR]})
    found = reconcile(pl.DataFrame([call(1)]), theirs, deck=DECK)
    assert found.by_group.select("network_group", "cause", "difference").rows() == [
        ("Mobile", "missing_ours", Decimal(1)),
        ("Mobile", "missing_theirs", Decimal("-0.74")),
    ]


def test_r48_floats_are_refused_until_they_are_told_how_to_be_read() -> None:
    ours = pl.DataFrame([call(1), call(2, "916612345678", 6)])
    theirs = pl.DataFrame({"call_id": [1, 2], "charge": [0.74, 4.5e-1]})
    with pytest.raises(MoneyError, match=r"column 'charge' is of floats.*floats='as_printed'"):
        reconcile(ours, theirs, deck=DECK)
    found = reconcile(ours, theirs, deck=DECK, floats="as_printed")
    assert set(found.rows["cause"]) == {"agrees"}
    tiny = theirs.with_columns(charge=pl.lit(1e-7))
    assert reconcile(ours, tiny, deck=DECK, floats="as_printed").rows["theirs"][0] == Decimal("0.0000001")
    with pytest.raises(MoneyError, match="'rate' is of floats"):
        reconcile(ours, pl.DataFrame({"call_id": [1], "charge": ["1"], "rate": [0.5]}), deck=DECK)
    with pytest.raises(MoneyError, match="'charge' is Boolean"):
        reconcile(ours, pl.DataFrame({"call_id": [1], "charge": [True]}), deck=DECK)


@pytest.mark.parametrize(
    "charges",
    [
        pl.Series(["0.74", " 1 "]),
        pl.Series(["0.740000000000000000", "1."]),
        pl.Series([Decimal("0.74"), Decimal(1)], dtype=pl.Decimal(38, 20)),
    ],
)
def test_amounts_are_read_digit_for_digit(charges: pl.Series) -> None:
    theirs = pl.DataFrame({"call_id": ["1", "2"], "charge": charges})
    found = reconcile(pl.DataFrame([call(1), call(2)]), theirs, deck=DECK)
    assert found.rows["theirs"].to_list() == [Decimal("0.74"), Decimal(1)]


def test_columns_go_by_other_names() -> None:
    ours = pl.DataFrame([call("a")]).rename({"call_id": "id", "to": "called", "seconds": "talk"})
    theirs = pl.DataFrame({"CallSid": ["a"], "Price": ["1.49"], "Duration": ["61"]})
    named = {"key": "CallSid", "charge": "Price", "seconds": "Duration"}
    how: dict[str, Any] = {"deck": DECK, "key": "id", "number": "called", "seconds": "talk"}
    assert reconcile(ours, theirs, their_columns=named, **how).rows["cause"].to_list() == ["duration"]
    with pytest.raises(RecordError, match="no column 'Prise'; nearest: 'Price'"):
        reconcile(ours, theirs, their_columns=named | {"charge": "Prise"}, **how)
    with pytest.raises(RecordError, match="nothing called 'cost'"):
        reconcile(ours, theirs, their_columns=named | {"cost": "Price"}, **how)
    with pytest.raises(RecordError, match="no column 'charge'"):
        reconcile(ours, theirs, their_columns={"key": "CallSid"}, **how)
    with pytest.raises(RecordError, match="no column 'ident'"):
        reconcile(ours, theirs, their_columns=named, **how | {"key": "ident"})
    with pytest.raises(RecordError, match="name answered_at"):
        reconcile(ours.drop("answered_at"), theirs, their_columns=named, **how)


def test_r50_calls_rated_already_must_be_rated_alike() -> None:
    ours = pl.DataFrame([call(1), call(2, seconds=67)])
    theirs = pl.DataFrame({"call_id": [1, 2], "charge": ["0.74", "1.49"]})
    rated = records.rate(ours, deck=DECK)
    assert reconcile(rated, theirs, deck=DECK).totals == reconcile(ours, theirs, deck=DECK).totals
    with pytest.raises(RecordError, match="1 rows were rated with another deck or other semantics"):
        reconcile(rated, theirs, deck=DECK, semantics={"pulse": "1/1"})


def test_as_data_text_and_page() -> None:
    ours = pl.DataFrame([call("<a>"), call("b"), call("c")])
    theirs = pl.DataFrame({"call_id": ["<a>", "b"], "charge": ["100000", "0.74"]})
    found = reconcile(ours, theirs, deck=DECK)
    document = json.loads(json.dumps(found.to_dict()))
    assert Decimal(document["totals"]["difference"]) == Decimal("99998.52")
    assert [row["cause"] for row in document["by_cause"]["rows"]] == ["other", "missing_theirs", "agrees"]
    assert document["differences"]["total"] == 2
    assert found.to_dict(1)["differences"]["rows"] == document["differences"]["rows"][:1]
    said = "3 rows, 1 agree: ours ₹2.22, theirs ₹1,00,000.74, difference ₹99,998.52"
    assert str(found).startswith(said)
    assert repr(found) == f"<Reconciliation {said}>"
    assert "minutes" in str(found)
    assert "&lt;a&gt;" in found._repr_html_()
    assert "<a>" not in found._repr_html_()
    agreed = reconcile(ours, pl.DataFrame({"call_id": ours["call_id"], "charge": ["0.74"] * 3}), deck=DECK)
    assert str(agreed).startswith("3 rows, 3 agree: ours ₹2.22, theirs ₹2.22, difference ₹0\n")
    assert "differences" not in str(agreed)


def test_the_same_records_give_the_same_report() -> None:
    """Of equally good explanations the same one is named, however often it is asked for."""
    ours = pl.DataFrame([call(key, MOBILE if key % 2 else INDIA, key) for key in range(200)])
    charges = [charge(MOBILE, 7 * key % 300, {"pulse": "1/1"}) for key in range(200)]
    theirs = pl.DataFrame({"call_id": range(200), "charge": charges})
    first, second = (reconcile(ours, theirs, deck=DECK).to_dict() for _ in range(2))
    assert first == second
    assert first["differences"]["total"] > 100


def test_nothing_at_all() -> None:
    nothing = pl.DataFrame(schema={"call_id": pl.String, "charge": pl.String})
    none = pl.DataFrame([call(1)]).clear()
    found = reconcile(none, nothing, deck=DECK)
    assert (found.rows.height, found.totals["difference"]) == (0, 0)
    assert reconcile(pl.DataFrame([call(1)]), nothing, deck=DECK).rows["cause"].to_list() == [
        "missing_theirs"
    ]
