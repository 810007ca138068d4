"""Versions and repeats of many rows, found without putting all of them in order: held to plain loops."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from dialnexa_routing import RateSheet
from dialnexa_routing.deck.canonical_columns import TIME
from dialnexa_routing.sheets.version_ends import holes

_DAY = st.one_of(st.none(), st.integers(1, 6).map(lambda day: datetime(2026, 12, day, tzinfo=UTC)))
_KEYS = st.tuples(st.sampled_from(["91", "919", "1"]), st.sampled_from([None, "44"]))
_Version = tuple[tuple[str, str | None], datetime | None, datetime | None]


def _gaps(versions: list[_Version]) -> int:
    """R50: times between two versions of one prefix and caller in which no earlier one holds."""
    gaps = 0
    for key in {key for key, _, _ in versions}:
        never = datetime(9999, 12, 31, tzinfo=UTC)
        begin = datetime(1, 1, 1, tzinfo=UTC)
        mine = sorted(
            ((start, end) for one, start, end in versions if one == key), key=lambda v: v[0] or begin
        )
        for place in range(1, len(mine)):
            reached = max(end or never for _, end in mine[:place])
            start = mine[place][0]
            gaps += start is not None and start > reached
    return gaps


@given(st.lists(st.tuples(_KEYS, _DAY, _DAY), max_size=12, unique_by=lambda version: version[:2]))
def test_r50_holes_are_those_of_a_loop(versions: list[_Version]) -> None:
    rows = pl.DataFrame(
        {
            "prefix": [prefix for (prefix, _), _, _ in versions],
            "origin": pl.Series([origin for (_, origin), _, _ in versions], dtype=pl.String),
            "exact_match": [False] * len(versions),
            "valid_from": pl.Series([start for _, start, _ in versions], dtype=TIME),
            "valid_to": pl.Series([end for _, _, end in versions], dtype=TIME),
            "source_file": ["sheet.csv"] * len(versions),
            "source_row": range(2, len(versions) + 2),
        }
    )
    told = holes(rows, None)
    gaps = _gaps(versions)
    assert told.height == (gaps > 0)
    assert not gaps or told["reason"][0].startswith(f"{gaps} times ")


@given(st.lists(st.tuples(st.sampled_from(["91", "919", "1", "44"]), st.sampled_from([None, "44", "1"]))))
def test_rows_keep_their_order_whichever_repeat(keys: list[tuple[str, str | None]]) -> None:
    rows: list[dict[str, Any]] = [
        {"prefix": prefix, "origin": origin, "network_group": "A", "outbound_rate": "1"}
        for prefix, origin in keys
    ]
    rows += [{"prefix": "7", "origin": None, "network_group": "A", "outbound_rate": "1"}]
    schema: dict[str, Any] = dict.fromkeys(rows[0], pl.String)
    sheet = RateSheet.read(pl.DataFrame(rows, schema=schema), currency="INR", country_by=None)
    found = [row["source_row"] for row in sheet.rows.iter_rows(named=True)]
    first = {key: number for number, key in reversed(list(enumerate([*keys, ("7", None)], start=1)))}
    assert found == sorted(first.values())
