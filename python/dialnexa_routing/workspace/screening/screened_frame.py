"""Screening of a file's recipients as columns: a frame in, the same frame with an answer beside each row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import polars as pl
from polars.selectors import by_name

from dialnexa_routing.numbers.number_reading import NumberReading
from dialnexa_routing.text.errors import RecordError
from dialnexa_routing.text.nearest import nearest_or_all
from dialnexa_routing.workspace.choices import Purpose
from dialnexa_routing.workspace.decision import Refusal
from dialnexa_routing.workspace.policy.gates import refused_by
from dialnexa_routing.workspace.screening.carrier import OUTCOMES, chosen
from dialnexa_routing.workspace.screening.recipient_reading import as_text, candidates, is_readable
from dialnexa_routing.workspace.screening.routes import AnyOf, Route, route_of
from dialnexa_routing.workspace.screening.rule_columns import RuleColumns

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dialnexa_routing.workspace.policy.setting import Screen, Setting

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)

SCREENED: dict[str, pl.DataType] = {
    "number": pl.String(),
    "change": pl.String(),
    "country_iso": pl.String(),
    "network_group": pl.String(),
    "prefix": pl.String(),
    "reason": pl.String(),
}
"""The columns that `Router.screen` adds at the end; ``position`` goes in front."""
_WORDS = pl.Series(OUTCOMES, dtype=pl.String)


@dataclass(frozen=True)
class _Screener:
    """What the expression calls with each batch; pickles with its decks."""

    reading: NumberReading
    rules: RuleColumns
    route: Route | AnyOf
    screens: tuple[Screen, ...]

    def __call__(self, batch: pl.Series) -> pl.Series:
        numbers, change = candidates(as_text(batch), self.reading)
        is_number = self.rules.are_numbers(numbers)
        numbers, change = numbers.set(~is_number, None), change.set(~is_number, None)
        judged = _worded(self.route.judged(numbers))
        if self.screens:
            judged = self._screened(numbers, judged)
        invalid = judged["reason"].set(~is_number, Refusal.INVALID_NUMBER)
        answer = [numbers.alias("number"), change.alias("change"), *judged.drop("outcome", "reason"), invalid]
        return pl.DataFrame(answer).to_struct("screened")

    def _screened(self, numbers: pl.Series, judged: pl.DataFrame) -> pl.DataFrame:
        """With what the router's screens refuse of the rest (R38); they are asked a number at a time."""
        passed = numbers.set(judged["reason"].is_not_null(), None)
        answers = [None if one is None else refused_by(self.screens, one) for one in passed]
        words = [None if answer is None else answer.reason for answer in answers]
        reason = pl.Series("reason", words, dtype=pl.String)
        refused = judged.clear(len(judged)).with_columns(reason)
        if isinstance(self.route, AnyOf):
            # The first source could call, but for the screen; the answer is still that of the last one.
            last = _worded(self.route.of_last(numbers.set(reason.is_null(), None)))
            refused = chosen(last["reason"].is_not_null(), last, refused)
        return chosen(reason.is_not_null(), refused, judged)


def _worded(judged: pl.DataFrame) -> pl.DataFrame:
    """With the reason that the outcome stands for."""
    return judged.with_columns(_WORDS.gather(judged["outcome"]).alias("reason"))


def screened(
    setting: Setting,
    frame: Frame,
    to: str,
    source: str | Sequence[str] | None,
    reading: NumberReading | None,
    purpose: Purpose | None,
    at: datetime | None,
    add_prefix: str,
) -> Frame:
    """The work of `Router.screen`, by what the router is made of."""
    if not isinstance(frame, pl.DataFrame | pl.LazyFrame):
        raise TypeError(f"frame is {type(frame).__name__}; pass a Polars DataFrame or LazyFrame")
    schema = frame.collect_schema()
    if not isinstance(to, str):
        raise TypeError(f"{to!r} is no name of a column; pass a str")
    if to not in schema:
        raise RecordError(f"there is no column {to!r}{nearest_or_all(to, schema.names())}")
    if not is_readable(schema[to]):
        raise TypeError(
            f"column {to!r} is {schema[to]}; numbers are text or integers: cast it, or read the file as text"
        )
    if reading is not None and not isinstance(reading, NumberReading):
        raise TypeError(f"reading is {type(reading).__name__}; pass a NumberReading")
    if not isinstance(add_prefix, str):
        raise TypeError(f"add_prefix is {type(add_prefix).__name__}; pass a str")
    names = {name: add_prefix + name for name in ("position", *SCREENED)}
    for name in names.values():
        if name in schema:
            raise RecordError(
                f"the frame has a column {name!r} already; drop it, or pass add_prefix='screened_'"
            )
    screener = _Screener(
        reading=_with_trunk_prefix(NumberReading() if reading is None else reading, setting),
        rules=RuleColumns.of(setting.code_rules),
        route=route_of(setting, source, at, None if purpose is None else Purpose(purpose)),
        screens=setting.screens,
    )
    column = "screened"
    while column in schema:
        column += "_"
    answer = (
        pl.col(column)
        .map_batches(screener, return_dtype=pl.Struct(SCREENED), is_elementwise=True)
        .struct.rename_fields([names[field] for field in SCREENED])
    )
    # Under another name first: `to` may read as a pattern.
    named = frame.with_columns(by_name(to).alias(column)).with_columns(answer)
    return named.unnest(column).with_row_index(names["position"], offset=1)


def _with_trunk_prefix(reading: NumberReading, setting: Setting) -> NumberReading:
    """With what the country rules know of the calling code, where the caller left it out and they agree."""
    if reading.calling_code is None or reading.trunk_prefix is not None:
        return reading
    rules = (rule for rule in setting.country_rules if rule.calling_code == reading.calling_code)
    trunks = {rule.trunk_prefix for rule in rules}
    return replace(reading, trunk_prefix=trunks.pop() if len(trunks) == 1 else None)
