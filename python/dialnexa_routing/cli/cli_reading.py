"""Decks, instants and pages that verbs are given: how they are opened, read and written."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dialnexa_routing.deck.rate_deck import RateDeck
from dialnexa_routing.files.whole_file import replacing
from dialnexa_routing.text import html
from dialnexa_routing.text.errors import DeckError, SheetError

if TYPE_CHECKING:
    from dialnexa_routing.deck.deck_book import DeckBook

At = Annotated[
    str | None,
    typer.Option("--at", metavar="TIME", help="The instant looked at, as 2026-11-23T10:00:00+05:30, or now."),
]
Html = Annotated[
    Path | None, typer.Option("--html", metavar="PATH", help="Write a page there that stands alone.")
]
Rows = Annotated[
    int | None,
    typer.Option("--rows", min=0, help="Rows of each table: 10 unless told, 100 of a page, all of --json."),
]
PAGE_ROWS = 100


def deck_or_book(path: Path) -> "RateDeck | DeckBook":
    """A deck file, or the book in a folder with ``book.toml``."""
    if not path.is_dir():
        return deck(path)
    return book(path)


def book(folder: Path) -> "DeckBook":
    """The book in a folder. Raises `DeckError` where there is none, with how books are made."""
    if folder.exists() and not folder.is_dir():
        raise DeckError(f"{folder} is no folder, and a book is one: show a deck file with inspect")
    if not (folder / "book.toml").is_file():
        raise DeckError(
            f"{folder} has no book.toml, so it is no book of decks: correct the path, or make one with "
            "book add"
        )
    from dialnexa_routing.deck.deck_book import DeckBook  # brings in Polars, which single calls do without

    return DeckBook.open(folder)


def deck(path: Path, *, verify: bool = True) -> RateDeck:
    """A deck file. Raises `DeckError` for one that is not there, or is none, with how decks are made."""
    made = "correct the path, or compile a sheet into it: dialnexa-routing compile SHEET -o DECK"
    if path.is_dir():
        raise DeckError(f"{path} is a folder, and a deck file is wanted here: name one")
    try:
        return RateDeck.open(path, verify=verify)
    except FileNotFoundError as error:
        raise DeckError(f"there is no deck {path}: {made}") from error
    except DeckError as error:
        if "this is not a deck file" in str(error):
            raise DeckError(f"{error}; {made}") from error
        raise


def instant(at: str | None, option: str = "--at") -> datetime | None:
    """The time that an option states, which must have a zone."""
    if at is None:
        return None
    if at == "now":
        return datetime.now(UTC)
    try:
        time = datetime.fromisoformat(at)
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        raise typer.BadParameter(
            f"{at!r} is no time with a zone; write 2026-11-23T10:00:00+05:30, or now", param_hint=option
        )
    return time


def refuse_input(page: Path | None, inputs: list[Path]) -> None:
    """Raises `SheetError` where a page would take the place of what it is about."""
    if page is not None and any(
        page.exists() and given.exists() and page.samefile(given) for given in inputs
    ):
        raise SheetError(f"the page {page} is one of the inputs; give it another name")


def write_page(path: Path, title: str, body: str) -> None:
    """Write a page, whole or not at all."""
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder; name a file in it")
    with replacing(path) as file:
        file.write(html.page(title, body).encode())
