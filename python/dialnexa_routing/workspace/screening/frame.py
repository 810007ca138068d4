"""Screening of a file's recipients as columns: a frame in, the same frame with an answer beside each row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import polars as pl

from dialnexa_routing.numbers.number_reading import NumberReading
from dialnexa_routing.text.errors import RecordError
from dialnexa_routing.text.nearest import nearest
from dialnexa_routing.workspace.choices import Purpose
from dialnexa_routing.workspace.decision import Refusal, Refused
from dialnexa_routing.workspace.policy.call import Call
from dialnexa_routing.workspace.policy.screens import SCREENS
from dialnexa_routing.workspace.router import Router
from dialnexa_routing.workspace.screening.carrier import OUTCOMES, chosen
from dialnexa_routing.workspace.screening.number_plan import NumberPlan
from dialnexa_routing.workspace.screening.recipient_reading import as_text, candidates, is_readable
from dialnexa_routing.workspace.screening.routes import AnyOf, Route, route_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dialnexa_routing.workspace.policy.setting import Setting

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)

SCREENED: dict[str, pl.DataType] = {
    "number": pl.String(),
    "change": pl.String(),
    "country_iso": pl.String(),
    "network_group": pl.String(),
    "prefix": pl.String(),
    "reason": pl.String(),
}
"""The columns that `screen` adds at the end; ``position`` goes in front."""
_WORDS = pl.Series(OUTCOMES, dtype=pl.String)


@dataclass(frozen=True)
class _Screener:
    """What the expression calls with each batch; pickles with its decks."""

    reading: NumberReading
    plan: NumberPlan
    route: Route | AnyOf
    setting: Setting | None  # where there are screens

    def __call__(self, batch: pl.Series) -> pl.Series:
        numbers, change = candidates(as_text(batch), self.reading)
        is_number = self.plan.are_numbers(numbers)
        numbers, change = numbers.set(~is_number, None), change.set(~is_number, None)
        judged = _worded(self.route.judged(numbers))
        if self.setting is not None:
            judged = self._screened(self.setting, numbers, judged)
        invalid = judged["reason"].set(~is_number, Refusal.INVALID_NUMBER)
        answer = [numbers.alias("number"), change.alias("change"), *judged.drop("outcome", "reason"), invalid]
        return pl.DataFrame(answer).to_struct("screened")

    def _screened(self, setting: Setting, numbers: pl.Series, judged: pl.DataFrame) -> pl.DataFrame:
        """With what the router's screens refuse of the rest (R38); they are asked a number at a time."""
        passed = numbers.set(judged["reason"].is_not_null(), None)
        answers = [None if one is None else SCREENS.ask(setting, Call("outbound", one)) for one in passed]
        words = [answer.reason if isinstance(answer, Refused) else None for answer in answers]
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


def screen(
    frame: Frame,
    *,
    router: Router,
    to: str = "phone_number",
    source: str | Sequence[str] | None = None,
    reading: NumberReading | None = None,
    purpose: Purpose | None = None,
    at: datetime | None = None,
    add_prefix: str = "",
) -> Frame:
    """Which recipients may be called: all rows and columns come back, in order, with these added (R39).

    ``position``: the row of the file, from 1, in front. At the end ``number``: E.164, null for what is no
    number; ``change``: what was changed in it (R2); ``country_iso``, ``network_group``, ``prefix``: of the
    destination (R16, R18), as far as they are known; ``reason``: why it may not be called, null for
    what may.

    A row has the reason, and the destination, that `Router.outbound` finds for its number alone (R54);
    with several sources, `Router.lead` (R40). What does not depend on the number is not asked: agent,
    KYC, balance, calling window, capacity; and what may be called later has no reason.

    Args:
        frame: a frame or lazy frame; lazy stays lazy and streams.
        router: whose workspace, decks, country rules and screens count.
        to: column of recipients: text or integers, never floats, which have lost digits already.
        source: our number that calls, or several, of which any will do. None is any carrier number of
            the workspace's provider; India's rules, which are of the number, are then not asked (R12).
        reading: how numbers without a plus are meant; digits with calling code, unless said otherwise.
            A trunk prefix that it leaves out comes from the router's rule for the default country.
        purpose: of the calls, where the workspace is under India's rules (R12).
        at: time of the calls, with a zone; a must for dated decks (R50) and promotional calls.
        add_prefix: put in front of the names of the added columns.

    Raises:
        RecordError: a column is missing (with the nearest names), or would be overwritten.
        TypeError: a column of a type that cannot hold numbers, named.
        UnknownNameError: a source is no number of the workspace (R9).
        ConflictError: a source cannot place calls (R9-R11).
        DeckTimeError: a dated deck and no `at`.

    >>> from dialnexa_routing import RateDeck
    >>> from dialnexa_routing.workspace.workspace import Workspace
    >>> from dialnexa_routing.workspace.router import Router
    >>> rows = {"prefix": ["91", "9140"], "network_group": ["India", "Hyderabad"], "country_iso": "IN"}
    >>> on = {"provider": "plivo", "country_iso": "IN", "network_groups": ["India"]}
    >>> deck = RateDeck.compile(pl.DataFrame(rows))
    >>> router = Router(Workspace(id="shop", enabled=[on]), decks={"plivo": deck})
    >>> recipients = pl.DataFrame({"phone_number": ["+919812345678", "914012345678", "x"]})
    >>> screen(recipients, router=router).select("position", "number", "reason").rows()
    [(1, '+919812345678', None), (2, '+914012345678', 'unsupported_prefix'), (3, None, 'invalid_number')]
    """
    if not isinstance(frame, pl.DataFrame | pl.LazyFrame):
        raise TypeError(f"frame is {type(frame).__name__}; pass a Polars DataFrame or LazyFrame")
    if not isinstance(router, Router):
        raise TypeError(f"router is {type(router).__name__}; pass a Router")
    schema = frame.collect_schema()
    if not isinstance(to, str):
        raise TypeError(f"{to!r} is no name of a column; pass a str")
    if to not in schema:
        raise RecordError(f"there is no column {to!r}{nearest(to, schema.names())}")
    if not is_readable(schema[to]):
        raise TypeError(
            f"column {to!r} is {schema[to]}; numbers are text or integers: cast it, or read the file as text"
        )
    names = {name: add_prefix + name for name in ("position", *SCREENED)}
    for name in names.values():
        if name in schema:
            raise RecordError(
                f"the frame has a column {name!r} already; drop it, or pass add_prefix='screened_'"
            )
    setting = router._setting
    screener = _Screener(
        reading=_with_trunk_prefix(NumberReading() if reading is None else reading, router),
        plan=NumberPlan.of(setting.code_rules),
        route=route_of(setting, source, at, None if purpose is None else Purpose(purpose)),
        setting=setting if setting.screens else None,
    )
    answer = (
        pl.col(to)
        .map_batches(screener, return_dtype=pl.Struct(SCREENED), is_elementwise=True)
        .struct.rename_fields([names[field] for field in SCREENED])
    )
    column = "screened"
    while column in schema:
        column += "_"
    return frame.with_columns(answer.alias(column)).unnest(column).with_row_index(names["position"], offset=1)


def _with_trunk_prefix(reading: NumberReading, router: Router) -> NumberReading:
    """With what the router's rules know of the default country, where the caller left it out."""
    if reading.default_country is None or reading.trunk_prefix is not None:
        return reading
    trunks = (rule.trunk_prefix for rule in router._rules if rule.country_iso == reading.default_country)
    return replace(reading, trunk_prefix=next(trunks, None))
