"""No test looks at a clock: on a busy machine it would fail, and on an idle one prove nothing."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hangs import HANG_S

if TYPE_CHECKING:
    from collections.abc import Collection

HERE = Path(__file__).parent
FILES = sorted(HERE.rglob("*.py"))
CLOCKS = {
    clock + unit
    for clock in ("perf_counter", "monotonic", "process_time", "thread_time", "time")
    for unit in ("", "_ns")
}
WAITS = ("acquire", "alarm", "communicate", "result", "wait", "wait_for")
LIMITS = ("deadline", "timeout")
SLEEPERS = {
    "test_faulty_calls.py": "leaves the processor to strace until that holds a process",
    "postgres.py": "leaves the processor to a server that starts, and is over once that answers",
    "sandbox_tasks.py": "waits until it is ended, to show that it is",
}


def clocks(text: str) -> set[str]:
    """What a file takes from the module `time`, and whom it gives a number of seconds."""
    found, tree = set(), ast.parse(text)
    assigned = [node for node in tree.body if isinstance(node, ast.Assign) and _is_number(node.value)]
    named = {target.id for node in assigned for target in node.targets if isinstance(target, ast.Name)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            found |= {name.name for name in node.names} & {*CLOCKS, "sleep"}
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value) == "time":
            found |= {node.attr} & {*CLOCKS, "sleep"}
        elif isinstance(node, ast.Call):
            seconds = [word.value for word in node.keywords if word.arg in LIMITS]
            if isinstance(node.func, ast.Attribute) and node.func.attr in WAITS:
                seconds += node.args[-1:]
            found |= {ast.unparse(node) for one in seconds if _is_number(one, named)}
    return found


def _is_number(node: ast.expr, named: Collection[str] = ()) -> bool:
    """Whether it is a number of seconds, or the name of one, that is less than what hangs takes and not 0."""
    if isinstance(node, ast.Name):
        return node.id in named
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float) and 0 < node.value < HANG_S


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(HERE)))
def test_no_test_looks_at_a_clock(path: Path) -> None:
    """Count steps, or wait for what happens; what hangs is ended by the limits in ``hangs.py``."""
    assert clocks(path.read_text(encoding="utf-8")) == ({"sleep"} if path.name in SLEEPERS else set())


def test_clocks_are_found() -> None:
    text = """
import time
from time import perf_counter, sleep
SHORT = 30
LONG = 600
time.monotonic()
done.communicate(timeout=60)
event.wait(0.3)
settings(deadline=200)
settings(deadline=None)
subprocess.run(command, timeout=HANG_S)
subprocess.run(command, timeout=SHORT)
subprocess.run(command, timeout=LONG)
signal.alarm(0)
"""
    told = {"perf_counter", "sleep", "monotonic", "done.communicate(timeout=60)", "event.wait(0.3)"}
    assert clocks(text) == told | {"settings(deadline=200)", "subprocess.run(command, timeout=SHORT)"}
