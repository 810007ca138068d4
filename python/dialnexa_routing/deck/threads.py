"""How many threads share a column: as many as Polars would take, and one where Polars calls us itself."""

from __future__ import annotations

import os
import threading

_FEW_ROWS = 1 << 17


def threads_for(rows: int) -> int:
    """Threads for a column of so many rows that is handed over whole.

    As many as `POLARS_MAX_THREADS` states and this process may run on. A thread that Python did not start is
    one of Polars' own, which share the rows among them already. Threads end with the call, so that a fork
    finds none.
    """
    if rows < _FEW_ROWS or isinstance(threading.current_thread(), threading._DummyThread):
        return 1
    here = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    told = os.environ.get("POLARS_MAX_THREADS", "")
    most = int(told) if told.isascii() and told.isdecimal() and int(told) > 0 else here
    return min(most, here)
