"""What is known of one system's call records: how to recognise them, and what each column means.

A format is data. Whatever it does not settle is asked of the caller, never guessed, so a field that its
documents leave open stays None.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import polars as pl

    from dialnexa_routing.numbers.number_reading import NumberReading

SecondsUnit = Literal["s", "ms", "us", "ns", "min", "h", "day", "clock"]
"""Of a duration; ``day`` as spreadsheets count it, ``clock`` is HH:MM:SS, also MM:SS."""
TimeForm = Literal["text", "epoch_s", "epoch_ms", "epoch_us", "epoch_ns", "excel", "day_first", "month_first"]
"""Of times. ``text`` is whatever can be read in one way: ISO 8601 and its relatives, RFC 2822, ``2026/11/02
4:30:05 AM``. Cells that hold ten digits and more under ``text`` are epochs of an unknown unit, and asked.
``excel`` is days as spreadsheets count them, by the wall clock."""
Way = Literal["outbound", "inbound", "neither"]
"""``neither`` is a call inside of the system, or from a browser: no call of the network."""
CANONICAL = (
    "call_id",
    "to",
    "from",
    "answered_at",
    "ended_at",
    "seconds",
    "direction",
    "status",
    "voicemail",
    "their_charge",
    "their_currency",
)
"""What a column can be, in the order in which rows have them."""


@dataclass(frozen=True)
class Joined:
    """One cell out of several columns, a blank between them: a date and a time, say."""

    parts: tuple[str | int, ...]


@dataclass(frozen=True)
class Choice:
    """Several columns that could be meant; the caller is asked which.

    Attributes:
        parts: their headers, or places. Those that are not in a file fall away; one alone is taken.
        why: what they are, as a sentence that helps to choose.
    """

    parts: tuple[str | int, ...]
    why: str


@dataclass(frozen=True)
class FirstOf:
    """The first of several columns that is in the file: one thing that has changed its name.

    With `filled`, the first of them that has a value, row by row.
    """

    parts: tuple[str | int, ...]
    filled: bool = False


CallColumn: TypeAlias = "str | int | Joined | Choice | FirstOf"
"""A header (compared by `folded`), or a place from 1; of a document a path, as ``callflow.0.times``."""


class Kind(StrEnum):
    """What a head was seen in."""

    TEXT = "text"
    """Delimited, or the first sheet of a workbook: cells are text."""
    DOCUMENT = "document"
    """JSON or XML: names are paths into one record."""
    FRAME = "frame"
    """A frame, Parquet, Arrow: columns have names and types."""


@dataclass(frozen=True)
class CallHead:
    """The beginning of a file, for formats to recognise themselves by.

    Attributes:
        kind: where it was seen.
        names: cells of the first line of a text; paths of a document's records; names of columns.
        rows: the first rows behind it as text, at most `HEAD_ROWS`, null and empty cells as "". Of a text
            whose first line may be a call itself, look at `lines`.
        top: of a document, the keys of its top, as ``objects`` and ``meta``; else empty.
        file: its name, which proves nothing.
    """

    kind: Kind
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()
    top: tuple[str, ...] = ()
    file: str = ""

    @property
    def lines(self) -> tuple[tuple[str, ...], ...]:
        """All that was seen of a text, its first line too."""
        return (self.names, *self.rows) if self.kind is Kind.TEXT else self.rows

    def has(self, *names: str) -> bool:
        """Whether all of these names are there, as `folded` compares them."""
        there = {folded(one) for one in self.names}
        return all(folded(name) in there for name in names)

    def every(self, place: int, pattern: str) -> bool:
        """Whether the cell at a place, from 1, of every line matches a pattern as a whole."""
        found = re.compile(pattern)
        return bool(self.lines) and all(
            len(line) >= place and found.fullmatch(line[place - 1].strip()) for line in self.lines
        )


HEAD_ROWS = 20
"""Rows that a head shows."""


@dataclass(frozen=True)
class Answered:
    """Which rows were answered; the first of these that a format has and that settles a row decides.

    Attributes:
        at: an empty answer time is a call that was not answered; so is 0 and 1970-01-01 everywhere.
        yes: words of ``status`` that are answered, compared without case, blanks, ``-`` and ``_``.
        no: words that are not; None is the words of every system (`records.call_words`).
        whole: other words of ``status`` count as answered. False: they are refused and reported.
    """

    at: bool = False
    yes: frozenset[str] | None = None
    no: frozenset[str] | None = None
    whole: bool = False


@dataclass(frozen=True)
class Leg:
    """How one call stands in several rows, and which of them is charged under ``Legs.ONE``.

    Attributes:
        key: the columns that all rows of one call have alike, and no others, or what makes one text of
            them. Rows whose key is empty are calls of their own. None: each row states of itself, by `other`.
        other: of raw columns, true where a row is another leg whatever its key is: a B leg, say.
        why: what the rows are, as a sentence for the fault that counts them.
        named_in: the column by which further legs name the first, without which each row looks like a call.
        always: whether the system always writes that column, so that a file without it is asked about.
    """

    why: str
    key: tuple[str | int, ...] | Callable[[Mapping[str, pl.Expr]], pl.Expr] | None = None
    other: Callable[[Mapping[str, pl.Expr]], pl.Expr] | None = None
    named_in: str | None = None
    always: bool = False


Cells: TypeAlias = "Mapping[str, pl.Expr]"
"""Raw cells by folded header (of headerless files by place, as ``"3"``): text without blanks around, empty
ones null. A header that a file does not have is a null."""


@dataclass(frozen=True, kw_only=True)
class CallFormat:
    """One layout of call records.

    Attributes:
        name: what ``format=`` and answers call it, as ``asterisk``.
        title: for people, as ``Asterisk Master.csv``.
        recognised_by: why a file is taken for it, in words, as "no header, 18 cells, the 15th a disposition".
        sign: whether a head is its own. It must be false for every other system's files. None is for a
            format that only ``format=`` can name.
        columns: which column is what, by names of `CANONICAL`. What has no column is left out.
        header: whether its texts begin with names. If not, columns are places and `names` give them headers.
        names: of a headerless layout, the headers of its columns by place, so that ``raw_`` columns have
            names; by width where it has several.
        width: of a headerless layout, how many cells a line can have.
        records_at: of a document, the path to its list of records, as ``objects``; "" is the top itself (a
            list, one record, or one on each line).
        seconds_unit: None is asked.
        times: the form of all times, or by canonical name.
        zone: of times that have none: None is asked (``timezone=``), ``UTC`` is known.
        start: the column of the start where there is no answer time. It is not taken; the note that
            dated decks need an answer time names it, for ``columns={"answered_at": …}``.
        direction: its words, by `folded` word, added to those of every system; or one way for all rows;
            None where it has no such column, which asks ``direction=``. A column ``direction`` without
            words of its own is an empty mapping.
        answered: see `Answered`.
        leg: see `Leg`; None where a row is a call.
        noise: rows that are nothing: of raw cells, true where a row is a repeated header, a line of types,
            a fee. They are counted and left out.
        where: rows it is of, out of mixed ones, as records of another product; the rest is noise.
        charge_sign: ``positive``, or ``negative`` where debits are below zero; None is asked where there is
            a charge.
        charge_per: how many of its amounts are one of the currency: 100 for cents.
        currency: of all charges, as ``USD``; None where a column has it, or it is asked.
        reading: how its numbers are written, where its documents state so; None is digits with calling code.
        prepare: whatever else: takes the raw lazy frame (all text, headers as they stand or as `names` say)
            and gives another one with as many rows or fewer. What is fewer counts as joined. For rows that
            belong together (INVITE and BYE), encoded cells, lines without quotes.
        adds: columns that `prepare` adds, so that `columns` can name them.
        joins: whether `prepare` makes one row of several, of which one may stand in the next file.
        certain: whether the layout is from the system's own source or documents.
        written_by: the command or the setting that makes the system write it, for the table of formats.
        source: where that is documented.
    """

    name: str
    title: str
    recognised_by: str
    sign: Callable[[CallHead], bool] | None
    columns: Mapping[str, CallColumn]
    header: bool = True
    names: tuple[str, ...] | Mapping[int, tuple[str, ...]] = ()
    width: frozenset[int] | None = None
    records_at: str = ""
    seconds_unit: SecondsUnit | None = "s"
    times: TimeForm | Mapping[str, TimeForm] = "text"
    zone: str | None = None
    start: str | int | None = None
    direction: Mapping[str, Way] | Way | None = None
    answered: Answered = field(default_factory=Answered)
    leg: Leg | None = None
    noise: Callable[[Cells], pl.Expr] | None = None
    where: Callable[[Cells], pl.Expr] | None = None
    charge_sign: Literal["positive", "negative"] | None = None
    charge_per: int = 1
    currency: str | None = None
    reading: NumberReading | None = None
    prepare: Callable[[pl.LazyFrame], pl.LazyFrame] | None = None
    adds: tuple[str, ...] = ()
    joins: bool = False
    certain: bool = True
    written_by: str = ""
    source: str = ""

    def recognises(self, head: CallHead) -> bool:
        """Whether a head is one of this format's."""
        return self.sign is not None and self.sign(head)

    def time_form(self, name: str) -> TimeForm:
        """The form of one of its times, by canonical name."""
        return self.times if isinstance(self.times, str) else self.times.get(name, "text")

    def names_of(self, width: int) -> tuple[str, ...]:
        """The headers of a headerless layout of so many cells; a cell without one is ``column_7``."""
        known = self.names if isinstance(self.names, tuple) else self.names.get(width, ())
        return tuple(known[place] if place < len(known) else f"column_{place + 1}" for place in range(width))


def folded(name: str) -> str:
    """A header or a word as it is compared: without case, blanks, ``-``, ``_``.

    >>> folded("Call_Direction "), folded("time-answered"), folded("NO ANSWER")
    ('calldirection', 'timeanswered', 'noanswer')
    """
    return _JOINTS.sub("", name.casefold())


_JOINTS = re.compile(r"[\s_-]+")
