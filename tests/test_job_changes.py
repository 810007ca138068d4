"""A job in a folder that was begun otherwise, or by somebody else: told, and nothing is written over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from decks import DATED, deck_of, utc
from dialnexa_routing import BillingPlan, PreparedPlans, RecordError
from dialnexa_routing.job import OnChange, WorkState
from dialnexa_routing.records.call_files import sink
from dialnexa_routing.text.errors import ConflictError
from job_folder import CALLS, content, job, night

if TYPE_CHECKING:
    from pathlib import Path


def test_changes_are_named_and_refused(tmp_path: Path) -> None:
    inputs, output = night(tmp_path / "night", files=3), tmp_path / "out"
    job(inputs, output).run()
    before = content(output)
    for options, words in (
        ({"deck": deck_of(DATED)}, "deck was "),
        ({"semantics": {"rounding": "up"}}, "rating.semantics.rounding was half_up and is up"),
        ({"semantics": {"pulse": "30/6"}}, "rating.semantics.pulse.initial_s was 60 and is 30"),
        ({"timezone": "Asia/Kolkata"}, "rating.timezone was not set and is Asia/Kolkata"),
        ({"format": "csv"}, "format was parquet and is csv"),
    ):
        with pytest.raises(ConflictError) as found:
            job(inputs, output, **options).run()
        assert words in str(found.value)
        assert any(words in change for change in job(inputs, output, **options).plan_of_work().changes)
    with (inputs / "calls-01.csv").open("ab") as file:
        file.write(b"+91,5\n")
    (inputs / "calls-02.csv.gz").unlink()
    with pytest.raises(
        ConflictError, match=r"calls-01\.csv is not what was rated; calls-02\.csv\.gz was rated"
    ):
        job(inputs, output).run()
    assert content(output) == before
    report = job(inputs, output, on_change=OnChange.RESTART).run()
    assert (report.kept, len(report.entries)) == (0, 2)
    job(inputs, tmp_path / "new").run()
    assert content(output) == content(tmp_path / "new")
    assert job(inputs, output, on_change=OnChange.RESTART).run().kept == 2


def test_new_input_is_no_change(tmp_path: Path) -> None:
    inputs, output = night(tmp_path / "night", files=2), tmp_path / "out"
    job(inputs, output).run()
    sink(CALLS.lazy(), inputs / "later.parquet")
    assert [work.input.name for work in job(inputs, output).plan_of_work().of(WorkState.TO_RATE)] == [
        "later.parquet"
    ]
    assert job(inputs, output).run().kept == 2
    job(inputs, tmp_path / "new").run()
    assert content(output) == content(tmp_path / "new")


def test_folder_of_others_is_left_alone(tmp_path: Path) -> None:
    inputs, output = night(tmp_path / "night", files=1), tmp_path / "out"
    output.mkdir()
    (output / "letter.txt").write_text("dear")
    for options in ({}, {"on_change": "restart"}):
        with pytest.raises(RecordError, match=r"has letter\.txt and no manifest\.json"):
            job(inputs, output, **options).run()
    assert content(output) == {"letter.txt": b"dear"}
    with pytest.raises(RecordError, match="is no folder"):
        job(inputs, output / "letter.txt").run()
    with pytest.raises(RecordError, match="lies in the output folder"):
        job(inputs, inputs).run()
    with pytest.raises(FileNotFoundError):
        job(tmp_path / "none", tmp_path / "made").run()
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileNotFoundError, match="no call records"):
        job(tmp_path / "empty", tmp_path / "made").run()
    assert not (tmp_path / "made").exists()


DAMAGES = [
    *(b"", b"[]", b"{", b"7", b'"a"', b"null", b"[" * 100_000, b"\xff", b'{"format": 1}', b'{"format": 9}'),
    *(b'{"format": 2}', b'{"format": true}', b'{"format": [2]}', b'{"format": ' + b"9" * 5_000 + b"}"),
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_manifest_is_told_and_can_be_restarted(tmp_path: Path, damage: bytes) -> None:
    inputs, output = night(tmp_path / "night", files=1), tmp_path / "out"
    job(inputs, output).run()
    whole = content(output)
    (output / "manifest.json").write_bytes(damage)
    with pytest.raises(ConflictError, match=r"manifest\.json (is damaged|has format)"):
        job(inputs, output).run()
    (output / "strange.txt").touch()
    job(inputs, output, on_change="restart").run()
    assert content(output) == whole | {"strange.txt": b""}


def test_arguments_that_rating_has_not_are_told() -> None:
    with pytest.raises(TypeError, match="there is no argument 'time_zone'; nearest: 'timezone'"):
        job("a", "b", time_zone="UTC")  # type: ignore[arg-type]
    with pytest.raises(RecordError):
        job("a", "b", timezone="Nowhere")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="OutputFormat"):
        job("a", "b", format="xlsx")  # type: ignore[arg-type]


def test_r50_versions_of_a_plan_are_settings_each(tmp_path: Path) -> None:
    inputs, output = tmp_path / "dated.parquet", tmp_path / "out"
    sink(CALLS.lazy().with_columns(answered_at=utc(2026, 1, 5)), inputs)
    old = BillingPlan(id="growth", llm="1", connect_fee="0.10")
    new = old.changed(llm="2", valid_from=utc(2026, 1, 1))
    job(inputs, output, plan=[old, new]).run()
    # The same versions are no change, in any order; another one is.
    assert job(inputs, output, plan=[new, old]).plan_of_work().changes == ()
    assert PreparedPlans(deck_of(DATED), [old, new]).versions["growth"] == (old, new)
    (change,) = job(inputs, output, plan=[old, new.changed(llm="3")]).plan_of_work().changes
    assert change.startswith("rating.plan.growth was ")
