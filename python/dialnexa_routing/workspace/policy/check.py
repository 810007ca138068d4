"""A question that a call is asked, and how a list of them becomes a decision (R35)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from dialnexa_routing.workspace.decision import Refused
from dialnexa_routing.workspace.plain_data import plain_fields

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dialnexa_routing.workspace.decision import Allowed, Decision, Deferred
    from dialnexa_routing.workspace.policy.question import Call
    from dialnexa_routing.workspace.policy.setting import Setting

    Answer = Refused | Deferred | None
    Builder = Callable[[Setting, Call], Allowed]


def _always(_: Setting) -> bool:
    return True


class Verdict(StrEnum):
    """What came of a check."""

    PASSED = "passed"
    REFUSED = "refused"
    DEFERRED = "deferred"
    NOT_ASKED = "not_asked"
    """It has nothing to ask, or what it needs was not found."""


@dataclass(frozen=True, slots=True)
class Check:
    """One question.

    Attributes:
        name: of the question.
        rule: that it keeps.
        ask: a refusal, a deferral, or None where the call passes; notes in the call what it finds.
        told: of a call that passed: what there is to report of it.
        needs: fields of the call that an earlier check must have found.
        is_there: whether a router has it at all; of one that it has not nothing is reported.
    """

    name: str
    rule: str
    ask: Callable[[Setting, Call], Answer]
    told: Callable[[Setting, Call], tuple[Verdict, str]]
    needs: tuple[str, ...] = ()
    is_there: Callable[[Setting], bool] = _always


@dataclass(frozen=True, slots=True)
class Checked:
    """A check and what came of it."""

    name: str
    rule: str
    verdict: Verdict
    sentence: str

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        return plain_fields(self)


def passed(sentence: str) -> tuple[Verdict, str]:
    """Told of a check that had something to ask."""
    return Verdict.PASSED, sentence


def not_asked(sentence: str) -> tuple[Verdict, str]:
    """Told of a check that had nothing to ask."""
    return Verdict.NOT_ASKED, sentence


def decide(checks: Sequence[Check], setting: Setting, call: Call, allowed: Builder) -> Decision:
    """The first refusal; if there is none, the first deferral; else what `allowed` makes of the call."""
    later: Deferred | None = None
    for check in checks:
        answer = check.ask(setting, call)
        if answer is not None:
            if isinstance(answer, Refused):
                return answer
            if later is None:
                later = answer
    return allowed(setting, call) if later is None else later


def decide_and_tell(
    checks: Sequence[Check], setting: Setting, call: Call, allowed: Builder
) -> tuple[Decision, tuple[Checked, ...]]:
    """The same decision, and what came of every check, those after the answer too.

    What a check raises once the call is refused is reported in its line: without explaining, it would not
    have been asked.
    """
    refusal: Refused | None = None
    later: Deferred | None = None
    lines: list[Checked] = []
    for check in checks:
        if not check.is_there(setting):
            continue
        lacking = [_LACKS[need] for need in check.needs if not getattr(call, need)]
        if lacking:
            lines.append(Checked(check.name, check.rule, Verdict.NOT_ASKED, f"{lacking[0]} before it"))
            continue
        try:
            answer = check.ask(setting, call)
        except Exception as error:
            if refusal is None:
                raise
            lines.append(
                Checked(check.name, check.rule, Verdict.NOT_ASKED, f"{type(error).__name__}: {error}")
            )
            continue
        if answer is None:
            verdict, sentence = check.told(setting, call)
        elif isinstance(answer, Refused):
            verdict, sentence = Verdict.REFUSED, answer.sentence
            refusal = answer if refusal is None else refusal
        else:
            verdict, sentence = Verdict.DEFERRED, answer.sentence
            later = answer if later is None else later
        lines.append(Checked(check.name, check.rule, verdict, sentence))
    if refusal is not None:
        return refusal, tuple(lines)
    return (allowed(setting, call) if later is None else later), tuple(lines)


_LACKS = {
    "is_number": "no valid number was found",
    "own": "no number of ours was found",
    "version": "no agent version was found",
}
