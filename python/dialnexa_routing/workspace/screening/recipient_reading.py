"""The lenient reading of a column: what `NumberReading.read` says of each text (R2, R54)."""

from __future__ import annotations

import re
from typing import NamedTuple

import polars as pl

from dialnexa_routing.numbers.number_reading import (
    DECIMAL_POINT,
    SEPARATORS,
    ZERO_IN_BRACKETS,
    Change,
    NumberReading,
    Separators,
    told,
)

_SEPARATORS = f"[{re.escape(SEPARATORS)}]"
_PLAIN = NumberReading()
_TEXTS = (pl.String, pl.Categorical, pl.Enum, pl.Null)


def is_readable(dtype: pl.DataType) -> bool:
    """Whether a column of this type can hold numbers: texts or integers, never floats."""
    return dtype in _TEXTS or dtype.is_integer()


def as_text(numbers: pl.Series) -> pl.Series:
    """Integers as their digits; negative ones are no numbers."""
    if numbers.dtype.is_signed_integer():
        numbers = numbers.set(numbers < 0, None)
    return numbers.cast(pl.String)


def candidates(texts: pl.Series, reading: NumberReading) -> tuple[pl.Series, pl.Series]:
    """Numbers with plus, not yet looked at whether they are E.164; and what was changed in them.

    What is E.164 among the numbers is what `NumberReading.read` says of the texts.
    """
    if reading != _PLAIN:
        frame = texts.to_frame("text").select(_number_and_change(reading))
        return frame["number"], frame["change"]
    plus = texts.str.starts_with("+")
    if plus.all():  # nulls aside
        return texts, pl.repeat(None, len(texts), dtype=pl.String, eager=True)
    added = pl.when(~plus)
    # One text made of two is faster than a choice between two texts.
    frame = pl.select(
        (added.then(pl.lit("+")).otherwise(pl.lit("")) + texts).alias("number"),
        added.then(_word(Change.PLUS_ADDED)).alias("change"),
    )
    return frame["number"], frame["change"]


class _Way(NamedTuple):
    """What a text becomes where it is of a form."""

    where: pl.Expr
    number: pl.Expr
    change: Change | None


def _number_and_change(reading: NumberReading) -> tuple[pl.Expr, pl.Expr]:
    """Both of the column ``text``."""
    text = pl.col("text")
    whole = text.str.replace_all(_SEPARATORS, "") if reading.separators is Separators.REMOVED else text
    bare, stripped = whole, pl.lit(False)
    for digits in reversed(reading.strip):
        # The first that begins it; what only the later ones begin is theirs.
        begins = whole.str.starts_with(digits)
        bare = pl.when(begins).then(whole.str.strip_prefix(digits)).otherwise(bare)
        stripped |= begins
    ways = [_Way(bare.str.starts_with("+"), bare, None)]
    if reading.international_prefix is not None:
        prefix = reading.international_prefix
        called = "+" + bare.str.strip_prefix(prefix)
        ways.append(_Way(bare.str.starts_with(prefix), called, Change.INTERNATIONAL_PREFIX_REPLACED))
    refused = pl.lit(False)
    if reading.separators is Separators.REMOVED:
        # A zero in brackets would have to be left out, but for one in front of a national number.
        coded = pl.lit(True) if reading.calling_code is None else pl.any_horizontal(way.where for way in ways)
        refused = coded & text.str.contains(ZERO_IN_BRACKETS)
        refused |= text.str.contains(DECIMAL_POINT)
    if reading.calling_code is None:
        ways.append(_Way(pl.lit(True), "+" + bare, Change.PLUS_ADDED))
    else:
        ways += _national(bare, reading)
    removed = pl.when(whole != text).then(_word(Change.SEPARATORS_REMOVED))
    away = pl.when(stripped).then(_word(Change.PREFIX_STRIPPED))
    words = [_together(removed, away, _word(way.change)) for way in ways]
    number = pl.when(~refused).then(_first(ways, [way.number for way in ways]))
    return number.alias("number"), _first(ways, words).alias("change")


def _national(bare: pl.Expr, reading: NumberReading) -> list[_Way]:
    """With and without the trunk prefix of the calling code."""
    trunk = reading.trunk_prefix or ""
    never = "0" if reading.trunk_prefix is None else trunk
    national = bare.str.strip_prefix(trunk)
    good = national.str.contains("^[0-9]+$")
    if never:
        good &= ~national.str.starts_with(never)
    number = pl.when(good).then(pl.lit(f"+{reading.calling_code}") + national)
    begins = bare.str.starts_with(trunk) if trunk else pl.lit(False)
    return [
        _Way(begins, number, Change.TRUNK_PREFIX_REPLACED),
        _Way(pl.lit(True), number, Change.CALLING_CODE_ADDED),
    ]


def _first(ways: list[_Way], values: list[pl.Expr]) -> pl.Expr:
    """The value of the first way that holds."""
    *others, last = values
    for way, value in reversed(list(zip(ways, others, strict=False))):
        last = pl.when(way.where).then(value).otherwise(last)
    return last


def _together(*words: pl.Expr) -> pl.Expr:
    """Words that are there, as one text; null where none is."""
    there = pl.any_horizontal(word.is_not_null() for word in words)
    return pl.when(there).then(pl.concat_str(*words, separator=", ", ignore_nulls=True))


def _word(*changes: Change | None) -> pl.Expr:
    return pl.lit(told(*changes), pl.String)
