"""A column of digits that are national, or have their calling code: what `coded_numbers` says of each."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.deck.rate_deck import RateDeck
from dialnexa_routing.money.reason import Reason
from dialnexa_routing.numbers.coded_numbers import SETTLED, Coded
from dialnexa_routing.numbers.number_plan import WORLD
from dialnexa_routing.numbers.number_series import endings, transitions

if TYPE_CHECKING:
    from dialnexa_routing.numbers.coded_numbers import Form

_IMPOSSIBLE = [
    str(reason)
    for reason in (
        Reason.MISSING_NUMBER,
        Reason.INVALID_NUMBER,
        Reason.IMPOSSIBLE_NUMBER,
        Reason.EMERGENCY_NUMBER,
    )
]
_LONGEST = 15


def forms(digits: pl.Series, code: str, coded: Coded) -> pl.Series:
    """``national``, ``full``, ``doubtful``, ``foreign`` for each text; what is no digits is national.

    >>> forms(pl.Series(["9812345678", "919812345678", "442071838750"]), "91", Coded.REFUSED).to_list()
    ['national', 'full', 'foreign']
    """
    national = pl.repeat("national", len(digits), dtype=pl.String, eager=True).alias(digits.name)
    if not len(digits):
        return national
    begins = digits.str.starts_with(code).fill_null(False)
    as_full, as_national = _possible(digits), _possible(code + digits)
    found = national.set(begins & as_full & ~as_national, "full")
    open_ = (as_full & as_national).arg_true()
    if not len(open_):
        return found
    some, own = digits.gather(open_), begins.gather(open_)
    is_national, is_full = _is_number(code + some), _is_number(some)
    only_full = is_full & ~is_national
    judged = found.gather(open_).set(own & only_full, "full")
    judged = judged.set(own & (is_national == is_full), SETTLED[coded])
    foreign: Form = "national" if coded is Coded.NATIONAL else "foreign"
    return found.scatter(open_, judged.set(~own & only_full, foreign))


def _possible(digits: pl.Series) -> pl.Series:
    """Whether numbers are as long under their calling code: judged before any prefix is looked for."""
    why = without_numbers().match(digits, fields="reason", number_plan=WORLD)
    return digits.str.contains("^[0-9]+$").fill_null(False) & ~why.is_in(_IMPOSSIBLE).fill_null(False)


@lru_cache(None)
def without_numbers() -> RateDeck:
    """A deck that lists no whole number, so that a number plan alone judges."""
    return RateDeck.compile(pl.DataFrame({"prefix": ["1"], "network_group": ["none"]}))


def _is_number(digits: pl.Series) -> pl.Series:
    """Whether each is a valid number, its calling code in front: `number_series.is_number`, all at once."""
    start, nexts, ends = _walk()
    state = pl.repeat(start, len(digits), eager=True, dtype=pl.Int32)
    for place in range(_LONGEST):
        digit = digits.str.slice(place, 1).cast(pl.Int32, strict=False)
        if digit.null_count() == len(digits):
            break
        state = nexts.gather(state * 10 + digit.fill_null(0)).zip_with(digit.is_not_null(), state)
    return state.is_in(ends.implode())


@lru_cache(None)
def _walk() -> tuple[int, pl.Series, pl.Series]:
    start, table = transitions()
    dead = len(table) // 10
    states = [dead if to < 0 else to for to in table] + [dead] * 10
    return start, pl.Series(states, dtype=pl.Int32), pl.Series(sorted(endings()), dtype=pl.Int32)
