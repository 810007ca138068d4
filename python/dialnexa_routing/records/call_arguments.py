"""What `CallRecords.read` and `CallRecords.look` can be given, in one place for all that pass it on."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from dialnexa_routing.clock.wall_clock import Twice
    from dialnexa_routing.numbers.number_plan import NumberPlan
    from dialnexa_routing.numbers.number_reading import NumberReading
    from dialnexa_routing.records.call_choices import Legs
    from dialnexa_routing.records.formats.call_format import CallColumn, CallFormat, SecondsUnit


class CallOptions(TypedDict, total=False):
    """How files of calls are read; `CallRecords.read` states what each of them means."""

    format: str | CallFormat
    columns: Mapping[str, CallColumn] | None
    header: bool | None
    reading: NumberReading | None
    timezone: str | None
    twice: Twice | str
    dates: str | None
    epoch_unit: str | None
    seconds_unit: SecondsUnit | None
    direction: str | Mapping[str, str] | None
    answered: Collection[str] | None
    legs: Legs | str
    unique_by: str | Sequence[str] | None
    longest_s: int | None
    number_plan: NumberPlan | None
    charge_sign: str | None
    currency: str | None
    inr_per_unit: Decimal | None
    inr_on: date | None
    encoding: str | None
    delimiter: str | None
    max_refused: float
