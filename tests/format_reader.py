"""A second reader of deck files, written after ``FORMAT.md`` in nothing but Python's own library.

It knows nothing of the package, is slow, and short enough to be read beside the page. Amounts are whole
nano-rupees and times are microseconds since 1970 UTC, as they stand in the file. `test_format` holds it to
`RateDeck`: what both read alike was written as the page says.
"""

from __future__ import annotations

import re
from struct import Struct
from typing import TYPE_CHECKING

from format_found import FormatError, Found

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

SECTIONS = (
    *("meta", "table", "arena", "parent", "tariff_of", "tariff", "terms", "group", "text_end", "text"),
    *("source_file", "source_row", "label", "parent_of", "zone", "zone_end", "schedule", "schedule_end"),
    "halves",
)
"""By kind, the first of which is 1."""

HEADER, PLACE = Struct("<8sIIQ"), Struct("<IIQQ")
META, TERMS = Struct("<QQIIIIIIIIIIII"), Struct("<qqqqqqqIIIIIIII")
NOTE = Struct("<8sII")
OPTIONAL, OLD_SECTIONS = 1 << 31, 18
NO_AMOUNT = -(2**63)
LACKS_INBOUND, DATED = 1, 2
BLOCKED, EXACT_MATCH, HAS_FROM, HAS_TO = 1, 2, 4, 8
NODE, INNER, OFFSET = 1 << 31, 1 << 30, (1 << 30) - 1
NONE, LEAST = (1 << 26) - 1, 1 << 27
"""Where nothing matches; no slot of an entry is below the other one."""


class Deck:
    """A deck over its bytes."""

    def __init__(self, data: bytes) -> None:
        if len(data) < HEADER.size + 32 or data[:8] != b"DNXDECK\n":
            raise FormatError("this is no deck")
        _, version, count, length = HEADER.unpack_from(data)
        if version not in (3, 4) or length > len(data) or (version == 3 and length != len(data)):
            raise FormatError(f"format {version}, {length} bytes")
        self.version, self.note = version, note(data[length:])
        self.parts = dict.fromkeys(SECTIONS, b"")
        for at in range(count):
            kind, reserved, offset, size = PLACE.unpack_from(data, HEADER.size + PLACE.size * at)
            if offset + size > length - 32 or (version > 3 and reserved):
                raise FormatError(f"section of kind {kind}")
            if version > 3 and kind >= OPTIONAL:
                continue
            if not 1 <= kind <= (len(SECTIONS) if version > 3 else OLD_SECTIONS):
                raise FormatError(f"section of kind {kind}")
            self.parts[SECTIONS[kind - 1]] = data[offset : offset + size]
        if len(self.parts["meta"]) != META.size:
            raise FormatError("the description is of another size")
        self.digest = data[length - 32 : length].hex()
        self.rows, self.redundant, self.depth, self.flags, self.entries, reserved, *packings = META.unpack(
            self.parts["meta"]
        )
        if version > 3 and (reserved or self.flags & ~(LACKS_INBOUND | DATED)):
            raise FormatError("a reserved word or flag is set")
        self.halves = [self.u32("halves", at) for at in range(len(self.parts["halves"]) // 4)]
        if self.halves and (len(self.halves) != 8 or self.halves[0] or self.halves != sorted(self.halves)):
            raise FormatError("the halves are no eight numbers that ascend")
        columns = ("parent_of", "tariff_of", "source_file", "source_row")
        self.packing = dict(zip(columns, zip(packings[::2], packings[1::2], strict=True), strict=True))
        for name, (_, width) in self.packing.items():
            size = len(self.parts[name])
            if (size or name in columns[:2]) and (width > 4 or size != self.entries * width + 4):
                raise FormatError(f"{name} is of another size")
        if not 2 <= self.depth <= 4 or len(self.parts["table"]) != 8 * -(-(10 ** (2 * self.depth - 1)) // 32):
            raise FormatError("the table is of another size")

    def u32(self, part: str, at: int) -> int:
        """A word of a section, by its number."""
        if not 0 <= at < len(self.parts[part]) // 4:
            raise FormatError(f"there is no word {at} in {part}")
        return int.from_bytes(self.parts[part][4 * at : 4 * at + 4], "little")

    def packed(self, part: str, entry: int) -> int:
        """A number of a packed column."""
        base, width = self.packing[part]
        if not 0 <= entry < self.entries:
            raise FormatError(f"there is no entry {entry}")
        return int(base + int.from_bytes(self.parts[part][entry * width : entry * width + width], "little"))

    def span(self, ends: str, at: int) -> slice:
        """Where a text or a list stands among those that lie back to back."""
        return slice(self.u32(ends, at - 1) if at else 0, self.u32(ends, at))

    def text(self, at: int) -> str:
        return self.parts["text"][self.span("text_end", at)].decode()

    @property
    def labels(self) -> dict[str, str]:
        words = range(0, len(self.parts["label"]) // 4, 2)
        return {self.text(self.u32("label", at)): self.text(self.u32("label", at + 1)) for at in words}

    def bits(self, word: int, count: int = 4) -> int:
        """So many words of the arena as one bitmap, bit 0 first."""
        return sum(self.u32("arena", word + at) << (32 * at) for at in range(count))

    def root(self, cell: int) -> int:
        """The slot of a cell of the table."""
        bitmap, place = (self.u32("table", cell // 32 * 2 + word) for word in (0, 1))
        return self.u32("arena", (place + rank(bitmap, cell % 32 + 1)) % 2**32)

    def step(self, node: int, pair: int) -> int:
        """The slot that a node has for two more digits."""
        at = node & OFFSET
        if node & INNER:
            child, children = self.u32("arena", at + 6), self.bits(at + 7)
            if children >> pair & 1:
                return NODE | (child + rank(children, pair) * (11 if child & INNER else 6))
        ends, first, inherited = self.bits(at), self.u32("arena", at + 4), self.u32("arena", at + 5)
        if ends >> (10 + pair) & 1:
            return first + rank(ends, 10 + pair) + (1 << 29 if self.halves else 1 << 27)
        if ends >> (pair // 10) & 1:
            return first + rank(ends, pair // 10)
        return inherited

    def slot(self, digits: str) -> int:
        """The slot of a number, as if it were followed by zeros."""
        digits = digits.ljust(15, "0")
        decided = 2 * self.depth - 1
        slot = self.root(int(digits[:decided]))
        while slot & NODE:
            if decided == 15:
                raise FormatError("a node lies behind the last digit")
            slot = self.step(slot, int(digits[decided : decided + 2]))
            decided += 2
        return slot

    def entry(self, slot: int) -> int:
        """Which entry a slot leads to."""
        return (slot & (1 << 29) - 1) - LEAST if self.halves else slot & NONE

    def digits(self, slot: int) -> int:
        """How many digits its prefix has."""
        if self.halves and slot >= LEAST:
            return 2 * sum(self.entry(slot) >= first for first in self.halves[1:]) + (slot >> 29 & 1)
        return slot >> 27

    def is_conditional(self, slot: int) -> bool:
        return bool(slot >> (30 if self.halves else 26) & 1)

    def above(self, slot: int) -> int:
        """The next shorter entry: fewer digits, or as many and a lower number, which ends every walk."""
        if slot < LEAST or self.digits(slot) == 0:
            raise FormatError("a prefix has no digits")
        parent = self.u32("parent", self.packed("parent_of", self.entry(slot)))
        order = [(self.digits(one), self.entry(one)) for one in (parent, slot)]
        if parent != NONE and (parent & NODE or order[0] >= order[1]):
            raise FormatError("a chain does not come down")
        return parent

    def chain(self, digits: str) -> Iterator[Found]:
        """Every entry whose prefix begins the digits, longest first."""
        slot = self.slot(digits)
        while slot != NONE:
            if 0 < self.digits(slot) <= len(digits):
                yield self.found(digits[: self.digits(slot)], self.entry(slot))
            slot = self.above(slot)

    def match(
        self,
        number: str,
        at: int | None = None,
        direction: str | None = None,
        enabled: Container[int] | None = None,
    ) -> Found | None:
        """The first entry of the chain that answers; among some network groups only, if they are given."""
        if not re.fullmatch(r"\+?[1-9][0-9]{0,14}", number):
            raise FormatError("this is no number")
        if at is None and self.flags & DATED:
            raise FormatError("a dated deck is asked for a time")
        digits = number.removeprefix("+")
        for one in self.chain(digits):
            if one.answers(len(digits), at, direction) and (enabled is None or one.group in enabled):
                return one
        return None

    def found(self, prefix: str, entry: int) -> Found:
        """All that is known of an entry."""
        tariff = self.packed("tariff_of", entry)
        group, terms = self.u32("tariff", 2 * tariff), self.u32("tariff", 2 * tariff + 1)
        name, iso, country = (self.text(self.u32("group", 3 * group + word)) for word in range(3))
        if terms >= len(self.parts["terms"]) // TERMS.size:
            raise FormatError(f"there are no terms {terms}")
        stored = TERMS.unpack_from(self.parts["terms"], TERMS.size * terms)
        (out, inward, fee, least, most, begin, end, unit, initial, following, minimum, grace, free) = stored[
            :13
        ]
        flags, schedule = stored[13:]
        if flags > 15:
            raise FormatError("a reserved flag of terms is set")
        source = None
        if self.parts["source_row"]:
            source = self.text(self.packed("source_file", entry)), self.packed("source_row", entry)
        return Found(
            prefix,
            group,
            name,
            iso or None,
            country or None,
            amount(out),
            amount(inward),
            fee,
            least,
            amount(most),
            begin if flags & HAS_FROM else None,
            end if flags & HAS_TO else None,
            unit,
            (initial, following) if initial or following else None,
            minimum,
            grace,
            free,
            bool(flags & BLOCKED),
            bool(flags & EXACT_MATCH),
            schedule - 1 if schedule else None,
            source,
        )

    def numbers(self, part: str, at: int) -> list[int]:
        """A list of the section of schedules or of zones."""
        span = self.span(part + "_end", at)
        words = range(8 * span.start, 8 * span.stop, 8)
        return [int.from_bytes(self.parts[part][at : at + 8], "little", signed=True) for at in words]

    def listed(self) -> Iterator[Found]:
        """Every entry, by prefix: each is met where its own digits, followed by zeros, lead."""
        decided = 2 * self.depth - 1
        for cell in range(10**decided):
            if self.u32("table", cell // 32 * 2) >> (cell % 32) & 1:
                yield from self.under(self.root(cell), str(cell).zfill(decided))

    def under(self, slot: int, digits: str) -> Iterator[Found]:
        if slot & NODE:
            for pair in range(100):
                yield from self.under(self.step(slot, pair), f"{digits}{pair:02}")
            return
        begun = []
        while slot != NONE and not digits[self.digits(slot) :].strip("0"):
            begun.append(self.found(digits[: self.digits(slot)], self.entry(slot)))
            slot = self.above(slot)
        yield from reversed(begun)


def note(data: bytes) -> dict[str, str]:
    """What stands behind the deck: lines of a name and a value. Its check is a BLAKE3, as the digest is."""
    if not data:
        return {}
    mark, length, reserved = NOTE.unpack_from(data) if len(data) > NOTE.size else (b"", 0, 0)
    if mark != b"DNXNOTE\n" or reserved or len(data) != NOTE.size + length + 32:
        raise FormatError("what stands behind the deck is no note")
    try:
        lines = data[NOTE.size : NOTE.size + length].decode().split("\n")
        return dict(line.split(" ", 1) for line in lines if line)
    except ValueError as error:  # no UTF-8, or a line without a value
        raise FormatError("the note behind the deck is damaged") from error


def rank(bitmap: int, bit: int) -> int:
    """How many bits are set below one."""
    return (bitmap & ((1 << bit) - 1)).bit_count()


def amount(stored: int) -> int | None:
    return None if stored == NO_AMOUNT else stored
