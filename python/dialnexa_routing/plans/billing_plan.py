"""Billing plans: what a minute of a call costs a workspace, component by component (R44-R48)."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BeforeValidator, Discriminator, Field, model_validator

from dialnexa_routing.files.document_model import GroupName, Iso, Model, Name, Rupees, exact_amount
from dialnexa_routing.files.model_files import Document
from dialnexa_routing.money.call_words import AgentKind
from dialnexa_routing.money.semantics import PartSecond, Pulse, Rounding, pulse_from_text

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from dialnexa_routing.deck.rate_deck import RateDeck
    from dialnexa_routing.money.call_words import Direction, Path
    from dialnexa_routing.plans.plan_charge import PlanCharge
    from dialnexa_routing.plans.plan_coverage import Groups
    from dialnexa_routing.plans.plan_explanation import PlanExplanation


class Component(StrEnum):
    """A line of a charge, in the order in which lines stand."""

    STT = "stt"
    LLM = "llm"
    TTS = "tts"
    TELEPHONY = "telephony"
    PLATFORM = "platform"


COMPONENTS_OF = {
    AgentKind.CASCADED: (
        Component.STT,
        Component.LLM,
        Component.TTS,
        Component.TELEPHONY,
        Component.PLATFORM,
    ),
    AgentKind.SPEECH_TO_SPEECH: (Component.LLM, Component.TELEPHONY, Component.PLATFORM),
}
"""What each kind of agent is charged for (R45); a web call has no telephony (R34)."""


class Voicemail(StrEnum):
    """Whether a machine that answers is an answer (R52)."""

    BILLED = "billed"
    FREE = "free"
    """Bends R52."""


class GroupPrice(Model):
    """INR per minute of one network group; None is no price, which is not zero (R47)."""

    country_iso: Iso
    network_group: GroupName
    outbound: Rupees | None = None
    inbound: Rupees | None = None


class PriceList(Model):
    """A price for each network group and direction, named one by one."""

    kind: Literal["price_list"] = "price_list"
    prices: tuple[GroupPrice, ...]

    @model_validator(mode="after")
    def _names_a_group_once(self) -> Self:
        seen: set[tuple[str, str]] = set()
        for price in self.prices:
            group = (price.country_iso, price.network_group)
            if group in seen:
                raise ValueError(f"{price.country_iso} {price.network_group!r} has two prices; leave one")
            seen.add(group)
        return self


class DeckPrices(Model):
    """The deck's own rate per minute with a markup: exact, then rounded half-up once to nine places (R48).

    Only rates are sold on: connect fees, increments and bounds of the carrier are what it costs us, not
    what the plan charges.
    """

    kind: Literal["deck_prices"] = "deck_prices"
    markup_percent: Annotated[
        Decimal, BeforeValidator(exact_amount), Field(ge=-100, le=10_000, decimal_places=9)
    ] = Decimal(0)

    @property
    def factor(self) -> Fraction:
        """What a rate is multiplied by."""
        return 1 + Fraction(self.markup_percent) / 100


class SipRate(Model):
    """The flat rate per minute of calls over the customer's own trunk (R46)."""

    outbound: Rupees
    inbound: Rupees | None = None
    """None is the same as outbound."""

    def of(self, direction: Direction) -> Decimal:
        """The rate for a direction."""
        return self.inbound if direction == "inbound" and self.inbound is not None else self.outbound


class BillingPlan(Document):
    """INR per minute of each component, any of which may be absent; one pulse for all of them (R44, R45)."""

    id: Name
    name: str = ""
    stt: Rupees | None = None
    llm: Rupees | None = None
    tts: Rupees | None = None
    platform: Rupees | None = None
    telephony: Annotated[PriceList | DeckPrices, Discriminator("kind")] | None = None
    """None: telephony is not part of the plan, and is not priced (R47)."""
    sip: SipRate | None = None
    pulse: Annotated[Pulse, BeforeValidator(pulse_from_text)] = Pulse()
    part_second: PartSecond = PartSecond.UP
    rounding: Rounding = Rounding.HALF_UP
    decimals: Annotated[int, Field(ge=0, le=9, strict=True)] = 2
    voicemail: Voicemail = Voicemail.BILLED

    def component(self, component: Component) -> Decimal | None:
        """INR per minute of a component that does not depend on the destination."""
        return None if component is Component.TELEPHONY else getattr(self, component.value)

    def rate(
        self,
        deck: RateDeck,
        *,
        number: str | None,
        seconds: int | Decimal | timedelta | None,
        at: datetime | None = None,
        direction: Direction = "outbound",
        agent_kind: AgentKind | str = AgentKind.CASCADED,
        path: Path | str = "pstn",
        voicemail: bool = False,
    ) -> PlanCharge:
        """Rate one call, as `records.rate` with this plan rates a frame (R43-R48, R52, R54).

        Args:
            deck: tells the network group that the number belongs to.
            number: the called number; inbound it is our own. Not looked at for a web call (R34).
            seconds: from answer to end (R43).
            at: answer time, with a zone; a must where a dated deck decides about the price (R50).
            direction: which of the group's two prices (R46).
            agent_kind: which components (R45).
            path: ``pstn`` takes the price of the network group, ``sip_trunk`` the plan's flat rate,
                ``webrtc`` has no telephony; a word of `decision.Path`.
            voicemail: a machine answered; see `Voicemail` (R52).

        Returns:
            The lines and their total, or a reason, as a row of a frame would have them.

        Raises:
            ValueError: direction, kind or path is none of its words.
            DeckTimeError: `at` has no zone.

        >>> import polars as pl
        >>> from dialnexa_routing import RateDeck
        >>> deck = RateDeck.compile(pl.DataFrame({"prefix": ["91"], "network_group": ["India"]}))
        >>> india = GroupPrice(country_iso="ZZ", network_group="India", outbound="0.60")
        >>> prices = PriceList(prices=[india])
        >>> plan = BillingPlan(id="growth", stt="0.50", llm="1.10", tts="0.90", telephony=prices)
        >>> charge = plan.rate(deck, number="+919812345678", seconds=263)
        >>> charge.billed_seconds, charge.total, [str(line.exact) for line in charge.lines]
        (300, Decimal('15.50'), ['5/2', '11/2', '9/2', '3'])
        """
        from dialnexa_routing.plans.plan_charge import rate

        return rate(
            self,
            deck,
            number=number,
            seconds=seconds,
            at=at,
            direction=direction,
            agent_kind=agent_kind,
            path=path,
            voicemail=voicemail,
        )

    def explain(
        self,
        deck: RateDeck,
        *,
        number: str | None,
        seconds: int | Decimal | timedelta | None,
        at: datetime | None = None,
        direction: Direction = "outbound",
        agent_kind: AgentKind | str = AgentKind.CASCADED,
        path: Path | str = "pstn",
        voicemail: bool = False,
    ) -> PlanExplanation:
        """What `rate` says, with every prefix tried and each step from the seconds to the rounded total.

        ``str()`` and `html` of the result are for people, `to_dict` for machines.
        """
        from dialnexa_routing.plans.plan_explanation import explain

        return explain(
            self,
            deck,
            number=number,
            seconds=seconds,
            at=at,
            direction=direction,
            agent_kind=agent_kind,
            path=path,
            voicemail=voicemail,
        )

    def missing(self, deck: RateDeck, direction: Direction = "outbound") -> Groups:
        """Country and name of the deck's network groups that the plan has no price for.

        Calls to them are `Reason.RATE_MISSING` (R47). Groups that are blocked throughout are not
        among them, and none is where the plan has no telephony rates at all.
        """
        from dialnexa_routing.plans.plan_coverage import missing

        return missing(self, deck, direction)

    def unused(self, deck: RateDeck) -> Groups:
        """Country and name of the network groups that the plan prices and the deck does not have."""
        from dialnexa_routing.plans.plan_coverage import unused

        return unused(self, deck)
