"""Providers compared by what calls really cost, at every prefix that one of them has (R53)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing.billing.billing_report import Report
from dialnexa_routing.billing.costs import costs
from dialnexa_routing.billing.offered import calls_told
from dialnexa_routing.money.rupees import grouped
from dialnexa_routing.sheets.study import study_tables as tables
from dialnexa_routing.sheets.study.in_force import E164_DIGITS
from dialnexa_routing.sheets.study.prefix_keys import key, prefix_of
from dialnexa_routing.sheets.study.regions import regions
from dialnexa_routing.text.errors import UnknownNameError
from dialnexa_routing.text.forked import refuse_after_fork
from dialnexa_routing.text.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime
    from fractions import Fraction

    from dialnexa_routing.billing.costs import Costs
    from dialnexa_routing.billing.offered import Meanings
    from dialnexa_routing.deck.rates import Rates
    from dialnexa_routing.money.call_words import Direction

_PLACE = ("prefix", "exact_match")


@dataclass(frozen=True, repr=False, eq=False)
class Comparison(Report):
    """What each provider asks for the same calls, at every prefix.

    A row of `rows` speaks for numbers that begin with its ``prefix`` and with no longer one of any
    deck; with ``exact_match`` for that one number. ``country_iso`` and ``network_group`` are those of the
    current provider, or of the first deck that answers. ``cheapest`` asks ``cost``, ``next`` as
    the second cheapest ``next_cost``, and ``saving`` lies between; ``current_saving`` is what changing
    from the current provider to the cheapest saves. ``headline`` is the provider of the lowest rate
    (of equal ones the cheaper); where it ``misleads``, it asks ``extra`` more than the cheapest.
    For each provider there are ``cost_...`` and ``reason_...``, why there is no cost.

    Amounts are INR of all the calls together. They are shown to nine places and compared as they
    are: what is cheaper by less is still cheaper. Ties go to the provider first by name. Where nobody
    has a price, ``cheapest`` is null.

    Attributes:
        current: the provider in use, if one was named.
        rows: a row a prefix, by prefix.
    """

    at: datetime | None
    direction: Direction
    current: str | None
    rows: pl.DataFrame
    _costs: Costs

    @property
    def providers(self) -> tuple[str, ...]:
        """By name."""
        return self._costs.providers

    @property
    def calls(self) -> Mapping[int, int]:
        """How many of each duration in seconds."""
        return self._costs.calls

    def cost(self, prefix: str, provider: str, *, exact_match: bool = False) -> Fraction | None:
        """The exact cost at a prefix of `rows`; None where the provider has no price.

        Raises:
            UnknownNameError: there is no such row or provider.
        """
        _known(provider, self.providers)
        whole = exact_match or len(prefix) == E164_DIGITS
        key_of = pl.DataFrame({"prefix": [prefix]}).select(key("prefix"))["key"][0]
        row = self._costs.places.filter(pl.col("key") == key_of, pl.col("exact") == whole)
        if not row.height:
            raise UnknownNameError(f"there is no row for {prefix}; take one of `rows`")
        place = row[str(self.providers.index(provider))].struct.field("cost")[0]
        return None if place is None else self._costs.amounts[place]

    @cached_property
    def merged(self) -> pl.DataFrame:
        """`rows` as few prefixes: neighbours with the same answer together, less ``except_prefixes``."""
        said = [name for name in self.rows.columns if name not in _PLACE]
        answers = self.rows.select(said).unique(maintain_order=True).with_row_index("term", offset=1)
        longest = pl.col("prefix").str.len_bytes() == E164_DIGITS
        rows = self.rows.join(answers, on=said, how="left", nulls_equal=True).select(
            key("prefix"), "term", exact=pl.col("exact_match") & ~longest
        )
        found = regions(rows.clear(), rows).join(answers, left_on="new", right_on="term", how="left")
        without = [
            pl.col(name).list.eval(prefix_of(pl.element())).list.sort().fill_null([])
            for name in ("except_prefixes", "except_numbers")
        ]
        merged = found.select(
            prefix_of(pl.col("key")).alias("prefix"), pl.col("exact").alias("exact_match"), *without, *said
        )
        return merged.sort(_PLACE)

    @cached_property
    def by_group(self) -> pl.DataFrame:
        """A row a network group and provider that is cheapest in it: on how many prefixes, at what cost."""
        keys = ["country_iso", "network_group"]
        found = self.rows.group_by(*keys, "cheapest").agg(
            prefixes=pl.len().cast(pl.Int64),
            least_cost=pl.col("cost").min(),
            greatest_cost=pl.col("cost").max(),
            greatest_saving=pl.col("saving").max(),
            **({"greatest_current_saving": pl.col("current_saving").max()} if self.current else {}),
            misleading=pl.col("misleads").sum().cast(pl.Int64),
        )
        order = [*keys, pl.col("cheapest").is_null(), -pl.col("prefixes"), "cheapest"]
        return found.sort(order, nulls_last=True)

    @property
    def misleading(self) -> pl.DataFrame:
        """`rows` where the lowest rate is not the lowest cost, the dearest mistake first."""
        return self.rows.filter("misleads").sort("extra", *_PLACE, descending=[True, False, False])

    @property
    def counts(self) -> dict[str, Any]:
        """Prefixes: all, by their cheapest provider, without any price, where the headline misleads."""
        won = dict(self.rows["cheapest"].drop_nulls().value_counts().iter_rows())
        return {
            "prefixes": self.rows.height,
            "cheapest": {provider: won.get(provider, 0) for provider in self.providers},
            "unpriced": self.rows["cheapest"].null_count(),
            "misleading": int(self.rows["misleads"].sum()),
        }

    def to_dict(self, rows: int | None = None) -> dict[str, Any]:
        """As plain data, amounts as text; `rows` is how many of each frame at most."""
        return {
            "providers": list(self.providers),
            "current": self.current,
            "direction": self.direction,
            "at": self.at.isoformat() if self.at else None,
            "calls": sum(self.calls.values()),
            "seconds": {str(duration): calls for duration, calls in self.calls.items()},
            "counts": self.counts,
            "by_group": tables.plain_rows(self.by_group, rows),
            "prefixes": tables.plain_rows(self.merged, rows),
        }

    def lines(self) -> list[str]:
        """The comparison in words."""
        of = self.counts
        when = f" at {self.at.isoformat()}" if self.at else ""
        won = ", ".join(f"{provider} on {grouped(prefixes)}" for provider, prefixes in of["cheapest"].items())
        lines = [
            f"{self.direction}{when}, {calls_told(self.calls)}",
            f"{grouped(of['prefixes'])} prefixes; cheapest: {won}; nobody on {grouped(of['unpriced'])}",
        ]
        if self.current:
            better = grouped(int(self.rows["switch"].sum()))
            lines.append(f"now {self.current}; another is cheaper, or the only one, on {better}")
        if of["misleading"]:
            lines.append(f"the lowest rate is not the lowest cost on {grouped(of['misleading'])}")
        return lines

    def frames(self) -> dict[str, pl.DataFrame]:
        """By group, and where the headline misleads."""
        wrong = self.misleading.select(
            "prefix", "network_group", "headline", "headline_cost", "cheapest", "cost", "extra"
        )
        return {"by network group, INR": self.by_group, "where the lowest rate misleads, INR": wrong}


def compare(
    decks: Mapping[str, Rates],
    *,
    seconds: int | Mapping[int, int],
    at: datetime | None = None,
    direction: Direction = "outbound",
    semantics: Meanings = None,
    current: str | None = None,
    within: str = "",
    countries: Collection[str] | None = None,
) -> Comparison:
    """What each provider asks for the same calls, at every prefix that one of them has.

    Args:
        decks: by provider.
        seconds: a duration, or calls by their whole seconds, as of `histogram`.
        at: time of the calls, with a zone; a must for dated decks.
        direction: which of the two rates.
        semantics: how each provider counts, by provider; or one for all.
        current: the provider in use, against which savings are reported.
        within: only prefixes that begin with these digits, and these digits themselves.
        countries: only prefixes of these countries, by ISO code.

    Raises:
        ValueError: no deck, no call, a duration or count that cannot be, `within` is no digits.
        UnknownNameError: `current` has no deck.
        DeckTimeError: a deck is dated and there is no `at` (R50).

    >>> from dialnexa_routing import RateDeck
    >>> from dialnexa_routing.deck.canonical_columns import MONEY
    >>> def deck(rate: str, increment: int) -> RateDeck:
    ...     row = pl.DataFrame({"prefix": ["91"], "network_group": ["India"], "outbound_rate": [rate]})
    ...     row = row.with_columns(initial_increment_s=pl.lit(increment, pl.UInt32))
    ...     return RateDeck.compile(row.cast({"outbound_rate": MONEY}))
    >>> found = compare({"minutes": deck("0.50", 60), "seconds": deck("0.75", 1)}, seconds=61)
    >>> found.rows.select("prefix", "cheapest", "saving", "headline", "misleads").row(0)
    ('91', 'seconds', Decimal('0.237500000'), 'minutes', True)
    """
    refuse_after_fork()
    if current is not None:
        _known(current, tuple(decks))
    found = costs(decks, seconds, at=at, direction=direction, semantics=semantics, within=within)
    names = found.providers
    first = [current] if current is not None else []
    naming = [names.index(name) for name in dict.fromkeys([*first, *decks])]
    rows = _rows(found, naming, None if current is None else names.index(current))
    if countries is not None:
        rows = rows.filter(pl.col("country_iso").is_in(list(countries)))
    return Comparison(at, direction, current, rows, found)


def _known(provider: str, providers: Sequence[str]) -> None:
    if provider not in providers:
        raise UnknownNameError(f"there is no provider {provider!r}{nearest(provider, list(providers))}")


def _rows(found: Costs, naming: Sequence[int], current: int | None) -> pl.DataFrame:
    """Places of amounts as rows that name providers and amounts."""
    providers = range(len(found.providers))
    count, most = len(found.providers), len(found.amounts) + 1
    at = {number: pl.col(str(number)).struct for number in providers}
    # Place and provider as one number: the least is the cheapest, and of equals the first by name.
    ranked = pl.concat_list(at[one].field("cost") * count + one for one in providers)
    by_rate = [(at[one].field("headline") * most + at[one].field("cost")) * count + one for one in providers]
    named = pl.coalesce(
        pl.when(at[one].field("network_group").is_not_null()).then(pl.lit(one)) for one in naming
    )
    ordered = found.places.with_columns(
        ranked=ranked.list.drop_nulls().list.sort(), headline=pl.min_horizontal(by_rate), named=named
    ).with_columns(
        best=pl.col("ranked").list.get(0, null_on_oob=True),
        second=pl.col("ranked").list.get(1, null_on_oob=True),
    )
    here = None if current is None else at[current].field("cost")
    ordered = ordered.with_columns(
        best_cost=pl.col("best") // count,
        second_cost=pl.col("second") // count,
        headline_cost=pl.col("headline") // count % most,
        current_cost=pl.lit(None, pl.UInt64) if here is None else here,
    )
    for name in ("second", "headline", "current"):
        ordered = found.with_difference(ordered, f"{name}_cost", "best_cost", f"{name}_more")
    names = pl.Series(found.providers)

    def provider(ranked: str) -> pl.Expr:
        return pl.lit(names).gather(pl.col(ranked) % count)

    def of_named(field: str) -> pl.Expr:
        return pl.coalesce(pl.when(pl.col("named") == one).then(at[one].field(field)) for one in naming)

    beside = {
        "current_cost": found.amount("current_cost"),
        "current_saving": pl.col("current_more"),
        "switch": (pl.col("current_cost") > pl.col("best_cost")).fill_null(pl.col("best").is_not_null()),
    }
    each = {
        name: expr
        for one, provider_name in enumerate(found.providers)
        for name, expr in {
            f"cost_{provider_name}": found.amount(at[one].field("cost")),
            f"reason_{provider_name}": at[one].field("reason"),
        }.items()
    }
    return ordered.select(
        prefix_of(pl.col("key")).alias("prefix"),
        pl.col("exact").alias("exact_match"),
        country_iso=of_named("country_iso"),
        network_group=of_named("network_group"),
        cheapest=provider("best"),
        cost=found.amount("best_cost"),
        next=provider("second"),
        next_cost=found.amount("second_cost"),
        saving=pl.col("second_more"),
        **({} if current is None else beside),
        headline=provider("headline"),
        headline_cost=found.amount("headline_cost"),
        extra=pl.col("headline_more"),
        misleads=(pl.col("headline_cost") > pl.col("best_cost")).fill_null(False),
        **each,
    ).sort(_PLACE)
