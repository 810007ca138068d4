"""Invoices: every paisa of the rated calls, by group and by day; tax apart (R52)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from decks import INDIA, deck_of
from dialnexa_routing import MoneyError, RecordError, records
from dialnexa_routing.billing.invoice import Invoices, invoices
from dialnexa_routing.billing.tax import Supply, TaxRounding, gst, taxed
from dialnexa_routing.money.semantics import Rounding

ANSWERED = datetime(2026, 11, 20, 18, 45, tzinfo=UTC)  # past midnight in Kolkata
DECK = deck_of(INDIA)


def rated(rows: list[tuple[str | None, str | None, int]]) -> pl.DataFrame:
    calls = pl.DataFrame(rows, {"workspace": pl.String, "to": pl.String, "seconds": pl.Int64}, orient="row")
    times = pl.datetime_range(
        ANSWERED, ANSWERED + timedelta(hours=len(rows)), "1h", closed="left", eager=True
    )
    return records.rate(calls.with_columns(times.alias("answered_at")), deck=DECK)


CALLS = rated(
    [
        ("acme", "+919812345678", 263),
        ("acme", "+18761234567", 60),
        ("acme", "+9140123456", 60),  # blocked
        ("zenith", "+919812345678", 1),
        (None, "+18761234567", 61),
    ]
)


def made(frame: pl.DataFrame | pl.LazyFrame = CALLS) -> Invoices:
    return invoices(frame, timezone="Asia/Kolkata")


def test_r48_an_invoice_is_the_sum_of_its_charges() -> None:
    acme = made()["acme"]
    assert (acme.calls, acme.billed_seconds, acme.net) == (2, 360, Decimal("16.15"))
    assert acme.by_group.rows() == [
        ("JM", "Jamaica", 1, 1, Decimal("12.40")),
        ("IN", "India - Mobile", 1, 5, Decimal("3.75")),
    ]
    assert acme.not_rated.rows() == [("blocked", 1)]


def test_days_begin_where_the_invoice_says() -> None:
    kolkata, utc = made()["acme"], invoices(CALLS, timezone="UTC")["acme"]
    assert [str(day) for day in kolkata.by_day["day"]] == ["2026-11-21"]
    assert [str(day) for day in utc.by_day["day"]] == ["2026-11-20"]
    assert (str(kolkata.first), str(kolkata.last)) == ("2026-11-21", "2026-11-21")


def test_records_without_a_workspace_are_an_invoice_too() -> None:
    all_of_them = made()
    assert [one.workspace for one in all_of_them] == ["", "acme", "zenith"]
    assert all_of_them[""].net == Decimal("24.80")
    assert all_of_them.totals["charge"].sum() == CALLS["charge"].sum()
    with pytest.raises(LookupError, match=r"'acmee'.*acme"):
        _ = all_of_them["acmee"]


def test_an_invoice_reads_in_lakh_and_crore() -> None:
    deck = deck_of([{"prefix": "91", "network_group": "<India>", "outbound_rate": "123456.78"}])
    calls = pl.DataFrame(
        {"to": ["+919812345678"] * 100, "seconds": [60] * 100, "answered_at": [ANSWERED] * 100}
    )
    invoice = invoices(records.rate(calls, deck=deck), timezone="UTC", workspace=None)[""]
    text = str(invoice.with_gst(supply=Supply.INTER_STATE))
    assert "Total: ₹1,23,45,678.00" in text
    assert "IGST 18 %: ₹22,22,222.04" in text
    assert "Total with tax: ₹1,45,67,900.04" in text
    assert "<India>" not in invoice.html()
    assert "&lt;India&gt;" in invoice.html()
    plain = json.loads(json.dumps(invoice.to_dict()))
    assert (plain["net"], plain["tax"], plain["by_group"][0]["charge"]) == (
        "12345678.00",
        None,
        "12345678.00",
    )


def test_r52_tax_is_a_step_of_its_own() -> None:
    acme = made()["acme"]
    assert acme.tax is None
    with_tax = acme.with_gst(supply=Supply.INTRA_STATE)
    assert with_tax.net == acme.net
    assert with_tax.tax is not None
    assert [(line.name, line.amount) for line in with_tax.tax.lines] == [
        ("CGST", Decimal("1.45")),
        ("SGST", Decimal("1.45")),
    ]
    with pytest.raises(ValueError, match=r"on ₹1\.00, and the total is ₹16\.15"):
        acme.with_tax(gst(Decimal("1.00"), supply=Supply.INTER_STATE))


def test_r52_tax_of_an_exact_amount_is_rounded_once_where_that_is_asked() -> None:
    # 566 s at 0.0001 a minute with 23 per cent, rounded up to four places once.
    exact = Fraction(1, 10_000) * 566 / 60
    once = taxed(exact, {"VAT": "23"}, rounding=Rounding.UP, decimals=4, round_at=TaxRounding.ONCE)
    assert once.gross == Decimal("0.0012")
    each = taxed(exact, {"VAT": "23"}, rounding=Rounding.UP, decimals=4)
    assert each.gross == Decimal("0.0013")


@pytest.mark.parametrize("bad", [1.5, "1.5"])
def test_a_total_that_is_no_decimal_is_refused(bad: object) -> None:
    with pytest.raises(MoneyError, match="pass a Decimal"):
        taxed(bad, {"IGST": "18"})  # type: ignore[arg-type]


@pytest.mark.parametrize("rate", [18.0, "-1", "NaN", "x"])
def test_a_rate_of_tax_is_exact_and_not_below_zero(rate: object) -> None:
    with pytest.raises(MoneyError, match="rate of tax"):
        gst(Decimal("1.00"), supply=Supply.INTER_STATE, percent=rate)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (CALLS.drop("charge"), "no column 'charge'"),
        (CALLS.rename({"workspace": "workspaces"}), "no column 'workspace'.*workspaces"),
        (CALLS.with_columns(pl.col("charge").cast(pl.Float64)), "charges are Decimal"),
        (CALLS.with_columns(pl.col("answered_at_utc").dt.replace_time_zone(None)), "times without a zone"),
        (CALLS.drop("answered_at_utc").with_columns(answered_at=1), "no column of times with a zone"),
    ],
)
def test_a_frame_that_is_not_rated_is_refused(frame: pl.DataFrame, says: str) -> None:
    with pytest.raises(RecordError, match=says):
        made(frame)
    with pytest.raises(RecordError, match="no time zone 'Kolkata'"):
        invoices(CALLS, timezone="Kolkata")


CALL = st.tuples(
    st.sampled_from(["acme", "zenith", None]),
    st.sampled_from(["+919812345678", "+18761234567", "+9140", "+1204", "x", None]),
    st.integers(-5, 5000),
)


@given(st.lists(CALL, max_size=40))
def test_r51_no_call_and_no_paisa_is_lost(rows: list[tuple[str | None, str | None, int]]) -> None:
    frame = rated(rows)
    found = made(frame.lazy())
    assert sum(one.calls + int(one.not_rated["calls"].sum()) for one in found) == len(rows)
    assert sum((one.net for one in found), Decimal(0)) == sum(
        frame["charge"].drop_nulls().to_list(), Decimal(0)
    )
    for one in found:
        for frame_of in (one.by_group, one.by_day):
            assert sum(frame_of["charge"].to_list(), Decimal(0)) == one.net


@given(st.decimals("0", "99999999", places=2), st.sampled_from(["0", "5", "12", "18", "28"]))
def test_r52_heads_add_up(net: Decimal, percent: str) -> None:
    for supply in Supply:
        found = gst(net, supply=supply, percent=percent)
        assert found.net + sum((line.amount for line in found.lines), Decimal(0)) == found.gross
        exact = Fraction(net) * Fraction(percent) / 100
        assert abs(Fraction(found.gross - found.net) - exact) <= Fraction(len(found.lines), 200)
    once = taxed(net, {"CGST": Decimal(percent) / 2, "SGST": Decimal(percent) / 2}, round_at=TaxRounding.ONCE)
    assert abs(Fraction(once.gross) - Fraction(net) * (1 + Fraction(percent) / 100)) <= Fraction(1, 200)
