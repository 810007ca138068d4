"""A night's files rated: what is written, what is counted, and what is told of files that fail."""

from __future__ import annotations

import gzip
import hashlib
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from decks import MOBILE
from dialnexa_routing import Reason
from dialnexa_routing.files.rejected import Rejected
from dialnexa_routing.job import OutputFormat, Unreadable
from dialnexa_routing.job.rows import rejects
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.plans.price_list import DeckPrices
from dialnexa_routing.records.call_files import scan, sink
from dialnexa_routing.records.rating import rate
from dialnexa_routing.text.errors import ConflictError
from job_folder import CALLS, MALFORMED, content, deck, job, night

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("output", list(OutputFormat))
def test_r51_every_row_is_in_exactly_one_place(tmp_path: Path, output: OutputFormat) -> None:
    inputs = night(tmp_path / "night", files=4)
    report = job(inputs, tmp_path / "out", format=output).run()
    assert report.failed == {}
    for entry in report.entries:
        before = scan(inputs / entry.name).collect().with_columns(pl.col("seconds").cast(pl.String))
        expected = rate(before, deck=deck())
        rated = scan(tmp_path / "out" / entry.output).collect()
        assert_frame_equal(rated.cast(pl.String), expected.cast(pl.String).with_columns(pl.col("seconds")))
        refused = expected.with_row_index("row", offset=1).filter(pl.col("reason").is_not_null())
        found = scan(tmp_path / "out" / entry.rejects).collect()
        assert_frame_equal(
            found.select(
                pl.col("row").cast(pl.UInt32),
                number="number",
                reason="reason",
            ),
            refused.select("row", number="to", reason="reason"),
        )
        assert found["file"].unique().to_list() == [entry.name]
        assert (entry.rows, entry.rated) == (expected.height, expected["charge"].count())
        assert Decimal(entry.charge) == expected["charge"].sum()
        assert sum(entry.refused.values()) == refused.height
        assert entry.rejected == {}
        assert entry.sha256 == hashlib.sha256((inputs / entry.name).read_bytes()).hexdigest()


def test_malformed_lines_are_rejected_with_their_places(tmp_path: Path) -> None:
    (tmp_path / "night").mkdir()
    (tmp_path / "night" / "a.csv").write_bytes(MALFORMED)
    report = job(tmp_path / "night", tmp_path / "out").run()
    (entry,) = report.entries
    assert (entry.rows, entry.rated, entry.refused) == (8, 3, {"unsupported_prefix": 1})
    assert entry.rejected == dict.fromkeys(sorted(Unreadable), 1)
    rows = report.rejects.collect().select("row", "number", "reason", "sentence").rows()
    assert [row[:3] for row in rows] == [
        (2, None, "fewer_cells"),
        (4, None, "not_utf8"),
        (5, "+44", "unsupported_prefix"),
        (6, None, "broken_quotes"),
        (7, None, "more_cells"),
    ]
    assert [sentence.partition(":")[0] for _, _, _, sentence in rows] == [
        "line 3 has 2 cells, fewer than the header",
        "line 7 has bytes that are no UTF-8",
        "no prefix of the deck begins the number",
        "line 9 has a quote that is not closed, or amid a cell",
        "line 10 has 4 cells, more than the header",
    ]
    rated = scan(tmp_path / "out" / entry.output).collect()
    assert rated["note"].to_list() == ["first", "two\nlines, one row", "kept", "last"]
    assert report.totals["charge"].sum() == Decimal("1.50") + Decimal("1.10") + Decimal("12.40")


def test_totals_are_exact_by_provider_and_group(tmp_path: Path) -> None:
    inputs = night(tmp_path / "night")
    report = job(inputs, tmp_path / "out").run()
    written = pl.concat(
        [scan(tmp_path / "out" / entry.output).collect() for entry in report.entries],
        how="diagonal_relaxed",
    )
    rated = written.filter(pl.col("reason").is_null())
    expected = (
        rated.group_by("country_iso", "network_group")
        .agg(pl.len(), pl.col("billed_seconds").sum(), pl.col("charge").sum())
        .sort("country_iso", "network_group")
    )
    columns = ["country_iso", "network_group", "calls", "billed_seconds", "charge"]
    assert report.totals.select(columns).rows() == expected.rows()
    assert (report.totals["minutes"] * 60 + report.totals["seconds"]).to_list() == report.totals[
        "billed_seconds"
    ].to_list()
    whole = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert whole["complete"]
    assert Decimal(whole["totals"]["charge"]) == report.totals["charge"].sum() == rated["charge"].sum()
    assert whole["totals"]["billed_seconds"] == report.totals["billed_seconds"].sum()
    assert whole["totals"]["rows"] == sum(whole["totals"][kind] for kind in ("rated", "refused", "rejected"))
    assert report.files["charge"].sum() == rated["charge"].sum()
    assert_frame_equal(pl.read_parquet(tmp_path / "out" / "totals.parquet"), report.totals)
    assert_frame_equal(scan(tmp_path / "out" / "totals.csv").collect(), report.totals.cast(pl.String))
    assert written.height == whole["totals"]["rated"] + whole["totals"]["refused"]


def test_file_that_fails_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    inputs = night(tmp_path / "night", files=1)
    (inputs / "broken.parquet").write_bytes(b"PAR1 rubbish")
    (inputs / "empty.csv").touch()
    (inputs / "short.csv.gz").write_bytes(gzip.compress(b"to,seconds\n" + b"+91,5\n" * 999)[:-9])
    (inputs / "header.csv").write_bytes(b'to,"seconds\n+91,5\n')
    (inputs / "notes.txt").write_text("no table")
    (inputs / "_SUCCESS").touch()
    sink(CALLS.lazy().select("to"), inputs / "column.csv")
    sink(CALLS.lazy().select("to", seconds=True), inputs / "typed.parquet")
    sink(CALLS.lazy(), inputs / "twice.csv")
    sink(CALLS.lazy(), inputs / "twice.parquet")
    output = tmp_path / "out"
    report = job(inputs, output).run()
    assert [entry.name for entry in report.entries] == ["calls-00.parquet"]
    for name, words in {
        "broken.parquet": "is the file damaged",
        "empty.csv": "is empty",
        "short.csv.gz": "breaks off as gzip|is the file damaged",
        "header.csv": "header.csv",
        "notes.txt": "does not end as a file of call records does",
        "column.csv": "no column 'seconds'",
        "typed.parquet": "column 'seconds' is Boolean",
        "twice.csv": "the output of twice.parquet would have the same name",
        "twice.parquet": "the output of twice.csv would have the same name",
    }.items():
        assert any(word in report.failed[name] for word in words.split("|")), report.failed[name]
        assert report.failed[name].count("\n") == 0
        assert str(tmp_path) not in report.failed[name]
    assert len(report.failed) == 9
    assert {name for name in content(output) if "/" in name} == {
        "rated/calls-00.parquet",
        "rejects/calls-00.parquet",
    }
    # What failed is tried again, and is no change.
    for path in inputs.glob("[!c]*"):
        path.unlink()
    sink(CALLS.lazy(), inputs / "column.csv")
    report = job(inputs, output).run()
    assert (report.kept, report.failed, len(report.entries)) == (1, {}, 2)


def test_all_files_fail_and_there_are_still_totals(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 rubbish")
    report = job(tmp_path / "a.parquet", tmp_path / "out").run()
    assert list(report.failed) == ["a.parquet"]
    assert report.totals.is_empty()
    assert not report.within(Decimal(100))
    assert report.files.is_empty()


def test_rows_that_get_lost_are_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inputs, output = night(tmp_path / "night", files=2), tmp_path / "out"

    def lossy(frame: pl.LazyFrame, **rating: object) -> pl.LazyFrame:
        return rate(frame, deck=deck()).head(3)

    with monkeypatch.context() as patch:
        patch.setattr("dialnexa_routing.job.one_file.rate", lossy)
        report = job(inputs, output).run()
    assert report.entries == ()
    assert "7 rows went in, 2 rated + 1 refused + 0 rejected came out" in report.failed["calls-00.parquet"]
    assert not list((output / "rated").iterdir())

    def empty(rated: pl.LazyFrame, *given: object, **named: object) -> pl.LazyFrame:
        return rejects(rated, "x", Rejected(), number="to", reason="reason").head(1)

    with monkeypatch.context() as patch:
        patch.setattr("dialnexa_routing.job.one_file.rejects", empty)
        report = job(inputs, output).run()
    assert (
        "1 rows are in the rejects, 4 refused + 0 rejected belong there" in report.failed["calls-00.parquet"]
    )
    assert len(job(inputs, output).run().entries) == 2


def test_input_that_grows_while_it_is_read_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inputs, output = night(tmp_path / "night", files=2), tmp_path / "out"

    def growing(frame: pl.LazyFrame, **rating: object) -> pl.LazyFrame:
        with (inputs / "calls-01.csv").open("ab") as file:
            file.write(b"+91,5\n")
        return rate(frame, deck=deck())

    monkeypatch.setattr("dialnexa_routing.job.one_file.rate", growing)
    report = job(inputs, output).run()
    assert "calls-01.csv" in report.failed
    monkeypatch.undo()
    assert job(inputs, output).run().failed == {}


def test_arguments_of_rating_are_passed_on(tmp_path: Path) -> None:
    calls = pl.LazyFrame({"callee": [MOBILE], "length": ["61.2"], "charge": ["kept"]})
    sink(calls, tmp_path / "a.csv")
    report = job(
        tmp_path / "a.csv",
        tmp_path / "out",
        number="callee",
        seconds="length",
        add_prefix="rated_",
        semantics={"decimals": 4, "pulse": "30/6"},
    ).run()
    assert report.entries[0].charge == "0.8250"
    assert report.totals["charge"].to_list() == [Decimal("0.8250")]
    rated = scan(tmp_path / "out" / "rated").collect()
    assert rated.select("charge", "rated_charge").row(0) == ("kept", Decimal("0.8250"))


@pytest.mark.parametrize("output", list(OutputFormat))
def test_r45_lines_of_plans_are_added_up(tmp_path: Path, output: OutputFormat) -> None:
    (tmp_path / "night").mkdir()
    calls = CALLS.with_columns(workspace=pl.Series(["a", "b", "a", "b", "c", "a", "b"]))
    for name in ("one", "two"):
        sink(calls.lazy(), tmp_path / "night" / f"{name}.csv")
    plans = [
        BillingPlan(id="growth", llm="1.10", telephony=DeckPrices()),
        BillingPlan(id="pro", stt="0.333", decimals=4),
    ]
    by_plan: dict[str, Any] = {"plans": plans, "workspaces": {"a": "growth", "b": "pro"}, "format": output}
    report = job(tmp_path / "night", tmp_path / "out", **by_plan).run()
    rated = rate(pl.concat([calls, calls]), deck=deck(), plans=plans, workspaces=by_plan["workspaces"])
    for column in ("charge", "llm", "stt", "telephony"):
        assert report.totals[column].sum() == rated.filter(pl.col("reason").is_null())[column].sum()
    assert report.totals["tts"].null_count() == report.totals.height  # no such line, which is not zero
    assert report.manifest.totals()["refused_by_reason"]["unknown_workspace"] == 2
    again = job(tmp_path / "night", tmp_path / "out", **by_plan).run()
    assert again.kept == 2
    assert_frame_equal(again.totals, report.totals)
    by_plan["plans"] = (plan.model_copy(update={"decimals": 3}) for plan in plans)
    with pytest.raises(ConflictError, match=r"rating\.plans\.growth was .*; rating\.plans\.pro was"):
        job(tmp_path / "night", tmp_path / "out", **by_plan).run()


def test_patterns_name_files_of_several_folders(tmp_path: Path) -> None:
    for day in ("01", "02"):
        (tmp_path / "calls" / day).mkdir(parents=True)
        sink(CALLS.lazy(), tmp_path / "calls" / day / f"day-{day}.csv")
    report = job(tmp_path / "calls" / "*" / "day-*", tmp_path / "out").run()
    assert [entry.name for entry in report.entries] == ["01/day-01.csv", "02/day-02.csv"]


def test_estimate_tells_what_would_be_and_writes_nothing(tmp_path: Path) -> None:
    inputs, output = night(tmp_path / "night"), tmp_path / "out"
    (inputs / "column.csv").write_text("to\n+91\n")
    found = job(inputs, output).estimate()
    assert not output.exists()
    report = job(inputs, output).run()
    assert (found.files, found.done, found.bytes) == (
        13,
        0,
        sum(file.stat().st_size for file in inputs.iterdir()),
    )
    # Small enough that the sample is all there is.
    totals = report.manifest.totals()
    assert dict(found.refused) == totals["refused_by_reason"]
    assert dict(found.rejected) == totals["rejected_by_reason"]
    assert (found.sample_rows, found.rows) == (totals["rows"], totals["rows"])
    assert found.failed == report.failed
    assert found.seconds is not None
    assert found.seconds >= 0
    again = job(inputs, output).estimate()
    assert (again.files, again.done, again.rows) == (1, 12, 0)
    json.dumps(found.to_dict())
    assert "refused: unsupported prefix" in str(found)


def test_rows_of_csv_are_estimated_from_the_first_of_them(tmp_path: Path) -> None:
    text = "to,seconds\n" + "+919812345678,61\n" * 5000
    (tmp_path / "a.csv").write_text(text)
    found = job(tmp_path / "a.csv", tmp_path / "out").estimate(sample_rows=500)
    assert found.sample_rows == 500
    assert abs(found.rows - 5000) < 20


def test_every_reason_has_a_sentence() -> None:
    rated = pl.LazyFrame({"to": ["+1"] * len(Reason), "reason": [str(reason) for reason in Reason]})
    found = rejects(rated, "a.csv", Rejected(), number="to", reason="reason").collect()
    assert found["reason"].to_list() == list(Reason)
    assert not found.filter(pl.col("sentence") == pl.col("reason")).height
    assert found["sentence"].str.contains(":", literal=True).all()


def test_report_reads_well(tmp_path: Path) -> None:
    inputs = night(tmp_path / "night", files=5)
    (inputs / "zz.csv").touch()
    told = str(job(inputs, tmp_path / "out").run())
    for words in (
        "6 = 5 done + 1 failed",
        "refused: blocked",
        "rejected: fewer cells, 1",
        "failed: zz.csv",
        "₹",
    ):
        assert words in told
