"""Rating of call records by billing plans: a frame in, the same frame with its lines and totals out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.deck.canonical_columns import MONEY
from dialnexa_routing.money.call_words import AgentKind, Path
from dialnexa_routing.plans.billing_plan import BillingPlan, Component
from dialnexa_routing.plans.prepared_plans import PlanBook
from dialnexa_routing.records.record_columns import beside, column, present, word_or_column
from dialnexa_routing.records.record_times import prepare
from dialnexa_routing.text.errors import RecordError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dialnexa_routing.deck.rate_deck import RateDeck
    from dialnexa_routing.records.record_columns import Frame, Named
    from dialnexa_routing.workspace.workspace import Workspace

    Plans = PlanBook | Mapping[str, BillingPlan] | Iterable[BillingPlan]
    Workspaces = Mapping[str, str | None] | Iterable[Workspace]

_SAID = {"true": True, "false": False}
_OWN = ("plan", "workspace", "agent_kind", "path", "voicemail")


def plan_types(decimals: int) -> dict[str, pl.DataType]:
    """The columns that rating by plan adds, besides ``deck_digest``; the charge has `decimals` places."""
    return {
        "prefix": pl.String(),
        "network_group": pl.String(),
        "country_iso": pl.String(),
        "telephony_rate": MONEY,
        "billed_seconds": pl.UInt32(),
        **{component.value: MONEY for component in Component},
        "charge": pl.Decimal(18, decimals),
        "reason": pl.String(),
    }


@dataclass(frozen=True)
class _PlanRater:
    """What the expression calls with each batch; pickles with its book."""

    book: PlanBook
    direction: str | None
    agent_kind: str
    path: str
    timezone: str | None

    def __call__(self, batch: pl.Series) -> pl.Series:
        records, per_second = prepare(batch, self.timezone)
        own = [one for one in batch.struct.unnest() if one.name in _OWN]
        rated = self.book._core.rate_column(
            records.struct.unnest().with_columns(own).to_struct("rated"),
            name="rated",
            per_second=per_second,
            direction=self.direction,
            agent_kind=self.agent_kind,
            path=self.path,
        )
        return pl.Series("rated", rated)


def rate_by_plan(
    frame: Frame,
    schema: pl.Schema,
    named: Named,
    deck: RateDeck,
    *,
    plan: BillingPlan | str | None,
    plans: Plans | None,
    workspace: str,
    workspaces: Workspaces | None,
    agent_kind: str,
    path: str,
    voicemail: str,
    timezone: str | None,
    add_prefix: str,
) -> Frame:
    """The work of `records.rate` with plans."""
    book = _book(deck, plan, plans, workspaces)
    columns = schema.names()
    parts: dict[str, str | pl.Expr | None] = {**named}  # type: ignore[dict-item]
    if book.workspaces is not None:
        parts["workspace"] = _text(workspace, schema)
    elif not isinstance(plan, BillingPlan):
        parts["plan"] = _text("plan" if plan is None else plan, schema)
    words = {
        "direction": named["direction"],
        "agent_kind": word_or_column("agent_kind", agent_kind, tuple(AgentKind), columns),
        "path": word_or_column("path", path, tuple(Path), columns),
    }
    one = {name: given for name, given in words.items() if isinstance(given, str)}
    parts |= {name: None if name in one else given for name, given in words.items()}
    if voicemail != "voicemail" or voicemail in columns:
        parts["voicemail"] = _told(present(voicemail, columns), schema)
    rater = _PlanRater(
        book=book,
        direction=one.get("direction"),
        agent_kind=one.get("agent_kind", AgentKind.CASCADED.value),
        path=one.get("path", Path.PSTN.value),
        timezone=timezone,
    )
    types = plan_types(book.decimals)
    read = [column(name, part) for name, part in parts.items() if part is not None]
    answers = pl.struct(read).map_batches(rater, return_dtype=pl.Struct(types), is_elementwise=True)
    return beside(frame, columns, answers, types, book.deck, add_prefix)


def _book(
    deck: RateDeck, plan: BillingPlan | str | None, plans: Plans | None, workspaces: Workspaces | None
) -> PlanBook:
    """One plan or many, prepared for a deck."""
    if isinstance(plan, BillingPlan):
        if plans is not None or workspaces is not None:
            raise TypeError("plan is one BillingPlan for all records; leave plans and workspaces out")
        return PlanBook(deck, [plan])
    if plans is None:
        raise TypeError("plan and workspaces name plans: pass plans=, or one BillingPlan as plan=")
    if not isinstance(plans, PlanBook):
        return PlanBook(deck, plans, workspaces)
    if plans.deck != deck:
        raise RecordError(f"the plans are prepared for {plans.deck!r}, not for {deck!r}; prepare them for it")
    return plans if workspaces is None else PlanBook(deck, plans.plans, workspaces)


def _told(name: str, schema: pl.Schema) -> pl.Expr:
    """Whether a machine answered: Boolean, or as a file of text has it, null being no."""
    if schema[name] == pl.String:
        return pl.col(name).map_batches(_said, return_dtype=pl.Boolean, is_elementwise=True)
    if schema[name] not in (pl.Boolean, pl.Null):
        raise TypeError(
            f"column {name!r} is {schema[name]}; it is Boolean, or true and false as text: "
            "whether a machine answered"
        )
    return pl.col(name).cast(pl.Boolean)


def _said(batch: pl.Series) -> pl.Series:
    said = batch.replace_strict(_SAID, default=None, return_dtype=pl.Boolean)
    strange = batch.filter(said.is_null() & batch.is_not_null() & (batch != ""))
    if strange.len():
        raise RecordError(f"column {batch.name!r} has {strange[0]!r}; write true or false, or nothing")
    return said


def _text(name: str, schema: pl.Schema) -> str:
    found = schema[present(name, schema.names())]
    if found not in (pl.String, pl.Null):
        raise TypeError(f"column {name!r} is {found}; ids are text: cast the column to String")
    return name
