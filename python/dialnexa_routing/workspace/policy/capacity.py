"""Is there room for one more call (R36)?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialnexa_routing.workspace.choices import AtCapacity
from dialnexa_routing.workspace.decision import Deferred, Refusal, refused
from dialnexa_routing.workspace.policy.check import Check, not_asked, passed
from dialnexa_routing.workspace.policy.facts import CallOrigin

if TYPE_CHECKING:
    from dialnexa_routing.workspace.policy.call import Call
    from dialnexa_routing.workspace.policy.check import Answer, Verdict
    from dialnexa_routing.workspace.policy.setting import Setting


def _ask(setting: Setting, call: Call) -> Answer:
    if setting.capacity is None or call.facts is None or call.facts.live_calls < setting.capacity:
        return None
    full = f"{call.facts.live_calls} calls are live, and the workspace has room for {setting.capacity}"
    conflicts = call.origin is CallOrigin.API and setting.at_capacity is AtCapacity.CONFLICT
    if call.direction != "outbound" or conflicts:
        return refused(Refusal.AT_CAPACITY, f"{full}; try again when one has ended (R36)")
    return Deferred(
        reason=Refusal.AT_CAPACITY, until=None, sentence=f"{full}; the call waits until one has ended (R36)"
    )


def _told(setting: Setting, call: Call) -> tuple[Verdict, str]:
    if setting.capacity is None:
        return not_asked("the workspace has no limit of live calls")
    if call.facts is None:
        return not_asked("no facts were passed")
    return passed(f"{call.facts.live_calls} of {setting.capacity} calls are live")


CAPACITY = Check("capacity", "R36", _ask, _told)
