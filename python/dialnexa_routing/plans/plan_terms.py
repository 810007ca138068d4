"""What a billing plan states: rates by component, prices of telephony, the pulse (R44-R48)."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BeforeValidator, Discriminator, Field, model_validator

from dialnexa_routing.files.document_model import GroupName, Iso, Model, Name
from dialnexa_routing.files.model_files import Document
from dialnexa_routing.money.amount_field import Rupees, exact_amount
from dialnexa_routing.money.call_words import AgentKind
from dialnexa_routing.money.semantics import PartSecond, Pulse, Rounding, pulse_from_text

if TYPE_CHECKING:
    from dialnexa_routing.money.call_words import Direction


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


class PlanTerms(Document):
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

    @property
    def digest(self) -> str:
        """BLAKE2b of the plan's JSON, 64 hexadecimal digits: equal plans have one (R50)."""
        return hashlib.blake2b(self.to_json().encode(), digest_size=32).hexdigest()

    def component(self, component: Component) -> Decimal | None:
        """INR per minute of a component that does not depend on the destination."""
        return None if component is Component.TELEPHONY else getattr(self, component.value)
