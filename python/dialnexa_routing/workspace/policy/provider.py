"""A provider as one workspace has it: its deck, and which of its network groups are on (R14, R15)."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from dialnexa_routing.files.document_model import NO_COUNTRY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dialnexa_routing._deck import Match
    from dialnexa_routing.deck.rate_deck import RateDeck
    from dialnexa_routing.money.call_words import Direction
    from dialnexa_routing.workspace.workspace import EnabledGroups

    Key = tuple[str, str]


class Provider:
    """Finds what a number leads to, and states whether that is switched on."""

    def __init__(self, name: str, deck: RateDeck | None, enabled: Iterable[EnabledGroups]) -> None:
        self.name = name
        self.deck = deck
        self.digest = None if deck is None else deck.digest
        self._on = frozenset(
            (one.country_iso, group)
            for one in enabled
            if one.provider == name
            for group in one.network_groups
        )

    @property
    def is_off(self) -> bool:
        """Nothing at all is on."""
        return not self._on

    def is_on(self, match: Match) -> bool:
        """Whether the network group of a match is on."""
        return (match.country_iso or NO_COUNTRY, match.network_group) in self._on

    def reaches(self, country_iso: str | None) -> bool:
        """Whether some network group of that country is on, and is in the deck."""
        return (country_iso or NO_COUNTRY) in self._countries

    def find(self, number: str, at_us: int | None, direction: Direction | None) -> Match | None:
        """The longest prefix that begins a number, over all groups (R16); microseconds since 1970."""
        assert self.deck is not None
        self.deck._check_file()
        return self.deck._core.match_one(number, at_us, direction)

    def find_enabled(self, number: str, at_us: int | None) -> Match | None:
        """The longest prefix over the groups that are on, as `Winner.ENABLED_GROUPS` reads R16."""
        assert self.deck is not None
        self.deck._check_file()
        return self.deck._core.match_one(number, at_us, "outbound", self._bits)

    def lists(self, number: str, at_us: int | None) -> bool:
        """Whether an entry of the deck for the whole number answers; a dated deck wants a time to know."""
        if self.deck is None or (at_us is None and self.deck.is_dated):
            return False
        found = self.find(number, at_us, "outbound")
        return found is not None and found.exact_match

    def chain(self, number: str) -> list[Match]:
        """Every entry whose prefix begins the number, longest first."""
        if self.deck is None:
            return []
        self.deck._check_file()
        return self.deck._core.chain(number)

    @cached_property
    def _countries(self) -> frozenset[str]:
        # Only refusals ask for it, so a router is made without a look at the deck's groups.
        return frozenset(switch[0] for switch in self._on if switch in self._groups)

    @cached_property
    def _bits(self) -> bytes:
        assert self.deck is not None
        on = sum(1 << number for switch in self._on for number in self._groups.get(switch, ()))
        return on.to_bytes((self.deck.counts.network_groups + 7) // 8, "little")

    @property
    def _groups(self) -> dict[Key, list[int]]:
        return {} if self.deck is None else _groups_of(self.deck)


_GROUPS: WeakKeyDictionary[RateDeck, dict[Key, list[int]]] = WeakKeyDictionary()


def _groups_of(deck: RateDeck) -> dict[Key, list[int]]:
    """A deck's numbers of network groups by what switches them; the same for all routers over the deck."""
    groups = _GROUPS.get(deck)
    if groups is None:
        groups = {}
        for group in deck.network_groups:
            groups.setdefault((group.country_iso or NO_COUNTRY, group.name), []).append(group.number)
        _GROUPS[deck] = groups
    return groups
