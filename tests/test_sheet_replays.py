"""Sheets as they were published, in every file they come in: workbooks, archives, groups, plans."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from dialnexa_routing.sheets import RateSheet
from dialnexa_routing.text.errors import SheetError
from old_workbooks import ods, xlsb
from published import SAMPLES, USD, reasons, sheet, workbook
from test_cgrates import charged, plan, read

if TYPE_CHECKING:
    from pathlib import Path

ROWS = [
    ["Code", "Destination", "Rate", "Increment"],
    ["91", "India", "0.60", "60/1"],
    ["9198", "India - Mobile", "0.80", "30/6"],
]


def archive(**files: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name.replace("_", "."), data)
    return held.getvalue()


CSV = "\n".join(",".join(row) for row in ROWS).encode()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("deck.xlsx", workbook(Rates=ROWS)),
        ("deck.ods", ods(ROWS)),
        ("deck.xlsb", xlsb(ROWS)),
        ("deck.zip", archive(deck_csv=CSV)),
        ("deck.zip", archive(deck_xlsx=workbook(Rates=ROWS))),
        ("deck.zip", archive(deck_csv=CSV, terms_pdf=b"%PDF-1.4 terms")),
    ],
)
def test_a_deck_is_the_same_in_every_file(name: str, data: bytes) -> None:
    pytest.importorskip("fastexcel")
    columns = ["prefix", "network_group", "outbound_rate", "initial_increment_s", "next_increment_s"]
    plain, found = sheet(CSV), sheet(data, name)
    assert found.rows.select(columns).rows() == plain.rows.select(columns).rows()


def test_an_old_workbook_is_read_in_the_sandbox() -> None:
    pytest.importorskip("fastexcel")
    assert RateSheet.read(SAMPLES / "old_workbook.xls", timezone="Asia/Kolkata").rows.height > 0


def test_what_stands_beside_a_deck_in_an_archive_is_told() -> None:
    found = sheet(archive(deck_csv=CSV, terms_pdf=b"%PDF-1.4 terms"), "deck.zip")
    assert "terms.pdf" in reasons(found, "warning")


def zentrunk(groups: dict[str, list[str]], rates: dict[str, list[str]]) -> dict[str, Any]:
    outbound = {"rates": rates, "network_group_rates": groups}
    return {"country_iso": "IN", "country": "India", "zentrunk": {"local": {"outbound": outbound}}}


def test_quirk_26_callers_named_by_groups_are_origins() -> None:
    rates = {"0.00925": ["91"], "0.05": ["91"]}
    groups = {"0.00925": ["India - From India", "India Mumbai - From India"], "0.05": ["India"]}
    found = sheet(zentrunk(groups, rates), **USD)
    assert found.rows.select("prefix", "origin", "original_rate").rows() == [
        ("91", "91", "0.00925"),
        ("91", None, "0.05"),
    ]
    europe = {"0.00925": ["India - From Europe"], "0.05": ["India"]}
    with pytest.raises(SheetError) as caught:
        sheet(zentrunk(europe, rates), max_refused=0.5, **USD)
    told = str(caught.value)
    assert "91 has several rates, 0.00925 (India - From Europe) and 0.05 (India)" in told
    assert "pass ambiguous_groups='dearest' or 'cheapest'" in told


def test_R50_two_steps_of_a_tariff_plan_are_charged_to_the_last_digit(tmp_path: Path) -> None:
    folder = plan(
        tmp_path,
        Rates=["RT,0,50,6s,6s,0s", "RT,0,8.3333,1s,1s,60s"],
        DestinationRates=["DR,DST,RT,*up,4,120,*disconnect"],
    )
    found = read(folder)
    for seconds, charge in (
        (1, "50"),
        (6, "50"),
        (7, "100"),
        (60, "500"),
        (61, "508.3333"),
        (66, "549.9998"),
        (600, "4999.982"),
    ):
        assert charged(found, seconds, **found.meanings) == Decimal(charge), seconds
    assert found.meanings == {"max_charge": "disconnect", "decimals": 4, "rounding": "up"}
    capped = read(plan(tmp_path, DestinationRates=["DR,DST,RT,*up,4,0.9,*free"]))
    assert (charged(capped, 600), "max_charge" in capped.meanings) == (Decimal("0.9"), False)


@pytest.mark.parametrize(
    ("rate", "seconds", "charge"),
    [
        ("RT,0,0.60,,1s,0s", 30, "18"),
        ("RT,0,0.60,60s,1m30s,0s", 30, "0.9"),
        ("RT,0,0.60,60s,500ms,0s", 30, "0.3"),
        ("RT,0,0.60,60s,,0s", 30, "0.3"),
    ],
)
def test_durations_are_those_of_the_engine(tmp_path: Path, rate: str, seconds: int, charge: str) -> None:
    assert charged(read(plan(tmp_path, Rates=[rate])), seconds) == Decimal(charge)


def test_a_plan_of_everything_beside_other_files(tmp_path: Path) -> None:
    actions = {"Actions.csv": "#ActionsId[0],Action[1],ExtraParameters[2]\nACT,*topup,x\n"}
    everything = read(plan(tmp_path, DestinationRates=["DR,*any,RT,,,0,"], extra=actions))
    assert everything.rows["prefix"].to_list() == [str(digit) for digit in range(1, 10)]
    assert "Actions.csv has no prices" in reasons(everything, "note")
    with pytest.raises(SheetError, match=r"prices no calls, only example\.org:sms:"):
        read(plan(tmp_path, RatingProfiles=["example.org,sms,*any,2014-01-14T00:00:00Z,RP,"], extra=actions))
