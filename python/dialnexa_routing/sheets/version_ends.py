"""Where versions of a prefix end: whether a last day counts, and holes between two of them (R50).

``valid_until 2026-12-31`` may be the last day in force or the first one that is not. The next version
of a prefix decides it for its column; where none does, the caller is asked. Before a prefix begins, in
a hole, and after its end the next shorter prefix rates: that is R50, and a hole is told.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.deck.canonical_columns import FAULTS, Severity
from dialnexa_routing.sheets.cells.dates import told
from dialnexa_routing.sheets.conflicts import SHEET_NAME

if TYPE_CHECKING:
    from datetime import tzinfo

    from dialnexa_routing.sheets.sheet_choices import Choices

DAY_AFTER = "?day_after"
"""The instant after the whole of an end that is a date alone, carried beside the canonical columns."""

_KEY = ["prefix", "origin", "exact_match"]
_NEVER = datetime(2099, 1, 1, tzinfo=UTC)  # a way to write that there is no end
_LISTED = 5


def with_last_days(decks: list[pl.DataFrame], choices: Choices) -> list[pl.DataFrame]:
    """The rows of each file with their last days decided; what nothing decides is asked about."""
    if not any(rows[DAY_AFTER].null_count() < rows.height for rows in decks):
        return [rows.drop(DAY_AFTER) for rows in decks]
    numbered = [rows.with_columns(pl.lit(at).alias("?deck")) for at, rows in enumerate(decks)]
    votes = _votes(pl.concat(numbered))
    whole, first = (bool((votes["?vote"] == vote).any()) for vote in (True, False))
    usual = whole and not first
    if choices.ends is not None:
        usual = choices.ends == "whole_day"
    elif whole == first:
        _ask(votes.filter(pl.col("?vote").is_null() & (pl.col("valid_to") < _NEVER)), choices)
    marked = votes.with_columns(pl.col("?vote").fill_null(usual))
    decks = [marked.filter(pl.col("?deck") == at).drop("?deck") for at in range(len(decks))]
    late = pl.when(pl.col("?vote") & pl.col(DAY_AFTER).is_not_null()).then(DAY_AFTER).otherwise("valid_to")
    return [rows.with_columns(valid_to=late).drop(DAY_AFTER, "?vote") for rows in decks]


def _votes(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` with ``?vote``: true where the last day counts, false where not, null where nothing decides."""
    rows = rows.with_row_index("?at")
    starts = rows.filter(pl.col("valid_from").is_not_null())
    starts = starts.select(*_KEY, pl.col("valid_from").alias("?start"))
    ends = rows.filter(pl.col(DAY_AFTER).is_not_null())
    votes = []
    for vote, instant in ((True, DAY_AFTER), (False, "valid_to")):
        sought = ends.select("?at", *_KEY, pl.col(instant).alias("?start"))
        met = sought.join(starts, on=[*_KEY, "?start"], how="semi", nulls_equal=True)
        votes.append(met.select("?at", pl.lit(vote).alias("?vote")))
    one_day = ends.filter(pl.col("valid_from") == pl.col("valid_to"))
    decided = pl.concat([one_day.select("?at", pl.lit(value=True).alias("?vote")), *votes])
    decided = decided.unique("?at", keep="first", maintain_order=True)
    return rows.join(decided, on="?at", how="left", maintain_order="left").drop("?at")


def _ask(undecided: pl.DataFrame, choices: Choices) -> None:
    if not undecided.height:
        return
    first = undecided.row(0, named=True)
    place = f"{first['source_file']}, row {first['source_row']}"
    day = told(first["valid_to"], choices.naive_zone)
    choices.questions.ask(
        "ends",
        f"{place}: the price of {first['prefix']} ends on {day}, and no version that follows says whether"
        " that day still counts: pass ends='whole_day' if it does, or ends='first_instant' if the price ends"
        f" as the day begins ({undecided.height} such rows)",
        ["'whole_day'", "'first_instant'"],
    )


def holes(rows: pl.DataFrame, zone: tzinfo | None) -> pl.DataFrame:
    """One fault that lists the times in which a prefix of `rows` has no version between two that it has."""
    if rows["valid_to"].null_count() == rows.height or rows["prefix"].n_unique() == rows.height:
        return FAULTS.to_frame()
    # Only behind an end is a hole, and ends are few: the other prefixes are not put in order.
    ended = rows.filter(pl.col("valid_to").is_not_null()).select("prefix").unique()
    several = rows.join(ended, on="prefix", how="semi").filter(pl.col("prefix").is_duplicated())
    several = several.sort([*_KEY, "valid_from"], nulls_last=False)
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift(-1)) for name in _KEY)
    following = pl.col("valid_from").shift(-1)
    reached = pl.col("valid_to").fill_null(_NEVER).cum_max().over(_KEY)
    gaps = several.with_columns(following.alias("?next"), reached.alias("?reached")).filter(
        same & (following > reached).fill_null(False)
    )
    if not gaps.height:
        return FAULTS.to_frame()
    some = [
        f"{row['prefix']} from {told(row['?reached'], zone)} until {told(row['?next'], zone)}"
        for row in gaps.head(_LISTED).iter_rows(named=True)
    ]
    more = f" and {gaps.height - _LISTED} more" if gaps.height > _LISTED else ""
    reason = (
        f"{gaps.height} times no version of a prefix holds between two that do, and a shorter prefix rates:"
        f" {', '.join(some)}{more}; correct the dates if that is not meant (R50)"
    )
    first = gaps.row(0, named=True)
    place = (first["source_file"], first.get(SHEET_NAME), first["source_row"], "valid_to", first["prefix"])
    return pl.DataFrame([(*place, reason, str(Severity.WARNING))], schema=FAULTS, orient="row")
