"""What rounding does to a bill: the exact total of calls, the rounded one, and what lies between.

A charge is rounded once, a call (R48). Over many calls these roundings add up to more or less than
what the rates come to; a drift report says how much, for the whole and for each network group, and
what other roundings would have given. The exact total is a ratio of whole numbers, never a float.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Unpack

import polars as pl

from dialnexa_routing.billing import amount
from dialnexa_routing.billing.billing_report import Report
from dialnexa_routing.billing.call_columns import (
    CallColumns,
    differs_from_held,
    has_answer_times,
    refuse_held,
)
from dialnexa_routing.billing.costs import MONEY
from dialnexa_routing.deck.exact_columns import WIDEST
from dialnexa_routing.money.exact import NANO, PLACES, plus, rounded
from dialnexa_routing.money.reason import Reason
from dialnexa_routing.money.rupees import grouped, rupees
from dialnexa_routing.money.semantics import Rounding, Semantics
from dialnexa_routing.records.rated_sums import refused_by_reason, summed, whole_of
from dialnexa_routing.sheets.study import study_tables as tables
from dialnexa_routing.text.errors import RecordError
from dialnexa_routing.text.forked import refuse_after_fork

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from dialnexa_routing.billing.call_columns import ColumnOptions
    from dialnexa_routing.deck.rates import Rates

_FIELDS = (
    "network_group",
    "country_iso",
    "billed_seconds",
    "charge",
    "exact_numerator",
    "exact_denominator",
    "reason",
)


@dataclass(frozen=True, slots=True)
class GroupDrift:
    """The calls of one network group: INR as billed, and exactly."""

    country_iso: str | None
    network_group: str
    calls: int
    billed_seconds: int
    rounded: Decimal
    exact: Fraction

    @property
    def difference(self) -> Fraction:
        """INR that rounding added; below zero what it took away."""
        return Fraction(self.rounded) - self.exact


@dataclass(frozen=True, repr=False, eq=False)
class Drift(Report):
    """Calls as billed and as their rates say.

    Attributes:
        calls: those that have a charge.
        refused: the others, counted by reason (R51).
        exact: INR before any rounding.
        rounded: INR of the charges, each rounded once.
        otherwise: INR that other roundings would have given, by what was rounded and how.
        groups: the same by network group, the greatest difference first.
    """

    calls: int
    refused: Mapping[str, int]
    exact: Fraction
    rounded: Decimal
    otherwise: Mapping[str, Decimal]
    groups: tuple[GroupDrift, ...]
    semantics: Semantics

    @property
    def difference(self) -> Fraction:
        """INR that rounding added; below zero what it took away."""
        return Fraction(self.rounded) - self.exact

    @property
    def by_group(self) -> pl.DataFrame:
        """`groups` as a frame; exact amounts to the nearest nano-rupee."""
        kinds = {
            "country_iso": pl.String(),
            "network_group": pl.String(),
            "calls": pl.Int64(),
            "billed_seconds": pl.Int64(),
            "rounded": pl.Decimal(WIDEST, self.semantics.decimals),
            "exact": MONEY,
            "difference": MONEY,
        }
        rows = [
            [
                *(getattr(one, name) for name in list(kinds)[:5]),
                amount.shown(one.exact),
                amount.shown(one.difference),
            ]
            for one in self.groups
        ]
        return pl.DataFrame(rows, schema=kinds, orient="row")

    def to_dict(self) -> dict[str, Any]:
        """As plain data: amounts as text, exact ones as ratios."""
        names = ("country_iso", "network_group", "calls", "billed_seconds")
        return {
            "calls": self.calls,
            "refused": dict(self.refused),
            **_amounts(self),
            "otherwise": {name: f"{total:f}" for name, total in self.otherwise.items()},
            "by_group": [
                {name: getattr(group, name) for name in names} | _amounts(group) for group in self.groups
            ],
        }

    def lines(self) -> list[str]:
        """The totals in words."""
        how = f"{self.semantics.rounding} to {self.semantics.decimals} places"
        lines = [
            f"{grouped(self.calls)} calls, each rounded {how}: {rupees(self.rounded)}",
            f"exactly {amount.told(self.exact)}; the difference is {amount.told(self.difference)}",
        ]
        lines += [f"{name}: {rupees(total)}" for name, total in self.otherwise.items()]
        if self.refused:
            lines.append(f"without a charge: {tables.sentence(self.refused)}")
        return lines

    def frames(self) -> dict[str, pl.DataFrame]:
        """`by_group`."""
        return {"drift by group": self.by_group}


def drift(
    calls: pl.DataFrame | pl.LazyFrame,
    *,
    deck: Rates,
    semantics: Semantics | dict[str, Any] | None = None,
    **columns: Unpack[ColumnOptions],
) -> Drift:
    """How far the rounded charges of calls are from what the rates come to exactly (R48).

    The calls are rated anew. Those that carry a rating already, ``charge`` and ``deck_digest``, must
    carry this one. Nothing is read row by row in Python: the exact amounts are ratios, whose whole
    nano-rupees are added up, and what is left of one for each denominator.

    Args:
        calls: a frame or lazy frame of call records, rated or not.
        deck: what they are, or were, rated with.
        semantics: how seconds and charge are counted.
        columns: `number`, `seconds`, `answered_at`, `ended_at`, `direction`, `timezone`, as of
            `dialnexa_routing.records.rate`.

    Raises:
        RecordError: a column is missing, the calls were rated in another way, or the exact amount of one
            is a ratio of more digits than a column holds.

    A call of a thousand million rupees and more has no nine places; it counts as ``overflow``.

    >>> from dialnexa_routing import RateDeck
    >>> rows = pl.DataFrame({"prefix": ["91"], "network_group": ["India"], "outbound_rate": ["0.7425"]})
    >>> deck = RateDeck.compile(rows.with_columns(pl.col("outbound_rate").str.to_decimal(scale=9)))
    >>> found = drift(pl.DataFrame({"to": ["+919812345678"] * 4, "seconds": [60] * 4}), deck=deck)
    >>> found.rounded, found.exact, found.difference
    (Decimal('2.96'), Fraction(297, 100), Fraction(-1, 100))
    """
    refuse_after_fork()
    meaning = Semantics.of(semantics)
    lazy = calls.lazy()
    names = lazy.collect_schema().names()
    asked = CallColumns.of(names, **columns)
    has_answer_times(deck, asked)
    others = _others(meaning)
    highest = _rounding(meaning, Rounding.UP, PLACES)
    passes = {"?highest": highest} | {f"?{name}": one for name, one in others.items()}
    fresh = pl.col("?call").struct.field
    is_rated = pl.col("?highest").is_not_null()
    reason = pl.coalesce(fresh("reason"), pl.lit(str(Reason.OVERFLOW)))
    above, below = (fresh(f"exact_{name}").cast(pl.Int128) for name in ("numerator", "denominator"))
    rated = lazy.with_columns(
        asked.rated(deck, meaning, _FIELDS).alias("?call"),
        **{name: asked.rated(deck, one, "charge") for name, one in passes.items()},
    )
    groups = summed(
        rated,
        [
            fresh("country_iso"),
            fresh("network_group"),
            fresh("exact_denominator"),
            pl.when(~is_rated).then(reason).alias("reason"),
        ],
        counts={"beyond": is_rated & above.is_null()},
        seconds={"billed_seconds": fresh("billed_seconds")},
        amounts={
            "rounded": (fresh("charge").filter(is_rated), meaning.decimals),
            **{
                f"?{name}": (pl.col(f"?{name}").filter(is_rated), one.decimals)
                for name, one in others.items()
            },
        },
        also=[
            (above // below).filter(is_rated).sum().alias("whole"),
            (above % below).filter(is_rated).sum().alias("part"),
            differs_from_held(names, deck, fresh("charge")).alias("held"),
        ],
    ).collect(engine="streaming")
    refuse_held(int(groups["held"].sum()))
    if beyond := int(groups["beyond"].sum()):
        raise RecordError(
            f"{beyond} calls come to ratios of more than 38 digits, or over more than 64 bits, which are not"
            " added up here: ask RateDeck.explain for one of them, or leave them out"
        )
    return _added(groups, meaning, others)


def _added(groups: pl.DataFrame, meaning: Semantics, others: Mapping[str, Semantics]) -> Drift:
    """Sums by group, denominator and reason as one report."""
    rated = groups.filter(pl.col("reason").is_null())
    by_group: dict[tuple[str, str], GroupDrift] = {}
    for row in rated.iter_rows(named=True):
        country, group = row["country_iso"], row["network_group"] or ""
        exact = (row["whole"] + Fraction(row["part"], row["exact_denominator"])) / NANO
        before = by_group.get((country or "", group))
        by_group[country or "", group] = GroupDrift(
            country,
            group,
            row["calls"] + (before.calls if before else 0),
            row["billed_seconds"] + (before.billed_seconds if before else 0),
            plus(row["rounded"], before.rounded) if before else row["rounded"],
            exact + (before.exact if before else 0),
        )
    exact = sum((group.exact for group in by_group.values()), Fraction(0))
    once = f"the whole rounded once, {meaning.rounding} to {meaning.decimals} places"
    return Drift(
        calls=sum(group.calls for group in by_group.values()),
        refused=dict(refused_by_reason(groups).iter_rows()),
        exact=exact,
        rounded=whole_of(rated, "rounded"),
        otherwise={name: whole_of(rated, f"?{name}") for name in others}
        | {once: rounded(exact, meaning.decimals, meaning.rounding)},
        groups=tuple(
            sorted(
                by_group.values(),
                key=lambda one: (-abs(one.difference), one.country_iso or "", one.network_group),
            )
        ),
        semantics=meaning,
    )


def _others(meaning: Semantics) -> dict[str, Semantics]:
    """Every other rounding to as many places, and the same one to four, or of four to two."""
    ways = [(way, meaning.decimals) for way in Rounding if way is not meaning.rounding]
    ways.append((meaning.rounding, 2 if meaning.decimals == 4 else 4))
    return {f"each call {way} to {places} places": _rounding(meaning, way, places) for way, places in ways}


def _rounding(meaning: Semantics, way: Rounding, places: int) -> Semantics:
    return meaning.model_copy(update={"rounding": way, "decimals": places})


def _amounts(one: Drift | GroupDrift) -> dict[str, str | None]:
    return {
        "rounded": f"{one.rounded:f}",
        "exact": amount.plain(one.exact),
        "difference": amount.plain(one.difference),
    }
