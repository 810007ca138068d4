"""Prefixes to measure with: what phonenumbers knows, and what is generated around it.

Prefixes are kept as integers beside their lengths, so that millions of them are made at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

import numpy as np
import phonenumbers
import polars as pl
from phonenumbers.carrierdata import CARRIER_DATA
from phonenumbers.geodata import GEOCODE_DATA
from phonenumbers.geodata.locale import LOCALE_DATA

if TYPE_CHECKING:
    from numpy.typing import NDArray

CALLING_CODES: dict[int, tuple[str, ...]] = phonenumbers.COUNTRY_CODE_TO_REGION_CODE
POWERS = 10 ** np.arange(19, dtype=np.uint64)
FULL = 10  # ported numbers have this many digits or up to three more
_BLOCK_GROUPS = 1500  # of each of the two countries in `us_in`
_INCREMENTS = ((60, 60), (1, 1), (6, 6), (30, 6), (60, 1), (15, 15))


class Prefixes(NamedTuple):
    """A deck before it is a frame: row i is `value[i]`, of `length[i]` digits, in group `group[i]`."""

    value: NDArray[np.uint64]
    length: NDArray[np.uint8]
    group: NDArray[np.uint32]
    groups: pl.DataFrame  # network_group, country_iso, country, mobile, prices in nano-rupees, increments


def az(seed: int) -> Prefixes:
    """Every calling code, carrier prefix and geocoding prefix that phonenumbers knows."""
    names = {str(code): (str(code), False, "") for code in CALLING_CODES}
    for prefix, text in GEOCODE_DATA.items():
        # "Jersey City, NJ": the region is what a price would hang on.
        names[prefix] = (_calling_code(prefix), False, _english(text).split(",")[-1].strip())
    for prefix, text in CARRIER_DATA.items():
        names[prefix] = (_calling_code(prefix), True, _english(text))
    numbered: dict[tuple[str, bool, str], int] = {}
    group = [numbered.setdefault(name, len(numbered)) for name in names.values()]
    rows = [_group(seed, *name) for name in numbered]
    return Prefixes(
        np.array([int(prefix) for prefix in names], np.uint64),
        np.array([len(prefix) for prefix in names], np.uint8),
        np.array(group, np.uint32),
        pl.DataFrame(rows, orient="row", schema=_GROUP_COLUMNS),
    )


def us_in(seed: int, count: int = 1_000_000) -> Prefixes:
    """The real prefixes of +1 and +91, and blocks and series generated around them up to `count`."""
    rng = np.random.default_rng([seed, 1])
    real = _under(az(seed), (1, 91))
    areas = np.unique(real.value[(real.value // 1000 == 1) & (real.length == 4)])
    exchanges = (areas[:, None] * 1000 + np.arange(200, 1000, dtype=np.uint64)).ravel()
    half = count // 2
    mobile, deep = rng.integers(60_000, 100_000, half // 8), rng.integers(6_000_000, 10_000_000, half)
    series = np.concatenate([91 * 10**5 + mobile, 91 * 10**7 + deep]).astype(np.uint64)
    blocks = np.repeat(exchanges, 10) * 10 + np.tile(np.arange(10, dtype=np.uint64), exchanges.size)
    # Whole exchanges first, then Indian series, then thousands blocks for what is still missing.
    made = np.concatenate([exchanges, series, rng.permutation(blocks)])
    length = np.floor(np.log10(made.astype(np.float64))).astype(np.uint8) + 1
    code = np.concatenate([_code(real.value, real.length), _code(made, length)])
    _, first = np.unique(code, return_index=True)
    first = np.sort(first)[:count]
    if first.size < count:
        raise ValueError(f"only {first.size} prefixes can be made, not {count}")
    names = [(code, f"Block {at:04}") for code in ("91", "1") for at in range(_BLOCK_GROUPS)]
    extra = [_group(seed, code, False, block, prices=500) for code, block in names]
    groups = pl.concat([real.groups, pl.DataFrame(extra, orient="row", schema=_GROUP_COLUMNS)])
    group = real.groups.height + rng.integers(0, _BLOCK_GROUPS, made.size)
    group = np.where(made // POWERS[length - 2] == 91, group, group + _BLOCK_GROUPS).astype(np.uint32)
    return Prefixes(
        np.concatenate([real.value, made])[first],
        np.concatenate([real.length, length])[first],
        np.concatenate([real.group, group])[first],
        groups,
    )


def ported(seed: int, count: int = 10_000_000) -> Prefixes:
    """`az`, and `count` whole numbers that were ported to another carrier of their country.

    30 % of them lie in blocks of a thousand of which seven in ten are ported, the others anywhere.
    """
    rng = np.random.default_rng([seed, 2])
    world = az(seed)
    mobile = np.flatnonzero(world.groups["mobile"].to_numpy()[world.group])
    parts = []
    for share, tail in ((0.3, 3), (0.7, 0)):
        wanted = int(count * share * (2 if tail else 1.1)) // 10**tail + 1000
        base = rng.choice(mobile, wanted)
        free_digits = _full_length(world, base).astype(np.int64) - world.length[base] - tail
        base, free_digits = base[free_digits >= 0], free_digits[free_digits >= 0]
        free = POWERS[free_digits]
        start = (world.value[base] * free + rng.integers(0, free).astype(np.uint64)) * POWERS[tail]
        inside = np.arange(10**tail, dtype=np.uint64)
        value = (start[:, None] + inside).ravel()
        pairs = np.stack([value, np.repeat(base, inside.size).astype(np.uint64)])
        pairs = pairs[:, np.unique(pairs[0], return_index=True)[1]]
        keep = rng.permutation(pairs.shape[1])
        parts.append(pairs[:, keep[: int(count * share) if tail else pairs.shape[1]]])
    value, first = np.unique(np.concatenate([part[0] for part in parts]), return_index=True)
    # In order of making, so that what is cut off is scattered and the dense blocks stay whole.
    first = np.sort(first)[:count]
    value = np.concatenate([part[0] for part in parts])[first]
    base = np.concatenate([part[1] for part in parts])[first].astype(np.int64)
    if value.size < count:
        raise ValueError(f"only {value.size} numbers can be made, not {count}")
    return Prefixes(
        np.concatenate([world.value, value]),
        np.concatenate([world.length, _full_length(world, base)]),
        np.concatenate([world.group, _other_carrier(world, base, rng)]),
        world.groups,
    )


_GROUP_COLUMNS = {
    "calling_code": pl.UInt32(),
    "network_group": pl.String(),
    "country_iso": pl.String(),
    "country": pl.String(),
    "mobile": pl.Boolean(),
    "outbound_nano": pl.Int64(),
    "inbound_nano": pl.Int64(),
    "initial_increment_s": pl.UInt32(),
    "next_increment_s": pl.UInt32(),
}


def _group(
    seed: int, code: str, mobile: bool, place: str, *, prices: int = 5
) -> tuple[int, str, str, str, bool, int, int | None, int, int]:
    """One network group, at one of so many prices of its country: all invented, from checksums of names."""
    iso = CALLING_CODES[int(code)][0]
    country = _country(iso, code)
    name = f"{country} - {'Mobile' if mobile else 'Fixed'} - {place}" if place else country
    mark = crc32(f"{seed}/{name}".encode())
    outbound = 100_000 * (1_000 + crc32(f"{seed}/{country}".encode()) % 90_000 + 10 * (mark % prices))
    inbound = outbound // 4 if mark % prices % 5 == 0 else None
    initial, following = _INCREMENTS[mark // prices % len(_INCREMENTS)]
    return int(code), name, iso, country, mobile, outbound, inbound, initial, following


def _country(iso: str, code: str) -> str:
    names = LOCALE_DATA.get(iso)
    if names is None:
        return f"Service {code}"
    # "*aa" says that the name is the one of the language aa.
    return str(names[names["en"][1:]] if names["en"].startswith("*") else names["en"])


def _english(text: dict[str, str]) -> str:
    return text.get("en") or next(iter(text.values()))


def _calling_code(prefix: str) -> str:
    return next(prefix[:size] for size in (1, 2, 3) if int(prefix[:size]) in CALLING_CODES)


def _code(value: NDArray[np.uint64], length: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """One integer for both, to tell 0 from 00."""
    return value * np.uint64(16) + length


def _under(world: Prefixes, codes: tuple[int, ...]) -> Prefixes:
    """What lies under some calling codes, with its groups numbered anew."""
    kept = np.isin(world.groups["calling_code"].to_numpy()[world.group], codes)
    used, group = np.unique(world.group[kept], return_inverse=True)
    return Prefixes(world.value[kept], world.length[kept], group.astype(np.uint32), world.groups[used])


def _full_length(world: Prefixes, base: NDArray[np.int64]) -> NDArray[np.uint8]:
    """How many digits a whole number has: the same in a country, so that none is the start of another."""
    code = world.groups["calling_code"].to_numpy()[world.group[base]]
    return (FULL + code * np.uint32(2_654_435_761) // np.uint32(2**16) % 4).astype(np.uint8)


def _other_carrier(world: Prefixes, base: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.uint32]:
    """Any mobile group of the same calling code."""
    code = world.groups["calling_code"].to_numpy()
    mobile = np.flatnonzero(world.groups["mobile"].to_numpy())
    mobile = mobile[np.argsort(code[mobile], kind="stable")]
    own = code[world.group[base]]
    start = np.searchsorted(code[mobile], own, "left")
    stop = np.searchsorted(code[mobile], own, "right")
    return mobile[rng.integers(start, stop)].astype(np.uint32)
