"""May this call go, how, and at what price? The policies, asked in the order of R35."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from dialnexa_routing.deck.rate_deck import RateDeck
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.text.errors import ConfigError
from dialnexa_routing.workspace.country_rule import CountryRule
from dialnexa_routing.workspace.decision import Allowed, Deferred, Refusal, Refused, refused
from dialnexa_routing.workspace.policy import order, question
from dialnexa_routing.workspace.policy.allowed import allowed
from dialnexa_routing.workspace.policy.check import decide, decide_and_tell
from dialnexa_routing.workspace.policy.decision_explanation import DecisionExplanation
from dialnexa_routing.workspace.policy.facts import CallOrigin
from dialnexa_routing.workspace.policy.screens import Screen
from dialnexa_routing.workspace.policy.setting import Setting
from dialnexa_routing.workspace.policy.tried import tried
from dialnexa_routing.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from dialnexa_routing.workspace.calling_window import CallingWindow
    from dialnexa_routing.workspace.choices import Purpose
    from dialnexa_routing.workspace.decision import Decision
    from dialnexa_routing.workspace.policy.call import Call
    from dialnexa_routing.workspace.policy.check import Check
    from dialnexa_routing.workspace.policy.facts import Facts
    from dialnexa_routing.workspace.screening.frame import Frame

T = TypeVar("T")


class Router:
    """Decides calls of one workspace. An immutable snapshot: to change anything, put another in its place.

    Whatever is asked gets one answer, of one workspace and one deck, also while others swap routers.

    Args:
        workspace: whose calls these are.
        decks: by provider, as `WorkspaceNumber.provider` has it; a provider without one calls nobody.
        plans: of which the workspace's `billing_plan` prices its calls; without it rates are absent (R26).
        country_rules: what numbers of a country look like (R3, R4).
        screens: predicates over called numbers, asked in this order (R38).

    Raises:
        ConfigError: two plans have one id.

    Everything that is asked about a call may raise `TypeError` and `ValueError` for arguments of a wrong
    kind, and `DeckTimeError` where the deck is dated and `at` is missing; a number that is none is a
    refusal (R1). Times have a zone.
    """

    __slots__ = ("_decks", "_plans", "_rules", "_setting")

    def __init__(
        self,
        workspace: Workspace,
        *,
        decks: Mapping[str, RateDeck],
        plans: Iterable[BillingPlan] = (),
        country_rules: Iterable[CountryRule] = (),
        screens: Iterable[Screen] = (),
    ) -> None:
        if not isinstance(workspace, Workspace):
            raise TypeError(f"workspace is {type(workspace).__name__}; pass a Workspace")
        if not isinstance(decks, Mapping):
            raise TypeError(f"decks is {type(decks).__name__}; pass a dict of decks by provider")
        self._decks = dict(decks)
        _all_are(str, "a provider", self._decks)
        self._plans = _all_are(BillingPlan, "a plan", plans)
        self._rules = _all_are(CountryRule, "a country rule", country_rules)
        of_id = {plan.id: plan for plan in self._plans}
        if len(of_id) != len(self._plans):
            raise ConfigError("two plans have one id; leave one of them out")
        _all_are(RateDeck, "a deck", self._decks.values())
        self._setting = Setting(
            workspace,
            self._decks,
            None if workspace.billing_plan is None else of_id.get(workspace.billing_plan),
            self._rules,
            _all_are(Screen, "a screen", screens),
        )

    @property
    def workspace(self) -> Workspace:
        """Whose calls are decided."""
        return self._setting.workspace

    @property
    def decks(self) -> Mapping[str, RateDeck]:
        """By provider; not to be changed."""
        return MappingProxyType(self._decks)

    def with_workspace(self, workspace: Workspace) -> Self:
        """The same with another workspace, or another state of it."""
        return self._changed(workspace=workspace)

    def with_decks(self, decks: Mapping[str, RateDeck]) -> Self:
        """The same with other decks, all of them."""
        return self._changed(decks=decks)

    def outbound(
        self,
        to: str,
        source: str | None = None,
        *,
        agent: str | None = None,
        version: int | None = None,
        origin: CallOrigin = CallOrigin.API,
        purpose: Purpose | None = None,
        window: CallingWindow | None = None,
        facts: Facts | None = None,
        at: datetime | None = None,
    ) -> Decision:
        """May this number be called (R14-R22, R31, R32, R35-R38)?

        Args:
            to: the number to call.
            source: our number; None takes the first that is attached to the agent's version (R32).
            agent: who places the call; None takes the outbound version of the source. Batch and workflow
                calls from a named source are always placed by that one.
            version: of the agent; None takes its latest published one (R31).
            origin: who asks.
            purpose: of the call, where the workspace is under India's rules (R12).
            window: in place of the workspace's own (R37).
            facts: state of the workspace; None leaves KYC, balance and capacity unasked.
            at: time of the call, with a zone; a must for dated decks, calling windows and promotional calls.
        """
        call = question.outbound(to, source, agent, version, origin, purpose, window, facts, at)
        return decide(order.outbound(call), self._setting, call, allowed)

    def inbound(
        self, to: str, source: str | None = None, *, facts: Facts | None = None, at: datetime | None = None
    ) -> Decision:
        """May a call to our number be answered, and by whom (R30)? `source` is who calls, if known."""
        call = question.inbound(to, source, facts, at)
        return decide(order.INBOUND, self._setting, call, allowed)

    def web(self, agent: str, version: int | None = None, *, facts: Facts | None = None) -> Decision:
        """May this agent take a call from a browser (R34)?"""
        call = question.web(agent, version, facts)
        return decide(order.WEB, self._setting, call, allowed)

    def transfer(
        self,
        to: str | Sequence[str],
        source: str,
        *,
        purpose: Purpose | None = None,
        at: datetime | None = None,
    ) -> Decision:
        """May a call be handed on to all these targets (R41)? The answer has a leg for each.

        Args:
            to: at most seven targets; a text has pipes between them.
            source: our number, from which each target is called.
            purpose: as of outbound calls.
            at: as of outbound calls.
        """
        call = question.transfer(to, source, purpose, at)
        head = decide(order.TRANSFER, self._setting, call, allowed)
        if not isinstance(head, Allowed):
            return head
        legs = [question.leg(call, target) for target in call.targets]
        return _together(head, [decide(order.LEG, self._setting, leg, allowed) for leg in legs])

    def lead(
        self,
        to: str,
        sources: Sequence[str],
        *,
        purpose: Purpose | None = None,
        window: CallingWindow | None = None,
        facts: Facts | None = None,
        at: datetime | None = None,
    ) -> Decision:
        """Can a workflow reach this number from one of its own (R40)?

        The answer for the first source that may call; else that for the first that may call later; else
        for the last one.
        """
        if isinstance(sources, str):
            raise TypeError("sources is a str; pass a sequence of numbers")
        answer: Decision = refused(Refusal.NO_SOURCE_NUMBER, "the workflow has no numbers; give it one (R40)")
        for source in sources:
            one = self.outbound(
                to,
                source,
                origin=CallOrigin.WORKFLOW,
                purpose=purpose,
                window=window,
                facts=facts,
                at=at,
            )
            if isinstance(one, Allowed):
                return one
            if not isinstance(answer, Deferred):
                answer = one
        return answer

    def screen(self, frame: Frame, **options: Any) -> Frame:
        """Whether each recipient of a frame may be called; see `dialnexa_routing.screening.screen` (R39)."""
        from dialnexa_routing.workspace.screening import screen

        return screen(frame, router=self, **options)

    def explain_outbound(
        self,
        to: str,
        source: str | None = None,
        *,
        agent: str | None = None,
        version: int | None = None,
        origin: CallOrigin = CallOrigin.API,
        purpose: Purpose | None = None,
        window: CallingWindow | None = None,
        facts: Facts | None = None,
        at: datetime | None = None,
    ) -> DecisionExplanation:
        """What `outbound` decides, with all checks and prefixes behind it."""
        call = question.outbound(to, source, agent, version, origin, purpose, window, facts, at)
        return self._explained(f"outbound call to {to}", order.outbound(call), call)

    def explain_inbound(
        self, to: str, source: str | None = None, *, facts: Facts | None = None, at: datetime | None = None
    ) -> DecisionExplanation:
        """What `inbound` decides, with all checks behind it."""
        call = question.inbound(to, source, facts, at)
        return self._explained(f"inbound call to {to}", order.INBOUND, call)

    def explain_web(
        self, agent: str, version: int | None = None, *, facts: Facts | None = None
    ) -> DecisionExplanation:
        """What `web` decides, with all checks behind it."""
        return self._explained(f"web call to {agent}", order.WEB, question.web(agent, version, facts))

    def explain_transfer(
        self,
        to: str | Sequence[str],
        source: str,
        *,
        purpose: Purpose | None = None,
        at: datetime | None = None,
    ) -> DecisionExplanation:
        """What `transfer` decides, with an explanation of each leg."""
        call = question.transfer(to, source, purpose, at)
        head = self._explained("transfer", order.TRANSFER, call)
        if not isinstance(head.decision, Allowed):
            return head
        legs = tuple(
            self._explained(f"leg to {target}", order.LEG, question.leg(call, target))
            for target in call.targets
        )
        together = _together(head.decision, [leg.decision for leg in legs])
        return replace(head, decision=together, legs=legs)

    def _explained(self, words: str, checks: tuple[Check, ...], call: Call) -> DecisionExplanation:
        decision, told = decide_and_tell(checks, self._setting, call, allowed)
        words += f" from {call.own.number}" if call.own is not None and call.direction == "outbound" else ""
        return DecisionExplanation(words, decision, told, tried(self._setting, call))

    def _changed(self, **parts: Any) -> Self:
        return type(self)(**(self._parts() | parts))

    def _parts(self) -> dict[str, Any]:
        return {
            "workspace": self.workspace,
            "decks": self._decks,
            "plans": self._plans,
            "country_rules": self._rules,
            "screens": self._setting.screens,
        }

    def __reduce__(self) -> tuple[Any, ...]:
        return partial(type(self), **self._parts()), ()

    def __repr__(self) -> str:
        decks = ", ".join(f"{name} {deck.digest[:12]}" for name, deck in self._decks.items())
        return f"<Router of {self.workspace.id!r}, {decks or 'no decks'}>"


def _together(head: Allowed, legs: Sequence[Decision]) -> Decision:
    """All legs are allowed, or the first refusal, or else the first deferral."""
    if (refusal := next((leg for leg in legs if isinstance(leg, Refused)), None)) is not None:
        return refusal
    if (later := next((leg for leg in legs if isinstance(leg, Deferred)), None)) is not None:
        return later
    return replace(head, legs=tuple(leg for leg in legs if isinstance(leg, Allowed)))


def _all_are(kind: type[T], name: str, values: Iterable[object]) -> tuple[T, ...]:
    checked: list[T] = []
    for value in values:
        if not isinstance(value, kind):
            raise TypeError(f"{name} is {type(value).__name__}; pass a {kind.__name__}")
        checked.append(value)
    return tuple(checked)
