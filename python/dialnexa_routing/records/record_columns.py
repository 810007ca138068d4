"""Which columns of a frame of call records are read, and how its answers come beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypedDict, TypeVar

import polars as pl

from dialnexa_routing.deck.match_columns import CAST_NUMBERS, NUMBERS
from dialnexa_routing.deck.rate_deck import RateDeck
from dialnexa_routing.deck.threads import threads_for
from dialnexa_routing.files.column_named import column_named
from dialnexa_routing.records.formats.call_format import folded
from dialnexa_routing.records.raw_cells import as_text, storage
from dialnexa_routing.records.unit_names import speaks_of
from dialnexa_routing.text.errors import RecordError
from dialnexa_routing.text.nearest import nearest_or_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_PIECE = 1 << 22  # rows between which Ctrl-C is heard

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)

ANSWERED_AT_UTC = "answered_at_utc"
"""The answer time as rating understood it, whatever the given column is: the one time column of ours."""


class Named(TypedDict):
    """The columns by what they are; None for those that are not read."""

    number: str | pl.Expr
    seconds: str | pl.Expr | None
    answered_at: str | pl.Expr | None
    ended_at: str | pl.Expr | None
    direction: str | pl.Expr


def named(
    schema: pl.Schema,
    *,
    is_dated: bool,
    number: str,
    seconds: str | None,
    answered_at: str,
    ended_at: str | None,
    direction: str,
) -> Named:
    """What rating reads of a frame with this schema.

    Raises:
        RecordError: a column is missing, with the nearest names.
        TypeError: the numbers are of a type that cannot serve.
    """
    columns = schema.names()
    numbers = _numbers(present(number, columns), schema)
    dated = is_dated or ended_at is not None
    if answered_at != "answered_at":
        present(answered_at, columns)
    if ended_at is not None and seconds not in (None, "seconds"):
        raise RecordError("ended_at and the answer give the seconds: name it, or seconds, and not both")
    if ended_at is None and seconds is None:
        raise RecordError("there are no durations: name seconds, or ended_at beside the answer time")
    lengths = None if seconds is None or ended_at is not None else present(seconds, columns)
    if lengths is not None and not isinstance(schema[lengths], pl.Duration):
        unit = speaks_of(lengths)
        if unit is not None:
            raise RecordError(
                f"the column {lengths!r} speaks of another unit than seconds: read the records with "
                f"CallRecords.read(…, seconds_unit={unit!r}), or rename it"
            )
    return {
        "number": numbers,
        "seconds": _stored(lengths, schema),
        "answered_at": _stored(present(answered_at, columns), schema) if dated else None,
        "ended_at": None if ended_at is None else _stored(present(ended_at, columns), schema),
        "direction": word_or_column("direction", direction, ("outbound", "inbound"), columns),
    }


def _numbers(name: str, schema: pl.Schema) -> str | pl.Expr:
    """The column of called numbers; those of types that add something to a whole number as its digits."""
    column, found = storage(column_named(name), schema[name])
    if found in NUMBERS:
        return name if found == schema[name] else column
    if found.is_numeric() or isinstance(found, pl.Categorical | pl.Enum):
        return as_text(column, found)
    raise TypeError(f"column {name!r} is {found}; {CAST_NUMBERS}")


def _stored(name: str | None, schema: pl.Schema) -> str | pl.Expr | None:
    """A column; of an extension type, as ADBC's NUMERIC has, what is stored."""
    if name is None or not isinstance(schema[name], pl.Extension):
        return name
    return storage(column_named(name), schema[name])[0]


def word_or_column(name: str, given: str, words: Sequence[str], columns: list[str]) -> str | pl.Expr:
    """A column of words, or one of them for all rows: the first where `name` itself is not there."""
    if given in words and given not in columns:
        return given
    if given == name and given not in columns:
        alike = [one for one in columns if one.casefold() == name]
        if len(alike) > 1:
            told = " and ".join(map(repr, alike))
            raise RecordError(f"there are the columns {told}: pass {name}= with one of them")
        # A path or a kind of agent is a word of ours; which way a call went is stated in every file.
        near = next((one for one in columns if folded(one).endswith("direction")), None)
        if name == "direction" and not alike and near is not None:
            raise RecordError(
                f"the column {near!r} looks as if it says which way calls went: pass {name}={near!r}, or "
                f"{name}={words[0]!r} or {name}={words[1]!r} for all rows"
            )
        return column_named(alike[0]) if alike else words[0]
    return column_named(present(given, columns))


def column(name: str, part: object) -> pl.Expr:
    """A column by name or expression, under another name."""
    if not isinstance(part, str | pl.Expr):
        raise TypeError(f"{name} is {part!r}; pass the name of a column or an expression")
    return (column_named(part) if isinstance(part, str) else part).alias(name)


def lacking(name: str, names: Sequence[str]) -> str:
    """Of rated rows that lack a column: what there is, and of rows that were never rated, that.

    >>> lacking("charge", ["to", "seconds"])
    "there is no column 'charge'; there are 'to', 'seconds': these were not rated; rate them first"
    """
    is_rated = any(one.endswith(("charge", "reason")) for one in names)
    rate = "" if is_rated else ": these were not rated; rate them first"
    return f"there is no column {name!r}{nearest_or_all(name, names)}{rate}"


def present(name: str, columns: list[str]) -> str:
    """The name of a column that is there."""
    if not isinstance(name, str):
        raise TypeError(f"{name!r} is no name of a column; pass a str")
    if name not in columns:
        raise RecordError(f"there is no column {name!r}{nearest_or_all(name, columns)}")
    return name


def chosen(usual: Sequence[str], known: Iterable[str], fields: str | Sequence[str] | None) -> tuple[str, ...]:
    """The fields that are asked for, or the usual ones. Raises `ValueError` for one that is not there."""
    picked = (fields,) if isinstance(fields, str) else tuple(usual if fields is None else fields)
    if not picked:
        raise ValueError(f"there are no fields in {fields!r}; the fields are {', '.join(known)}")
    for field in picked:
        if field not in known:
            raise ValueError(f"there is no field {field!r}; the fields are {', '.join(known)}")
    return picked


def beside(
    frame: Frame,
    columns: list[str],
    answers: pl.Expr | pl.Series,
    fields: Iterable[str],
    also: Mapping[str, str | pl.Expr],
    add_prefix: str,
) -> Frame:
    """The frame with the fields of a struct as further columns, and behind them `also`."""
    names: list[str] = [add_prefix + field for field in fields]
    others = [
        (pl.lit(one) if isinstance(one, str) else one).alias(add_prefix + name) for name, one in also.items()
    ]
    for name in (*names, *(add_prefix + name for name in also)):
        if name in columns:
            raise RecordError(
                f"the frame has a column {name!r} already; drop it, or pass add_prefix='rated_'"
            )
    answered = "rated"
    while answered in columns:
        answered += "_"
    return (
        frame.with_columns(answers.struct.rename_fields(names).alias(answered))
        .unnest(answered)
        .with_columns(others)
    )


class Rater(Protocol):
    """What rates a batch of structs, by several threads where it may."""

    def __call__(self, batch: pl.Series, threads: int = 1) -> pl.Series:
        """The answers of a batch."""
        ...


def rated_whole(rater: Rater, frame: pl.DataFrame, batch: pl.Expr) -> pl.Series:
    """The rows of a frame in memory, rated by threads that share them.

    An expression would be asked for all rows at once by one thread, and Ctrl-C would wait for it.
    """
    rows = frame.select(batch.alias("rated")).to_series()
    if len(rows) <= _PIECE:
        return rater(rows, threads_for(len(rows)))
    pieces = (rows.slice(start, _PIECE) for start in range(0, len(rows), _PIECE))
    return pl.concat([rater(piece, threads_for(len(piece))) for piece in pieces])


def is_frame(frame: object) -> None:
    """Raise `TypeError` for what is no Polars frame."""
    if not isinstance(frame, pl.DataFrame | pl.LazyFrame):
        raise TypeError(f"frame is {type(frame).__name__}; pass a Polars DataFrame or LazyFrame")


def one_deck(deck: object) -> RateDeck:
    """The deck itself. Raises `TypeError` for what is none."""
    if not isinstance(deck, RateDeck):
        raise TypeError(f"deck is {type(deck).__name__}; pass a RateDeck or a DeckBook")
    return deck
