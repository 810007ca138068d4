"""A book of decks in a folder: written whole or not at all, and read as a stranger's."""

from __future__ import annotations

import pickle
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from decks import INDIA, deck_of, utc
from dialnexa_routing import DeckError
from dialnexa_routing.deck.book_folder import BookVersion
from dialnexa_routing.deck.deck_book import DeckBook

if TYPE_CHECKING:
    from pathlib import Path

INDIAN = ZoneInfo("Asia/Kolkata")
SPRING = utc(2026, 4, 1)
CHEAP, DEAR = (deck_of([{"prefix": "91", "outbound_rate": rate}]) for rate in ("0.60", "0.75"))
BOOK = DeckBook({utc(2026, 1, 1): CHEAP, SPRING: DEAR})


def test_a_book_is_kept_in_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "airtel"
    book = DeckBook(
        [*BOOK.versions, BookVersion(utc(2026, 6, 1, 0, 0, 0, 1), deck_of(INDIA), utc(2026, 5, 1))]
    )
    BOOK.save(folder)
    old = (folder / "book.toml").read_bytes()
    book.save(folder)
    assert DeckBook.open(folder) == book
    assert DeckBook.open(str(folder), verify=False).versions == book.versions
    assert pickle.loads(pickle.dumps(DeckBook.open(folder))) == book
    BOOK.save(folder)
    assert (folder / "book.toml").read_bytes() == old
    assert len(list(folder.iterdir())) == 4
    # A deck that was damaged is written anew.
    (folder / f"{CHEAP.digest}.deck").write_bytes(b"no deck")
    BOOK.save(folder)
    assert DeckBook.open(folder) == BOOK


def test_a_book_that_cannot_be_written_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "airtel"
    BOOK.save(folder)
    with monkeypatch.context() as broken:
        broken.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        with pytest.raises(OSError, match="No space"):
            DeckBook({SPRING: DEAR}).save(folder)
    assert DeckBook.open(folder) == BOOK
    assert not [file for file in folder.iterdir() if file.name.startswith(".")]


GOOD = f"""
format = 1
[[deck]]
file = "april.deck"
digest = "{CHEAP.digest}"
valid_from = 2026-04-01T00:00:00+05:30
"""


def test_a_manifest_may_be_written_by_hand(tmp_path: Path) -> None:
    CHEAP.save(tmp_path / "april.deck")
    (tmp_path / "book.toml").write_text(GOOD, encoding="utf-8")
    assert DeckBook.open(tmp_path) == DeckBook({datetime(2026, 4, 1, tzinfo=INDIAN): CHEAP})


@pytest.mark.parametrize(
    ("manifest", "told"),
    [
        (b"", "format None, not 1"),
        (b"format = true", "format True"),
        (b"format = 2", "format 2"),
        (b"format = 1", r"\[\[deck\]\]"),
        (b"format = 1\ndeck = []", "without a deck"),
        (b"format = 1\ndeck = [7]", "deck 1 of .* is 7"),
        (b"format = 1\n[deck]\nfile = 'a'", "no book of decks"),
        (b"format = 1\nowner = 'x'\ndeck = []", "no book of decks"),
        (b"\xff\xfe", "cannot be read"),
        (b"format = [1", "cannot be read"),
        (b"a = " + b"[" * 100_000, "nested too deeply"),
        (b"[" + b".".join([b"a"] * 17) + b"]", "nested too deeply"),
        (b"#" * ((16 << 20) + 1), "larger than 16 MB"),
        (GOOD.replace("april.deck", "../april.deck"), "without a path"),
        (GOOD.replace("april.deck", "/etc/passwd"), "without a path"),
        (GOOD.replace("april.deck", "c:april.deck"), "without a path"),
        (GOOD.replace("april.deck", ".."), "without a path"),
        (GOOD.replace("april.deck", ""), "without a path"),
        (GOOD.replace("april.deck", "a\\u0000"), "without a path"),
        (GOOD.replace('"april.deck"', "7"), "file is 7"),
        (GOOD.replace("april.deck", "may.deck"), "may.deck is not there"),
        (GOOD.replace("april.deck", "book.toml"), "cannot be opened"),
        (GOOD.replace("april.deck", "folder"), "cannot be opened"),
        (GOOD.replace(CHEAP.digest, DEAR.digest), "another deck by now"),
        (GOOD.replace("+05:30", ""), "valid_from is 2026-04-01 00:00:00; write an instant with a zone"),
        (GOOD.replace("T00:00:00+05:30", ""), "valid_from is 2026-04-01; write"),
        (GOOD.replace("digest", "digset"), "digest is missing"),
        (GOOD + "till = 1", "says 'till'"),
        (GOOD + "known_from = 'May'", "known_from is May"),
        (GOOD + GOOD.partition("format = 1")[2], "two decks hold from"),
    ],
)
def test_hostile_manifests_are_told_apart(tmp_path: Path, manifest: bytes | str, told: str) -> None:
    CHEAP.save(tmp_path / "april.deck")
    (tmp_path / "folder").mkdir()
    (tmp_path / "book.toml").write_bytes(manifest if isinstance(manifest, bytes) else manifest.encode())
    with pytest.raises(DeckError, match=told):
        DeckBook.open(tmp_path)


def test_a_folder_without_a_manifest_is_no_book(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"book\.toml"):
        DeckBook.open(tmp_path)
