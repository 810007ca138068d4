"""What rated records tell of the traffic itself: how many calls were answered, and for how long.

ASR is the part of carried calls that were answered, ACD the seconds of an answered one. Both come from the
records alone: how long it rang (PDD) is in none of them, and takes no part.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing.billing.billing_report import Report
from dialnexa_routing.billing.days import days
from dialnexa_routing.clock.zone import zone_named
from dialnexa_routing.deck.exact_columns import WIDEST, half_up, scaled
from dialnexa_routing.money.rupees import grouped
from dialnexa_routing.records.rated_sums import put_together, summed
from dialnexa_routing.records.record_columns import ANSWERED_AT_UTC, lacking
from dialnexa_routing.sheets.study import study_tables as tables
from dialnexa_routing.text.errors import RecordError

if TYPE_CHECKING:
    from collections.abc import Sequence

_GROUP = ("country_iso", "network_group")
_MILLI = 3


@dataclass(frozen=True, repr=False, eq=False)
class Traffic(Report):
    """Calls answered and their length.

    Every frame has, behind its keys: ``calls``, all rows; ``carried``, those without a reason; ``answered``,
    those of them with seconds; ``seconds`` of these, exact; ``asr``, per cent of the carried that were
    answered; ``answer_ratio``, per cent of all rows; ``acd``, seconds of an answered call. Per cents have two
    places and the ACD one, rounded half-up; null where there is nothing to divide by.

    Attributes:
        by_group: by country and network group, most calls first.
        by_day: by the day of the answer, or of whatever time a call has.
        by_group_and_day: by both, in their order.
    """

    by_group: pl.DataFrame
    by_day: pl.DataFrame
    by_group_and_day: pl.DataFrame

    def to_dict(self, rows: int | None = None) -> dict[str, Any]:
        """As plain data; ratios are text, so that they stay exact."""
        return {name: tables.plain_rows(getattr(self, name), rows) for name in _FRAMES}

    def lines(self) -> list[str]:
        """All calls together."""
        (whole,) = _with_ratios(put_together(self.by_day.with_columns(all=1), ["all"])).to_dicts()
        return [
            f"{grouped(whole['calls'])} calls, {grouped(whole['carried'])} carried, "
            f"{grouped(whole['answered'])} answered: ASR {tables.cell(whole['asr'])} %, "
            f"ACD {tables.cell(whole['acd'])} s, answer ratio {tables.cell(whole['answer_ratio'])} %"
        ]

    def frames(self) -> dict[str, pl.DataFrame]:
        """By group and by day."""
        return {"by network group": self.by_group, "by day": self.by_day}


_FRAMES = ("by_group", "by_day", "by_group_and_day")
_COUNTS = ("calls", "carried", "answered", "seconds")


def traffic(
    rated: pl.DataFrame | pl.LazyFrame,
    *,
    timezone: str,
    seconds: str = "seconds",
    at: str | None = None,
    add_prefix: str = "",
) -> Traffic:
    """ASR, ACD and answer ratio by network group and day.

    Args:
        rated: as `records.rate` makes them, calls that nobody answered too.
        timezone: where days begin, as ``Asia/Kolkata``.
        seconds: the column of durations; a call of none was not answered.
        at: column of times with a zone, of the begin say, for calls that have no answer have none of it;
            None takes ``answered_at_utc``, which rating adds.
        add_prefix: that the rating put in front of its columns.

    Raises:
        RecordError: a column is missing, or times have no zone.

    >>> from dialnexa_routing import RateDeck, records
    >>> deck = RateDeck.compile(pl.DataFrame({"prefix": ["91"], "network_group": ["India"]}))
    >>> calls = pl.DataFrame({"to": ["+919812345678"] * 3, "seconds": [60, 0, 31]})
    >>> calls = calls.with_columns(answered_at=pl.lit("2026-11-30T10:00:00Z"))
    >>> rated = records.rate(calls, deck=deck)
    >>> traffic(rated, timezone="UTC").by_group["calls"].to_list()
    [3]
    """
    lazy = rated.lazy()
    schema = lazy.collect_schema()
    when = add_prefix + ANSWERED_AT_UTC if at is None else at
    own = {name: add_prefix + name for name in (*_GROUP, "reason")}
    for name in (*own.values(), seconds, when):
        if name not in schema:
            raise RecordError(lacking(name, schema.names()))
    try:
        zone_named(timezone)
    except ValueError as error:
        raise RecordError(str(error)) from error
    column = pl.col(seconds)
    if isinstance(schema[seconds], pl.Duration):
        length = column.dt.total_milliseconds()
    else:
        # In milliseconds, so that sums are whole numbers.
        length = (
            column.cast(pl.Decimal(WIDEST, 9), strict=False).cast(pl.Decimal(WIDEST, _MILLI)) * 1000
        ).cast(pl.Int64, strict=False)
    carried = pl.col(own["reason"]).is_null()
    answered = carried & (length > 0).fill_null(False)
    sums = summed(
        lazy,
        [
            days(when, schema[when], timezone).alias("day"),
            *(pl.col(own[name]).alias(name) for name in _GROUP),
        ],
        counts={"carried": carried, "answered": answered},
        seconds={"seconds": pl.when(answered).then(length).otherwise(0)},
    ).collect(engine="streaming")
    return Traffic(
        by_group=_by(sums, _GROUP).sort("calls", *_GROUP, descending=[True, False, False], nulls_last=True),
        by_day=_by(sums, ["day"]).sort("day", nulls_last=True),
        by_group_and_day=_by(sums, ["day", *_GROUP]).sort("day", *_GROUP, nulls_last=True),
    )


def _by(sums: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    found = put_together(sums.select(*keys, *_COUNTS), keys)
    return _with_ratios(found.with_columns(scaled(pl.col("seconds"), _MILLI).alias("seconds"))).select(
        *keys, *_COUNTS, "asr", "answer_ratio", "acd"
    )


def _with_ratios(sums: pl.DataFrame) -> pl.DataFrame:
    milli = pl.col("seconds").to_physical().cast(pl.Int128)
    return sums.with_columns(
        _ratio(pl.col("answered") * 10_000, pl.col("carried"), 2).alias("asr"),
        _ratio(pl.col("answered") * 10_000, pl.col("calls"), 2).alias("answer_ratio"),
        _ratio(milli, pl.col("answered").cast(pl.Int128) * 100, 1).alias("acd"),
    )


def _ratio(part: pl.Expr, whole: pl.Expr, places: int) -> pl.Expr:
    """A ratio of whole numbers, half-up, in units of its last place; null for nothing."""
    some = pl.when(whole > 0).then(whole)
    return scaled(half_up(part.cast(pl.Int128), some.cast(pl.Int128)), places)
