"""Lines that add up to the total in sight, amounts of a CSV to the last place, days by answer (R48, R50)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from command import document, folder, run, sentence
from decks import INDIA, deck_of
from dialnexa_routing import BillingPlan, MoneyError, RecordError, records
from dialnexa_routing.billing import gst, invoices
from dialnexa_routing.billing.adding_up import adding_up, in_places
from dialnexa_routing.billing.tax import Supply
from dialnexa_routing.money.exact import rounded, total
from dialnexa_routing.records.written_amounts import with_amounts

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["folder"]
DECK = deck_of(INDIA)
LAST_OF_NOVEMBER = datetime(2026, 11, 30, 18, 29, tzinfo=UTC)  # 23:59 in Kolkata
FIRST_OF_DECEMBER = datetime(2026, 11, 30, 18, 30, tzinfo=UTC)


def calls(count: int, seconds: int = 60, at: datetime = LAST_OF_NOVEMBER) -> pl.DataFrame:
    return pl.DataFrame(
        {"to": ["+919812345678"] * count, "seconds": [seconds] * count, "answered_at": [at] * count}
    )


def test_r48_components_and_their_rounding_come_to_the_total() -> None:
    rated = records.rate(calls(1000), deck=DECK, plan=BillingPlan(id="p", llm="0.333"))
    invoice = invoices(rated, timezone="Asia/Kolkata", workspace=None)[""]
    assert invoice.net == Decimal("330.00")
    assert invoice.parts == {"llm": Decimal("333.00"), "rounding": Decimal("-3.00")}
    assert "  LLM: ₹333.00\n  rounding: -₹3.00\nTotal: ₹330.00" in str(invoice)
    assert invoice.to_dict()["parts"] == {"llm": "333.00", "rounding": "-3.00"}


def test_r48_an_invoice_that_adds_up_by_itself_has_no_rounding() -> None:
    rated = records.rate(calls(10), deck=DECK, plan=BillingPlan(id="p", llm="0.50", stt="0.25"))
    assert invoices(rated, timezone="UTC", workspace=None)[""].parts == {
        "stt": Decimal("2.50"),
        "llm": Decimal("5.00"),
    }


AMOUNTS = st.dictionaries(
    st.sampled_from(["stt", "llm", "tts", "telephony", "platform"]),
    st.decimals(min_value=-(10**9), max_value=10**9, places=9),
)


@given(AMOUNTS, st.integers(0, 9))
def test_r48_lines_by_the_cumulative_rule_add_up(exact: dict[str, Decimal], places: int) -> None:
    lines = in_places(exact, places)
    whole = rounded(sum(map(Fraction, exact.values()), Fraction(0)), places)
    assert total(lines.values(), places) == whole
    for name, amount in exact.items():
        assert abs(Fraction(lines[name]) - Fraction(amount)) < Fraction(1, 10**places)


@given(AMOUNTS, st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_r48_whatever_the_total_its_lines_come_to_it(exact: dict[str, Decimal], net: Decimal) -> None:
    assert total(adding_up(exact, net).values(), 2) == net


def test_a_call_is_of_the_month_in_which_it_was_answered() -> None:
    both = pl.concat([calls(2), calls(3, at=FIRST_OF_DECEMBER)])
    rated = records.rate(both, deck=DECK)
    november = invoices(rated, timezone="Asia/Kolkata", workspace=None, last=date(2026, 11, 30))[""]
    december = invoices(rated, timezone="Asia/Kolkata", workspace=None, first=date(2026, 12, 1))[""]
    assert (november.calls, december.calls) == (2, 3)
    assert (str(november.last), str(december.first)) == ("2026-11-30", "2026-12-01")


@pytest.mark.usefixtures("folder")
def test_r48_a_csv_is_invoiced_with_the_places_that_it_has() -> None:
    deck = deck_of([{"prefix": "91", "network_group": "India", "outbound_rate": "0.1267"}])
    deck.save("fine.deck")
    calls(1000).write_csv("fine.csv")
    run("rate", "fine.csv", "rated.csv", "--deck", "fine.deck", "--decimals", "4")
    (one,) = document("invoice", "rated.csv")["invoices"]
    assert (one["net"], one["first_day"]) == ("126.7000", "2026-11-30")
    assert "has an amount of 4 places" in sentence("invoice", "rated.csv", "--decimals", "2")


@pytest.mark.usefixtures("folder")
def test_r48_a_csv_that_was_rated_by_a_plan_is_invoiced_as_its_parquet_is() -> None:
    BillingPlan(id="p", llm="0.333", tts="0.1").save("plan.json")
    documents = []
    for kind in (".csv", ".parquet"):
        run("rate", "calls.parquet", f"rated{kind}", "--deck", "a.deck", "--plan", "plan.json")
        documents.append(document("invoice", f"rated{kind}", code=1))
    assert documents[0] == documents[1]
    assert documents[0]["invoices"][0]["parts"]["llm"] == "3.66"


def test_amounts_that_are_none_are_refused() -> None:
    with pytest.raises(RecordError, match="'1e3', which is no amount"):
        with_amounts(pl.LazyFrame({"charge": ["1.00", "1e3"]}))
    with pytest.raises(MoneyError, match="10 places, and 9 is the most"):
        with_amounts(pl.LazyFrame({"charge": ["0.1234567891"]}))
    read = with_amounts(pl.LazyFrame({"charge": ["", " 1.5 ", "+2", None]})).collect()
    assert read["charge"].to_list() == [None, Decimal("1.50"), Decimal("2.00"), None]


def test_calls_that_nobody_answered_stand_apart() -> None:
    rated = records.rate(pl.concat([calls(3), calls(2, seconds=0)]), deck=DECK)
    invoice = invoices(rated, timezone="UTC", workspace=None)[""]
    assert invoice.calls == 5
    assert invoice.unanswered.rows() == [("IN", "India - Mobile", 2)]
    assert invoice.by_group["calls"].to_list() == [3]
    assert "2 of them unanswered, at no charge" in str(invoice)


def test_r52_a_tax_on_a_total_of_four_places_is_taken() -> None:
    rated = records.rate(calls(1, seconds=7), deck=DECK, semantics={"decimals": 4, "pulse": "1/1"})
    invoice = invoices(rated, timezone="UTC", workspace=None)[""]
    net = invoice.net
    taxed = invoice.with_tax(gst(net, supply=Supply.INTER_STATE))
    assert taxed.tax is not None
    assert taxed.tax == invoice.with_gst(supply=Supply.INTER_STATE).tax
    assert taxed.tax.gross == total([net, taxed.tax.lines[0].amount])
    whole = invoice.with_gst(supply=Supply.INTER_STATE, tax_decimals=0)
    assert whole.tax is not None
    assert whole.net == net


def test_amounts_of_a_table_stand_point_below_point() -> None:
    deck = deck_of(
        [
            {"prefix": "91", "network_group": "India", "outbound_rate": "1234567.50"},
            {"prefix": "1", "network_group": "US", "outbound_rate": "0.40"},
        ]
    )
    frame = calls(2).with_columns(to=pl.Series(["+919812345678", "+12025550123"]))
    lines = str(invoices(records.rate(frame, deck=deck), timezone="UTC", workspace=None)[""]).splitlines()
    shown = [line for line in lines if line.startswith(("India ", "US "))]
    assert [line.split()[-1] for line in shown] == ["₹12,34,567.50", "₹0.40"]
    assert len({line.rindex(".") for line in shown}) == 1


def test_the_page_has_the_same_amounts(tmp_path: Path) -> None:
    page = invoices(records.rate(calls(1), deck=DECK), timezone="UTC", workspace=None)[""].html()
    (tmp_path / "a.html").write_text(page, "utf-8")
    assert ">₹0.75</td>" in page
