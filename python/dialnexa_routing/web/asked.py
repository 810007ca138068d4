"""What requests bring besides their path: who asks, a genuine form, a time."""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Form, Request

from dialnexa_routing.text.errors import ConfigError
from dialnexa_routing.web.desk import Desk
from dialnexa_routing.web.guard import CSRF_FIELD

if TYPE_CHECKING:
    from collections.abc import Callable


class NotGenuineError(Exception):
    """A change that no page of this application was sent from."""


def desk_of(request: Request) -> Desk:
    """The desk of the application that a request came to."""
    desk: Desk = request.app.state.desk
    return desk


def who_of(request: Request) -> str:
    """Who asks, by the function of the application's owner; it stands beside each change."""
    who: Callable[[Request], str] = request.app.state.who
    name = who(request)
    if not isinstance(name, str) or not name.strip():
        raise ConfigError("who= gave no name for this request; a change must state who made it")
    return name


def genuine(request: Request, csrf: Annotated[str, Form(alias=CSRF_FIELD)] = "") -> None:
    """Raises `NotGenuineError` unless the form has the session's own value, or a bearer sends it."""
    expected = request.state.csrf
    if not request.state.is_bearer and not hmac.compare_digest(csrf.encode(), expected.encode()):
        raise NotGenuineError


def moment(text: str) -> datetime | None:
    """A time that somebody typed; nothing is None, which is now.

    Raises `ConfigError` for what is no time, or one without an offset.
    """
    written = text.strip()
    if not written:
        return None
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        raise ConfigError(f"{written!r} is no time; write it as 2026-11-23T10:00:00+05:30") from None
    if at.utcoffset() is None:
        raise ConfigError(f"{written!r} has no offset; write it as 2026-11-23T10:00:00+05:30 (R50)")
    return at


AtDesk = Annotated[Desk, Depends(desk_of)]
Who = Annotated[str, Depends(who_of)]
Genuine = Depends(genuine)
