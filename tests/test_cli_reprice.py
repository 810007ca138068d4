"""reprice on files: decks and books, the rows that differ, and an exit code that stops a bad sheet."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from command import SHEET, document, folder, run, sentence
from decks import utc
from dialnexa_routing import RateDeck
from dialnexa_routing.deck.deck_book import DeckBook

__all__ = ["folder"]
pytestmark = pytest.mark.usefixtures("folder")


@pytest.fixture(autouse=True)
def _decks(folder: Path) -> None:
    Path("dear.csv").write_text(SHEET.replace("0.65", "0.80"), encoding="utf-8")
    Path("none.csv").write_text("prefix,country,outbound_rate\n61,Australia,1\n", encoding="utf-8")
    for name in ("dear", "none"):
        run("compile", f"{name}.csv", "-o", f"{name}.deck")


@pytest.mark.parametrize("kind", [".parquet", ".csv", ".arrow"])
def test_the_change_is_the_same_from_each_kind_of_file(kind: str) -> None:
    asked = ("reprice", f"calls{kind}", "--old", "a.deck", "--new", "dear.deck")
    found = document(*asked, "--by", "country_iso", "--by", "network_group", "--out", f"rows{kind}")
    assert found["totals"]["change"] == "0.66"
    assert found["by_group"]["rows"][0]["old_network_group"] == "India - Mobile"
    assert (found["old"], found["old_digest"]) == ("a.deck", RateDeck.open("a.deck").digest)
    read = {".parquet": pl.read_parquet, ".csv": pl.read_csv, ".arrow": pl.read_ipc}[kind]
    rows = read(f"rows{kind}")  # type: ignore[operator]
    assert rows.select("call", "new_network_group").rows() == [(0, "India - Mobile")]
    assert str(rows["change"][0]) == "0.66"


def test_people_read_it() -> None:
    text = run(
        "reprice", "calls.parquet", "--old", "a.deck", "--new", "dear.deck", "--html", "page.html"
    ).stdout
    assert text.startswith("8 calls, 4 rated by both: ")
    assert "change +₹0.66" in text
    assert "India - Mobile" in Path("page.html").read_text("utf-8")


def test_it_exits_1_if_calls_can_no_longer_be_made() -> None:
    found = document("reprice", "calls.parquet", "--old", "a.deck", "--new", "none.deck", code=1)
    assert found["totals"]["only_by_old"] == 4
    run("reprice", "calls.parquet", "--old", "none.deck", "--new", "a.deck", code=0)


def test_a_folder_with_a_book_is_taken_for_a_deck() -> None:
    old, dear = RateDeck.open("a.deck"), RateDeck.open("dear.deck")
    DeckBook({utc(2020, 1, 1): old, utc(2030, 1, 1): dear}).save("book")
    same = document("reprice", "calls.csv", "--old", "a.deck", "--new", "book")
    assert same["totals"]["change"] == "0.00"
    later = ("--new-at", "2030-01-01T00:00:00Z")
    assert (
        document("reprice", "calls.csv", "--old", "a.deck", "--new", "book", *later)["totals"]["change"]
        == "0.66"
    )


def test_what_is_wrong_is_one_sentence() -> None:
    asked = ("reprice", "calls.parquet", "--old", "a.deck", "--new")
    Path("empty").mkdir()
    assert "book.toml" in sentence(*asked, "empty")
    assert "sheet.csv" in sentence(*asked, "sheet.csv")
    assert "no column 'shop'" in sentence(*asked, "dear.deck", "--by", "shop")
    assert "one of the inputs" in sentence(*asked, "dear.deck", "--html", "dear.deck")
    assert "one of the inputs" in sentence(*asked, "dear.deck", "--out", "calls.parquet")
    assert "--new-at" in run(*asked, "dear.deck", "--new-at", "2026-10-01", code=2).stderr
    pl.DataFrame({"to": [True], "seconds": [1]}).write_parquet("flags.parquet")
    assert "Boolean" in sentence("reprice", "flags.parquet", "--old", "none.deck", "--new", "none.deck")
