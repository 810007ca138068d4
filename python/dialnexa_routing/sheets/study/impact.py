"""What a change of sheet costs: the same call records rated by both, added up exactly."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing import records as call_records
from dialnexa_routing.deck.exact_columns import WIDEST
from dialnexa_routing.money.rupees import grouped, rupees
from dialnexa_routing.money.semantics import Semantics
from dialnexa_routing.records.rated_sums import summed, whole_of
from dialnexa_routing.sheets.study import study_tables as tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from altair import LayerChart

    from dialnexa_routing.deck.rate_deck import RateDeck

COUNTS = ("calls", "rated_by_both", "only_by_old", "only_by_new", "by_neither")
"""Calls, by which of the two ratings have a charge for them."""
SUMS = ("old_charge", "new_charge", "change", "lost_charge", "gained_charge")
"""INR of them: the first three of what both rate, then what only the old or only the new one does."""


@dataclass(frozen=True, repr=False, eq=False)
class SheetImpact:
    """Call records under two sheets.

    `by_group` has a row for each pair of network groups that the two sheets give a call, the
    greatest change first. ``old_charge``, ``new_charge`` and ``change`` are of the calls that both
    rate; what only one rates is apart, as ``lost_charge`` and ``gained_charge``: a call that can no
    longer be made is no saving. `totals` are its sums, exact.
    """

    by_group: pl.DataFrame
    totals: Mapping[str, int | Decimal]

    @property
    def total(self) -> Decimal:
        """INR that the calls which both sheets rate come to more, or less."""
        return Decimal(self.totals["change"])

    def to_dict(self, rows: int | None = None) -> dict[str, Any]:
        """As plain data, amounts as text; `rows` is how many groups at most."""
        totals = {name: tables.plain(value) for name, value in self.totals.items()}
        return {"totals": totals, "by_group": tables.plain_rows(self.by_group, rows)}

    def lines(self) -> list[str]:
        """The totals in words."""
        return told(self.totals)

    def text(self, rows: int = tables.ROWS) -> str:
        """What ``str`` states, with so many groups."""
        return "\n".join([*self.lines(), *tables.text_table(self.by_group, rows)])

    def chart(self, groups: int = 20) -> LayerChart:
        """Rupees won and lost by group of the new sheet, the others together; Altair's (extra ``plot``)."""
        return changes_chart(self.by_group, "new_group", groups)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"<SheetImpact {self.lines()[0]}>"

    def _repr_html_(self) -> str:
        return self.html()

    def html(self, rows: int = tables.ROWS) -> str:
        """The totals and the first groups as escaped HTML."""
        return tables.html_tables(self.lines(), {"impact by group": self.by_group}, rows)


def changes_chart(frame: pl.DataFrame, label: str, groups: int) -> LayerChart:
    """Changes of charges by a column of groups, as a picture: what becomes dearer is lost."""
    from dialnexa_routing.plot.amounts import won_and_lost  # brings in Altair, an extra

    together = frame.with_columns(pl.col(label).cast(pl.String).fill_null("no group"))
    summed_up = together.group_by(label).agg(pl.col("change").sum())
    return won_and_lost(
        summed_up,
        label=label,
        amount="change",
        title="What the same calls cost more, or less",
        axis="INR, change of charges",
        more_is_good=False,
        most=groups,
    )


def impact(records: pl.DataFrame | pl.LazyFrame, old: RateDeck, new: RateDeck, **rating: Any) -> SheetImpact:
    """Rate records by two decks and compare; `rating` goes to `dialnexa_routing.records.rate`."""
    decimals = Semantics.of(rating.get("semantics")).decimals
    lazy = records.lazy()
    for side, deck in zip(("old", "new"), (old, new), strict=True):
        lazy = call_records.rate(lazy, deck=deck, add_prefix=f"?{side}_", **rating)
    keys = [pl.col(f"?{side}_network_group").alias(f"{side}_group") for side in ("old", "new")]
    found = ranked(compared(lazy, keys, decimals, "?").collect(engine="streaming"))
    return SheetImpact(found, totals(found))


def compared(rated: pl.LazyFrame, keys: Sequence[pl.Expr], decimals: int, before: str = "") -> pl.LazyFrame:
    """Calls and charges by keys, of records that have an ``old_charge`` and a ``new_charge``.

    Args:
        rated: records rated twice.
        keys: what they are grouped by, under its name.
        decimals: places of the charges.
        before: what stands before the names of the two charges.
    """
    old, new = (
        pl.col(f"{before}{side}_charge").cast(pl.Decimal(WIDEST, decimals)) for side in ("old", "new")
    )
    was, now = old.is_not_null(), new.is_not_null()
    charges = {
        "old_charge": old.filter(was & now),
        "new_charge": new.filter(was & now),
        "lost_charge": old.filter(was & ~now),
        "gained_charge": new.filter(~was & now),
    }
    names = [key.meta.output_name() for key in keys]
    sums = summed(
        rated,
        keys,
        counts={
            "rated_by_both": was & now,
            "only_by_old": was & ~now,
            "only_by_new": ~was & now,
            "by_neither": ~was & ~now,
        },
        amounts={name: (charge, decimals) for name, charge in charges.items()},
    )
    change = (pl.col("new_charge") - pl.col("old_charge")).alias("change")
    return sums.with_columns(change).select(*names, *COUNTS, *SUMS)


def ranked(groups: pl.DataFrame) -> pl.DataFrame:
    """The greatest change first, then what is lost or gained most; what is left is in order of its keys."""
    keys = [name for name in groups.columns if name not in (*COUNTS, *SUMS)]
    apart = pl.col("lost_charge") + pl.col("gained_charge")
    return groups.sort(pl.col("change").abs(), apart, *keys, descending=[True, True, *[False] * len(keys)])


def totals(groups: pl.DataFrame) -> dict[str, int | Decimal]:
    """The sums of all groups, exact."""
    counts: dict[str, int | Decimal] = {name: int(groups[name].sum()) for name in COUNTS}
    return counts | {name: whole_of(groups, name) for name in SUMS}


def told(totals: Mapping[str, int | Decimal]) -> list[str]:
    """Totals in words."""
    amounts = {name: rupees(Decimal(totals[name])) for name in SUMS}
    lines = [
        f"{grouped(int(totals['calls']))} calls, {grouped(int(totals['rated_by_both']))} rated by both:"
        f" {amounts['old_charge']} -> {amounts['new_charge']},"
        f" change {'+' if totals['change'] > 0 else ''}{amounts['change']}"
    ]
    counted = tables.sentence({name: int(totals[name]) for name in COUNTS[2:]})
    if counted:
        lines.append(f"{counted}; lost {amounts['lost_charge']}, gained {amounts['gained_charge']}")
    return lines
