"""Amounts of a file of text as the Decimals they were, with the places that the file has (R48).

A CSV has its charges as text. How many places they were rounded to stands in the text itself, so nobody
has to say it again, and no digit is dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.deck.exact_columns import WIDEST
from dialnexa_routing.money.exact import PLACES
from dialnexa_routing.plans.plan_terms import Component
from dialnexa_routing.text.errors import MoneyError, RecordError

if TYPE_CHECKING:
    from collections.abc import Sequence

_FEWEST = 2
_AMOUNT = r"^[+-]?[0-9]{1,28}(\.[0-9]*)?$"


def with_amounts(lazy: pl.LazyFrame, *, decimals: int | None = None, add_prefix: str = "") -> pl.LazyFrame:
    """Rated records whose amounts are Decimals: those that are text are read, all others stay.

    Args:
        lazy: with ``charge``, and the lines of a plan where there are any.
        decimals: places of the charges; None is as many as the longest has, two at least.
        add_prefix: what stands before the names of the amounts.

    Raises:
        RecordError: a text is no amount.
        MoneyError: an amount has more places than `decimals`, or than nine, that are not zero.

    >>> frame = pl.LazyFrame({"charge": ["0.1267", "0.5", None]})
    >>> with_amounts(frame).collect()["charge"].dtype
    Decimal(precision=38, scale=4)
    """
    schema = lazy.collect_schema()
    names = [add_prefix + name for name in ("charge", *Component)]
    texts = [name for name in names if schema.get(name) == pl.String]
    if not texts:
        return lazy
    held = _places(lazy, texts)
    dtypes = {}
    for name, places in zip(texts, held, strict=True):
        is_charge = name == add_prefix + "charge"
        most = PLACES if decimals is None or not is_charge else decimals
        if places > most:
            raise MoneyError(
                f"column {name!r} has an amount of {places} places, and {most} is the most: leave decimals "
                "(--decimals) out, or rate the records again (R48)"
            )
        # Lines of plans have nine places in a file that kept the types.
        wanted = most if decimals is not None or not is_charge else max(places, _FEWEST)
        dtypes[name] = pl.Decimal(WIDEST, wanted)
    return lazy.with_columns(_plain(name).cast(dtype).alias(name) for name, dtype in dtypes.items())


def _places(lazy: pl.LazyFrame, names: Sequence[str]) -> list[int]:
    """The most places of each column, zeros at the end left out beyond two."""
    cells = [pl.col(name).str.strip_chars() for name in names]
    said = [cell.str.extract(r"\.([0-9]*?)0*$", 1).str.len_chars().max() for cell in cells]
    wrong = [cell.filter((cell != "") & ~cell.str.contains(_AMOUNT)).first() for cell in cells]
    found = lazy.select(
        *(one.alias(f"places {at}") for at, one in enumerate(said)),
        *(one.alias(f"wrong {at}") for at, one in enumerate(wrong)),
    ).collect(engine="streaming")
    for at, name in enumerate(names):
        if (text := found[f"wrong {at}"].item()) is not None:
            raise RecordError(
                f"column {name!r} has {str(text)[:40]!r}, which is no amount; rate the records again"
            )
    return [int(found[f"places {at}"].item() or 0) for at in range(len(names))]


def _plain(name: str) -> pl.Expr:
    """The text of an amount; a blank one is none."""
    cell = pl.col(name).str.strip_chars()
    return pl.when(cell != "").then(cell.str.strip_prefix("+"))
