"""CGRateS tariff plans: durations, ladders, hours of the day, caps, buyers, and files beside the prices."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from dialnexa_routing.money.semantics import Semantics
from dialnexa_routing.sheets import RateSheet
from dialnexa_routing.text.errors import SheetError
from published import prefixes, reasons

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "Destinations": ("#Id,Prefix", "DST,+91", "DST_M,+9198"),
    "Rates": ("#Id,ConnectFee,Rate,RateUnit,RateIncrement,GroupIntervalStart", "RT,0,0.60,60s,1s,0s"),
    "DestinationRates": (
        "#Id,DestinationId,RatesTag,RoundingMethod,RoundingDecimals,MaxCost,MaxCostStrategy",
        "DR,DST,RT,,,0,",
    ),
    "RatingPlans": ("#Id,DestinationRatesId,TimingTag,Weight", "RP,DR,*any,10"),
    "RatingProfiles": (
        "#Tenant,Category,Subject,ActivationTime,RatingPlanId,RatesFallbackSubject",
        "example.org,call,*any,2014-01-14T00:00:00Z,RP,",
    ),
    "Timings": ("#Id,Years,Months,MonthDays,WeekDays,Time",),
}


def plan(folder: Path, /, *, extra: dict[str, str] | None = None, **lines: list[str] | None) -> Path:
    """A folder of a plan; `lines` replace those below a header, None leaves a file out."""
    for name, (head, *rows) in FILES.items():
        held = lines.get(name, rows)
        if held is not None:
            (folder / f"{name}.csv").write_text("\n".join([head, *held]) + "\n")
    for name, text in (extra or {}).items():
        (folder / name).write_text(text)
    return folder


def read(folder: Path, /, **options: Any) -> RateSheet:
    return RateSheet.read(folder, **{"currency": "INR", "timezone": "UTC", **options})


def charged(
    found: RateSheet, seconds: int | Decimal, at: datetime | None = None, **meanings: Any
) -> Decimal | None:
    when = at or datetime(2026, 1, 7, 12, tzinfo=UTC)
    return found.compile().rate("+919012345678", seconds, at=when, semantics=Semantics(**meanings)).total


@pytest.mark.parametrize(
    ("unit", "increment", "rate", "terms"),
    [
        ("", "1s", "36.000000000", (1, 1)),
        ("60s", "", "0.600000000", (1, 1)),
        ("1m", "1m30s", "0.600000000", (90, 90)),
        ("1h0m0s", "1m", "0.010000000", (60, 60)),
        ("60s", "1000ms", "0.600000000", (1, 1)),
    ],
)
def test_durations_are_gos_and_an_empty_one_is_a_second(
    tmp_path: Path, unit: str, increment: str, rate: str, terms: tuple[int, int]
) -> None:
    row = read(plan(tmp_path, Rates=[f"RT,0,0.60,{unit},{increment},0s"])).rows.row(0, named=True)
    assert str(row["outbound_rate"]) == rate
    assert (row["initial_increment_s"], row["next_increment_s"]) == terms


def test_half_a_second_is_a_schedule(tmp_path: Path) -> None:
    found = read(plan(tmp_path, Rates=["RT,0,0.60,60s,500ms,0s"]))
    assert json.loads(found.rows["schedule"][0])["bands"][0]["tiers"][0]["increment_s"] == "0.5"
    assert charged(found, 1, decimals=3) == Decimal("0.010")
    assert charged(found, Decimal("0.3"), decimals=3) is not None


@pytest.mark.parametrize("wrong", ["10", "1x", "-1s", "60 s", "0s", "25h"])
def test_what_is_no_duration_is_refused_with_its_rows(tmp_path: Path, wrong: str) -> None:
    found = read(plan(tmp_path, Rates=[f"RT,0,0.60,60s,{wrong},0s"]), max_refused=1)
    assert found.counts.refused == 1
    assert "duration" in reasons(found, "error") or "increment of zero" in reasons(found, "error")


def test_R50_a_ladder_of_two_prices_is_a_schedule(tmp_path: Path) -> None:
    found = read(plan(tmp_path, Rates=["RT,0,50,6s,6s,0s", "RT,0,8.3333,1s,1s,6s"]))
    assert found.counts.refused == 0
    assert charged(found, 6, decimals=4) == Decimal("50.0000")
    assert charged(found, 8, decimals=4) == Decimal("66.6666")


def test_R44_a_ladder_of_one_price_is_two_increments(tmp_path: Path) -> None:
    row = read(plan(tmp_path, Rates=["RT,0.2,0.6,60s,60s,0s", "RT,0,0.01,1s,1s,60s"])).rows.row(0, named=True)
    assert (row["schedule"], row["initial_increment_s"], row["next_increment_s"]) == (None, 60, 1)
    assert row["connect_fee"] == Decimal("0.2")
    later = read(plan(tmp_path, Rates=["RT,0.2,0.6,60s,60s,0s", "RT,0.1,0.6,60s,1s,60s"]))
    assert "connect fees of later intervals of 'RT' are never due" in reasons(later, "note")
    gap = read(plan(tmp_path, Rates=["RT,0,0.6,60s,60s,0s", "RT,0,0.6,60s,1s,120s"]))
    assert charged(gap, 61, decimals=2) == Decimal("1.20")
    assert charged(gap, 121, decimals=2) == Decimal("1.21")


@pytest.mark.parametrize(
    ("strategy", "meaning", "charge"),
    [
        ("*disconnect", {"max_charge": "disconnect"}, "6.00"),
        ("", {"max_charge": "disconnect"}, "6.00"),
        ("*free", {}, "2.00"),
    ],
)
def test_R53_a_maximum_cost_keeps_its_strategy(
    tmp_path: Path, strategy: str, meaning: dict[str, str], charge: str
) -> None:
    found = read(plan(tmp_path, DestinationRates=[f"DR,DST,RT,,,2,{strategy}"]))
    assert found.rows["max_charge"].to_list() == [Decimal(2)]
    assert found.meanings == meaning
    assert str(charged(found, 600, decimals=2, **found.meanings)) == charge
    assert ("max_charge='disconnect'" in reasons(found, "warning")) == bool(meaning)


def test_two_strategies_are_two_sheets(tmp_path: Path) -> None:
    lines = ["DR,DST,RT,,,2,*free", "DR,DST_M,RT,,,2,*disconnect"]
    with pytest.raises(SheetError, match="maximum costs of the strategies"):
        read(plan(tmp_path, DestinationRates=lines))


def test_R48_the_rounding_is_given_back(tmp_path: Path) -> None:
    found = read(plan(tmp_path, DestinationRates=["DR,DST,RT,*up,2,0,"]))
    assert found.meanings == {"decimals": 2, "rounding": "up"}
    assert "rate with Semantics(decimals=2, rounding='up')" in reasons(found, "note")
    assert charged(found, 1, **found.meanings) == Decimal("0.01")
    never = read(plan(tmp_path, DestinationRates=["DR,DST,RT,*up,0,0,"], Rates=["RT,0,0.5,60s,1s,0s"]))
    assert never.meanings == {"decimals": 5}  # the engine of June 2026 charges 0.54145 for 65 s
    assert charged(never, 65, **Semantics.preset("cgrates", **never.meanings).model_dump()) == Decimal(
        "0.54145"
    )
    several = read(plan(tmp_path, DestinationRates=["DR,DST,RT,*up,2,0,", "DR,DST_M,RT,*down,4,0,"]))
    assert several.meanings == {}
    assert "rounds charges in several ways, *down to 4 places and *up to 2 places" in reasons(
        several, "warning"
    )


def test_only_calls_are_priced(tmp_path: Path) -> None:
    sms = "example.org,sms,*any,2014-01-14T00:00:00Z,RP,"
    with pytest.raises(SheetError, match=r"prices no calls, only example\.org:sms:\*any"):
        read(plan(tmp_path, RatingProfiles=[sms]))
    found = read(plan(tmp_path, RatingProfiles=[sms, FILES["RatingProfiles"][1]]))
    assert found.counts.loaded == 1
    assert "example.org:sms:*any are not of calls" in reasons(found, "note")


def test_one_of_several_buyers_is_asked_for(tmp_path: Path) -> None:
    lines = [
        f"example.org,call,{who},2014-01-14T00:00:00Z,{of}," for who, of in (("1001", "RP"), ("1002", "RP2"))
    ]
    plans = ["RP,DR,*any,10", "RP2,DR2,*any,10"]
    rates = ["RT,0,0.60,60s,1s,0s", "RT2,0,0.90,60s,1s,0s"]
    lines_of = ["DR,DST,RT,,,0,", "DR2,DST,RT2,,,0,"]
    folder = plan(tmp_path, RatingProfiles=lines, RatingPlans=plans, Rates=rates, DestinationRates=lines_of)
    with pytest.raises(SheetError, match=r"pass profile= with one of 'example\.org:call:1001', 'example"):
        read(folder)
    found = read(folder, profile="example.org:call:1002")
    assert found.rows["outbound_rate"].to_list() == [Decimal("0.9")]
    with pytest.raises(SheetError, match="profile='x' is not in RatingProfiles"):
        read(folder, profile="x")
    (folder / "RatingProfiles.csv").unlink()
    with pytest.raises(SheetError, match="pass profile= with one of 'RP', 'RP2'"):
        read(folder)
    assert read(folder, profile="RP").rows["outbound_rate"].to_list() == [Decimal("0.6")]


def test_files_without_prices_are_passed_over(tmp_path: Path) -> None:
    extra = {
        "Actions.csv": "#ActionsId[0],Action[1],ExtraParameters[2]\nTOPUP,*topup,\n",
        "Filters.csv": "#Tenant[0],ID[1],Type[2],Path[3],Values[4]\nx,F,*prefix,~*req.Destination,92\n",
        "Chargers.csv": "# Tenant,ID,Weight\n\n# a remark\nx,C,10\n",
        "SharedGroups.csv": "",
    }
    found = read(plan(tmp_path, extra=extra))
    assert found.counts.loaded == 1
    for name in ("Actions.csv", "Filters.csv", "Chargers.csv"):
        assert f"{name} has no prices of a CGRateS tariff plan" in reasons(found, "note")
    assert "SharedGroups.csv" in reasons(found, "warning")
    deck = read(plan(tmp_path, extra={"mine.csv": "prefix,country,outbound_rate\n91,India,1\n"}))
    assert "mine.csv has no prices of a CGRateS tariff plan" in reasons(deck, "warning")


def test_R18_any_destination_is_what_has_no_prefix_of_its_own(tmp_path: Path) -> None:
    lines = ["DR,DST,RT,,,0,", "DR,*any,RT2,,,0,"]
    rates = ["RT,0,0.60,60s,1s,0s", "RT2,0,9,60s,1s,0s"]
    folder = plan(tmp_path, DestinationRates=lines, Rates=rates, Destinations=["DST,1"])
    found = read(folder)
    assert sorted(prefixes(found)) == [str(digit) for digit in range(1, 10)]
    assert found.rows.filter(prefix="1")["outbound_rate"].to_list() == [Decimal("0.6")]
    assert "*any was read as the prefixes 1 to 9" in reasons(found, "note")
    alone = plan(tmp_path, DestinationRates=["DR,*any,RT,,,0,"], Destinations=None)
    (alone / "Destinations.csv").unlink()
    assert len(prefixes(read(alone))) == 9


def test_quirk_18_an_empty_prefix_stays_refused(tmp_path: Path) -> None:
    found = read(plan(tmp_path, DestinationRates=["DR,,RT,,,0,", "DR,DST,RT,,,0,"]))
    assert "the prefix is empty" in reasons(found, "error")


PEAK = ["PEAK,*any,*any,*any,1;2;3;4;5,08:00:00", "NIGHT,*any,*any,*any,1;2;3;4;5,00:00:00"]
PEAK += ["EVENING,*any,*any,*any,1;2;3;4;5,19:00:00", "WEEKEND,*any,*any,*any,6;7,00:00:00"]


def test_R50_hours_of_the_day_are_bands(tmp_path: Path) -> None:
    folder = plan(
        tmp_path,
        Timings=PEAK,
        Rates=["RT,0,0.60,60s,60s,0s", "LOW,0.1,0.30,60s,60s,0s"],
        DestinationRates=["DR,DST,RT,,,0,", "DRL,DST,LOW,,,0,"],
        RatingPlans=["RP,DR,PEAK,10", "RP,DRL,NIGHT,10", "RP,DRL,EVENING,10", "RP,DRL,WEEKEND,10"],
    )
    found = read(folder, timezone="Asia/Kolkata")
    assert found.counts.loaded == 1
    zone = "+05:30"
    for clock, charge in (
        ("2026-01-07T07:59:59", "0.40"),
        ("2026-01-07T08:00:00", "0.60"),
        ("2026-01-07T18:59:59", "0.60"),
        ("2026-01-07T19:00:00", "0.40"),
        ("2026-01-10T12:00:00", "0.40"),
        ("2026-01-11T12:00:00", "0.40"),
    ):
        assert str(charged(found, 10, datetime.fromisoformat(clock + zone), decimals=2)) == charge, clock
    with pytest.raises(SheetError, match="has hours of the day: pass timezone="):
        read(folder, timezone=None)


def test_R50_the_heavier_timing_counts(tmp_path: Path) -> None:
    folder = plan(
        tmp_path,
        Timings=["DAY,*any,*any,*any,*any,09:00:00;17:00:00", "ALWAYS,*any,*any,*any,*any,00:00:00"],
        Rates=["RT,0,0.60,60s,60s,0s", "LOW,0,0.30,60s,60s,0s"],
        DestinationRates=["DR,DST,RT,,,0,", "DRL,DST,LOW,,,0,"],
        RatingPlans=["RP,DR,DAY,20", "RP,DRL,ALWAYS,10"],
    )
    found = read(folder)
    for hour, charge in ((8, "0.30"), (9, "0.60"), (16, "0.60"), (17, "0.30")):
        assert str(charged(found, 10, datetime(2026, 1, 7, hour, tzinfo=UTC), decimals=2)) == charge


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("EASTER,16,3,28,*any,00:00:00", "the years '16' of the timing 'EASTER' are not 1970 to 2100"),
        ("EASTER,2016,3,*month_end,*any,00:00:00", "the monthdays '*month_end' of the timing"),
        ("EASTER,2016,2,30,*any,00:00:00", "holds on no day of the calendar"),
        ("EASTER,*any,*any,1;3;5;7;9,*any,00:00:00", "change on more than 600 dates"),
        ("EASTER,*any,*any,*any,1;2,00:00:00", "is in no band"),
        ("EASTER,*any,*any,*any,9,00:00:00", "are not 1 to 7"),
        ("EASTER,*any,*any,*any,*any,25:00:00", "is none of a day"),
        ("OTHER,*any,*any,*any,*any,00:00:00", "the timing 'EASTER' is in no file"),
    ],
)
def test_R50_a_timing_that_no_row_can_say_is_refused(tmp_path: Path, line: str, words: str) -> None:
    folder = plan(tmp_path, Timings=[line], RatingPlans=["RP,DR,EASTER,10"])
    found = read(folder, max_refused=1)
    assert (found.counts.loaded, found.counts.refused) == (0, 1)
    assert words in reasons(found, "error")
    with pytest.raises(SheetError, match="none was loaded"):
        read(folder)


def test_R50_a_price_of_one_day_is_held_to_it(tmp_path: Path) -> None:
    folder = plan(
        tmp_path,
        Timings=["EASTER,2026,4,5;6,*any,00:00:00"],
        Rates=["RT,0,0.60,60s,60s,0s", "LOW,0,0.30,60s,60s,0s"],
        DestinationRates=["DR,DST,RT,,,0,", "DRL,DST,LOW,,,0,"],
        RatingPlans=["RP,DRL,EASTER,20", "RP,DR,*any,10"],
    )
    found = read(folder, timezone="Asia/Kolkata")
    zone = "+05:30"
    for clock, charge in (
        ("2016-03-28T12:00:00", "0.60"),
        ("2026-04-04T23:59:59", "0.60"),
        ("2026-04-05T00:00:00", "0.30"),
        ("2026-04-06T23:59:59", "0.30"),
        ("2026-04-07T00:00:00", "0.60"),
    ):
        assert str(charged(found, 10, datetime.fromisoformat(clock + zone), decimals=2)) == charge, clock
    with pytest.raises(SheetError, match="pass timezone="):
        read(folder, timezone=None)
    alone = read(plan(tmp_path, Timings=["EASTER,2026,4,5;6,*any,00:00:00"], RatingPlans=["RP,DR,EASTER,20"]))
    rows = alone.rows.select("valid_from", "valid_to").rows()
    assert rows == [(datetime(2026, 4, 5, tzinfo=UTC), datetime(2026, 4, 7, tzinfo=UTC))]


def test_R50_dates_come_back_every_year_and_have_hours(tmp_path: Path) -> None:
    folder = plan(
        tmp_path,
        Timings=["YEAR,*any,1,1,*any,00:00:00;12:00:00", "ALL,*any,*any,*any,*any,00:00:00"],
        Rates=["RT,0,0.60,60s,60s,0s", "LOW,0,0.30,60s,60s,0s"],
        DestinationRates=["DR,DST,RT,,,0,", "DRL,DST_M,LOW,,,0,"],
        Destinations=["DST,+91", "DST_M,+91", "DST_M,+9198"],
        RatingPlans=["RP,DRL,YEAR,20", "RP,DR,ALL,10", "RP,DRL,ALL,5"],
    )
    found = read(folder)
    for clock, charge in (("2030-01-01T11", "0.30"), ("2030-01-01T13", "0.60"), ("2030-01-02T11", "0.60")):
        when = datetime.fromisoformat(f"{clock}:00:00+00:00")
        assert str(charged(found, 10, when, decimals=2)) == charge, clock
    assert "come back every year, which are held from 2000 to 2050" in reasons(found, "warning")


def test_R50_a_later_profile_ends_the_whole_of_the_earlier(tmp_path: Path) -> None:
    folder = plan(
        tmp_path,
        DestinationRates=["DR,DST,RT,,,0,", "DR,DST_M,RT,,,0,", "DR2,DST,RT,,,0,"],
        RatingPlans=["RP,DR,*any,10", "RP2,DR2,*any,90"],
        RatingProfiles=[
            "example.org,call,*any,2026-03-01T00:00:00Z,RP2,",
            "example.org,call,*any,2014-01-14T00:00:00Z,RP,",
        ],
    )
    start, second = datetime(2014, 1, 14, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
    rows = read(folder).rows.sort("prefix", "valid_from").select("prefix", "valid_from", "valid_to")
    assert rows.rows() == [("91", start, second), ("91", second, None), ("9198", start, second)]


def test_what_the_plan_names_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="names the rate 'RT9', which"):
        read(plan(tmp_path, DestinationRates=["DR,DST,RT9,,,0,"]))
    with pytest.raises(SheetError, match="names the destination rates 'DR9'"):
        read(plan(tmp_path, RatingPlans=["RP,DR9,*any,10"]))
    found = read(
        plan(
            tmp_path,
            RatingProfiles=[*FILES["RatingProfiles"][1:], "example.org,call,*any,2020-01-01T00:00:00Z,RP9,x"],
        )
    )
    assert "the rating plan 'RP9' is in no file" in reasons(found, "warning")
    assert "falls back to the subject 'x', which was not read" in reasons(found, "warning")
