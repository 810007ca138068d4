"""The UTC offsets of a time zone as numbers, to be kept with what depends on them (R50)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from dialnexa_routing.clock.zone import zone_named

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_S = 86_400
_YEARS = (1970, 2101)


@lru_cache(maxsize=256)
def offsets(name: str) -> tuple[int, ...]:
    """The UTC offset of a zone in 1970, then each second it changes at until 2100, and to what.

    Raises `ValueError` for a zone that is not known.
    """
    try:
        zone = zone_named(name)
    except ValueError:
        raise ValueError(f"zone {name[:40]!r} is not known: write it as 'Asia/Kolkata'") from None

    def offset(second: int) -> int:
        found = (_EPOCH + timedelta(seconds=second)).astimezone(zone).utcoffset()
        return int(found.total_seconds()) if found else 0

    first, last = ((datetime(year, 1, 1, tzinfo=UTC) - _EPOCH) // timedelta(seconds=1) for year in _YEARS)
    words = [offset(first)]
    # No zone changes and changes back within a day.
    for start in range(first, last, _DAY_S):
        before, after = words[-1], start + _DAY_S
        while offset(after) != before:
            low, high = start, after
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if offset(middle) == before else (low, middle)
            before = offset(high)
            words += [high, before]
            start = high
    return tuple(words)
