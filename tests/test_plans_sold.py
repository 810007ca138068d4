"""Plans as they are sold: fallbacks, versions by date, fees and free seconds."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import plan_oracle
from decks import INDIA, MOBILE, deck_of, utc
from dialnexa_routing import DeckBook, PreparedPlans, billing, plan_at, records
from dialnexa_routing.billing.plan_deck import plan_deck
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.plans.price_list import CountryPrice, DeckPrices, GroupPrice, PrefixPrice, PriceList
from dialnexa_routing.records.plan_rating import plan_types
from dialnexa_routing.text.errors import ConfigError, ConflictError, DeckTimeError, MoneyError
from dialnexa_routing.web.desk import Desk
from dialnexa_routing.workspace.decision import Allowed
from plan_strategies import PLAN, bills, naive
from strategies import TIMES
from workspaces import OWN, facts, router, workspace

if TYPE_CHECKING:
    from pathlib import Path

DECK = deck_of(INDIA)
SPECIAL = PriceList(
    prices=(GroupPrice(country_iso="IN", network_group="India - Mobile", outbound="0.40"),),
    countries=(CountryPrice(country_iso="IN", outbound="0.50"),),
    prefixes=(PrefixPrice(prefix="919811", outbound="0.10"), PrefixPrice(prefix="91981", inbound="0.05")),
    fallback=DeckPrices(markup_percent=10),
)
OLD = BillingPlan(id="growth", llm="1")
NEW = OLD.changed(llm="2", valid_from=utc(2026, 11, 15))


@pytest.mark.parametrize(
    ("number", "direction", "price", "whose"),
    [
        ("+919811000000", "outbound", "0.10", "prefix"),
        ("+919811000000", "inbound", "0.05", "prefix"),  # the longer one has no price for it
        ("+919812345678", "outbound", "0.40", "plan's price: "),
        ("+911123456789", "outbound", "0.50", "price of IN"),
        ("+911123456789", "inbound", "0.22", "10 % markup"),
        ("+12025550123", "outbound", "1.21", "10 % markup"),
        ("+919855555555", "inbound", "0.22", "India inbound"),  # the deck's mobile row is outbound only
        ("+914012345678", "outbound", None, "refused"),  # blocked, whatever the plan says
        ("+4930123456", "outbound", None, "no prefix"),
    ],
)
def test_r47_prefix_then_group_then_country_then_the_deck(
    number: str, direction: Any, price: str | None, whose: str
) -> None:
    plan = BillingPlan(id="special", telephony=SPECIAL, pulse="60/60")
    charge = plan.rate(DECK, number=number, seconds=60, direction=direction)
    assert [line.rate for line in charge.lines] == ([] if price is None else [Decimal(price)])
    calls = pl.DataFrame({"to": [number], "seconds": [60], "direction": [direction]})
    rated = records.rate(calls, deck=DECK, plan=plan)
    assert rated.select("telephony_rate", "reason").row(0) == (
        None if price is None else Decimal(price),
        charge.reason,
    )
    assert whose in str(plan.explain(DECK, number=number, seconds=60, direction=direction))


def test_r47_one_special_price_leaves_no_group_unpriced() -> None:
    one = PriceList(prices=SPECIAL.prices)
    alone = BillingPlan(id="x", telephony=one)
    assert len(alone.missing(DECK)) == 4
    assert alone.changed(telephony=one.changed(fallback=DeckPrices())).missing(DECK) == ()
    by_country = one.changed(countries=(CountryPrice(country_iso="US", outbound=1),))
    assert ("US", "United States") not in alone.changed(telephony=by_country).missing(DECK)
    assert alone.changed(telephony=by_country).missing(DECK, "inbound") == (("IN", "India"),)
    nowhere = one.changed(countries=(CountryPrice(country_iso="FR", outbound=1),))
    assert alone.changed(telephony=nowhere).unused(DECK) == (("FR", ""),)


def test_a_list_names_each_prefix_and_country_once() -> None:
    for field, two in [
        ("prefixes", [{"prefix": "91"}, {"prefix": "91"}]),
        ("countries", [{"country_iso": "IN"}, {"country_iso": "IN"}]),
    ]:
        with pytest.raises(ConfigError, match="has two prices"):
            PriceList.model_validate({"prices": [], field: two})
    with pytest.raises(ConfigError):
        PrefixPrice(prefix="+91")
    with pytest.raises(ConfigError, match="valid_from"):
        BillingPlan(id="x", valid_from=datetime(2026, 1, 1))


def test_r53_fee_free_seconds_and_minimum_are_told_step_by_step() -> None:
    plan = BillingPlan(id="x", llm="1.20", pulse="1/1", connect_fee="0.25", minimum_s=10, free_seconds=5)
    told = [
        (seconds, charge.billed_seconds, charge.total)
        for seconds in (0, 1, 5, 6, 15, 16)
        for charge in [plan.rate(DECK, number=MOBILE, seconds=seconds, path="webrtc")]
    ]
    assert told == [
        (0, 0, Decimal("0.00")),
        (1, 0, Decimal("0.25")),
        (5, 0, Decimal("0.25")),
        (6, 10, Decimal("0.45")),
        (15, 10, Decimal("0.45")),
        (16, 11, Decimal("0.47")),
    ]
    calls = pl.DataFrame({"to": [MOBILE] * 6, "seconds": [seconds for seconds, *_ in told]})
    rated = records.rate(calls, deck=DECK, plan=plan, path="webrtc")
    assert rated.select("seconds", "billed_seconds", "charge").rows() == told
    assert rated["connect_fee"].to_list() == [None, *[Decimal("0.25")] * 5]
    text = str(plan.explain(DECK, number=MOBILE, seconds=6, path="webrtc"))
    for part in ("less 5 s that are free: 1 s", "at least the minimum time: 10 s", "connect fee: ₹0.25"):
        assert part in text
    # A machine that is not billed owes no fee.
    free = plan.changed(voicemail="free")
    assert free.rate(DECK, number=MOBILE, seconds=60, voicemail=True).total == 0


def test_r50_the_digest_of_a_plan_without_them_is_what_it_was() -> None:
    plan = BillingPlan(id="growth", llm="1.10", telephony=PriceList(prices=SPECIAL.prices))
    assert plan.digest == "7af3db6665fd8a9ea745343e32e690a19df77db8a9e6cfd2a3b08693a73680d6"
    assert plan.digest != plan.changed(minimum_s=1).digest
    assert plan.digest != plan.changed(valid_from=utc(2026, 1, 1)).digest
    at = datetime.fromisoformat("2026-11-15T00:00:00+05:30")
    assert plan.changed(valid_from=at).digest == plan.changed(valid_from=at.astimezone(UTC)).digest


def test_r50_a_version_holds_from_its_instant_on() -> None:
    for at, llm in ((utc(2026, 11, 14), 1), (utc(2026, 11, 15), 2), (utc(2027, 1, 1), 2)):
        held = plan_at([OLD, NEW], at)
        assert held is not None
        assert held.llm == llm
    assert plan_at([OLD, NEW], None) is None
    assert plan_at([NEW], utc(2026, 1, 1)) is None
    assert plan_at([OLD], None) == OLD
    assert NEW.rate(DECK, number=MOBILE, seconds=60, at=utc(2026, 1, 1)).reason == "before_first_plan"
    assert NEW.rate(DECK, number=MOBILE, seconds=60).reason == "missing_answered_at"
    assert NEW.rate(DECK, number=MOBILE, seconds=0).total == 0  # R43
    with pytest.raises(ConflictError, match="two plans have the id 'growth' from 2026-11-15"):
        PreparedPlans(DECK, [NEW, NEW])


def test_r50_versions_serve_wherever_plans_are_taken(tmp_path: Path) -> None:
    NEW.save(tmp_path / "new.toml")
    NEW.save(tmp_path / "new.json")
    assert BillingPlan.load(tmp_path / "new.toml") == BillingPlan.load(tmp_path / "new.json") == NEW
    calls = pl.DataFrame(
        {
            "to": [MOBILE] * 4,
            "seconds": [60, 60, 60, 0],
            "answered_at": [utc(2026, 11, 14), utc(2026, 11, 15), None, None],
            "plan": ["growth"] * 4,
            "workspace": ["acme", "acme", "acme", "nobody"],
        }
    )
    by_one = records.rate(calls, deck=DECK, plan=[NEW, OLD])
    assert by_one.select("charge", "reason", "plan_digest").rows() == [
        (Decimal("1.00"), None, OLD.digest),
        (Decimal("2.00"), None, NEW.digest),
        (None, "missing_answered_at", None),
        (Decimal("0.00"), None, None),
    ]
    assert records.rate(calls, deck=DECK, plans=[OLD, NEW]).equals(by_one)
    assert records.rate(calls, deck=DECK, plans={"growth": [NEW, OLD]}).equals(by_one)
    by_space = records.rate(calls, deck=DECK, plans=[OLD, NEW], workspaces={"acme": "growth"})
    assert by_space["reason"].to_list() == [None, None, "missing_answered_at", "unknown_workspace"]
    book = DeckBook({utc(2026, 1, 1): DECK, utc(2026, 11, 15): deck_of(INDIA[:2])})
    by_book = records.rate(calls, deck=book, plan=[OLD, NEW])
    assert by_book["charge"].to_list()[:2] == by_one["charge"].to_list()[:2]
    changed = billing.reprice(calls, old=DECK, new=DECK, plan=[OLD, NEW], new_at=utc(2026, 12, 1))
    assert changed.totals["change"] == 1
    with pytest.raises(TypeError, match="versions of one"):
        records.rate(calls, deck=DECK, plan=[OLD, OLD.changed(id="other")])


def test_r50_a_router_prices_by_the_version_that_holds() -> None:
    asked = router(workspace(billing_plan="growth"), plans=[OLD, NEW])
    for at, short in ((utc(2026, 11, 14), "0.99"), (utc(2026, 12, 1), "1.99")):
        assert not asked.outbound(MOBILE, OWN, facts=facts(balance=short), at=at)
        enough = facts(balance=str(Decimal(short) + Decimal("0.01")))
        answer = asked.outbound(MOBILE, OWN, facts=enough, at=at)
        assert isinstance(answer, Allowed)
        assert answer.max_seconds == 60
    with pytest.raises(DeckTimeError, match="'growth' has dates"):
        asked.outbound(MOBILE, OWN)


def test_r50_pages_show_the_version_that_holds() -> None:
    desk = Desk(None, {}, [NEW, OLD], None, lambda: utc(2026, 1, 1))  # type: ignore[arg-type]
    space = workspace(billing_plan="growth")
    assert desk.plan_of(space, utc(2026, 11, 14)) == OLD
    assert desk.plan_of(space, utc(2026, 11, 15)) == NEW
    with pytest.raises(ConfigError, match="two plans have the id"):
        Desk(None, {}, [NEW, NEW], None, lambda: utc(2026, 1, 1))  # type: ignore[arg-type]


@st.composite
def versions(draw: st.DrawFn) -> tuple[BillingPlan, ...]:
    starts = draw(st.lists(st.none() | st.sampled_from(TIMES), min_size=1, max_size=3, unique=True))
    starts.sort(key=lambda at: (at is not None, at or TIMES[0]))
    return tuple(draw(PLAN).changed(valid_from=at) for at in starts)


@given(bills(), versions(), versions(), st.sampled_from([1, 3, 1000]))
def test_r50_r54_versions_of_plans_are_the_naive_sum(bill: Any, one: Any, two: Any, size: int) -> None:
    rows, _, frame, (_, exact, faults) = bill
    plans = {"a": one, "b": two}
    deck = deck_of(rows, keep_redundant=True)
    rated = records.rate(frame, deck=deck, plans=plans)
    every = [*one, *two]
    has_fees = any(plan.connect_fee is not None for plan in every)
    types = plan_types(max(plan.decimals for plan in every), has_fees=has_fees)
    got = rated.select(list(types)).to_dicts()
    for answer, record, value, fault in zip(got, frame.iter_rows(named=True), exact, faults, strict=True):
        plan = plans.get(record["plan"], "unknown_plan")
        # A dated plan reads the time, which is then no fault of a deck without dates.
        assert answer == plan_oracle.columns(naive(rows, plan, record, value, fault), has_fees=has_fees)
    held = [
        None if record["plan"] not in plans else plan_at(plans[record["plan"]], record["answered_at"])
        for record in frame.iter_rows(named=True)
    ]
    assert rated["plan_digest"].to_list() == [None if plan is None else plan.digest for plan in held]
    chunked = pl.concat([frame[at : at + size] for at in range(0, frame.height, size)], rechunk=False)
    prepared = pickle.loads(pickle.dumps(PreparedPlans(deck, plans)))
    assert records.rate(chunked.lazy(), deck=deck, plans=prepared).collect(engine="streaming").equals(rated)
    for record, value, fault, plan in zip(rated.iter_rows(named=True), exact, faults, held, strict=True):
        words = {record["agent_kind"], record["path"], record["direction"]}
        if fault or plan is None or {"other", "fax", "sideways", None} & words:
            continue
        charge = plan.rate(
            deck,
            number=record["to"],
            seconds=None if value is None else Decimal(value.numerator) / value.denominator,
            at=record["answered_at"],
            direction=record["direction"],
            agent_kind=record["agent_kind"],
            path=record["path"],
            voicemail=bool(record["voicemail"]),
        )
        assert (charge.total, charge.reason) == (record["charge"], record["reason"])


@given(PLAN, st.sampled_from(["outbound", "inbound"]), st.integers(0, 200))
def test_r46_the_deck_that_a_plan_sells_at_has_its_telephony(
    plan: BillingPlan, direction: Any, seconds: int
) -> None:
    rows = [row for row in INDIA if not row.get("exact_match")]
    deck = deck_of(rows)
    if plan.telephony is None:
        return
    plan = plan.changed(
        stt=None, llm=None, tts=None, platform=None, connect_fee=None, decimals=9, rounding="half_up"
    )
    try:
        selling, meaning = plan_deck(deck, plan, direction)
    except MoneyError:  # a price beyond what a deck holds
        return
    for number in (
        "+919812345678",
        "+911123456789",
        "+914012345678",
        "+12025550123",
        "+18761234567",
        "+4930",
    ):
        ours = plan.rate(deck, number=number, seconds=seconds, direction=direction)
        sold = selling.rate(number, seconds, direction=direction, semantics=meaning)
        if seconds and ours.reason != "overflow" and (ours.match is None) == (sold.match is None):
            assert (ours.total, ours.reason) == (sold.total, sold.reason), number


def test_connect_fees_are_a_component_of_invoices_and_summaries() -> None:
    plan = BillingPlan(id="x", llm="1", connect_fee="0.25")
    calls = pl.DataFrame(
        {
            "to": [MOBILE] * 2,
            "seconds": [60, 0],
            "answered_at": [utc(2026, 11, 1)] * 2,
            "workspace": ["acme"] * 2,
        }
    )
    rated = records.rate(calls, deck=DECK, plan=plan)
    invoice = billing.invoices(rated, timezone="Asia/Kolkata")["acme"]
    assert invoice.components == {
        "stt": 0, "llm": 1, "tts": 0, "telephony": 0, "platform": 0, "connect_fee": Decimal("0.25")
    }  # fmt: skip
    assert invoice.net == Decimal("1.25")
