"""What is told of call records that were read: counts, faults, and what concerns whole files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.files.rejected import SENTENCES
from dialnexa_routing.files.streaming_words import looked_up
from dialnexa_routing.money.reason import Reason
from dialnexa_routing.records.call_plan import NOISE, VALUE
from dialnexa_routing.records.frame_watch import POWERS, national
from dialnexa_routing.records.reader_reason import COLUMN_OF, REMEDIES, ReaderReason
from dialnexa_routing.text.scrub import masked
from dialnexa_routing.text.several import several

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dialnexa_routing.records.call_choices import CallChoices
    from dialnexa_routing.records.call_parts import CallPart
    from dialnexa_routing.records.call_tally import CallTally

FAULTS = pl.Schema(
    {
        "file": pl.String(),
        "row": pl.UInt64(),
        "column": pl.String(),
        "value": pl.String(),
        "reason": pl.String(),
        "remedy": pl.String(),
        "severity": pl.String(),
    }
)


@dataclass(frozen=True)
class CallCounts:
    """What became of every row: ``read`` is ``loaded + refused + noise + joined``.

    Attributes:
        read: rows of the files, those too that cannot be read.
        loaded: rows without a reason.
        refused: rows with one, which stay, and lines that are no rows, which do not.
        noise: rows that are nothing, as a repeated header; left out.
        joined: rows that became part of another one, as a BYE of its INVITE.
        unanswered: of the loaded ones, those whose length was set to 0 as the call was not answered.
        by_reason: of the refused ones.
    """

    read: int
    loaded: int
    refused: int
    noise: int
    joined: int
    unanswered: int = 0
    by_reason: Mapping[str, int] = field(default_factory=dict)


NO_FAULTS = (ReaderReason.OTHER_LEG, ReaderReason.DUPLICATE, ReaderReason.INTERNAL_CALL)
"""Reasons of rows that are read as they should be."""


def counted(tally: CallTally, parts: Sequence[CallPart]) -> CallCounts:
    """The counts of all tables."""
    lines = sum(len(part.opened.rejected) for part in parts)
    joined = sum(part.joined for part in parts)
    by_reason = dict(tally.reasons.most_common())
    for part in parts:
        for word, times in part.opened.rejected.by_reason().items():
            by_reason[word] = by_reason.get(word, 0) + times
    return CallCounts(
        read=tally.rows + joined + lines,
        loaded=tally.rows - tally.noise - tally.refused,
        refused=tally.refused + lines,
        noise=tally.noise,
        joined=joined,
        unanswered=tally.silenced,
        by_reason=by_reason,
    )


def faults_of(
    rows: pl.LazyFrame, parts: Sequence[CallPart], notes: Sequence[tuple[str, str, str]]
) -> pl.DataFrame:
    """Notes on whole files, lines that are no rows, and rows with a reason, as `FAULTS`."""
    reason = pl.col("reason")
    columns, remedies = ({str(word): text for word, text in by.items()} for by in (COLUMN_OF, REMEDIES))
    wrong = (
        rows.filter(reason.is_not_null() & ~pl.col(NOISE))
        .select(
            file="source_file",
            row="source_row",
            column=looked_up(reason, columns),
            value=pl.col(VALUE).str.slice(0, 80),
            reason="reason",
            remedy=looked_up(reason, remedies),
            severity=pl.when(reason.is_in([str(one) for one in NO_FAULTS]))
            .then(pl.lit("note"))
            .otherwise(pl.lit("error")),
        )
        .collect(engine="streaming")
    )
    values = [None if cell is None else masked(cell) for cell in wrong["value"]]
    wrong = wrong.with_columns(value=pl.Series(values, dtype=pl.String))
    lines = [_unreadable(part) for part in parts if len(part.opened.rejected)]
    told = [(file or None, None, column or None, None, text, None, "warning") for file, column, text in notes]
    whole = pl.DataFrame(told, schema=FAULTS, orient="row")
    return pl.concat([whole, *lines, wrong.select(FAULTS.names()).cast(FAULTS)])


def notes_of(
    name: str, tally: CallTally, parts: Sequence[CallPart], choices: CallChoices
) -> list[tuple[str, str, str]]:
    """What only the end of the files shows: file, column, sentence."""
    found: list[tuple[str, str, str]] = []
    width = None
    if choices.reading is None and choices.number_plan is not None:
        width = tally.national(choices.number_plan)
    if width is not None:
        text = national(width)
        found.append((name, "to", text))
    if tally.are_powers():
        found.append((name, "to", POWERS))
    if coded := tally.coded():
        text = f"{several(coded, 'number has its', 'numbers have their')} calling code without a plus, and "
        text += "can be none as national ones: they are read as they stand"
        found.append((name, "to", text))
    if tally.silenced:
        text = several(tally.silenced, "call has a length and was", "calls have a length and were")
        text += " not answered: 0 s are counted"
        found.append((name, "status", text))
    lost = tally.reasons.get(str(Reason.MISSING_SECONDS), 0)
    if lost and any(part.layout.format.joins for part in parts):
        text = several(lost, "call has", "calls have")
        text += (
            " no BYE in what was read together, and no length: where it stands in the next file, read both "
        )
        text += "in one go, as a folder or a pattern; a job reads each file by itself"
        found.append((name, "ended_at", text))
    if tally.is_total():
        text = (
            "most lengths are more than from answer to end: they hold the ringing or were rounded; "
            "name the column of talk as columns={'seconds': 'HEADER'}"
        )
        found.append((name, "seconds", text))
    if tally.is_round():
        text = f"there are exactly {tally.rows} rows: did the exporter stop at its limit?"
        found.append((name, "", text))
    times = tally.reasons.get(str(ReaderReason.OTHER_LEG), 0)
    leg = next((part.layout.format.leg for part in parts if part.layout.format.leg), None)
    if leg is not None and times:
        rows = several(times, "row is another leg of a call and is", "rows are other legs of calls and are")
        found.append((name, "", f"{rows} not charged: {leg.why}"))
    return found


def _unreadable(part: CallPart) -> pl.DataFrame:
    """The lines of a text that are no rows, as faults."""
    words = {str(kind): sentence for kind, sentence in SENTENCES.items()}
    sentence = pl.col("reason").replace_strict(words, default=None, return_dtype=pl.String)
    return part.opened.rejected.frame().select(
        file=pl.lit(part.table.file),
        row=pl.col("row"),
        column=pl.lit(None, pl.String),
        value=pl.lit(None, pl.String),
        reason="reason",
        remedy=sentence.str.replace("{line}", pl.col("line").cast(pl.String), literal=True).str.replace(
            "{cells}", pl.col("cells").cast(pl.String), literal=True
        ),
        severity=pl.lit("error"),
    )
