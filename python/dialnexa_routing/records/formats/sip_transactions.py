"""The rows of a SIP proxy's transactions as calls: an INVITE and the BYE that ended it are one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable

BYE_TIME = "bye_time"
"""The time of the BYE, beside that of the INVITE."""
_DIALOG, _AT = "\u200bdialog", "\u200bat"


def _joined(lazy: pl.LazyFrame) -> pl.LazyFrame:
    """INVITEs with the time of their BYE; BYEs that fit none stay as rows, which are no calls.

    A BYE of the callee has the tags the other way round, so that they are compared in both orders. Of a
    fork's INVITEs, whose tags differ, only the one that was answered has a BYE.
    """
    rows = lazy.with_columns(_dialog()).with_row_index(_AT)
    method, code = pl.col("method"), pl.col("sip_code")
    ends = (
        rows.filter(method == "BYE", code.is_in(["200", "481", "408"]))
        .select(_DIALOG, pl.col("time").alias(BYE_TIME))
        .unique(_DIALOG, keep="first", maintain_order=True)
    )
    invites = rows.filter(method == "INVITE").select(_DIALOG).unique()
    kept = rows.filter(method != "BYE").join(ends, on=_DIALOG, how="left")
    alone = rows.filter(method == "BYE").join(invites, on=_DIALOG, how="anti")
    end = pl.when((method == "INVITE") & (code == "200")).then(pl.col(BYE_TIME))
    both = pl.concat([kept, alone], how="diagonal").sort(_AT)
    return both.with_columns(end.alias(BYE_TIME)).drop(_DIALOG, _AT)


def _joined_or_counted(lazy: pl.LazyFrame) -> pl.LazyFrame:
    """The same where a duration stands beside: one of 0 on an answered INVITE is filled from its BYE.

    Without the flag ``cdr`` every answered row has 0. One without BYE has no length then, and is refused.
    """
    rows = _joined(lazy)
    end, begin = (pl.col(name).str.to_datetime(_FORM, strict=False) for name in (BYE_TIME, "time"))
    between = (end - begin).dt.total_seconds().cast(pl.String)
    open_ = (pl.col("sip_code") == "200") & pl.col("duration").str.contains(r"^0*$").fill_null(True)
    filled = pl.when(open_).then(between).otherwise(pl.col("duration"))
    return rows.with_columns(filled.alias("duration")).drop(BYE_TIME)


_OWN = ("method", "from_tag", "to_tag", "callid", "sip_code", "time", "duration", "setuptime", "created")
_FORM = "%Y-%m-%d %H:%M:%S"


def _dialog() -> pl.Expr:
    one, other = pl.col("from_tag").fill_null(""), pl.col("to_tag").fill_null("")
    first = pl.when(one <= other).then(one).otherwise(other)
    second = pl.when(one <= other).then(other).otherwise(one)
    return pl.concat_str([pl.col("callid"), first, second], separator="\u200b").alias(_DIALOG)


def _in_own_letters(make: Callable[[pl.LazyFrame], pl.LazyFrame]) -> Callable[[pl.LazyFrame], pl.LazyFrame]:
    """The same of columns in whatever letters an export wrote them, which they keep."""

    def made(lazy: pl.LazyFrame) -> pl.LazyFrame:
        names = lazy.collect_schema().names()
        small = {name: name.casefold() for name in names if name.casefold() in _OWN}
        if len(set(small.values())) < len(small):
            return make(lazy)
        rows = make(lazy.rename(small))
        there = set(rows.collect_schema().names())
        return rows.rename({own: name for name, own in small.items() if own in there})

    return made


joined = _in_own_letters(_joined)
joined_or_counted = _in_own_letters(_joined_or_counted)
