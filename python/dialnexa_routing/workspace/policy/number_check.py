"""Is it a number? E.164, and as its country's rule has it (R1, R3, R4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dialnexa_routing.numbers.e164 import checked, masked
from dialnexa_routing.text.errors import NumberError
from dialnexa_routing.workspace.decision import Refusal, refused
from dialnexa_routing.workspace.policy.check import Check, passed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dialnexa_routing.workspace.country_rule import CountryRule
    from dialnexa_routing.workspace.decision import Refused
    from dialnexa_routing.workspace.policy.call import Call
    from dialnexa_routing.workspace.policy.check import Verdict
    from dialnexa_routing.workspace.policy.setting import Setting

_CODE_LENGTHS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class CodeRule:
    """What the rules of all countries that share a calling code say together.

    `most` is None where one of them leaves the length to E.164; national digits that begin with every
    one of `trunks` begin with a trunk prefix wherever they are.
    """

    most: int | None
    trunks: tuple[str, ...]


def code_rules(rules: Iterable[CountryRule]) -> dict[str, CodeRule]:
    """Country rules by calling code."""
    of_code: dict[str, list[CountryRule]] = {}
    for rule in rules:
        of_code.setdefault(rule.calling_code, []).append(rule)
    return {code: _together(alike) for code, alike in of_code.items()}


def _together(rules: list[CountryRule]) -> CodeRule:
    lengths = [rule.max_length for rule in rules if rule.max_length is not None]
    trunks = tuple(rule.trunk_prefix for rule in rules if rule.trunk_prefix is not None)
    return CodeRule(max(lengths) if len(lengths) == len(rules) else None, trunks)


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
        if rule.trunks and all(map(national.startswith, rule.trunks)):
            trunk = max(rule.trunks, key=len)
            return refused(
                Refusal.INVALID_NUMBER,
                f"{masked(number)} has the trunk prefix {trunk} after {code}; leave it out",
            )
    return None


def _told(setting: Setting, call: Call) -> tuple[Verdict, str]:
    return passed("it is E.164, and as the rules of its country have it")


NUMBER = Check("number", "R1", _ask, _told)
OWN_NUMBER = Check("number", "R1", _ask_own, lambda setting, call: passed("it is E.164"))
