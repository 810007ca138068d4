"""Which column of a published table is which canonical one.

Only aliases with a single meaning are accepted (quirk 55): a header is normalised and compared
whole, never by a part of it, so that ``Rate Change`` is not taken for a rate. Where two columns
could be the same one, both are kept as candidates until the caller's `columns=` is known.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from dialnexa_routing.deck.canonical_columns import SHEET
from dialnexa_routing.sheets.aliases import (
    ALIASES,
    CURRENT,
    INCREMENT_PAIRS,
    INCREMENTS,
    NAMES,
    NEW,
    OLD,
    PREFERENCE,
    RATE_PAIRS,
    RATES,
)
from dialnexa_routing.sheets.header_keys import KNOWN, key, normalise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

UNNAMED_CODES = tuple(
    frozenset(["destination", *prices, *intervals])
    for prices in (("first_price", "next_price"), ("price_first", "price_next"))
    for intervals in (("first_interval", "next_interval"), ("interval_first", "interval_next"))
)
"""Names by which PortaOne's columns are known: of its own, the destination is the prefix."""
_DIGITS = frozenset("0123456789")  # no known header begins with one, but most rows below it do
_NEAR = [alias for alias, name in ALIASES.items() if name in SHEET or name == INCREMENTS]


@dataclass(frozen=True)
class Header:
    """The header row of a table: where each canonical column stands, and what it is called there.

    `unclear` names the candidates where several columns could be one; `names` is the row itself.
    """

    columns: dict[str, int]
    published: dict[str, str]
    unknown: tuple[tuple[int, str, str | None], ...]  # index, name, nearest canonical name
    unclear: dict[str, tuple[int, ...]] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    place: str = ""
    mapped: frozenset[str] = frozenset()  # canonical names the caller placed
    joined: bool = False  # the prefix column holds area codes, to be put behind the calling code
    beaten: Mapping[int, str] = field(default_factory=dict)  # place -> canonical name another column has
    aliases: Mapping[str, str] = field(default_factory=dict)  # those of a format
    left_out: Mapping[str, str] = field(default_factory=dict)  # compared name -> why its format leaves it out

    @property
    def rates_are_named_exactly(self) -> bool:
        """Whether every rate column bears its canonical name, which means rupees (quirk 37)."""
        return not self.mapped & set(RATES) and all(
            self.published[name].strip().lower() == name for name in RATES if name in self.columns
        )

    @property
    def keys(self) -> frozenset[str]:
        """Its names as they are compared."""
        return frozenset(normalise(name) for name in self.names)

    def named_keys(self) -> list[tuple[str, str]]:
        """Its names as they stand, each with the one it is compared by."""
        return [(name, normalise(name)) for name in self.names if name]

    def statuses(self) -> list[str]:
        """The columns that hold words on what became of a row; the first is ``status`` itself."""
        return [name for name in self.columns if name.startswith("status")]

    @property
    def read_places(self) -> frozenset[int]:
        """The columns that some canonical name reads, or may come to read."""
        return frozenset(self.columns.values()) | {at for places in self.unclear.values() for at in places}

    def nearest(self, place: int) -> str | None:
        """The canonical name that an unread column's own is a misspelling of, if it has no column yet."""
        near = next((near for at, _, near in self.unknown if at == place), None)
        return None if near in self.columns else near

    def settled(self, place: int) -> str | None:
        """Why a column with a known name is not read all the same; None where that was never decided."""
        canonical = self.beaten.get(place)
        if canonical is None:
            return None
        if canonical in self.mapped:
            return f"columns= says what {canonical!r} is, so this column is not read"
        name = self.published.get(canonical, canonical)
        return f"{name!r} is read in its place: pass columns= if this one is meant"

    @property
    def lone_code(self) -> str | None:
        """``calling_code`` or ``area_code`` where such a column alone is read as the prefix."""
        known = KNOWN.get(key(self.published.get("prefix", "")), "")
        alone = known in ("calling_code", "area_code") and not self.joined and "prefix" not in self.mapped
        return known if alone else None

    def open_questions(self) -> list[tuple[str, str, tuple[str | int, ...]]]:
        """Canonical name, sentence and candidates of each column that is still unclear (quirks 40, 56)."""
        found = []
        for canonical, places in self.unclear.items():
            named = " and ".join(repr(self.names[index]) for index in places)
            if canonical == INCREMENTS:
                reason = f"the columns {named} say the increments twice"
            else:
                reason = f"the columns {named} could both be {canonical}"
            called: list[str | int] = [self.names[index] for index in places]
            if len(set(called)) < len(called):
                called = [index + 1 for index in places]
            sentence = (
                f"{self.place}: {reason}: pass columns={{{canonical!r}: {called[0]!r}}}"
                " with the one you mean, or keep one"
            )
            found.append((canonical, sentence, tuple(called)))
        return found

    def decided(self) -> Header:
        """It with the first candidate of each unclear column, so that the rest of the table can be read."""
        columns, beaten = dict(self.columns), dict(self.beaten)
        for canonical, places in self.unclear.items():
            beaten |= dict.fromkeys(places[1:], canonical)
            if canonical == INCREMENTS:
                columns.pop(INCREMENTS, None)
            else:
                columns[canonical] = places[0]
        published = self.published | {
            name: self.names[at] for name, at in columns.items() if at < len(self.names)
        }
        return replace(self, columns=columns, published=published, unclear={}, beaten=beaten)

    def without(self, places: frozenset[int]) -> Header:
        """It with the columns at `places` read as nothing."""
        columns = {name: at for name, at in self.columns.items() if at not in places}
        unclear = {}
        for canonical, held in self.unclear.items():
            kept = tuple(at for at in held if at not in places)
            if len(kept) > 1:
                unclear[canonical] = kept
            elif kept:
                columns[canonical] = kept[0]
        published = {name: self.names[at] if at < len(self.names) else name for name, at in columns.items()}
        return replace(self, columns=columns, published=published, unclear=unclear)


def score(cells: Sequence[str | None]) -> int:
    """How many canonical columns a row of cells would name; 0 unless one of them is the prefix."""
    named = {
        KNOWN[found] for cell in cells if cell and cell[0] not in _DIGITS and (found := key(cell)) in KNOWN
    }
    if not named.isdisjoint(("prefix", "calling_code", "area_code")):
        return len(named)
    keys = {key(cell) for cell in cells if cell}
    return len(named) if any(codes <= keys for codes in UNNAMED_CODES) else 0


def recognise(
    cells: Sequence[str | None],
    place: str,
    columns: Mapping[str, int | None] | None = None,
    aliases: Mapping[str, str] | None = None,
) -> Header:
    """The header row `cells`, which stands at `place`, as canonical columns.

    A column that bears the canonical name itself goes before its aliases; `columns` places
    canonical columns by hand, and `aliases` are those a format has of its own.
    """
    names = tuple((cell or "").strip() for cell in cells)
    keys = [key(name) if name else "" for name in names]
    chosen = dict(columns or {})
    meaning = _meanings(keys, {**KNOWN, **aliases} if aliases else KNOWN)
    candidates: dict[str, list[int]] = {}
    beaten: dict[int, str] = {}
    placed = set(chosen.values())
    for index, canonical in enumerate(meaning):
        if canonical and index not in placed and canonical not in chosen:
            candidates.setdefault(canonical, []).append(index)
        elif canonical and index not in placed:
            beaten[index] = canonical
    found = {name: index for name, index in chosen.items() if index is not None}
    unclear: dict[str, tuple[int, ...]] = {}
    for canonical, indexes in candidates.items():
        best = _preferred(canonical, indexes, names, keys)
        if canonical == "status":
            found |= {f"status{at or ''}": index for at, index in enumerate(indexes)}
        elif len(best) > 1:
            unclear[canonical] = tuple(best)
        else:
            found[canonical] = best[0]
            if canonical in NAMES or any(keys[index] in CURRENT for index in indexes if index != best[0]):
                beaten |= {index: canonical for index in indexes if index != best[0]}
    joined = _choose_code(found, chosen)
    if INCREMENTS in found:
        single = [name for name in ("initial_increment_s", "next_increment_s") if name in found]
        if single:
            unclear[INCREMENTS] = (found[INCREMENTS], found[single[0]])
    used = {*found.values(), *(index for places in unclear.values() for index in places), *placed}
    unknown = tuple(
        (index, name, _nearest(name)) for index, name in enumerate(names) if name and index not in used
    )
    published = {name: names[index] for name, index in found.items()}
    return Header(
        found,
        published,
        unknown,
        unclear,
        names,
        place,
        frozenset(chosen),
        joined,
        beaten,
        dict(aliases or {}),
    )


def _meanings(keys: Sequence[str], aliases: Mapping[str, str]) -> list[str | None]:
    """The canonical name each header would have, pairs that only mean something together first."""
    meaning: list[str | None] = [aliases.get(key) for key in keys]
    for pairs, pair in (
        (INCREMENT_PAIRS, ("initial_increment_s", "next_increment_s")),
        (RATE_PAIRS, ("first_rate", "outbound_rate")),
    ):
        there = set(keys)
        for first, further in pairs:
            if first not in there or further not in there:
                continue
            if any(name in meaning for name in pair[1:]):
                break
            places = [index for index, key in enumerate(keys) if key in (first, further)]
            if len(places) == 2 and {keys[places[0]], keys[places[1]]} == {first, further}:
                start = places[0] if keys[places[0]] == first else places[1]
                meaning[start] = pair[0]
                meaning[places[0] + places[1] - start] = pair[1]
                break
    return meaning


def _preferred(canonical: str, indexes: list[int], names: Sequence[str], keys: Sequence[str]) -> list[int]:
    """The candidates that remain when the canonical name, a new price or a telling name goes first."""
    exact = [index for index in indexes if names[index].lower() == canonical]
    if exact:
        return exact
    if canonical == "outbound_rate" and len(indexes) > 1:
        new = [index for index in indexes if keys[index] in NEW]
        if len(new) == 1 and all(keys[index] in CURRENT for index in indexes if index not in new):
            return new
        present = [index for index in indexes if keys[index] not in OLD]
        if len(present) == 1:
            return present
    if canonical in NAMES and len(indexes) > 1:
        order = PREFERENCE[canonical]
        return [min(indexes, key=lambda index: (order.get(keys[index], 99), index))]
    return indexes


def _choose_code(found: dict[str, int], chosen: Mapping[str, int | None]) -> bool:
    """Places the prefix where no column is it alone; whether area codes stand there (quirk 7)."""
    if "prefix" in found or "prefix" in chosen:
        return False
    if "calling_code" in found and "area_code" in found:
        found["prefix"] = found.pop("area_code")
        return True
    for name in ("area_code", "calling_code"):
        if name in found:
            found["prefix"] = found.pop(name)
            break
    return False


@lru_cache(maxsize=4096)
def _nearest(name: str) -> str | None:
    close = difflib.get_close_matches(normalise(name), _NEAR, n=1, cutoff=0.8)
    return ALIASES[close[0]] if close else None
