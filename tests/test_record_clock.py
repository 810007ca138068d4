"""Wall times of call records: refused, settled by name, and told back as instants (C5, C6, C19, T4)."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from command import WRITERS, folder, run, sentence
from decks import DATED, INDIA, deck_of
from dialnexa_routing import BillingPlan, RecordError, clock, records
from dialnexa_routing.billing.duration_histogram import histogram
from dialnexa_routing.billing.invoice import invoices
from dialnexa_routing.clock import Twice
from dialnexa_routing.deck.deck_book import DeckBook
from dialnexa_routing.job import RatingJob
from dialnexa_routing.plans.price_list import DeckPrices

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["folder"]

PLAIN, DATES = deck_of(INDIA), deck_of(DATED)
YORK = "America/New_York"
GAP = (datetime(2026, 3, 8, 2, 30), datetime(2026, 3, 8, 3, 31))
TWO = (datetime(2026, 11, 1, 1, 50), datetime(2026, 11, 1, 2, 10))
MOBILE = "+919812345678"


def calls(*spans: tuple[Any, Any]) -> pl.DataFrame:
    begun, ended = zip(*spans, strict=True)
    return pl.DataFrame({"to": MOBILE, "answered_at": begun, "ended_at": ended})


def as_text(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.col("answered_at", "ended_at").dt.to_string("%Y-%m-%d %H:%M:%S"))


@pytest.mark.parametrize("told", [pl.DataFrame.clone, as_text])
@pytest.mark.parametrize("deck", [PLAIN, DATES])
def test_C5_C6_a_time_that_no_clock_showed_or_two_did_has_a_reason(told: Any, deck: Any) -> None:
    frame = told(calls(GAP, TWO, GAP[::-1], TWO[::-1]))
    rated = records.rate(frame, deck=deck, seconds=None, ended_at="ended_at", timezone=YORK)
    assert rated["charge"].null_count() == 4
    # As for a text that is no time, what is wrong with the duration is looked for first.
    ours = ["invalid_answered_at", "invalid_answered_at", "invalid_seconds", "invalid_seconds"]
    assert rated["reason"].to_list() == ours
    assert rated["answered_at_utc"].is_null().to_list() == [True, True, False, False]
    assert rated.select(frame.columns).equals(frame)


@pytest.mark.parametrize("told", [pl.DataFrame.clone, as_text])
@pytest.mark.parametrize(("twice", "minutes"), [("earliest", 80), (Twice.LATEST, 20)])
def test_C6_a_named_choice_takes_the_earliest_or_the_latest(told: Any, twice: str, minutes: int) -> None:
    asked: dict[str, Any] = {"timezone": YORK, "twice": twice}
    frame = told(calls(TWO, GAP))
    for deck in (PLAIN, DATES, DeckBook({datetime(2020, 1, 1, tzinfo=UTC): PLAIN})):
        rated = records.rate(frame, deck=deck, seconds=None, ended_at="ended_at", **asked)
        assert rated["billed_seconds"].to_list() == [minutes * 60, None]
        assert rated["answered_at_utc"][0] == datetime(2026, 11, 1, 2, 10, tzinfo=UTC) + timedelta(
            hours=5, minutes=-minutes
        )
    counted = histogram(frame, answered_at="answered_at", ended_at="ended_at", **asked)
    assert counted == {minutes * 60: 1}
    plan = BillingPlan(id="p", telephony=DeckPrices())
    rated = records.rate(frame, deck=PLAIN, seconds=None, ended_at="ended_at", plan=plan, **asked)
    assert rated["billed_seconds"].to_list() == [minutes * 60, None]
    assert rated["answered_at_utc"].null_count() == 1


def test_C6_another_word_is_refused() -> None:
    for rate in (records.rate, lambda frame, **asked: frame.select(records.rated(**asked))):
        with pytest.raises(ValueError, match="twice is 'first'; it is 'refused', 'earliest', 'latest'"):
            rate(calls(TWO).with_columns(seconds=1), deck=PLAIN, twice="first")


def test_C6_a_job_and_the_command_line_take_the_choice(folder: Path) -> None:
    as_text(calls(TWO)).with_columns(seconds=pl.lit(60)).write_csv("fall.csv")
    job = RatingJob(inputs="fall.csv", output="out", deck="a.deck", timezone=YORK, twice="latest")
    assert job.settings["rating"]["twice"] == "latest"
    with pytest.raises(ValueError, match="twice is 'both'"):
        RatingJob(inputs="fall.csv", output="out", deck="a.deck", twice="both")
    rate = ("rate", "fall.csv", "out.parquet", "--deck", "a.deck", "--timezone", YORK)
    for twice, hour in (("earliest", 5), ("latest", 6)):
        run(*rate, "--twice", twice)
        found = pl.read_parquet("out.parquet")["answered_at_utc"][0]
        assert found == datetime(2026, 11, 1, hour, 50, tzinfo=UTC)
    run(*rate)
    assert pl.read_parquet("out.parquet")["reason"][0] == "invalid_answered_at"


@pytest.mark.parametrize("deck", [DATES])
def test_C19_times_without_a_zone_may_be_walls_or_utc_and_the_error_names_both(deck: Any) -> None:
    frame = calls(TWO).with_columns(seconds=60)
    for one in (frame, as_text(frame)):
        with pytest.raises(RecordError, match=r"timezone='Asia/Kolkata'.*UTC.*timezone='UTC'"):
            records.rate(one, deck=deck)
        rated = records.rate(one, deck=deck, timezone="UTC")
        assert rated["answered_at_utc"].to_list() == [TWO[0].replace(tzinfo=UTC)]
    with pytest.raises(RecordError, match=r"clock\.instants.*replace_time_zone\('UTC'\)"):
        frame.select(deck.match(pl.col("to"), at=pl.col("answered_at")))


@pytest.mark.parametrize(
    ("times", "zone", "expected"),
    [
        (["2026-10-31 20:00:00"], "Asia/Kolkata", datetime(2026, 10, 31, 14, 30)),
        (["2026-10-31T20:00:00+05:30"], None, datetime(2026, 10, 31, 14, 30)),
        (["2026-10-31 20:00:00"], None, None),
        ([" "], "Asia/Kolkata", None),
        (["yesterday"], "Asia/Kolkata", None),
        ([None], None, None),
        ([datetime(2026, 10, 31, 20)], "Asia/Kolkata", datetime(2026, 10, 31, 14, 30)),
        ([datetime(2026, 10, 31, 20)], None, None),
        ([datetime(2026, 10, 31, 20, tzinfo=UTC)], "Asia/Kolkata", datetime(2026, 10, 31, 20)),
        ([1_793_456_789], None, None),
    ],
)
def test_T4_what_rating_took_for_the_answer_time_stands_beside_it(
    times: list[object], zone: str | None, expected: datetime | None
) -> None:
    """A deck without dates asks for no time, so it refuses none."""
    frame = pl.DataFrame({"to": [MOBILE], "seconds": [60], "answered_at": times})
    rated = records.rate(frame, deck=PLAIN, timezone=zone)
    assert rated.schema["answered_at_utc"] == pl.Datetime("us", "UTC")
    assert rated["answered_at_utc"].to_list() == [expected and expected.replace(tzinfo=UTC)]
    assert rated.select(frame.columns).equals(frame)
    assert rated["charge"].to_list() == [Decimal("0.75")]


def test_T4_without_a_column_of_times_there_are_none() -> None:
    rated = records.rate(pl.DataFrame({"to": [MOBILE], "seconds": [60]}), deck=PLAIN, add_prefix="x_")
    assert rated["x_answered_at_utc"].to_list() == [None]
    with pytest.raises(RecordError, match="'answered_at_utc' already"):
        records.rate(pl.DataFrame({"to": [MOBILE], "seconds": [60], "answered_at_utc": [1]}), deck=PLAIN)


HOSTILE = st.sampled_from(["", " ", "2026-11-01 01:50", "0000-01-01 00:00:00", "9999-12-31T23:59:59Z", "x"])


@given(
    st.lists(st.none() | HOSTILE | st.datetimes().map(str), max_size=6),
    st.sampled_from(["ms", "us", "ns"]),
    st.lists(st.none() | st.integers(-(2**63), 2**63 - 1), max_size=6),
    st.sampled_from([YORK, "Asia/Kolkata"]),
)
def test_rows_in_are_rows_out_whatever_the_times_are(
    texts: list[str | None], unit: Any, numbers: list[int | None], zone: str
) -> None:
    ticks = pl.Series(numbers, dtype=pl.Int64).cast(pl.Datetime(unit))
    columns = [pl.Series(texts, dtype=pl.String), ticks, ticks.dt.replace_time_zone("UTC")]
    for times, deck in itertools.product(columns, (PLAIN, DATES)):
        frame = times.alias("answered_at").to_frame().with_columns(to=pl.lit(MOBILE), seconds=60)
        rated = records.rate(frame, deck=deck, timezone=zone)
        assert rated.height == frame.height
        assert (rated["charge"].is_null() == rated["reason"].is_not_null()).all()
        if deck is DATES:
            assert (rated["answered_at_utc"].is_null() == rated["reason"].is_not_null()).all()


@pytest.mark.parametrize("kind", [".csv", ".parquet"])
def test_T4_an_invoice_takes_the_times_that_were_rated(folder: Path, kind: str) -> None:
    """20:00 on 31 October in Kolkata is no call of November, which it is where it is read as UTC."""
    frame = pl.DataFrame({"to": [MOBILE], "seconds": [60], "answered_at": ["2026-10-31 20:00:00"]})
    frame.write_csv(folder / "a.csv")
    name = f"b{kind}"
    run("rate", "a.csv", name, "--deck", "a.deck", "--timezone", "Asia/Kolkata")
    assert "31 Oct 2026 to 31 Oct 2026" in run("invoice", name).stdout
    told = sentence("invoice", name, "--answered-at", "answered_at")
    assert "times without an offset" in told
    assert "answered_at_utc" in told


@pytest.mark.parametrize("kind", [".csv", ".parquet"])
def test_T4_a_blank_time_has_no_day_and_no_traceback(folder: Path, kind: str) -> None:
    times = ["2026-10-31T20:00:00+05:30", "", None]
    frame = pl.DataFrame({"to": MOBILE, "seconds": 60, "answered_at": times})
    rated = records.rate(frame, deck=PLAIN)
    WRITERS[kind](rated, f"r{kind}")
    for asked in ((), ("--answered-at", "answered_at")):
        text = run("invoice", f"r{kind}", *asked).stdout
        assert "2 calls have no answer time, and no day" in text
        assert "31 Oct 2026 to 31 Oct 2026" in text


def test_T4_times_that_nobody_read_make_no_invoice() -> None:
    frame = pl.DataFrame({"to": MOBILE, "seconds": 60, "answered_at": ["2026-10-31 20:00:00"]})
    rated = records.rate(frame, deck=PLAIN)
    asked: dict[str, Any] = {"timezone": "Asia/Kolkata", "workspace": None}
    with pytest.raises(RecordError, match=r"no time in any row.*rate the records again.*timezone="):
        invoices(rated, **asked)
    for times, says in (
        (pl.lit("soon"), "'soon', which is no time with an offset"),
        (pl.lit(TWO[0]), "times without a zone"),
        (pl.lit(5), "is Int32, and no column of times"),
    ):
        with pytest.raises(RecordError, match=says):
            invoices(rated.with_columns(mine=times), answered_at="mine", **asked)
    # Calls that were not answered have no time, and cost nothing.
    free = records.rate(frame.with_columns(seconds=0, answered_at=None), deck=PLAIN)
    assert invoices(free, **asked)[""].net == 0


def test_what_rating_appends_is_the_same_lazily() -> None:
    frame = as_text(calls(TWO, GAP)).with_columns(seconds=60)
    asked: dict[str, Any] = {"deck": DATES, "timezone": YORK, "twice": "latest"}
    lazy = records.rate(frame.lazy(), **asked)
    for engine in ("in-memory", "streaming"):
        assert lazy.collect(engine=engine).equals(records.rate(frame, **asked))
    found, _ = clock.instants(frame["answered_at"].str.to_datetime(time_unit="us"), YORK, twice=Twice.LATEST)
    assert records.rate(frame, **asked)["answered_at_utc"].equals(found)
