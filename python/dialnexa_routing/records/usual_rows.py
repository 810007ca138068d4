"""Rows of call records read by the core in one go, where nothing is amiss; others by expressions.

The plan of `call_plan` says what every row is. Most rows of most files are of one shape: a number, a time
to the second, whole seconds, a known word. The core reads those, and marks as odd whatever may be read in
another way or may have a reason; of a batch only odd rows are then planned. Both are held to the same rows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing import _deck
from dialnexa_routing.clock.time_columns import UTC_TIME
from dialnexa_routing.clock.zone_offsets import segments
from dialnexa_routing.files.column_named import column_named
from dialnexa_routing.numbers.number_reading import NumberReading
from dialnexa_routing.records.call_plan import (
    AMISS,
    NOISE,
    OTHER,
    SILENCED,
    WIDTH,
    Reading,
    mark,
    planned,
    read,
    shown,
)
from dialnexa_routing.records.call_questions import seconds_unit, time_form, zone
from dialnexa_routing.records.call_values import SECONDS
from dialnexa_routing.records.formats.call_format import FirstOf, folded
from dialnexa_routing.records.reader_reason import ReaderReason
from dialnexa_routing.records.record_words import ANSWERED, DIRECTIONS, NOT_ANSWERED

if TYPE_CHECKING:
    from dialnexa_routing.records.call_choices import CallChoices
    from dialnexa_routing.records.call_layout import Layout

_ROLES = ("to", "from", "answered_at", "ended_at", "seconds", "status", "direction")
_READ = mark("read")
_TYPES: dict[str, pl.DataType] = {
    mark("to"): pl.String(),
    mark("from"): pl.String(),
    mark("answered_at"): UTC_TIME,
    mark("ended_at"): UTC_TIME,
    mark("seconds"): SECONDS,
    WIDTH: pl.UInt32(),
    SILENCED: pl.Boolean(),
    AMISS: pl.Boolean(),
    mark("reason"): pl.String(),
}
_WAY = {mark("direction"): pl.String()}
_SAYS = {"outbound": 0, "inbound": 1, "neither": 2}
_ODD = 3
_YEARS = range(2010, 2041)
"""Whose offsets are looked up; times of others are odd."""
_DAY_S, _MICROS = 86_400, 1_000_000


def planned_usual(
    lazy: pl.LazyFrame, file: str, layout: Layout, choices: CallChoices, *, padded: bool = True
) -> pl.LazyFrame:
    """`planned`, but with the usual rows read by the core, where their layout has any."""
    schema = dict(lazy.collect_schema())
    roles = _roles(schema, layout, choices)
    if roles is None:
        return planned(lazy, file, layout, choices, padded=padded)
    usual = UsualRows(tuple(roles), layout_of(roles, layout), choices)
    rows = pl.struct(column_named(name).alias(role) for role, name in roles.items())
    reading = Reading(schema, layout, choices, padded)
    cells, values = reading.cells(), reading.values()
    texts = {name: cell for name, cell in cells.items() if name.startswith(mark("text_"))}
    others = ("call_id", "status", "voicemail", "their_charge", "their_currency")
    kept = [mark(name) for name in (*others, *(() if "direction" in roles else ("direction",)))]
    made = (
        lazy.with_columns(
            rows.map_batches(usual, return_dtype=pl.Struct(usual.types), is_elementwise=True).alias(_READ),
            **texts,
            **{name: cells[name] for name in (NOISE, OTHER)},
        )
        .unnest(_READ)
        .with_columns(**{name: values[name] for name in kept})
    )
    return shown(made, reading, file)


def _roles(schema: dict[str, pl.DataType], layout: Layout, choices: CallChoices) -> dict[str, str] | None:
    """The raw column of each role; None where the core does not know rows of such a layout."""
    form, columns = layout.format, layout.columns
    plain = NumberReading()
    if "to" not in columns or "seconds" not in columns or (choices.reading or form.reading or plain) != plain:
        return None
    if seconds_unit(layout, choices) not in ("s", "clock") or (
        form.leg is not None and form.leg.other is not None
    ):
        return None
    found: dict[str, str] = {}
    for role in _ROLES:
        if role in columns and not (role == "direction" and isinstance(choices.direction, str)):
            if len(columns[role].parts) > 1:
                return None
            found[role] = str(columns[role].parts[0])
    if "direction" not in found and (choices.direction or form.direction) not in ("outbound", "inbound"):
        return None
    times = [role for role in ("answered_at", "ended_at") if role in found]
    if (
        "ended_at" in found
        and "answered_at" not in found
        and isinstance(form.start, str)
        and form.start in schema
    ):
        found["start"] = form.start
    if any(time_form(role, layout, choices).startswith(("epoch", "excel")) for role in times):
        return None
    if "start" in found and form.time_form("start").startswith("epoch"):
        return None
    is_zoned = not times or zone(layout, choices) is not None
    return found if is_zoned and all(schema[name] == pl.String for name in found.values()) else None


def layout_of(roles: dict[str, str], layout: Layout) -> Layout:
    """The layout of structs of roles, without what is no data, so that a plan can be pickled."""
    form = replace(
        layout.format,
        sign=None,
        noise=None,
        where=None,
        leg=None,
        prepare=None,
        start="start" if "start" in roles else None,
    )
    columns = {role: FirstOf((role,)) for role in roles if role != "start"}
    return replace(layout, format=form, header=True, names=tuple(roles), columns=columns, questions=())


@dataclass(frozen=True)
class UsualRows:
    """Structs of raw texts by role as columns of calls; what an expression calls with each batch."""

    roles: tuple[str, ...]
    layout: Layout
    choices: CallChoices

    @property
    def types(self) -> dict[str, pl.DataType]:
        """The columns that come out."""
        return {**_TYPES, **(_WAY if "direction" in self.roles else {})}

    def __call__(self, batch: pl.Series) -> pl.Series:
        """The rows of a batch."""
        found = pl.Series(self._core.read(batch)).struct.unnest()
        odd = found["odd"].arg_true()
        inside = found["inside"]
        reason = pl.Series([None], dtype=pl.String).new_from_index(0, len(batch))
        if inside.any():
            reason = reason.set(inside, str(ReaderReason.INTERNAL_CALL))
        columns = {name: found[name.removeprefix(mark(""))] for name in self.types if name != mark("reason")}
        columns[mark("reason")] = reason
        if len(odd):
            others = self.by_expressions(batch if len(odd) == len(batch) else batch.gather(odd))
            columns = {name: column.scatter(odd, others[name]) for name, column in columns.items()}
        return pl.DataFrame({name: columns[name] for name in self.types}).to_struct(batch.name)

    def by_expressions(self, batch: pl.Series) -> pl.DataFrame:
        """The same by the plan of `call_plan`: for what is odd, and the naive twin of the core."""
        rows = batch.struct.unnest()
        reading = Reading(dict(rows.schema), self.layout, self.choices, padded=True)
        planned_ = read(rows.lazy(), reading)
        columns = [
            reading.whole("direction").alias(name) if name == mark("direction") else pl.col(name)
            for name in self.types
        ]
        return planned_.select(columns).collect(optimizations=pl.QueryOptFlags.none())

    def __getstate__(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("roles", "layout", "choices")}

    @cached_property
    def _core(self) -> _deck.CallRows:
        form, choices = self.layout.format, self.choices
        if choices.words_answered is not None:
            status, other = dict.fromkeys(choices.words_answered, 0), 1
        else:
            status = dict.fromkeys(form.answered.yes or ANSWERED, 0)
            status |= dict.fromkeys(form.answered.no or NOT_ANSWERED, 1)
            other = 0 if form.answered.whole else _ODD
        ways = dict(DIRECTIONS)
        if form.direction is not None and not isinstance(form.direction, str):
            ways |= form.direction
        if choices.direction is not None and not isinstance(choices.direction, str):
            ways |= {folded(word): way for word, way in choices.direction.items()}  # type: ignore[misc]
        return _deck.CallRows(
            _stretches(zone(self.layout, choices)),
            list(status.items()),
            other,
            [(word, _SAYS.get(way, _ODD)) for word, way in ways.items()],
            form.answered.at,
            choices.most_s,
        )


def _stretches(name: str | None) -> list[tuple[int, int, int]]:
    """From and until which wall times of a zone are of one offset alone, and that, in microseconds."""
    if name is None:
        return []
    begins, offsets = segments(name, _YEARS)
    ends = [*begins[1:], begins[0] + (len(_YEARS) - 1) * 365 * _DAY_S]
    found = []
    for at, (begin, end, offset) in enumerate(zip(begins, ends, offsets, strict=True)):
        low = begin + (max(offset, offsets[at - 1]) if at else offset + _DAY_S)
        high = end + (min(offset, offsets[at + 1]) if at + 1 < len(offsets) else offset - _DAY_S)
        if low < high:
            found.append((low * _MICROS, high * _MICROS, offset * _MICROS))
    return found
