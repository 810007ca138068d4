"""What becomes of the rows of an input file, and what the rejects file says of those without a charge.

Defined here, once. Of each input file, and of all together::

    rows = rated + refused + rejected

* A row is *rated* if it has a charge.
* It is *refused* if it could be read and has a reason in place of a charge (R51). It stands in the
  output too, in order.
* It is *rejected* if it cannot be read as a row at all (`Unreadable`). It stands in the rejects file
  only. Parquet and Arrow files have no such rows: they can be read as a whole, or the file fails.

Blank lines of a CSV file carry nothing and are no rows. Rows are counted from 1, behind the header,
rejected ones too. A *failed* file has no rows: nothing of it is rated, and nothing of it is counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.files.column_named import column_named
from dialnexa_routing.files.rejected import SENTENCES
from dialnexa_routing.files.streaming_words import looked_up
from dialnexa_routing.money.reason import Reason
from dialnexa_routing.records.reader_reason import REMEDIES, ReaderReason

if TYPE_CHECKING:
    from dialnexa_routing.files.rejected import Rejected

_SENTENCES: dict[str, str] = {
    Reason.MISSING_NUMBER: "there is no called number: fill it in",
    Reason.INVALID_NUMBER: "this is no phone number: write a plus, the calling code and the number",
    Reason.IMPOSSIBLE_NUMBER: "no number under its calling code has so many digits: write it in full",
    Reason.EMERGENCY_NUMBER: "it is a number for emergencies, and not sold: take the row out",
    Reason.INVALID_SECONDS: "the seconds, or the end of the call, cannot be read: write 263, 30.5 or a time",
    Reason.END_BEFORE_ANSWER: "the call ends before it is answered: correct the times",
    Reason.INVALID_ANSWERED_AT: "the answer time is no time: write 2026-11-23T10:00:00+05:30",
    Reason.MISSING_SECONDS: "there are neither seconds nor an end of the call: 0 is a call nobody answered",
    Reason.NEGATIVE_SECONDS: "the seconds are below zero: correct them",
    Reason.INVALID_DIRECTION: "the direction is neither outbound nor inbound: write one of them",
    Reason.MISSING_ANSWERED_AT: "the prices hold only at times, and there is no answer time: fill it in",
    Reason.BEFORE_FIRST_DECK: "no deck of the book was in force yet: add one that begins before",
    Reason.BEFORE_FIRST_PLAN: "no version of the billing plan held yet: add one that begins before",
    Reason.UNSUPPORTED_PREFIX: "no prefix of the deck begins the number: add one to the rate sheet",
    Reason.BLOCKED: "the rate sheet blocks the prefix of the number: ask why the call was let through",
    Reason.RATE_MISSING: "the network group has no rate for this direction: add it to sheet or plan",
    Reason.OVERFLOW: "the charge is more than a column holds: look at seconds and rate",
    Reason.UNKNOWN_WORKSPACE: "the workspace is not among those given: add it, or correct its id",
    Reason.UNKNOWN_PLAN: "the billing plan is not among those given, or the workspace has none: add it",
    Reason.INVALID_AGENT_KIND: "the agent is neither cascaded nor speech_to_speech: write one of them",
    Reason.INVALID_PATH: "the path is none of pstn, sip_trunk and webrtc: write one of them",
    **{str(kind): sentence for kind, sentence in SENTENCES.items()},
}
_ALL: dict[str, str] = {str(word): REMEDIES[word] for word in ReaderReason}
_ALL.update((str(word), told) for word, told in _SENTENCES.items())


def rejects(rated: pl.LazyFrame, name: str, rejected: Rejected, *, number: str, reason: str) -> pl.LazyFrame:
    """Refused and rejected rows of a file, in order: ``file``, ``row``, ``number``, ``reason``, ``sentence``.

    The number is as it was given; a rejected row has none.

    Args:
        rated: the output as it was written, all rows that could be read.
        name: of the input file.
        rejected: the rows that could not be read.
        number: the column of called numbers.
        reason: the column of reasons.
    """
    lines = rejected.frame()
    position = pl.col("row").cast(pl.UInt64)
    if lines.height:
        position = position.map_batches(rejected.original, return_dtype=pl.UInt64, is_elementwise=True)
    why = pl.col("reason")
    # Counted and filtered before anything is selected, so that Polars reads no numbers but those.
    count = "row"
    while count in rated.collect_schema():
        count += "_"
    refused = (
        rated.with_row_index(count, offset=1)
        .filter(column_named(reason).is_not_null())
        .select(
            column_named(number).cast(pl.String).alias("number"),
            row=count,
            reason=column_named(reason),
        )
        .select(position.alias("row"), "number", "reason")
        .with_columns(sentence=looked_up(why, _ALL, keep=True))
    )
    both = refused
    if lines.height:
        words = looked_up(why, _ALL)
        told = lines.with_columns(
            sentence=words.str.replace("{line}", pl.col("line").cast(pl.String), literal=True).str.replace(
                "{cells}", pl.col("cells").cast(pl.String), literal=True
            )
        ).select("row", pl.lit(None, pl.String).alias("number"), "reason", "sentence")
        both = refused.merge_sorted(told.lazy(), "row")
    return both.select(pl.lit(name).alias("file"), "row", "number", "reason", "sentence")
