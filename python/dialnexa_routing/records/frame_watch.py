"""What a whole file shows of records that have our columns already, counted while they stream.

Rating itself is elementwise and sees no file; the faces that do look at it here: whether most numbers are
national ones, whether lengths are hardly seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.files.column_named import column_named
from dialnexa_routing.records.call_tally import CallTally
from dialnexa_routing.records.raw_cells import as_text
from dialnexa_routing.text.errors import RecordError

if TYPE_CHECKING:
    from dialnexa_routing.numbers.number_plan import NumberPlan

_DAY_S = 86_400
_SAMPLED = 2_000


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

    def over(self, lazy: pl.LazyFrame, number: str, seconds: str | None) -> pl.LazyFrame:
        """The same rows, of which these columns are looked at as they pass; where they are not there, none.

        Args:
            lazy: the records.
            number: the column of called numbers.
            seconds: that of durations.
        """
        schema = lazy.collect_schema()
        if number not in schema or number == seconds:
            return lazy
        texts = as_text(pl.col("number"), schema[number])
        parts = [column_named(number).alias("number")]
        if seconds is not None and (dtype := schema.get(seconds)) is not None and _is_length(dtype):
            parts.append(column_named(seconds).alias("seconds"))

        def passed(batch: pl.Series) -> pl.Series:
            columns = batch.struct.unnest()
            self._count(columns.select(texts.alias("text"), *columns.columns[1:]))
            return columns["number"].alias(batch.name)

        watched = pl.struct(parts).map_batches(passed, return_dtype=schema[number], is_elementwise=True)
        return lazy.with_columns(watched.alias(number))

    def _count(self, columns: pl.DataFrame) -> None:
        given = columns["text"].filter(~columns["text"].str.starts_with("+").fill_null(True))
        with self.tally.lock:
            self.tally.rows += columns.height
            self.tally.widths.update(dict(given.str.len_chars().value_counts().rows()))
            left = _SAMPLED - len(self.tally.sample)
            self.tally.sample += [f"+{one}" for one in given.head(max(left, 0))]
            if "seconds" in columns.columns:
                # To see days no exact number is needed.
                lengths = columns["seconds"].cast(pl.Float64, strict=False)
                self.tally.lasting += int((lengths > 0).sum() or 0)
                self.tally.over_a_day += int((lengths > _DAY_S).sum() or 0)

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
    """What is told where most numbers are national ones of so many digits."""
    return (
        f"most numbers have {width} digits and no plus, and many of them can be no numbers with a "
        "calling code in front: if they are of one country, pass "
        "reading=NumberReading(calling_code='91') with their own"
    )


def _is_length(dtype: pl.DataType) -> bool:
    return dtype == pl.String or dtype.is_numeric()
