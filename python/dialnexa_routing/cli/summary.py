"""What a file of rated records comes to: read back from the file itself, and exact."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import polars as pl

from dialnexa_routing.plans.plan_terms import Component
from dialnexa_routing.records import call_files

_TOP_GROUPS, _TOP_COUNTRIES = 10, 5
_LINE_PLACES, _COUNT = 9, " lines"


@dataclass
class Tally:
    """Rated calls, what was billed of them, and what they cost."""

    calls: int = 0
    billed_seconds: int = 0
    charge: Decimal = Decimal(0)

    def add(self, calls: int, billed_seconds: int, charge: Decimal) -> None:
        """Count further calls."""
        self.calls += calls
        self.billed_seconds += billed_seconds
        self.charge += charge

    def as_data(self) -> dict[str, Any]:
        """As plain data, the amount as text."""
        return {"calls": self.calls, "billed_seconds": self.billed_seconds, "charge": f"{self.charge:f}"}


@dataclass
class Summary:
    """Totals of a rated file: ``rows == rated.calls + sum(refused.values())``, always (R51)."""

    rows: int = 0
    rated: Tally = field(default_factory=Tally)
    refused: Counter[str] = field(default_factory=Counter)
    network_groups: dict[tuple[str, str], Tally] = field(default_factory=dict)
    countries: dict[str, Tally] = field(default_factory=dict)
    components: dict[str, Decimal] = field(default_factory=dict)
    """INR of the lines of billing plans, before charges are rounded; of those that there are (R45)."""

    @classmethod
    def of(
        cls, rated: Path, decimals: int, add_prefix: str = "", *, with_components: bool = False
    ) -> "Summary":
        """One streaming pass over five columns of a file that `records.rate` made, and those of plans."""
        names = {name: add_prefix + name for name in ("country_iso", "network_group", "reason")}
        # CSV comes as text; a sum of up to 10^20 charges fits 38 digits.
        charge = pl.col(add_prefix + "charge").cast(pl.Decimal(38, decimals))
        billed = pl.col(add_prefix + "billed_seconds").cast(pl.Int64)
        components = tuple(Component) if with_components else ()
        lines = [
            pl.col(add_prefix + name).cast(pl.Decimal(38, _LINE_PLACES)).alias(name) for name in components
        ]
        groups = (
            call_files.scan(rated)
            .group_by([pl.col(column).alias(name) for name, column in names.items()])
            .agg(
                pl.len().alias("rows"),
                billed.sum().alias("billed"),
                charge.sum().alias("charge"),
                *(line.sum() for line in lines),
                *(line.count().name.suffix(_COUNT) for line in lines),
            )
            .collect(engine="streaming")
        )
        found = cls(rated=Tally(charge=Decimal(0).scaleb(-decimals)))
        with localcontext(prec=76):
            for country, group, reason, rows, seconds, amount, *_ in groups.iter_rows():
                found._count(country or "", group or "", reason, rows, seconds, amount)
            for name in components:
                if groups[name + _COUNT].sum():
                    found.components[name] = sum(groups[name], Decimal(0))
        return found

    def _count(
        self, country: str, group: str, reason: str | None, rows: int, seconds: int, amount: Decimal
    ) -> None:
        self.rows += rows
        if reason is not None:
            self.refused[reason] += rows
            return
        tallies = (
            self.rated,
            self.network_groups.setdefault((country, group), Tally()),
            self.countries.setdefault(country, Tally()),
        )
        for tally in tallies:
            tally.add(rows, seconds, amount)

    @property
    def refused_rows(self) -> int:
        """Rows with a reason in place of a charge."""
        return self.refused.total()

    def top_groups(self) -> list[tuple[tuple[str, str], Tally]]:
        """The network groups of the greatest charges."""
        return sorted(self.network_groups.items(), key=lambda item: (-item[1].charge, item[0]))[:_TOP_GROUPS]

    def top_countries(self) -> list[tuple[str, Tally]]:
        """The countries of the greatest charges."""
        return sorted(self.countries.items(), key=lambda item: (-item[1].charge, item[0]))[:_TOP_COUNTRIES]

    def as_data(self) -> dict[str, Any]:
        """As plain data, amounts as text."""
        components = {name: f"{amount:f}" for name, amount in self.components.items()}
        return {
            "rows": self.rows,
            "rated": self.rated.calls,
            "refused": self.refused_rows,
            "refused_by_reason": dict(self.refused.most_common()),
            "billed_seconds": self.rated.billed_seconds,
            "charge": f"{self.rated.charge:f}",
            **({"components": components} if components else {}),
            "network_groups": [
                {"network_group": group, "country_iso": country, **tally.as_data()}
                for (country, group), tally in self.top_groups()
            ],
            "countries": [
                {"country_iso": country, **tally.as_data()} for country, tally in self.top_countries()
            ],
        }
