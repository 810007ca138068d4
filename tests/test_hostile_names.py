"""Names of files may hold line ends and what a terminal acts on; none of it reaches a terminal."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import ucd_3_2_0 as old

import pytest

from command import run
from decks import INDIA, deck_of
from dialnexa_routing.cli import terminal
from dialnexa_routing.text.scrub import REPLACED

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems take no such names")
ODD = "\x1b[31mred\x07\x9b2J\u202e\u2028\nfake: all is well"
SEEN = {"\n", *"═─│"}


@pytest.fixture(autouse=True)
def here(tmp_path: Path) -> Iterator[Path]:
    before = Path.cwd()
    os.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / f"{ODD}.csv").write_text("to,seconds\n+919812345678,61\n")
    (tmp_path / "in" / f"empty {ODD}.csv").write_bytes(b"")
    (tmp_path / "in" / os.fsdecode(b"bytes \xff.csv")).write_bytes(b"")
    deck_of(INDIA).save(tmp_path / "a.deck")
    yield tmp_path
    os.chdir(before)


def is_harmless(text: str) -> bool:
    lines = [line for line in text.splitlines() if line.startswith("fake")]
    return not lines and all(one.isprintable() or one in SEEN for one in text)


@pytest.mark.parametrize(
    "arguments",
    [
        ("inspect", "ODD"),
        ("inspect", "in/ODD.csv"),
        ("check", "ODD"),
        ("compile", "ODD.csv", "-o", "b.deck"),
        ("records", "ODD.csv"),
        ("rate", "in/ODD.csv", "x.parquet", "--deck", "ODD"),
        ("rate", "ODD.csv", "x.parquet", "--deck", "a.deck"),
        ("job", "ODD", "out", "--deck", "a.deck"),
        ("book", "show", "ODD"),
        ("diff", "ODD.csv", "ODD.csv"),
    ],
    ids=lambda words: " ".join(words),
)
def test_an_error_names_an_odd_file_in_one_line(arguments: tuple[str, ...]) -> None:
    said = run(*(one.replace("ODD", ODD) for one in arguments), code=2)
    assert said.stderr.startswith("error: ")
    assert said.stderr.count("\n") == 1
    assert REPLACED in said.stderr
    assert is_harmless(said.output)


def test_a_job_states_odd_names_in_one_line_each_and_json_keeps_them() -> None:
    assert is_harmless(run("job", "in", "out", "--deck", "a.deck", code=1).output)
    said = run("job", "in", "out", "--deck", "a.deck", "--json", code=1).stdout
    assert is_harmless(said)
    # Bytes that are no text stand in a manifest by their escape.
    assert {f"empty {ODD}.csv", r"bytes \udcff.csv"} == set(json.loads(said)["failed_files"])


@pytest.mark.parametrize("name", [f"{ODD}.csv", f"{ODD}.json"])
def test_a_document_that_is_none_is_named_in_one_line(name: str) -> None:
    Path(name).write_text("{}")
    said = run("workspace", "check", name, code=1).output
    assert is_harmless(said)
    assert REPLACED in said


def test_a_document_is_the_same_data_with_escapes(capsys: pytest.CaptureFixture[str]) -> None:
    hidden = ("Cc", "Cf", "Cs", "Zl", "Zp")
    every = [one for one in map(chr, range(0x10000)) if old.category(one) in hidden or one > "\u9fff"]
    terminal.document(every)
    said = capsys.readouterr().out
    assert json.loads(said) == every
    assert {one for one in said if old.category(one) in hidden} == {"\n"}
