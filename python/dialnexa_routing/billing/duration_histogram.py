"""Call records as a histogram of their durations, so that a customer's own calls decide who is cheapest."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from dialnexa_routing import records
from dialnexa_routing.billing.call_columns import present
from dialnexa_routing.clock.wall_clock import Twice
from dialnexa_routing.deck.canonical_columns import MONEY
from dialnexa_routing.deck.rate_deck import RateDeck
from dialnexa_routing.money.semantics import PartSecond, Pulse, Semantics
from dialnexa_routing.records.kept_reasons import has_readers

_FREE = pl.lit(Decimal(0), MONEY)


def histogram(
    frame: pl.DataFrame | pl.LazyFrame,
    *,
    seconds: str | None = "seconds",
    answered_at: str | None = None,
    ended_at: str | None = None,
    timezone: str | None = None,
    twice: Twice | str = Twice.REFUSED,
    part_second: PartSecond = PartSecond.UP,
) -> dict[int, int]:
    """How many call records there are of each whole second, as rating counts seconds (R44).

    Records whose duration is missing or cannot be read, and those that their reader refused, are left out,
    for they have no charge (R51).

    Args:
        frame: call records.
        seconds: column of durations, as of `dialnexa_routing.records.rate`.
        answered_at: column of answer times, with `ended_at`.
        ended_at: column of end times, in place of `seconds`.
        timezone: zone of times that have none.
        twice: what is done with times of an hour that came twice, as of `dialnexa_routing.records.rate`.
        part_second: what a fraction of a second counts as.

    Raises:
        RecordError: a column is missing.

    >>> histogram(pl.DataFrame({"seconds": ["61", "60.2", "5", None]}))
    {5: 1, 61: 2}
    """
    columns = frame.lazy().collect_schema().names()
    for name in (answered_at, ended_at) if ended_at is not None else (seconds,):
        if name is not None:
            present(name, columns)
    # A deck of one prefix that bills each second states how seconds are counted.
    clock = RateDeck.compile(pl.select(prefix=pl.lit("1"), network_group=pl.lit("any"), outbound_rate=_FREE))
    billed = records.rated(
        clock,
        number=pl.lit("1"),
        seconds=seconds,
        answered_at=answered_at,
        ended_at=ended_at,
        semantics=Semantics(pulse=Pulse(initial_s=1, next_s=1), part_second=part_second),
        timezone=timezone,
        twice=twice,
        fields="billed_seconds",
        number_plan=None,
    )
    rows = frame.lazy()
    if has_readers(columns):
        rows = rows.filter(pl.col("reason").is_null())
    counted = rows.select(billed).drop_nulls().group_by("billed_seconds").agg(calls=pl.len())
    return dict(counted.sort("billed_seconds").collect(engine="streaming").iter_rows())
