"""Hours in which calls may be placed (R37)."""

from __future__ import annotations

from datetime import time
from typing import Self

from pydantic import field_validator, model_validator

from dialnexa_routing.clock.zone import zone_named
from dialnexa_routing.files.document_model import Model, Name


class CallingWindow(Model):
    """Every day from `start`, inclusive, to `end`, exclusive; past midnight if `end` is before `start`.

    >>> CallingWindow(start="21:00", end="06:00", zone="Asia/Kolkata").crosses_midnight
    True
    """

    start: time
    """First moment of the day in which calls may be placed, without an offset of its own."""
    end: time
    """The moment at which they may no longer; before `start` it is one of the next day."""
    zone: Name | None = None
    """As ``Asia/Kolkata``; None leaves it to the agent, then to the destination's country."""

    @field_validator("zone")
    @classmethod
    def _zone_is_known(cls, zone: str | None) -> str | None:
        if zone is not None:
            zone_named(zone)
        return zone

    @model_validator(mode="after")
    def _is_some_time(self) -> Self:
        if self.start.tzinfo is not None or self.end.tzinfo is not None:
            raise ValueError("the hours of a window have no offset of their own; name its zone")
        if self.start == self.end:
            raise ValueError(
                f"the window starts and ends at {self.start:%H:%M}; leave the window out to call at any time"
            )
        return self

    @property
    def crosses_midnight(self) -> bool:
        """Whether it ends on the day after it starts."""
        return self.end <= self.start
