"""Call records as systems write them, read into one set of columns; nothing is guessed, all is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

import polars as pl

from dialnexa_routing.clock.wall_clock import Twice
from dialnexa_routing.numbers.number_plan import WORLD
from dialnexa_routing.records.call_choices import CallChoices, Legs, Question, all_told
from dialnexa_routing.records.call_parts import (
    CallPart,
    charges_open,
    head_of,
    part_of,
    rows_of,
    start_of,
    together,
    without_repeats,
)
from dialnexa_routing.records.call_plan import INNER, NOISE
from dialnexa_routing.records.call_questions import seconds_unit
from dialnexa_routing.records.call_report import NO_FAULTS, CallCounts, counted, faults_of, notes_of
from dialnexa_routing.records.call_tally import READ, CallTally
from dialnexa_routing.records.call_unused import refuse_unused
from dialnexa_routing.records.raw_tables import raw_tables
from dialnexa_routing.records.reader_reason import REMEDIES
from dialnexa_routing.records.repeated_calls import row_keys
from dialnexa_routing.text.errors import RecordError
from dialnexa_routing.text.forked import refuse_after_fork
from dialnexa_routing.text.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from dialnexa_routing.files.rejected import Rejected
    from dialnexa_routing.numbers.number_plan import NumberPlan
    from dialnexa_routing.numbers.number_reading import NumberReading
    from dialnexa_routing.records.call_arguments import CallOptions
    from dialnexa_routing.records.formats.call_format import CallColumn, CallFormat, SecondsUnit


class CallRecords:
    """Call records in canonical columns. Made by `CallRecords.read`.

    Attributes:
        files: the names of what was read.
        format: the name of the format.
        recognised_by: why it was taken for that, in words.
        questions: what is open; empty after `read`, which raises for them.
    """

    def __init__(
        self, parts: Sequence[CallPart], choices: CallChoices, notes: Sequence[tuple[str, str, str]]
    ) -> None:
        self._parts, self._choices = list(parts), choices
        self._notes = list(notes)
        first = self._parts[0].layout.format
        self.files = tuple(part.table.file for part in self._parts)
        self.format = first.name
        self.title = first.title
        self.recognised_by = first.recognised_by
        asked = [one for part in self._parts for one in part.layout.questions]
        self.questions: tuple[Question, ...] = tuple(
            {(one.argument, one.key): one for one in reversed(asked)}.values()
        )[::-1]
        self._rows: pl.DataFrame | None = None
        self._tally: CallTally | None = None
        self._plan: pl.LazyFrame | None = None

    @classmethod
    def read(
        cls,
        source: Any,
        *,
        format: str | CallFormat = "auto",  # noqa: A002 (as sheets name it)
        columns: Mapping[str, CallColumn] | None = None,
        header: bool | None = True,
        reading: NumberReading | None = None,
        timezone: str | None = None,
        twice: Twice | str = Twice.REFUSED,
        dates: str | None = None,
        epoch_unit: str | None = None,
        seconds_unit: SecondsUnit | None = None,
        direction: str | Mapping[str, str] | None = None,
        answered: Collection[str] | None = None,
        legs: Legs | str = Legs.ONE,
        unique_by: str | Sequence[str] | None = None,
        longest_s: int | None = None,
        number_plan: NumberPlan | None = WORLD,
        charge_sign: str | None = None,
        currency: str | None = None,
        inr_per_unit: Decimal | None = None,
        inr_on: date | None = None,
        encoding: str | None = None,
        delimiter: str | None = None,
        max_refused: float = 0.5,
    ) -> CallRecords:
        r"""Read the files of a system, whichever it is; see DESIGN, "Call records".

        Args:
            source: a file, a folder, a pattern, several; a frame, lazy or not; what has an Arrow capsule.
                Texts of any delimiter and encoding, gzipped or not, JSON, XML, xlsx, Parquet, Arrow.
            format: ``auto``, the name of a format, or a `CallFormat`.
            columns: headers, or places from 1, by what they are: ``to``, ``seconds``, ``answered_at`` …
                Without a known format they are the layout; beside one they come before its own.
            header: None (or False) where the first line is a call.
            reading: how numbers without plus are meant; None is as the format's documents say, else digits
                with their calling code.
            timezone: zone of times that have none.
            twice: which is meant of an hour that came twice; see `dialnexa_routing.records.rate`.
            dates: ``day_first`` or ``month_first``, of times as 05/11/2026.
            epoch_unit: ``s``, ``ms``, ``us`` or ``ns``, of times that count from 1970; ``excel`` of days as
                spreadsheets count them.
            seconds_unit: of durations: ``s`` and its parts, ``min``, ``h``, ``day``, or ``clock`` for 1:03.
            direction: ``outbound`` or ``inbound`` for all rows, or what a system's words mean.
            answered: the words of a status that mean answered; every other one means not.
            legs: ``one`` row of a call is charged, or ``all``.
            unique_by: columns that no two calls have alike; of a row that has, the reason is ``duplicate``.
            longest_s: seconds beyond which a call has the reason ``too_long``; None is a month.
            number_plan: by which it is reported that most numbers look national; and handed on to rating.
            charge_sign: ``positive``, or ``negative`` where their charges are below zero.
            currency: of their charges, as ``USD``.
            inr_per_unit: rupees for one of it; their charges become rupees (R49).
            inr_on: the day of that rate.
            encoding: of texts; None is what they say, else UTF-8.
            delimiter: between the cells of texts; None is what their first rows agree on.
            max_refused: the share of rows that may be refused; beyond it the file is. 1 is all of them.

        Raises:
            FileNotFoundError: there is no such file.
            RecordError: something is open (all of it at once), no format or several are recognised, a
                column is not there, or the file cannot be read.

        >>> calls = pl.DataFrame({"called": ["919812345678"], "billsec": ["00:01:03"], "way": ["OUT"]})
        >>> names = {"to": "called", "seconds": "billsec", "direction": "way"}
        >>> found = CallRecords.read(calls, columns=names)
        >>> found.rows.select("to", pl.col("seconds").cast(int), "direction", "reason").row(0)
        ('+919812345678', 63, 'outbound', None)
        """
        refuse_after_fork()
        given = {name: value for name, value in locals().items() if name not in ("cls", "source")}
        found = cls._looked_at(source, given)
        if found.questions:
            raise RecordError(all_told(found.name, found.questions))
        return found

    @classmethod
    def look(cls, source: Any, **given: Unpack[CallOptions]) -> CallRecords:
        """The same without raising for what is open: `questions` has it. Rows are there when nothing is.

        Takes the arguments of `read`, and raises for files that cannot be read at all.
        """
        refuse_after_fork()
        return cls._looked_at(source, dict(given))

    @classmethod
    def _looked_at(cls, source: Any, known: dict[str, Any]) -> CallRecords:
        known["columns"] = known.get("columns") or {}
        if "number_plan" not in known:
            known["number_plan"] = WORLD
        for name in known:
            if name not in CallChoices.__dataclass_fields__:
                raise TypeError(
                    f"there is no argument {name!r}{nearest(name, CallChoices.__dataclass_fields__)}"
                )
        choices = CallChoices(**known)
        tables, passed = raw_tables(source, encoding=choices.encoding, delimiter=choices.delimiter)
        notes = [(name, "", "the file was passed over: its suffix is of no call records") for name in passed]
        parts = [part_of(table, choices, notes) for table in tables]
        names = {part.layout.format.name for part in parts}
        if len(names) > 1:
            told = " and ".join(sorted(names))
            raise RecordError(
                f"the files are of different formats, {told}: read them one by one, or pass format="
            )
        made = cls(together(parts), choices, notes)
        refuse_unused(made.name, parts, choices)
        return made

    @property
    def rows(self) -> pl.DataFrame:
        """All rows, collected.

        ``call_id``, ``to`` (E.164 with plus, else as it stood), ``from``, ``answered_at`` and ``ended_at``
        (UTC), ``seconds``, ``direction``, ``status``, ``voicemail``, ``their_charge``, ``their_currency``,
        ``source_file``, ``source_row`` (from 1, behind the header), ``reason``, and every other column of the
        file as ``raw_`` and its header.

        Raises:
            RecordError: something is open; more rows are refused than `max_refused`; the usual length is
                longer than a day.
        """
        if self._rows is None:
            lazy, tally = self.streamed()
            rows = lazy.collect(engine="streaming")
            self.check(tally)
            self._rows, self._tally = rows, tally
        return self._rows

    def lazy(self) -> pl.LazyFrame:
        """All rows as they stream, in the order of the files; what only the end shows is in `counts`."""
        return self._all().filter(~pl.col(NOISE)).drop(INNER)

    def streamed(self) -> tuple[pl.LazyFrame, CallTally]:
        """The rows as they stream, and what will have been counted of them at the end, for `check`.

        The plan is for one run: a second one counts again.
        """
        tally = CallTally()
        return tally.over(self._all()), tally

    def check(self, tally: CallTally) -> None:
        """What a whole file must not be. Raises `RecordError`, before any output of it is put in place."""
        unit = tally.other_unit(in_seconds=self._reads_seconds())
        if unit is not None and self._choices.seconds_unit is None:
            raise RecordError(f"{self.name}: {unit}")
        counts = counted(tally, self._parts)
        own = counts.refused - sum(counts.by_reason.get(word, 0) for word in NO_FAULTS)
        too_many = own >= _HANDFUL and own > self._choices.max_refused * counts.read
        if own and self._choices.max_refused < 1 and (not counts.loaded or too_many):
            word, times = max(counts.by_reason.items(), key=lambda one: one[1], default=("unreadable", own))
            remedy = REMEDIES.get(word, "")
            raise RecordError(
                f"{self.name}: {own} of {counts.read} rows are refused, {times} of them for {word}: {remedy}"
                "; pass max_refused=1 to see all"
            )

    def _reads_seconds(self) -> bool:
        """Whether lengths are taken for seconds, or lie between two times."""
        layouts = [part.layout for part in self._parts]
        return any(seconds_unit(one, self._choices) in ("s", "clock") for one in layouts)

    @property
    def counts(self) -> CallCounts:
        """What became of every row; read once, unless `rows` were."""
        return counted(self._end(), self._parts)

    @property
    def faults(self) -> pl.DataFrame:
        """Refused rows, lines that are no rows, and what is to be known of whole files.

        ``file``, ``row``, ``column``, ``value`` (numbers masked), ``reason``, ``remedy``, ``severity``:
        error, warning or note.
        """
        return faults_of(self._all(), self._parts, self.told())

    def told(self, tally: CallTally | None = None) -> list[tuple[str, str, str]]:
        """What is to be known of whole files, by what was counted or anew: file, column, sentence."""
        found = self._end() if tally is None else tally
        return [*self._notes, *notes_of(self.name, found, self._parts, self._choices)]

    @property
    def rejected(self) -> Rejected:
        """The lines of the first file that are no rows."""
        return self._parts[0].opened.rejected

    def still_open(self, *, is_dated: bool) -> str | None:
        """All that is open as one message, None for nothing; where prices have dates, the answer time too."""
        more = start_of(self._parts[0]) if is_dated else None
        found = self.questions if more is None else (*self.questions, more)
        return all_told(self.name, found) if found else None

    def head(self, rows: int = 5) -> pl.DataFrame:
        """The first rows of the first file as they stand, under what they will be, whatever is open."""
        return head_of(self._parts[0], rows)

    @property
    def repeat_keys(self) -> list[list[pl.Expr]]:
        """What makes one row of these repeat another's call: keys of rows as they come out, each of parts.

        By the format's legs and by ``unique_by``; none where neither has any. A key of which a part is null
        is none.
        """
        return row_keys(self._parts[0], self._choices)

    @property
    def charges_open(self) -> str | None:
        """What is to be stated before their charges can be taken, as a sentence; None where they are."""
        lacking = (charges_open(part.layout, self._choices) for part in self._parts)
        return next((text for text in lacking if text is not None), None)

    @property
    def number_plan(self) -> NumberPlan | None:
        """By which rating judges their numbers, unless another one is given."""
        return self._choices.number_plan

    @property
    def name(self) -> str:
        """What messages call it: its file, and how many more."""
        names = [file for file in self.files if file] or ["the frame"]
        return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"

    def _end(self) -> CallTally:
        if self._tally is None:
            tally = CallTally()
            tally.over(self._all().select(READ)).select(pl.len()).collect(engine="streaming")
            self._tally = tally
        return self._tally

    def _all(self) -> pl.LazyFrame:
        """Every row of every table, noise too, with their reasons."""
        if self.questions:
            raise RecordError(all_told(self.name, self.questions))
        if self._plan is None:
            plans = rows_of(self._parts, self._choices)
            self._plan = plans[0] if len(plans) == 1 else pl.concat(plans, how="diagonal_relaxed")
            if self._choices.keys:
                self._plan = without_repeats(self._plan, self._choices.keys)
        return self._plan

    def __repr__(self) -> str:
        return f"<CallRecords {self.name}, {self.title}>"


_HANDFUL = 10
