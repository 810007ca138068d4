"""The country of network groups whose sheet names none, by the group's name and its prefixes (R18).

The country is the group's and not that of a calling code: several countries share one. A name counts
where the prefixes can be of that country; prefixes count where they can be of one only. Where the
two contradict each other the caller is asked.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.deck.canonical_columns import Severity
from dialnexa_routing.numbers.countries import COUNTRIES
from dialnexa_routing.sheets.cells.patterns import calling_code
from dialnexa_routing.sheets.country_names import country_of, is_country
from dialnexa_routing.sheets.faults import Faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from dialnexa_routing.sheets.canonical import Canonical
    from dialnexa_routing.sheets.sheet_choices import Choices

_LISTED = 3
_PRICES = ("outbound_rate", "inbound_rate", "schedule")
_SHARING: dict[str, frozenset[str]] = {}
for _iso, _country in COUNTRIES.items():
    _SHARING[_country.calling_code] = _SHARING.get(_country.calling_code, frozenset()) | {_iso}


def candidates(prefix: str) -> frozenset[str]:
    """The ISO codes of the countries that numbers under `prefix` can be of, as far as calling codes tell.

    The door for a number plan, which tells Jamaica from Canada: it takes the place of this function.
    """
    return _SHARING.get(calling_code(prefix), frozenset())


def with_countries(
    tables: Sequence[Canonical], choices: Choices, of: Callable[[str], frozenset[str]] = candidates
) -> list[pl.DataFrame]:
    """The rows of `tables`, those of tables that name no country with the country of their group.

    Asks about groups whose name and prefixes disagree; what was found is told in a fault of each table.
    """
    nameless = [table for table in tables if not table.names_countries]
    if choices.country_by == "nothing" or not any(table.rows.height for table in nameless):
        return [_with_codes(table.rows) for table in tables]
    groups = pl.concat([table.rows.select("network_group", "prefix") for table in nameless])
    held = groups.group_by("network_group", maintain_order=True).agg(
        pl.col("prefix").str.slice(0, 4).unique()
    )
    # A table without prices names places and carriers: Jersey City is nowhere near Jersey.
    priced = any(table.rows[name].null_count() < table.rows.height for table in nameless for name in _PRICES)
    found: dict[str, str | None] = {}
    astray: list[tuple[str, str, str]] = []
    for name, prefixes in held.iter_rows():
        sets = [of(prefix) for prefix in prefixes]
        by_name, by_prefix = country_of(name), _only(frozenset.intersection(*sets))
        if by_name is None or all(by_name in one for one in sets):
            found[name] = by_name or by_prefix
        else:
            found[name] = by_prefix if choices.country_by == "prefix" or not priced else by_name
            first = min(p for p, one in zip(prefixes, sets, strict=True) if by_name not in one)
            astray.append((name, by_name, first))
    if astray and priced and choices.country_by is None:
        _ask(astray, nameless[0], choices)
    mapping = pl.DataFrame(
        {
            "network_group": list(found),
            "?iso": pl.Series(list(found.values()), dtype=pl.String),
            "?country": pl.Series([iso and COUNTRIES[iso].name for iso in found.values()], dtype=pl.String),
        }
    )
    return [
        _with_codes(table.rows) if table.names_countries else _mapped(table.rows, mapping) for table in tables
    ]


def told(tables: Sequence[Canonical], rows: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """One note for each table on the countries that its groups were given."""
    faults = Faults("")
    for table, filled in zip(tables, rows, strict=True):
        if table.names_countries or not filled.height:
            continue
        groups = filled.select("network_group", "country_iso", "country", "source_file").unique(
            maintain_order=True
        )
        known = groups.drop_nulls("country_iso")
        if not known.height:
            continue
        usual = known["country"].value_counts(sort=True).sort("count", "country", descending=[True, False])
        some = ", ".join(f"{name} {count}" for name, count in usual.head(_LISTED).iter_rows())
        more = f" and {usual.height - _LISTED} more countries" if usual.height > _LISTED else ""
        lacking = groups.height - known.height
        none = f"; {lacking} have none" if lacking else ""
        one = Faults(groups["source_file"][0])
        one.tell(
            f"the sheet names no countries, so {known.height} groups have that of their name and prefixes,"
            f" {some}{more}{none}: pass country_by='nothing' to leave them out (R18)",
            column="country_iso",
            severity=Severity.NOTE,
        )
        faults.take(one)
    return faults.frame()


def _only(isos: Iterable[str]) -> str | None:
    held = list(isos)
    return held[0] if len(held) == 1 else None


def _mapped(rows: pl.DataFrame, mapping: pl.DataFrame) -> pl.DataFrame:
    joined = rows.join(mapping, on="network_group", how="left", maintain_order="left")
    return joined.with_columns(country_iso=pl.col("?iso"), country=pl.col("?country")).drop(
        "?iso", "?country"
    )


def _with_codes(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` with the ISO code of a country that they name in full, where they state none themselves."""
    unknown = pl.col("country_iso").is_null() & pl.col("country").is_not_null()
    names = rows.filter(unknown)["country"].unique()
    known = {name: country_of(name) for name in names if is_country(name)}
    if not known:
        return rows
    codes = pl.col("country").replace_strict(known, default=None, return_dtype=pl.String)
    return rows.with_columns(country_iso=pl.when(unknown).then(codes).otherwise("country_iso"))


def _ask(astray: list[tuple[str, str, str]], table: Canonical, choices: Choices) -> None:
    by_name: dict[str, int] = defaultdict(int)
    for _, iso, _ in astray:
        by_name[iso] += 1
    some = ", ".join(
        f"{name!r} ({COUNTRIES[iso].name} by its name) has prefixes under {prefix}"
        for name, iso, prefix in astray[:_LISTED]
    )
    more = f" and {len(astray) - _LISTED} more groups" if len(astray) > _LISTED else ""
    file = table.rows["source_file"][0] if table.rows.height else ""
    choices.questions.ask(
        "country_by",
        f"{file}: {some}{more}, which is of another country: pass country_by='name' or country_by='prefix'"
        " with what decides, or country_by='nothing' to leave the countries unknown (R18)",
        ["'name'", "'prefix'", "'nothing'"],
    )
