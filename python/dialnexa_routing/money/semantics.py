"""How billed time and charge are counted where the field knows more than one meaning.

Each choice is a named member, never a flag, and the first one listed is the default. The rules
behind them are R43, R44, R48 and R53.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache, lru_cache
from typing import Annotated, Any, Self, TypedDict, Unpack

from pydantic import BeforeValidator, Field

from dialnexa_routing import _deck
from dialnexa_routing.files.document_model import Model
from dialnexa_routing.money.exact import Rounding as Rounding  # a meaning like the others
from dialnexa_routing.money.presets import meanings

_PULSE = re.compile(r"([0-9]{1,6})/([0-9]{1,6})")


class PartSecond(StrEnum):
    """What a fraction of a second counts as (R44)."""

    UP = "up"
    """30.1 s is 31 s."""
    DOWN = "down"
    """30.9 s is 30 s."""
    HALF_UP = "half_up"
    """30.4 s is 30 s, 30.5 s is 31 s."""


class Increments(StrEnum):
    """Where the blocks after the initial one start (R44)."""

    ANCHORED = "anchored"
    """At the end of the initial block: 25/8 on 26 s is 33 s."""
    MODULO = "modulo"
    """At zero, the initial block being a plain minimum: 25/8 on 26 s is 32 s. Bends R44."""


class Minimum(StrEnum):
    """When the minimum time is applied (R53)."""

    BEFORE_INCREMENTS = "before_increments"
    """5 s with minimum 40 and 30/30 is 60 s."""
    AFTER_INCREMENTS = "after_increments"
    """5 s with minimum 40 and 30/30 is 40 s."""


class Grace(StrEnum):
    """Which comes first when a call is shorter than both grace and minimum time (R53)."""

    GRACE_FIRST = "grace_first"
    """A call no longer than the grace time is free, connect fee included."""
    MINIMUM_FIRST = "minimum_first"
    """The call is lifted to the minimum time before it is compared with the grace time."""


class FreeSeconds(StrEnum):
    """How free seconds are taken off (R53)."""

    DEDUCTED = "deducted"
    """Before the increments: 70 s, 30 free, 60/60 is 60 s."""
    ON_GRID = "on_grid"
    """After the increments: 70 s, 30 free, 60/60 is 90 s."""


class ConnectFee(StrEnum):
    """When the connect fee falls due (R53)."""

    WHEN_ANSWERED = "when_answered"
    """For a call of more than zero seconds."""
    AT_ZERO = "at_zero"
    """For a call of zero seconds too."""


class MaxCharge(StrEnum):
    """What a maximum charge does to a finished call (R53)."""

    CAP = "cap"
    """The charge stops growing there."""
    DISCONNECT = "disconnect"
    """Nothing: it only limits how long a call may be authorised."""


class Tiers(StrEnum):
    """How the tiers of a schedule divide a call (R53)."""

    ANCHORED = "anchored"
    """Blocks follow one another; a block costs what the tier in which it starts states, whole."""
    VOLUME = "volume"
    """The call is cut where tiers begin; each part is rounded up to its tier's own increment."""


class Bands(StrEnum):
    """Which bands of a schedule price a call that goes on while they change (R50)."""

    BY_START = "by_start"
    """The one in force when the call is answered, to its end."""
    SPLIT = "split"
    """For each block the one in force when it starts; the connect fee of the first. Bends R50."""


class RoundingPoint(StrEnum):
    """Where amounts are rounded (R48)."""

    CHARGE = "charge"
    """Once, the charge."""
    INCREMENT = "increment"
    """Each increment half-up to `increment_decimals` places, and then the charge. Bends R48."""
    PIECE = "piece"
    """What increments of one price come to, half-up to those places; then its share for one of them, half-up
    again, as often as there are increments; and then the charge. Bends R48: a longer call may cost less."""


def pulse_from_text(value: object) -> object:
    """A pulse written as 30/6, for validation; anything else as it is."""
    if isinstance(value, str):
        found = _PULSE.fullmatch(value.strip())
        if not found:
            raise ValueError(f"a pulse is written initial/next in seconds, as 60/60 or 30/6, not {value!r}")
        return {"initial_s": int(found[1]), "next_s": int(found[2])}
    return value


class Pulse(Model):
    """Billing increments in seconds: the initial block, then the size of each further one (R44)."""

    initial_s: Annotated[int, Field(ge=1, le=86_400, strict=True)] = 60
    """Seconds of the first block."""
    next_s: Annotated[int, Field(ge=1, le=86_400, strict=True)] = 60
    """Seconds of each further block."""

    def __str__(self) -> str:
        return f"{self.initial_s}/{self.next_s}"


class Choosing(TypedDict, total=False):
    """The fields of `Semantics`, each of which may be left out; words serve for their enums."""

    pulse: Pulse | str
    part_second: PartSecond | str
    increments: Increments | str
    minimum: Minimum | str
    grace: Grace | str
    free_seconds: FreeSeconds | str
    connect_fee: ConnectFee | str
    max_charge: MaxCharge | str
    tiers: Tiers | str
    bands: Bands | str
    round_at: RoundingPoint | str
    increment_decimals: int
    rounding: Rounding | str
    decimals: int


class Semantics(Model):
    """The meanings by which seconds become billed seconds and a rate becomes a charge.

    >>> Semantics(pulse="30/6", rounding="up", decimals=4).pulse.next_s
    6
    >>> Semantics.preset("cgrates", decimals=4).round_at
    <RoundingPoint.PIECE: 'piece'>
    """

    pulse: Annotated[Pulse, BeforeValidator(pulse_from_text)] = Pulse()
    """Increments of rows that state none of their own (R44)."""
    part_second: PartSecond = PartSecond.UP
    """What a part of a second counts as."""
    increments: Increments = Increments.ANCHORED
    """Where blocks after the initial one start."""
    minimum: Minimum = Minimum.BEFORE_INCREMENTS
    """When the minimum time is applied."""
    grace: Grace = Grace.GRACE_FIRST
    """Which of grace and minimum time comes first."""
    free_seconds: FreeSeconds = FreeSeconds.DEDUCTED
    """How free seconds are taken off."""
    connect_fee: ConnectFee = ConnectFee.WHEN_ANSWERED
    """When the connect fee falls due."""
    max_charge: MaxCharge = MaxCharge.CAP
    """What a maximum charge does to a finished call."""
    tiers: Tiers = Tiers.ANCHORED
    """How the tiers of a schedule divide a call."""
    bands: Bands = Bands.BY_START
    """Which bands of a schedule price a call."""
    round_at: RoundingPoint = RoundingPoint.CHARGE
    """Where amounts are rounded."""
    increment_decimals: Annotated[int, Field(ge=0, le=9, strict=True)] = 5
    """Places of an increment or a piece, where these are rounded; 0 to 9."""
    rounding: Rounding = Rounding.HALF_UP
    """The rounding of a charge (R48)."""
    decimals: Annotated[int, Field(ge=0, le=9, strict=True)] = 2
    """Places of a charge, 0 to 9."""

    @property
    def core(self) -> _deck.Semantics:
        """The same choices as the compiled core takes them."""
        return _core(self)

    @classmethod
    def preset(cls, name: str, **choices: Unpack[Choosing]) -> Self:
        """The meanings that a provider or a rating engine has, by its name in `presets.Preset`.

        `choices` go before those of the preset, as the decimals of an invoice. Raises `ValueError` for
        a name that is none.
        """
        return cls.model_validate(meanings(name) | choices)

    @classmethod
    def of(cls, value: Self | dict[str, Any] | None) -> Self:
        """`value` itself, a mapping of its fields, or the defaults for None."""
        if isinstance(value, cls):
            return value
        return _defaults(cls) if value is None else cls.model_validate(value)


@cache
def _defaults(kind: Any) -> Any:
    return kind()


@lru_cache(maxsize=64)
def _core(semantics: Semantics) -> _deck.Semantics:
    # Outside the model: what a model caches in itself is copied with it, and pickled.
    return _deck.Semantics(
        pulse=(semantics.pulse.initial_s, semantics.pulse.next_s),
        part_second=semantics.part_second,
        increments=semantics.increments,
        minimum=semantics.minimum,
        grace=semantics.grace,
        free_seconds=semantics.free_seconds,
        connect_fee=semantics.connect_fee,
        max_charge=semantics.max_charge,
        tiers=semantics.tiers,
        bands=semantics.bands,
        round_at=semantics.round_at,
        increment_decimals=semantics.increment_decimals,
        rounding=semantics.rounding,
        decimals=semantics.decimals,
    )
