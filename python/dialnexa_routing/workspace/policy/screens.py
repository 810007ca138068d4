"""Does a list or a rule from outside forbid it (R38)?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dialnexa_routing.workspace.decision import Refusal, Refused
from dialnexa_routing.workspace.policy.check import Check, not_asked, passed

if TYPE_CHECKING:
    from collections.abc import Callable

    from dialnexa_routing.workspace.policy.call import Call
    from dialnexa_routing.workspace.policy.check import Verdict
    from dialnexa_routing.workspace.policy.setting import Setting


@dataclass(frozen=True, slots=True)
class Screen:
    """A predicate over called numbers, with a reason of its own; there is no built-in list (R38).

    Attributes:
        reason: the word that refusals carry; none of `Refusal`.
        refuses: whether a number, with plus, may not be called. What it raises goes up to the caller.
        sentence: for people.

    >>> Screen("dnd", {"+919812345678"}.__contains__, "the number is on the do-not-disturb list").reason
    'dnd'
    """

    reason: str
    refuses: Callable[[str], bool]
    sentence: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.reason, str) or not self.reason.strip():
            raise ValueError("a screen has no reason; name one, as 'dnd' (R38)")
        if self.reason in Refusal.__members__.values():
            raise ValueError(f"the reason {self.reason!r} is taken; give the screen a word of its own (R38)")
        if not callable(self.refuses):
            raise TypeError(f"refuses is {type(self.refuses).__name__}; pass a function of a number")


def _ask(setting: Setting, call: Call) -> Refused | None:
    for screen in setting.screens:
        answer = screen.refuses(call.to)
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


def _told(setting: Setting, call: Call) -> tuple[Verdict, str]:
    if not setting.screens:
        return not_asked("there are no screens")
    return passed("passes " + ", ".join(screen.reason for screen in setting.screens))


SCREENS = Check("screens", "R38", _ask, _told, needs=("is_number",))
