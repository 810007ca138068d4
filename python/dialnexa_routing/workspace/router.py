"""May this call go, how, and at what price? The policies, asked in the order of R35."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

from dialnexa_routing.numbers.number_plan import WORLD
from dialnexa_routing.text.forked import refuse_after_fork
from dialnexa_routing.text.half_made import also_half_made
from dialnexa_routing.workspace.decision import Allowed, Deferred, Refusal, all_of, refused
from dialnexa_routing.workspace.policy import order, question
from dialnexa_routing.workspace.policy.check import decide, decide_and_tell
from dialnexa_routing.workspace.policy.decision_explanation import DecisionExplanation, tried
from dialnexa_routing.workspace.policy.gates import allowed
from dialnexa_routing.workspace.policy.question import CallOrigin
from dialnexa_routing.workspace.policy.setting import Setting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from dialnexa_routing.deck.rate_deck import RateDeck
    from dialnexa_routing.numbers.number_plan import NumberPlan
    from dialnexa_routing.numbers.number_reading import NumberReading
    from dialnexa_routing.plans.billing_plan import BillingPlan
    from dialnexa_routing.workspace.calling_window import CallingWindow
    from dialnexa_routing.workspace.ceiling import Ceiling
    from dialnexa_routing.workspace.choices import Purpose
    from dialnexa_routing.workspace.country_rule import CountryRule
    from dialnexa_routing.workspace.decision import Decision
    from dialnexa_routing.workspace.policy.check import Check
    from dialnexa_routing.workspace.policy.question import Call, Facts
    from dialnexa_routing.workspace.policy.setting import Screen
    from dialnexa_routing.workspace.screening.screened_frame import Frame
    from dialnexa_routing.workspace.workspace import Workspace


class Router:
    """Decides calls of one workspace. An immutable snapshot: to change anything, put another in its place.

    Whatever is asked gets one answer, of one workspace and one deck, also while others swap routers.

    Args:
        workspace: whose calls these are.
        decks: by provider, as `WorkspaceNumber.provider` has it; a provider without one calls nobody.
        plans: of which the workspace's `billing_plan` prices calls by the version that holds, with what a
            balance must cover (R35) and buys; rates are absent without (R26), and no balance is judged.
        country_rules: what numbers of a country look like (R3, R4); their bounds replace the plan's lengths.
        screens: predicates over called numbers, asked in this order (R38).
        number_plan: by which a called number can be none; None asks none.
        ceiling: the most that a call may cost a minute, and that a day may come to; None asks neither.

    Raises:
        ConfigError: two plans have one id. UnknownNameError: the workspace's is not among the plans.

    Questions raise `TypeError` and `ValueError` for arguments of a wrong kind, `DeckTimeError` where deck or
    plan are dated and `at` is missing, `ConfigError` for a balance without its plan. Times have a zone.
    """

    __slots__ = ("_setting",)

    def __init__(
        self,
        workspace: Workspace,
        *,
        decks: Mapping[str, RateDeck],
        plans: Iterable[BillingPlan] = (),
        country_rules: Iterable[CountryRule] = (),
        screens: Iterable[Screen] = (),
        number_plan: NumberPlan | None = WORLD,
        ceiling: Ceiling | None = None,
    ) -> None:
        self._setting = Setting(workspace, decks, plans, country_rules, screens, number_plan, ceiling)

    @property
    def workspace(self) -> Workspace:
        """Whose calls are decided."""
        return self._setting.workspace

    @property
    def decks(self) -> Mapping[str, RateDeck]:
        """By provider; not to be changed."""
        return MappingProxyType(self._setting.decks)

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
        return decide(order.INBOUND, self._setting, question.inbound(to, source, facts, at), allowed)

    def web(self, agent: str, version: int | None = None, *, facts: Facts | None = None) -> Decision:
        """May this agent take a call from a browser (R34)?"""
        return decide(order.WEB, self._setting, question.web(agent, version, facts), allowed)

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
        return all_of(head, [decide(order.LEG, self._setting, leg, allowed) for leg in legs])

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

        The answer for the first source that may call; else for the first that may later; else for the last.
        """
        if isinstance(sources, str):
            raise TypeError("sources is a str; pass a sequence of numbers")
        answer: Decision = refused(Refusal.NO_SOURCE_NUMBER, "the workflow has no numbers; give it one (R40)")
        for source in sources:
            one = self.outbound(
                to, source, origin=CallOrigin.WORKFLOW, purpose=purpose, window=window, facts=facts, at=at
            )
            if isinstance(one, Allowed):
                return one
            if not isinstance(answer, Deferred):
                answer = one
        return answer

    def screen(
        self,
        frame: Frame,
        *,
        to: str = "phone_number",
        source: str | Sequence[str] | None = None,
        reading: NumberReading | None = None,
        purpose: Purpose | None = None,
        at: datetime | None = None,
        add_prefix: str = "",
    ) -> Frame:
        """Which recipients may be called: all rows and columns come back, in order, with these added (R39).

        ``position``: the row of the file, from 1. At the end ``number``: E.164, or null; ``change``: what was
        changed in it (R2); ``country_iso``, ``network_group``, ``prefix``: of the destination (R16, R18);
        ``reason``: why it may not be called, null for what may.

        A row has what `outbound` finds for its number alone (R54); with several sources, `lead` (R40). What
        does not depend on the number is not asked, nor a ceiling; what may be called later has no reason.

        Args:
            frame: a frame or lazy frame; lazy stays lazy and streams.
            to: column of recipients: text or integers, never floats, which have lost digits already.
            source: our number that calls, or several; None is any of the provider's, whatever India's rules.
            reading: how numbers without a plus are meant; a trunk prefix comes from the rule of its code.
            purpose: of the calls, where the workspace is under India's rules (R12).
            at: time of the calls, with a zone; a must for dated decks (R50) and promotional calls.
            add_prefix: put in front of the names of the added columns.

        Raises:
            RecordError: a column is missing (with the nearest names), or would be overwritten.
            TypeError: a column of a type that cannot hold numbers, named.
            UnknownNameError, ConflictError: a source is no number of the workspace, or cannot call (R9-R11).
            DeckTimeError: a dated deck and no `at`.

        >>> import polars as pl
        >>> from dialnexa_routing import RateDeck, Router, Workspace
        >>> rows = {"prefix": ["91", "9140"], "network_group": ["India", "Hyderabad"], "country_iso": "IN"}
        >>> on = {"provider": "plivo", "country_iso": "IN", "network_groups": ["India"]}
        >>> deck = RateDeck.compile(pl.DataFrame(rows))
        >>> router = Router(Workspace(id="shop", enabled=[on]), decks={"plivo": deck})
        >>> recipients = pl.DataFrame({"phone_number": ["+919812345678", "914012345678", "x"]})
        >>> router.screen(recipients).select("position", "number", "reason").rows()
        [(1, '+919812345678', None), (2, '+914012345678', 'unsupported_prefix'), (3, None, 'invalid_number')]
        """
        refuse_after_fork()
        # Columns take Polars, which single calls do without.
        from dialnexa_routing.workspace.screening.screened_frame import screened

        return screened(self._setting, frame, to, source, reading, purpose, at, add_prefix)

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
            self._explained(f"leg to {one}", order.LEG, question.leg(call, one)) for one in call.targets
        )
        together = all_of(head.decision, [leg.decision for leg in legs])
        return replace(head, decision=together, legs=legs)

    def _explained(self, words: str, checks: tuple[Check, ...], call: Call) -> DecisionExplanation:
        decision, told = decide_and_tell(checks, self._setting, call, allowed)
        words += f" from {call.own.number}" if call.own is not None and call.direction == "outbound" else ""
        return DecisionExplanation(words, decision, told, tried(self._setting, call))

    def _changed(self, **parts: Any) -> Self:
        return type(self)(**(self._setting.parts | parts))

    def __reduce__(self) -> tuple[Any, ...]:
        return partial(type(self), **self._setting.parts), ()

    @also_half_made
    def __repr__(self) -> str:
        decks = ", ".join(f"{name} {deck.digest[:12]}" for name, deck in self.decks.items())
        return f"<Router of {self.workspace.id!r}, {decks or 'no decks'}>"
