"""A book of decks rates each call by the deck in force when it was answered (R50), and keeps to it."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import oracle
from decks import DATED, INDIA, MOBILE, deck_of, utc
from dialnexa_routing import DeckError, NumberError, RecordError, Semantics
from dialnexa_routing.deck.book_folder import BookVersion
from dialnexa_routing.deck.deck_book import DeckBook
from dialnexa_routing.money.reason import Reason
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.plans.prepared_plans import PreparedPlans
from dialnexa_routing.plans.price_list import GroupPrice, PriceList
from dialnexa_routing.records import RATED_FIELDS, rate, recheck
from dialnexa_routing.text.errors import DeckTimeError
from strategies import EDGES, SEMANTICS, TIMES, numbers, sheets

if TYPE_CHECKING:
    from polars._typing import EngineType

MICRO = timedelta(microseconds=1)
INDIAN = ZoneInfo("Asia/Kolkata")
SPRING = utc(2026, 4, 1)


def flat(rate: str) -> Any:
    return deck_of([{"prefix": "91", "network_group": f"India at {rate}", "outbound_rate": rate}])


CHEAP, DEAR = flat("0.60"), flat("0.75")
BOOK = DeckBook({utc(2026, 1, 1): CHEAP, SPRING: DEAR})


def calls(*times: object, **more: object) -> pl.DataFrame:
    return pl.DataFrame(
        {"to": [MOBILE] * len(times), "seconds": [60] * len(times), "answered_at": times, **more}
    )


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[tuple[datetime, list[dict[str, Any]]]], pl.DataFrame, Semantics]:
    """Sheets and when each came into force; records around these instants; how to count."""
    starts = sorted(draw(st.lists(st.sampled_from([*EDGES, utc(2026, 2, 1)]), min_size=1, unique=True)))
    versions = [(start, draw(sheets())) for start in starts]
    wanted = draw(numbers([row for _, rows in versions for row in rows]))
    count = len(wanted)

    def many(values: st.SearchStrategy[Any]) -> list[Any]:
        return draw(st.lists(values, min_size=count, max_size=count))

    frame = pl.DataFrame(
        {
            "id": range(count),
            "to": pl.Series(wanted, dtype=pl.String),
            "seconds": pl.Series(many(st.none() | st.integers(-1, 130)), dtype=pl.Int64),
            "answered_at": pl.Series(
                many(st.none() | st.sampled_from(TIMES)), dtype=pl.Datetime("us", "Asia/Kolkata")
            ),
            "direction": pl.Series(
                many(st.sampled_from(["outbound", "inbound", "sideways", None])), dtype=pl.String
            ),
        }
    )
    return versions, frame, draw(SEMANTICS)


def naive(
    versions: list[tuple[datetime, list[dict[str, Any]]]], record: dict[str, Any], choices: Semantics
) -> Any:
    """What a record comes to, and the place of its sheet, by looking through all of them."""
    at, place = record["answered_at"], None
    for number, (start, _) in enumerate(versions):
        if at is not None and start <= at:
            place = number
    asked = {"at": at, "direction": record["direction"], "choices": choices}
    rows = [] if place is None else versions[place][1]
    found = oracle.rate(rows, record["to"], record["seconds"], **asked)
    reason = found.reason
    if place is None and reason == "unsupported_prefix":
        reason = "missing_answered_at" if at is None else "before_first_deck"
    return (found.row or {}).get("network_group"), found.billed_s, found.total, reason, place


@given(histories(), st.sampled_from([1, 3, 1000]))
def test_r50_each_row_is_rated_by_the_deck_of_its_time(history: Any, size: int) -> None:
    versions, frame, choices = history
    decks = [deck_of(rows) for _, rows in versions]
    book = DeckBook(zip((start for start, _ in versions), decks, strict=True))
    expected = [naive(versions, record, choices) for record in frame.iter_rows(named=True)]
    rated = rate(frame, deck=book, semantics=choices)
    got = rated.select("network_group", "billed_seconds", "charge", "reason").rows()
    assert got == [one[:4] for one in expected]
    digests = [None if place is None else decks[place].digest for *_, place in expected]
    assert rated["deck_digest"].to_list() == digests
    # R51 rows in are rows out, in order, with all that they brought.
    assert rated.select(frame.columns).equals(frame)
    one_deck = rate(frame, deck=decks[0], semantics=choices, answered_at="answered_at")
    assert rated.schema == one_deck.schema
    # In batches and streaming it is the same frame.
    parts = pl.concat([frame[at : at + size] for at in range(0, frame.height, size)], rechunk=False)
    assert rate(parts.lazy(), deck=book, semantics=choices).collect(engine="streaming").equals(rated)
    for record, (_, billed, total, reason, place) in zip(frame.iter_rows(named=True), expected, strict=True):
        if record["direction"] not in ("outbound", "inbound"):
            continue
        asked = {"at": record["answered_at"], "direction": record["direction"], "semantics": choices}
        one = book.rate(record["to"], record["seconds"], **asked)
        digest = "" if place is None else decks[place].digest
        assert (one.billed_seconds, one.total, one.reason, one.deck_digest) == (billed, total, reason, digest)
    # Rated again it gives the same rows, and every stored digest is still the right one.
    assert recheck(rated, book=book).is_empty()


def test_r50_a_deck_holds_from_its_first_instant_on() -> None:
    times = [utc(2026, 1, 1) - MICRO, utc(2026, 1, 1), SPRING - MICRO, SPRING, SPRING + MICRO]
    rated = rate(calls(*times), deck=BOOK)
    charges = [None, Decimal("0.60"), Decimal("0.60"), Decimal("0.75"), Decimal("0.75")]
    assert rated["charge"].to_list() == charges
    assert rated["reason"].to_list() == [Reason.BEFORE_FIRST_DECK, None, None, None, None]
    assert [BOOK.deck_at(at) for at in times] == [None, CHEAP, CHEAP, DEAR, DEAR]
    # Nanoseconds are cut, so the last of them still belongs to the old deck.
    nano = pl.Series([SPRING], dtype=pl.Datetime("ns", "UTC")) - pl.duration(nanoseconds=1)
    fine = pl.select(nano).to_series()
    assert rate(calls(0).with_columns(answered_at=fine), deck=BOOK)["charge"].to_list() == [Decimal("0.60")]


def test_times_without_a_zone_take_the_one_that_is_named() -> None:
    london = ZoneInfo("Europe/London")
    # The clock goes back at 2:00; from then on the second deck holds, at the second 1:00 of that day.
    change = datetime(2026, 10, 25, 1, 0, fold=1, tzinfo=london)
    assert change.astimezone(UTC) == utc(2026, 10, 25, 1, 0)
    book = DeckBook([(datetime(2026, 10, 25, 0, 30, tzinfo=london), CHEAP), (change, DEAR)])
    wall = [datetime(2026, 10, 25, 0, 59), datetime(2026, 10, 25, 1, 30), datetime(2026, 10, 25, 2, 0)]
    told = ["2026-10-25 00:59", "2026-10-25T01:30", "2026-10-25T02:00:00"]
    # An hour that comes twice is refused unless it is said which is meant, as records.rate does.
    for times in (wall, told):
        for twice, second in (("refused", None), ("earliest", "0.60"), ("latest", "0.75")):
            rated = rate(calls(*times), deck=book, timezone="Europe/London", twice=twice)
            charge = second and Decimal(second)
            assert rated["charge"].to_list() == [Decimal("0.60"), charge, Decimal("0.75")]
            assert rated["reason"][1] == (None if second else "invalid_answered_at")
            assert rated["answered_at_utc"].is_null().to_list() == [False, second is None, False]
        with pytest.raises(RecordError, match="without a zone"):
            rate(calls(*times), deck=book)
    zoned = ["2026-10-25T01:30:00+01:00", "2026-10-25T01:30:00+00:00", "no time"]
    rated = rate(calls(*zoned), deck=book)
    assert rated["charge"].to_list() == [Decimal("0.60"), Decimal("0.75"), None]
    assert rated["reason"].to_list()[2] == "invalid_answered_at"


def test_ended_at_directions_and_names_are_those_of_records() -> None:
    frame = pl.DataFrame(
        {
            "number": [MOBILE, MOBILE],
            "begin": [SPRING - MICRO, SPRING],
            "end": [SPRING + timedelta(seconds=60), SPRING - MICRO],
            "rated": [1, 2],
        }
    )
    rated = rate(
        frame,
        deck=BOOK,
        number="number",
        answered_at="begin",
        ended_at="end",
        add_prefix="x_",
        direction="outbound",
    )
    added = (*RATED_FIELDS, "answered_at_utc", "deck_digest")
    assert rated.columns == [*frame.columns, *(f"x_{name}" for name in added)]
    assert rated.select("x_billed_seconds", "x_reason").rows() == [(120, None), (None, "end_before_answer")]
    assert rate(calls(SPRING, direction=["inbound"]), deck=BOOK)["reason"].to_list() == ["unsupported_prefix"]


@pytest.mark.parametrize("engine", ["in-memory", "streaming"])
def test_what_is_wrong_is_told_as_records_tell_it(engine: EngineType) -> None:
    frame = calls(SPRING)
    with pytest.raises(RecordError, match="no column 'answered_at'"):
        rate(frame.drop("answered_at").lazy(), deck=BOOK)
    with pytest.raises(RecordError, match="no column 'callee'"):
        rate(frame, deck=BOOK, number="callee")
    with pytest.raises(RecordError, match="'deck_digest' already"):
        rate(frame.with_columns(deck_digest=pl.lit("x")), deck=BOOK)
    with pytest.raises(TypeError, match="frame is list"):
        rate([], deck=BOOK)  # type: ignore[call-overload]
    with pytest.raises(RecordError, match="no time zone"):
        rate(frame, deck=BOOK, timezone="Asia/Kolkatta")
    with pytest.raises(TypeError, match="Date"):
        rate(frame.with_columns(pl.col("answered_at").dt.date()).lazy(), deck=BOOK).collect(engine=engine)


PLANS = [
    BillingPlan(
        id=name,
        llm="1.10",
        decimals=places,
        telephony=PriceList(
            prices=(
                GroupPrice(country_iso="IN", network_group="India", outbound=price),
                GroupPrice(country_iso="IN", network_group="India - Mobile", outbound="0.90"),
            )
        ),
    )
    for name, places, price in (("growth", 2, "0.75"), ("precise", 4, "0.7125"))
]


def test_r45_plans_price_the_group_of_the_deck_of_the_time() -> None:
    coarse = deck_of([{"prefix": "91", "network_group": "India", "country_iso": "IN"}])
    fine = deck_of(INDIA)
    book = DeckBook({utc(2026, 1, 1): coarse, SPRING: fine})
    frame = calls(
        utc(2026, 2, 1),
        SPRING,
        utc(2025, 1, 1),
        SPRING,
        None,
        workspace=["acme", "acme", "bolt", "bolt", "acme"],
    )
    asked: dict[str, Any] = {"workspaces": {"acme": "growth", "bolt": "precise"}}
    rated = rate(frame, deck=book, plans=iter(PLANS), **asked)
    assert rated.select("telephony", "charge", "reason").rows() == [
        (Decimal("0.75"), Decimal("1.85"), None),
        (Decimal("0.90"), Decimal("2.00"), None),
        (None, None, "before_first_deck"),
        (Decimal("0.90"), Decimal("2.00"), None),
        (None, None, "missing_answered_at"),
    ]
    alone = rate(frame[1:2], deck=fine, plans=PLANS, **asked)
    assert rated[1:2].equals(alone)
    assert rated.schema == alone.schema
    prepared = PreparedPlans(fine, PLANS, asked["workspaces"])
    assert rate(frame, deck=book, plans=prepared).equals(rated)
    lazy = rate(frame.lazy(), deck=book, plans=prepared)
    assert lazy.collect(engine="streaming").equals(rated)
    assert rate(frame, deck=book, plan=PLANS[0])["charge"].to_list()[:2] == [
        Decimal("1.85"),
        Decimal("2.00"),
    ]
    assert recheck(rated, book=book).is_empty()


def test_nothing_and_one_version_and_many() -> None:
    empty = calls(SPRING).clear()
    assert rate(empty, deck=BOOK).schema == rate(empty, deck=CHEAP).schema
    alone = DeckBook({utc(2026, 1, 1): deck_of(DATED)})
    frame = calls(SPRING, utc(2027, 1, 1))
    assert rate(frame, deck=alone).equals(rate(frame, deck=deck_of(DATED)))
    many = DeckBook((utc(2020, 1, 1) + timedelta(hours=n), DEAR if n % 2 else CHEAP) for n in range(5000))
    times = [utc(2020, 1, 1) + timedelta(minutes=30 * n) for n in range(2000)][::-1]
    told = rate(calls(*times), deck=many)["charge"].to_list()
    assert told == [Decimal("0.75") if n // 2 % 2 else Decimal("0.60") for n in range(2000)][::-1]


def test_a_filter_on_another_column_goes_below() -> None:
    lazy = rate(calls(SPRING, utc(2026, 2, 1), agent=["a", "b"]).lazy(), deck=BOOK).filter(
        pl.col("agent") == "b"
    )
    plan = lazy.explain()
    assert 0 < plan.index("python_udf") < plan.index("FILTER")
    assert lazy.collect()["charge"].to_list() == [Decimal("0.60")]


def test_one_call_is_matched_and_explained_by_the_deck_of_its_time() -> None:
    before = utc(2025, 12, 31)
    for at, group in ((SPRING, "India at 0.75"), (SPRING - MICRO, "India at 0.60")):
        match, told = BOOK.match(MOBILE, at=at), BOOK.explain(MOBILE, seconds=60, at=at)
        assert match is not None
        assert match.network_group == group
        assert told.charge == BOOK.rate(MOBILE, 60, at=at)
    assert BOOK.match(MOBILE, at=before) is None
    with pytest.raises(NumberError):
        BOOK.match("x", at=before)
    with pytest.raises(DeckTimeError, match="begins 2026-01-01"):
        BOOK.explain(MOBILE, at=before)
    with pytest.raises(DeckTimeError, match="no time zone"):
        BOOK.deck_at(datetime(2026, 1, 1))
    with pytest.raises(TypeError, match="number is Expr"):
        BOOK.match(pl.col("to"), at=SPRING)  # type: ignore[arg-type]
    assert BOOK.rate(MOBILE, 60, at=None).reason == "missing_answered_at"
    # R43 a call that was not answered costs nothing, whenever it was made.
    assert (
        BOOK.rate(MOBILE, 0, at=before).total == rate(calls(before, seconds=[0]), deck=BOOK)["charge"][0] == 0
    )


def test_a_book_is_named_by_its_instants_and_decks() -> None:
    indian = [(version.valid_from.astimezone(INDIAN), version.deck) for version in BOOK]
    assert DeckBook(indian).digest == BOOK.digest
    assert DeckBook(indian).versions == BOOK.versions
    others = [
        DeckBook(indian[:1]),
        DeckBook([indian[0], (SPRING + MICRO, DEAR)]),
        DeckBook({SPRING: DEAR}),
    ]
    assert len({book.digest for book in (BOOK, *others)}) == len({BOOK, *others}) == 4
    assert pickle.loads(pickle.dumps(BOOK)) == BOOK != CHEAP
    assert (len(BOOK), repr(BOOK)[:17]) == (2, "<DeckBook 2 decks")


def test_versions_that_are_no_history_are_refused() -> None:
    first = utc(2026, 1, 1)
    same = first.astimezone(timezone(timedelta(hours=5, minutes=30)))
    with pytest.raises(DeckError, match="without a deck"):
        DeckBook({})
    with pytest.raises(DeckError, match="put them in order"):
        DeckBook([(SPRING, CHEAP), (first, DEAR)])
    with pytest.raises(DeckError, match="two decks hold from"):
        DeckBook([(first, CHEAP), (same, DEAR)])
    with pytest.raises(DeckTimeError, match="no time zone"):
        DeckBook({datetime(2026, 1, 1): CHEAP})
    with pytest.raises(DeckTimeError, match="beyond the years"):
        DeckBook({datetime.min.replace(tzinfo=timezone(timedelta(hours=1))): CHEAP})
    with pytest.raises(TypeError, match="is str; pass a RateDeck"):
        DeckBook([(first, "plan.deck")])


def test_r50_what_was_believed_on_a_day() -> None:
    january, february, march = utc(2026, 1, 1), utc(2026, 2, 1), utc(2026, 3, 1)
    corrected = flat("0.65")
    book = DeckBook(
        [(january, CHEAP), (march, DEAR, february), BookVersion(march, corrected, march + timedelta(days=5))]
    )
    asked = march + timedelta(days=1)
    believed = {
        day: book.as_known_on(day).rate(MOBILE, 60, at=asked).total
        for day in (january, february - MICRO, february, asked, march + timedelta(days=5))
    }
    told = ["0.60", "0.60", "0.75", "0.75", "0.65"]
    assert [str(total) for total in believed.values()] == told
    assert book.rate(MOBILE, 60, at=asked).total == Decimal("0.65")
    with pytest.raises(DeckError, match="nothing was known"):
        DeckBook([(january, CHEAP, february)]).as_known_on(january)


def test_r50_a_changed_book_is_told_row_by_row() -> None:
    frame = calls(utc(2026, 2, 1), SPRING, utc(2025, 1, 1))
    rated = rate(frame, deck=BOOK)
    again = rate(rated.select(frame.columns), deck=BOOK)
    assert again.equals(rated)
    later = DeckBook({utc(2026, 1, 1): CHEAP, SPRING + MICRO: DEAR})
    found = recheck(rated, book=later)
    assert found.select("row", "is_in_book", "digest_in_force").rows() == [(1, True, CHEAP.digest)]
    gone = recheck(rated.lazy(), book=DeckBook({utc(2024, 1, 1): CHEAP})).collect()
    assert gone.select("row", "deck_digest", "is_in_book").rows() == [
        (1, DEAR.digest, False),
        (2, None, False),
    ]
    with pytest.raises(RecordError, match="no column 'deck_digest'"):
        recheck(frame, book=BOOK)


def test_r50_records_are_rated_by_a_book_as_by_a_deck() -> None:
    calls = pl.DataFrame(
        {"to": ["+919812345678"] * 2, "seconds": [61, 61], "answered_at": [utc(2026, 2, 1), utc(2026, 6, 1)]}
    )
    book = DeckBook({utc(2026, 1, 1): deck_of(INDIA), utc(2026, 5, 1): deck_of(INDIA[:1])})
    rated = rate(calls, deck=book)
    assert_frame_equal(rated, rate(calls, deck=book))
    assert rated["network_group"].to_list() == ["India - Mobile", "India"]
    assert_frame_equal(rate(calls.lazy(), deck=book).collect(), rated)
