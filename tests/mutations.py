"""Damage as files meet it: flipped bytes, lost ends, chunks sent twice, cells in each other's place."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

_ODD_CELLS = (
    "",
    " ",
    "0",
    "091",
    "+91",
    "00 91",
    "9.1E+11",
    "12345678901234567",
    "9198X",
    "91-93",
    "n/a",
    "blocked",
    "-1",
    "1e3",
    "0,74",
    "1.234.5",
    "\u0669\u0661",
    "\u00a091",
    "=1+1",
    "\u20ac 1",
    "999999999999999999999",
    "0.0000000001",
)


def bytes_damaged(data: bytes, random: Random, most: int = 3) -> bytes:
    """`data` with one to `most` kinds of damage at random places."""
    made = bytearray(data)
    for _ in range(random.randint(1, most)):
        at = random.randrange(len(made)) if made else 0
        end = at + random.randint(1, 40)
        kind = random.choice(("flip", "flip", "byte", "byte", "cut", "drop", "twice", "swap"))
        if kind == "flip" and made:
            made[at] ^= 1 << random.randrange(8)
        elif kind == "byte" and made:
            made[at] = random.choice(b"\x00\x01\t\n\r \"',.;|+-0123456789=AZaz[]{}\x7f\x80\xff")
        elif kind == "cut" and random.random() < 0.3:
            del made[at:]
        elif kind == "drop":
            del made[at:end]
        elif kind == "twice":
            made[at:at] = made[at:end]
        elif kind == "swap":
            other = random.randrange(len(made)) if made else 0
            made[at : at + 3], made[other : other + 3] = made[other : other + 3], made[at : at + 3]
    return bytes(made)


def cells_damaged(rows: list[list[str]], random: Random) -> list[list[str]]:
    """`rows` with cells swapped, replaced, rows repeated or lost."""
    made = [list(row) for row in rows]
    for _ in range(random.randint(1, 4)):
        row, other = random.randrange(len(made)), random.randrange(len(made))
        at, there = random.randrange(len(made[row])), random.randrange(len(made[other]))
        kind = random.choice(("swap", "odd", "odd", "twice", "lose"))
        if kind == "swap":
            made[row][at], made[other][there] = made[other][there], made[row][at]
        elif kind == "odd":
            made[row][at] = random.choice(_ODD_CELLS)
        elif kind == "twice":
            made.insert(other, list(made[row]))
        elif len(made) > 3:
            del made[row]
    return made
