"""One wall time as an instant, and instants as they are counted: microseconds since 1970 UTC (R50).

For columns there is `dialnexa_routing.clock.time_columns`, which answers the same.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from dialnexa_routing.text.errors import DeckTimeError

if TYPE_CHECKING:
    from datetime import tzinfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Twice(StrEnum):
    """What is done with a wall time that two instants had, where clocks were set back."""

    REFUSED = "refused"
    """It is no instant, and its reason states so."""
    EARLIEST = "earliest"
    """The first of the two: before the clocks were set."""
    LATEST = "latest"
    """The second of them."""


class NoInstant(StrEnum):
    """Why a wall time is no instant."""

    NO_SUCH_TIME = "no_such_time"
    """Clocks were set forward over it, or it is no time of the calendar."""
    TWICE = "twice"
    """Clocks were set back, and showed it before and after."""


def twice_of(choice: str) -> Twice:
    """The choice of that name. Raises `ValueError` for another word.

    >>> twice_of("earliest")
    <Twice.EARLIEST: 'earliest'>
    """
    try:
        return Twice(choice)
    except ValueError:
        raise ValueError(f"twice is {choice!r}; it is {', '.join(map(repr, map(str, Twice)))}") from None


def instant(wall: datetime, zone: tzinfo, *, twice: Twice = Twice.REFUSED) -> datetime | NoInstant:
    """The instant, in UTC, at which the clocks of a zone showed a time, or why there is none.

    Args:
        wall: the time, without a zone.
        zone: whose clocks they are.
        twice: what is done with a time of the hour that came twice.

    Raises:
        OverflowError: the instant lies beyond the years 1 to 9999.

    >>> from dialnexa_routing.clock.zone import zone_named
    >>> york = zone_named("America/New_York")
    >>> instant(datetime(2026, 3, 8, 2, 30), york)
    <NoInstant.NO_SUCH_TIME: 'no_such_time'>
    >>> str(instant(datetime(2026, 11, 1, 1, 50), york, twice=Twice.LATEST))
    '2026-11-01 06:50:00+00:00'
    """
    early, late = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    before, after = early.utcoffset() or timedelta(0), late.utcoffset() or timedelta(0)
    if before < after:
        return NoInstant.NO_SUCH_TIME
    if before > after and twice is Twice.REFUSED:
        return NoInstant.TWICE
    return (late if twice is Twice.LATEST else early).astimezone(UTC)


def microseconds(at: datetime) -> int:
    """A time as the core counts it. Raises `DeckTimeError` for one without a zone."""
    if not isinstance(at, datetime):
        raise TypeError(f"at is {at!r}; pass a datetime with a time zone")
    if at.tzinfo is None:
        raise DeckTimeError(
            f"{at.isoformat()} has no time zone; give it one, as tzinfo=ZoneInfo('Asia/Kolkata')"
        )
    return (at - _EPOCH) // timedelta(microseconds=1)


def in_utc(at: datetime) -> datetime:
    """An instant, however it is written, in one way: what meets Polars is UTC already.

    Raises `DeckTimeError` for one without a zone, or beyond the years 1 to 9999.
    """
    try:
        return instant_at(microseconds(at))
    except OverflowError:
        raise DeckTimeError(
            f"{at.isoformat()} is beyond the years 1 to 9999 in UTC; write another time"
        ) from None


def instant_at(microseconds_utc: int) -> datetime:
    """The instant that `microseconds` counts so.

    Raises `OverflowError` where it lies beyond the years 1 to 9999.

    >>> str(instant_at(0))
    '1970-01-01 00:00:00+00:00'
    """
    return _EPOCH + timedelta(microseconds=microseconds_utc)
