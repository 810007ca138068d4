"""Which number of ours is it, and may it call or be called (R6, R7, R9-R11, R32)?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from dialnexa_routing.numbers.e164 import masked
from dialnexa_routing.workspace.decision import Refusal, refused
from dialnexa_routing.workspace.policy.check import Check, passed
from dialnexa_routing.workspace.workspace import NOT_SELECTABLE

if TYPE_CHECKING:
    from dialnexa_routing.workspace.agent import VersionRef
    from dialnexa_routing.workspace.decision import Refused
    from dialnexa_routing.workspace.policy.call import Call
    from dialnexa_routing.workspace.policy.check import Verdict
    from dialnexa_routing.workspace.policy.setting import Setting
    from dialnexa_routing.workspace.workspace_number import WorkspaceNumber

SIP = "sip"
"""Stands for the provider where calls go through the customer's own trunk (R7)."""


@dataclass(frozen=True, slots=True)
class Own:
    """A number of the workspace, with what its calls meet whoever is called.

    Attributes:
        number: with plus.
        is_sip: its calls go through the customer's own trunk (R7).
        provider: whose network; of a SIP number only a word.
        inbound, outbound: its two slots (R33).
        not_working: why it takes no part in calls at all.
        not_calling: why it places none.
    """

    number: str
    is_sip: bool
    provider: str
    inbound: VersionRef | None
    outbound: VersionRef | None
    not_working: Refused | None
    not_calling: Refused | None

    @classmethod
    def of(cls, number: WorkspaceNumber) -> Self:
        """The number as calls see it."""
        broken = _not_working(number)
        return cls(
            number.number,
            number.is_sip,
            number.provider,
            number.inbound_version,
            number.outbound_version,
            broken,
            _not_calling(number) if broken is None else broken,
        )


def _not_working(own: WorkspaceNumber) -> Refused | None:
    if not own.is_usable:
        return refused(
            Refusal.NUMBER_NOT_USABLE,
            f"{own.number} is {own.status} with its rental {own.rental}; both must be active (R9)",
        )
    if own.provider.lower() in NOT_SELECTABLE and not own.is_sip:
        return refused(
            Refusal.PROVIDER_NOT_SELECTABLE,
            f"{own.number} is a number of {own.provider}, which carries no calls here; "
            "link it as a BYO SIP trunk (R10)",
        )
    return None


def _not_calling(own: WorkspaceNumber) -> Refused | None:
    if own.is_indian_tollfree:
        return refused(
            Refusal.TOLLFREE_INBOUND_ONLY,
            f"{own.number} is toll-free and takes inbound calls only; call from another number (R11)",
        )
    return None


def _ask(setting: Setting, call: Call) -> Refused | None:
    if call.source is None:
        return refused(
            Refusal.NO_SOURCE_NUMBER, "no source number is named, and no agent; name one of them (R32)"
        )
    call.own = own = setting.numbers.get(call.source)
    return _not_found(setting, call.source) if own is None else own.not_calling


def _ask_of_agent(setting: Setting, call: Call) -> Refused | None:
    assert call.version is not None
    if call.version.number is None:
        return refused(
            Refusal.NO_SOURCE_NUMBER,
            f"no number is attached to {call.version.ref}; name a source, or attach one to it (R32)",
        )
    call.own = own = setting.numbers[call.version.number]
    return own.not_calling


def _ask_own(setting: Setting, call: Call) -> Refused | None:
    assert call.source is not None
    call.own = own = setting.numbers.get(call.source)
    return _not_found(setting, call.source) if own is None else own.not_working


def _not_found(setting: Setting, number: str) -> Refused:
    return refused(
        Refusal.NUMBER_NOT_FOUND,
        f"{masked(number)} is no number of workspace {setting.workspace.id!r} (R9)",
    )


def _told(setting: Setting, call: Call) -> tuple[Verdict, str]:
    own = call.own
    assert own is not None
    way = "the customer's SIP trunk" if own.is_sip else own.provider
    return passed(f"{own.number} is active, through {way}")


SOURCE = Check("source", "R9", _ask, _told)
SOURCE_OF_AGENT = Check("source", "R32", _ask_of_agent, _told, needs=("version",))
CALLED = Check("called number", "R9", _ask_own, _told)
