"""Why a provider's charge is another than ours: found by rating again until the charge comes out.

Each candidate is one re-rating, as columns, of the rows that are still unexplained, with one thing
changed. A row gets the first candidate whose charge is theirs to the last digit. The order:

1. what their row states: their seconds (``duration``), direction, answer time (``price_date``), number
   (``prefix``);
2. ``rounding``: the same exact amount rounded otherwise, or to more places, if they billed our seconds;
3. ``pulse``: other semantics by name, other increments, another meaning of one term; then the seconds
   that they billed, if no increments known give them;
4. ``prefix``: one that we block, then shorter ones, longest first; not where they state our prefix or rate;
5. ``price_date``: another validity of the deck, or another deck; not where they state our rate;
6. ``direction``: the other one, where they state none;
7. all but the second again, with another rounding besides;
8. ``rounding`` to fewer places than ours;
9. ``rounding`` by binary floats of theirs, an amount a hair off.

Of 3 and 5 the candidate that explains most rows comes first, so that one habit of a provider goes by
one name; of equals the one listed first here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing.billing.charged_records import AMOUNT
from dialnexa_routing.billing.re_rating import Candidate, Cause, Fit, Roundings, bounds
from dialnexa_routing.billing.their_floats import Floats
from dialnexa_routing.deck.deck_book import DeckBook, mapped
from dialnexa_routing.deck.rate_deck import RateDeck
from dialnexa_routing.deck.rates import in_force
from dialnexa_routing.money import semantics as policy
from dialnexa_routing.money.semantics import Pulse, Semantics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime
    from enum import StrEnum

    from dialnexa_routing.billing.call_columns import CallColumns
    from dialnexa_routing.deck.rates import Rates

    _Stage = tuple[Callable[[pl.DataFrame], Sequence[Candidate | Roundings | Floats]], bool]
    """What makes candidates for some rows, and whether the commonest of them comes first."""

PULSES = ("1/1", "60/60", "30/30", "60/1", "30/6", "6/6", "60/30", "60/6", "30/1", "20/20", "15/15", "10/10")
"""Increments in use, as tried."""

_MEANINGS: dict[str, type[StrEnum]] = {
    "part_second": policy.PartSecond,
    "increments": policy.Increments,
    "minimum": policy.Minimum,
    "grace": policy.Grace,
    "free_seconds": policy.FreeSeconds,
    "connect_fee": policy.ConnectFee,
    "max_charge": policy.MaxCharge,
}


@dataclass
class Search:
    """Candidates over the rows that differ, stage after stage; see the head of this file."""

    calls: CallColumns
    deck: Rates
    semantics: Semantics
    stated: Iterable[str]
    other_decks: Mapping[str, Rates] = field(default_factory=dict)
    other_semantics: Mapping[str, Semantics] = field(default_factory=dict)
    their_timezone: str | None = None

    @cached_property
    def _unpulsed(self) -> Rates:
        """The deck without increments of its own, so that those of semantics hold."""
        return mapped(self.deck, _unpulsed)

    @cached_property
    def _open(self) -> Rates:
        """The deck with nothing blocked, and without rows for whole numbers, which a cut number could hit."""
        return mapped(self.deck, _open)

    def causes(self, rows: pl.DataFrame) -> pl.DataFrame:
        """``place``, ``cause`` and ``detail`` of the rows that a candidate explains, each once."""
        guesses: list[_Stage] = [
            (self._pulses, True),
            (self._billed, False),
            (self.prefixes, False),
            (self._dates, True),
            (self._directions, False),
        ]
        stated: _Stage = (self._stated, False)
        rounding, coarse = ((self._roundings(to_fewer=fewer), False) for fewer in (False, True))
        found = []
        for fit, stages in (
            (Fit.EXACT, [stated, rounding, *guesses]),
            (Fit.ROUNDED, [stated, *guesses, coarse]),
            (Fit.EXACT, [(self._floats, True)]),
        ):
            for stage, commonest_first in stages:
                explained, rows = self.tried(rows, stage(rows), fit, commonest_first=commonest_first)
                found.append(explained)
        return pl.concat(found)

    def rounded_abroad(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Of rows in another currency: those that are ours but for less than a unit of its last place."""
        foreign = rows.filter(pl.col("their_foreign").is_not_null())
        if foreign.is_empty():
            return foreign.select("place", cause=pl.lit(None, pl.String), detail=pl.lit(None, pl.String))
        exact = bounds(foreign, self.calls, self.deck, self.semantics, {})
        stated = pl.col("their_billed_seconds")
        near = (pl.col("their_exact") - pl.col("low").cast(AMOUNT)).abs() < pl.col("their_unit")
        return (
            foreign.hstack(exact)
            .filter(near & (stated.is_null() | (stated == pl.col("billed_seconds"))))
            .select(
                "place",
                cause=pl.lit(str(Cause.ROUNDING)),
                detail=pl.format("{} {}, rounded in that currency", "their_text", "their_foreign"),
            )
        )

    def tried(
        self,
        rows: pl.DataFrame,
        candidates: Sequence[Candidate | Roundings | Floats],
        fit: Fit,
        *,
        commonest_first: bool = False,
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The rows that candidates explain, with cause and detail, and the others as they were."""
        nothing = pl.lit(None, pl.String)
        if rows.is_empty() or not candidates:
            return rows.clear().select("place", cause=nothing, detail=nothing), rows
        answers = pl.DataFrame(
            [one.explains(rows, self.calls, fit).alias(str(at)) for at, one in enumerate(candidates)]
        )
        order = list(answers.columns)
        if commonest_first:
            order.sort(key=lambda name: (answers[name].null_count(), int(name)))
        causes = [
            pl.when(pl.col(name).is_not_null()).then(pl.lit(str(candidates[int(name)].cause)))
            for name in order
        ]
        answers = answers.select(cause=pl.coalesce(causes), detail=pl.coalesce(order))
        both = rows.select("place").hstack(answers)
        return both.filter(pl.col("cause").is_not_null()), rows.filter(both["cause"].is_null())

    def _stated(self, _: pl.DataFrame) -> list[Candidate]:
        base, zone = (self.deck, self.semantics), self.their_timezone
        changed = {
            "seconds": (Cause.DURATION, "{} s, ours {} s", ("their_seconds", "seconds")),
            "direction": (Cause.DIRECTION, "{}, ours {}", ("their_direction", "direction")),
            "answered_at": (Cause.PRICE_DATE, "answered {}, ours {}", ("their_answered_at", "answered_at")),
            "number": (Cause.PREFIX, "their number leads to prefix {}", ("answer.prefix",)),
        }
        return [
            Candidate(
                cause,
                detail,
                *base,
                told,
                {name: pl.col(f"their_{name}")} | ({"timezone": zone} if name == "answered_at" else {}),
            )
            for name, (cause, detail, told) in changed.items()
            if name in self.stated and (name != "answered_at" or self.calls.answered_at is not None)
        ]

    def _roundings(self, *, to_fewer: bool) -> Callable[[pl.DataFrame], list[Roundings]]:
        return lambda _: [Roundings(self.deck, self.semantics, to_fewer)]

    def _floats(self, _: pl.DataFrame) -> list[Floats]:
        return [Floats(self.deck, self.semantics)]

    def _pulses(self, _: pl.DataFrame) -> list[Candidate]:
        changed: list[tuple[str, Rates, dict[str, Any]]] = [
            (f"{name} {member}".replace("_", " "), self.deck, {name: member})
            for name, members in _MEANINGS.items()
            for member in members
            if member != getattr(self.semantics, name)
        ]
        pulses: list[tuple[str, Rates, dict[str, Any]]] = [
            (f"pulse {pulse}", self._unpulsed, {"pulse": Semantics(pulse=pulse).pulse}) for pulse in PULSES
        ]
        named = [
            Candidate(Cause.PULSE, "semantics {}", self.deck, one, (pl.lit(name),), as_billed=True)
            for name, one in self.other_semantics.items()
        ]
        return named + [
            Candidate(Cause.PULSE, detail, deck, self.semantics.model_copy(update=change), as_billed=True)
            for detail, deck, change in [*pulses, *changed]
        ]

    def _billed(self, _: pl.DataFrame) -> list[Candidate]:
        """Billed seconds that they state and no known increments give."""
        stated = pl.col("their_billed_seconds")
        semantics = self.semantics.model_copy(update={"pulse": Pulse(initial_s=1, next_s=1)})
        detail, told = "{} s billed, ours {} s", ("their_billed_seconds", "billed_seconds")
        changes = {"seconds": stated}
        where = stated != pl.col("billed_seconds")
        return [Candidate(Cause.PULSE, detail, self._unpulsed, semantics, told, changes, where)]

    def prefixes(self, rows: pl.DataFrame) -> list[Candidate]:
        """The number cut shorter and shorter, so that shorter prefixes answer; first of all a blocked one."""
        longest = rows["prefix"].str.len_chars().max()
        digits = pl.col("number").str.strip_prefix("+")
        cuts = [digits.str.head(kept) for kept in range(int(longest or 0) - 1, 0, -1)]  # type: ignore[arg-type]
        where = self._price_is_another() & (pl.col("their_prefix") != pl.col("prefix")).fill_null(True)
        detail, told = "prefix {}, ours {}", ("answer.prefix", "prefix")
        return [
            Candidate(Cause.PREFIX, detail, self._open, self.semantics, told, {"number": number}, where)
            for number in [digits, *cuts]
        ]

    def _dates(self, _: pl.DataFrame) -> list[Candidate]:
        another = self._price_is_another()
        edges = sorted(_edges(self.deck))
        instants = [("price as of {}", edge, edge) for edge in reversed(edges)]
        instants += [("price before {}", edge, edge - timedelta(microseconds=1)) for edge in edges[:1]]
        dated = [
            Candidate(
                Cause.PRICE_DATE,
                detail,
                self.deck,
                self.semantics,
                (pl.lit(edge.isoformat()),),
                {"answered_at": pl.lit(instant)},
                another,
            )
            for detail, edge, instant in instants
        ]
        return dated + [
            Candidate(Cause.PRICE_DATE, "deck {}", deck, self.semantics, (pl.lit(name),), where=another)
            for name, deck in self.other_decks.items()
        ]

    def _directions(self, _: pl.DataFrame) -> list[Candidate]:
        """The other direction, where they do not state theirs."""
        if "direction" in self.stated:
            return []
        return [
            Candidate(
                Cause.DIRECTION,
                "{}, ours {}",
                self.deck,
                self.semantics,
                (pl.lit(way), "direction"),
                {"direction": way},
                self._price_is_another(),
            )
            for way in ("outbound", "inbound")
        ]

    def _price_is_another(self) -> pl.Expr:
        """Whether the price can be the cause: they state none, or not ours."""
        return (pl.col("their_rate") != pl.col("rate").cast(AMOUNT)).fill_null(True)


def _unpulsed(deck: RateDeck) -> RateDeck:
    increments, rows = ["initial_increment_s", "next_increment_s"], deck.rows()
    if rows.select(pl.col(increments).is_null().all()).row(0) == (True, True):
        return deck
    return RateDeck.compile(rows.with_columns(pl.lit(None, pl.UInt32).alias(name) for name in increments))


def _open(deck: RateDeck) -> RateDeck:
    rows = deck.rows()
    left = rows.filter(~pl.col("exact_match"))
    if left.is_empty() or not (left["blocked"].any() or left.height < rows.height):
        return deck
    return RateDeck.compile(left.with_columns(blocked=pl.lit(False)))


def _edges(deck: Rates) -> set[datetime]:
    """The instants at which prices begin or end, and at which the decks of a book do."""
    if isinstance(deck, DeckBook):
        return {edge for one in deck for edge in (one.valid_from, *_edges(one.deck))}
    rows = in_force(deck, None).rows()
    return {edge for name in ("valid_from", "valid_to") for edge in rows[name].drop_nulls()}
