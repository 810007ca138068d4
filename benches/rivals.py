"""What a Python user would write instead: text in, the row of the longest prefix out, as u32.

Structures are made beforehand and not counted. Everything from the column of text to the array of
rows is: parsing, sorting, searching, the repair for short numbers, and putting rows back in order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import duckdb
import numpy as np
import pandas as pd
import polars as pl

from intervals import NONE, aligned

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from intervals import Intervals
    from workload import Workload


class Rival(Protocol):
    name: str

    def rows(self, numbers: pl.Series) -> NDArray[np.uint32]: ...


class PolarsJoin:
    name = "Polars sort + join_asof"

    def __init__(self, intervals: Intervals) -> None:
        self._intervals = intervals
        self._frame = pl.DataFrame({"key": intervals.bound, "payload": intervals.payload}).set_sorted("key")

    def rows(self, numbers: pl.Series) -> NDArray[np.uint32]:
        key, digits = aligned(numbers)
        frame = pl.DataFrame({"key": key, "place": np.arange(key.size, dtype=np.uint32)}).sort("key")
        joined = frame.join_asof(self._frame, on="key", check_sortedness=False)
        payload = np.empty(key.size, np.uint32)
        payload[joined["place"].to_numpy()] = joined["payload"].to_numpy()
        return self._intervals.rows(payload, digits)


class PolarsSearch:
    name = "Polars search_sorted"

    def __init__(self, intervals: Intervals) -> None:
        self._intervals = intervals
        self._bound = pl.Series(intervals.bound).set_sorted()

    def rows(self, numbers: pl.Series) -> NDArray[np.uint32]:
        key, digits = aligned(numbers)
        after = self._bound.search_sorted(pl.Series(key), side="right").to_numpy()
        return self._intervals.rows(self._intervals.payload.take(after - 1), digits)


class PandasJoin:
    name = "pandas merge_asof"

    def __init__(self, intervals: Intervals) -> None:
        self._intervals = intervals
        self._frame = pd.DataFrame({"key": intervals.bound, "payload": intervals.payload})

    def rows(self, numbers: pl.Series) -> NDArray[np.uint32]:
        key, digits = aligned(numbers)
        order = np.argsort(key)
        joined = pd.merge_asof(pd.DataFrame({"key": key[order]}), self._frame, on="key")
        payload = np.empty(key.size, np.uint32)
        payload[order] = joined["payload"].to_numpy()
        return self._intervals.rows(payload, digits)


class DuckJoin:
    name = "DuckDB ASOF JOIN"

    def __init__(self, intervals: Intervals) -> None:
        self._intervals = intervals
        self._database = duckdb.connect(config={"threads": 1})
        self._database.register("made", pl.DataFrame({"key": intervals.bound, "payload": intervals.payload}))
        self._database.execute("CREATE TABLE intervals AS SELECT * FROM made")

    def rows(self, numbers: pl.Series) -> NDArray[np.uint32]:
        key, digits = aligned(numbers)
        frame = pl.DataFrame({"key": key, "place": np.arange(key.size, dtype=np.uint32)})
        self._database.register("numbers", frame)
        joined = self._database.execute(
            "SELECT place, payload FROM numbers ASOF JOIN intervals ON numbers.key >= intervals.key"
        ).fetchnumpy()
        payload = np.empty(key.size, np.uint32)
        payload[joined["place"]] = joined["payload"]
        return self._intervals.rows(payload, digits)


class NumpySearch:
    name = "numpy searchsorted"

    def __init__(self, intervals: Intervals) -> None:
        self._intervals = intervals

    def rows(self, numbers: pl.Series) -> NDArray[np.uint32]:
        key, digits = aligned(numbers)
        after = np.searchsorted(self._intervals.bound, key, "right")
        return self._intervals.rows(self._intervals.payload.take(after - 1), digits)


class NumpySorted:
    name = "numpy argsort + searchsorted"

    def __init__(self, intervals: Intervals) -> None:
        self._intervals = intervals

    def rows(self, numbers: pl.Series) -> NDArray[np.uint32]:
        key, digits = aligned(numbers)
        order = np.argsort(key)
        after = np.searchsorted(self._intervals.bound, key[order], "right")
        payload = np.empty(key.size, np.uint32)
        payload[order] = self._intervals.payload.take(after - 1)
        return self._intervals.rows(payload, digits)


class NumpyRepeat:
    """In order, the fewer intervals can be searched among the numbers, not these among the intervals."""

    name = "numpy argsort + repeat"

    def __init__(self, intervals: Intervals) -> None:
        self._intervals = intervals

    def rows(self, numbers: pl.Series) -> NDArray[np.uint32]:
        key, digits = aligned(numbers)
        order = np.argsort(key)
        start = np.searchsorted(key[order], self._intervals.bound)
        payload = np.empty(key.size, np.uint32)
        payload[order] = np.repeat(self._intervals.payload, np.diff(start, append=key.size))
        return self._intervals.rows(payload, digits)


class DictLoop:
    """The naive twin: the longest start of the number that is a key."""

    name = "Python dict loop"

    def __init__(self, workload: Workload) -> None:
        self._row = {prefix: row for row, prefix in enumerate(workload.prefix().to_list())}
        self._lengths = np.unique(workload.rows.length)[::-1].tolist()

    def row(self, number: str) -> int:
        get = self._row.get
        for length in self._lengths:
            row = get(number[:length])
            # A cut beyond the end gives the whole number again, which may only win as itself: it does.
            if row is not None:
                return row
        return int(NONE)

    def rows(self, numbers: pl.Series) -> NDArray[np.uint32]:
        row = self.row
        return np.array([row(number) for number in numbers.to_list()], np.uint32)


class Gather:
    """No rival but a limit: one load at a random place per number, of a table as large as our deck.

    The places are known beforehand, nothing is parsed, and `numpy.take` stands in for the bare loop.
    """

    name = "gather of equal bytes"

    def __init__(self, size: int, count: int) -> None:
        rng = np.random.default_rng(4)
        self._table = np.arange(max(1, size // 4), dtype=np.uint32)
        self._place = rng.integers(0, self._table.size, count)

    def rows(self, numbers: pl.Series) -> NDArray[np.uint32]:
        found: NDArray[np.uint32] = self._table.take(self._place[: len(numbers)], mode="clip")
        return found


def columnar(intervals: Intervals) -> list[Rival]:
    """The rivals that take a whole column."""
    kinds = (PolarsJoin, PolarsSearch, PandasJoin, DuckJoin, NumpySearch, NumpySorted, NumpyRepeat)
    return [kind(intervals) for kind in kinds]
