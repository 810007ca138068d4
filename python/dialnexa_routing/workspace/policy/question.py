"""What a call is asked with: a wrong type is an error, whatever else is wrong is a refusal (R42)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from dialnexa_routing.clock.wall_clock import microseconds
from dialnexa_routing.text.errors import MoneyError
from dialnexa_routing.workspace.calling_window import CallingWindow
from dialnexa_routing.workspace.choices import Purpose

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dialnexa_routing._deck import Match
    from dialnexa_routing.money.call_words import Direction
    from dialnexa_routing.workspace.policy.setting import Own, OwnVersion

M = TypeVar("M", bound=StrEnum)
T = TypeVar("T")


class CallOrigin(StrEnum):
    """Who asks for an outbound call; it decides what happens at capacity (R36)."""

    API = "api"
    """One request."""
    BATCH = "batch"
    """A row of a batch file; placed by the outbound version of its source (R32)."""
    WORKFLOW = "workflow"
    """A lead of a workflow; as a batch."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The state of a workspace at the moment of a call.

    Attributes:
        kyc_verified: whether the customer is known; asked of outbound calls.
        balance: INR in the wallet; None leaves the balance unasked.
        spent_today: INR that the calls of this day have come to; a must where a ceiling speaks of it.
        live_calls: ringing and connected calls of every kind, the new one not among them (R36).

    Raises:
        MoneyError: an amount is a float, or no number (R48).

    >>> Facts(kyc_verified=True, balance=Decimal("99.50"), live_calls=3).live_calls
    3
    """

    kyc_verified: bool
    balance: Decimal | None
    live_calls: int
    spent_today: Decimal | None = None

    def __post_init__(self) -> None:
        if type(self.kyc_verified) is not bool:
            raise TypeError(f"kyc_verified is {type(self.kyc_verified).__name__}; pass True or False")
        for name in ("balance", "spent_today"):
            amount = getattr(self, name)
            if isinstance(amount, float):
                raise MoneyError(f"{name} is a float, which is not exact; pass a Decimal of text (R48)")
            if amount is not None and not isinstance(amount, Decimal):
                raise TypeError(f"{name} is {type(amount).__name__}; pass a Decimal, or None")
            if amount is not None and not amount.is_finite():
                raise MoneyError(f"{name} is {amount}; pass an amount")
        if type(self.live_calls) is not int:
            raise TypeError(f"live_calls is {type(self.live_calls).__name__}; pass a whole number")
        if self.live_calls < 0:
            raise ValueError(f"live_calls is {self.live_calls}; it counts calls, from 0")


@dataclass(slots=True)
class Call:
    """What was asked for, and what the checks have found so far; lives as long as one question.

    Attributes:
        direction: which of a group's prices counts; None for a web call.
        to: the number at the other end.
        source: our number, as it was asked for.
        at_us: microseconds since 1970, of `at`.
        targets: of a transfer.
        is_number: the numbers are E.164, and as their countries have them.
        own: our number.
        version: that answers or places the call.
        decides: the match whose switch decides (R16), and whose country is the destination's (R18).
        match: the match that carries the call, and is rated (R46).
    """

    direction: Direction | None
    to: str = ""
    source: str | None = None
    agent: str | None = None
    version_number: int | None = None
    origin: CallOrigin = CallOrigin.API
    purpose: Purpose | None = None
    window: CallingWindow | None = None
    facts: Facts | None = None
    at: datetime | None = None
    at_us: int | None = None
    targets: tuple[str, ...] = ()
    is_number: bool = False
    own: Own | None = None
    version: OwnVersion | None = None
    decides: Match | None = None
    match: Match | None = None


def outbound(
    to: str,
    source: str | None,
    agent: str | None,
    version: int | None,
    origin: CallOrigin,
    purpose: Purpose | None,
    window: CallingWindow | None,
    facts: Facts | None,
    at: datetime | None,
) -> Call:
    """A call to a number."""
    call = Call("outbound", _text("to", to), None if source is None else _text("source", source))
    if agent is not None or version is not None:
        _name_agent(call, agent, version)
    if origin is not CallOrigin.API:
        call.origin = _member("origin", CallOrigin, origin)
        if call.agent is not None and call.source is not None and call.origin is not CallOrigin.API:
            raise ValueError(
                f"a {call.origin} call is placed by the outbound version of its source; leave agent out"
            )
    if purpose is not None:
        call.purpose = _member("purpose", Purpose, purpose)
    if window is not None:
        call.window = _instance("window", CallingWindow, window)
    return _at_moment(call, facts, at)


def inbound(to: str, source: str | None, facts: Facts | None, at: datetime | None) -> Call:
    """A call to a number of ours; whoever calls decides nothing, and may be unknown."""
    call = Call("inbound", "" if source is None else _text("source", source), _text("to", to))
    return _at_moment(call, facts, at)


def web(agent: str, version: int | None, facts: Facts | None) -> Call:
    """A call from a browser."""
    call = Call(None)
    _name_agent(call, _text("agent", agent), version)
    return _at_moment(call, facts, None)


def transfer(to: str | Sequence[str], source: str, purpose: Purpose | None, at: datetime | None) -> Call:
    """A call handed on; each target becomes a leg."""
    if not isinstance(to, str | Iterable) or isinstance(to, bytes):
        raise TypeError(
            f"to is {type(to).__name__}; pass targets with pipes between them, or a sequence of them"
        )
    targets = tuple(_text("a target", target) for target in targets_of(to))
    call = Call("outbound", source=_text("source", source), targets=targets)
    if purpose is not None:
        call.purpose = _member("purpose", Purpose, purpose)
    return _at_moment(call, None, at)


def targets_of(to: str | Sequence[str]) -> tuple[str, ...]:
    """Text with pipes between targets, or a sequence of them, as a sequence."""
    return tuple(to.split("|")) if isinstance(to, str) else tuple(to)


def leg(call: Call, target: str) -> Call:
    """A target of a transfer as a call from the same number."""
    return Call(
        "outbound", target, call.source, purpose=call.purpose, at=call.at, at_us=call.at_us, own=call.own
    )


def _name_agent(call: Call, agent: str | None, version: int | None) -> None:
    if agent is None:
        raise ValueError("version is given without agent; name the agent it is a version of")
    call.agent = _text("agent", agent)
    if version is not None:
        if type(version) is not int:
            raise TypeError(f"version is {type(version).__name__}; pass its number")
        call.version_number = version


def _at_moment(call: Call, facts: Facts | None, at: datetime | None) -> Call:
    if facts is not None:
        call.facts = _instance("facts", Facts, facts)
    if at is not None:
        call.at_us = microseconds(at)
        call.at = at
    return call


def _text(name: str, value: Any) -> str:
    if type(value) is str:
        return value
    if not isinstance(value, str):
        raise TypeError(f"{name} is {type(value).__name__}; pass a str")
    return str.__str__(value)


def _member(name: str, members: type[M], value: Any) -> M:
    try:
        return members(value)
    except ValueError:
        raise ValueError(f"{name} is {value!r}; it is one of {', '.join(members)}") from None


def _instance(name: str, kind: type[T], value: Any) -> T:
    if not isinstance(value, kind):
        raise TypeError(f"{name} is {type(value).__name__}; pass a {kind.__name__}")
    return value
