"""Billing plans with all that they can have, and records rated by several of them, for hypothesis."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl
from hypothesis import strategies as st

import plan_oracle
from dialnexa_routing.money import semantics as policy
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.plans.plan_terms import SipRate, Voicemail
from dialnexa_routing.plans.price_list import DeckPrices, GroupPrice, PriceList
from strategies import AMOUNT, TIMES, numbers, seconds, sheets

PRICE = st.none() | AMOUNT
GROUP = st.tuples(
    st.sampled_from(["IN", "ZZ", "FR"]),
    st.sampled_from(["India", "Mobile", "more than twelve letters", "é", "nowhere"]),
)
MARKUPS = st.decimals(-100, 400, places=4) | st.sampled_from(
    [Decimal(-100), Decimal(10_000), Decimal("1E-9")]
)


@st.composite
def telephony(draw: st.DrawFn) -> Any:
    if draw(st.booleans()):
        return draw(st.none() | MARKUPS.map(lambda percent: DeckPrices(markup_percent=percent)))
    groups = draw(st.lists(GROUP, max_size=8, unique=True))
    countries = draw(st.lists(st.sampled_from(["IN", "ZZ", "FR"]), max_size=2, unique=True))
    digits = st.text("0123456789", min_size=1, max_size=5).map(lambda text: ("9" + text)[:5])
    prefixes = draw(st.lists(st.sampled_from(["9", "91", "1", "4"]) | digits, max_size=3, unique=True))
    markup = draw(st.none() | MARKUPS)
    return PriceList(
        countries=[
            {"country_iso": iso, "outbound": draw(PRICE), "inbound": draw(PRICE)} for iso in countries
        ],
        prefixes=[{"prefix": one, "outbound": draw(PRICE), "inbound": draw(PRICE)} for one in prefixes],
        fallback=None if markup is None else DeckPrices(markup_percent=markup),
        prices=tuple(
            GroupPrice(country_iso=iso, network_group=name, outbound=draw(PRICE), inbound=draw(PRICE))
            for iso, name in groups
        ),
    )


PLAN = st.builds(
    BillingPlan,
    id=st.just("any"),
    stt=PRICE,
    llm=PRICE,
    tts=PRICE,
    platform=PRICE,
    telephony=telephony(),
    sip=st.none() | st.builds(SipRate, outbound=AMOUNT, inbound=PRICE),
    pulse=st.builds(policy.Pulse, initial_s=st.integers(1, 90), next_s=st.integers(1, 90)),
    part_second=st.sampled_from(policy.PartSecond),
    rounding=st.sampled_from(policy.Rounding),
    decimals=st.integers(0, 9),
    voicemail=st.sampled_from(Voicemail),
    connect_fee=PRICE,
    minimum_s=st.sampled_from([0, 0, 5, 61]),
    free_seconds=st.sampled_from([0, 0, 1, 30]),
)
NAMES = (*plan_oracle.NAMES, "connect_fee")
IDS = ["a", "b", "a plan with a long name"]
WAYS = st.sampled_from(["outbound", "inbound", "inbound", "sideways", None])
KINDS = st.sampled_from(["cascaded", "speech_to_speech", "cascaded", "other", None])
PATHS = st.sampled_from(["pstn", "pstn", "pstn", "sip_trunk", "webrtc", "fax", None])
KNOWN = st.sampled_from([*IDS, *IDS, "c", None])


@st.composite
def bills(draw: st.DrawFn) -> Any:
    """A sheet, plans, records with all that they can say, and what their seconds are."""
    rows = draw(sheets())
    plans = {id_: draw(PLAN) for id_ in draw(st.lists(st.sampled_from(IDS), min_size=1, unique=True))}
    wanted = draw(numbers(rows))
    count = len(wanted)
    taken = draw(seconds(count))

    def many(values: st.SearchStrategy[Any], dtype: Any = pl.String) -> pl.Series:
        return pl.Series(draw(st.lists(values, min_size=count, max_size=count)), dtype=dtype)

    frame = pl.DataFrame(
        {
            "to": pl.Series(wanted, dtype=pl.String),
            "seconds": taken[0],
            "answered_at": many(st.none() | st.sampled_from(TIMES), pl.Datetime("us", "Asia/Kolkata")),
            "direction": many(WAYS),
            "plan": many(KNOWN),
            "agent_kind": many(KINDS),
            "path": many(PATHS),
            "voicemail": many(st.sampled_from([False, False, True, None]), pl.Boolean),
        }
    )
    return rows, plans, frame, taken


def naive(rows: Any, plan: BillingPlan | str, record: dict[str, Any], value: Any, fault: Any) -> Any:
    return plan_oracle.rate(
        rows,
        plan,
        record["to"],
        value,
        fault=fault,
        at=record["answered_at"],
        direction=record["direction"],
        kind=record["agent_kind"],
        path=record["path"],
        voicemail=record["voicemail"],
    )
