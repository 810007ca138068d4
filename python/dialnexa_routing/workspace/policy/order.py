"""Which checks a call is asked, in which order (R35)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialnexa_routing.workspace.policy.agent_check import AGENT_CALLED, AGENT_NAMED, AGENT_OF_SOURCE
from dialnexa_routing.workspace.policy.balance import BALANCE
from dialnexa_routing.workspace.policy.capacity import CAPACITY
from dialnexa_routing.workspace.policy.destination import DESTINATION
from dialnexa_routing.workspace.policy.group import GROUP
from dialnexa_routing.workspace.policy.india import INDIA
from dialnexa_routing.workspace.policy.kyc import KYC
from dialnexa_routing.workspace.policy.number_check import NUMBER, OWN_NUMBER
from dialnexa_routing.workspace.policy.screens import SCREENS
from dialnexa_routing.workspace.policy.source_check import CALLED, SOURCE, SOURCE_OF_AGENT
from dialnexa_routing.workspace.policy.transfer import TARGETS
from dialnexa_routing.workspace.policy.window_check import WINDOW

if TYPE_CHECKING:
    from dialnexa_routing.workspace.policy.call import Call
    from dialnexa_routing.workspace.policy.check import Check

_DESTINATION = (DESTINATION, INDIA, SCREENS)
_BEFORE_DIALLING = (KYC, *_DESTINATION, BALANCE, WINDOW, CAPACITY)
_OF_SOURCE = (NUMBER, SOURCE, AGENT_OF_SOURCE, *_BEFORE_DIALLING)
_OF_BOTH = (NUMBER, SOURCE, AGENT_NAMED, *_BEFORE_DIALLING)
_OF_AGENT = (NUMBER, AGENT_NAMED, SOURCE_OF_AGENT, *_BEFORE_DIALLING)

INBOUND = (OWN_NUMBER, CALLED, AGENT_CALLED, GROUP, BALANCE, CAPACITY)
WEB = (AGENT_NAMED, BALANCE, CAPACITY)
TRANSFER = (TARGETS, SOURCE)
LEG = (NUMBER, *_DESTINATION)


def outbound(call: Call) -> tuple[Check, ...]:
    """Without an agent the source names the version; without a source the version names the number (R32)."""
    if call.agent is None:
        return _OF_SOURCE
    return _OF_AGENT if call.source is None else _OF_BOTH
