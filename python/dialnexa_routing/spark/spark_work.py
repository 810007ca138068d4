"""What is done to a batch in a worker of Spark: rating, matching, screening. It pickles without a deck."""

from __future__ import annotations

import hashlib
import pickle
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from dialnexa_routing.deck.rates import in_force
from dialnexa_routing.files.column_named import column_named
from dialnexa_routing.plans.prepared_plans import PreparedPlans
from dialnexa_routing.records.rating import rate as rate_records
from dialnexa_routing.workspace.screening.screened_frame import SCREENED

if TYPE_CHECKING:
    from datetime import datetime

    import polars as pl

    from dialnexa_routing.money.call_words import Direction
    from dialnexa_routing.numbers.number_plan import NumberPlan
    from dialnexa_routing.spark.deck_reference import DeckRef
    from dialnexa_routing.workspace.router import Router


class Work(Protocol):
    """What is done to a batch: the columns it reads, and those it adds. Pickles without a deck."""

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns, by name."""
        ...

    def added(self, frame: pl.DataFrame, *, planned: bool = False) -> pl.DataFrame:
        """Only the added columns, a row for each; `planned` is of no rows, before a job."""
        ...


@dataclass(frozen=True)
class Rating:
    """`records.rate` of a batch."""

    reads: tuple[str, ...]
    deck: DeckRef
    options: dict[str, Any]

    def added(self, frame: pl.DataFrame, *, planned: bool = False) -> pl.DataFrame:
        """The columns that rating adds."""
        deck = self.deck.planned() if planned else self.deck.open()
        rated = rate_records(frame, deck=deck, **(self.options if planned else self.prepared()))
        there = set(frame.columns)
        return rated.select([name for name in rated.columns if name not in there])

    def prepared(self) -> dict[str, Any]:
        """The options, with plans prepared once in a process."""
        if self.options.get("plans") is None:
            return self.options
        key = (self.deck.digest, _named(self.options))
        if key not in _PREPARED:
            while len(_PREPARED) >= _MOST_PREPARED:
                _PREPARED.popitem(last=False)
            plans, workspaces = self.options["plans"], self.options.get("workspaces")
            made = PreparedPlans(self.deck.open(), plans, workspaces)
            rest = {
                name: value for name, value in self.options.items() if name not in ("plans", "workspaces")
            }
            _PREPARED[key] = rest | {"plans": made}
        return _PREPARED[key]


_MOST_PREPARED = 4
_PREPARED: OrderedDict[tuple[str, str], dict[str, Any]] = OrderedDict()


def _named(options: dict[str, Any]) -> str:
    return hashlib.sha256(pickle.dumps(options)).hexdigest()


@dataclass(frozen=True)
class Matching:
    """`RateDeck.match` of a batch."""

    reads: tuple[str, ...]
    deck: DeckRef
    number: str
    at: datetime | str | None
    direction: Direction | None
    fields: tuple[str, ...]
    add_prefix: str
    number_plan: NumberPlan | None

    def added(self, frame: pl.DataFrame, *, planned: bool = False) -> pl.DataFrame:
        """The words of the match."""
        deck = in_force(self.deck.planned() if planned else self.deck.open(), None)
        found: pl.Expr = deck.match(
            column_named(self.number),
            at=column_named(self.at) if isinstance(self.at, str) else self.at,
            direction=self.direction,
            fields=list(self.fields),
            number_plan=self.number_plan,
        )
        struct = frame.select(found.alias("found")).to_series()
        return struct.struct.unnest().rename({name: self.add_prefix + name for name in self.fields})


@dataclass(frozen=True)
class Screening:
    """`Router.screen` of a batch."""

    reads: tuple[str, ...]
    router: Router
    options: dict[str, Any]

    def added(self, frame: pl.DataFrame, *, planned: bool = False) -> pl.DataFrame:
        """What screening adds, without the position."""
        screened = self.router.screen(frame, **self.options)
        return screened.select([self.options["add_prefix"] + name for name in SCREENED])
