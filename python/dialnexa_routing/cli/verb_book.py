"""``book``: a folder of decks, each with the instant from which it holds."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dialnexa_routing.cli import cli_reading as reading
from dialnexa_routing.cli import terminal
from dialnexa_routing.cli.options import DeckFile, Json
from dialnexa_routing.money.rupees import grouped
from dialnexa_routing.text.errors import ConflictError

if TYPE_CHECKING:
    from dialnexa_routing.deck.deck_book import DeckBook

BookFolder = Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder of the book.")]


def add_to_book(
    folder: BookFolder,
    deck: DeckFile,
    from_: Annotated[
        str,
        typer.Option("--from", metavar="TIME", help="Since when it holds, as 2026-05-01T00:00:00+05:30."),
    ],
    known_from: Annotated[
        str | None, typer.Option(metavar="TIME", help="When it was published; of two, the later one holds.")
    ] = None,
    json: Json = False,
) -> int:
    """Add a deck to a book, or make one with it.

    The deck is copied into the folder; decks that the book has stay as they are. While another one
    adds to it, nothing is added, and the exit code is 1.
    """
    from dialnexa_routing.deck.deck_book import DeckBook

    begins = reading.instant(from_, "--from")
    assert begins is not None
    known = reading.instant(known_from, "--known-from")
    try:
        book = DeckBook.add_to(folder, begins, reading.deck(deck), known)
    except ConflictError as error:
        terminal.error(str(error))  # who loses a race has nothing wrong: it may do it again
        return 1
    _show(book, folder, json)
    return 0


def show_book(folder: BookFolder, json: Json = False) -> int:
    """List the decks of a book, and from when each holds."""
    _show(reading.book(folder), folder, json)
    return 0


def _show(book: "DeckBook", folder: Path, json: bool) -> None:
    versions: list[dict[str, Any]] = [
        {
            "valid_from": one.valid_from.isoformat(),
            "known_from": None if one.known_from is None else one.known_from.isoformat(),
            "deck_digest": one.deck.digest,
            "prefixes": len(one.deck),
        }
        for one in book.versions
    ]
    if json:
        terminal.document({"book": str(folder), "digest": book.digest, "versions": versions})
        return
    console = terminal.out()
    terminal.pairs(console, {"book": terminal.plain(folder), "digest": book.digest})
    table = terminal.table("valid from", "known from", "deck", "prefixes", numbers=1)
    for one in versions:
        known = one["known_from"] or "always"
        table.add_row(one["valid_from"], known, one["deck_digest"][:12], grouped(one["prefixes"]))
    console.print(table)
