"""What is sold below cost, from the sheets alone: no call need have been made."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing.billing.billing_report import Report
from dialnexa_routing.billing.costs import costs
from dialnexa_routing.billing.margins import providers_of, sold_by
from dialnexa_routing.billing.offered import calls_told, semantics_for
from dialnexa_routing.billing.plan_deck import plan_deck
from dialnexa_routing.deck.rates import in_force
from dialnexa_routing.money.rupees import grouped
from dialnexa_routing.money.semantics import Semantics
from dialnexa_routing.sheets.study import study_tables as tables
from dialnexa_routing.sheets.study.prefix_keys import prefix_of
from dialnexa_routing.text.forked import refuse_after_fork

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from dialnexa_routing.billing.costs import Costs
    from dialnexa_routing.billing.margins import Selling
    from dialnexa_routing.billing.offered import Meanings
    from dialnexa_routing.deck.rates import Rates
    from dialnexa_routing.money.call_words import Direction

_SELLER = ""
_PLACE = ("prefix", "exact_match")
_GROUP = ("country_iso", "network_group")


@dataclass(frozen=True, repr=False, eq=False)
class SheetMargin(Report):
    """What the same calls would earn at every prefix, bought from each provider.

    A row of `rows` speaks for one provider and for the numbers that begin with its ``prefix`` and with
    no longer one of any deck. ``margin`` is ``revenue`` less ``cost``, INR of all the calls, shown to nine
    places; ``below_cost`` is reported from the exact amounts. Where one side has no price there is no
    margin, and ``revenue_reason`` or ``cost_reason`` states why.
    """

    calls: Mapping[int, int]
    direction: Direction
    rows: pl.DataFrame

    @cached_property
    def by_group(self) -> pl.DataFrame:
        """A row a provider and network group: on how many prefixes it is below cost, the worst first."""
        counts = {
            "prefixes": pl.len().cast(pl.Int64),
            "below_cost": pl.col("below_cost").sum().cast(pl.Int64),
            "unknown_revenue": pl.col("revenue").is_null().sum().cast(pl.Int64),
            "unknown_cost": pl.col("cost").is_null().sum().cast(pl.Int64),
        }
        found = self.rows.group_by("provider", *_GROUP).agg(
            **counts, least_margin=pl.col("margin").min(), greatest_margin=pl.col("margin").max()
        )
        order = [-pl.col("below_cost"), pl.col("least_margin"), "provider", *_GROUP]
        return found.sort(order, nulls_last=True)

    @property
    def below_cost(self) -> pl.DataFrame:
        """The rows that are sold below cost, the greatest loss first."""
        return self.rows.filter("below_cost").sort("margin", "provider", *_PLACE)

    def to_dict(self, rows: int | None = None) -> dict[str, Any]:
        """As plain data, amounts as text; `rows` is how many of each frame at most."""
        return {
            "direction": self.direction,
            "calls": sum(self.calls.values()),
            "seconds": {str(duration): calls for duration, calls in self.calls.items()},
            "below_cost": tables.plain_rows(self.below_cost, rows),
            "by_group": tables.plain_rows(self.by_group, rows),
        }

    def lines(self) -> list[str]:
        """How many prefixes are sold below cost, by provider."""
        lines = [f"{self.direction}, {calls_told(self.calls)}"]
        counted = self.by_group.group_by("provider").agg(pl.col(pl.Int64).sum()).sort("provider")
        for of in counted.iter_rows(named=True):
            below, prefixes = grouped(of["below_cost"]), grouped(of["prefixes"])
            unknown = {name: of[name] for name in ("unknown_revenue", "unknown_cost")}
            more = f"; {tables.sentence(unknown)}" if any(unknown.values()) else ""
            lines.append(f"{of['provider']}: {below} of {prefixes} prefixes below cost{more}")
        return lines

    def frames(self) -> dict[str, pl.DataFrame]:
        """What is below cost, and the groups."""
        below = self.below_cost.select("provider", "prefix", "network_group", "revenue", "cost", "margin")
        return {"below cost, INR": below, "by network group, INR": self.by_group}


def sold_below_cost(
    *,
    sell: Selling,
    buy: Rates | Mapping[str, Rates],
    seconds: int | Mapping[int, int],
    at: datetime | None = None,
    direction: Direction = "outbound",
    semantics: Semantics | dict[str, Any] | None = None,
    buy_semantics: Meanings = None,
    within: str = "",
) -> SheetMargin:
    """What calls would earn at every prefix, compared exactly and unrounded.

    Args:
        sell: the deck whose terms are sold; or a deck that decides the network group, and the plan
            that prices it (R46).
        buy: what the calls cost: decks by provider, or one deck.
        seconds: a duration, or calls by their whole seconds.
        at: time of the calls, with a zone; a must for dated decks.
        direction: which of the two rates.
        semantics: how sold seconds are counted; a plan brings its own.
        buy_semantics: how each provider counts, by provider; or one for all.
        within: only prefixes that begin with these digits.

    Raises:
        ValueError: no deck, no call, or the plan has no telephony prices (R47).
        DeckTimeError: a deck is dated and there is no `at` (R50).
        TypeError: semantics beside a plan.

    >>> from dialnexa_routing import RateDeck
    >>> def deck(paise: int) -> RateDeck:
    ...     rows = pl.DataFrame({"prefix": "91", "network_group": "India", "outbound_rate": paise})
    ...     return RateDeck.compile(rows.with_columns(pl.col("outbound_rate").cast(pl.Decimal(18, 9)) / 100))
    >>> found = sold_below_cost(sell=deck(90), buy={"one": deck(95), "two": deck(75)}, seconds=60)
    >>> found.rows.select("provider", "margin", "below_cost").rows()
    [('one', Decimal('-0.050000000'), True), ('two', Decimal('0.150000000'), False)]
    """
    refuse_after_fork()
    bought = providers_of(buy)
    if _SELLER in bought:
        raise ValueError("a provider has no name; give it one")
    deck, plan = sold_by(sell)
    selling = in_force(deck, at)
    if plan is None:
        meaning = Semantics.of(semantics)
    elif semantics is not None:
        raise TypeError("a plan brings its own pulse; leave semantics out")
    else:
        selling, meaning = plan_deck(selling, plan, direction)
    meanings = {provider: semantics_for(provider, buy_semantics) for provider in bought} | {_SELLER: meaning}
    decks = {_SELLER: selling, **bought}
    found = costs(decks, seconds, at=at, direction=direction, semantics=meanings, within=within)
    return SheetMargin(found.calls, direction, _rows(found))


def _rows(found: Costs) -> pl.DataFrame:
    """Each provider beside the seller, who stands first by name."""
    sold = pl.col("0").struct
    sides = []
    for number, provider in enumerate(found.providers[1:], 1):
        paid = pl.col(str(number)).struct
        side = found.places.select(
            prefix_of(pl.col("key")).alias("prefix"),
            pl.col("exact").alias("exact_match"),
            *(sold.field(name) for name in _GROUP),
            provider=pl.lit(provider),
            earned=sold.field("cost"),
            spent=paid.field("cost"),
            revenue_reason=sold.field("reason"),
            cost_reason=paid.field("reason"),
        )
        sides.append(found.with_difference(side, "earned", "spent", "margin"))
    return (
        pl.concat(sides)
        .select(
            *_PLACE,
            *_GROUP,
            "provider",
            revenue=found.amount("earned"),
            cost=found.amount("spent"),
            margin="margin",
            below_cost=(pl.col("spent") > pl.col("earned")).fill_null(False),
            revenue_reason="revenue_reason",
            cost_reason="cost_reason",
        )
        .sort(*_PLACE, "provider")
    )
