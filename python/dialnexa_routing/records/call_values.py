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
from dialnexa_routing.clock.zero_times import near_zero
from dialnexa_routing.files.column_named import column_named
from dialnexa_routing.files.streaming_words import filled, looked_up
from dialnexa_routing.numbers.number_reading import Change, NumberReading
from dialnexa_routing.records.epochs import read_days, read_epochs
from dialnexa_routing.records.formats.call_format import FirstOf, Joined
from dialnexa_routing.records.nothing_said import said
from dialnexa_routing.records.raw_cells import as_text, storage
from dialnexa_routing.records.record_words import DIRECTIONS, folded_texts
from dialnexa_routing.records.second_texts import nanoseconds
from dialnexa_routing.workspace.screening.coded_columns import forms
from dialnexa_routing.workspace.screening.recipient_reading import candidates

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialnexa_routing.clock.wall_clock import Twice
    from dialnexa_routing.records.formats.call_format import SecondsUnit, TimeForm, Way

_PLAIN = NumberReading()
_BARE = r"^[1-9][0-9]{0,14}$"
"""What rating reads as a number with its calling code."""
_E164 = r"^\+[1-9][0-9]{0,14}$"
_MIDNIGHT = r"^([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]00:00:00(?:\.0+)? ([0-9])"
_ZERO_DAY = r"^(\S+) (?:0001-01-01|1899-12-3[01]|1900-01-01|1904-01-01|1970-01-01)[T ]([0-9]{2}:)"
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
    return one_time(filled(pl.concat_str([said(cell) for cell in cells], separator=" ", ignore_nulls=True)))


def one_time(texts: pl.Expr) -> pl.Expr:
    """Cells put together: a day has often a time of its own, midnight, and a time a day, that of a zero.

    >>> cells = pl.DataFrame({"a": ["2026-11-02 00:00:00 1899-12-30 10:00:00", "2026-11-02 10:00"]})
    >>> cells.select(one_time(pl.col("a"))).to_series().to_list()
    ['2026-11-02 10:00:00', '2026-11-02 10:00']
    """
    return texts.str.replace(_MIDNIGHT, "$1 $2").str.replace(_ZERO_DAY, "$1 $2")


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
class Called:
    """Called numbers by a reading that was named, and what is to be known of each.

    The word ``full`` is of a number that has the calling code already, ``unclear`` of one that rating would
    take for another number than the reading does.
    """

    reading: NumberReading

    def __call__(self, texts: pl.Series) -> pl.Series:
        """Number and word of each text of a batch; the word is null for most."""
        found, change = candidates(texts, self.reading)
        good = found.str.contains(_E164).fill_null(False)
        unclear = ~good & texts.str.contains(_BARE).fill_null(False)
        words = pl.repeat(None, len(texts), dtype=pl.String, eager=True).alias("word")
        code = self.reading.calling_code
        if code is not None:
            change = change.set(~good, None)
            added = change.str.ends_with(Change.CALLING_CODE_ADDED).fill_null(False)
            national = found.set(~added, None).str.strip_prefix(f"+{code}")
            unclear |= (forms(national, code, self.reading.coded) == "foreign").fill_null(False)
            words = words.set(change.str.ends_with(Change.PLUS_ADDED).fill_null(False), "full")
        numbers = found.zip_with(good, texts).alias("number")
        return pl.DataFrame([numbers, words.set(unclear, "unclear")]).to_struct(texts.name)


CALLED = pl.Struct({"number": pl.String, "word": pl.String})


def called(texts: pl.Expr, reading: NumberReading | None) -> pl.Expr:
    """Called numbers, each with its word; without a reading of its own none has one."""
    if reading is None or reading == _PLAIN:
        return pl.struct(number=numbers(texts, reading), word=pl.lit(None, pl.String))
    return texts.map_batches(Called(reading), return_dtype=CALLED, is_elementwise=True)


@dataclass(frozen=True)
class Times:
    """A column of times as instants; what is none; and what states that a call never came so far."""

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
        elif self.form == "excel":
            found, walls = None, read_days(times)
        else:
            order = self.form if self.form in ("day_first", "month_first") else None
            _, found, walls = read_times(times.cast(pl.String), order=order)
        old = None
        if walls is not None:
            # The first day of 1970 is how systems write never, whatever their zone makes of it.
            of_clock = walls.cast(pl.Datetime("us"))
            old = _either(_within(of_clock, 0, _DAY_US), near_zero(of_clock, after=True))
            zoned = self._in_zone(walls)
            found = (
                zoned
                if found is None or found.null_count() == len(found)
                else found.zip_with(found.is_not_null(), zoned)
            )
        assert found is not None
        near = _within(found, -_DAY_US, _DAY_US)
        zero = near_zero(found)
        if old is None and near is None and zero is None:
            return self._told(times, found, None)
        never = _none_of(times) if old is None else old
        never |= _none_of(times) if near is None else near
        if self.form.startswith("epoch"):
            # A count that falls on this day without being next to nothing is of another unit.
            counts = times.cast(pl.String).str.extract(r"^(-?[0-9]{1,8})(?:\.[0-9]*)?$").cast(pl.Int64)
            never &= counts.is_between(-_DAY_S, _DAY_S).fill_null(False)
            found = found.set(near, None) if near is not None else found
        if zero is not None:
            never |= zero
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


def _either(one: pl.Series | None, other: pl.Series | None) -> pl.Series | None:
    return one if other is None else other if one is None else one | other


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
    """Whether a length in seconds is many times longer or shorter than its call, as those of other units are.

    Null where there is nothing to compare. Talk is longer than from begin to end only where it was rounded up
    to minutes; of minutes that are taken for seconds it is sixty times shorter.
    """
    span = (end - begin).dt.total_microseconds()
    # A float is exact enough to see such factors; nothing is charged by it.
    given = length.cast(pl.Float64) * 1e6
    return pl.when((given > 0) & (span >= _A_SECOND)).then((given > span * 20) | (given * 45 < span))


def directions(texts: pl.Expr, words: Mapping[str, Way]) -> pl.Expr:
    """Words as ``outbound``, ``inbound``, ``neither``; null for one that is not known."""
    known = {**DIRECTIONS, **words}
    return looked_up(folded_texts(texts), known)


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


def is_of(amounts: pl.Expr, currency: pl.Expr) -> pl.Expr:
    """Whether amounts may be of their row's currency: those that name none, or it."""
    code = amounts.str.extract(r"(?:^|[^A-Za-z])([A-Z]{3})(?:$|[^A-Za-z])")
    sign = amounts.str.extract("([$€£₹])")
    named = pl.when(sign.is_not_null()).then(looked_up(sign, {"€": "EUR", "£": "GBP", "₹": "INR"}))
    # Many countries have a dollar; these have none.
    dollar = (sign == "$") & currency.is_in(["INR", "EUR", "GBP"])
    return ~((pl.coalesce(code, named) != currency).fill_null(False) | dollar.fill_null(False))
