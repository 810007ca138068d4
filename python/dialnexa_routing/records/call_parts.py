"""One table of call records, from its first look to the plan of its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.files.column_named import column_named
from dialnexa_routing.records.call_choices import CallChoices, Legs
from dialnexa_routing.records.call_keys import marked, others, others_in
from dialnexa_routing.records.call_layout import Layout, layout
from dialnexa_routing.records.call_plan import NOISE, PLACE
from dialnexa_routing.records.call_questions import asked_of_head
from dialnexa_routing.records.formats.call_format import HEAD_ROWS, folded
from dialnexa_routing.records.raw_cells import as_text, is_cell, raw_cells
from dialnexa_routing.records.raw_tables import Opened, RawTable
from dialnexa_routing.records.reader_reason import ReaderReason
from dialnexa_routing.records.usual_rows import planned_usual

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class CallPart:
    """One table: how it is read, its rows, its unreadable lines, how many became part of others."""

    table: RawTable
    layout: Layout
    opened: Opened
    joined: int


def part_of(table: RawTable, choices: CallChoices, notes: list[tuple[str, str, str]]) -> CallPart:
    """The first look at a table: its layout, and what that leaves open; `notes` take what is to be told."""
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
    joined = 0
    if form.prepare is not None:
        before = lazy
        lazy = form.prepare(lazy)
        height = pl.len().alias("rows")
        whole, left = (one.select(height).collect(engine="streaming").item() for one in (before, lazy))
        joined = whole - left
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
    if "answered_at" not in found.columns:
        start = f", as columns={{'answered_at': {form.start!r}}} for the start" if form.start else ""
        text = (
            f"there is no answer time, which decks with dates need: name a column{start}; prices may differ"
        )
        notes.append((table.file, "answered_at", text))
    if "their_charge" in found.columns:
        sign = choices.charge_sign or form.charge_sign
        if not (sign and (choices.currency or form.currency or "their_currency" in found.columns)):
            text = "their charges stay raw: pass charge_sign='positive' or 'negative', and currency='USD'"
            notes.append((table.file, "their_charge", text))
    made = Layout(form, found.at, found.header, found.names, found.columns, tuple(questions))
    return CallPart(table, made, Opened(lazy, opened.rejected, padded, plain), joined)


def rows_of(part: CallPart, choices: CallChoices) -> pl.LazyFrame:
    """The plan of a table's rows; where its format joins legs by a key, after a look at the keys."""
    lazy = planned_usual(part.opened.lazy, part.table.file, part.layout, choices, padded=part.opened.padded)
    leg = part.layout.format.leg
    if leg is None or leg.key is None or choices.legs is Legs.ALL:
        return lazy
    opened = part.opened
    schema = dict(opened.lazy.collect_schema())
    if callable(leg.key):
        key = [leg.key(raw_cells(schema, padded=opened.padded)).alias("key0\u200b")]
    else:
        names = [_header(one, part.layout, schema) for one in leg.key]
        if not all(names):
            return lazy
        key = [
            as_text(column_named(name), schema[name], padded=opened.padded).alias(f"key{place}\u200b")
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
    longest = pl.col("seconds")
    if opened.plain is None:
        found: pl.Series | None = others(keyed(opened.lazy), keys, longest=longest)
    else:
        raw = [name for name in schema if name != PLACE]
        found = others_in(opened.plain, raw, key, lambda rows: keyed(_placed(rows)), keys, longest=longest)
    return lazy if found is None else marked(lazy, found, ReaderReason.OTHER_LEG)


def _placed(lazy: pl.LazyFrame) -> pl.LazyFrame:
    return lazy.with_row_index(PLACE, offset=1).with_columns(pl.col(PLACE).cast(pl.UInt64))


def _header(part: str | int, found: Layout, schema: Mapping[str, object]) -> str | None:
    if isinstance(part, int):
        return found.names[part - 1] if part <= len(found.names) else None
    wanted = folded(part)
    return next((name for name in schema if folded(name) == wanted), None)
