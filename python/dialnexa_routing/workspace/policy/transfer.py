"""May a call be handed on to these targets (R41)?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dialnexa_routing.numbers.e164 import masked
from dialnexa_routing.workspace.decision import Refusal, refused
from dialnexa_routing.workspace.policy.check import Check, passed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dialnexa_routing.workspace.decision import Refused
    from dialnexa_routing.workspace.policy.call import Call
    from dialnexa_routing.workspace.policy.check import Verdict
    from dialnexa_routing.workspace.policy.setting import Setting

MOST = 7
"""Targets of one transfer."""
_TARGET = re.compile(r"\+(?:1|91)[0-9]{10}")


def targets_of(to: str | Sequence[str]) -> tuple[str, ...]:
    """Text with pipes between targets, or a sequence of them, as a sequence."""
    return tuple(to.split("|")) if isinstance(to, str) else tuple(to)


def _ask(setting: Setting, call: Call) -> Refused | None:
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


def _told(setting: Setting, call: Call) -> tuple[Verdict, str]:
    return passed(f"{len(call.targets)} of at most {MOST} targets, each +1 or +91 and ten digits")


TARGETS = Check("targets", "R41", _ask, _told)
