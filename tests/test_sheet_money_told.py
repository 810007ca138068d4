"""What sheets say of their money beside the amounts: signs, parts of a coin, factors; none is passed over."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from dialnexa_routing.text.errors import SheetError
from published import USD, sheet

HEAD = "Code,Destination"


@pytest.mark.parametrize(
    ("header", "cell", "minute"),
    [
        ("Rate (¢)", "3.2", "2.56"),
        ("USc/min", "3.2", "2.56"),
        ("Rate", "3.2¢", "2.56"),
        ("Rate in hundredths", "3.2", "2.56"),
        ("Rate in millicents", "3200", "2.56"),
        ("Rate (micros)", "32000", "2.56"),
        ("Rate per 1000 minutes", "32", "2.56"),
    ],
)
def test_a_part_of_a_coin_is_read_wherever_it_stands(header: str, cell: str, minute: str) -> None:
    found = sheet(f"{HEAD},{header}\n91,India,{cell}\n", columns={"outbound_rate": header}, **USD)
    row = found.rows.row(0, named=True)
    assert row["outbound_rate"] * 60 / row["rate_unit_s"] == Decimal(minute)


@pytest.mark.parametrize(
    "header", ["Rate (x10000)", "Rate/1000", "Rate ×100", "Price * 1,000", "Rate (1e-6 USD)"]
)
def test_a_factor_in_a_header_is_refused(header: str) -> None:
    with pytest.raises(SheetError, match=r"so its prices are not of one: write them as they are for one"):
        sheet(f'{HEAD},"{header}"\n91,India,32\n', columns={"outbound_rate": header}, **USD)


@pytest.mark.parametrize(
    ("cells", "options"),
    [
        (("0.60", "$0.70"), {"currency": "INR"}),
        (("₹0.60", "$0.70"), {"currency": None}),
        (("Rs 0.60", "0.70"), USD),
        (("¥60", "0.70"), {"currency": "INR"}),
    ],
)
def test_an_amount_with_the_sign_of_another_currency_is_refused(
    cells: tuple[str, str], options: dict[str, Any]
) -> None:
    with pytest.raises(SheetError, match=r"bear '.+': correct one, or read rows of each currency apart"):
        sheet(f"{HEAD},Rate\n91,India,{cells[0]}\n92,Pakistan,{cells[1]}\n", **options)


def test_a_dollar_may_be_of_several_currencies() -> None:
    canada: dict[str, Any] = {"currency": "CAD", "inr_per_unit": "60", "inr_on": "2026-01-05"}
    assert sheet(f"{HEAD},Rate\n91,India,$0.60\n", **canada).rows["outbound_rate"].to_list() == [36]
