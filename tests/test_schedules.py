"""Schedules: what is refused and where, and that every way to rate them says the same (R50, R53, R54)."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle
from decks import deck_of, utc
from dialnexa_routing import DeckTimeError, RateDeck, RateSheet, Semantics, SheetError, records
from dialnexa_routing.clock.zone_offsets import offsets
from dialnexa_routing.money import semantics as policy
from dialnexa_routing.money.presets import Preset
from dialnexa_routing.money.schedule import Schedule
from strategies import SEMANTICS, SMALL

CENTS = st.integers(0, 900).map(lambda cents: str(Decimal(cents).scaleb(-2)))
WIDTHS = st.sampled_from(["0.5", "1", "7.25", "30", "60"])
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
ZONES = ["Asia/Kolkata", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"]
NIGHTS = [
    utc(2026, 3, 29, 1),
    utc(2026, 10, 25, 1),
    utc(2026, 3, 8, 7),
    utc(2026, 4, 4, 15),
    utc(2026, 11, 23),
]
"""When clocks change in one of the zones, and when in none."""


@st.composite
def tiers(draw: st.DrawFn) -> list[dict[str, Any]]:
    found, start = [], Decimal(0)
    for width in draw(st.lists(WIDTHS, min_size=1, max_size=4)):
        tier: dict[str, Any] = {
            "from_s": str(start),
            "rate": draw(CENTS),
            "fee": draw(st.sampled_from(["0", "0", "3.5"])),
        }
        tier["rate_unit_s"] = draw(st.sampled_from(["60", "1", "0.5", "7"]))
        tier["increment_s"] = draw(st.sampled_from([None, "0.5", "1", "2.125", "60"]))
        start += Decimal(width)
        found.append(tier)
    return [*found[:-1], found[-1] | {"to_s": draw(st.sampled_from([None, None, str(start)]))}]


@st.composite
def schedules(draw: st.DrawFn) -> dict[str, Any]:
    """One band that always holds, or bands that change in the small hours, on weekdays and weekends."""
    count = draw(st.integers(1, 3))
    bands = [{"connect_fee": draw(st.none() | CENTS), "tiers": draw(tiers())} for _ in range(count)]
    if count == 1:
        return {"bands": bands}
    minutes = st.lists(st.sampled_from([0, 60, 119, 120, 121, 150, 180, 330]), min_size=1, unique=True)
    hours: list[list[Any]] = [[] for _ in bands]
    for days in (DAYS[:5], DAYS[5:]):
        cuts = [0, *(cut for cut in sorted(draw(minutes)) if cut), 24 * 60]
        for at, (start, end) in enumerate(pairwise(cuts)):
            clocks = {"start": f"{start // 60:02}:{start % 60:02}", "end": f"{end // 60:02}:{end % 60:02}"}
            hours[(at + len(days)) % count].append({"days": days, **clocks})
    kept = [band | {"hours": some} for band, some in zip(bands, hours, strict=True) if some]
    return {"zone": draw(st.sampled_from(ZONES)), "bands": kept}


MEANINGS = st.builds(
    lambda choices, point, places: choices.model_copy(
        update={"round_at": point, "increment_decimals": places, "decimals": 9}
    ),
    SEMANTICS,
    st.sampled_from(policy.RoundingPoint),
    st.integers(0, 9),
)
TIMES = st.builds(
    lambda night, seconds, micros: night + timedelta(seconds=seconds, microseconds=micros),
    st.sampled_from(NIGHTS),
    st.integers(-200, 200),
    st.sampled_from([0, 0, 1, 999_999]),
)


@given(
    st.lists(schedules(), min_size=1, max_size=2),
    st.lists(st.tuples(st.integers(0, 200), TIMES), min_size=1, max_size=5),
    MEANINGS,
    st.tuples(SMALL, SMALL, SMALL),
)
def test_r54_schedules_rate_alike_in_every_way(
    some: list[Any], calls: list[Any], choices: Semantics, seconds: tuple[int, int, int]
) -> None:
    terms = dict(zip(("free_s", "minimum_s", "grace_s"), seconds, strict=True)) | {"connect_fee": "0.25"}
    rows = [{"prefix": f"9{number}", "schedule": json.dumps(one), **terms} for number, one in enumerate(some)]
    rows.append({"prefix": "8", "outbound_rate": "1.3", "rate_unit_s": 7, **terms})
    deck = deck_of(rows)
    assert deck.is_dated == any(len(one["bands"]) > 1 for one in some)
    told = [(f"{row['prefix']}555", taken, at) for row in rows for taken, at in calls]
    frame = pl.DataFrame(told, schema=["to", "seconds", "answered_at"], orient="row")
    rated = records.rate(frame, deck=deck, semantics=choices)
    assert records.rate(frame.lazy(), deck=deck, semantics=choices).collect().equals(rated)
    ratio = ["exact_numerator", "exact_denominator"]
    asked = records.rated(deck, answered_at="answered_at", semantics=choices, fields=[*ratio, "charge"])
    exact = frame.select(asked).unnest("rated")
    types = records.rated_types(choices.decimals)
    assert exact.schema == {name: types[name] for name in exact.columns}
    assert exact["charge"].equals(rated["charge"])
    for (number, taken, at), billed, total, (above, below) in zip(
        told, rated["billed_seconds"], rated["charge"], exact.select(ratio).iter_rows(), strict=True
    ):
        naive = oracle.rate(rows, number, taken, at=at, choices=choices)
        charge = deck.rate(number, taken, at=at, semantics=choices)
        assert (charge.billed_seconds, charge.exact, charge.total) == (
            naive.billed_s,
            naive.exact,
            naive.total,
        )
        assert (billed, total) == (naive.billed_s, naive.total)
        assert naive.exact == (None if below is None else Fraction(above) / (below * 10**9))
        steps = deck.explain(number, seconds=taken, at=at, semantics=choices).steps
        kinds = ("blocks", "connect_fee", "tier_fee")
        parts = [step.amount or Fraction(0) for step in steps if step.kind in kinds]
        assert sum(parts) == naive.exact if naive.exact else parts == []


@given(
    st.lists(schedules(), min_size=1, max_size=3),
    st.lists(st.tuples(st.integers(0, 200), TIMES), min_size=1, max_size=5),
    MEANINGS,
)
def test_r54_schedules_told_again_are_the_same_deck(
    some: list[Any], calls: list[Any], choices: Semantics
) -> None:
    rows = [{"prefix": f"9{number}", "schedule": json.dumps(one)} for number, one in enumerate(some)]
    deck = deck_of([*rows, {"prefix": "8", "outbound_rate": "1.3"}], keep_redundant=True)
    told = deck.rows()
    spelled = {row["prefix"]: str(Schedule.parse(row["schedule"])) for row in rows}
    assert dict(told.select("prefix", "schedule").iter_rows()) == {"8": None, **spelled}
    again = RateDeck.compile(told, keep_redundant=True)
    assert again.rows().equals(told)
    assert again.digest == deck.digest
    for row in rows:
        for taken, at in calls:
            both = [one.rate(f"{row['prefix']}5", taken, at=at, semantics=choices) for one in (deck, again)]
            assert both[0].exact == both[1].exact


def test_r54_one_schedule_spelled_in_two_ways_is_one() -> None:
    tight = '{"bands":[{"tiers":[{"rate":"0.90"}]}]}'
    wide = '{"bands": [{"connect_fee": null, "tiers": [{"from_s": 0, "rate": "0.9", "rate_unit_s": 60}]}]}'
    deck = deck_of([{"prefix": "91", "schedule": tight}, {"prefix": "9198", "schedule": wide}])
    assert deck.rows()["prefix"].to_list() == ["91"]


def test_r48_the_least_amounts_are_spelled_so_that_they_can_be_read() -> None:
    text = json.dumps({"bands": [{"tiers": [{"rate": "0.000000001", "increment_s": "0.001"}]}]})
    assert '"0.000000001"' in str(Schedule.parse(text))
    assert str(Schedule.parse(str(Schedule.parse(text)))) == str(Schedule.parse(text))
    frame = pl.DataFrame({"prefix": ["1"], "network_group": ["US"], "schedule": [text]})
    assert RateSheet.read(frame).compile().rate("15", 60).exact == Fraction(1, 10**9)


REFUSED = {
    "a float": ({"bands": [{"tiers": [{"rate": 0.5}]}]}, "band 1, tier 1, rate: 0.5 is a float"),
    "a price below zero": ({"bands": [{"tiers": [{"rate": "-1"}]}]}, "'-1' is not an amount"),
    "ten places": ({"bands": [{"tiers": [{"rate": "0.0000000001"}]}]}, "at most nine places"),
    "parts of a millisecond": (
        {"bands": [{"tiers": [{"rate": "1", "increment_s": "0.0001"}]}]},
        "band 1, tier 1, increment_s: '0.0001' is not seconds",
    ),
    "no increment": ({"bands": [{"tiers": [{"rate": "1", "increment_s": 0}]}]}, "greater than 0"),
    "no start": ({"bands": [{"tiers": [{"rate": "1", "from_s": 5}]}]}, "the first tier starts at 5 s"),
    "out of order": (
        {"bands": [{"tiers": [{"rate": "1"}, {"rate": "1", "from_s": 9}, {"rate": "1", "from_s": 9}]}]},
        "band 1: tier 3 starts before tier 2",
    ),
    "tiers that overlap": (
        {"bands": [{"tiers": [{"rate": "1", "to_s": 60}, {"rate": "1", "from_s": 30}]}]},
        "tier 1 ends at 60 s and tier 2 starts at 30 s",
    ),
    "no zone": ({"bands": [{"hours": [{}], "tiers": [{"rate": "1"}]}]}, "the bands have hours but no zone"),
    "no such zone": ({"zone": "Mars", "bands": [{"tiers": [{"rate": "1"}]}]}, "zone 'Mars' is not known"),
    "an hour in no band": (
        {"zone": "UTC", "bands": [{"hours": [{"end": "19:00"}], "tiers": [{"rate": "1"}]}]},
        "Monday 19:00-24:00 is in no band",
    ),
    "an hour in two bands": (
        {
            "zone": "UTC",
            "bands": [
                {"hours": [{"start": "09:00", "end": "08:00"}], "tiers": [{"rate": "1"}]},
                {"hours": [{"start": "07:30", "end": "09:00"}], "tiers": [{"rate": "1"}]},
            ],
        },
        "Monday 07:30-08:00 is of band 1 and of band 2",
    ),
    "no time of day": (
        {"zone": "UTC", "bands": [{"hours": [{"end": "25:00"}], "tiers": [{"rate": "1"}]}]},
        "'25:00' is not a time of day",
    ),
}


@pytest.mark.parametrize(("schedule", "says"), REFUSED.values(), ids=REFUSED)
def test_r50_what_cannot_be_is_refused_with_its_place(schedule: dict[str, Any], says: str) -> None:
    row = {"prefix": ["91"], "country": ["India"], "schedule": [json.dumps(schedule)]}
    fault = RateSheet.read(pl.DataFrame(row), max_refused=1).faults.row(0, named=True)
    assert (fault["row"], fault["column"], fault["severity"]) == (1, "schedule", "error")
    assert says in fault["reason"]
    with pytest.raises(SheetError, match="prefix 91, column 'schedule': ") as error:
        deck_of([{"prefix": "91", "schedule": row["schedule"][0]}])
    assert says in str(error.value)


PEAK = {
    "zone": "Asia/Kolkata",
    "bands": [
        {"hours": [{"start": "09:00", "end": "21:00"}], "tiers": [{"rate": "6.00"}]},
        {"hours": [{"start": "21:00", "end": "09:00"}], "tiers": [{"rate": "3"}]},
    ],
}


def test_r49_a_schedule_in_dollars_is_converted_once_and_told(tmp_path: Any) -> None:
    frame = pl.DataFrame({"prefix": ["1"], "network_group": ["US"], "schedule": [json.dumps(PEAK)]})
    sheet = RateSheet.read(frame, currency="USD", inr_per_unit="84.12345678912", inr_on="2026-01-05")
    schedule = Schedule.parse(sheet.rows["schedule"][0])
    assert [band.tiers[0].rate for band in schedule.bands] == [
        Decimal("504.740740735"),
        Decimal("252.370370367"),
    ]
    assert sum("rounded half-up" in reason for reason in sheet.faults["reason"]) == 1
    for name in ("sheet.csv", "sheet.parquet"):
        sheet.write(tmp_path / name)
        assert RateSheet.read(tmp_path / name).rows.equals(sheet.rows)


def test_r47_a_row_has_a_schedule_or_a_flat_rate() -> None:
    row = {"prefix": "91", "schedule": json.dumps(PEAK)}
    with pytest.raises(SheetError, match="both a schedule and a flat outbound rate"):
        deck_of([row | {"outbound_rate": 1}])
    frame = pl.DataFrame(row | {"country": "India", "outbound_rate": "1"})
    assert "keep one of them" in RateSheet.read(frame, max_refused=1).faults["reason"][0]
    assert RateSheet.read(frame.with_columns(outbound_rate=None)).rows["blocked"].to_list() == [False]


def test_r50_the_deck_needs_the_time_and_no_zone_tables() -> None:
    deck = deck_of([{"prefix": "91", "schedule": json.dumps(PEAK)}])
    assert deck.is_dated
    assert deck.rate("9198", 60).reason == "missing_answered_at"
    with pytest.raises(DeckTimeError):
        deck.match("9198")
    noon = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("Asia/Kolkata"))
    again = RateDeck.from_bytes(deck.to_bytes())
    assert again.rate("9198", 60, at=noon).total == Decimal("6.00")
    assert (
        again.digest == deck_of([{"prefix": "91", "schedule": str(Schedule.parse(json.dumps(PEAK)))}]).digest
    )


def test_r50_offsets_are_those_of_the_zone() -> None:
    for name in ZONES:
        first, *changes = offsets(name)
        zone, at, end = ZoneInfo(name), utc(1970, 1, 1), utc(2100, 12, 31)
        while at < end:
            second = (at - utc(1970, 1, 1)) // timedelta(seconds=1)
            told = [
                offset for change, offset in zip(changes[::2], changes[1::2], strict=True) if change <= second
            ]
            assert timedelta(seconds=(told or [first])[-1]) == at.astimezone(zone).utcoffset(), (name, at)
            at += timedelta(days=17, hours=5)


def test_r48_amounts_are_exact_in_any_decimal_context() -> None:
    text = json.dumps({"bands": [{"tiers": [{"rate": "123456789.123456789", "increment_s": 1}]}]})
    with localcontext(prec=3):
        deck = deck_of([{"prefix": "91", "schedule": text}])
    assert deck.rate("9198", 1).exact == Fraction("123456789.123456789") / 60


@pytest.mark.parametrize("name", Preset)
def test_r53_presets_are_semantics(name: Preset) -> None:
    assert Semantics.preset(name, decimals=3).decimals == 3
    assert (Semantics.preset(name) == Semantics()) == (name in DEFAULTS)


DEFAULTS = {"strict", "plivo", "twilio", "telnyx", "exotel", "cmcom", "astpp", "jerasoft", "sipnode", "yeti"}


def test_r53_a_preset_that_there_is_not() -> None:
    with pytest.raises(ValueError, match="there is no preset 'acme'; the presets are strict, plivo"):
        Semantics.preset("acme")
