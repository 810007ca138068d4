"""Strategies of hypothesis: whole workspaces and billing plans, with odd but valid texts."""

from __future__ import annotations

from datetime import time
from typing import Any

from hypothesis import strategies as st

from dialnexa_routing.money.call_words import AgentKind
from dialnexa_routing.money.semantics import PartSecond, Pulse, Rounding
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.plans.plan_terms import SipRate, Voicemail
from dialnexa_routing.plans.price_list import DeckPrices, GroupPrice, PriceList
from dialnexa_routing.workspace import choices as readings
from dialnexa_routing.workspace.agent import Agent, AgentVersion, VersionRef, VersionStatus
from dialnexa_routing.workspace.calling_window import CallingWindow
from dialnexa_routing.workspace.sip_trunk import SipTrunk, TrunkAuthentication
from dialnexa_routing.workspace.workspace import EnabledGroups, Workspace
from dialnexa_routing.workspace.workspace_number import (
    NumberStatus,
    NumberType,
    RentalStatus,
    WorkspaceNumber,
)
from strategies import AMOUNT

TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
NAME = st.one_of(
    st.sampled_from(["plivo", "India - Mobile", "a.b", "x@y", "é₹", "# [t]", '"', "\\", "a\nb", "a\tb"]),
    TEXT.map(str.strip).filter(bool),
)
E164 = st.from_regex(r"\+[1-9][0-9]{0,14}", fullmatch=True)
PASSWORD = st.text(st.characters(codec="utf-8"), max_size=20).filter(lambda text: text.strip("*"))
ZONE = st.sampled_from([None, "Asia/Kolkata", "UTC", "America/New_York"])
TERMINATION = st.sampled_from(
    ["sip.example.com", "sip.example.com:5060", "192.0.2.1:1", "[2001:db8::1]:65535"]
)
ISO = st.sampled_from(["IN", "US", "ZZ"])


def sometimes(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


WINDOW = st.builds(
    CallingWindow,
    start=st.times(max_value=time(11, 59, 59)),
    end=st.times(min_value=time(12)),
    zone=ZONE,
)
AGENT = st.builds(
    Agent,
    id=NAME,
    kind=st.sampled_from(AgentKind),
    versions=st.lists(
        st.builds(AgentVersion, version=st.integers(1, 999_999_999), status=st.sampled_from(VersionStatus)),
        max_size=3,
        unique_by=lambda one: one.version,
    ),
    timezone=ZONE,
    max_call_s=st.integers(60, 5400),
)
CHOICES = st.builds(
    readings.Choices,
    winner=st.sampled_from(readings.Winner),
    sip_bypass=st.sampled_from(readings.SipBypass),
    at_capacity=st.sampled_from(readings.AtCapacity),
    balance_need=st.sampled_from(readings.BalanceNeed),
    india=sometimes(
        st.builds(
            readings.IndiaRules,
            sector=st.sampled_from(readings.Sector),
            purpose=sometimes(st.sampled_from(readings.Purpose)),
        )
    ),
    capacity=sometimes(st.integers(0, 2**40)),
)
ENABLED = st.builds(EnabledGroups, provider=NAME, country_iso=ISO, network_groups=st.lists(NAME, max_size=4))


@st.composite
def trunks(draw: st.DrawFn, number: str) -> SipTrunk:
    if draw(st.booleans()):
        login: dict[str, Any] = {"authentication": TrunkAuthentication.IP}
    else:
        login = {"username": draw(NAME), "password": draw(PASSWORD)}
    return SipTrunk(number=number, termination=draw(TERMINATION), nickname=draw(TEXT), **login)


@st.composite
def workspaces(
    draw: st.DrawFn, workspace_id: st.SearchStrategy[str] = NAME, number: st.SearchStrategy[str] = E164
) -> Workspace:
    agents = draw(st.lists(AGENT, max_size=3, unique_by=lambda one: one.id))
    slot = sometimes(
        st.builds(
            VersionRef, agent=st.sampled_from(agents).map(lambda one: one.id), version=st.integers(1, 9)
        )
        if agents
        else st.nothing()
    )
    one = st.builds(
        WorkspaceNumber,
        number=number,
        id=sometimes(NAME),
        provider=NAME,
        sip_trunk_enabled=st.booleans(),
        status=st.sampled_from(NumberStatus),
        rental=st.sampled_from(RentalStatus),
        type=st.sampled_from(NumberType),
        nickname=TEXT,
        inbound_version=slot,
        outbound_version=slot,
    )
    numbers = draw(st.lists(one, max_size=4, unique_by=lambda one: one.number))
    own = [one.number for one in numbers]
    linked = draw(st.lists(st.sampled_from(own), unique=True)) if own else []
    return Workspace(
        id=draw(workspace_id),
        name=draw(TEXT),
        provider=draw(st.sampled_from(["plivo", "telnyx"])),
        numbers=tuple(numbers),
        default_number=draw(st.sampled_from([None, *own])),
        trunks=tuple(draw(trunks(number)) for number in linked),
        agents=tuple(agents),
        enabled=tuple(draw(st.lists(ENABLED, max_size=3))),
        sip_enabled=draw(st.booleans()),
        calling_window=draw(sometimes(WINDOW)),
        billing_plan=draw(sometimes(NAME)),
        choices=draw(CHOICES),
    )


GROUP_PRICE = st.builds(
    GroupPrice, country_iso=ISO, network_group=NAME, outbound=sometimes(AMOUNT), inbound=sometimes(AMOUNT)
)
TELEPHONY = st.one_of(
    st.none(),
    st.builds(DeckPrices, markup_percent=st.decimals(-100, 10_000, places=3)),
    st.builds(
        PriceList,
        prices=st.lists(GROUP_PRICE, max_size=3, unique_by=lambda one: (one.country_iso, one.network_group)),
    ),
)


def plans(plan_id: st.SearchStrategy[str] = NAME) -> st.SearchStrategy[BillingPlan]:
    return st.builds(
        BillingPlan,
        id=plan_id,
        name=TEXT,
        stt=sometimes(AMOUNT),
        llm=sometimes(AMOUNT),
        tts=sometimes(AMOUNT),
        platform=sometimes(AMOUNT),
        telephony=TELEPHONY,
        sip=sometimes(st.builds(SipRate, outbound=AMOUNT, inbound=sometimes(AMOUNT))),
        pulse=st.builds(Pulse, initial_s=st.integers(1, 86_400), next_s=st.integers(1, 86_400)),
        part_second=st.sampled_from(PartSecond),
        rounding=st.sampled_from(Rounding),
        decimals=st.integers(0, 9),
        voicemail=st.sampled_from(Voicemail),
    )
