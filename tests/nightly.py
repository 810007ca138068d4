"""``make nightly``: the countable tests of reliability, each by name, with counts; what is missing is said.

A script. Each line of the table is run in a process of its own with the long counts of `counts.times`.
The exit code is 1 if one of them fails, however many are still to be written.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
RUST = "cargo"


class Countable(NamedTuple):
    """A test by its name: what it does, and where it stands; nowhere if it is still to be written."""

    words: str
    files: tuple[str, ...] = ()


TABLE = {
    "D1": Countable("corruptions of a deck", (RUST, "test_bad_input.py")),
    "D2": Countable("decks made to mislead, by all that can be asked", ("test_bad_input.py",)),
    "D3": Countable("a deck cut at every length", ("test_bad_input.py",)),
    "D4": Countable("header fields, ten bad values each"),
    "D5": Countable("save killed at any moment", ("test_save.py",)),
    "D6": Countable("a fault at each call of save"),
    "D7": Countable(
        "a file renamed, overwritten, cut under readers", ("test_deck_file.py", "test_threads.py")
    ),
    "D8": Countable("rows in any order, one digest", ("test_properties.py",)),
    "D9": Countable("a deck of each format, kept for ever", ("test_format.py", "test_format_page.py")),
    "M1": Countable("rating against fractions", ("test_rating_properties.py",)),
    "M2": Countable("scalar, frame, expression alike", ("test_properties.py", "test_interrupt.py")),
    "M3": Countable("faults known of peers", ("test_reported.py",)),
    "M4": Countable("what must follow from a change of rows", ("test_properties.py", "test_diff.py")),
    "M5": Countable("edges of integers", (RUST,)),
    "M6": Countable("edges of validity", ("test_rating_cases.py",)),
    "H1": Countable("decks swapped under threads", ("test_threads.py", "test_router_threads.py")),
    "H2": Countable("a workspace's life against its model", ("test_router_machine.py",)),
    "S1": Countable("mutated sheets", ("test_mutated_sheets.py",)),
    "S2": Countable("odd workbooks and texts", ("test_hostile_files.py", "test_sandbox.py")),
    "S3": Countable("formulas in exports", ("test_guarded_csv.py",)),
    "N1": Countable("every code point inside a number", ("test_number_bytes.py",)),
    "N2": Countable("numbers as anybody writes them", ("test_number_bytes.py", "test_lenient.py")),
    "N3": Countable("grammars of RFC 3966, torture URIs of RFC 4475"),
    "P1": Countable("whatever is not switched on is refused", ("test_fail_closed.py",)),
    "B1": Countable("a job killed and resumed", ("test_job_kill.py",)),
    "B2": Countable("rated + refused + rejected = rows", ("test_job.py", "test_job_trust.py")),
    "B3": Countable("workers of Spark killed", ("test_spark_kills.py",)),
    "F1": Countable("fork, spawn, forkserver after use", ("test_fork.py", "test_processes.py")),
    "A1": Countable("wrong types into every public call", ("test_wrong_types.py",)),
    "A2": Countable("flat memory over a million calls"),
    "A3": Countable(
        "no number, no secret in logs and errors", ("test_scrub.py", "test_documents_secrets.py")
    ),
    "A4": Countable("fuzzing, Miri, advisories"),
}


def unsafe_blocks() -> int:
    """How many ``unsafe`` blocks and functions the Rust of this project has."""
    code = [path.read_text(encoding="utf-8") for path in (ROOT / "rust").rglob("*.rs")]
    return sum(len(re.findall(r"\bunsafe (?:\{|fn|impl)", text)) for text in code)


def run(files: tuple[str, ...]) -> tuple[bool, str]:
    """Whether all passed, and the last line that pytest or cargo printed of them."""
    passed, told = True, []
    tests = [str(ROOT / "tests" / file) for file in files if file != RUST]
    commands = [[sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]] if tests else []
    if RUST in files:
        commands.append(["cargo", "test", "--quiet", "--locked", "--package", "dialnexa-deck"])
    for command in commands:
        environment = os.environ | {"NIGHTLY": "1"}
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment)
        passed = passed and done.returncode == 0
        counts = re.findall(r"[0-9]+ (?:passed|failed|skipped)", done.stdout)
        told.append(", ".join(counts) or "no counts")
        if done.returncode:
            print(done.stdout[-4000:], done.stderr[-4000:], sep="\n", file=sys.stderr)
    return passed, "; ".join(told)


def main() -> int:
    failed = missing = 0
    for name, one in TABLE.items():
        if not one.files:
            missing += 1
            print(f"{name}  missing  {one.words}", flush=True)
            continue
        passed, counts = run(one.files)
        failed += not passed
        print(f"{name}  {'passed ' if passed else 'FAILED '}  {one.words}: {counts}", flush=True)
    print(f"{len(TABLE) - missing} of {len(TABLE)} are there, {failed} failed; unsafe: {unsafe_blocks()}")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
