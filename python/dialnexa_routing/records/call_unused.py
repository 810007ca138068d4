"""What was said of call records and is about nothing in them: refused, so that nothing given is ignored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialnexa_routing.records.call_choices import all_told
from dialnexa_routing.text.errors import RecordError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dialnexa_routing.records.call_choices import CallChoices
    from dialnexa_routing.records.call_parts import CallPart

_TIMES = ("answered_at", "ended_at")


def refuse_unused(name: str, parts: Sequence[CallPart], choices: CallChoices) -> None:
    """Raise `RecordError` for arguments that no table has a use for, with what would give them one.

    Args:
        name: what messages call the records.
        parts: the tables.
        choices: what the caller has stated.
    """
    there = {column for part in parts for column in part.layout.columns}
    found = list(_unused(there, choices))
    if not found:
        return
    asked = [one for part in parts for one in part.layout.questions]
    also = f"; besides, {all_told(name, asked)}" if asked else ""
    raise RecordError(f"{name}: {'; '.join(found)}{also}")


def _unused(there: set[str], choices: CallChoices) -> Iterator[str]:
    charges = [
        one for one in ("charge_sign", "currency", "inr_per_unit") if getattr(choices, one) is not None
    ]
    if charges and "their_charge" not in there:
        yield _told(charges, "their charges", "their_charge")
    if choices.answered is not None and "status" not in there:
        yield _told(["answered"], "the words of a status", "status")
    if choices.seconds_unit is not None and "seconds" not in there:
        yield _told(["seconds_unit"], "durations", "seconds")
    if isinstance(choices.direction, dict) and "direction" not in there:
        yield _told(["direction"], "words for which way calls went", "direction")
    times = [one for one in ("dates", "epoch_unit") if getattr(choices, one) is not None]
    if times and not there.intersection(_TIMES):
        yield _told(times, "times", "answered_at")
    elif len(times) == 2:
        yield "times count from 1970, or have a day and a month: leave one of dates= and epoch_unit= out"


def _told(arguments: Sequence[str], what: str, column: str) -> str:
    given = " and ".join(f"{one}=" for one in arguments)
    verb = "is" if len(arguments) == 1 else "are"
    return (
        f"{given} {verb} about {what}, of which no column is known: leave out what is about nothing, or name "
        f"the column as columns={{{column!r}: 'HEADER'}}"
    )
