"""Layouts that fresh readers brought: the right price, or a refusal whose text settles it if followed."""

from __future__ import annotations

from datetime import time, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from dialnexa_routing.sheets import RateSheet
from dialnexa_routing.text.errors import SheetError
from published import USD, prefixes, reasons, sheet, workbook

HEAD = "Code,Destination,Rate\n"


def test_a_header_that_is_left_out_is_no_other_of_the_same_words() -> None:
    text = "Code,Destination,Rate USD,Rate INR\n91,India,0.006,0.5\n"
    options: dict[str, Any] = {"columns": {"outbound_rate": "Rate INR"}, "leave_out": "Rate USD"}
    assert sheet(text, **options).rows["outbound_rate"].to_list() == [Decimal("0.5")]
    one = sheet(text, leave_out="Rate USD")
    assert one.rows["outbound_rate"].to_list() == [Decimal("0.5")]
    assert sheet(text, leave_out="rate (inr)", **{**USD, "currency": None}).rows["currency"][0] == "USD"


def test_a_price_of_calls_in_is_asked_about_as_that() -> None:
    text = "Number Range,Type,Inbound Rate\n91140,Mobile,0.5\n91141,Landline,0.6\n"
    with pytest.raises(SheetError, match=r"'prefix': 'Number Range', 'inbound_rate': 'Inbound Rate'"):
        sheet(text)
    columns = {"prefix": "Number Range", "inbound_rate": "Inbound Rate", "network_group": "Type"}
    rows = sheet(text, columns=columns).rows
    assert rows["inbound_rate"].to_list() == [Decimal("0.5"), Decimal("0.6")]
    assert rows["outbound_rate"].null_count() == 2


def test_increments_in_one_cell_are_asked_about_as_both() -> None:
    head = [["Destination", "Code", "Peak", None], [None, None, "Rate", "Increment"]]
    book = workbook(A=[*head, ["India", "91", 0.5, "60/1"]])
    with pytest.raises(SheetError, match=r"columns={'increments': 'Peak Increment'}"):
        sheet(book, "a.xlsx")
    rows = sheet(book, "a.xlsx", columns={"increments": "Peak Increment"}).rows
    assert rows.select("outbound_rate", "initial_increment_s", "next_increment_s").row(0) == (
        Decimal("0.5"),
        60,
        1,
    )


@pytest.mark.parametrize(
    "cell",
    [
        "Discontinued",
        "Route Closed",
        "n.a",
        "\u2014",
        "\u2013",
        "Inactive",
        "Withdrawn",
        "No Route",
        "gesperrt",
    ],
)
def test_R47_words_in_place_of_a_price_block_the_prefix(cell: str) -> None:
    found = sheet(f"{HEAD}91,India,0.5\n9198,India Mobile,{cell}\n")
    assert found.rows["blocked"].to_list() == [False, True]


@pytest.mark.parametrize("cell", ["NIL", "free", "ask us", "see note 3"])
def test_R47_words_that_may_mean_either_refuse_the_row(cell: str) -> None:
    found = sheet(f"{HEAD}91,India,0.5\n9198,India Mobile,{cell}\n")
    assert (prefixes(found), found.counts.refused) == (["91"], 1)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("US$0.05", "USD"),
        ("0.05 US$", "USD"),
        ("CA$0.05", "CAD"),
        ("HK$ 0.05", "HKD"),
        ("R$0.05", "BRL"),
        ("\u20bd0.05", "RUB"),
        ("0.05\u20ba", "TRY"),
        ("\u20a60.05", "NGN"),
    ],
)
def test_R49_signs_with_letters_and_of_other_countries_are_read(cell: str, code: str) -> None:
    foreign: dict[str, Any] = {"currency": None, "inr_per_unit": "80", "inr_on": "2026-01-05"}
    found = sheet(f"{HEAD}91,India,{cell}\n", **foreign)
    assert found.rows.select("outbound_rate", "currency").row(0) == (Decimal(4), code)
    with pytest.raises(SheetError, match="leave out currency='INR'"):
        sheet(f"{HEAD}91,India,{cell}\n")


def test_R49_a_sign_with_letters_in_a_header() -> None:
    found = sheet("Code,Destination,Rate (US$)\n91,India,0.05\n", **{**USD, "currency": None})
    assert found.rows["currency"].to_list() == ["USD"]
    with pytest.raises(SheetError, match="bear"):
        sheet(f"{HEAD}91,India,$0.05\n")
    assert sheet(f"{HEAD}91,India,\u20a8 0.05\n").rows["outbound_rate"].to_list() == [Decimal("0.05")]


def test_R50_a_date_in_a_header_is_told() -> None:
    text = "Code,Destination,Rate w.e.f. 01-Dec-2026\n91,India,0.5\n"
    with pytest.raises(SheetError, match=r"pass columns={'outbound_rate': 'Rate w.e.f. 01-Dec-2026'}"):
        sheet(text)
    found = sheet(text, columns={"outbound_rate": "Rate w.e.f. 01-Dec-2026"})
    assert "this header has a date, and no row does" in reasons(found, "warning")


def test_a_sentence_among_the_rows_is_told() -> None:
    lines = ["A surcharge of 0.10 applies to all calls below", "ASIA", "Prices exclude GST", "Some words"]
    rows = "".join(f"{line}\n9{at},Somewhere {at},0.5\n" for at, line in enumerate(lines, start=1))
    told = reasons(sheet(HEAD + rows, country_by="nothing"), "warning")
    assert told.count("this row of the sheet speaks of what no column has") == 1
    below = sheet(f"{HEAD}91,India,0.5\nA surcharge of 0.10 applies to all calls\n")
    assert reasons(below, "warning").count("of the sheet speaks") == 1


def test_quirk_2_a_range_may_stand_in_two_columns() -> None:
    rows = "9170,9179,India,0.5\n92300,92349,Pakistan,0.6\n93,,Afghanistan,1\n94,94,Sri Lanka,1\n"
    for head in ("Prefix From,Prefix To", "Range Start,Range End", "prefix,prefix_to"):
        found = sheet(f"{head},Destination,Rate\n{rows}")
        assert prefixes(found) == ["917", "9230", "9231", "9232", "9233", "9234", "93", "94"]
    odd = sheet(
        "Range Start,Range End,Destination,Rate\n9179,9170,India,1\n91,9x,India,1\n,95,Myanmar,1\n92,92,P,1\n"
    )
    assert (prefixes(odd), odd.counts.refused) == (["92"], 3)
    told = reasons(odd, "error")
    for part in ("ends before it begins", "bounds are not digits", "without its begin"):
        assert part in told


def test_quirk_2_a_begin_of_ranges_alone_is_asked_about() -> None:
    text = "Range Start,Last,Destination,Rate\n9170,9179,India,0.5\n"
    with pytest.raises(SheetError, match=r"begins ranges of prefixes.*columns={'prefix_to': …}"):
        sheet(text)
    assert prefixes(sheet(text, columns={"prefix_to": "Last"})) == ["917"]
    left = sheet(text, columns={"prefix": "Range Start"}, leave_out="Last")
    assert prefixes(left) == ["9170"]


def test_R53_the_price_of_a_call_is_none_of_a_minute() -> None:
    text = "Code,Destination,Per Call Rate\n91,India,0.5\n"
    with pytest.raises(
        SheetError, match=r"the price of a call.*columns={'connect_fee': 'Per Call Rate', 'outb"
    ):
        sheet(text)
    both = "Code,Destination,Per Call Rate,Minute\n91,India,0.5,0\n"
    columns = {"connect_fee": "Per Call Rate", "outbound_rate": "Minute"}
    row = sheet(both, columns=columns).rows.row(0, named=True)
    assert (row["connect_fee"], row["outbound_rate"]) == (Decimal("0.5"), Decimal(0))


def test_quirk_5_what_is_dialled_in_front_of_one_code_is_named() -> None:
    found = sheet(f"{HEAD}+91,India,0.5\n0092,Pakistan,0.6\n")
    assert "or pass strip='00' if that is dialled in front of codes" in reasons(found, "error")
    assert prefixes(sheet(f"{HEAD}+91,India,0.5\n0092,Pakistan,0.6\n", strip="00")) == ["91", "92"]


@pytest.mark.parametrize("second", ["Code,Destination,Rate USD", "Prefix,Rate,Name", "Code,Rate,Destination"])
def test_R49_another_header_among_the_rows_begins_another_table(second: str) -> None:
    text = f"INDIA\n{HEAD}91,India,0.5\n\nREST OF WORLD\n{second}\n44,UK,0.01\n"
    with pytest.raises(SheetError, match=r"row 6 is a header again.*in a file or on a sheet of its own"):
        sheet(text)
    assert sheet(text.replace(second, HEAD.strip())).counts.loaded == 2


def test_a_header_in_a_second_language_is_the_same_one() -> None:
    found = sheet(f"{HEAD}Prefijo,Destino,Tarifa\n91,India,0.5\n")
    assert (prefixes(found), found.counts.refused) == (["91"], 1)
    with pytest.raises(SheetError, match="is a header again"):
        sheet(f"{HEAD}Prefijo,Destino,Tarifa/30 seg\n91,India,0.5\n")


def test_R49_a_section_in_another_currency_is_told() -> None:
    found = sheet(f"{HEAD}91,India,0.5\nRest of the world in USD\n44,UK,0.01\nEUROPE\n49,Germany,1\n")
    assert reasons(found, "warning").count("this row of the sheet speaks") == 1


def test_tables_side_by_side_are_asked_about_by_number_and_told() -> None:
    text = "Code,Destination,Rate,,Code,Destination,Rate\n91,India,0.5,,44,United Kingdom,0.6\n"
    with pytest.raises(SheetError, match=r"columns={'prefix': 1}.*columns={'outbound_rate': 3}"):
        sheet(text)
    found = sheet(text, columns={"prefix": 1, "outbound_rate": 3})
    assert found.rows.select("prefix", "country_iso").rows() == [("91", "IN")]
    told = reasons(found, "warning")
    assert told.count("1 rows: columns= says what 'prefix' is") == 1
    assert told.count("1 rows: columns= says what 'outbound_rate' is") == 1


@pytest.mark.parametrize(
    ("name", "pulse", "rate"),
    [
        ("Rate (Rs/min) 30 sec pulse", "30/30", "0.5"),
        ("Rate per 15 sec pulse", "15/15", "2"),
        ("Price, billing 60/1", "60/1", "0.5"),
    ],
)
def test_R44_a_pulse_in_the_header_of_a_price_is_told(name: str, pulse: str, rate: str) -> None:
    text = f'Code,Destination,"{name}"\n91,India,0.5\n'
    columns = {"outbound_rate": name}
    found = sheet(text, columns=columns)
    assert f"pass pulse='{pulse}'" in reasons(found, "warning")
    assert found.rows["outbound_rate"].to_list() == [Decimal(rate)]
    assert "header states" not in reasons(sheet(text, columns=columns, pulse=pulse))


def test_quirk_35_thousands_of_india_are_thousands() -> None:
    found = sheet(f'{HEAD}91,India,"1,00,000.50"\n92,Pakistan,0.5\n93,A,"12,34,567"\n')
    assert found.rows["outbound_rate"].to_list() == [Decimal("100000.5"), Decimal("0.5"), Decimal(1234567)]


def test_quirk_47_a_jurisdiction_in_words_is_asked_about() -> None:
    text = "Prefix,Destination,Jurisdiction,Rate\n1201,US,Interstate,0.01\n1202,US,Intrastate,0.01\n"
    with pytest.raises(SheetError, match=r"callers that the price is for.*leave_out=\('Jurisdiction',\)"):
        sheet(text)


def test_units_under_the_names_belong_to_them() -> None:
    foreign: dict[str, Any] = {**USD, "currency": None}
    text = "Code,Destination,Rate,Increment\n(E.164),(name),(USD),(sec)\n91,India,0.05,60\n"
    row = sheet(text, **foreign).rows.row(0, named=True)
    assert (row["outbound_rate"], row["initial_increment_s"], row["source_row"]) == (Decimal(4), 60, 3)
    with pytest.raises(SheetError, match="'Rate USD/min' says USD"):
        sheet(f"{HEAD},,USD/min\n91,India,0.05\n")
    assert prefixes(sheet(f"{HEAD}91,India,0.05\n")) == ["91"]


PORTAONE = (
    "Destination,Country,Description,Effective From,First Interval,Next Interval,First Price,Next Price"
    ",Forbidden,Hidden,Discontinued\n"
)


def test_quirk_43_a_tariff_of_portaone_has_its_prefixes_under_destination() -> None:
    rows = (
        "91,India,India Proper,2026-01-01,60,1,0.5,0.4,N,N,N\n"
        "9198,India,India Mobile,2026-01-01,30,6,1,1,Y,N,N\n"
    )
    found = sheet(PORTAONE + rows, timezone="UTC")
    assert (found.format, prefixes(found)) == ("portaone", ["91", "9198"])
    first, second = found.rows.iter_rows(named=True)
    assert (first["network_group"], first["outbound_rate"]) == ("India Proper", None)
    assert '"rate":"0.5","increment_s":"60"},{"from_s":"60","rate":"0.4"' in first["schedule"]
    assert (second["outbound_rate"], second["initial_increment_s"], second["blocked"]) == (
        Decimal(1),
        30,
        True,
    )
    apart = sheet(
        "Country Prefix,Destination,Country,Interval First,Interval Next,Price First,Price Next\n"
        "91,22,India,60,60,0.5,0.5\n91,,India,60,60,0.4,0.4\n"
    )
    assert apart.rows.select("prefix", "original_rate").rows() == [("9122", "0.5"), ("91", "0.4")]
    plain = sheet(f"{HEAD}91,India,0.5\n", format="canonical")
    with pytest.raises(SheetError, match=r"is not a tariff of PortaOne.*leave out format='portaone'"):
        sheet(f"{HEAD}91,India,0.5\n", format="portaone")
    assert plain.counts.loaded == 1


def test_prices_of_hours_are_asked_about_without_a_name_that_they_are_not() -> None:
    with pytest.raises(SheetError, match=r"pass leave_out=\('Off-peak Next Price',\) if no price"):
        sheet("Code,Destination,Rate,Off-peak Next Price\n91,India,1,0.5\n")


def test_a_column_of_a_header_that_columns_name_can_be_left_out() -> None:
    text = "Kierunek,Numer,Stawka,Oplata\nIndie,91,0.5,0.2\nIndie M,9198,0.6,0.2\n"
    columns = {"prefix": "Numer", "outbound_rate": "Stawka", "network_group": "Kierunek"}
    with pytest.raises(SheetError, match=r"leave_out=\('Oplata',\)"):
        sheet(text, columns=columns)
    assert prefixes(sheet(text, columns=columns, leave_out="Oplata")) == ["91", "9198"]
    with pytest.raises(SheetError, match="leave_out='Opla' is no column"):
        sheet(text, columns=columns, leave_out="Opla")


def test_R46_a_sheet_of_calls_in_has_prices_of_calls_in() -> None:
    head = ["Code", "Destination", "Rate"]
    book = workbook(
        Outbound=[head, [91, "India", 0.5]], Inbound=[head, [91, "India", 0.2], [92, "Pakistan", 0.3]]
    )
    found = sheet(book, "a.xlsx")
    rows = found.rows.select("prefix", "outbound_rate", "inbound_rate").rows()
    assert rows == [("91", Decimal("0.5"), Decimal("0.2")), ("92", None, Decimal("0.3"))]
    assert "the name of the sheet 'Inbound' says that its prices are of calls in" in reasons(found, "note")


def test_quirk_48_sheets_of_hours_and_messages_are_asked_about() -> None:
    head: list[Any] = ["Code", "Destination", "Rate"]
    book = workbook(Voice=[head, [91, "India", 0.5]], SMS=[head, [92, "Pakistan", 0.1]])
    with pytest.raises(SheetError, match=r"'SMS' speaks of what is no call: pass sheet= .* as sheet='Voice'"):
        sheet(book, "a.xlsx")
    assert prefixes(sheet(book, "a.xlsx", sheet="Voice")) == ["91"]
    bands: dict[str, list[Any]] = {
        "Peak": [head, [91, "India", 0.5]],
        "Off-Peak": [head, [92, "Pakistan", 0.1]],
    }
    hours = workbook(**bands)
    with pytest.raises(SheetError, match="'Off-Peak' speaks of the hours"):
        sheet(hours, "a.xlsx")
    assert prefixes(sheet(hours, "a.xlsx", sheet=("Peak", "Off-Peak"))) == ["91", "92"]


def test_R49_the_name_of_a_sheet_says_its_currency_as_a_title_does() -> None:
    rows: list[Any] = [["Code", "Destination", "Rate"], [44, "UK", 0.01]]
    book = workbook(**{"Rates USD": rows})
    found = sheet(book, "a.xlsx", **{**USD, "currency": None})
    assert found.rows.select("currency", "outbound_rate").row(0) == ("USD", Decimal("0.8"))
    assert "says USD, but currency='INR' was passed" in reasons(sheet(book, "a.xlsx"), "warning")


def test_typed_frames_of_objects_times_and_durations() -> None:
    def read(increment: Any, **more: Any) -> RateSheet:
        frame = pl.DataFrame({"Prefix": ["91"], "Country": ["India"], "Rate": ["0.5"], **more})
        return RateSheet.read(
            frame.with_columns(pl.Series("Increment", [increment])), currency="INR", max_refused=1
        )

    assert read(timedelta(seconds=6)).rows["next_increment_s"].to_list() == [6]
    for odd in (timedelta(seconds=6.5), time(0, 1)):
        assert "not an increment" in reasons(read(odd), "error")
    frame = pl.DataFrame({"Prefix": ["91"], "Country": ["India"], "rate": [{"amount": "0.5", "ccy": "INR"}]})
    with pytest.raises(SheetError, match=r"columns={'outbound_rate': 'rate.amount'}"):
        RateSheet.read(frame)
    columns = {"outbound_rate": "rate.amount", "currency": "rate.ccy"}
    assert RateSheet.read(frame, columns=columns).rows["outbound_rate"].to_list() == [Decimal("0.5")]


def test_quirk_42_a_clock_is_no_increment() -> None:
    found = sheet("Code,Destination,Rate,Increment\n91,India,1,00:01:00\n92,Pakistan,1,1:00\n93,A,1,60/1\n")
    assert (prefixes(found), found.counts.refused) == (["93"], 2)


@pytest.mark.parametrize(("name", "title"), [("rates.csv", "Inbound Rates\n"), ("inbound_rates.csv", "")])
def test_R46_a_title_or_a_file_of_calls_in_is_told(name: str, title: str) -> None:
    text = f"{title}{HEAD}91,India,0.5\n"
    assert "pass columns={'inbound_rate': 'Rate'} if it is of calls in" in reasons(
        sheet(text, name), "warning"
    )
    found = sheet(text, name, columns={"inbound_rate": "Rate"})
    assert (found.rows["inbound_rate"][0], found.rows["outbound_rate"][0]) == (Decimal("0.5"), None)
    assert "calls in" not in reasons(sheet(f"Inbound and outbound\n{HEAD}91,India,0.5\n"))


def test_prices_and_codes_as_lists_of_india_write_them() -> None:
    found = sheet("Country,ISD Code,Rate\nIndia,91,Rs. 5/-\nPakistan,92,\u20b90.50/-\n", currency=None)
    assert found.rows.select("prefix", "outbound_rate").rows() == [("91", Decimal(5)), ("92", Decimal("0.5"))]
