"""Rating call records by a book of decks: each row by the deck in force when it was answered (R50).

A batch is put in the order of its decks, rated a deck at a time by `dialnexa_routing.records.rate`, and
put back. It is still one elementwise expression, so lazy stays lazy and streams.
"""

from __future__ import annotations

from dataclasses import dataclass
from inspect import signature
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing import records
from dialnexa_routing.deck.deck_book import BookReason, DeckBook, nothing
from dialnexa_routing.money.reason import Reason
from dialnexa_routing.plans.prepared_plans import PlanBook
from dialnexa_routing.records.record_columns import present
from dialnexa_routing.records.record_times import prepare

if TYPE_CHECKING:
    from dialnexa_routing.records.record_columns import Frame

_DEFAULTS = {name: one.default for name, one in signature(records.rate).parameters.items()}


def rate(frame: Frame, *, book: DeckBook, **rating: Any) -> Frame:
    """Rate call records, each by the deck that was in force when it was answered (R50).

    Args:
        frame: a frame or lazy frame; lazy stays lazy and streams.
        book: the decks. Answer times are a must.
        rating: every other argument of `dialnexa_routing.records.rate`. Plans are prepared for each deck.

    Returns:
        What `records.rate` returns. ``deck_digest`` is that of the row's own deck; where none was in
        force it is null, and ``reason`` a `BookReason`.

    Raises:
        RecordError, TypeError: as `records.rate` does.
    """
    if not isinstance(book, DeckBook):
        raise TypeError(f"book is {type(book).__name__}; pass a DeckBook")
    many, workspaces = rating.get("plans"), rating.get("workspaces")
    if many is not None:
        # Read once, for they may come from an iterator.
        if isinstance(many, PlanBook):
            workspaces = many.workspaces if workspaces is None else workspaces
            many = many.plans
        rating |= {"plans": PlanBook(nothing(), many, workspaces), "workspaces": None}
    # What is wrong with the columns, a dated deck says; of a lazy frame nothing is rated.
    lazy = frame.lazy() if isinstance(frame, pl.DataFrame) else frame
    answers = records.rate(lazy, deck=nothing(), **rating).collect_schema()
    columns = frame.collect_schema().names()
    answer = pl.Struct({name: dtype for name, dtype in answers.items() if name not in columns})
    asked = {word for word in (_DEFAULTS | rating).values() if isinstance(word, str)}
    read = [name for name in columns if name in asked]
    rated = "rated"
    while rated in columns:
        rated += "_"
    rater = _Rater.of(book, rating)
    expression = pl.struct(read).map_batches(rater, return_dtype=answer, is_elementwise=True)
    return frame.with_columns(expression.alias(rated)).unnest(rated)


def recheck(
    rated: Frame,
    *,
    book: DeckBook,
    answered_at: str = "answered_at",
    timezone: str | None = None,
    add_prefix: str = "",
) -> Frame:
    """The rated records that this book would rate by another deck than the one that rated them (R50).

    Args:
        rated: what `rate` gave, lazy or not; `timezone` and `add_prefix` are those it was given.
        book: the book as it is now.
        answered_at: column of answer times.
        timezone: zone of times that have none.
        add_prefix: what stands before ``deck_digest``.

    Returns:
        ``row``, counted from 0; ``answered_at``; ``deck_digest`` as stored; ``digest_in_force``, null where
        no deck is; ``is_in_book``, whether the stored one is still a deck of the book. Without rows, rating
        again gives the same answers.

    Raises:
        RecordError: a column is missing.
    """
    columns = rated.collect_schema().names()
    asked = {"answered_at": answered_at, "deck_digest": f"{add_prefix}deck_digest"}
    # A call to no number is rated by its deck too, and costs the least.
    calls = rated.select(pl.col(present(column, columns)).alias(name) for name, column in asked.items())
    calls = calls.with_row_index("row").with_columns(to=pl.lit(None, pl.String), seconds=pl.lit(0))
    in_book = pl.col("deck_digest").is_in([version.deck.digest for version in book])
    return (
        rate(calls, book=book, timezone=timezone, add_prefix="now_")
        .filter(pl.col("deck_digest").ne_missing(pl.col("now_deck_digest")))
        .select(
            "row",
            *asked,
            pl.col("now_deck_digest").alias("digest_in_force"),
            in_book.fill_null(False).alias("is_in_book"),
        )
    )


@dataclass(frozen=True)
class _Rater:
    """What the expression calls with each batch; pickles with its book."""

    book: DeckBook
    rating: dict[str, Any]
    plans: tuple[PlanBook, ...]

    @classmethod
    def of(cls, book: DeckBook, rating: dict[str, Any]) -> _Rater:
        """With the plans, where there are many, prepared once for each deck."""
        many = rating.get("plans")
        if many is None:
            return cls(book, rating, ())
        others = {name: value for name, value in rating.items() if name != "plans"}
        return cls(book, others, tuple(PlanBook(deck, many.plans, many.workspaces) for deck in book._decks))

    def _asked(self, name: str) -> Any:
        return self.rating.get(name, _DEFAULTS[name])

    def __call__(self, batch: pl.Series) -> pl.Series:
        calls = batch.struct.unnest()
        begun = self._begun(calls[self._asked("answered_at")])
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
        read, _ = prepare(calls.to_struct("calls"), self._asked("timezone"))
        starts = pl.Series(self.book._starts, dtype=pl.Int64)
        return starts.search_sorted(read.struct.field("at"), side="right")

    def _by(self, place: int, calls: pl.DataFrame) -> pl.DataFrame:
        """The answers of one deck; of none, why there is none."""
        prepared: dict[str, Any] = {"plans": self.plans[place]} if self.plans else {}
        answers = records.rate(calls, deck=self.book._decks[place], **self.rating, **prepared).drop(
            calls.columns
        )
        if place:
            return answers
        reason, digest = (self._asked("add_prefix") + name for name in ("reason", "deck_digest"))
        return answers.with_columns(
            pl.col(reason).replace(Reason.UNSUPPORTED_PREFIX, BookReason.BEFORE_FIRST_DECK),
            pl.lit(None, pl.String).alias(digest),
        )
