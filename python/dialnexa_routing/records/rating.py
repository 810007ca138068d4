"""Rating of call records as columns: a frame in, the same frame with its charges out.

Every row is answered, in order: it has a charge, or the reason why not (R51). Lazy in, lazy out;
the work is one elementwise expression, so it streams.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack, overload

import polars as pl

from dialnexa_routing.clock.wall_clock import Twice, twice_of
from dialnexa_routing.deck.deck_book import DeckBook
from dialnexa_routing.deck.match_columns import one_direction
from dialnexa_routing.money.semantics import Semantics
from dialnexa_routing.numbers.number_plan import WORLD
from dialnexa_routing.records.book_rating import rate_by_book, rated_by_book
from dialnexa_routing.records.call_records import CallRecords
from dialnexa_routing.records.deck_rating import rated_by_deck
from dialnexa_routing.records.kept_reasons import as_kept, is_read, keeping
from dialnexa_routing.records.one_deck import rate_by_one
from dialnexa_routing.records.rating_options import RatingOptions, asked
from dialnexa_routing.records.record_columns import column, is_frame, one_deck
from dialnexa_routing.records.record_times import known_zone
from dialnexa_routing.records.zones_told import tell_stale_zones
from dialnexa_routing.text.errors import RecordError
from dialnexa_routing.text.forked import refuse_after_fork

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dialnexa_routing.deck.rates import Rates
    from dialnexa_routing.numbers.number_plan import NumberPlan
    from dialnexa_routing.records.rating_options import Asked
    from dialnexa_routing.records.record_columns import Frame

_LONG = 1 << 18
"""Rows from which a frame is rated batch by batch."""


def rated(
    deck: Rates,
    *,
    number: str | pl.Expr = "to",
    seconds: str | pl.Expr | None = "seconds",
    answered_at: str | pl.Expr | None = None,
    ended_at: str | pl.Expr | None = None,
    direction: str | pl.Expr = "outbound",
    semantics: Semantics | dict[str, Any] | None = None,
    timezone: str | None = None,
    twice: Twice | str = Twice.REFUSED,
    fields: str | Sequence[str] | None = None,
    number_plan: NumberPlan | None = WORLD,
) -> pl.Expr:
    """Rating as an expression, for those who compose their own queries; see `rate`.

    Args:
        deck: what to rate with; a book rates each call by the deck in force at its answer.
        number: called numbers.
        seconds: durations; None where `ended_at` is given.
        answered_at: answer times; a must for a dated deck and with `ended_at`.
        ended_at: end times.
        direction: ``outbound``, ``inbound``, or an expression of these words.
        semantics: how seconds and charge are counted.
        timezone: zone of times that have none.
        twice: what is done with times of an hour that came twice there; see `rate`.
        fields: which of the columns of `rate`; one name gives that column, several a struct.
        number_plan: by which a number can be none; None asks none.

    Returns:
        An elementwise expression named ``rated``, or after its single field.

    Raises:
        RecordError: neither durations nor both times are named; `timezone` is not known.
    """
    refuse_after_fork()
    known_zone(timezone)
    if number is None:
        raise TypeError("number is None; pass the name of a column or an expression")
    if direction is None:
        raise TypeError("direction is None; pass 'outbound', 'inbound' or an expression of these words")
    if ended_at is not None:
        seconds = None
        if answered_at is None:
            raise RecordError("ended_at takes the answer time away from the end: name answered_at too")
    elif seconds is None:
        raise RecordError("there are no durations: name seconds, or answered_at and ended_at")
    given = {"number": number, "seconds": seconds, "answered_at": answered_at, "ended_at": ended_at}
    parts = {name: column(name, part) for name, part in given.items() if part is not None}
    word = None if isinstance(direction, pl.Expr) else one_direction(direction)
    if isinstance(direction, pl.Expr):
        parts["direction"] = direction
    meanings = Semantics.of(semantics)
    if isinstance(deck, DeckBook):
        return rated_by_book(deck, parts, word, meanings, timezone, twice_of(twice), fields, number_plan)
    tell_stale_zones(one := one_deck(deck))
    return rated_by_deck(one, parts, word, meanings, timezone, twice_of(twice), fields, number_plan)


@overload
def rate(frame: CallRecords, *, deck: Rates, **options: Unpack[RatingOptions]) -> pl.DataFrame: ...
@overload
def rate(frame: Frame, *, deck: Rates, **options: Unpack[RatingOptions]) -> Frame: ...
def rate(
    frame: Frame | CallRecords, *, deck: Rates, **options: Unpack[RatingOptions]
) -> Frame | pl.DataFrame:
    """Rate call records: all their rows and columns come back, in order, with these added.

    ``prefix``, ``network_group``, ``country_iso``: what the called number belongs to (R16);
    ``rate`` INR per ``rate_unit_s`` seconds; ``billed_seconds`` (R44); ``charge`` INR, rounded once
    (R48); ``reason`` why there is none (R51); ``answered_at_utc`` the answer time as an instant, null where
    it has none; ``deck_digest`` (R50).

    With `plan` or `plans` it is the workspaces' billing plans that are applied, not the deck's own
    terms (R44-R47): instead of the rate there is ``telephony_rate``, INR per minute, and before the
    charge ``stt``, ``llm``, ``tts``, ``telephony``, ``platform``: INR to nine places, null where there is
    no such line; and ``connect_fee`` where some plan has one. They add up to the exact total at nine places;
    the charge is rounded once from the exact total, to the most places that a plan has. ``plan_id`` and
    ``plan_digest`` state by which plan.

    Args:
        frame: a frame or lazy frame; lazy stays lazy and streams. Of `CallRecords` all rows are taken, and
            the reasons that its reader gave stay, as they do in frames of its columns.
        deck: what to rate with; a `DeckBook` rates each call by the deck in force at its answer.
        number: column of called numbers, with or without plus (R2): text or unsigned integers.
        seconds: column of durations from answer to end (R43): integers, Decimal, Duration, text or
            floats, which count to the nanosecond. None takes `ended_at` minus `answered_at`.
        answered_at: column of answer times with a zone, asked of dated decks (R50). A frame
            without it can be rated by decks without dates.
        ended_at: column of end times, in place of `seconds`.
        direction: column of ``outbound`` or ``inbound``; or one of these words for all rows. A frame
            without a column ``direction`` is outbound.
        semantics: how seconds and charge are counted; see `Semantics`.
        timezone: zone of times that have none, as ``Asia/Kolkata``; ``UTC`` for those that are UTC already,
            as Spark's Parquet and ADBC's SQLite write them.
        twice: what is done with wall times of the hour that comes twice where clocks are set back:
            ``refused`` gives them a reason, ``invalid_answered_at`` or ``invalid_seconds``, as a time that no
            clock showed has; ``earliest`` or ``latest`` takes that one of the two instants.
        fields: which of the added columns, in this order; the time, ``deck_digest`` and the plan's stay.
            None is all.
        add_prefix: put in front of the names of the added columns.
        number_plan: by which a number can be none, so that extensions and national numbers are not charged
            as other countries: ``impossible_number``, and ``emergency_number`` apart. None asks none;
            `NumberPlan.replaced` sets other lengths for a calling code. Over a customer's trunk only
            emergency numbers are asked about, of web calls nothing.
        plan: one billing plan for all records, or a list of its versions; or, with `plans`, the column of
            ids of plans.
        plans: plans by id, or several; `PreparedPlans` where they serve for many frames. Of several with
            one id, each record is rated by the one that held when it was answered, by `valid_from` (R50):
            ``before_first_plan`` where none did.
        workspace: with `workspaces`, the column of ids of workspaces.
        workspaces: the id of each one's plan, or the workspaces themselves. Records of others, and
            of unknown plans, have a reason.
        agent_kind: column of ``cascaded`` or ``speech_to_speech``, or one of them for all rows (R45).
        path: column of ``pstn``, ``sip_trunk`` or ``webrtc``, or one of them for all rows. Of a web call
            neither number nor direction is looked at (R34).
        voicemail: column that is true where a machine answered (R52); looked for only if it is there.

    Raises:
        RecordError: a column is missing (with the nearest names), or would be overwritten; `timezone`
            is not known, or is missing.
        ValueError: `twice` is another word.
        TypeError: a column of a type that cannot serve, named; an argument that would be ignored.

    >>> from dialnexa_routing import RateDeck
    >>> calls = pl.DataFrame({"to": ["+919812345678", "9812345678"], "seconds": [263, 10]})
    >>> rows = pl.DataFrame({"prefix": ["91"], "network_group": ["India"], "outbound_rate": ["0.75"]})
    >>> deck = RateDeck.compile(rows.with_columns(pl.col("outbound_rate").str.to_decimal(scale=9)))
    >>> rate(calls, deck=deck).select("billed_seconds", "charge", "reason").rows()
    [(300, Decimal('3.75'), None), (None, None, 'impossible_number')]
    """
    refuse_after_fork()
    if isinstance(frame, CallRecords):
        options.setdefault("number_plan", frame.number_plan)
        return rate(frame.rows, deck=deck, **options)
    is_frame(frame)
    found = asked(options)
    known_zone(found.timezone)
    if is_read(frame):
        found = as_kept(found, frame.collect_schema().names())
        return keeping(frame, lambda calls: _rate(calls, deck, found), found.add_prefix)
    if isinstance(frame, pl.DataFrame) and frame.height > _LONG and pl.Object not in frame.dtypes:
        # Batch by batch: it takes half the time, and Ctrl-C ends it between two batches.
        return _rate(frame.lazy(), deck, found).collect(engine="streaming")
    return _rate(frame, deck, found)


def _rate(frame: Frame, deck: Rates, found: Asked) -> Frame:
    if isinstance(deck, DeckBook):
        return rate_by_book(frame, deck, found)
    return rate_by_one(frame, one_deck(deck), found)
