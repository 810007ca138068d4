"""Two small sheets asked for every number there is, one by one: what a comparison must agree with.

The number space is all of four digits that begin with 1 or 9, as all prefixes do, and behind each of
them one of five. Prefixes have up to four digits, whole numbers four, so that the fifth digit never
matters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from small_sheets import Row

Answer = tuple[Any, ...] | None

NUMBERS = [
    text
    for first in (1000, 9000)
    for number in range(first, first + 1000)
    for text in (str(number), f"{number}0")
]


def answers(rows: Sequence[Row]) -> dict[str, Answer]:
    """What each number is answered by longest match: group, blocked, and per-minute rate unless blocked."""
    known = {(row["prefix"], bool(row.get("exact_match"))): row for row in rows}
    found: dict[str, Answer] = {}
    for number in NUMBERS:
        row = known.get((number, True))
        length = len(number)
        while row is None and length:
            row = known.get((number[:length], False))
            length -= 1
        found[number] = None if row is None else terms(row)
    return found


def terms(row: Row) -> Answer:
    """What of a row a caller can tell."""
    blocked = bool(row.get("blocked"))
    hidden = (None, None) if blocked else (row["outbound_rate"], row.get("connect_fee") or "0")
    return (row["network_group"], blocked, *hidden)


def speaking(changes: pl.DataFrame) -> dict[str, Row]:
    """The row of changes that speaks for each number; none speaks for one twice."""
    found: dict[str, Row] = {}
    rows = changes.to_dicts()
    for number in NUMBERS:
        speaks = [
            row
            for row in _starting(rows, number)
            if not any(number.startswith(longer) for longer in row["except_prefixes"])
            and number not in row["except_numbers"]
        ]
        assert len(speaks) <= 1, (number, speaks)
        if speaks:
            found[number] = speaks[0]
    return found


def _starting(rows: Sequence[Row], number: str) -> list[Row]:
    return [
        row
        for row in rows
        if (row["prefix"] == number if row["exact_match"] else number.startswith(row["prefix"]))
    ]


_RATE = st.sampled_from(["0.5", "1", "2"])
_DIGIT = st.sampled_from("0123456789")


@st.composite
def row(draw: st.DrawFn, prefix: str, *, exact: bool = False) -> Row:
    """One row for a prefix; few distinct terms, so that neighbours agree."""
    blocked = draw(st.integers(0, 9)) == 0
    return {
        "prefix": prefix,
        "exact_match": exact,
        "network_group": draw(st.sampled_from(["A", "A", "A", "B"])),
        "outbound_rate": None if blocked else draw(_RATE),
        "connect_fee": draw(st.sampled_from([None, None, "0", "1"])),
        "blocked": blocked,
    }


@st.composite
def sheets(draw: st.DrawFn) -> list[Row]:
    """Prefixes that nest, some with all ten below them, and a few whole numbers."""
    found: dict[tuple[str, bool], Row] = {}
    for prefix in draw(st.lists(st.from_regex("[19][019]{0,3}", fullmatch=True), max_size=8, unique=True)):
        found[prefix, False] = draw(row(prefix))
    for parent in draw(st.lists(st.sampled_from(["1", "9", "91", "911", "10"]), max_size=3, unique=True)):
        common = draw(row(parent))
        for digit in "0123456789":
            found[parent + digit, False] = common | {"prefix": parent + digit}
    for number in draw(st.lists(st.from_regex("[19][019]{3}", fullmatch=True), max_size=3, unique=True)):
        found[number, True] = draw(row(number, exact=True))
    return list(found.values())


@st.composite
def pairs(draw: st.DrawFn) -> tuple[list[Row], list[Row]]:
    """A sheet and another: a changed copy of it more often than an unrelated one."""
    old = draw(sheets())
    if draw(st.integers(0, 3)) == 0:
        return old, draw(sheets())
    new = {(one["prefix"], one["exact_match"]): one for one in old}
    for key in draw(st.lists(st.sampled_from(sorted(new)), max_size=4)) if new else []:
        what = draw(st.sampled_from(["remove", "reprice", "split"]))
        one = new.get(key)
        if one is None:
            continue
        if what == "remove" or (what == "split" and (key[1] or len(key[0]) > 3)):
            del new[key]
        elif what == "reprice":
            new[key] = draw(row(key[0], exact=key[1]))
        else:
            del new[key]
            for digit in "0123456789":
                new.setdefault((key[0] + digit, False), one | {"prefix": key[0] + digit})
    return old, list(new.values())
