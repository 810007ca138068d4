"""Calls in and out in rows of their own: the two rates of one prefix, or a conflict that says why not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dialnexa_routing.text.errors import SheetError
from published import prefixes, reasons, sheet

HEAD = "Prefix,Destination,Direction,Rate,Increment\n"


@pytest.mark.parametrize(
    ("out", "into"),
    [("Outbound", "Inbound"), ("OUT", "IN"), ("outgoing calls", "Incoming Calls"), ("OB", "IB")],
)
def test_R46_a_row_for_each_way_is_one_with_both_rates(out: str, into: str) -> None:
    text = f"{HEAD}91,India,{out},0.8,60/60\n91,India,{into},0.3,60/60\n92,Pakistan,{into},2,1/1\n"
    found = sheet(text)
    rows = found.rows.select("prefix", "outbound_rate", "inbound_rate", "original_rate").rows()
    assert rows == [("91", Decimal("0.8"), Decimal("0.3"), "0.8"), ("92", None, Decimal(2), "2")]
    assert "1 prefixes have a row for calls in and one for calls out" in reasons(found, "note")
    turned = sheet(f"{HEAD}91,India,{into},0.3,60/60\n91,India,{out},0.8,60/60\n")
    assert turned.rows.select("outbound_rate", "inbound_rate", "original_rate").row(0) == rows[0][1:]
    assert len(found.compile().digest) == 64


def test_R46_one_word_may_be_for_both_ways() -> None:
    found = sheet(f"{HEAD}91,India,Both,0.8,60/60\n92,Pakistan,Inbound & Outbound,2,1/1\n")
    assert (
        found.rows["inbound_rate"].to_list() == found.rows["outbound_rate"].to_list() == [Decimal("0.8"), 2]
    )


def test_R22_two_ways_under_other_terms_are_a_conflict_that_says_so() -> None:
    text = f"{HEAD}91,India,Outbound,0.8,60/60\n91,India,Inbound,0.3,1/1\n"
    with pytest.raises(
        SheetError, match="only where group and increments are the same; correct one, or pass on_"
    ):
        sheet(text)
    assert sheet(text, on_conflict="first").rows["inbound_rate"].to_list() == [None]


def test_R22_two_prices_of_one_way_stay_a_conflict() -> None:
    rows = "91,India,Outbound,0.8,1/1\n91,India,Inbound,0.3,1/1\n91,India,Inbound,0.4,1/1\n"
    with pytest.raises(SheetError, match=r"prefix 91 .* stands twice"):
        sheet(HEAD + rows)


def test_R47_a_blocked_way_stays_blocked() -> None:
    text = f"{HEAD}91,India,Outbound,blocked,1/1\n91,India,Inbound,0.3,1/1\n"
    with pytest.raises(SheetError, match="stands twice"):
        sheet(text)
    assert sheet(text, on_conflict="dearest").rows["blocked"].to_list() == [True]


def test_a_word_that_is_no_way_refuses_its_row() -> None:
    found = sheet(f"{HEAD}91,India,Outbound,0.8,1/1\n92,Pakistan,and,2,1/1\n93,Afghanistan,sideways,2,1/1\n")
    assert prefixes(found) == ["91"]
    assert "neither inbound nor outbound" in reasons(found, "error")
