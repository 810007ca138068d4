"""What a comparison of sheets costs on call records, and how it is told: text, HTML, data, command."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from command import document, run, sentence
from decks import utc
from dialnexa_routing import RecordError, records
from small_sheets import NOW, differ, india, sheet_of


def test_impact_is_what_both_decks_charge() -> None:
    old = [india("91"), india("1", "3", network_group="US"), india("44", "2", network_group="UK")]
    new = [india("91", "1.5"), india("1", None, network_group="US", blocked=True), india("61", "9")]
    calls = pl.DataFrame(
        {
            "to": ["919812345678", "+911", "12025550123", "441", "611", "33", None],
            "seconds": [61, 60, 60, 60, 60, 60, 60],
        }
    )
    impact = differ(old, new).impact(calls)
    assert impact.totals == {
        "calls": 7,
        "rated_by_both": 2,
        "only_by_old": 2,
        "only_by_new": 1,
        "by_neither": 2,
        "old_charge": Decimal(3),
        "new_charge": Decimal("4.5"),
        "change": Decimal("1.5"),
        "lost_charge": Decimal(5),
        "gained_charge": Decimal(9),
    }
    assert impact.total == Decimal("1.50")
    assert impact.by_group.row(0, named=True)["old_group"] == "India"
    for side, rows in (("old", old), ("new", new)):
        deck = sheet_of(rows).compile()
        charged = records.rate(calls, deck=deck)["charge"].drop_nulls().to_list()
        apart = impact.totals["lost_charge" if side == "old" else "gained_charge"]
        assert sum(charged) == impact.totals[f"{side}_charge"] + apart
    assert "change +₹1.5" in str(impact)
    assert "₹3.00 -&gt; ₹4.50" in impact._repr_html_()


def test_impact_takes_lazy_records_other_columns_and_semantics() -> None:
    diff = differ([india("91")], [india("91", "2")], at=NOW)
    calls = pl.LazyFrame({"callee": ["911"], "length": [61]})
    impact = diff.impact(calls, number="callee", seconds="length", semantics={"pulse": "1/1", "decimals": 4})
    # As billed: each call is rounded by each sheet, then they are subtracted.
    assert (impact.totals["old_charge"], impact.totals["new_charge"]) == (
        Decimal("1.0167"),
        Decimal("2.0333"),
    )
    assert impact.total == Decimal("1.0166")
    with pytest.raises(RecordError, match="no column 'to'"):
        diff.impact(calls)
    assert diff.impact(calls.clear(), number="callee", seconds="length").total == 0


def test_impact_rates_old_calls_by_a_sheet_that_begins_later() -> None:
    begins = utc(2027, 1, 1)
    diff = differ([india("91")], [india("91", "2", valid_from=begins)], at=begins)
    calls = pl.DataFrame({"to": ["911"], "seconds": [60], "answered_at": [NOW]})
    assert diff.impact(calls).total == 1


def test_it_reads_as_text_html_and_data() -> None:
    hostile = "<script>alert(1)</script>\n\x1b[31m"
    diff = differ([india("91"), india("1")], [india("91", "1.5", network_group=hostile)])
    text, page = str(diff), diff._repr_html_()
    assert text.splitlines()[0] == "old.csv -> new.csv, outbound, any caller"
    assert "1 dearer, 1 removed" in text
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "\x1b" not in text + page
    told_all = json.loads(json.dumps(diff.to_dict()), parse_float=lambda text: pytest.fail(text))
    assert told_all["changes"]["total"] == 2
    assert {row["percent"] for row in told_all["changes"]["rows"]} == {"50.0000", None}
    assert len(diff.to_dict(1)["changes"]["rows"]) == 1
    assert repr(diff).startswith("<SheetDiff old.csv -> new.csv")
    assert diff != "a text"
    with pytest.raises(TypeError, match="unhashable"):
        hash(diff)


OLD = "prefix,country_iso,country,network_group,outbound_rate\n91,IN,India,India,0.74\n1,US,US,US,1\n"
NEW = "prefix,country_iso,country,network_group,outbound_rate\n" + "".join(
    f"91{digit},IN,India,India,0.80\n" for digit in range(10)
)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("old.csv").write_text(OLD, encoding="utf-8")
    Path("new.csv").write_text(NEW, encoding="utf-8")
    Path("calls.csv").write_text("to,seconds\n+919812345678,263\n+12025550123,60\n", encoding="utf-8")
    return tmp_path


@pytest.mark.usefixtures("files")
def test_the_command_compares_and_tells_the_impact() -> None:
    text = run("diff", "old.csv", "new.csv", "--records", "calls.csv", "--html", "page.html").stdout
    assert "1 dearer, 1 removed" in text
    assert "change +₹0.30" in text
    assert "1 only by old; lost ₹1.00" in text
    assert "<!doctype html>" in Path("page.html").read_text(encoding="utf-8")
    found = document("diff", "old.csv", "new.csv", "--records", "calls.csv")
    assert found["counts"]["dearer"] == 1
    assert found["changes"]["rows"][1]["percent"] == "8.1081"
    assert found["impact"]["totals"]["change"] == "0.30"


@pytest.mark.usefixtures("files")
def test_the_command_says_what_is_wrong() -> None:
    Path("bad.csv").write_text(OLD + "091,IN,India,India,1\n", encoding="utf-8")
    assert "bad.csv: 1 rows were refused" in run("diff", "old.csv", "bad.csv", code=1).stdout
    Path("dated.csv").write_text(
        "prefix,country,outbound_rate,valid_from\n91,India,1,2026-10-01T00:00:00Z\n", encoding="utf-8"
    )
    assert "give --at" in sentence("diff", "old.csv", "dated.csv")
    assert run("diff", "old.csv", "dated.csv", "--at", "now").exit_code == 0
    assert "no time with a zone" in run("diff", "old.csv", "new.csv", "--at", "2026-10-01", code=2).stderr
    assert "one of the inputs" in sentence("diff", "old.csv", "new.csv", "--html", "new.csv")
    assert Path("new.csv").read_text(encoding="utf-8") == NEW
    assert "no column 'callee'" in sentence(
        "diff", "old.csv", "new.csv", "--records", "calls.csv", "--number", "callee"
    )
    assert "no file" in sentence("diff", "old.csv", "none.csv")
