"""What a whole file shows of records that have our columns already, counted while they stream.

Rating itself is elementwise and sees no file; the faces that do look at it here: whether most numbers are
national ones, whether lengths are hardly seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.clock.wall_clock import Twice, twice_of
from dialnexa_routing.files.column_named import column_named
from dialnexa_routing.records.call_choices import MONTH_S
from dialnexa_routing.records.call_tally import CallTally
from dialnexa_routing.records.call_values import Durations
from dialnexa_routing.records.kept_reasons import READER
from dialnexa_routing.records.raw_cells import as_text
from dialnexa_routing.records.reader_reason import ReaderReason
from dialnexa_routing.records.record_times import times_of
from dialnexa_routing.text.errors import RecordError

if TYPE_CHECKING:
    from dialnexa_routing.numbers.number_plan import NumberPlan

_DAY_S = 86_400
_SAMPLED = 2_000
_WATCHED = "\u200bwatched"


@dataclass
class FrameWatch:
    """What has passed of one frame.

    Attributes:
        name: of the file, as messages call it.
        plan: by which numbers can be none; None is not asked.
        tally: what was counted.
    """

    name: str
    plan: NumberPlan | None
    tally: CallTally = field(default_factory=CallTally)

    def over(
        self,
        lazy: pl.LazyFrame,
        number: str,
        seconds: str | None,
        *,
        answered_at: str | None = None,
        ended_at: str | None = None,
        timezone: str | None = None,
        twice: Twice | str = Twice.REFUSED,
    ) -> pl.LazyFrame:
        """The same rows, of which these columns are looked at as they pass; where they are not there, none.

        A call that lasts longer than a month gets a reason, which rating keeps, as `CallRecords` gives it.

        Args:
            lazy: the records.
            number: the column of called numbers.
            seconds: that of durations; None where they lie between two times.
            answered_at: that of answer times.
            ended_at: that of ends, in place of durations.
            timezone: of times without one.
            twice: which is meant of times that came twice.
        """
        schema = lazy.collect_schema()
        if number not in schema or number == seconds:
            return lazy
        texts = as_text(pl.col("number"), schema[number])
        given = {"number": number}
        if seconds is not None and (dtype := schema.get(seconds)) is not None and _is_length(dtype):
            given["seconds"] = seconds
        elif seconds is None and answered_at in schema and ended_at in schema:
            given |= {"begin": str(answered_at), "end": str(ended_at)}

        def passed(batch: pl.Series) -> pl.Series:
            columns = batch.struct.unnest()
            numbers = columns["number"]
            if numbers.dtype == pl.String:
                # Those with a plus are not asked about: most of them need not be looked at for blanks.
                numbers = numbers.filter(~numbers.str.starts_with("+"))
            lengths = _lengths(columns, timezone, twice_of(twice))
            self._count(numbers.to_frame("number").select(texts).to_series(), lengths, columns.height)
            too_long = pl.repeat(None, len(batch), dtype=pl.String, eager=True)
            if lengths is not None:
                too_long = too_long.set((lengths > MONTH_S).fill_null(False), ReaderReason.TOO_LONG.value)
            return pl.DataFrame({"number": columns["number"], "reason": too_long}).to_struct(batch.name)

        parts = [column_named(header).alias(name) for name, header in given.items()]
        kind = pl.Struct({"number": schema[number], "reason": pl.String})
        watched = pl.struct(parts).map_batches(passed, return_dtype=kind, is_elementwise=True)
        found = pl.col(_WATCHED).struct
        seen = lazy.with_columns(watched.alias(_WATCHED)).with_columns(found.field("number").alias(number))
        if len(given) == 1:
            return seen.drop(_WATCHED)
        return seen.with_columns(found.field("reason").alias(READER)).drop(_WATCHED)

    def _count(self, texts: pl.Series, lengths: pl.Series | None, rows: int) -> None:
        given = texts.filter(~texts.str.starts_with("+"))
        with self.tally.lock:
            self.tally.rows += rows
            self.tally.widths.update(dict(given.str.len_chars().value_counts().rows()))
            left = _SAMPLED - len(self.tally.sample)
            self.tally.sample += [f"+{one}" for one in given.head(max(left, 0))]
            if lengths is not None:
                self.tally.lasting += int((lengths > 0).sum() or 0)
                self.tally.over_a_day += int((lengths > _DAY_S).sum() or 0)
                self.tally.below_a_second += int(lengths.is_between(0, 1, closed="none").sum() or 0)

    def check(self) -> None:
        """Raise `RecordError` for lengths of another unit, before an output of them takes its place."""
        unit = self.tally.other_unit()
        if unit is not None:
            raise RecordError(f"{self.name}: {unit}")

    def told(self) -> list[str]:
        """What is to be known of the whole, as sentences."""
        width = None if self.plan is None else self.tally.national(self.plan)
        told = [] if width is None else [national(width)]
        return [*told, POWERS] if self.tally.are_powers() else told


POWERS = (
    "numbers as 9.19812E+11 were written by a spreadsheet, which has rounded them: export the column as text;"
    " none of them is rated"
)


def national(width: int) -> str:
    """What is reported where most numbers are national ones of so many digits."""
    return (
        f"most numbers have {width} digits and no plus, and many of them can be no numbers with a "
        "calling code in front: if they are of one country, pass "
        "reading=NumberReading(calling_code='91') with its code in place of 91"
    )


def _is_length(dtype: pl.DataType) -> bool:
    return dtype == pl.String or dtype.is_numeric() or isinstance(dtype, pl.Duration)


def _lengths(columns: pl.DataFrame, timezone: str | None, twice: Twice) -> pl.Series | None:
    """How long calls lasted, in seconds, near enough to see days; None where no column states so."""
    if "seconds" in columns.columns:
        given = columns["seconds"]
        if given.dtype == pl.String:
            given = Durations("s")(given.str.strip_chars())
        elif isinstance(given.dtype, pl.Duration):
            given = given.dt.total_milliseconds() / 1_000
        return given.cast(pl.Float64, strict=False)
    if "end" not in columns.columns:
        return None
    begin, end = (times_of(columns[name], timezone, twice)[0] for name in ("begin", "end"))
    return (end - begin).dt.total_milliseconds() / 1_000
