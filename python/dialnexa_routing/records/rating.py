"""Rating of call records as columns: a frame in, the same frame with its charges out.

Every row is answered, in order: it has a charge, or the reason why not (R51). Lazy in, lazy out;
the work is one elementwise expression, so it streams.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing.deck.canonical_columns import MONEY
from dialnexa_routing.deck.match_columns import one_direction, struct_or_one
from dialnexa_routing.deck.rate_deck import RateDeck
from dialnexa_routing.money.semantics import Semantics
from dialnexa_routing.records.record_columns import beside, column, is_deck, is_frame, named
from dialnexa_routing.records.record_times import known_zone, prepare
from dialnexa_routing.text.errors import RecordError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dialnexa_routing.deck.deck_book import DeckBook
    from dialnexa_routing.plans.billing_plan import BillingPlan
    from dialnexa_routing.records.plan_rating import Plans, Workspaces
    from dialnexa_routing.records.record_columns import Frame

RATED_FIELDS = (
    "prefix",
    "network_group",
    "country_iso",
    "rate",
    "rate_unit_s",
    "billed_seconds",
    "charge",
    "reason",
)
"""The columns that `rate` adds, besides ``deck_digest``. For the asking there are ``country``, and
``charge_units``: the charge as an integer of its last place, paise with two decimals. So are, more slowly,
``exact_numerator`` and ``exact_denominator``: the charge before its rounding is their ratio, in
nano-rupees; both are null where there is no charge, or one of more than 38 digits, or 64 bits."""


def rated_types(decimals: int) -> dict[str, pl.DataType]:
    """Types of the added columns; the charge has `decimals` places."""
    return {
        "prefix": pl.String(),
        "network_group": pl.String(),
        "country_iso": pl.String(),
        "country": pl.String(),
        "rate": MONEY,
        "rate_unit_s": pl.UInt32(),
        "billed_seconds": pl.UInt32(),
        "charge": pl.Decimal(18, decimals),
        "charge_units": pl.Int64(),
        "exact_numerator": pl.Decimal(38, 0),
        "exact_denominator": pl.UInt64(),
        "reason": pl.String(),
    }


@dataclass(frozen=True)
class _Rater:
    """What the expression calls with each batch; pickles with its deck."""

    deck: RateDeck
    semantics: Semantics
    fields: tuple[str, ...]
    alone: bool
    direction: str | None
    timezone: str | None

    @property
    def name(self) -> str:
        return self.fields[0] if self.alone else "rated"

    def __call__(self, batch: pl.Series) -> pl.Series:
        records, per_second = prepare(batch, self.timezone)
        column = self.deck._core.rate_column(
            records,
            list(self.fields),
            self.semantics.core,
            name=self.name,
            alone=self.alone,
            per_second=per_second,
            direction=self.direction,
        )
        return pl.Series(self.name, column)


def rated(
    deck: RateDeck,
    *,
    number: str | pl.Expr = "to",
    seconds: str | pl.Expr | None = "seconds",
    answered_at: str | pl.Expr | None = None,
    ended_at: str | pl.Expr | None = None,
    direction: str | pl.Expr = "outbound",
    semantics: Semantics | dict[str, Any] | None = None,
    timezone: str | None = None,
    fields: str | Sequence[str] | None = None,
) -> pl.Expr:
    """Rating as an expression, for those who compose their own queries; see `rate`.

    Args:
        deck: what to rate with.
        number: called numbers.
        seconds: durations; None where `ended_at` is given.
        answered_at: answer times; a must for a dated deck and with `ended_at`.
        ended_at: end times.
        direction: ``outbound``, ``inbound``, or an expression of these words.
        semantics: how seconds and charge are counted.
        timezone: zone of times that have none.
        fields: which of the columns of `rate`; one name gives that column, several a struct.

    Returns:
        An elementwise expression named ``rated``, or after its single field.
    """
    alone = isinstance(fields, str)
    chosen = (fields,) if isinstance(fields, str) else tuple(RATED_FIELDS if fields is None else fields)
    if not chosen:
        raise ValueError(f"there are no fields in {fields!r}; the fields are {', '.join(rated_types(0))}")
    is_deck(deck)
    known_zone(timezone)
    semantics = Semantics.of(semantics)
    types = rated_types(semantics.decimals)
    for field in chosen:
        if field not in types:
            raise ValueError(f"there is no field {field!r}; the fields are {', '.join(types)}")
    if ended_at is not None:
        seconds = None
        if answered_at is None:
            raise RecordError("ended_at takes the answer time away from the end: name answered_at too")
    elif seconds is None:
        raise RecordError("there are no durations: name seconds, or answered_at and ended_at")
    parts = {
        "number": number,
        "seconds": seconds,
        "answered_at": answered_at,
        "ended_at": ended_at,
        "direction": direction if isinstance(direction, pl.Expr) else None,
    }
    if direction is None:
        raise TypeError("direction is None; pass 'outbound', 'inbound' or an expression of these words")
    columns = [column(name, part) for name, part in parts.items() if part is not None or name == "number"]
    rater = _Rater(
        deck=deck,
        semantics=semantics,
        fields=chosen,
        alone=alone,
        direction=None if isinstance(direction, pl.Expr) else one_direction(direction),
        timezone=timezone,
    )
    dtype = struct_or_one(chosen, types, alone)
    return pl.struct(columns).map_batches(rater, return_dtype=dtype, is_elementwise=True).alias(rater.name)


def rate(
    frame: Frame,
    *,
    deck: RateDeck | DeckBook,
    number: str = "to",
    seconds: str | None = "seconds",
    answered_at: str = "answered_at",
    ended_at: str | None = None,
    direction: str = "direction",
    semantics: Semantics | dict[str, Any] | None = None,
    timezone: str | None = None,
    add_prefix: str = "",
    plan: BillingPlan | str | None = None,
    plans: Plans | None = None,
    workspace: str = "workspace",
    workspaces: Workspaces | None = None,
    agent_kind: str = "agent_kind",
    path: str = "path",
    voicemail: str = "voicemail",
) -> Frame:
    """Rate call records: all their rows and columns come back, in order, with these added.

    ``prefix``, ``network_group``, ``country_iso``: what the called number belongs to (R16);
    ``rate`` INR per ``rate_unit_s`` seconds; ``billed_seconds`` (R44); ``charge`` INR, rounded once
    (R48); ``reason`` why there is none (R51); ``deck_digest`` (R50).

    With `plan` or `plans` it is the workspaces' billing plans that are applied, not the deck's own
    terms (R44-R47): instead of the rate there is ``telephony_rate``, INR per minute, and before the
    charge ``stt``, ``llm``, ``tts``, ``telephony``, ``platform``: INR to nine places, null where there is
    no such line. They add up to the exact total at nine places; the charge is rounded once from the
    exact total, to the most places that a plan has.

    Args:
        frame: a frame or lazy frame; lazy stays lazy and streams.
        deck: what to rate with; a book rates each call by the deck in force at its answer.
        number: column of called numbers, with or without plus (R2): text or unsigned integers.
        seconds: column of durations from answer to end (R43): integers, Decimal, Duration, text or
            floats, which count to the nanosecond. None takes `ended_at` minus `answered_at`.
        answered_at: column of answer times with a zone, asked of dated decks (R50). A frame
            without it can be rated by decks without dates.
        ended_at: column of end times, in place of `seconds`.
        direction: column of ``outbound`` or ``inbound``; or one of these words for all rows. A frame
            without a column ``direction`` is outbound.
        semantics: how seconds and charge are counted; see `Semantics`.
        timezone: zone of times that have none, as ``Asia/Kolkata``.
        add_prefix: put in front of the names of the added columns.
        plan: one billing plan for all records; or, with `plans`, the column of ids of plans.
        plans: plans by id, or several; a `PlanBook` where they serve for many frames.
        workspace: with `workspaces`, the column of ids of workspaces.
        workspaces: the id of each one's plan, or the workspaces themselves. Records of others, and
            of unknown plans, have a reason.
        agent_kind: column of ``cascaded`` or ``speech_to_speech``, or one of them for all rows (R45).
        path: column of ``pstn``, ``sip_trunk`` or ``webrtc``, or one of them for all rows. Of a web call
            neither number nor direction is looked at (R34).
        voicemail: column that is true where a machine answered (R52); looked for only if it is there.

    Raises:
        RecordError: a column is missing (with the nearest names), or would be overwritten; `timezone`
            is not known.
        TypeError: a column of a type that cannot serve, named.

    >>> from dialnexa_routing import RateDeck
    >>> calls = pl.DataFrame({"to": ["+919812345678", "+1"], "seconds": [263, 10]})
    >>> rows = pl.DataFrame({"prefix": ["91"], "network_group": ["India"], "outbound_rate": ["0.75"]})
    >>> deck = RateDeck.compile(rows.with_columns(pl.col("outbound_rate").str.to_decimal(scale=9)))
    >>> rate(calls, deck=deck).select("billed_seconds", "charge", "reason").rows()
    [(300, Decimal('3.75'), None), (None, None, 'unsupported_prefix')]
    """
    is_frame(frame)
    if not isinstance(deck, RateDeck):
        asked = {name: value for name, value in locals().items() if name not in ("frame", "deck")}
        from dialnexa_routing.deck import deck_book as book
        from dialnexa_routing.records import book_rating as book_records

        if isinstance(deck, book.DeckBook):
            return book_records.rate(frame, book=deck, **asked)
    is_deck(deck)
    known_zone(timezone)
    schema = frame.collect_schema()
    read = named(
        schema,
        deck,
        number=number,
        seconds=seconds,
        answered_at=answered_at,
        ended_at=ended_at,
        direction=direction,
    )
    if plan is None and plans is None and workspaces is None:
        answers = rated(deck, **read, semantics=semantics, timezone=timezone)
        return beside(frame, schema.names(), answers, RATED_FIELDS, deck, add_prefix)
    if semantics is not None:
        raise TypeError("a plan brings its own pulse, places and rounding; leave semantics out")
    from dialnexa_routing.records.plan_rating import rate_by_plan

    return rate_by_plan(
        frame,
        schema,
        read,
        deck,
        plan=plan,
        plans=plans,
        workspace=workspace,
        workspaces=workspaces,
        agent_kind=agent_kind,
        path=path,
        voicemail=voicemail,
        timezone=timezone,
        add_prefix=add_prefix,
    )
