"""Is it an hour for calling (R37)?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from dialnexa_routing.clock.zone import zone_named
from dialnexa_routing.workspace.decision import Deferred, Refusal, refused
from dialnexa_routing.workspace.policy.check import Check, not_asked, passed
from dialnexa_routing.workspace.policy.country_zone import country_zone

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from dialnexa_routing.workspace.calling_window import CallingWindow
    from dialnexa_routing.workspace.policy.call import Call
    from dialnexa_routing.workspace.policy.check import Answer, Verdict
    from dialnexa_routing.workspace.policy.setting import Setting

_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)


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


WINDOW = Check("calling window", "R37", _ask, _told, needs=("is_number", "version"))
