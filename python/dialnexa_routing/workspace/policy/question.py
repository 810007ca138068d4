"""What a call is asked with: a wrong type is an error, whatever else is wrong is a refusal (R42)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from dialnexa_routing.money.charge import microseconds
from dialnexa_routing.workspace.calling_window import CallingWindow
from dialnexa_routing.workspace.choices import Purpose
from dialnexa_routing.workspace.policy.call import Call
from dialnexa_routing.workspace.policy.facts import CallOrigin, Facts
from dialnexa_routing.workspace.policy.transfer import targets_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

M = TypeVar("M", bound=StrEnum)
T = TypeVar("T")


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
