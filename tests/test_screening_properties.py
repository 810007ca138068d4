"""Files screened as columns have the answers that the router gives for each of their rows (R39, R54)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from decks import deck_of
from dialnexa_routing.numbers.number_plan import WORLD
from dialnexa_routing.numbers.number_reading import NumberReading, Separators
from dialnexa_routing.workspace.agent import Agent, AgentVersion, VersionStatus
from dialnexa_routing.workspace.choices import (
    Choices,
    IndiaRules,
    Purpose,
    Sector,
    SipBypass,
    TrunkEmergency,
    Winner,
)
from dialnexa_routing.workspace.country_rule import CountryRule
from dialnexa_routing.workspace.decision import Allowed, Deferred, Refused
from dialnexa_routing.workspace.policy.question import CallOrigin
from dialnexa_routing.workspace.policy.setting import Screen
from dialnexa_routing.workspace.router import Router
from dialnexa_routing.workspace.workspace import EnabledGroups, Workspace
from dialnexa_routing.workspace.workspace_number import WorkspaceNumber
from strategies import TIMES, numbers, sheets

if TYPE_CHECKING:
    from datetime import datetime

    from dialnexa_routing.workspace.decision import Decision

GROUPS = ["India", "Mobile", "more than twelve letters", "é"]
PLIVO, INDIAN, SIP, OTHER = "+14155550100", "+911400000001", "+911600000001", "+4420"
SOURCES = [PLIVO, INDIAN, SIP, OTHER]
AGENT = Agent(id="a", versions=(AgentVersion(version=1, status=VersionStatus.PUBLISHED),))
NUMBERS = (
    WorkspaceNumber(number=PLIVO, outbound_version="a@1"),
    WorkspaceNumber(number=INDIAN, outbound_version="a@1"),
    WorkspaceNumber(number=SIP, outbound_version="a@1", provider="plivo", sip_trunk_enabled=True),
    WorkspaceNumber(number=OTHER, outbound_version="a@1", provider="without deck"),
)
ENABLED = st.lists(
    st.builds(
        EnabledGroups,
        provider=st.sampled_from(["plivo", "plivo", "without deck"]),
        country_iso=st.sampled_from(["IN", "ZZ"]),
        network_groups=st.lists(st.sampled_from([*GROUPS, "withdrawn"]), max_size=3),
    ),
    max_size=4,
)
CHOICES = st.builds(
    Choices,
    winner=st.sampled_from(Winner),
    sip_bypass=st.sampled_from(SipBypass),
    trunk_emergency=st.sampled_from(TrunkEmergency),
    india=st.none()
    | st.builds(IndiaRules, sector=st.sampled_from(Sector), purpose=st.none() | st.sampled_from(Purpose)),
)
RULES = st.lists(
    st.builds(
        CountryRule,
        country_iso=st.just("IN"),
        calling_code=st.sampled_from(["9", "91", "1", "15", "919"]),
        min_length=st.none() | st.integers(1, 5),
        max_length=st.none() | st.integers(5, 14),
        trunk_prefix=st.sampled_from([None, "0", "00", "01", "1"]),
    ),
    max_size=4,
)
ADDRESSES = (
    "sip:+919812345678@pbx.example;user=phone",
    '"Asha" <sip:919812345678@10.0.0.1:5060>',
    "tel:+91-98123-45678",
    "tel:7042;phone-context=a.example",
    "sip:112@a.example",
    "919812345678@10.0.0.1",
    "sip:asha@a.example",
)
WHOLE = st.lists(
    st.sampled_from(
        ["919812345678", "+9812345678", "112", "+911", "91112", "2710177", "+14155550100", *ADDRESSES]
    ),
    max_size=4,
)
SCREENS = st.lists(
    st.sampled_from(
        [
            Screen("dnd", lambda number: number.endswith("5")),
            Screen("own_list", lambda number: "00" in number),
        ]
    ),
    max_size=2,
)
READING = st.builds(
    NumberReading,
    international_prefix=st.sampled_from([None, "00"]),
    separators=st.sampled_from(Separators),
    addresses=st.sampled_from(["refused", "read"]),
) | st.just(NumberReading(calling_code="91", trunk_prefix="0"))


@st.composite
def routers(draw: st.DrawFn, rows: list[dict[str, Any]]) -> Router:
    workspace = Workspace(
        id="shop",
        numbers=NUMBERS,
        agents=(AGENT,),
        enabled=tuple(draw(ENABLED)),
        sip_enabled=draw(st.booleans()),
        choices=draw(CHOICES),
    )
    return Router(
        workspace,
        decks={"plivo": deck_of(rows, keep_redundant=draw(st.booleans()))},
        country_rules=draw(RULES),
        screens=draw(SCREENS),
        number_plan=draw(st.sampled_from([None, WORLD, WORLD.replaced("91", {2, 3, 10})])),
    )


def row(number: str | None, decision: Decision | None) -> dict[str, Any]:
    """What a screened row says of a decision; that a call has to wait is no reason against it."""
    if number is None or decision is None:
        return {"number": None, "reason": "invalid_number"} | dict.fromkeys(DESTINATION)
    if isinstance(decision, Refused) and decision.reason == "invalid_number":
        number = None
    where = (
        None if isinstance(decision, Deferred) else {name: getattr(decision, name) for name in DESTINATION}
    )
    reason = decision.reason if isinstance(decision, Refused) else None
    return {"number": number, "reason": reason} | (where or {})


DESTINATION = ("country_iso", "network_group", "prefix")


@given(data=st.data(), rows=sheets(), reading=READING, at=st.sampled_from(TIMES))
def test_r54_the_outcome_is_the_single_calls(
    data: st.DataObject, rows: list[dict[str, Any]], reading: NumberReading, at: datetime
) -> None:
    router, to = data.draw(routers(rows)), data.draw(numbers(rows)) + data.draw(WHOLE)
    source, purpose = data.draw(st.sampled_from(SOURCES)), data.draw(st.none() | st.sampled_from(Purpose))
    screened = router.screen(
        pl.DataFrame({"to": to}, schema={"to": pl.String}),
        to="to",
        source=source,
        reading=reading,
        purpose=purpose,
        at=at,
    )
    read = [reading.read(number) for number in to]
    assert screened["to"].to_list() == to
    assert screened["position"].to_list() == list(range(1, len(to) + 1))
    for found, one in zip(screened.iter_rows(named=True), read, strict=True):
        decision = None if one.number is None else router.outbound(one.number, source, purpose=purpose, at=at)
        expected = row(one.number, decision)
        assert {name: found[name] for name in expected} == expected
        assert found["change"] == (None if found["number"] is None else one.change)


@given(data=st.data(), rows=sheets(), at=st.sampled_from(TIMES))
def test_r40_any_source_that_can_reach_will_do(
    data: st.DataObject, rows: list[dict[str, Any]], at: datetime
) -> None:
    router = data.draw(routers(rows))
    to = [
        number
        for number in data.draw(numbers(rows)) + data.draw(WHOLE)
        if number and NumberReading().read(number).number
    ]
    sources = data.draw(st.lists(st.sampled_from(SOURCES), min_size=1, max_size=5))
    frame = pl.DataFrame({"to": to}, schema={"to": pl.String})
    screened = router.screen(frame, to="to", source=sources, at=at)
    for text, found in zip(to, screened.iter_rows(named=True), strict=True):
        number = NumberReading().read(text).number
        assert number is not None
        expected = row(number, router.lead(number, sources, at=at))
        assert {name: found[name] for name in expected} == expected
        ways = [router.outbound(number, one, origin=CallOrigin.WORKFLOW, at=at) for one in sources]
        assert (found["reason"] is None) == any(isinstance(way, Allowed | Deferred) for way in ways)


@given(data=st.data(), rows=sheets(dated=False))
def test_lazy_in_batches_and_without_a_source_it_is_the_same(
    data: st.DataObject, rows: list[dict[str, Any]]
) -> None:
    router = data.draw(routers(rows))
    frame = pl.DataFrame({"to": data.draw(numbers(rows))}, schema={"to": pl.String})
    whole = router.screen(frame, to="to")
    # The workspace's provider counts; a number that is not Indian is under no rules of India.
    assert router.screen(frame, to="to", source=PLIVO).equals(whole)
    lazy = router.screen(frame.lazy(), to="to")
    assert lazy.collect_schema() == whole.schema
    assert lazy.collect(engine="streaming").equals(whole)
    cut = data.draw(st.integers(0, frame.height))
    parts = pl.concat([frame[:cut], frame[cut:]], rechunk=False)
    assert router.screen(parts, to="to").equals(whole)
