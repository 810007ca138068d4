"""What rates calls: a deck, or a book of decks by date. Whatever needs no more takes this."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from dialnexa_routing.numbers.number_plan import WORLD
from dialnexa_routing.text.errors import DeckTimeError

if TYPE_CHECKING:
    from datetime import datetime, timedelta
    from decimal import Decimal

    from dialnexa_routing._deck import Deck, Match
    from dialnexa_routing.deck.explanation import Explanation
    from dialnexa_routing.deck.rate_deck import RateDeck
    from dialnexa_routing.money.call_words import Direction
    from dialnexa_routing.money.charge import Charge
    from dialnexa_routing.money.semantics import Semantics
    from dialnexa_routing.numbers.number_plan import NumberPlan


@runtime_checkable
class Rates(Protocol):
    """`RateDeck` and `DeckBook` are this: asked for a number at a time, and named by a digest (R50)."""

    @property
    def digest(self) -> str:
        """Names what rates, for ever."""

    @property
    def labels(self) -> dict[str, str]:
        """What describes it: provider, currency, origin; of a book what all its decks agree on."""

    @property
    def is_dated(self) -> bool:
        """Whether an answer depends on the time of the call."""

    def deck_at(self, at: datetime | None) -> RateDeck | None:
        """The deck in force at an instant: a deck is that itself, at any time and at none.

        None where no deck is in force, and where it depends on a time that is not given.
        """

    def match(
        self, number: str, *, at: Any = None, direction: Any = None, number_plan: NumberPlan | None = None
    ) -> Match | None:
        """The longest prefix that begins a number, and what it leads to (R16)."""

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
        """One call at the deck's own terms."""

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
        """Every prefix tried, and how seconds became a charge."""


class Explains(Protocol):
    """A billing plan, as a deck knows it: what explains a charge of its own."""

    def explain(
        self,
        deck: Rates,
        *,
        number: str | None,
        seconds: int | Decimal | timedelta | None,
        at: datetime | None = None,
        direction: Direction = "outbound",
        number_plan: NumberPlan | None = WORLD,
    ) -> Explanation:
        """The charge of one call by the plan, with every step."""


class Compiled(Protocol):
    """One deck, as what stands below `RateDeck` knows it; pickles as that does."""

    @property
    def _core(self) -> Deck: ...
    def _check_file(self) -> None: ...


def in_force(deck: Rates, at: datetime | None) -> RateDeck:
    """The deck in force at an instant, for what needs its rows or groups.

    Raises:
        DeckTimeError: a book has none then, or no time is given (R50).
        TypeError: it is neither a deck nor a book.
        DeckError: its file was written into since it was opened.
    """
    if not isinstance(deck, Rates):
        raise TypeError(f"deck is {type(deck).__name__}; pass a RateDeck or a DeckBook")
    held = deck.deck_at(at)
    if held is None:
        when = "without a time" if at is None else f"at {at.isoformat()}"
        raise DeckTimeError(f"{deck!r} has no deck in force {when}; pass at=, a time with a zone (R50)")
    held._check_file()
    return held
