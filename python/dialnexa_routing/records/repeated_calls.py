"""Calls that are charged in several files, each read by itself: copies of an account, legs in the next file.

Files that are read together are compared row by row before anything is charged. Whoever rates them one by one
finds out here, with eight bytes a charged row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.files.column_named import column_named
from dialnexa_routing.records.call_choices import Legs
from dialnexa_routing.records.call_parts import header_of
from dialnexa_routing.records.formats.call_format import CANONICAL, folded
from dialnexa_routing.records.nothing_said import said
from dialnexa_routing.records.raw_cells import RawCells
from dialnexa_routing.text.several import several

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dialnexa_routing.records.call_choices import CallChoices
    from dialnexa_routing.records.call_parts import CallPart

_SEED = 0x0FF1CE


def row_keys(part: CallPart, choices: CallChoices) -> list[list[pl.Expr]]:
    """Of rows as they come out: what makes one repeat a call, by the format's legs and by `unique_by`."""
    leg, found = part.layout.format.leg, []
    schema = part.opened.lazy.collect_schema()
    taken = {str(one): name for name, meant in part.layout.columns.items() for one in meant.parts}
    # An identifier comes out as it stood; what became another column of ours is no part of a key.
    cells = RawCells(
        {
            folded(header): said(
                column_named("call_id" if header in taken else f"raw_{header}").cast(pl.String)
            )
            for header in schema.names()
            if taken.get(header, "call_id") == "call_id"
        }
    )
    if leg is not None and leg.key is not None and choices.legs is Legs.ONE:
        if callable(leg.key):
            found.append([leg.key(cells)])
        else:
            headers = [header_of(one, part.layout, schema) for one in leg.key]
            found.append([cells[one] for one in headers if one] if all(headers) else [])
    if choices.keys:
        names = (*CANONICAL, "source_file", "source_row")
        columns = [column_named(key if key in names else f"raw_{key}") for key in choices.keys]
        found.append([said(column.cast(pl.String)) for column in columns])
    return [key for key in found if key]


class RepeatedCalls:
    """The keys of charged calls by file.

    >>> seen = RepeatedCalls()
    >>> for name in ("a.csv", "b.csv"):
    ...     seen.add(name, pl.LazyFrame({"call_id": ["1", None, name]}), [[pl.col("call_id")]])
    >>> seen.told()[0].partition(":")[0]
    '1 call is charged in several files, as in a.csv and b.csv'
    """

    def __init__(self) -> None:
        self._hashes: dict[str, list[pl.Series]] = {}

    def add(self, name: str, charged: pl.LazyFrame, keys: Sequence[Sequence[pl.Expr]]) -> None:
        """Take up the charged rows of a file; a key of which one part is null is none."""
        hashes = []
        for key in keys:
            whole = pl.struct(part.alias(f"k{place}") for place, part in enumerate(key)).hash(_SEED)
            known = ~pl.any_horizontal(part.is_null() for part in key)
            rows = charged.filter(known).select(whole.alias("key")).collect(engine="streaming")
            hashes.append(rows["key"].unique())
        self._hashes[name] = hashes

    def told(self) -> list[str]:
        """What is to be known of calls that more than one file charges, a sentence for each kind of key."""
        found: list[str] = []
        names = sorted(self._hashes)
        every = [self._hashes[name] for name in names]
        for kind in range(max(map(len, every), default=0)):
            files = [
                hashes[kind].to_frame().with_columns(file=pl.lit(place, pl.UInt32))
                for place, hashes in enumerate(every)
                if len(hashes) > kind
            ]
            by_key = pl.concat(files).group_by("key").agg(pl.col("file").sort())
            twice = by_key.filter(pl.col("file").list.len() > 1)
            if not twice.height:
                continue
            first, second = min(twice["file"].list.head(2).to_list())
            calls = several(twice.height, "call is", "calls are")
            found.append(
                f"{calls} charged in several files, as in {names[first]} and {names[second]}: a job compares "
                "the rows of one file; leave out copies, or put files together whose calls go on in the next"
            )
        return found
