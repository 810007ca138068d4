"""A book of decks: the versions of a rate sheet, each with the instant from which it holds.

A call is rated by the deck in force when it was answered (R50), so rating last month again after a
change of sheet gives last month's answer. A deck holds until the next one begins; the last has no end.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import polars as pl

from dialnexa_routing.clock.wall_clock import in_utc, microseconds
from dialnexa_routing.deck.book_folder import NAME, BookVersion, read, write, writing
from dialnexa_routing.deck.longest import longest_call
from dialnexa_routing.deck.rate_deck import RateDeck
from dialnexa_routing.deck.rates import in_force
from dialnexa_routing.money.longest_call import LIMIT_S
from dialnexa_routing.money.reason import Reason
from dialnexa_routing.numbers.number_plan import WORLD
from dialnexa_routing.text.errors import DeckError, DeckTimeError
from dialnexa_routing.text.half_made import also_half_made
from dialnexa_routing.text.html import card, table

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator
    from decimal import Decimal

    from dialnexa_routing._deck import Match
    from dialnexa_routing.deck.explanation import Explanation
    from dialnexa_routing.deck.rates import Rates
    from dialnexa_routing.money.call_words import Direction
    from dialnexa_routing.money.charge import Charge
    from dialnexa_routing.money.longest_call import LongestCall
    from dialnexa_routing.money.semantics import Semantics
    from dialnexa_routing.numbers.number_plan import NumberPlan


class DeckBook:
    """Decks by the instants from which they hold; immutable, and pickled as its decks are.

    It serves wherever a deck is asked at a time: calls, frames, plans, reports and the job. A router and
    `Telephony` hold the groups of one deck: give them that of `deck_at`.

    Instants have a zone. They are strictly increasing; of two versions from one instant the one that
    was published later holds, so a correction takes the place of what it corrects.

    Raises:
        DeckError: there is no deck, or the instants do not increase.
        DeckTimeError: an instant without a zone.

    >>> rows = pl.DataFrame({"prefix": ["91"], "network_group": ["India"]})
    >>> cheap, dear = (
    ...     RateDeck.compile(rows.with_columns(outbound_rate=pl.lit(rate).str.to_decimal(scale=9)))
    ...     for rate in ("0.60", "0.75")
    ... )
    >>> book = DeckBook({datetime(2026, 1, 1, tzinfo=UTC): cheap, datetime(2026, 4, 1, tzinfo=UTC): dear})
    >>> [book.rate("+919812345678", 60, at=datetime(2026, month, 9, tzinfo=UTC)).total for month in (3, 4)]
    [Decimal('0.60'), Decimal('0.75')]
    """

    __slots__ = ("_decks", "_digest", "_starts", "_versions")

    def __init__(self, decks: Mapping[datetime, RateDeck] | Iterable[tuple[Any, ...]]) -> None:
        rows = decks.items() if isinstance(decks, Mapping) else decks
        versions = tuple(_version(*row) for row in rows)
        if not versions:
            raise DeckError("a book without a deck says nothing; give it the first deck and its instant")
        for before, after in pairwise(versions):
            if _order(after) == _order(before):
                raise DeckError(
                    f"two decks hold from {after.valid_from.isoformat()}, {before.deck.digest[:12]} and"
                    f" {after.deck.digest[:12]}; pass known_from=, when the later one was published, or"
                    " another instant"
                )
            if _order(after) < _order(before):
                raise DeckError(
                    f"the version from {after.valid_from.isoformat()} stands after the one from "
                    f"{before.valid_from.isoformat()}; put them in order"
                )
        self._versions = versions
        self._starts = [microseconds(version.valid_from) for version in versions]
        # A deck that answers nothing comes first, so that every instant has one.
        self._decks = (nothing(), *(version.deck for version in versions))
        lines = [
            f"{valid} {known} {one.deck.digest}\n" for one in versions for valid, known in (_order(one),)
        ]
        self._digest = hashlib.blake2b("".join(lines).encode(), digest_size=32).hexdigest()

    @classmethod
    def open(cls, folder: str | Path, *, verify: bool = True, load: bool | None = None) -> Self:
        """Open a book that `save` wrote, or whose ``book.toml`` was written by hand.

        `verify` and `load` are those of `RateDeck.open`, for each of its decks.

        Raises:
            DeckError: the manifest is damaged, or a deck is missing or another one by now.
            OSError: there is no manifest, or it cannot be read.
        """
        return cls(read(folder, verify=verify, load=load))

    def save(self, folder: str | Path) -> None:
        """Write decks and ``book.toml`` into a folder; at every moment it holds the old book or the new.

        Decks are named by their digests, so one that is there already is not written again, and those
        of an earlier book stay. What was in the folder is replaced; `add_to` puts one deck beside others.

        Raises `ConflictError` while another one writes there.
        """
        with writing(folder):
            write(folder, self._versions)

    @classmethod
    def add_to(
        cls, folder: str | Path, valid_from: datetime, deck: RateDeck, known_from: datetime | None = None
    ) -> Self:
        """Put a deck into the book of a folder, or make one with it. Returns the book as it then is.

        Nobody can write between the reading and the writing, so of several who add at once none loses
        another's deck.

        Raises:
            ConflictError: another one is writing there; it is not waited for. Remedy: add it again.
            DeckError: the book there cannot be read, or has another deck from that instant.
        """
        added = _version(valid_from, deck, known_from)
        with writing(folder):
            there = read(folder, verify=True) if (Path(folder) / NAME).exists() else []
            versions: list[BookVersion] = sorted((*there, added), key=_order)
            book = cls(versions)
            write(folder, book.versions)
        return book

    @property
    def versions(self) -> tuple[BookVersion, ...]:
        """The decks with their instants, in order."""
        return self._versions

    @property
    def digest(self) -> str:
        """BLAKE2b over instants and deck digests, 64 hexadecimal digits: the same for the same book."""
        return self._digest

    def as_known_on(self, at: datetime) -> Self:
        """The book as it stood at an instant: without the versions that were published later.

        Raises:
            DeckError: nothing was known yet.
        """
        known = [one for one in self._versions if one.known_from is None or one.known_from <= in_utc(at)]
        if not known:
            raise DeckError(f"nothing was known at {at.isoformat()}; ask for a later time")
        return type(self)(known)

    @property
    def labels(self) -> dict[str, str]:
        """The labels that all decks of the book agree on."""
        first, *others = (version.deck.labels for version in self._versions)
        return {name: value for name, value in first.items() if all(one.get(name) == value for one in others)}

    @property
    def is_dated(self) -> bool:
        """Always: which deck answers depends on the time of the call."""
        return True

    def deck_at(self, at: datetime | None) -> RateDeck | None:
        """The deck in force at an instant; None before the first, and where no instant is given.

        Raises `DeckTimeError` for one without a zone.
        """
        if at is None:
            return None
        place = bisect_right(self._starts, microseconds(at))
        return self._decks[place] if place else None

    def match(
        self,
        number: str,
        *,
        at: datetime | None = None,
        direction: Direction | None = None,
        number_plan: NumberPlan | None = None,
    ) -> Match | None:
        """`RateDeck.match` for one number, by the deck in force; None too where nothing was.

        Raises `DeckTimeError` where `at` is missing, or has no zone.
        """
        if not isinstance(number, str):
            raise TypeError(f"number is {type(number).__name__}; pass a str, or rate a frame")
        deck = self.deck_at(at) or nothing()
        return deck.match(number, at=at, direction=direction, number_plan=number_plan)

    def rate(
        self,
        number: str | None,
        seconds: int | Decimal | timedelta | None,
        *,
        at: datetime | None = None,
        direction: Direction = "outbound",
        semantics: Semantics | dict[str, Any] | None = None,
        number_plan: NumberPlan | None = WORLD,
    ) -> Charge:
        """`RateDeck.rate` by the deck in force, as `records.rate` rates a frame (R54).

        Where nothing was in force yet the reason is `Reason.BEFORE_FIRST_DECK` and ``deck_digest`` is empty.
        """
        held = None if at is None else self.deck_at(at)
        how: dict[str, Any] = {"at": at, "direction": direction, "semantics": semantics}
        charge = (held or nothing()).rate(number, seconds, **how, number_plan=number_plan)
        if held is not None:
            return charge
        before = charge.reason is Reason.UNSUPPORTED_PREFIX
        reason = Reason.BEFORE_FIRST_DECK if before else charge.reason
        return replace(charge, reason=reason, deck_digest="")

    def longest_call(
        self,
        number: str,
        balance: Decimal,
        *,
        at: datetime | None = None,
        direction: Direction = "outbound",
        semantics: Semantics | dict[str, Any] | None = None,
        number_plan: NumberPlan | None = WORLD,
        limit_s: int = LIMIT_S,
    ) -> LongestCall:
        """The most whole seconds that a balance buys by the deck in force at `at`, up to `limit_s`.

        `rate` of them is at most the balance, and of one more is above it; None where nothing bounds them.
        Raises `MoneyError` for a balance that is a float, or no number (R48).
        """
        how: dict[str, Any] = {"at": at, "direction": direction, "semantics": semantics}
        return longest_call(self, number, balance, limit_s, **how, number_plan=number_plan)

    def explain(
        self,
        number: str,
        *,
        seconds: int | Decimal | timedelta | None = None,
        at: datetime | None = None,
        direction: Direction = "outbound",
        semantics: Semantics | dict[str, Any] | None = None,
        number_plan: NumberPlan | None = WORLD,
    ) -> Explanation:
        """`RateDeck.explain` by the deck in force.

        Raises:
            DeckTimeError: no deck was in force yet, so there is nothing to explain; or no time is given.
        """
        if at is None:
            raise DeckTimeError("a book of decks needs the time of the call; pass at=, with a zone (R50)")
        deck = self.deck_at(at)
        if deck is None:
            first = self._versions[0].valid_from.isoformat()
            raise DeckTimeError(f"no deck was in force at {at.isoformat()}; the book begins {first}")
        how: dict[str, Any] = {"at": at, "direction": direction, "semantics": semantics}
        return deck.explain(number, seconds=seconds, **how, number_plan=number_plan)

    def __len__(self) -> int:
        return len(self._versions)

    def __iter__(self) -> Iterator[BookVersion]:
        return iter(self._versions)

    def __eq__(self, other: object) -> bool:
        return self._digest == other._digest if isinstance(other, DeckBook) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._digest)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._versions,)

    def _repr_html_(self) -> str:
        rows = [
            (one.valid_from.isoformat(), one.deck.labels.get("provider", ""), one.deck.digest[:12])
            for one in self
        ]
        versions = table(["holds from", "provider", "deck"], rows)
        return card(
            f"book of {len(self):,} decks",
            [("digest", self._digest[:12])],
            versions,
            then="records.rate(calls, deck=book)",
        )

    @also_half_made
    def __repr__(self) -> str:
        first, last = self._versions[0].valid_from, self._versions[-1].valid_from
        span = f"from {first.isoformat()}" + (f" to {last.isoformat()}" if last != first else "")
        return f"<DeckBook {len(self):,} decks {span}, {self._digest[:12]}>"


@cache
def nothing() -> RateDeck:
    """A dated deck whose only entry begins at the end of time: it has a reason for every record."""
    end = datetime.max.replace(tzinfo=UTC)
    return RateDeck.compile(pl.DataFrame({"prefix": ["1"], "network_group": ["none"], "valid_from": [end]}))


def opened(path: str | os.PathLike[str]) -> RateDeck | DeckBook:
    """A deck file, or the book in a folder with ``book.toml``."""
    return DeckBook.open(Path(path)) if Path(path).is_dir() else RateDeck.open(Path(path))


def decks_of(deck: Rates) -> tuple[RateDeck, ...]:
    """The deck itself; of a book one for before it begins, then its decks in order.

    Raises `TypeError` for what is neither.
    """
    if isinstance(deck, DeckBook):
        return deck._decks
    if isinstance(deck, RateDeck):
        return (deck,)
    raise TypeError(f"deck is {type(deck).__name__}; pass a RateDeck, or a DeckBook")


def mapped(deck: Rates, change: Callable[[RateDeck], RateDeck]) -> Rates:
    """The deck changed; of a book each of its decks, so that it stays a book of the same instants."""
    if isinstance(deck, DeckBook):
        return DeckBook((one.valid_from, change(one.deck), one.known_from) for one in deck)
    return change(in_force(deck, None))


def _version(valid_from: datetime, deck: RateDeck, known_from: datetime | None = None) -> BookVersion:
    if not isinstance(deck, RateDeck):
        raise TypeError(f"the version from {valid_from} is {type(deck).__name__}; pass a RateDeck")
    return BookVersion(in_utc(valid_from), deck, None if known_from is None else in_utc(known_from))


def _order(version: BookVersion) -> tuple[int, int]:
    """When a version holds and was known, in microseconds; what was always known comes first."""
    known = datetime.min.replace(tzinfo=UTC) if version.known_from is None else version.known_from
    return microseconds(version.valid_from), microseconds(known)
