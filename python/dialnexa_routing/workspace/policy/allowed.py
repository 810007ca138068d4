"""What a call that passed every check gets (R42)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialnexa_routing.money.call_words import Path
from dialnexa_routing.workspace.decision import Allowed
from dialnexa_routing.workspace.policy.rate import telephony_rate
from dialnexa_routing.workspace.policy.source_check import SIP

if TYPE_CHECKING:
    from dialnexa_routing.workspace.policy.call import Call
    from dialnexa_routing.workspace.policy.setting import Setting


def allowed(setting: Setting, call: Call) -> Allowed:
    """Of a call by web, trunk or carrier's network; an inbound one has no other number."""
    ref = None if call.version is None else call.version.ref
    own = call.own
    if own is None:
        return Allowed(path=Path.WEBRTC, agent_version=ref)
    to = call.to if call.direction == "outbound" else None
    rate = telephony_rate(setting, call)
    if own.is_sip:
        return Allowed(
            path=Path.SIP_TRUNK, provider=SIP, source=own.number, to=to, rate=rate, agent_version=ref
        )
    match = call.match
    return Allowed(
        path=Path.PSTN,
        provider=own.provider,
        source=own.number,
        to=to,
        network_group=None if match is None else match.network_group,
        country_iso=None if match is None else match.country_iso,
        prefix=None if match is None else match.prefix,
        rate=rate,
        agent_version=ref,
        deck_digest=setting.providers[own.provider].digest,
    )
