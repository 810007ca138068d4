"""Rating of call records by billing plans: a frame in, the same frame with its lines and totals out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.deck.canonical_columns import MONEY
from dialnexa_routing.deck.deck_book import decks_of
from dialnexa_routing.deck.match_columns import of_texts
from dialnexa_routing.files.column_named import column_named
from dialnexa_routing.files.streaming_words import looked_up
from dialnexa_routing.money.call_words import AgentKind, Path
from dialnexa_routing.numbers.number_plan import core_of
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.plans.plan_terms import BY_THE_MINUTE, Component
from dialnexa_routing.plans.prepared_plans import PreparedPlans
from dialnexa_routing.records.plan_versions import version_of
from dialnexa_routing.records.plans_as_sold import rated_as_sold
from dialnexa_routing.records.raw_cells import storage
from dialnexa_routing.records.reader_reason import ReaderReason
from dialnexa_routing.records.record_columns import (
    ANSWERED_AT_UTC,
    beside,
    chosen,
    column,
    present,
    rated_whole,
    word_or_column,
)
from dialnexa_routing.records.record_times import answer_times, prepare
from dialnexa_routing.records.record_words import booleans
from dialnexa_routing.text.errors import RecordError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialnexa_routing.clock.wall_clock import Twice
    from dialnexa_routing.deck.rate_deck import RateDeck
    from dialnexa_routing.deck.rates import Rates
    from dialnexa_routing.numbers.number_plan import NumberPlan
    from dialnexa_routing.records.rating_options import Asked
    from dialnexa_routing.records.record_columns import Frame, Named

_OWN = ("plan", "workspace", "agent_kind", "path", "voicemail")


def plan_types(decimals: int, *, has_fees: bool = False) -> dict[str, pl.DataType]:
    """The columns that rating by plan adds, besides ``answered_at_utc`` and ``deck_digest``.

    The charge has `decimals` places. There is one for connect fees where some plan has one.
    """
    fees = (Component.CONNECT_FEE,) if has_fees else ()
    return {
        "prefix": pl.String(),
        "network_group": pl.String(),
        "country_iso": pl.String(),
        "telephony_rate": MONEY,
        "billed_seconds": pl.Int64(),
        **{component.value: MONEY for component in (*BY_THE_MINUTE, *fees)},
        "charge": pl.Decimal(18, decimals),
        "reason": pl.String(),
    }


@dataclass(frozen=True)
class _PlanRater:
    """What the expression calls with each batch; pickles with its plans."""

    plans: PreparedPlans
    place: int
    fields: tuple[str, ...]
    direction: str | None
    agent_kind: str
    path: str
    timezone: str | None
    twice: Twice
    number_plan: NumberPlan | None

    def __call__(self, batch: pl.Series, threads: int = 1) -> pl.Series:
        records, per_second = prepare(batch, self.timezone, self.twice)
        own = [one for one in batch.struct.unnest() if one.name in _OWN]
        strange = None
        for place, one in enumerate(own):
            if one.name == "voicemail":
                said, strange = _said(one)
                own[place] = said.alias(one.name)
        calls = records.struct.unnest().with_columns(of_texts(one) for one in own)
        deck = decks_of(self.plans.deck)[self.place]

        def by_core(calls: pl.DataFrame) -> pl.DataFrame:
            rated = self.plans._cores[self.place].rate_column(
                calls.to_struct("rated"),
                name="rated",
                per_second=per_second,
                direction=self.direction,
                agent_kind=self.agent_kind,
                path=self.path,
                number_plan=core_of(self.number_plan),
                threads=threads,
            )
            return pl.Series("rated", rated).struct.unnest()

        deck._check_file()
        if self.plans.is_plain:
            answers = by_core(calls)
        else:
            words = {"direction": self.direction, "agent_kind": self.agent_kind, "path": self.path}
            answers = rated_as_sold(self.plans, calls, words, per_second, by_core)
        deck._check_file()  # again, for it may be written into meanwhile
        if strange is not None and strange.any():
            answers = _without(answers, strange)
        return answers.select(self.fields).to_struct("rated")


def rate_by_plan(
    frame: Frame,
    schema: pl.Schema,
    named: Named,
    deck: RateDeck,
    asked: Asked,
    plans: PreparedPlans,
    place: int,
) -> Frame:
    """The work of `records.rate` with plans; `place` is the deck's among those they are prepared for."""
    columns = schema.names()
    parts: dict[str, str | pl.Expr | None] = {**named}  # type: ignore[dict-item]
    if plans.workspaces is not None:
        parts["workspace"] = _text(asked.workspace, schema)
    elif asked.plan is None or isinstance(asked.plan, str):
        parts["plan"] = _text("plan" if asked.plan is None else asked.plan, schema)
    words = {
        "direction": named["direction"],
        "agent_kind": word_or_column("agent_kind", asked.agent_kind, tuple(AgentKind), columns),
        "path": word_or_column("path", asked.path, tuple(Path), columns),
    }
    one = {name: given for name, given in words.items() if isinstance(given, str)}
    parts |= {name: None if name in one else given for name, given in words.items()}
    if asked.voicemail != "voicemail" or asked.voicemail in columns:
        parts["voicemail"] = _told(present(asked.voicemail, columns), schema)
    types = plan_types(plans.decimals, has_fees=plans.has_fees)
    fields = chosen(tuple(types), types, asked.fields)
    rater = _PlanRater(
        plans=plans,
        place=place,
        fields=fields,
        direction=one.get("direction"),
        agent_kind=one.get("agent_kind", AgentKind.CASCADED.value),
        path=one.get("path", Path.PSTN.value),
        timezone=asked.timezone,
        twice=asked.twice,
        number_plan=asked.number_plan,
    )
    read = [column(name, part) for name, part in parts.items() if part is not None]
    dtype = pl.Struct({field: types[field] for field in fields})
    answers: pl.Expr | pl.Series
    if isinstance(frame, pl.DataFrame):
        answers = rated_whole(rater, frame, pl.struct(read))
    else:
        answers = pl.struct(read).map_batches(rater, return_dtype=dtype, is_elementwise=True)
    also = {
        ANSWERED_AT_UTC: answer_times(schema, asked),
        "deck_digest": deck.digest,
        **_which(plans, parts, schema, asked),
    }
    # Their own column of ids keeps its place.
    if not asked.add_prefix and parts.get("plan") == "plan_id":
        del also["plan_id"]
    return beside(frame, columns, answers, fields, also, asked.add_prefix)


def _without(answers: pl.DataFrame, strange: pl.Series) -> pl.DataFrame:
    """Answers with a reason in place of those of rows of which nobody can know whether a machine answered."""
    reason = pl.when(strange & pl.col("reason").is_null()).then(pl.lit(str(ReaderReason.INVALID_VOICEMAIL)))
    return answers.with_columns(
        reason.otherwise(pl.col("reason")).alias(name)
        if name == "reason"
        else pl.when(~strange).then(pl.col(name))
        for name in answers.columns
    )


def prepared(deck: Rates, asked: Asked) -> PreparedPlans:
    """One plan or many, prepared for a deck or for those of a book."""
    plan, plans, workspaces = asked.plan, asked.plans, asked.workspaces
    if asked.semantics is not None:
        raise TypeError("a plan brings its own pulse, places and rounding; leave semantics out")
    if plan is not None and not isinstance(plan, str):
        if plans is not None or workspaces is not None:
            raise TypeError("plan is one BillingPlan for all records; leave plans and workspaces out")
        found = PreparedPlans(deck, [plan] if isinstance(plan, BillingPlan) else plan)
        if len(found.versions) != 1:
            ids = ", ".join(map(repr, found.versions)) or "none"
            raise TypeError(f"plan is one BillingPlan, or the versions of one, and not of {ids}; pass plans=")
        return found
    if plans is None:
        raise TypeError("plan and workspaces name plans: pass plans=, or one BillingPlan as plan=")
    if not isinstance(plans, PreparedPlans):
        return PreparedPlans(deck, plans, workspaces)
    if deck not in (plans.deck, *decks_of(plans.deck)):
        raise RecordError(f"the plans are prepared for {plans.deck!r}, not for {deck!r}; prepare them for it")
    return plans if workspaces is None else PreparedPlans(deck, plans.versions, workspaces)


def _which(
    plans: PreparedPlans, parts: Mapping[str, object], schema: pl.Schema, asked: Asked
) -> dict[str, str | pl.Expr]:
    """By which plan a record is rated: its id and its digest, null for one that is not known (R50)."""
    digests = {id_: of_id[-1].digest for id_, of_id in plans.versions.items()}
    only = next(iter(digests), None)
    if plans.workspaces is not None:
        by = {key: id_ for key, id_ in plans.workspaces.items() if id_ in digests}
        column = parts["workspace"]
    elif "plan" in parts:
        by, column = dict(zip(digests, digests, strict=True)), parts["plan"]
    else:
        assert only is not None
        if not plans.is_dated:
            return {"plan_id": only, "plan_digest": digests[only]}
        return {"plan_id": only, "plan_digest": _digest_at(plans, pl.lit(only), schema, asked)}
    key = column_named(str(column)).cast(pl.String)
    ids = looked_up(key, by)
    if plans.is_dated:
        return {"plan_id": ids, "plan_digest": _digest_at(plans, ids, schema, asked)}
    return {
        "plan_id": ids,
        "plan_digest": looked_up(key, {name: digests[id_] for name, id_ in by.items()}),
    }


def _digest_at(plans: PreparedPlans, ids: pl.Expr, schema: pl.Schema, asked: Asked) -> pl.Expr:
    """The digest of the version that held at each answer; null where none did."""

    def looked_up(batch: pl.Series) -> pl.Series:
        rows = batch.struct.unnest()
        return version_of(plans, rows["id"], rows["at"].to_physical())["digest"].alias("plan_digest")

    both = pl.struct(ids.alias("id"), answer_times(schema, asked).alias("at"))
    return both.map_batches(looked_up, return_dtype=pl.String, is_elementwise=True)


def _told(name: str, schema: pl.Schema) -> pl.Expr:
    """Whether a machine answered: Boolean, or as a file of text has it, null being no."""
    column, dtype = storage(column_named(name), schema[name])
    if dtype in (pl.String, pl.Boolean, pl.Null):
        return column
    raise TypeError(
        f"column {name!r} is {schema[name]}; it is Boolean, or true and false as text: "
        "whether a machine answered"
    )


def _said(told: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Whether a machine answered, and where a text does not state it."""
    if told.dtype != pl.String:
        return told.cast(pl.Boolean), pl.repeat(False, len(told), dtype=pl.Boolean, eager=True)
    said = told.to_frame("told").select(booleans(pl.col("told"))).to_series()
    return said, said.is_null() & (told.str.strip_chars() != "").fill_null(False)


def _text(name: str, schema: pl.Schema) -> str:
    found = schema[present(name, schema.names())]
    if found not in (pl.String, pl.Null):
        raise TypeError(f"column {name!r} is {found}; ids are text: cast the column to String")
    return name
