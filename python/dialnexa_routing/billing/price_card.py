"""A rate card: what a minute costs by a plan, network group by network group, and what changed since another.

The answer to "send your prices". Prices are those that rating takes: of the plan's list, or of the deck with
the plan's markup (R46), at one instant.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from dialnexa_routing.billing.billing_report import Report
from dialnexa_routing.billing.plan_deck import plan_deck
from dialnexa_routing.deck.canonical_columns import MONEY
from dialnexa_routing.deck.rates import in_force
from dialnexa_routing.money.exact import places_of, plain, rounded, total
from dialnexa_routing.money.rupees import grouped, rupees
from dialnexa_routing.plans.plan_terms import Component
from dialnexa_routing.sheets.study import study_tables as tables
from dialnexa_routing.text.errors import DeckTimeError, UnknownNameError
from dialnexa_routing.text.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from dialnexa_routing.deck.rates import Rates
    from dialnexa_routing.plans.billing_plan import BillingPlan

_GROUP = ("country_iso", "network_group")
_WAYS: Final = ("outbound", "inbound")
_LONGEST = 200


@dataclass(frozen=True, repr=False, eq=False)
class RateCard(Report):
    """The prices of a plan at one instant, INR per minute.

    Attributes:
        plan_id: whose prices.
        name: of the plan, for people.
        at: when they hold; None where they always do.
        terms: what is the same for all calls, by name: components, the customer's own trunk, the pulse.
        rows: ``country_iso``, ``network_group``, ``outbound``, ``inbound`` and ``prefixes``, a list; a group
            with several prices has a row for each. Empty where the plan has no telephony prices.
        deck_digest: of the deck that states which group a prefix belongs to.
    """

    money = ("outbound", "inbound")

    plan_id: str
    name: str
    at: datetime | None
    terms: Mapping[str, str]
    rows: pl.DataFrame
    deck_digest: str

    def to_dict(self) -> dict[str, Any]:
        """As plain data, amounts as text."""
        return {
            "plan": self.plan_id,
            "name": self.name,
            "at": None if self.at is None else self.at.isoformat(),
            "deck_digest": self.deck_digest,
            "terms": dict(self.terms),
            "rows": tables.plain_rows(self.rows)["rows"],
        }

    def lines(self) -> list[str]:
        """Plan, instant and what is the same for all calls."""
        when = "" if self.at is None else f", as of {self.at:%d %b %Y %H:%M %Z}".rstrip()
        return [f"Prices of {self.name or self.plan_id}, INR per minute{when}"] + [
            f"{name}: {said}" for name, said in self.terms.items()
        ]

    def frames(self) -> dict[str, pl.DataFrame]:
        """The prices, with the first prefixes of each."""
        return {f"{grouped(self.rows.height)} prices of calls": self.rows}


@dataclass(frozen=True, repr=False, eq=False)
class PriceNotice(Report):
    """What is another between two rate cards.

    Attributes:
        old, new: the cards.
        terms: ``term``, ``old``, ``new`` of terms that are others.
        rows: ``country_iso``, ``network_group``, ``direction``, ``change`` (new, withdrawn, dearer, cheaper,
            changed), ``old``, ``new``: the price of a group, or its prices and their prefixes.
    """

    old: RateCard
    new: RateCard
    terms: pl.DataFrame
    rows: pl.DataFrame

    def to_dict(self) -> dict[str, Any]:
        """As plain data, amounts as text."""
        return {
            "old": {"plan": self.old.plan_id, "deck_digest": self.old.deck_digest},
            "new": {"plan": self.new.plan_id, "deck_digest": self.new.deck_digest},
            "terms": tables.plain_rows(self.terms)["rows"],
            "rows": tables.plain_rows(self.rows)["rows"],
        }

    def lines(self) -> list[str]:
        """How many prices are others, by kind."""
        counts = dict(self.rows["change"].value_counts().sort("change").iter_rows())
        said = tables.sentence(counts) or "no price of calls is another"
        return [f"Change of prices from {self.old.plan_id} to {self.new.plan_id}: {said}"]

    def frames(self) -> dict[str, pl.DataFrame]:
        """Terms, then prices."""
        return {"terms": self.terms, "prices of calls, INR per minute": self.rows}


def rate_card(
    plan: BillingPlan, deck: Rates, *, at: datetime | None = None, countries: Iterable[str] = ()
) -> RateCard:
    """The prices of a plan.

    Args:
        plan: whose prices.
        deck: what decides the network group, and prices it where the plan marks it up; a deck or a book.
        at: the instant, with a zone; a must where prices hold only at times.
        countries: ISO codes of those to be shown; none is all.

    Raises:
        DeckTimeError: prices hold only at times, and there is no `at`; or no deck was in force then.
        UnknownNameError: the deck has no network group of such a country.

    >>> from dialnexa_routing import BillingPlan, RateDeck
    >>> sheet = {"prefix": ["91", "9198"], "network_group": ["India", "Mobile"]}
    >>> sheet["outbound_rate"] = ["0.5", "0.4"]
    >>> deck = RateDeck.compile(pl.DataFrame(sheet).cast({"outbound_rate": MONEY}))
    >>> plan = BillingPlan(id="growth", tts="0.90", telephony={"kind": "deck_prices", "markup_percent": "20"})
    >>> rate_card(plan, deck).rows.select("network_group", "outbound", "prefixes").rows()
    [('India', Decimal('0.600000000'), ['91']), ('Mobile', Decimal('0.480000000'), ['9198'])]
    """
    if deck.is_dated and at is None:
        raise DeckTimeError("prices hold only at times; pass at=, the time that they are looked at")
    held = in_force(deck, at)
    rows = _prices(plan, held, at) if plan.telephony is not None else _NONE
    wanted = list(countries)
    for one in wanted:
        if one not in set(rows["country_iso"].drop_nulls()):
            known = sorted(set(rows["country_iso"].drop_nulls()))
            raise UnknownNameError(f"there is no price for the country {one!r}{nearest(one, known)}")
    if wanted:
        rows = rows.filter(pl.col("country_iso").is_in(wanted))
    return RateCard(plan.id, plan.name, at, _terms(plan), rows, held.digest)


def price_notice(old: RateCard, new: RateCard) -> PriceNotice:
    """What changed from one rate card to the next."""
    names = list(dict.fromkeys([*old.terms, *new.terms]))
    terms = pl.DataFrame(
        [(name, old.terms.get(name), new.terms.get(name)) for name in names],
        schema=dict.fromkeys(("term", "old", "new"), pl.String),
        orient="row",
    ).filter(pl.col("old").ne_missing(pl.col("new")))
    sides = [_by_way(card.rows, side) for card, side in ((old, "old"), (new, "new"))]
    both = sides[0].join(
        sides[1],
        on=[*_GROUP, "direction"],
        how="full",
        coalesce=True,
        nulls_equal=True,
        maintain_order="left",
    )
    one = (pl.col("old_least") == pl.col("old_most")) & (pl.col("new_least") == pl.col("new_most"))
    change = (
        pl.when(pl.col("old_least").is_null())
        .then(pl.lit("new"))
        .when(pl.col("new_least").is_null())
        .then(pl.lit("withdrawn"))
        .when(one & (pl.col("new_least") > pl.col("old_least")))
        .then(pl.lit("dearer"))
        .when(one & (pl.col("new_least") < pl.col("old_least")))
        .then(pl.lit("cheaper"))
        .otherwise(pl.lit("changed"))
    )
    differs = pl.any_horizontal(
        pl.col(f"old_{part}").ne_missing(pl.col(f"new_{part}")) for part in ("least", "most", "prices")
    )
    rows = (
        both.filter(differs)
        .with_columns(change.alias("change"), *(_span(side).alias(side) for side in ("old", "new")))
        .select(*_GROUP, "direction", "change", "old", "new")
        .sort(*_GROUP, "direction", nulls_last=True)
    )
    return PriceNotice(old, new, terms, rows)


_NONE = pl.DataFrame(
    schema={
        **dict.fromkeys(_GROUP, pl.String),
        **dict.fromkeys(_WAYS, MONEY),
        "prefixes": pl.List(pl.String),
    }
)


def _prices(plan: BillingPlan, deck: Any, at: datetime | None) -> pl.DataFrame:
    sides = []
    for way in _WAYS:
        rows = plan_deck(deck, plan, way)[0].rows()
        live = pl.lit(True)
        if at is not None:
            live = (pl.col("valid_from") <= at).fill_null(True) & (pl.col("valid_to") > at).fill_null(True)
        sold = rows.filter(
            live & ~pl.col("blocked") & ~pl.col("exact_match") & pl.col(f"{way}_rate").is_not_null()
        )
        sides.append(sold.select(*_GROUP, "prefix", pl.col(f"{way}_rate").alias(way)))
    both = sides[0].join(sides[1], on=[*_GROUP, "prefix"], how="full", coalesce=True, nulls_equal=True)
    return (
        both.group_by(*_GROUP, *_WAYS)
        .agg(pl.col("prefix").sort().alias("prefixes"))
        .sort(*_GROUP, *_WAYS, nulls_last=True)
        .cast(dict.fromkeys(_WAYS, MONEY))
    )


def _terms(plan: BillingPlan) -> dict[str, str]:
    """What is the same for all calls, as text."""
    names = {
        "stt": "Speech to text",
        "llm": "Language model",
        "tts": "Text to speech",
        "platform": "Platform",
    }
    held = {one.value: plan.component(one) for one in Component}
    said = {names[name]: _said(amount) for name, amount in held.items() if amount is not None}
    parts = [amount for amount in held.values() if amount is not None]
    if len(parts) > 1:
        said["Besides the call, in all"] = _said(total(parts))
    if plan.sip is not None:
        said["Own trunk, outbound"] = _said(plan.sip.of("outbound"))
        said["Own trunk, inbound"] = _said(plan.sip.of("inbound"))
    said["Counted in"] = f"{plan.pulse.initial_s} s, then {plan.pulse.next_s} s"
    return said


def _by_way(rows: pl.DataFrame, side: str) -> pl.DataFrame:
    """The least and the greatest price of each group and direction, and all of them with their prefixes."""
    long = pl.concat(
        [
            rows.filter(pl.col(way).is_not_null()).select(
                *_GROUP, pl.lit(way).alias("direction"), pl.col(way).alias("price"), "prefixes"
            )
            for way in _WAYS
        ]
    )
    told = pl.format("{} for {}", _short(pl.col("price")), pl.col("prefixes").list.join(", "))
    return (
        long.group_by(*_GROUP, "direction")
        .agg(
            pl.col("price").min().alias(f"{side}_least"),
            pl.col("price").max().alias(f"{side}_most"),
            told.sort().str.join("; ").alias(f"{side}_prices"),
        )
        .with_columns(
            pl.when(pl.col(f"{side}_least") != pl.col(f"{side}_most"))
            .then(f"{side}_prices")
            .alias(f"{side}_prices")
        )
    )


def _span(side: str) -> pl.Expr:
    least, most = pl.col(f"{side}_least"), pl.col(f"{side}_most")
    several = pl.col(f"{side}_prices").str.head(_LONGEST)
    return pl.when(least == most).then(_short(least)).otherwise(several)


def _short(price: pl.Expr) -> pl.Expr:
    """A price as text, with two places at least and no further zeros."""
    return price.cast(pl.String).str.replace(r"(\.[0-9]{2}[0-9]*?)0*$", "${1}")


def _said(amount: Decimal) -> str:
    """The same of one amount, in rupees."""
    places = max(2, places_of(Decimal(plain(amount))))
    return f"{rupees(rounded(amount, places))} a minute"
