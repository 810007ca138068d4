"""What of a lazy frame's physical plan keeps its rows until the last one has come."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

_WHOLE = 'fillcolor="0.0 0.3'
"""How Polars paints what leaves its streaming engine."""


def holding(lazy: pl.LazyFrame) -> list[str]:
    """The names of such steps, sorted; of a step that is handed to several, ``multiplexer``.

    >>> import polars as pl
    >>> rows, a = pl.LazyFrame({"a": ["x"]}), pl.col("a")
    >>> holding(rows.select(a.str.to_uppercase())), holding(rows.select(a.replace("x", "y")))
    ([], ['columnar-function'])
    """
    graph = lazy.show_graph(engine="streaming", plan_stage="physical", raw_output=True)
    assert graph is not None
    steps = re.findall(r'\[label="([a-z-]+)(.*?)\];', graph, re.DOTALL)
    return sorted({name for name, paint in steps if _WHOLE in paint or name == "multiplexer"})
