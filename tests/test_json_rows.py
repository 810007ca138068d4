"""JSON of providers nobody listed: a list of objects is a table, wherever it stands."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from dialnexa_routing.sheets import RateSheet
from dialnexa_routing.sheets.providers import json_rows
from dialnexa_routing.sheets.providers.json_rows import rows_of
from dialnexa_routing.text.errors import SheetError
from published import USD, prefixes, reasons, sheet

if TYPE_CHECKING:
    from pathlib import Path


def read(document: Any, **options: Any) -> Any:
    return sheet(json.dumps(document), "rates.json", **options)


def prices(document: Any, **options: Any) -> list[tuple[str, Decimal]]:
    found = read(document, **options)
    assert found.format == "json_rows"
    return list(found.rows.select("prefix", "outbound_rate").iter_rows())


def test_a_list_of_objects() -> None:
    rows = [
        {"dialCode": "91", "destination": "India", "pricePerMinute": "0.02"},
        {"dialCode": "9198", "destination": "India Mobile", "pricePerMinute": 0.03},
    ]
    expected = [("91", Decimal("1.6")), ("9198", Decimal("2.4"))]
    assert prices(rows, **USD) == expected
    assert prices({"status": "success", "total": 2, "data": rows}, **USD) == expected
    assert prices({"result": {"data": rows}, "currency": "USD"}, **{**USD, "currency": None}) == expected


def test_what_stands_around_a_list_is_of_each_row() -> None:
    document = {
        "currency": "USD",
        "validFrom": "2026-12-01",
        "prices": [
            {
                "country": "IN",
                "terminations": [{"prefix": "91", "price": 0.02}, {"prefix": "919", "price": 0.03}],
            },
            {"country": "PK", "terminations": [{"prefix": ["92", "923"], "price": 0.05}]},
        ],
    }
    found = read(document, timezone="UTC", **{**USD, "currency": None})
    assert prefixes(found) == ["91", "919", "92", "923"]
    assert found.rows["country_iso"].to_list() == ["IN", "IN", "PK", "PK"]
    assert found.rows["original_rate"].to_list() == ["0.02", "0.03", "0.05", "0.05"]
    assert {f"{day:%F}" for day in found.rows["valid_from"]} == {"2026-12-01"}


def test_members_of_members_are_columns_that_can_be_named() -> None:
    rate = {"amount": "2", "ccy": "INR"}
    document = {"items": [{"country": "India", "prefixes": ["91", "9198"], "rate": rate}]}
    with pytest.raises(SheetError, match=r"columns={'outbound_rate': 'rate.amount'}"):
        read(document, currency=None)
    columns = {"outbound_rate": "rate.amount", "currency": "rate.ccy"}
    assert prices(document, columns=columns, currency=None) == [("91", Decimal(2)), ("9198", Decimal(2))]
    wrapped = {"data": [{"id": "7", "attributes": {"prefix": "91", "network": "India", "rate": "2"}}]}
    assert prices(wrapped) == [("91", Decimal(2))]


@pytest.mark.parametrize(
    ("member", "value", "told"),
    [
        ("entryFee", "0.2", "leave_out=('entryFee',)"),
        ("initialBillingInterval", 30, "leave_out=('initialBillingInterval',)"),
        ("disabledUntil", "2026-12-01", "leave_out=('disabledUntil',)"),
        ("peakHours", "08:00-20:00", "leave_out=('peakHours',)"),
        ("type", "inbound", "columns={'direction': 'type'}"),
        ("surcharge", {"eea": "0.1"}, "leave_out=('surcharge.eea',)"),
    ],
)
def test_members_that_may_decide_a_price_are_asked_about(member: str, value: Any, told: str) -> None:
    with pytest.raises(SheetError) as caught:
        read([{"prefix": "91", "country": "India", "rate": "1", member: value}])
    assert told in str(caught.value)


def test_several_lists_are_asked_about() -> None:
    row = {"prefix": "91", "country": "India", "rate": "1"}
    document = {"outbound": [row], "inbound": [{**row, "rate": "2"}]}
    with pytest.raises(SheetError, match=r"rows under 'outbound' and 'inbound'.* pass sheet='outbound'"):
        read(document)
    assert prices(document, sheet="outbound") == [("91", Decimal(1))]


def test_a_row_with_rows_inside_it_keeps_its_own_price() -> None:
    inside = [{"prefix": "9198", "rate": "2"}]
    document = [{"country": "India", "prefix": "91", "rate": "1", "special": inside}]
    assert list(rows_of({"rates": document})) == ["rates", "rates.special"]
    with pytest.raises(SheetError, match="pass sheet="):
        read({"rates": document})
    assert prices({"rates": document}, sheet=["rates", "rates.special"]) == [
        ("91", Decimal(1)),
        ("9198", Decimal(2)),
    ]


@pytest.mark.parametrize("document", [[], [1, 2], {"91": "0.02"}, {"data": None}, "text"])
def test_what_has_no_rows_is_refused(document: Any) -> None:
    with pytest.raises(SheetError, match="no list of objects in it could be rows"):
        read(document)


def test_a_look_shows_each_list(tmp_path: Path) -> None:
    path = tmp_path / "rates.json"
    row = {"prefix": "91", "country": "India", "rate": "1"}
    path.write_text(json.dumps({"in": [row], "out": [row]}))
    found = RateSheet.look(path, currency="INR")
    assert [(head.sheet, head.names) for head in found.heads] == [("in", tuple(row)), ("out", tuple(row))]
    assert [(one.argument, one.values) for one in found.questions] == [("sheet", ("'in'", "'out'"))]


ROWS = [
    {"prefix": "91", "country": "India", "rate": "1"},
    {"prefix": "9198", "country": "India", "rate": 2},
]
LINES = "\n".join(map(json.dumps, ROWS))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("rates.jsonl", LINES),
        ("rates.ndjson", LINES.replace("\n", "\r\n\r\n") + "\r\n"),
        ("rates.json", LINES),
        ("rates.txt", LINES),
        ("rates.csv", json.dumps(ROWS)),
        ("rates.json", "\n".join(json.dumps(row, indent=2) for row in ROWS)),
        ("rates.jsonl", "".join(f"\x1e{line}\n" for line in LINES.split("\n"))),
        ("rates", LINES),
    ],
)
def test_objects_may_stand_one_on_each_line(name: str, text: str) -> None:
    for data in (text.encode(), ("\ufeff" + text).encode(), text.encode("utf-16")):
        if data[:1] in b"\xff\xfe" and not name.endswith(("json", "jsonl")):
            continue  # only JSON itself says in which encoding it is
        found = sheet(data, name)
        assert list(found.rows.select("prefix", "outbound_rate").iter_rows()) == [("91", 1), ("9198", 2)]
        assert found.rows["source_row"].to_list() == [1, 2]


def test_lines_are_read_of_folders_and_archives_too(tmp_path: Path) -> None:
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(json.dumps(ROWS[1]).encode()))
    (tmp_path / "c.doc").write_text("a letter")
    found = RateSheet.read(tmp_path, currency="INR")
    assert prefixes(found) == ["9198"]
    assert "c.doc stood beside and were not read" in reasons(found, "warning")
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("out/rates.ndjson", LINES)
    assert prefixes(sheet(held.getvalue(), "rates.zip")) == ["91", "9198"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (LINES + '\n{"prefix": "93",\n', "breaks off as JSON in line 4"),
        ('["91", "1"]\n["92", "2"]\n', "only objects may, one a line"),
        (f"{json.dumps(ROWS)}\n{json.dumps(ROWS)}", "only objects may, one a line"),
        (LINES + " x", "breaks off as JSON in line 2"),
    ],
)
def test_lines_that_are_no_objects_are_refused(text: str, told: str) -> None:
    with pytest.raises(SheetError, match=told):
        sheet(text, "rates.jsonl")


def test_lists_of_cells_are_rows_under_the_names_beside_or_above_them() -> None:
    names, cells = ["Code", "Destination", "Rate"], [["91", "India", "1"], ["9198", "India Mobile", 2]]
    expected = [("91", Decimal(1)), ("9198", Decimal(2))]
    assert prices([names, *cells]) == expected
    assert prices({"range": "A1:C3", "majorDimension": "ROWS", "values": [names, *cells]}) == expected
    assert prices({"columns": names, "index": [0, 1], "data": cells}) == expected
    assert prices({"headers": names, "rows": cells}) == expected
    with pytest.raises(SheetError, match="no list of objects in it could be rows"):
        read({"values": cells})
    assert rows_of([{"prefix": "91", "names": ["India", "IN"]}]) == {
        "": [{"prefix": "91", "names": "India,IN"}]
    }


def test_a_document_is_walked_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    walks: list[Any] = []

    def counted(document: Any) -> dict[str, Any]:
        walks.append(document)
        return rows_of(document)

    monkeypatch.setattr(json_rows, "rows_of", counted)
    path = tmp_path / "rates.json"
    path.write_text(json.dumps(ROWS))
    RateSheet.read(path, currency="INR")
    assert len(walks) == 1
    RateSheet.look(path, currency="INR")
    assert len(walks) == 2
