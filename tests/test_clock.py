"""Wall times as instants and back, against zoneinfo asked row by row (R50)."""

import zoneinfo
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialnexa_routing import clock
from dialnexa_routing.clock import NoInstant, Twice
from dialnexa_routing.clock.time_columns import utc
from dialnexa_routing.clock.time_texts import _general, read_times
from dialnexa_routing.clock.wall_clock import microseconds, twice_of
from dialnexa_routing.clock.zone_offsets import offsets, segments
from dialnexa_routing.text.errors import DeckTimeError

ZONES = (
    "Asia/Kolkata",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "America/Vancouver",
    "Pacific/Apia",
    "Europe/Dublin",
    "America/St_Johns",
    "Africa/Monrovia",
    "Pacific/Kwajalein",
    "UTC",
)
EPOCH = datetime(1970, 1, 1)


def naive_instant(wall: datetime, zone: str, twice: Twice) -> tuple[datetime | None, str | None]:
    """An instant is one at which the clocks show the time; there are none, one or two."""
    at = ZoneInfo(zone)
    found = set()
    for fold in (0, 1):
        offset = wall.replace(tzinfo=at, fold=fold).utcoffset()
        assert offset is not None
        one = (wall - offset).replace(tzinfo=UTC)
        if one.astimezone(at).replace(tzinfo=None) == wall:
            found.add(one)
    if not found:
        return None, "no_such_time"
    if len(found) == 2 and twice is Twice.REFUSED:
        return None, "twice"
    return (max if twice is Twice.LATEST else min)(found), None


def changes(zone: str) -> list[tuple[datetime, datetime]]:
    """The walls before and after each change from 1970 to 2100."""
    words = offsets(zone)
    held = [words[0], *words[2::2]]
    return [
        tuple(EPOCH + timedelta(seconds=at + one) for one in pair)  # type: ignore[misc]
        for at, pair in zip(words[1::2], pairwise(held), strict=True)
    ]


@st.composite
def walls(draw: st.DrawFn, zone: str) -> datetime:
    """Any time, and often one beside a change of clocks."""
    near = [wall for pair in changes(zone) for wall in pair]
    if near and draw(st.sampled_from((True, False))):
        wall = draw(st.sampled_from(near))
        return wall + timedelta(microseconds=draw(st.integers(-5 * 10**9, 5 * 10**9) | st.integers(-2, 2)))
    return draw(st.datetimes(datetime(3, 1, 1), datetime(9997, 12, 31)))


@given(data=st.data(), zone=st.sampled_from(ZONES), twice=st.sampled_from(Twice))
def test_R50_a_column_of_walls_is_what_each_is_alone(data: st.DataObject, zone: str, twice: Twice) -> None:
    times = data.draw(st.lists(walls(zone) | st.none(), max_size=20))
    found, reasons = clock.instants(pl.Series("t", times, dtype=pl.Datetime("us")), zone, twice=twice)
    expected = [(None, None) if time is None else naive_instant(time, zone, twice) for time in times]
    assert found.dtype == pl.Datetime("us", "UTC")
    assert (found.name, len(found), len(reasons)) == ("t", len(times), len(times))
    assert list(zip(found, reasons, strict=True)) == expected
    for time, (instant, reason) in zip(times, expected, strict=True):
        if time is not None:
            alone = clock.instant(time, ZoneInfo(zone), twice=twice)
            assert alone == (instant if reason is None else NoInstant(reason))


@given(data=st.data(), zone=st.sampled_from(ZONES))
def test_R50_the_clocks_show_at_an_instant_what_zoneinfo_says(data: st.DataObject, zone: str) -> None:
    times = data.draw(st.lists(walls("UTC") | walls(zone) | st.none(), max_size=20))
    found = clock.walls(pl.Series(times, dtype=pl.Datetime("us")).dt.replace_time_zone("UTC"), zone)
    assert found.dtype == pl.Datetime("us")
    assert found.to_list() == [
        None if time is None else time.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        for time in times
    ]


@given(data=st.data(), zone=st.sampled_from(ZONES))
def test_R50_there_and_back_is_the_same(data: st.DataObject, zone: str) -> None:
    times = pl.Series(data.draw(st.lists(walls(zone), min_size=1)), dtype=pl.Datetime("us"))
    for twice in Twice:
        found, reasons = clock.instants(times, zone, twice=twice)
        back = clock.walls(found, zone)
        assert back.equals(times.set(reasons.is_not_null(), None))


def test_R50_a_day_that_a_zone_left_out_is_no_time() -> None:
    """Apia went over the date line: there was no 30 December 2011."""
    days = pl.datetime_range(datetime(2011, 12, 29), datetime(2012, 1, 1), "12h", eager=True)
    found, reasons = clock.instants(days, "Pacific/Apia")
    assert reasons.to_list() == [None, None, "no_such_time", "no_such_time", None, None, None]
    assert found[1] == datetime(2011, 12, 29, 22, tzinfo=UTC)
    assert found[4] == datetime(2011, 12, 30, 10, tzinfo=UTC)


def test_C5_C6_the_hours_of_new_york() -> None:
    hours = [datetime(2026, 3, 8, 2, 30), datetime(2026, 11, 1, 1, 50), datetime(2026, 11, 1, 2, 10)]
    column = pl.Series(hours)
    found, reasons = clock.instants(column, "America/New_York")
    assert reasons.to_list() == ["no_such_time", "twice", None]
    assert found.null_count() == 2
    for twice, hour in ((Twice.EARLIEST, 5), (Twice.LATEST, 6)):
        found, reasons = clock.instants(column, "America/New_York", twice=twice)
        assert reasons.to_list() == ["no_such_time", None, None]
        assert found[1] == datetime(2026, 11, 1, hour, 50, tzinfo=UTC)


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_a_number_of_any_size_is_an_instant_or_has_a_reason(unit: str) -> None:
    """No cell raises: Polars' own cast of such milliseconds panics."""
    numbers = pl.Series([-(2**63), -(2**62), -1_001, -1, 0, 1_500, 2**62, 2**63 - 1, None], dtype=pl.Int64)
    times = numbers.cast(pl.Datetime(unit))  # type: ignore[arg-type]
    for zone in ("America/New_York", "Asia/Kolkata"):
        found, reasons = clock.instants(times, zone)
        assert (found.is_null() == (reasons.is_not_null() | times.is_null())).all()
        assert found[4] == EPOCH.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    assert utc(times.dt.replace_time_zone("UTC"))[4] == EPOCH.replace(tzinfo=UTC)
    assert len(clock.walls(times.dt.replace_time_zone("UTC"), "America/New_York")) == 9


def test_the_year_has_no_bounds() -> None:
    """Rules return after 400 years of whole weeks; before the first change it is the first offset."""
    july = [datetime(year, 7, 15, 12) for year in (1, 2, 1800, 2026, 2799, 2800, 3000, 9999)]
    found, reasons = clock.instants(pl.Series(july, dtype=pl.Datetime("us")), "America/New_York")
    assert reasons.null_count() == len(july)
    for wall, instant in zip(july, found, strict=True):
        assert instant == wall.replace(tzinfo=ZoneInfo("America/New_York")).astimezone(UTC)
    late = pl.Series([2**58], dtype=pl.Int64).cast(pl.Datetime("us"))
    assert clock.walls(clock.instants(late, "America/New_York", twice=Twice.LATEST)[0], "America/New_York")[
        0:1
    ].equals(late)


def test_nothing_and_other_columns() -> None:
    empty, reasons = clock.instants(pl.Series("t", [], dtype=pl.Datetime("us")), "Asia/Kolkata")
    assert (empty.name, len(empty), len(reasons)) == ("t", 0, 0)
    nulls, reasons = clock.instants(pl.Series([None, None]), "Asia/Kolkata")
    assert (nulls.null_count(), reasons.null_count(), nulls.dtype) == (2, 2, pl.Datetime("us", "UTC"))
    with pytest.raises(TypeError, match="wall times are a Datetime without a zone"):
        clock.instants(pl.Series([1]), "Asia/Kolkata")
    with pytest.raises(TypeError, match="instants are a Datetime with a time zone"):
        clock.walls(pl.Series([EPOCH]), "Asia/Kolkata")
    with pytest.raises(ValueError, match="no time zone 'Asia/Nowhere'"):
        clock.instants(pl.Series([EPOCH]), "Asia/Nowhere")
    with pytest.raises(ValueError, match="'refused', 'earliest', 'latest'"):
        twice_of("first")


def test_R50_stretches_ascend_in_every_zone() -> None:
    """That the search rests on: of each zone, begins and ends by its own clocks ascend, days apart."""
    for zone in sorted(zoneinfo.available_timezones())[::20]:
        table = segments(zone, range(1840, 2040))
        begun = [at + offset for at, offset in zip(table.begins, table.offsets, strict=True)][1:]
        ended = [at + offset for at, offset in zip(table.begins[1:], table.offsets, strict=False)]
        assert begun == sorted(set(begun))
        assert ended == sorted(set(ended))
        assert all(after - before > 3 * 86_400 for before, after in pairwise(table.begins[1:]))


def test_an_instant_is_written_in_one_way() -> None:
    at = datetime(2026, 11, 20, 10, tzinfo=ZoneInfo("Asia/Kolkata"))
    assert clock.in_utc(at) == at
    assert clock.in_utc(at).tzinfo is UTC
    assert microseconds(at) == 1_795_149_000_000_000
    with pytest.raises(DeckTimeError, match="no time zone"):
        clock.in_utc(EPOCH)
    with pytest.raises(DeckTimeError, match="beyond the years"):
        clock.in_utc(datetime.max.replace(tzinfo=ZoneInfo("America/New_York")))


ENDS = (
    "",
    "Z",
    "z",
    "+05:30",
    "-0330",
    "+2359",
    ".5",
    ".1234567Z",
    ".000001+01:00",
    " +05:30",
    "+5",
    "x",
    ".",
)
HEADS = (
    "2026-11-20 10:00:00",
    "2026-11-20T10:00:00",
    "2026-11-20t10:00:00",
    "2026-11-20 10:00",
    "0000-01-01T00:00:00",
    "9999-12-31 23:59:59",
    "2026-02-30 10:00:00",
    "2026-11-20 24:00:00",
    "2026-1-20 10:00:00",
    "２026-11-20 10:00:00",
)
TEXTS = (
    st.none()
    | st.sampled_from(["", " ", "x"])
    | st.tuples(st.sampled_from(HEADS), st.sampled_from(ENDS)).map("".join)
)


@given(st.lists(TEXTS, max_size=12))
def test_texts_read_by_place_are_read_as_each_alone(texts: list[str | None]) -> None:
    text, *found = read_times(pl.Series("t", texts, dtype=pl.String))
    assert text.to_list() == [(one and one.strip()) or None for one in texts]
    alone = [_general(text[at : at + 1]) for at in range(len(texts))]
    for column, place in zip(found, (0, 1), strict=True):
        assert column.name == "t"
        assert column.to_physical().to_list() == [pair[place].to_physical()[0] for pair in alone]
    for one, *held in zip(texts, *(column.dt.to_string("%FT%T") for column in found), strict=True):
        try:
            expected = datetime.fromisoformat((one or "").strip())
            at = expected if expected.tzinfo is None else expected.astimezone(UTC)
        except (ValueError, OverflowError):  # no time, or none that a datetime can be
            continue
        if one and "." not in one and " +" not in one:
            assert held[expected.tzinfo is None] == at.strftime("%Y-%m-%dT%H:%M:%S")
