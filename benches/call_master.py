"""An Asterisk Master.csv of any size, as cdr_csv.so writes it with uniqueid and userfield, all invented."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from pathlib import Path

NAMES = (
    *("accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp", "lastdata"),
    *("start", "answer", "end", "duration", "billsec", "disposition", "amaflags", "uniqueid", "userfield"),
)
_WIDE = ("dcontext", "clid", "channel", "dstchannel", "lastdata")
_BATCH = 250_000
_BEGINNING = datetime(2026, 11, 2)
_MEAN_SECONDS, _LONGEST = 150, 4 * 3600
# Calling code, what begins a number under it, how many digits follow; how many in twenty are called so.
_CALLED = (("91", "98", 8, 9), ("91", "70", 8, 4), ("1", "212", 7, 3), ("44", "7", 9, 2), ("49", "151", 8, 2))
_WORDS = pl.Series(["ANSWERED", "NO ANSWER", "BUSY", "FAILED"])


def write(path: Path, rows: int, seed: int, *, slim: bool = False) -> None:
    """So many rows: one in five not answered, one in thirty another leg of the call above it."""
    with path.open("wb") as file:
        for first in range(0, rows, _BATCH):
            count = min(_BATCH, rows - first)
            batch = _batch(first, count, np.random.default_rng([seed, first]))
            if slim:
                batch = batch.with_columns(pl.lit("").alias(name) for name in _WIDE)
            batch.write_csv(file, include_header=False, quote_style="non_numeric")


def _batch(first: int, count: int, rng: np.random.Generator) -> pl.DataFrame:
    kind = rng.choice(len(_CALLED), count, p=[share / 20 for *_, share in _CALLED])
    lead = pl.Series([code + begin for code, begin, *_ in _CALLED]).gather(kind)
    digits = pl.Series([digits for _, _, digits, _ in _CALLED]).gather(kind)
    tail = pl.Series(rng.integers(0, 10**9, count)).cast(pl.String).str.zfill(9)
    state = rng.choice(4, count, p=[0.8, 0.1, 0.06, 0.04])
    talk = np.minimum(rng.exponential(_MEAN_SECONDS, count), _LONGEST).astype(np.int64) + 1
    talk[state > 0] = 0
    ring = rng.integers(1, 30, count)
    begin = pl.Series((first + np.arange(count)) // 4) * 1_000_000 + int(
        (_BEGINNING - datetime(1970, 1, 1)).total_seconds() * 1_000_000
    )
    place = first + np.arange(count)
    place[1:][rng.random(count - 1) < 1 / 30] -= 1
    frame = pl.DataFrame(
        {
            "begin": begin,
            "ring": ring,
            "talk": talk,
            "to": lead + tail.str.head(digits),
            "line": pl.Series(1000 + rng.integers(0, 500, count)).cast(pl.String),
            "state": _WORDS.gather(state),
            "key": pl.Series(place),
        }
    )
    second = 1_000_000
    return frame.select(
        accountcode=pl.lit(""),
        src=pl.col("line"),
        dst=pl.col("to"),
        dcontext=pl.lit("from-internal"),
        clid=pl.format('"Line {}" <{}>', "line", "line"),
        channel=pl.format("PJSIP/{}-{}", "line", pl.col("key") * 2),
        dstchannel=pl.format("PJSIP/trunk-{}", pl.col("key") * 2 + 1),
        lastapp=pl.lit("Dial"),
        lastdata=pl.format("PJSIP/{}@trunk,60", "to"),
        start=_shown(pl.col("begin")),
        answer=pl.when(pl.col("talk") > 0)
        .then(_shown(pl.col("begin") + pl.col("ring") * second))
        .otherwise(pl.lit("")),
        end=_shown(pl.col("begin") + (pl.col("ring") + pl.col("talk")) * second),
        duration=pl.col("ring") + pl.col("talk"),
        billsec=pl.col("talk"),
        disposition=pl.col("state"),
        amaflags=pl.lit("DOCUMENTATION"),
        uniqueid=pl.format("1793593800.{}", "key"),
        userfield=pl.lit(""),
    )


def _shown(micros: pl.Expr) -> pl.Expr:
    return micros.cast(pl.Datetime("us")).dt.strftime("%Y-%m-%d %H:%M:%S")
