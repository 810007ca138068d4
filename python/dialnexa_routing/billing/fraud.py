"""Where money runs away: hours whose calls came to more than a ceiling, and calls to costly series.

Premium and satellite series are those of the number plan's table (`numbers.number_series`). Both frames are
for people to look at; nothing is refused here. A router's `Ceiling` refuses.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from dialnexa_routing.billing.billing_report import Report
from dialnexa_routing.billing.days import hours
from dialnexa_routing.clock.zone import zone_named
from dialnexa_routing.deck.exact_columns import WIDEST
from dialnexa_routing.files.column_named import column_named
from dialnexa_routing.money.exact import fits
from dialnexa_routing.money.rupees import grouped, price
from dialnexa_routing.numbers.number_series import all_series, series_of
from dialnexa_routing.records.rated_sums import amounts_of, summed, whole_of
from dialnexa_routing.records.record_columns import ANSWERED_AT_UTC, lacking
from dialnexa_routing.sheets.study import study_tables as tables
from dialnexa_routing.text.errors import MoneyError, RecordError

_READ = ("network_group", "country_iso", "billed_seconds", "charge", "reason")


@dataclass(frozen=True, repr=False, eq=False)
class FraudScreen(Report):
    """What is worth a look.

    Attributes:
        hours: ``workspace``, ``hour`` (the wall time it begins at), ``calls``, ``billed_seconds``,
            ``charge``, ``ceiling`` and ``above``, of hours that came to more; the greatest excess first.
        series: ``workspace``, ``kind`` (satellite, premium), ``owner``, ``series`` (its prefix),
            ``network_group``, ``calls``, ``billed_seconds``, ``charge``; the greatest charge first. Calls
            without a charge are there too, for they were tried.
    """

    money = ("charge", "ceiling", "above")

    hours: pl.DataFrame
    series: pl.DataFrame

    def to_dict(self, rows: int | None = None) -> dict[str, Any]:
        """As plain data, amounts as text."""
        return {name: tables.plain_rows(getattr(self, name), rows) for name in ("hours", "series")}

    def lines(self) -> list[str]:
        """How much there is to look at."""
        calls = int(self.series["calls"].sum())
        above, charge = (price(whole_of(self.hours, "above")), price(whole_of(self.series, "charge")))
        return [
            f"{grouped(self.hours.height)} hours above the ceiling, by {above}",
            f"{grouped(calls)} calls to satellite and premium series, {charge}",
        ]

    def frames(self) -> dict[str, pl.DataFrame]:
        """Hours, then series."""
        return {"hours above the ceiling": self.hours, "satellite and premium series": self.series}


def fraud_screen(
    rated: pl.DataFrame | pl.LazyFrame,
    *,
    timezone: str,
    hour_ceiling: Decimal | str,
    number: str = "to",
    workspace: str | None = "workspace",
    answered_at: str | None = None,
    add_prefix: str = "",
) -> FraudScreen:
    """Spend by hour against a ceiling, and calls to costly series, by workspace.

    Args:
        rated: as `records.rate` makes them.
        timezone: whose hours, as ``Asia/Kolkata``.
        hour_ceiling: INR that an hour of a workspace may come to.
        number: column of called numbers.
        workspace: column of workspaces; None takes all records for one.
        answered_at: column of answer times with a zone; None takes ``answered_at_utc``, which rating adds.
        add_prefix: that the rating put in front of its columns.

    Raises:
        RecordError: a column is missing, or times have no zone.
        MoneyError: the ceiling is a float, or no amount.
    """
    ceiling = _ceiling(hour_ceiling)
    lazy = rated.lazy()
    schema = lazy.collect_schema()
    when = add_prefix + ANSWERED_AT_UTC if answered_at is None else answered_at
    own = {name: add_prefix + name for name in _READ}
    for name in (*own.values(), number, when, *([workspace] if workspace is not None else [])):
        if name not in schema:
            raise RecordError(lacking(name, schema.names()))
    places = amounts_of(schema, add_prefix)["charge"]
    try:
        zone_named(timezone)
    except ValueError as error:
        raise RecordError(str(error)) from error
    whose = pl.lit("") if workspace is None else column_named(workspace).cast(pl.String).fill_null("")
    sums: dict[str, Any] = {
        "seconds": {"billed_seconds": pl.col(own["billed_seconds"])},
        "amounts": {"charge": (pl.col(own["charge"]), places)},
    }
    hour = hours(when, schema[when], timezone).alias("hour")
    by_hour = summed(
        lazy.filter(pl.col(own["reason"]).is_null()), [whose.alias("workspace"), hour], **sums
    ).collect(engine="streaming")
    limit = pl.lit(ceiling).cast(pl.Decimal(WIDEST, 9))
    above = (
        by_hour.filter(pl.col("charge").cast(pl.Decimal(WIDEST, 9)) > limit)
        .with_columns(ceiling=limit)
        .with_columns(above=pl.col("charge").cast(pl.Decimal(WIDEST, 9)) - pl.col("ceiling"))
        .sort("above", "workspace", "hour", descending=[True, False, False], nulls_last=True)
    )
    longest = max(len(one.prefix) for one in all_series())
    head = column_named(number).cast(pl.String).str.strip_prefix("+").str.head(longest)
    heads = lazy.select(head.alias("head")).unique().collect(engine="streaming")["head"].drop_nulls()
    known = {one: found for one in heads if (found := series_of(one)) is not None}
    table = pl.DataFrame(
        [(one, found.kind, found.owner, found.prefix) for one, found in known.items()],
        schema=dict.fromkeys(("head", "kind", "owner", "series"), pl.String),
        orient="row",
    )
    keys = ("workspace", "kind", "owner", "series", "network_group")
    costly = (
        summed(
            lazy.with_columns(whose.alias("?workspace"), head.alias("?head"))
            .join(table.lazy(), left_on="?head", right_on="head", how="inner", suffix="_series")
            .rename({"?workspace": "?whose"}),
            [
                pl.col("?whose").alias("workspace"),
                *(pl.col(_of_table(name, schema)).alias(name) for name in keys[1:4]),
                pl.col(own["network_group"]).alias("network_group"),
            ],
            **sums,
        )
        .collect(engine="streaming")
        .sort(pl.col("charge"), *keys, descending=[True, *([False] * len(keys))], nulls_last=True)
    )
    return FraudScreen(above, costly)


def _of_table(name: str, schema: pl.Schema) -> str:
    """What a column of the table is called beside those of the records."""
    return f"{name}_series" if name in schema else name


def _ceiling(amount: Decimal | str) -> Decimal:
    if isinstance(amount, str):
        try:
            amount = Decimal(amount)
        except ArithmeticError:
            raise MoneyError(
                f"hour_ceiling is {amount!r:.40}, which is no amount; write '500' (R48)"
            ) from None
    if isinstance(amount, bool | float) or not isinstance(amount, Decimal | int):
        raise MoneyError(f"hour_ceiling is {type(amount).__name__}; pass a Decimal or its text (R48)")
    found = Decimal(amount)
    if not found.is_finite() or found < 0 or not fits(found):
        raise MoneyError(f"hour_ceiling is {found}; it is zero or more, with nine places at most")
    return found
