"""Calling windows and their zones, held to a walk through the minutes (R37)."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decks import MOBILE, utc
from dialnexa_routing.workspace.calling_window import CallingWindow
from dialnexa_routing.workspace.decision import Deferred
from dialnexa_routing.workspace.policy.window_check import opening
from workspaces import OWN, router, workspace

BERLIN, KOLKATA = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata")
LORD_HOWE, APIA = ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Pacific/Apia")
STEP = timedelta(minutes=15)
CHANGES = {
    BERLIN: [utc(2026, 3, 29, 1), utc(2026, 10, 25, 1)],
    LORD_HOWE: [utc(2026, 4, 4, 15), utc(2026, 10, 3, 15, 30)],
    APIA: [utc(2011, 12, 30, 10)],  # a day that was left out
    KOLKATA: [utc(2026, 1, 5)],
}
QUARTERS = st.integers(0, 95).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))


def is_inside(window: CallingWindow, local: datetime) -> bool:
    """Start inclusive, end exclusive, by the clock on the wall."""
    minute, start, end = (at.hour * 60 + at.minute for at in (local, window.start, window.end))
    return (minute - start) % 1440 < (end - start) % 1440


@given(st.sampled_from(list(CHANGES)), st.integers(-200, 200), QUARTERS, QUARTERS, st.data())
def test_r37_the_first_quarter_inside(
    zone: ZoneInfo, quarters: int, start: time, end: time, data: st.DataObject
) -> None:
    """Around changes of clocks, which all fall on quarters of an hour."""
    if start == end:
        return
    window = CallingWindow(start=start, end=end)
    at = data.draw(st.sampled_from(CHANGES[zone])) + quarters * STEP
    expected = at
    while not is_inside(window, expected.astimezone(zone)):
        expected += STEP
    until = opening(window, zone, at)
    assert (until or at).astimezone(UTC) == expected
    assert until is None or (until.tzinfo is zone and opening(window, zone, until) is None)


def hours(start: str, end: str) -> CallingWindow:
    return CallingWindow.model_validate({"start": start, "end": end})


@pytest.mark.parametrize(
    ("window", "at", "until"),
    [
        # The clock jumps from 02:00 to 03:00.
        (hours("02:30", "04:00"), utc(2026, 3, 29, 0, 59), "2026-03-29T03:00:00+02:00"),
        (hours("02:15", "02:45"), utc(2026, 3, 29, 0, 59), "2026-03-30T02:15:00+02:00"),
        # From 03:00 back to 02:00: half past two comes twice, and so does a window around it.
        (hours("02:15", "02:30"), utc(2026, 10, 25, 0, 30), "2026-10-25T02:15:00+01:00"),
        (hours("00:30", "02:30"), utc(2026, 10, 25, 0, 45), "2026-10-25T02:00:00+01:00"),
        (hours("09:00:00.5", "10:00"), utc(2026, 7, 1, 7), "2026-07-01T09:00:00.500000+02:00"),
    ],
)
def test_r37_clocks_that_are_set(window: CallingWindow, at: datetime, until: str) -> None:
    opens = opening(window, BERLIN, at)
    assert opens is not None
    assert opens.isoformat() == until


def test_r37_the_answer_is_a_time_at_which_the_same_call_passes() -> None:
    asked = router(workspace(calling_window={"start": "21:00", "end": "06:00"}))
    later = asked.outbound(MOBILE, OWN, at=utc(2026, 1, 5, 6))
    assert isinstance(later, Deferred)
    assert later.until is not None
    assert later.until.isoformat() == "2026-01-05T21:00:00+05:30"
    assert asked.outbound(MOBILE, OWN, at=later.until)
    assert not asked.outbound(MOBILE, OWN, at=later.until - timedelta(microseconds=1))


def test_r37_the_window_of_the_call_replaces_that_of_the_workspace() -> None:
    asked = router(workspace(calling_window={"start": "09:00", "end": "10:00", "zone": "Asia/Kolkata"}))
    night = CallingWindow.model_validate({"start": "00:00", "end": "09:00", "zone": "Asia/Kolkata"})
    assert asked.outbound(MOBILE, OWN, window=night, at=utc(2026, 1, 5, 0))
    assert not asked.outbound(MOBILE, OWN, at=utc(2026, 1, 5, 0))


def test_r37_a_window_must_be_told_the_time() -> None:
    asked = router(workspace(calling_window={"start": "09:00", "end": "10:00", "zone": "Asia/Kolkata"}))
    with pytest.raises(ValueError, match=r"calling window.*at="):
        asked.outbound(MOBILE, OWN)
    # What is refused before it needs no time, and is explained without one.
    explained = asked.explain_outbound("+447700900123", OWN)
    assert explained.decision == asked.outbound("+447700900123", OWN)
    assert "at=" in explained.checks[-2].sentence
