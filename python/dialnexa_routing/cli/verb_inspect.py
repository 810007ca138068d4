"""``inspect``: what a deck file is and holds."""

from pathlib import Path
from typing import Annotated, Any

import typer

from dialnexa_routing.cli import cli_reading as reading
from dialnexa_routing.cli import terminal
from dialnexa_routing.cli.options import DeckFile, Json
from dialnexa_routing.deck.rate_deck import RateDeck
from dialnexa_routing.money.rupees import grouped
from dialnexa_routing.text.errors import DeckError


def inspect_deck(
    deck: DeckFile,
    no_verify: Annotated[
        bool, typer.Option("--no-verify", help="Do not compare the bytes with the digest.")
    ] = False,
    json: Json = False,
) -> int:
    """Show what a deck is: labels, writer, counts, bytes by part, digest; where zones differ from here."""
    if deck.is_dir():
        raise DeckError(f"{deck} is a folder; see book show for a book, or name one of its decks")
    opened = reading.deck(deck, verify=not no_verify)
    found = described(opened, deck)
    if json:
        terminal.document(found)
        return 0
    console = terminal.out()
    labels = {
        name: value or "any caller" if name == "origin" else value for name, value in found["labels"].items()
    }
    counts = {name.replace("_", " "): grouped(count) for name, count in found["counts"].items()}
    sizes = {f"{name} bytes": grouped(size) for name, size in found["bytes"].items()}
    facts = {
        "digest": found["digest"] + (" (not verified)" if no_verify else " (verified)"),
        **{name: value for name, value in labels.items() if value},
        "dated": "yes: matching needs --at, rating needs answer times" if found["dated"] else "no",
        "written by": found["writer"].get("damage") or str(opened.writer),
    }
    if found["stale_zones"]:
        told = "; ".join(str(one) for one in opened.stale_zones())
        facts["zones"] = (
            f"other offsets than this machine's table: {told}; {opened.zone_tables}; "
            "rating goes by the deck's"
        )
    terminal.pairs(console, facts | counts | sizes | {"bytes per prefix": found["bytes_per_prefix"]})
    return 0


def described(deck: RateDeck, path: Path) -> dict[str, Any]:
    """A deck as plain data."""
    counts, sizes = deck.counts, deck.sizes
    tenths = sizes["file"] * 10 // counts.entries if counts.entries else 0
    return {
        "deck": str(path),
        "digest": deck.digest,
        "dated": deck.is_dated,
        "labels": deck.labels,
        "writer": _writer(deck),
        "stale_zones": {
            one.zone: None if one.since is None else one.since.isoformat() for one in deck.stale_zones()
        },
        "counts": {
            "rows": counts.rows,
            "redundant": counts.redundant,
            "prefixes": counts.entries,
            "network_groups": counts.network_groups,
            "terms": counts.terms,
        },
        "bytes": sizes,
        "bytes_per_prefix": f"{tenths // 10}.{tenths % 10}",
    }


def _writer(deck: RateDeck) -> dict[str, Any]:
    """Who wrote it; a note that is damaged stands there as its damage, for no answer reads it."""
    try:
        found = deck.writer
    except DeckError as error:
        return {"program": None, "tzdata": None, "format": None, "damage": str(error)}
    return {"program": found.program, "tzdata": found.tzdata, "format": found.format}
