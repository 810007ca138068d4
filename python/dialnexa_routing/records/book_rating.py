"""Rating call records by a book of decks: each row by the deck in force when it was answered (R50).

A batch is put in the order of its decks, rated a deck at a time by `dialnexa_routing.records.rate`, and
put back. It is still one elementwise expression, so lazy stays lazy and streams.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.clock.time_columns import UTC_TIME
from dialnexa_routing.clock.wall_clock import Twice
from dialnexa_routing.deck.deck_book import nothing
from dialnexa_routing.files.column_named import column_named
from dialnexa_routing.money.reason import Reason
from dialnexa_routing.plans.prepared_plans import PreparedPlans
from dialnexa_routing.records.deck_rating import RATED_FIELDS, rated_types
from dialnexa_routing.records.one_deck import rate_by_one
from dialnexa_routing.records.plan_rating import prepared
from dialnexa_routing.records.rating_options import asked
from dialnexa_routing.records.record_columns import ANSWERED_AT_UTC, chosen, present
from dialnexa_routing.records.record_times import prepare
from dialnexa_routing.text.errors import RecordError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dialnexa_routing.deck.deck_book import DeckBook
    from dialnexa_routing.money.semantics import Semantics
    from dialnexa_routing.numbers.number_plan import NumberPlan
    from dialnexa_routing.records.rating_options import Asked
    from dialnexa_routing.records.record_columns import Frame

_BESIDE = {ANSWERED_AT_UTC: UTC_TIME, "deck_digest": pl.String()}


def rate_by_book(frame: Frame, book: DeckBook, asked: Asked) -> Frame:
    """The work of `records.rate` by a book. Answer times are a must; plans are prepared for each deck.

    ``deck_digest`` is that of the row's own deck; where none was in force it is null, and ``reason`` is
    `Reason.BEFORE_FIRST_DECK`.
    """
    if asked.plans is not None:
        # Once for all batches; and they may come from an iterator.
        plans = _prepared(book, asked)
        named = "plan" if asked.plan is None and plans.workspaces is None else asked.plan
        asked = replace(asked, plans=plans, workspaces=None, plan=named)
    # What is wrong with the columns, a dated deck states; of a lazy frame nothing is rated.
    lazy = frame.lazy() if isinstance(frame, pl.DataFrame) else frame
    answers = rate_by_one(lazy, nothing(), asked).collect_schema()
    columns = frame.collect_schema().names()
    answer = pl.Struct({name: dtype for name, dtype in answers.items() if name not in columns})
    words = {word for word in vars(asked).values() if isinstance(word, str)}
    read = [column_named(name) for name in columns if name in words]
    rated = "rated"
    while rated in columns:
        rated += "_"
    expression = pl.struct(read).map_batches(_Rater(book, asked), return_dtype=answer, is_elementwise=True)
    return frame.with_columns(expression.alias(rated)).unnest(rated)


def rated_by_book(
    book: DeckBook,
    parts: Mapping[str, pl.Expr],
    direction: str | None,
    semantics: Semantics,
    timezone: str | None,
    twice: Twice,
    fields: str | Sequence[str] | None,
    number_plan: NumberPlan | None,
) -> pl.Expr:
    """The work of `records.rated` by a book; `parts` are the columns by what they are."""
    types = rated_types(semantics.decimals)
    picked = chosen(RATED_FIELDS, types, fields)
    alone = isinstance(fields, str)
    if "answered_at" not in parts:
        raise RecordError("a book of decks rates by the time of the call: name answered_at (R50)")
    words = {
        "number": "number",
        "seconds": "seconds" if "seconds" in parts else None,
        "ended_at": "ended_at" if "ended_at" in parts else None,
        "direction": direction or "direction",
    }
    how = {"semantics": semantics, "timezone": timezone, "twice": twice, "fields": picked}
    rater = _Rater(book, asked({**words, **how, "number_plan": number_plan}))
    batch = pl.struct(part.alias(name) for name, part in parts.items())
    answer = pl.Struct({field: types[field] for field in picked} | _BESIDE)
    answers = batch.map_batches(rater, return_dtype=answer, is_elementwise=True)
    if alone:
        return answers.struct.field(picked[0])
    return pl.struct(answers.struct.field(field) for field in picked).alias("rated")


def _prepared(book: DeckBook, asked: Asked) -> PreparedPlans:
    plans = asked.plans
    if isinstance(plans, PreparedPlans):
        workspaces = plans.workspaces if asked.workspaces is None else asked.workspaces
        same = plans.deck == book and asked.workspaces is None
        return plans if same else PreparedPlans(book, plans.versions, workspaces)
    return prepared(book, asked)


def recheck(
    rated: Frame,
    *,
    book: DeckBook,
    answered_at: str = "answered_at",
    timezone: str | None = None,
    twice: Twice | str = Twice.REFUSED,
    add_prefix: str = "",
) -> Frame:
    """The rated records that this book would rate by another deck than the one that rated them (R50).

    Args:
        rated: what `rate` gave, lazy or not; `timezone`, `twice` and `add_prefix` are those it was given.
        book: the book as it is now.
        answered_at: column of answer times.
        timezone: zone of times that have none.
        twice: what is done with times of an hour that came twice.
        add_prefix: what stands before ``deck_digest``.

    Returns:
        ``row``, counted from 0; ``answered_at``; ``deck_digest`` as stored; ``digest_in_force``, null where
        no deck is; ``is_in_book``, whether the stored one is still a deck of the book. Without rows, rating
        again gives the same answers.

    Raises:
        RecordError: a column is missing.
    """
    columns = rated.collect_schema().names()
    read = {"answered_at": answered_at, "deck_digest": f"{add_prefix}deck_digest"}
    # A call to no number is rated by its deck too, and costs the least.
    calls = rated.select(column_named(present(column, columns)).alias(name) for name, column in read.items())
    calls = calls.with_row_index("row").with_columns(to=pl.lit(None, pl.String), seconds=pl.lit(0))
    in_book = pl.col("deck_digest").is_in([version.deck.digest for version in book])
    return (
        rate_by_book(calls, book, asked({"timezone": timezone, "add_prefix": "now_"}))
        .filter(pl.col("deck_digest").ne_missing(pl.col("now_deck_digest")))
        .select(
            "row",
            *read,
            pl.col("now_deck_digest").alias("digest_in_force"),
            in_book.fill_null(False).alias("is_in_book"),
        )
    )


@dataclass(frozen=True)
class _Rater:
    """What the expression calls with each batch; pickles with its book."""

    book: DeckBook
    asked: Asked

    def __call__(self, batch: pl.Series) -> pl.Series:
        calls = batch.struct.unnest()
        begun = self._begun(calls[self.asked.answered_at])
        order = None if begun.is_sorted() else begun.arg_sort()
        if order is not None:
            calls, begun = calls[order], begun.gather(order)
        parts, at = [], 0
        for length, place in begun.rle().struct.unnest().iter_rows():
            parts.append(self._by(place, calls.slice(at, length)))
            at += length
        answers = pl.concat(parts) if parts else self._by(0, calls)
        return (answers if order is None else answers[order.arg_sort()]).to_struct("rated")

    def _begun(self, times: pl.Series) -> pl.Series:
        """How many decks have begun at each time; at no time, none."""
        calls = times.alias("answered_at").to_frame().with_columns(number=None, seconds=0)
        read, _ = prepare(calls.to_struct("calls"), self.asked.timezone, self.asked.twice)
        starts = pl.Series(self.book._starts, dtype=pl.Int64)
        return starts.search_sorted(read.struct.field("at"), side="right")

    def _by(self, place: int, calls: pl.DataFrame) -> pl.DataFrame:
        """The answers of one deck; of none, why there is none."""
        prepared_for = place if isinstance(self.asked.plans, PreparedPlans) else 0
        answers = rate_by_one(calls, self.book._decks[place], self.asked, prepared_for).drop(calls.columns)
        if place:
            return answers
        reason, digest = (self.asked.add_prefix + name for name in ("reason", "deck_digest"))
        changed = [pl.lit(None, pl.String).alias(digest)]
        if reason in answers.columns:
            before = column_named(reason).replace(Reason.UNSUPPORTED_PREFIX, Reason.BEFORE_FIRST_DECK)
            changed.append(before)
        return answers.with_columns(changed)
