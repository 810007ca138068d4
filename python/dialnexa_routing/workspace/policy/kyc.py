"""Is the customer known (R35)?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialnexa_routing.workspace.decision import Refusal, refused
from dialnexa_routing.workspace.policy.check import Check, not_asked, passed

if TYPE_CHECKING:
    from dialnexa_routing.workspace.decision import Refused
    from dialnexa_routing.workspace.policy.call import Call
    from dialnexa_routing.workspace.policy.check import Verdict
    from dialnexa_routing.workspace.policy.setting import Setting


def _ask(setting: Setting, call: Call) -> Refused | None:
    if call.facts is None or call.facts.kyc_verified:
        return None
    return refused(
        Refusal.KYC_NOT_VERIFIED, "the customer is not verified; finish KYC before calling out (R35)"
    )


def _told(setting: Setting, call: Call) -> tuple[Verdict, str]:
    return not_asked("no facts were passed") if call.facts is None else passed("the customer is verified")


KYC = Check("kyc", "R35", _ask, _told)
