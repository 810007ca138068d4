"""The page of the deck file: its tables are what is read, its deck is what is written, byte by byte."""

from __future__ import annotations

import re
from pathlib import Path
from struct import Struct

import pytest

import format_reader
from decks import deck_of
from format_reader import Deck

PAGE = (Path(__file__).parents[1] / "FORMAT.md").read_text(encoding="utf-8")


def rows_of(heading: str) -> list[list[str]]:
    """The rows of the first table below a heading of the page."""
    below = PAGE.split(f"\n{heading}\n", 1)[1]
    lines = below[below.index("\n|") + 1 :].split("\n\n", 1)[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


STRUCTS = {
    "### Header": format_reader.HEADER,
    "### Place": format_reader.PLACE,
    "### Meta": format_reader.META,
    "### Terms": format_reader.TERMS,
}
TYPES = {"8 bytes": "8s", "u32": "I", "u64": "Q", "i64": "q"}


@pytest.mark.parametrize("heading", STRUCTS)
def test_the_page_has_the_offsets_that_are_read(heading: str) -> None:
    layout = ""
    for offset, kind, *_ in rows_of(heading):
        assert int(offset) == Struct("<" + layout).size
        layout += TYPES[kind]
    assert "<" + layout == STRUCTS[heading].format


def test_the_page_names_the_sections_that_are_read() -> None:
    named = [(kind, name) for kind, name, _ in rows_of("### Sections")]
    assert named == [(str(kind), name) for kind, name in enumerate(format_reader.SECTIONS, 1)]


def test_the_deck_on_the_page_is_the_one_that_is_written() -> None:
    heading = "## A deck, byte by byte"
    columns = ("prefix", "network_group", "country_iso", "outbound_rate", "inbound_rate", "exact_match")
    rows = [dict(zip(columns, (cell or None for cell in row), strict=True)) for row in rows_of(heading)]
    deck = deck_of([row | {"exact_match": row["exact_match"] == "yes"} for row in rows])
    shown = PAGE.split(heading, 1)[1].split("```text\n", 1)[1].split("\n```", 1)[0]
    line = re.compile(r"([0-9a-f]{4})(?: x([0-9]+))? +((?:[0-9a-f]{2} )*[0-9a-f]{2})(?:  .*)?")
    data = bytearray(len(deck.to_bytes()))
    lines = [line.fullmatch(one) for one in shown.splitlines() if re.match("[0-9a-f]{4} ", one)]
    for one in lines:
        assert one is not None
        at, some = int(one[1], 16), bytes.fromhex(one[3]) * int(one[2] or 1)
        data[at : at + len(some)] = some
    assert len(lines) > 100
    assert bytes(data) == deck.to_bytes()
    plain = Deck(bytes(data))
    asked_there = re.findall(r"\*\*([0-9]+)\*\*", PAGE)
    groups = [found and found.network_group for found in map(plain.match, asked_there)]
    assert dict(zip(asked_there, groups, strict=True)) == {
        "919812345678": "Mobile",
        "9198760": "Mobile",
        "919876": "Desk",
    }
