"""Every field of a deck's header with values that it cannot have: an error that names it, never a guess.

A value that changes nothing of what is asked (of a section that is empty anyway) may give the same answers.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import pytest

from counts import counted
from decks import DATED, INDIA, MOBILE, deck_of, utc
from dialnexa_routing import DeckError, RateDeck
from format_reader import HEADER, META, PLACE, SECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WHOLE = deck_of([*INDIA, *({**row, "prefix": "44" + row["prefix"]} for row in DATED)]).to_bytes()
NUMBERS = [MOBILE, "+919812345678", "+18765550123", "+4491981234567", "+44911", "+861012345678"]
U32, U64 = 1 << 32, 1 << 64


class Field(NamedTuple):
    """Where a field of the header stands, and the words that an error has which names it."""

    name: str
    at: int
    size: int
    words: str


class Place(NamedTuple):
    kind: int
    at: int
    offset: int
    length: int


def places() -> list[Place]:
    count = HEADER.unpack_from(WHOLE)[2]
    starts = [HEADER.size + PLACE.size * number for number in range(count)]
    found = [(start, PLACE.unpack_from(WHOLE, start)) for start in starts]
    return [Place(kind, start, offset, length) for start, (kind, _, offset, length) in found]


PLACES = places()
(DESCRIPTION,) = (place.offset for place in PLACES if place.kind == 1)
PARTS = r"sections?|table|description|columns of entries|number of entries"
FIELDS = [
    Field("mark", 0, 8, "does not begin with the deck mark"),
    Field("version", 8, 4, r"the deck is of format [0-9]+, and format [0-9]+ is the (oldest|newest)"),
    Field("sections", 12, 4, PARTS),
    Field("length", 16, 8, "where its header says"),
    *(
        Field(f"{SECTIONS[place.kind - 1]} {name}", place.at + at, size, words)
        for place in PLACES
        for name, at, size, words in [
            ("kind", 0, 4, PARTS),
            ("offset", 8, 8, "section (offset|bounds)"),
            ("length", 16, 8, "section (length|bounds)"),
        ]
    ),
    Field("depth", DESCRIPTION + 16, 4, "number of table digits|table"),
    Field("entries", DESCRIPTION + 24, 4, "number of entries|columns of entries"),
    *(
        Field(f"width {number}", DESCRIPTION + META.size - 8 * number + 4, 4, "columns of entries")
        for number in range(1, 5)
    ),
]


def bad(field: Field) -> list[int]:
    """Ten values that it cannot have."""
    end = len(WHOLE) - 32
    of = next((place for place in PLACES if place.at <= field.at < place.at + PLACE.size), None)
    if field.name.endswith(" offset") and of is not None:
        beyond = end - of.length + 1
        return [
            beyond,
            beyond + 63,
            end + 1,
            end + 33,
            U32,
            1 << 40,
            1 << 63,
            U64 - 64,
            U64 - 1,
            (1 << 63) - 1,
        ]
    if field.name.endswith(" length") and of is not None:
        beyond = end - of.offset + 1
        return [
            beyond,
            beyond + 4,
            beyond + 31,
            U32,
            1 << 40,
            1 << 63,
            U64 - of.offset,
            U64 - 1,
            U64 - 64,
            U64 // 2,
        ]
    if field.name.endswith(" kind") and of is not None:
        others = [place.kind for place in PLACES if place.kind != of.kind and place.length]
        return [0, *others][:10]
    if field.name == "length":
        size = len(WHOLE)
        return [0, 1, 24, size - 1, size + 1, size - 32, size + 32, U32, 1 << 63, U64 - 1]
    if field.name == "mark":
        mark = int.from_bytes(WHOLE[:8], "little")
        return [0, U64 - 1, *(mark ^ (1 << bit) for bit in (0, 7, 13, 22, 31, 40, 57, 63))]
    if field.name == "version":
        return [0, 1, 2, 9, 255, 256, 1 << 16, 1 << 31, U32 - 1, 0x0300_0000]
    if field.name == "sections":
        return [0, 1, 2, 5, 8, 255, 1 << 16, 1 << 24, 1 << 31, U32 - 1]
    if field.name == "depth":
        return [0, 1, 5, 6, 7, 64, 255, 1 << 16, 1 << 31, U32 - 1]
    if field.name == "entries":
        return [0, 1, 2, 200, 255, 1 << 16, 1 << 26, (1 << 26) + 1, 1 << 31, U32 - 1]
    return [5, 6, 7, 8, 64, 255, 1 << 16, 1 << 24, 1 << 31, U32 - 1]


def patched(field: Field, value: int) -> bytes:
    return WHOLE[: field.at] + value.to_bytes(field.size, "little") + WHOLE[field.at + field.size :]


def answers(deck: RateDeck) -> str:
    told = [str(deck.match(number, at=at)) for number in NUMBERS for at in (utc(2025, 1, 1), utc(2027, 1, 1))]
    rated = [str(deck.rate(number, 61, at=utc(2026, 6, 1)).total) for number in NUMBERS]
    return "\n".join([*told, *rated, str(deck.rows().rows()), str(deck.network_groups)])


def opened(data: bytes) -> tuple[RateDeck | None, str]:
    """A deck without a look at its digest, or why it is none."""
    try:
        return RateDeck.from_bytes(data, verify=False), ""
    except DeckError as error:
        return None, str(error)


def cases() -> Iterator[tuple[Field, int]]:
    for field in FIELDS:
        now = int.from_bytes(WHOLE[field.at : field.at + field.size], "little")
        for value in bad(field):
            if value != now:
                yield field, value


def test_each_bad_value_of_a_header_field_is_an_error_that_names_it(tmp_path: Path) -> None:
    whole, named, same = answers(RateDeck.from_bytes(WHOLE)), 0, []
    path = tmp_path / "bad.deck"
    for field, value in cases():
        data = patched(field, value)
        deck, told = opened(data)
        if deck is None:
            assert re.search(field.words, told), (field, value, told)
            named += 1
            with pytest.raises(DeckError, match=re.escape(told)):
                RateDeck.from_bytes(data)
            continue
        same.append((field.name, value))
        with suppress(DeckError):
            assert answers(deck) == whole, (field, value)
        with pytest.raises(DeckError, match="digest"):
            RateDeck.from_bytes(data)
        path.write_bytes(data)
        with pytest.raises(DeckError, match=r"bad\.deck"):
            RateDeck.open(path)
    assert named >= 200
    counted(named, "bad values")
    assert len({field.name for field, _ in cases()}) >= 45
    # Only sections that are empty, or numbers of sections without those at the end, pass for the rest.
    assert len(same) < named // 10, same


@pytest.mark.parametrize("field", FIELDS[:4], ids=lambda field: field.name)
def test_a_bad_header_of_a_file_is_named_with_the_file(tmp_path: Path, field: Field) -> None:
    path = tmp_path / "bad.deck"
    for value in bad(field):
        path.write_bytes(patched(field, value))
        for how in ({}, {"verify": False}, {"load": True}, {"load": False}):
            with pytest.raises(DeckError, match=r"bad\.deck"):
                RateDeck.open(path, **how)
