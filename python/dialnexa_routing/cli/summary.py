"""What a file of rated records comes to: read back from the file itself, and exact."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from dialnexa_routing.money.exact import PLACES, plus, total
from dialnexa_routing.plans.plan_terms import BY_THE_MINUTE, Component
from dialnexa_routing.records import call_files
from dialnexa_routing.records.rated_sums import rated_sums, whole_of

_TOP_GROUPS, _TOP_COUNTRIES = 10, 5


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
        self.charge = plus(self.charge, charge)

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
        keys = {name: pl.col(add_prefix + name) for name in ("country_iso", "network_group", "reason")}
        # CSV comes as text, so the places are not to be seen in the file.
        lazy = call_files.scan_written(rated)
        columns = lazy.collect_schema().names() if with_components else ()
        # Connect fees have a column only where some plan has one.
        present = [part for part in Component if part in BY_THE_MINUTE or add_prefix + part in columns]
        places = {"charge": decimals} | dict.fromkeys(present if with_components else (), PLACES)
        sums = rated_sums(lazy, keys, places, add_prefix=add_prefix, rows="rows")
        groups = sums.collect(engine="streaming")
        found = cls(rated=Tally(charge=total([], decimals)))
        for of in groups.iter_rows(named=True):
            found._count(of)
        for name in places.keys() - {"charge"}:
            if groups[name].count():
                found.components[name] = whole_of(groups, name)
        return found

    def _count(self, of: dict[str, Any]) -> None:
        self.rows += of["rows"]
        if of["reason"] is not None:
            self.refused[of["reason"]] += of["rows"]
            return
        country, group = of["country_iso"] or "", of["network_group"] or ""
        tallies = (
            self.rated,
            self.network_groups.setdefault((country, group), Tally()),
            self.countries.setdefault(country, Tally()),
        )
        for tally in tallies:
            tally.add(of["rows"], of["billed_seconds"], of["charge"])

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
