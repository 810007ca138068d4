"""The plan of reading one table: its rows in canonical columns, each with a reason where it has one.

Everything is elementwise and lazy, so that it streams; rows that belong together are a format's `prepare`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.clock.time_columns import UTC_TIME
from dialnexa_routing.files.column_named import column_named
from dialnexa_routing.files.streaming_words import by_number, without
from dialnexa_routing.money.reason import Reason
from dialnexa_routing.records.call_questions import seconds_unit, time_form, zone
from dialnexa_routing.records.call_values import (
    MONEY_TEXT,
    SECONDS,
    TIMES,
    Durations,
    Times,
    called,
    charges,
    directions,
    is_far_from,
    is_of,
    numbers,
    plain_column,
    seconds_between,
    text_of,
)
from dialnexa_routing.records.formats.call_format import CANONICAL, folded
from dialnexa_routing.records.nothing_said import said
from dialnexa_routing.records.raw_cells import as_text, is_cell, raw_cells
from dialnexa_routing.records.reader_reason import COLUMN_OF, ReaderReason
from dialnexa_routing.records.record_words import ANSWERED, NOT_ANSWERED, booleans, folded_texts
from dialnexa_routing.text.errors import RecordError

if TYPE_CHECKING:
    from dialnexa_routing.numbers.number_reading import NumberReading
    from dialnexa_routing.records.call_choices import CallChoices
    from dialnexa_routing.records.call_layout import Layout
    from dialnexa_routing.records.formats.call_format import Way

_MARK = "\u200b"
PLACE, FILE = f"{_MARK}place", f"{_MARK}file"
"""The row of the file; and which one, where several are one table. No file has columns of these names."""
NOISE, VALUE, WIDTH, SILENCED, OTHER, AMISS = (
    _MARK + name for name in ("noise", "value", "width", "silenced", "other", "amiss")
)
"""Beside the rows, for the report on the whole: a row that is nothing; the cell at fault; how many digits a
number without plus has, `CODED` more where it has the calling code that was named; whether a status took a
length away; another leg by itself; of another unit."""
CODED = 100
INNER = (NOISE, VALUE, WIDTH, SILENCED, OTHER, AMISS)
_AS_THEY_STAND = ("to", "from", "status", "direction")
"""Of which a word for nothing is refused, or asked about, as any other one."""


def planned(
    lazy: pl.LazyFrame, file: str, layout: Layout, choices: CallChoices, *, padded: bool = True
) -> pl.LazyFrame:
    """The rows of a table as canonical columns, ``reason``, those of `INNER`, and ``raw_`` columns.

    Args:
        lazy: its raw rows, under their headers, with `PLACE`.
        file: its name.
        layout: which column is what.
        choices: what the caller has stated.
        padded: whether a text may begin or end with a blank.
    """
    reading = Reading(dict(lazy.collect_schema()), layout, choices, padded)
    return shown(read(lazy, reading), reading, file)


def read(lazy: pl.LazyFrame, reading: Reading) -> pl.LazyFrame:
    """Raw rows with what stands in them and what that means beside them, by marked names."""
    found = (
        lazy.with_columns(**reading.cells())
        .with_columns(**reading.values())
        .with_columns(**reading.lengths())
    )
    return found.with_columns(reading.reason().alias(mark("reason")))


def shown(lazy: pl.LazyFrame, reading: Reading, file: str) -> pl.LazyFrame:
    """Rows that were read as the columns that they have outside."""
    return lazy.select(
        *(reading.whole(name).alias(name) for name in CANONICAL),
        source_file=pl.col(FILE) if FILE in reading.schema else pl.lit(file or None, pl.String),
        source_row=pl.col(PLACE),
        reason=_mine("reason"),
        **{VALUE: reading.value()},
        **{name: pl.col(name) for name in INNER if name != VALUE},
        **reading.kept(),
    )


def mark(name: str) -> str:
    """A name that no file has."""
    return _MARK + name


def _mine(name: str) -> pl.Expr:
    return pl.col(_MARK + name)


class Reading:
    """The expressions of one table."""

    def __init__(
        self, schema: dict[str, pl.DataType], layout: Layout, choices: CallChoices, padded: bool
    ) -> None:
        self.schema, self.layout, self.choices, self.padded = schema, layout, choices, padded
        self.form, self.columns = layout.format, layout.columns
        for canonical, meant in self.columns.items():
            for part in meant.parts:
                if not is_cell(kind := schema[str(part)]):
                    raise RecordError(f"the column {part!r} is {kind}, no {canonical}: name another one")

    def has(self, name: str) -> bool:
        """Whether a canonical column is there."""
        return name in self.columns

    @property
    def _reading(self) -> NumberReading | None:
        """How numbers are read: as the caller states, else as the format does."""
        return self.choices.reading or self.form.reading

    def cells(self) -> dict[str, pl.Expr]:
        """What stands in the raw columns: texts, instants, given seconds."""
        found = {
            _MARK + "text_" + name: self._text(name) if self.has(name) else pl.lit(None, pl.String)
            for name in CANONICAL
        }
        for name in ("answered_at", "ended_at"):
            if self.has(name):
                form = time_form(name, self.layout, self.choices)
                times, dtype = plain_column(self.columns[name], self.schema)
                is_count = form.startswith("epoch") or form == "excel"
                if not (isinstance(dtype, pl.Datetime) or (is_count and dtype.is_numeric())):
                    times = self._text(name)
                how = Times(form, zone(self.layout, self.choices), self.choices.twice)
                found[_MARK + "time_" + name] = times.map_batches(
                    how, return_dtype=TIMES, is_elementwise=True
                )
            else:
                found[_MARK + "time_" + name] = pl.struct(
                    at=pl.lit(None, UTC_TIME), wrong=pl.lit(False), never=pl.lit(False)
                )
        found[_MARK + "called"] = called(found[_MARK + "text_to"], self._reading)
        found[_MARK + "given"] = self._given() if self.has("seconds") else pl.lit(None, SECONDS)
        raw = raw_cells(self.schema, padded=self.padded)
        if not self.layout.header:
            raw |= {str(place): raw[name] for place, name in enumerate(self.layout.names, 1)}
        noise = self.form.noise(raw) if self.form.noise else pl.lit(False)
        if self.layout.header and self.has("to"):
            # A header in the midst, as of files that were put together.
            name = str(self.columns["to"].parts[0])
            noise = noise | (raw[name] == name)
        if self.form.where is not None:
            noise = noise | ~self.form.where(raw).fill_null(False)
        found[NOISE] = noise.fill_null(False)
        leg = self.form.leg
        other = leg.other(raw) if leg is not None and leg.other is not None else pl.lit(False)
        found[OTHER] = other.fill_null(False)
        return found

    def _text(self, name: str) -> pl.Expr:
        """The text of a canonical column; of most a word for nothing is none."""
        found = text_of(self.columns[name], self.schema, padded=self.padded)
        return found if name in _AS_THEY_STAND else said(found)

    def values(self) -> dict[str, pl.Expr]:
        """The canonical columns but for the length."""
        text = {name: pl.col(_MARK + "text_" + name) for name in CANONICAL}
        number, word = (_mine("called").struct.field(part) for part in ("number", "word"))
        plus = text["to"].str.starts_with("+")
        width = pl.when(~plus).then(text["to"].str.len_chars()).cast(pl.UInt32)
        return {
            _MARK + "call_id": text["call_id"],
            _MARK + "to": number,
            _MARK + "from": numbers(text["from"], self._reading),
            _MARK + "answered_at": pl.col(_MARK + "time_answered_at").struct.field("at"),
            _MARK + "ended_at": pl.col(_MARK + "time_ended_at").struct.field("at"),
            _MARK + "direction": self._way(text["direction"]),
            _MARK + "status": text["status"],
            _MARK + "voicemail": booleans(text["voicemail"]),
            _MARK + "their_charge": self._charge(text["their_charge"]),
            _MARK + "their_currency": self._currency(text["their_currency"]),
            WIDTH: pl.when(word == "full").then(width + CODED).otherwise(width),
            _MARK + "coded": word,
            _MARK + "word": self._answered(text["status"]),
        }

    def lengths(self) -> dict[str, pl.Expr]:
        """The seconds: none where a call was not answered, whatever stands in the file."""
        given = pl.col(_MARK + "given")
        no = self._is_unanswered()
        if not self.has("seconds"):
            start, end = _mine("answered_at"), _mine("ended_at")
            given = seconds_between(start, end)
            no = no | (pl.col(_MARK + "text_answered_at").is_null() & end.is_not_null())
        return {
            _MARK + "seconds": pl.when(no).then(pl.lit(0, SECONDS)).otherwise(given),
            SILENCED: (no & (given > 0)).fill_null(False),
            AMISS: self._amiss(given),
        }

    def _amiss(self, given: pl.Expr) -> pl.Expr:
        """Whether a length and the times of the call are as far apart as other units make them."""
        if not (self.has("seconds") and self.has("ended_at")):
            return pl.lit(None, pl.Boolean)
        begin = _mine("answered_at") if self.has("answered_at") else self._start()
        return is_far_from(given, begin, _mine("ended_at"))

    def _start(self) -> pl.Expr:
        name = self.form.start
        if not (isinstance(name, str) and name in self.schema and is_cell(self.schema[name])):
            return pl.lit(None, UTC_TIME)
        how = Times(self.form.time_form("start"), zone(self.layout, self.choices), self.choices.twice)
        times = as_text(column_named(name), self.schema[name], padded=self.padded)
        return times.map_batches(how, return_dtype=TIMES, is_elementwise=True).struct.field("at")

    def whole(self, name: str) -> pl.Expr:
        """A canonical column; a call inside of the system went neither way."""
        return _mine(name) if name != "direction" else without(_mine(name), "neither")

    def reason(self) -> pl.Expr:
        """The first that holds; those of a key and of a whole file come later."""
        length = _mine("seconds")
        checks = [
            (pl.col(OTHER) if self.choices.legs == "one" else pl.lit(False), ReaderReason.OTHER_LEG),
            (_mine("direction") == "neither", ReaderReason.INTERNAL_CALL),
            (_mine("to").is_null(), Reason.MISSING_NUMBER),
            (_mine("coded") == "unclear", ReaderReason.UNCLEAR_NUMBER),
        ]
        if self.has("seconds"):
            wrong = pl.col(_MARK + "text_seconds").is_not_null() & length.is_null()
            checks.append((wrong, Reason.INVALID_SECONDS))
        else:
            wrong = pl.col(_MARK + "time_ended_at").struct.field("wrong")
            checks += [(wrong, Reason.INVALID_SECONDS), (length < 0, Reason.END_BEFORE_ANSWER)]
        late = pl.col(_MARK + "time_answered_at").struct.field("wrong")
        checks += [
            (late, Reason.INVALID_ANSWERED_AT),
            (length.is_null(), Reason.MISSING_SECONDS),
            (length < 0, Reason.NEGATIVE_SECONDS),
            ((pl.col(_MARK + "word") == "strange") & (length > 0), ReaderReason.UNKNOWN_STATUS),
        ]
        checks.append((length > self.choices.most_s, ReaderReason.TOO_LONG))
        checks.append((_mine("direction").is_null(), Reason.INVALID_DIRECTION))
        # Small numbers first: a choice between ten texts costs more than all the rest.
        found = pl.lit(None, pl.UInt8)
        for code, (where, _) in reversed(list(enumerate(checks))):
            found = pl.when(where).then(pl.lit(code, pl.UInt8)).otherwise(found)
        return by_number(found, [str(word) for _, word in checks])

    def value(self) -> pl.Expr:
        """The cell that a reason speaks of."""
        found = pl.lit(None, pl.String)
        reason = _mine("reason")
        for word, name in COLUMN_OF.items():
            if name in CANONICAL and self.has(name):
                found = pl.when(reason == word).then(pl.col(_MARK + "text_" + name)).otherwise(found)
        return found

    def kept(self) -> dict[str, pl.Expr]:
        """All columns that became none of ours, as they are."""
        used = {
            str(part) for name, meant in self.columns.items() if self._is_taken(name) for part in meant.parts
        }
        return {
            f"raw_{name}": column_named(name)
            for name in self.schema
            if name not in used and not name.startswith(_MARK)
        }

    def _is_taken(self, name: str) -> bool:
        return name not in ("their_charge", "their_currency") or self.takes_charge()

    def takes_charge(self) -> bool:
        """Whether sign and currency of their charge are known; else it stays a raw column."""
        sign = self.choices.charge_sign or self.form.charge_sign
        currency = self.choices.currency or self.form.currency or self.has("their_currency")
        return bool(self.has("their_charge") and sign and currency)

    def _given(self) -> pl.Expr:
        durations, dtype = plain_column(self.columns["seconds"], self.schema)
        if not (dtype.is_numeric() or isinstance(dtype, pl.Duration)):
            durations = self._text("seconds")
        how = Durations(seconds_unit(self.layout, self.choices))
        return durations.map_batches(how, return_dtype=SECONDS, is_elementwise=True)

    def _way(self, words: pl.Expr) -> pl.Expr:
        given, known = self.choices.direction, self.form.direction
        if isinstance(given, str):
            return pl.lit(given)
        if not self.has("direction"):
            return pl.lit(known) if isinstance(known, str) else pl.lit(None, pl.String)
        own: dict[str, Way] = {} if known is None or isinstance(known, str) else dict(known)
        if given is not None:
            own |= {folded(word): way for word, way in given.items()}  # type: ignore[misc]
        return directions(words, own)

    def _answered(self, status: pl.Expr) -> pl.Expr:
        """``no`` for words that are not answered, ``strange`` for unknown ones, else null."""
        if not self.has("status"):
            return pl.lit(None, pl.String)
        words, form = folded_texts(status), self.form.answered
        given = self.choices.words_answered
        if given is not None:
            return pl.when(~words.is_in(sorted(given))).then(pl.lit("no"))
        no = sorted(form.no or NOT_ANSWERED)
        yes = sorted(form.yes or ANSWERED)
        strange = pl.lit(None, pl.String) if form.whole else pl.lit("strange")
        other = pl.when(~words.is_in(yes)).then(strange)
        return pl.when(words.is_in(no)).then(pl.lit("no")).otherwise(other)

    def _is_unanswered(self) -> pl.Expr:
        never = pl.col(_MARK + "time_answered_at").struct.field("never")
        no = (pl.col(_MARK + "word") == "no").fill_null(False) | never
        if self.form.answered.at and self.has("answered_at"):
            no = no | pl.col(_MARK + "text_answered_at").is_null()
        return no

    def _charge(self, cells: pl.Expr) -> pl.Expr:
        """Amounts; none where the amount itself names another currency, or the rate is not of its own."""
        if not self.takes_charge():
            return pl.lit(None, MONEY_TEXT)
        sign = self.choices.charge_sign or self.form.charge_sign or "positive"
        own = self._own_currency(pl.col(_MARK + "text_their_currency"))
        amount = charges(cells, sign, self.form.charge_per)
        amount = pl.when(is_of(cells, own)).then(amount)
        if self.choices.inr_per_unit is None:
            return amount
        per = pl.lit(str(self.choices.inr_per_unit)).str.to_decimal(scale=9)
        converted = (amount * per).cast(MONEY_TEXT)
        return pl.when(self._is_converted(own)).then(converted).otherwise(amount)

    def _currency(self, cells: pl.Expr) -> pl.Expr:
        if not self.takes_charge():
            return pl.lit(None, pl.String)
        own = self._own_currency(cells)
        if self.choices.inr_per_unit is None:
            return own
        return pl.when(self._is_converted(own)).then(pl.lit("INR")).otherwise(own)

    def _own_currency(self, cells: pl.Expr) -> pl.Expr:
        """What each row states, else what is known of all."""
        said_ = cells.str.to_uppercase()
        known = self.choices.currency or self.form.currency
        return pl.coalesce(said_, pl.lit(known)) if known else said_

    def _is_converted(self, own: pl.Expr) -> pl.Expr:
        """Whether the rate is of a row's currency: the one that was named, else that of the first rows."""
        known = self.choices.currency or self.form.currency or self.layout.currency
        return (own == known.upper()).fill_null(False) if known else (own != "INR").fill_null(True)
