"""One workload on one build, in a process of its own: `against_child.py WORKLOAD FOLDER DECKS LAPS CORES`.

The build is the one that PYTHONPATH shows. One line of JSON states what it took.
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import dialnexa_routing
from against_workloads import WORKLOADS, Inputs
from rounds import lap

PREPARE = "prepare"


def main() -> None:
    name, folder, decks, laps, cores = sys.argv[1:]
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-int(cores) :])
    inputs = Inputs(Path(folder), Path(decks))
    if name == PREPARE:
        inputs.make_decks()
        return
    task = WORKLOADS[name](inputs)
    # The first run is not timed: it pays for what is imported and prepared at first use.
    answer = task.answer(task.run())
    took = [lap(task.run) for _ in range(int(laps))]
    told = {
        "package": str(Path(dialnexa_routing.__file__).resolve().parent.parent),
        "laps": took,
        "count": task.count,
        "answer": answer,
        "peak_mb": _peak_mb(),
    }
    print(json.dumps(told))


def _peak_mb() -> float:
    """Most that this process had resident. `wait4` would count what the one that forked it held, too."""
    status = Path("/proc/self/status").read_text()
    found = re.search(r"^VmHWM:\s*([0-9]+) kB", status, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


if __name__ == "__main__":
    main()
