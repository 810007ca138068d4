"""Work counted rather than timed: the same figures on a busy machine as on an idle one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

_FRAME_METHODS = ("explode", "filter", "join", "join_asof", "select", "sort", "unique", "with_columns")


class Steps(NamedTuple):
    """What some work took."""

    calls: int
    """Functions called from Python, those written in C too: each turn of a loop makes some."""
    rows: int
    """Of all frames that Polars made on the way; a join that goes wrong makes far more than went in."""


def steps(work: Callable[[], object]) -> Steps:
    """Do some work and count. What is imported meanwhile counts too: do it once before."""
    calls = rows = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    def measured(method: Callable[..., pl.DataFrame]) -> Callable[..., pl.DataFrame]:
        def call(*arguments: Any, **options: Any) -> pl.DataFrame:
            nonlocal rows
            made = method(*arguments, **options)
            rows += made.height
            return made

        return call

    with pytest.MonkeyPatch.context() as patch:
        for name in _FRAME_METHODS:
            patch.setattr(pl.DataFrame, name, measured(getattr(pl.DataFrame, name)))
        before = sys.getprofile()
        sys.setprofile(count)
        try:
            work()
        finally:
            sys.setprofile(before)
    return Steps(calls, rows)
