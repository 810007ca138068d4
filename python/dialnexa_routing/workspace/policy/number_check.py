"""Is it a number, E.164 and as its country's rule has it (R1, R3, R4); are a transfer's targets (R41)?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dialnexa_routing.numbers.e164 import checked, masked
from dialnexa_routing.text.errors import NumberError
from dialnexa_routing.workspace.choices import TrunkEmergency
from dialnexa_routing.workspace.decision import Refusal, refused
from dialnexa_routing.workspace.policy.check import Check, not_asked, passed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialnexa_routing.workspace.country_rule import CodeRule
    from dialnexa_routing.workspace.decision import Refused
    from dialnexa_routing.workspace.policy.check import Verdict
    from dialnexa_routing.workspace.policy.question import Call
    from dialnexa_routing.workspace.policy.setting import Setting

MOST = 7
"""Targets of one transfer."""
_TARGET = re.compile(r"\+(?:1|91)[0-9]{10}")
_CODE_LENGTHS = (1, 2, 3)


def _ask(setting: Setting, call: Call) -> Refused | None:
    refusal = _not_e164(call.to)
    if refusal is None and setting.code_rules:
        refusal = _against_rules(setting.code_rules, call.to)
    if refusal is not None:
        return refusal
    call.is_number = True
    return _ask_own(setting, call)


def _ask_own(setting: Setting, call: Call) -> Refused | None:
    # What the workspace has was looked at when it was made.
    if call.source is None or call.source in setting.numbers:
        return None
    return _not_e164(call.source)


def _not_e164(number: str) -> Refused | None:
    try:
        checked(number)
    except NumberError as error:
        return refused(Refusal.INVALID_NUMBER, str(error))
    return None


def _against_rules(rules: Mapping[str, CodeRule], number: str) -> Refused | None:
    for length in _CODE_LENGTHS:
        rule = rules.get(number[1 : 1 + length])
        if rule is None:
            continue
        code, national = number[: 1 + length], number[1 + length :]
        if rule.most is not None and len(national) > rule.most:
            return refused(
                Refusal.INVALID_NUMBER,
                f"{masked(number)} has {len(national)} digits after {code}, where at most {rule.most} stand",
            )
        if rule.least is not None and len(national) < rule.least:
            return refused(
                Refusal.INVALID_NUMBER,
                f"{masked(number)} has {len(national)} digits after {code}, and takes at least {rule.least}",
            )
        if rule.trunks and all(map(national.startswith, rule.trunks)):
            trunk = max(rule.trunks, key=len)
            return refused(
                Refusal.INVALID_NUMBER,
                f"{masked(number)} has the trunk prefix {trunk} after {code}; leave it out",
            )
    return None


def _told(setting: Setting, call: Call) -> tuple[Verdict, str]:
    return passed("it is E.164, and as the rules of its country have it")


def _ask_plan(setting: Setting, call: Call) -> Refused | None:
    plan, own = setting.judged_by, call.own
    fault = None if plan is None else plan.core.judge(call.to)
    if plan is None or fault is None:
        return None
    assert own is not None
    if own.is_sip:
        # How long a number is on the customer's own trunk is the trunk's business: extensions.
        if fault == Refusal.IMPOSSIBLE_NUMBER or setting.trunk_emergency is TrunkEmergency.ALLOWED:
            return None
    elif setting.providers[own.provider].lists(call.to, call.at_us):
        return None
    return refused(Refusal(fault), plan.told(call.to) or fault)


def _told_of_plan(setting: Setting, call: Call) -> tuple[Verdict, str]:
    assert call.own is not None
    plan = setting.judged_by
    if plan is None:
        return not_asked("no number plan is asked")
    if call.own.is_sip:
        return passed("lengths are the business of the customer's trunk; emergency numbers are asked about")
    return passed("numbers of its calling code are so long, or the deck lists it")


def _ask_targets(setting: Setting, call: Call) -> Refused | None:
    targets = call.targets
    if len(targets) > MOST:
        return refused(
            Refusal.TOO_MANY_TRANSFER_TARGETS,
            f"there are {len(targets)} targets; name at most {MOST} (R41)",
        )
    if not targets:
        return refused(Refusal.INVALID_TRANSFER_TARGET, "there is no target; name at least one (R41)")
    for place, target in enumerate(targets, start=1):
        if not _TARGET.fullmatch(target):
            return refused(
                Refusal.INVALID_TRANSFER_TARGET,
                f"target {place}, {masked(target)!r}, is not +1 or +91 and exactly ten digits (R41)",
            )
    return None


def _told_of_targets(setting: Setting, call: Call) -> tuple[Verdict, str]:
    return passed(f"{len(call.targets)} of at most {MOST} targets, each +1 or +91 and ten digits")


NUMBER = Check("number", "R1", _ask, _told)
OWN_NUMBER = Check("number", "R1", _ask_own, lambda setting, call: passed("it is E.164"))
PLAN = Check("number plan", "R4", _ask_plan, _told_of_plan, needs=("is_number", "own"))
TARGETS = Check("targets", "R41", _ask_targets, _told_of_targets)
