"""What ``make nightly`` does with tools that not every machine has: fuzzing, Miri, a sanitizer, advisories.

Each tool has an outcome. One that is not there, or whose data cannot be had, is skipped with the reason; it
never counts as passed.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).parents[1]
FUZZ = ROOT / "rust" / "deck" / "fuzz"
TARGETS = {
    "deck": "bytes to a deck to answers",
    "walks": "views to every walk",
    "schedule": "text to a schedule",
    "number": "text to a number",
}
MINUTES = 10
"""For each target; as an argument of `nightly.py` it may be fewer."""
PASSED, FAILED, SKIPPED = "passed", "FAILED", "skipped"


class Outcome(NamedTuple):
    """What became of a row or a tool: a state, and its counts or the reason why there are none."""

    state: str
    told: str


def together(parts: Sequence[tuple[str, Outcome]]) -> Outcome:
    """Several as one: failed if one is, passed if one has and none failed; what was skipped stays told."""
    states = [one.state for _, one in parts]
    state = next((state for state in (FAILED, PASSED) if state in states), SKIPPED)
    told = [
        f"{name}: {one.told}" if one.state == PASSED else f"{name} {one.state}: {one.told}"
        for name, one in parts
    ]
    return Outcome(state, "; ".join(told))


def tools(minutes: float) -> Outcome:
    """All of them, each by its name."""
    parts: list[tuple[str, Callable[[], Outcome]]] = [
        ("Miri", miri),
        ("address sanitizer", sanitizer),
        ("licences, bans, sources", lambda: deny("licenses", "bans", "sources")),
        ("Rust advisories", lambda: deny("advisories")),
        ("Python advisories", audit),
    ]
    parts[:0] = [(f"fuzz {target}", lambda target=target: fuzz(target, minutes)) for target in TARGETS]  # type: ignore[misc]
    return together([(name, one()) for name, one in parts])


def run(command: Sequence[str], **environment: str) -> subprocess.CompletedProcess[str]:
    """A command in the root of the project; what it printed is text."""
    told = {"capture_output": True, "text": True, "errors": "replace", "check": False}
    return subprocess.run(command, cwd=ROOT, env=os.environ | environment, **told)  # type: ignore[call-overload, no-any-return]


def lacks(*commands: str) -> str | None:
    """Why these cannot be run, or None: each is asked for its version."""
    for command in commands:
        if shutil.which(command.split()[0]) is None:
            return f"there is no {command.split()[0]}"
        asked = run([*command.split(), "--version"])
        if asked.returncode:
            return f"there is no {command}"
    return None


def ended(done: subprocess.CompletedProcess[str], told: str) -> Outcome:
    """An outcome by the exit code; of a failure the end of what was printed is shown."""
    if done.returncode:
        print(done.stdout[-4000:], done.stderr[-8000:], sep="\n", file=sys.stderr)
        return Outcome(FAILED, told or f"exit code {done.returncode}")
    return Outcome(PASSED, told)


def fuzz(target: str, minutes: float) -> Outcome:
    """One target for some minutes, from its seeds and from what earlier nights found."""
    why = lacks("cargo +nightly", "cargo +nightly fuzz")
    if why is not None:
        return Outcome(SKIPPED, why)
    found = ROOT / "out" / "fuzz" / target
    found.mkdir(parents=True, exist_ok=True)
    folder = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "fuzz"
    command = [
        "cargo",
        "+nightly",
        "fuzz",
        "run",
        "--fuzz-dir",
        str(FUZZ),
        "--target-dir",
        str(folder),
        target,
    ]
    command += [str(found), str(FUZZ / "corpus" / target), "--", f"-max_total_time={int(60 * minutes)}"]
    command += ["-timeout=60", "-rss_limit_mb=2048", "-print_final_stats=1", f"-artifact_prefix={found}-"]
    done = run(command)
    runs = re.search(r"number_of_executed_units:\s*([0-9]+)", done.stderr)
    counts = f"{int(runs[1]):,} inputs in {minutes:g} minutes" if runs else ""
    return ended(done, counts)


def rust_counts(text: str) -> str:
    """How many tests cargo says have passed."""
    return f"{sum(map(int, re.findall(r'([0-9]+) passed', text)))} passed"


def miri() -> Outcome:
    """The portable walk and what stands around it, each read and write of it looked at by an interpreter."""
    why = lacks("cargo +nightly", "cargo +nightly miri")
    if why is not None:
        return Outcome(SKIPPED, why)
    command = [
        "cargo",
        "+nightly",
        "miri",
        "test",
        "--locked",
        "--package",
        "dialnexa-deck",
        "--test",
        "small",
    ]
    done = run(command, MIRIFLAGS="-Zmiri-disable-isolation")
    return ended(done, rust_counts(done.stdout))


def sanitizer() -> Outcome:
    """The same tests, and damaged decks, by every walk of this processor under the address sanitizer."""
    machine = {"x86_64": "x86_64-unknown-linux-gnu", "aarch64": "aarch64-unknown-linux-gnu"}.get(
        platform.machine()
    )
    why = lacks("cargo +nightly")
    if why is None and (machine is None or sys.platform != "linux"):
        why = f"the toolchain has none for {platform.machine()} {sys.platform}"
    if why is not None or machine is None:
        return Outcome(SKIPPED, why or "")
    command = ["cargo", "+nightly", "test", "--locked", "--package", "dialnexa-deck", "--target", machine]
    done = run([*command, "--test", "small", "--test", "damage"], RUSTFLAGS="-Zsanitizer=address")
    return ended(done, rust_counts(done.stdout))


def deny(*checks: str) -> Outcome:
    """What `cargo deny` says of all crates; advisories want a database from the network."""
    why = lacks("cargo deny")
    if why is not None:
        return Outcome(SKIPPED, why)
    parts = []
    for manifest in (ROOT / "Cargo.toml", FUZZ / "Cargo.toml"):
        config = ["--config", str(ROOT / "rust" / "deny.toml"), "--manifest-path", str(manifest)]
        done = run(["cargo", "deny", *config, "check", *checks])
        if re.search(r"failed to (fetch|clone|open|load) advisory", done.stderr):
            return Outcome(SKIPPED, "the database of advisories could not be fetched")
        parts.append(
            ended(done, "no findings" if not done.returncode else done.stderr.strip().rpartition("\n")[2])
        )
    return next((part for part in parts if part.state == FAILED), parts[0])


def audit() -> Outcome:
    """What `pip-audit` says of the packages beside ours."""
    command = shutil.which("pip-audit", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if command is None:
        return Outcome(SKIPPED, "there is no pip-audit")
    done = run(
        [command, "--path", sysconfig.get_path("purelib"), "--format", "json", "--progress-spinner", "off"]
    )
    return audited(done.stdout, done.stderr)


def audited(report: str, errors: str) -> Outcome:
    """The outcome of a report of `pip-audit`; a package that it could not look up was not looked at."""
    try:
        packages = json.loads(report)["dependencies"]
    except (ValueError, KeyError, TypeError):
        last = errors.strip().rpartition("\n")[2]
        return Outcome(SKIPPED, f"it has no report ({last[:100]})" if last else "it has no report")
    looked_at = [one for one in packages if "skip_reason" not in one]
    found = [f"{one['name']} {one['version']} ({vuln['id']})" for one in looked_at for vuln in one["vulns"]]
    if found:
        return Outcome(FAILED, ", ".join(found))
    if not looked_at:
        return Outcome(SKIPPED, f"its source answered for none of {len(packages)} packages")
    return Outcome(PASSED, f"{len(looked_at)} of {len(packages)} packages, no findings")
