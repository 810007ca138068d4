"""Last days that count or not, holes between versions, and times told in the caller's zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dialnexa_routing.sheets import RateSheet
from dialnexa_routing.text.errors import SheetError
from published import reasons, sheet, workbook

HEAD = "Code,Destination,Rate,Effective,Valid until"
NEW_YEAR = datetime(2027, 1, 1, tzinfo=UTC)
EVE = datetime(2026, 12, 31, tzinfo=UTC)


def deck(*rows: str, **options: Any) -> RateSheet:
    return sheet(
        "\n".join([HEAD, "91,India,0.60,,", *rows]), **{"timezone": "UTC", "max_refused": 0.5, **options}
    )


def rate_on(found: RateSheet, at: datetime) -> str:
    match = found.compile().match("+919812345678", at=at)
    assert match is not None
    assert match.outbound_rate is not None
    return f"{match.outbound_rate.normalize():f}"


def test_R50_a_next_version_a_day_later_makes_the_last_day_whole() -> None:
    found = deck("9198,M,0.80,,2026-12-31", "9198,M,0.90,2027-01-01,")
    assert rate_on(found, EVE + timedelta(hours=12)) == "0.8"
    assert rate_on(found, NEW_YEAR) == "0.9"
    assert "a shorter prefix rates" not in reasons(found)


def test_R50_a_next_version_on_that_day_ends_it_at_its_first_instant() -> None:
    found = deck("9198,M,0.80,,2026-12-31", "9198,M,0.90,2026-12-31,")
    assert rate_on(found, EVE) == "0.9"
    assert rate_on(found, EVE - timedelta(seconds=1)) == "0.8"


def test_one_version_decides_for_its_column() -> None:
    rows = ("9198,M,0.80,,2026-12-31", "9198,M,0.90,2027-01-01,", "44,UK,2,,2026-06-30")
    ends = deck(*rows).rows.filter(prefix="44")["valid_to"].to_list()
    assert ends == [datetime(2026, 7, 1, tzinfo=UTC)]


def test_a_row_of_one_day_is_a_whole_day() -> None:
    found = deck("9198,M,0.80,2026-12-31,2026-12-31")
    assert rate_on(found, EVE + timedelta(hours=23)) == "0.8"
    with pytest.raises(SheetError, match="ends before it begins or as it begins"):
        deck("9198,M,0.80,2026-12-31,2026-12-31", ends="first_instant", strict=True)


@pytest.mark.parametrize(
    "rows",
    [
        ("9198,M,0.80,,2026-12-31",),
        ("9198,M,0.80,,2026-12-31", "9198,M,0.90,2027-01-02,"),
        (
            *("9198,M,0.80,,2026-12-31", "9198,M,0.90,2027-01-01,", "9199,M,1,,2026-12-31"),
            *("9199,M,2,2026-12-31,", "44,UK,2,,2026-06-30"),
        ),
    ],
)
def test_what_no_version_decides_is_asked(rows: tuple[str, ...]) -> None:
    with pytest.raises(SheetError, match="pass ends='whole_day' if it does, or ends='first_instant'"):
        deck(*rows)
    whole, first = (deck(*rows, ends=ends).rows["valid_to"] for ends in ("whole_day", "first_instant"))
    assert (whole - first).drop_nulls().unique().to_list() in (
        [timedelta(days=1)],
        [timedelta(0), timedelta(days=1)],
    )


def test_a_day_that_never_comes_is_not_asked_about() -> None:
    assert deck("9198,M,0.80,,2099-12-31").rows.height == 2


def test_a_stated_instant_is_that_instant() -> None:
    found = deck("9198,M,0.80,,2026-12-31 00:00:00", "9198,M,0.90,2027-01-01,")
    assert found.rows.filter(prefix="9198")["valid_to"].to_list() == [EVE, None]
    told = reasons(found, "warning")
    assert "1 times no version of a prefix holds between two that do" in told
    assert "9198 from 2026-12-31 until 2027-01-01" in told


@pytest.mark.parametrize("clock", ["23:59", "23:59:59", "23:59:59.999", "11:59:59 PM", "23:59:59 UTC"])
def test_the_last_second_of_a_day_leaves_no_hole(clock: str) -> None:
    found = deck(f"9198,M,0.80,,2026-12-31 {clock}", "9198,M,0.90,2027-01-01,")
    assert found.rows.filter(prefix="9198")["valid_to"].to_list() == [NEW_YEAR, None]
    assert "1 ends just before midnight" in reasons(found, "note")


def test_a_date_cell_of_a_workbook_is_a_date_alone() -> None:
    rows: list[list[Any]] = [HEAD.split(",")]
    rows += [["91", "India", "1", None, None], ["9198", "M", "2", None, "31/12/2026"]]
    rows += [["9198", "M", "3", "01/01/2027", None]]
    found = sheet(workbook(Rates=rows), "deck.xlsx", timezone="UTC", dates="day_first")
    assert found.rows.filter(prefix="9198")["valid_to"].to_list() == [NEW_YEAR, None]


def test_a_whole_day_is_one_of_the_callers_clock() -> None:
    found = deck("9198,M,0.80,,2026-03-29", "9198,M,0.90,2026-03-30,", timezone="Europe/Berlin")
    assert found.rows.filter(prefix="9198")["valid_to"][0] == datetime(2026, 3, 29, 22, tzinfo=UTC)


def test_versions_in_two_files_decide_too(tmp_path: Any) -> None:
    (tmp_path / "a.csv").write_text(f"{HEAD}\n9198,M,0.80,,2026-12-31\n")
    (tmp_path / "b.csv").write_text(f"{HEAD}\n9198,M,0.90,2027-01-01,\n")
    paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
    found = RateSheet.read(paths, currency="INR", timezone="UTC", mode="update")
    assert found.rows["valid_to"].to_list() == [NEW_YEAR, None]


def test_times_are_told_in_the_zone_that_was_given() -> None:
    found = deck("9198,M,0.80,2026-11-01,", timezone="Asia/Kolkata")
    assert "9198 from 2026-11-01 by 91" in reasons(found, "note")
