"""Do the carrier rules of India let it pass, where the workspace has them (R12)?"""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from dialnexa_routing.clock.zone import zone_named
from dialnexa_routing.workspace.calling_window import CallingWindow
from dialnexa_routing.workspace.choices import Purpose, Sector
from dialnexa_routing.workspace.decision import Deferred, Refusal, refused
from dialnexa_routing.workspace.policy.check import Check, not_asked, passed
from dialnexa_routing.workspace.policy.window_check import asked_at, opening

if TYPE_CHECKING:
    from dialnexa_routing.workspace.choices import IndiaRules
    from dialnexa_routing.workspace.policy.call import Call
    from dialnexa_routing.workspace.policy.check import Answer, Verdict
    from dialnexa_routing.workspace.policy.setting import Setting

_INDIA = "+91"
_PROMOTIONAL = "+91140"
_REGULATED = "+91160"
_ZONE = "Asia/Kolkata"
_HOURS = CallingWindow(start=time(9), end=time(21), zone=_ZONE)


def _ask(setting: Setting, call: Call) -> Answer:
    rules, own = setting.india, call.own
    if rules is None:
        return None
    assert own is not None
    if not own.number.startswith(_INDIA):
        return None
    if not call.to.startswith(_INDIA):
        if own.is_sip:
            return None
        return refused(
            Refusal.INDIA_DOMESTIC_ONLY,
            f"{own.number} reaches Indian numbers only; call from a number of another country (R12)",
        )
    purpose = call.purpose or rules.purpose
    if purpose is None:
        return refused(
            Refusal.INDIA_PURPOSE_MISSING,
            "a call inside India must say its purpose: service, transactional or promotional (R12)",
        )
    if (mismatch := _mismatch(own.number, purpose, rules)) is not None:
        return refused(Refusal.INDIA_PURPOSE_MISMATCH, mismatch)
    return _out_of_hours(call) if purpose is Purpose.PROMOTIONAL else None


def _mismatch(number: str, purpose: Purpose, rules: IndiaRules) -> str | None:
    if purpose is Purpose.PROMOTIONAL and not number.startswith(_PROMOTIONAL):
        return f"promotional calls go out from the 140 series only, not from {number} (R12)"
    if purpose is not Purpose.PROMOTIONAL and number.startswith(_PROMOTIONAL):
        return f"{number} is of the 140 series, which is for promotional calls only, not {purpose} ones (R12)"
    if number.startswith(_REGULATED) and rules.sector is Sector.OTHER:
        return (
            f"{number} is of the 160 series, which is for banking, insurance, securities and government (R12)"
        )
    return None


def _out_of_hours(call: Call) -> Deferred | None:
    at = asked_at(call, "promotional calls to India have hours (R12)")
    until = opening(_HOURS, zone_named(_ZONE), at)
    if until is None:
        return None
    return Deferred(
        reason=Refusal.OUTSIDE_CALLING_WINDOW,
        until=until,
        sentence=f"promotional calls go out from 09:00 to 21:00 in India; again at {until.isoformat()} (R12)",
    )


def _told(setting: Setting, call: Call) -> tuple[Verdict, str]:
    assert call.own is not None
    if setting.india is None:
        return not_asked("the workspace is not under the carrier rules of India")
    if not call.own.number.startswith(_INDIA):
        return not_asked(f"{call.own.number} is no Indian number")
    return passed("the number, the purpose and the hour agree with the carrier rules of India")


INDIA = Check("india", "R12", _ask, _told, needs=("is_number", "own"))
