"""Several decks of one provider, and withdrawals, as rows with their times in force (quirks 32 to 34).

A withdrawn prefix ends at the date of its withdrawal. Of two decks that price the same prefix the
later one holds from its own dates on; whether it also ends what it does not mention is for the
caller to say, for nothing in a deck does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.deck.canonical_columns import TIME
from dialnexa_routing.sheets.cells.dates import told as day
from dialnexa_routing.sheets.conflicts import SHEET_NAME
from dialnexa_routing.sheets.faults import Faults
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from dialnexa_routing.sheets.sheet_choices import Mode

CLOSED = "?closed"
"""Which rows withdraw their prefix, carried beside the canonical columns."""

_SAME = ["prefix", "origin", "exact_match"]
_TERMS = ["network_group", "outbound_rate", "inbound_rate", "rate_unit_s", "blocked", "connect_fee"]


@dataclass(frozen=True)
class Deck:
    """The rows of one file, and when it was issued if it states so."""

    file: str
    rows: pl.DataFrame
    issued: datetime | None = None

    @property
    def dated(self) -> datetime | None:
        """The day it was issued, or else its first price came into force; None if neither is known."""
        first = self.rows["valid_from"].min()
        return self.issued or (first if isinstance(first, datetime) else None)


def withdrawn(rows: pl.DataFrame) -> tuple[pl.DataFrame, int, pl.DataFrame]:
    """`rows` with withdrawals carried out, how many rows came to nothing by it, and what is to be reported.

    A withdrawal ends the other rows of its prefix and caller. Where there are none it holds its own
    price until then; without a date or a price it leaves nothing.
    """
    faults = Faults("")
    if not rows[CLOSED].any():
        return rows.drop(CLOSED), 0, faults.frame()
    ends = rows.filter(CLOSED).with_row_index("?end")
    others = rows.filter(~pl.col(CLOSED)).with_row_index("?row")
    dates = ends.group_by(_SAME).agg(
        pl.col("valid_from").min().alias("?at"), (pl.col("valid_from").is_null().any()).alias("?now")
    )
    met = others.join(dates, on=_SAME, how="left", nulls_equal=True, maintain_order="left")
    late = (pl.col("valid_from") >= pl.col("?at")).fill_null(False)
    gone = pl.col("?now").fill_null(False) & pl.col("valid_from").is_null()
    cut = pl.min_horizontal("valid_to", "?at")
    kept = met.filter(~gone).with_columns(valid_to=pl.when(~late).then(cut).otherwise("valid_to"))
    kept = kept.select(others.columns).drop("?row")
    alone = ends.join(others, on=_SAME, how="anti", nulls_equal=True, maintain_order="left")
    priced = pl.col("valid_from").is_not_null() & (pl.col("outbound_rate").is_not_null() | pl.col("blocked"))
    until = alone.filter(priced & pl.col("outbound_rate").is_not_null())
    own = until.with_columns(valid_to="valid_from", valid_from=pl.lit(None, TIME)).drop("?end")
    lost = alone.join(until.select("?end"), on="?end", how="anti", maintain_order="left")
    for file, name in lost.select("source_file", SHEET_NAME).unique(maintain_order=True).iter_rows():
        found = lost.filter(source_file=file)
        told = Faults(file, name)
        told.tell(
            f"{found.height} withdrawn prefixes have no other row, and no price until their date: nothing is"
            f" loaded for them, the first is {found['prefix'][0]}",
            row=found["source_row"][0],
            column="prefix",
        )
        faults.take(told)
    for file, name in ends.select("source_file", SHEET_NAME).unique(maintain_order=True).iter_rows():
        found = ends.filter(source_file=file)
        told = Faults(file, name)
        told.tell(f"{found.height} prefixes are withdrawn and end on their date: nothing to do (quirk 32)")
        faults.take(told)
    whole = pl.concat([kept, own.select(kept.columns)]).drop(CLOSED)
    return whole, rows.height - whole.height, faults.frame()


def merged(
    decks: Sequence[Deck], mode: Mode | None, *, in_order: bool, zone: tzinfo | None
) -> tuple[pl.DataFrame, int, pl.DataFrame]:
    """The rows of all `decks`, the later ones over the earlier by `mode`, and how many came to nothing.

    `in_order` states that the caller gave them oldest first; otherwise each needs a date. Raises
    `SheetError` when two decks price a prefix differently and no mode was given.
    """
    faults = Faults("")
    if len(decks) < 2:
        return pl.concat([deck.rows for deck in decks]), 0, faults.frame()
    undated = None if in_order else next((deck.file for deck in decks if deck.dated is None), None)
    if mode is None:
        _require_no_overlap(decks, undated)
        return pl.concat([deck.rows for deck in decks]), 0, faults.frame()
    if not in_order:
        if undated is not None:
            raise SheetError(f"{_no_place(undated)} (quirk 34)")
        decks = sorted(decks, key=lambda deck: str(deck.dated))
    rows = decks[0].rows
    total = sum(deck.rows.height for deck in decks)
    for earlier, deck in pairwise(decks):
        if earlier.issued and deck.issued and deck.issued < earlier.issued:
            told = Faults(deck.file)
            told.tell(
                f"it was issued on {day(deck.issued, zone)}, before {earlier.file}, which it follows: give"
                " the files oldest first (quirk 62)"
            )
            faults.take(told)
        rows = pl.concat([_ended(rows, deck, mode), deck.rows])
    return rows, total - rows.height, faults.frame()


def _no_place(undated: str) -> str:
    return (
        f"{undated} has no date, so its place among the decks is not known: give the files as a list,"
        " oldest first"
    )


def _require_no_overlap(decks: Sequence[Deck], undated: str | None) -> None:
    keys = pl.concat(
        [
            deck.rows.filter(~pl.col(CLOSED)).select(
                *_SAME, *_TERMS, "source_row", at=pl.lit(place, pl.UInt32)
            )
            for place, deck in enumerate(decks)
        ]
    )
    shared = keys.filter(pl.col("prefix").is_duplicated())
    if not shared.height:
        return
    several = shared.group_by(_SAME).agg(
        pl.col("at").n_unique().alias("files"), pl.struct(_TERMS).n_unique().alias("terms")
    )
    clash = several.filter((pl.col("files") > 1) & (pl.col("terms") > 1)).sort("prefix")
    if clash.height:
        first = clash["prefix"][0]
        places = shared.filter(prefix=first)["at"].unique().sort()
        names = " and ".join(decks[place].file for place in places[:2])
        raise SheetError(
            f"{names} price the same prefixes differently, {clash.height} of them, the first is {first}: pass"
            " mode='update' if the later file amends the earlier, or mode='replace' if it ends what it leaves"
            f" out{f'; {_no_place(undated)}' if undated else ''} (quirk 34)"
        )


def _ended(rows: pl.DataFrame, deck: Deck, mode: Mode) -> pl.DataFrame:
    """The earlier `rows` as far as `deck` leaves them in force."""
    starts = (
        deck.rows.filter(~pl.col(CLOSED))
        .group_by(_SAME)
        .agg(
            pl.col("valid_from").min().alias("?at"),
            pl.col("valid_from").is_null().any().alias("?now"),
            pl.lit(value=True).alias("?there"),
        )
    )
    met = rows.join(starts, on=_SAME, how="left", nulls_equal=True, maintain_order="left")
    at, now = pl.col("?at"), pl.col("?now").fill_null(False)
    if mode == "replace":
        # What the deck leaves out ends on its day; without a day it was never in force for this sheet.
        absent = pl.col("?there").is_null()
        at = pl.when(absent).then(pl.lit(deck.issued, TIME)).otherwise(at)
        now = now | (absent & pl.lit(deck.issued is None))
    late = (pl.col("valid_from") >= at).fill_null(False)
    met = met.filter(~(now | late))
    cut = pl.min_horizontal("valid_to", at)
    return met.with_columns(valid_to=cut).select(rows.columns)
