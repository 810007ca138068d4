"""The deck: a compiled rate sheet, asked which network group a number belongs to and what it costs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Self, overload

from dialnexa_routing import _deck
from dialnexa_routing.clock.wall_clock import microseconds
from dialnexa_routing.deck.deck_facts import DeckCounts, NetworkGroup
from dialnexa_routing.deck.deck_file import clear_drafts, core_of
from dialnexa_routing.deck.longest import longest_call
from dialnexa_routing.money.charge import Charge, rate_one
from dialnexa_routing.money.longest_call import LIMIT_S
from dialnexa_routing.numbers.number_plan import WORLD, is_plan, refuse_impossible
from dialnexa_routing.text.errors import DeckError
from dialnexa_routing.text.forked import refuse_after_fork
from dialnexa_routing.text.html import card

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime, timedelta
    from decimal import Decimal
    from pathlib import Path

    import polars as pl

    from dialnexa_routing._deck import Column, Match
    from dialnexa_routing.deck.deck_facts import DeckWriter
    from dialnexa_routing.deck.deck_file import DeckFile
    from dialnexa_routing.deck.explanation import Explanation
    from dialnexa_routing.deck.rates import Explains
    from dialnexa_routing.deck.stale_zones import StaleZone
    from dialnexa_routing.money.call_words import Direction
    from dialnexa_routing.money.longest_call import LongestCall
    from dialnexa_routing.money.semantics import Semantics
    from dialnexa_routing.numbers.number_plan import NumberPlan


class RateDeck:
    """A compiled rate sheet: immutable, shared between threads, opened by mapping a file.

    >>> import polars as pl
    >>> rows = pl.DataFrame({"prefix": ["91", "9198"], "network_group": ["India", "India - Mobile"]})
    >>> deck = RateDeck.compile(rows)
    >>> deck.match("+919812345678").network_group
    'India - Mobile'
    """

    __slots__ = ("__weakref__", "_core", "_file", "_path")

    def __init__(self, core: _deck.Deck, path: str | None = None) -> None:
        self._core = core
        self._path = path
        self._file: DeckFile | None = None

    @classmethod
    def compile(
        cls,
        rows: pl.DataFrame | Iterable[pl.DataFrame],
        *,
        origin: str | None = None,
        digests: Mapping[str, str] | None = None,
        keep_redundant: bool = False,
        keep_sources: bool = True,
    ) -> Self:
        """Compile frames with canonical columns, of one provider, into a deck; a sheet has `compile` itself.

        The same rows in any order give the same digest, and the same bytes up to the note of who wrote them.

        Args:
            rows: one frame or several; see `dialnexa_routing.deck.canonical_columns.SHEET` for the columns.
            origin: digits of the caller that rows with an `origin` are chosen for: of each prefix
                the longest origin that begins them, or else the rows for any caller (R19). None
                takes the rows for any caller.
            digests: SHA-256 of the files that the rows are from, by name; kept as labels.
            keep_redundant: keep prefixes that state what a shorter one states, so that a match always
                names the sheet's own prefix; costs memory.
            keep_sources: keep file and row of each prefix for `Match.source`.

        Raises:
            SheetError: two rows own one prefix at one time (R22), a prefix is no digits, a column
                is missing or unknown.
            MoneyError: a money column is of floats, or has more than nine places (R48).
        """
        refuse_after_fork()
        from dialnexa_routing.deck.compile import prepare  # brings in Polars
        from dialnexa_routing.deck.written import note

        prepared, labels, schedules, zones = prepare(rows, origin, digests or {})
        # Rows without a source are named by their place in messages; that is not worth keeping.
        if keep_sources is True and prepared.struct.field("source_row").null_count() == len(prepared):
            keep_sources = False
        keep = {"keep_redundant": keep_redundant, "keep_sources": keep_sources}
        return cls(_deck.Deck.compile(prepared, labels, schedules, zones, note=note(), **keep))

    @classmethod
    def open(cls, path: str | Path, *, verify: bool = True, load: bool | None = None) -> Self:
        """Open a deck file: read into memory, or mapped.

        Replace a deck file by renaming, as `save` does: what is written into a mapped file is an error
        at the next batch, and where the file becomes shorter the process may end. One that was read does
        not depend on its file any more.

        Args:
            path: of the file.
            verify: compare every byte with the digest. Without it only the header is looked at: whether the
                answers are those of the sheet that was compiled is then not known, and the digest
                names what the file states of itself. What misleads a lookup gives `DeckError`.
            load: read the file into memory; False maps it, so that it opens at once and processes share it.
                None reads up to 32 MB, where verification reads every byte anyway.

        Raises:
            DeckError: damaged, of another version, or no deck; a pipe or a device.
            OSError: the file cannot be opened, by its usual subclass.
        """
        if not isinstance(path, str | os.PathLike):
            raise TypeError(f"path is {type(path).__name__}; pass a str or a Path")
        core, file = core_of(path, verify=verify, load=load)
        deck = cls(core, os.path.abspath(path))  # noqa: PTH100 (pathlib is slower to import)
        deck._file = file
        return deck

    @classmethod
    def from_bytes(cls, data: bytes, *, verify: bool = True) -> Self:
        """A deck over a copy of a deck file's bytes."""
        return cls(_deck.Deck.from_bytes(data, verify=verify))

    def save(self, path: str | Path) -> None:
        """Write the deck; at every moment the path holds the old file or the new one, whole.

        Drafts that killed processes left in the folder, a day old or older, are removed.
        """
        self._check_file()
        self._core.save(path)
        clear_drafts(path)

    def to_bytes(self) -> bytes:
        """The bytes that `save` writes."""
        self._check_file()
        return self._core.to_bytes()

    def verify(self) -> None:
        """Compare every byte with the digest, and the note of who wrote them with its own check.

        Raises `DeckError` if they differ.
        A mapped file that was written into since it was opened is refused, whatever it holds now.
        """
        self._check_file()
        self._core.verify()

    def _check_file(self) -> None:
        """Raises `DeckError` if the file under the map is not as it was."""
        if self._file is not None:
            self._file.check()

    @overload
    def match(
        self,
        number: str,
        *,
        at: datetime | None = None,
        direction: Direction | None = None,
        number_plan: NumberPlan | None = None,
    ) -> Match | None: ...
    @overload
    def match(
        self,
        number: pl.Expr,
        *,
        at: datetime | pl.Expr | None = None,
        direction: Direction | pl.Expr | None = None,
        fields: str | Sequence[str] | None = None,
        number_plan: NumberPlan | None = None,
    ) -> pl.Expr: ...
    @overload
    def match(
        self,
        number: pl.Series,
        *,
        at: datetime | None = None,
        direction: Direction | None = None,
        fields: str | Sequence[str] | None = None,
        number_plan: NumberPlan | None = None,
    ) -> pl.Series: ...
    @overload
    def match(
        self,
        number: Any,
        *,
        at: datetime | None = None,
        direction: Direction | None = None,
        fields: str | Sequence[str] | None = None,
        number_plan: NumberPlan | None = None,
    ) -> Column: ...

    def match(
        self,
        number: Any,
        *,
        at: Any = None,
        direction: Any = None,
        fields: str | Sequence[str] | None = None,
        number_plan: NumberPlan | None = None,
    ) -> Any:
        """Find the longest prefix that begins a number, and what it leads to (R15, R16).

        Args:
            number: one E.164 number, with or without plus; a Polars expression or Series; or
                anything with an Arrow capsule (pyarrow, DuckDB, nanoarrow). Columns are text or
                unsigned integers.
            at: time that dated entries are asked for, with a zone; a must where there are any (R50).
            direction: pass over entries that have a rate for the other direction only.
            fields: of a column, which of `columns.MATCH_TYPES`, or `MATCH_FIELDS`; one name gives that
                column alone, several a struct.
            number_plan: by which a number can be none, as `WORLD`; none is asked unless it is given.

        Returns:
            For one number a `Match`, or None if no prefix begins it. For an expression an
            expression, elementwise; for a Series a Series; otherwise a `Column` with a capsule.
            In a column, null fields and a `reason` stand where nothing matched.

        Raises:
            NumberError: one number that is not E.164 (R1), or can be none by the plan. In a column that
                is a reason.
            DeckTimeError: one number and no `at` for a dated deck.
            TypeError: a column of a type that cannot hold numbers, named.
        """
        if type(number) is str:
            found = self._core.match_one(number, None if at is None else microseconds(at), direction)
            if number_plan is None:  # asked here, for a match takes no longer than a call or two
                return found
            if is_plan(number_plan) is not None and not (found is not None and found.exact_match):
                refuse_impossible(number, number_plan)
            return found
        if isinstance(number, str):
            return self.match(str(number), at=at, direction=direction, number_plan=number_plan)
        refuse_after_fork()
        from dialnexa_routing.deck.match_columns import match_column  # brings in Polars

        return match_column(self, number, at, direction, fields, number_plan)

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
        """Rate one call at the deck's own terms, as `dialnexa_routing.records.rate` rates a frame.

        `seconds` are from answer to end (R43), `at` is the answer time, with a zone, a must for a dated
        deck (R50). What cannot be rated has a reason in its `Charge`, as a row of a frame would; so has a
        number that can be none by `number_plan`, of which None asks none.
        """
        self._check_file()
        return rate_one(
            self._core,
            number,
            seconds,
            at=at,
            direction=direction,
            semantics=semantics,
            number_plan=number_plan,
        )

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
        """The most whole seconds that a balance buys at the deck's own terms, up to `limit_s`.

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
        plan: Explains | None = None,
        number_plan: NumberPlan | None = WORLD,
    ) -> Explanation:
        """Every prefix tried and why it lost; with `seconds`, how they became a charge.

        With a `plan`, its charge; `BillingPlan.explain` takes all that it can depend on. ``str()`` and
        `html` of the result are for people, `to_dict` for machines. Raises `NumberError`, but no plan does.
        """
        if plan is not None:
            if semantics is not None:
                raise ValueError("a plan says itself how it counts; leave semantics out")
            asked: dict[str, Any] = {"number": number, "seconds": seconds, "at": at, "direction": direction}
            return plan.explain(self, **asked, number_plan=number_plan)
        from dialnexa_routing.deck.explanation import explain  # brings in pydantic
        from dialnexa_routing.money.semantics import Semantics

        self._check_file()
        chosen = Semantics.of(semantics)
        how: dict[str, Any] = {"at": at, "direction": direction, "semantics": chosen}
        return explain(self._core, number, seconds, **how, number_plan=number_plan)

    def deck_at(self, at: datetime | None) -> Self:
        """Itself, at any time; of a `DeckBook` it is the deck in force."""
        return self

    @property
    def network_groups(self) -> tuple[NetworkGroup, ...]:
        """The deck's network groups; each stands at its own number."""
        self._check_file()
        return tuple(NetworkGroup(number, *words) for number, words in enumerate(self._core.network_groups()))

    def prefixes(self, within: str = "", group: int | None = None) -> list[str]:
        """The prefixes that begin with 0 to 15 digits, in order; of one group by number, if named."""
        self._check_file()
        return self._core.prefixes(within, group)

    def groups_within(self, digits: str) -> tuple[int, ...]:
        """Numbers of the groups that own a prefix under `digits`, or the longest one above, at any time."""
        self._check_file()
        return tuple(self._core.groups_within(digits))

    def rows(self) -> pl.DataFrame:
        """The entries as canonical rows, by prefix and validity; compiled again they answer the same.

        A schedule names its zone, whose offsets are looked up anew when the rows are compiled.
        """
        refuse_after_fork()
        self._check_file()
        from dialnexa_routing.deck.match_columns import rows  # brings in Polars

        return rows(self)

    def stale_zones(self) -> tuple[StaleZone, ...]:
        """The zones of its hours whose offsets, kept in the deck, are not those of this machine (R50).

        The deck goes by its own; the same rows compiled here would give another one.
        """
        from dialnexa_routing.deck.stale_zones import stale_zones  # only decks with hours need it

        return stale_zones(self._core)

    @property
    def zone_tables(self) -> str:
        """Which time zone table the deck was compiled with, and which this machine has, in words."""
        from dialnexa_routing.deck.stale_zones import tables  # only decks with hours need it

        return tables(self._core)

    @property
    def writer(self) -> DeckWriter:
        """Who wrote the deck, and with which time zone table; no part of its digest, which equal rows share.

        Raises `DeckError` if that note behind the deck is damaged, as `verify` does. No answer reads it.
        """
        from dialnexa_routing.deck.written import writer_of  # hardly anybody asks

        return writer_of(self._core)

    @property
    def digest(self) -> str:
        """BLAKE3 of the bytes, 64 hexadecimal digits: the deck's name for ever (R50)."""
        return self._core.digest

    @property
    def is_dated(self) -> bool:
        """Whether some entry holds only at times, or is priced by the hour, so that `at` must be given."""
        return self._core.is_dated

    @property
    def labels(self) -> dict[str, str]:
        """What describes the deck: provider, currency, origin, earliest validity, digests of source files."""
        self._check_file()
        return dict(self._core.labels)

    @property
    def counts(self) -> DeckCounts:
        """Rows compiled, entries, network groups, distinct terms."""
        return DeckCounts(*self._core.counts)

    @property
    def sizes(self) -> dict[str, int]:
        """Bytes by part: trie, chain, entries, names; and of the whole file."""
        return dict(self._core.sizes)

    def __len__(self) -> int:
        return self.counts.entries

    def __eq__(self, other: object) -> bool:
        return self.digest == other.digest if isinstance(other, RateDeck) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.digest)

    def __reduce__(self) -> tuple[Any, ...]:
        # A deck with a file travels as the way to get it again, never as megabytes.
        if self._path is not None:
            return _reopen, (self._path, self.digest)
        return RateDeck.from_bytes, (self.to_bytes(),)

    def __repr__(self) -> str:
        counts, provider = self.counts, self.labels.get("provider", "")
        return (
            f"<RateDeck {provider + ' ' if provider else ''}{counts.entries:,} prefixes, "
            f"{counts.network_groups:,} network groups, {self.digest[:12]}>"
        )

    def _repr_html_(self) -> str:
        counts, labels = self.counts, self.labels
        facts = [
            ("prefixes", f"{counts.entries:,}"),
            ("network groups", f"{counts.network_groups:,}"),
            ("dated", "yes: it is asked with at=" if self.is_dated else "no"),
            *((name, value) for name, value in labels.items() if value and not name.startswith("sha256")),
            ("digest", self.digest[:12]),
        ]
        return card(
            f"deck {labels.get('provider', '')}",
            facts,
            then="deck.match(number), records.rate(calls, deck=deck)",
        )


def _reopen(path: str, digest: str) -> RateDeck:
    """The deck that was pickled; its file must still be the same one."""
    deck = RateDeck.open(path)
    if deck.digest != digest:
        found = f"{deck.digest[:12]}, not {digest[:12]}"
        raise DeckError(f"{path} is another deck by now ({found}); open it anew")
    return deck
