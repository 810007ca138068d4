"""Quirks 23, 33, 34, 61 and 62: dates, next prices, withdrawals elsewhere, and several decks."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dialnexa_routing.sheets import RateSheet
from dialnexa_routing.text.errors import SheetError
from published import prefixes, reasons, sheet, workbook

OPTIONS: dict[str, Any] = {"currency": "INR", "timezone": "UTC"}


def day(month: int, number: int, year: int = 2026) -> datetime:
    return datetime(year, month, number, tzinfo=UTC)


def dated(*cells: str, **options: Any) -> RateSheet:
    lines = [f'{91 + at},G,1,"{cell}"' for at, cell in enumerate(cells)]
    return sheet("\n".join(["Code,Destination,Rate,Effective", *lines]), **{"timezone": "UTC", **options})


def starts(found: RateSheet) -> list[datetime | None]:
    return found.rows["valid_from"].to_list()


def test_quirk_23_the_next_price_in_the_same_row() -> None:
    text = (
        "Code,Destination,Rate,Connection fee,Next rate,Next connection fee,Effective at\n"
        "91,India,1,0.1,2,,2026-03-01\n92,P,3,0,,,\n93,A,1,0,2,0,\n"
    )
    found = sheet(text, timezone="UTC")
    rows = found.rows.select("prefix", "outbound_rate", "connect_fee", "valid_from", "valid_to", "source_row")
    assert [(p, f"{r:.0f}", f"{f:.1f}", a, b, n) for p, r, f, a, b, n in rows.rows()] == [
        ("91", "1", "0.1", None, day(3, 1), 2),
        ("92", "3", "0.0", None, None, 3),
        ("93", "1", "0.0", None, None, 4),
        ("91", "2", "0.1", day(3, 1), None, 2),
    ]
    assert (found.counts.read, found.counts.refused) == (5, 1)
    assert "no date beside the next price" in reasons(found, "error")


def test_quirk_33_removals_on_another_sheet() -> None:
    rates: list[list[Any]] = [
        ["Destination", "Code", "Rate", "Effective Date"],
        ["India", "91", "1", None],
        ["Lost", "92", "2", None],
    ]
    changes = [
        ["Destination", "Effective Date", "Code(s)", "Comments"],
        ["Lost", "2026-03-01", "92", "Code Removal"],
        ["India", "2026-03-01", "91", "Code Addition"],
        ["Gone", "2026-03-01", "93, 94", "Code Removal"],
    ]
    found = sheet(workbook(Rates=rates, Changes=changes), "deck.xlsx", timezone="UTC")
    assert found.rows.select("prefix", "valid_to").rows() == [("91", None), ("92", day(3, 1))]
    assert (found.counts.read, found.counts.noise) == (6, 4)
    assert "2 withdrawn prefixes have no other row" in reasons(found)


def decks(tmp_path: Path, *texts: str) -> list[Path]:
    paths = [tmp_path / f"deck{at}.csv" for at in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text)
    return paths


OLD = "Code,Destination,Rate,Effective\n91,India,1,2026-01-01\n92,P,1,2026-01-01\n"
NEW = "Code,Destination,Rate,Effective\n91,India,2,2026-03-01\n93,A,3,2026-03-01\n"


def test_quirk_34_replace_or_update_is_never_guessed(tmp_path: Path) -> None:
    paths = decks(tmp_path, OLD, NEW)
    with pytest.raises(SheetError, match=r"the first is 91: pass mode='update' .* or mode='replace'"):
        RateSheet.read(paths, **OPTIONS)
    update = RateSheet.read(paths, mode="update", **OPTIONS)
    assert update.rows.select("prefix", "valid_to").sort("prefix", "valid_to").rows() == [
        ("91", None),
        ("91", day(3, 1)),
        ("92", None),
        ("93", None),
    ]
    replace = RateSheet.read(paths, mode="replace", **OPTIONS)
    assert sorted(prefixes(replace)) == ["91", "91", "93"]
    assert (replace.counts.read, replace.counts.noise) == (4, 1)
    apart = decks(tmp_path, OLD, NEW.replace("91,India", "94,L"))
    assert RateSheet.read(apart, **OPTIONS).counts.loaded == 4


def test_quirk_34_a_replacement_with_its_date_ends_the_rest_on_it(tmp_path: Path) -> None:
    title = "Issue date:,2026-02-20\n"
    old, new = decks(tmp_path, "Issue date:,2026-01-01\n" + OLD, title + NEW)
    rows = RateSheet.read(tmp_path, mode="replace", **OPTIONS).rows
    assert rows.filter(prefix="92")["valid_to"].to_list() == [day(2, 20)]
    late = RateSheet.read([new, old], mode="update", **OPTIONS)
    assert "give the files oldest first (quirk 62)" in reasons(late)
    undated = decks(tmp_path, OLD.replace("2026-01-01", ""), NEW)
    with pytest.raises(SheetError, match="has no date, so its place among the decks is not known"):
        RateSheet.read(tmp_path, mode="update", **OPTIONS)
    assert RateSheet.read(undated, mode="update", **OPTIONS).counts.loaded == 4


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "16/09/2026",
            "16.09.2026",
            "16-09-2026",
            "2026/09/16",
            "20260916",
            "16-Sep-2026",
            "16 September 2026",
        ),
        *(
            "16-Sep-26",
            "Sep 16, 2026",
            "Wednesday, 16 September 2026",
            "46281",
            "46281.0",
            "16/09/2026 00:00",
        ),
        *(
            "2026-09-16 00:00:00 UTC",
            "16/09/2026 00:00 GMT",
            "2026-09-16T00:00:00Z",
            "16/09/2026 02:00 +0200",
        ),
        "16/09/2026 12:00:00 AM",
    ],
)
def test_quirk_61_a_date_in_any_pattern(cell: str) -> None:
    assert starts(dated(cell)) == [day(9, 16)]


def test_quirk_61_day_and_month_are_decided_by_the_column() -> None:
    assert starts(dated("03/04/2026", "16/04/2026")) == [day(4, 3), day(4, 16)]
    assert starts(dated("03/04/2026", "04/16/2026")) == [day(3, 4), day(4, 16)]
    assert starts(dated("05/05/2026")) == [day(5, 5)]
    for cells in (("03/04/2026",), ("16/04/2026", "04/16/2026")):
        with pytest.raises(SheetError, match="dates='day_first' or dates='month_first'"):
            dated(*cells)
    assert starts(dated("03/04/2026", dates="day_first")) == [day(4, 3)]
    assert starts(dated("03/04/26", dates="month_first")) == [day(3, 4)]
    stated = sheet("Code,Destination,Rate,Effective Date (dd/mm/yyyy)\n91,I,1,03/04/2026\n", timezone="UTC")
    assert starts(stated) == [day(4, 3)]


def test_quirk_61_asap_serials_with_a_time_and_nonsense() -> None:
    found = dated("ASAP", "46281.5", "someday", "31/02/2026")
    assert starts(found) == [None, datetime(2026, 9, 16, 12, tzinfo=UTC)]
    assert "1 rows say 'ASAP'" in reasons(found, "note")
    assert "is not a date" in reasons(found, "error")
    assert "not a moment of the calendar" in reasons(found, "error")


def test_quirk_62_the_date_of_issue_is_kept() -> None:
    found = sheet("Acme\nIssue date:,16/09/2026\n\nCode,Destination,Rate\n91,India,1\n")
    assert found.faults["value"][0] == "Acme; Issue date: 16/09/2026"
    assert (found.counts.read, found.rows["source_row"][0]) == (1, 5)


def test_a_list_of_json_files_needs_no_mode(tmp_path: Path) -> None:
    for iso, code in (("IN", "91"), ("GB", "44")):
        rates = [{"prefix": [code], "rate": "1"}]
        body = {"country": iso, "country_iso": iso, "voice": {"outbound": {"rates": rates}}}
        (tmp_path / f"{iso}.json").write_text(json.dumps(body))
    assert prefixes(RateSheet.read(tmp_path, currency="INR")) == ["44", "91"]
