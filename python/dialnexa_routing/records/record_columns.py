"""Which columns of a frame of call records are read, and how its answers come beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, TypeVar

import polars as pl

from dialnexa_routing.deck.match_columns import CAST_NUMBERS, NUMBERS
from dialnexa_routing.deck.rate_deck import RateDeck
from dialnexa_routing.files.column_named import column_named
from dialnexa_routing.text.errors import RecordError
from dialnexa_routing.text.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)

ANSWERED_AT_UTC = "answered_at_utc"
"""The answer time as rating understood it, whatever the given column is: the one time column of ours."""


class Named(TypedDict):
    """The columns by what they are; None for those that are not read."""

    number: str
    seconds: str | None
    answered_at: str | None
    ended_at: str | None
    direction: str | pl.Expr


def named(
    schema: pl.Schema,
    deck: RateDeck,
    *,
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
    found = schema[present(number, columns)]
    if found not in NUMBERS:
        raise TypeError(f"column {number!r} is {found}; {CAST_NUMBERS}")
    dated = deck.is_dated or ended_at is not None
    return {
        "number": number,
        "seconds": None
        if ended_at is not None
        else present("seconds" if seconds is None else seconds, columns),
        "answered_at": present(answered_at, columns) if dated else None,
        "ended_at": None if ended_at is None else present(ended_at, columns),
        "direction": word_or_column("direction", direction, ("outbound", "inbound"), columns),
    }


def word_or_column(name: str, given: str, words: Sequence[str], columns: list[str]) -> str | pl.Expr:
    """A column of words, or one of them for all rows: the first where `name` itself is not there."""
    if given in words and given not in columns:
        return given
    if given == name and given not in columns:
        return words[0]
    return column_named(present(given, columns))


def column(name: str, part: object) -> pl.Expr:
    """A column by name or expression, under another name."""
    if not isinstance(part, str | pl.Expr):
        raise TypeError(f"{name} is {part!r}; pass the name of a column or an expression")
    return (column_named(part) if isinstance(part, str) else part).alias(name)


def present(name: str, columns: list[str]) -> str:
    """The name of a column that is there."""
    if not isinstance(name, str):
        raise TypeError(f"{name!r} is no name of a column; pass a str")
    if name not in columns:
        raise RecordError(f"there is no column {name!r}{nearest(name, columns)}")
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
    answers: pl.Expr,
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


def is_frame(frame: object) -> None:
    """Raise `TypeError` for what is no Polars frame."""
    if not isinstance(frame, pl.DataFrame | pl.LazyFrame):
        raise TypeError(f"frame is {type(frame).__name__}; pass a Polars DataFrame or LazyFrame")


def one_deck(deck: object) -> RateDeck:
    """The deck itself. Raises `TypeError` for what is none."""
    if not isinstance(deck, RateDeck):
        raise TypeError(f"deck is {type(deck).__name__}; pass a RateDeck or a DeckBook")
    return deck
