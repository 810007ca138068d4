"""Which prefixes begin a number, and what of a range no prefix speaks for, as columns."""

from __future__ import annotations

import polars as pl

from dialnexa_routing.numbers.number_series import transitions
from dialnexa_routing.sheets.study.prefix_keys import by_length, prefix_of

_LONGEST = 15


def begin_numbers(prefixes: pl.Series) -> pl.Series:
    """Whether some number of today begins with each prefix: `number_series.begins_numbers`, all at once.

    >>> begin_numbers(pl.Series(["24544", "24532", "91"])).to_list()
    [True, False, True]
    """
    start, table = transitions()
    dead = len(table) // 10
    states = [dead if to < 0 else to for to in table] + [dead] * 10
    nexts = pl.Series(states, dtype=pl.Int32)
    state = pl.repeat(start, len(prefixes), eager=True, dtype=pl.Int32)
    for place in range(_LONGEST):
        digit = prefixes.str.slice(place, 1).cast(pl.Int32, strict=False)
        if digit.null_count() == len(prefixes):
            break
        state = nexts.gather(state * 10 + digit.fill_null(0)).zip_with(digit.is_not_null(), state)
    return state != dead


def above(listed: pl.Series) -> pl.Series:
    """The keys below which a listed one lies, sooner or later."""
    return (pl.concat(by_length(listed)) // 10).unique().alias("key")


def unlisted(ranges: pl.Series, listed: pl.Series, inner: pl.Series) -> pl.DataFrame:
    """The shortest parts of ranges that no listed key is, or is above of within the range.

    Args:
        ranges: keys of ranges.
        listed: keys of a sheet.
        inner: those `above` them.

    Returns:
        The range as ``top``, and each part as ``key``; what begins no number is left out.

    >>> ranges, listed = (pl.Series(keys, dtype=pl.UInt64) for keys in ([12541, 12547], [12541, 125471]))
    >>> found = unlisted(ranges, listed, above(listed))
    >>> found["top"].unique().to_list(), found["key"].min()
    ([12547], 125470)
    """
    known = listed.alias("key").to_frame()
    digits = pl.int_range(10, dtype=pl.UInt64, eager=True).alias("digit").to_frame()
    left = pl.DataFrame({"top": ranges, "key": ranges}, schema={"top": pl.UInt64, "key": pl.UInt64})
    found = [left.clear()]
    while left.height:
        left = left.join(known, on="key", how="anti")
        found.append(left.join(inner.to_frame(), on="key", how="anti"))
        left = left.join(inner.to_frame(), on="key", how="semi").join(digits, how="cross")
        left = left.select("top", key=pl.col("key") * 10 + pl.col("digit"))
        left = left.filter(begin_numbers(left.select(prefix_of(pl.col("key")))["key"]))
    return pl.concat(found).sort("top", "key")
