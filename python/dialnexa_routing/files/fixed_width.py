"""Text in columns of a fixed width as text between tabs: by where its header's names stand."""

from __future__ import annotations

import csv
import io
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from dialnexa_routing.files.grid import HEAD_SEARCH_ROWS, find_head
from dialnexa_routing.text.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Score = Callable[[Sequence[str | None]], int]

_CELL = re.compile(r"\S+(?: \S+)*")
_LEAST = 2  # known names that a header has


def is_fixed(sample: str, score: Score) -> bool:
    r"""Whether some line is a header whose names stand two blanks or more apart.

    >>> is_fixed("Code  Rate\n91    0.5\n", lambda row: sum(cell in ("Code", "Rate") for cell in row))
    True
    """
    return _head(sample.split("\n")[:HEAD_SEARCH_ROWS], score)[1] >= _LEAST


def with_tabs(data: bytes, file: str, score: Score) -> bytes:
    """`data` with a tab between the columns of each line; a line that fits no column stays whole.

    Raises:
        FileError: no line is a header whose names stand two blanks or more apart.
    """
    lines = data.decode("utf-8", errors="replace").split("\n")
    place, found = _head(lines[:HEAD_SEARCH_ROWS], score)
    if not found:
        raise FileError(
            f"{file}: no line names its columns two blanks or more apart, so delimiter='fixed' cannot say"
            " where they begin: write such a line above them, or part the cells by a character"
        )
    cuts = _cuts(lines[place], lines[place + 1 :])
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    for at, line in enumerate(lines):
        fits = at == place or (
            at > place and all(line[cut : cut + 1].isspace() or cut >= len(line) for cut in cuts)
        )
        if fits:
            ends = [*cuts, len(line)]
            writer.writerow([line[begin:end].strip() for begin, end in zip([0, *cuts], ends, strict=True)])
        else:
            writer.writerow([line.strip()] if line.strip() else [])
    return out.getvalue().encode()


def _head(lines: list[str], score: Score) -> tuple[int, int]:
    """The place and the score of the header among the first lines."""
    return find_head([_CELL.findall(line) for line in lines], lambda row: score(row) if len(row) > 1 else 0)


def _cuts(head: str, below: list[str]) -> list[int]:
    """Where a column ends: between two names, at the blank that the fewest lines write over."""
    cells = list(_CELL.finditer(head))
    cuts = []
    for one, following in pairwise(cells):
        places = range(one.end(), following.start())
        written = [sum(not line[at : at + 1].isspace() for line in below if at < len(line)) for at in places]
        fewest = min(written)
        cuts.append(max(at for at, count in zip(places, written, strict=True) if count == fewest))
    return cuts
