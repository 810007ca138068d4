"""The same calls by the decks in use and by others: every rupee of the difference is accounted for."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from decks import MOBILE, deck_of, utc
from dialnexa_routing import RecordError, records
from dialnexa_routing.billing.repricing import reprice
from dialnexa_routing.deck.deck_book import DeckBook
from dialnexa_routing.text.errors import DeckTimeError
from strategies import SEMANTICS, TIMES, numbers, sheets

if TYPE_CHECKING:
    from dialnexa_routing import RateDeck

REASONS = "reasons that changed, blank where there is a charge"
NEW_YEAR = utc(2026, 1, 1)
OLD = deck_of(
    [
        {"prefix": "91", "network_group": "India", "country_iso": "IN", "outbound_rate": "0.60"},
        {"prefix": "1", "network_group": "United States", "country_iso": "US", "outbound_rate": "3"},
        {"prefix": "44", "network_group": "Britain", "country_iso": "GB", "outbound_rate": "2"},
    ]
)
NEW = deck_of(
    [
        {"prefix": "91", "network_group": "India", "country_iso": "IN", "outbound_rate": "0.75"},
        {"prefix": "1", "network_group": "United States", "country_iso": "US", "blocked": True},
        {"prefix": "44", "network_group": "Britain", "country_iso": "GB", "outbound_rate": "2"},
        {"prefix": "61", "network_group": "Australia", "country_iso": "AU", "outbound_rate": "9"},
    ]
)
CALLS = pl.DataFrame(
    {
        "to": [MOBILE, "+911", "12025550123", "441", "611", "33", None],
        "seconds": [61, 60, 60, 60, 60, 60, 60],
        "shop": ["a", "b", "a", "b", "a", "b", "a"],
    }
)


@st.composite
def choices(draw: st.DrawFn) -> tuple[RateDeck | DeckBook, list[dict[str, Any]]]:
    """A deck, or a book of two, and the rows that are in it."""
    first = draw(sheets())
    if draw(st.booleans()):
        return deck_of(first), first
    second = draw(sheets())
    return DeckBook({NEW_YEAR: deck_of(first), utc(2026, 4, 1): deck_of(second)}), first + second


def rated(frame: pl.DataFrame, deck: RateDeck | DeckBook, **rating: Any) -> list[dict[str, Any]]:
    return records.rate(frame, deck=deck, **rating).to_dicts()


@given(choices(), choices(), SEMANTICS, st.data())
def test_r48_the_difference_is_the_naive_sum(old: Any, new: Any, semantics: Any, data: st.DataObject) -> None:
    (before, old_rows), (after, new_rows) = old, new
    wanted = data.draw(numbers(old_rows + new_rows))
    count = len(wanted)
    times = data.draw(st.lists(st.none() | st.sampled_from(TIMES), min_size=count, max_size=count))
    frame = pl.DataFrame(
        {
            "to": pl.Series(wanted, dtype=pl.String),
            "seconds": data.draw(st.lists(st.integers(0, 130), min_size=count, max_size=count)),
            "answered_at": pl.Series(times, dtype=pl.Datetime("us", "UTC")),
        }
    )
    was, now = (rated(frame, deck, semantics=semantics) for deck in (before, after))
    calls: Counter[Any] = Counter()
    charges: dict[str, Decimal | int] = dict.fromkeys(("old", "new", "lost", "gained"), 0)
    changed = []
    for row, (one, other) in enumerate(zip(was, now, strict=True)):
        first, second = one["charge"], other["charge"]
        calls[one["network_group"], other["network_group"]] += 1
        if first is not None and second is not None:
            charges["old"] += first
            charges["new"] += second
        elif first is not None:
            charges["lost"] += first
        elif second is not None:
            charges["gained"] += second
        if (first, one["reason"]) != (second, other["reason"]):
            changed.append((row, first, second))
    found = reprice(frame.with_row_index("row").lazy(), old=before, new=after, semantics=semantics)
    assert {name: found.totals[f"{name}_charge"] for name in charges} == charges
    assert found.totals["change"] == charges["new"] - charges["old"]
    assert found.rows.select("row", "old_charge", "new_charge").collect().rows() == changed
    groups = found.by_group.select("old_network_group", "new_network_group", "calls").rows()
    assert {(old_group, new_group): count for old_group, new_group, count in groups} == calls
    for name, total in found.totals.items():
        assert found.by_group[name].sum() == found.by_country[name].sum() == total
    counted = sum(
        found.totals[name] for name in ("rated_by_both", "only_by_old", "only_by_new", "by_neither")
    )
    assert counted == found.totals["calls"] == frame.height


def test_what_is_lost_and_gained_is_no_change() -> None:
    found = reprice(CALLS, old=OLD, new=NEW)
    assert found.totals == {
        "calls": 7,
        "rated_by_both": 3,
        "only_by_old": 1,
        "only_by_new": 1,
        "by_neither": 2,
        "old_charge": Decimal("3.80"),
        "new_charge": Decimal("4.25"),
        "change": Decimal("0.45"),
        "lost_charge": Decimal(3),
        "gained_charge": Decimal(9),
    }
    assert found.by_group.select("old_network_group", "new_network_group", "change").rows()[:3] == [
        ("India", "India", Decimal("0.45")),
        (None, "Australia", Decimal(0)),
        ("United States", "United States", Decimal(0)),
    ]
    assert found.by_reason.rows() == [
        (None, "blocked", 1, Decimal(3), Decimal(0)),
        ("unsupported_prefix", None, 1, Decimal(0), Decimal(9)),
    ]
    rows = found.rows.collect()
    assert rows.columns[:3] == CALLS.columns
    assert rows["change"].to_list() == [Decimal("0.30"), Decimal("0.15"), None, None]
    assert rows["old_deck_digest"].unique().to_list() == [OLD.digest]


def test_the_other_way_round_it_is_minus_that() -> None:
    found, back = reprice(CALLS, old=OLD, new=NEW), reprice(CALLS, old=NEW, new=OLD)
    assert back.totals["change"] == -found.totals["change"] != 0
    assert back.totals["lost_charge"] == found.totals["gained_charge"] != 0
    assert back.rows.collect().height == found.rows.collect().height


def test_the_rows_are_not_rated_until_they_are_wanted() -> None:
    found = reprice(CALLS.lazy(), old=OLD, new=NEW)
    assert isinstance(found.rows, pl.LazyFrame)
    assert found.rows.collect(engine="streaming").equals(reprice(CALLS, old=OLD, new=NEW).rows.collect())


def test_it_adds_up_by_what_is_asked_for() -> None:
    shops = reprice(CALLS, old=OLD, new=NEW, by="shop").by_group
    assert shops.select("shop", "calls", "change", "lost_charge").rows() == [
        ("a", 4, Decimal("0.30"), Decimal(3)),
        ("b", 3, Decimal("0.15"), Decimal(0)),
    ]
    both = reprice(CALLS, old=OLD, new=NEW, by=["shop", "country_iso"])
    assert both.by_group.columns[:3] == ["shop", "old_country_iso", "new_country_iso"]
    assert both.by_group["calls"].sum() == 7
    assert list(both.frames()) == ["by shop, country iso", "by country iso", REASONS]
    assert list(reprice(CALLS, old=OLD, new=NEW, by="country_iso").frames()) == [
        "by country iso",
        REASONS,
    ]


def test_a_book_against_a_deck() -> None:
    calls = CALLS.with_columns(answered_at=pl.lit(NEW_YEAR))
    book = DeckBook({NEW_YEAR: OLD, utc(2026, 2, 1): NEW})
    assert reprice(calls, old=book, new=OLD).rows.collect().is_empty()
    assert reprice(calls, old=book, new=OLD).totals["change"] == 0
    early = calls.with_columns(answered_at=pl.lit(utc(2025, 1, 1)))
    lost = reprice(early, old=OLD, new=book)
    assert lost.totals["only_by_old"] == 4
    assert set(lost.by_reason["new_reason"]) == {"before_first_deck"}
    with pytest.raises(RecordError, match="no column 'answered_at'"):
        reprice(CALLS, old=OLD, new=book)


def test_r50_old_calls_by_a_sheet_that_begins_later() -> None:
    begins = utc(2027, 1, 1)
    later = deck_of([{"prefix": "91", "network_group": "India", "outbound_rate": "2", "valid_from": begins}])
    calls = CALLS.with_columns(answered_at=pl.lit(NEW_YEAR))
    assert reprice(calls, old=OLD, new=later).totals["only_by_new"] == 0
    assert reprice(calls, old=OLD, new=later).totals["rated_by_both"] == 0
    found = reprice(calls, old=OLD, new=DeckBook({NEW_YEAR: OLD, begins: later}), new_at=begins)
    assert found.totals["change"] == Decimal("4.20")
    assert found.rows.collect_schema().names()[:4] == calls.columns
    with pytest.raises(DeckTimeError, match="no time zone"):
        reprice(calls, old=OLD, new=later, new_at=begins.replace(tzinfo=None))
    with pytest.raises(RecordError, match="name seconds"):
        reprice(calls, old=OLD, new=later, new_at=begins, ended_at="answered_at")


def test_it_reads_as_text_html_and_data() -> None:
    hostile = "<script>alert(1)</script>\n\x1b[31m"
    new = deck_of([{"prefix": "91", "network_group": hostile, "outbound_rate": "123456.75"}])
    found = reprice(CALLS, old=OLD, new=new)
    text, page = str(found), found._repr_html_()
    first = "7 calls, 2 rated by both: ₹1.80 -> ₹3,70,370.25, change +₹3,70,368.45"
    assert text.splitlines()[:3] == [
        first,
        "2 only by old, 3 by neither; lost ₹5.00, gained ₹0.00",
        f"old {OLD.digest[:12]}, new {new.digest[:12]}",
    ]
    assert REASONS in text
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "\x1b" not in text + page
    assert repr(found).startswith(f"<Repricing {first}")
    told = json.loads(json.dumps(found.to_dict()), parse_float=lambda text: pytest.fail(text))
    assert (told["old_digest"], told["totals"]["change"]) == (OLD.digest, "370368.45")
    assert told["by_reason"]["rows"][0] == {
        "old_reason": None,
        "new_reason": "unsupported_prefix",
        "calls": 2,
        "lost_charge": "5.00",
        "gained_charge": "0.00",
    }
    assert len(found.to_dict(1)["by_group"]["rows"]) == 1


def test_nothing_comes_to_nothing() -> None:
    found = reprice(CALLS.clear(), old=OLD, new=NEW, semantics={"decimals": 4})
    assert found.totals["calls"] == 0
    assert str(found.totals["change"]) == "0.0000"
    assert str(found).startswith("0 calls, 0 rated by both: ₹0.0000 -> ₹0.0000, change ₹0.0000")


@pytest.mark.parametrize(
    ("more", "asked", "told"),
    [
        ({"old_charge": 1}, {}, "'old_charge' already"),
        ({"change": 1}, {}, "'change' already"),
        ({"calls": 1}, {"by": "calls"}, "one of the sums"),
        ({}, {"by": "shoe"}, "no column 'shoe'; nearest: 'shop'"),
        ({}, {"number": "callee"}, "no column 'callee'"),
    ],
)
def test_columns_that_cannot_be_are_told(more: dict[str, int], asked: dict[str, Any], told: str) -> None:
    with pytest.raises(RecordError, match=told):
        reprice(
            CALLS.with_columns(**{name: pl.lit(value) for name, value in more.items()}),
            old=OLD,
            new=NEW,
            **asked,
        )


def test_what_is_no_frame_or_no_key_is_refused() -> None:
    with pytest.raises(TypeError, match="frame is list"):
        reprice([], old=OLD, new=NEW)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="is str; pass a"):
        reprice(CALLS, old="old.deck", new=NEW)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="by is empty"):
        reprice(CALLS, old=OLD, new=NEW, by=())
