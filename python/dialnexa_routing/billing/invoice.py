"""Invoices that people read: rated calls of a workspace by network group and by day, exact to the paisa.

The total is the sum of what each call was charged, as the customer can add it up; it is never computed
anew. Tax is a step of its own (`billing.tax`), and calls that could not be rated stand beside the
total with their reasons, never inside it as zero.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing.billing.adding_up import adding_up
from dialnexa_routing.billing.invoice_sums import components_in, sums_of, within
from dialnexa_routing.billing.tax import Supply, Taxed, gst
from dialnexa_routing.money.exact import total
from dialnexa_routing.money.rupees import grouped, rupees
from dialnexa_routing.records.rated_sums import put_together, refused_by_reason, whole_of
from dialnexa_routing.sheets.study import study_tables as tables
from dialnexa_routing.text.errors import UnknownNameError
from dialnexa_routing.text.forked import refuse_after_fork
from dialnexa_routing.text.html import page
from dialnexa_routing.text.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from dialnexa_routing.plans.plan_terms import Component

_SUMS = ("calls", "minutes", "charge")
_MONEY = ("charge",)


@dataclass(frozen=True, repr=False, eq=False)
class Invoice:
    """What one workspace owes for its calls of some days.

    Attributes:
        workspace: whose calls these are; empty where records name none.
        first, last: days of the first and the last call, in the invoice's zone.
        by_group: country, network group, calls, billed minutes, charge; the greatest first.
        by_day: day, calls, billed minutes, charge.
        components: what of the charges is due to which component, to nine places; empty without a plan.
        unanswered: country, network group and calls of which no second is billed and that cost nothing;
            they are in neither of the tables above.
        not_rated: reason and calls of what is not in the total.
        calls: rated calls, those among them that nobody answered too.
        billed_seconds: of them.
        net: INR, the sum of their charges.
        tax: the total with tax, once it was asked for.
    """

    workspace: str
    first: date | None
    last: date | None
    by_group: pl.DataFrame
    by_day: pl.DataFrame
    components: Mapping[str, Decimal]
    unanswered: pl.DataFrame
    not_rated: pl.DataFrame
    calls: int
    billed_seconds: int
    net: Decimal
    tax: Taxed | None = None

    def with_gst(
        self, *, supply: Supply, percent: Decimal | str = "18", tax_decimals: int | None = None
    ) -> Invoice:
        """The same with GST on its total (R52), by `dialnexa_routing.billing.tax.gst`.

        The heads have the places of the total, or `tax_decimals` of them: 0 for whole rupees.
        """
        tax = gst(self.net, supply=supply, percent=percent, tax_decimals=tax_decimals)
        return replace(self, tax=tax)

    def with_tax(self, tax: Taxed) -> Invoice:
        """The same with another tax on its total. Raises `ValueError` if that is a tax on another total."""
        if tax.net != self.net:
            raise ValueError(f"the tax is on {rupees(tax.net)}, and the total is {rupees(self.net)}")
        return replace(self, tax=tax)

    @property
    def parts(self) -> dict[str, Decimal]:
        """The components in the places of the total, which they add up to, by the cumulative rule.

        Each call was rounded by itself: what that has added or left off is the last part, ``rounding``.
        Empty without a plan, where the tables add up to the total as they stand.
        """
        return (
            adding_up({name: amount for name, amount in self.components.items() if amount}, self.net)
            if (any(self.components.values()))
            else {}
        )

    def lines(self) -> list[str]:
        """Workspace, days and totals in words."""
        days = f", {self.first:%d %b %Y} to {self.last:%d %b %Y}" if self.first and self.last else ""
        minutes, rest = divmod(self.billed_seconds, 60)
        undated = int(self.by_day.filter(pl.col("day").is_null())["calls"].sum())
        parts = f"{grouped(minutes)} minutes" + (f" {rest} s" if rest else "")
        lines = [
            f"Workspace {tables.cell(self.workspace) or '(none)'}{days}",
            f"{grouped(self.calls)} calls, {parts} billed",
        ]
        alone = int(self.unanswered["calls"].sum())
        lines += [f"{grouped(alone)} of them unanswered, at no charge"] if alone else []
        lines += [
            f"  {name.upper() if len(name) == 3 else name}: {rupees(amount)}"
            for name, amount in self.parts.items()
        ]
        lines += [f"{grouped(undated)} calls have no answer time, and no day"] if undated else []
        lines.append(f"Total: {rupees(self.net)}")
        if self.tax is not None:
            lines += [
                f"  {line.name} {tables.cell(line.percent)} %: {rupees(line.amount)}"
                for line in self.tax.lines
            ]
            lines.append(f"Total with tax: {rupees(self.tax.gross)}")
        if self.not_rated.height:
            calls = int(self.not_rated["calls"].sum())
            lines.append(f"{grouped(calls)} calls are not in it, for the reasons below")
        return lines

    def to_dict(self) -> dict[str, Any]:
        """As plain data, amounts as text."""
        tax = self.tax
        return {
            "workspace": self.workspace,
            "first_day": tables.plain(self.first),
            "last_day": tables.plain(self.last),
            "calls": self.calls,
            "billed_seconds": self.billed_seconds,
            "net": tables.plain(self.net),
            "components": {name: tables.plain(amount) for name, amount in self.components.items()},
            "parts": {name: tables.plain(amount) for name, amount in self.parts.items()},
            "unanswered": tables.plain_rows(self.unanswered)["rows"],
            "tax": None
            if tax is None
            else [
                {"name": line.name, "percent": str(line.percent), "amount": str(line.amount)}
                for line in tax.lines
            ],
            "gross": None if tax is None else str(tax.gross),
            "by_group": tables.plain_rows(self.by_group)["rows"],
            "by_day": tables.plain_rows(self.by_day)["rows"],
            "not_rated": tables.plain_rows(self.not_rated)["rows"],
        }

    def __str__(self) -> str:
        parts = ["\n".join(self.lines())]
        parts += ["\n".join(tables.text_table(frame, 40, money=_MONEY)) for _, frame in self._tables()]
        return "\n\n".join(parts)

    def __repr__(self) -> str:
        return f"<Invoice of {self.workspace!r}: {grouped(self.calls)} calls, {rupees(self.net)}>"

    def html(self) -> str:
        """A page that stands alone."""
        return page(f"Invoice of {self.workspace}", self._repr_html_())

    def _repr_html_(self) -> str:
        return tables.html_tables(self.lines(), dict(self._tables()), 400, money=_MONEY)

    def _tables(self) -> list[tuple[str, pl.DataFrame]]:
        named = [
            ("by network group", self.by_group),
            ("by day", self.by_day),
            ("unanswered", self.unanswered),
            ("not rated", self.not_rated),
        ]
        return [(caption, frame) for caption, frame in named if frame.height]


@dataclass(frozen=True, repr=False, eq=False)
class Invoices:
    """The invoices of all workspaces of some records, by workspace; `totals` has a row for each."""

    totals: pl.DataFrame
    _each: Mapping[str, Invoice]

    def __iter__(self) -> Iterator[Invoice]:
        return iter(self._each.values())

    def __len__(self) -> int:
        return len(self._each)

    def __getitem__(self, workspace: str) -> Invoice:
        if workspace not in self._each:
            raise UnknownNameError(
                f"there is no workspace {workspace!r}{nearest(workspace, list(self._each))}"
            )
        return self._each[workspace]

    def __repr__(self) -> str:
        return f"<Invoices of {len(self)} workspaces, {rupees(total((one.net for one in self), 2))}>"


def invoices(
    rated: pl.DataFrame | pl.LazyFrame,
    *,
    timezone: str,
    workspace: str | None = "workspace",
    answered_at: str | None = None,
    first: date | None = None,
    last: date | None = None,
    add_prefix: str = "",
) -> Invoices:
    """Add up rated records, as `records.rate` makes them, to invoices.

    Args:
        rated: a frame or lazy frame with ``network_group``, ``country_iso``, ``billed_seconds``,
            ``charge``, ``reason``, and the component lines of a plan if there are any.
        timezone: where days begin, as ``Asia/Kolkata``.
        workspace: column of workspaces; None takes all records for one.
        answered_at: column of answer times with a zone, as a type or as text with offsets. None takes
            ``answered_at_utc``, which rating adds; of older records, which have none, ``answered_at``.
        first: the first day to be invoiced; None is no bound. A call is of the day on which it was answered,
            by the clocks of `timezone`; calls without an answer time are in every span.
        last: the last day, which is inside.
        add_prefix: that the rating put in front of its columns.

    Raises:
        RecordError: a column is missing; the charges are no Decimal, or a row has neither a charge nor a
            reason; times have no zone, are no times, or none of the calls that were billed has one.
        MoneyError: a charge has more than nine places that are not zero.
    """
    refuse_after_fork()
    found = within(
        sums_of(
            rated, timezone=timezone, workspace=workspace, answered_at=answered_at, add_prefix=add_prefix
        ),
        first,
        last,
    )
    return invoices_of(found)


def invoices_of(found: pl.DataFrame) -> Invoices:
    """The invoices of sums as `dialnexa_routing.billing.invoice_sums` makes them."""
    present = components_in(found)
    each = {
        name: _invoice(name, rows, present)
        for (name,), rows in sorted(found.partition_by("workspace", as_dict=True).items())
    }
    totals = pl.DataFrame(
        {
            "workspace": [one.workspace for one in each.values()],
            "calls": [one.calls for one in each.values()],
            "billed_seconds": [one.billed_seconds for one in each.values()],
            "charge": pl.Series([one.net for one in each.values()], dtype=found.schema["charge"]),
            "not_rated": [int(one.not_rated["calls"].sum()) for one in each.values()],
        }
    )
    return Invoices(totals, each)


def _invoice(workspace: str, rows: pl.DataFrame, components: list[Component]) -> Invoice:
    rated = rows.filter(pl.col("reason").is_null())
    answered = rated.filter("answered")
    days = rated["day"].drop_nulls()
    return Invoice(
        workspace=workspace,
        first=_day(days.min()),
        last=_day(days.max()),
        by_group=_added(answered, ["country_iso", "network_group"]).sort(
            pl.col("charge"), "country_iso", "network_group", descending=[True, False, False]
        ),
        by_day=_added(answered, ["day"]).sort("day"),
        components={part.value: whole_of(rated, part) for part in components},
        unanswered=rated.filter(~pl.col("answered"))
        .group_by("country_iso", "network_group")
        .agg(pl.col("calls").sum())
        .sort("calls", "country_iso", "network_group", descending=[True, False, False]),
        not_rated=refused_by_reason(rows),
        calls=int(rated["calls"].sum()),
        billed_seconds=int(rated["billed_seconds"].sum()),
        net=whole_of(rated, "charge"),
    )


def _added(rated: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    # Minutes are for reading: to the nearest; what was billed is in seconds.
    return (
        put_together(rated, by)
        .with_columns(minutes=(pl.col("billed_seconds") + 30) // 60)
        .select(*by, *_SUMS)
    )


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None
