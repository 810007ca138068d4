"""How verbs that look at sheets read them, and where they write a page about them."""

from datetime import UTC, datetime
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from dialnexa_routing.deck.rate_deck import RateDeck
from dialnexa_routing.files.whole_file import replacing
from dialnexa_routing.text import html
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from dialnexa_routing.deck.deck_book import DeckBook
    from dialnexa_routing.sheets import RateSheet

_PANEL = "Reading"


def _reading(words: str, **more: Any) -> Any:
    return typer.Option(help=words, rich_help_panel=_PANEL, **more)


Provider = Annotated[str | None, _reading("Whose sheet it is, where it does not say.")]
Currency = Annotated[str | None, _reading("ISO 4217 code of the amounts, where the sheet has none.")]
InrPerUnit = Annotated[str | None, _reading("Rupees for one unit of the currency.")]
InrOn = Annotated[str | None, _reading("The day of --inr-per-unit.", metavar="DATE")]
Origin = Annotated[str | None, _reading("The caller whose rows count.", metavar="DIGITS")]
Format = Annotated[
    str, typer.Option("--format", help="auto, or the format of the sheets.", rich_help_panel=_PANEL)
]
Timezone = Annotated[str | None, _reading("Zone of dates without one, as Asia/Kolkata.")]
NumberType = Annotated[str, _reading("Which of Plivo's inbound rates is meant.")]
OnConflict = Annotated[
    Literal["error", "first", "last", "dearest", "cheapest"], _reading("Which of two conflicting rows stays.")
]
Also = Annotated[
    list[str] | None,
    typer.Option(
        "--read",
        metavar="NAME=VALUE",
        help="Any other argument of RateSheet.read, as unit=cents or columns.prefix=Code; may be repeated.",
        rich_help_panel=_PANEL,
    ),
]
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


def read(paths: list[Path], also: list[str] | None, **options: Any) -> "RateSheet":
    """The sheets as one; the options are those of `RateSheet.read`, and `also` some more as texts."""
    from dialnexa_routing.sheets import RateSheet

    known = [name for name in signature(RateSheet.read).parameters if name not in ("path_or_frame", "strict")]
    for text in also or []:
        name, equals, value = text.partition("=")
        name, _, column = name.partition(".")
        if not equals or name not in known or (name == "columns") != bool(column):
            raise typer.BadParameter(
                f"{text!r} is not NAME=VALUE; names are {', '.join(known)}, of columns as columns.prefix",
                param_hint="--read",
            )
        if column:
            options.setdefault(name, {})[column] = value
        else:
            options[name] = _share(value) if name == "max_refused" else value
    return RateSheet.read(list(paths), **options)


def _share(text: str) -> float:
    """A part of all rows, which is no money and may be a float."""
    try:
        return float(text)
    except ValueError:
        raise typer.BadParameter(
            f"max_refused={text} is no number from 0 to 1", param_hint="--read"
        ) from None


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
