"""What the caller of `RateSheet.read` said about a sheet, checked before anything is read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from dialnexa_routing.files.delimited_text import FIXED
from dialnexa_routing.numbers.country_words import name_of
from dialnexa_routing.sheets.aliases import JURISDICTIONS
from dialnexa_routing.sheets.cells.coinage import UNITS
from dialnexa_routing.sheets.cells.dates import zone
from dialnexa_routing.sheets.cells.money import Prices, parse
from dialnexa_routing.sheets.conflicts import POLICIES, OnConflict
from dialnexa_routing.sheets.questions import Questions
from dialnexa_routing.text.errors import SheetError
from dialnexa_routing.text.shares import is_share

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, tzinfo
    from decimal import Decimal

Mode = Literal["replace", "update"]
Dates = Literal["day_first", "month_first"]
Hyphens = Literal["ranges", "joins"]
DecimalMark = Literal["point", "comma"]
Jurisdiction = Literal["interstate", "intrastate", "indeterminate", "dearest"]
Ends = Literal["whole_day", "first_instant"]
CountryBy = Literal["name", "prefix", "nothing"]
Status = Literal["active", "blocked", "closed"]
AmbiguousGroups = Literal["refuse", "dearest", "cheapest"]

_WORDS: dict[str, tuple[str, ...]] = {
    "mode": ("replace", "update"),
    "dates": ("day_first", "month_first"),
    "hyphens": ("ranges", "joins"),
    "decimal": ("point", "comma"),
    "unit": UNITS,
    "jurisdiction": (*(name.removesuffix("_rate") for name in JURISDICTIONS), "dearest"),
    "ends": ("whole_day", "first_instant"),
    "country_by": ("name", "prefix", "nothing"),
    "ambiguous_groups": ("refuse", "dearest", "cheapest"),
}
_DELIMITERS = ("tab", FIXED)
_STATUSES = ("active", "blocked", "closed")
_PULSE = re.compile(r"([1-9][0-9]{0,4})(?:/([1-9][0-9]{0,4}))?")


@dataclass(frozen=True)
class Choices:
    """The arguments of `RateSheet.read` that a row can depend on. Raises `SheetError` for a wrong one."""

    provider: str | None = None
    prices: Prices = field(default_factory=Prices)
    naive_zone: tzinfo | None = None
    columns: Mapping[str, str | int | None] = field(default_factory=dict)
    sheet: str | Sequence[str] | None = None
    unit: str | None = None
    decimal: DecimalMark | None = None
    dates: Dates | None = None
    pulse: str | None = None
    strip: str | Sequence[str] = ()
    calling_code: str | None = None
    hyphens: Hyphens | None = None
    jurisdiction: Jurisdiction | None = None
    max_rate: str | int | Decimal | None = None
    mode: Mode | None = None
    on_conflict: OnConflict = "error"
    max_refused: float = 0.5
    encoding: str | None = None
    delimiter: str | None = None
    number_type: str = "local"
    local_origin: str | None = None
    ambiguous_groups: AmbiguousGroups = "refuse"
    leave_out: str | int | Sequence[str | int] = ()
    ends: Ends | None = None
    country_by: CountryBy | None = None
    countries: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, Status] = field(default_factory=dict)
    profile: str | None = None
    questions: Questions = field(default_factory=Questions, compare=False, repr=False)

    def __post_init__(self) -> None:
        for name, words in {**_WORDS, "on_conflict": POLICIES}.items():
            value = getattr(self, name)
            if value is not None and value not in words:
                raise SheetError(f"{name}={value!r} is not known: pass one of {', '.join(words)}")
        for word, meaning in self.statuses.items():
            if meaning not in _STATUSES:
                raise SheetError(
                    f"statuses={{{word!r}: {meaning!r}}} is not known: pass one of {', '.join(_STATUSES)}"
                )
        for group, iso in self.countries.items():
            if name_of(iso) is None:
                raise SheetError(
                    f"countries={{{group!r}: {iso!r}}} is no country: pass its ISO code, as {{{group!r}:"
                    f" 'IN'}}"
                )
        for name in ("calling_code", "local_origin"):
            value = getattr(self, name)
            if value is not None and not re.fullmatch("[1-9][0-9]{0,14}", str(value)):
                raise SheetError(f"{name}={value!r} is not digits: pass them without plus, as {name}='91'")
        for front in self.stripped:
            if not isinstance(front, str) or not re.fullmatch("[0-9+*#]{1,10}", front):
                raise SheetError(f"strip={front!r} is not what stands before a code: pass digits, as '00'")
        for one in self.left_out:
            if isinstance(one, bool) or not isinstance(one, str | int) or one == "" or one == 0:
                raise SheetError(
                    f"leave_out={one!r} is no column: pass headers as the sheet writes them, or numbers from"
                    " 1"
                )
        if self.delimiter is not None and not (
            self.delimiter in _DELIMITERS or re.fullmatch(r'[^\r\n"0-9A-Za-z\x80-\U0010ffff]', self.delimiter)
        ):
            raise SheetError(
                f"delimiter={self.delimiter!r} cannot part cells: pass one sign, as '^', or one of 'tab' and"
                " 'fixed'"
            )
        if self.pulse is not None and not _PULSE.fullmatch(str(self.pulse)):
            raise SheetError(f"pulse={self.pulse!r} is not an increment: pass seconds, as '60/60' or '30/6'")
        if self.max_rate is not None and (isinstance(self.max_rate, float) or isinstance(self.limit, str)):
            raise SheetError(f"max_rate={self.max_rate!r} is not an exact amount: pass text, as '100'")
        if not is_share(self.max_refused):
            raise SheetError(f"max_refused={self.max_refused!r} is not a share: pass one from 0 to 1")

    @property
    def parted_by(self) -> str | None:
        """`delimiter` as one character, or ``fixed``."""
        return "\t" if self.delimiter == "tab" else self.delimiter

    @property
    def stripped(self) -> tuple[str, ...]:
        """What is taken away before codes, the longest first."""
        given = (self.strip,) if isinstance(self.strip, str) else tuple(self.strip)
        return tuple(sorted(given, key=lambda front: -len(str(front))))

    @property
    def left_out(self) -> tuple[str | int, ...]:
        """The columns that the caller states no price depends on."""
        return (self.leave_out,) if isinstance(self.leave_out, str | int) else tuple(self.leave_out)

    @property
    def increments(self) -> tuple[int, int] | None:
        """`pulse` in seconds."""
        found = _PULSE.fullmatch(self.pulse) if self.pulse else None
        return (int(found[1]), int(found[2] or found[1])) if found else None

    @property
    def limit(self) -> Decimal | str | None:
        """`max_rate` as an amount, or the sentence why it is none."""
        return None if self.max_rate is None else parse(str(self.max_rate))

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of the workbook sheets to read; none for all that are visible."""
        if self.sheet is None:
            return ()
        return (self.sheet,) if isinstance(self.sheet, str) else tuple(self.sheet)


def choices_of(
    *,
    currency: str | None = None,
    inr_per_unit: str | int | Decimal | None = None,
    inr_on: date | str | None = None,
    timezone: str | None = None,
    columns: Mapping[str, str | int | None] | None = None,
    countries: Mapping[str, str] | None = None,
    statuses: Mapping[str, Status] | None = None,
    **plain: Any,
) -> Choices:
    """The arguments of `RateSheet.read` as `Choices`; `plain` are those that stay as they are."""
    prices = Prices(currency, inr_per_unit, inr_on)
    return Choices(
        prices=prices,
        naive_zone=zone(timezone),
        columns=columns or {},
        countries=countries or {},
        statuses=statuses or {},
        **plain,
    )
