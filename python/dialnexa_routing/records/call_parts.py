"""One table of call records, from its first look to the plan of its rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.files.column_named import column_named
from dialnexa_routing.records.call_choices import CallChoices, Legs, Question
from dialnexa_routing.records.call_keys import Keyed, marked, others, others_among, others_in
from dialnexa_routing.records.call_layout import OWN, Layout, layout
from dialnexa_routing.records.call_plan import FILE, NOISE, PLACE
from dialnexa_routing.records.call_questions import asked_of_head, foreign_currencies
from dialnexa_routing.records.call_values import text_of
from dialnexa_routing.records.formats.call_format import HEAD_ROWS, folded
from dialnexa_routing.records.nothing_said import said
from dialnexa_routing.records.raw_cells import as_text, is_cell, keys_of
from dialnexa_routing.records.raw_tables import Opened, RawTable
from dialnexa_routing.records.reader_reason import ReaderReason
from dialnexa_routing.records.usual_rows import planned_usual
from dialnexa_routing.text.errors import RecordError
from dialnexa_routing.text.nearest import nearest_or_all
from dialnexa_routing.text.scrub import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


@dataclass(frozen=True)
class CallPart:
    """One table: how it is read, its rows, its unreadable lines, how many became part of others.

    Attributes:
        table: where it is from.
        layout: how it is read.
        opened: its rows, and lines that are no rows.
        joined: rows that became part of others.
        raw: the rows before its format has put any of them together.
        is_elsewhere: whether its rows are among those of another part.
    """

    table: RawTable
    layout: Layout
    opened: Opened
    joined: int
    raw: pl.LazyFrame
    is_elsewhere: bool = False


def part_of(table: RawTable, choices: CallChoices, notes: list[tuple[str, str, str]]) -> CallPart:
    """The first look at a table: its layout, and what that leaves open; `notes` take what to report."""
    found = layout(table, choices)
    form = found.format
    opened = table.open(found.header, found.at)
    lazy = opened.lazy
    if not found.header:
        lazy = lazy.rename(dict(zip(lazy.collect_schema().names(), found.names, strict=True)))
    lazy = _placed(lazy)
    if len(opened.rejected):
        place = pl.col(PLACE).map_batches(
            opened.rejected.original, return_dtype=pl.UInt64, is_elementwise=True
        )
        lazy = lazy.with_columns(place)
    joined, raw = 0, lazy
    if form.prepare is not None:
        lazy = _prepared(form.prepare, lazy, table.file, form.title)
        joined = _height(raw) - _height(lazy)
    schema = dict(lazy.collect_schema())
    shown = [
        as_text(column_named(name), dtype).alias(name) for name, dtype in schema.items() if is_cell(dtype)
    ]
    # What a format makes of its rows first may have blanks of its own.
    padded, plain = (opened.padded, opened.plain) if form.prepare is None else (True, None)
    begin = lazy.head(HEAD_ROWS)
    if plain is not None and (lines := plain.head(HEAD_ROWS)):
        # The frame would read some megabytes more for its first rows.
        names = [name for name in schema if name != PLACE]
        begin = _placed(plain.scan(lines).rename(dict(zip(plain.names, names, strict=True))))
    rows = begin.select(shown).collect()
    questions = [*found.questions, *asked_of_head(found, rows, schema, choices)]
    leg = form.leg
    if (
        leg is not None
        and leg.named_in is not None
        and choices.legs is Legs.ONE
        and header_of(leg.named_in, found, schema) is None
    ):
        lost = f"the column {leg.named_in!r} is not there, by which rows of one call are known"
        if leg.always and not choices.keys:
            questions.append(Question("legs", lost, ("all",)))
        else:
            notes.append((table.file, leg.named_in, f"{lost}: each row is charged as a call of its own"))
    if "answered_at" not in found.columns and form.name != OWN:
        start = f", as columns={{'answered_at': {form.start!r}}} for the start" if form.start else ""
        text = (
            f"there is no answer time, which decks with dates need: name a column{start}; prices may differ"
        )
        notes.append((table.file, "answered_at", text))
    if "their_charge" in found.columns and (lacks := charges_open(found, choices)) is not None:
        notes.append((table.file, "their_charge", f"their charges stay raw: {lacks}"))
    currency = next(iter(foreign_currencies(found, rows)), None)
    made = replace(found, questions=tuple(questions), currency=currency)
    return CallPart(table, made, Opened(lazy, opened.rejected, padded, plain), joined, raw)


def _height(lazy: pl.LazyFrame) -> int:
    return int(lazy.select(pl.len().alias("rows")).collect(engine="streaming").item())


def together(parts: Sequence[CallPart]) -> list[CallPart]:
    """The parts, of which all rows are in the first where a row may belong to one of another file.

    A call over midnight has its INVITE in the file of one day and its BYE in that of the next. Files whose
    columns are called otherwise stay by themselves.
    """
    first = parts[0]
    form = first.layout.format
    alike = all(one.layout.columns == first.layout.columns for one in parts)
    if len(parts) < 2 or form.prepare is None or not form.joins or not alike:
        return list(parts)
    raws = [one.raw.with_columns(pl.lit(one.table.file).alias(FILE)) for one in parts]
    whole = pl.concat(raws, how="diagonal_relaxed")
    lazy = form.prepare(whole)
    held = replace(first, opened=replace(first.opened, lazy=lazy), joined=_height(whole) - _height(lazy))
    return [held, *(replace(one, joined=0, is_elsewhere=True) for one in parts[1:])]


def _prepared(
    prepare: Callable[[pl.LazyFrame], pl.LazyFrame], lazy: pl.LazyFrame, file: str, title: str
) -> pl.LazyFrame:
    """What a format makes of its rows first. Raises `RecordError` for a column that is not there."""
    try:
        made = prepare(lazy)
        made.collect_schema()
    except pl.exceptions.ColumnNotFoundError as error:
        lost = quoted(str(error).partition(";")[0])
        raise RecordError(f"{file} lacks what {title} has, {lost}: export it with all columns") from error
    return made


def start_of(part: CallPart) -> Question | None:
    """The question of what is to be taken for the answer, where a format has the start alone."""
    start = part.layout.format.start
    if start is None or "answered_at" in part.layout.columns:
        return None
    text = (
        "there is no answer time, and prices have dates: the start can be taken, though they may differ then"
    )
    return Question("columns", text, (str(start),), "answered_at")


def head_of(part: CallPart, rows: int) -> pl.DataFrame:
    """The first rows of a table: the cells as they stand, under what they will be."""
    schema = dict(part.opened.lazy.collect_schema())
    named = part.layout.columns
    cells = [text_of(meant, schema).alias(name) for name, meant in named.items()]
    return part.opened.lazy.head(rows).select(cells).collect()


def charges_open(found: Layout, choices: CallChoices) -> str | None:
    """What their charges lack, as a sentence with what settles it; None where they are taken."""
    if "their_charge" not in found.columns:
        return "no column of charges is known: pass columns={'their_charge': …}"
    ways = []
    if not (choices.charge_sign or found.format.charge_sign):
        ways.append("charge_sign='positive' or charge_sign='negative'")
    if not (choices.currency or found.format.currency or "their_currency" in found.columns):
        ways.append("currency='USD' or whatever they are in")
    return f"pass {', and '.join(ways)}" if ways else None


def rows_of(parts: Sequence[CallPart], choices: CallChoices) -> list[pl.LazyFrame]:
    """The plans of the tables' rows; where their format joins legs by a key, after a look at the keys of all.

    A call that lasts over midnight has its second leg in the next file.
    """
    parts = [one for one in parts if not one.is_elsewhere]
    plans = [
        planned_usual(one.opened.lazy, one.table.file, one.layout, choices, padded=one.opened.padded)
        for one in parts
    ]
    keyed = [_keyed(one, choices) for one in parts]
    there = [one for one in keyed if one is not None]
    found = iter(_others(parts[0], there[0]) if len(parts) == len(there) == 1 else others_among(there))
    return [
        plan if key is None or (mask := next(found)) is None else marked(plan, mask, ReaderReason.OTHER_LEG)
        for plan, key in zip(plans, keyed, strict=True)
    ]


def _others(part: CallPart, keyed: Keyed) -> list[pl.Series | None]:
    """Which rows of the only table are other legs; of a plain text those that share a key are looked at."""
    plain = part.opened.plain
    if plain is None:
        return list(others_among([keyed]))
    raw = [name for name in part.opened.lazy.collect_schema().names() if name != PLACE]
    found = others_in(
        plain,
        raw,
        keyed.raw,
        lambda rows: keyed.planned(_placed(rows)),
        keyed.keys,
        longest=keyed.longest,
    )
    return [found]


def _keyed(part: CallPart, choices: CallChoices) -> Keyed | None:
    """The rows of a table with what makes one call of several; None where nothing does."""
    leg, opened = part.layout.format.leg, part.opened
    if leg is None or leg.key is None or choices.legs is Legs.ALL:
        return None
    schema = dict(opened.lazy.collect_schema())
    if callable(leg.key):
        key = [leg.key(keys_of(schema, padded=opened.padded)).alias("key0\u200b")]
    else:
        names = [header_of(one, part.layout, schema) for one in leg.key]
        if not all(names):
            return None
        key = [
            said(as_text(column_named(name), schema[name], padded=opened.padded)).alias(f"key{place}\u200b")
            for place, name in enumerate(names)
            if name
        ]

    def keyed(rows: pl.LazyFrame) -> pl.LazyFrame:
        return planned_usual(
            rows.with_columns(key), part.table.file, part.layout, choices, padded=opened.padded
        )

    keys = [
        pl.when(pl.col("reason").is_null() & ~pl.col(NOISE)).then(pl.col(f"raw_key{place}\u200b"))
        for place in range(len(key))
    ]
    return Keyed(opened.lazy, key, keyed, keys, pl.col("seconds"))


def _placed(lazy: pl.LazyFrame) -> pl.LazyFrame:
    return lazy.with_row_index(PLACE, offset=1).with_columns(pl.col(PLACE).cast(pl.UInt64))


def header_of(part: str | int, found: Layout, schema: Mapping[str, object]) -> str | None:
    """The raw column that a format names by a header or a place; None where it is not there."""
    if isinstance(part, int):
        return found.names[part - 1] if part <= len(found.names) else None
    wanted = folded(part)
    return next((name for name in schema if folded(name) == wanted), None)


def without_repeats(lazy: pl.LazyFrame, keys: Sequence[str]) -> pl.LazyFrame:
    """The rows, of which those have a reason that have these columns alike with one before them.

    Raises `RecordError` for a column that is not there.
    """
    names = lazy.collect_schema().names()
    parts = []
    for key in keys:
        name = next((one for one in (key, f"raw_{key}") if one in names), None)
        if name is None:
            shown = [one.removeprefix("raw_") for one in names]
            raise RecordError(f"unique_by={key!r} is no column{nearest_or_all(key, shown)}")
        parts.append(pl.when(~pl.col(NOISE)).then(said(column_named(name).cast(pl.String))))
    return marked(lazy, others(lazy, parts), ReaderReason.DUPLICATE)
