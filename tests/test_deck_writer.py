"""Who wrote a deck, and with which time zone table: told, and no part of what names the deck (R50)."""

from __future__ import annotations

import json
import sys
import zoneinfo
from typing import TYPE_CHECKING

import pytest

import kept_decks
from command import run
from decks import INDIA, deck_of, written
from dialnexa_routing import DeckError, RateDeck
from dialnexa_routing._deck import DECK_FORMAT, __version__
from dialnexa_routing.clock.zone_table import zone_table
from dialnexa_routing.deck.deck_facts import DeckWriter

if TYPE_CHECKING:
    from pathlib import Path

OTHER = [("writer", "stranger 1.0"), ("tzdata", "1999z")]
CALLS = ("919812345678", "914012345678", "911400", "18765551234", "449")
NIGHT = {
    "zone": "Asia/Kolkata",
    "bands": [
        {
            "hours": [
                {"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "start": "00:00", "end": "24:00"}
            ],
            "tiers": [{"rate": "1"}],
        }
    ],
}


def groups(deck: RateDeck) -> list[str | None]:
    found = [deck.match(number) for number in CALLS]
    return [one and one.network_group for one in found]


def test_a_deck_states_who_wrote_it(tmp_path: Path) -> None:
    deck = deck_of(INDIA)
    assert deck.writer == DeckWriter(f"dialnexa_routing {__version__}", zone_table(), DECK_FORMAT)
    deck.save(tmp_path / "a.deck")
    again = RateDeck.open(tmp_path / "a.deck")
    assert (again.writer, again.to_bytes()) == (deck.writer, deck.to_bytes())
    assert str(deck.writer) == f"dialnexa_routing {__version__}, tzdata {zone_table()}, format {DECK_FORMAT}"


def test_r50_equal_rows_are_one_deck_whoever_wrote_them(tmp_path: Path) -> None:
    ours, theirs, nobody = deck_of(INDIA), written(INDIA, OTHER), written(INDIA, [])
    assert ours == theirs == nobody
    assert len({ours.digest, theirs.digest, nobody.digest}) == 1
    assert groups(ours) == groups(theirs) == groups(nobody)
    assert theirs.writer == DeckWriter("stranger 1.0", "1999z", DECK_FORMAT)
    assert nobody.writer == DeckWriter(None, None, DECK_FORMAT)
    # Saved again by us, a deck keeps the note of who compiled it: the offsets in it are theirs.
    theirs.save(tmp_path / "theirs.deck")
    assert RateDeck.open(tmp_path / "theirs.deck").writer == theirs.writer


def test_d4_every_bit_of_the_note_is_held_to_its_deck() -> None:
    data = written(INDIA, OTHER).to_bytes()
    deck = int.from_bytes(data[16:24], "little")
    good = groups(RateDeck.from_bytes(data))
    unverified = 0
    for bit in range(8 * deck, 8 * len(data)):
        damaged = bytearray(data)
        damaged[bit // 8] ^= 1 << bit % 8
        with pytest.raises(DeckError, match=r"note behind the deck|bytes where its header"):
            RateDeck.from_bytes(bytes(damaged))
        try:
            opened = RateDeck.from_bytes(bytes(damaged), verify=False)
        except DeckError:
            continue  # its mark or its length
        unverified += 1
        assert groups(opened) == good
        with pytest.raises(DeckError, match="note behind the deck"):
            opened.verify()
        with pytest.raises(DeckError, match="note behind the deck"):
            _ = opened.writer
    assert unverified > 500


def test_d4_reserved_bits_and_unknown_sections_are_refused_by_name() -> None:
    data = deck_of(INDIA).to_bytes()
    meta = int.from_bytes(data[32:40], "little")

    def refused(at: int, word: int) -> str:
        with pytest.raises(DeckError) as failed:
            RateDeck.from_bytes(data[:at] + word.to_bytes(4, "little") + data[at + 4 :], verify=False)
        return str(failed.value)

    assert "of format 5, and format 4 is the newest that this version reads" in refused(8, 5)
    assert "of format 2, and format 3 is the oldest" in refused(8, 2)
    assert "section of kind 20, which this version does not know" in refused(24, 20)
    assert "word beside the kind of a section" in refused(28, 1)
    for bit in range(2, 32):
        assert "flag of its description, which is reserved" in refused(meta + 20, 1 << bit)
    for bit in range(32):
        assert "last word of its description, which is reserved" in refused(meta + 28, 1 << bit)


def test_a_kept_deck_of_format_3_states_no_writer() -> None:
    deck = RateDeck.open(kept_decks.SAMPLES / "kept_format_3.deck")
    assert deck.writer == DeckWriter(None, None, 3)
    assert str(deck.writer) == "format 3"


def test_inspect_states_who_wrote_it(tmp_path: Path) -> None:
    path = tmp_path / "theirs.deck"
    written(INDIA, OTHER).save(path)
    found = json.loads(run("inspect", str(path), "--json").stdout)
    assert found["writer"] == {"program": "stranger 1.0", "tzdata": "1999z", "format": DECK_FORMAT}
    assert f"stranger 1.0, tzdata 1999z, format {DECK_FORMAT}" in run("inspect", str(path)).stdout


def test_inspect_shows_what_a_deck_holds_beside_a_damaged_note(tmp_path: Path) -> None:
    path = tmp_path / "theirs.deck"
    data = written(INDIA, OTHER).to_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    assert "the note behind the deck" in run("inspect", str(path), code=2).stderr
    found = json.loads(run("inspect", str(path), "--no-verify", "--json").stdout)
    damage = found["writer"].pop("damage")
    assert "the note behind the deck" in damage
    assert found["writer"] == {"program": None, "tzdata": None, "format": None}
    assert found["digest"] == written(INDIA, OTHER).digest
    shown = " ".join(run("inspect", str(path), "--no-verify").stdout.split())
    assert "the note behind the deck" in shown
    assert found["digest"] in shown


@pytest.mark.parametrize(
    ("line", "said"), [("# version 2031a\nR X", "2031a"), ("+x", "unknown"), (None, "unknown")]
)
def test_the_table_states_its_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str | None, said: str
) -> None:
    (tmp_path / "UTC").write_bytes(b"")
    if line is not None:
        (tmp_path / "tzdata.zi").write_text(line, encoding="ascii")
    monkeypatch.setattr(zoneinfo, "TZPATH", (str(tmp_path / "nothing"), str(tmp_path)))
    assert zone_table() == said
    assert deck_of(INDIA).writer.tzdata == said
    (tmp_path / "+VERSION").write_text("2032b\n", encoding="ascii")
    assert zone_table() == (said if said != "unknown" else "2032b")


def test_without_a_table_of_the_system_the_package_states_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zoneinfo, "TZPATH", ())
    release = pytest.importorskip("tzdata").IANA_VERSION
    assert zone_table() == release
    monkeypatch.setitem(sys.modules, "tzdata", None)
    assert zone_table() == "unknown"


def test_the_tables_of_both_sides_are_named() -> None:
    deck = written([{"prefix": "91", "schedule": json.dumps(NIGHT), "outbound_rate": None}], OTHER)
    assert deck.zone_tables == f"the deck is of tzdata 1999z, this machine has {zone_table()}"
    bare = written(INDIA, [])
    assert bare.zone_tables == f"the deck does not state its table, this machine has {zone_table()}"
    # A damaged note stops no sentence, and no answer.
    data = bytearray(deck.to_bytes())
    data[-1] ^= 1
    assert RateDeck.from_bytes(bytes(data), verify=False).zone_tables.startswith("the deck does not state")
