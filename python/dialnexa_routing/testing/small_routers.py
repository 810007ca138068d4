"""A router in one line, for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialnexa_routing.workspace.router import Router
from dialnexa_routing.workspace.telephony.config import Telephony
from dialnexa_routing.workspace.workspace import Workspace

if TYPE_CHECKING:
    from dialnexa_routing.deck.rate_deck import RateDeck

SOURCE = "+912235550100"
"""The number that calls, of a router that names none."""


def router(deck: RateDeck, *, source: str = SOURCE, **parts: Any) -> Router:
    """A router of one workspace with one number, one published agent, and everything of a deck switched on.

    Args:
        deck: of the workspace's provider, which is ``plivo``.
        source: the workspace's number, for `Router.outbound`.
        **parts: fields of the `Workspace` in place of these, as ``calling_window`` or ``choices``; and
            arguments of `Router`, as ``plans`` or ``screens``.

    Raises:
        ConfigError: a field that is none, or cannot be as it stands.

    >>> from dialnexa_routing import testing
    >>> small = testing.router(testing.deck({"9198": ("India - Mobile", "0.80")}))
    >>> small.outbound("+919812345678", testing.SOURCE).network_group
    'India - Mobile'
    >>> str(small.outbound("+442079460018").reason)
    'no_source_number'
    """
    made = {
        name: parts.pop(name)
        for name in ("plans", "country_rules", "screens", "number_plan")
        if name in parts
    }
    plain = {
        "id": "test",
        "agents": [{"id": "agent", "versions": [{"version": 1, "status": "published"}]}],
        "numbers": [{"number": source, "outbound_version": "agent@1", "inbound_version": "agent@1"}],
    }
    workspace = Workspace(**(plain | parts))
    decks = {workspace.provider: deck}
    if "enabled" not in parts:
        workspace = Telephony(workspace, decks).enable(provider=workspace.provider)
    return Router(workspace, decks=decks, **made)
