"""The compiled core as Python sees it: one deck, its answers, and how seconds are counted."""

from collections.abc import Iterable
from decimal import Decimal
from os import PathLike
from typing import Any, Final, Protocol, final

class _ArrowStream(Protocol):
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

class _ArrowArray(Protocol):
    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...

_Arrow = _ArrowStream | _ArrowArray

__all__ = [
    "DECK_FORMAT",
    "REASONS",
    "CallRows",
    "Column",
    "Deck",
    "Match",
    "NumberPlan",
    "Plans",
    "Semantics",
    "TextLook",
    "__version__",
    "are_tidy",
    "counted",
    "parts",
    "plain_amounts",
    "prefix_numbers",
    "priced_groups",
    "seconds",
    "text_columns",
    "utf8_fault",
    "walks",
    "wall_micros",
    "with_plus",
]

__version__: Final[str]
REASONS: Final[tuple[str, ...]]
DECK_FORMAT: Final[int]

@final
class Column:
    """A column of answers, which any Arrow library takes through its capsule."""

    def __len__(self) -> int: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

@final
class Match:
    """The network group that a number belongs to, and the terms of its prefix.

    Decks make them. They pickle as some hundred bytes, without their deck, and stay equal.
    """

    def __new__(cls, bytes: bytes, digest: str, prefix: str, entry: int, group: int) -> Match: ...  # noqa: A002
    def __copy__(self) -> Match: ...
    def __deepcopy__(self, _memo: object) -> Match: ...
    @property
    def prefix(self) -> str: ...
    @property
    def network_group(self) -> str: ...
    @property
    def group(self) -> int: ...
    @property
    def country_iso(self) -> str | None: ...
    @property
    def country(self) -> str | None: ...
    @property
    def outbound_rate(self) -> Decimal | None: ...
    @property
    def inbound_rate(self) -> Decimal | None: ...
    @property
    def has_schedule(self) -> bool: ...
    @property
    def rate_unit_s(self) -> int: ...
    @property
    def connect_fee(self) -> Decimal: ...
    @property
    def increments(self) -> tuple[int, int] | None: ...
    @property
    def minimum_s(self) -> int: ...
    @property
    def grace_s(self) -> int: ...
    @property
    def free_s(self) -> int: ...
    @property
    def min_charge(self) -> Decimal: ...
    @property
    def max_charge(self) -> Decimal | None: ...
    @property
    def blocked(self) -> bool: ...
    @property
    def exact_match(self) -> bool: ...
    @property
    def valid_from_us(self) -> int | None: ...
    @property
    def valid_to_us(self) -> int | None: ...
    @property
    def entry(self) -> int: ...
    @property
    def source(self) -> tuple[str, int] | None: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class NumberPlan:
    """Lengths by calling code and emergency numbers; `dialnexa_routing.NumberPlan` is its face."""

    def __new__(cls, lengths: list[tuple[str, int]], emergencies: list[str]) -> NumberPlan: ...
    def judge(self, number: str) -> str | None: ...

@final
class Semantics:
    """How seconds become billed seconds and a rate a charge; see `dialnexa_routing.money.semantics`."""

    def __new__(
        cls,
        *,
        pulse: tuple[int, int],
        part_second: str,
        increments: str,
        minimum: str,
        grace: str,
        free_seconds: str,
        connect_fee: str,
        max_charge: str,
        tiers: str,
        bands: str,
        round_at: str,
        increment_decimals: int,
        rounding: str,
        decimals: int,
    ) -> Semantics: ...

def parts(
    found: Match, ticks: int, per_second: int, at: int | None, direction: str, semantics: Semantics
) -> list[tuple[str, int, int, int, int, int, int, int, int, tuple[int, int]]]:
    """What a charge is made of.

    Kind, band, tier, first millisecond, length and number of blocks, milliseconds billed, nano-rupees
    for so many milliseconds, and the amount as a ratio of nano-rupees.
    """

@final
class Deck:
    """A compiled deck of prefixes; `dialnexa_routing.RateDeck` is its face."""

    @staticmethod
    def open(path: str | PathLike[str], *, verify: bool) -> Deck: ...
    @staticmethod
    def from_bytes(data: bytes, *, verify: bool) -> Deck: ...
    @staticmethod
    def compile(
        rows: _Arrow,
        labels: list[tuple[str, str]],
        schedules: list[tuple[int | None, list[int], str]],
        zones: list[list[int]],
        *,
        note: list[tuple[str, str]],
        keep_redundant: bool,
        keep_sources: bool,
        usual_entries: int | None = None,
    ) -> Deck: ...
    def save(self, path: str | PathLike[str]) -> None: ...
    def to_bytes(self) -> bytes: ...
    def verify(self) -> None: ...
    def match_one(
        self, number: str, at: int | None = None, direction: str | None = None, enabled: bytes | None = None
    ) -> Match | None: ...
    def chain(self, number: str) -> list[Match]: ...
    def rate_one(
        self,
        number: str | None,
        ticks: int | None,
        per_second: int,
        at: int | None,
        direction: str,
        semantics: Semantics,
        seconds_fit: bool,
        number_plan: NumberPlan | None = None,
    ) -> tuple[Match | None, int | None, int | None, tuple[int, int] | None, str | None]: ...
    def match_column(
        self,
        numbers: Any,
        fields: list[str],
        *,
        name: str,
        alone: bool,
        at: int | None = None,
        direction: str | None = None,
        enabled: bytes | None = None,
        number_plan: NumberPlan | None = None,
        threads: int = 1,
        walk: str | None = None,
    ) -> Column: ...
    def rate_column(
        self,
        records: Any,
        fields: list[str],
        semantics: Semantics,
        *,
        name: str,
        alone: bool,
        per_second: int,
        direction: str | None = None,
        number_plan: NumberPlan | None = None,
        threads: int = 1,
    ) -> Column: ...
    def network_groups(self) -> list[tuple[str, str | None, str | None]]: ...
    def prefixes(self, digits: str, group: int | None) -> list[str]: ...
    def groups_within(self, digits: str) -> list[int]: ...
    def rows(self) -> Column: ...
    def schedules(self) -> tuple[list[list[int]], list[tuple[int | None, str]]]: ...
    @property
    def digest(self) -> str: ...
    @property
    def is_dated(self) -> bool: ...
    @property
    def labels(self) -> list[tuple[str, str]]: ...
    @property
    def written(self) -> tuple[int, list[tuple[str, str]]]: ...
    @property
    def counts(self) -> tuple[int, int, int, int, int]: ...
    @property
    def sizes(self) -> list[tuple[str, int]]: ...

@final
class Plans:
    """Billing plans prepared for a deck; `dialnexa_routing.PreparedPlans` is their face."""

    def __new__(
        cls, deck: Deck, plans: Iterable[dict[str, Any]], workspaces: list[tuple[str, str | None]]
    ) -> Plans: ...
    def rate_column(
        self,
        records: Any,
        *,
        name: str,
        per_second: int,
        direction: str | None,
        agent_kind: str,
        path: str,
        number_plan: NumberPlan | None = None,
        threads: int = 1,
    ) -> Column: ...
    @property
    def decimals(self) -> int: ...
    @property
    def size(self) -> int: ...

def walks() -> list[str]: ...
def priced_groups(deck: Deck) -> list[tuple[str, str, list[bool], list[bool]]]: ...

@final
class TextLook:
    """A text in UTF-8 looked at line by line."""

    def __new__(
        cls,
        path: str | PathLike[str],
        delimiter: int,
        cells: int,
        header_lines: int,
        wanted: list[int],
    ) -> TextLook: ...
    @property
    def is_clean(self) -> bool: ...
    @property
    def guarded(self) -> bool: ...
    @property
    def padded(self) -> bool: ...
    def to_end(self) -> int | None: ...
    def cells(self) -> list[Column] | None: ...
    def taken(self, mask: _Arrow) -> bytes | None: ...

@final
class CallRows:
    """How rows of call records are read where nothing is amiss with them."""

    def __new__(
        cls,
        zone: list[tuple[int, int, int]],
        status: list[tuple[str, int]],
        other_status: int,
        ways: list[tuple[str, int]],
        untimed: bool,
        longest_s: int | None,
    ) -> CallRows: ...
    def read(self, rows: _Arrow) -> Column: ...

def wall_micros(texts: _Arrow) -> Column: ...
def seconds(texts: _Arrow) -> Column: ...
def with_plus(texts: _Arrow) -> Column: ...
def are_tidy(texts: _Arrow, escaped: bool) -> bool: ...
def prefix_numbers(texts: _Arrow) -> Column | None: ...
def plain_amounts(texts: _Arrow) -> Column | None: ...
def counted(text: bytes, bytes: bytes) -> list[int]: ...  # noqa: A002
def utf8_fault(text: bytes) -> int | None: ...
def text_columns(text: bytes, delimiter: int, cells: int, header_lines: int) -> list[Column] | None: ...
