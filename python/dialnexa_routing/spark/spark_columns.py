"""Columns beside those of a Spark frame: charges, matches, recipients screened; one Arrow batch at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

import polars as pl

from dialnexa_routing.deck.deck_book import DeckBook
from dialnexa_routing.plans.prepared_plans import PreparedPlans
from dialnexa_routing.records.rating_options import asked
from dialnexa_routing.spark.deck_reference import DeckRef, referred
from dialnexa_routing.spark.spark_types import added_fields, conformed, empty_frame
from dialnexa_routing.spark.spark_work import Matching, Rating, Screening
from dialnexa_routing.text.errors import DeckError, DeckTimeError, RecordError
from dialnexa_routing.text.nearest import nearest_or_all

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    import pyarrow as pa
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType

    from dialnexa_routing.money.call_words import Direction
    from dialnexa_routing.numbers.number_plan import NumberPlan
    from dialnexa_routing.numbers.number_reading import NumberReading
    from dialnexa_routing.records.rating_options import Asked, RatingOptions
    from dialnexa_routing.spark.spark_work import Work
    from dialnexa_routing.workspace.choices import Purpose
    from dialnexa_routing.workspace.router import Router

_OF_RECORDS = (
    "number",
    "seconds",
    "answered_at",
    "ended_at",
    "direction",
    "workspace",
    "agent_kind",
    "path",
    "voicemail",
)
_READERS = ("reason", "source_row", "source_file", "to", "seconds", "answered_at")


def rate(
    df: DataFrame,
    *,
    deck: DeckRef | str | os.PathLike[str],
    **options: Unpack[RatingOptions],
) -> DataFrame:
    """Rate call records on Spark: all rows and columns, with those of `records.rate` at the end.

    Everything that can be wrong with the frame is found here, before a job starts. The deck travels as path
    and digest, and is opened once in each worker. Columns go by name, and no value is changed on its way.

    Args:
        df: a frame of Spark, classic or Connect; also inside ``foreachBatch``.
        deck: a `DeckRef`; or a path of a deck, or of a book, that driver and workers share.
        **options: those of `records.rate`, of which ``fields`` chooses among the added columns. Plans travel
            as they are and are prepared once in each worker.

    Returns:
        A frame that is worked out when it is asked for, as all of Spark's.

    Raises:
        RecordError: a column is missing, would be overwritten, or is of a type that cannot travel.
        DeckError: at the path is no deck; in a job, an executor has none or another one, with its host.
        TypeError: an argument would be ignored; plans that are prepared already, which travel with a deck.
    """
    ref = referred(deck)
    given = dict(options)
    found = travelling(given)
    columns = df.schema.names
    if set(_READERS) <= set(columns):
        raise RecordError(
            "these rows were judged by a reader, and their reasons stay: rate them before they are given to"
            " Spark, or rename 'reason'"
        )
    named = {getattr(found, name) for name in _OF_RECORDS} | {
        found.plan if isinstance(found.plan, str) else None
    }
    # A column of directions is found whatever its case.
    reads = tuple(name for name in columns if name in named or name.casefold() == "direction")
    return _beside(df, Rating(reads, ref, given))


def travelling(options: dict[str, Any]) -> Asked:
    """Options of rating that go to workers, looked at before a job.

    Raises `TypeError` for one that is none or would be ignored, and for plans that are prepared already.
    """
    if isinstance(options.get("plans"), PreparedPlans):
        raise TypeError(
            "plans are prepared for an open deck; pass the plans themselves, which workers prepare"
        )
    return asked(options)


def match(
    df: DataFrame,
    *,
    deck: DeckRef | str | os.PathLike[str],
    number: str = "to",
    at: datetime | str | None = None,
    direction: Direction | None = None,
    fields: Sequence[str] = ("prefix", "network_group", "country_iso", "reason"),
    add_prefix: str = "",
    number_plan: NumberPlan | None = None,
) -> DataFrame:
    """The longest prefix of each number on Spark (R16): all rows and columns, with `fields` at the end.

    Args:
        df: as of `rate`.
        deck: as of `rate`; a deck, not a book.
        number: the column of numbers.
        at: one time with a zone, or the name of a column of times; a must for dated decks (R50).
        direction: which prefixes answer; None is all.
        fields: words of a match.
        add_prefix: put in front of the added names.
        number_plan: by which a number can be none; None asks none.

    Raises:
        RecordError, DeckError: as `rate`.
        DeckError: also for a book, which has many decks.
        DeckTimeError: the deck is dated, and there is no time.
    """
    ref = referred(deck)
    if isinstance(ref.planned(), DeckBook):
        raise DeckError(f"{ref} is a book of decks, and a match asks one: pass the path of a deck in it")
    if at is None and ref.planned().is_dated:
        raise DeckTimeError(
            f"the deck {ref} has entries that begin and end; pass at=, a time or a column (R50)"
        )
    _present(df, number)
    reads = (number,) if not isinstance(at, str) else (number, _present(df, at))
    return _beside(df, Matching(reads, ref, number, at, direction, tuple(fields), add_prefix, number_plan))


def screen(
    df: DataFrame,
    *,
    router: Router,
    to: str = "phone_number",
    source: str | Sequence[str] | None = None,
    reading: NumberReading | None = None,
    purpose: Purpose | None = None,
    at: datetime | None = None,
    add_prefix: str = "",
) -> DataFrame:
    """Which recipients may be called, on Spark; arguments and columns are those of `Router.screen`.

    There is no ``position``: rows of Spark have no order. The router travels to each worker, and its decks as
    paths and digests where they were opened from files.

    Raises as `Router.screen` does, before a job starts.
    """
    _present(df, to)
    options = {
        "to": to,
        "source": source,
        "reading": reading,
        "purpose": purpose,
        "at": at,
        "add_prefix": add_prefix,
    }
    return _beside(df, Screening((to,), router, options))


def _beside(df: DataFrame, work: Work) -> DataFrame:
    """The frame with the columns of some work, tried on no rows first."""
    schema = df.schema
    added = work.added(empty_frame(schema, work.reads), planned=True).schema
    whole = added_fields(schema, added)

    names: list[str] = schema.names
    # Spark looks its own columns up by their names, in which a dot, a star or a backtick means something.
    odd = any(not name.replace(" ", "_").isidentifier() for name in names)
    plain = df.toDF(*(f"column_{place}" for place in range(len(names)))) if odd else df

    def run(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        named = (batch.rename_columns(names) for batch in batches) if odd else batches
        return each(named, work, whole)

    return plain.mapInArrow(run, whole)


_AT_ONCE = 65_536
"""Rows that are worked on together: engines give eight thousand, and a call costs as much as these do."""


def each(batches: Iterable[pa.RecordBatch], work: Work, schema: StructType) -> Iterator[pa.RecordBatch]:
    """Batches as they came, with the columns of some work; runs in workers."""
    held: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        held.append(batch)
        rows += batch.num_rows
        if rows >= _AT_ONCE:
            yield from _together(held, work, schema)
            held, rows = [], 0
    if held:
        yield from _together(held, work, schema)


def _together(held: list[pa.RecordBatch], work: Work, schema: StructType) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    read = pl.from_arrow(pa.Table.from_batches([batch.select(list(work.reads)) for batch in held]))
    assert isinstance(read, pl.DataFrame)
    yield from conformed(held, work.added(read), schema)


def _present(df: DataFrame, name: str) -> str:
    columns = df.schema.names
    if name not in columns:
        raise RecordError(f"there is no column {name!r}{nearest_or_all(name, columns)}")
    return name
