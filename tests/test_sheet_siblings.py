"""Layouts that nobody listed: right rates, a refusal with what settles it, or a counted warning."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from dialnexa_routing.text.errors import SheetError
from published import USD, prefixes, reasons, sheet, workbook

if TYPE_CHECKING:
    from dialnexa_routing.sheets import RateSheet

HEAD = "Code,Destination,Rate"
EURO: dict[str, Any] = {"currency": "EUR", "inr_per_unit": "90", "inr_on": "2026-01-05", "timezone": "UTC"}


def rates(found: RateSheet) -> list[Decimal | None]:
    return found.rows["outbound_rate"].to_list()


@pytest.mark.parametrize(
    "header",
    [
        "Land;Netz;Vorwahl;Preis pro Minute;Gültig ab;Taktung",
        "País;Destino;Prefijo;Tarifa;Fecha de inicio;Incremento",
        "Pays;Réseau;Indicatif;Prix / minute;Date d'effet;Palier",
        "País;Destino;Prefixo;Preço por minuto;Data de início;Incremento",
        "Paese;Destinazione;Prefisso;Prezzo al minuto;Data inizio;Fatturazione",
        "Страна;Направление;Код;Цена за минуту;Дата начала;Тарификация",
        "Ülke;Hedef;Ön ek;Ücret;Başlangıç Tarihi;Faturalama",
        "国家;目的地;前缀;费率;生效日期;计费单位",
    ],
)
def test_headers_of_eight_languages_are_known(header: str) -> None:
    found = sheet(f"{header}\nIndia;India Mobile;9198;0,05;16.09.2026;60/1\n", **EURO)
    row = found.rows.row(0, named=True)
    assert (row["prefix"], row["country"], row["network_group"]) == ("9198", "India", "India Mobile")
    assert (row["outbound_rate"], row["initial_increment_s"]) == (Decimal("4.5"), 60)
    assert f"{row['valid_from']:%Y-%m-%d}" == "2026-09-16"
    assert "the text is utf-8, its cells are parted by ';'" in reasons(found, "note")


def test_a_language_that_is_not_known_takes_two_tries() -> None:
    book = workbook(
        Cennik=[
            ["Cennik hurtowy"],
            ["Kierunek", "Numer kierunkowy", "Stawka", "Obowiązuje od", "Opłata"],
            ["Indie", "91", "0,05", "01/02/2026", "0,2"],
            ["Indie M", "9198", "0,06", "01/02/2026", "0,2"],
        ]
    )
    with pytest.raises(SheetError) as caught:
        sheet(book, "deck.xlsx", currency=None, max_refused=0.5)
    told = str(caught.value)
    for part in (
        "none of the first 1000 rows is a header, and row 2 may be it: pass columns={'prefix': 'Numer"
        " kierunkowy', 'outbound_rate': 'Stawka', 'network_group': 'Kierunek'}",
        "columns={'valid_from': 'Obowiązuje od'}",
        "leave_out=('Opłata',)",
        "dates='day_first'",
        "timezone=",
        "pass currency=",
    ):
        assert part in told
    names = {"prefix": "Numer kierunkowy", "outbound_rate": "Stawka", "network_group": "Kierunek"}
    settled: dict[str, Any] = {
        "columns": {**names, "valid_from": "Obowiązuje od", "connect_fee": "Opłata"},
        "dates": "day_first",
        **EURO,
    }
    found = sheet(book, "deck.xlsx", **settled)
    assert (prefixes(found), rates(found)) == (["91", "9198"], [Decimal("4.5"), Decimal("5.4")])


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("91,India,0.05\n92,Pakistan,0.07\n", "{'prefix': 1, 'outbound_rate': 3, 'network_group': 2}"),
        ("91,India,5\n92,Pakistan,7\n", "{'prefix': 1, 'outbound_rate': 3, 'network_group': 2}"),
        ("Bestemming;Netnummer;Prijs\nIndia;91;0,05\n", "'prefix': 'Netnummer', 'outbound_rate': 'Prijs'"),
    ],
)
def test_a_table_without_a_known_header_is_asked_about_whole(text: str, columns: str) -> None:
    with pytest.raises(SheetError) as caught:
        sheet(text, currency=None)
    assert f"pass columns={{{columns.strip('{}')}" in str(caught.value)
    assert "pass currency=" in str(caught.value)


@pytest.mark.parametrize(
    ("header", "minute"),
    [
        ("Rate/s", "3"),
        ("Price per sec", "3"),
        ("Rate per second (INR)", "3"),
        ("Rate per 6 s", "0.5"),
        ("Rate/6 sec", "0.5"),
        ("Price per 30 seconds", "0.1"),
        ("Preis pro Sekunde", "3"),
        ("Rate per hour", "0.000833333"),
        ("Rate (paise)", "0.0005"),
        ("Prix (centimes)", "0.0005"),
        ("Rate ct/min", "0.0005"),
        ("Rate (mils)", "0.00005"),
        ("INR/min", "0.05"),
    ],
)
def test_what_a_price_is_for_is_read_from_its_header(header: str, minute: str) -> None:
    mapped: dict[str, Any] = {"columns": {"outbound_rate": header}}
    for options in ({}, mapped):
        found = sheet(f"Code,Destination,{header},Increment\n91,India,0.05,60\n", **options)
        row = found.rows.row(0, named=True)
        assert row["outbound_rate"] * 60 / row["rate_unit_s"] == pytest.approx(
            Decimal(minute), abs=Decimal("1e-9")
        )
        assert row["initial_increment_s"] == 60


def test_a_unit_in_a_column_or_in_the_title() -> None:
    text = f"{HEAD},Unit\n91,India,1,min\n92,P,1,sec\n"
    with pytest.raises(SheetError, match=r"columns={'rate_unit_s': 'Unit'}"):
        sheet(text)
    assert rates(sheet(text, columns={"rate_unit_s": "Unit"})) == [1, 60]
    titled = sheet(f"All rates in INR per second\n{HEAD}\n91,India,0.01\n")
    assert rates(titled) == [Decimal("0.6")]
    assert "the title states that rates are for 1 s" in reasons(titled, "warning")
    billed = sheet(f"Rates are billed per second\n{HEAD}\n91,India,0.01\n")
    assert rates(billed) == [Decimal("0.01")]
    pulsed = sheet(f"Billing increment: 60/60\n{HEAD}\n91,India,1\n")
    assert "pass pulse='60/60'" in reasons(pulsed, "warning")


@pytest.mark.parametrize(
    ("name", "cells", "told"),
    [
        ("Type", ("Mobile", "Removed"), "may hold words on whether the row is sold"),
        ("Call Type", ("Incoming", "Outgoing"), r"columns={'direction': 'Call Type'}"),
        ("Service", ("Voice", "SMS"), "Service"),
        ("Money", ("EUR", "EUR"), r"columns={'currency': 'Money'}"),
        ("Discount", ("5%", "3%"), "may hold money"),
        ("Per", ("min", "call"), r"columns={'rate_unit_s': 'Per'}"),
    ],
)
def test_columns_that_say_what_the_row_prices_are_asked_about(
    name: str, cells: tuple[str, str], told: str
) -> None:
    text = f"{HEAD},{name}\n91,India,1,{cells[0]}\n92,P,2,{cells[1]}\n"
    if name == "Service":  # words among which one is known to be no call
        text = text.replace("Voice", "MMS")
    with pytest.raises(SheetError, match=told):
        sheet(text)
    assert sheet(text, leave_out=name).rows.height == 2


def test_R46_prices_of_calls_in_are_no_prices_of_calls_out() -> None:
    text = f"{HEAD},Direction\n91,India,1,Inbound\n92,P,2,Outbound\n93,A,3,in and out\n94,S,4,\n95,M,5,odd\n"
    found = sheet(text)
    rows = found.rows.select("prefix", "inbound_rate", "outbound_rate").rows()
    assert rows == [("91", 1, None), ("92", None, 2), ("94", None, 4)]
    assert "neither inbound nor outbound" in reasons(found, "error")
    both = sheet(f"{HEAD},Direction\n91,India,1,inbound/outbound\n")
    assert both.rows.select("inbound_rate", "outbound_rate").row(0) == (1, 1)


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        ("CC,NDC", "91,11"),
        ("Int. Code,City Code", "91,11"),
        ("Country Prefix,Network Prefix", "91,11"),
        ("Country Code,Area Code", '91,"11"'),
        ("Landesvorwahl,Ortsvorwahl", "91,11"),
    ],
)
def test_quirk_7_codes_in_two_columns_are_joined(head: str, cells: str) -> None:
    assert prefixes(sheet(f"{head},Destination,Rate\n{cells},Delhi,1\n")) == ["9111"]


def test_quirk_7_a_calling_code_alone_beside_digits_is_asked_about() -> None:
    text = "Country Code,Series,Destination,Rate\n91,22,Mumbai,1\n92,21,Karachi,2\n"
    with pytest.raises(SheetError, match=r"columns={'calling_code': 'Country Code', 'area_code': 'Series'}"):
        sheet(text)
    joined = sheet(text, columns={"calling_code": "Country Code", "area_code": "Series"})
    assert prefixes(joined) == ["9122", "9221"]
    assert prefixes(sheet(text, leave_out="Series")) == ["91", "92"]


@pytest.mark.parametrize(
    ("name", "cells"),
    [("Code To", "9179"), ("Prefix End", "9179"), ("Sub Code", "98"), ("Exclusions", "9198;9199")],
)
def test_quirk_2_digits_that_belong_to_the_prefix_are_asked_about(name: str, cells: str) -> None:
    text = f"Code,{name},Destination,Rate\n9170,{cells},India,1\n"
    with pytest.raises(SheetError, match=r"digits of the prefix.*leave_out="):
        sheet(text)
    assert prefixes(sheet(text, leave_out=name)) == ["9170"]
    assert prefixes(sheet("Tech Prefix,Code,Destination,Rate\n0123,91,India,1\n")) == ["91"]


def test_quirk_61_a_year_of_two_digits_is_asked_about() -> None:
    text = f"{HEAD},Effective\n91,India,1,13/01/26\n"
    with pytest.raises(SheetError, match=r"has a year of two digits.*pass dates='day_first'"):
        sheet(text, timezone="UTC", max_refused=0.5)
    found = sheet(text, timezone="UTC", dates="day_first")
    assert f"{found.rows['valid_from'][0]:%Y-%m-%d}" == "2026-01-13"


def test_dates_that_say_there_is_none() -> None:
    text = f"{HEAD},Effective From,Effective To\n91,India,1,{{}},{{}}\n"
    for start, end in (("0000-00-00", "0000-00-00"), ("asap", "until further notice"), ("00/00/0000", "UFN")):
        row = sheet(text.format(start, end), timezone="UTC").rows.row(0, named=True)
        assert (row["valid_from"], row["valid_to"]) == (None, None)
    wrong = sheet(text.format("", "immediately"), timezone="UTC")
    assert "'immediately' is not a date" in reasons(wrong, "error")


def test_quirk_28_a_rate_of_zero_is_told_with_its_count() -> None:
    found = sheet(f"{HEAD}\n91,India,1\n92,P,0\n93,A,0.000\n94,S,blocked\n")
    assert rates(found) == [1, 0, 0, None]
    assert "2 rows have a rate of 0, the first is row 3, so calls to them are free" in reasons(
        found, "warning"
    )
    assert "'free' is not an amount" in reasons(sheet(f"{HEAD}\n91,India,free\n92,P,1\n"), "error")


def test_a_head_of_two_rows_names_each_price() -> None:
    text = "Prefix,Destination,Rate,\n,,Peak,Off-Peak\n91,India,1,2\n"
    with pytest.raises(SheetError, match=r"'Rate Peak'.*or of 'Rate Off-Peak'"):
        sheet(text)
    found = sheet(text, columns={"outbound_rate": "Rate Peak"}, leave_out="Rate Off-Peak")
    assert found.rows.select("prefix", "source_row").row(0) == ("91", 3)
    plain = sheet("Prefix,Destination,Rate,\n91,India,1,\n")
    assert prefixes(plain) == ["91"]


def test_quirk_48_sheets_of_a_workbook_that_are_not_read_are_warned_of() -> None:
    rows = [["Code", "Destination", "Rate"], ["91", "India", "1.5"]]
    noted = sheet(workbook(Notes=[["All rates in EUR cents"]], Rates=rows), "deck.xlsx")
    assert "so not read: 'Notes'; look whether" in reasons(noted, "warning")
    codes = sheet(workbook(Rates=rows, Closed=[["Code", "Destination"], ["9198", "India M"]]), "deck.xlsx")
    assert "1 rows of this sheet have no price" in reasons(codes, "warning")
    assert codes.counts.noise == 1


def test_R44_a_single_increment_names_what_settles_it() -> None:
    text = f"{HEAD},Initial Increment\n91,India,1,60\n"
    told = reasons(sheet(text), "error")
    assert "pass columns={'increments': 'Initial Increment'} if it is both" in told
    assert sheet(text, columns={"increments": "Initial Increment"}).rows["next_increment_s"][0] == 60
    assert sheet(text, leave_out="Initial Increment", pulse="30/6").rows["next_increment_s"][0] == 6


def test_R47_a_price_that_holds_only_beside_another_is_no_price() -> None:
    for name in ("Initial Rate", "Next Rate"):
        with pytest.raises(SheetError, match=rf"columns={{'outbound_rate': '{name}'}}"):
            sheet(f"Code,Destination,{name}\n91,India,1\n", currency=None)


def test_quirk_38_hundredths_that_are_none_are_doubted() -> None:
    text = f"{HEAD}\n91,India,0.02\n92,P,0.03\n93,A,0.04\n"
    found = sheet(text, **{**USD, "unit": "cent"})
    assert "half of the 3 rates are below a tenth of a hundredth" in reasons(found, "warning")
    assert "2 rows: pass unit='cent'" in reasons(
        sheet(f"{HEAD}\n91,I,2\n92,P,3\n93,A,0.4\n", **USD), "warning"
    )
