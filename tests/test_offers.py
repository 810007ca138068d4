"""Offers of providers for one number: ranked by what calls really cost, and where the order turns."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oracle
from decks import DATED, INDIA, MOBILE, deck_of, utc
from dialnexa_routing import RateDeck, Reason, Semantics
from dialnexa_routing.billing.break_even import Span, spans
from dialnexa_routing.billing.offered import offers
from dialnexa_routing.text.errors import DeckTimeError, NumberError
from strategies import SEMANTICS, TIMES, sheets

if TYPE_CHECKING:
    from datetime import datetime

PER_SECOND = {"initial_increment_s": 1, "next_increment_s": 1}


def one(rate: str | None, **terms: Any) -> RateDeck:
    return deck_of([{"prefix": "91", "outbound_rate": rate, **terms}])


MINUTES = one("0.60", initial_increment_s=60, next_increment_s=60)
SECONDS = one("0.75", **PER_SECOND)
# Two rows of CGRateS's own tests: a cent a second, against thirty free seconds and then two cents.
PLAIN = one("0.01", rate_unit_s=1, **PER_SECOND)
FREE = one("0.02", rate_unit_s=1, free_s=30, **PER_SECOND)


@pytest.mark.parametrize(
    ("duration", "order", "costs"),
    [
        (59, ["free", "plain"], ["29/50", "59/100"]),
        (60, ["free", "plain"], ["3/5", "3/5"]),
        (61, ["plain", "free"], ["61/100", "31/50"]),
    ],
)
def test_r53_the_rows_of_cgrates_tie_at_60_and_swap_at_61(
    duration: int, order: list[str], costs: list[str]
) -> None:
    ranked = offers(MOBILE, {"plain": PLAIN, "free": FREE}, seconds=duration)
    assert [offer.provider for offer in ranked] == order
    assert [str(offer.cost) for offer in ranked] == costs


def test_r53_a_tie_turns_no_order_whatever_the_names() -> None:
    for early, late in (("a", "b"), ("b", "a")):
        assert spans(MOBILE, {early: PLAIN, late: FREE}, up_to_s=100) == (
            Span(1, 60, (late, early)),
            Span(61, 100, (early, late)),
        )
    # Equal from the first second on, they stand by name.
    assert spans(MOBILE, {"b": PLAIN, "a": PLAIN}, up_to_s=100) == (Span(1, 100, ("a", "b")),)


def test_r53_increments_beat_the_headline_rate() -> None:
    decks = {"minutes": MINUTES, "seconds": SECONDS}
    found = offers(MOBILE, decks, seconds=61)
    assert [(offer.provider, offer.cost, offer.headline) for offer in found] == [
        ("seconds", Fraction("0.7625"), Fraction("0.75")),
        ("minutes", Fraction("1.20"), Fraction("0.60")),
    ]
    assert found.cheapest == found[0]
    assert [offer.provider for offer in offers(MOBILE, decks, seconds=60)] == ["minutes", "seconds"]
    assert [str(span) for span in spans(MOBILE, decks, up_to_s=120)] == [
        "1 to 48 s: seconds, minutes",
        "49 to 60 s: minutes, seconds",
        "61 to 96 s: seconds, minutes",
        "97 to 120 s: minutes, seconds",
    ]


def test_a_histogram_is_the_sum_of_its_calls() -> None:
    decks = {"minutes": MINUTES, "seconds": SECONDS}
    calls = {5: 3, 60: 10, 61: 2, 9: 0}
    found = offers(MOBILE, decks, seconds=calls)
    each = {
        name: sum(
            (Fraction(deck.rate(MOBILE, s).exact or 0) * count for s, count in calls.items()), Fraction(0)
        )
        for name, deck in decks.items()
    }
    assert {offer.provider: offer.cost for offer in found} == each
    talked = 5 * 3 + 60 * 10 + 61 * 2
    assert [offer.per_minute for offer in found] == [(offer.cost or 0) * 60 / talked for offer in found]


def test_r47_what_has_no_price_stands_last_with_its_reason_and_is_never_cheap() -> None:
    decks = {
        "a none": deck_of([{"prefix": "1", "outbound_rate": "0"}]),
        "b blocked": one("0", blocked=True),
        "c unpriced": one(None),
        "z dear": one("999"),
        "y free": one("0"),
    }
    reasons = [None, None, Reason.UNSUPPORTED_PREFIX, Reason.BLOCKED, Reason.RATE_MISSING]
    for seconds in (60, 0, {0: 5}):
        found = offers(MOBILE, decks, seconds=seconds)
        assert [offer.reason for offer in found] == reasons
        assert [offer.cost is None for offer in found] == [reason is not None for reason in reasons]
        assert {offer.provider for offer in found[:2]} == {"y free", "z dear"}
    assert all(span.order == ("y free", "z dear") for span in spans(MOBILE, decks, up_to_s=61))
    assert offers(MOBILE, {"b blocked": decks["b blocked"]}, seconds=1).cheapest is None


def test_ties_stand_by_name_however_the_decks_are_given() -> None:
    for names in (["c", "a", "b"], ["b", "c", "a"]):
        found = offers(MOBILE, dict.fromkeys(names, MINUTES), seconds=1)
        assert [offer.provider for offer in found] == ["a", "b", "c"]


def test_each_provider_counts_in_its_own_way() -> None:
    decks = {"a": one("0.60"), "b": one("0.60")}
    own = {"b": Semantics.of({"pulse": "1/1"})}
    assert [str(offer.cost) for offer in offers(MOBILE, decks, seconds=61, semantics=own)] == [
        "61/100",
        "6/5",
    ]
    whole = offers(MOBILE, decks, seconds=61, semantics=own["b"])
    assert [str(offer.cost) for offer in whole] == ["61/100", "61/100"]


def test_r50_the_rate_is_that_of_the_time() -> None:
    decks = {"dated": deck_of(DATED), "plain": one("0.75")}
    order = {utc(2025, 6, 1): "plain", utc(2026, 6, 1): "dated", utc(2027, 6, 1): "dated"}
    for at, cheapest in order.items():
        assert offers(MOBILE, decks, seconds=60, at=at)[0].provider == cheapest
        assert spans(MOBILE, decks, up_to_s=1, at=at)[0].order[0] == cheapest
    for ask in (lambda: offers(MOBILE, decks, seconds=60), lambda: spans(MOBILE, decks)):
        with pytest.raises(DeckTimeError):
            ask()


@pytest.mark.parametrize(
    ("seconds", "error", "words"),
    [
        (-1, ValueError, "-1 s"),
        ({60: -1}, ValueError, "-1 calls"),
        (2**32, ValueError, "0 to 4294967295"),
        ({}, ValueError, "no calls"),
        ({60: 0}, ValueError, "no calls"),
        (True, TypeError, "True"),
        (1.5, TypeError, "float"),
        ("60", TypeError, "str"),
        ({60: 1.5}, TypeError, "whole seconds"),
        ({"60": 1}, TypeError, "whole seconds"),
    ],
)
def test_durations_that_cannot_be_are_named(seconds: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        offers(MOBILE, {"a": MINUTES}, seconds=seconds)


def test_what_cannot_be_asked_is_refused() -> None:
    with pytest.raises(ValueError, match="no decks"):
        offers(MOBILE, {}, seconds=60)
    with pytest.raises(ValueError, match="no decks"):
        spans(MOBILE, {})
    with pytest.raises(NumberError):
        offers("+0", {"a": MINUTES}, seconds=60)
    for up_to in (0, 86_401, True):
        with pytest.raises(ValueError, match="1 to 86400"):
            spans(MOBILE, {"a": MINUTES}, up_to_s=up_to)


def test_offers_as_text_and_as_data() -> None:
    decks = {"minutes": MINUTES, "seconds": SECONDS, "none": deck_of(INDIA[3:4])}
    found = offers(MOBILE, decks, seconds=61)
    assert str(found).splitlines() == [
        "+919812345678 outbound, one call of 61 s",
        "   provider  cost                a minute of talk    headline  prefix",
        "1  seconds   ₹0.7625             ₹0.75               ₹0.75     91 group",
        "2  minutes   ₹1.2                about ₹1.180327869  ₹0.6      91 group",
        "-  none      unsupported_prefix",
    ]
    data = found.to_dict()
    assert [offer["cost"] for offer in data["offers"]] == ["61/80", "6/5", None]
    assert data["offers"][2]["reason"] == "unsupported_prefix"
    assert (data["calls"], data["seconds"]) == (1, {"61": 1})
    assert spans(MOBILE, decks, up_to_s=1)[0].to_dict() == {
        "from_s": 1,
        "to_s": 1,
        "order": ["seconds", "minutes"],
    }


def test_offers_need_no_data_frames() -> None:
    script = "import dialnexa_routing.billing.break_even, sys; sys.exit('polars' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


DURATIONS = st.dictionaries(st.integers(0, 400), st.integers(1, 9), min_size=1, max_size=4)
Way = Literal["outbound", "inbound"]


@settings(max_examples=60)
@given(
    st.lists(sheets(), min_size=1, max_size=3),
    st.from_regex(r"[19][0159]{0,14}", fullmatch=True),
    DURATIONS,
    st.sampled_from(TIMES),
    st.sampled_from(["outbound", "inbound"]),
    SEMANTICS,
)
def test_r53_offers_are_a_naive_loop_over_fractions(
    books: list[Any], number: str, calls: dict[int, int], at: datetime, direction: Way, meaning: Semantics
) -> None:
    naive = []
    for name, rows in enumerate(books):
        cost, reason = Fraction(0), None
        for seconds, count in [(1, 0), *sorted(calls.items())]:
            found = oracle.rate(rows, number, seconds, at=at, direction=direction, choices=meaning)
            reason = reason or found.reason
            cost += (found.exact or 0) * count
        naive.append((reason is not None, Fraction(0) if reason else cost, str(name), reason))
    decks = {str(name): deck_of(rows) for name, rows in enumerate(books)}
    ranked = offers(number, decks, seconds=calls, at=at, direction=direction, semantics=meaning)
    assert [
        (offer.cost is None, offer.cost or 0, offer.provider, offer.reason) for offer in ranked
    ] == sorted(naive, key=lambda offer: offer[:3])


@settings(max_examples=40)
@given(st.lists(sheets(dated=False), min_size=1, max_size=3), st.sampled_from("19"), SEMANTICS)
def test_r53_an_order_holds_until_it_is_wrong(books: list[Any], number: str, meaning: Semantics) -> None:
    decks = {str(name): deck_of(rows) for name, rows in enumerate(books)}
    found = spans(number, decks, up_to_s=75, semantics=meaning)
    assert [span.from_s for span in found] == [1, *(span.to_s + 1 for span in found[:-1])]
    assert found[-1].to_s == 75
    before: tuple[str, ...] | None = None
    for span in found:
        for duration in range(span.from_s, span.to_s + 1):
            ranked = offers(number, decks, seconds=duration, semantics=meaning)
            costs = {offer.provider: offer.cost for offer in ranked if offer.cost is not None}
            assert is_right(span.order, costs)
            if duration == span.from_s and before is not None:
                assert not is_right(before, costs)
        before = span.order


def is_right(order: tuple[str, ...], costs: dict[str, Fraction]) -> bool:
    if set(order) != set(costs):
        return False
    ranked = [costs[provider] for provider in order]
    return ranked == sorted(ranked)
