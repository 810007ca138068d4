"""What other decks would have charged for the same calls, before anyone commits to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Unpack

import polars as pl

from dialnexa_routing import records as call_records
from dialnexa_routing.billing.billing_report import Report
from dialnexa_routing.clock.wall_clock import in_utc
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.records import RATED_FIELDS
from dialnexa_routing.records.rated_sums import put_together
from dialnexa_routing.records.record_columns import ANSWERED_AT_UTC, present
from dialnexa_routing.sheets.study import study_tables as tables
from dialnexa_routing.sheets.study.impact import COUNTS, SUMS, changes_chart, compared, ranked, told, totals
from dialnexa_routing.text.errors import RecordError
from dialnexa_routing.text.forked import refuse_after_fork

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from decimal import Decimal

    from altair import LayerChart

    from dialnexa_routing.deck.deck_book import DeckBook
    from dialnexa_routing.deck.rate_deck import RateDeck
    from dialnexa_routing.records import RatingOptions

_SIDES = ("old", "new")
_ANSWERS = (*RATED_FIELDS, "deck_digest")
_NEW_AT = "?new_at"


@dataclass(frozen=True, repr=False, eq=False)
class Repricing(Report):
    """The same calls under two decks, or books of them.

    ``old_charge``, ``new_charge`` and ``change`` are of the calls that both rate, as billed; what only one
    rates is apart, as ``lost_charge`` and ``gained_charge``: a call that can no longer be made is no saving.

    Attributes:
        totals: calls and INR, exact: the sums of `by_group`.
        by_group: the same by what was asked for, the greatest change first; each column of a rating
            is there as the old and as the new one has it.
        by_country: the same by country.
        by_reason: calls whose reason is another, with INR lost and gained, most calls first.
        rows: lazily, the records whose charge or reason is another: all their columns, those of
            `records.rate` with ``old_`` and ``new_`` before them, and ``change``, null where only one rates.
        old: digest of the old deck or book.
        new: digest of the new one.
        old_plan: ids of the plans that price by the old one; None is the deck's own terms.
        new_plan: the same of the new one.
    """

    money = ("old_charge", "new_charge", "change", "lost_charge", "gained_charge")

    totals: Mapping[str, int | Decimal]
    by_group: pl.DataFrame
    by_country: pl.DataFrame
    by_reason: pl.DataFrame
    rows: pl.LazyFrame
    old: str
    new: str
    old_plan: str | None = None
    new_plan: str | None = None

    def to_dict(self, rows: int | None = None) -> dict[str, Any]:
        """As plain data, amounts as text; `rows` is how many of each table at most."""
        frames = {name: getattr(self, name) for name in ("by_group", "by_country", "by_reason")}
        return {
            "old_digest": self.old,
            "new_digest": self.new,
            "old_plan": self.old_plan,
            "new_plan": self.new_plan,
            "totals": {name: tables.plain(value) for name, value in self.totals.items()},
            **{name: tables.plain_rows(frame, rows) for name, frame in frames.items()},
        }

    def lines(self) -> list[str]:
        """The totals in words, and which decks they are of."""
        by = [f" by {plan}" if plan else "" for plan in (self.old_plan, self.new_plan)]
        return [*told(self.totals), f"old {self.old[:12]}{by[0]}, new {self.new[:12]}{by[1]}"]

    def chart(self, groups: int = 20) -> LayerChart:
        """Rupees won and lost by what was asked for, the others together; Altair's (extra ``plot``)."""
        names = self.by_group.columns
        label = next((name for name in names if name.startswith("new_")), names[0])
        return changes_chart(self.by_group, label, groups)

    def frames(self) -> dict[str, pl.DataFrame]:
        """The tables by their captions; one that is asked for by country stands once."""
        return {
            _caption(self.by_group): self.by_group,
            _caption(self.by_country): self.by_country,
            "reasons that changed, blank where there is a charge": self.by_reason,
        }


def reprice(
    frame: pl.DataFrame | pl.LazyFrame,
    *,
    old: RateDeck | DeckBook,
    new: RateDeck | DeckBook,
    by: str | Sequence[str] = ("network_group",),
    new_at: datetime | None = None,
    old_plan: BillingPlan | Iterable[BillingPlan] | None = None,
    new_plan: BillingPlan | Iterable[BillingPlan] | None = None,
    **rating: Unpack[RatingOptions],
) -> Repricing:
    """Rate the same call records by two decks, and report the difference.

    Args:
        frame: a frame or lazy frame, which is streamed once; `Repricing.rows` streams it again.
        old: what they were rated with.
        new: what is to take its place.
        by: what `by_group` is by: columns that `records.rate` adds, as ``country_iso``, or columns of
            the records, as ``workspace``.
        new_at: rate by the new ones as if every call were answered then: last month's calls by a sheet
            that begins next month. None takes the time of each call.
        old_plan: what a workspace paid by until now: a plan, or the plans that records or `workspaces` name.
            None is the deck's own terms, or the plans of `rating`.
        new_plan: what it is to pay by, likewise; the decks may then be one and the same.
        rating: other arguments of `dialnexa_routing.records.rate`, the same for both.

    Raises:
        RecordError: a column is missing, or would be overwritten; `new_at` beside `ended_at`.
        TypeError: plans are named both for a side and for both.

    >>> from dialnexa_routing import RateDeck
    >>> rows = pl.DataFrame({"prefix": ["91"], "network_group": ["India"]})
    >>> old, new = (
    ...     RateDeck.compile(rows.with_columns(outbound_rate=pl.lit(rate).str.to_decimal(scale=9)))
    ...     for rate in ("0.60", "0.75")
    ... )
    >>> calls = pl.DataFrame({"to": ["+919812345678", "+1"], "seconds": [263, 10]})
    >>> print(reprice(calls, old=old, new=new).lines()[0])
    2 calls, 1 rated by both: ₹3.00 -> ₹3.75, change +₹0.75
    """
    refuse_after_fork()
    if not isinstance(frame, pl.DataFrame | pl.LazyFrame):
        raise TypeError(f"frame is {type(frame).__name__}; pass a Polars DataFrame or LazyFrame")
    chosen = list(dict.fromkeys([by] if isinstance(by, str) else by))
    if not chosen:
        raise ValueError("by is empty; name a column, as network_group")
    columns = frame.collect_schema().names()
    added = (*_ANSWERS, ANSWERED_AT_UTC)
    for name in [*(f"{side}_{field}" for side in _SIDES for field in added), "change", _NEW_AT]:
        if name in columns:
            raise RecordError(f"the records have a column {name!r} already; drop or rename it")
    if "add_prefix" in rating:
        raise TypeError("both ratings have a prefix of their own, old_ and new_; leave add_prefix out")
    asked: dict[str, Any] = {**rating}
    before, after = _by_plan(asked, old_plan, "old_plan"), _by_plan(asked, new_plan, "new_plan")
    rated = call_records.rate(frame.lazy(), deck=old, add_prefix="old_", **asked | before)
    if new_at is not None:
        if asked.get("ended_at") is not None:
            raise RecordError(
                "new_at moves the answer, and ended_at would make it other seconds: name seconds"
            )
        rated = rated.with_columns(pl.lit(in_utc(new_at)).alias(_NEW_AT))
        asked["answered_at"] = _NEW_AT
    rated = call_records.rate(rated, deck=new, add_prefix="new_", **asked | after)
    rated = rated.drop(_NEW_AT, *(f"{side}_{ANSWERED_AT_UTC}" for side in _SIDES), strict=False)
    wanted = [_keys(name, columns) for name in dict.fromkeys([*chosen, "country_iso", "reason"])]
    schema = rated.collect_schema()
    decimals = max(schema[f"{side}_charge"].scale for side in _SIDES)  # type: ignore[attr-defined]
    groups = compared(rated, [pl.col(key) for keys in wanted for key in keys], decimals).collect(
        engine="streaming"
    )
    reasons = pl.col("old_reason").ne_missing(pl.col("new_reason"))
    charges = pl.col("old_charge").ne_missing(pl.col("new_charge"))
    return Repricing(
        totals=totals(groups),
        by_group=_summed(groups, [key for name in chosen for key in _keys(name, columns)]),
        by_country=_summed(groups, _keys("country_iso", columns)),
        by_reason=_summed(groups.filter(reasons), _keys("reason", columns))
        .select("old_reason", "new_reason", "calls", "lost_charge", "gained_charge")
        .sort("calls", "old_reason", "new_reason", descending=[True, False, False]),
        rows=rated.filter(charges | reasons).with_columns(change=pl.col("new_charge") - pl.col("old_charge")),
        old=old.digest,
        new=new.digest,
        old_plan=_ids(before),
        new_plan=_ids(after),
    )


def _by_plan(
    asked: Mapping[str, Any], plan: BillingPlan | Iterable[BillingPlan] | None, name: str
) -> dict[str, Any]:
    """What a side is rated by besides what is the same for both."""
    if plan is None:
        return {}
    if isinstance(asked.get("plan"), BillingPlan) or asked.get("plans") is not None:
        raise TypeError(f"plan= and plans= are of both sides; leave them out beside {name}=")
    if isinstance(plan, BillingPlan):
        return {"plan": plan, "semantics": None, "workspaces": None, "workspace": "workspace"}
    return {"plans": tuple(plan), "semantics": None}


def _ids(side: Mapping[str, Any]) -> str | None:
    if not side:
        return None
    return side["plan"].id if "plan" in side else ", ".join(sorted(one.id for one in side["plans"]))


def _keys(name: str, columns: list[str]) -> list[str]:
    """The columns that a name stands for: of both ratings, or of the records."""
    if name in _ANSWERS:
        return [f"{side}_{name}" for side in _SIDES]
    if name in (*COUNTS, *SUMS):
        raise RecordError(f"by {name!r} would be one of the sums; rename the column")
    return [present(name, columns)]


def _summed(groups: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Groups put together by fewer keys."""
    return ranked(put_together(groups.select(*dict.fromkeys(keys), *COUNTS, *SUMS), keys))


def _caption(frame: pl.DataFrame) -> str:
    names = [name.removeprefix("old_") for name in frame.columns if name not in (*COUNTS, *SUMS)]
    return "by " + ", ".join(name.replace("_", " ") for name in names if not name.startswith("new_"))
