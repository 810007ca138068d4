"""Billing plans prepared for a deck: what rating by plan looks up, made once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, runtime_checkable

from dialnexa_routing import _deck
from dialnexa_routing.clock.wall_clock import microseconds
from dialnexa_routing.deck.deck_book import decks_of
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.plans.core_plans import NO_PLAN, as_sold, as_they_are
from dialnexa_routing.text.errors import ConflictError
from dialnexa_routing.text.half_made import also_half_made

if TYPE_CHECKING:
    from datetime import datetime

    from dialnexa_routing.deck.rate_deck import RateDeck
    from dialnexa_routing.deck.rates import Rates

Plans: TypeAlias = Mapping[str, BillingPlan | Iterable[BillingPlan]] | Iterable[BillingPlan]

ALWAYS_US = -(2**63)
"""Stands for the beginning of a plan that has none."""


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
        plans: by id, or several, each with its own. Several of one id are its versions, each from its
            `valid_from` on; a record is rated by the one that held when it was answered (R50).
        workspaces: the id of each one's plan, None for one without; or the workspaces themselves.
            With them, records name their workspace; without, their plan.

    >>> from dialnexa_routing import RateDeck
    >>> import polars as pl
    >>> deck = RateDeck.compile(pl.DataFrame({"prefix": ["91"], "network_group": ["India"]}))
    >>> PreparedPlans(deck, [BillingPlan(id="growth", llm="1.10")], {"acme": "growth"})
    <PreparedPlans of 1 plans and 1 workspaces>
    """

    __slots__ = ("__weakref__", "_cores", "deck", "versions", "workspaces")

    def __init__(
        self,
        deck: Rates,
        plans: Mapping[str, BillingPlan | Iterable[BillingPlan]] | Iterable[BillingPlan],
        workspaces: Mapping[str, str | None] | Iterable[HasPlan] | None = None,
    ) -> None:
        self.deck = deck
        self.versions = versions_of(plans)
        self.workspaces = None if workspaces is None else _plan_ids(workspaces)
        # One for each deck, in the order of a book's.
        self._cores = tuple(self._prepared(one) for one in decks_of(deck))

    def _prepared(self, deck: RateDeck) -> _deck.Plans:
        deck._check_file()
        if self.is_plain:
            ids = list((self.workspaces or {}).items())
            return _deck.Plans(deck._core, as_they_are(deck._core, self.plans), ids)
        # Records name keys of versions there, as if these were workspaces.
        stated = list(as_sold(deck._core, self.versions))
        keys: list[tuple[str, str | None]] = [(one["id"], one["id"]) for one in stated]
        return _deck.Plans(deck._core, stated, [*keys, (NO_PLAN, None)])

    @property
    def plans(self) -> dict[str, BillingPlan]:
        """By id, the last version of each."""
        return {id_: of_id[-1] for id_, of_id in self.versions.items()}

    @property
    def is_plain(self) -> bool:
        """Whether the core alone counts all that the plans say."""
        return all(len(of_id) == 1 and of_id[0].is_plain for of_id in self.versions.values())

    @property
    def is_dated(self) -> bool:
        """Whether some plan holds only from an instant on, so that records need their answer time (R50)."""
        return any(plan.valid_from for of_id in self.versions.values() for plan in of_id)

    @property
    def has_fees(self) -> bool:
        """Whether some plan has a connect fee, so that rated records have a column for it."""
        return any(plan.connect_fee is not None for of_id in self.versions.values() for plan in of_id)

    @property
    def decimals(self) -> int:
        """Places of charges: the most that a plan has."""
        return self._cores[0].decimals

    @property
    def size(self) -> int:
        """Bytes of telephony prices in memory."""
        return sum(core.size for core in self._cores)

    def __reduce__(self) -> tuple[Any, ...]:
        return PreparedPlans, (self.deck, self.versions, self.workspaces)

    @also_half_made
    def __repr__(self) -> str:
        return (
            f"<PreparedPlans of {len(self.versions):,} plans and {len(self.workspaces or ()):,} workspaces>"
        )


def versions_of(plans: Plans) -> dict[str, tuple[BillingPlan, ...]]:
    """Plans by id; of each its versions, by the instants from which they hold.

    Raises:
        ConflictError: two of one id hold from the same instant.
        TypeError: one is no plan.
    """
    found: dict[str, list[BillingPlan]] = {}
    if isinstance(plans, Mapping):
        for id_, given in plans.items():
            of_id = (given,) if isinstance(given, BillingPlan) or not isinstance(given, Iterable) else given
            found.setdefault(id_, []).extend(_plan(one) for one in of_id)
    else:
        for given in plans:
            found.setdefault(_plan(given).id, []).append(_plan(given))
    return {id_: in_order(id_, of_id) for id_, of_id in found.items()}


def in_order(id_: str, plans: Iterable[BillingPlan]) -> tuple[BillingPlan, ...]:
    """Versions of one plan by the instants from which they hold; raises `ConflictError` for two of one."""
    of_id = sorted(plans, key=begin_us)
    for one, other in pairwise(of_id):
        if one.valid_from == other.valid_from:
            when = "" if one.valid_from is None else f" from {one.valid_from.isoformat()} on"
            raise ConflictError(
                f"two plans have the id {id_!r}{when}; leave one of them out, or give each its own valid_from"
            )
    return tuple(of_id)


def begin_us(plan: BillingPlan) -> int:
    """Microseconds since 1970 UTC from which a plan holds; of one that always has, before all others."""
    return ALWAYS_US if plan.valid_from is None else microseconds(plan.valid_from)


def plan_at(versions: Iterable[BillingPlan], at: datetime | None) -> BillingPlan | None:
    """Which of the versions of one plan, by the instants from which they hold, holds at an instant (R50).

    None where none did yet; and where that depends on an instant that is not given.
    """
    of_id = tuple(versions)
    if at is None:
        return of_id[0] if len(of_id) == 1 and of_id[0].valid_from is None else None
    when = microseconds(at)
    return next((plan for plan in reversed(of_id) if begin_us(plan) <= when), None)


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
