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
    """As the deck has it; ``ZZ`` for groups whose sheet names no country."""
    network_group: GroupName
    """As the deck names it, to the letter."""
    outbound: Rupees | None = None
    """For calls that go out to it."""
    inbound: Rupees | None = None
    """For calls that come in at a number of it."""


class PriceList(Model):
    """A price for each network group and direction, named one by one."""

    kind: Literal["price_list"] = "price_list"
    """Which kind of prices this is, as a document writes it."""
    prices: tuple[GroupPrice, ...]
    """In any order, a network group once."""

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
    """Which kind of prices this is, as a document writes it."""
    markup_percent: Annotated[
        Decimal, BeforeValidator(exact_amount), Field(ge=-100, le=10_000, decimal_places=9)
    ] = Decimal(0)
    """Added to the deck's rate: 20 sells at 1.2 times of it, -100 for nothing."""

    @property
    def factor(self) -> Fraction:
        """What a rate is multiplied by."""
        return 1 + Fraction(self.markup_percent) / 100


class SipRate(Model):
    """The flat rate per minute of calls over the customer's own trunk (R46)."""

    outbound: Rupees
    """For calls that go out."""
    inbound: Rupees | None = None
    """For calls that come in; None is the same as outbound."""

    def of(self, direction: Direction) -> Decimal:
        """The rate for a direction."""
        return self.inbound if direction == "inbound" and self.inbound is not None else self.outbound


class PlanTerms(Document):
    """INR per minute of each component, any of which may be absent; one pulse for all of them (R44, R45)."""

    id: Name
    """How workspaces, records and stores name it."""
    name: str = ""
    """For people."""
    stt: Rupees | None = None
    """Speech to text, a minute; None is no such line."""
    llm: Rupees | None = None
    """The model, a minute; None is no such line."""
    tts: Rupees | None = None
    """Text to speech, a minute; None is no such line."""
    platform: Rupees | None = None
    """The platform, a minute; None is no such line."""
    telephony: Annotated[PriceList | DeckPrices, Discriminator("kind")] | None = None
    """Prices of calls by network group; None is no such line, and refuses no number (R47)."""
    sip: SipRate | None = None
    """The flat rate of calls over the customer's own trunk; None is no such rate (R46)."""
    pulse: Annotated[Pulse, BeforeValidator(pulse_from_text)] = Pulse()
    """First and further increments in seconds, as ``60/60``, of all components (R44)."""
    part_second: PartSecond = PartSecond.UP
    """What becomes of a part of a second before the pulse (R43)."""
    rounding: Rounding = Rounding.HALF_UP
    """How the total is rounded to `decimals`; its lines stay exact (R48)."""
    decimals: Annotated[int, Field(ge=0, le=9, strict=True)] = 2
    """Decimal places of the total."""
    voicemail: Voicemail = Voicemail.BILLED
    """Whether calls that a machine answers are billed (R52)."""

    @property
    def digest(self) -> str:
        """BLAKE2b of the plan's JSON, 64 hexadecimal digits: equal plans have one (R50)."""
        return hashlib.blake2b(self.to_json().encode(), digest_size=32).hexdigest()

    def component(self, component: Component) -> Decimal | None:
        """INR per minute of a component that does not depend on the destination."""
        return None if component is Component.TELEPHONY else getattr(self, component.value)
