"""What calls earn: the same records rated by the terms they are sold at and by what each provider asks.

A call whose revenue or cost is not known earns nothing known: it is counted by its reason, beside
the margin and never in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias, Unpack

import polars as pl

from dialnexa_routing.billing.amount import told
from dialnexa_routing.billing.billing_report import Report
from dialnexa_routing.billing.call_columns import CallColumns, has_answer_times
from dialnexa_routing.billing.costs import MONEY
from dialnexa_routing.billing.offered import semantics_for
from dialnexa_routing.billing.plan_deck import plan_rates
from dialnexa_routing.deck.exact_columns import half_up, scaled
from dialnexa_routing.deck.rates import Rates
from dialnexa_routing.money.exact import PLACES
from dialnexa_routing.money.rupees import grouped
from dialnexa_routing.money.semantics import Semantics
from dialnexa_routing.records.rated_sums import put_together, summed
from dialnexa_routing.sheets.study import study_tables as tables
from dialnexa_routing.text.forked import refuse_after_fork

if TYPE_CHECKING:
    from collections.abc import Mapping

    from altair import LayerChart

    from dialnexa_routing.billing.call_columns import ColumnOptions
    from dialnexa_routing.billing.offered import Meanings
    from dialnexa_routing.money.call_words import Direction
    from dialnexa_routing.plans.billing_plan import BillingPlan

Selling: TypeAlias = "Rates | tuple[Rates, BillingPlan]"

PERCENT_PLACES = 2
_GROUP = ["country_iso", "network_group"]
_COUNTS = (
    "calls",
    "rated_by_both",
    "unknown_revenue",
    "unknown_cost",
    "unknown_both",
    "billed_seconds",
    "losing_calls",
    "losing_seconds",
)
_SUMS = ("revenue", "cost", "loss", "revenue_at_unknown_cost", "cost_at_unknown_revenue")
_SHOWN = (*_COUNTS[:6], "minutes", "revenue", "cost", "margin", "margin_percent", *_COUNTS[6:], *_SUMS[2:])


@dataclass(frozen=True, repr=False, eq=False)
class Margin(Report):
    """Call records as sold and as bought from each provider.

    `by_group` has a row for each provider and network group that is sold. ``revenue``, ``cost`` and
    ``margin`` are of the calls ``rated_by_both``, and null where there are none. ``billed_seconds`` are
    those of these calls as they are sold, and ``minutes`` the same to two places. ``margin_percent`` is
    the margin's share of the revenue, to two places, and null where the revenue is zero. Calls of
    which one side is known are apart: ``revenue_at_unknown_cost``, ``cost_at_unknown_revenue``.
    ``losing_calls`` cost more than they earn, ``loss`` together, whatever others of their group earn.
    `totals` is the same of each provider. `unknown` counts calls by what is not known of them and
    why; where it is the revenue, no provider stands there.
    """

    by_group: pl.DataFrame
    unknown: pl.DataFrame

    @cached_property
    def totals(self) -> pl.DataFrame:
        """A row a provider, the greatest margin first."""
        found = put_together(self.by_group.select("provider", *_COUNTS, *_SUMS), ["provider"])
        return (
            _judged(found)
            .sort("margin", "provider", descending=[True, False], nulls_last=True)
            .select("provider", *_SHOWN)
        )

    @property
    def sold_below_cost(self) -> pl.DataFrame:
        """The groups of `by_group` with calls that cost more than they earn, most minutes of them first."""
        order = ["losing_seconds", "loss", "provider", *_GROUP]
        falling = [True, True, False, False, False]
        return self.by_group.filter(pl.col("losing_calls") > 0).sort(order, descending=falling)

    def chart(self) -> LayerChart:
        """A point for each group and provider: minutes, and what they earn; Altair's (extra ``plot``)."""
        from dialnexa_routing.plot.amounts import volumes  # brings in Altair, an extra

        return volumes(
            self.by_group,
            label="network_group",
            volume="minutes",
            amount="margin",
            series="provider",
            title="Margin against volume",
        )

    def to_dict(self, rows: int | None = None) -> dict[str, Any]:
        """As plain data, amounts as text; `rows` is how many groups at most."""
        return {
            "totals": tables.plain_rows(self.totals),
            "by_group": tables.plain_rows(self.by_group, rows),
            "sold_below_cost": tables.plain_rows(self.sold_below_cost, rows),
            "unknown": tables.plain_rows(self.unknown),
        }

    def lines(self) -> list[str]:
        """The totals in words, a line a provider."""
        lines = []
        for of in self.totals.iter_rows(named=True):
            rated, calls = grouped(of["rated_by_both"]), grouped(of["calls"])
            said = f"{of['provider']}: {rated} of {calls} calls rated by both"
            if of["rated_by_both"]:
                revenue, cost, earned = (told(Fraction(of[name])) for name in ("revenue", "cost", "margin"))
                percent = "" if of["margin_percent"] is None else f" ({of['margin_percent']} %)"
                said += f", {revenue} - {cost} = {earned}{percent}"
            if of["losing_calls"]:
                said += (
                    f"; sold below cost: {grouped(of['losing_calls'])}, losing {told(Fraction(of['loss']))}"
                )
            lines.append(said)
        return lines or ["no calls"]

    def frames(self) -> dict[str, pl.DataFrame]:
        """What is sold below cost, what is not known, and all groups."""
        below = ("provider", *_GROUP, "losing_calls", "losing_seconds", "loss")
        brief = ("provider", *_GROUP, "calls", "minutes", "revenue", "cost", "margin", "margin_percent")
        return {
            "sold below cost, INR": self.sold_below_cost.select(below),
            "not known": self.unknown,
            "by network group, INR": self.by_group.select(brief),
        }


def margin(
    records: pl.DataFrame | pl.LazyFrame,
    *,
    sell: Selling,
    buy: Rates | Mapping[str, Rates],
    semantics: Semantics | dict[str, Any] | None = None,
    buy_semantics: Meanings = None,
    **columns: Unpack[ColumnOptions],
) -> Margin:
    """What call records earn when they are bought from each of the providers.

    Both sides are charges as they are billed, each call rounded once (R48). Sold by a plan, the
    revenue is the telephony line to nine places: a plan rounds only a call's whole charge. All records
    are taken for answered calls over our carriers, so leave out web calls, calls over a customer's
    own trunk, and voicemail that the plan does not bill.

    Args:
        records: a frame or lazy frame of call records.
        sell: the deck whose terms are sold; or a deck that decides the network group, and the plan
            that prices it (R46).
        buy: what the calls cost: decks by provider, or one deck.
        semantics: how sold seconds and charges are counted; a plan brings its own.
        buy_semantics: how each provider counts, by provider; or one for all.
        columns: `number`, `seconds`, `answered_at`, `ended_at`, `direction`, `timezone`, as of
            `dialnexa_routing.records.rate`.

    Raises:
        RecordError: a column is missing.
        ValueError: there is no deck to buy from, or the plan has no telephony prices (R47).
        TypeError: semantics beside a plan.

    >>> from dialnexa_routing import RateDeck
    >>> def deck(paise: int) -> RateDeck:
    ...     rows = pl.DataFrame({"prefix": "91", "network_group": "India", "outbound_rate": paise})
    ...     return RateDeck.compile(rows.with_columns(pl.col("outbound_rate").cast(pl.Decimal(18, 9)) / 100))
    >>> calls = pl.DataFrame({"to": ["+911234567890"] * 2, "seconds": [61, 10]})
    >>> margin(calls, sell=deck(90), buy={"one": deck(75)}).totals["margin"].to_list()
    [Decimal('0.450000000')]
    """
    refuse_after_fork()
    lazy = records.lazy()
    asked = CallColumns.of(lazy.collect_schema().names(), **columns)
    bought = providers_of(buy)
    sold = _sold(sell, asked, semantics)
    revenue = pl.col("?sold").struct.field("charge").cast(MONEY)
    queries = []
    for provider, deck in bought.items():
        has_answer_times(deck, asked)
        paid = asked.rated(deck, semantics_for(provider, buy_semantics), ("charge", "reason"))
        both = lazy.select(sold.alias("?sold"), paid.alias("?paid"))
        queries.append(_by_reason(both, revenue, pl.col("?paid").struct.field("charge").cast(MONEY)))
    found = [
        frame.with_columns(provider=pl.lit(provider))
        for provider, frame in zip(bought, pl.collect_all(queries, engine="streaming"), strict=True)
    ]
    return _margin(pl.concat(found), found[0])


def sold_by(sell: Selling) -> tuple[Rates, BillingPlan | None]:
    """What decides the network group, and the plan that prices it. Raises `TypeError` for something else."""
    deck, plan = sell if isinstance(sell, tuple) and len(sell) == 2 else (sell, None)
    if not isinstance(deck, Rates):
        raise TypeError(f"sell is {type(sell).__name__}; pass a deck, or (deck, plan) to sell by a plan")
    return deck, plan


def providers_of(buy: Rates | Mapping[str, Rates]) -> dict[str, Rates]:
    """Decks by provider, by name. Raises `ValueError` where there is none."""
    if isinstance(buy, Rates):
        return {buy.labels.get("provider") or "provider": buy}
    if not buy:
        raise ValueError("there is no deck to buy from; pass at least one by its provider")
    return dict(sorted(buy.items()))


def _sold(sell: Selling, asked: CallColumns, semantics: Semantics | dict[str, Any] | None) -> pl.Expr:
    """Each call at the terms it is sold at."""
    fields = ("country_iso", "network_group", "billed_seconds", "charge", "reason")
    deck, plan = sold_by(sell)
    has_answer_times(deck, asked)
    if plan is None:
        return asked.rated(deck, Semantics.of(semantics), fields)
    if semantics is not None:
        raise TypeError("a plan brings its own pulse; leave semantics out")

    def one_way(priced: Direction, direction: str | pl.Expr) -> pl.Expr:
        selling, meaning = plan_rates(deck, plan, priced)
        return asked.rated(selling, meaning, fields, direction=direction)

    inbound, outbound = (one_way(way, asked.direction) for way in ("inbound", "outbound"))
    way = asked.direction if isinstance(asked.direction, pl.Expr) else pl.lit(asked.direction)
    return pl.when(way == "inbound").then(inbound).otherwise(outbound)


def _by_reason(both: pl.LazyFrame, revenue: pl.Expr, cost: pl.Expr) -> pl.LazyFrame:
    """Sums by network group and by what is not known."""
    sold, paid = pl.col("?sold").struct, pl.col("?paid").struct
    known = revenue.is_not_null() & cost.is_not_null()
    loses = known & (cost > revenue)
    seconds = sold.field("billed_seconds")
    amounts = {
        "revenue": revenue.filter(known),
        "cost": cost.filter(known),
        "loss": (cost - revenue).filter(loses),
        "revenue_at_unknown_cost": revenue.filter(cost.is_null()),
        "cost_at_unknown_revenue": cost.filter(revenue.is_null()),
    }
    return summed(
        both,
        [
            sold.field("country_iso"),
            sold.field("network_group"),
            sold.field("reason").alias("revenue_reason"),
            paid.field("reason").alias("cost_reason"),
        ],
        counts={"losing_calls": loses},
        seconds={"billed_seconds": seconds.filter(known), "losing_seconds": seconds.filter(loses)},
        amounts={name: (amount, PLACES) for name, amount in amounts.items()},
    )


def _margin(found: pl.DataFrame, first: pl.DataFrame) -> Margin:
    """Sums by reason as a report; of revenue the reasons are alike for every provider."""
    sold, paid = pl.col("revenue_reason").is_null(), pl.col("cost_reason").is_null()
    kinds = {
        "rated_by_both": sold & paid,
        "unknown_revenue": ~sold & paid,
        "unknown_cost": sold & ~paid,
        "unknown_both": ~sold & ~paid,
    }
    groups = found.with_columns(
        pl.when(kind).then("calls").otherwise(0).alias(name) for name, kind in kinds.items()
    )
    groups = put_together(groups, ["provider", *_GROUP])
    by_group = _judged(groups).sort("provider", *_GROUP, nulls_last=True)
    sides = [
        part.filter(pl.col(f"{side}_reason").is_not_null())
        .group_by(provider=provider, side=pl.lit(side), reason=f"{side}_reason")
        .agg(pl.col("calls").sum())
        for side, part, provider in (
            ("revenue", first, pl.lit(None, pl.String)),
            ("cost", found, pl.col("provider")),
        )
    ]
    unknown = pl.concat(sides).sort("provider", -pl.col("calls"), "reason", nulls_last=False)
    return Margin(by_group.select("provider", *_GROUP, *_SHOWN), unknown)


def _judged(sums: pl.DataFrame) -> pl.DataFrame:
    """Sums with minutes, margin and its percentage, rounded half away from zero at the very end.

    Of no calls at all that both sides rate there is no margin, rather than one of zero.
    """
    some = pl.col("rated_by_both") > 0
    sums = sums.with_columns(pl.when(some).then(name).alias(name) for name in ("revenue", "cost"))
    nano = (pl.col("revenue") - pl.col("cost")).to_physical().cast(pl.Int128)
    revenue = pl.col("revenue").to_physical().cast(pl.Int128)
    whole = pl.when(revenue != 0).then(revenue)
    share = half_up(nano * (100 * 10**PERCENT_PLACES), whole)
    return sums.with_columns(
        margin=pl.col("revenue") - pl.col("cost"),
        margin_percent=scaled(share, PERCENT_PLACES),
        minutes=scaled(half_up(pl.col("billed_seconds") * 100, pl.lit(60)), 2),
    )
