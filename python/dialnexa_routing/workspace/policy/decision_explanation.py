"""A decision with everything that led to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dialnexa_routing.workspace.decision import Allowed, Deferred

if TYPE_CHECKING:
    from dialnexa_routing.workspace.decision import Decision
    from dialnexa_routing.workspace.policy.check import Checked
    from dialnexa_routing.workspace.policy.tried import Tried


@dataclass(frozen=True, slots=True)
class DecisionExplanation:
    """What was decided, what each check said, and which prefixes were tried (R16, R35).

    ``str()`` is for people and shows numbers as they are; `to_dict` is for machines.

    Attributes:
        question: the call, in words.
        decision: what the plain question gets, the same value.
        checks: all of them, in the order in which they are asked.
        tried: every prefix of the provider's deck that begins the number, longest first.
        legs: of a transfer, one a target (R41).
    """

    question: str
    decision: Decision
    checks: tuple[Checked, ...]
    tried: tuple[Tried, ...] = ()
    legs: tuple[DecisionExplanation, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "question": self.question,
            "decision": self.decision.to_dict(),
            "checks": [
                {
                    "name": one.name,
                    "rule": one.rule,
                    "verdict": str(one.verdict),
                    "sentence": one.sentence,
                }
                for one in self.checks
            ],
            "tried": [
                {
                    "prefix": one.prefix,
                    "network_group": one.network_group,
                    "country_iso": one.country_iso,
                    "is_on": one.is_on,
                    "is_blocked": one.is_blocked,
                    "verdict": one.verdict,
                }
                for one in self.tried
            ],
            "legs": [leg.to_dict() for leg in self.legs],
        }

    def __str__(self) -> str:
        lines = [f"{self.question}: {_headline(self.decision)}"]
        lines += _columns(
            [[one.name, one.rule, one.verdict.replace("_", " "), one.sentence] for one in self.checks]
        )
        if self.tried:
            lines.append("prefixes that begin the number:")
            lines += _columns(
                [
                    [
                        one.prefix,
                        "on" if one.is_on else "off",
                        f"{one.network_group} ({one.country_iso or 'no country'})",
                        one.verdict,
                    ]
                    for one in self.tried
                ]
            )
        lines += ["  " + line for leg in self.legs for line in str(leg).splitlines()]
        return "\n".join(lines)


def _headline(decision: Decision) -> str:
    if isinstance(decision, Allowed):
        parts = [
            f"{decision.path} by {decision.provider}" if decision.provider else str(decision.path),
            decision.network_group,
            None if decision.rate is None else f"₹{decision.rate} a minute",
            None if decision.agent_version is None else str(decision.agent_version),
        ]
        return "allowed, " + ", ".join(part for part in parts if part)
    if isinstance(decision, Deferred):
        until = "a call ends" if decision.until is None else decision.until.isoformat()
        return f"deferred until {until}, {decision.reason}"
    return f"refused, {decision.reason} ({decision.status})"


def _columns(rows: list[list[str]]) -> list[str]:
    """Cells under each other, two blanks between."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    padded = ([cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in rows)
    return ["  " + "  ".join(cells).rstrip() for cells in padded]
