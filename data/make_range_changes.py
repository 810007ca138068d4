"""Make data/range_changes.csv: which leading digits began or ceased to begin numbers, and by which release.

Compares the patterns of older releases of phonenumbers, given as their wheels, with those of the installed
one; the day of a release is that of its wheel. A range is dated by the first of these releases that has it,
or has it no longer: *by* then, not on that day.

pip download --no-deps -d OLD phonenumbers==8.13.0 (and 8.13.27, 8.13.52, 9.0.10, 9.0.20, 9.0.30, 9.0.36)
python data/make_range_changes.py --date 2026-11-06 OLD/*.whl
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import zipfile
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from make_number_plan import patterns
from number_patterns import DIGITS, State, state, step
from number_plan import CALLING_CODES

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
CHANGES = HERE / "range_changes.csv"
COLUMNS = ("prefix", "change", "by_release", "by_date")

# Of national digits: deeper, ranges are opened ten numbers at a time.
_DEEPEST = 4

_ASK = """
import json
from make_number_plan import patterns
from number_plan import CALLING_CODES
print(json.dumps({code: list(patterns(code)) for code in CALLING_CODES}))
"""

Patterns = dict[int, list[tuple[str, int]]]


def older(wheel: Path) -> tuple[str, date, Patterns]:
    """The release of a wheel, its day, and the patterns that its numbers have."""
    release = wheel.name.split("-")[1]
    with zipfile.ZipFile(wheel) as archive:
        day = date(*archive.getinfo("phonenumbers/__init__.py").date_time[:3])
    path = os.pathsep.join([str(wheel.resolve()), str(HERE)])
    said = subprocess.run(
        [sys.executable, "-c", _ASK], env={"PYTHONPATH": path}, capture_output=True, check=True, text=True
    )
    found = json.loads(said.stdout)
    return release, day, {int(code): [(text, mask) for text, mask in held] for code, held in found.items()}


def gone(before: State, after: State, begun: str, limit: int) -> Iterator[str]:
    """The shortest prefixes that begin a number of `before` and none of `after`."""
    if before and not after:
        yield begun
    elif before and len(begun) < limit:
        for digit in DIGITS:
            yield from gone(step(before, digit), step(after, digit), begun + digit, limit)


def changes(wheels: list[Path], today: date) -> list[tuple[str, str, str, str]]:
    """Every change up to the installed release, by prefix."""
    releases = sorted((older(wheel) for wheel in wheels), key=lambda one: one[1], reverse=True)
    now: Patterns = {code: list(patterns(code)) for code in CALLING_CODES}
    by_release, by_day = version("phonenumbers"), today
    found: dict[tuple[str, str], tuple[str, date]] = {}
    for release, day, then in releases:
        for code in sorted(now.keys() | then.keys()):
            new, old = (state(*held.get(code, ())) for held in (now, then))
            limit = len(str(code)) + _DEEPEST
            for change, pair in (("dead", (old, new)), ("born", (new, old))):
                for prefix in gone(*pair, str(code), limit):
                    if not any((change, prefix[:end]) in found for end in range(1, len(prefix) + 1)):
                        found[change, prefix] = by_release, by_day
        by_release, by_day = release, day
    rows = ((prefix, change, name, day.isoformat()) for (change, prefix), (name, day) in found.items())
    return sorted(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description="Date the ranges that numbers begin with.")
    parser.add_argument("wheels", nargs="+", type=Path, help="older releases of phonenumbers")
    parser.add_argument("--date", required=True, type=date.fromisoformat, help="of the installed release")
    parser.add_argument("--out", type=Path, default=CHANGES)
    options = parser.parse_args()
    with options.out.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(COLUMNS)
        out.writerows(changes(options.wheels, options.date))


if __name__ == "__main__":
    main()
