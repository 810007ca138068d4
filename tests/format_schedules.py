"""Schedules of a deck file in plain Python, after ``FORMAT.md``: lists of numbers to bands of hours."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from format_reader import Deck


class Band(NamedTuple):
    """Prices of some hours; a tier is first millisecond, rate, its unit and increment in ms, fee."""

    connect_fee: int | None
    end_ms: int | None
    tiers: list[tuple[int, int, int, int | None, int]]


class Schedule(NamedTuple):
    """What stands in place of a flat outbound rate."""

    text: str
    zone: list[int] | None
    week: list[tuple[int, int]]
    bands: list[Band]

    def band_at(self, at: int) -> int:
        """The band in force at a time: by the second of the week, from Monday, on the clock of the zone."""
        second, (offset, *changes) = at // 10**6, self.zone or [0]
        for change, then in zip(changes[::2], changes[1::2], strict=True):
            offset = then if change <= second else offset
        of_week = (second + offset + 3 * 86_400) % (7 * 86_400)
        return [band for begin, band in self.week if begin <= of_week][-1]


def schedule(deck: Deck, at: int) -> Schedule:
    """A schedule by the number that `Found` names."""
    zone, text, changes, *rest = deck.numbers("schedule", at)
    week = list(zip(rest[: 2 * changes : 2], rest[1 : 2 * changes : 2], strict=True))
    rest, bands = rest[2 * changes :], []
    while rest:
        (fee, end, count), rest = rest[:3], rest[3:]
        tiers = [
            (begin, rate, unit, optional(increment), due)
            for begin, rate, unit, increment, due in zip(
                *(rest[word : 5 * count : 5] for word in range(5)), strict=True
            )
        ]
        bands.append(Band(optional(fee), optional(end), tiers))
        rest = rest[5 * count :]
    return Schedule(deck.text(text), deck.numbers("zone", zone - 1) if zone else None, week, bands)


def optional(stored: int) -> int | None:
    return None if stored == -1 else stored
