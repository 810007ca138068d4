"""Providers compared at every prefix: the bulk answer is the scalar one, exactly."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from decks import DATED, INDIA, deck_of, utc
from dialnexa_routing.billing.comparison import Comparison, compare
from dialnexa_routing.billing.duration_histogram import histogram
from dialnexa_routing.billing.offered import offers
from dialnexa_routing.money.semantics import PartSecond
from dialnexa_routing.text.errors import DeckTimeError, RecordError, UnknownNameError
from strategies import SEMANTICS, TIMES, sheets
from test_schedules import NIGHTS, schedules

if TYPE_CHECKING:
    from datetime import datetime

    from dialnexa_routing import RateDeck, Semantics

MINUTES = deck_of(
    [
        {"prefix": "91", "network_group": "India", "country_iso": "IN", "outbound_rate": "0.60"},
        {"prefix": "1", "network_group": "US", "country_iso": "US", "outbound_rate": "1.20"},
    ]
)
SECONDS = deck_of(
    [
        {
            "prefix": "91",
            "network_group": "IN",
            "country_iso": "IN",
            "outbound_rate": "0.75",
            "initial_increment_s": 1,
        },
        {"prefix": "9198", "network_group": "IN mobile", "country_iso": "IN", "outbound_rate": "0.90"},
        {"prefix": "9140", "network_group": "IN blocked", "country_iso": "IN", "blocked": True},
    ]
)
DECKS = {"minutes": MINUTES, "seconds": SECONDS}


def column(found: Comparison, name: str) -> dict[str, Any]:
    return dict(found.rows.select("prefix", name).iter_rows())


def test_r53_every_prefix_of_any_deck_has_its_cheapest_by_cost() -> None:
    found = compare(DECKS, seconds=61, current="minutes")
    assert column(found, "cheapest") == {
        "1": "minutes",
        "91": "seconds",
        "9140": "minutes",
        "9198": "minutes",
    }
    assert column(found, "saving") == {
        "1": None,
        "91": Decimal("0.4375"),
        "9140": None,
        "9198": Decimal("0.60"),
    }
    assert column(found, "network_group") == {"1": "US", "91": "India", "9140": "India", "9198": "India"}
    assert column(found, "reason_seconds")["1"] == "unsupported_prefix"
    assert column(found, "reason_seconds")["9140"] == "blocked"
    assert column(found, "switch") == {"1": False, "91": True, "9140": False, "9198": False}
    assert column(found, "current_saving")["91"] == Decimal("0.4375")
    assert found.cost("91", "seconds") == Fraction(61, 80)
    assert found.cost("9140", "seconds") is None


def test_r53_the_headline_misleads_where_the_lowest_rate_is_not_the_lowest_cost() -> None:
    found = compare(DECKS, seconds=61)
    assert found.misleading.select("prefix", "headline", "headline_cost", "cheapest", "extra").rows() == [
        ("91", "minutes", Decimal("1.20"), "seconds", Decimal("0.4375"))
    ]
    assert not compare(DECKS, seconds=60).misleading.height
    # A rate that is the lowest together with another misleads nobody who takes the cheaper of them.
    assert not compare({"a": MINUTES, "b": MINUTES}, seconds=61).misleading.height


def test_a_histogram_decides_as_its_calls_do() -> None:
    short, long = compare(DECKS, seconds={61: 3, 60: 2}), compare(DECKS, seconds={61: 1, 60: 9})
    assert column(short, "cheapest")["91"] == "seconds"
    assert column(long, "cheapest")["91"] == "minutes"
    assert short.cost("91", "minutes") == Fraction("4.8")
    assert short.cost("91", "seconds") == 3 * Fraction(61, 80) + 2 * Fraction("0.75")


def test_r53_costs_closer_than_a_nano_rupee_are_still_told_apart() -> None:
    a, b = (
        deck_of([{"prefix": "91", "outbound_rate": "0.000000001", "rate_unit_s": unit}])
        for unit in (601, 600)
    )
    found = compare({"b": b, "a": a}, seconds=1, current="b")
    assert found.rows.select("cheapest", "cost", "next_cost", "switch").row(0) == ("a", 0, 0, True)
    assert (found.cost("91", "a"), found.cost("91", "b")) == (Fraction(60, 601 * 10**9), Fraction(1, 10**10))


def test_ties_go_to_the_first_by_name_and_the_order_of_decks_is_no_matter() -> None:
    found = compare({"b": MINUTES, "c": SECONDS, "a": MINUTES}, seconds=60, current="b")
    assert column(found, "cheapest") == dict.fromkeys(["1", "91", "9140", "9198"], "a")
    assert not found.rows["switch"].any()
    assert_frame_equal(
        found.rows, compare({"a": MINUTES, "c": SECONDS, "b": MINUTES}, seconds=60, current="b").rows
    )


def test_r47_where_nobody_has_a_price_nobody_is_cheapest() -> None:
    found = compare(
        {"a": deck_of(INDIA[2:3]), "b": deck_of([{"prefix": "91", "inbound_rate": "1"}])}, seconds=0
    )
    assert found.counts == {
        "prefixes": 1,
        "cheapest": {"a": 0, "b": 0},
        "unpriced": 1,
        "misleading": 0,
    }
    assert found.rows.select("cheapest", "cost", "reason_a", "reason_b").rows() == [
        (None, None, "blocked", "unsupported_prefix")
    ]


def test_a_whole_number_speaks_for_itself_alone() -> None:
    whole = deck_of([{"prefix": "911", "outbound_rate": "0", "exact_match": True}, INDIA[0]])
    other = deck_of([{"prefix": "911", "outbound_rate": "0.50"}])
    found = compare({"whole": whole, "other": other}, seconds=60)
    assert found.rows.select("prefix", "exact_match", "cheapest").rows() == [
        ("91", False, "whole"),
        ("911", False, "other"),
        ("911", True, "whole"),
    ]
    assert found.cost("911", "whole") == Fraction("0.6")
    assert found.cost("911", "whole", exact_match=True) == 0


def test_within_asks_for_the_digits_themselves_too() -> None:
    assert compare(DECKS, seconds=61, within="9198").rows["prefix"].to_list() == ["9198"]
    found = compare(DECKS, seconds=61, within="911")
    assert found.rows.select("prefix", "cheapest").rows() == [("911", "seconds")]
    for within in ("x", "0", "9" * 16, "٩١"):
        with pytest.raises(ValueError, match="1 to 15 digits"):
            compare(DECKS, seconds=61, within=within)


def test_countries_are_those_of_the_rows() -> None:
    assert compare(DECKS, seconds=61, countries=["US"]).rows["prefix"].to_list() == ["1"]
    assert compare(DECKS, seconds=61, countries=[]).rows.height == 0
    assert "0 prefixes" in str(compare(DECKS, seconds=61, countries=["XX"]))


def test_r50_a_dated_deck_is_compared_at_a_time() -> None:
    decks = {"dated": deck_of(DATED), "flat": deck_of([{"prefix": "91", "outbound_rate": "0.75"}])}
    for year, cheapest in ((2025, "flat"), (2026, "dated")):
        found = compare(decks, seconds=60, at=utc(year, 6, 1))
        assert column(found, "cheapest")["9198"] == cheapest
    assert column(compare(decks, seconds=60, at=utc(2027, 6, 1)), "cheapest") == {"91": "dated"}
    with pytest.raises(DeckTimeError):
        compare(decks, seconds=60)


def test_by_group_counts_the_prefixes_that_each_provider_wins() -> None:
    found = compare(DECKS, seconds=61, current="minutes").by_group
    assert found.select("network_group", "cheapest", "prefixes", "misleading").rows() == [
        ("India", "minutes", 2, 0),
        ("India", "seconds", 1, 1),
        ("US", "minutes", 1, 0),
    ]
    assert found["prefixes"].sum() == compare(DECKS, seconds=61).rows.height


def test_neighbours_with_the_same_answer_are_one_row_of_merged() -> None:
    ten = deck_of([{"prefix": f"91{digit}", "outbound_rate": "0.60"} for digit in range(10)])
    found = compare({"ten": ten, "one": deck_of([{"prefix": "91", "outbound_rate": "0.70"}])}, seconds=60)
    assert found.rows.height == 11
    assert found.merged.select("prefix", "cheapest").rows() == [("91", "ten")]


def test_what_has_no_name_is_refused() -> None:
    with pytest.raises(UnknownNameError, match=r"'minute'.*minutes"):
        compare(DECKS, seconds=61, current="minute")
    with pytest.raises(UnknownNameError):
        compare(DECKS, seconds=61).cost("91", "other")
    with pytest.raises(UnknownNameError):
        compare(DECKS, seconds=61).cost("92", "minutes")
    with pytest.raises(ValueError, match="no decks"):
        compare({}, seconds=61)
    with pytest.raises(ValueError, match="sideways"):
        compare(DECKS, seconds=61, direction="sideways")  # type: ignore[arg-type]


def test_a_comparison_as_text_data_and_page() -> None:
    bad = deck_of([{"prefix": "91", "network_group": "<b>\x07", "outbound_rate": "0.60"}])
    found = compare({"bad": bad, "seconds": SECONDS}, seconds={61: 2}, current="bad")
    assert str(found).splitlines()[:4] == [
        "outbound, 2 calls of 61 s, 122 s together",
        "3 prefixes; cheapest: bad on 2, seconds on 1; nobody on 0",
        "now bad; another is cheaper, or the only one, on 1",
        "the lowest rate is not the lowest cost on 1",
    ]
    assert "<b>" not in found._repr_html_()
    assert "\x07" not in str(found) + found._repr_html_()
    assert repr(found).startswith("<Comparison outbound")
    data = json.loads(
        json.dumps(found.to_dict(1)), parse_float=lambda text: pytest.fail(f"{text} is a float")
    )
    assert (data["seconds"], data["by_group"]["total"]) == ({"61": 2}, 2)
    assert data["prefixes"]["rows"][0]["cost_seconds"] == "1.525000000"


def test_r44_a_histogram_counts_seconds_as_raters_do() -> None:
    texts = pl.DataFrame({"seconds": ["61", "60.2", "5", None, "x", "-1", "0"]})
    assert histogram(texts) == {0: 1, 5: 1, 61: 2}
    assert histogram(texts.lazy(), part_second=PartSecond.DOWN) == {0: 1, 5: 1, 60: 1, 61: 1}
    times = pl.DataFrame({"begin": [utc(2026, 1, 1)], "end": [utc(2026, 1, 1, 0, 1)]})
    assert histogram(times, seconds=None, answered_at="begin", ended_at="end") == {60: 1}
    with pytest.raises(RecordError, match="'seconds'"):
        histogram(pl.DataFrame({"second": [1]}))


CALLS = st.dictionaries(st.integers(0, 400), st.integers(1, 9), min_size=1, max_size=4)
Way = Literal["outbound", "inbound"]


@settings(max_examples=30)
@given(
    st.lists(sheets(), min_size=1, max_size=3),
    CALLS,
    st.sampled_from(TIMES),
    st.sampled_from(["outbound", "inbound"]),
    SEMANTICS,
)
def test_r54_scalar_and_bulk_agree_at_every_prefix(
    books: list[Any], calls: dict[int, int], at: datetime, direction: Way, meaning: Semantics
) -> None:
    decks = {str(name): deck_of(rows) for name, rows in enumerate(books)}
    asked: dict[str, Any] = {"seconds": calls, "at": at, "direction": direction, "semantics": meaning}
    found = compare(decks, **asked)
    for row in found.rows.iter_rows(named=True):
        # No prefix has a 7 in it: these numbers begin with this prefix and no longer one.
        number = row["prefix"] if row["exact_match"] else row["prefix"].ljust(15, "7")
        ranked = offers(number, decks, **asked)
        for offer in ranked:
            cost = found.cost(row["prefix"], offer.provider, exact_match=row["exact_match"])
            assert (cost, row[f"reason_{offer.provider}"]) == (offer.cost, offer.reason)
        priced = [offer for offer in ranked if offer.cost is not None]
        names = [offer.provider for offer in priced] + [None, None]
        assert [row["cheapest"], row["next"]] == names[:2]
        headline = min(priced, key=lambda one: (one.headline or 0, one.cost or 0, one.provider), default=None)
        assert row["headline"] == (headline and headline.provider)
        assert row["misleads"] is (headline is not None and headline.cost != priced[0].cost)


@settings(max_examples=30)
@given(st.lists(schedules(), min_size=1, max_size=3), CALLS, st.sampled_from(NIGHTS), SEMANTICS)
def test_r54_scalar_and_bulk_agree_on_schedules(
    some: list[Any], calls: dict[int, int], at: datetime, meaning: Semantics
) -> None:
    rows = [{"prefix": f"9{number}", "schedule": json.dumps(one)} for number, one in enumerate(some)]
    flat: list[dict[str, Any]] = [
        {"prefix": "9", "outbound_rate": "0.31", "connect_fee": "0.07"},
        {"prefix": "95", "blocked": True},
    ]
    decks = {"tiers": deck_of([*rows, *flat]), "flat": deck_of(flat)}
    asked: dict[str, Any] = {"seconds": calls, "at": at, "semantics": meaning}
    found = compare(decks, **asked)
    for prefix in found.rows["prefix"]:
        for offer in offers(prefix.ljust(15, "7"), decks, **asked):
            assert found.cost(prefix, offer.provider) == offer.cost
    back = compare(decks, direction="inbound", seconds=calls, at=at)
    assert back.rows.filter(pl.col("cheapest").is_not_null()).is_empty()


def test_r50_prices_by_the_hour_are_compared_at_a_time() -> None:
    hours = [{"start": "09:00", "end": "21:00"}, {"start": "21:00", "end": "09:00"}]
    bands = [{"hours": [one], "tiers": [{"rate": rate}]} for one, rate in zip(hours, "63", strict=True)]
    schedule = json.dumps({"zone": "Asia/Kolkata", "bands": bands})
    decks = {"hours": deck_of([{"prefix": "91", "schedule": schedule}]), "flat": MINUTES}
    noon, night = utc(2026, 11, 23, 6), utc(2026, 11, 23, 18)
    assert [compare(decks, seconds=60, at=at).cost("91", "hours") for at in (noon, night)] == [6, 3]
    with pytest.raises(DeckTimeError, match="pass at="):
        compare(decks, seconds=60)


@settings(max_examples=15)
@given(
    st.lists(sheets(dated=False), min_size=1, max_size=2),
    st.lists(st.from_regex(r"[19][01579]{14}", fullmatch=True), min_size=1, max_size=9),
)
def test_merged_says_of_every_number_what_the_rows_say(books: list[Any], numbers: list[str]) -> None:
    decks: dict[str, RateDeck] = {str(name): deck_of(rows) for name, rows in enumerate(books)}
    found = compare(decks, seconds=61)
    place = ("prefix", "exact_match", "except_prefixes", "except_numbers")
    rows = list(found.rows.iter_rows(named=True))
    for number in [*numbers, *(row["prefix"].ljust(15, "7") for row in rows)]:
        covering = [row for row in rows if not row["exact_match"] and number.startswith(row["prefix"])]
        own = [row for row in rows if row["prefix"] == number]
        best = (own or sorted(covering, key=lambda row: len(row["prefix"])))[-1:]
        said = [
            row
            for row in found.merged.iter_rows(named=True)
            if row["prefix"] == number
            or (
                not row["exact_match"]
                and number.startswith(row["prefix"])
                and not any(number.startswith(one) for one in row["except_prefixes"])
                and number not in row["except_numbers"]
            )
        ]
        assert [without(row, place) for row in said] == [without(row, place) for row in best]


def without(row: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}
