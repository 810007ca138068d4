"""What calls earn: revenue and cost of the same records, and what is sold below cost."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decks import DATED, INDIA, MOBILE, deck_of, utc
from dialnexa_routing import RateDeck, Reason, Semantics
from dialnexa_routing.billing.margins import Margin, margin
from dialnexa_routing.billing.offered import offers
from dialnexa_routing.billing.plan_deck import plan_deck
from dialnexa_routing.billing.sheet_margin import sold_below_cost
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.plans.pricing import TelephonyPrices, billed_seconds
from dialnexa_routing.text.errors import DeckTimeError, MoneyError, RecordError
from strategies import SEMANTICS, TIMES, numbers, sheets

if TYPE_CHECKING:
    from datetime import datetime

SELL = deck_of(INDIA)
CHEAP = deck_of([INDIA[0] | {"outbound_rate": "0.40"}, INDIA[1] | {"outbound_rate": "0.80"}])
OTHER = deck_of([{"prefix": "1", "outbound_rate": "0"}, {"prefix": "44", "outbound_rate": "2"}])
CALLS = pl.DataFrame(
    {
        "to": [MOBILE, MOBILE, "+911234567890", "+12025550123", "+44", "+914012345678", "x"],
        "seconds": [60, 61, 120, 1, 5, 5, 5],
    }
)


TIERED = '{"bands": [{"connect_fee": "0.1", "tiers": [{"rate": "0.9"}, {"from_s": 60, "rate": "0.613"}]}]}'


def totals(found: Margin, provider: str) -> dict[str, Any]:
    return found.totals.row(by_predicate=pl.col("provider") == provider, named=True)


def test_r53_margin_is_what_both_sides_rate_and_the_rest_is_counted() -> None:
    found = margin(CALLS, sell=SELL, buy={"cheap": CHEAP, "other": OTHER})
    cheap, other = totals(found, "cheap"), totals(found, "other")
    # 0.75 + 1.50 + 1.20 against 0.80 + 1.60 + 0.80.
    assert [cheap[name] for name in ("revenue", "cost", "margin")] == [
        Decimal("3.45"),
        Decimal("3.20"),
        Decimal("0.25"),
    ]
    assert cheap["margin_percent"] == Decimal("7.25")
    assert (cheap["billed_seconds"], cheap["minutes"]) == (300, Decimal(5))
    assert (cheap["losing_calls"], cheap["losing_seconds"], cheap["loss"]) == (2, 180, Decimal("0.15"))
    assert (other["revenue"], other["cost"], other["margin_percent"]) == (Decimal("1.10"), 0, 100)
    assert (other["cost_at_unknown_revenue"], other["revenue_at_unknown_cost"]) == (2, Decimal("3.45"))
    kinds = ("rated_by_both", "unknown_revenue", "unknown_cost", "unknown_both")
    assert [cheap[name] for name in kinds] == [3, 1, 1, 2]
    assert [other[name] for name in kinds] == [1, 1, 3, 2]
    assert found.unknown.rows() == [
        (None, "revenue", "blocked", 1),
        (None, "revenue", "invalid_number", 1),
        (None, "revenue", "unsupported_prefix", 1),
        ("cheap", "cost", "unsupported_prefix", 2),
        ("cheap", "cost", "invalid_number", 1),
        ("other", "cost", "unsupported_prefix", 4),
        ("other", "cost", "invalid_number", 1),
    ]


def test_what_is_sold_below_cost_is_listed_by_its_minutes_even_in_a_group_that_earns() -> None:
    sell = deck_of([{"prefix": "91", "network_group": "India", "outbound_rate": "1"}, INDIA[3]])
    buy = deck_of(
        [
            {"prefix": "91", "outbound_rate": "0.10"},
            {"prefix": "9198", "outbound_rate": "1.50"},
            {"prefix": "1", "outbound_rate": "9"},
        ]
    )
    calls = pl.DataFrame({"to": ["+911234567890"] * 9 + [MOBILE] * 2 + ["+1"], "seconds": [60] * 12})
    found = margin(calls, sell=sell, buy={"p": buy})
    below = found.sold_below_cost.select("network_group", "losing_calls", "loss", "margin")
    assert below.rows() == [
        ("India", 2, Decimal("1.00"), Decimal("7.10")),
        ("United States", 1, Decimal("7.90"), Decimal("-7.90")),
    ]
    assert "sold below cost: 3, losing ₹8.9" in str(found)


def test_no_revenue_has_no_percentage_and_nothing_known_no_margin() -> None:
    free = deck_of([{"prefix": "91", "outbound_rate": "0"}])
    found = margin(CALLS[:1], sell=free, buy=CHEAP)
    assert found.totals.select("provider", "revenue", "margin", "margin_percent").rows() == [
        ("provider", 0, Decimal("-0.80"), None)
    ]
    found = margin(CALLS[:1], sell=SELL, buy={"other": OTHER})
    assert found.totals.select("revenue", "cost", "margin", "margin_percent").rows() == [(None,) * 4]
    assert str(found).startswith("other: 0 of 1 calls rated by both\n")
    assert str(margin(CALLS.clear(), sell=SELL, buy=CHEAP)) == "no calls"


def test_margin_as_data_and_page() -> None:
    bad = deck_of([{"prefix": "91", "network_group": "<b>\x07", "outbound_rate": "1"}])
    found = margin(CALLS, sell=bad, buy=CHEAP)
    assert "<b>" not in found._repr_html_()
    assert "\x07" not in str(found)
    data = json.loads(
        json.dumps(found.to_dict(1)), parse_float=lambda text: pytest.fail(f"{text} is a float")
    )
    assert data["totals"]["rows"][0]["margin"] == "2.400000000"
    assert data["by_group"]["total"] == 2


def test_r50_dated_decks_take_the_answer_times() -> None:
    calls = pl.DataFrame({"to": [MOBILE] * 2, "seconds": [60, 60], "at": [utc(2025, 6, 1), utc(2026, 6, 1)]})
    found = margin(calls, sell=SELL, buy={"d": deck_of(DATED)}, answered_at="at")
    assert totals(found, "d")["cost"] == Decimal("0.80") + Decimal("0.70")
    with pytest.raises(RecordError, match="answer"):
        margin(calls, sell=SELL, buy={"d": deck_of(DATED)})


def test_what_cannot_be_asked_is_refused() -> None:
    with pytest.raises(RecordError, match="'second'"):
        margin(CALLS, sell=SELL, buy=CHEAP, seconds="second")
    with pytest.raises(ValueError, match="no deck to buy from"):
        margin(CALLS, sell=SELL, buy={})
    with pytest.raises(ValueError, match="no name"):
        sold_below_cost(sell=SELL, buy={"": CHEAP}, seconds=60)
    with pytest.raises(DeckTimeError):
        sold_below_cost(sell=SELL, buy=deck_of(DATED), seconds=60)
    unpriced = BillingPlan.from_dict({"id": "growth"})
    for ask in (
        lambda: margin(CALLS, sell=(SELL, unpriced), buy=CHEAP),
        lambda: sold_below_cost(sell=(SELL, unpriced), buy=CHEAP, seconds=1),
    ):
        with pytest.raises(ValueError, match="'growth' has no telephony prices"):
            ask()
    priced = BillingPlan.from_dict({"id": "growth", "telephony": {"kind": "deck_prices"}})
    for ask in (
        lambda: margin(CALLS, sell=(SELL, priced), buy=CHEAP, semantics=Semantics()),
        lambda: sold_below_cost(sell=(SELL, priced), buy=CHEAP, seconds=1, semantics=Semantics()),
    ):
        with pytest.raises(TypeError, match="its own pulse"):
            ask()


PRICES = {
    "kind": "price_list",
    "prices": [
        {"country_iso": "IN", "network_group": "India", "outbound": "0.9", "inbound": "0.4"},
        {"country_iso": "US", "network_group": "United States", "outbound": "2"},
        {"country_iso": "IN", "network_group": "India - Hyderabad", "outbound": "5"},
    ],
}
PLANS = [
    BillingPlan.from_dict({"id": "list", "pulse": "30/30", "telephony": PRICES}),
    BillingPlan.from_dict({"id": "up", "telephony": {"kind": "deck_prices", "markup_percent": "12.5"}}),
]


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.id)
def test_r46_sold_by_a_plan_the_revenue_is_its_telephony_line(plan: BillingPlan) -> None:
    to = [MOBILE, "+911234567890", "+914012345678", "+12025550123", "+18765550123", "+911400", "+44"]
    rows = [
        (number, way, seconds) for number in to for way in ("outbound", "inbound") for seconds in (0, 1, 61)
    ]
    calls = pl.DataFrame(rows, schema=["to", "direction", "seconds"], orient="row")
    free = deck_of([{"prefix": digit, "outbound_rate": "0", "inbound_rate": "0"} for digit in "149"])
    prices, revenue, known = TelephonyPrices(plan), Fraction(0), 0
    for number, way, seconds in rows:
        match = SELL.match(number, direction=way)  # type: ignore[call-overload]
        price = None if match is None else prices.of(match, way)  # type: ignore[arg-type]
        known += price is not None or seconds == 0
        revenue += Fraction(price or 0) * billed_seconds(plan, seconds) / 60
    found = totals(margin(calls, sell=(SELL, plan), buy={"free": free}), "free")
    assert (Fraction(found["revenue"]), found["rated_by_both"]) == (revenue, known)
    # One direction for all, and the sheets alone, say the same.
    for way in ("outbound", "inbound"):
        part = margin(
            calls.filter(pl.col("direction") == way).drop("direction"),
            sell=(SELL, plan),
            buy={"free": free},
            direction=way,
        )
        whole = margin(calls.filter(pl.col("direction") == way), sell=(SELL, plan), buy={"free": free})
        assert part.by_group.equals(whole.by_group)


def test_r47_a_plan_keeps_what_is_blocked_and_prices_no_other_group() -> None:
    selling, semantics = plan_deck(SELL, PLANS[0], "outbound")
    reasons = {
        "+914012345678": Reason.BLOCKED,
        MOBILE: Reason.RATE_MISSING,
        "+911234567890": None,
        "+44": Reason.UNSUPPORTED_PREFIX,
    }
    for number, reason in reasons.items():
        assert selling.rate(number, 61, semantics=semantics).reason == reason


@settings(max_examples=30)
@given(
    st.data(), sheets(), st.sampled_from(TIMES), st.sampled_from(["outbound", "inbound"]), st.integers(0, 200)
)
def test_r54_a_plan_s_deck_charges_its_telephony_line(
    data: st.DataObject, rows: Any, at: datetime, way: Any, seconds: int
) -> None:
    nano = st.none() | st.integers(0, 10**18 - 1).map(lambda units: Decimal(units).scaleb(-9))
    prices = [
        {
            "country_iso": country,
            "network_group": group,
            "outbound": data.draw(nano),
            "inbound": data.draw(nano),
        }
        for country in ("IN", "ZZ")
        for group in ("India", "Mobile", "é")
    ]
    pulse, telephony = data.draw(st.sampled_from(["60/60", "30/6"])), {"kind": "price_list", "prices": prices}
    plan = BillingPlan.from_dict({"id": "growth", "pulse": pulse, "decimals": 9, "telephony": telephony})
    deck = deck_of(rows)
    selling, semantics = plan_deck(deck, plan, way)
    for number in data.draw(numbers(rows)):
        whole = plan.rate(deck, number=number, seconds=seconds, at=at, direction=way)
        line = selling.rate(number, seconds, at=at, direction=way, semantics=semantics)
        assert (line.reason, line.exact, line.total) == (whole.reason, whole.exact, whole.total)


def test_a_deck_for_one_direction_has_no_price_for_the_other() -> None:
    deck = deck_of([{"prefix": "91", "outbound_rate": "0.50"}])
    selling, semantics = plan_deck(deck, PLANS[1], "inbound")
    assert (
        selling.rate(MOBILE, 60, direction="inbound", semantics=semantics).reason == Reason.UNSUPPORTED_PREFIX
    )
    calls = CALLS[:2].with_columns(direction=pl.Series(["outbound", "inbound"]))
    found = totals(margin(calls, sell=(deck, PLANS[1]), buy={"p": SELL}), "p")
    assert (found["rated_by_both"], found["unknown_revenue"]) == (1, 1)


def test_r48_a_price_beyond_what_a_deck_holds_is_told() -> None:
    dear = deck_of([{"prefix": "91", "outbound_rate": "999999999", "rate_unit_s": 1}])
    with pytest.raises(MoneyError, match="'up' prices a minute of 'group'"):
        plan_deck(dear, PLANS[1], "outbound")


def test_sheets_alone_tell_what_is_sold_below_cost() -> None:
    found = sold_below_cost(sell=SELL, buy={"cheap": CHEAP, "other": OTHER}, seconds=61)
    assert found.below_cost.select("prefix", "provider", "revenue", "cost", "margin").rows() == [
        ("911400", "cheap", 0, Decimal("0.80"), Decimal("-0.80")),
        ("9198", "cheap", Decimal("1.50"), Decimal("1.60"), Decimal("-0.10")),
    ]
    group = found.by_group.filter(provider="other", network_group="India").row(0, named=True)
    assert (group["prefixes"], group["below_cost"], group["unknown_cost"], group["least_margin"]) == (
        1,
        0,
        1,
        None,
    )
    assert "cheap: 2 of 7 prefixes below cost; 2 unknown revenue, 3 unknown cost" in str(found)
    assert json.dumps(found.to_dict(1))
    assert "<table>" in found._repr_html_()
    by_plan = sold_below_cost(sell=(SELL, PLANS[0]), buy={"cheap": CHEAP}, seconds=61, within="91")
    rows = {row["prefix"]: row for row in by_plan.rows.iter_rows(named=True) if not row["exact_match"]}
    assert rows["91"]["revenue"] == Decimal("1.35")
    assert rows["9140"]["revenue_reason"] == "blocked"


def test_r53_margin_on_a_deck_with_tiers_is_what_single_calls_cost() -> None:
    tiers = deck_of([{"prefix": "91", "network_group": "India", "country_iso": "IN", "schedule": TIERED}])
    calls = CALLS.filter(pl.col("to").str.contains("91"))
    found = totals(margin(calls, sell=SELL, buy={"tiers": tiers}), "tiers")
    assert (found["rated_by_both"], found["unknown_revenue"]) == (3, 1)
    each = [tiers.rate(to, seconds).total for to, seconds in calls.select("to", "seconds").iter_rows()]
    assert each == [Decimal(cost) for cost in ("1.00", "1.61", "1.61", "1.00")]
    assert found["cost"] == Decimal("4.22")
    sheet = sold_below_cost(sell=SELL, buy={"tiers": tiers}, seconds={60: 2, 61: 1}).rows
    offered = offers(MOBILE, {"tiers": tiers}, seconds={60: 2, 61: 1})[0].cost
    assert offered is not None
    (mobile,) = sheet.filter(pl.col("prefix") == "9198")["cost"]
    assert mobile == offered == Fraction("3.613")


def test_r47_a_markup_has_no_price_for_what_a_schedule_prices() -> None:
    markup = {"kind": "deck_prices", "markup_percent": "20"}
    plan = BillingPlan.from_dict({"id": "growth", "pulse": "60/60", "telephony": markup})
    deck = deck_of([INDIA[0], {"prefix": "9198", "network_group": "Tiers", "schedule": TIERED}])
    selling, semantics = plan_deck(deck, plan, "outbound")
    assert selling.rate(MOBILE, 61, semantics=semantics).reason == Reason.RATE_MISSING
    assert plan.rate(deck, number=MOBILE, seconds=61).reason == Reason.RATE_MISSING
    listed = [{"country_iso": "ZZ", "network_group": "Tiers", "outbound": "2"}]
    prices = {"kind": "price_list", "prices": listed}
    plan = BillingPlan.from_dict({"id": "growth", "pulse": "60/60", "telephony": prices})
    selling, semantics = plan_deck(deck, plan, "outbound")
    assert selling.rate(MOBILE, 61, semantics=semantics).exact == 4


def test_r53_a_loss_below_a_nano_rupee_is_a_loss() -> None:
    sell, buy = (
        deck_of([{"prefix": "91", "outbound_rate": "0.000000001", "rate_unit_s": unit}])
        for unit in (601, 600)
    )
    row = sold_below_cost(sell=sell, buy=buy, seconds=1).rows.row(0, named=True)
    assert (row["margin"], row["below_cost"]) == (0, True)


@settings(max_examples=30)
@given(st.data(), sheets(), sheets(), st.sampled_from(TIMES), SEMANTICS)
def test_r54_margin_is_a_loop_over_single_calls(
    data: st.DataObject, sold: Any, bought: Any, at: datetime, meaning: Semantics
) -> None:
    to = data.draw(numbers(sold + bought))
    seconds = data.draw(st.lists(st.integers(0, 300), min_size=len(to), max_size=len(to)))
    calls = pl.DataFrame(
        {"to": to, "seconds": seconds, "answered_at": [at] * len(to)}, schema_overrides={"to": pl.String}
    )
    sell, buy = deck_of(sold), deck_of(bought)
    naive: Counter[str] = Counter()
    revenue = cost = loss = Fraction(0)
    for number, duration in zip(to, seconds, strict=True):
        earned, spent = (deck.rate(number, duration, at=at, semantics=meaning) for deck in (sell, buy))
        if earned.total is None or spent.total is None:
            kind = {(True, False): "unknown_revenue", (False, True): "unknown_cost"}
            naive[kind.get((earned.total is None, spent.total is None), "unknown_both")] += 1
            continue
        naive["rated_by_both"] += 1
        naive["billed_seconds"] += earned.billed_seconds or 0
        revenue, cost = revenue + Fraction(earned.total), cost + Fraction(spent.total)
        naive["losing_calls"] += spent.total > earned.total
        loss += max(Fraction(0), Fraction(spent.total) - Fraction(earned.total))
    found = totals(margin(calls, sell=sell, buy={"p": buy}, semantics=meaning, buy_semantics=meaning), "p")
    assert found["calls"] == len(to)
    for name in (
        "rated_by_both",
        "unknown_revenue",
        "unknown_cost",
        "unknown_both",
        "losing_calls",
        "billed_seconds",
    ):
        assert found[name] == naive[name], name
    if naive["rated_by_both"]:
        assert (found["revenue"], found["cost"], found["margin"]) == (revenue, cost, revenue - cost)
        percent = None if not revenue else round_half_away((revenue - cost) / revenue * 10_000)
        assert found["margin_percent"] == (percent if percent is None else Decimal(percent).scaleb(-2))
    assert found["loss"] == loss


def round_half_away(value: Fraction) -> int:
    return int(abs(value) + Fraction(1, 2)) * (1 if value >= 0 else -1)


@settings(max_examples=15)
@given(sheets(dated=False), sheets(dated=False), st.integers(0, 200), SEMANTICS)
def test_r54_sheet_margins_are_those_of_single_offers(
    sold: Any, bought: Any, seconds: int, meaning: Semantics
) -> None:
    decks: dict[str, RateDeck] = {"sell": deck_of(sold), "buy": deck_of(bought)}
    found = sold_below_cost(
        sell=decks["sell"], buy=decks["buy"], seconds=seconds, semantics=meaning, buy_semantics=meaning
    )
    for row in found.rows.iter_rows(named=True):
        number = row["prefix"] if row["exact_match"] else row["prefix"].ljust(15, "7")
        each = {offer.provider: offer for offer in offers(number, decks, seconds=seconds, semantics=meaning)}
        earned, spent = each["sell"].cost, each["buy"].cost
        assert row["below_cost"] is (earned is not None and spent is not None and spent > earned)
        assert (row["revenue"] is None, row["cost"] is None) == (earned is None, spent is None)
        assert (row["revenue_reason"], row["cost_reason"]) == (each["sell"].reason, each["buy"].reason)
