"""Prices and prefixes that a report doubts, each with the quirk it is for."""

from __future__ import annotations

import csv
from itertools import product
from typing import Any

import polars as pl
import pytest

from dialnexa_routing import MoneyError, SheetError
from dialnexa_routing.sheets.study.calling_codes import owners
from small_sheets import TEN, found, india, look
from world import DATA


def test_quirk_28_zero_rates_are_doubted() -> None:
    assert found(look(india("91"), india("9198", "0"))) == {"zero rate": ["9198"]}


def test_quirk_30_a_huge_rate_may_mean_blocked() -> None:
    assert found(look(india("91", "1200"))) == {"may mean blocked": ["91"]}
    assert not found(look(india("91", "999.999999999")))
    assert found(look(india("91", "99"), max_rate="50")) == {"may mean blocked": ["91"]}


def test_prices_far_from_their_like_are_doubted_exactly() -> None:
    group = [india(f"911{digit}") for digit in range(5)]
    assert found(look(*group, india("919", "10"))) == {"far from its group": ["919"]}
    assert not found(look(*group, india("919", "9.999999999")))
    assert found(look(*group, india("919", "0.1"))) == {"far from its group": ["919"]}
    assert not found(look(*group, india("919", "0.100000001")))
    other = india("919", "50", network_group="Premium")
    assert found(look(*group, other)) == {"far from its country": ["919"]}
    assert not found(look(*group, other, country_ratio=51))
    assert not found(look(india("91"), india("919", "500"))), "two rates have no middle"
    blocked = india("919", "10", blocked=True)
    assert not found(look(*group, blocked)), "what a blocked row costs does not matter"


def test_findings_of_one_group_and_value_are_one_row() -> None:
    rows = [india(f"911{digit}", "0", source_file="a.csv", source_row=7) for digit in TEN]
    row = look(*rows).suspicious.row(0, named=True)
    assert (row["prefixes"], row["prefix"], row["source_file"], row["source_row"]) == (10, "9110", "a.csv", 7)


def test_quirk_15_trailing_zeros_are_doubted_and_an_error_if_the_country_differs() -> None:
    report = look(india("91980000000"))
    assert found(report) == {"trailing zeros": ["91980000000"]}
    assert report.is_clean
    damaged = look(india("373000000000", country_iso="EE"))
    assert found(damaged) == {"damaged prefix": ["373000000000"]}
    assert damaged.suspicious["expected"][0] == "MD"
    assert not damaged.is_clean


def test_quirk_58_a_prefix_of_another_country_is_doubted_and_stays() -> None:
    report = look(india("4420"), india("999"), india("3"), india("8816"), india("1876", country_iso="JM"))
    assert found(report) == {
        "country disagrees": ["4420"],
        "unknown calling code": ["999"],
    }
    assert report.suspicious.filter(pl.col("prefix") == "4420")["expected"][0] == "GB or GG or IM or JE"
    assert not look(india("7", country_iso="KZ"), india("262", country_iso="YT")).suspicious.height


def test_calling_codes_are_those_of_the_data_folder() -> None:
    known = owners()
    with (DATA / "countries.csv").open(encoding="utf-8", newline="") as file:
        for country in csv.DictReader(file):
            assert country["iso"] in known[country["calling_code"]], country
    assert not any(a != b and b.startswith(a) for a, b in product(known, known)), "no code begins another"


def test_quirk_38_a_sheet_in_cents_or_paise_is_doubted() -> None:
    dollars = [india(f"91{digit}", original_rate="1.4", currency="USD") for digit in range(4)]
    report = look(*dollars)
    assert found(report) == {"may be minor units": [None]}
    assert report.suspicious["value"][0] == "median 1.4 USD"
    assert not found(look(*(row | {"original_rate": "0.014"} for row in dollars)))
    rupees = [india(f"91{digit}", "74", original_rate="74", currency="INR") for digit in range(4)]
    assert not found(look(*rupees))
    assert found(look(*(row | {"original_rate": "100.1"} for row in rupees))) == {
        "may be minor units": [None]
    }


@pytest.mark.parametrize("rate", [1.5, "x", 0, "-1", "NaN", 10**9])
def test_a_bound_is_exact_money(rate: Any) -> None:
    with pytest.raises(MoneyError, match="max_rate"):
        look(india("91"), max_rate=rate)


@pytest.mark.parametrize("ratio", [1, 2.5, True, 10**7])
def test_a_ratio_is_a_whole_number(ratio: Any) -> None:
    with pytest.raises(SheetError, match="group_ratio"):
        look(india("91"), group_ratio=ratio)
