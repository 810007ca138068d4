"""What a sheet says of numbers that the plan of today has otherwise: told with counts, never refused.

Prefixes that begin no number, mobile ranges that only the country's price answers, satellite and premium
series below the sheet's own price for such, and renumberings. Ranges open and close every few weeks, and
calls in transition are charged for months: whoever reads it decides.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.deck.canonical_columns import MONEY, Severity
from dialnexa_routing.numbers import number_series as series
from dialnexa_routing.numbers.number_changes import change_of
from dialnexa_routing.numbers.plan_file import head
from dialnexa_routing.sheets.study.caught_ranges import answering, dear, mobiles, new_codes
from dialnexa_routing.sheets.study.dead_prefixes import above, begin_numbers
from dialnexa_routing.sheets.study.in_force import has_begun, has_ended, per_minute, serves
from dialnexa_routing.sheets.study.prefix_keys import key, nearest

if TYPE_CHECKING:
    from datetime import datetime

NUMBERING = pl.Schema(
    {
        "finding": pl.String(),
        "severity": pl.String(),
        "country_iso": pl.String(),
        "network_group": pl.String(),  # whose row answers these numbers now; null = none does
        "rate": MONEY,  # what that is, INR a minute outbound; null = blocked, or none
        "prefixes": pl.UInt32(),
        "prefix": pl.String(),  # the first of them
        "listed": pl.List(pl.String()),  # all of them
        "instead_group": pl.String(),
        "instead_rate": MONEY,
        "by": pl.Date(),  # the last change among them is no later
        "why": pl.String(),
        "source_file": pl.String(),
        "source_row": pl.UInt32(),
    }
)
"""Columns of the findings. ``instead`` is, of dead prefixes, what answers if they are taken out; of mobile
ranges and new area codes the sheet's median for such of that country; of dear series its lowest price."""

WORDS = {
    "dear series below its price": "series below their price",
    "dead prefix": "dead prefixes",
    "two forms at once": "prefixes of two forms",
    "renumbered": "renumbered prefixes",
    "mobiles at the country's price": "mobile ranges at the country's price",
    "new codes at the country's price": "new area codes at the country's price",
}
"""Findings in the order of a report, and what they are when they are counted."""

DEAD, TWO_FORMS, RENUMBERED = "dead prefix", "two forms at once", "renumbered"
MOBILES, DEAR = "mobiles at the country's price", "dear series below its price"
NEW = "new codes at the country's price"


def numbering(rows: pl.DataFrame, at: datetime | None) -> pl.DataFrame:
    """Findings in the rows of one caller that hold at an instant or later, as `NUMBERING`.

    >>> rows = pl.DataFrame({"prefix": ["245", "24532"], "country": "Guinea-Bissau", "outbound_rate": "9"})
    >>> from dialnexa_routing import RateSheet
    >>> numbering(RateSheet.read(rows).rows, None).select("finding", "prefix", "instead_rate").rows()
    [('dead prefix', '24532', Decimal('9.000000000'))]
    """
    flags = (pl.col(name).fill_null(False) for name in ("blocked", "exact_match"))
    lazy = rows.lazy().filter(~has_ended(at))
    rows = lazy.with_columns(per_minute("outbound"), key("prefix"), *flags).collect()
    begins = begin_numbers(rows["prefix"])
    answers = has_begun(at) & ~pl.col("exact_match") & serves("outbound")
    first = rows.lazy().filter(answers & begins).unique("key", keep="first", maintain_order=True)
    live = answering(first).collect()
    inner = above(live["key"])
    found = {
        DEAR: dear(live, inner),
        DEAD: _dead(answering(rows.lazy().filter(~begins)).collect(), live),
        **_renumbered(live, at),
        MOBILES: mobiles(live, inner),
        NEW: new_codes(live, inner),
    }
    parts = [_as_findings(name, part) for name, part in found.items()]
    return pl.concat(parts)


def _as_findings(name: str, part: pl.DataFrame) -> pl.DataFrame:
    lacking = [pl.lit(None, kind).alias(n) for n, kind in NUMBERING.items() if n not in part.columns]
    first = {
        "finding": pl.lit(name),
        "severity": pl.lit(str(Severity.WARNING)),
        "prefixes": pl.col("listed").list.len(),
        "prefix": pl.col("listed").list.first(),
    }
    whole = part.with_columns(lacking).with_columns(**first).select(list(NUMBERING))
    return whole.cast(dict(NUMBERING)).sort("prefix")  # type: ignore[arg-type]


def _dead(dead: pl.DataFrame, live: pl.DataFrame) -> pl.DataFrame:
    """Prefixes and whole numbers that begin no number, a row for each group and what answers without them."""
    shorter = nearest(dead["key"], live["key"], shorter=True)
    instead = live.select(above="key", instead_group="network_group", instead_rate="rate")
    shorter = shorter.join(instead, on="above").drop("above")
    told = {prefix: _why_dead(prefix) for prefix in dead["prefix"].unique().sort()}
    whys = pl.DataFrame(
        [(prefix, *words) for prefix, words in told.items()],
        schema={"prefix": pl.String, "why": pl.String, "by": pl.Date},
        orient="row",
    )
    joined = dead.join(shorter, on="key", how="left").join(whys, on="prefix")
    keys = ["country_iso", "network_group", "rate", "instead_group", "instead_rate", "why"]
    return (
        joined.sort("prefix", "source_row")
        .group_by(keys, maintain_order=True)
        .agg(
            pl.col("prefix").unique(maintain_order=True).alias("listed"),
            pl.col("by").max(),
            pl.col("source_file", "source_row").first(),
        )
    )


def _why_dead(prefix: str) -> tuple[str, date | None]:
    change, moved = change_of(prefix, "dead"), series.renumbered(prefix)
    words = [f"no number of {head()['origin']} begins so"]
    if change is not None:
        words.append(f"gone by {change.release}")
    if moved is not None:
        words.append(_told(moved))
    return "; ".join(words), change and change.by


def _told(moved: series.Renumbering) -> str:
    return f"{moved.what} ({moved.source})"


def _renumbered(live: pl.DataFrame, at: datetime | None) -> dict[str, pl.DataFrame]:
    """Rows of an old form that still begins numbers: of another country today, or beside the new form."""
    day = at.date() if at is not None else date.fromisoformat(head()["date"])
    found: dict[str, list[pl.DataFrame]] = {TWO_FORMS: [], RENUMBERED: []}
    for moved in series.renumberings():
        code = series.calling_code_of(moved.prefix)
        among = live.filter(pl.col("prefix").str.starts_with(moved.prefix) & (pl.col("prefix") != code))
        if moved.becomes is not None and moved.becomes.startswith(moved.prefix):
            among = among.filter(~pl.col("prefix").str.starts_with(moved.becomes))
        kind = RENUMBERED
        if moved.until is not None:
            kind = TWO_FORMS if (moved.since or day) <= day <= moved.until else RENUMBERED
        elif moved.prefix == code:
            # Of a whole country the digits do not distinguish the old form from the new one.
            among = among.clear()
        elif moved.lengths:
            there = sorted(series.regions_of(moved.prefix))
            among = among.filter(~pl.col("country_iso").is_in(there).fill_null(False))
        if among.height:
            keys = ["country_iso", "network_group", "rate"]
            grouped = among.sort("prefix").group_by(keys, maintain_order=True)
            part = grouped.agg(
                listed="prefix", source_file=pl.first("source_file"), source_row=pl.first("source_row")
            )
            found[kind].append(part.with_columns(why=pl.lit(_told(moved)), by=pl.lit(moved.since, pl.Date)))
    empty = NUMBERING.to_frame()
    return {kind: pl.concat([empty, *parts], how="diagonal_relaxed") for kind, parts in found.items()}


def at_stake(findings: pl.DataFrame, rated: pl.LazyFrame, number: str, decimals: int) -> pl.DataFrame:
    """Findings with the ``calls`` to their prefixes and the ``charge`` that these were rated at, INR.

    A call counts once in each kind of finding, under the longest of its prefixes.
    """
    digits = pl.col(number).cast(pl.String).str.strip_prefix("+")
    known = digits.str.contains(r"^[1-9][0-9]{0,14}$")
    calls = (
        rated.select(key=pl.when(known).then(pl.lit("1") + digits).cast(pl.UInt64), charge="charge")
        .drop_nulls("key")
        .group_by("key")
        .agg(calls=pl.len().cast(pl.Int64), charge=pl.col("charge").cast(pl.Decimal(38, decimals)).sum())
        .collect(engine="streaming")
    )
    numbered = findings.with_row_index("?at")
    sums = [pl.DataFrame(schema={"?at": pl.UInt32, "calls": pl.Int64, "charge": pl.Decimal(38, decimals)})]
    for (_,), those in numbered.group_by("finding", maintain_order=True):
        listed = those.select("?at", pl.col("listed").alias("prefix")).explode("prefix")
        listed = listed.with_columns(key("prefix").alias("above")).unique("above", maintain_order=True)
        found = nearest(calls["key"], listed["above"]).join(calls, on="key").join(listed, on="above")
        sums.append(found.group_by("?at").agg(pl.col("calls").sum(), pl.col("charge").sum()))
    joined = numbered.join(pl.concat(sums), on="?at", how="left", maintain_order="left")
    zero = pl.lit(0).cast(pl.Decimal(38, decimals))
    return joined.with_columns(pl.col("calls").fill_null(0), pl.col("charge").fill_null(zero)).drop("?at")
