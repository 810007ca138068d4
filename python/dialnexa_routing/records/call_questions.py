"""What the first rows of a table leave open: whose wall times they are, which is the day, which unit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.clock.odd_times import TWO_WAYS
from dialnexa_routing.clock.time_texts import read_times
from dialnexa_routing.records.call_choices import Question
from dialnexa_routing.records.call_values import one_time
from dialnexa_routing.records.epochs import EPOCH_TEXT, UNITS, is_of_records
from dialnexa_routing.records.formats.call_format import FirstOf, Joined, folded
from dialnexa_routing.records.raw_cells import storage
from dialnexa_routing.records.record_words import ANSWERED, NOT_ANSWERED
from dialnexa_routing.records.second_texts import ONE_COLON
from dialnexa_routing.text.errors import RecordError
from dialnexa_routing.text.scrub import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dialnexa_routing.records.call_choices import CallChoices
    from dialnexa_routing.records.call_layout import Layout
    from dialnexa_routing.records.formats.call_format import SecondsUnit, TimeForm

TIME_COLUMNS = ("answered_at", "ended_at")


def time_form(name: str, layout: Layout, choices: CallChoices) -> TimeForm:
    """The form of a time column: as the caller states, else as the format does."""
    form = layout.format.time_form(name)
    if name in choices.columns:
        form = "text"
    if choices.epoch_unit is not None and (form == "text" or form.startswith("epoch")):
        if choices.epoch_unit == "excel":
            return "excel"
        return f"epoch_{choices.epoch_unit}"  # type: ignore[return-value]
    if form != "text":
        return form
    return "text" if choices.dates is None else choices.dates  # type: ignore[return-value]


def seconds_unit(layout: Layout, choices: CallChoices) -> SecondsUnit:
    """The unit of durations; seconds where nothing speaks of another one."""
    if choices.seconds_unit is not None:
        return choices.seconds_unit
    if "seconds" in choices.columns or layout.format.seconds_unit is None:
        return "s"
    return layout.format.seconds_unit


def zone(layout: Layout, choices: CallChoices) -> str | None:
    """Whose wall times those without a zone are."""
    return choices.timezone or layout.format.zone


def asked_of_head(
    layout: Layout, head: pl.DataFrame, schema: Mapping[str, pl.DataType], choices: CallChoices
) -> list[Question]:
    """What the first rows show to be open.

    Args:
        layout: which column is what.
        head: the first rows, every cell as text.
        schema: the types that the columns have.
        choices: what the caller has stated.
    """
    found: list[Question] = []
    for name in TIME_COLUMNS:
        if name in layout.columns:
            found += _of_days(name, layout, head) or _of_times(name, layout, head, schema, choices)
    if "seconds" in layout.columns and seconds_unit(layout, choices) != "clock":
        cell = _first(_cells(layout, "seconds", head), ONE_COLON)
        if cell is not None:
            text = f"a duration as {cell!r} is minutes and seconds, or hours and minutes"
            found.append(Question("seconds_unit", text, ("clock",)))
    found += _of_status(layout, head, choices)
    found += _of_currencies(layout, head, choices)
    return list({(one.argument, one.key): one for one in reversed(found)}.values())[::-1]


def _of_days(name: str, layout: Layout, head: pl.DataFrame) -> list[Question]:
    """Of days alone, beside a column of times of the day: a call at midnight is none of that day's noon."""
    meant = layout.columns[name]
    if len(meant.parts) > 1 or not _all(head[str(meant.parts[0])], _DAY):
        return []
    taken = {str(part) for one in layout.columns.values() for part in one.parts}
    clocks = [one for one in head.columns if one not in taken and _all(head[one], _TIME_OF_DAY)]
    if not clocks:
        return []
    day = str(meant.parts[0])
    text = f"the times of {day!r} are days alone, and {clocks[0]!r} holds times of the day"
    return [Question("columns", text, tuple((day, clock) for clock in clocks), name)]


def _all(cells: pl.Series, pattern: str) -> bool:
    there = [cell.strip() for cell in cells if cell and cell.strip()]
    return bool(there) and all(re.fullmatch(pattern, cell) for cell in there)


_DAY = r"[0-9]{1,4}[-/. ][0-9A-Za-z]{1,9}[-/., ]{1,2}[0-9]{2,4}([T ]00:00(:00(\.0+)?)?)?"
_TIME_OF_DAY = r"[0-2]?[0-9]:[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?( ?[AaPp]\.?[Mm]\.?)?"


def _of_times(
    name: str,
    layout: Layout,
    head: pl.DataFrame,
    schema: Mapping[str, pl.DataType],
    choices: CallChoices,
) -> list[Question]:
    form = time_form(name, layout, choices)
    if form.startswith("epoch"):
        _refuse_other_times(_cells(layout, name, head), choices)
        return _other_epoch(name, form, layout, head)
    shown = " and ".join(repr(str(part)) for part in layout.columns[name].parts)
    types = [storage(pl.lit(0), schema[str(part)])[1] for part in layout.columns[name].parts]
    cells = _cells(layout, name, head)
    naive = any(isinstance(dtype, pl.Datetime) and dtype.time_zone is None for dtype in types)
    if form == "excel":
        _refuse_other_times(cells, choices)
        naive = True
    if not naive and form == "text":
        cell = _first(cells, TWO_WAYS)
        if cell is not None:
            values = ("day_first", "month_first") if _days_first(cells) else ("month_first", "day_first")
            return [
                Question("dates", f"a time as {cell!r} in {shown} has its day or its month first", values)
            ]
        if _first(cells, EPOCH_TEXT) is not None or any(dtype.is_integer() for dtype in types):
            cell = _first(cells, r"[1-9]") or ""
            unit = {10: "s", 13: "ms", 16: "us", 19: "ns"}.get(len(cell.partition(".")[0]), "s")
            units = tuple(dict.fromkeys((unit, "s", "ms")))
            return [Question("epoch_unit", f"times as {quoted(cell)!r} in {shown} count from 1970", units)]
        cell = _first(cells, DAY_COUNT)
        if cell is not None:
            text = f"times as {cell!r} in {shown} are days as spreadsheets count them"
            return [Question("epoch_unit", text, ("excel",))]
    if zone(layout, choices) is None:
        order = form if form in ("day_first", "month_first") else None
        walls = read_times(pl.Series([*filter(None, cells)], dtype=pl.String), order=order)[2]
        if naive or walls.null_count() < len(walls):
            text = (
                f"the times of {shown} have no zone: they are wall times of the system's clock, or UTC as "
                "some databases and settings write them"
            )
            return [Question("timezone", text, ("Asia/Kolkata", "UTC"))]
    return []


def _other_epoch(name: str, form: TimeForm, layout: Layout, head: pl.DataFrame) -> list[Question]:
    """Of counts that by their unit are of no year of telephone records: they are of another one."""
    shown = " and ".join(repr(str(part)) for part in layout.columns[name].parts)
    cells = [cell for cell in _cells(layout, name, head) if re.fullmatch(_COUNTED, cell)]
    if not cells or any(is_of_records(cell, form) for cell in cells):
        return []
    units = tuple(unit for unit in UNITS if is_of_records(cells[0], f"epoch_{unit}"))
    if not units:
        return []
    text = (
        f"times as {quoted(cells[0])!r} in {shown} count by another unit than {form.removeprefix('epoch_')}"
    )
    return [Question("epoch_unit", text, units)]


def _refuse_other_times(cells: Sequence[str], choices: CallChoices) -> None:
    """Raise where the caller states that times count from 1970, and none of the first ones does."""
    there = [cell for cell in cells if cell]
    if choices.epoch_unit is None or not there or any(re.fullmatch(_A_COUNT, cell) for cell in there):
        return
    kind = "days as spreadsheets count them" if choices.epoch_unit == "excel" else "counts from 1970"
    raise RecordError(
        f"times as {quoted(there[0])!r} are no {kind}, as epoch_unit= has it: leave that out; of "
        "days and months in figures dates= is what settles them"
    )


_A_COUNT = r"-?[0-9]+(\.[0-9]+)?([eE]\+?[0-9]+)?"
_COUNTED = r"[1-9][0-9]{8,19}(\.[0-9]{1,9})?"
DAY_COUNT = r"^[2-7][0-9]{4}(\.[0-9]+)?$"
"""Of a time from 1954 to 2119."""


def _days_first(cells: Sequence[str]) -> bool:
    """Whether no first number is out of the question for a day, and one is for a month."""
    first = [int(match[0]) for cell in cells if (match := re.match("[0-9]{1,2}(?=[-/.])", cell))]
    return max(first, default=0) > 12 or max(first, default=0) == 0


def _of_status(layout: Layout, head: pl.DataFrame, choices: CallChoices) -> list[Question]:
    if "status" not in layout.columns or choices.answered is not None or layout.format.answered.whole:
        return []
    form = layout.format.answered
    known = (form.yes or ANSWERED) | (form.no or NOT_ANSWERED)
    words = _cells(layout, "status", head)
    strange = next((word for word in words if word and folded(word) not in known), None)
    if strange is None:
        return []
    seen = list(dict.fromkeys(word for word in words if word))
    there = ", ".join(repr(quoted(word)) for word in seen[:8])
    text = (
        f"the status {quoted(strange)!r} does not settle whether a call was answered; name all words that do,"
        f" for every other one means that it was not (there are {there})"
    )
    answered = tuple(word for word in seen if folded(word) in (form.yes or ANSWERED))
    return [Question("answered", text, ((*answered, strange),))]


def _of_currencies(layout: Layout, head: pl.DataFrame, choices: CallChoices) -> list[Question]:
    """Of which currency a rate is, where charges are in several."""
    if choices.inr_per_unit is None or choices.currency is not None or "their_currency" not in layout.columns:
        return []
    foreign = foreign_currencies(layout, head)
    if len(foreign) < 2:
        return []
    text = f"the rate is of one currency, and charges are in {', '.join(foreign)}"
    return [Question("currency", text, foreign)]


def foreign_currencies(layout: Layout, head: pl.DataFrame) -> tuple[str, ...]:
    """Of the charges of the first rows, as the rows name them."""
    if "their_currency" not in layout.columns:
        return ()
    seen = dict.fromkeys(cell.upper() for cell in _cells(layout, "their_currency", head) if cell)
    return tuple(one for one in seen if one != "INR")


def _cells(layout: Layout, name: str, head: pl.DataFrame) -> list[str]:
    meant: Joined | FirstOf = layout.columns[name]
    rows = [head[str(part)].to_list() for part in meant.parts]
    if isinstance(meant, FirstOf):
        return [next((cell for cell in row if cell), "") for row in zip(*rows, strict=True)]
    whole = pl.Series([" ".join(filter(None, row)) for row in zip(*rows, strict=True)], dtype=pl.String)
    return whole.to_frame("cells").select(one_time(pl.col("cells"))).to_series().to_list()


def _first(cells: Sequence[str], pattern: str) -> str | None:
    return next((cell for cell in cells if re.search(pattern, cell)), None)
