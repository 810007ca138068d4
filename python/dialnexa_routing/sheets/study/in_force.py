"""The rows of a sheet that answer a caller at one instant, as a deck would choose them.

One place for the rules that a report and a comparison share: the caller's rows (R19), the instant
(R50), the direction, and that of one prefix only one row answers (R22).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.clock.wall_clock import in_utc
from dialnexa_routing.deck.compile import rows_for_caller
from dialnexa_routing.deck.exact_columns import half_up, rupees_of
from dialnexa_routing.deck.rate_deck import RateDeck
from dialnexa_routing.sheets.study.prefix_keys import key
from dialnexa_routing.text.errors import DeckTimeError, SheetError

if TYPE_CHECKING:
    from datetime import datetime

    from dialnexa_routing.money.call_words import Direction
    from dialnexa_routing.sheets.sheet import RateSheet


E164_DIGITS = 15


def has_begun(at: datetime | None) -> pl.Expr:
    """Rows whose validity has begun at an instant; of no instant, those that always held.

    Raises `DeckTimeError` for an instant without a zone.
    """
    always = pl.col("valid_from").is_null()
    return always if at is None else always | (pl.col("valid_from") <= in_utc(at))


def has_ended(at: datetime | None) -> pl.Expr:
    """Rows whose validity has ended at an instant; of no instant, none."""
    ends = pl.col("valid_to").is_not_null()
    return ends & False if at is None else ends & (pl.col("valid_to") <= in_utc(at))


def needs_instant(rows: pl.DataFrame) -> bool:
    """Whether some of the rows hold only at times, so that an instant must be named (R50)."""
    return rows["valid_from"].null_count() + rows["valid_to"].null_count() < 2 * rows.height


def serves(direction: Direction) -> pl.Expr:
    """Rows that answer for a direction: they have its price, or no price at all, or are blocked."""
    outbound = pl.col("outbound_rate").is_not_null() | pl.col("schedule").is_not_null()
    inbound = pl.col("inbound_rate").is_not_null()
    own, other = (outbound, inbound) if direction == "outbound" else (inbound, outbound)
    return pl.col("blocked").fill_null(False) | own | ~other


def rows_in_force(rows: pl.DataFrame, at: datetime | None, origin: str | None) -> pl.DataFrame:
    """Of each prefix the one row that answers this caller at this instant.

    Raises:
        DeckTimeError: some rows hold only at times, and there is no `at`, or it has no zone.
        SheetError: two rows of one prefix hold at once.
    """
    rows = rows_for_caller(rows, origin)
    if at is not None:
        rows = rows.filter(has_begun(at) & ~has_ended(at))
    elif needs_instant(rows):
        raise DeckTimeError("the sheet has rows that hold only at times; pass at=, a time with a zone (R50)")
    twice = rows.select(key("prefix"), pl.col("exact_match").fill_null(False)).is_duplicated()
    if twice.any():
        prefix = rows["prefix"].filter(twice)[0]
        raise SheetError(f"prefix {prefix} has two rows at one time; correct one of them (R22)")
    return rows


def deck_in_force(sheet: RateSheet, at: datetime | None, origin: str | None) -> RateDeck:
    """A deck of the rows in force at an instant, for calls of any time.

    Raises `SheetError` if there are none, and what `rows_in_force` raises.
    """
    rows = rows_in_force(sheet.rows, at, origin)
    if not rows.height:
        when = f" at {at.isoformat()}" if at else ""
        name = ", ".join(sheet.files) or "the sheet"
        raise SheetError(f"{name} has no row in force{when} to rate calls with: compare at another time")
    none = [pl.lit(None, rows.schema[name]).alias(name) for name in ("origin", "valid_from", "valid_to")]
    return RateDeck.compile(rows.with_columns(none), keep_sources=False)


def per_minute(direction: Direction) -> pl.Expr:
    """The rate for a minute, to the nano-rupee; exact wherever the sheet has it per 60 seconds (R48)."""
    rate, unit = pl.col(f"{direction}_rate"), pl.col("rate_unit_s").fill_null(60).cast(pl.Int128)
    nano = rate.to_physical().cast(pl.Int128)
    return rupees_of(half_up(nano * 60, unit)).alias("price")
