"""The table of the countable tests names files that are there; what is skipped never counts as passed."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import counts
import nightly_tools
from nightly import RUST, TABLE, TOOLS, of_pytest, row, unsafe_blocks
from nightly_tools import FAILED, FUZZ, PASSED, SKIPPED, TARGETS, Outcome, audited, together

UNSAFE = 23
"""What stands in the Rust of this project today; more of it is a decision, and changes this number."""
GOOD, BAD, LEFT = Outcome(PASSED, "5 passed"), Outcome(FAILED, "1 failed"), Outcome(SKIPPED, "no tool")


def test_the_table_names_what_is_there() -> None:
    assert len(TABLE) == 33
    for name, one in TABLE.items():
        assert one.files, name
        for file in one.files:
            assert file in (RUST, TOOLS) or Path(__file__).with_name(file).exists(), name


def test_unsafe_code_does_not_grow_unseen() -> None:
    assert unsafe_blocks() <= UNSAFE


def test_each_fuzz_target_is_run_and_has_seeds() -> None:
    plain = tomllib.loads((FUZZ / "Cargo.toml").read_text(encoding="utf-8"))
    assert {one["name"]: FUZZ / one["path"] for one in plain["bin"]} == {
        name: FUZZ / "fuzz_targets" / f"{name}.rs" for name in TARGETS
    }
    for name in TARGETS:
        assert (FUZZ / "fuzz_targets" / f"{name}.rs").is_file()
        seeds = [path.stat().st_size for path in (FUZZ / "corpus" / name).iterdir()]
        assert 3 <= len(seeds) <= 20
        assert max(seeds) < 1000


@pytest.mark.parametrize(
    ("parts", "state"),
    [
        ([GOOD, GOOD], PASSED),
        ([GOOD, LEFT], PASSED),
        ([LEFT, LEFT], SKIPPED),
        ([LEFT, BAD], FAILED),
        ([GOOD, BAD], FAILED),
    ],
)
def test_what_is_put_together_hides_nothing(parts: list[Outcome], state: str) -> None:
    found = together([(f"part {number}", one) for number, one in enumerate(parts)])
    assert found.state == state
    for number, one in enumerate(parts):
        assert f"part {number}{'' if one.state == PASSED else ' ' + one.state}: {one.told}" in found.told


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("12 passed in 3.0s", 0, Outcome(PASSED, "12 passed in 3 s")),
        (
            "SKIPPED [1] tests/test_x.py:7: needs strace\n3 passed, 1 skipped in 1s",
            0,
            Outcome(PASSED, "3 passed, 1 skipped in 1 s (needs strace)"),
        ),
        (
            "SKIPPED [5] tests/test_x.py:7: needs strace\n5 skipped in 1s",
            0,
            Outcome(SKIPPED, "5 skipped in 1 s (needs strace)"),
        ),
        ("1 failed, 2 passed in 1s", 1, Outcome(FAILED, "1 failed, 2 passed in 1 s")),
        ("1 error in 1s", 2, Outcome(FAILED, "1 error in 1 s")),
        ("", -11, Outcome(FAILED, "exit code -11")),
        ("no tests ran in 0.1s", 5, Outcome(FAILED, "exit code 5 in 0 s")),
    ],
)
def test_counts_of_pytest(text: str, code: int, expected: Outcome) -> None:
    assert of_pytest(text, code) == expected


@pytest.mark.parametrize(
    ("report", "state", "told"),
    [
        ("", SKIPPED, "no report (cannot be reached)"),
        ("[]", SKIPPED, "no report"),
        ('{"dependencies": []}', SKIPPED, "none of 0"),
        ('{"dependencies": [{"name": "a", "skip_reason": "not found"}]}', SKIPPED, "none of 1"),
        (
            '{"dependencies": [{"name": "a", "version": "1", "vulns": []},'
            ' {"name": "b", "skip_reason": ""}]}',
            PASSED,
            "1 of 2 packages",
        ),
        ('{"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "X-1"}]}]}', FAILED, "a 1 (X-1)"),
    ],
)
def test_a_package_that_was_not_looked_up_does_not_pass(report: str, state: str, told: str) -> None:
    found = audited(report, "warning\ncannot be reached\n")
    assert found.state == state
    assert told in found.told


def test_without_any_tool_each_is_skipped_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nightly_tools.shutil, "which", lambda *_, **__: None)  # type: ignore[attr-defined]
    found = row((TOOLS,), 0.1)
    assert found.state == SKIPPED
    assert len(re.findall("skipped: there is no", found.told)) == len(TARGETS) + 5


def test_what_tests_have_tried_is_added_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "counts"
    monkeypatch.delenv(counts.PLACE, raising=False)
    counts.counted(1, "kills of nobody's")
    monkeypatch.setenv(counts.PLACE, str(kept))
    for count, what in ((3, "kills"), (1000, "faults of save"), (4, "kills")):
        counts.counted(count, what)
    told = counts.summed(kept.read_text())
    assert told == "7 kills, 1,000 faults of save"
    assert of_pytest("2 passed in 61.4s", 0, told) == Outcome(PASSED, f"2 passed: {told} in 61 s")
