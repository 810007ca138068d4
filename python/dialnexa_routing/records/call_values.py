"""The cells of call records as what they stand for: expressions over raw columns, elementwise throughout."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing import _deck
from dialnexa_routing.clock.odd_times import says_never
from dialnexa_routing.clock.time_columns import UTC_TIME, instants, utc
from dialnexa_routing.clock.time_texts import read_times
from dialnexa_routing.files.column_named import column_named
from dialnexa_routing.numbers.number_reading import NumberReading
from dialnexa_routing.records.epochs import read_epochs
from dialnexa_routing.records.formats.call_format import FirstOf, Joined
from dialnexa_routing.records.raw_cells import as_text, storage
from dialnexa_routing.records.record_words import DIRECTIONS, folded_texts
from dialnexa_routing.records.second_texts import nanoseconds
from dialnexa_routing.workspace.screening.recipient_reading import candidates

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialnexa_routing.clock.wall_clock import Twice
    from dialnexa_routing.records.formats.call_format import SecondsUnit, TimeForm, Way

_PLAIN = NumberReading()
_E164 = r"^\+[1-9][0-9]{0,14}$"
_DAY_US = 86_400_000_000
_DAY_S = 86_400
_A_SECOND = 1_000_000
TIMES = pl.Struct({"at": UTC_TIME, "wrong": pl.Boolean(), "never": pl.Boolean()})
MONEY_TEXT = pl.Decimal(38, 12)
SECONDS = pl.Decimal(38, 9)
_ONE_NANO, _ONE_MICRO = Decimal("0.000000001"), Decimal("0.000001")


def text_of(meant: Joined | FirstOf, schema: Mapping[str, pl.DataType], *, padded: bool = True) -> pl.Expr:
    """The text of a column; of several joined, those that are filled, a blank between."""
    cells = [as_text(column_named(str(name)), schema[str(name)], padded=padded) for name in meant.parts]
    if len(cells) == 1:
        return cells[0]
    if isinstance(meant, FirstOf):
        return pl.coalesce(cells)
    return pl.concat_str(cells, separator=" ", ignore_nulls=True).replace("", None)


def plain_column(meant: Joined | FirstOf, schema: Mapping[str, pl.DataType]) -> tuple[pl.Expr, pl.DataType]:
    """A column with its own type where one is meant; the text of several."""
    if len(meant.parts) > 1:
        return text_of(meant, schema), pl.String()
    name = str(meant.parts[0])
    return storage(column_named(name), schema[name])


@dataclass(frozen=True)
class Numbers:
    """Texts as E.164 with plus; what is none stays as it stands."""

    reading: NumberReading

    def __call__(self, texts: pl.Series) -> pl.Series:
        """The numbers of a batch."""
        if self.reading == _PLAIN and texts.dtype == pl.String:
            return pl.Series(_deck.with_plus(texts)).alias(texts.name)
        return self.by_expressions(texts)

    def by_expressions(self, texts: pl.Series) -> pl.Series:
        """The same by any reading; of the plain one the naive twin of the core."""
        found, _ = candidates(texts, self.reading)
        good = found.str.contains(_E164).fill_null(False)
        return found.zip_with(good, texts).alias(texts.name)


def numbers(texts: pl.Expr, reading: NumberReading | None) -> pl.Expr:
    """Called or calling numbers."""
    how = Numbers(reading or NumberReading())
    return texts.map_batches(how, return_dtype=pl.String, is_elementwise=True)


@dataclass(frozen=True)
class Times:
    """A column of times as instants; what is none; and what says that a call never came so far."""

    form: TimeForm
    zone: str | None
    twice: Twice

    def __call__(self, times: pl.Series) -> pl.Series:
        """Structs of `TIMES` of a batch."""
        dtype = times.dtype
        if isinstance(dtype, pl.Datetime) and dtype.time_zone:
            found, walls = utc(times), None
        elif isinstance(dtype, pl.Datetime):
            found, walls = None, times
        elif self.form.startswith("epoch"):
            found, walls = read_epochs(times, self.form), None
        else:
            order = self.form if self.form in ("day_first", "month_first") else None
            _, found, walls = read_times(times.cast(pl.String), order=order)
        old = None
        if walls is not None:
            # The first day of 1970 is how systems write never, whatever their zone makes of it.
            old = _within(walls.cast(pl.Datetime("us")), 0, _DAY_US)
            zoned = self._in_zone(walls)
            found = (
                zoned
                if found is None or found.null_count() == len(found)
                else found.zip_with(found.is_not_null(), zoned)
            )
        assert found is not None
        near = _within(found, -_DAY_US, _DAY_US)
        if old is None and near is None:
            return self._told(times, found, None)
        never = _none_of(times) if old is None else old
        never |= _none_of(times) if near is None else near
        if self.form.startswith("epoch"):
            # A count that falls on this day without being next to nothing is of another unit.
            counts = times.cast(pl.String).str.extract(r"^(-?[0-9]{1,8})(?:\.[0-9]*)?$").cast(pl.Int64)
            never &= counts.is_between(-_DAY_S, _DAY_S).fill_null(False)
            found = found.set(near, None) if near is not None else found
        return self._told(times, found, never)

    @staticmethod
    def _told(times: pl.Series, found: pl.Series, never: pl.Series | None) -> pl.Series:
        no = _none_of(times)
        if never is None:
            is_read = found.null_count() == times.null_count()
            wrong = no if is_read else times.is_not_null() & found.is_null()
            columns = {"at": found, "wrong": wrong, "never": no}
        else:
            wrong = times.is_not_null() & found.is_null() & ~never
            columns = {"at": found.set(never, None), "wrong": wrong, "never": never}
        if times.dtype == pl.String and columns["wrong"].any():
            empty = says_never(times.str.strip_chars()).fill_null(False)
            columns |= {"wrong": columns["wrong"] & ~empty, "never": columns["never"] | empty}
        return pl.DataFrame(columns).to_struct(times.name)

    def _in_zone(self, walls: pl.Series) -> pl.Series:
        if self.zone is None or walls.null_count() == len(walls):
            return pl.repeat(None, len(walls), dtype=UTC_TIME, eager=True)
        return instants(walls, self.zone, twice=self.twice)[0]


def _none_of(times: pl.Series) -> pl.Series:
    return pl.repeat(False, len(times), dtype=pl.Boolean, eager=True)


def _within(times: pl.Series, low: int, high: int) -> pl.Series | None:
    """Where times lie between two ticks; None where none of them does."""
    ticks = times.to_physical()
    least, most = ticks.min(), ticks.max()
    if not isinstance(least, int) or not isinstance(most, int) or least > high or most < low:
        return None
    return ticks.is_between(low, high).fill_null(False)


@dataclass(frozen=True)
class Durations:
    """A column of durations as exact seconds, to the nanosecond."""

    unit: SecondsUnit

    def __call__(self, durations: pl.Series) -> pl.Series:
        """The lengths of a batch."""
        if durations.dtype == pl.String and self.unit in ("s", "clock"):
            # What most files have, without a way through nanoseconds.
            found = pl.Series(_deck.seconds(durations))
            left = (durations.is_not_null() & found.is_null()).arg_true()
            if len(left):
                found = found.scatter(left, _seconds(nanoseconds(durations.gather(left), self.unit)))
            return found.alias(durations.name)
        return _seconds(nanoseconds(durations, self.unit)).alias(durations.name)


def _seconds(nanos: pl.Series) -> pl.Series:
    return nanos.cast(SECONDS) * pl.Series([_ONE_NANO])


def seconds_between(begin: pl.Expr, end: pl.Expr) -> pl.Expr:
    """What lies between two instants, as exact seconds."""
    micros = (end - begin).dt.total_microseconds()
    return micros.cast(SECONDS) * pl.lit(_ONE_MICRO, dtype=SECONDS)


def is_far_from(length: pl.Expr, begin: pl.Expr, end: pl.Expr) -> pl.Expr:
    """Whether a length in seconds is a hundred times longer or shorter than its call, as other units are."""
    span = (end - begin).dt.total_microseconds()
    # A float is exact enough to see a factor of a hundred; nothing is charged by it.
    given = length.cast(pl.Float64) * 1e6
    apart = (given > span * 100) | (given * 100 < span)
    return ((given > 0) & (span >= _A_SECOND) & apart).fill_null(False)


def directions(texts: pl.Expr, words: Mapping[str, Way]) -> pl.Expr:
    """Words as ``outbound``, ``inbound``, ``neither``; null for one that is not known."""
    known = {**DIRECTIONS, **words}
    return folded_texts(texts).replace_strict(
        list(known), list(known.values()), default=None, return_dtype=pl.String
    )


def charges(texts: pl.Expr, sign: str, per: int) -> pl.Expr:
    """Amounts as systems print them, with a currency's sign or an exponent; null for what is none."""
    bare = texts.str.replace_all(r"[\s$€£₹]|^[A-Z]{3}|[A-Z]{3}$", "")
    plain = pl.when(bare.str.contains(r"^[-+]?[0-9]{1,15}(\.[0-9]{1,12})?$")).then(bare)
    groups = bare.str.extract_groups(r"^([-+]?[0-9](?:\.[0-9]{1,12})?)[eE]([-+]?[0-9]{1,2})$")
    mantissa = groups.struct[0].str.to_decimal(scale=12)
    shifted = mantissa
    for power in range(-12, 13):
        factor = pl.lit(str(10**power) if power >= 0 else f"0.{'0' * (-power - 1)}1").str.to_decimal(scale=12)
        moved = (mantissa * factor).cast(MONEY_TEXT)
        shifted = (
            pl.when(groups.struct[1].cast(pl.Int8, strict=False) == power).then(moved).otherwise(shifted)
        )
    amount = pl.coalesce(plain.str.strip_prefix("+").str.to_decimal(scale=12), shifted).cast(MONEY_TEXT)
    amount = -amount if sign == "negative" else amount
    return amount if per == 1 else (amount / pl.lit(per)).cast(MONEY_TEXT)
