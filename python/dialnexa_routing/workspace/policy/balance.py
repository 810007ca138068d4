"""Is there money for it (R35)?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialnexa_routing.workspace.choices import BalanceNeed
from dialnexa_routing.workspace.decision import Refusal, refused
from dialnexa_routing.workspace.policy.check import Check, not_asked, passed
from dialnexa_routing.workspace.policy.rate import is_known, telephony_rate

if TYPE_CHECKING:
    from decimal import Decimal

    from dialnexa_routing.workspace.decision import Refused
    from dialnexa_routing.workspace.policy.call import Call
    from dialnexa_routing.workspace.policy.check import Verdict
    from dialnexa_routing.workspace.policy.setting import Setting


def _ask(setting: Setting, call: Call) -> Refused | None:
    if call.facts is None or (balance := call.facts.balance) is None:
        return None
    need = _need(setting, call)
    if need is None:
        if balance > 0:
            return None
        wanted = "more than nothing is needed, as its price is not known"
    else:
        if balance >= need:
            return None
        wanted = f"₹{need} is needed"
    return refused(Refusal.INSUFFICIENT_BALANCE, f"the balance is ₹{balance}; {wanted} (R35)")


def _need(setting: Setting, call: Call) -> Decimal | None:
    """INR that the wallet must hold; None where the price is not known."""
    assert call.version is not None
    if not is_known(setting, call):
        return None
    agent = call.version.agent
    # A second is billed as one whole block.
    seconds = agent.max_call_s if setting.balance_need is BalanceNeed.WHOLE_CALL else 1
    return setting.cost(agent.kind, seconds, telephony_rate(setting, call))


def _told(setting: Setting, call: Call) -> tuple[Verdict, str]:
    if call.facts is None:
        return not_asked("no facts were passed")
    if call.facts.balance is None:
        return not_asked("no balance was passed")
    need = _need(setting, call)
    enough = "which is more than nothing" if need is None else f"and ₹{need} is needed"
    return passed(f"the balance is ₹{call.facts.balance}, {enough}")


BALANCE = Check("balance", "R35", _ask, _told, needs=("version",))
