"""ASR, ACD and answer ratio, and where money runs away, beside plain loops."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from command import document, folder, run, sentence
from decks import deck_of, utc
from dialnexa_routing import MoneyError, RecordError, records
from dialnexa_routing.billing.fraud import fraud_screen
from dialnexa_routing.billing.traffic_report import traffic
from dialnexa_routing.money.exact import rounded, total
from dialnexa_routing.numbers.number_series import series_of

if TYPE_CHECKING:
    from decimal import Decimal

__all__ = ["folder"]
ROWS: list[dict[str, Any]] = [
    {"prefix": "91", "network_group": "India", "country_iso": "IN", "outbound_rate": "0.75"},
    {"prefix": "8821", "network_group": "Satellite", "outbound_rate": "500"},
    {"prefix": "1", "network_group": "US", "country_iso": "US", "outbound_rate": "1.25"},
]
DECK = deck_of(ROWS)
NIGHT = utc(2026, 11, 30)
CALL = st.tuples(
    st.sampled_from(["+919812345678", "+8821612345678", "+12025550123", "+19005550123", "+44", "x"]),
    st.integers(0, 4000),
    st.integers(0, 80),
    st.sampled_from(["acme", "zenith"]),
)


def rated(calls: list[tuple[str, int, int, str]]) -> pl.DataFrame:
    frame = pl.DataFrame(
        {
            "to": [call[0] for call in calls],
            "seconds": [call[1] for call in calls],
            "answered_at": [NIGHT + timedelta(minutes=17 * call[2]) for call in calls],
            "workspace": [call[3] for call in calls],
        }
    )
    return records.rate(frame, deck=DECK)


@settings(max_examples=30)
@given(st.lists(CALL, min_size=1, max_size=40))
def test_ratios_are_those_of_plain_loops(calls: list[tuple[str, int, int, str]]) -> None:
    frame = rated(calls)
    found = traffic(frame, timezone="Asia/Kolkata")
    seen: dict[tuple[str | None, str | None], list[Any]] = defaultdict(list)
    for row in frame.iter_rows(named=True):
        seen[row["country_iso"], row["network_group"]].append((row["reason"] is None, row["seconds"]))
    assert found.by_group.height == len(seen)
    for row in found.by_group.iter_rows(named=True):
        rows = seen[row["country_iso"], row["network_group"]]
        carried = [seconds for is_carried, seconds in rows if is_carried]
        answered = [seconds for seconds in carried if seconds > 0]
        assert (row["calls"], row["carried"], row["answered"]) == (len(rows), len(carried), len(answered))
        assert row["seconds"] == sum(answered)
        wanted = rounded(Fraction(100 * len(answered), len(carried)), 2) if carried else None
        assert row["asr"] == wanted
        assert row["answer_ratio"] == rounded(Fraction(100 * len(answered), len(rows)), 2)
        assert row["acd"] == (rounded(Fraction(sum(answered), len(answered)), 1) if answered else None)
    for part in (found.by_day, found.by_group_and_day):
        assert part["calls"].sum() == len(calls)
        assert part["answered"].sum() == found.by_group["answered"].sum()


@settings(max_examples=30)
@given(st.lists(CALL, min_size=1, max_size=40), st.integers(0, 100))
def test_hours_and_series_are_those_of_plain_loops(
    calls: list[tuple[str, int, int, str]], ceiling: int
) -> None:
    frame = rated(calls)
    found = fraud_screen(frame, timezone="Asia/Kolkata", hour_ceiling=str(ceiling))
    hours: dict[Any, list[Decimal]] = defaultdict(list)
    series: dict[Any, int] = defaultdict(int)
    for row in frame.iter_rows(named=True):
        if row["reason"] is None:
            wall = (row["answered_at_utc"] + timedelta(hours=5, minutes=30)).replace(
                minute=0, second=0, microsecond=0, tzinfo=None
            )
            hours[row["workspace"], wall].append(row["charge"])
        one = series_of(row["to"].removeprefix("+"))
        if one is not None:
            series[row["workspace"], one.prefix] += 1
    above = {key: total(charges) for key, charges in hours.items() if total(charges) > ceiling}
    assert {(row["workspace"], row["hour"]): row["charge"] for row in found.hours.to_dicts()} == above
    assert all(row["above"] == row["charge"] - row["ceiling"] for row in found.hours.to_dicts())
    counted = found.series.group_by("workspace", "series").agg(pl.col("calls").sum())
    assert {(who, one): calls for who, one, calls in counted.iter_rows()} == series


def test_what_is_worth_a_look_is_told() -> None:
    frame = rated([("+8821612345678", 600, 0, "acme"), ("+919812345678", 60, 0, "acme")])
    found = fraud_screen(frame, timezone="UTC", hour_ceiling="100")
    assert found.lines() == [
        "1 hours above the ceiling, by ₹4,900.75",
        "1 calls to satellite and premium series, ₹5,000.00",
    ]
    assert found.series.select("kind", "owner", "network_group").rows() == [
        ("satellite", "Thuraya", "Satellite")
    ]
    assert "Thuraya" in found.html()
    assert found.to_dict()["hours"]["rows"][0]["charge"] == "5000.75"
    assert "ASR 100 %, ACD 330 s" in traffic(frame, timezone="UTC").lines()[0]


def test_columns_that_are_missing_and_ceilings_that_are_none() -> None:
    frame = rated([("+919812345678", 60, 0, "acme")])
    with pytest.raises(RecordError, match="no column 'begin'"):
        traffic(frame, timezone="UTC", at="begin")
    with pytest.raises(RecordError, match="no time zone"):
        traffic(frame, timezone="Nowhere")
    for bad in (1.5, "x", "-1", True):
        with pytest.raises(MoneyError):
            fraud_screen(frame, timezone="UTC", hour_ceiling=bad)  # type: ignore[arg-type]
    with pytest.raises(RecordError, match="no column 'shop'"):
        fraud_screen(frame, timezone="UTC", hour_ceiling="1", workspace="shop")
    assert fraud_screen(frame, timezone="UTC", hour_ceiling="1", workspace=None).hours.is_empty()
    assert traffic(frame.cast({"seconds": pl.String}), timezone="UTC").by_day["seconds"].to_list() == [60]


@pytest.mark.usefixtures("folder")
def test_traffic_on_the_command_line() -> None:
    run("rate", "calls.csv", "rated.csv", "--deck", "a.deck")
    found = document("traffic", "rated.csv")
    ratios = {row["network_group"]: row["asr"] for row in found["traffic"]["by_group"]["rows"]}
    assert ratios["India - Mobile"] == "100.00"
    assert "fraud" not in found
    screened = document("traffic", "rated.csv", "--hour-ceiling", "1", code=1)
    assert screened["fraud"]["hours"]["rows"][0]["above"] == "1.860000000"
    assert "ASR" in run("traffic", "rated.csv", "--rows", "3").stdout
    assert "no column 'shop'" in sentence(
        "traffic", "rated.csv", "--hour-ceiling", "1", "--workspace", "shop"
    )
