"""A table under canonical headers to canonical rows: each cell checked, each list taken apart.

Every provider's reader ends here, so that a prefix, an amount or a date is judged in one place.
The checks work on whole columns; a row that fails any of them is refused with a fault for each
cell that is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.errors import SheetError
from dialnexa_routing.sheets.columns import SHEET, Severity
from dialnexa_routing.sheets.conflicts import SHEET_NAME
from dialnexa_routing.sheets.dates import validity
from dialnexa_routing.sheets.faults import Counts, Faults
from dialnexa_routing.sheets.headers import RATES
from dialnexa_routing.sheets.intake import Intake, clean
from dialnexa_routing.sheets.prefixes import items, suspicious
from dialnexa_routing.sheets.rates import rate_columns
from dialnexa_routing.sheets.terms import country_iso, increments, network_group, seconds, truth

if TYPE_CHECKING:
    from datetime import tzinfo

    from dialnexa_routing.sheets.money import Conversion, Prices
    from dialnexa_routing.sheets.text import TextTable

_SPARE_SECONDS = ("minimum_s", "grace_s", "free_s")


@dataclass(frozen=True)
class Reading:
    """What the caller said about a sheet, as far as rows depend on it."""

    provider: str | None
    prices: Prices
    naive_zone: tzinfo | None


@dataclass(frozen=True)
class Canonical:
    """What one table became: rows of `SHEET` and the sheet they stood on, faults, counts."""

    rows: pl.DataFrame
    faults: pl.DataFrame
    counts: Counts
    conversion: Conversion | None


def read_table(table: TextTable, reading: Reading) -> Canonical:
    """The rows of `table`; repetitions are left to `conflicts.settle`, which sees all tables.

    Raises `SheetError` for what concerns the whole sheet: a currency that is missing or mixed.
    """
    faults = Faults(table.file, table.sheet)
    for remark in table.remarks:
        faults.tell(
            remark.reason, row=remark.row, column=remark.column, value=remark.value, severity=remark.severity
        )
    for name, sentence, warn in table.header.unknown_notes():
        faults.tell(sentence, column=name, value=name, severity=Severity.WARNING if warn else Severity.NOTE)
    intake = Intake(table, faults)
    noise = _drop_noise(intake)
    unreadable = _drop_unreadable(intake)
    columns, conversion = _columns(intake, reading)
    units = _units(intake)
    rows, loaded = _assemble(intake, columns, units)
    refused = units.height - loaded + unreadable
    counts = Counts(loaded + refused + noise, loaded, refused, noise)
    return Canonical(rows, faults.frame(), counts, conversion)


def _drop_noise(intake: Intake) -> int:
    """Forgets blank rows (quirk 50), and rows that carry nothing (quirk 49), which it counts.

    Those are rows with neither code nor rate, a repeated header, and a sentence alone in the
    prefix column, which is often the first one.
    """
    prefix = intake.raw("prefix")
    if prefix.dtype != pl.String:
        return 0
    worded = prefix.str.contains("[A-Za-z]{2}")
    doubtful = (worded | ~prefix.str.contains("[0-9]")).fill_null(True)
    if not doubtful.any():
        return 0
    few = intake.cells.filter(doubtful).with_columns(pl.lit("").alias("?beside"))
    code = clean(few["prefix"])
    empty = code.is_null()
    others = pl.all().exclude("prefix").cast(pl.String).fill_null("").str.strip_chars() != ""
    alone = few.select(pl.sum_horizontal(others)).to_series() == 0
    blank = empty & alone
    unpriced = pl.repeat(True, few.height, eager=True)
    for name in RATES:
        if intake.has(name):
            unpriced &= clean(few[name]).is_null()
    repeated = (code == intake.published("prefix")).fill_null(False)
    footer = worded.filter(doubtful).fill_null(False) & alone & (intake.cells.width > 1)
    noise = ~blank & ((empty & unpriced) | repeated | footer)
    dropped = doubtful.arg_true().filter(blank | noise)
    if len(dropped):
        intake.keep(pl.repeat(True, intake.height, eager=True).scatter(dropped, False))
    return int(noise.sum())


def _drop_unreadable(intake: Intake) -> int:
    """Refuses rows whose cells the text reader could not tell apart; each counts once."""
    if not intake.table.refused:
        return 0
    wrong = intake.rows.is_in(list(intake.table.refused))
    intake.refuse("prefix", wrong, next(iter(intake.table.refused.values())))
    intake.keep(~wrong)
    return int(wrong.sum())


def _columns(intake: Intake, reading: Reading) -> tuple[dict[str, pl.Series], Conversion | None]:
    """Every canonical column but prefix and origin, one value a row, and the conversion that was needed."""
    country = intake.text("country")
    start, end = validity(intake, reading.naive_zone)
    first, further = increments(intake)
    rates, conversion = rate_columns(intake, reading.prices)
    columns = {
        "provider": _provider(intake, reading.provider),
        "country_iso": country_iso(intake),
        "country": country,
        "network_group": network_group(intake, country),
        "initial_increment_s": first,
        "next_increment_s": further,
        **{name: seconds(intake, name) for name in _SPARE_SECONDS},
        "valid_from": start,
        "valid_to": end,
        "exact_match": truth(intake, "exact_match").fill_null(False),
        **rates,
        "source_file": intake.text("source_file").fill_null(intake.table.file),
        "source_row": intake.rows,
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


def _units(intake: Intake) -> pl.DataFrame:
    """One row per source row, prefix item and origin item: `idx`, `prefix`, `origin`, `bad`."""
    prefixes = items(intake, "prefix").select("idx", prefix="item", bad=pl.col("reason").is_not_null())
    if intake.raw("origin").null_count() == intake.height:
        return prefixes.with_columns(origin=pl.lit(None, pl.String))
    origins = items(intake, "origin").select("idx", origin="item", bad_origin=pl.col("reason").is_not_null())
    if origins.height == intake.height == prefixes.height:
        both = prefixes.with_columns(origins["origin"], origins["bad_origin"])
    else:
        both = prefixes.join(origins, on="idx", how="inner", maintain_order="left_right")
    return both.select("idx", "prefix", "origin", bad=pl.col("bad") | pl.col("bad_origin"))


def _assemble(intake: Intake, columns: dict[str, pl.Series], units: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """The units that passed, with the columns of their rows, as `SHEET` and the sheet's name."""
    rows = pl.DataFrame([values.alias(name) for name, values in columns.items()])
    good = ~units["bad"]
    if intake.refused.any():
        good &= ~intake.refused.gather(units["idx"])
    if not good.all():
        units = units.filter(good)
    if units.height != intake.height or not good.all():
        rows = rows[units["idx"]]
    rows = rows.with_columns(
        units["prefix"], units["origin"], pl.lit(intake.table.sheet, pl.String).alias(SHEET_NAME)
    )
    damaged = suspicious(units["prefix"])
    if damaged.any():
        reason = (
            "the prefix ends in six zeros or more, as a spreadsheet leaves it: compare it with the source"
        )
        places = intake.rows.gather(units["idx"].filter(damaged))
        intake.faults.add(
            places, intake.published("prefix"), units["prefix"].filter(damaged), reason, Severity.WARNING
        )
    return rows.select(*SHEET, SHEET_NAME).cast(dict(SHEET)), units.height  # type: ignore[arg-type]
