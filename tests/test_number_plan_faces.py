"""The number plan at every face: on where money is counted or calls go, off in `match` (R4, R51, R54)."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from decks import INDIA, MOBILE, deck_of
from dialnexa_routing import WORLD, CountryRule, NumberError, RateDeck, Reason, Refusal, Refused, records
from dialnexa_routing.billing.duration_histogram import histogram
from dialnexa_routing.billing.reconciliation import reconcile
from dialnexa_routing.billing.rounding_drift import drift
from dialnexa_routing.deck.deck_book import DeckBook
from dialnexa_routing.job.settings import checked, settings
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.text.errors import ConfigError
from dialnexa_routing.workspace.choices import Choices, TrunkEmergency
from dialnexa_routing.workspace.decision import STATUS
from plan_strategies import bills
from workspaces import OWN, router, workspace

if TYPE_CHECKING:
    from dialnexa_routing import NumberPlan
    from dialnexa_routing.workspace.router import Router

WORLDWIDE: list[dict[str, Any]] = [
    *INDIA,
    {"prefix": "98", "network_group": "Iran", "country_iso": "IR", "outbound_rate": "3.84"},
    {"prefix": "112", "network_group": "Desk", "outbound_rate": "1", "exact_match": True},
]
DECK = deck_of(WORLDWIDE)
BOOK = DeckBook({datetime(2026, 1, 1, tzinfo=UTC): DECK})
AT = datetime(2026, 11, 20, 4, 30, tzinfo=UTC)
PLAN = BillingPlan(id="p", llm="1.00", telephony={"kind": "deck_prices"}, sip={"outbound": "0.10"})
SIP = "+912266554433"
CASES = [
    (MOBILE, None),
    ("9812345678", "impossible_number"),
    ("102", "emergency_number"),
    ("6112", "impossible_number"),
    ("911", "emergency_number"),
    ("91112", "emergency_number"),
    ("112", None),  # the deck lists it
    ("0112", "invalid_number"),
    (None, "missing_number"),
]
NUMBERS = [number for number, _ in CASES]
REASONS = [reason for _, reason in CASES]


def frame(**columns: Any) -> pl.DataFrame:
    calls = pl.DataFrame({"to": NUMBERS, "seconds": [63] * len(NUMBERS), "answered_at": [AT] * len(NUMBERS)})
    return calls.with_columns(pl.lit(value).alias(name) for name, value in columns.items())


@pytest.mark.parametrize("deck", [DECK, BOOK], ids=["deck", "book"])
def test_r51_calls_to_what_is_no_number_are_not_charged(deck: Any) -> None:
    rated = records.rate(frame(), deck=deck)
    assert rated["reason"].to_list() == REASONS
    assert rated["prefix"].to_list() == ["9198", None, None, None, None, None, "112", None, None]
    alone = [deck.rate(number, 63, at=AT) for number in NUMBERS]
    assert [one.reason for one in alone] == REASONS
    assert [one.total for one in alone] == rated["charge"].to_list()
    by_expression = frame().select(
        records.rated(deck, answered_at="answered_at", fields="reason").alias("reason")
    )
    assert by_expression["reason"].to_list() == REASONS


@pytest.mark.parametrize("deck", [DECK, BOOK], ids=["deck", "book"])
def test_none_asks_no_plan(deck: Any) -> None:
    rated = records.rate(frame(), deck=deck, number_plan=None)
    assert rated["network_group"].to_list()[1:3] == ["Iran", "United States"]
    assert deck.rate("102", 63, at=AT, number_plan=None).reason is None
    expression = records.rated(deck, answered_at="answered_at", fields="network_group", number_plan=None)
    assert frame().select(expression).to_series().to_list()[1] == "Iran"


def test_lengths_of_a_code_are_replaced() -> None:
    plan = WORLD.replaced("98", {8})
    assert records.rate(frame(), deck=DECK, number_plan=plan)["network_group"][1] == "Iran"
    assert DECK.rate("9812345678", 63, number_plan=plan).total == Decimal("7.68")
    assert DECK.rate("981234567890", 63, number_plan=plan).reason is Reason.IMPOSSIBLE_NUMBER


def test_match_asks_a_plan_only_where_it_is_given() -> None:
    numbers = pl.Series("to", NUMBERS)
    assert DECK.match(numbers, fields="network_group").to_list()[1:3] == ["Iran", "United States"]
    assert DECK.match(numbers, fields="reason", number_plan=WORLD).to_list() == REASONS
    told = numbers.to_frame().select(DECK.match(pl.col("to"), fields="reason", number_plan=WORLD))
    assert told.to_series().to_list() == REASONS
    found = DECK.match("9812345678")
    assert found is not None
    assert found.network_group == "Iran"
    with pytest.raises(NumberError, match="'9812xxxxxx' has 8 digits after 98, where numbers have 4-7 or 10"):
        DECK.match("9812345678", number_plan=WORLD)
    with pytest.raises(NumberError, match="'911' is an emergency number"):
        BOOK.match("911", at=AT, number_plan=WORLD)
    listed = DECK.match("112", number_plan=WORLD)
    assert listed is not None
    assert listed.network_group == "Desk"


@pytest.mark.parametrize("path", ["pstn", "sip_trunk", "webrtc"])
def test_r54_plans_judge_by_the_path(path: str) -> None:
    rated = records.rate(frame(path=path), deck=DECK, plan=PLAN)
    alone = [PLAN.rate(DECK, number=number, seconds=63, path=path) for number in NUMBERS]
    assert [one.reason for one in alone] == rated["reason"].to_list()
    assert [one.match and one.match.prefix for one in alone] == rated["prefix"].to_list()
    assert [one.total for one in alone] == rated["charge"].to_list()
    expected = {
        "pstn": REASONS,
        # Lengths are the trunk's business, emergency numbers are not.
        "sip_trunk": [None if reason == "impossible_number" else reason for reason in REASONS],
        "webrtc": [None] * len(REASONS),
    }
    assert rated["reason"].to_list() == expected[path]


def test_an_emergency_call_over_a_trunk_is_rated_where_that_is_meant() -> None:
    plan = WORLD.without_emergencies()
    assert PLAN.rate(DECK, number="911", seconds=63, path="sip_trunk", number_plan=plan).reason is None
    rated = records.rate(frame(path="sip_trunk"), deck=DECK, plan=PLAN, number_plan=plan)
    assert rated["reason"].to_list() == [None] * 7 + ["invalid_number", "missing_number"]


@given(bills(), st.sampled_from([WORLD, WORLD.replaced("91", None), None]))
def test_r54_a_call_alone_is_its_row_whatever_the_plan_of_numbers(
    bill: Any, number_plan: NumberPlan | None
) -> None:
    rows, plans, calls, (_, exact, faults) = bill
    deck = deck_of(rows, keep_redundant=True)
    rated = records.rate(calls, deck=deck, plans=plans, number_plan=number_plan)
    for row, value, fault in zip(rated.iter_rows(named=True), exact, faults, strict=True):
        said = (row["direction"], row["agent_kind"], row["path"])
        known = said[0] in ("outbound", "inbound") and said[1] not in ("other", None)
        plan = plans.get(row["plan"])
        if fault or value is None or plan is None or not known or said[2] in ("fax", None):
            continue
        ticks = value * 10**9
        if ticks.denominator != 1 or abs(ticks) >= 2**62:
            continue
        one = plan.rate(
            deck,
            number=row["to"],
            seconds=Decimal(int(ticks)).scaleb(-9),
            at=row["answered_at"],
            direction=said[0],
            agent_kind=said[1],
            path=said[2],
            voicemail=bool(row["voicemail"]),
            number_plan=number_plan,
        )
        assert (one.reason, one.match and one.match.prefix) == (row["reason"], row["prefix"])


def test_explanations_say_why_it_can_be_no_number() -> None:
    told = DECK.explain("9812345678", seconds=63)
    assert told.tried == ()
    assert told.charge is not None
    assert told.charge.reason is Reason.IMPOSSIBLE_NUMBER
    assert "'9812xxxxxx' has 8 digits after 98, where numbers have 4-7 or 10" in str(told)
    assert "not rated: impossible_number, no number is so long under its calling code" in str(told)
    assert "8 digits after 98" in told.html()
    assert [one.network_group for one in DECK.explain("9812345678", number_plan=None).tried] == ["Iran"]
    assert DECK.explain("112").winner is not None
    assert "911' is an emergency number" in str(BOOK.explain("911", seconds=1, at=AT))
    by_plan = DECK.explain("911", seconds=63, plan=PLAN)
    assert "911' is an emergency number" in str(by_plan)
    assert by_plan.charge is not None
    assert by_plan.charge.reason is Reason.EMERGENCY_NUMBER
    assert PLAN.explain(DECK, number="911", seconds=63, number_plan=None).charge.reason is None


def sip_router(**options: Any) -> Router:
    own = {"number": SIP, "sip_trunk_enabled": True, "outbound_version": "sales@1"}
    line = {"number": OWN, "inbound_version": "sales@1", "outbound_version": "sales@1"}
    fields = {"numbers": [line, own], "sip_enabled": True} | options.pop("fields", {})
    return router(workspace(**fields), decks={"plivo": DECK}, **options)


def reason_of(to: str, source: str = OWN, **options: Any) -> str | None:
    router = sip_router(**options)
    decision = router.outbound(to, source)
    screened = router.screen(pl.DataFrame({"phone_number": [to]}), source=source)
    reason = decision.reason if isinstance(decision, Refused) else None
    assert screened["reason"].to_list() == [reason]  # R54
    assert router.explain_outbound(to, source).decision == decision
    assert pickle.loads(pickle.dumps(router)).outbound(to, source) == decision
    return reason


@pytest.mark.parametrize(
    ("to", "carrier", "trunk"),
    [
        (MOBILE, None, None),
        ("+112", "unsupported_country", "emergency_number"),  # our deck lists the whole number
        ("+911", "emergency_number", "emergency_number"),
        ("+910", "impossible_number", None),
        ("+91112", "emergency_number", "emergency_number"),
        ("+6112", "impossible_number", None),
        ("+9812345678", "impossible_number", None),
    ],
)
def test_r04_the_router_refuses_what_can_be_no_number(
    to: str, carrier: str | None, trunk: str | None
) -> None:
    assert reason_of(to) == carrier
    assert reason_of(to, SIP) == trunk
    allowed = Choices(trunk_emergency=TrunkEmergency.ALLOWED)
    assert reason_of(to, SIP, fields={"choices": allowed}) is None
    assert reason_of(to, fields={"choices": allowed}) == carrier
    assert reason_of(to, number_plan=None) in (None, "unsupported_country")


def test_refusals_have_their_own_status_and_sentence() -> None:
    assert STATUS[Refusal.IMPOSSIBLE_NUMBER] == 400
    assert STATUS[Refusal.EMERGENCY_NUMBER] == 403
    short = sip_router().outbound("+910", OWN)
    assert isinstance(short, Refused)
    assert (short.status, short.network_group) == (400, None)
    assert short.sentence.startswith("'+91x' has 1 digits after 91, where numbers have 8-13")
    told = sip_router().explain_outbound("+910", OWN)
    assert [one.verdict for one in told.checks if one.name == "number plan"] == ["refused"]
    assert "are so long" in str(sip_router().explain_outbound(MOBILE, OWN))
    assert "no number plan is asked" in str(sip_router(number_plan=None).explain_outbound(MOBILE, OWN))


def test_r41_legs_of_a_transfer_are_judged() -> None:
    plan = WORLD.replaced("91", {12})
    decision = sip_router(number_plan=plan).transfer(MOBILE, OWN)
    assert isinstance(decision, Refused)
    assert decision.reason is Refusal.IMPOSSIBLE_NUMBER


def test_r30_our_own_number_is_not_judged_when_it_is_called() -> None:
    assert sip_router(number_plan=WORLD.replaced("91", {12})).inbound(OWN)


def test_r04_bounds_of_a_country_rule_take_the_place_of_the_plans_lengths() -> None:
    india = {"country_iso": "IN", "calling_code": "91"}
    short = "+91981234"  # six digits, where the plan has 8-13
    assert reason_of(short) == "impossible_number"
    # The side that a rule leaves open is the plan's.
    assert reason_of(short, country_rules=[CountryRule(**india, max_length=10)]) == "impossible_number"
    assert reason_of(MOBILE + "1", country_rules=[CountryRule(**india, max_length=10)]) == "invalid_number"
    assert reason_of("+9198123456", country_rules=[CountryRule(**india, min_length=9)]) == "invalid_number"
    # A bound outside the plan's lengths leaves the other side to E.164.
    assert reason_of(short, country_rules=[CountryRule(**india, max_length=7)]) is None
    both = CountryRule(**india, min_length=6, max_length=7)
    assert reason_of(short, country_rules=[both]) is None
    assert reason_of(MOBILE, country_rules=[both]) == "invalid_number"
    assert reason_of("+919812", country_rules=[both], number_plan=None) == "invalid_number"
    assert reason_of("+911234567890", country_rules=[CountryRule(**india)]) is None
    with pytest.raises(ConfigError, match="min_length is above max_length"):
        CountryRule(**india, min_length=8, max_length=7)


def test_a_job_remembers_the_plan_that_it_judged_by() -> None:
    held = settings(DECK, checked({}), "parquet")["rating"]["number_plan"]
    assert WORLD.release in held
    assert WORLD.date in held
    other = settings(DECK, checked({"number_plan": WORLD.replaced("45", {8, 12})}), "parquet")
    assert "45: 8 or 12" in other["rating"]["number_plan"]
    assert "number_plan" not in settings(DECK, checked({"number_plan": None}), "parquet")["rating"]


@pytest.mark.parametrize(
    "ask",
    [
        lambda plan: DECK.rate(MOBILE, 1, number_plan=plan),
        lambda plan: DECK.match(MOBILE, number_plan=plan),
        lambda plan: DECK.match(pl.Series([MOBILE]), number_plan=plan),
        lambda plan: DECK.explain(MOBILE, number_plan=plan),
        lambda plan: PLAN.rate(DECK, number=MOBILE, seconds=1, number_plan=plan),
        lambda plan: records.rate(frame(), deck=DECK, number_plan=plan),
        lambda plan: records.rated(DECK, number_plan=plan),
        lambda plan: router(number_plan=plan),
    ],
)
@pytest.mark.parametrize("plan", ["world", {"91": {10}}, False])
def test_what_is_no_plan_is_a_type_error(ask: Any, plan: Any) -> None:
    with pytest.raises(TypeError, match=r"number_plan is .*; pass a NumberPlan, as WORLD, or None"):
        ask(plan)


def test_an_expression_with_a_plan_pickles() -> None:
    plan = WORLD.replaced("98", {8})
    lazy = frame().lazy().with_columns(records.rated(DECK, fields="network_group", number_plan=plan))
    again = pl.LazyFrame.deserialize(lazy.serialize())
    assert again.collect()["network_group"].to_list()[1] == "Iran"
    assert isinstance(DECK, RateDeck)


def test_reports_rate_by_the_plan_that_they_are_given() -> None:
    calls = pl.DataFrame({"to": [MOBILE, "9812345678"], "seconds": [60, 60]})
    assert drift(calls, deck=DECK).refused == {"impossible_number": 1}
    assert drift(calls, deck=DECK, number_plan=None).refused == {}
    ours = calls.with_columns(call_id=pl.Series([1, 2]))
    theirs = pl.DataFrame({"call_id": [1, 2], "charge": ["0.75", "3.84"]})
    assert reconcile(ours, theirs, deck=DECK, number_plan=None).differences.height == 0
    assert reconcile(ours, theirs, deck=DECK).differences["cause"].to_list() == ["not_rated"]
    # How seconds are counted has nothing to do with numbers.
    assert histogram(calls) == {60: 2}
