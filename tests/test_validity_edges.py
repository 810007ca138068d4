"""R50: a microsecond before an edge of validity, at it and after it, by UTC and by the clock of India."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import polars as pl

from counts import counted, times
from decks import deck_of, utc
from oracle import longest

INDIA = ZoneInfo("Asia/Kolkata")
MICRO = timedelta(microseconds=1)
EDGES = times(200, 1_000)
FIRST = utc(2026, 1, 1)


def sheet(dice: Random) -> list[dict[str, object]]:
    """Prefixes of one to three versions under a row that always holds; some leave a gap, some have no end."""
    rows: list[dict[str, object]] = [{"prefix": "91", "network_group": "always", "outbound_rate": "1"}]
    edges = 0
    while edges < EDGES:
        prefix = f"91{len(rows):06}"
        count = dice.randint(1, 3)
        cuts = sorted(FIRST + MICRO * cut for cut in dice.sample(range(10**13), 2 * count))
        if dice.random() < 0.5:  # one begins when the other ends
            cuts[1 : 2 * count - 1 : 2] = cuts[2 : 2 * count : 2]
        for version in range(count):
            begin, end = cuts[2 * version : 2 * version + 2]
            last = version == count - 1 and dice.random() < 0.3
            rows.append(
                {
                    "prefix": prefix,
                    "network_group": f"{prefix}-{version}",
                    "outbound_rate": "1",
                    "valid_from": begin,
                    "valid_to": None if last else end,
                }
            )
        edges += 2 * count
    return rows


def test_m6_r50_edges_of_validity_are_the_oracles() -> None:
    rows = sheet(Random(times(1, 2)))
    deck = deck_of(rows)
    asked: list[tuple[str, datetime]] = []
    for row in rows:
        for edge in (row.get("valid_from"), row.get("valid_to")):
            if isinstance(edge, datetime):
                asked += [(f"{row['prefix']}77", edge + step) for step in (-MICRO, MICRO * 0, MICRO)]
    assert len(asked) >= 2.5 * EDGES
    counted(2 * len(asked), "instants")
    by_prefix: dict[str, list[dict[str, object]]] = {}
    for row in rows:
        by_prefix.setdefault(str(row["prefix"]), []).append(row)
    wanted = []
    for number, at in asked:
        found = longest(by_prefix[number[:8]] + by_prefix["91"], number, at, "outbound")
        assert found is not None
        wanted.append(found["network_group"])
    assert len(set(wanted)) > EDGES // 4
    frame = pl.DataFrame(
        {"to": [number for number, _ in asked], "at": [at for _, at in asked]},
        schema={"to": pl.String, "at": pl.Datetime("us", "UTC")},
    )
    for zone in (UTC, INDIA):
        one = [deck.match(number, at=at.astimezone(zone)) for number, at in asked]
        assert [match and match.network_group for match in one] == wanted
        there = frame.with_columns(pl.col("at").dt.convert_time_zone(str(zone)))
        many = there.select(deck.match(pl.col("to"), at=pl.col("at"), fields="network_group"))
        assert many.to_series().to_list() == wanted
