"""What the plain reader of `format_reader` finds in a deck, and its error."""

from __future__ import annotations

from typing import NamedTuple


class FormatError(ValueError):
    """The bytes are no deck of format 3 or 4, or lead outside themselves."""


class Found(NamedTuple):
    """An entry that a prefix leads to, in the words of `dialnexa_routing.Match`."""

    prefix: str
    group: int
    network_group: str
    country_iso: str | None
    country: str | None
    outbound_rate: int | None
    inbound_rate: int | None
    connect_fee: int
    min_charge: int
    max_charge: int | None
    valid_from: int | None
    valid_to: int | None
    rate_unit_s: int
    increments: tuple[int, int] | None
    minimum_s: int
    grace_s: int
    free_s: int
    blocked: bool
    exact_match: bool
    schedule: int | None
    source: tuple[str, int] | None

    def answers(self, count: int, at: int | None, direction: str | None) -> bool:
        """Whether it speaks for a number of so many digits, at a time, in a direction."""
        if self.exact_match and len(self.prefix) != count:
            return False
        if at is not None and not (
            (self.valid_from is None or self.valid_from <= at)
            and (self.valid_to is None or at < self.valid_to)
        ):
            return False
        outbound = self.outbound_rate is not None or self.schedule is not None
        inbound = self.inbound_rate is not None
        if direction is None or self.blocked or not (outbound or inbound):
            return True
        return outbound if direction == "outbound" else inbound
