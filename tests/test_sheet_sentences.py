"""Sentences name the cause and what settles it; nothing that was given is ignored."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from dialnexa_routing.sheets import RateSheet
from dialnexa_routing.text.errors import MoneyError, SheetError
from published import USD, prefixes, reasons, sheet

HEAD = "Code,Destination,Rate"


@pytest.mark.parametrize(
    "cell", ["$0.037-$0.047", "0.037 - 0.047", "0.037–0.047", "0.1 to 0.2", "0,037-0,047"]
)
def test_a_range_of_prices_is_called_one(cell: str) -> None:
    found = sheet(
        f'{HEAD}\n91,India,"{cell}"\n92,P,1\n', currency="USD", inr_per_unit="84", inr_on="2026-01-05"
    )
    assert "is a range of two prices" in reasons(found, "error")
    assert prefixes(found) == ["92"]


@pytest.mark.parametrize("cell", ["(+91)", "(91)", "+(91)", "(+ 91)"])
def test_quirk_8_a_code_in_brackets_is_that_code(cell: str) -> None:
    assert prefixes(sheet(f"{HEAD}\n{cell},India,1\n")) == ["91"]
    assert prefixes(sheet(f"{HEAD}\n{cell} 22,India,1\n")) == ["9122"]


@pytest.mark.parametrize("name", ["max_cost", "Connection fee", "min_charge"])
def test_a_bound_below_zero_is_not_called_a_blocked_price(name: str) -> None:
    told = reasons(sheet(f"{HEAD},{name}\n91,India,1,-1\n"), "error")
    assert "'-1' is negative" in told
    assert "leave the cell blank" in told
    assert "blocked" not in told


def test_R49_what_is_missing_of_a_conversion_is_named() -> None:
    text = "Code,Destination,Cost / Min (USD)\n91,India,1\n"
    with pytest.raises(SheetError, match="the rates are in USD: pass inr_on="):
        sheet(text, currency=None, inr_per_unit="84")
    with pytest.raises(
        SheetError, match="the rates are in USD: pass inr_per_unit='…', rupees for one USD and inr_on="
    ):
        sheet(text, currency=None)
    with pytest.raises(SheetError, match="pass inr_per_unit="):
        sheet(text, currency=None, inr_on="2026-01-05")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            {"inr_per_unit": "84", "inr_on": "2026-01-05"},
            "inr_per_unit= and inr_on= was passed, but nothing says",
        ),
        ({"inr_per_unit": "84"}, "inr_per_unit= was passed"),
        ({"inr_on": "2026-01-05"}, "inr_on= was passed"),
        (
            {"currency": "INR", "inr_per_unit": "84"},
            "is in rupees by currency='INR': leave out inr_per_unit=",
        ),
        ({"jurisdiction": "dearest"}, "leave out jurisdiction='dearest'"),
        ({"jurisdiction": "interstate"}, "leave out jurisdiction='interstate'"),
    ],
)
def test_R49_nothing_given_is_ignored(options: dict[str, Any], words: str) -> None:
    frame = pl.DataFrame({"prefix": ["91"], "country": ["India"], "outbound_rate": ["1"]})
    with pytest.raises(SheetError, match=words):
        RateSheet.read(frame, **options)
    assert RateSheet.read(frame, **USD).rows["outbound_rate"][0] == 80


def test_R49_a_sheet_of_its_own_takes_no_exchange_rate(tmp_path: Any) -> None:
    frame = pl.DataFrame({"prefix": ["91"], "country": ["India"], "outbound_rate": ["1"]})
    RateSheet.read(frame).write(tmp_path / "a.csv")
    with pytest.raises(SheetError, match="leave out currency= and inr_per_unit="):
        RateSheet.read(tmp_path / "a.csv", inr_per_unit="84", inr_on="2026-01-05")


@pytest.mark.parametrize("value", [84.5, "x", True, "-1"])
def test_R48_a_wrong_exchange_rate_is_refused_before_anything_is_read(value: Any) -> None:
    with pytest.raises(MoneyError, match="inr_per_unit="):
        RateSheet.read("nowhere.csv", inr_per_unit=value)


DEAREST = [
    (["$0.0100", "$0.0900"], "0.09"),
    (["$0.0900", "$0.0100"], "0.09"),
    (["0,01", "0,09"], "0.09"),
    (["0.09", "0.010000000000001"], "0.09"),
    (["0.01", ""], "0.01"),
    (["", "0.01"], "0.01"),
    (["1e-2", "0.09"], "0.09"),
    (["USD 0.5", "0.09"], "0.5"),
]


@pytest.mark.parametrize(("cells", "dear"), DEAREST)
def test_quirk_47_the_dearest_is_dearest_however_it_is_written(cells: list[str], dear: str) -> None:
    quoted = ",".join(f'"{cell}"' for cell in cells)
    found = sheet(f"npanxx,interstate,intrastate\n212555,{quoted}\n", jurisdiction="dearest", **USD)
    assert f"{found.rows['outbound_rate'][0].normalize() / 80:f}" == dear


def test_quirk_47_what_is_not_sold_is_dearer_than_any_price() -> None:
    for cells in ("NA,0.05", "0.05,NA"):
        found = sheet(f"npanxx,interstate,intrastate\n212555,{cells}\n", jurisdiction="dearest", **USD)
        assert found.rows["blocked"].to_list() == [True]


def test_one_header_may_serve_two_columns() -> None:
    text = f"{HEAD},inc\n91,India,1,60\n"
    both = {"initial_increment_s": "inc", "next_increment_s": "inc"}
    rows = sheet(text, columns=both).rows
    assert rows.select("initial_increment_s", "next_increment_s").row(0) == (60, 60)
    named = sheet(f"{HEAD}\n91,India,1\n", columns={"country": "Destination", "network_group": "Destination"})
    assert named.rows.select("country", "network_group").row(0) == ("India", "India")
    rates = sheet(f"{HEAD}\n91,India,1\n", columns={"inbound_rate": "Rate", "outbound_rate": "Rate"})
    assert rates.rows["inbound_rate"].to_list() == rates.rows["outbound_rate"].to_list()
    frame = pl.DataFrame({"a": ["91"], "b": ["India"], "c": ["1"]})
    placed = {"prefix": "a", "network_group": "b", "country": "b", "outbound_rate": "c"}
    assert RateSheet.read(frame, columns=placed, currency="INR").rows["country"].to_list() == ["India"]


def test_files_of_a_folder_that_were_not_read_are_told(tmp_path: Any) -> None:
    (tmp_path / "a.csv").write_text(f"{HEAD}\n91,India,1\n")
    assert reasons(RateSheet.read(tmp_path, currency="INR"), "warning") == ""
    for name in ("b.parquet", "notes.txt", "c.pdf", ".hidden"):
        (tmp_path / name).write_bytes(b"x")
    found = RateSheet.read(tmp_path, currency="INR")
    told = "b.parquet, c.pdf, notes.txt stood beside and were not read: name them if they are meant"
    assert told in reasons(found, "warning")
    assert found.rows["prefix"].to_list() == ["91"]
