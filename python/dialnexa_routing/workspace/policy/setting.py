"""What one router decides by, found without a search; immutable once made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeVar

from dialnexa_routing.clock.wall_clock import microseconds
from dialnexa_routing.deck.rate_deck import RateDeck
from dialnexa_routing.deck.rates import Rates
from dialnexa_routing.numbers.number_plan import is_plan
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.plans.prepared_plans import begin_us, versions_of
from dialnexa_routing.text.errors import ConfigError, ConflictError, DeckTimeError, UnknownNameError
from dialnexa_routing.text.nearest import nearest
from dialnexa_routing.workspace.agent import VersionRef, VersionStatus
from dialnexa_routing.workspace.ceiling import Ceiling
from dialnexa_routing.workspace.choices import SipBypass
from dialnexa_routing.workspace.country_rule import CountryRule, bounded, code_rules
from dialnexa_routing.workspace.decision import Refusal, refused
from dialnexa_routing.workspace.policy.plan_prices import PlanPrices
from dialnexa_routing.workspace.policy.provider import Provider
from dialnexa_routing.workspace.workspace import Workspace
from dialnexa_routing.workspace.workspace_number import NOT_SELECTABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from dialnexa_routing.numbers.number_plan import NumberPlan
    from dialnexa_routing.workspace.agent import Agent
    from dialnexa_routing.workspace.decision import Refused
    from dialnexa_routing.workspace.workspace_number import WorkspaceNumber

T = TypeVar("T")


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


@dataclass(frozen=True, slots=True)
class Own:
    """A number of the workspace, with what its calls meet whoever is called.

    Attributes:
        number: with plus.
        is_sip: its calls go through the customer's own trunk (R7).
        provider: whose network; of a SIP number only a word.
        inbound, outbound: its two slots (R33).
        not_working: why it takes no part in calls at all.
        not_calling: why it places none.
    """

    number: str
    is_sip: bool
    provider: str
    inbound: VersionRef | None
    outbound: VersionRef | None
    not_working: Refused | None
    not_calling: Refused | None

    @classmethod
    def of(cls, number: WorkspaceNumber) -> Self:
        """The number as calls see it."""
        broken = _not_working(number)
        return cls(
            number.number,
            number.is_sip,
            number.provider,
            number.inbound_version,
            number.outbound_version,
            broken,
            _not_calling(number) if broken is None else broken,
        )


def _not_working(own: WorkspaceNumber) -> Refused | None:
    if not own.is_usable:
        return refused(
            Refusal.NUMBER_NOT_USABLE,
            f"{own.number} is {own.status} with its rental {own.rental}; both must be active (R9)",
        )
    if own.provider.lower() in NOT_SELECTABLE and not own.is_sip:
        return refused(
            Refusal.PROVIDER_NOT_SELECTABLE,
            f"{own.number} is a number of {own.provider}, which carries no calls here; "
            "link it as a BYO SIP trunk (R10)",
        )
    return None


def _not_calling(own: WorkspaceNumber) -> Refused | None:
    if own.is_indian_tollfree:
        return refused(
            Refusal.TOLLFREE_INBOUND_ONLY,
            f"{own.number} is toll-free and takes inbound calls only; call from another number (R11)",
        )
    return None


@dataclass(frozen=True, slots=True)
class OwnVersion:
    """A version of an agent, and the number that places its calls where none is named (R32)."""

    ref: VersionRef
    agent: Agent
    is_published: bool
    number: str | None


class Versions:
    """All versions of all agents of a workspace."""

    __slots__ = ("_every", "_latest")

    def __init__(self, workspace: Workspace) -> None:
        attached: dict[tuple[str, int], str] = {}
        for number in workspace.numbers:
            if (slot := number.outbound_version) is not None:
                attached.setdefault((slot.agent, slot.version), number.number)
        self._every = {
            (agent.id, one.version): OwnVersion(
                VersionRef(agent=agent.id, version=one.version),
                agent,
                one.status is VersionStatus.PUBLISHED,
                attached.get((agent.id, one.version)),
            )
            for agent in workspace.agents
            for one in agent.versions
        }
        self._latest = {
            agent.id: None if (latest := agent.latest_published) is None else latest.version
            for agent in workspace.agents
        }

    def has(self, agent: str) -> bool:
        """Whether there is an agent of that id."""
        return agent in self._latest

    def latest(self, agent: str) -> int | None:
        """The highest published version of an agent that is there (R31)."""
        return self._latest[agent]

    def get(self, agent: str, number: int) -> OwnVersion | None:
        """The version of that number."""
        return self._every.get((agent, number))


class Setting:
    """A workspace with its decks, plan, country rules and screens; what a `Router` is made of.

    Prices are kept as they are asked for, here and nowhere else, so that no two settings mix.

    Raises:
        TypeError: something is of a wrong kind.
        ConfigError: two plans have one id.
        UnknownNameError: there are plans, and the workspace's is not among them.
    """

    def __init__(
        self,
        workspace: Workspace,
        decks: Mapping[str, RateDeck],
        plans: Iterable[BillingPlan],
        country_rules: Iterable[CountryRule],
        screens: Iterable[Screen],
        number_plan: NumberPlan | None,
        ceiling: Ceiling | None = None,
    ) -> None:
        if not isinstance(workspace, Workspace):
            raise TypeError(f"workspace is {type(workspace).__name__}; pass a Workspace")
        if not isinstance(decks, Mapping):
            raise TypeError(f"decks is {type(decks).__name__}; pass a dict of decks by provider")
        self.decks = dict(decks)
        _all_are(str, "a provider", self.decks)
        self.plans = _all_are(BillingPlan, "a plan", plans)
        self.country_rules = _all_are(CountryRule, "a country rule", country_rules)
        try:
            of_id = versions_of(self.plans)
        except ConflictError as error:
            raise ConfigError(str(error)) from error
        for deck in self.decks.values():
            if isinstance(deck, Rates) and not isinstance(deck, RateDeck):
                raise TypeError(
                    f"a deck is {type(deck).__name__}, and a router holds the groups of one deck; pass that"
                    " of its deck_at(at), and another router when it changes"
                )
        _all_are(RateDeck, "a deck", self.decks.values())
        self.screens = _all_are(Screen, "a screen", screens)
        if ceiling is not None and not isinstance(ceiling, Ceiling):
            raise TypeError(f"ceiling is {type(ceiling).__name__}; pass a Ceiling")
        self.ceiling: Ceiling | None = ceiling
        choices = workspace.choices
        self.workspace = workspace
        self.sip_enabled = workspace.sip_enabled
        self.skips_country_rules = workspace.sip_enabled and choices.sip_bypass is SipBypass.WORKSPACE_WIDE
        self.winner = choices.winner
        self.india = choices.india
        self.window = workspace.calling_window
        self.capacity = choices.capacity
        self.at_capacity = choices.at_capacity
        self.balance_need = choices.balance_need
        self.numbers = {one.number: Own.of(one) for one in workspace.numbers}
        self.versions = Versions(workspace)
        names = {*self.decks, *(one.provider for one in workspace.numbers)}
        self.providers = {name: Provider(name, self.decks.get(name), workspace.enabled) for name in names}
        self.code_rules = code_rules(self.country_rules)
        self.number_plan = is_plan(number_plan)
        self.judged_by = None if self.number_plan is None else bounded(self.number_plan, self.code_rules)
        """The number plan with the bounds of country rules in it."""
        self.trunk_emergency = choices.trunk_emergency
        named = workspace.billing_plan
        self.prices_by: tuple[PlanPrices, ...] = tuple(map(PlanPrices, of_id.get(named or "", ())))
        """The versions of the workspace's plan, by the instants from which they hold."""
        if named is not None and of_id and not self.prices_by:
            raise UnknownNameError(
                f"workspace {workspace.id!r} has the billing plan {named!r}, which is not among plans=; "
                f"pass it too{nearest(named, of_id)}"
            )

    def priced_at(self, at: datetime | None) -> PlanPrices | None:
        """The version of the workspace's plan that holds at an instant; None without one.

        Raises:
            DeckTimeError: it has dates, and there is no instant.
        """
        if not self.prices_by:
            return None
        first = self.prices_by[0]
        if len(self.prices_by) == 1 and first.plan.valid_from is None:
            return first
        if at is None:
            raise DeckTimeError(f"the plan {first.plan.id!r} has dates; pass at=, a time with a zone (R50)")
        when = microseconds(at)
        return next((one for one in reversed(self.prices_by) if begin_us(one.plan) <= when), None)

    @property
    def parts(self) -> dict[str, Any]:
        """What it was made of, by the names of its arguments."""
        names = ("workspace", "decks", "plans", "country_rules", "screens", "number_plan", "ceiling")
        return {name: getattr(self, name) for name in names}


def _all_are(kind: type[T], name: str, values: Iterable[object]) -> tuple[T, ...]:
    checked: list[T] = []
    for value in values:
        if not isinstance(value, kind):
            raise TypeError(f"{name} is {type(value).__name__}; pass a {kind.__name__}")
        checked.append(value)
    return tuple(checked)
