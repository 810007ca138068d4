"""What providers and rating engines mean by billed time, as presets of `Semantics`.

A preset holds what its owner documents, or what its published code does, and nothing else: whatever
it leaves open has the default meaning. Rates, increments and fees are the sheet's, never a preset's.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from dialnexa_routing.money.semantics import (
    Bands,
    ConnectFee,
    FreeSeconds,
    Grace,
    Increments,
    Minimum,
    PartSecond,
    Rounding,
    RoundingPoint,
    Tiers,
)


class Preset(StrEnum):
    """Whose meanings; each member says the fact it rests on."""

    STRICT = "strict"
    """This package's own: one rounding, anchored blocks, the price at answer time."""
    PLIVO = "plivo"
    """The voice API bills by the started minute."""
    TWILIO = "twilio"
    """Calls and BYOC minutes are billed by the started minute; a part of a second is a second."""
    TELNYX = "telnyx"
    """Bills by the started minute where the deck's row states no intervals."""
    EXOTEL = "exotel"
    """Prices pulses of 60 seconds in INR."""
    CMCOM = "cmcom"
    """30.1 seconds are billed as 31."""
    CONNEXCS = "connexcs"
    """9.1 seconds are billed as 10; each call is rounded to four places."""
    CGRATES = "cgrates"
    """Splits a call by bands; rounds each increment half-up to five places; adds the first band's fee."""
    RATEOMAT = "rateomat"
    """A block costs what the band in which it starts says; free seconds are used up block by block."""
    MAGNUS = "magnus"
    """MagnusBilling: increments are a modulo of the whole duration, the initial block a plain minimum."""
    A2BILLING = "a2billing"
    """Increments are a modulo of the whole duration, the initial block a plain minimum."""
    ASTPP = "astpp"
    """Anchored blocks; free seconds are deducted first; formatted half-up."""
    JERASOFT = "jerasoft"
    """Anchored blocks; a call within the grace time is free, setup fee included, whatever the minimum."""
    SIPNODE = "sipnode"
    """A call within the grace time is free, setup fee included, whatever the minimum."""
    KOLMISOFT = "kolmisoft"
    """The minimum is applied before the grace time, and before increments."""
    YETI = "yeti"
    """Anchored blocks in exact decimals; one rounding of the price."""
    ASTERISELL = "asterisell"
    """Free seconds, increments, then the least duration, in exact ratios; bounds, and one rounding."""
    KAZOO = "kazoo"
    """Anchored blocks; amounts are ten-thousandths, cut off at the end."""
    NIBBLEBILL = "nibblebill"
    """FreeSWITCH's mod_nibblebill rounds the final total up."""
    BILLRUN = "billrun"
    """Each tier takes its own share of the call; what is past the last tier is free."""
    APOLOBILLING = "apolobilling"
    """The connect fee is due at zero seconds too."""


_MINUTES: dict[str, Any] = {"pulse": "60/60"}
_GRACE_FIRST: dict[str, Any] = {"grace": Grace.GRACE_FIRST}
_MODULO: dict[str, Any] = {"increments": Increments.MODULO}
_ANCHORED: dict[str, Any] = {"increments": Increments.ANCHORED}

_MEANINGS: dict[Preset, dict[str, Any]] = {
    Preset.STRICT: {},
    Preset.PLIVO: _MINUTES,
    Preset.TWILIO: _MINUTES | {"part_second": PartSecond.UP},
    Preset.TELNYX: _MINUTES,
    Preset.EXOTEL: _MINUTES,
    Preset.CMCOM: {"part_second": PartSecond.UP},
    Preset.CONNEXCS: {"part_second": PartSecond.UP, "decimals": 4},
    Preset.CGRATES: _ANCHORED
    | {
        "tiers": Tiers.ANCHORED,
        "bands": Bands.SPLIT,
        "connect_fee": ConnectFee.WHEN_ANSWERED,
        "round_at": RoundingPoint.INCREMENT,
        "increment_decimals": 5,
    },
    Preset.RATEOMAT: _ANCHORED | {"bands": Bands.SPLIT, "free_seconds": FreeSeconds.ON_GRID},
    Preset.MAGNUS: _MODULO,
    Preset.A2BILLING: _MODULO,
    Preset.ASTPP: _ANCHORED | {"free_seconds": FreeSeconds.DEDUCTED, "rounding": Rounding.HALF_UP},
    Preset.JERASOFT: _ANCHORED | _GRACE_FIRST,
    Preset.SIPNODE: _GRACE_FIRST,
    Preset.KOLMISOFT: {"grace": Grace.MINIMUM_FIRST, "minimum": Minimum.BEFORE_INCREMENTS},
    Preset.YETI: _ANCHORED | {"round_at": RoundingPoint.CHARGE},
    Preset.ASTERISELL: {
        "free_seconds": FreeSeconds.DEDUCTED,
        "minimum": Minimum.AFTER_INCREMENTS,
        "round_at": RoundingPoint.CHARGE,
    },
    Preset.KAZOO: _ANCHORED | {"rounding": Rounding.DOWN, "decimals": 4},
    Preset.NIBBLEBILL: {"rounding": Rounding.UP},
    Preset.BILLRUN: {"tiers": Tiers.VOLUME},
    Preset.APOLOBILLING: {"connect_fee": ConnectFee.AT_ZERO},
}


def meanings(name: str) -> dict[str, Any]:
    """What a preset sets of `Semantics`. Raises `ValueError` for a name that is none."""
    try:
        return dict(_MEANINGS[Preset(name)])
    except ValueError:
        raise ValueError(f"there is no preset {name!r}; the presets are {', '.join(Preset)}") from None
