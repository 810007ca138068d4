"""One call on its way through the checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dialnexa_routing.workspace.policy.facts import CallOrigin

if TYPE_CHECKING:
    from datetime import datetime

    from dialnexa_routing._deck import Match
    from dialnexa_routing.money.call_words import Direction
    from dialnexa_routing.workspace.calling_window import CallingWindow
    from dialnexa_routing.workspace.choices import Purpose
    from dialnexa_routing.workspace.policy.facts import Facts
    from dialnexa_routing.workspace.policy.source_check import Own
    from dialnexa_routing.workspace.policy.versions import Version


@dataclass(slots=True)
class Call:
    """What was asked for, and what the checks have found so far; lives as long as one question.

    Attributes:
        direction: which of a group's prices counts; None for a web call.
        to: the number at the other end.
        source: our number, as it was asked for.
        at_us: microseconds since 1970, of `at`.
        targets: of a transfer.
        is_number: the numbers are E.164, and as their countries have them.
        own: our number.
        version: that answers or places the call.
        decides: the match whose switch decides (R16), and whose country is the destination's (R18).
        match: the match that carries the call, and is rated (R46).
    """

    direction: Direction | None
    to: str = ""
    source: str | None = None
    agent: str | None = None
    version_number: int | None = None
    origin: CallOrigin = CallOrigin.API
    purpose: Purpose | None = None
    window: CallingWindow | None = None
    facts: Facts | None = None
    at: datetime | None = None
    at_us: int | None = None
    targets: tuple[str, ...] = ()
    is_number: bool = False
    own: Own | None = None
    version: Version | None = None
    decides: Match | None = None
    match: Match | None = None
