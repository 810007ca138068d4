"""Which number of ours is it, and which agent version answers or calls (R6, R7, R9-R11, R30-R34)?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialnexa_routing.numbers.e164 import masked
from dialnexa_routing.workspace.decision import Refusal, refused
from dialnexa_routing.workspace.policy.check import Check, passed

if TYPE_CHECKING:
    from dialnexa_routing.workspace.agent import VersionRef
    from dialnexa_routing.workspace.decision import Refused
    from dialnexa_routing.workspace.policy.check import Verdict
    from dialnexa_routing.workspace.policy.question import Call
    from dialnexa_routing.workspace.policy.setting import Setting


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


def _ask_named(setting: Setting, call: Call) -> Refused | None:
    agent, number = call.agent, call.version_number
    assert agent is not None
    if not setting.versions.has(agent):
        return refused(
            Refusal.AGENT_NOT_FOUND, f"workspace {setting.workspace.id!r} has no agent {agent!r} (R31)"
        )
    if number is None:
        number = setting.versions.latest(agent)
        if number is None:
            return refused(
                Refusal.AGENT_VERSION_NOT_PUBLISHED,
                f"agent {agent!r} has no published version; publish one (R31)",
            )
    return _take(setting, call, agent, number)


def _ask_outbound(setting: Setting, call: Call) -> Refused | None:
    assert call.own is not None
    slot = call.own.outbound
    if slot is None:
        return refused(
            Refusal.NO_OUTBOUND_AGENT,
            f"{call.own.number} has no outbound version; assign one, or name an agent (R32)",
        )
    return _take_slot(setting, call, slot)


def _ask_inbound(setting: Setting, call: Call) -> Refused | None:
    assert call.own is not None
    slot = call.own.inbound
    if slot is None:
        return refused(
            Refusal.NO_INBOUND_AGENT, f"{call.own.number} has no inbound version; assign one (R30)"
        )
    return _take_slot(setting, call, slot)


def _take_slot(setting: Setting, call: Call, slot: VersionRef) -> Refused | None:
    return _take(setting, call, slot.agent, slot.version)


def _take(setting: Setting, call: Call, agent: str, number: int) -> Refused | None:
    call.version = version = setting.versions.get(agent, number)
    if version is None:
        return refused(Refusal.AGENT_VERSION_NOT_FOUND, f"agent {agent!r} has no version {number} (R31)")
    if not version.is_published:
        return refused(Refusal.AGENT_VERSION_NOT_PUBLISHED, f"{version.ref} is a draft; publish it (R31)")
    return None


def _told_of_agent(setting: Setting, call: Call) -> tuple[Verdict, str]:
    assert call.version is not None
    return passed(f"{call.version.ref} is published")


SOURCE = Check("source", "R9", _ask, _told)
SOURCE_OF_AGENT = Check("source", "R32", _ask_of_agent, _told, needs=("version",))
CALLED = Check("called number", "R9", _ask_own, _told)
AGENT_NAMED = Check("agent version", "R31", _ask_named, _told_of_agent)
AGENT_OF_SOURCE = Check("agent version", "R32", _ask_outbound, _told_of_agent, needs=("own",))
AGENT_CALLED = Check("agent version", "R30", _ask_inbound, _told_of_agent, needs=("own",))
