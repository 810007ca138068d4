"""Canonical rows to what the core compiles: types checked, one origin chosen, the deck described."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.clock.time_columns import utc
from dialnexa_routing.deck.canonical_columns import MONEY, SHEET, TIME
from dialnexa_routing.deck.exact_columns import exactly
from dialnexa_routing.text.errors import MoneyError, NumberError, SheetError
from dialnexa_routing.text.nearest import nearest, nearest_or_all

if TYPE_CHECKING:
    from collections.abc import Mapping

Schedules = list[tuple[int | None, list[int], str]]

_NEEDED = ("prefix", "network_group")


def prepare(
    frames: pl.DataFrame | Iterable[pl.DataFrame], origin: str | None, digests: Mapping[str, str]
) -> tuple[pl.Series, list[tuple[str, str]], Schedules, list[list[int]]]:
    """Rows as one column of structs, the labels of their deck, its schedules, and the zones of these."""
    parts = [frames] if isinstance(frames, pl.DataFrame) else _several(frames)
    canonicals = [canonical(_frame(part)) for part in parts]
    if not canonicals:
        raise SheetError("there are no rows to compile; pass at least one frame")
    rows = canonicals[0] if len(canonicals) == 1 else pl.concat(canonicals)
    labels = {"currency": "INR", "origin": origin or ""}
    providers = rows["provider"].drop_nulls().unique().sort().to_list()
    if len(providers) > 1:
        names = ", ".join(providers)
        raise SheetError(f"the rows are of providers {names}; a deck is of one (R14): compile one each")
    labels["provider"] = providers[0] if providers else ""
    if origin is not None and not (origin and set(origin) <= set("0123456789")):
        raise NumberError(f"origin {origin!r} is not digits; pass the caller's, as '91'")
    rows = rows_for_caller(rows, origin)
    earliest = rows["valid_from"].min()
    if earliest is not None:
        labels["valid_from"] = str(earliest)
    labels |= {f"sha256 {file}": digest for file, digest in digests.items()}
    rows, schedules, zones = numbered_schedules(rows)
    return rows.to_struct("rows"), sorted(labels.items()), schedules, zones


def _frame(part: object) -> pl.DataFrame:
    if not isinstance(part, pl.DataFrame):
        raise TypeError(_no_rows(part))
    return part


def _several(frames: object) -> list[object]:
    if isinstance(frames, str | bytes | dict) or not isinstance(frames, Iterable):
        raise TypeError(_no_rows(frames))
    return list(frames)


def _no_rows(given: object) -> str:
    kind = type(given).__name__
    if hasattr(given, "compile"):
        return f"a {kind} compiles itself, for its own origin (R19): call its compile()"
    return f"rows is {kind}; pass a frame of canonical columns, or several"


def rows_for_caller(rows: pl.DataFrame, origin: str | None) -> pl.DataFrame:
    """Of each prefix the rows of the longest origin that begins the caller's digits (R19)."""
    if rows["origin"].null_count() == rows.height:
        return rows
    if origin is None:
        return rows.filter(pl.col("origin").is_null())
    fits = rows.filter(pl.col("origin").is_null() | pl.lit(origin).str.starts_with(pl.col("origin")))
    length = pl.col("origin").str.len_bytes().fill_null(0)
    return fits.filter(length == length.max().over("prefix", pl.col("exact_match").fill_null(False)))


def numbered_schedules(rows: pl.DataFrame) -> tuple[pl.DataFrame, Schedules, list[list[int]]]:
    """The rows with their schedules by number; of each its zone's number, its words and text; the zones.

    Raises `SheetError` for one that cannot be, with its place.
    """
    texts = rows["schedule"].drop_nulls().unique(maintain_order=True)
    if not len(texts):
        return rows.with_columns(pl.lit(None, pl.UInt32).alias("schedule")), [], []
    from dialnexa_routing.clock.zone_offsets import offsets
    from dialnexa_routing.money.schedule import Schedule

    schedules, zones = Schedules(), dict[str, int]()
    for text in texts:
        try:
            schedule = Schedule.parse(text)
        except SheetError as error:
            row = rows.row(rows["schedule"].eq(text).arg_max() or 0, named=True)
            file, number = row["source_file"] or "the sheet", row["source_row"]
            where = f"{file}, row {number}" if number else f"{file}, prefix {row['prefix']}"
            raise SheetError(f"{where}, column 'schedule': {error}") from None
        zone = schedule.zone if schedule.is_timed else None
        number = None if zone is None else zones.setdefault(zone, len(zones))
        schedules.append((number, schedule.words(), str(schedule)))
    numbers = pl.Series(range(len(texts)), dtype=pl.UInt32)
    numbered = rows["schedule"].replace_strict(texts, numbers, return_dtype=pl.UInt32)
    return rows.with_columns(numbered), schedules, [list(offsets(zone)) for zone in zones]


def canonical(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with exactly the canonical columns and types; columns it lacks are null.

    Raises:
        SheetError: a needed column is missing, one is unknown or of a type that has to be read.
        MoneyError: a money column is of floats, or would lose places.
    """
    if frame.schema == SHEET:
        return frame
    for name in _NEEDED:
        if name not in frame.columns:
            raise SheetError(f"there is no column {name!r}{nearest_or_all(name, frame.columns)}")
    for name in frame.columns:
        if name not in SHEET:
            near = nearest(name, SHEET)
            raise SheetError(f"column {name!r} is not one of a canonical sheet{near}; rename or drop it")
    return frame.select(
        _cast(frame[name], dtype) if name in frame.columns else pl.lit(None, dtype).alias(name)
        for name, dtype in SHEET.items()
    )


def _cast(column: pl.Series, dtype: pl.DataType) -> pl.Series:
    name, found = column.name, column.dtype
    if found in (dtype, pl.Null):
        return column.cast(dtype)
    if dtype == MONEY:
        if found.is_float():
            raise MoneyError(f"column {name!r} is {found}; money is Decimal or text, never a float (R48)")
        if isinstance(found, pl.Decimal) or found.is_integer():
            return exactly(column, dtype)
    elif dtype == TIME:
        if isinstance(found, pl.Datetime) and found.time_zone is not None:
            held = utc(column)
            if held.null_count() == column.null_count():
                return held
            at = (held.is_null() & column.is_not_null()).arg_max() or 0
            raise SheetError(f"column {name!r}, row {at + 1}: the time is beyond all calendars; correct it")
    elif dtype == pl.UInt32 and found.is_integer():
        return exactly(column, dtype)
    elif dtype == pl.String and (found.is_integer() or isinstance(found, (pl.Categorical, pl.Enum))):
        return column.cast(pl.String)
    raise SheetError(
        f"column {name!r} is {found} and should be {dtype}; cast it, or read the frame by RateSheet.read"
    )
