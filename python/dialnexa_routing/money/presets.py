"""What providers and rating engines mean by billed time, as presets of `Semantics`.

A preset holds what its owner documents, or what its published code does, and nothing else: whatever
it leaves open has the default meaning. Rates, increments and fees are the sheet's, never a preset's.

Meanings stand here in the plain words that `Semantics` reads, so that `Semantics.preset` looks down
into this table and the table knows nothing of it.
"""

from __future__ import annotations

from enum import StrEnum


class Preset(StrEnum):
    """Whose meanings; each member states the fact it rests on."""

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
    """Splits a call by bands; rounds each span half-up to five places, and its share for an increment again;
    adds the first band's fee."""
    RATEOMAT = "rateomat"
    """A block costs what the band in which it starts states; free seconds are used up block by block."""
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


_MINUTES: dict[str, str | int] = {"pulse": "60/60"}
_GRACE_FIRST: dict[str, str | int] = {"grace": "grace_first"}
_MODULO: dict[str, str | int] = {"increments": "modulo"}
_ANCHORED: dict[str, str | int] = {"increments": "anchored"}

_MEANINGS: dict[Preset, dict[str, str | int]] = {
    Preset.STRICT: {},
    Preset.PLIVO: _MINUTES,
    Preset.TWILIO: _MINUTES | {"part_second": "up"},
    Preset.TELNYX: _MINUTES,
    Preset.EXOTEL: _MINUTES,
    Preset.CMCOM: {"part_second": "up"},
    Preset.CONNEXCS: {"part_second": "up", "decimals": 4},
    Preset.CGRATES: _ANCHORED
    | {
        "tiers": "anchored",
        "bands": "split",
        "connect_fee": "when_answered",
        "round_at": "piece",
        "increment_decimals": 5,
    },
    Preset.RATEOMAT: _ANCHORED | {"bands": "split", "free_seconds": "on_grid"},
    Preset.MAGNUS: _MODULO,
    Preset.A2BILLING: _MODULO,
    Preset.ASTPP: _ANCHORED | {"free_seconds": "deducted", "rounding": "half_up"},
    Preset.JERASOFT: _ANCHORED | _GRACE_FIRST,
    Preset.SIPNODE: _GRACE_FIRST,
    Preset.KOLMISOFT: {"grace": "minimum_first", "minimum": "before_increments"},
    Preset.YETI: _ANCHORED | {"round_at": "charge"},
    Preset.ASTERISELL: {
        "free_seconds": "deducted",
        "minimum": "after_increments",
        "round_at": "charge",
    },
    Preset.KAZOO: _ANCHORED | {"rounding": "down", "decimals": 4},
    Preset.NIBBLEBILL: {"rounding": "up"},
    Preset.BILLRUN: {"tiers": "volume"},
    Preset.APOLOBILLING: {"connect_fee": "at_zero"},
}


def meanings(name: str) -> dict[str, str | int]:
    """What a preset sets of `Semantics`, in its words. Raises `ValueError` for a name that is none."""
    try:
        return dict(_MEANINGS[Preset(name)])
    except ValueError:
        raise ValueError(f"there is no preset {name!r}; the presets are {', '.join(Preset)}") from None
