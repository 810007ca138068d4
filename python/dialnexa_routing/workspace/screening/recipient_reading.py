"""The lenient reading of a column: what `NumberReading.read` says of each text (R2, R54)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from dialnexa_routing.numbers.number_reading import (
    DECIMAL_POINT,
    NATIONAL,
    SEPARATORS,
    ZERO_IN_BRACKETS,
    Change,
    NumberReading,
    Separators,
    told,
)
from dialnexa_routing.numbers.sip_addresses import CONTEXT, MARKS, WAYS, Addresses
from dialnexa_routing.workspace.screening.coded_columns import forms

if TYPE_CHECKING:
    from dialnexa_routing.numbers.coded_numbers import Coded

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

    What is E.164 among the numbers is what `NumberReading.read` states of the texts.
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
    given = pl.col("text")
    address = pl.lit(None, pl.String)
    if reading.addresses is Addresses.READ:
        found = pl.coalesce(given.str.extract(way, 1) for way in WAYS).str.replace_all(MARKS, "")
        address = pl.when(~given.str.contains(CONTEXT)).then(found)
    text = pl.coalesce(address, given)
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
    if reading.calling_code is None:
        ways.append(_Way(pl.lit(True), "+" + bare, Change.PLUS_ADDED))
    else:
        ways += _national(bare, reading)
    refused = pl.lit(False)
    if reading.separators is Separators.REMOVED:
        # A zero in brackets would have to be left out, but for one in front of a national number.
        coded = _first(ways, [pl.lit(way.change not in NATIONAL) for way in ways])
        refused = coded & text.str.contains(ZERO_IN_BRACKETS)
        refused |= text.str.contains(DECIMAL_POINT)
    removed = pl.when(whole != text).then(_word(Change.SEPARATORS_REMOVED))
    away = pl.when(stripped).then(_word(Change.PREFIX_STRIPPED))
    inside = pl.when(address.is_not_null()).then(_word(Change.ADDRESS_READ))
    words = [_together(inside, removed, away, _word(way.change)) for way in ways]
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
    assert reading.calling_code is not None
    # What begins with the trunk prefix is national by that, and no other text is made a number of.
    asked = pl.when(good & ~begins).then(bare)
    form = asked.map_batches(
        Forms(reading.calling_code, reading.coded), return_dtype=pl.String, is_elementwise=True
    )
    return [
        _Way(begins, number, Change.TRUNK_PREFIX_REPLACED),
        _Way(form == "full", "+" + bare, Change.PLUS_ADDED),
        _Way(form == "doubtful", pl.lit(None, pl.String), None),
        _Way(pl.lit(True), number, Change.CALLING_CODE_ADDED),
    ]


@dataclass(frozen=True)
class Forms:
    """Digits as national numbers or whole ones; what an expression calls with each batch."""

    code: str
    coded: Coded

    def __call__(self, digits: pl.Series) -> pl.Series:
        """`forms` of a batch."""
        return forms(digits, self.code, self.coded)


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
