"""What the JSON API takes; what it answers is what `to_dict` of the library's own values gives."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool

from dialnexa_routing.money.call_words import AgentKind, Path
from dialnexa_routing.workspace.choices import Purpose
from dialnexa_routing.workspace.policy.question import CallOrigin, Facts

Number = Annotated[str, Field(max_length=64, examples=["+919812345678"])]


def _whole(value: Any) -> Any:
    """JSON has one kind of number: 2.0 is a whole one, and text is none."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


_WHOLE = BeforeValidator(_whole)
Version = Annotated[int, Field(ge=1, lt=2**53, strict=True), _WHOLE]
AgentVersion = Annotated[int, Field(ge=1, lt=1_000_000_000, strict=True), _WHOLE]
Seconds = Annotated[int, Field(ge=0, le=86_400, strict=True, examples=[263]), _WHOLE]
At = Annotated[
    AwareDatetime | None,
    Field(default=None, description="Time of the call, with an offset; none is now.", examples=[None]),
]
MAX_RECIPIENTS = 10_000


class Asked(BaseModel):
    """A body: no field that is not there, so that nothing given is ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class WorkspaceFacts(Asked):
    """The state of the workspace; amounts are text."""

    kyc_verified: StrictBool
    balance: Annotated[str | None, Field(pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,9})?$")] = None
    live_calls: Annotated[int, Field(ge=0, lt=2**53, strict=True), _WHOLE] = 0

    def facts(self) -> Facts:
        """As the router takes it."""
        balance = None if self.balance is None else Decimal(self.balance)
        return Facts(kyc_verified=self.kyc_verified, balance=balance, live_calls=self.live_calls)


class DecideAsked(Asked):
    """An outbound call to decide."""

    to: Number
    source: Number | None = None
    agent: Annotated[str | None, Field(max_length=200)] = None
    version: AgentVersion | None = None
    origin: CallOrigin = CallOrigin.API
    purpose: Purpose | None = None
    facts: WorkspaceFacts | None = None
    at: At
    explain: StrictBool = False


class ScreenAsked(Asked):
    """Recipients to look through, as they stand in a file."""

    recipients: Annotated[list[Annotated[str, Field(max_length=64)] | None], Field(max_length=MAX_RECIPIENTS)]
    source: Number | None = None
    purpose: Purpose | None = None
    at: At


class RateAsked(Asked):
    """A call to charge, by the workspace's plan, or by its provider's deck where it has none."""

    number: Number
    seconds: Seconds
    direction: Literal["outbound", "inbound"] = "outbound"
    provider: Annotated[str | None, Field(max_length=200)] = None
    agent_kind: AgentKind = AgentKind.CASCADED
    path: Path = Path.PSTN
    at: At
    explain: StrictBool = False


class SwitchAsked(Asked):
    """A switch: of a group, a country, or everything of a provider; ``sip`` has one."""

    provider: Annotated[str, Field(max_length=200)]
    country: Annotated[str | None, Field(max_length=200)] = None
    group: Annotated[str | None, Field(max_length=500)] = None
    on: StrictBool
    version: Version


class Written(BaseModel):
    """The version that a change made."""

    version: int
    changed_at: datetime
    changed_by: str


class Problem(BaseModel):
    """What went wrong: the kind of error, and a sentence with the cure."""

    error: str
    sentence: str
