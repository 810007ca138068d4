"""What `records.rate` can be given, in one place for all that pass it on: the job, books, reports."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict

from dialnexa_routing.clock.wall_clock import Twice, twice_of
from dialnexa_routing.numbers.number_plan import WORLD, is_plan
from dialnexa_routing.text.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dialnexa_routing.money.semantics import Semantics
    from dialnexa_routing.numbers.number_plan import NumberPlan
    from dialnexa_routing.plans.billing_plan import BillingPlan
    from dialnexa_routing.plans.prepared_plans import HasPlan, PreparedPlans

    Plans: TypeAlias = (
        PreparedPlans | Mapping[str, BillingPlan | Iterable[BillingPlan]] | Iterable[BillingPlan]
    )
    Workspaces: TypeAlias = Mapping[str, str | None] | Iterable[HasPlan]

OF_PLANS = ("workspace", "agent_kind", "path", "voicemail")
"""Options that only rating by plan looks at."""


class RatingOptions(TypedDict, total=False):
    """How call records are rated; `records.rate` states what each of them means."""

    number: str
    seconds: str | None
    answered_at: str
    ended_at: str | None
    direction: str
    semantics: Semantics | dict[str, Any] | None
    timezone: str | None
    twice: Twice | str
    fields: Sequence[str] | None
    add_prefix: str
    number_plan: NumberPlan | None
    plan: BillingPlan | Sequence[BillingPlan] | str | None
    plans: Plans | None
    workspace: str
    workspaces: Workspaces | None
    agent_kind: str
    path: str
    voicemail: str


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The options with their defaults."""

    number: str = "to"
    seconds: str | None = "seconds"
    answered_at: str = "answered_at"
    ended_at: str | None = None
    direction: str = "direction"
    semantics: Semantics | dict[str, Any] | None = None
    timezone: str | None = None
    twice: Twice = Twice.REFUSED
    fields: Sequence[str] | None = None
    add_prefix: str = ""
    number_plan: NumberPlan | None = WORLD
    plan: BillingPlan | Sequence[BillingPlan] | str | None = None
    plans: Plans | None = None
    workspace: str = "workspace"
    workspaces: Workspaces | None = None
    agent_kind: str = "agent_kind"
    path: str = "path"
    voicemail: str = "voicemail"

    @property
    def is_by_plan(self) -> bool:
        """Whether plans are applied, and not the deck's own terms."""
        return self.plan is not None or self.plans is not None or self.workspaces is not None

    def plain(self) -> dict[str, Any]:
        """All options with their values, as arguments of `records.rate`."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


def asked(options: Mapping[str, Any]) -> Asked:
    """The options of one call. Nothing that is given is ignored.

    Raises:
        TypeError: there is no such option, or the others leave it nothing to do.
        ValueError: `twice` is another word.
    """
    known = [one.name for one in fields(Asked)]
    for name in options:
        if name not in known:
            raise TypeError(f"there is no argument {name!r}{nearest(name, known)}")
    found = Asked(**options)
    found = replace(found, twice=twice_of(found.twice), number_plan=is_plan(found.number_plan))
    if not found.is_by_plan:
        idle = [name for name in OF_PLANS if getattr(found, name) != getattr(Asked, name)]
        if idle:
            raise TypeError(f"{idle[0]} is of billing plans; pass plan= or plans= too, or leave it out")
    elif found.workspaces is None:
        if found.workspace != Asked.workspace:
            raise TypeError("workspace names the plan's owner; pass workspaces= too, or leave it out")
    elif isinstance(found.plan, str):
        raise TypeError("workspaces name the plans of records already; leave the column plan= out")
    return found
