"""The country of network groups whose sheet names none, by the group's name and its prefixes (R18).

The country is the group's and not that of a calling code: several countries share one, and there the
leading digits tell. A name counts where the prefixes can be of that country; prefixes count where they
can be of one only. Where the two contradict each other the caller is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.deck.canonical_columns import Severity
from dialnexa_routing.numbers.countries import COUNTRIES
from dialnexa_routing.numbers.country_words import isos_of, name_of
from dialnexa_routing.numbers.number_series import regions_of
from dialnexa_routing.sheets.country_names import countries_of
from dialnexa_routing.sheets.faults import Faults
from dialnexa_routing.text.errors import SheetError
from dialnexa_routing.text.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from dialnexa_routing.sheets.canonical import Canonical
    from dialnexa_routing.sheets.sheet_choices import Choices

_LISTED = 3
_PRICES = ("outbound_rate", "inbound_rate", "schedule")

# Whose decks count these as their own: the states and dependencies of one calling code that are, or were,
# of the greater one's numbering plan. Jamaica is not among them, nor Kazakhstan.
_WHOLE = {
    **dict.fromkeys(("PR", "GU", "VI", "MP", "AS"), "US"),
    **dict.fromkeys(("GG", "JE", "IM"), "GB"),
    **dict.fromkeys(("CC", "CX"), "AU"),
    **dict.fromkeys(("BL", "MF"), "GP"),
    "SJ": "NO",
    "AX": "FI",
    "VA": "IT",
    "YT": "RE",
    "EH": "MA",
    "TA": "SH",
    "BQ": "CW",
}
# Names that decks have under the code of a neighbour, since they have no numbers of their own.
_GUESTS = {"1": "UM", "64": "PN", "262": "TF", "500": "GS", "672": "AQ"}

# Digits that keep the countries of one calling code apart; four are more than any other needs.
_HEADS = {"1": 4} | dict.fromkeys(("7", "39", "44", "47", "61", "212", "262", "290", "358", "590", "599"), 8)
_HEAD = 4


def candidates(prefix: str) -> frozenset[str]:
    """The ISO codes of the countries that numbers under `prefix` can be of, by the number plan.

    >>> sorted(candidates("1876")), sorted(candidates("39")), sorted(candidates("7701"))
    (['JM'], ['IT', 'VA'], ['KZ'])
    """
    return regions_of(prefix)


def with_countries(
    tables: Sequence[Canonical], choices: Choices, of: Callable[[str], frozenset[str]] = candidates
) -> list[pl.DataFrame]:
    """The rows of `tables`, those of tables that name no country with the country of their group.

    Asks about groups whose name and prefixes disagree; what was found is reported in a fault of each table.
    """
    _check_named(tables, choices)
    nameless = [table for table in tables if not table.names_countries]
    if choices.country_by == "nothing" or not any(table.rows.height for table in nameless):
        return [_overruled(_with_codes(table.rows, of), choices) for table in tables]
    groups = pl.concat([table.rows.select("network_group", "prefix") for table in nameless])
    # A table without prices names places and carriers: Jersey City is nowhere near Jersey.
    priced = any(table.rows[name].null_count() < table.rows.height for table in nameless for name in _PRICES)
    found: dict[str, str | None] = {}
    astray: list[tuple[str, str, str]] = []
    for name, prefixes in _heads(groups, "network_group").items():
        if name in choices.countries:
            continue
        sets = {prefix: of(prefix) for prefix in prefixes}
        by_name, wrong = _by_name(countries_of(name), sets)
        by_prefix = _only(frozenset.intersection(*sets.values()))
        if by_name is None or wrong is None:
            found[name] = by_name or by_prefix
        else:
            found[name] = by_prefix if choices.country_by == "prefix" or not priced else by_name
            astray.append((name, by_name, wrong))
    if astray and priced and choices.country_by is None:
        _ask(astray, nameless[0], choices, of)
    mapping = pl.DataFrame(
        {
            "network_group": pl.Series(list(found), dtype=pl.String),
            "?iso": pl.Series(list(found.values()), dtype=pl.String),
            "?country": pl.Series([iso and name_of(iso) for iso in found.values()], dtype=pl.String),
        }
    )
    named = (
        _with_codes(table.rows, of) if table.names_countries else _mapped(table.rows, mapping)
        for table in tables
    )
    return [_overruled(rows, choices) for rows in named]


def _check_named(tables: Sequence[Canonical], choices: Choices) -> None:
    """Raises `SheetError` for a group of `countries=` that no table has: nothing given is ignored."""
    if not choices.countries:
        return
    groups = pl.concat([table.rows["network_group"] for table in tables]).unique().drop_nulls().to_list()
    for group in choices.countries:
        if group not in groups:
            raise SheetError(
                f"countries= names {group!r}, which is no network group of the sheet{nearest(group, groups)}"
            )


def _overruled(rows: pl.DataFrame, choices: Choices) -> pl.DataFrame:
    """`rows` with the countries that the caller gives single groups; the key of their switch follows."""
    if not choices.countries:
        return rows
    own = pl.col("network_group").is_in(list(choices.countries))
    iso = pl.col("network_group").replace_strict(
        dict(choices.countries), default=None, return_dtype=pl.String
    )
    names = {code: name_of(code) for code in choices.countries.values()}
    return rows.with_columns(
        country_iso=pl.when(own).then(iso).otherwise("country_iso"),
        country=pl.when(own)
        .then(iso.replace_strict(names, default=None, return_dtype=pl.String))
        .otherwise("country"),
    )


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


def _by_name(isos: Sequence[str], sets: Mapping[str, frozenset[str]]) -> tuple[str | None, str | None]:
    """Which of the countries of a name is meant, and the first prefix that cannot be of it.

    Of a name that several countries bear ("Congo"), the prefixes choose; None where they do not.
    """
    wrong = {iso: _wrong(iso, sets) for iso in isos}
    right = [iso for iso, prefix in wrong.items() if prefix is None]
    if len(right) == 1:
        return right[0], None
    return (None, None) if right or not isos else (isos[0], wrong[isos[0]])


def _wrong(iso: str, sets: Mapping[str, frozenset[str]]) -> str | None:
    astray = [prefix for prefix, found in sets.items() if not _can_be(iso, prefix, found)]
    return min(astray) if astray else None


def _can_be(iso: str, prefix: str, found: frozenset[str]) -> bool:
    if iso in found or any(_WHOLE.get(part) == iso for part in found):
        return True
    return any(guest == iso and prefix.startswith(code) for code, guest in _GUESTS.items())


def _only(isos: Iterable[str]) -> str | None:
    held = list(isos)
    return held[0] if len(held) == 1 else None


def _heads(rows: pl.DataFrame, name: str) -> dict[str, list[str]]:
    """The beginnings of the prefixes under each name, as far as they keep countries apart."""
    prefix = pl.col("prefix")
    head = pl.lit(None, pl.String)
    for code, digits in _HEADS.items():
        head = pl.when(prefix.str.starts_with(code)).then(prefix.str.slice(0, digits)).otherwise(head)
    heads = pl.coalesce(head, prefix.str.slice(0, _HEAD)).unique()
    return dict(rows.group_by(name, maintain_order=True).agg(heads).iter_rows())


def _mapped(rows: pl.DataFrame, mapping: pl.DataFrame) -> pl.DataFrame:
    joined = rows.join(mapping, on="network_group", how="left", maintain_order="left")
    return joined.with_columns(country_iso=pl.col("?iso"), country=pl.col("?country")).drop(
        "?iso", "?country"
    )


def _with_codes(rows: pl.DataFrame, of: Callable[[str], frozenset[str]]) -> pl.DataFrame:
    """`rows` with the ISO code of a country that they name, where they state none themselves.

    A cell that is more than a name ("India Mobile") counts where its prefixes agree with it.
    """
    unknown = pl.col("country_iso").is_null() & pl.col("country").is_not_null()
    asked = rows.filter(unknown)
    names = {name: (name,) if name in COUNTRIES else isos_of(name) for name in asked["country"].unique()}
    known = {name: isos[0] for name, isos in names.items() if len(isos) == 1}
    unclear = asked.filter(~pl.col("country").is_in(list(known)))
    for name, prefixes in _heads(unclear.select("country", "prefix"), "country").items():
        iso, wrong = _by_name(names[name] or countries_of(name), {prefix: of(prefix) for prefix in prefixes})
        if iso is not None and wrong is None:
            known[name] = iso
    if not known:
        return rows
    codes = pl.col("country").replace_strict(known, default=None, return_dtype=pl.String)
    return rows.with_columns(country_iso=pl.when(unknown).then(codes).otherwise("country_iso"))


def _ask(
    astray: list[tuple[str, str, str]],
    table: Canonical,
    choices: Choices,
    of: Callable[[str], frozenset[str]],
) -> None:
    some = ", ".join(
        f"{name!r} ({name_of(iso)} by its name) has prefixes under {prefix} ({_told(of(prefix))})"
        for name, iso, prefix in astray[:_LISTED]
    )
    more = f" and {len(astray) - _LISTED} more groups" if len(astray) > _LISTED else ""
    file = table.rows["source_file"][0] if table.rows.height else ""
    choices.questions.ask(
        "country_by",
        f"{file}: {some}{more}, which is of another country: pass country_by='name' or country_by='prefix'"
        f" with what decides, countries={{{astray[0][0]!r}: …}} with the ISO code of single groups, or"
        " country_by='nothing' to leave the countries unknown (R18)",
        ["'name'", "'prefix'", "'nothing'"],
    )


def _told(isos: frozenset[str]) -> str:
    """The countries of a prefix in words."""
    names = sorted(name_of(iso) or iso for iso in isos)
    if not names:
        return "of no country"
    return " or ".join(names[:_LISTED]) + (" and others" if len(names) > _LISTED else "")
