"""Two rate sheets compared by the numbers they cover, not by their lines.

Splitting 91 into 910 to 919 at one price is no change; a prefix that is taken out lets its numbers
fall to the next shorter one; one that is put in may change nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from dialnexa_routing.clock.wall_clock import Twice
from dialnexa_routing.sheets.cells.prefixes import origin_digits
from dialnexa_routing.sheets.study import price_changes as rows_of
from dialnexa_routing.sheets.study import study_tables as tables
from dialnexa_routing.sheets.study.in_force import deck_in_force, rows_in_force, serves
from dialnexa_routing.sheets.study.regions import regions
from dialnexa_routing.sheets.study.terms_compared import numbered_terms
from dialnexa_routing.text.errors import SheetError
from dialnexa_routing.text.forked import refuse_after_fork

if TYPE_CHECKING:
    from datetime import datetime

    import polars as pl

    from dialnexa_routing.money.call_words import Direction
    from dialnexa_routing.money.semantics import Semantics
    from dialnexa_routing.sheets.sheet import RateSheet
    from dialnexa_routing.sheets.study.impact import SheetImpact

DIRECTIONS = ("outbound", "inbound")
_GROUPS = "by network group, INR a minute"
_PREFIXES = "by prefix, INR a minute"


@dataclass(frozen=True, repr=False, eq=False)
class SheetDiff:
    """What becomes of numbers when one sheet takes the place of another.

    A row of `changes` speaks for the numbers that begin with ``prefix`` but with none of
    ``except_prefixes``, and are none of ``except_numbers``; with ``exact_match`` for that one number.
    Each number stands in one row at most; those in no row are answered alike. ``kind`` is one of
    `price_changes.KINDS`; rates are INR for ``unit_s`` seconds, ``change`` is INR a minute, ``percent`` a
    decimal with four places; ``share`` is the part of all digit strings, a hundredth for 91, nothing for
    one number.

    ``-diff`` is the comparison the other way round, equal to ``new.diff(old)``. A diff without
    changes is false.
    """

    old: RateSheet
    new: RateSheet
    at: datetime | None
    origin: str | None
    direction: Direction
    changes: pl.DataFrame

    @cached_property
    def by_group(self) -> pl.DataFrame:
        """Changes added up by kind and groups: rows, share of numbers, least, mean, greatest change."""
        return rows_of.by_group(self.changes)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows there are of each kind."""
        found = dict(self.changes["kind"].value_counts().iter_rows())
        return {kind: found.get(kind, 0) for kind in rows_of.KINDS}

    def impact(
        self,
        records: pl.DataFrame | pl.LazyFrame,
        *,
        number: str = "to",
        seconds: str | None = "seconds",
        answered_at: str = "answered_at",
        ended_at: str | None = None,
        direction: str | None = None,
        semantics: Semantics | dict[str, Any] | None = None,
        timezone: str | None = None,
        twice: Twice | str = Twice.REFUSED,
    ) -> SheetImpact:
        """What these calls cost by either sheet, as in force at `at` whenever the calls were made.

        So last month's calls can be rated by next month's sheet. The arguments are those of
        `dialnexa_routing.records.rate`; `direction` is that of this comparison unless it is given.

        Raises:
            RecordError: a column is missing.

        >>> import polars as pl
        >>> from dialnexa_routing import RateSheet
        >>> row = pl.DataFrame({"prefix": "91", "country": "India", "outbound_rate": ["0.74"]})
        >>> old, new = RateSheet.read(row), RateSheet.read(row.with_columns(outbound_rate=pl.lit("0.80")))
        >>> old.diff(new).impact(pl.DataFrame({"to": ["+919812345678"], "seconds": [263]})).total
        Decimal('0.30')
        """
        from dialnexa_routing.sheets.study.impact import impact

        return impact(
            records,
            *(deck_in_force(sheet, self.at, self.origin) for sheet in (self.old, self.new)),
            number=number,
            seconds=seconds,
            answered_at=answered_at,
            ended_at=ended_at,
            direction=direction or self.direction,
            semantics=semantics,
            timezone=timezone,
            twice=twice,
        )

    def to_dict(self, rows: int | None = None) -> dict[str, Any]:
        """As plain data, amounts and times as text; `rows` is how many of each frame at most."""
        return {
            "at": self.at.isoformat() if self.at else None,
            "origin": self.origin,
            "direction": self.direction,
            "old": list(self.old.files),
            "new": list(self.new.files),
            "counts": self.counts,
            "changes": tables.plain_rows(self.changes, rows),
            "by_group": tables.plain_rows(self.by_group, rows),
        }

    def text(self, rows: int = tables.ROWS) -> str:
        """What ``str`` states, with so many rows of each table."""
        if not self:
            return "\n".join(self._lines())
        groups, changed = (
            tables.text_table(rows_of.read(part), rows) for part in (self.by_group, self.changes)
        )
        return "\n".join([*self._lines(), "", _GROUPS, *groups, "", _PREFIXES, *changed])

    def html(self, rows: int = tables.ROWS) -> str:
        """What a notebook shows, with so many rows of each table; every text is escaped."""
        parts = {_GROUPS: self.by_group, _PREFIXES: self.changes} if self else {}
        read = {caption: rows_of.read(part) for caption, part in parts.items()}
        return tables.html_tables(self._lines(), read, rows)

    def _lines(self) -> list[str]:
        names = [", ".join(sheet.files[:3]) or "sheet" for sheet in (self.old, self.new)]
        caller = f"callers {self.origin}" if self.origin else "any caller"
        when = f" at {self.at.isoformat()}" if self.at else ""
        asked = tables.cell(f"{names[0]} -> {names[1]}, {self.direction}{when}, {caller}")
        return [asked, tables.sentence(self.counts) or "every number is answered alike"]

    def __neg__(self) -> SheetDiff:
        turned = rows_of.exchanged(self.changes)
        return SheetDiff(self.new, self.old, self.at, self.origin, self.direction, turned)

    def __bool__(self) -> bool:
        return self.changes.height > 0

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SheetDiff):
            return NotImplemented
        asked = (self.at, self.origin, self.direction) == (other.at, other.origin, other.direction)
        return asked and self.changes.equals(other.changes)

    __hash__ = None  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"<SheetDiff {'; '.join(self._lines())}>"

    def _repr_html_(self) -> str:
        return self.html()


def diff(
    old: RateSheet, new: RateSheet, *, at: datetime | None, origin: str | None, direction: Direction
) -> SheetDiff:
    """The work of `RateSheet.diff`."""
    refuse_after_fork()
    if direction not in DIRECTIONS:
        raise SheetError(f"direction={direction!r} is not known: pass one of {', '.join(DIRECTIONS)}")
    if origin is None and old.origin != new.origin:
        callers = " and for ".join(sheet.origin or "any caller" for sheet in (old, new))
        raise SheetError(f"the sheets were read for {callers}: pass the origin= to compare them for (R19)")
    caller = old.origin if origin is None else origin_digits(origin)
    before, after = (rows_in_force(sheet.rows, at, caller).filter(serves(direction)) for sheet in (old, new))
    left, right, said = numbered_terms(before, after, direction)
    return SheetDiff(old, new, at, caller, direction, rows_of.changes(regions(left, right), said))
