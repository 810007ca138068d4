"""Measure a sheet: how many prefixes, how long, how deep, and how many of them say nothing new."""

from __future__ import annotations

import csv
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

# What makes two rows of the sheet say the same to a caller.
_TERMS = slice(6, 21)


class Shape(NamedTuple):
    rows: int
    groups: int
    countries: int
    bytes: int
    cells: int
    """Prefixes counted as often as rows list them."""
    prefixes: int
    """Distinct prefixes, whole numbers apart."""
    whole_numbers: int
    lengths: dict[int, int]
    ancestors: dict[int, int]
    """How many shorter prefixes lie above a prefix that any caller may reach: count of such prefixes."""
    redundant: float
    """Of the prefixes with an ancestor, the share with its group and terms."""
    with_origins: int
    blocked: int
    with_inbound: int
    """Countries that have an inbound rate."""
    dated: int
    """Rows with a begin or an end."""


def measure(path: Path) -> Shape:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    owners: dict[str, tuple[str, ...]] = {}
    prefixes: set[str] = set()
    for row in rows:
        if row["exact_match"] == "false":
            prefixes.update(row["prefix"].split(", "))
            if not row["origin"]:
                # The group, then the terms and the dates; of two versions the later one.
                said = (row["network_group"], *list(row.values())[_TERMS])
                owners.update(dict.fromkeys(row["prefix"].split(", "), said))
    above = {p: [p[:n] for n in range(1, len(p)) if p[:n] in owners] for p in owners}
    children = [p for p in owners if above[p]]
    repeated = sum(owners[p] == owners[above[p][-1]] for p in children)
    whole = {p for row in rows if row["exact_match"] == "true" for p in row["prefix"].split(", ")}
    return Shape(
        rows=len(rows),
        groups=len({row["network_group"] for row in rows}),
        countries=len({row["country_iso"] for row in rows}),
        bytes=path.stat().st_size,
        cells=sum(row["prefix"].count(",") + 1 for row in rows),
        prefixes=len(prefixes),
        whole_numbers=len(whole),
        lengths=dict(sorted(Counter(map(len, prefixes | whole)).items())),
        ancestors=dict(sorted(Counter(map(len, above.values())).items())),
        redundant=repeated / len(children),
        with_origins=sum(bool(row["origin"]) for row in rows),
        blocked=sum(row["blocked"] == "true" for row in rows),
        with_inbound=len({row["country_iso"] for row in rows if row["inbound_rate"]}),
        dated=sum(bool(row["valid_from"] or row["valid_to"]) for row in rows),
    )


def describe(path: Path) -> str:
    """The shape as lines of text."""
    shape = measure(path)

    def counts(found: dict[int, int]) -> str:
        return ", ".join(f"{key}: {count}" for key, count in found.items())

    return "\n".join(
        (
            f"{path.name}: {shape.bytes} bytes, {shape.rows} rows, {shape.groups} network groups, "
            f"{shape.countries} regions",
            f"prefixes: {shape.prefixes} distinct in {shape.cells} cells, "
            f"{shape.whole_numbers} whole numbers",
            f"digits: {counts(shape.lengths)}",
            f"ancestors: {counts(shape.ancestors)}",
            f"redundant children: {shape.redundant:.1%}",
            f"rows with origins: {shape.with_origins} ({shape.with_origins / shape.rows:.1%})",
            f"rows blocked: {shape.blocked}; rows dated: {shape.dated}; "
            f"regions with inbound rates: {shape.with_inbound}",
        )
    )
