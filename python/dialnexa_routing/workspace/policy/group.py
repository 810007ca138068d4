"""Which network group does our own number belong to, for an inbound price (R46)?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialnexa_routing.workspace.policy.check import Check, not_asked, passed

if TYPE_CHECKING:
    from dialnexa_routing.workspace.policy.call import Call
    from dialnexa_routing.workspace.policy.check import Verdict
    from dialnexa_routing.workspace.policy.setting import Setting


def _ask(setting: Setting, call: Call) -> None:
    own = call.own
    assert own is not None
    provider = setting.providers[own.provider]
    if not own.is_sip and provider.deck is not None:
        call.match = provider.find_own(call)


def _told(setting: Setting, call: Call) -> tuple[Verdict, str]:
    assert call.own is not None
    if call.match is None:
        return not_asked(f"{call.own.number} belongs to no network group of a deck")
    return passed(f"{call.own.number} belongs to {call.match.network_group}, by prefix {call.match.prefix}")


GROUP = Check("network group", "R46", _ask, _told, needs=("own",))
