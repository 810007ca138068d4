"""The number explorer: digits to prefix, network group, price, decision with every check, and charge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from dialnexa_routing.files.document_model import NO_COUNTRY
from dialnexa_routing.text.errors import RoutingError
from dialnexa_routing.text.html import Markup
from dialnexa_routing.web.asked import AtDesk, moment
from dialnexa_routing.web.rendering import page
from dialnexa_routing.workspace.telephony.switch import Switch, switched_on

if TYPE_CHECKING:
    from dialnexa_routing._deck import Match
    from dialnexa_routing.store.version import Change
    from dialnexa_routing.web.desk import Desk, Seen

router = APIRouter(include_in_schema=False)
_MAX_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Found:
    """What a provider's deck has for some digits: a match with its switch, or why there is none."""

    provider: str
    match: Match | None = None
    is_on: bool = False
    switched: Change | None = None
    sentence: str = ""


@router.get("/workspaces/{workspace}/number", name="explore")
def explore(
    request: Request,
    desk: AtDesk,
    workspace: str,
    number: str = "",
    source: str = "",
    seconds: str = "",
    at: str = "",
    direction: str = "outbound",
) -> HTMLResponse:
    """One number in every deck, what is decided about a call to it, and what the call costs."""
    sentence = ""
    now = desk.now().replace(microsecond=0)
    seen = desk.seen(workspace, now)
    try:
        seen = desk.seen(workspace, moment(at) or now)
    except RoutingError as error:
        sentence = str(error)
    typed = _typed(number)
    found, decision, charge = [], None, None
    if typed and not sentence:
        try:
            found = [_found(desk, seen, provider, typed) for provider in sorted(desk.decks)]
            decision = _decided(desk, seen, typed, source)
            charge = _charged(desk, seen, typed, seconds, direction)
        except (RoutingError, ValueError) as error:
            sentence = str(error)
    return page(
        request,
        "number.html",
        seen=seen,
        number=number,
        source=source,
        seconds=seconds,
        at=at,
        direction=direction,
        found=found,
        decision=decision,
        charge=charge,
        sentence=sentence,
        tab="explore",
    )


def _typed(number: str) -> str:
    """Digits with the plus that an address, where it means a blank, or a person leaves out."""
    digits = "".join(number.split())
    return f"+{digits}" if digits.isascii() and digits.isdecimal() else digits


def _found(desk: Desk, seen: Seen, provider: str, number: str) -> Found:
    try:
        match = desk.decks[provider].match(number, at=seen.at)
    except RoutingError as error:
        return Found(provider, sentence=str(error))
    if match is None:
        return Found(provider, sentence="no prefix begins it")
    switch = Switch(provider, match.country_iso or NO_COUNTRY, match.network_group)
    changed = desk.switched(seen.workspace.id, switch)
    return Found(provider, match, switch in switched_on(seen.workspace), changed)


def _decided(desk: Desk, seen: Seen, number: str, source: str) -> Markup | None:
    """What is decided about an outbound call, as HTML; None where no number of ours could place it."""
    sources = [one.number for one in seen.workspace.numbers]
    if not sources:
        return None
    explained = desk.router(seen).explain_outbound(number, source or sources[0], at=seen.at)
    return Markup(explained.html())


def _charged(desk: Desk, seen: Seen, number: str, seconds: str, direction: str) -> Markup | None:
    """The charge of a call to it, explained: by the workspace's plan, else by the deck of its provider."""
    written = seconds.strip()
    if not written:
        return None
    if not (written.isascii() and written.isdecimal()) or int(written) > _MAX_SECONDS:
        raise ValueError(f"{seconds!r} is no number of seconds up to {_MAX_SECONDS}; write it as 263")
    if direction not in ("outbound", "inbound"):
        raise ValueError(f"direction is {direction!r}; it is outbound or inbound")
    deck = desk.decks_at(seen.at).get(seen.workspace.provider)
    if deck is None:
        raise ValueError(f"there is no deck of provider {seen.workspace.provider!r}, so nothing has a price")
    explained = deck.explain(
        number,
        seconds=int(written),
        at=seen.at,
        direction="inbound" if direction == "inbound" else "outbound",
        plan=seen.plan,
        number_plan=desk.number_plan,
    )
    return Markup(explained.html())
