"""The page of the deck file: its tables are what is read, its deck is what is written, byte by byte."""

from __future__ import annotations

import re
from pathlib import Path
from struct import Struct

import polars as pl
import pytest

import format_reader
from decks import deck_of, written
from dialnexa_routing import RateDeck, _deck
from format_reader import INNER, NODE, OFFSET, Deck

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
    "### Note": format_reader.NOTE,
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
    cells = [dict(zip(columns, (cell or None for cell in row), strict=True)) for row in rows_of(heading)]
    rows = [row | {"exact_match": row["exact_match"] == "yes"} for row in cells]
    deck = written(rows, [("writer", "stranger 1.0"), ("tzdata", "2026b")])
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


def nodes(deck: Deck) -> set[int]:
    """The slots of all nodes."""
    decided, found = 2 * deck.depth - 1, set[int]()
    todo = [deck.root(cell) for cell in range(10**decided)]
    while todo:
        slot = todo.pop()
        if slot & NODE and slot not in found:
            found.add(slot)
            todo += [deck.step(slot, pair) for pair in range(100)]
    return found


def test_of_reserved_bits_those_of_nodes_alone_are_not_looked_at() -> None:
    names = ("91981", "919812", "91981234", "9198123456", "919812345678", "447", "44711", "447112233")
    deck = deck_of([{"prefix": name, "network_group": name, "outbound_rate": "1"} for name in names])
    data = bytearray(deck.to_bytes())
    plain = Deck(bytes(data))
    arena = 1 + format_reader.SECTIONS.index("arena")
    (start,) = [
        offset
        for kind, _, offset, _ in (
            format_reader.PLACE.unpack_from(data, 24 + 24 * at) for at in range(data[12])
        )
        if kind == arena
    ]
    found = nodes(plain)
    assert {bool(slot & INNER) for slot in found} == {True, False}
    for slot in found:
        # Bits 110 to 127 of the words 0 to 3, and 100 to 127 of the words 7 to 10.
        ends, children = (start + 4 * ((slot & OFFSET) + word) + 12 for word in (0, 7))
        data[ends : ends + 4] = (int.from_bytes(data[ends : ends + 4], "little") | 0xFFFFC000).to_bytes(
            4, "little"
        )
        if slot & INNER:
            data[children] |= 0xF0
            data[children + 1 : children + 4] = b"\xff" * 3
    strange = RateDeck.from_bytes(bytes(data), verify=False)
    numbers = pl.Series([digits for name in names for digits in (name, name + "9", name + "00", name[:-1])])
    good = deck.match(numbers, fields="prefix")
    for walk in _deck.walks():
        answer = strange._core.match_column(numbers, ["prefix"], name="m", alone=True, walk=walk)
        assert pl.Series("m", answer).to_list() == good.to_list()
    assert [one and one.prefix for one in map(strange.match, numbers)] == good.to_list()
    assert [one and one.prefix for one in map(Deck(bytes(data)).match, numbers)] == good.to_list()
    assert strange.rows().equals(deck.rows())
