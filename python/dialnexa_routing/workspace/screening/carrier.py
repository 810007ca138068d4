"""Which numbers of a column one provider's network may call, and why not the others (R14-R17)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import polars as pl

from dialnexa_routing.clock.wall_clock import microseconds
from dialnexa_routing.files.document_model import NO_COUNTRY
from dialnexa_routing.text.errors import DeckError, DeckTimeError
from dialnexa_routing.workspace.choices import Winner
from dialnexa_routing.workspace.decision import Refusal

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from dialnexa_routing.deck.rate_deck import RateDeck

OUTCOMES = (
    None,
    Refusal.INVALID_NUMBER,
    Refusal.NO_ENABLED_COUNTRIES,
    Refusal.UNSUPPORTED_COUNTRY,
    Refusal.UNSUPPORTED_PREFIX,
    Refusal.ROUTE_DISABLED,
    Refusal.INDIA_DOMESTIC_ONLY,
    Refusal.INDIA_PURPOSE_MISSING,
    Refusal.INDIA_PURPOSE_MISMATCH,
    Refusal.IMPOSSIBLE_NUMBER,
    Refusal.EMERGENCY_NUMBER,
)
"""What can come of a row, by the code that stands for it while rows are judged."""
CODE = {outcome: code for code, outcome in enumerate(OUTCOMES)}
JUDGED: dict[str, pl.DataType] = {
    "country_iso": pl.String(),
    "network_group": pl.String(),
    "prefix": pl.String(),
    "outcome": pl.UInt8(),
}
"""What a route states of each number: its destination, as far as it is known, and the code of its outcome."""
_FIELDS = ["group", "prefix", "blocked", "outbound_rate"]


@dataclass(frozen=True)
class Carrier:
    """A provider's deck and the switches of its network groups; pickles with its deck.

    Series stand by the deck's number of a network group; one more at their end is for no group.
    """

    deck: RateDeck
    at: int | None
    winner: Winner
    bypassed: bool
    bits: bytes  # the same as `on`, as the core takes it
    on: pl.Series
    refusal: pl.Series  # the code of what a number of the group is refused with (R17)
    names: pl.Series
    countries: pl.Series

    @classmethod
    def of(
        cls,
        deck: RateDeck,
        enabled: Collection[tuple[str, str]],
        *,
        at: datetime | None,
        winner: Winner,
        bypassed: bool,
    ) -> Self:
        """The provider of a deck.

        Args:
            deck: of the provider.
            enabled: country and name of the network groups that are on.
            at: time of the calls.
            winner: over which groups the longest prefix is looked for (R16).
            bypassed: whether every number may be called, whatever the switches (R21).
        """
        if at is None and deck.is_dated:
            raise DeckTimeError("the deck has entries that hold only at times: pass at= (R50)")
        groups = deck._core.network_groups()
        keys = [(iso or NO_COUNTRY, name) for name, iso, _ in groups]
        on = [key in enabled for key in keys]
        reached = {iso for (iso, _), is_on in zip(keys, on, strict=True) if is_on}
        bits = int("0" + "".join("01"[is_on] for is_on in reversed(on)), base=2)
        near, far = CODE[Refusal.UNSUPPORTED_PREFIX], CODE[Refusal.UNSUPPORTED_COUNTRY]
        return cls(
            deck=deck,
            at=None if at is None else microseconds(at),
            winner=winner,
            bypassed=bypassed,
            bits=bits.to_bytes((len(on) + 7) // 8, "little"),
            on=pl.Series([*on, False], dtype=pl.Boolean),
            refusal=pl.Series([*(near if iso in reached else far for iso, _ in keys), far], dtype=pl.UInt8),
            names=pl.Series([*(name for name, _, _ in groups), None], dtype=pl.String),
            countries=pl.Series([*(iso for _, iso, _ in groups), None], dtype=pl.String),
        )

    def judged(self, numbers: pl.Series) -> pl.DataFrame:
        """Columns `JUDGED` of numbers; to null no prefix leads."""
        if self.bypassed:
            found = self._match(numbers, direction="outbound")
            outcome = pl.repeat(CODE[None], len(numbers), dtype=pl.UInt8, eager=True)
        elif self.winner is Winner.ENABLED_GROUPS:
            found, outcome = self._among_enabled(numbers)
        else:
            found, outcome = self._among_all(numbers)
        group = self._group(found)
        return pl.DataFrame(
            {
                "country_iso": self.countries.gather(group),
                "network_group": self.names.gather(group),
                "prefix": found["prefix"],
                "outcome": outcome,
            }
        )

    def _among_all(self, numbers: pl.Series) -> tuple[pl.DataFrame, pl.Series]:
        """What carries each number, or else decides it, and what comes of it."""
        found = self._match(numbers)
        outcome = self._outcome(found)
        # What speaks of inbound calls only decides here, but calls are carried and rated by what is below it.
        below = (outcome == CODE[None]) & found["outbound_rate"].is_null()
        if below.any():
            carrier = self._match(numbers.set(~below, None), direction="outbound")
            goes = self._outcome(carrier) == CODE[None]
            outcome = outcome.set(below & ~goes, CODE[Refusal.UNSUPPORTED_PREFIX])
            found = chosen(carrier["group"].is_not_null(), carrier, found)
        return found, outcome

    def _among_enabled(self, numbers: pl.Series) -> tuple[pl.DataFrame, pl.Series]:
        """The same over the groups that are on; a number that none of them has, over all."""
        found = self._match(numbers, direction="outbound", enabled=self.bits)
        outcome = self._outcome(found)
        is_found = found["group"].is_not_null()
        if not is_found.all():
            strict = self._match(numbers.set(is_found, None))
            outcome = outcome.zip_with(is_found, self.refusal.gather(self._group(strict)))
            found = chosen(is_found, found, strict)
        return found, outcome

    def _outcome(self, found: pl.DataFrame) -> pl.Series:
        """By the switches: what is on and not blocked is carried (R16, R47)."""
        group = self._group(found)
        is_carried = self.on.gather(group) & ~found["blocked"].fill_null(True)
        return self.refusal.gather(group).set(is_carried, CODE[None])

    def _group(self, found: pl.DataFrame) -> pl.Series:
        return found["group"].fill_null(len(self.on) - 1)

    def _match(
        self, numbers: pl.Series, direction: str | None = None, enabled: bytes | None = None
    ) -> pl.DataFrame:
        self.deck._check_file()
        column = self.deck._core.match_column(
            numbers, _FIELDS, name="match", alone=False, at=self.at, direction=direction, enabled=enabled
        )
        self.deck._check_file()  # again, for it may be written into meanwhile
        found = pl.Series("match", column).struct.unnest()
        highest = found["group"].max()
        if isinstance(highest, int) and highest >= len(self.on) - 1:
            raise DeckError(
                "the deck names a network group that it has not: the file is damaged; compile the sheet again"
            )
        return found


def chosen(where: pl.Series, one: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """Rows of the one frame where a mask holds, of the other elsewhere."""
    return pl.DataFrame([column.zip_with(where, other[column.name]) for column in one])
