"""Rating as one would write it by hand: with numpy, and with Polars expressions.

Both are spared what a library must bear: no number is short, unmatched or invalid, every rate is
there and per 60 seconds, nothing is null. `Terms` holds what they look up, made beforehand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa

from intervals import NONE, ROW, Intervals, aligned

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workload import Workload

_UNIT_SECONDS = 60
_NANO_PER_PAISA = 10_000_000
_DIVISOR = _UNIT_SECONDS * _NANO_PER_PAISA


class Terms(NamedTuple):
    """Intervals merged where price and increments are the same, and those by number."""

    bound: NDArray[np.uint64]
    terms: NDArray[np.uint32]  # of each interval
    rate: NDArray[np.int64]  # nano-rupees a minute
    initial: NDArray[np.int32]
    following: NDArray[np.int32]

    @classmethod
    def of(cls, workload: Workload) -> Terms:
        """The terms of a deck, few enough to stay in the cache."""
        intervals = Intervals.of(workload)
        names = ["outbound_nano", "initial_increment_s", "next_increment_s"]
        groups = workload.rows.groups.select(names)
        distinct = groups.unique(maintain_order=True).with_row_index("terms")
        of_group = groups.join(distinct, on=names, how="left", maintain_order="left")["terms"].to_numpy()
        row = intervals.payload & ROW
        # Nobody calls what lies between; anything will do there.
        row = np.where(row == NONE, np.uint32(0), row)
        terms = of_group[workload.rows.group[row]]
        starts = np.flatnonzero(np.concatenate([[True], terms[1:] != terms[:-1]]))
        return cls(
            intervals.bound[starts],
            terms[starts],
            distinct["outbound_nano"].to_numpy(),
            distinct["initial_increment_s"].to_numpy().astype(np.int32),
            distinct["next_increment_s"].to_numpy().astype(np.int32),
        )

    def by_numpy(self, calls: pl.DataFrame) -> pl.DataFrame:
        """Sort, find, put back, then whole-number arithmetic on arrays."""
        key, _ = aligned(calls["to"])
        order = np.argsort(key)
        after = np.searchsorted(self.bound, key[order], "right")
        terms = np.empty(key.size, np.uint32)
        terms[order] = self.terms.take(after - 1)
        billed, paise = amounts(self, terms, calls["seconds"].to_numpy())
        return pl.DataFrame({"billed_seconds": billed.astype(np.uint32), "charge": rupees(paise)})

    def by_polars(self, calls: pl.DataFrame) -> pl.DataFrame:
        """Sort, join_asof, scatter, then expressions."""
        key, _ = aligned(calls["to"])
        frame = pl.DataFrame({"key": key, "place": np.arange(key.size, dtype=np.uint32)}).sort("key")
        found = pl.DataFrame({"key": self.bound, "terms": self.terms})
        joined = frame.join_asof(found, on="key", check_sortedness=False)
        terms = np.empty(key.size, np.uint32)
        terms[joined["place"].to_numpy()] = joined["terms"].to_numpy()
        number, seconds = pl.lit(pl.Series(terms)), pl.col("seconds").cast(pl.Int32)
        initial = pl.lit(pl.Series(self.initial)).gather(number)
        following = pl.lit(pl.Series(self.following)).gather(number)
        more = (seconds - initial).clip(lower_bound=0)
        billed = pl.when(seconds > 0).then(initial + (more + following - 1) // following * following)
        rate = pl.lit(pl.Series(self.rate)).gather(number)
        paise = (rate * pl.col("billed_seconds") + _DIVISOR // 2) // _DIVISOR
        paisa = pl.lit("0.01").str.to_decimal(scale=2)
        return (
            calls.lazy()
            .select(billed.otherwise(0).alias("billed_seconds"))
            .select(
                pl.col("billed_seconds").cast(pl.UInt32),
                (paise.cast(pl.Decimal(18, 0)) * paisa).cast(pl.Decimal(18, 2)).alias("charge"),
            )
            .collect()
        )


def amounts(
    terms: Terms, number: NDArray[np.uint32], seconds: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Billed seconds, and the charge in paise, rounded half up once."""
    whole = seconds.astype(np.int32)
    initial, following = terms.initial.take(number), terms.following.take(number)
    more = np.maximum(whole - initial, 0)
    billed = (initial + (more + following - 1) // following * following) * (whole > 0)
    # One divisor for all rows lets numpy multiply instead of dividing.
    paise = (terms.rate.take(number) * billed + _DIVISOR // 2) // _DIVISOR
    return billed, paise


def rupees(paise: NDArray[np.int64]) -> pl.Series:
    """Paise as Decimal with two places, by laying out its sixteen bytes, which beats dividing."""
    words = np.empty((paise.size, 2), np.int64)
    words[:, 0], words[:, 1] = paise, paise >> 63
    array = pa.Decimal128Array.from_buffers(pa.decimal128(18, 2), paise.size, [None, pa.py_buffer(words)])
    series = pl.from_arrow(array)
    assert isinstance(series, pl.Series)
    return series
