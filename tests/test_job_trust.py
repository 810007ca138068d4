"""A job believes a manifest only as far as it can be checked, and takes away only what a job wrote."""

from __future__ import annotations

import json
import os
import shutil
import sys
from typing import TYPE_CHECKING, Any

import pytest

from dialnexa_routing import RecordError
from dialnexa_routing.job.manifest import digest_of
from dialnexa_routing.text.errors import ConflictError
from job_folder import content, job, night, restore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Change = tuple[tuple[str | int, ...], Any]

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="has no pipes among files")
WRITTEN = ("manifest.json", "totals.csv", "totals.parquet", "customers.csv", "customers.parquet")
FIRST = ("files", 0)
LONG_NAME = f"rated/{'x' * 300}.csv"
WRONG: dict[tuple[str | int, ...], list[Any]] = {
    **{(place,): [5, "x", None] for place in ("files", "failed", "settings", "begun", "totals")},
    (*FIRST, "output"): [5, None, ["a"], {}, "rated", "/etc/passwd", "rated/../../x.csv", LONG_NAME],
    **{(*FIRST, place): [-1, "5", 2.5, 1 << 70] for place in ("rows", "rated", "bytes")},
    **{(*FIRST, place): [[], {"a": "b"}, {"a": -1}] for place in ("refused", "rejected")},
    (*FIRST, "charge"): [9.75, "x", "1e400", "nan"],
    (*FIRST, "sha256"): [7, "", "00"],
}
WRONG_TYPES: list[Change] = [
    *((place, value) for place, values in WRONG.items() for value in values),
    (("files", 0), 5),
    (("complete",), "yes"),
    (("begun",), ["../../x.csv"]),
    (("begun",), [5]),
    (("begun",), [LONG_NAME.removeprefix("rated/")]),
]
WRONG_SUMS: list[Change] = [
    (("files", 0, "charge"), "9.75"),
    (("files", 0, "billed_seconds"), 1),
    (("files", 0, "rows"), 8),
    (("files", 0, "rated"), 0),
    (("files", 0, "refused"), {}),
    (("files", 0, "refused"), {"blocked": 5}),
    (("totals", "charge"), "9.75"),
]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A night of one file, and the outputs of the job that rated it."""
    folder = tmp_path_factory.mktemp("done")
    job(night(folder / "night", files=1), folder / "out").run()
    return folder


def changed(plain: Any, change: Change) -> Any:
    *way, last = change[0]
    inner = plain
    for part in way:
        inner = inner[part]
    assert inner[last] != change[1]
    inner[last] = change[1]
    return plain


def signed(plain: dict[str, Any]) -> dict[str, Any]:
    """With the digest of what it says, as somebody would write it who knows how."""
    plain.pop("digest", None)
    return plain | {"digest": digest_of(plain)}


CASES = [(change, signed) for change in (*WRONG_TYPES, *WRONG_SUMS)] + [(one, dict) for one in WRONG_SUMS]


@pytest.mark.parametrize(
    ("change", "seal"), CASES, ids=lambda case: getattr(case, "__name__", repr(case))[:50]
)
def test_manifest_that_says_something_else_is_refused_and_can_be_restarted(
    tmp_path: Path, done: Path, change: Change, seal: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    inputs, output = done / "night", tmp_path / "out"
    whole = content(done / "out")
    plain = changed(json.loads(whole["manifest.json"]), change)
    before = whole | {"manifest.json": json.dumps(seal(plain)).encode()}
    restore(output, before)
    with pytest.raises(ConflictError, match=r"is damaged|has other sums than the output|was .* and is "):
        job(inputs, output).run()
    assert content(output) == before
    job(inputs, output, on_change="restart").run()
    assert content(output) == whole


def test_sums_that_agree_among_themselves_are_held_to_the_outputs(tmp_path: Path) -> None:
    inputs, output = night(tmp_path / "night", files=2), tmp_path / "out"
    job(inputs, output).run()
    whole = content(output)
    plain = json.loads(whole["manifest.json"])
    for part in (plain["files"][0], plain["totals"]):
        part["rated"], part["rows"] = part["rated"] + 1, part["rows"] + 1
        part["charge"] = f"{int(part['charge'].partition('.')[0]) + 1}.00"
    (output / "manifest.json").write_text(json.dumps(signed(plain)), encoding="utf-8")
    with pytest.raises(ConflictError):
        job(inputs, output).run()
    job(inputs, output, on_change="restart").run()
    assert content(output) == whole


def test_what_others_put_into_the_folder_stays(tmp_path: Path) -> None:
    inputs, output = night(tmp_path / "night", files=2), tmp_path / "out"
    job(inputs, output).run()
    mine = {
        name: name.encode()
        for name in (
            "rated/notes.txt",
            "rejects/sent.csv",
            ".totals.mine",
            ".mine.sound.csv",
            "rated/.x",
            "q.csv",
        )
    }
    for name, data in mine.items():
        (output / name).write_bytes(data)
    whole = content(output)
    assert job(inputs, output).run().kept == 2
    assert content(output) == whole
    job(inputs, output, on_change="restart", semantics={"pulse": "30/6"}).run()
    for damage in (b"{", (output / "manifest.json").read_bytes().replace(b"30", b"31", 1)):
        (output / "manifest.json").write_bytes(damage)
        job(inputs, output, on_change="restart").run()
        assert content(output) == whole


def test_what_a_job_wrote_for_files_that_are_gone_is_removed(tmp_path: Path) -> None:
    inputs, output = night(tmp_path / "night", files=3), tmp_path / "out"
    job(inputs, output, format="csv").run()
    for name in ("rated/.calls-02.csv.0a1b2c3d", "rejects/.calls-01.csv.ffffffff", ".totals.csv.00000000"):
        (output / name).write_bytes(b"half")
    for name in ("calls-01.csv", "calls-02.csv.gz"):
        (inputs / name).unlink()
    job(inputs, output, on_change="restart").run()
    job(inputs, tmp_path / "new").run()
    assert content(output) == content(tmp_path / "new")


def test_what_a_killed_job_had_begun_is_removed_though_its_input_is_gone(tmp_path: Path) -> None:
    inputs, output = night(tmp_path / "night", files=2), tmp_path / "out"

    class KilledError(BaseException):
        pass

    def kill(step: Any) -> None:
        if step.files_done == 1:
            raise KilledError

    with pytest.raises(KilledError):
        job(inputs, output).run(kill)
    # As if the kill had struck behind the output and before the manifest.
    (output / "rated/calls-01.parquet").write_bytes(b"whole, but in no manifest")
    (inputs / "calls-01.csv").unlink()
    job(inputs, output).run()
    job(inputs, tmp_path / "new").run()
    assert content(output) == content(tmp_path / "new")


@pytest.mark.parametrize(
    "place", ["rated", "rejects", "rated/calls-00.parquet", "totals.csv", "manifest.json"]
)
@pytest.mark.parametrize("on_change", ["refuse", "restart"])
def test_nothing_is_written_or_deleted_through_a_link(tmp_path: Path, place: str, on_change: str) -> None:
    inputs, output, elsewhere = night(tmp_path / "night", files=1), tmp_path / "out", tmp_path / "elsewhere"
    job(inputs, output).run()
    (output / place).rename(elsewhere)
    (output / place).symlink_to(elsewhere)
    if elsewhere.is_dir():
        (elsewhere / "letter.txt").write_text("dear")
    there = elsewhere.read_bytes() if elsewhere.is_file() else content(elsewhere)
    with pytest.raises(RecordError, match=r"is a link, and a job writes to places of its own"):
        job(inputs, output, on_change=on_change, semantics={"pulse": "30/6"}).run()
    assert there == (elsewhere.read_bytes() if elsewhere.is_file() else content(elsewhere))


def _folder(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.mkdir()
    (path / "letter.txt").write_text("dear")


def _file(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    path.write_text("dear")


def _pipe(path: Path) -> None:
    path.unlink(missing_ok=True)
    os.mkfifo(path)


@pytest.mark.parametrize("on_change", ["refuse", "restart"])
@pytest.mark.parametrize(
    ("place", "put", "told"),
    [
        ("rated", _file, "is no folder, and a job makes one there"),
        ("rejects", _file, "is no folder, and a job makes one there"),
        *((place, _folder, "is no file, and a job writes one there") for place in (".lock", *WRITTEN)),
        ("rated/calls-00.parquet", _folder, "is a folder, and a job writes a file there"),
        ("rejects/calls-00.parquet", _folder, "is a folder, and a job writes a file there"),
        pytest.param("manifest.json", _pipe, "is no file, and a job writes one there", marks=POSIX),
        pytest.param("totals.csv", _pipe, "is no file, and a job writes one there", marks=POSIX),
    ],
)
def test_what_no_job_made_is_not_in_the_way_without_its_name(
    tmp_path: Path, place: str, put: Callable[[Path], None], told: str, on_change: str
) -> None:
    inputs, output = night(tmp_path / "night", files=1), tmp_path / "out"
    job(inputs, output).run()
    put(output / place)
    changed = {"semantics": {"pulse": "30/6"}} if on_change == "restart" else {}
    with pytest.raises(RecordError, match=told) as failed:
        job(inputs, output, on_change=on_change, **changed).run()
    assert f"{output / place} is" in str(failed.value)
    letter = output / place / "letter.txt" if (output / place).is_dir() else output / place
    assert letter.is_fifo() or letter.read_text() == "dear"


@pytest.mark.parametrize("draft", [".manifest.json", ".calls-04.sound.csv"])
def test_a_link_under_the_name_of_a_draft_leads_nowhere(tmp_path: Path, draft: str) -> None:
    inputs, output, elsewhere = night(tmp_path / "night", files=5), tmp_path / "out", tmp_path / "elsewhere"
    elsewhere.write_text("dear")
    output.mkdir()
    (output / draft).symlink_to(elsewhere)
    job(inputs, output).run()
    assert elsewhere.read_text() == "dear"
