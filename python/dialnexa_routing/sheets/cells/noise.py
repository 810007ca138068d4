"""Rows that carry nothing, and country cells that were merged downward (quirks 49, 50 and 51)."""

from __future__ import annotations

import polars as pl

from dialnexa_routing.deck.canonical_columns import Severity
from dialnexa_routing.sheets.aliases import JURISDICTIONS, RATES
from dialnexa_routing.sheets.cells.coinage import coin
from dialnexa_routing.sheets.cells.constant import constant
from dialnexa_routing.sheets.cells.intake import Intake, clean
from dialnexa_routing.sheets.header_keys import KNOWN, key, normalise
from dialnexa_routing.sheets.header_units import part_of, unit_of
from dialnexa_routing.sheets.tables.titles import money_in, title
from dialnexa_routing.text.errors import SheetError

_LONGEST_NAME = 60
_MOST_SENTENCES = 1000
_CODES = ("prefix", "calling_code", "area_code")


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
    if intake.plain_prefixes():
        if merged:
            intake.cells = intake.cells.with_columns(merged)
        return 0
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
        named = doubtful & worded.fill_null(False)
        _refuse_other_heads(intake, intake.cells.filter(named), intake.rows.filter(named))
        _tell_sentences(intake, few.filter(noise))
    if merged:
        intake.cells = intake.cells.with_columns(merged)
    if len(dropped):
        intake.keep(constant(True, intake.height).scatter(dropped, False))
    return int(noise.sum())


def _refuse_other_heads(intake: Intake, rows: pl.DataFrame, numbers: pl.Series) -> None:
    """Raises `SheetError` for a row that is a header too, and names something else than the first.

    What stands below it is of another table: its prices may be in another currency or column.
    """
    header = intake.table.header
    known = {name: place for name, place in header.columns.items() if name in rows.columns}
    known |= {f"?{place}": place for place in range(len(header.names)) if f"?{place}" in rows.columns}
    codes = rows["prefix"].head(_MOST_SENTENCES).to_list()
    for at in (at for at, code in enumerate(codes) if KNOWN.get(key((code or "").strip())) in _CODES):
        row = rows.row(at, named=True)
        for name, place in known.items():
            text = row[name].strip() if isinstance(row[name], str) else ""
            if text and place < len(header.names) and not _alike(text, header.names[place]):
                raise SheetError(
                    f"{header.place or intake.table.file}: row {numbers[at]} is a header again, with {text!r}"
                    f" where the first has {header.names[place]!r}, so another table begins there: give each"
                    " table in a file or on a sheet of its own"
                )


def _alike(one: str, other: str) -> bool:
    """Whether two headers name one column, as in two languages, in the same money and for the same time."""
    known = KNOWN.get(key(one))
    if one == other or known is None or known != KNOWN.get(key(other)):
        return one == other or not normalise(one)
    same_money = coin(one, one).currency == coin(other, other).currency and part_of(one) == part_of(other)
    return same_money and (unit_of(one) or 60) == (unit_of(other) or 60)


def _tell_sentences(intake: Intake, rows: pl.DataFrame) -> None:
    """Warns of rows without a price that name fees, discounts, taxes or dates; those below are reported."""
    told = {line for row in intake.table.below for line in row}
    texts = [name for name, dtype in rows.schema.items() if dtype == pl.String and name != "?beside"]
    for cells in rows.select(texts).head(_MOST_SENTENCES).iter_rows():
        line = " ".join(cell.strip() for cell in cells if cell and cell.strip())
        said = title([[line]])
        if line in told or not (said.extras or said.dated or money_in(line)):
            continue
        told.add(line)
        reason = "this row of the sheet speaks of what no column has: look whether a price depends on it"
        intake.faults.tell(reason, value=line, severity=Severity.WARNING)


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
