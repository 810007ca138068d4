"""What installing, importing and compiling cost: bytes of the wheel, milliseconds, peak memory.

python benches/wheel.py [--wheel dist/dialnexa_routing-….whl]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import report
from rounds import Spread, alone_on_one_core
from workload import DECKS, Workload

_IMPORTS = 15
_HEAVY = ("polars", "pydantic", "pyarrow", "numpy")
_IMPORT = f"""
import sys, time
start = time.perf_counter()
import dialnexa_routing
took = time.perf_counter() - start
print(took, *(name for name in {_HEAVY!r} if name in sys.modules))
"""
# Reading the frame may have needed more than compiling does, so Linux is told to forget that peak.
_COMPILE = """
import pathlib, re, sys
import polars
from dialnexa_routing import RateDeck
frame = polars.read_ipc(sys.argv[1]).rechunk()
pathlib.Path("/proc/self/clear_refs").write_text("5")
def resident(name):
    return int(re.search(name + r":\\s*([0-9]+) kB", pathlib.Path("/proc/self/status").read_text())[1]) / 1024
before = resident("VmRSS")
deck = RateDeck.compile(frame)
print(before, resident("VmHWM"), frame.estimated_size() / 2**20, deck.sizes["file"] / 2**20)
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--wheel", type=Path, help="a built wheel")
    parser.add_argument("--deck", action="append", choices=DECKS, help="to compile; default az and us_in")
    report.options(parser)
    options = parser.parse_args()
    alone_on_one_core()
    told = report.Report("wheel")
    if options.wheel:
        _wheel(told, options.wheel)
    _imports(told)
    names = options.deck or DECKS[:2]
    rows = [_compile(told, Workload.of(name, seed=options.seed, folder=options.folder)) for name in names]
    head = ["deck", "prefixes", "frame MB", "resident before", "peak", "risen by", "deck file MB"]
    report.table("peak resident memory of compiling, MB", head, rows)
    told.finish(options)


def _wheel(told: report.Report, path: Path) -> None:
    with zipfile.ZipFile(path) as wheel:
        module = max(wheel.infolist(), key=lambda member: member.file_size)
    sizes = {"wheel": path.stat().st_size, f"largest file, {module.filename}": module.file_size}
    for what, size in sizes.items():
        told.add("", "", what.split(",")[0], "size", size / 1e6, "MB")
    report.table("wheel, MB", ["what", "MB"], [[what, f"{size / 1e6:.2f}"] for what, size in sizes.items()])


def _imports(told: report.Report) -> None:
    """Import in fresh processes; the bytecode is there after the first, which is not counted."""
    took = []
    for _ in range(_IMPORTS + 1):
        seconds, *loaded = _child(_IMPORT)
        if loaded:
            raise SystemExit(f"import dialnexa_routing imports {', '.join(loaded)}; it must not")
        took.append(float(seconds))
    spread = Spread.of(took[1:])
    told.add("", "", "import dialnexa_routing", "wall time", spread.median * 1e3, "ms")
    started = statistics.median(_bare() for _ in range(_IMPORTS))
    rows = [
        ["import dialnexa_routing", f"{spread.median * 1e3:.1f}", f"{spread.quartiles:.0%}"],
        ["the interpreter alone, start to end", f"{started * 1e3:.1f}", ""],
    ]
    report.table(f"import, ms, median of {_IMPORTS} fresh processes", ["what", "ms", "spread"], rows)


def _bare() -> float:
    before = time.perf_counter()
    _child("")
    return time.perf_counter() - before


def _compile(told: report.Report, workload: Workload) -> list[str]:
    path = workload.folder / "to-compile.arrow"
    workload.frame().write_ipc(path)
    before, after, frame, file = (float(value) for value in _child(_COMPILE, str(path)))
    path.unlink()
    risen = after - before
    told.add(workload.name, "", "compile", "peak memory risen by", risen, "MB")
    told.add(
        workload.name, "", "compile", "peak memory risen by, per prefix", risen * 2**20 / len(workload), "B"
    )
    megabytes = (frame, before, after, risen, file)
    return [workload.name, f"{len(workload):,}", *(f"{value:.0f}" for value in megabytes)]


def _child(program: str, *arguments: str) -> list[str]:
    """The words that a program prints in a process of its own."""
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout.split()


if __name__ == "__main__":
    main()
