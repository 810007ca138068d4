"""Rows that carry nothing, and country cells that were merged downward (quirks 49, 50 and 51)."""

from __future__ import annotations

import polars as pl

from dialnexa_routing.sheets.aliases import JURISDICTIONS, RATES
from dialnexa_routing.sheets.cells.constant import constant
from dialnexa_routing.sheets.cells.intake import Intake, clean

_LONGEST_NAME = 60


def drop_noise(intake: Intake) -> int:
    """Forgets blank rows, and rows that carry nothing, which it counts.

    Those are rows with neither code nor rate, a repeated header, a comment behind ``#``, and a
    sentence alone in the prefix column, which is often the first one. Blank country and network
    cells then have the value above them, a section row's too.
    """
    prefix = intake.raw("prefix")
    if prefix.dtype != pl.String:
        return 0
    merged = _merged(intake)
    worded = prefix.str.contains("[A-Za-z]{2}|^#")
    doubtful = (worded | ~prefix.str.contains("[0-9]")).fill_null(True)
    noise = pl.Series([], dtype=pl.Boolean)
    dropped = pl.Series([], dtype=pl.UInt32)
    if doubtful.any():
        few = intake.cells.filter(doubtful).with_columns(pl.lit("").alias("?beside"))
        code = clean(few["prefix"])
        empty = code.is_null()
        others = pl.all().exclude("prefix").cast(pl.String).fill_null("").str.strip_chars() != ""
        alone = few.select(pl.sum_horizontal(others)).to_series() == 0
        blank = empty & alone
        unpriced = constant(True, few.height)
        for name in (*RATES, *JURISDICTIONS):
            if intake.has(name):
                unpriced &= clean(few[name]).is_null()
        repeated = (code == intake.published("prefix")).fill_null(False)
        comment = code.str.starts_with("#").fill_null(False)
        footer = worded.filter(doubtful).fill_null(False) & alone & (intake.cells.width > 1)
        noise = ~blank & ((empty & unpriced) | repeated | footer | comment)
        dropped = doubtful.arg_true().filter(blank | noise)
    if merged:
        intake.cells = intake.cells.with_columns(merged)
    if len(dropped):
        intake.keep(constant(True, intake.height).scatter(dropped, False))
    return int(noise.sum())


def _merged(intake: Intake) -> list[pl.Series]:
    """The country and network columns with blank cells filled from above, where there are any.

    A row is taken to continue the one above when it has a code and names no country; a network is
    carried on only within its country.
    """
    table = intake.table
    if table.keeps_original or table.in_rupees or (table.delimiter is None and table.sheet is None):
        return []
    names = [name for name in ("country", "country_iso") if intake.has(name)]
    blanks = intake.raw(names[0] if names else "network_group")
    if "network_group" in table.constants or (not intake.has("network_group") and not names):
        return []
    if not blanks.null_count() and not (blanks == "").any():
        return []
    texts = {name: _names(intake, name) for name in (*names, "network_group") if intake.has(name)}
    unnamed = clean(intake.raw("prefix"), escaped=table.escaped).is_not_null()
    for name in names or ["network_group"]:
        unnamed &= texts[name].is_null()
    filled = {name: texts[name].forward_fill() for name in texts}
    if names and "network_group" in texts:
        country = texts[names[0]].forward_fill()
        beside = country.zip_with(texts["network_group"].is_not_null(), country.clear(len(country)))
        same = (beside.forward_fill() == country).fill_null(False)
        filled["network_group"] = filled["network_group"].set(~same, None)
    columns = [
        filled[name].zip_with(unnamed & texts[name].is_null(), intake.cells[name]).alias(name)
        for name in texts
    ]
    count = int((unnamed & filled[next(iter(texts))].is_not_null()).sum())
    if not count:
        return []
    reason = f"{count} rows leave the name blank and took the one above them (quirk 51)"
    intake.faults.tell(reason, column=intake.published(next(iter(texts))))
    return columns


def _names(intake: Intake, name: str) -> pl.Series:
    """The cells of a column that may be names; a sentence is none."""
    text = intake.text(name)
    return text.set((text.str.len_chars() > _LONGEST_NAME).fill_null(False), None)
