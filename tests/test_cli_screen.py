"""screen on real files of each kind: two files out, totals, exit codes, bad input."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
import xlsxwriter

from command import WRITERS, document, folder, instead, run, sentence
from dialnexa_routing.records.call_files import scan

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["folder"]
pytestmark = pytest.mark.usefixtures("shop")

WORKSPACE = """\
id = "shop"
numbers = [{ number = "+14155550100" }, { number = "+14155550199", sip_trunk_enabled = true }]
enabled = [{ provider = "plivo", country_iso = "IN", network_groups = ["India", "India - Mobile"] }]
"""
RECIPIENTS = pl.DataFrame(
    {
        "name": ["a", "b", "c", "d", "e"],
        "phone_number": ["+919812345678", "911234567890", "+12025550123", "x", None],
        "note": ["=1+1", "", None, "é", "007"],
    }
)
OUTPUTS = ("--accepted", "good.csv", "--rejected", "bad.csv")
SHOP = ("--workspace", "shop.toml", "--deck", "plivo=flat.deck", *OUTPUTS)


@pytest.fixture
def shop(folder: Path) -> Path:
    """The folder of all verbs, and a workspace with recipients in it."""
    sheet = pl.read_csv("sheet.csv").filter(pl.col("valid_from").is_null())
    sheet.write_csv("flat.csv")
    run("compile", "flat.csv", "-o", "flat.deck")
    Path("shop.toml").write_text(WORKSPACE, encoding="utf-8")
    for suffix, write in WRITERS.items():
        write(RECIPIENTS, f"recipients{suffix}")
    return folder


def workbook(path: str, sheets: dict[str, Iterable[Iterable[Any]]], hidden: str | None = None) -> None:
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
            if name == hidden:
                sheet.hide()


def outcome(path: str = "bad.csv") -> list[tuple[Any, ...]]:
    return scan(path).select("position", "phone_number", "reason").collect().rows()


@pytest.mark.parametrize("output", WRITERS)
@pytest.mark.parametrize("source", WRITERS)
def test_r39_two_files_come_of_one(source: str, output: str) -> None:
    files = ("--accepted", f"good{output}", "--rejected", f"bad{output}")
    found = document("screen", f"recipients{source}", *instead(SHOP, files), code=1)
    assert found == {
        "input": f"recipients{source}",
        "rows": 5,
        "accepted": {"file": f"good{output}", "rows": 2},
        "rejected": {
            "file": f"bad{output}",
            "rows": 3,
            "by_reason": {"invalid_number": 2, "unsupported_country": 1},
        },
    }
    good = scan(f"good{output}").collect()
    assert good.columns == ["name", "phone_number", "note", "number"]
    assert good.select("name", "phone_number", "number").rows() == [
        ("a", "+919812345678", "+919812345678"),
        ("b", "911234567890", "+911234567890"),
    ]
    bad = scan(f"bad{output}").collect()
    assert bad.columns == ["position", "phone_number", "reason", "sentence"]
    assert [(str(position), number, reason) for position, number, reason, _ in bad.rows()] == [
        ("3", "+12025550123", "unsupported_country"),
        ("4", "x", "invalid_number"),
        ("5", None, "invalid_number"),
    ]
    assert bad["sentence"].to_list() == [
        "no network group of its country is switched on (United States, prefix 1)",
        "this is no phone number: write a plus, the calling code and the number, at most 15 digits",
        "this is no phone number: write a plus, the calling code and the number, at most 15 digits",
    ]


def test_what_is_accepted_keeps_its_cells() -> None:
    run("screen", "recipients.csv", *SHOP, code=1)
    assert Path("good.csv").read_text(encoding="utf-8") == (
        "name,phone_number,note,number\na,+919812345678,'=1+1,+919812345678\n"
        'b,911234567890,"",+911234567890\n'
    )


def test_all_accepted_exits_0_and_so_does_a_file_without_rows() -> None:
    Path("good_ones.csv").write_text("phone_number\n+919812345678\n", encoding="utf-8")
    assert "rejected" in run("screen", "good_ones.csv", *SHOP).stdout
    assert outcome() == []
    Path("none.csv").write_text("phone_number,name\n", encoding="utf-8")
    assert document("screen", "none.csv", *SHOP)["rows"] == 0
    assert scan("good.csv").collect_schema().names() == ["phone_number", "name", "number"]


def test_the_summary_reads_well() -> None:
    shown = run("screen", "recipients.csv", *SHOP, code=1).stdout
    for words in ("rows      5", "2 in good.csv", "3 in bad.csv", "invalid number", "unsupported country"):
        assert words in shown


def test_r40_sources_and_r20_a_trunk() -> None:
    run("screen", "recipients.csv", *SHOP, "--source", "+14155550199", code=1)
    assert {reason for _, _, reason in outcome()} == {"invalid_number", "route_disabled"}
    both = ("--source", "+14155550199", "--source", "+14155550100")
    found = document("screen", "recipients.csv", *SHOP, *both, code=1)
    assert found["accepted"]["rows"] == 2
    Path("shop.toml").write_text("sip_enabled = true\n" + WORKSPACE, encoding="utf-8")
    assert document("screen", "recipients.csv", *SHOP, *both, code=1)["accepted"]["rows"] == 3


def test_r2_how_numbers_are_written_can_be_named() -> None:
    Path("written.csv").write_text("to\n00919812345678\n098123 45679\n", encoding="utf-8")
    how = ("--international-prefix", "00", "--calling-code", "91", "--trunk-prefix", "0")
    run("screen", "written.csv", *SHOP, "--to", "to", *how, "--separators", "removed")
    assert scan("good.csv").collect()["number"].to_list() == ["+919812345678", "+919812345679"]
    run("screen", "written.csv", *SHOP, "--to", "to", code=1)
    assert scan("good.csv").collect().height == 0


def test_a_workbook_is_read_as_text() -> None:
    rows = [("phone_number", "", "id"), (919812345678, "x", 12), ("+1 202", None, 1.5), ("'+33", True, "=1")]
    workbook("recipients.xlsx", {"notes": [("a", "b")], "old": rows, "list": rows}, hidden="old")
    run("screen", "recipients.xlsx", *SHOP, code=1)
    good = scan("good.csv").collect()
    assert good.rows() == [("919812345678", "x", "12", "+919812345678")]
    assert good.columns == ["phone_number", "column_2", "id", "number"]
    assert outcome() == [("2", "+1 202", "invalid_number"), ("3", "'+33", "invalid_number")]


def test_a_workbook_that_does_not_say_who_is_meant_is_refused() -> None:
    column = [("phone_number",), ("+919812345678",)]
    workbook("two.xlsx", {"a": column, "b": column})
    assert "in the sheets 'a' and 'b'" in sentence("screen", "two.xlsx", *SHOP)
    workbook("none.xlsx", {"a": [("phone number",)], "b": []})
    assert "no sheet with a column 'phone_number'; nearest: 'phone number'" in sentence(
        "screen", "none.xlsx", *SHOP
    )
    workbook("twice.xlsx", {"a": [("phone_number", "id", "id")]})
    assert "two columns 'id'" in sentence("screen", "twice.xlsx", *SHOP)
    whole = Path("two.xlsx").read_bytes()
    Path("cut.xlsx").write_bytes(whole[: len(whole) // 2])
    for name in ("cut.xlsx", "missing.xlsx"):
        assert name in sentence("screen", name, *SHOP)
    assert not Path("good.csv").exists()


def test_columns_of_the_names_that_are_added() -> None:
    Path("own.csv").write_text("number,reason,screened_x\n+919812345678,r,s\nx,r,s\n", encoding="utf-8")
    screen = ("screen", "own.csv", *SHOP, "--to", "number")
    assert "there is a column 'number' already; pass --add-prefix" in sentence(*screen)
    run(*screen, "--add-prefix", "our_", code=1)
    good = scan("good.csv").collect()
    assert good.columns == ["number", "reason", "screened_x", "our_number"]
    assert scan("bad.csv").collect_schema().names() == [
        "our_position",
        "number",
        "our_reason",
        "our_sentence",
    ]


def test_a_column_whose_name_reads_as_a_pattern() -> None:
    RECIPIENTS.rename({"phone_number": "^.*$"}).write_csv("odd.csv")
    run("screen", "odd.csv", *SHOP, "--to", "^.*$", code=1)
    assert scan("good.csv").collect().columns == ["name", "^.*$", "note", "number"]
    assert scan("bad.csv").collect().columns == ["position", "^.*$", "reason", "sentence"]


def test_a_dated_deck_needs_a_time() -> None:
    dated = ("--workspace", "shop.toml", "--deck", "plivo=a.deck", *OUTPUTS)
    assert "give --at" in sentence("screen", "recipients.csv", *dated)
    run("screen", "recipients.csv", *dated, "--at", "2026-11-23T10:00:00+05:30", code=1)
    assert (
        "no time with a zone" in run("screen", "recipients.csv", *dated, "--at", "2026-11-23", code=2).stderr
    )


def test_bad_input_is_one_sentence_and_the_old_outputs_stay() -> None:
    for name in ("good.csv", "bad.csv"):
        Path(name).write_text("old", encoding="utf-8")
    RECIPIENTS.with_columns(phone_number=pl.lit(9.19812e11)).write_parquet("typed.parquet")
    Path("twice.csv").write_text("phone_number,id,id\n1,2,3\n", encoding="utf-8")
    Path("broken.csv").write_text("phone_number,id\n+91,5,\n1,2,3,4\n", encoding="utf-8")
    Path("empty.csv").touch()
    Path("link.csv").symlink_to("recipients.csv")
    Path("bad.toml").write_text('id = "shop"\nnumber = 1\nprovider = "twilio"\n', encoding="utf-8")
    shop = ("--workspace", "shop.toml", "--deck", "plivo=flat.deck")
    for source, more, words in (
        ("none.csv", (), "there is no file none.csv"),
        ("sheet.txt", (), "there is no file"),
        ("a.deck", (), ".csv, "),
        ("empty.csv", (), "empty.csv is empty"),
        ("twice.csv", (), "two columns 'id'"),
        ("broken.csv", (), "is the file damaged"),
        ("typed.parquet", (), "column 'phone_number' is Float64; numbers are text or integers"),
        ("recipients.csv", ("--to", "phone"), "no column 'phone'; nearest: 'phone_number'"),
        ("recipients.csv", ("--source", "+14155550111"), "is no number of workspace 'shop'"),
        ("recipients.csv", ("--source", "415"), "write a plus"),
        ("recipients.csv", ("--calling-code", "India"), "the calling code is 'India'"),
        ("recipients.csv", ("--international-prefix", "x"), "as 00 or 011"),
        ("recipients.csv", ("--workspace", "none.toml"), "none.toml cannot be read"),
        ("recipients.csv", ("--workspace", "bad.toml"), "number: is no field there"),
        ("recipients.csv", ("--deck", "other=sheet.csv"), "sheet.csv"),
        ("recipients.csv", ("--accepted", "good.xlsx"), ".parquet, .csv"),
    ):
        assert words in sentence("screen", source, *instead((*shop, *OUTPUTS), more))
    for more in (
        ("--rejected", "./good.csv"),
        ("--accepted", "recipients.csv"),
        ("--rejected", "link.csv"),
        ("--deck", "flat.deck"),
        ("--deck", "plivo=a.deck"),
        ("--separators", "kept"),
    ):
        run("screen", "recipients.csv", *instead((*shop, *OUTPUTS), more), code=2)
    assert [Path(name).read_text(encoding="utf-8") for name in ("good.csv", "bad.csv")] == ["old", "old"]
    assert not list(Path().glob(".*"))
