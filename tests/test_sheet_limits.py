"""Columns that limit a row to callers, hours or a state: read, or asked about with what settles them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from command import run
from dialnexa_routing.sheets.cells.status_words import BLOCKED, CLOSED, IN_FORCE, NO, YES
from dialnexa_routing.text.errors import SheetError
from published import reasons, sheet

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "Code,Destination,Rate"


def with_column(name: str, *cells: str, **options: Any) -> Any:
    rows = "".join(f'{91980 + at},India {at},1,"{cell}"\n' for at, cell in enumerate(cells))
    return sheet(f"{HEAD},{name}\n{rows}", **options)


@pytest.mark.parametrize(
    ("name", "cells", "told"),
    [
        ("Hours", ("08:00-20:00", "20:00-08:00"), "hours or days at which the price holds"),
        ("Time Class", ("Peak", "Off-Peak"), "hours or days at which the price holds"),
        ("Day", ("Mon-Fri", "Sat-Sun"), "or give prices by the hour as a column 'schedule'"),
        ("Timing", ("Business hours",), "hours or days at which the price holds"),
        ("Slot", ("8am-8pm",), "hours or days at which the price holds"),
        ("From", ("EU", "Rest of World"), "callers that the price is for"),
        ("A-Number Zone", ("Zone 1", "Zone 2"), "or give callers as digits in a column 'origin'"),
        ("Origin Country", ("India",), "callers that the price is for"),
        ("Source", ("44", "1"), "columns={'origin': 'Source'}"),
        ("Caller Prefix", ("44",), "columns={'origin': 'Caller Prefix'}"),
        ("Do Not Sell", ("", "X"), "columns={'blocked': 'Do Not Sell'}"),
        ("Visible", ("\u2713", "\u2717"), "columns={'enabled': 'Visible'}"),
        ("State", ("Active", "Sleeping"), "pass statuses={'sleeping': …}"),
        ("Flag", ("", "D"), "pass statuses={'d': …}"),
        ("Type", ("N", "C"), "pass statuses={'c': …, 'n': …}"),
        ("Change Type", ("No change", "Vanished"), "pass statuses={'vanished': …}"),
        ("Banned", ("no", "yes"), "columns={'blocked': 'Banned'}"),
        ("Published", ("1", "0"), "columns={'blocked': 'Published'} if it means that it is not"),
        ("Obsolete", ("n", "y"), "columns={'discontinued': 'Obsolete'}"),
        ("Minimum Fee", ("30", "25"), "columns={'min_charge': 'Minimum Fee'}"),
        ("Tax %", ("0.25",), "pass leave_out=('Tax %',)"),
    ],
)
def test_what_limits_a_row_is_asked_about(name: str, cells: tuple[str, ...], told: str) -> None:
    with pytest.raises(SheetError) as caught:
        with_column(name, *cells)
    assert told in str(caught.value)
    assert f"leave_out=('{name}',)" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("Wireless", ("x", "")),
        ("Profile", ("All time", "All time")),
        ("Origin", ("ALL", "ROW")),
        ("Source", ("LERG", "Manual")),
        ("Type", ("M", "F")),
        ("Kind", ("Mobile", "Landline")),
    ],
)
def test_what_limits_nothing_is_not_asked_about(name: str, cells: tuple[str, ...]) -> None:
    assert with_column(name, *cells).rows.height == len(cells)


@pytest.mark.parametrize(
    ("name", "on", "off"),
    [
        ("Estado", "Activo", "Bloqueado"),
        ("Status", "Aktiv", "Gesperrt"),
        ("Statut", "Actif", "Bloqu\u00e9"),
        ("Status", "Attivo", "Sospeso"),
        ("\u0421\u0442\u0430\u0442\u0443\u0441", "\u0410\u043a\u0442\u0438\u0432\u0435\u043d",
         "\u0417\u0430\u0431\u043b\u043e\u043a\u0438\u0440\u043e\u0432\u0430\u043d"),
        ("Durum", "Aktif", "Pasif"),
        ("\u72b6\u6001", "\u542f\u7528", "\u7981\u7528"),
        ("Status", "In Service", "Out-of-service"),
        ("Status", "UP", "DOWN"),
        ("Enabled", "s\u00ed", "no"),
        ("Blocked", "", "X"),
        ("Disabled", "\u2717", "\u2713"),
    ],
)  # fmt: skip
def test_R47_words_of_other_languages_and_marks_block(name: str, on: str, off: str) -> None:
    assert with_column(name, on, off).rows["blocked"].to_list() == [False, True]


def test_the_words_of_the_caller_go_first() -> None:
    found = with_column("Status", "A", "I", "New", statuses={"a": "active", "I": "blocked", "new": "closed"})
    assert found.rows["blocked"].to_list() == [False, True]
    with pytest.raises(SheetError, match=r"statuses={'a': 'odd'} is not known: pass one of active, blocked"):
        with_column("Status", "A", statuses={"a": "odd"})
    with pytest.raises(SheetError, match="has no column of statuses, which statuses= is for"):
        sheet(f"{HEAD}\n91,India,1\n", statuses={"a": "active"})


def test_no_word_has_two_meanings() -> None:
    meanings = (CLOSED, BLOCKED, IN_FORCE)
    assert sum(map(len, meanings)) == len(frozenset().union(*meanings))
    assert not YES & NO


def test_R18_one_group_is_given_another_country() -> None:
    text = f"{HEAD}\n92,India Mobile,1\n33,Orange,2\n"
    with pytest.raises(SheetError, match=r"countries={'India Mobile': …} with the ISO code of single groups"):
        sheet(text)
    found = sheet(text, countries={"India Mobile": "PK"})
    assert found.rows.select("country_iso", "country", "network_group").rows() == [
        ("PK", "Pakistan", "India Mobile"),
        ("FR", "France", "Orange"),
    ]
    named = sheet(f"Country,{HEAD}\nFrance,33,Orange,1\n", countries={"Orange": "RE"})
    assert named.rows["country_iso"].to_list() == ["RE"]
    with pytest.raises(
        SheetError, match="'Orang', which is no network group of the sheet; nearest: 'Orange'"
    ):
        sheet(text, countries={"Orang": "FR"})
    with pytest.raises(SheetError, match=r"countries={'Orange': 'Fr'} is no country"):
        sheet(text, countries={"Orange": "Fr"})


def test_prices_are_guessed_before_numbers_of_rows() -> None:
    with pytest.raises(
        SheetError, match=r"pass columns={'outbound_rate': 'Tariff \(Rs/Min\)'} with the price"
    ):
        sheet("S.No,Country,Code,Tariff (Rs/Min)\n1,India,91,0.60\n")
    with pytest.raises(SheetError, match=r"pass columns={'outbound_rate': 'Sale Price'} with the price"):
        sheet("Code,Destination,Sale Price\n91,India,0.60\n")
    doubtful = sheet(f"{HEAD},Remarks\n91,India,1,Not offered until June\n")
    assert "the words hold one for withdrawn or blocked" in reasons(doubtful, "warning")


def test_the_command_line_asks_and_takes_words_and_countries_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "deck.csv"
    path.write_text(f"{HEAD},Status\n92,India Mobile,1,Q\n")
    asked = run("check", path, "--currency", "INR", code=2)
    assert "--read statuses.q=…" in asked.stderr
    assert "--read 'countries.India Mobile=…'" in asked.stderr
    given = ("--read", "statuses.Q=blocked", "--read", "countries.India Mobile=PK")
    checked = run("check", path, "--currency", "INR", *given)
    assert "India Mobile" not in checked.stderr
    wrong = run("check", path, "--read", "countries=PK", code=2)
    assert "of countries and statuses likewise" in " ".join(wrong.stderr.replace("\u2502", " ").split())
