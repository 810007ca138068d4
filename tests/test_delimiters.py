"""Texts whose cells are parted by what seldom parts them, or stand in columns of a fixed width."""

from __future__ import annotations

from pathlib import Path

import pytest

from command import NOW, run
from dialnexa_routing.text.errors import SheetError
from published import reasons, sheet

FIXED = """Acme rates, in force now

Code    Destination           Rate    Increment
91      India                 0.5     60/60
9198    India Mobile         10.6     60/60
923     Pakistan Mobile all 1234.6    60/60
93      Afghanistan                   1/1

All prices exclude every tax, and change without notice.
"""


@pytest.mark.parametrize("mark", ["^", "~", ":", "\x1f", "\x01"])
def test_what_seldom_parts_cells_is_found_where_it_gives_a_header(mark: str) -> None:
    found = sheet("Code,Destination,Rate\n91,India,0.5\n92,Pakistan,0.6\n".replace(",", mark), "rates.txt")
    assert found.rows.select("prefix", "network_group").rows() == [("91", "India"), ("92", "Pakistan")]
    assert f"its cells are parted by {mark!r}" in reasons(found, "note")


def test_what_parts_cells_can_be_named() -> None:
    text = "Kode^Tujuan^Tarif X\n91^India^0.5\n92^Pakistan^0.6\n"
    with pytest.raises(SheetError, match=r"each line is one cell: pass delimiter= .* delimiter='fixed'"):
        sheet(text, "rates.txt")
    with pytest.raises(SheetError, match=r"row 1 may be it: pass columns={'prefix': 'Kode'"):
        sheet(text, "rates.txt", delimiter="^")
    columns = {"prefix": "Kode", "outbound_rate": "Tarif X", "network_group": "Tujuan"}
    found = sheet(text, "rates.txt", delimiter="^", columns=columns)
    assert found.rows["original_rate"].to_list() == ["0.5", "0.6"]
    slashed = sheet("Code/Destination/Rate\n91/India, all/0.5\n", delimiter="/")
    assert slashed.rows["prefix"].to_list() == ["91"]
    tabbed = sheet("Code\tDestination\tRate\n91\tIndia\t0.5\n", delimiter="tab")
    assert tabbed.rows["network_group"].to_list() == ["India"]


@pytest.mark.parametrize("wrong", ["ab", "", '"', "\n", "1", "x", "\u20ac"])
def test_what_cannot_part_cells_is_refused(wrong: str) -> None:
    with pytest.raises(SheetError, match="cannot part cells: pass one sign, as '\\^'"):
        sheet("Code,Rate\n91,1\n", delimiter=wrong)


def test_a_delimiter_of_what_is_no_text_is_refused() -> None:
    with pytest.raises(SheetError, match="delimiter=';' is of texts, and nothing given is one"):
        sheet('[{"prefix": "91", "country": "India", "rate": "1"}]', "a.json", delimiter=";")


def test_columns_of_a_fixed_width_are_asked_about_and_read() -> None:
    with pytest.raises(SheetError, match=r"seem to be of a fixed width: pass delimiter='fixed' if they are"):
        sheet(FIXED, "rates.txt")
    found = sheet(FIXED, "rates.txt", delimiter="fixed")
    rows = found.rows.select("prefix", "network_group", "original_rate", "initial_increment_s", "source_row")
    assert rows.rows() == [
        ("91", "India", "0.5", 60, 4),
        ("9198", "India Mobile", "10.6", 60, 5),
        ("923", "Pakistan Mobile all", "1234.6", 60, 6),
        ("93", "Afghanistan", None, 1, 7),
    ]
    assert found.rows["blocked"].to_list() == [False, False, False, True]
    with pytest.raises(SheetError, match="no line names its columns two blanks or more apart"):
        sheet("a b\n1 2\n", delimiter="fixed")


def test_a_line_that_writes_over_the_blanks_is_refused() -> None:
    wide = FIXED.replace("India Mobile         10.6 ", "India Mobile of all the 10.6 ")
    lines = [f"95{at:<6}Somewhere             0.5     60/60\n" for at in range(10, 40)]
    found = sheet(wide.replace("\nAll prices", "".join(lines) + "\nAll prices"), "r.txt", delimiter="fixed")
    assert found.counts.refused == 1
    assert "9198" not in found.rows["prefix"].to_list()


def test_the_command_line_names_its_own_option(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("rates.txt").write_text(FIXED)
    asked = run("check", "rates.txt", "--currency", "INR", "--at", NOW, code=2)
    assert "--read delimiter=fixed" in asked.output
    done = run("check", "rates.txt", "--currency", "INR", "--read", "delimiter=fixed", "--at", NOW)
    assert done.exit_code == 0
