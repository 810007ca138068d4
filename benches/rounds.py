"""Candidates timed in turn: every round runs each of them once, beginning with another one each time.

The machine may be shared, and rates then move by factors while their ratios within a round stand.
So ratios are taken within rounds, and medians of those.
"""

from __future__ import annotations

import gc
import os
import resource
import statistics
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_ONE_THREAD = dict.fromkeys(("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


class Lap(NamedTuple):
    """Seconds of one run. CPU time is of all threads and ended children, so that none works unseen."""

    cpu: float
    wall: float


class Spread(NamedTuple):
    """The median of some laps, and how far the middle half of them lies apart."""

    median: float
    quartiles: float  # third minus first, as a share of the median

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        median = statistics.median(values)
        if len(values) < 2:
            return cls(median, 0.0)
        first, _, third = statistics.quantiles(values, method="inclusive")
        return cls(median, (third - first) / median)


def alone_on_one_core() -> None:
    """Keep this process to the last core and every library to one thread.

    Libraries read their thread counts when they are imported, so the script starts again once.
    """
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    if any(os.environ.get(name) != value for name, value in _ONE_THREAD.items()):
        sys.stdout.flush()
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **_ONE_THREAD})


def own_cpu() -> float:
    """CPU seconds of this process and of its children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def family_cpu() -> float:
    """The same with children that go on, as a JVM and its workers, and with the ended ones of these."""
    ticks, parents = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        number = int(path.parent.name)
        parents[number], ticks[number] = int(fields[1]), sum(int(field) for field in fields[11:15])
    family, size = {os.getpid()}, 0
    while size < len(family):
        size = len(family)
        family |= {number for number, parent in parents.items() if parent in family}
    # Of this process the finer clock.
    return own_cpu() + sum(ticks[number] for number in family - {os.getpid()}) / os.sysconf("SC_CLK_TCK")


def lap(task: Callable[[], object], cpu: Callable[[], float] = own_cpu) -> Lap:
    """Run once, with garbage collected before and not during."""
    gc.collect()
    gc.disable()
    try:
        began, spent = time.perf_counter(), cpu()
        task()
        return Lap(cpu() - spent, time.perf_counter() - began)
    finally:
        gc.enable()


def in_rounds(
    tasks: Mapping[str, Callable[[int], object]],
    rounds: int,
    warm: Callable[[str, int], object] = lambda name, turn: None,
    cpu: Callable[[], float] = own_cpu,
) -> dict[str, list[Lap]]:
    """Laps of each task, which is given the number of its round; `warm` goes before each, untimed."""
    laps: dict[str, list[Lap]] = {name: [] for name in tasks}
    names = list(tasks)
    for turn in range(rounds):
        first = turn * 3 % len(names)
        for name in names[first:] + names[:first]:
            warm(name, turn)
            laps[name].append(lap(partial(tasks[name], turn), cpu))
    return laps
