"""What a plan grants or asks over a period: bundles, tiers, discounts, minimums, commitments.

They are applied when a period is closed, by `billing.period`, and never when a call is rated.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, model_validator

from dialnexa_routing.files.document_model import GroupName, Iso, Model
from dialnexa_routing.money.amount_field import Rupees, exact_amount
from dialnexa_routing.money.call_words import Direction

if TYPE_CHECKING:
    from collections.abc import Iterable

_Minutes = Annotated[int, Field(ge=1, le=100_000_000, strict=True)]


class Covers(StrEnum):
    """What of a call an allowance is about."""

    TELEPHONY = "telephony"
    """Its telephony line alone."""
    CHARGE = "charge"
    """All its lines; the connect fee where the call's first second is covered."""


class Scoped(Model):
    """Of which calls an allowance is: of all, where neither groups nor countries are named."""

    network_groups: tuple[GroupName, ...] = ()
    """Calls of these, as the deck names them."""
    countries: tuple[Iso, ...] = ()
    """Calls of these countries, of the network group (R18)."""
    direction: Direction | None = None
    """Calls of one direction; None is both. Records then name it in a column ``direction``."""
    covers: Covers = Covers.TELEPHONY
    """Whether it is about the telephony line or the whole charge."""


class FreeMinutes(Scoped):
    """A bundle: the first minutes of a period are free, by billed seconds.

    A call across its end is split by seconds. It covers telephony unless `covers` states otherwise.
    """

    kind: Literal["free_minutes"] = "free_minutes"
    """Which kind of allowance this is, as a document writes it."""
    minutes: _Minutes
    """Of a whole period."""


class VolumeTier(Model):
    """A price per minute up to some minutes of a period."""

    up_to_minutes: _Minutes | None = None
    """Where it ends, counted from the beginning of the period; None is never."""
    price: Rupees
    """INR per minute of telephony, in place of the call's own."""


class VolumeTiers(Scoped):
    """Prices of telephony by how much was called in the period: each second at the price of its tier.

    Seconds that a bundle before it covers do not count. It is about telephony alone.
    """

    kind: Literal["volume_tiers"] = "volume_tiers"
    """Which kind of allowance this is, as a document writes it."""
    tiers: Annotated[tuple[VolumeTier, ...], Field(min_length=1)]
    """In order; the last has no end, so that every second has a price."""
    covers: Literal[Covers.TELEPHONY] = Covers.TELEPHONY
    """Tiers price telephony."""

    @model_validator(mode="after")
    def _ascend(self) -> Self:
        *ends, last = (tier.up_to_minutes for tier in self.tiers)
        if last is not None:
            raise ValueError("the last tier ends, and what lies behind has no price; leave up_to_minutes out")
        if any(one is None for one in ends) or sorted(set(ends)) != ends:  # type: ignore[type-var]
            raise ValueError("tiers are in order, and only the last has no end; sort them by up_to_minutes")
        return self


class Discount(Scoped):
    """A part of what calls cost, after the allowances before it."""

    kind: Literal["discount"] = "discount"
    """Which kind of allowance this is, as a document writes it."""
    percent: Annotated[Decimal, BeforeValidator(exact_amount), Field(ge=0, le=100, decimal_places=4)]
    """Taken off."""
    above: Rupees = Decimal(0)
    """INR of a whole period from which on it is taken; of a call across it, of the part above."""
    covers: Covers = Covers.CHARGE
    """Whether it is about the telephony line or the whole charge."""


class MinimumSpend(Model):
    """The least that a period comes to: what is missing is a line of its own when it is closed."""

    kind: Literal["minimum_spend"] = "minimum_spend"
    """Which kind of allowance this is, as a document writes it."""
    amount: Rupees
    """INR of a whole period, without tax."""


class Commitment(Model):
    """What several periods must come to: the true-up is a line of its own when the last of them is closed.

    What minimum spends added counts. It is not cut by a change of plan.
    """

    kind: Literal["commitment"] = "commitment"
    """Which kind of allowance this is, as a document writes it."""
    amount: Rupees
    """INR of all the periods, without tax."""
    periods: Annotated[int, Field(ge=1, le=120, strict=True)] = 12
    """How many."""


Allowance: TypeAlias = Annotated[
    FreeMinutes | VolumeTiers | MinimumSpend | Discount | Commitment, Discriminator("kind")
]
"""What a plan grants or asks over a period."""


def refuse_order(allowances: Iterable[Allowance]) -> None:
    """Raise `ValueError` where what comes first leaves the next one nothing that it could be applied to."""
    seen: set[str] = set()
    for one in allowances:
        if isinstance(one, FreeMinutes) and seen & {"tiers", "above"}:
            raise ValueError(
                "free minutes stand behind tiers, or a discount above an amount; write them first"
            )
        if isinstance(one, VolumeTiers) and "above" in seen:
            raise ValueError("tiers stand behind a discount above an amount; write the tiers first")
        if isinstance(one, VolumeTiers):
            seen.add("tiers")
        if isinstance(one, Discount) and one.above:
            seen.add("above")
        if isinstance(one, Commitment) and "commitment" in seen:
            raise ValueError("there are two commitments; leave one")
        if isinstance(one, Commitment):
            seen.add("commitment")
