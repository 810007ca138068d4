"""Several who write one book at once: each deck is in it, or its writer is refused."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from command import folder, run
from decks import INDIA, deck_of, utc
from dialnexa_routing.deck import book_folder, deck_book
from dialnexa_routing.deck.deck_book import DeckBook
from dialnexa_routing.text.errors import ConflictError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["folder"]
MANY = 8


def test_of_many_who_add_at_once_nobody_loses_anothers_deck(tmp_path: Path) -> None:
    deck, begin = deck_of(INDIA), threading.Barrier(MANY)

    def add(month: int) -> int | None:
        begin.wait()
        try:
            DeckBook.add_to(tmp_path / "book", utc(2026, month, 1), deck)
        except ConflictError:
            return None
        return month

    with ThreadPoolExecutor(MANY) as threads:
        added = [month for month in threads.map(add, range(1, MANY + 1)) if month is not None]
    assert added
    assert [one.valid_from.month for one in DeckBook.open(tmp_path / "book")] == sorted(added)


def between(original: Callable[..., Any], act: Callable[[], None]) -> Callable[..., Any]:
    """A function that does something once it has done its own."""

    def call(*arguments: Any, **options: Any) -> Any:
        made = original(*arguments, **options)
        act()
        return made

    return call


@pytest.mark.usefixtures("folder")
def test_who_comes_between_reading_and_writing_is_refused_with_exit_code_1(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    add = ("book", "add", "airtel", "a.deck", "--from")
    run(*add, "2026-01-01T00:00:00Z")
    told = []

    def second() -> None:
        monkeypatch.setattr(deck_book, "read", book_folder.read)
        told.append(run(*add, "2026-02-01T00:00:00Z", code=1).stderr)
        with pytest.raises(ConflictError):
            DeckBook.open("airtel").save("airtel")

    monkeypatch.setattr(deck_book, "read", between(book_folder.read, second))
    run(*add, "2026-03-01T00:00:00Z")
    assert told == ["error: another one is writing to the book airtel; do it again\n"]
    assert [one.valid_from.month for one in DeckBook.open("airtel")] == [1, 3]
    run(*add, "2026-02-01T00:00:00Z")
    assert len(DeckBook.open("airtel")) == 3
    assert {path.suffix for path in Path("airtel").iterdir()} == {".toml", ".deck"}
