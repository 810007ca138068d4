"""Is it an hour for calling (R37), and do the carrier rules of India let it pass (R12)?"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from dialnexa_routing.clock.zone import zone_named
from dialnexa_routing.numbers.countries import COUNTRIES
from dialnexa_routing.workspace.calling_window import CallingWindow
from dialnexa_routing.workspace.choices import Purpose, Sector
from dialnexa_routing.workspace.decision import Deferred, Refusal, refused
from dialnexa_routing.workspace.policy.check import Check, not_asked, passed

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from dialnexa_routing.workspace.choices import IndiaRules
    from dialnexa_routing.workspace.policy.check import Answer, Verdict
    from dialnexa_routing.workspace.policy.question import Call
    from dialnexa_routing.workspace.policy.setting import Setting

_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)
_CODE_LENGTHS = (1, 2, 3)
_INDIA = "+91"
_PROMOTIONAL_SERIES = "+91140"
_REGULATED_SERIES = "+91160"
_INDIAN_ZONE = "Asia/Kolkata"
_PROMOTIONAL_HOURS = CallingWindow(start=time(9), end=time(21), zone=_INDIAN_ZONE)


def _zones_by_code() -> dict[str, str]:
    zones: dict[str, set[str | None]] = {}
    for country in COUNTRIES.values():
        zones.setdefault(country.calling_code, set()).add(country.timezone)
    return {code: zone for code, those in zones.items() for zone in those if zone and len(those) == 1}


_BY_CODE = _zones_by_code()


def country_zone(call: Call) -> str | None:
    """The zone of the country that the call leads to, if it keeps one time.

    The country is that of the prefix (R18). Where none was asked for, as for a SIP trunk, the calling code
    states it, if all its countries keep the same time.
    """
    match = call.decides
    if match is not None and match.country_iso is not None:
        country = COUNTRIES.get(match.country_iso)
        return None if country is None else country.timezone
    digits = call.to[1:]
    return next((_BY_CODE[code] for n in _CODE_LENGTHS if (code := digits[:n]) in _BY_CODE), None)


def _ask(setting: Setting, call: Call) -> Answer:
    window = call.window or setting.window
    if window is None:
        return None
    at = asked_at(call, "the call has a calling window (R37)")
    name = _zone(call, window)
    if name is None:
        return refused(
            Refusal.TIME_ZONE_UNKNOWN,
            "neither the calling window nor the agent names a time zone, and the destination's country has "
            "none of its own, or several; name one in the window (R37)",
        )
    try:
        zone = zone_named(name)
    except ValueError as error:
        return refused(Refusal.TIME_ZONE_UNKNOWN, f"{error} (R37)")
    until = opening(window, zone, at)
    if until is None:
        return None
    return Deferred(
        reason=Refusal.OUTSIDE_CALLING_WINDOW,
        until=until,
        sentence=f"calls go out from {_hours(window)} in {name}; again at {until.isoformat()} (R37)",
    )


def asked_at(call: Call, why: str) -> datetime:
    """The time of the call. Raises `ValueError` if none was given."""
    if call.at is None:
        raise ValueError(f"{why}; pass at=, a datetime with a time zone")
    return call.at


def opening(window: CallingWindow, zone: ZoneInfo, at: datetime) -> datetime | None:
    """None inside the window; before it the first moment that is inside, in its zone.

    Where clocks are set forward over the start, the window opens when they have been set; where they are
    set back into the window, it opens again.

    >>> from datetime import time; from dialnexa_routing.workspace.calling_window import CallingWindow
    >>> hours = CallingWindow(start=time(9), end=time(21))
    >>> str(opening(hours, zone_named("Asia/Kolkata"), datetime(2026, 1, 5, 16, tzinfo=UTC)))
    '2026-01-06 09:00:00+05:30'
    """
    local = at.astimezone(zone)
    if _is_inside(window, local):
        return None
    while not _is_inside(window, local):
        local = _next(window, local)
    return local


def _is_inside(window: CallingWindow, local: datetime) -> bool:
    hour = local.time()
    if window.crosses_midnight:
        return hour >= window.start or hour < window.end
    return window.start <= hour < window.end


def _next(window: CallingWindow, local: datetime) -> datetime:
    """The next moment that may be inside: the start of a day, or a change of clocks before it."""
    zone, offset = local.tzinfo, local.utcoffset()
    assert zone is not None
    assert offset is not None
    wall = local.replace(tzinfo=None)
    start = datetime.combine(wall.date(), window.start)
    if start <= wall:
        start += _DAY
    low, high = (moment.replace(tzinfo=UTC, fold=0) - offset for moment in (wall, start))
    if high.astimezone(zone).utcoffset() == offset:
        return high.astimezone(zone)
    # Clocks change on whole seconds.
    low, high = low.replace(microsecond=0), high.replace(microsecond=0) + _SECOND
    while high - low > _SECOND:
        middle = low + (high - low) // _SECOND // 2 * _SECOND
        if middle.astimezone(zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return high.astimezone(zone)


def _zone(call: Call, window: CallingWindow) -> str | None:
    """Of the call, of the agent, of the destination's country, in this order."""
    agent = call.version.agent.timezone if call.version is not None else None
    return window.zone or agent or country_zone(call)


def _hours(window: CallingWindow) -> str:
    return f"{window.start:%H:%M} to {window.end:%H:%M}"


def _told(setting: Setting, call: Call) -> tuple[Verdict, str]:
    window = call.window or setting.window
    if window is None:
        return not_asked("the call has no calling window")
    return passed(f"it is between {_hours(window)} in {_zone(call, window)}")


def _ask_india(setting: Setting, call: Call) -> Answer:
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
    if purpose is Purpose.PROMOTIONAL and not number.startswith(_PROMOTIONAL_SERIES):
        return f"promotional calls go out from the 140 series only, not from {number} (R12)"
    if purpose is not Purpose.PROMOTIONAL and number.startswith(_PROMOTIONAL_SERIES):
        return f"{number} is of the 140 series, which is for promotional calls only, not {purpose} ones (R12)"
    if number.startswith(_REGULATED_SERIES) and rules.sector is Sector.OTHER:
        return (
            f"{number} is of the 160 series, which is for banking, insurance, securities and government (R12)"
        )
    return None


def _out_of_hours(call: Call) -> Deferred | None:
    at = asked_at(call, "promotional calls to India have hours (R12)")
    until = opening(_PROMOTIONAL_HOURS, zone_named(_INDIAN_ZONE), at)
    if until is None:
        return None
    return Deferred(
        reason=Refusal.OUTSIDE_CALLING_WINDOW,
        until=until,
        sentence=f"promotional calls go out from 09:00 to 21:00 in India; again at {until.isoformat()} (R12)",
    )


def _told_of_india(setting: Setting, call: Call) -> tuple[Verdict, str]:
    assert call.own is not None
    if setting.india is None:
        return not_asked("the workspace is not under the carrier rules of India")
    if not call.own.number.startswith(_INDIA):
        return not_asked(f"{call.own.number} is no Indian number")
    return passed("the number, the purpose and the hour agree with the carrier rules of India")


WINDOW = Check("calling window", "R37", _ask, _told, needs=("is_number", "version"))
INDIA = Check("india", "R12", _ask_india, _told_of_india, needs=("is_number", "own"))
