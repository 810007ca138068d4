"""Which numbers of call records rating will refuse, whatever the deck: seen before anything is charged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.deck.rate_deck import RateDeck
from dialnexa_routing.money.reason import Reason

if TYPE_CHECKING:
    from dialnexa_routing.numbers.number_plan import NumberPlan

_OF_NUMBERS = (Reason.INVALID_NUMBER, Reason.IMPOSSIBLE_NUMBER, Reason.EMERGENCY_NUMBER)


def refused_numbers(calls: pl.LazyFrame, plan: NumberPlan | None) -> dict[str, int]:
    """How many rows without a reason have a number that can be none, by the reason that rating gives.

    Args:
        calls: rows of `CallRecords`.
        plan: by which a number can be none; None asks whether it is E.164 only.

    >>> rows = pl.LazyFrame({"to": ["+919812345678", "4321", "09812345678"], "reason": [None] * 3})
    >>> from dialnexa_routing.numbers.number_plan import WORLD
    >>> refused_numbers(rows, WORLD)
    {'impossible_number': 1, 'invalid_number': 1}
    """
    # The deck leads nowhere: a number is judged before its prefix is looked for.
    deck = RateDeck.compile(pl.DataFrame({"prefix": ["1"], "network_group": ["any"]}))
    why = deck.match(pl.col("to"), fields="reason", number_plan=plan)
    counted = (
        calls.filter(pl.col("reason").is_null())
        .select(why.alias("why"))
        .filter(pl.col("why").is_in([str(one) for one in _OF_NUMBERS]))
        .group_by("why")
        .agg(pl.len().cast(pl.Int64))
        .sort("why")
        .collect(engine="streaming")
    )
    return dict(counted.iter_rows())
