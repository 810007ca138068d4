"""What a change of sheet costs: the same call records rated by both, added up exactly."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing import records as call_records
from dialnexa_routing.rupees import grouped, rupees
from dialnexa_routing.semantics import Semantics
from dialnexa_routing.sheets.study import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialnexa_routing.deck import RateDeck

_GROUPS = ("old_group", "new_group")
_COUNTS = ("calls", "rated_by_both", "only_by_old", "only_by_new", "by_neither")
_SUMS = ("old_charge", "new_charge", "change", "lost_charge", "gained_charge")


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
        of = self.totals
        change = rupees(self.total)
        counted = tables.sentence({name: int(of[name]) for name in _COUNTS[2:]})
        lines = [
            f"{grouped(int(of['calls']))} calls, {grouped(int(of['rated_by_both']))} rated by both:"
            f" {rupees(Decimal(of['old_charge']))} -> {rupees(Decimal(of['new_charge']))},"
            f" change {'+' if self.total > 0 else ''}{change}"
        ]
        if counted:
            lost, gained = (rupees(Decimal(of[name])) for name in _SUMS[3:])
            lines.append(f"{counted}; lost {lost}, gained {gained}")
        return lines

    def text(self, rows: int = tables.ROWS) -> str:
        """What ``str`` says, with so many groups."""
        return "\n".join([*self.lines(), *tables.text_table(self.by_group, rows)])

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"<SheetImpact {self.lines()[0]}>"

    def _repr_html_(self) -> str:
        return self.html()

    def html(self, rows: int = tables.ROWS) -> str:
        """The totals and the first groups as escaped HTML."""
        return tables.html_lines(self.lines()) + tables.html_table(self.by_group, "impact by group", rows)


def impact(records: pl.DataFrame | pl.LazyFrame, old: RateDeck, new: RateDeck, **rating: Any) -> SheetImpact:
    """Rate records by two decks and compare; `rating` goes to `dialnexa_routing.records.rate`."""
    decimals = Semantics.of(rating.get("semantics")).decimals
    lazy = records.lazy()
    for side, deck in zip(("old", "new"), (old, new), strict=True):
        lazy = call_records.rate(lazy, deck=deck, add_prefix=f"?{side}_", **rating)
    before, after = pl.col("?old_charge"), pl.col("?new_charge")
    was, now = before.is_not_null(), after.is_not_null()
    zero = pl.lit(Decimal(0).scaleb(-decimals), pl.Decimal(38, decimals))
    added = {
        "calls": pl.len(),
        "rated_by_both": (was & now).sum(),
        "only_by_old": (was & ~now).sum(),
        "only_by_new": (~was & now).sum(),
        "by_neither": (~was & ~now).sum(),
        "old_charge": before.filter(was & now).sum(),
        "new_charge": after.filter(was & now).sum(),
        "lost_charge": before.filter(was & ~now).sum(),
        "gained_charge": after.filter(~was & now).sum(),
    }
    found = (
        lazy.group_by(pl.col(f"?{side}_network_group").alias(f"{side}_group") for side in ("old", "new"))
        .agg(**added)
        .with_columns(pl.col(name).cast(pl.Decimal(38, decimals)) + zero for name in _SUMS if name in added)
        .with_columns(change=pl.col("new_charge") - pl.col("old_charge"))
        .select(*_GROUPS, *_COUNTS, *_SUMS)
        .collect(engine="streaming")
    )
    found = found.sort(pl.col("change").abs(), *_GROUPS, descending=[True, False, False])
    return SheetImpact(found, _totals(found, decimals))


def _totals(groups: pl.DataFrame, decimals: int) -> dict[str, int | Decimal]:
    totals: dict[str, int | Decimal] = {name: int(groups[name].sum()) for name in _COUNTS}
    with localcontext(prec=76):
        for name in _SUMS:
            totals[name] = sum(groups[name].to_list(), Decimal(0).scaleb(-decimals))
    return totals
