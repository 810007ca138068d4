"""Which column of a published table is which canonical one.

Only aliases with a single meaning are accepted (quirk 55): a header is normalised and compared
whole, never by a part of it, so that ``Rate Change`` is not taken for a rate.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dialnexa_routing.errors import SheetError
from dialnexa_routing.sheets.columns import SHEET

if TYPE_CHECKING:
    from collections.abc import Sequence

INCREMENTS = "increments"
"""The one-column spelling of both increments, ``60/1``; not a column of `SHEET`."""

CANONICAL = (*SHEET, INCREMENTS)
RATES = ("inbound_rate", "outbound_rate")

_ALIASES = {
    "prefix": "prefixes destination_prefix destination_prefixes code codes code_s dial_code dial_codes"
    " dialcode dialcodes dialprefix dialing_code dialing_codes dst_code destination_code dest_code"
    " complete_code full_code number_prefix match_prefix dialstring digits",
    "origin": "origination_prefix origination_prefixes src_code source_prefix origin_prefix",
    "network_group": "destination destinations destination_name code_name dst_code_name network network_name"
    " operator description voice_network_group group group_name friendly_name target_pattern_name",
    "country": "country_name",
    "country_iso": "iso iso_country iso_code country_iso_code",
    "outbound_rate": "rate rates price prices rate_min price_min cost_min rate_per_min rate_per_minute"
    " price_per_minute per_minute_charge per_minute_rate outbound outbound_price outgoing_rate",
    "inbound_rate": "inbound inbound_price incoming_rate",
    "rate_unit_s": "rate_unit voice_unit",
    "currency": "currency_code ccy",
    "connect_fee": "connection_fee connection_cost connection_charge connectfee connectcharge price_per_call"
    " setup_fee",
    "initial_increment_s": "initial_increment initial_period initial_interval first_increment interval_1"
    " initblock",
    "next_increment_s": "next_increment next_period next_interval recurring_increment recurring_period"
    " subsequent_period second_increment additional_increment interval_n billingblock",
    INCREMENTS: "increment billing billing_increment billing_increments billing_increament billing_inc"
    " billing_interval billing_terms bill_incrmnt charge_period pulse min_inc initial_recurring",
    "minimum_s": "minimum minimum_seconds minimum_time minimal_time_charge",
    "grace_s": "grace grace_time grace_seconds",
    "free_s": "free_seconds",
    "min_charge": "minimum_charge",
    "max_charge": "maximum_charge max_cost",
    "valid_from": "effective effective_date efective_date eff_date effective_from effective_since valid_date"
    " start_date startdate activation_date",
    "valid_to": "valid_till valid_until end_date stop_date stopdate expiry_date",
    "blocked": "forbidden reject_calls",
}
ALIASES = {alias: name for name, aliases in _ALIASES.items() for alias in aliases.split()} | {
    name: name for name in CANONICAL
}
_CURRENCY_WORDS = frozenset(["usd", "eur", "gbp", "inr", "rs"])
_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff]")
_PRICE_WORDS = frozenset(["rate", "rates", "price", "prices", "cost", "charge"])


def normalise(header: str) -> str:
    """A header as it is compared: lower case, words joined by ``_``, currency words and signs gone.

    >>> normalise(" Price (USD) / min ")
    'price_min'
    """
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", header)).lower()
    words = re.sub("[^a-z0-9]+", "_", plain).strip("_").split("_")
    return "_".join(word for word in words if word not in _CURRENCY_WORDS)


@dataclass(frozen=True)
class Header:
    """The header row of a table: where each canonical column stands, and what it is called there."""

    columns: dict[str, int]
    published: dict[str, str]
    unknown: tuple[tuple[int, str, str | None], ...]  # index, name, nearest canonical name

    @property
    def rates_are_named_exactly(self) -> bool:
        """Whether every rate column bears its canonical name, which means rupees (quirk 37)."""
        return all(self.published[name].strip().lower() == name for name in RATES if name in self.columns)

    def unknown_notes(self) -> list[tuple[str, str, bool]]:
        """Name, sentence and whether to warn, for each column that will not be read."""
        priced = any(name in self.columns for name in RATES)
        notes = []
        for _, name, near in self.unknown:
            warn = near is not None or (
                not priced and not _PRICE_WORDS.isdisjoint(normalise(name).split("_"))
            )
            advice = f"rename it {near} if that is meant" if near else "rename it if it should be read"
            notes.append((name, f"no canonical column has this name, so it is not read: {advice}", warn))
        return notes


def score(cells: Sequence[str | None]) -> int:
    """How many canonical columns a row of cells would name; 0 unless one of them is the prefix."""
    named = {ALIASES[key] for cell in cells if cell and (key := normalise(cell)) in ALIASES}
    return len(named) if "prefix" in named else 0


def recognise(cells: Sequence[str | None], place: str) -> Header:
    """The header row `cells`, which stands at `place`, as canonical columns.

    Raises `SheetError` when two columns could be the same canonical one (quirk 56); a column that
    bears the canonical name itself goes before its aliases.
    """
    candidates: dict[str, list[int]] = {}
    names = [(cell or "").strip() for cell in cells]
    for index, name in enumerate(names):
        if name and (key := normalise(name)) in ALIASES:
            candidates.setdefault(ALIASES[key], []).append(index)
    columns = {}
    for canonical, indexes in candidates.items():
        exact = [index for index in indexes if names[index].lower() == canonical]
        chosen = exact or indexes
        if len(chosen) > 1:
            found = " and ".join(repr(names[index]) for index in chosen)
            raise SheetError(
                f"{place}: the columns {found} could both be {canonical}: keep one, or name one {canonical}"
            )
        columns[canonical] = chosen[0]
    if INCREMENTS in columns and ("initial_increment_s" in columns or "next_increment_s" in columns):
        name = names[columns[INCREMENTS]]
        raise SheetError(
            f"{place}: the column {name!r} and a column of one increment say the same: keep one way"
        )
    used = set(columns.values())
    unknown = tuple(
        (index, name, _nearest(name)) for index, name in enumerate(names) if name and index not in used
    )
    return Header(columns, {name: names[index] for name, index in columns.items()}, unknown)


def _nearest(name: str) -> str | None:
    close = difflib.get_close_matches(normalise(name), ALIASES, n=1, cutoff=0.8)
    return ALIASES[close[0]] if close else None
