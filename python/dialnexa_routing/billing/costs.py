"""What calls cost at every prefix of several decks: exact, and compared by whole numbers.

Distinct terms are few where prefixes are many. So each distinct terms are priced once, as a ratio;
all the amounts are put in order, and what stands at a prefix is the place of its amount in that
order: of two places the lower one is cheaper, of equal places the cost is the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.billing.amount import shown
from dialnexa_routing.billing.offered import exact_cost, histogram_of, semantics_for
from dialnexa_routing.clock.wall_clock import microseconds
from dialnexa_routing.deck.canonical_columns import SHEET
from dialnexa_routing.deck.exact_columns import WIDEST
from dialnexa_routing.deck.rate_deck import RateDeck
from dialnexa_routing.deck.rates import in_force
from dialnexa_routing.money.exact import PLACES
from dialnexa_routing.money.reason import Reason
from dialnexa_routing.sheets.study.in_force import E164_DIGITS, rows_in_force, serves
from dialnexa_routing.sheets.study.prefix_keys import digits_of, key, nearest, prefix_of
from dialnexa_routing.text.errors import DeckTimeError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from dialnexa_routing.billing.offered import Meanings
    from dialnexa_routing.deck.rates import Rates
    from dialnexa_routing.money.call_words import Direction
    from dialnexa_routing.money.semantics import Semantics

MONEY = pl.Decimal(WIDEST, PLACES)
"""Amounts of many calls together."""

DIRECTIONS = ("outbound", "inbound")
_WITHIN = re.compile(r"([1-9][0-9]{0,14})?")
_SHAPE = ("initial_increment_s", "next_increment_s", "minimum_s", "grace_s", "free_s")
_TERMS = (*_SHAPE, "rate", "rate_unit_s", "connect_fee", "min_charge", "max_charge", "blocked", "schedule")
_FIRST = 10**9
"""Terms are priced as the prefixes from here on, all of one length, none of which begins another."""


@dataclass(frozen=True)
class Costs:
    """What each provider asks at each prefix.

    Attributes:
        providers: by name; ties go to the earlier one.
        calls: how many of each duration in seconds.
        places: ``key`` (see `prefix_keys`), ``exact`` for whole numbers, and for each provider by its
            number from 0 on a struct: ``cost`` and ``headline``, places in the amounts or null;
            ``country_iso``, ``network_group``, ``reason``.
        amounts: INR of all the calls, in order.
        headlines: INR per minute by the rate alone, in order.
    """

    providers: tuple[str, ...]
    calls: Mapping[int, int]
    places: pl.DataFrame
    amounts: tuple[Fraction, ...]
    headlines: tuple[Fraction, ...]

    def amount(self, place: str | pl.Expr) -> pl.Expr:
        """The amounts at a column of places, to nine places; null where there is none."""
        return pl.lit(self._shown).gather(place)

    @cached_property
    def _shown(self) -> pl.Series:
        return pl.Series([shown(amount) for amount in self.amounts], dtype=MONEY)

    def with_difference(self, frame: pl.DataFrame, high: str, low: str, name: str) -> pl.DataFrame:
        """A frame with the amounts of one column of places less those of another: exact, then shown."""
        pairs = frame.select(high, low).unique().drop_nulls()
        more = [shown(self.amounts[one] - self.amounts[other]) for one, other in pairs.iter_rows()]
        pairs = pairs.with_columns(pl.Series(name, more, dtype=MONEY))
        return frame.join(pairs, on=[high, low], how="left", maintain_order="left")


def costs(
    decks: Mapping[str, Rates],
    seconds: int | Mapping[int, int],
    *,
    at: datetime | None,
    direction: Direction,
    semantics: Meanings,
    within: str = "",
) -> Costs:
    """Price calls at every prefix that one of the decks has, and at `within` itself.

    A prefix stands for numbers that begin with it and with no longer prefix of any deck. Prefixes
    that begin with 0 are those of no number (R1) and are left out.

    Raises:
        ValueError: no deck, no call, a duration or count that cannot be, `within` is no digits.
        DeckTimeError: a deck is dated and there is no `at` (R50).
    """
    histogram = histogram_of(seconds)
    if not decks:
        raise ValueError("there are no decks; pass at least one by its provider")
    if direction not in DIRECTIONS:
        raise ValueError(f"direction is {direction!r}; it is 'outbound' or 'inbound'")
    if not _WITHIN.fullmatch(within):
        raise ValueError(f"within is {within!r}; it is 1 to 15 digits, the first of them not 0")
    providers = tuple(sorted(decks))
    sheets, priced = [], []
    for provider in providers:
        rows = _rows(in_force(decks[provider], at), at, direction)
        terms = rows.select(_TERMS).unique(maintain_order=True).with_row_index("term")
        sheets.append(rows.join(terms, on=_TERMS, how="left", nulls_equal=True, maintain_order="left"))
        priced.append(_priced(terms, histogram, at, direction, semantics_for(provider, semantics)))
    amounts = _in_order(cost for found in priced for cost, _ in found if isinstance(cost, Fraction))
    headlines = _in_order(rate for found in priced for _, rate in found if rate is not None)
    places = _asked(sheets, within)
    for number, (rows, found) in enumerate(zip(sheets, priced, strict=True)):
        terms = pl.DataFrame(
            {
                "term": range(len(found)),
                "cost": [amounts.get(cost) if isinstance(cost, Fraction) else None for cost, _ in found],
                "headline": [None if rate is None else headlines[rate] for _, rate in found],
                "reason": [str(cost) if isinstance(cost, Reason) else None for cost, _ in found],
            },
            schema={"term": pl.UInt32, "cost": pl.UInt64, "headline": pl.UInt64, "reason": pl.String},
        )
        places = places.with_columns(_answers(places, rows, terms).alias(str(number)))
    return Costs(providers, histogram, places, tuple(amounts), tuple(headlines))


def _rows(deck: RateDeck, at: datetime | None, direction: Direction) -> pl.DataFrame:
    """The rows that answer, by their keys; what is stated for whole numbers apart."""
    if at is None and deck.is_dated:
        raise DeckTimeError("a deck has prices that hold only at times; pass at=, a time with a zone (R50)")
    sheet = deck.rows().with_columns(origin=pl.lit(None, pl.String))
    rows = rows_in_force(sheet, at, None).filter(serves(direction), ~pl.col("prefix").str.starts_with("0"))
    return rows.select(
        key("prefix"),
        "country_iso",
        "network_group",
        *_SHAPE,
        "rate_unit_s",
        "connect_fee",
        "min_charge",
        "max_charge",
        pl.col("blocked").fill_null(False),
        exact=pl.col("exact_match").fill_null(False),
        rate=f"{direction}_rate",
        # Outbound prices only, as in a deck.
        schedule=pl.col("schedule") if direction == "outbound" else pl.lit(None, pl.String),
    )


def _asked(sheets: Sequence[pl.DataFrame], within: str) -> pl.DataFrame:
    """The keys of all prefixes and whole numbers that begin with some digits, and of these digits."""
    whole = pl.col("exact") | (digits_of(pl.col("key")) == E164_DIGITS)
    asked = pl.concat(rows.select("key", exact=whole) for rows in sheets)
    if within:
        own = pl.DataFrame({"key": [int(f"1{within}")], "exact": [len(within) == E164_DIGITS]})
        inside = asked.filter(prefix_of(pl.col("key")).str.starts_with(within))
        asked = pl.concat([inside, own.cast({"key": pl.UInt64})])
    return asked.unique()


def _answers(places: pl.DataFrame, rows: pl.DataFrame, terms: pl.DataFrame) -> pl.Series:
    """What one deck answers at each place, in order: a whole number's own row, or the longest prefix."""
    rows = rows.with_row_index("row")
    numbers = rows.filter("exact").select("key", "exact", own="row")
    prefixes = rows.filter(~pl.col("exact")).select("row", above="key")
    found = nearest(places["key"], prefixes["above"]).join(prefixes, on="above").drop("above")
    answered = (
        places.select("key", "exact")
        .join(found, on="key", how="left", maintain_order="left")
        .join(numbers, on=["key", "exact"], how="left", maintain_order="left")
        .select(row=pl.coalesce("own", "row"))
        .join(rows, on="row", how="left", maintain_order="left")
        .join(terms, on="term", how="left", maintain_order="left")
    )
    reason = pl.when(pl.col("row").is_null()).then(pl.lit(str(Reason.UNSUPPORTED_PREFIX))).otherwise("reason")
    return answered.select(
        "cost", "headline", "country_iso", "network_group", reason.alias("reason")
    ).to_struct()


def _in_order(amounts: object) -> dict[Fraction, int]:
    """Distinct amounts, the least first, with their places."""
    return {amount: place for place, amount in enumerate(sorted(set(amounts)))}  # type: ignore[call-overload]


def _priced(
    terms: pl.DataFrame,
    histogram: Mapping[int, int],
    at: datetime | None,
    direction: Direction,
    semantics: Semantics,
) -> list[tuple[Fraction | Reason, Fraction | None]]:
    """The exact cost of the calls at each of the terms, and the headline rate a minute.

    They are rated as a deck is, so that this is the charge and not something like it. Without bounds
    a charge is ``rate * billed + fee``: what is billed, and how often the fee is due, is the same
    for all terms of one shape, and is asked once for each; schedules have no shape. The longest call
    is still rated at each of the terms, for it alone can be too much (R48).
    """
    if not terms.height:
        return []
    deck = _deck_of(terms, direction)
    shapes: dict[tuple[object, ...], tuple[int, int, int] | None] = {}
    found: list[tuple[Fraction | Reason, Fraction | None]] = []
    for row in terms.iter_rows(named=True):
        number = str(_FIRST + row["term"])
        rate = None if row["rate"] is None or row["blocked"] else Fraction(row["rate"]) / row["rate_unit_s"]
        fee = Fraction(row["connect_fee"] or 0)
        headline = None if rate is None else rate * 60
        shape = (*(row[name] for name in _SHAPE), fee > 0)
        is_bounded = bool(row["min_charge"]) or row["max_charge"] is not None
        counted = None if rate is None or is_bounded else shapes.get(shape)
        asked = histogram if counted is None else {counted[2]: 0}
        cost = exact_cost(deck, number, asked, at=at, direction=direction, semantics=semantics)
        if isinstance(cost, Fraction) and rate is not None and not is_bounded:
            if counted is None:
                shapes[shape] = _counted(deck, number, histogram, at, direction, semantics, rate, fee, cost)
            else:
                cost = rate * counted[0] + fee * counted[1]
        found.append((cost, headline))
    return found


def _counted(
    deck: RateDeck,
    number: str,
    histogram: Mapping[int, int],
    at: datetime | None,
    direction: Direction,
    semantics: Semantics,
    rate: Fraction,
    fee: Fraction,
    cost: Fraction,
) -> tuple[int, int, int]:
    """Seconds billed, fees due and the duration billed longest, of calls whose cost is known."""
    core, when = semantics.core, None if at is None else microseconds(at)
    billed = {
        one: deck._core.rate_one(number, one, 1, when, direction, core, True)[1] or 0 for one in histogram
    }
    seconds = sum(billed[one] * calls for one, calls in histogram.items())
    return seconds, int((cost - rate * seconds) / fee) if fee else 0, max(billed, key=lambda one: billed[one])


def _deck_of(terms: pl.DataFrame, direction: Direction) -> RateDeck:
    """A deck with a prefix for each of the terms."""
    stated = [*_SHAPE, "rate_unit_s", "connect_fee", "min_charge", "max_charge", "blocked", "schedule"]
    rows = terms.select(
        pl.col(stated),
        (pl.col("term").cast(pl.Int64) + _FIRST).cast(pl.String).alias("prefix"),
        pl.lit("terms").alias("network_group"),
        pl.col("rate").cast(SHEET[f"{direction}_rate"]).alias(f"{direction}_rate"),
    )
    return RateDeck.compile(rows, keep_sources=False)
