"""What `RateSheet.read` and `RateSheet.look` can be given, in one place for all that pass it on."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from dialnexa_routing.sheets import sheet_choices as said
    from dialnexa_routing.sheets.conflicts import OnConflict


class SheetOptions(TypedDict, total=False):
    """How a sheet is read; `RateSheet.read` states what each of them means."""

    format: str
    provider: str | None
    currency: str | None
    unit: str | None
    inr_per_unit: str | int | Decimal | None
    inr_on: date | str | None
    origin: str | None
    timezone: str | None
    dates: said.Dates | None
    columns: Mapping[str, str | int | None] | None
    sheet: str | Sequence[str] | None
    encoding: str | None
    delimiter: str | None
    decimal: said.DecimalMark | None
    strip: str | Sequence[str]
    calling_code: str | None
    hyphens: said.Hyphens | None
    pulse: str | None
    max_rate: str | int | Decimal | None
    jurisdiction: said.Jurisdiction | None
    number_type: str
    local_origin: str | None
    ambiguous_groups: said.AmbiguousGroups
    leave_out: str | int | Sequence[str | int]
    ends: said.Ends | None
    country_by: said.CountryBy | None
    countries: Mapping[str, str] | None
    statuses: Mapping[str, said.Status] | None
    profile: str | None
    mode: said.Mode | None
    on_conflict: OnConflict
    max_refused: float
    strict: bool
