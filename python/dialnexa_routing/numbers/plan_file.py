"""The shipped file of the number plan, a section at a time, each read when it is first asked for."""

from __future__ import annotations

import os
from functools import lru_cache

_PATH = os.path.join(os.path.dirname(__file__), "number_plan.txt")  # noqa: PTH118, PTH120 (pathlib is slower to import)


@lru_cache(None)
def head() -> dict[str, str]:
    """What the file is: ``origin``, ``licence``, ``date``, ``command``."""
    lines = _text().split("\n\n", 1)[0].splitlines()
    return dict(line.split(" ", 1) for line in lines if not line.startswith("#"))


def section(name: str) -> list[str]:
    """The lines of a section; nothing is kept, for whoever asks makes a table of them."""
    return _text().split(f"\n[{name}]\n", 1)[1].split("\n\n", 1)[0].splitlines()


def counts(text: str) -> frozenset[int]:
    """Counts as ``4-7,10``.

    >>> sorted(counts("4-7,10"))
    [4, 5, 6, 7, 10]
    """
    runs = (run.partition("-") for run in text.split(",") if run)
    return frozenset(count for low, _, high in runs for count in range(int(low), int(high or low) + 1))


def _text() -> str:
    with open(_PATH, encoding="utf-8") as file:  # noqa: PTH123
        return file.read()
