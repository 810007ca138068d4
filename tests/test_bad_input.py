"""Damaged decks and impossible sheets: an exception that says what to do, never a crash or a guess."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import dialnexa_routing
from counts import counted, times
from decks import DATED, INDIA, MOBILE, deck_of, sheet
from dialnexa_routing import DeckError, MoneyError, NumberError, RateDeck, SheetError, records

WHOLE = deck_of([*INDIA, *({**row, "prefix": "44" + row["prefix"]} for row in DATED)]).to_bytes()
DECK = int.from_bytes(WHOLE[16:24], "little")
"""Bytes of the deck, behind which its note stands."""


@pytest.mark.parametrize("flip", [0x01, 0x80, 0xFF])
def test_every_changed_byte_is_seen(flip: int) -> None:
    assert len(WHOLE) < 10_000
    for at in range(len(WHOLE)):
        damaged = WHOLE[:at] + bytes([WHOLE[at] ^ flip]) + WHOLE[at + 1 :]
        with pytest.raises(DeckError):
            RateDeck.from_bytes(damaged)


def test_every_cut_is_seen() -> None:
    """All but one: a deck without the note of who wrote it is whole, and the same deck."""
    assert RateDeck.from_bytes(WHOLE[:DECK]) == RateDeck.from_bytes(WHOLE)
    for end in {*range(len(WHOLE))} - {DECK}:
        with pytest.raises(DeckError):
            RateDeck.from_bytes(WHOLE[:end], verify=False)
    with pytest.raises(DeckError, match="bytes where its header says"):
        RateDeck.from_bytes(WHOLE + b"\0", verify=False)


def test_damage_is_seen_in_files_too(tmp_path: Path) -> None:
    path = tmp_path / "damaged.deck"
    for at in range(0, len(WHOLE), 97):
        path.write_bytes(WHOLE[:at] + bytes([WHOLE[at] ^ 1]) + WHOLE[at + 1 :])
        with pytest.raises(DeckError, match=r"damaged\.deck"):
            RateDeck.open(path)
    path.write_bytes(WHOLE)
    assert RateDeck.open(path).to_bytes() == WHOLE


def test_a_digest_alone_is_not_trusted_when_asked_to_verify(tmp_path: Path) -> None:
    path = tmp_path / "quiet.deck"
    path.write_bytes(WHOLE[: DECK - 1] + bytes([WHOLE[DECK - 1] ^ 1]) + WHOLE[DECK:])
    deck = RateDeck.open(path, verify=False)
    with pytest.raises(DeckError, match="damaged"):
        deck.verify()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not a deck"),
        (b"prefix,rate\n91,0.60\n", "not a deck"),
        (b"DNXDECK\n", "bytes where its header says"),
        (WHOLE[:8] + b"\x09\0\0\0" + WHOLE[12:], "of format 9, and format 4 is the newest"),
        (WHOLE[:12] + b"\xff\0\0\0" + WHOLE[16:], "sections"),
        (b"\0" * len(WHOLE), "not a deck"),
    ],
    ids=["empty", "csv", "mark alone", "version", "sections", "zeros"],
)
def test_what_is_no_deck_says_so(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "some.file"
    path.write_bytes(data)
    for verify in (True, False):
        with pytest.raises(DeckError, match=says):
            RateDeck.from_bytes(data, verify=verify)
        with pytest.raises(DeckError, match=says):
            RateDeck.open(path, verify=verify)


def test_paths_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as missing:
        RateDeck.open(tmp_path / "missing.deck")
    assert str(tmp_path / "missing.deck") in str(missing.value)
    with pytest.raises(IsADirectoryError):
        RateDeck.open(tmp_path)
    with pytest.raises(NotADirectoryError):
        RateDeck.open(Path(__file__) / "x.deck")
    with pytest.raises(OSError, match="NUL"):
        RateDeck.open("a\0b")


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    "part",
    [
        "else",
        "terms",
    ],
)
def test_hostile_bytes_give_deck_error_or_an_answer(tmp_path: Path, part: str, seed: int) -> None:
    path = tmp_path / "whole.deck"
    path.write_bytes(WHOLE)
    script, folder = Path(__file__).with_name("hostile_decks.py"), Path(dialnexa_routing.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-W", "error", str(script), str(path), part, str(seed), str(times(500, 5000))],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(folder), "POLARS_MAX_THREADS": "1"},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) > 300
    counted(times(500, 5000), "hostile decks")
    counted(int(done.stdout), "answers of them")


def test_hostile_groups_take_no_memory_beyond_their_file(tmp_path: Path) -> None:
    """Two thousand groups that all say the longest text: 2 MB of deck, 12 GB of copies."""
    rows = [{"prefix": str(prefix), "network_group": f"g{prefix}"} for prefix in range(1000, 3000)]
    data = bytearray(deck_of([*rows, {"prefix": "9", "network_group": "x" * 2_000_000}]).to_bytes())
    table = {
        kind: place
        for kind, _, *place in (struct.unpack_from("<IIQQ", data, 24 + 24 * at) for at in range(data[12]))
    }
    groups, text_ends = table[8], table[9]
    ends = [0, *struct.unpack_from(f"<{text_ends[1] // 4}I", data, text_ends[0])]
    longest = max(range(len(ends) - 1), key=lambda at: ends[at + 1] - ends[at])
    for at in range(groups[0], sum(groups), 4):
        struct.pack_into("<I", data, at, longest)
    (tmp_path / "hostile.deck").write_bytes(data)
    script = (
        "import polars, resource, sys\n"
        "from dialnexa_routing import DeckError, RateDeck\n"
        "deck = RateDeck.open(sys.argv[1], verify=False)\n"
        "resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))\n"
        "try:\n    deck.match(polars.Series(['9']))\nexcept DeckError:\n    pass\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "hostile.deck")]
    folder = str(Path(dialnexa_routing.__file__).parents[1])
    done = subprocess.run(command, capture_output=True, check=False, env=os.environ | {"PYTHONPATH": folder})
    assert done.returncode == 0


def test_r22_two_owners_are_both_shown() -> None:
    rows = [
        {
            "prefix": "9198",
            "network_group": "Jio",
            "outbound_rate": "0.60",
            "source_file": "a.csv",
            "source_row": 3,
        },
        {
            "prefix": "9198",
            "network_group": "Airtel",
            "inbound_rate": "0.61",
            "source_file": "b.csv",
            "source_row": 71,
        },
    ]
    with pytest.raises(SheetError) as error:
        deck_of(rows)
    for word in ["9198", "Jio", "Airtel", "a.csv, row 3", "b.csv, row 71", "0.6", "0.61"]:
        assert word in str(error.value)


@pytest.mark.parametrize(
    ("columns", "error", "says"),
    [
        ({"outbund_rate": ["1"]}, SheetError, "outbound_rate"),
        ({"netwrk_group": ["x"]}, SheetError, "network_group"),
        ({"outbound_rate": [0.6]}, MoneyError, "never a float"),
        ({"connect_fee": pl.Series([0.6], dtype=pl.Float32)}, MoneyError, "Float32"),
        ({"outbound_rate": [10**9]}, MoneyError, "row 1: 1000000000"),
        ({"outbound_rate": pl.Series([Decimal("1E-10")], dtype=pl.Decimal(38, 10))}, MoneyError, "1E-10"),
        ({"initial_increment_s": [-1]}, SheetError, "row 1: -1"),
        ({"initial_increment_s": [2**32]}, SheetError, "row 1: 4294967296"),
        ({"minimum_s": [1.5]}, SheetError, "minimum_s"),
        ({"blocked": ["yes"]}, SheetError, "blocked"),
        ({"valid_from": [datetime(2026, 1, 1)]}, SheetError, "valid_from"),
        ({"valid_from": ["2026-01-01"]}, SheetError, "valid_from"),
        ({"network_group": [["x"]]}, SheetError, "List"),
    ],
)
def test_columns_that_are_not_canonical(columns: dict[str, Any], error: type[Exception], says: str) -> None:
    frame = pl.DataFrame({"prefix": ["91"], "network_group": ["India"]} | columns)
    with pytest.raises(error, match=says):
        RateDeck.compile(frame)


@pytest.mark.parametrize("name", ["prefix", "network_group"])
def test_a_missing_column_is_named_with_the_nearest(name: str) -> None:
    frame = pl.DataFrame({"prefix": ["91"], "network_group": ["India"]}).rename({name: name + "es"})
    with pytest.raises(SheetError, match=f"there is no column '{name}'; nearest: '{name}es'"):
        RateDeck.compile(frame)


def test_one_deck_is_of_one_provider() -> None:
    rows = [{"prefix": "91", "provider": "plivo"}, {"prefix": "44", "provider": "twilio"}]
    with pytest.raises(SheetError, match=r"plivo, twilio.*one"):
        deck_of(rows)


DIRTY = ["٩١٩٨١٢٣٤", "９１９８", "91\x0098", "", "9" * 16, " ", "  91", "9198\n", "+", "091", "x" * 100_000]


@pytest.mark.parametrize("number", DIRTY, ids=range(len(DIRTY)))
def test_r1_a_dirty_number_is_a_reason_in_its_row(number: str) -> None:
    deck = deck_of(INDIA)
    frame = pl.DataFrame({"to": [number, MOBILE], "seconds": [61, 61]})
    rated = records.rate(frame, deck=deck)
    assert rated["reason"].to_list() == ["invalid_number", None]
    assert rated["charge"].to_list() == [None, Decimal("1.50")]
    assert deck.match(frame["to"], fields="reason").to_list() == ["invalid_number", None]
    assert deck.rate(number, 61).reason == "invalid_number"
    with pytest.raises(NumberError) as error:
        deck.match(number)
    assert len(str(error.value)) < 200


@pytest.mark.parametrize("number", ["+9198123456789012", "+91 98123 45678x", "+9198123-45678"])
def test_numbers_in_messages_are_masked(number: str) -> None:
    with pytest.raises(NumberError) as error:
        deck_of(INDIA).match(number)
    shown = str(error.value).split(" is not")[0]
    assert "*" in shown
    # Of the subscriber's part no more than the last two characters may be read.
    assert not any(part in shown for part in ("12345", "45678", "81234"))


WRONG: list[tuple[str, pl.Series]] = [
    ("Decimal", pl.Series([Decimal(91)], dtype=pl.Decimal(18, 0))),
    ("Dictionary|Categorical", pl.Series(["91"], dtype=pl.Categorical)),
    ("Dictionary|Enum", pl.Series(["91"], dtype=pl.Enum(["91"]))),
    ("Float64", pl.Series([91.0])),
    ("Float16", pl.Series([91.0], dtype=pl.Float16)),
    ("Int32", pl.Series([91], dtype=pl.Int32)),
    ("Boolean", pl.Series([True])),
    ("List", pl.Series([["91"]])),
    ("Binary", pl.Series([b"91"])),
    ("Timestamp|Datetime", pl.Series([datetime(2026, 1, 1)])),
    ("number|Struct", pl.Series([{"digits": "91"}])),
]


@pytest.mark.parametrize(("kind", "column"), WRONG, ids=lambda value: str(getattr(value, "dtype", value)))
def test_a_column_that_cannot_hold_numbers_is_named(kind: str, column: pl.Series) -> None:
    deck = deck_of(INDIA)
    with pytest.raises(TypeError, match=kind):
        deck.match(column.alias("to"))
    frame = column.alias("to").to_frame().with_columns(seconds=61)
    with pytest.raises(TypeError, match=kind):
        frame.select(deck.match(pl.col("to")))
    if column.dtype.is_numeric() or kind.startswith("Dictionary"):
        # Whole numbers of any type are their digits in records.
        assert records.rate(frame, deck=deck)["reason"].to_list() == [None]
        return
    with pytest.raises(TypeError, match=kind):
        records.rate(frame, deck=deck)


def test_a_sheet_without_rows_is_refused() -> None:
    for empty in (sheet([]), [], [sheet([])]):
        with pytest.raises(SheetError, match=r"no rows|no sheets"):
            RateDeck.compile(empty)
