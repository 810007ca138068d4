"""A rated row that is kept, explained again: how its charge came about, and whether it still comes out so.

The row is rated by the deck and the plans that are given, and compared with what stands in it, value by
value: a row that names another deck or another version of a plan says so (R50).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Unpack

import polars as pl

from dialnexa_routing.files.column_named import column_named
from dialnexa_routing.money.call_words import AgentKind, Path
from dialnexa_routing.money.exact import NANO, amount_of
from dialnexa_routing.plans.plan_terms import Component
from dialnexa_routing.plans.prepared_plans import plan_at
from dialnexa_routing.records.call_files import scan
from dialnexa_routing.records.deck_rating import RATED_FIELDS
from dialnexa_routing.records.plan_rating import prepared
from dialnexa_routing.records.rating import rate
from dialnexa_routing.records.rating_options import Asked, asked
from dialnexa_routing.records.reader_reason import ReaderReason
from dialnexa_routing.records.record_columns import ANSWERED_AT_UTC, present
from dialnexa_routing.records.record_times import prepare
from dialnexa_routing.text.errors import DeckTimeError, NumberError, RecordError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialnexa_routing.deck.explanation import Explanation
    from dialnexa_routing.deck.rates import Rates
    from dialnexa_routing.records.rating_options import RatingOptions

_OF_READERS = frozenset(str(one) for one in ReaderReason if one is not ReaderReason.INVALID_VOICEMAIL)
_BY_WHAT = ("deck_digest", "plan_id", "plan_digest")
_COMPARED = (*RATED_FIELDS, "telephony_rate", *(one.value for one in Component), *_BY_WHAT)
_PLAN = "\u200bplan"
_STORED_TIME = "\u200banswered_at"


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A rated row and what it comes to now. ``str()`` is for people, `to_dict` for machines.

    Attributes:
        key: of the row.
        stored: what rating wrote into it, by column.
        now: what rating gives for it with the deck and the plans that were given.
        explanation: every prefix and step of that; None where there is no call to explain, as of a row whose
            number or plan is none.
        refused_by_reader: the reason that the reader of the records gave, which rating keeps.
    """

    key: str
    stored: Mapping[str, Any]
    now: Mapping[str, Any]
    explanation: Explanation | None
    refused_by_reader: str | None = None

    @property
    def differences(self) -> dict[str, tuple[Any, Any]]:
        """The columns that come out otherwise: what is stored, and what it is now."""
        return {
            name: (value, self.now.get(name))
            for name, value in self.stored.items()
            if not _alike(value, self.now.get(name))
        }

    @property
    def is_same(self) -> bool:
        """Whether every value comes out as it is stored, by the same deck and the same plan."""
        return not self.differences

    @property
    def has_same_charge(self) -> bool:
        """Whether charge and reason come out as they are stored, by whatever deck and plan."""
        return not {"charge", "reason"} & self.differences.keys()

    @property
    def verdict(self) -> str:
        """Whether it still comes out the same, in a sentence."""
        if self.is_same:
            told = "it still comes out the same, by the same deck"
            return f"{told} and plan" if self.stored.get("plan_digest") else told
        if self.has_same_charge:
            return "the charge still comes out the same; what differs is " + ", ".join(self.differences)
        return "it does not come out the same any more: " + ", ".join(self.differences)

    def __str__(self) -> str:
        lines = [f"row {self.key}"]
        if self.refused_by_reader:
            lines.append(f"  the reader of the records refused it: {self.refused_by_reader}")
        if self.explanation is not None:
            lines.append(str(self.explanation))
        lines.append(self.verdict)
        lines += [
            f"  {name}: {_told(old)} is stored, {_told(new)} now"
            for name, (old, new) in self.differences.items()
        ]
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data; amounts are text."""
        return {
            "key": self.key,
            "is_same": self.is_same,
            "has_same_charge": self.has_same_charge,
            "verdict": self.verdict,
            "differences": {
                name: {"stored": _text(old), "now": _text(new)}
                for name, (old, new) in self.differences.items()
            },
            "refused_by_reader": self.refused_by_reader,
            "explanation": None if self.explanation is None else self.explanation.to_dict(),
        }


def explain_row(
    rated: pl.DataFrame | pl.LazyFrame | str | os.PathLike[str],
    key: str,
    *,
    deck: Rates,
    key_column: str = "call_id",
    **options: Unpack[RatingOptions],
) -> StoredRow:
    """Explain a stored row again, and state whether it still comes out the same (R50).

    Args:
        rated: what `rate` made: a frame, or files as `rate` of the command line writes them.
        key: of the row, as text.
        deck: a deck or a book; where it is another one than the row's, the row states so.
        key_column: where keys stand.
        options: those that the rating was given. With `plans` alone, the row's ``plan_id`` names its plan.

    Raises:
        RecordError: there is no such row, or several; a column is missing.

    >>> from dialnexa_routing import BillingPlan, RateDeck
    >>> deck = RateDeck.compile(pl.DataFrame({"prefix": ["91"], "network_group": ["India"]}))
    >>> plan = BillingPlan(id="growth", llm="1.10")
    >>> calls = pl.DataFrame({"call_id": ["c-1"], "to": ["+919812345678"], "seconds": [61]})
    >>> stored = rate(calls, deck=deck, plan=plan)
    >>> explain_row(stored, "c-1", deck=deck, plans=[plan]).verdict
    'it still comes out the same, by the same deck and plan'
    >>> changed = explain_row(stored, "c-1", deck=deck, plans=[plan.changed(llm="1.20")])
    >>> {name: str(now) for name, (_, now) in changed.differences.items() if name in ("llm", "charge")}
    {'charge': '2.40', 'llm': '2.400000000'}
    """
    row = _row(rated, key, key_column)
    found = asked(_by_own_plan(options, row))
    prefix = found.add_prefix
    names = [name for name in _COMPARED if prefix + name in row.columns]
    values = {name: row[prefix + name].item() for name in names}
    stored = {name: None if value == "" else value for name, value in values.items()}
    call = _as_given(row, found)
    if (reason := stored.get("reason")) in _OF_READERS:
        return StoredRow(key, stored, stored, None, str(reason))
    how = {**found.plain(), "fields": None, "add_prefix": "", "answered_at": _time_column(row, found)}
    now = rate(call, deck=deck, **how).row(0, named=True)
    return StoredRow(
        key, stored, {name: now.get(name) for name in names}, _explained(call, now, deck, asked(how))
    )


def _row(
    rated: pl.DataFrame | pl.LazyFrame | str | os.PathLike[str], key: str, key_column: str
) -> pl.DataFrame:
    lazy = scan(rated) if isinstance(rated, str | os.PathLike) else rated.lazy()
    present(key_column, lazy.collect_schema().names())
    rows = lazy.filter(column_named(key_column).cast(pl.String) == key).head(2).collect()
    if rows.height != 1:
        many = "is no row" if rows.is_empty() else "are several rows"
        raise RecordError(
            f"there {many} with {key!r} in column {key_column!r}; name a column of keys with key_column="
        )
    return rows


def _by_own_plan(options: RatingOptions, row: pl.DataFrame) -> dict[str, Any]:
    """The options, with the plan that the row names where they name none."""
    given: dict[str, Any] = dict(options)
    named = given.get("plan") is not None or given.get("workspaces") is not None
    if given.get("plans") is None or named:
        return given
    present(f"{given.get('add_prefix', '')}plan_id", row.columns)
    return given | {"plan": _PLAN}


def _as_given(row: pl.DataFrame, found: Asked) -> pl.DataFrame:
    """The row as it was before it was rated, with the id of its plan under a name of ours."""
    added = {found.add_prefix + name for name in _COMPARED}
    kept = row
    if found.plan == _PLAN:
        own = row[f"{found.add_prefix}plan_id"].cast(pl.String)
        kept = row.with_columns(own.set(own == "", None).alias(_PLAN))
    used = {value for value in vars(found).values() if isinstance(value, str)} - {"reason"}
    return kept.drop(name for name in added if name in kept.columns and name not in used).rename(
        {ANSWERED_AT_UTC: _STORED_TIME} if found.add_prefix == "" and ANSWERED_AT_UTC in kept.columns else {}
    )


def _time_column(row: pl.DataFrame, found: Asked) -> str:
    """The instant that rating understood, where it is kept; so no zone is asked for again."""
    name = found.add_prefix + ANSWERED_AT_UTC
    has_instant = name in row.columns and row[name].item() not in (None, "") and found.ended_at is None
    if not has_instant:
        return found.answered_at
    return name if found.add_prefix else _STORED_TIME


def _explained(call: pl.DataFrame, now: Mapping[str, Any], deck: Rates, found: Asked) -> Explanation | None:
    """The call explained as one; None where its number, its time or its plan is none."""
    at = now[ANSWERED_AT_UTC]
    # Rates read a batch as this one does, so the seconds are those that were charged.
    read = {"number": found.number}
    read |= {"seconds": found.seconds} if found.ended_at is None and found.seconds else {}
    read |= {"ended_at": found.ended_at, "answered_at": found.answered_at} if found.ended_at else {}
    batch = call.select(column_named(name).alias(what) for what, name in read.items()).to_struct("calls")
    records, per_second = prepare(batch, found.timezone, found.twice)
    ticks = records.struct.field("ticks").item()
    seconds = None if ticks is None else amount_of(ticks * (NANO // per_second))
    number = call[found.number].cast(pl.String).item()
    how: dict[str, Any] = {"at": at, "direction": _word(call, found.direction, "outbound")}
    how |= {"seconds": seconds, "number_plan": found.number_plan}
    if how["direction"] not in ("outbound", "inbound"):
        return None
    try:
        if not found.is_by_plan:
            return None if number is None else deck.explain(number, semantics=found.semantics, **how)
        versions = prepared(deck, found).versions.get(str(now["plan_id"]), ())
        plan = plan_at(versions, at) or (versions[0] if versions else None)
        kind, path = _word(call, found.agent_kind, "cascaded"), _word(call, found.path, "pstn")
        if plan is None or kind not in set(AgentKind) or path not in set(Path):
            return None
        machine = str(_word(call, found.voicemail, "false")).lower() in ("true", "1", "t", "yes")
        return plan.explain(deck, number=number, agent_kind=kind, path=path, voicemail=machine, **how)
    except (NumberError, DeckTimeError):
        return None


def _word(call: pl.DataFrame, name: str, usual: str) -> Any:
    """What a column states, or the word itself."""
    if name in call.columns:
        return call[name].item()
    return name if name not in ("direction", "agent_kind", "path", "voicemail") else usual


def _alike(stored: Any, now: Any) -> bool:
    """Whether two values are one, as a file may have them: text for a number, nothing for none."""
    if stored in (None, "") or now is None:
        return stored in (None, "") and now is None
    if isinstance(now, Decimal | int):
        try:
            return Decimal(str(stored)) == now
        except InvalidOperation:
            return False
    return str(stored) == str(now)


def _text(value: Any) -> str | None:
    return None if value is None else _told(value)


def _told(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, datetime):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
