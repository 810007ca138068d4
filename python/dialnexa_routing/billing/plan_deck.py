"""The deck that a billing plan sells at: a carrier's prefixes with the plan's prices (R46, R47)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, cast

import polars as pl

from dialnexa_routing.deck.canonical_columns import MONEY
from dialnexa_routing.deck.deck_book import DeckBook
from dialnexa_routing.deck.rate_deck import RateDeck
from dialnexa_routing.deck.rates import in_force
from dialnexa_routing.money.semantics import Semantics
from dialnexa_routing.plans.pricing import TelephonyPrices
from dialnexa_routing.sheets.study.in_force import serves
from dialnexa_routing.text.errors import ConfigError, MoneyError

if TYPE_CHECKING:
    from dialnexa_routing._deck import Match
    from dialnexa_routing.deck.rates import Rates
    from dialnexa_routing.money.call_words import Direction
    from dialnexa_routing.plans.billing_plan import BillingPlan

_MOST_RUPEES = 10**9
_PLACE = ("prefix", "exact_match", "valid_from", "valid_to")
_GROUP = ("country_iso", "network_group")


class _Priced(NamedTuple):
    """As much of a match as a price depends on."""

    country_iso: str | None
    network_group: str
    outbound_rate: Decimal | None
    inbound_rate: Decimal | None
    rate_unit_s: int
    blocked: bool
    priced_prefix: str


def plan_deck(deck: RateDeck, plan: BillingPlan, direction: Direction) -> tuple[RateDeck, Semantics]:
    """A deck that asks what a plan's telephony line does for calls in one direction, to nine places.

    Fees, increments and bounds of the carrier are not sold on; the plan's pulse counts the seconds.
    What is blocked stays blocked, a group without a price has none; nor has, at a markup, what a
    schedule prices: it has no rate to mark up.

    Args:
        deck: what decides the network group.
        plan: what prices it.
        direction: of which calls; the deck made is for no others.

    Returns:
        The deck, and the semantics to rate with it.

    Raises:
        ValueError: the plan has no telephony prices, so that its telephony sells for nothing (R47).
        ConfigError: the plan prices a prefix within one of the deck that begins or ends.
        MoneyError: a price is a thousand million rupees a minute or more (R48).

    >>> from dialnexa_routing.plans.billing_plan import BillingPlan
    >>> rows = pl.DataFrame({"prefix": ["91"], "network_group": ["India"], "outbound_rate": ["0.50"]})
    >>> deck = RateDeck.compile(rows.cast({"outbound_rate": MONEY}))
    >>> telephony = {"kind": "deck_prices", "markup_percent": "20"}
    >>> plan = BillingPlan.from_dict({"id": "growth", "pulse": "30/30", "telephony": telephony})
    >>> selling, semantics = plan_deck(deck, plan, "outbound")
    >>> selling.rate("+911234567890", 61, semantics=semantics).total
    Decimal('0.900000000')
    """
    prices = TelephonyPrices(plan)
    if not prices.is_priced:
        raise ValueError(
            f"the plan {plan.id!r} has no telephony prices; there is no margin on what is not sold"
        )
    rows = _split(deck.rows(), prices).with_columns(
        pl.col("blocked").fill_null(False), serves=serves(direction)
    )
    distinct = rows.select(_Priced._fields).unique(maintain_order=True)
    each = [_Priced(*row) for row in distinct.iter_rows()]
    of = [prices.of(cast("Match", one), direction, one.priced_prefix) for one in each]
    for price, group in zip(of, distinct["network_group"], strict=True):
        if price is not None and price >= _MOST_RUPEES:
            raise MoneyError(
                f"the plan {plan.id!r} prices a minute of {group!r} at {price}, beyond what a deck holds"
            )
    priced = distinct.with_columns(pl.Series("price", of, dtype=MONEY))
    rows = rows.join(priced, on=_Priced._fields, how="left", nulls_equal=True, maintain_order="left")
    # Rows for the other direction only stay such, and are passed over.
    other = "inbound" if direction == "outbound" else "outbound"
    sold = rows.select(
        *_PLACE,
        *_GROUP,
        "country",
        "blocked",
        pl.when("serves").then("price").alias(f"{direction}_rate"),
        pl.when(~pl.col("serves")).then(pl.lit(Decimal(0), MONEY)).alias(f"{other}_rate"),
    )
    # What a plan has of terms is on every row; the fee is no telephony, as those of components are not.
    terms = {"minimum_s": plan.minimum_s, "free_s": plan.free_seconds}
    sold = sold.with_columns(pl.lit(value, pl.UInt32).alias(name) for name, value in terms.items() if value)
    semantics = Semantics(pulse=plan.pulse, part_second=plan.part_second, decimals=9)
    return RateDeck.compile(sold, keep_sources=False), semantics


def _split(rows: pl.DataFrame, prices: TelephonyPrices) -> pl.DataFrame:
    """A deck's rows with ``priced_prefix``; again for each prefix within one of theirs that a plan prices."""
    more, has = [], set(rows["prefix"])
    for prefix in (one for one in prices.prefixes if one not in has):
        parents = [prefix[:length] for length in range(len(prefix), 0, -1) if prefix[:length] in has]
        if not parents:
            continue
        of_parent = rows.filter((pl.col("prefix") == parents[0]) & ~pl.col("exact_match").fill_null(False))
        if of_parent.select(pl.any_horizontal(pl.col("valid_from", "valid_to").is_not_null()).any()).item():
            raise ConfigError(
                f"the plan prices the prefix {prefix}, and prices of {parents[0]} in the deck begin and end;"
                " a margin of both cannot be counted: give the deck a row for it"
            )
        more.append(of_parent.with_columns(prefix=pl.lit(prefix)))
    rows = pl.concat([rows, *more]) if more else rows
    names = {one: prices.prefix_of(one) for one in set(rows["prefix"])}
    return rows.with_columns(priced_prefix=pl.col("prefix").replace_strict(names, return_dtype=pl.String))


def plan_rates(deck: Rates, plan: BillingPlan, direction: Direction) -> tuple[Rates, Semantics]:
    """`plan_deck` of a deck, or of each deck of a book, which stays a book of the same instants."""
    if not isinstance(deck, DeckBook):
        return plan_deck(in_force(deck, None), plan, direction)
    made = [(one, plan_deck(one.deck, plan, direction)) for one in deck]
    book = DeckBook((one.valid_from, selling, one.known_from) for one, (selling, _) in made)
    return book, made[0][1][1]
