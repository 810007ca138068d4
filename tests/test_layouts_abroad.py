"""Layouts of carriers abroad and of switches: one answer has all that settles one, and nothing is guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from dialnexa_routing.text.errors import SheetError
from published import reasons, sheet

AT_88: dict[str, Any] = {"inr_per_unit": "88", "inr_on": date(2026, 12, 1)}


def test_a_spanish_list_needs_no_columns() -> None:
    text = (
        "Destino;Prefijo;Tarifa (US$/min);Incremento inicial;Incremento siguiente;Vigencia desde;"
        "Vigencia hasta;Estado\n"
        "Brasil Movil;55119;0,0350;30;6;15/12/2026;31/12/2026;Activo\n"
        "Cuba;53;0,8900;60;60;01/12/2026;;Bloqueado\n"
    )
    with pytest.raises(SheetError, match=r"3 questions.*timezone=.*inr_per_unit=.*ends="):
        sheet(text, currency=None, max_refused=0)
    rows = sheet(text, currency=None, timezone="UTC", ends="whole_day", **AT_88).rows.sort("prefix")
    assert rows["outbound_rate"].to_list() == [Decimal("78.32"), Decimal("3.08")]
    assert rows["blocked"].to_list() == [True, False]
    assert rows["valid_from"].to_list() == [
        datetime(2026, 12, 1, tzinfo=UTC),
        datetime(2026, 12, 15, tzinfo=UTC),
    ]
    assert rows["valid_to"].to_list() == [None, datetime(2027, 1, 1, tzinfo=UTC)]
    assert rows.select("initial_increment_s", "next_increment_s").rows() == [(60, 60), (30, 6)]


def test_advice_knows_the_end_of_a_price_in_other_languages() -> None:
    text = "Code,Destination,Rate,Bis einschl.\n91,India,1,2026-12-31\n"
    with pytest.raises(SheetError, match=r"columns={'valid_to': 'Bis einschl.'}"):
        sheet(text, timezone="UTC")


@pytest.mark.parametrize("header", ["Tarifa/min", "Prix (EUR/minute)", "费率(元/分钟)", "Preis pro Minute"])
def test_the_price_of_a_minute_is_known_by_its_word_alone(header: str) -> None:
    rows = sheet(f"Code,Destination,{header}\n81,Japan,0.25\n", currency="EUR", **AT_88).rows
    assert rows["outbound_rate"].to_list() == [Decimal("22")]


def test_a_fee_for_a_time_is_no_connection_fee() -> None:
    text = "Code,Destination,Rate,Connection fee per minute\n91,India,1,0.5\n"
    with pytest.raises(SheetError, match="'Connection fee per minute' is not read and may hold money"):
        sheet(text)


PULSES = "Operator,Code,Rate (Paise/Pulse),Pulse (sec),GST %\nAirtel,9198,35,30,18\n"


def test_what_a_pulse_costs_is_counted_in_pulses() -> None:
    with pytest.raises(
        SheetError, match=r"'rate_unit_s': …, 'increments': …} with the column of its seconds"
    ):
        sheet(PULSES)
    columns = {"outbound_rate": "Rate (Paise/Pulse)", "rate_unit_s": "Pulse (sec)"}
    # The price alone would bill a call of ten seconds as a minute: two pulses in place of one.
    with pytest.raises(SheetError, match=r"columns={'increments': 'Pulse \(sec\)'} besides"):
        sheet(PULSES, columns=columns, leave_out="GST %")
    read = sheet(PULSES, columns=columns | {"increments": "Pulse (sec)"}, leave_out="GST %")
    assert read.compile().rate("+919812345678", seconds=10).total == Decimal("0.35")
    assert read.compile().rate("+919812345678", seconds=31).total == Decimal("0.70")
    given = sheet(PULSES, columns=columns, leave_out="GST %", pulse="30/30")
    assert given.rows["next_increment_s"].to_list() == [30]


def test_a_tax_is_no_increment_and_no_price() -> None:
    with pytest.raises(SheetError) as raised:
        sheet(PULSES)
    told = str(raised.value)
    assert "'GST %' is not read and may hold money in 1 rows ('18'): pass leave_out=('GST %',)" in told
    assert "or of 'GST %'" not in told


def test_names_under_a_header_that_nobody_knows_are_asked_about_with_the_rest() -> None:
    text = "Code,Area name,Rate\n86,China,0.0150\n8613,China Mobile,0.0180\n"
    with pytest.raises(SheetError, match=r"2 questions.*'network_group': 'Area name'.*currency="):
        sheet(text, currency=None)
    read = sheet(text, columns={"network_group": "Area name"})
    assert read.rows["network_group"].to_list() == ["China", "China Mobile"]


def test_remarks_with_figures_are_warned_of() -> None:
    text = "Code,Destination,Rate,Comments\n91,India,1,min 30 sec\n44,UK,1,direct route\n"
    read = sheet(text)
    warned = read.faults.filter(column="Comments", severity="warning")
    assert warned["row"].to_list() == [2]
    assert "this remark holds a figure and was not read" in warned["reason"][0]
    assert "remarks of 1 rows were not read" in reasons(read, "note")
