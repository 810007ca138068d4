"""Prefix and origin cells to single items: digits only, at most fifteen, never a leading zero.

A cell may be a list (quirk 1). A bad item is refused alone, with the reason for its shape.
"""

from __future__ import annotations

import re

import polars as pl

from dialnexa_routing.errors import SheetError
from dialnexa_routing.sheets.columns import Severity
from dialnexa_routing.sheets.intake import Intake, clean

PREFIX = r"^[1-9][0-9]{0,14}$"
_SEPARATOR = r"[ \t\u00a0]*(?:[,;|]|[\r\n]+)\s*"
_HARD_SEPARATOR = r"[,;|\r\n]"
_BLANK_LIST = r"^\+?[1-9][0-9]{0,14}(?:\s+\+?[1-9][0-9]{0,14})+$"
_ANY_CALLER = ("ALL", "ROW")
_SCIENTIFIC = r"^[+-]?[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+$"


def origin_digits(origin: str | None) -> str | None:
    """The caller's digits without plus. Raises `SheetError` when it is not a prefix of a number.

    >>> origin_digits("+91")
    '91'
    """
    if origin is None:
        return None
    digits = origin.strip().removeprefix("+") if isinstance(origin, str) else ""
    if not re.fullmatch("[1-9][0-9]{0,14}", digits):
        raise SheetError(
            f"origin={origin!r} is not a caller's digits: pass them as '91', or None for any caller"
        )
    return digits


def items(intake: Intake, name: str) -> pl.DataFrame:
    """The items of a column of prefixes or origins: `idx` of the row, `item`, and `reason` if it is refused.

    An origin item of null is any caller (quirk 25); a prefix item of null always has a reason.
    """
    frame = pl.DataFrame(
        {"idx": pl.int_range(intake.height, dtype=pl.UInt32, eager=True), "raw": intake.raw(name)}
    )
    if frame.schema["raw"] != pl.String:
        frame = frame.explode("raw", empty_as_null=True)
    is_origin = name == "origin"
    fine = frame["raw"].str.contains(PREFIX)
    fine = fine.fill_null(True) if is_origin else fine.fill_null(False)
    good = frame.select("idx", item="raw", reason=pl.lit(None, pl.String))
    if fine.all():
        return good
    rest = _split(intake, name, frame.filter(~fine))
    rest = rest.with_columns(reason=_reason(is_origin))
    if is_origin:
        rest = rest.with_columns(item=pl.when(_any_caller()).then(None).otherwise("item"))
    wrong = rest.filter(pl.col("reason").is_not_null())
    intake.faults.add(
        intake.rows.gather(wrong["idx"]), intake.published(name), wrong["piece"], wrong["reason"]
    )
    both = pl.concat([good.filter(fine), rest.select("idx", "item", "reason")])
    return both.sort("idx", maintain_order=True)


def _split(intake: Intake, name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """One row per item: `piece` as it stands in the cell, `item` without plus sign and ``.0``."""
    cells = clean(frame["raw"], escaped=intake.table.escaped).fill_null("")
    whole = cells.str.contains(_SCIENTIFIC)  # 3,73E+11 is no list of 3 and 73E+11
    blanks = cells.str.contains(_BLANK_LIST)
    listed = frame.filter(blanks)
    if listed.height:
        reason = (
            "blanks alone separate these codes, so they were read as a list: write one code without blanks"
        )
        rows = intake.rows.gather(listed["idx"])
        intake.faults.add(rows, intake.published(name), listed["raw"], reason, Severity.WARNING)
    pieces = cells.str.strip_chars(" ,;|\r\n\t").str.replace_all(_SEPARATOR, ",")
    pieces = pieces.str.replace_all(r"\s+", ",").zip_with(blanks, pieces)
    if name == "origin":
        # Nothing between two separators is no item: it must not open the row to any caller.
        pieces = pieces.str.replace_all(",{2,}", ",")
    pieces = pl.select(
        pl.when(whole).then(pl.concat_list(cells)).otherwise(pieces.str.split(","))
    ).to_series()
    return (
        frame.select("idx", piece=pieces)
        .explode("piece", empty_as_null=True)
        .with_columns(pl.col("piece").str.strip_chars())
        .with_columns(item=pl.col("piece").str.strip_prefix("+").str.replace(r"\.0+$", ""))
    )


def _reason(is_origin: bool) -> pl.Expr:
    """Why an item is refused; null for a good one. The first shape that fits gives the sentence."""
    item, piece = pl.col("item"), pl.col("piece")
    what = "origin" if is_origin else "prefix"
    shapes = [
        (item.str.contains(PREFIX) | (_any_caller() & is_origin), None),
        (
            (item.str.to_lowercase() == "local") & is_origin,
            "is 'local', a number bought from the provider: give digits, or drop the row",
        ),
        (item.fill_null("") == "", "is empty: give its digits, or drop the row"),
        (
            piece.str.contains(_SCIENTIFIC),
            "is in scientific notation, which lost its last digits: export it as text again",
        ),
        (
            item.str.contains("^0[0-9]*$"),
            "starts with 0: write it with its calling code, without 00 or a trunk zero",
        ),
        (
            item.str.contains("^[0-9]{16,}$"),
            "has more than 15 digits, which no number has: separate the codes, or cut it",
        ),
        (
            item.str.contains(r"^[0-9+][0-9+\s]*$"),
            "has blanks or plus signs inside: write one code without them, several with commas",
        ),
    ]
    reason = pl.lit(f"the {what} holds something other than digits 0-9: write the digits out")
    for fits, sentence in reversed(shapes):
        told = pl.lit(sentence and f"the {what} {sentence}", pl.String)
        reason = pl.when(fits).then(told).otherwise(reason)
    return reason


def _any_caller() -> pl.Expr:
    return pl.col("item").str.to_uppercase().is_in(_ANY_CALLER) | (pl.col("item") == "")


def suspicious(prefix: pl.Series) -> pl.Series:
    """Which prefixes look cut to three digits by a spreadsheet (quirk 15)."""
    value = prefix.cast(pl.UInt64, strict=False)
    long = value >= 10**10
    if not long.any():
        return long.fill_null(False)
    return (long & (value % 10**6 == 0)).fill_null(False)
