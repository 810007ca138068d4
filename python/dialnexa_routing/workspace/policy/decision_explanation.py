"""A decision with everything that led to it: each check, each prefix that begins the number (R16, R35)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from dialnexa_routing.deck.explanation import Outcome
from dialnexa_routing.money.rupees import price
from dialnexa_routing.text.html import Markup, element, joined, table
from dialnexa_routing.text.scrub import shown
from dialnexa_routing.workspace.choices import Winner
from dialnexa_routing.workspace.decision import Allowed, Deferred
from dialnexa_routing.workspace.plain_data import plain_fields

if TYPE_CHECKING:
    from dialnexa_routing._deck import Match
    from dialnexa_routing.deck.explanation import Tried
    from dialnexa_routing.workspace.decision import Decision
    from dialnexa_routing.workspace.policy.check import Checked
    from dialnexa_routing.workspace.policy.question import Call
    from dialnexa_routing.workspace.policy.setting import Setting


class PrefixOutcome(StrEnum):
    """What came of a prefix, as the deck and its switch have it (R15, R16)."""

    WINS = "wins"
    OFF = "off"
    """Wins, and refuses the call by its switch."""
    BLOCKED = "blocked"
    """Wins, and is on, but its row carries no calls (R47)."""
    DECIDES = "decides"
    """Is the longest and on, and speaks of inbound calls only; a shorter one carries the call."""
    SHORTER = "shorter"
    """Loses to a longer one."""
    GROUP_OFF = "group_off"
    """Is passed over as `Winner.ENABLED_GROUPS` looks over groups that are on only."""
    NOT_YET = "not_yet"
    """Begins after the call (R50)."""
    EXPIRED = "expired"
    """Ended before the call, or as it began (R50)."""
    WRONG_DIRECTION = "wrong_direction"
    """Has no outbound rate."""
    WHOLE_NUMBER = "whole_number"
    """Is for that whole number only, and this one is longer."""


_PASSED_OVER = (Outcome.NOT_YET, Outcome.EXPIRED, Outcome.WRONG_DIRECTION, Outcome.WHOLE_NUMBER)
_ANSWERS = (Outcome.WINS, Outcome.BLOCKED)
_PREFIXES = "prefixes that begin the number"
# Colours are those of the place it is shown in, light or dark.
_STYLE = (
    ".decision{font:15px/1.5 system-ui,sans-serif;max-width:60em}"
    ".decision table{border-collapse:collapse;margin:.5em 0}"
    ".decision td{padding:.2em .7em;text-align:left;border-bottom:1px solid #8884}"
)


@dataclass(frozen=True, slots=True)
class SwitchedPrefix:
    """One prefix of a provider's deck that begins the number; `verdict` is `outcome` in words."""

    prefix: str
    network_group: str
    country_iso: str | None
    is_on: bool
    is_blocked: bool
    outcome: PrefixOutcome
    verdict: str

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        return plain_fields(self)


@dataclass(frozen=True, slots=True)
class DecisionExplanation:
    """What was decided, what each check stated, and which prefixes were tried (R16, R35).

    ``str()`` and `html` are for people and show numbers as they are; `to_dict` is for machines.

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
    tried: tuple[SwitchedPrefix, ...] = ()
    legs: tuple[DecisionExplanation, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        return plain_fields(self)

    @property
    def heading(self) -> str:
        """The question and its answer in words."""
        return f"{self.question}: {_headline(self.decision)}"

    def __str__(self) -> str:
        lines = [self.heading, *_columns(self._of_checks())]
        if self.tried:
            lines += [f"{_PREFIXES}:", *_columns(self._of_prefixes())]
        lines += ["  " + line for leg in self.legs for line in str(leg).splitlines()]
        return "\n".join(map(shown, lines))

    def html(self) -> str:
        """The same as a piece of HTML that brings its own style; every text in it is escaped."""
        return element("div", element("style", Markup(_STYLE)), self._body(), kind="decision")

    def _repr_html_(self) -> str:
        return self.html()

    def _body(self) -> Markup:
        parts = [element("h3", self.heading), table((), self._of_checks())]
        if self.tried:
            parts += [element("p", f"{_PREFIXES}:"), table((), self._of_prefixes())]
        return joined([*parts, *(leg._body() for leg in self.legs)])

    def _of_checks(self) -> list[list[str]]:
        return [[one.name, one.rule, one.verdict.replace("_", " "), one.sentence] for one in self.checks]

    def _of_prefixes(self) -> list[list[str]]:
        return [
            [
                one.prefix,
                "on" if one.is_on else "off",
                f"{one.network_group} ({one.country_iso or 'no country'})",
                one.verdict,
            ]
            for one in self.tried
        ]


def _headline(decision: Decision) -> str:
    if isinstance(decision, Allowed):
        parts = [
            f"{decision.path} by {decision.provider}" if decision.provider else str(decision.path),
            decision.network_group,
            None if decision.rate is None else f"{price(decision.rate)} a minute",
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


def tried(setting: Setting, call: Call) -> tuple[SwitchedPrefix, ...]:
    """Every prefix that begins the called number, longest first; nothing where no deck was asked."""
    own = call.own
    if not call.is_number or own is None or own.is_sip or call.direction != "outbound":
        return ()
    provider = setting.providers[own.provider]
    if provider.deck is None or (provider.deck.is_dated and call.at is None):
        return ()
    by_deck = provider.deck.explain(call.to, at=call.at, number_plan=None).tried
    lines = []
    for one, plain in zip(provider.chain(call.to), by_deck, strict=True):
        is_on = provider.is_on(one)
        judged = _judged(setting, call, one, is_on, plain)
        lines.append(
            SwitchedPrefix(one.prefix, one.network_group, one.country_iso, is_on, one.blocked, *judged)
        )
    return tuple(lines)


def _judged(
    setting: Setting, call: Call, one: Match, is_on: bool, by_deck: Tried
) -> tuple[PrefixOutcome, str]:
    is_off = not is_on and not setting.skips_country_rules
    if one == call.match:
        words = "wins" + ", and is off" * is_off + ", and is blocked" * one.blocked
        if is_off:
            return PrefixOutcome.OFF, words
        return PrefixOutcome.BLOCKED if one.blocked else PrefixOutcome.WINS, words
    if one == call.decides and call.match is not None:
        return PrefixOutcome.DECIDES, "decides by its switch, and has no outbound rate"
    if by_deck.outcome in _PASSED_OVER:
        return PrefixOutcome(by_deck.outcome.value), by_deck.verdict
    if is_off and setting.winner is Winner.ENABLED_GROUPS:
        return PrefixOutcome.GROUP_OFF, "passed over, its group is off"
    if call.match is None and by_deck.outcome in _ANSWERS:
        return PrefixOutcome.OFF, "wins, and is off"
    return PrefixOutcome.SHORTER, "loses to the longer prefix"
