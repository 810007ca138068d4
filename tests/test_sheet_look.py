"""A look at a sheet gives what is open as data, and never raises for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from dialnexa_routing.sheets import RateSheet
from dialnexa_routing.text.errors import MoneyError, SheetError
from published import SAMPLES, workbook

if TYPE_CHECKING:
    from pathlib import Path

    from dialnexa_routing.sheets.sheet_look import SheetLook

FOREIGN: list[list[Any]] = [
    ["Acme SA"],
    ["Codes", "Destination", "Price", "Effective", "Fin de date", "Setup"],
    ["93-70", "A", "1,234", "03/04/2026", "2027-01-01", "0,5"],
    ["2345-6", "B", "1,235", "04/05/2026", None, "0,5"],
]


def written(folder: Path, data: bytes, name: str = "deck.xlsx") -> Path:
    (folder / name).write_bytes(data)
    return folder / name


def arguments(found: SheetLook) -> list[str]:
    return [question.argument for question in found.questions]


def test_a_foreign_deck_takes_two_tries(tmp_path: Path) -> None:
    path = written(tmp_path, workbook(Tarifs=FOREIGN))
    found = RateSheet.look(path)
    assert found.is_open
    assert sorted(arguments(found)) == [
        "columns",
        "columns",
        "currency",
        "dates",
        "decimal",
        "hyphens",
        "timezone",
    ]
    assert found.refusal is not None
    assert found.refusal.startswith("7 questions are open: (1) ")
    settled: dict[str, Any] = {
        "columns": {"valid_to": "Fin de date", "connect_fee": "Setup"},
        "currency": "EUR",
        "inr_per_unit": "98",
        "inr_on": "2026-01-05",
        "dates": "day_first",
        "decimal": "comma",
        "hyphens": "joins",
        "timezone": "Europe/Paris",
        "ends": "whole_day",
    }
    again = RateSheet.look(path, **settled)
    assert (again.questions, again.refusal) == ((), None)
    assert RateSheet.read(path, **settled).rows["prefix"].to_list() == ["9370", "23456"]


def test_every_question_names_values_that_settle_it(tmp_path: Path) -> None:
    for question in RateSheet.look(written(tmp_path, workbook(Tarifs=FOREIGN))).questions:
        assert question.values, question
        assert f"{question.argument}=" in question.sentence


def test_the_head_is_shown_as_it_stands(tmp_path: Path) -> None:
    (head,) = RateSheet.look(written(tmp_path, workbook(Tarifs=FOREIGN))).heads
    assert (head.file, head.sheet, head.title) == ("deck.xlsx", "Tarifs", "Acme SA")
    assert head.names[:3] == ("Codes", "Destination", "Price")
    assert head.columns == ("prefix", "network_group", "outbound_rate", "valid_from", None, None)
    assert head.rows[0][:3] == ("93-70", "A", "1,234")


@pytest.mark.parametrize(
    ("text", "argument"),
    [
        ("Kode;Ziel;Tarif\n91;Indien;1\n", "columns"),
        ("Destination,Rate\nIndia,1\n", "columns"),
        ("Code,Destination,Rate\n91,India,1\n91,India,2\n", "on_conflict"),
        ("Country Code,Code,Destination,Rate\n91,22,India,1\n", "columns"),
        ("npanxx,inter,intra\n201555,1,2\n", "jurisdiction"),
        ("Code,Destination,Rate\n44,India,1\n", "country_by"),
        ("Code,Destination,Rate,Status\n91,India,1,Q\n", "statuses"),
        ("Code,Destination,Rate,Pulse\n91,India,1,0\n", "pulse"),
    ],
)
def test_what_is_open_is_never_raised(tmp_path: Path, text: str, argument: str) -> None:
    found = RateSheet.look(written(tmp_path, text.encode(), "deck.csv"), currency="INR")
    assert arguments(found) == [argument]
    assert found.refusal == found.questions[0].sentence


def test_folders_and_plans(tmp_path: Path) -> None:
    for name, rate in (("a", 1), ("b", 2)):
        (tmp_path / f"{name}.csv").write_text(f"Code,Destination,Rate\n91,India,{rate}\n")
    assert arguments(RateSheet.look(tmp_path, currency="INR")) == ["mode"]
    plan = RateSheet.look(SAMPLES / "numbering_plan.csv")
    assert (plan.format, arguments(plan)) == ("numbering_plan", ["calling_code"])
    folder = RateSheet.look(SAMPLES / "cgrates", currency="INR")
    assert (folder.format, folder.questions) == ("cgrates", ())


def test_a_sheet_without_questions() -> None:
    frame = pl.DataFrame({"prefix": ["91"], "country": ["India"], "outbound_rate": ["1"]})
    found = RateSheet.look(frame, origin="91")
    assert (found.format, found.is_open, found.refusal) == ("canonical", False, None)
    assert found.heads[0].rows == (("91", "India", "1"),)
    refused = RateSheet.look(frame.with_columns(prefix=pl.lit("x")))
    assert (refused.questions, refused.refusal is None) == ((), False)


def test_what_is_no_question_is_raised(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        RateSheet.look(tmp_path / "nothing.csv")
    with pytest.raises(SheetError, match="is empty"):
        RateSheet.look(written(tmp_path, b"", "a.csv"))
    with pytest.raises(MoneyError):
        RateSheet.look(tmp_path, **dict[str, Any](inr_per_unit=1.5))
    with pytest.raises(TypeError, match="unknown"):
        RateSheet.look(tmp_path, **dict[str, Any](unknown=1))
