"""The JSON API: the same answers as the pages give, as data; amounts are text (R48)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path, Query, Request

from dialnexa_routing.text.errors import ConfigError, UnknownNameError
from dialnexa_routing.web.api_models import (
    DecideAsked,
    LongestAsked,
    Problem,
    RateAsked,
    ScreenAsked,
    SwitchAsked,
    Written,
)
from dialnexa_routing.web.asked import AtDesk, NotGenuineError, Who
from dialnexa_routing.web.desk import Wanted
from dialnexa_routing.workspace.plain_data import plain
from dialnexa_routing.workspace.workspace_number import DEFAULT_PROVIDER

if TYPE_CHECKING:
    from dialnexa_routing.deck.rate_deck import RateDeck
    from dialnexa_routing.web.desk import Desk, Seen

WorkspaceId = Annotated[str, Path(max_length=200)]
Searched = Annotated[str, Query(max_length=200)]
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: {"model": Problem, "description": "What was sent cannot be used as it stands."},
    401: {"model": Problem, "description": "No token, or a wrong one."},
    404: {"model": Problem, "description": "A workspace, provider, country or group that is not there."},
    403: {"model": Problem, "description": "A change that comes from elsewhere."},
    422: {"model": Problem, "description": "A field is missing, unknown or of another type."},
    409: {"model": Problem, "description": "Somebody else has changed it since (R23)."},
}

router = APIRouter(prefix="/api", responses=_PROBLEMS)


@router.get("/health")
def health(desk: AtDesk) -> dict[str, Any]:
    """Digest and age of each deck in force."""
    return desk.health()


@router.get("/workspaces")
def workspaces(desk: AtDesk) -> list[str]:
    """The ids of all workspaces, in order."""
    return desk.workspaces()


@router.get("/workspaces/{workspace}/countries")
def countries(
    desk: AtDesk, workspace: WorkspaceId, provider: Searched | None = None, search: Searched = ""
) -> list[dict[str, Any]]:
    """A provider's countries by name, ISO code or calling code (R24, R25)."""
    found = desk.seen(workspace).telephony.countries(provider, search)
    return [one.to_dict() for one in found]


@router.get("/workspaces/{workspace}/network-groups")
def network_groups(
    desk: AtDesk,
    workspace: WorkspaceId,
    country: Searched | None = None,
    provider: Searched | None = None,
    search: Searched = "",
) -> list[dict[str, Any]]:
    """Network groups by name or prefix, of one country or of all (R24-R26)."""
    found = desk.seen(workspace).telephony.network_groups(country, provider, search)
    return [one.to_dict() for one in found]


@router.get("/workspaces/{workspace}/telephony")
def telephony(desk: AtDesk, workspace: WorkspaceId) -> dict[str, Any]:
    """Providers, SIP/BYOC and the version that a switch is written on top of (R24, R27)."""
    seen = desk.seen(workspace)
    return {
        "workspace": workspace,
        "version": seen.versioned.version,
        "changed_by": seen.versioned.changed_by,
        "changed_at": seen.versioned.changed_at.isoformat(),
        "plan": None if seen.plan is None else seen.plan.id,
        "providers": [one.to_dict() for one in seen.telephony.providers()],
        "sip": seen.telephony.sip().to_dict(),
        "unknown_switches": [one._asdict() for one in seen.telephony.unknown_switches()],
    }


@router.post("/workspaces/{workspace}/switch")
def switch(request: Request, desk: AtDesk, who: Who, workspace: WorkspaceId, wanted: SwitchAsked) -> Written:
    """Switches on or off on top of a version; 409 where that is no longer the latest (R23)."""
    _must_be_json(request)
    change = Wanted(wanted.provider, wanted.country, wanted.group, wanted.on)
    written = desk.switch(workspace, change, version=wanted.version, by=who)
    return Written(version=written.version, changed_at=written.changed_at, changed_by=written.changed_by)


@router.get("/workspaces/{workspace}/history")
def history(desk: AtDesk, workspace: WorkspaceId) -> list[dict[str, Any]]:
    """All versions, the first one first; secrets are masked."""
    return [
        {
            "version": one.version,
            "changed_at": one.changed_at.isoformat(),
            "changed_by": one.changed_by,
            "note": one.note,
            "what": list(one.what),
        }
        for one in desk.store.history(workspace)
    ]


@router.post("/workspaces/{workspace}/decide")
def decide(desk: AtDesk, workspace: WorkspaceId, call: DecideAsked) -> dict[str, Any]:
    """May this call go out (R35)? A refusal is an answer, so it is 200 as well; `status` has its own."""
    seen = desk.seen(workspace, call.at)
    router = desk.router(seen)
    asked = router.explain_outbound if call.explain else router.outbound
    answer = asked(
        call.to,
        call.source,
        agent=call.agent,
        version=call.version,
        origin=call.origin,
        purpose=call.purpose,
        facts=None if call.facts is None else call.facts.facts(),
        at=seen.at,
    )
    return answer.to_dict()


@router.post("/workspaces/{workspace}/screen")
def screen(desk: AtDesk, workspace: WorkspaceId, wanted: ScreenAsked) -> list[dict[str, Any]]:
    """Which recipients may be called: a row for each, in order (R39)."""
    import polars as pl  # the rest of the API does without

    seen = desk.seen(workspace, wanted.at)
    frame = pl.DataFrame({"phone_number": wanted.recipients}, schema={"phone_number": pl.String})
    screened = desk.router(seen).screen(frame, source=wanted.source, purpose=wanted.purpose, at=seen.at)
    return screened.to_dicts()


@router.post("/workspaces/{workspace}/rate")
def rate(desk: AtDesk, workspace: WorkspaceId, call: RateAsked) -> dict[str, Any]:
    """What a call costs, with every step where `explain` is true; what cannot be charged has a reason."""
    seen = desk.seen(workspace, call.at)
    deck = _deck(desk, seen, call.provider)
    _only_of_plans(seen, call)
    if seen.plan is None:
        by_deck: dict[str, Any] = {
            "at": seen.at,
            "direction": call.direction,
            "number_plan": desk.number_plan,
        }
        if call.explain:
            return deck.explain(call.number, seconds=call.seconds, **by_deck).to_dict()
        charge = deck.rate(call.number, call.seconds, **by_deck)
        return {
            "plan": None,
            "network_group": None if charge.match is None else charge.match.network_group,
            "billed_seconds": charge.billed_seconds,
            "charge": plain(charge.total),
            "reason": plain(charge.reason),
            "deck_digest": deck.digest,
        }
    asked: dict[str, Any] = {
        "number": call.number,
        "seconds": call.seconds,
        "at": seen.at,
        "direction": call.direction,
        "agent_kind": call.agent_kind,
        "path": call.path,
        "number_plan": desk.number_plan,
    }
    if call.explain:
        return seen.plan.explain(deck, **asked).to_dict()
    billed = seen.plan.rate(deck, **asked)
    return {
        "plan": billed.plan,
        "network_group": None if billed.match is None else billed.match.network_group,
        "billed_seconds": billed.billed_seconds,
        "lines": [
            {"component": str(one.component), "rate": plain(one.rate), "amount": plain(one.amount)}
            for one in billed.lines
        ],
        "charge": plain(billed.total),
        "reason": plain(billed.reason),
        "deck_digest": deck.digest,
    }


@router.post("/workspaces/{workspace}/longest-call")
def longest_call(desk: AtDesk, workspace: WorkspaceId, call: LongestAsked) -> dict[str, Any]:
    """How long a call may last for a balance: whole seconds, null where nothing up to a day bounds them."""
    seen = desk.seen(workspace, call.at)
    deck, balance = _deck(desk, seen, call.provider), Decimal(call.balance)
    _only_of_plans(seen, call)
    by: dict[str, Any] = {"at": seen.at, "direction": call.direction, "number_plan": desk.number_plan}
    if seen.plan is None:
        found = deck.longest_call(call.number, balance, **by)
    else:
        found = seen.plan.longest_call(
            deck, number=call.number, balance=balance, agent_kind=call.agent_kind, path=call.path, **by
        )
    return {
        "seconds": found.seconds,
        "held": plain(found.held),
        "reason": plain(found.reason),
        "plan": None if seen.plan is None else seen.plan.id,
        "deck_digest": deck.digest,
    }


def _only_of_plans(seen: Seen, call: RateAsked | LongestAsked) -> None:
    """Raises `ConfigError` for fields that nothing would look at: a deck knows neither agent nor path."""
    given = call.model_fields_set & {"agent_kind", "path"}
    if seen.plan is None and given:
        raise ConfigError(
            f"{' and '.join(sorted(given))} is of billing plans, and workspace {seen.workspace.id!r} has"
            " none: leave it out"
        )


def _deck(desk: Desk, seen: Seen, provider: str | None) -> RateDeck:
    decks = desk.decks_at(seen.at)
    name = provider or (seen.workspace.provider if seen.workspace.provider in decks else DEFAULT_PROVIDER)
    if name not in decks:
        raise UnknownNameError(f"there is no deck of provider {name!r}; there are {', '.join(sorted(decks))}")
    return decks[name]


def _must_be_json(request: Request) -> None:
    """A form of another site cannot send this type without being asked first, so it needs no field."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise NotGenuineError
