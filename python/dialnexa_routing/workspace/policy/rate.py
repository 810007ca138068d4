"""What does a minute of its telephony cost, if the plan shows it (R26, R46)?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from dialnexa_routing.workspace.policy.call import Call
    from dialnexa_routing.workspace.policy.setting import Setting


def telephony_rate(setting: Setting, call: Call) -> Decimal | None:
    """INR per minute; None where there is no telephony, no plan, or no price in it."""
    if call.direction is None or setting.plan is None:
        return None
    if call.own is not None and call.own.is_sip:
        sip = setting.plan.sip
        return None if sip is None else sip.of(call.direction)
    return None if call.match is None else setting.price(call.match, call.direction)


def is_known(setting: Setting, call: Call) -> bool:
    """Whether the plan says what the call costs; without telephony rates it costs none of those (R47)."""
    if setting.plan is None:
        return False
    is_sip = call.own is not None and call.own.is_sip
    has_no_telephony = setting.plan.telephony is None and not (is_sip and setting.plan.sip)
    return call.direction is None or has_no_telephony or telephony_rate(setting, call) is not None
