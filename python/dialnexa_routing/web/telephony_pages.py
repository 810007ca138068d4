"""Telephony Config as pages: providers, countries, network groups, switches, history (R22-R27)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from dialnexa_routing.store.version import StaleVersionError
from dialnexa_routing.web.asked import AtDesk, Genuine, Who
from dialnexa_routing.web.desk import Wanted
from dialnexa_routing.web.rendering import page
from dialnexa_routing.workspace.telephony.recommend import Scenario, recommend_provider
from dialnexa_routing.workspace.telephony.search import digits_of, folded
from dialnexa_routing.workspace.workspace_number import SIP

if TYPE_CHECKING:
    from dialnexa_routing.web.desk import Desk, Seen

router = APIRouter(include_in_schema=False)
SHOWN_PREFIXES = 8


@router.get("/", name="home")
def home(request: Request, desk: AtDesk) -> Response:
    """All workspaces; the only one at once."""
    ids = desk.workspaces()
    if len(ids) == 1:
        return RedirectResponse(request.url_for("telephony", workspace=ids[0]).path, 303)
    return page(request, "home.html", workspaces=ids)


@router.get("/workspaces/{workspace}/telephony", name="telephony")
def telephony(
    request: Request,
    desk: AtDesk,
    workspace: str,
    provider: str = "",
    country: str = "",
    search: str = "",
    group: str = "",
    done: int = 0,
) -> HTMLResponse:
    """Provider selector, countries and, of one of them, network groups, each with its search (R24-R27)."""
    said = _said(desk, workspace, done)
    return _shown(request, desk.seen(workspace), provider, country, search, group, done=said)


@router.post("/workspaces/{workspace}/switch", name="switch", dependencies=[Genuine])
def switch(
    request: Request,
    desk: AtDesk,
    who: Who,
    workspace: str,
    version: Annotated[int, Form()],
    provider: Annotated[str, Form()],
    on: Annotated[bool, Form()],
    country: Annotated[str, Form()] = "",
    group_name: Annotated[str, Form()] = "",
    search: Annotated[str, Form()] = "",
    group: Annotated[str, Form()] = "",
    opened: Annotated[str, Form()] = "",
) -> Response:
    """Switches on or off; what somebody else has changed meanwhile is shown, and not written over (R23)."""
    wanted = Wanted(provider, country or None, group_name or None, on)
    kept = {"provider": provider, "country": opened, "search": search, "group": group}
    try:
        written = desk.switch(workspace, wanted, version=version, by=who)
    except StaleVersionError:
        since = [change for change in desk.store.history(workspace) if change.version > version]
        return _shown(
            request, desk.seen(workspace), provider, opened, search, group, 409, since=since, wanted=wanted
        )
    return _back(request, workspace, kept | {"done": str(written.version)})


@router.post("/workspaces/{workspace}/provider", name="select", dependencies=[Genuine])
def select(
    request: Request,
    desk: AtDesk,
    who: Who,
    workspace: str,
    version: Annotated[int, Form()],
    provider: Annotated[str, Form()],
) -> Response:
    """Makes a provider the workspace's own (R10)."""
    written = desk.select(workspace, provider, version=version, by=who)
    return _back(request, workspace, {"done": str(written.version)})


@router.get("/workspaces/{workspace}/history", name="history")
def history(request: Request, desk: AtDesk, workspace: str, done: int = 0) -> HTMLResponse:
    """Who changed what and when, the last first."""
    seen = desk.seen(workspace)
    changes = desk.store.history(workspace)[::-1]
    said = _said(desk, workspace, done)
    return page(request, "history.html", seen=seen, changes=changes, done=said, tab="history")


@router.post("/workspaces/{workspace}/undo", name="undo", dependencies=[Genuine])
def undo(
    request: Request,
    desk: AtDesk,
    who: Who,
    workspace: str,
    version: Annotated[int, Form()],
    undone: Annotated[int, Form()],
) -> Response:
    """Puts switches back to what they were before a version; that is a version too."""
    written = desk.undo(workspace, undone, version=version, by=who)
    place = request.url_for("history", workspace=workspace)
    return RedirectResponse(place.include_query_params(done=written.version), 303)


@router.get("/workspaces/{workspace}/recommend", name="recommend")
def recommend(
    request: Request, desk: AtDesk, workspace: str, scenario: str = "", country: str = ""
) -> HTMLResponse:
    """Which provider to take for a purpose (R13)."""
    seen = desk.seen(workspace)
    answer = None
    if scenario:
        decks = desk.decks_at(seen.at)
        answer = recommend_provider(scenario, country=country.strip() or None, decks=decks)
    return page(
        request,
        "recommend.html",
        seen=seen,
        scenarios=list(Scenario),
        scenario=scenario,
        country=country,
        answer=answer,
        tab="recommend",
    )


def ordered(prefixes: tuple[str, ...], search: str) -> list[str]:
    """Prefixes as they are looked at: those that a search of digits is about first, then short ones.

    >>> ordered(("9160", "91", "919812"), "+9198")
    ['919812', '91', '9160']
    """
    digits = digits_of(folded(search)) or ""
    about = {one for one in prefixes if digits and one.startswith(digits)}
    return sorted(prefixes, key=lambda one: (one not in about, len(one), one))


def _shown(
    request: Request,
    seen: Seen,
    provider: str,
    country: str,
    search: str,
    group: str,
    status: int = 200,
    **more: Any,
) -> HTMLResponse:
    config = seen.telephony
    providers = config.providers()
    name = provider or seen.workspace.provider
    if not provider and name not in {one.name for one in providers}:
        name = providers[0].name
    countries = config.countries(name, search)
    digits = digits_of(folded(search))
    if country:
        groups = config.network_groups(country, name, group)
    elif digits is not None and name != SIP:
        groups = config.network_groups(None, name, search)
    else:
        groups = ()
    iso = groups[0].country_iso if country and groups else country
    values: dict[str, Any] = {"done": "", "since": (), "wanted": None} | more
    return page(
        request,
        "telephony.html",
        status,
        seen=seen,
        config=config,
        providers=providers,
        provider=name,
        countries=countries,
        country=next((one for one in config.countries(name) if one.iso == iso), None),
        digits=None if country else digits,
        groups=groups,
        search=search,
        group=group,
        sip=config.sip(),
        unknown=config.unknown_switches(),
        shown_prefixes=SHOWN_PREFIXES,
        ordered=ordered,
        tab="telephony",
        **values,
    )


def _said(desk: Desk, workspace: str, version: int) -> str:
    """What a change did; by its number, since an address could bring any words."""
    if not version:
        return ""
    change = desk.change(workspace, version)
    return f"{change.note or 'changed'}, by {change.changed_by}"


def _back(request: Request, workspace: str, query: dict[str, str]) -> RedirectResponse:
    place = request.url_for("telephony", workspace=workspace)
    return RedirectResponse(place.include_query_params(**{k: v for k, v in query.items() if v}), 303)
