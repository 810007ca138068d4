"""Which checks a call is asked, in which order (R35)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialnexa_routing.workspace.policy.ceiling_check import CEILING
from dialnexa_routing.workspace.policy.destination_check import DESTINATION, GROUP
from dialnexa_routing.workspace.policy.gates import BALANCE, CAPACITY, KYC, SCREENS
from dialnexa_routing.workspace.policy.number_check import NUMBER, OWN_NUMBER, PLAN, TARGETS
from dialnexa_routing.workspace.policy.source_check import (
    AGENT_CALLED,
    AGENT_NAMED,
    AGENT_OF_SOURCE,
    CALLED,
    SOURCE,
    SOURCE_OF_AGENT,
)
from dialnexa_routing.workspace.policy.window_check import INDIA, WINDOW

if TYPE_CHECKING:
    from dialnexa_routing.workspace.policy.check import Check
    from dialnexa_routing.workspace.policy.question import Call

_DESTINATION = (DESTINATION, INDIA, SCREENS)
_BEFORE_DIALLING = (PLAN, KYC, *_DESTINATION, BALANCE, CEILING, WINDOW, CAPACITY)
_OF_SOURCE = (NUMBER, SOURCE, AGENT_OF_SOURCE, *_BEFORE_DIALLING)
_OF_BOTH = (NUMBER, SOURCE, AGENT_NAMED, *_BEFORE_DIALLING)
_OF_AGENT = (NUMBER, AGENT_NAMED, SOURCE_OF_AGENT, *_BEFORE_DIALLING)

INBOUND = (OWN_NUMBER, CALLED, AGENT_CALLED, GROUP, BALANCE, CEILING, CAPACITY)
WEB = (AGENT_NAMED, BALANCE, CEILING, CAPACITY)
TRANSFER = (TARGETS, SOURCE)
LEG = (NUMBER, PLAN, *_DESTINATION, CEILING)


def outbound(call: Call) -> tuple[Check, ...]:
    """Without an agent the source names the version; without a source the version names the number (R32)."""
    if call.agent is None:
        return _OF_SOURCE
    return _OF_AGENT if call.source is None else _OF_BOTH
