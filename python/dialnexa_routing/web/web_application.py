"""The application put together: pages, API, files of its own, and errors as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import JSONResponse, Response
from starlette.staticfiles import StaticFiles

from dialnexa_routing._deck import __version__
from dialnexa_routing.numbers.number_plan import WORLD
from dialnexa_routing.text.errors import ConflictError, RoutingError, UnknownNameError
from dialnexa_routing.web import api, number_pages, sheet_pages, telephony_pages
from dialnexa_routing.web.asked import NotGenuineError
from dialnexa_routing.web.desk import Desk
from dialnexa_routing.web.guard import Guard
from dialnexa_routing.web.rendering import HERE, page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from starlette.requests import Request

    from dialnexa_routing.deck.deck_watcher import DeckWatcher
    from dialnexa_routing.deck.rates import Rates
    from dialnexa_routing.numbers.number_plan import NumberPlan
    from dialnexa_routing.plans.billing_plan import BillingPlan
    from dialnexa_routing.store import ConfigStore


def application(
    store: ConfigStore,
    decks: Mapping[str, Rates | DeckWatcher],
    *,
    plans: Iterable[BillingPlan] = (),
    number_plan: NumberPlan | None = WORLD,
    who: Callable[[Request], str],
    now: Callable[[], datetime],
    token: str | None,
    hosts: Sequence[str] | None = None,
) -> FastAPI:
    """Telephony Config with its API as an ASGI application, to run or to mount in a service (R22-R27).

    Each workspace of the store has a URL of its own. Pages work without scripts and take nothing from
    elsewhere; the API has its OpenAPI document at ``api/openapi.json``.

    Args:
        store: where workspaces and plans are read, and switches written.
        decks: the deck, book of decks or watcher of each provider; read at each request, so a deck is
            swapped by assigning its key.
        plans: in front of those of the store.
        number_plan: by which a number can be none; None asks none.
        who: the name of whoever sends a request; it stands beside each change in the history.
        now: the only clock that the application knows; a time with a zone.
        token: what a caller must know, sixteen characters or more; None is for applications that are
            mounted behind a login of their own.
        hosts: names by which it may be called; None takes any.

    Raises:
        ConfigError: the token is short, or two plans have one id.
        TypeError: `decks` is no mapping.

    >>> from datetime import UTC, datetime
    >>> from dialnexa_routing.store import ConfigStore
    >>> app = application(
    ...     ConfigStore("sqlite://"),
    ...     {},
    ...     who=lambda request: request.headers["x-user"],
    ...     now=lambda: datetime(2026, 1, 1, tzinfo=UTC),
    ...     token=None,
    ... )
    >>> app.title
    'DialNexa routing'
    """
    made = FastAPI(
        title="DialNexa routing",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    made.state.desk = Desk(store, decks, plans, number_plan, now)
    made.state.who = who
    for room in (telephony_pages, number_pages, sheet_pages, api):
        made.include_router(room.router)
    made.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    made.add_exception_handler(RoutingError, _refused)
    made.add_exception_handler(NotGenuineError, _not_genuine)
    made.add_exception_handler(RequestValidationError, _invalid)
    made.add_exception_handler(HTTPException, _http)
    made.add_middleware(Guard, token=token)
    if hosts is not None:
        made.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
    return made


def _refused(request: Request, error: Exception) -> Response:
    status = 404 if isinstance(error, UnknownNameError) else 409 if isinstance(error, ConflictError) else 400
    return _problem(request, status, type(error).__name__, str(error))


def _not_genuine(request: Request, _: Exception) -> Response:
    return _problem(
        request, 403, "not_genuine", "this form is not of your session: open the page again, and send it"
    )


def _invalid(request: Request, error: Exception) -> Response:
    """In words of our own: the standard answer repeats what was sent, which may be a secret."""
    assert isinstance(error, RequestValidationError)
    told = [f"{'.'.join(map(str, one['loc'][1:])) or one['loc'][0]}: {one['msg']}" for one in error.errors()]
    return _problem(request, 422, "invalid_request", "; ".join(told))


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    sentence = f"there is no page {request.url.path}" if error.status_code == 404 else str(error.detail)
    answer = _problem(request, error.status_code, "http", sentence)
    answer.headers.update(error.headers or {})
    return answer


def _problem(request: Request, status: int, error: str, sentence: str) -> Response:
    if request.scope.get("path", "").removeprefix(request.scope.get("root_path", "")).startswith("/api/"):
        plain: dict[str, Any] = {"error": error, "sentence": sentence}
        return JSONResponse(plain, status)
    return page(request, "problem.html", status, sentence=sentence, status_code=status)
