"""``make nightly``: the countable tests of reliability, each by name, with counts; what is skipped is said.

A script. Each file of a row is run in a process of its own with the long counts of `counts.times`, once. Its
arguments are names of rows, if not all are meant, and ``--minutes`` for each fuzz target. The exit code is 1
if one of them fails. A row of which nothing could be run is *skipped*, with the reason, and never passed.
"""

from __future__ import annotations

import argparse
import re
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import counts
import nightly_tools
from nightly_tools import FAILED, MINUTES, PASSED, SKIPPED, Outcome, together

ROOT = Path(__file__).parents[1]
RUST, TOOLS = "cargo", "tools"


class Countable(NamedTuple):
    """A test by its name: what it does, and where it stands."""

    words: str
    files: tuple[str, ...]


TABLE = {
    "D1": Countable("corruptions of a deck", (RUST, "test_bad_input.py")),
    "D2": Countable("decks made to mislead, by all that can be asked", ("test_bad_input.py",)),
    "D3": Countable("a deck cut at every length", ("test_bad_input.py",)),
    "D4": Countable("header fields, ten bad values each", ("test_header_fields.py",)),
    "D5": Countable("save killed at any moment", ("test_save.py",)),
    "D6": Countable("a fault at each call of save, of other writers, of a job", ("test_faulty_calls.py",)),
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
    "M6": Countable("edges of validity", ("test_validity_edges.py", "test_rating_cases.py")),
    "H1": Countable("decks swapped under threads", ("test_threads.py", "test_router_threads.py")),
    "H2": Countable("a workspace's life against its model", ("test_router_machine.py",)),
    "S1": Countable("mutated sheets", ("test_mutated_sheets.py",)),
    "S2": Countable("odd workbooks and texts", ("test_hostile_files.py", "test_sandbox.py")),
    "S3": Countable("formulas in exports", ("test_guarded_csv.py",)),
    "N1": Countable("every code point inside a number", ("test_number_bytes.py",)),
    "N2": Countable("numbers as anybody writes them", ("test_number_bytes.py", "test_lenient.py")),
    "N3": Countable("grammars of RFC 3966 and 3261, odd addresses", ("test_number_grammars.py",)),
    "P1": Countable("whatever is not switched on is refused", ("test_fail_closed.py",)),
    "B1": Countable("a job killed and resumed", ("test_job_kill.py",)),
    "B2": Countable(
        "rated + refused + rejected = rows", ("test_job.py", "test_job_trust.py", "test_many_files.py")
    ),
    "B3": Countable("workers of Spark killed", ("test_spark_kills.py",)),
    "B4": Countable("ten million calls read and rated in a gigabyte", ("test_call_memory.py",)),
    "F1": Countable("fork, spawn, forkserver after use", ("test_fork.py", "test_processes.py")),
    "A1": Countable("wrong types into every public call", ("test_wrong_types.py",)),
    "A2": Countable("flat memory over a million calls", ("test_flat_memory.py",)),
    "A3": Countable(
        "no number, no secret in logs and errors",
        ("test_scrub.py", "test_documents_secrets.py", "test_debug_logs.py"),
    ),
    "A4": Countable("fuzzing, Miri, a sanitizer, advisories", (TOOLS,)),
}


def unsafe_blocks() -> int:
    """How many ``unsafe`` blocks and functions the Rust of this project has."""
    code = [path.read_text(encoding="utf-8") for path in (ROOT / "rust").rglob("*.rs")]
    return sum(len(re.findall(r"\bunsafe (?:\{|fn|impl)", text)) for text in code)


def of_pytest(text: str, code: int, tried: str = "") -> Outcome:
    """What a run of pytest comes to by what it printed: counts, how long, and why tests were skipped."""
    ran = {
        word: int(count) for count, word in re.findall(r"([0-9]+) (passed|failed|skipped|errors?)\b", text)
    }
    reasons = sorted({line.split(": ", 2)[-1] for line in re.findall(r"^SKIPPED .*$", text, re.MULTILINE)})
    told = ", ".join(f"{count} {word}" for word, count in ran.items()) or f"exit code {code}"
    if tried:
        told += f": {tried}"
    if lasted := re.search(r" in ([0-9.]+)s", text):
        told += f" in {float(lasted[1]):.0f} s"
    if reasons:
        told += f" ({', '.join(reasons)})"
    if code:
        return Outcome(FAILED, told)
    return Outcome(PASSED if ran.get("passed") else SKIPPED, told)


@cache
def tested(file: str) -> Outcome:
    """What a file of tests comes to with the long counts; run once, whichever rows name it."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-rs",
        "-p",
        "no:cacheprovider",
        str(ROOT / "tests" / file),
    ]
    with TemporaryDirectory() as folder:
        kept = Path(folder, "counts")
        kept.touch()
        done = nightly_tools.run(command, NIGHTLY="1", **{counts.PLACE: str(kept)})
        tried = counts.summed(kept.read_text(encoding="utf-8"))
    nightly_tools.ended(done, "")
    return of_pytest(done.stdout, done.returncode, tried)


@cache
def compiled() -> Outcome:
    """The same of the tests in Rust."""
    command = ["cargo", "test", "--quiet", "--locked", "--package", "dialnexa-deck"]
    done = nightly_tools.run(command, NIGHTLY="1")
    return nightly_tools.ended(done, nightly_tools.rust_counts(done.stdout))


def row(files: tuple[str, ...], minutes: float) -> Outcome:
    """A row of the table, run."""
    parts = [(file.removesuffix(".py"), tested(file)) for file in files if file not in (RUST, TOOLS)]
    if RUST in files:
        parts.append((RUST, compiled()))
    if TOOLS in files:
        parts.append((TOOLS, nightly_tools.tools(minutes)))
    return parts[0][1] if len(parts) == 1 else together(parts)


def main() -> int:
    asked = argparse.ArgumentParser(description="The countable tests of reliability, with the long counts.")
    asked.add_argument("rows", nargs="*", metavar="ROW", help="as D1; all of them if none is named")
    asked.add_argument("--minutes", type=float, default=MINUTES, help="for each fuzz target")
    given = asked.parse_args()
    if unknown := [name for name in given.rows if name not in TABLE]:
        asked.error(f"there is no row {unknown[0]}; there are {', '.join(TABLE)}")
    states = []
    for name in given.rows or TABLE:
        outcome = row(TABLE[name].files, given.minutes)
        states.append(outcome.state)
        print(f"{name}  {outcome.state}  {TABLE[name].words}: {outcome.told}", flush=True)
    found = ", ".join(f"{states.count(state)} {state}" for state in (PASSED, FAILED, SKIPPED))
    print(f"{len(states)} of {len(TABLE)} rows: {found}; unsafe: {unsafe_blocks()}")
    return int(FAILED in states)


if __name__ == "__main__":
    sys.exit(main())
