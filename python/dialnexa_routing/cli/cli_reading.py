"""Decks, instants and pages that verbs are given: how they are opened, read and written."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dialnexa_routing.deck.rate_deck import RateDeck
from dialnexa_routing.files.whole_file import replacing
from dialnexa_routing.text import html
from dialnexa_routing.text.errors import SheetError

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
        return RateDeck.open(path)
    from dialnexa_routing.deck.deck_book import DeckBook  # brings in Polars, which single calls do without

    return DeckBook.open(path)


def instant(at: str | None, option: str = "--at") -> datetime | None:
    """The time that an option says, which must have a zone."""
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
