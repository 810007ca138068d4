"""One charge of a plan explained: what it says is what is charged, and each step follows from the last."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

import plan_oracle
from decks import DATED, INDIA, MOBILE, deck_of, utc
from dialnexa_routing import records
from dialnexa_routing.deck.steps import StepKind
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.plans.price_list import DeckPrices, GroupPrice, PriceList
from plan_strategies import bills
from test_explain import HOSTILE, read

if TYPE_CHECKING:
    from dialnexa_routing.plans.plan_explanation import PlanExplanation

DECK = deck_of(INDIA)
PRICES = PriceList(
    prices=(
        GroupPrice(country_iso="IN", network_group="India - Mobile", outbound="0.75"),
        GroupPrice(country_iso="IN", network_group="India", inbound="0.30"),
    )
)
LISTED = BillingPlan(id="growth", stt="0.50", llm="1.10", tts="0.90", telephony=PRICES, pulse="30/6")
MARKED = BillingPlan(id="marked", llm="1", telephony=DeckPrices(markup_percent=Decimal(20)))


def told(plan: BillingPlan, deck: Any = DECK, **said: Any) -> list[str]:
    """The lines after the heading and the prefixes."""
    call: dict[str, Any] = {"number": MOBILE, "seconds": 61} | said
    explained = plan.explain(deck, **call)
    return [str(step) for step in explained.steps]


def test_r44_r45_r48_each_step_from_seconds_to_the_rounded_total() -> None:
    explained = LISTED.explain(DECK, number=MOBILE, seconds=Decimal("61.2"))
    assert str(explained).splitlines() == [
        "+919812345678 outbound by plan growth, cascaded, pstn",
        "  9198  wins: India - Mobile, ₹0.75 per 60 s",
        "  91    loses to the longer prefix: India, ₹0.6 per 60 s",
        "  61.2 s count as 62 s (part of a second up)",
        "  initial block: 30 s",
        "  next blocks: 6 × 6 s",
        "  62 s are billed as 66 s (pulse 30/6)",
        "  India - Mobile outbound, the plan's price: ₹0.75 per minute",
        "  stt: ₹0.5 × 66 / 60 = ₹0.55",
        "  llm: ₹1.1 × 66 / 60 = ₹1.21",
        "  tts: ₹0.9 × 66 / 60 = ₹0.99",
        "  telephony: ₹0.75 × 66 / 60 = ₹0.825",
        "  together: ₹3.575",
        "  rounded half_up to 2 places: ₹3.58",
    ]
    cells, items = read(explained)
    assert cells[:3] == ["9198", "wins", "India - Mobile"]
    assert items == [str(step) for step in explained.steps]


def test_r48_a_markup_shows_its_rounding() -> None:
    assert told(MARKED)[3] == (
        "India - Mobile outbound, the deck's rate with 20 % markup: ₹0.75 × 1.2 = ₹0.9 per minute"
    )
    deck = deck_of([{"prefix": "9198", "network_group": "M", "outbound_rate": "0.1", "rate_unit_s": 7}])
    assert told(MARKED, deck)[3] == (
        "M outbound, the deck's rate with 20 % markup: ₹0.1 × 60 / 7 × 1.2 = ₹36/35, "
        "rounded half_up to 9 places: ₹1.028571429 per minute"
    )


def test_r34_r46_r52_other_calls_and_their_prices() -> None:
    plan = LISTED.changed(sip={"outbound": "0.25", "inbound": "0.10"}, voicemail="free")
    assert "outbound over a SIP trunk, the plan's flat rate: ₹0.25 per minute" in told(plan, path="sip_trunk")
    inbound = told(plan, path="sip_trunk", direction="inbound")
    assert "inbound over a SIP trunk, the plan's flat rate: ₹0.1 per minute" in inbound
    web = plan.explain(DECK, number="anything", seconds=61, path="webrtc")
    assert (web.given, web.number, web.tried) == ("anything", None, ())
    assert "the number is not looked at: a web call has no telephony" in str(web)
    assert "no telephony: a web call has none" in str(web)
    assert told(plan, voicemail=True) == [
        "a machine answered, which this plan does not bill: 0 s",
        "rounded half_up to 2 places: ₹0.00",
    ]
    assert "answered by a machine" in str(plan.explain(DECK, number=MOBILE, seconds=1, voicemail=True))
    assert told(plan, seconds=0) == ["0 s are not billed", "rounded half_up to 2 places: ₹0.00"]
    assert "no telephony: the plan has no telephony rates" in told(BillingPlan(id="x", llm="1"))
    assert [line.split(":")[0] for line in told(plan, agent_kind="speech_to_speech")][4:6] == [
        "llm",
        "telephony",
    ]


@pytest.mark.parametrize(
    ("plan", "said", "last"),
    [
        (LISTED, {"number": None}, "missing_number, there is no number"),
        (LISTED, {"number": "x"}, "invalid_number, the number is not E.164"),
        (LISTED, {"number": "+44"}, "unsupported_prefix, no prefix of the deck answers for the number"),
        (LISTED, {"number": "+91401"}, "blocked, the prefix is refused, and yields to no shorter one"),
        (LISTED, {"number": "+91"}, "rate_missing, the plan has no outbound price for India"),
        (
            MARKED,
            {"number": "+1", "direction": "inbound"},
            "unsupported_prefix, no prefix of the deck answers for the number",
        ),
        (LISTED, {"path": "sip_trunk"}, "rate_missing, the plan has no flat rate for SIP trunks"),
        (LISTED, {"seconds": None}, "missing_seconds, there are no seconds"),
        (LISTED, {"seconds": -1}, "negative_seconds, there are fewer than zero seconds"),
        (LISTED, {"seconds": 2**40}, "overflow, it is more than a charge can hold"),
    ],
)
def test_r47_r51_no_charge_has_a_reason_in_words(plan: BillingPlan, said: Any, last: str) -> None:
    assert told(plan, **said) == [f"not rated: {last}"]


def test_r47_a_group_without_a_rate_cannot_be_marked_up() -> None:
    deck = deck_of([{"prefix": "91", "network_group": "India"}])
    assert told(MARKED, deck) == [
        "not rated: rate_missing, the deck has no outbound rate for India to mark up"
    ]


def test_r50_without_a_time_a_dated_deck_decides_nothing() -> None:
    deck = deck_of(DATED)
    plan = MARKED.changed(sip={"outbound": "1"})
    explained = plan.explain(deck, number=MOBILE, seconds=60)
    assert {str(one.outcome) for one in explained.tried} == {"undecided"}
    assert explained.to_dict()["reason"] == "missing_answered_at"
    assert plan.explain(deck, number=MOBILE, seconds=60, path="sip_trunk").charge.total == Decimal(2)
    assert plan.explain(deck, number=MOBILE, seconds=60, at=utc(2026, 6, 1)).to_dict()["prefix"] == "9198"


def test_a_deck_explains_by_a_plan_too() -> None:
    explained = DECK.explain(MOBILE, seconds=61, plan=LISTED)
    assert explained == LISTED.explain(DECK, number=MOBILE, seconds=61)
    with pytest.raises(ValueError, match="leave semantics out"):
        DECK.explain(MOBILE, seconds=61, plan=LISTED, semantics={"decimals": 4})


def test_hostile_names_are_escaped() -> None:
    deck = deck_of([{"prefix": "91", "network_group": HOSTILE, "outbound_rate": "1"}])
    for number, seconds in ((HOSTILE, 1), (MOBILE, 1), (MOBILE, -1)):
        explained = MARKED.explain(deck, number=number, seconds=seconds)
        read(explained)
        assert not {"\x1b", "\u202e", "\r"} & set(str(explained) + explained.html())
        assert "<script" not in explained.html()


@given(bills())
def test_r54_what_is_explained_is_what_is_charged(bill: Any) -> None:
    rows, plans, frame, (_, exact, faults) = bill
    deck = deck_of(rows)
    rated = records.rate(frame, deck=deck, plans=plans)
    for record, value, fault in zip(rated.iter_rows(named=True), exact, faults, strict=True):
        words = (record["agent_kind"], record["path"], record["direction"])
        if fault or record["plan"] not in plans or {"other", "fax", "sideways", None} & set(words):
            continue
        plan = plans[record["plan"]]
        call: dict[str, Any] = {
            "number": record["to"],
            "seconds": None if value is None else Decimal(value.numerator) / value.denominator,
            "at": record["answered_at"],
            "direction": record["direction"],
            "agent_kind": record["agent_kind"],
            "path": record["path"],
            "voicemail": bool(record["voicemail"]),
        }
        explained = plan.explain(deck, **call)
        assert explained.charge == plan.rate(deck, **call)
        assert (explained.charge.total, explained.charge.reason) == (record["charge"], record["reason"])
        winner = explained.winner
        assert (winner.prefix if winner else None) == record["prefix"]
        follows_from_its_steps(explained)
        if explained.charge.total is not None:
            naive = {"at": record["answered_at"], "direction": record["direction"], "path": record["path"]}
            naive |= {"kind": record["agent_kind"], "voicemail": record["voicemail"]}
            bill_ = plan_oracle.rate(rows, plan, record["to"], value, **naive)
            lines = {step.component: step.amount for step in explained.steps if step.kind is StepKind.LINE}
            assert lines == bill_.lines


def follows_from_its_steps(explained: PlanExplanation) -> None:
    """What is shown is enough to find the total again."""
    charge, steps = explained.charge, explained.steps
    if charge.total is None:
        assert [step.kind for step in steps] == [StepKind.NOT_RATED]
    else:
        assert (steps[-1].kind, steps[-1].amount) == (StepKind.ROUNDING, Fraction(charge.total))
        lines = [step for step in steps if step.kind is StepKind.LINE]
        assert sum((line.amount or Fraction(0) for line in lines), Fraction(0)) == charge.exact
        for line in lines:
            assert line.rate is not None
            assert line.amount == line.rate * (charge.billed_seconds or 0) / 60
        blocks = [step.billed_s or Fraction(0) for step in steps if step.blocks]
        assert sum(blocks, Fraction(0)) == charge.billed_seconds
    found = explained.to_dict()
    assert json.loads(json.dumps(found)) == found
    assert len(str(explained).splitlines()) == 1 + max(1, len(explained.tried)) + len(steps)
    assert read(explained)[1] == [str(step) for step in steps]
