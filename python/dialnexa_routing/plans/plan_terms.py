"""What a billing plan states: rates by component, prices of telephony, the pulse (R44-R48)."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Discriminator, Field, model_validator

from dialnexa_routing.files.document_model import Model, Name
from dialnexa_routing.files.model_files import Document
from dialnexa_routing.money.amount_field import Rupees
from dialnexa_routing.money.call_words import AgentKind
from dialnexa_routing.money.semantics import PartSecond, Pulse, Rounding, pulse_from_text
from dialnexa_routing.plans.allowances import Allowance, refuse_order
from dialnexa_routing.plans.price_list import DeckPrices, PriceList

if TYPE_CHECKING:
    from decimal import Decimal

    from dialnexa_routing.money.call_words import Direction


class Component(StrEnum):
    """A line of a charge, in the order in which lines stand."""

    STT = "stt"
    LLM = "llm"
    TTS = "tts"
    TELEPHONY = "telephony"
    PLATFORM = "platform"
    CONNECT_FEE = "connect_fee"
    """Of a call, not of its minutes; a line only by plans that have one."""


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
"""What each kind of agent is charged for by the minute (R45); a web call has no telephony (R34)."""

BY_THE_MINUTE = tuple(component for component in Component if component is not Component.CONNECT_FEE)
"""The lines that every rated record has a column for."""


_LATER_FIELDS = ("minimum_s", "free_seconds", "countries", "prefixes", "allowances")
"""Fields that plans had not from the beginning, with a default of nothing."""


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


_Seconds = Annotated[int, Field(ge=0, le=86_400, strict=True)]


class Voicemail(StrEnum):
    """Whether a machine that answers is an answer (R52)."""

    BILLED = "billed"
    FREE = "free"
    """Bends R52."""


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
    connect_fee: Rupees | None = None
    """INR of each answered call, whatever its length and path; not of zero seconds (R53)."""
    minimum_s: _Seconds = 0
    """Least seconds that the pulse is counted for, after `free_seconds` (R53)."""
    free_seconds: _Seconds = 0
    """The first seconds of each call, which are not billed (R53)."""
    valid_from: Annotated[AwareDatetime, AfterValidator(_utc)] | None = None
    """From when it holds, until the next of its id does; None is ever since. With a zone (R50)."""

    allowances: tuple[Allowance, ...] = ()
    """What it grants or asks over a period, applied in this order when one is closed."""

    @model_validator(mode="after")
    def _allowances_are_in_an_order_that_means_something(self) -> Self:
        refuse_order(self.allowances)
        return self

    @property
    def stated(self) -> dict[str, Any]:
        """Plain data, without fields that plans had not from the beginning where they state nothing."""
        plain = self.to_dict()
        for held in (plain, plain.get("telephony", {})):
            for name in _LATER_FIELDS:
                if name in held and not held[name]:
                    del held[name]
        return plain

    @property
    def digest(self) -> str:
        """BLAKE2b of the plan's JSON, 64 hexadecimal digits: equal plans have one (R50)."""
        text = json.dumps(self.stated, ensure_ascii=False, indent=2) + "\n"
        return hashlib.blake2b(text.encode(), digest_size=32).hexdigest()

    @property
    def is_plain(self) -> bool:
        """Whether it is made of what each plan has: no version, fee, minimum, free seconds or fallback."""
        listed = self.telephony
        return (
            (not isinstance(listed, PriceList) or listed.is_by_group)
            and self.valid_from is None
            and self.connect_fee is None
            and not self.free_seconds
        )

    def component(self, component: Component) -> Decimal | None:
        """INR per minute of a component that does not depend on the destination."""
        return None if component is Component.TELEPHONY else getattr(self, component.value)
