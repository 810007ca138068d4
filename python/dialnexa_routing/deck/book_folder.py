"""A book as a folder: ``book.toml`` beside its deck files.

The manifest may be written by hand, so it is read as a stranger's::

    format = 1

    [[deck]]
    file = "april.deck"
    digest = "5b1c..."
    valid_from = 2026-04-01T00:00:00+05:30

``known_from``, another instant, is optional. A file is named alone, for it is in the same folder; its
digest is what `RateDeck.digest` says.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import tomli_w

from dialnexa_routing.deck.rate_deck import RateDeck
from dialnexa_routing.files.folder_lock import folder_lock
from dialnexa_routing.files.opening import read_whole
from dialnexa_routing.files.toml_text import toml_data
from dialnexa_routing.files.whole_file import replacing
from dialnexa_routing.text.errors import DeckError
from dialnexa_routing.text.events import event

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Sequence

NAME = "book.toml"
FORMAT = 1
MAX_BYTES = 16 << 20
"""A larger manifest is none: this holds some eighty thousand decks."""

_FIELDS: dict[str, tuple[type, str]] = {
    "file": (str, "the name of a deck file, as 'april.deck'"),
    "digest": (str, "the digest of that deck"),
    "valid_from": (datetime, "an instant with a zone, as 2026-04-01T00:00:00+05:30"),
    "known_from": (datetime, "an instant with a zone, as 2026-03-20T00:00:00+05:30"),
}
_MUST = ("file", "digest", "valid_from")


class BookVersion(NamedTuple):
    """A deck of a book.

    Attributes:
        valid_from: the first instant at which it is in force, in UTC.
        deck: the compiled sheet.
        known_from: when it was published, in UTC; None states that it was always known.
    """

    valid_from: datetime
    deck: RateDeck
    known_from: datetime | None = None


def read(folder: str | os.PathLike[str], *, verify: bool, load: bool | None = None) -> list[BookVersion]:
    """The versions that the manifest of a folder names, each deck opened.

    Raises:
        DeckError: the manifest cannot be read as one, or a deck is missing, damaged or another.
        OSError: there is no manifest, or it cannot be read.
    """
    path = Path(folder) / NAME
    versions = []
    for number, entry in enumerate(_entries(path), 1):
        where = f"deck {number} of {path}"
        _check(entry, where)
        deck = _opened(path.with_name(entry["file"]), where, verify, load)
        if deck.digest != entry["digest"]:
            raise DeckError(
                f"{where}: {entry['file']} is another deck by now ({deck.digest[:12]}, not "
                f"{entry['digest'][:12]!r}); put the old file back, or name the new digest"
            )
        versions.append(BookVersion(entry["valid_from"], deck, entry.get("known_from")))
    return versions


@contextmanager
def writing(folder: str | os.PathLike[str]) -> Iterator[None]:
    """The folder, made if it is not there, with nobody else writing a book into it.

    Raises `ConflictError` where somebody is.
    """
    path = Path(folder)
    path.mkdir(exist_ok=True)
    with folder_lock(path, f"another one is writing to the book {path}; do it again", itself=True):
        yield


def write(folder: str | os.PathLike[str], versions: Sequence[BookVersion]) -> None:
    """Write decks that are not there yet, and then the manifest in one step."""
    path = Path(folder) / NAME
    entries = []
    for valid_from, deck, known_from in versions:
        file = f"{deck.digest}.deck"
        if not _is_there(path.with_name(file), deck.digest):
            deck.save(path.with_name(file))
        entry = {"file": file, "digest": deck.digest, "valid_from": valid_from}
        entries.append(entry if known_from is None else entry | {"known_from": known_from})
    with replacing(path) as opened:
        opened.write(tomli_w.dumps({"format": FORMAT, "deck": entries}).encode())
    event("deck", "book.written", folder=folder, decks=len(entries))


def _entries(path: Path) -> list[Any]:
    """The tables of a manifest, as yet unchecked."""
    data = read_whole(path, MAX_BYTES, DeckError)
    try:
        plain = toml_data(data.decode())
    except ValueError as error:
        raise DeckError(f"{path} cannot be read ({error}); correct it") from None
    # True is an integer in Python, and 1.0 is equal to one.
    if type(plain.get("format")) is not int or plain["format"] != FORMAT:
        raise DeckError(f"{path} has format {plain.get('format')!r}, not {FORMAT}; is it a book of decks?")
    others = [name for name in plain if name not in ("format", "deck")]
    entries = plain.get("deck")
    if others or not isinstance(entries, list):
        raise DeckError(f"{path} is no book of decks: besides format it has [[deck]], for each of them")
    return entries


def _check(entry: Any, where: str) -> None:
    if not isinstance(entry, dict):
        raise DeckError(f"{where} is {entry!r:.40}; write it as a table, [[deck]]")
    for name in (*_MUST, *entry):
        if name not in _FIELDS:
            raise DeckError(f"{where} says {name!r:.40}; it can say {', '.join(_FIELDS)}")
        kind, words = _FIELDS[name]
        value = entry.get(name)
        if not isinstance(value, kind) or (isinstance(value, datetime) and value.tzinfo is None):
            found = "missing" if value is None else f"{value!s:.40}"
            raise DeckError(f"{where}: {name} is {found}; write {words}")
    file = entry["file"]
    # What Windows takes for a drive or a folder is none elsewhere, but a book may travel.
    if not file.strip(". ") or any(letter in file for letter in "/\\:\0"):
        raise DeckError(
            f"{where}: the file is {file!r:.80}; name one in the folder of {NAME}, without a path"
        )


def _opened(path: Path, where: str, verify: bool, load: bool | None) -> RateDeck:
    try:
        return RateDeck.open(path, verify=verify, load=load)
    except FileNotFoundError:
        raise DeckError(f"{where}: {path} is not there; put it back, or take its version out") from None
    except (DeckError, OSError) as error:
        raise DeckError(f"{where}: {path} cannot be opened: {error}") from error


def _is_there(path: Path, digest: str) -> bool:
    """Whether a file is that deck, whole."""
    try:
        return RateDeck.open(path).digest == digest
    except (DeckError, OSError):
        return False
