"""Our call records and a provider's, side by side, ours rated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing.billing.call_columns import (
    CallColumns,
    differs_from_held,
    has_answer_times,
    in_seconds,
    refuse_held,
)
from dialnexa_routing.billing.charged_records import AMOUNT
from dialnexa_routing.billing.foreign_charges import is_in_rupees
from dialnexa_routing.deck.deck_book import DeckBook
from dialnexa_routing.files.column_named import column_named
from dialnexa_routing.records import RATED_FIELDS
from dialnexa_routing.records.raw_cells import as_text
from dialnexa_routing.text.errors import RecordError
from dialnexa_routing.text.nearest import nearest_or_all

if TYPE_CHECKING:
    from dialnexa_routing.billing.call_columns import ColumnOptions
    from dialnexa_routing.deck.rates import Rates
    from dialnexa_routing.money.semantics import Semantics

_PLACE = ("prefix", "network_group", "country_iso")


def a_key(key: pl.Expr) -> pl.Expr:
    """A key, or null for a blank one, which belongs to no call."""
    return pl.when(key.str.strip_chars() != "").then(key)


def our_calls(
    ours: pl.LazyFrame, deck: Rates, semantics: Semantics, key: str, columns: ColumnOptions
) -> pl.DataFrame:
    """Our records rated: ``our_row``, ``key``, what was asked, and what `records.rate` adds.

    Raises:
        RecordError: a column is missing, or the records carry another rating.
    """
    schema = ours.collect_schema()
    names = schema.names()
    if columns.get("ended_at") is not None:
        raise TypeError("ended_at is not read here; rate the calls by seconds")
    if key not in names:
        raise RecordError(
            f"there is no column {key!r}{nearest_or_all(key, names)}; pass key= with the one that names "
            "the call"
        )
    asked = CallColumns.of(names, **columns)
    has_answer_times(deck, asked)
    said: dict[str, Any] = {
        "number": asked.number,
        "seconds": asked.seconds,
        "answered_at": asked.answered_at,
        "direction": asked.direction if isinstance(asked.direction, pl.Expr) else pl.lit(asked.direction),
    }
    rated = asked.rated(deck, semantics, RATED_FIELDS)
    frame = (
        ours.with_columns(rated.alias("?call"))
        .select(
            a_key(as_text(column_named(key), schema[key])).alias("key"),
            differs_from_held(names, deck, pl.col("?call").struct.field("charge")).alias("?held"),
            "?call",
            **{
                name: pl.col(what) if isinstance(what, str) else what
                for name, what in said.items()
                if what is not None
            },
        )
        .unnest("?call")
        .collect()
    )
    refuse_held(int(frame["?held"].max() or 0))  # type: ignore[arg-type]
    number, seconds = frame["number"].cast(pl.String), in_seconds(frame["seconds"])
    return frame.drop("?held").with_columns(number, seconds).with_row_index("our_row")


def paired(
    calls: pl.DataFrame, charged: pl.DataFrame, deck: Rates, semantics: Semantics, zone: str | None
) -> pl.DataFrame:
    """A row for each pair and for each record without one, in our order, then theirs.

    ``ours`` and ``theirs`` are the amounts that count; ``place`` numbers the rows. What only they have
    is placed by their number.
    """
    pairs = (
        calls.with_columns(_nth(calls["key"]))
        .join(
            charged.with_columns(_nth(charged["their_key"])),
            left_on=["key", "nth"],
            right_on=["their_key", "nth"],
            how="full",
            coalesce=False,
        )
        .sort("our_row", "their_row", nulls_last=True)
        .with_columns(
            pl.coalesce("key", "their_key").alias("key"),
            pl.coalesce("nth", "nth_right").alias("nth"),
            pl.col("charge").cast(AMOUNT).alias("ours"),
            pl.when(is_in_rupees()).then("their_charge").alias("theirs"),
        )
        .with_row_index("place")
    )
    # A book needs a time: what only they have, and give no time of, has no place then.
    times = ("their_answered_at", "answered_at") if isinstance(deck, DeckBook) else ("their_answered_at",)
    theirs = CallColumns(
        number="their_number",
        seconds=pl.lit(0),
        answered_at=next((name for name in times if name in pairs.columns), None),
        direction=pl.col("their_direction") if "their_direction" in pairs.columns else "outbound",
        timezone=zone,
        number_plan=None,  # where what they charge leads, whatever it is
    )
    theirs_alone = pl.col("our_row").is_null()
    where = theirs.rated(deck, semantics, _PLACE)
    return pairs.with_columns(
        pl.when(theirs_alone).then(where.struct.field(name)).otherwise(name).alias(name) for name in _PLACE
    )


def _nth(keys: pl.Series) -> pl.Expr:
    """How many rows of the same key stand before; a blank key is no key, and never the same."""
    if keys.n_unique() == keys.len():
        return pl.lit(0, pl.UInt32).alias("nth")
    before = pl.int_range(pl.len(), dtype=pl.UInt32).over(keys.name)
    return pl.when(pl.col(keys.name).is_not_null()).then(before).otherwise(0).alias("nth")
