"""The gates before a call: KYC, screens, balance, capacity (R35, R36, R38); what a call gets that passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialnexa_routing.money.call_words import Path
from dialnexa_routing.text.errors import ConfigError
from dialnexa_routing.workspace.choices import AtCapacity, BalanceNeed
from dialnexa_routing.workspace.decision import Allowed, Deferred, Refusal, Refused, refused
from dialnexa_routing.workspace.policy.check import Check, not_asked, passed
from dialnexa_routing.workspace.policy.question import CallOrigin
from dialnexa_routing.workspace.workspace_number import SIP

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from dialnexa_routing.workspace.policy.check import Answer, Verdict
    from dialnexa_routing.workspace.policy.question import Call
    from dialnexa_routing.workspace.policy.setting import Screen, Setting


def _ask_kyc(setting: Setting, call: Call) -> Refused | None:
    if call.facts is None or call.facts.kyc_verified:
        return None
    return refused(
        Refusal.KYC_NOT_VERIFIED, "the customer is not verified; finish KYC before calling out (R35)"
    )


def _told_of_kyc(setting: Setting, call: Call) -> tuple[Verdict, str]:
    return not_asked("no facts were passed") if call.facts is None else passed("the customer is verified")


def refused_by(screens: Iterable[Screen], number: str) -> Refused | None:
    """What the first screen that refuses a number states of it (R38)."""
    for screen in screens:
        answer = screen.refuses(number)
        if answer is False:
            continue
        if answer is not True:
            # A forgotten return would let every number pass.
            raise TypeError(f"screen {screen.reason!r} answered {type(answer).__name__}, not True or False")
        return Refused(
            reason=screen.reason,
            status=403,
            sentence=screen.sentence or f"the screen {screen.reason!r} does not let this number pass (R38)",
        )
    return None


def _ask_screens(setting: Setting, call: Call) -> Refused | None:
    return refused_by(setting.screens, call.to)


def _told_of_screens(setting: Setting, call: Call) -> tuple[Verdict, str]:
    if not setting.screens:
        return not_asked("there are no screens")
    return passed("passes " + ", ".join(screen.reason for screen in setting.screens))


def _ask_balance(setting: Setting, call: Call) -> Refused | None:
    if call.facts is None or (balance := call.facts.balance) is None:
        return None
    if not setting.prices_by and (named := setting.workspace.billing_plan) is not None:
        raise ConfigError(
            f"what a balance must cover stands in the billing plan {named!r} of workspace "
            f"{setting.workspace.id!r}, which the router was not given; pass plans= to it (R35)"
        )
    need = _need(setting, call)
    if need is None:
        if balance > 0:
            return None
        wanted = "more than nothing is needed, as its price is not known"
    else:
        if balance >= need:
            return None
        wanted = f"₹{need:f} is needed"
    return refused(Refusal.INSUFFICIENT_BALANCE, f"the balance is ₹{balance}; {wanted} (R35)")


def _need(setting: Setting, call: Call) -> Decimal | None:
    """INR that the wallet must hold; None where the price is not known."""
    assert call.version is not None
    by = setting.priced_at(call.at)
    if by is None or not is_known(setting, call):
        return None
    agent = call.version.agent
    # What the first seconds cost: those that are free, and one that is billed as a whole block.
    shortest = 1 + by.plan.free_seconds
    seconds = agent.max_call_s if setting.balance_need is BalanceNeed.WHOLE_CALL else shortest
    return by.cost(agent.kind, seconds, telephony_rate(setting, call))


def _told_of_balance(setting: Setting, call: Call) -> tuple[Verdict, str]:
    if call.facts is None:
        return not_asked("no facts were passed")
    if call.facts.balance is None:
        return not_asked("no balance was passed")
    need = _need(setting, call)
    enough = "which is more than nothing" if need is None else f"and ₹{need:f} is needed"
    return passed(f"the balance is ₹{call.facts.balance}, {enough}")


def _ask_capacity(setting: Setting, call: Call) -> Answer:
    if setting.capacity is None or call.facts is None or call.facts.live_calls < setting.capacity:
        return None
    full = f"{call.facts.live_calls} calls are live, and the workspace has room for {setting.capacity}"
    conflicts = call.origin is CallOrigin.API and setting.at_capacity is AtCapacity.CONFLICT
    if call.direction != "outbound" or conflicts:
        return refused(Refusal.AT_CAPACITY, f"{full}; try again when one has ended (R36)")
    return Deferred(
        reason=Refusal.AT_CAPACITY, until=None, sentence=f"{full}; the call waits until one has ended (R36)"
    )


def _told_of_capacity(setting: Setting, call: Call) -> tuple[Verdict, str]:
    if setting.capacity is None:
        return not_asked("the workspace has no limit of live calls")
    if call.facts is None:
        return not_asked("no facts were passed")
    return passed(f"{call.facts.live_calls} of {setting.capacity} calls are live")


def telephony_rate(setting: Setting, call: Call) -> Decimal | None:
    """INR per minute; None where there is no telephony, no plan, or no price in it."""
    if call.direction is None or (by := setting.priced_at(call.at)) is None:
        return None
    own = call.own
    if own is not None and own.is_sip:
        sip = by.plan.sip
        return None if sip is None else sip.of(call.direction)
    if call.match is None:
        return None
    # Inbound it is our own number that is priced (R46).
    number = own.number if own is not None and call.direction == "inbound" else call.to
    return by.price(call.match, call.direction, number)


def is_known(setting: Setting, call: Call) -> bool:
    """Whether the plan states what the call costs; without telephony rates it costs none of those (R47)."""
    if (by := setting.priced_at(call.at)) is None:
        return False
    is_sip = call.own is not None and call.own.is_sip
    has_no_telephony = by.plan.telephony is None and not (is_sip and by.plan.sip)
    return call.direction is None or has_no_telephony or telephony_rate(setting, call) is not None


def max_seconds(setting: Setting, call: Call) -> int | None:
    """The whole seconds that the balance buys; None where none was passed, or it bounds nothing."""
    if call.facts is None or call.facts.balance is None or call.version is None:
        return None
    by = setting.priced_at(call.at)
    if by is None or not is_known(setting, call):
        return None
    return by.longest(call.version.agent.kind, telephony_rate(setting, call), call.facts.balance)


def allowed(setting: Setting, call: Call) -> Allowed:
    """Of a call by web, trunk or carrier's network; an inbound one has no other number."""
    ref = None if call.version is None else call.version.ref
    own = call.own
    if own is None:
        return Allowed(path=Path.WEBRTC, agent_version=ref, max_seconds=max_seconds(setting, call))
    to = call.to if call.direction == "outbound" else None
    rate = telephony_rate(setting, call)
    if own.is_sip:
        return Allowed(
            path=Path.SIP_TRUNK,
            provider=SIP,
            source=own.number,
            to=to,
            rate=rate,
            agent_version=ref,
            max_seconds=max_seconds(setting, call),
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
        max_seconds=max_seconds(setting, call),
    )


KYC = Check("kyc", "R35", _ask_kyc, _told_of_kyc)
SCREENS = Check("screens", "R38", _ask_screens, _told_of_screens, needs=("is_number",))
BALANCE = Check("balance", "R35", _ask_balance, _told_of_balance, needs=("version",))
CAPACITY = Check("capacity", "R36", _ask_capacity, _told_of_capacity)
