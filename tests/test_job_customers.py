"""New customers and late files are new work for a job, totals are by customer, a log line is an event."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from decks import MOBILE, deck_of, utc
from dialnexa_routing import BillingPlan, DeckBook
from dialnexa_routing.job import RatingJob, WorkState
from dialnexa_routing.text.errors import ConflictError, UnknownNameError
from job_folder import content

if TYPE_CHECKING:
    from pathlib import Path

ROWS: list[dict[str, Any]] = [{"prefix": "91", "network_group": "India", "outbound_rate": "0.60"}]
DECK = deck_of(ROWS)
GROWTH = BillingPlan(id="growth", llm="1.10", telephony={"kind": "deck_prices"})
FINE = BillingPlan(id="fine", llm="0.123", decimals=4)
CUSTOMERS: dict[str, str | None] = {"acme": "growth", "zenith": "growth"}


def night(folder: Path) -> Path:
    folder.mkdir()
    for position, names in enumerate((["acme", "acme"], ["acme", "new", "zenith"], ["zenith"])):
        frame = pl.DataFrame({"workspace": names, "to": [MOBILE] * len(names), "seconds": [61] * len(names)})
        frame.write_parquet(folder / f"{position}.parquet")
    return folder


def job(inputs: Path, output: Path, **options: Any) -> RatingJob:
    known: dict[str, Any] = {"deck": DECK, "plans": [GROWTH], "workspaces": CUSTOMERS}
    return RatingJob(inputs=inputs, output=output, **known | options)


def to_rate(one: RatingJob) -> list[str]:
    return [work.input.name for work in one.plan_of_work().of(WorkState.TO_RATE)]


@pytest.mark.parametrize("format_", ["parquet", "csv"])
def test_a_new_customer_has_its_files_rated_anew_and_no_others(tmp_path: Path, format_: str) -> None:
    inputs, output = night(tmp_path / "in"), tmp_path / "out"
    first = job(inputs, output, format=format_).run()
    assert first.manifest.totals()["refused_by_reason"] == {"unknown_workspace": 1}
    more = CUSTOMERS | {"new": "growth"}
    assert to_rate(job(inputs, output, workspaces=more, format=format_)) == ["1.parquet"]
    report = job(inputs, output, workspaces=more, format=format_).run()
    assert (report.kept, report.manifest.totals()["rated"]) == (2, 6)
    job(inputs, tmp_path / "fresh", workspaces=more, format=format_).run()
    assert content(output) == content(tmp_path / "fresh")
    assert to_rate(job(inputs, output, workspaces=more, format=format_)) == []


def test_a_new_plan_with_finer_charges_rates_all_anew(tmp_path: Path) -> None:
    inputs, output = night(tmp_path / "in"), tmp_path / "out"
    job(inputs, output).run()
    options: dict[str, Any] = {"plans": [GROWTH, FINE], "workspaces": CUSTOMERS | {"new": "fine"}}
    assert to_rate(job(inputs, output, **options)) == ["0.parquet", "1.parquet", "2.parquet"]
    job(inputs, output, **options).run()
    job(inputs, tmp_path / "fresh", **options).run()
    assert content(output) == content(tmp_path / "fresh")


def test_what_was_rated_otherwise_still_stops(tmp_path: Path) -> None:
    inputs, output = night(tmp_path / "in"), tmp_path / "out"
    job(inputs, output).run()
    for options in (
        {"workspaces": {"acme": "growth"}},
        {"workspaces": CUSTOMERS | {"acme": None, "new": "growth"}},
        {"plans": [GROWTH.changed(llm="1.20")]},
    ):
        with pytest.raises(ConflictError, match="was begun otherwise: rating"):
            job(inputs, output, **options).run()


def test_a_late_file_is_new_work(tmp_path: Path) -> None:
    inputs, output = night(tmp_path / "in"), tmp_path / "out"
    job(inputs, output).run()
    pl.read_parquet(inputs / "0.parquet").write_parquet(inputs / "late.parquet")
    assert to_rate(job(inputs, output)) == ["late.parquet"]
    assert job(inputs, output).run().kept == 3


def test_totals_are_by_workspace_plan_provider_and_group(tmp_path: Path) -> None:
    first, second = (deck_of([row | {"outbound_rate": rate} for row in ROWS]) for rate in ("0.60", "0.90"))
    book = DeckBook([(utc(2026, 11, 1), first), (utc(2026, 11, 15), second)])
    inputs, output = night(tmp_path / "in"), tmp_path / "out"
    for path in inputs.iterdir():
        pl.read_parquet(path).with_columns(answered_at=pl.lit(utc(2026, 11, 20))).write_parquet(path)
    report = job(inputs, output, deck=book).run()
    assert report.customers.select("workspace", "plan_id", "network_group", "calls").rows() == [
        ("acme", "growth", "India", 3),
        ("zenith", "growth", "India", 2),
    ]
    assert report.customers["charge"].sum() == report.totals["charge"].sum()
    assert report.totals_by("plan_id")["calls"].to_list() == [5]
    assert report.totals_by("workspace", "provider").height == 2
    assert pl.read_parquet(output / "customers.parquet").equals(report.customers)
    with pytest.raises(UnknownNameError, match="no totals by 'shop'"):
        report.totals_by("shop")


def test_the_log_has_one_line_an_event_with_its_facts(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    inputs = night(tmp_path / "in")
    (inputs / "bad.parquet").write_bytes(b"no")
    with caplog.at_level(logging.INFO, "dialnexa_routing"):
        job(inputs, tmp_path / "out").run()
    ours = [record for record in caplog.records if record.name == "dialnexa_routing.job"]
    events = [vars(record)["event"] for record in ours]
    assert events == ["job.begun", "file.rated", "file.rated", "file.rated", "file.failed", "job.done"]
    assert all("\n" not in record.getMessage() for record in ours)
    assert vars(ours[-1])["facts"]["rated"] == 5
    assert "rated=5" in ours[-1].getMessage()
    assert ours[-2].levelname == "WARNING"
