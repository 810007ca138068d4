"""Units that say the same prefix twice: noise, versions in time, or a conflict (R22).

Two units meet when prefix, origin and `exact_match` are equal. Saying the same again is noise
(quirk 19). A unit without an end, followed by a later one of the same group without an end, was
superseded then and gets that start as its end (quirk 21). A row for calls in and one for calls out are the
two rates of one (`both_ways`). Whatever else overlaps in time is a conflict.
"""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any, Literal

import polars as pl

from dialnexa_routing import _deck
from dialnexa_routing.deck.canonical_columns import FAULTS, SHEET, Severity
from dialnexa_routing.money.exact import plain
from dialnexa_routing.sheets.both_ways import one_way, with_both_ways
from dialnexa_routing.text.errors import SheetError

OnConflict = Literal["error", "first", "last", "dearest", "cheapest"]
POLICIES = ("error", "first", "last", "dearest", "cheapest")
SHEET_NAME = "?sheet"
"""The workbook sheet a row came from, carried beside the canonical columns."""

_KEY = ["prefix", "origin", "exact_match"]
_WHEN = ["valid_from", "valid_to"]
_TERMS = [c for c in SHEET if c not in (*_KEY, *_WHEN, "original_rate", "source_file", "source_row")]
_START = datetime(1, 1, 1, tzinfo=UTC)
_END = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


def settle(rows: pl.DataFrame, policy: OnConflict) -> tuple[pl.DataFrame, int, pl.DataFrame]:
    """`rows` without repetitions, how many were dropped, and the faults that report it.

    Raises `SheetError` with both rows when two differ and `policy` is ``"error"``.
    """
    numbers = _deck.prefix_numbers(rows["prefix"])
    if numbers is not None and pl.Series(numbers).n_unique() == rows.height:
        return rows, 0, FAULTS.to_frame()
    rows = rows.with_row_index("?order")
    again = rows["prefix"].is_duplicated()
    shared = again.arg_true()
    again = again.scatter(shared, rows.select(_KEY).filter(again).is_duplicated())
    meeting, alone = rows.filter(again), rows.filter(~again)
    distinct = meeting.unique([*_KEY, *_WHEN, *_TERMS], keep="first", maintain_order=True)
    faults: list[tuple[Any, ...]] = []
    distinct = _superseded(with_both_ways(distinct, faults))
    clashing = _clashing(distinct)
    if clashing.height:
        distinct = distinct.join(clashing.select("?order"), on="?order", how="anti")
        settled = _settle_groups(clashing, policy, faults)
        distinct = pl.concat([distinct, settled])
    # Both are in order, and the first is mostly the whole sheet.
    kept = alone.merge_sorted(distinct.drop("?key").sort("?order"), key="?order").drop("?order")
    return kept, rows.height - kept.height, pl.DataFrame(faults, schema=FAULTS, orient="row")


def _superseded(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` in order of key and start, numbered by ``?key``, open versions ended by the next one."""
    rows = rows.sort([*_KEY, "valid_from", "?order"], nulls_last=False)
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift(1)) for name in _KEY)
    rows = rows.with_columns(differs.cum_sum().alias("?key"))
    following = pl.col("valid_from").shift(-1)
    later = following > pl.col("valid_from").fill_null(_START)
    same = (_next_is_same("?key") & _next_is_same("network_group")).fill_null(False)
    # A later row with an end of its own is no new version: nobody states what holds after it.
    both_open = pl.col("valid_to").is_null() & pl.col("valid_to").shift(-1).is_null()
    ended = pl.when((same & later & both_open).fill_null(False)).then(following)
    return rows.with_columns(valid_to=ended.otherwise("valid_to"))


def _clashing(rows: pl.DataFrame) -> pl.DataFrame:
    """Every row of each key in which two rows overlap; in order of start, two neighbours then do."""
    starts = pl.col("valid_from").fill_null(_START).shift(-1)
    overlap = _next_is_same("?key") & (starts < pl.col("valid_to").fill_null(_END))
    keys = rows.filter(overlap.fill_null(False)).select("?key").unique()
    return rows.join(keys, on="?key", how="semi")


def _next_is_same(name: str) -> pl.Expr:
    return pl.col(name) == pl.col(name).shift(-1)


def _settle_groups(rows: pl.DataFrame, policy: OnConflict, faults: list[tuple[Any, ...]]) -> pl.DataFrame:
    kept: list[dict[str, Any]] = []
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows.sort("?order").iter_rows(named=True):
        groups.setdefault(tuple(row[name] for name in _KEY), []).append(row)
    for group in groups.values():
        settled: list[dict[str, Any]] = []
        for row in _in_turn(group, policy):
            _admit(row, settled, policy, faults)
        kept.extend(settled)
    return pl.DataFrame(kept, schema=rows.schema, orient="row")


def _in_turn(group: list[dict[str, Any]], policy: OnConflict) -> list[dict[str, Any]]:
    """The rows of one key, those that `policy` prefers first; blocked is dearer than any price."""
    if policy == "last":
        return group[::-1]
    if policy in ("dearest", "cheapest"):
        return sorted(group, key=_price, reverse=policy == "dearest")
    return group


def _price(row: dict[str, Any]) -> tuple[bool, Fraction]:
    rate = row["outbound_rate"] if row["outbound_rate"] is not None else row["inbound_rate"] or 0
    return row["blocked"], Fraction(rate) / row["rate_unit_s"]


def _admit(
    row: dict[str, Any], settled: list[dict[str, Any]], policy: OnConflict, faults: list[tuple[Any, ...]]
) -> None:
    """Adds `row` to those of its key already `settled`, unless one of them stands in its time."""
    start, end = row["valid_from"] or _START, row["valid_to"] or _END
    for other in settled:
        if not (start < (other["valid_to"] or _END) and (other["valid_from"] or _START) < end):
            continue
        if all(row[name] == other[name] for name in _TERMS):
            # Saying the same for a longer time: one unit for the whole of it.
            other["valid_from"] = (
                None
                if None in (row["valid_from"], other["valid_from"])
                else min(row["valid_from"], other["valid_from"])
            )
            other["valid_to"] = (
                None
                if None in (row["valid_to"], other["valid_to"])
                else max(row["valid_to"], other["valid_to"])
            )
            return
        caller = f"callers {other['origin']}" if other["origin"] else "any caller"
        both = (
            f"{_describe(row)} and {_describe(other)}"
            if policy == "last"
            else f"{_describe(other)} and {_describe(row)}"
        )
        if policy == "error":
            ways = (
                "; one prices calls in and the other calls out, which are one row only where group and"
                " increments are the same"
                if one_way(row) != one_way(other) and None not in (one_way(row), one_way(other))
                else ""
            )
            raise SheetError(
                f"prefix {row['prefix']} ({caller}) stands twice with different terms: {both}{ways};"
                " correct one, or pass on_conflict='first', 'last', 'dearest' or 'cheapest' (R22)"
            )
        reason = (
            f"the prefix stands twice: {both}; on_conflict={policy!r} kept this one, look whether it is right"
        )
        place = (other["source_file"], other[SHEET_NAME], other["source_row"])
        faults.append((*place, "prefix", row["prefix"], reason, str(Severity.WARNING)))
        return
    settled.append(row)


def _describe(row: dict[str, Any]) -> str:
    sheet = f", sheet {row[SHEET_NAME]!r}" if row[SHEET_NAME] else ""
    rates = [
        f"{name[:-5]} {plain(row[name])}"
        for name in ("inbound_rate", "outbound_rate")
        if row[name] is not None
    ]
    rates += ["outbound by a schedule"] if row["schedule"] is not None else []
    price = ("blocked " if row["blocked"] else "") + (
        f"{' '.join(rates)} INR/{row['rate_unit_s']} s" if rates else "no rate"
    )
    return f"row {row['source_row']} of {row['source_file']}{sheet} (group {row['network_group']!r}, {price})"
