"""The month of docs/month-of-bills.md, small: by its own commands, and the same bytes after kills."""

from __future__ import annotations

import hashlib
import importlib
import re
import shlex
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from typer.testing import CliRunner

from dialnexa_routing.billing import bill_run, read_bill
from dialnexa_routing.billing.party import Party
from dialnexa_routing.cli.application import build
from dialnexa_routing.money.exact import fits, rounded, total

if TYPE_CHECKING:
    from dialnexa_routing.billing import Bill

ROOT = Path(__file__).parents[1]
CALLS = 6000


def steps() -> list[list[str]]:
    """The commands of the page, in its order; PDFs, which take a browser, left out."""
    text = (ROOT / "docs" / "month-of-bills.md").read_text("utf-8")
    lines = "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL)).replace("\\\n", " ").splitlines()
    told = [shlex.split(line.replace(",pdf", "").replace(".pdf", ".xlsx")) for line in lines]
    return [words[1:] for words in told if words[:1] == ["dialnexa-routing"]]


def run(words: list[str], *codes: int) -> str:
    result = CliRunner().invoke(build(), words)
    assert result.exit_code in (codes or (0,)), result.output + repr(result.exception)
    return result.output


def bills(folder: str) -> list[Bill]:
    return [read_bill(path) for path in sorted(Path(folder).glob("*.json"))]


def digests(folder: str) -> dict[str, str]:
    files = sorted(path for path in Path(folder).rglob("*") if path.is_file() and path.name != ".lock")
    return {path.as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sys.path.insert(0, str(ROOT / "data"))
    try:
        maker = importlib.import_module("make_month")
    finally:
        sys.path.pop(0)
    folder = tmp_path_factory.mktemp("month")
    maker.make_month(folder, CALLS)
    (folder / "payments.csv").write_text("workspace,amount\ncustomer-01,10.00\n", "utf-8")
    return folder


def test_the_month_runs_by_its_commands_and_adds_up(month: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(month)
    commands = steps()
    assert [words[0] for words in commands] == [
        *("compile", "compile", "book", "book", "job", "bills", "credit-note", "bills", "rate-card")
    ]
    for words in commands[:5]:
        run(words)
    issued = commands[5]

    # A kill after the twentieth bill, and one before the register.
    write, wrote = bill_run.write_bill, 0

    def killed(*given: object) -> None:
        nonlocal wrote
        wrote += 1
        if wrote > 20:
            raise KeyboardInterrupt
        write(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(bill_run, "write_bill", killed)
    assert CliRunner().invoke(build(), issued).exit_code != 0
    monkeypatch.setattr(bill_run, "write_bill", write)
    assert len(bills("november")) == 20
    run(issued, 1)
    again = [word.replace("november", "elsewhere") for word in issued]
    run(again, 1)
    assert list(digests("november").values()) == list(digests("elsewhere").values())
    before = digests("november")

    made = bills("november")
    assert len(made) == 50
    rated = pl.read_parquet("rated/rated/*.parquet")
    assert rated.height == CALLS
    charges = dict(rated.group_by("workspace").agg(pl.col("charge").sum()).iter_rows())
    given = {"customer-01": Decimal("-250.00"), "customer-02": Decimal("1500.00")}
    for one in made:
        of_calls = total(line.amount for line in one.lines if line.calls is not None)
        assert of_calls == charges[one.workspace]
        extra = given.get(one.workspace, Decimal("0.00"))
        assert one.taxable == rounded(total([of_calls, extra]), 2)
        assert one.total == total([one.taxable, *(head.amount for head in one.tax)])
        for caption in ("by day", "by network group"):
            assert total(Decimal(row["charge"]) for row in one.annexes[caption]) == of_calls
        for line in one.lines:
            assert fits(line.amount, 4)
    counted = sum(
        sum(row["calls"] for row in one.annexes["by day"]) + one.unanswered + sum(one.not_rated.values())
        for one in made
    )
    assert counted == CALLS
    totals = pl.read_parquet("rated/totals.parquet")["charge"].sum()
    assert total(charges.values()) == totals == pl.read_parquet("rated/customers.parquet")["charge"].sum()
    register = pl.read_csv("november/register.csv", infer_schema=False)
    assert total(map(Decimal, register["taxable"])) == total(one.taxable for one in made)
    heads = ("cgst", "sgst", "utgst", "igst", "taxable", "round_off")
    assert total(Decimal(row[name]) for row in register.to_dicts() for name in heads) == total(
        one.total for one in made
    )
    # A plan changed on the fifteenth: both are on the bill.
    plans = {line.plan_id for line in made[0].lines if line.plan_id}
    assert plans == {"growth", "growth-15"}

    # A file that comes late, with a customer whom nobody knew.
    late = pl.read_csv("calls/2026-11-30.csv", infer_schema=False).head(40)
    late = late.with_columns(
        call_id=pl.lit("late") + pl.col("call_id"),
        workspace=pl.when(pl.int_range(pl.len()) < 5).then(pl.lit("customer-99")).otherwise("workspace"),
    )
    late.write_csv("calls/late.csv")
    run(commands[4])
    assert "belongs into the next period" in run(issued, 2)
    assert digests("november") == before
    run(commands[6])
    assert "no customer for the workspace 'customer-99'" in run(commands[7], 2)
    Party(id="customer-99", name="New", state="27").save("customers/customer-99.json")
    run(commands[7], 0, 1)
    everything = pl.read_parquet("rated/rated/*.parquet")["charge"].sum()
    later = bills("december")
    called = total(line.amount for one in (*made, *later) for line in one.lines if line.calls is not None)
    assert called == everything
    # Who has a note and a payment and no late call is not forgotten: what is due goes on.
    (note,) = bills("notes")
    due = dict(pl.read_csv("december/balances.csv", infer_schema=False).iter_rows())
    assert note.workspace == made[0].workspace == "customer-01"
    assert Decimal(due["customer-01"]) == total([made[0].total, note.total, Decimal("-10.00")])
    assert set(due) == {one.workspace for one in (*made, *later)}
    run(commands[8])
    assert "cheaper" in Path("changes.html").read_text("utf-8")
