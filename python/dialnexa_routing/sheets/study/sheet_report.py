"""What a rate sheet holds, what of it makes no difference, and what looks wrong: one object of frames."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing import records as call_records
from dialnexa_routing.clock.time_columns import UTC_TIME, WALL_TIME, walls
from dialnexa_routing.deck.canonical_columns import Severity
from dialnexa_routing.deck.compile import rows_for_caller
from dialnexa_routing.money.semantics import Semantics
from dialnexa_routing.records.call_records import CallRecords
from dialnexa_routing.sheets.study import study_tables as tables
from dialnexa_routing.sheets.study.ages import STATES, ages, span
from dialnexa_routing.sheets.study.coverage import counts, coverage
from dialnexa_routing.sheets.study.in_force import deck_in_force, needs_instant
from dialnexa_routing.sheets.study.never_answer import redundant, shadowed
from dialnexa_routing.sheets.study.numbering import WORDS, at_stake, numbering
from dialnexa_routing.sheets.study.suspicion import suspicious
from dialnexa_routing.text.errors import DeckTimeError

if TYPE_CHECKING:
    from dialnexa_routing.numbers.number_plan import NumberPlan
    from dialnexa_routing.sheets.sheet import RateSheet
    from dialnexa_routing.sheets.study.suspicion import Bounds

FRAMES = {
    "counts": "counts",
    "coverage": "coverage by country, INR a minute outbound",
    "suspicious": "what looks wrong",
    "numbering": "numbers of today's plan: dead prefixes, ranges at another price, renumberings",
    "shadowed": "shadowed: longer prefixes take every number away",
    "redundant": "redundant: the same as the next shorter prefix",
    "ages": "rows of other times, and what answers now",
    "faults": "faults of reading",
}
"""The frames of a report, and what each is."""


@dataclass(frozen=True, repr=False, eq=False)
class SheetReport:
    """A sheet looked at as its caller's deck would see it, at one instant.

    Attributes:
        name: the files.
        at: the instant that decides what is past and what is to come; None where no row has a date.
        origin: the caller whose rows are looked at (R19); rows for others are only counted.
        counts: ``measure`` and ``count``.
        coverage: a row a country: prefixes, groups, blocked rows, least, median and greatest rate in
            force (INR a minute, outbound), future and expired rows.
        shadowed: prefixes that no number reaches.
        redundant: prefixes that state what their ``parent`` states.
        suspicious: see `dialnexa_routing.sheets.study.suspicion.FINDINGS`.
        numbering: what today's number plan has otherwise: prefixes that begin no number, mobile and dear
            ranges that a country's row catches, renumberings. Warnings with counts, see
            `dialnexa_routing.sheets.study.numbering.NUMBERING`; `with_calls` adds what is at stake.
        ages: rows that are ``expired``, that a later row ``replaces``, or that still ``waits``, with
            what answers in the meantime.
        faults: the sheet's faults by severity, column and reason, each with its first place.
        oldest: the earliest ``valid_from``; None if no row has one.
        newest: the latest.
        timezone: the zone whose days are shown: that in which the sheet's dates were read.
    """

    name: str
    at: datetime | None
    origin: str | None
    counts: pl.DataFrame
    coverage: pl.DataFrame
    shadowed: pl.DataFrame
    redundant: pl.DataFrame
    suspicious: pl.DataFrame
    numbering: pl.DataFrame
    ages: pl.DataFrame
    faults: pl.DataFrame
    oldest: datetime | None
    newest: datetime | None
    timezone: str = "UTC"
    sheet: RateSheet | None = None

    def with_calls(
        self,
        records: pl.DataFrame | pl.LazyFrame | CallRecords,
        *,
        number: str = "to",
        seconds: str | None = "seconds",
        answered_at: str = "answered_at",
        ended_at: str | None = None,
        semantics: Semantics | dict[str, Any] | None = None,
        timezone: str | None = None,
        number_plan: NumberPlan | None = None,
    ) -> SheetReport:
        """The same with ``calls`` and ``charge`` beside each finding of `numbering`: what is at stake there.

        Outbound calls are rated by the sheet as in force at `at`, dead numbers too: no number plan is
        asked unless one is given. A frame without a column ``direction`` is outbound.
        The arguments are those of `dialnexa_routing.records.rate`.

        Raises:
            RecordError: a column is missing.
            SheetError: no row of the sheet is in force.

        >>> from dialnexa_routing import RateSheet
        >>> frame = pl.DataFrame({"prefix": ["245", "24532"], "country": "Bissau", "outbound_rate": "9"})
        >>> calls = pl.DataFrame({"to": ["+2453212345", "+245443123456"], "seconds": [60, 60]})
        >>> report = RateSheet.read(frame).report().with_calls(calls)
        >>> report.numbering.select("finding", "prefix", "calls", "charge").rows()
        [('dead prefix', '24532', 1, Decimal('9.00'))]
        """
        assert self.sheet is not None
        deck = deck_in_force(self.sheet, self.at, self.origin)
        lazy = (records.rows if isinstance(records, CallRecords) else records).lazy()
        if "direction" in lazy.collect_schema():
            lazy = lazy.filter(pl.col("direction") == "outbound")
        rated = call_records.rate(
            lazy,
            deck=deck,
            number=number,
            seconds=seconds,
            answered_at=answered_at,
            ended_at=ended_at,
            direction="outbound",
            semantics=semantics,
            timezone=timezone,
            number_plan=number_plan,
        )
        found = at_stake(self.numbering, rated, number, Semantics.of(semantics).decimals)
        return replace(self, numbering=found)

    @property
    def is_clean(self) -> bool:
        """Whether no row was refused and no finding is an error."""
        refused = self.counts.filter(pl.col("measure") == "rows_refused")["count"].sum()
        errors = (self.suspicious["severity"] == str(Severity.ERROR)).sum()
        return not refused and not errors

    def to_dict(self, rows: int | None = None) -> dict[str, Any]:
        """As plain data, amounts and times as text; `rows` is how many of each frame at most."""
        frames = {name: tables.plain_rows(getattr(self, name), rows) for name in FRAMES if name != "counts"}
        return {
            "files": self.name,
            "at": None if self.at is None else self.at.isoformat(),
            "origin": self.origin,
            "clean": self.is_clean,
            "oldest": tables.plain(self.oldest),
            "newest": tables.plain(self.newest),
            "counts": dict(self.counts.iter_rows()),
            **frames,
        }

    def text(self, rows: int = tables.ROWS) -> str:
        """What ``str`` states, with so many rows of each table."""
        lines = self._lines()
        for name in list(FRAMES)[1:]:
            frame = getattr(self, name)
            if frame.height:
                lines += ["", f"{FRAMES[name]} ({tables.cell(frame.height)})"]
                lines += tables.text_table(self._read(name), rows)
        return "\n".join(lines)

    def html(self, rows: int = tables.ROWS) -> str:
        """What a notebook shows, with so many rows of each table; every text is escaped."""
        shown = [name for name in list(FRAMES)[1:] if getattr(self, name).height]
        return tables.html_tables(self._lines(), {FRAMES[name]: self._read(name) for name in shown}, rows)

    def _lines(self) -> list[str]:
        count = dict(self.counts.iter_rows())
        rows = {name: count[f"rows_{name}"] for name in ("loaded", "refused", "noise")}
        caller = f"callers {self.origin}" if self.origin else "any caller"
        held = ("prefixes", "whole_numbers", "network_groups", "countries", "blocked_rows", "dated_rows")
        told = {name: count[name] for name in (*held, "rows_for_other_callers")}
        states = {STATES[state]: rows for state, rows in self.ages["state"].value_counts().iter_rows()}
        cheaper = self.ages.filter((pl.col("state") == "waits") & (pl.col("difference") > 0)).height
        found = {"shadowed": self.shadowed.height, "redundant": self.redundant.height}
        found |= {"findings": self.suspicious.height}
        found |= _prefixes(self.numbering)
        lines = [
            tables.cell(f"{self.name}, {caller}" + (f", at {self.at.isoformat()}" if self.at else "")),
            f"{tables.cell(count['rows_read'])} rows read = {tables.sentence(rows) or '0 loaded'}",
            tables.sentence(told),
            tables.sentence(found),
        ]
        if self.oldest and self.newest:
            ends = _days(pl.Series([self.oldest, self.newest], dtype=UTC_TIME), self.timezone)
            dates = " to ".join(day.isoformat() for day in ends)
            lines.append(f"valid from {dates}; {tables.sentence(states) or 'all in force'}")
        if cheaper:
            lines.append(
                f"{tables.cell(cheaper)} of those that wait are sold cheaper until they begin (quirk 22)"
            )
        return [line for line in lines if line]

    def _read(self, name: str) -> pl.DataFrame:
        """A frame as it is shown: the rows that matter first, times as days."""
        frame: pl.DataFrame = getattr(self, name)
        if name == "coverage":
            frame = frame.sort("prefixes", descending=True)
        if name == "ages":
            frame = frame.sort(
                pl.col("state") != "waits",
                pl.col("difference").abs(),
                descending=[False, True],
                nulls_last=True,
            )
            days = (_days(frame[name], self.timezone) for name in ("valid_from", "valid_to"))
            frame = frame.with_columns(*days)
        if name == "suspicious":
            frame = frame.select(pl.exclude("remedy"), "remedy")
        if name == "numbering":
            frame = frame.select(pl.exclude("listed", "severity", "source_file", "why"), "why")
        if name == "faults":
            frame = frame.select(pl.exclude("reason"), "reason")
        return frame

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"<SheetReport {'; '.join(self._lines()[:4])}>"

    def _repr_html_(self) -> str:
        return self.html()


def report(sheet: RateSheet, at: datetime | None, bounds: Bounds) -> SheetReport:
    """The work of `RateSheet.report`."""
    rows = rows_for_caller(sheet.rows, sheet.origin)
    if at is None and needs_instant(rows):
        raise DeckTimeError("the sheet has rows that hold only at times; pass at=, a time with a zone (R50)")
    oldest, newest = span(rows)
    return SheetReport(
        name=", ".join(sheet.files),
        at=at,
        origin=sheet.origin,
        counts=counts(sheet, rows),
        coverage=coverage(rows, at),
        shadowed=shadowed(rows, at),
        redundant=redundant(rows, at),
        suspicious=suspicious(rows, at, bounds),
        numbering=numbering(rows, at),
        ages=ages(rows, at),
        faults=_faults(sheet.faults),
        oldest=oldest,
        newest=newest,
        timezone=sheet.timezone or "UTC",
        sheet=sheet,
    )


def _prefixes(numbering: pl.DataFrame) -> dict[str, int]:
    """How many prefixes each kind of finding is true of, as the report counts them."""
    counted = dict(numbering.group_by("finding").agg(pl.col("prefixes").sum()).iter_rows())
    return {words: counted.get(finding, 0) for finding, words in WORDS.items()}


def _days(times: pl.Series, timezone: str) -> pl.Series:
    """The days of instants in a zone; one that is beyond the calendar there is its first or last day."""
    ends = pl.Series([datetime.min, datetime.max], dtype=WALL_TIME)
    return walls(times, timezone).clip(ends[:1], ends[1:]).dt.date()


def _faults(faults: pl.DataFrame) -> pl.DataFrame:
    """Faults that state the same as one row, with how many there are and where the first one is."""
    rank = pl.col("severity").replace_strict(
        {str(severity): place for place, severity in enumerate(Severity)}, return_dtype=pl.UInt8, default=9
    )
    return (
        faults.group_by("severity", "column", "reason", maintain_order=True)
        .agg(pl.len().alias("faults"), *(pl.col(name).first() for name in ("file", "sheet", "row", "value")))
        .sort(rank, "faults", descending=[False, True], maintain_order=True)
    )
