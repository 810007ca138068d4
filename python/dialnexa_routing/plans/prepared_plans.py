"""Billing plans prepared for a deck: what rating by plan looks up, made once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from dialnexa_routing import _deck
from dialnexa_routing.deck.deck_book import decks_of
from dialnexa_routing.money.exact import nano
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.plans.plan_terms import DeckPrices, PriceList, Voicemail
from dialnexa_routing.text.errors import ConflictError
from dialnexa_routing.text.half_made import also_half_made

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

    from dialnexa_routing.deck.rates import Rates


@runtime_checkable
class HasPlan(Protocol):
    """What a workspace is here, which stands above plans: an id, and the id of its plan."""

    @property
    def id(self) -> str:
        """Of the workspace."""

    @property
    def billing_plan(self) -> str | None:
        """The id of its plan; None for one without."""


class PreparedPlans:
    """Plans of any number of workspaces, prepared for a deck, or for each deck of a book.

    Immutable; pickles as what it is made of.

    Groups that a plan prices and the deck lacks are passed over. A thousand plans with a price for
    each of 2,700 network groups take some six megabytes; see `size`.

    Args:
        deck: that the plans are applied to, or a book of decks.
        plans: by id, or several, each with its own.
        workspaces: the id of each one's plan, None for one without; or the workspaces themselves.
            With them, records name their workspace; without, their plan.

    >>> from dialnexa_routing import RateDeck
    >>> import polars as pl
    >>> deck = RateDeck.compile(pl.DataFrame({"prefix": ["91"], "network_group": ["India"]}))
    >>> PreparedPlans(deck, [BillingPlan(id="growth", llm="1.10")], {"acme": "growth"})
    <PreparedPlans of 1 plans and 1 workspaces>
    """

    __slots__ = ("__weakref__", "_cores", "deck", "plans", "workspaces")

    def __init__(
        self,
        deck: Rates,
        plans: Mapping[str, BillingPlan] | Iterable[BillingPlan],
        workspaces: Mapping[str, str | None] | Iterable[HasPlan] | None = None,
    ) -> None:
        self.deck = deck
        self.plans = _by_id(plans)
        self.workspaces = None if workspaces is None else _plan_ids(workspaces)
        ids = list((self.workspaces or {}).items())
        decks = decks_of(deck)
        # One for each deck, in the order of a book's.
        self._cores = tuple(_deck.Plans(one._core, _stated(self.plans), ids) for one in decks)

    @property
    def decimals(self) -> int:
        """Places of charges: the most that a plan has."""
        return self._cores[0].decimals

    @property
    def size(self) -> int:
        """Bytes of telephony prices in memory."""
        return sum(core.size for core in self._cores)

    def __reduce__(self) -> tuple[Any, ...]:
        return PreparedPlans, (self.deck, self.plans, self.workspaces)

    @also_half_made
    def __repr__(self) -> str:
        return f"<PreparedPlans of {len(self.plans):,} plans and {len(self.workspaces or ()):,} workspaces>"


def _by_id(plans: Mapping[str, BillingPlan] | Iterable[BillingPlan]) -> dict[str, BillingPlan]:
    found: dict[str, BillingPlan] = {}
    pairs = plans.items() if isinstance(plans, Mapping) else ((_plan(one).id, one) for one in plans)
    for id_, plan in pairs:
        if id_ in found:
            raise ConflictError(f"two plans have the id {id_!r}; leave one of them out")
        found[id_] = _plan(plan)
    return found


def _plan(plan: object) -> BillingPlan:
    if not isinstance(plan, BillingPlan):
        raise TypeError(f"a plan is {type(plan).__name__}; pass a BillingPlan")
    return plan


def _plan_ids(workspaces: Mapping[str, str | None] | Iterable[HasPlan]) -> dict[str, str | None]:
    if isinstance(workspaces, Mapping):
        return dict(workspaces)
    found: dict[str, str | None] = {}
    for one in workspaces:
        if not isinstance(one, HasPlan):
            raise TypeError(
                f"a workspace is {type(one).__name__}; pass ids of plans by workspace, or Workspaces"
            )
        if one.id in found:
            raise ConflictError(f"two workspaces have the id {one.id!r}; leave one of them out")
        found[one.id] = one.billing_plan
    return found


def _stated(plans: Mapping[str, BillingPlan]) -> Iterator[dict[str, Any]]:
    """Plans as the core takes them, one at a time; amounts in nano-rupees."""
    first: dict[int, int] = {}
    for number, (id_, plan) in enumerate(plans.items()):
        telephony, sip = plan.telephony, plan.sip
        # Prices that plans share are handed over once.
        like = None if telephony is None else first.setdefault(id(telephony), number)
        own = telephony if like == number else None
        yield {
            "id": id_,
            "components": [_nano(rate) for rate in (plan.stt, plan.llm, plan.tts, plan.platform)],
            "like": None if like == number else like,
            "prices": _prices(own) if isinstance(own, PriceList) else None,
            "factor": own.factor.as_integer_ratio() if isinstance(own, DeckPrices) else None,
            "sip": None if sip is None else (_nano(sip.of("outbound")), _nano(sip.of("inbound"))),
            "pulse": (plan.pulse.initial_s, plan.pulse.next_s),
            "part_second": plan.part_second.value,
            "rounding": plan.rounding.value,
            "decimals": plan.decimals,
            "voicemail_is_free": plan.voicemail is Voicemail.FREE,
        }


def _prices(telephony: PriceList) -> list[tuple[str, str, int | None, int | None]]:
    return [
        (one.country_iso, one.network_group, _nano(one.outbound), _nano(one.inbound))
        for one in telephony.prices
    ]


def _nano(amount: Decimal | None) -> int | None:
    return None if amount is None else nano(amount)
