"""A deck as it travels to workers: a path and a digest, opened once in each process and verified (R50)."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

from pyspark.errors import PySparkException

from dialnexa_routing.deck.deck_book import nothing, opened
from dialnexa_routing.deck.rate_deck import RateDeck
from dialnexa_routing.text.errors import ConfigError, DeckError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from dialnexa_routing.deck.rates import Rates

_KEPT = 8
_HERE: dict[str, Rates] = {}
"""Decks that this process has named itself, by digest."""


@dataclass(frozen=True, slots=True)
class DeckRef:
    """A deck file, or a book of decks in a folder, by its path and its digest.

    Attributes:
        path: as workers see it; an artifact of the session by its bare name.
        digest: of the deck; a worker that finds another one refuses to rate.
        is_artifact: whether `path` is the name of a file that the session sends to its workers.

    >>> DeckRef("/decks/plivo.deck", "0123").path
    '/decks/plivo.deck'
    """

    path: str
    digest: str
    is_artifact: bool = False

    @classmethod
    def of(cls, path: str | os.PathLike[str]) -> Self:
        """The deck of a path that driver and workers share; opened and verified here.

        Raises `DeckError` or `OSError`, as `RateDeck.open`.
        """
        full = os.path.abspath(path)  # noqa: PTH100 (no link is followed: workers may have another)
        deck = opened(full)
        _HERE[deck.digest] = deck
        return cls(full, deck.digest)

    @classmethod
    def sent(cls, spark: SparkSession, path: str | os.PathLike[str]) -> Self:
        """The deck of a path that only the driver has; the session sends the file to its workers.

        Raises `ConfigError` for a book, which is a folder, and for a session that cannot send files, as
        Sail's; else as `of`.
        """
        if Path(path).is_dir():
            raise ConfigError(f"{path} is a folder; put a book of decks where all workers see it: DeckRef.of")
        deck = RateDeck.open(Path(path))
        try:
            spark.addArtifacts(os.fspath(path), file=True)
        except (PySparkException, NotImplementedError) as error:
            raise ConfigError(
                f"this session cannot send {path} ({error}); put it where all workers see it: DeckRef.of"
            ) from error
        _HERE[deck.digest] = deck
        return cls(Path(path).name, deck.digest, is_artifact=True)

    def open(self) -> Rates:
        """The deck, verified; opened once in a process.

        Raises:
            DeckError: there is none at the path on this host, or another one; with path, digest and host.
        """
        held = _HERE.get(self.digest)
        return _verified(self.place(), self) if held is None else held

    def planned(self) -> Rates:
        """The deck, to find out columns and types by; where only workers have it, one without prefixes.

        A client of Spark Connect may be on another machine than the deck.
        """
        held = _HERE.get(self.digest)
        if held is not None:
            return held
        if self.is_artifact or not Path(self.path).exists():
            return nothing()
        return self.open()

    def place(self) -> str:
        """Where it is on this host."""
        if not self.is_artifact:
            return self.path
        from pyspark import SparkFiles

        return str(Path(SparkFiles.getRootDirectory()) / self.path)

    def __str__(self) -> str:
        return f"{self.path} ({self.digest[:12]})"


@lru_cache(maxsize=_KEPT)
def _verified(place: str, ref: DeckRef) -> Rates:
    where = f"on host {platform.node()}"
    try:
        found = opened(place)
    except FileNotFoundError:
        cure = "put it where all workers see it, or send it: DeckRef.sent(spark, path)"
        raise DeckError(f"there is no deck {place} {where}; {ref.digest} is meant: {cure}") from None
    except OSError as error:
        raise DeckError(
            f"the deck {place} {where} cannot be read ({error.strerror}); {ref.digest} is meant"
        ) from None
    if found.digest != ref.digest:
        raise DeckError(
            f"{place} {where} is another deck ({found.digest}); {ref.digest} is meant: replace the file there"
        )
    return found


def referred(deck: DeckRef | str | os.PathLike[str]) -> DeckRef:
    """A reference; of a path, the deck that is there.

    Raises `TypeError` for anything else: an open deck has no path that workers are known to see.
    """
    if isinstance(deck, DeckRef):
        return deck
    if isinstance(deck, str | os.PathLike):
        return DeckRef.of(deck)
    raise TypeError(f"deck is {type(deck).__name__}; pass a path that workers see, or a DeckRef")
