"""What a process that was forked may still do: everything but frames, whose threads stayed with its parent.

Polars works with threads that it starts at its first use. A child made by ``fork`` has none of them and
waits for them for ever, without a message. So a child of a process where they ran is refused in one sentence
before it begins. What one call needs (`RateDeck.match`, `rate`, `explain`, the questions of a router, plans)
has no threads, and goes on.
"""

from __future__ import annotations

import os
import re
import sys
from importlib import import_module

from dialnexa_routing.text.errors import ForkError

_TASKS = "/proc/self/task"
_OF_POLARS = re.compile(r"polars-[0-9]|tokio-rt-worker|async-executor")
_PACKAGE = f"{__package__.partition('.')[0]}."

_state = {"ran": False, "lost": False}
"""Whether the threads ran when this process last forked, and whether it is a child that has lost them."""


def refuse_after_fork() -> None:
    """Raises `ForkError` in a process that lost the threads which frames need."""
    if _state["lost"]:
        raise ForkError(
            "this process was forked from one where Polars had begun to work, and has none of its threads: a"
            " frame would wait for ever. Start processes by spawn or forkserver, as"
            " multiprocessing.get_context('spawn') does; single calls work here too"
        )


def threads_run() -> bool:
    """Whether Polars has started its threads; where that cannot be seen, whether it was imported."""
    if "polars" not in sys.modules:
        return False
    try:
        tasks = os.listdir(_TASKS)  # noqa: PTH208 (pathlib is slower to import)
    except OSError:
        return True
    return any(_OF_POLARS.match(_name_of(task)) for task in tasks)


def _name_of(task: str) -> str:
    try:
        with open(f"{_TASKS}/{task}/comm", encoding="ascii", errors="replace") as file:  # noqa: PTH123 (likewise)
            return file.read()
    except OSError:
        return ""  # it has ended meanwhile


def _before() -> None:
    # A module that another thread is importing would stay half imported in the child, its lock held for ever.
    # While one is waited for the next may begin. Each is waited for once: this thread may import one itself.
    waited: set[str] = set()
    while names := _half_imported() - waited:
        for name in names:
            import_module(name)
        waited |= names
    _state["ran"] = threads_run()


def _half_imported() -> set[str]:
    return {
        name
        for name, module in list(sys.modules.items())
        if name.startswith(_PACKAGE) and getattr(getattr(module, "__spec__", None), "_initializing", False)
    }


def _in_child() -> None:
    _state["lost"] = _state["lost"] or _state["ran"]


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before, after_in_child=_in_child)
