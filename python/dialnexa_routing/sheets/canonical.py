"""A table under canonical headers to canonical rows: each cell checked, each list taken apart.

Every provider's reader ends here, so that a prefix, an amount or a date is judged in one place.
The checks work on whole columns; a row that fails any of them is refused with a fault for each
cell that is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.deck.canonical_columns import SHEET, Severity
from dialnexa_routing.sheets.aliases import JURISDICTIONS, RATES
from dialnexa_routing.sheets.cells.constant import constant
from dialnexa_routing.sheets.cells.dates import validity
from dialnexa_routing.sheets.cells.intake import Intake
from dialnexa_routing.sheets.cells.noise import drop_noise
from dialnexa_routing.sheets.cells.prefixes import check_size, origins, prefixes, suspicious
from dialnexa_routing.sheets.cells.rate_cells import FEES, rate_columns
from dialnexa_routing.sheets.cells.status import Standing, standing
from dialnexa_routing.sheets.cells.terms import country_iso, increments, network_group, seconds, truth
from dialnexa_routing.sheets.conflicts import SHEET_NAME
from dialnexa_routing.sheets.decks import CLOSED
from dialnexa_routing.sheets.faults import Counts, Faults
from dialnexa_routing.sheets.placing import place
from dialnexa_routing.sheets.providers.payload import REFUSED
from dialnexa_routing.sheets.tab_names import tell_way
from dialnexa_routing.sheets.table_told import tell_dated, tell_hidden, tell_pulse, tell_title
from dialnexa_routing.sheets.unread import judge
from dialnexa_routing.sheets.version_ends import DAY_AFTER
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from dialnexa_routing.sheets.cells.money import Conversion
    from dialnexa_routing.sheets.sheet_choices import Choices
    from dialnexa_routing.sheets.tables.text_table import TextTable

_SPARE_SECONDS = ("minimum_s", "grace_s", "free_s")


@dataclass(frozen=True)
class Canonical:
    """What one table became: rows of `SHEET` and what stands beside them, faults, counts."""

    rows: pl.DataFrame
    faults: pl.DataFrame
    counts: Counts
    conversion: Conversion | None
    issued: datetime | None = None
    meanings: Mapping[str, object] = field(default_factory=dict)
    names_countries: bool = True
    used: frozenset[str] = frozenset()
    """Arguments of the caller that a row or a column asked for."""


def read_table(table: TextTable, choices: Choices, *, priced_elsewhere: bool = False) -> Canonical:
    """The rows of `table`; repetitions are left to `conflicts.settle`, which sees all tables.

    `priced_elsewhere` states that another sheet of the workbook has the rates. Raises `SheetError`
    for what concerns the whole sheet: a column that is unclear, a currency that is missing or mixed.
    """
    table = place(table, choices)
    faults = Faults(table.file, table.sheet)
    for remark in table.remarks:
        faults.tell(
            remark.reason, row=remark.row, column=remark.column, value=remark.value, severity=remark.severity
        )
    tell_hidden(table, faults)
    tell_dated(table, faults)
    tell_way(table, faults)
    tell_pulse(table, choices, faults)
    table = judge(table, choices, faults, priced_elsewhere=priced_elsewhere)
    issued = tell_title(table, faults, choices)
    intake = Intake(table, faults)
    noise = drop_noise(intake)
    unreadable = _drop_unreadable(intake)
    if intake.has(REFUSED):
        why = intake.raw(REFUSED)
        intake.refuse("prefix", why.is_not_null(), why)
    words = standing(intake, choices)
    if priced_elsewhere and not any(intake.has(name) for name in RATES):
        count = intake.height - int(words.closed.sum())
        noise += count
        if count:
            reason = (
                f"{count} rows of this sheet have no price, and other sheets have, so they were not read:"
                " look whether they withdraw or block anything"
            )
            faults.tell(reason, severity=Severity.WARNING)
        intake.keep(words.closed)
        words = Standing(words.closed.filter(words.closed), words.blocked.filter(words.closed))
    columns, conversion = _columns(intake, choices, words)
    units = _units(intake, choices)
    rows, refused, idle = _assemble(intake, columns, units, choices)
    counts = Counts(
        rows.height + refused + unreadable + noise + idle, rows.height, refused + unreadable, noise + idle
    )
    named = table.in_rupees or intake.has("country") or intake.has("country_iso")
    priced = not table.in_rupees and any(intake.has(name) for name in (*RATES, *FEES, "schedule"))
    used = {
        "unit": priced,
        "local_origin": bool(units["local"].any()),
        "statuses": bool(table.header.statuses()) or intake.has("enabled"),
        "jurisdiction": any(intake.has(name) for name in JURISDICTIONS),
    }
    asked = frozenset(name for name, there in used.items() if there)
    return Canonical(rows, faults.frame(), counts, conversion, issued, table.meanings, named, asked)


def _drop_unreadable(intake: Intake) -> int:
    """Refuses rows whose cells the text reader could not keep apart; each counts once."""
    if not intake.table.refused:
        return 0
    held = intake.table.refused
    wrong = intake.rows.is_in(list(held))
    why = pl.Series([held.get(row) for row in intake.rows.to_list()], dtype=pl.String)
    intake.refuse("prefix", wrong, why)
    intake.keep(~wrong)
    return int(wrong.sum())


def _columns(
    intake: Intake, choices: Choices, words: Standing
) -> tuple[dict[str, pl.Series], Conversion | None]:
    """Every column but prefix and origin, one value a row, and the conversion that was needed."""
    country = intake.text("country")
    times = validity(intake, choices)
    first, further = increments(intake, choices)
    rates, conversion = rate_columns(intake, choices, words.blocked, (first, further))
    columns = {
        "provider": _provider(intake, choices.provider),
        "country_iso": country_iso(intake),
        "country": country,
        "network_group": network_group(intake, country),
        "initial_increment_s": first,
        "next_increment_s": further,
        **{name: seconds(intake, name) for name in _SPARE_SECONDS},
        "valid_from": times.start,
        "valid_to": times.end,
        DAY_AFTER: times.day_after,
        "exact_match": truth(intake, "exact_match").fill_null(False),
        **rates,
        "source_file": intake.text("source_file").fill_null(intake.table.file),
        "source_row": intake.rows,
        CLOSED: words.closed,
    }
    if intake.has("source_row"):
        stated = intake.text("source_row").cast(pl.UInt32, strict=False)
        columns["source_row"] = stated.fill_null(intake.rows)
    return columns, conversion


def _provider(intake: Intake, stated: str | None) -> pl.Series:
    names = intake.text("provider")
    if stated is not None:
        names = names.fill_null(stated)
    found = names.drop_nulls().unique().sort().to_list()
    if len(found) > 1:
        raise SheetError(
            f"{intake.table.file} mixes the providers {' and '.join(map(repr, found))}:"
            " read one provider at a time, and leave out a provider= that contradicts the sheet"
        )
    return names


def _units(intake: Intake, choices: Choices) -> pl.DataFrame:
    """One row per source row, prefix item and origin item, and which are `bad`, `idle`, `local`."""
    bad = pl.col("reason").is_not_null()
    codes = prefixes(intake, choices).select("idx", prefix="item", bad=bad)
    if intake.raw("origin").null_count() == intake.height:
        return codes.with_columns(
            origin=pl.lit(None, pl.String), idle=pl.lit(value=False), local=pl.lit(value=False)
        )
    callers = origins(intake, choices).select("idx", "local", origin="item", bad_origin=bad)
    if callers.height == intake.height == codes.height:
        both = codes.with_columns(callers["origin"], callers["bad_origin"], callers["local"])
    else:
        times = codes.group_by("idx").len().join(callers.group_by("idx").len(), on="idx")
        check_size(
            int((times["len"].cast(pl.UInt64) * times["len_right"].cast(pl.UInt64)).sum()), intake.table.file
        )
        both = codes.join(callers, on="idx", how="inner", maintain_order="left_right")
    bad = pl.col("bad") | pl.col("bad_origin")
    # A caller is local to the country he bought his number in, and to no other.
    elsewhere = ~pl.col("prefix").str.starts_with(choices.local_origin or "x").fill_null(False)
    idle = pl.col("local") & elsewhere & ~bad
    return both.select("idx", "prefix", "origin", "local", bad=bad, idle=idle)


def _assemble(
    intake: Intake, columns: dict[str, pl.Series], units: pl.DataFrame, choices: Choices
) -> tuple[pl.DataFrame, int, int]:
    """The units that passed as `SHEET` and what stands beside it, how many were refused, how many idle."""
    rows = pl.DataFrame([values.alias(name) for name, values in columns.items()])
    read = units.height
    good = ~units["bad"]
    if intake.refused.any():
        good &= ~intake.refused.gather(units["idx"])
    refused = read - int(good.sum())
    idle = units["idle"] & good
    if idle.any():
        intake.faults.tell(
            f"{int(idle.sum())} prices are for numbers bought from the provider in the country called, and"
            " were left out: pass local_origin= with the digits of such a caller",
            column=intake.published("origin"),
            severity=Severity.WARNING,
        )
        good &= ~idle
    good &= _heaviest(intake, units, good, columns["valid_from"])
    if not good.all():
        units = units.filter(good)
    if units.height != intake.height or not good.all():
        rows = rows[units["idx"]]
    rows = rows.with_columns(
        units["prefix"], units["origin"], pl.lit(intake.table.sheet, pl.String).alias(SHEET_NAME)
    )
    _tell_damaged(intake, units, rows)
    rows = rows.select(*SHEET, SHEET_NAME, CLOSED, DAY_AFTER).cast(dict(SHEET))  # type: ignore[arg-type]
    return rows, refused, read - refused - units.height


def _heaviest(intake: Intake, units: pl.DataFrame, good: pl.Series, starts: pl.Series) -> pl.Series:
    """Which units no other of their prefix, caller and start outweighs; all where there are no weights."""
    if not intake.has("weight"):
        return constant(True, units.height)
    weight = intake.text("weight").cast(pl.Int64, strict=False).fill_null(0).gather(units["idx"])
    start = starts.gather(units["idx"]).alias("start")
    weighed = units.with_columns(weight.alias("weight").set(~good, None), start)
    return weighed.select(
        (pl.col("weight") == pl.col("weight").max().over("prefix", "origin", "start")).fill_null(True)
    ).to_series()


def _tell_damaged(intake: Intake, units: pl.DataFrame, rows: pl.DataFrame) -> None:
    """Warns of codes that end in zeros, above all where their country has another calling code (quirk 15)."""
    damaged = suspicious(units["prefix"])
    if not damaged.any():
        return
    places = intake.rows.gather(units["idx"].filter(damaged))
    heads = (
        rows.filter(~damaged)
        .filter(pl.col("country").is_not_null())
        .with_columns(head=pl.col("prefix").str.slice(0, 2))
    )
    usual = heads.group_by("country").agg(pl.col("head").unique())
    few = rows.filter(damaged).join(usual, on="country", how="left", maintain_order="left", nulls_equal=False)
    astray = ~pl.col("head").list.contains(pl.col("prefix").str.slice(0, 2))
    reason = "the prefix ends in six zeros or more, as a spreadsheet leaves it: compare it with the source"
    stranger = pl.format("{}; the other codes of {} start otherwise", pl.lit(reason), pl.col("country"))
    told = few.select(pl.when(astray.fill_null(False)).then(stranger).otherwise(pl.lit(reason))).to_series()
    intake.faults.add(
        places, intake.published("prefix"), units["prefix"].filter(damaged), told, Severity.WARNING
    )
