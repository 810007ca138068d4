"""Whatever rates is taken wherever a deck is: a deck, or a book of decks by date (R50)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from decks import MOBILE, deck_of, utc
from dialnexa_routing import (
    BillingPlan,
    DeckBook,
    DeckTimeError,
    PreparedPlans,
    RateDeck,
    Rates,
    RateSheet,
    Reason,
    RecordError,
    Semantics,
    Telephony,
    Workspace,
    records,
)
from dialnexa_routing.billing.rounding_drift import drift
from dialnexa_routing.job import RatingJob

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

CHEAP = deck_of([{"prefix": "91", "outbound_rate": Decimal("0.60")}])
DEAR = deck_of([{"prefix": "91", "outbound_rate": Decimal("0.75")}])
SPRING, SUMMER = utc(2026, 4, 1), utc(2026, 7, 1)
BOOK = DeckBook({SPRING: CHEAP, SUMMER: DEAR})
SOLD = BillingPlan(id="sold", llm="1", telephony={"kind": "deck_prices", "markup_percent": "100"})
TIMES = [utc(2026, 3, 31), SPRING, utc(2026, 6, 30), SUMMER]


def calls(**more: Any) -> pl.DataFrame:
    return pl.DataFrame({"to": [MOBILE] * 4, "seconds": [60] * 4, "answered_at": TIMES} | more)


@pytest.mark.parametrize("what", [CHEAP, BOOK])
def test_both_are_what_rates(what: Rates) -> None:
    assert isinstance(what, Rates)
    held = what.deck_at(SPRING)
    assert held == CHEAP
    assert what.match(MOBILE, at=SPRING) == held.match(MOBILE)
    assert what.rate(MOBILE, 60, at=SPRING).total == Decimal("0.60")
    assert what.explain(MOBILE, seconds=60, at=SPRING).charge == held.rate(MOBILE, 60)


def test_a_deck_is_in_force_at_any_time_and_a_book_needs_one() -> None:
    assert CHEAP.deck_at(None) is CHEAP
    assert BOOK.is_dated
    assert BOOK.deck_at(None) is None
    assert BOOK.deck_at(TIMES[0]) is None
    assert BOOK.rate(MOBILE, 60).reason is Reason.MISSING_ANSWERED_AT
    for asked in (BOOK.match, BOOK.explain):
        with pytest.raises(DeckTimeError, match="at="):
            asked(MOBILE)


@pytest.mark.parametrize("at", [*TIMES, None])
def test_r54_a_plan_over_a_book_is_the_plan_over_the_deck_in_force(at: datetime | None) -> None:
    charge = SOLD.rate(BOOK, number=MOBILE, seconds=60, at=at)
    frame = pl.DataFrame(
        {"to": [MOBILE], "seconds": [60], "answered_at": [at]},
        schema_overrides={"answered_at": pl.Datetime("us", "UTC")},
    )
    row = records.rate(frame, deck=BOOK, plan=SOLD).row(0, named=True)
    assert (charge.total, charge.reason) == (row["charge"], row["reason"])
    assert charge.deck_digest == (row["deck_digest"] or "")
    held = BOOK.deck_at(at)
    if held is not None:
        assert charge == SOLD.rate(held, number=MOBILE, seconds=60)
        assert SOLD.explain(BOOK, number=MOBILE, seconds=60, at=at).charge == charge
        assert SOLD.missing(BOOK, at=at) == SOLD.missing(held)
    else:
        assert charge.reason in (Reason.BEFORE_FIRST_DECK, Reason.MISSING_ANSWERED_AT)
        assert SOLD.rate(BOOK, number="+0", seconds=60, at=at).reason is Reason.INVALID_NUMBER
        assert SOLD.rate(BOOK, number=None, seconds=60, at=at, path="webrtc").total == Decimal("1.00")
        with pytest.raises(DeckTimeError, match="in force"):
            SOLD.missing(BOOK, at=at)


def test_plans_prepared_for_a_book_serve_it() -> None:
    prepared = PreparedPlans(BOOK, [SOLD], {"acme": "sold"})
    frame = calls(workspace=["acme"] * 4)
    rated = records.rate(frame, deck=BOOK, plans=prepared)
    assert rated["charge"].to_list() == [None, Decimal("2.20"), Decimal("2.20"), Decimal("2.50")]
    assert_frame_equal(rated, records.rate(frame, deck=BOOK, plans=[SOLD], workspaces={"acme": "sold"}))
    assert prepared.size > PreparedPlans(CHEAP, [SOLD]).size


def test_a_rated_row_says_by_which_plan() -> None:
    other = BillingPlan(id="other", llm="2")
    frame = calls(plan=["sold", "other", "nobody", None])
    rated = records.rate(frame, deck=BOOK, plans=[SOLD, other])
    assert rated["plan_id"].to_list() == ["sold", "other", None, None]
    assert rated["plan_digest"].to_list() == [SOLD.digest, other.digest, None, None]
    assert len(SOLD.digest) == 64
    assert SOLD.digest == SOLD.changed(decimals=2).digest != SOLD.changed(decimals=3).digest
    spaces = calls(workspace=["acme", "bolt", "none", None])
    owned = records.rate(spaces, deck=BOOK, plans=[SOLD, other], workspaces={"acme": "sold", "none": None})
    assert owned["plan_id"].to_list() == ["sold", None, None, None]
    alone = records.rate(calls(), deck=BOOK, plan=SOLD)
    assert alone["plan_id"].to_list() == ["sold"] * 4
    # Ids that stand in a column of the same name are not there twice.
    named = records.rate(frame.rename({"plan": "plan_id"}), deck=BOOK, plans=[SOLD, other], plan="plan_id")
    assert named["plan_id"].to_list() == ["sold", "other", "nobody", None]


def test_counts_of_a_rated_row_are_signed() -> None:
    types = records.rate(calls(), deck=CHEAP).schema
    assert types["billed_seconds"] == types["rate_unit_s"] == pl.Int64()
    exact = records.rate(calls(), deck=CHEAP, fields=["exact_denominator", "exact_numerator"])
    assert exact.schema["exact_denominator"] == pl.Int64()
    assert records.rate(calls(), deck=CHEAP, plan=SOLD).schema["billed_seconds"] == pl.Int64()


def test_fields_choose_what_is_added() -> None:
    whole = records.rate(calls(), deck=BOOK)
    some = records.rate(calls(), deck=BOOK, fields=["charge", "reason"])
    assert some.columns == [*calls().columns, "charge", "reason", "answered_at_utc", "deck_digest"]
    assert_frame_equal(some, whole.select(some.columns))
    only = records.rate(calls(), deck=BOOK, plan=SOLD, fields=["charge"])
    added = ["charge", "answered_at_utc", "deck_digest", "plan_id", "plan_digest"]
    assert only.columns == [*calls().columns, *added]
    with pytest.raises(ValueError, match="no field 'chrage'"):
        records.rate(calls(), deck=CHEAP, fields=["chrage"])


def test_rated_as_an_expression_takes_a_book() -> None:
    expression = records.rated(BOOK, answered_at="answered_at", fields=["charge", "reason"])
    whole = records.rate(calls(), deck=BOOK)
    assert_frame_equal(calls().select(expression).unnest("rated"), whole.select("charge", "reason"))
    one = calls().select(records.rated(BOOK, answered_at="answered_at", fields="charge"))
    assert_frame_equal(one, whole.select("charge"))


def test_reports_take_a_book() -> None:
    held = calls().filter(pl.col("answered_at") >= SPRING)
    fine = Semantics(decimals=4)
    found = drift(held, deck=BOOK, semantics=fine)
    assert (found.calls, found.rounded) == (3, Decimal("1.9500"))
    assert drift(records.rate(held, deck=BOOK), deck=BOOK).rounded == Decimal("1.95")


def test_the_job_takes_the_folder_of_a_book(tmp_path: Path) -> None:
    BOOK.save(tmp_path / "book")
    calls().write_parquet(tmp_path / "calls.parquet")
    report = RatingJob(
        inputs=tmp_path / "calls.parquet", output=tmp_path / "out", deck=tmp_path / "book"
    ).run()
    assert [one.charge for one in report.entries] == ["1.95"]
    again = pl.read_parquet(tmp_path / "out" / "rated" / "calls.parquet")
    assert_frame_equal(again, records.rate(calls(), deck=BOOK))


def test_r19_a_sheet_is_compiled_for_its_own_caller() -> None:
    rows = pl.DataFrame(
        {"prefix": ["91"] * 2, "origin": [None, "91"], "country": ["India"] * 2, "rate": ["1", "5"]}
    )
    sheet = RateSheet.read(rows, currency="INR", origin="91")
    assert sheet.compile().rate(MOBILE, 60).total == Decimal("5.00")
    with pytest.raises(TypeError, match="call its compile"):
        RateDeck.compile(sheet)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "options",
    [
        {"workspace": "agent"},
        {"agent_kind": "kind"},
        {"path": "sip_trunk"},
        {"voicemail": "machine"},
        {"plan": SOLD, "workspace": "agent"},
        {"plans": [SOLD], "workspaces": {"a": "sold"}, "plan": "no_such_column"},
        {"plan": "no_such_column"},
        {"workspaces": {"a": "sold"}},
        {"plan": SOLD, "plans": [SOLD]},
        {"plan": SOLD, "semantics": Semantics()},
        {"timezones": "Asia/Kolkata"},
    ],
)
def test_what_would_be_ignored_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        records.rate(calls(), deck=CHEAP, **options)


def test_columns_are_taken_by_name_never_as_a_pattern() -> None:
    frame = pl.DataFrame({"^s.*$": ["+911"], "seconds": [911], "*": ["outbound"]})
    rated = records.rate(frame, deck=CHEAP, number="^s.*$", direction="*", number_plan=None)
    assert rated.row(0, named=True)["prefix"] == "91"
    assert rated["^s.*$"].to_list() == ["+911"]


def test_a_column_that_is_named_is_there_even_where_it_is_not_needed() -> None:
    with pytest.raises(RecordError, match="no column 'nope'"):
        records.rate(calls(), deck=CHEAP, answered_at="nope")
    with pytest.raises(RecordError, match="not both"):
        records.rate(calls(), deck=CHEAP, seconds="to", ended_at="answered_at")


def test_r50_the_page_shows_the_deck_of_a_book_that_is_in_force() -> None:
    shop = Workspace(id="shop")
    assert (
        Telephony(shop, {"plivo": BOOK}, at=SUMMER).countries()
        == Telephony(shop, {"plivo": DEAR}).countries()
    )
    with pytest.raises(DeckTimeError, match="pass at="):
        Telephony(shop, {"plivo": BOOK})
