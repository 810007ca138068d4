"""Decks and streams by name, made once for a seed and kept in a folder.

The name of a kept file has a checksum of the code that made it, so that no stale one is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
import phonenumbers
import polars as pl

import prefixes
import streams
from dialnexa_routing.deck.canonical_columns import MONEY
from prefixes import Prefixes

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOLDER = Path("out/bench")
DECKS = ("az", "us_in", "ported")
STREAMS = tuple(streams.STREAMS)
_SOURCES = ("prefixes.py", "streams.py", "workload.py")


@dataclass(frozen=True)
class Workload:
    """One deck's prefixes in an order that helps nobody, and the streams over them."""

    name: str
    seed: int
    rows: Prefixes
    folder: Path

    @classmethod
    def of(cls, name: str, *, seed: int = 1, folder: Path = FOLDER, ported: int = 10_000_000) -> Workload:
        """The deck `name`, from the folder if it is there."""
        key = f"{name}-{ported}" if name == "ported" else name
        place = folder / f"{key}-{seed}-{_edition()}"
        if not place.with_suffix(".rows.arrow").exists():
            made = _made(name, seed, ported)
            order = np.random.default_rng([seed, 3]).permutation(made.value.size)
            frame = pl.DataFrame({"value": made.value, "length": made.length, "group": made.group})[order]
            folder.mkdir(parents=True, exist_ok=True)
            made.groups.write_ipc(place.with_suffix(".groups.arrow"))
            frame.write_ipc(place.with_suffix(".rows.arrow"))
        rows = pl.read_ipc(place.with_suffix(".rows.arrow"))
        groups = pl.read_ipc(place.with_suffix(".groups.arrow"))
        value, length, group = (rows[column].to_numpy() for column in ("value", "length", "group"))
        return cls(key, seed, Prefixes(value, length, group, groups), folder)

    def __len__(self) -> int:
        return self.rows.value.size

    def stream(self, name: str, count: int) -> pl.Series:
        """`count` called numbers, in one chunk."""
        place = self.folder / f"{self.name}-{self.seed}-{_edition()}.{name}-{count}.arrow"
        if not place.exists():
            streams.stream(name, self.rows, count, self.seed).to_frame().write_ipc(place)
        return pl.read_ipc(place)["to"].rechunk()

    def prefix(self) -> pl.Series:
        """The prefix of each row as text."""
        return pl.Series("prefix", self.rows.value).cast(pl.String)

    def aligned(self) -> NDArray[np.uint64]:
        """The first number of fifteen digits under each prefix."""
        first: NDArray[np.uint64] = self.rows.value * prefixes.POWERS[15 - self.rows.length]
        return first

    def frame(self) -> pl.DataFrame:
        """The deck as rows of a canonical sheet."""
        groups = self.rows.groups.select(
            pl.lit("bench").alias("provider"),
            "country_iso",
            "country",
            "network_group",
            rupees(self.rows.groups["outbound_nano"]).alias("outbound_rate"),
            rupees(self.rows.groups["inbound_nano"]).alias("inbound_rate"),
            pl.lit(60, pl.UInt32).alias("rate_unit_s"),
            "initial_increment_s",
            "next_increment_s",
        )
        return groups[self.rows.group].with_columns(self.prefix())


def _made(name: str, seed: int, ported: int) -> Prefixes:
    if name == "ported":
        return prefixes.ported(seed, ported)
    return prefixes.us_in(seed) if name == "us_in" else prefixes.az(seed)


def rupees(nano: pl.Series) -> pl.Series:
    """Whole nano-rupees as money, through text and so never through a float."""
    texts = [None if value is None else f"{value // 10**9}.{value % 10**9:09}" for value in nano]
    return pl.Series(nano.name, texts, pl.String).str.to_decimal(scale=9).cast(MONEY)


def _edition() -> str:
    sources = b"".join((Path(__file__).parent / name).read_bytes() for name in _SOURCES)
    return f"{crc32(sources):08x}-{phonenumbers.__version__}"
