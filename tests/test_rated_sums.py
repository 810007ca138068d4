"""The one summer: exact, counts in Int64, and charges from databases as far as no digit is lost (R48)."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from decks import INDIA, deck_of
from dialnexa_routing import BillingPlan, MoneyError, RateDeck, RecordError, Semantics, records
from dialnexa_routing.billing.comparison import compare
from dialnexa_routing.billing.invoice import Invoice, invoices
from dialnexa_routing.billing.margins import margin
from dialnexa_routing.billing.reconciliation import reconcile
from dialnexa_routing.billing.repricing import reprice
from dialnexa_routing.billing.rounding_drift import drift
from dialnexa_routing.billing.tax import Supply
from dialnexa_routing.cli.summary import Summary
from dialnexa_routing.deck.canonical_columns import MONEY
from dialnexa_routing.job.totals import tally, totals
from dialnexa_routing.records.rated_sums import put_together, rated_sums, refused_by_reason, whole_of

if TYPE_CHECKING:
    from pathlib import Path

ANSWERED = datetime(2026, 11, 20, 10, tzinfo=UTC)
DECK = deck_of(INDIA)
NUMBERS = ["+919812345678", "+18761234567", "+9140123456", "+1204", "x", None]
GROUPS = ["IN", "JM", None]


def calls_of(rows: list[tuple[str | None, int]]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, {"to": pl.String, "seconds": pl.Int64}, orient="row")
    return frame.with_columns(answered_at=pl.lit(ANSWERED))


CALLS = calls_of([("+919812345678", 263), ("+18761234567", 61), ("+9140123456", 5), (None, 1)])
RATED = records.rate(CALLS, deck=DECK)


def billed(rated: pl.DataFrame) -> Invoice:
    return invoices(rated, timezone="UTC", workspace=None)[""]


ROWS = st.lists(
    st.tuples(
        st.sampled_from(GROUPS),
        st.sampled_from([None, "blocked"]),
        st.integers(0, 10**6),
        st.integers(-(10**17), 10**17),
    ),
    max_size=30,
)


@given(ROWS, st.integers(0, 9))
def test_r51_every_row_is_in_one_sum_and_no_digit_is_lost(
    rows: list[tuple[str | None, str | None, int, int]], places: int
) -> None:
    names = ["country_iso", "reason", "billed_seconds", "charge"]
    rows = [(one, reason, seconds, charge) for one, reason, seconds, charge in rows]
    frame = pl.DataFrame(
        {name: [row[at] for row in rows] for at, name in enumerate(names)},
        schema={
            "country_iso": pl.String,
            "reason": pl.String,
            "billed_seconds": pl.UInt64,
            "charge": pl.Int64,
        },
    )
    money = pl.lit(Decimal(f"1E-{places}"), pl.Decimal(38, places))
    charge = pl.when(pl.col("reason").is_null()).then(pl.col("charge").cast(pl.Decimal(38, 0)) * money)
    keys = {name: pl.col(name) for name in names[:2]}
    found = rated_sums(frame.lazy().with_columns(charge.alias("charge")), keys, {"charge": places}).collect()
    assert [found.schema[name] for name in ("calls", "charged", "billed_seconds")] == [pl.Int64] * 3
    assert found["calls"].sum() == len(rows)
    good = [row for row in rows if row[1] is None]
    assert found["charged"].sum() == len(good)
    with localcontext(prec=1):
        whole = whole_of(found, "charge")
    assert Fraction(whole) == Fraction(sum(row[3] for row in good), 10**places)
    by_country = put_together(found.filter(pl.col("reason").is_null()), ["country_iso"])
    assert dict(by_country.select("country_iso", "billed_seconds").rows()) == {
        one: sum(row[2] for row in good if row[0] == one) for one in {row[0] for row in good}
    }
    assert refused_by_reason(found).rows() == (
        [("blocked", len(rows) - len(good))] if len(rows) > len(good) else []
    )


@given(st.lists(st.tuples(st.sampled_from(NUMBERS), st.integers(-5, 5000)), max_size=20))
def test_r48_all_reports_come_to_one_sum(calls: list[tuple[str | None, int]]) -> None:
    frame = calls_of(calls)
    rated = records.rate(frame, deck=DECK)
    charged = [one for one in rated["charge"] if one is not None]
    whole = sum(charged, Decimal("0.00"))
    refused = dict(sorted(rated["reason"].drop_nulls().value_counts().rows()))
    found = drift(frame, deck=DECK)
    assert (found.rounded, found.calls, dict(sorted(found.refused.items()))) == (whole, len(charged), refused)
    by_both = reprice(frame, old=DECK, new=DECK)
    assert (by_both.totals["old_charge"], by_both.totals["calls"]) == (whole, len(calls))
    if calls:
        invoice = billed(rated)
        assert (invoice.net, invoice.calls) == (whole, len(charged))
        assert dict(sorted(invoice.not_rated.rows())) == refused


def test_a_file_comes_to_the_same_by_job_and_summary(tmp_path: Path) -> None:
    plan = BillingPlan(id="x", stt="0.3333", llm="0.5", decimals=4)
    frame = CALLS.with_columns(plan=pl.lit("x"))
    rated = records.rate(frame, deck=DECK, plans=[plan], plan="plan")
    for name in ("rated.csv", "rated.parquet"):
        path = tmp_path / name
        (rated.write_csv if name.endswith("csv") else rated.write_parquet)(path)
        summary = Summary.of(path, 4, with_components=True)
        counted = tally(path, rated.schema, "")
        assert whole_of(counted, "charge") == summary.rated.charge == billed(rated).net
        assert {name: whole_of(counted, name) for name in ("stt", "llm")} == summary.components
        assert "telephony" not in summary.components
        assert totals([counted], "p")["telephony"].null_count() == totals([counted], "p").height
        assert summary.refused.total() + summary.rated.calls == summary.rows == 4


@pytest.mark.parametrize("amount", ["0.25", "-7.10", f"{10**27}.75", f"-{9 * 10**34}.01"])
@pytest.mark.parametrize("rows", [0, 1, 3, 400])
def test_r48_a_whole_is_exact_whatever_its_size(amount: str, rows: int) -> None:
    amounts = [*[Decimal(amount)] * rows, None]
    sums = pl.DataFrame({"charge": pl.Series(amounts, dtype=pl.Decimal(38, 2))})
    assert Fraction(whole_of(sums, "charge")) == Fraction(amount) * rows
    assert whole_of(sums, "charge").as_tuple().exponent == -2


def test_a_tally_is_the_same_where_the_deck_is_known(tmp_path: Path) -> None:
    rated = records.rate(CALLS, deck=DECK)
    path = tmp_path / "rated.parquet"
    rated.write_parquet(path)
    told = tally(path, rated.schema, "", digest=DECK.digest)
    assert_frame_equal(told, tally(path, rated.schema, ""), check_row_order=False)
    assert told["deck_digest"].to_list() == [DECK.digest] * told.height
    assert told["plan_id"].null_count() == told.height


def test_counts_in_reports_are_int64() -> None:
    deck = RateDeck.compile(
        pl.DataFrame({"prefix": ["91"], "network_group": ["India"], "outbound_rate": ["0.5"]}).cast(
            {"outbound_rate": MONEY}
        )
    )
    theirs = pl.DataFrame({"call_id": [1], "charge": ["0.50"]})
    ours = pl.DataFrame({"call_id": [1], "to": ["911"], "seconds": [60]})
    matched = reconcile(ours, theirs, deck=deck)
    invoice = billed(RATED)
    changed = reprice(CALLS, old=DECK, new=deck)
    frames: dict[str, tuple[pl.DataFrame, tuple[str, ...]]] = {
        "by group": (invoice.by_group, ("calls", "minutes")),
        "by day": (invoice.by_day, ("calls", "minutes")),
        "not rated": (invoice.not_rated, ("calls",)),
        "totals": (
            invoices(RATED, timezone="UTC", workspace=None).totals,
            ("calls", "billed_seconds", "not_rated"),
        ),
        "causes": (matched.by_cause, ("rows", "billed_seconds", "their_billed_seconds")),
        "compared": (compare({"one": deck}, seconds=60).by_group, ("prefixes", "misleading")),
        "repriced": (
            changed.by_group,
            ("calls", "rated_by_both", "only_by_old", "only_by_new", "by_neither"),
        ),
        "reasons": (changed.by_reason, ("calls",)),
        "margin": (margin(CALLS, sell=DECK, buy=deck).by_group, ("calls", "losing_calls", "billed_seconds")),
        "drift": (drift(CALLS, deck=DECK).by_group, ("calls", "billed_seconds")),
    }
    for name, (frame, counts) in frames.items():
        assert [frame.schema[count] for count in counts] == [pl.Int64] * len(counts), name


@pytest.mark.parametrize("scale", [10, 12, 20])
def test_r48_charges_of_a_database_have_the_places_that_they_need(scale: int) -> None:
    wide = RATED.with_columns(pl.col("charge").cast(pl.Decimal(38, scale)))
    same, found = billed(RATED), billed(wide)
    assert str(found) == str(same)
    assert found.to_dict() == same.to_dict()
    assert found.by_group.schema["charge"] == pl.Decimal(38, 2)
    four = records.rate(CALLS, deck=DECK, semantics=Semantics(pulse="1/1", decimals=4))
    fine = four.with_columns(pl.col("charge").cast(pl.Decimal(38, scale)))
    assert str(billed(fine).net) == str(billed(four).net)


def test_r48_the_places_of_a_plan_stay() -> None:
    for places in range(10):
        rated = records.rate(CALLS, deck=DECK, semantics=Semantics(decimals=places))
        assert str(billed(rated).net) == str(sum(rated["charge"].drop_nulls(), Decimal(f"0E-{places}")))


def test_r48_a_charge_of_more_places_than_any_is_refused() -> None:
    odd = RATED.with_columns(pl.col("charge").cast(pl.Decimal(38, 12)) + Decimal("0.000000000001"))
    with pytest.raises(MoneyError, match=r"column 'charge' has 3\.750000000001, .*round each"):
        billed(odd)


@pytest.mark.parametrize(
    ("dtype", "cure"),
    [
        (
            pl.Float64,
            r"read it from its source .*pl\.col\('charge'\)\.round\(2\)\.cast\(pl\.Decimal\(38, 2\)\)",
        ),
        (pl.String, r"pl\.col\('charge'\)\.str\.to_decimal\(scale=2\)"),
        (pl.Int64, r"pl\.col\('charge'\)\.cast\(pl\.Decimal\(38, 2\)\) if these are rupees"),
        (pl.Binary, r"pl\.col\('charge'\)\.cast\(pl\.Decimal\(38, 2\)\)"),
    ],
)
def test_r48_a_charge_that_is_no_decimal_is_refused_with_the_cast(dtype: Any, cure: str) -> None:
    values = RATED["charge"].cast(pl.String)
    column = values.cast(pl.Float64).cast(dtype) if dtype in (pl.Float64, pl.Int64) else values.cast(dtype)
    frame = RATED.with_columns(column.alias("charge"))
    with pytest.raises(RecordError, match=f"column 'charge' is {dtype.__name__}.*{cure}"):
        billed(frame)
    if dtype == pl.String:
        cast = frame.with_columns(pl.col("charge").str.to_decimal(scale=2))
        assert billed(cast).net == billed(RATED).net


def test_r48_lines_of_a_plan_are_no_floats_either() -> None:
    plan = BillingPlan(id="x", stt="0.5")
    rated = records.rate(CALLS.with_columns(plan=pl.lit("x")), deck=DECK, plans=[plan], plan="plan")
    assert billed(rated).components["stt"] == Decimal(4)
    with pytest.raises(RecordError, match=r"column 'stt' is Float64.*pl\.col\('stt'\)"):
        billed(rated.with_columns(pl.col("stt").cast(pl.Float64)))


def test_a_column_of_the_caller_is_no_line_of_a_plan() -> None:
    assert billed(RATED.with_columns(platform=pl.lit("web"))).to_dict() == billed(RATED).to_dict()


@pytest.mark.parametrize("wrong", ["both", "neither"])
def test_r51_a_row_with_both_charge_and_reason_or_neither_is_refused(wrong: str) -> None:
    reason = pl.lit("blocked") if wrong == "both" else pl.lit(None, pl.String)
    frame = RATED.with_columns(reason.alias("reason"))
    with pytest.raises(
        RecordError, match="2 rows have both a charge and a reason, or neither: rate them again"
    ):
        billed(frame)


def test_r52_an_invoice_of_four_places_is_consistent() -> None:
    deck = deck_of([{"prefix": "91", "outbound_rate": "0.8"}])
    rated = records.rate(calls_of([("+911", 7)]), deck=deck, semantics=Semantics(pulse="1/1", decimals=4))
    invoice = billed(rated).with_gst(supply=Supply.INTER_STATE)
    assert invoice.tax is not None
    text = str(invoice)
    for line in ("Total: ₹0.0933", "IGST 18 %: ₹0.0168", "Total with tax: ₹0.1101"):
        assert line in text
    assert billed(rated).with_tax(invoice.tax).tax == invoice.tax
    whole = billed(rated).with_gst(supply=Supply.INTRA_STATE, tax_decimals=0)
    assert whole.tax is not None
    assert (whole.tax.net, whole.tax.gross) == (invoice.net, Decimal("0.0933"))
