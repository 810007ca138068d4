"""Any column of money, time, validity or sale, added or renamed: never other rates in silence."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dialnexa_routing.sheets.aliases import ALIASES, INCREMENT_PAIRS
from dialnexa_routing.sheets.column_kinds import _IDLE_WORDS
from dialnexa_routing.sheets.header_keys import normalise
from dialnexa_routing.text.errors import SheetError
from published import sheet

if TYPE_CHECKING:
    import polars as pl

    from dialnexa_routing.sheets import RateSheet

Table = list[list[str]]
OPTIONS: dict[str, Any] = {"timezone": "UTC", "max_refused": 0.5, "dates": "day_first", "ends": "whole_day"}
PRICED = [
    *(
        "prefix",
        "origin",
        "inbound_rate",
        "outbound_rate",
        "rate_unit_s",
        "connect_fee",
        "initial_increment_s",
    ),
    *(
        "next_increment_s",
        "minimum_s",
        "grace_s",
        "free_s",
        "schedule",
        "min_charge",
        "max_charge",
        "valid_from",
    ),
    *("valid_to", "blocked", "exact_match"),
]
SHEETS: dict[str, Table] = {
    "wholesale": [
        ["Destination", "Dial Code", "Rate/Min", "Billing", "Effective", "Status", "Connection Fee"],
        ["India", "91", "0.05", "60/1", "01/02/2026", "Active", "0.2"],
        ["India Mobile", "9198", "0.08", "30/6", "01/02/2026", "Blocked", "0.25"],
        ["France", "33", "0.01", "1/1", "15/03/2026", "Closed", "0"],
        ["France", "33", "0.02", "1/1", "01/01/2026", "Active", "0"],
    ],
    "pairs": [
        ["Code", "Country", "Price", "Initial", "Increment", "Grace", "Valid until", "enabled"],
        ["91", "India", "0.05", "60", "6", "5", "01/02/2027", "yes"],
        ["9198", "India", "0.09", "30", "1", "0", "01/02/2027", "no"],
        ["44", "UK", "1", "25", "8", "7", "", "yes"],
    ],
    "astpp": [
        [
            "Code",
            "Destination",
            "Connection Cost",
            "Grace Time",
            "Cost / Min",
            "Initial Increment",
            "Increment",
        ],
        ["91", "India", "0.5", "3", "1.5", "30", "6"],
        ["44", "UK", "0", "0", "2", "60", "60"],
    ],
    "current": [
        ["Code", "Destination", "Current Rate", "New Rate", "Effective Date", "Minimum seconds", "Max cost"],
        ["91", "India", "1", "2", "01/02/2027", "10", "50"],
        ["44", "UK", "3", "4", "01/02/2027", "0", "60.5"],
    ],
    "kazoo": [
        [
            "prefix",
            "rate_cost",
            "rate_increment",
            "rate_minimum",
            "rate_surcharge",
            "rate_name",
            "iso_country_code",
        ],
        ["91", "0.015", "6", "30", "0.1", "india", "IN"],
        ["44", "0.018", "6", "60", "0.0", "uk", "GB"],
    ],
}
NAMES = {"Destination", "Country", "Dial Code", "Code", "prefix", "rate_name", "iso_country_code"}
_PAIRED = {name for pair in INCREMENT_PAIRS for name in pair}
CELLS = {
    "amounts": st.decimals("0.0001", "99", places=4).map(str),
    "signed": st.integers(1, 99).map("${}".format),
    "whole": st.integers(1, 5000).map(str),
    "blocks": st.sampled_from(["1", "6", "30", "60"]),
    "pairs": st.sampled_from(["1/1", "60/60", "30/6", "60-1"]),
    "dates": st.dates(min_value=date(2020, 1, 1)).map(str),
    "days": st.sampled_from(["01/02/2027", "15.03.2026", "1 Mar 2027", "1 de enero de 2027", "2027年1月1日"]),
    "hours": st.sampled_from(["Peak", "Off-Peak", "08:00-20:00", "Sat-Sun"]),
    "marks": st.sampled_from(["x", "\u2713"]),
    "truth": st.sampled_from(["yes", "no", "true", "false", "0", "1"]),
    "scope": st.sampled_from(["Inbound", "Outbound", "SMS"]),
    "currency": st.sampled_from(["USD", "EUR"]),
    "units": st.sampled_from(["min", "sec", "per call"]),
    "words": st.sampled_from(["Closed", "Active", "Blocked", "Disabled", "Expired"]),
}
CERTAIN = frozenset(["amounts", "signed", "pairs", "dates", "days", "hours", "currency"])
"""Cells that no header but one of keys or names makes harmless."""
_WORDS = [
    "Zuschlag",
    "Tarifa",
    "Takt",
    "Stand",
    "gueltig",
    "aktiv",
    "Preis",
    "prix",
    "coste",
    "montant",
    "duree",
    "pas",
    "mini",
    "maxi",
    "etat",
    "actif",
    "abierto",
    "x",
    "q",
    "Setup",
    "Flagfall",
    "Surcharge",
    "Per_Call",
    "MBSec",
    "rating_step",
    "Zeit",
    "Beginn",
    "Ende",
    "Sperre",
    "Bemerkung",
    "Wert",
    "Betrag",
    "col5",
]
WORDS = st.sampled_from(_WORDS)


def unknown_names() -> st.SearchStrategy[str]:
    """Headers that no canonical column has, and that say nothing about their cells being keys."""
    random = st.text("abcdefghijklmnopqrstuvwxyz_ ", min_size=1, max_size=9).map(str.strip)
    return st.one_of(WORDS, random).filter(_is_unknown)


def _is_unknown(name: str) -> bool:
    key = normalise(name)
    return bool(key) and key not in ALIASES and key not in _PAIRED and not set(key.split("_")) & _IDLE_WORDS


def read(table: Table, **more: Any) -> RateSheet | None:
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in table)
    try:
        return sheet(text, **{**OPTIONS, **more})
    except SheetError:
        return None


def priced(found: RateSheet) -> pl.DataFrame:
    return found.rows.select(PRICED).sort(PRICED)


def check(base: RateSheet, found: RateSheet | None, name: str) -> None:
    if found is None or priced(found).equals(priced(base)):
        return
    loud = found.faults.filter(found.faults["severity"] != "note")
    assert loud.height, (name, found.faults["reason"].to_list())


@settings(max_examples=80, deadline=None)
@given(
    data=st.data(),
    which=st.sampled_from(sorted(SHEETS)),
    name=unknown_names(),
    kind=st.sampled_from(sorted(CELLS)),
)
def test_a_column_added_changes_no_rate_in_silence(
    data: st.DataObject, which: str, name: str, kind: str
) -> None:
    table = SHEETS[which]
    base = read(table)
    assert base is not None
    cells = [data.draw(CELLS[kind]) for _ in table[1:]]
    place = data.draw(st.integers(0, len(table[0])))
    wider = [[*row[:place], cell, *row[place:]] for row, cell in zip(table, [name, *cells], strict=True)]
    found = read(wider)
    check(base, found, name)
    if found is not None:
        told = found.faults.filter(column=name)
        assert told.height, "a column that nobody read was not told of"
        if kind in CERTAIN:
            assert set(told["severity"]) - {"note"}, f"{name} of {kind} passed with a note"


@settings(max_examples=80, deadline=None)
@given(data=st.data(), which=st.sampled_from(sorted(SHEETS)), name=unknown_names())
def test_a_column_renamed_changes_no_rate_in_silence(data: st.DataObject, which: str, name: str) -> None:
    table = SHEETS[which]
    base = read(table)
    assert base is not None
    place = data.draw(st.sampled_from([at for at, head in enumerate(table[0]) if head not in NAMES]))
    assume(name not in table[0])
    renamed = [[*table[0][:place], name, *table[0][place + 1 :]], *table[1:]]
    check(base, read(renamed), name)


@settings(max_examples=40, deadline=None)
@given(
    data=st.data(),
    which=st.sampled_from(sorted(SHEETS)),
    name=unknown_names(),
    kind=st.sampled_from(sorted(CELLS)),
)
def test_a_column_left_out_changes_nothing(data: st.DataObject, which: str, name: str, kind: str) -> None:
    table = SHEETS[which]
    base = read(table)
    assert base is not None
    wider = [
        [*row, cell]
        for row, cell in zip(table, [name, *(data.draw(CELLS[kind]) for _ in table[1:])], strict=True)
    ]
    found = read(wider, leave_out=name)
    assert found is not None
    assert priced(found).equals(priced(base))
    assert found.faults.filter(column=name)["severity"].to_list() == ["warning"]
