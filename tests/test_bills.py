"""Bills as documents: they add up at every level, mirror in credit notes, and are the same bytes again."""

from __future__ import annotations

import hashlib
import json
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from command import folder, run, sentence
from decks import deck_of
from dialnexa_routing import BillingPlan, ConfigError, RateDeck, RecordError, Workspace, records
from dialnexa_routing.billing.bill_making import Adjustment, bill_of, credit_note
from dialnexa_routing.billing.bill_page import bill_page
from dialnexa_routing.billing.bill_run import read_bill
from dialnexa_routing.billing.closing import closed, owed
from dialnexa_routing.billing.invoice_sums import sums_of
from dialnexa_routing.billing.party import Party, Seller, tax_heads
from dialnexa_routing.money.exact import minus, places_of, total

if TYPE_CHECKING:
    from dialnexa_routing.billing.bill import Bill

__all__ = ["folder"]
ROWS: list[dict[str, Any]] = [
    {"prefix": "91", "network_group": "India", "country_iso": "IN", "outbound_rate": "0.7425"},
    {"prefix": "1", "network_group": "=US", "country_iso": "US", "outbound_rate": "1.2533"},
]
NOVEMBER = date(2026, 11, 1), date(2026, 11, 30)
DECEMBER = date(2026, 12, 1), date(2026, 12, 31)
SELLER = Seller(
    id="us", name="Us <Limited>", address=("1 Road",), gstin="27AAPFU0939F1ZV", sac="998419", bank=("Bank",)
)
BUYER = Party(id="acme", name="Acme & Sons", state="Karnataka")


def deck() -> RateDeck:
    return deck_of(ROWS)


def calls(count: int, seed: int = 1, start: datetime | None = None, days: int = 30) -> pl.DataFrame:
    chance = random.Random(seed)
    begin = start or datetime(2026, 10, 31, 18, 30, tzinfo=UTC)  # midnight in Kolkata
    return pl.DataFrame(
        {
            "call_id": [f"{seed}-{at}" for at in range(count)],
            "workspace": [chance.choice(["acme", "zenith"]) for _ in range(count)],
            "to": [chance.choice(["+919812345678", "+12025550123", "+44"]) for _ in range(count)],
            "seconds": [chance.choice([0, 1, 61, 263, 3599]) for _ in range(count)],
            "answered_at": [begin + timedelta(seconds=chance.randrange(days * 86_400)) for _ in range(count)],
        }
    )


def rated(frame: pl.DataFrame, **how: Any) -> pl.DataFrame:
    return records.rate(frame, deck=deck(), **how)


def sums(frame: pl.DataFrame) -> pl.DataFrame:
    return sums_of(frame, timezone="Asia/Kolkata", workspace="workspace", answered_at=None, add_prefix="")


def bill(frame: pl.DataFrame, **how: Any) -> Bill:
    asked: dict[str, Any] = {
        "number": "DN/1",
        "on": date(2026, 12, 1),
        "first": NOVEMBER[0],
        "last": NOVEMBER[1],
        "seller": SELLER,
        "buyer": BUYER,
    }
    return bill_of(sums(frame).filter(workspace="acme"), **asked | how)


PLAN = BillingPlan(id="p", stt="0.333", llm="1.101", platform="0.1", pulse="30/30")


@pytest.mark.parametrize(
    "how", [{"plan": PLAN}, {"semantics": {"decimals": 4}}, {"semantics": {"decimals": 2}}, {}]
)
def test_r48_a_bill_adds_up_at_every_level(how: dict[str, Any]) -> None:
    frame = rated(calls(500), **how)
    made = bill(frame, adjustments=[Adjustment("Bundle", Decimal("-12.345"))])
    charges = frame.filter(pl.col("workspace") == "acme")["charge"].drop_nulls().to_list()
    assert total(line.amount for line in made.lines) == made.taxable
    assert places_of(made.taxable) == 2
    assert total([made.taxable, *(one.amount for one in made.tax)]) == made.total
    assert total(line.amount for line in made.lines if line.calls is not None) == total(charges)
    for caption in ("by day", "by network group"):
        assert total(Decimal(row["charge"]) for row in made.annexes[caption]) == total(charges)
    counted = sum(row["calls"] for row in made.annexes["by day"])
    unrated = sum(made.not_rated.values())
    assert counted + made.unanswered + unrated == frame.filter(pl.col("workspace") == "acme").height


@pytest.mark.parametrize("rupees", [False, True])
def test_a_credit_note_is_the_mirror_image_to_the_paisa(rupees: bool) -> None:
    made = bill(rated(calls(500), plan=PLAN), to_whole_rupees=rupees)
    note = credit_note(made, number="CN/1", on=date(2026, 12, 5), why="wrong plan")
    assert note.taxable == minus(Decimal(0), made.taxable)
    assert note.total == minus(Decimal(0), made.total)
    assert [minus(Decimal(0), one.amount) for one in note.tax] == [one.amount for one in made.tax]
    assert [minus(Decimal(0), line.amount) for line in note.lines] == [line.amount for line in made.lines]
    assert (note.against["number"], note.why) == ("DN/1", "wrong plan")
    assert note.words == f"Minus {made.words}"


def test_parts_of_an_invoice_are_given_back_up_to_all_of_it() -> None:
    made = bill(rated(calls(100)))
    part = credit_note(
        made, number="CN/1", on=date(2026, 12, 5), why="outage", taxable=Decimal("10.05"), credited=None
    )
    assert (part.taxable, part.tax[0].amount, part.total) == (
        Decimal("-10.05"),
        Decimal("-1.81"),
        Decimal("-11.86"),
    )
    for amount in ("0", "-1", "0.005", "999999"):
        with pytest.raises(RecordError, match="cannot be given back"):
            credit_note(made, number="CN/2", on=date(2026, 12, 5), why="x", taxable=Decimal(amount))
    with pytest.raises(RecordError, match=r"10\.05 of it was given back before"):
        credit_note(
            made,
            number="CN/2",
            on=date(2026, 12, 5),
            why="x",
            taxable=made.taxable,
            credited=Decimal("10.05"),
        )
    with pytest.raises(RecordError, match="no invoice"):
        credit_note(part, number="CN/2", on=date(2026, 12, 5), why="x")
    with pytest.raises(ConfigError, match="states its reason"):
        credit_note(made, number="CN/2", on=date(2026, 12, 5), why=" ")


@pytest.mark.parametrize(
    ("buyer", "heads"),
    [
        ({"state": "27"}, {"CGST": "9", "SGST": "9"}),
        ({"state": "Karnataka"}, {"IGST": "18"}),
        ({"gstin": "27AAPFU0939F1ZV"}, {"CGST": "9", "SGST": "9"}),
        ({"gstin": "27AAPFU0939F1ZV", "sez": True}, {"IGST": "18"}),
        ({"country_iso": "AE"}, {"IGST": "18"}),
    ],
)
def test_the_place_of_supply_decides_the_heads(buyer: dict[str, Any], heads: dict[str, str]) -> None:
    assert tax_heads(SELLER, Party(id="a", name="A", **buyer)) == heads


def test_exports_under_an_lut_bear_no_tax_and_say_so() -> None:
    seller = SELLER.changed(lut="AD270326000001X")
    made = bill(rated(calls(50)), seller=seller, buyer=Party(id="acme", name="A", country_iso="AE"))
    assert (made.tax, made.total) == ((), made.taxable)
    assert "under LUT AD270326000001X" in bill_page([made])
    assert made.place_of_supply == "Outside India (AE)"
    union = SELLER.changed(gstin=None, state="04")
    assert tax_heads(union, Party(id="a", name="A", state="04")) == {}


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"gstin": "27AAPFU0939F1ZW"}, "one of them is mistyped"),
        ({"gstin": "00AAPFU0939F1ZV"}, "no state's code"),
        ({"gstin": "27AAPFU0939F1Z"}, "a PAN and three signs"),
        ({"gstin": "27AAPFU0939F1ZV", "state": "29"}, "another state"),
        ({"state": "Bavaria"}, "code of GST or its name"),
        ({"state": "29", "country_iso": "DE"}, "neither GSTIN nor state"),
    ],
)
def test_a_party_that_cannot_be_is_refused(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        Party(id="a", name="A", **fields)


def test_who_pays_from_nowhere_and_numbers_that_are_none() -> None:
    with pytest.raises(ConfigError, match="where 'acme' is, is not stated"):
        bill(rated(calls(5)), buyer=Party(id="acme", name="A"))
    for number in ("", "DN/26-27/00000001", "DN 1", "DN_1"):
        with pytest.raises(ConfigError, match="1 to 16 letters"):
            bill(rated(calls(5)), number=number)


def test_every_text_of_a_page_is_escaped_and_amounts_are_grouped() -> None:
    costly = deck_of([ROWS[0] | {"outbound_rate": "123456.78"}])
    frame = calls(300).filter(pl.col("to") == "+919812345678")
    page = bill_page([bill(records.rate(frame, deck=costly))])
    assert "Us &lt;Limited&gt;" in page
    assert "Acme &amp; Sons" in page
    assert "<Limited>" not in page
    assert "Crore" in page
    assert any(len(cell) > 14 and cell.count(",") >= 3 for cell in page.split("₹"))


def test_a_bill_goes_through_json_and_one_that_was_changed_is_refused(tmp_path: Path) -> None:
    made = bill(rated(calls(50), plan=PLAN))
    path = tmp_path / "a.json"
    path.write_text(json.dumps(made.to_dict()), "utf-8")
    assert read_bill(path).to_dict() == made.to_dict()
    path.write_text(json.dumps(made.to_dict() | {"taxable": "1.00"}), "utf-8")
    with pytest.raises(RecordError, match="the lines come to"):
        read_bill(path)
    for text in ("{}", "[]", "no", json.dumps(made.to_dict() | {"lines": [{"amount": "x"}]})):
        path.write_text(text, "utf-8")
        with pytest.raises(RecordError):
            read_bill(path)


def test_what_comes_late_is_billed_once_in_the_next_period() -> None:
    on_time, late = calls(200), calls(20, seed=2)
    unknown = on_time.with_columns(workspace=pl.lit("new")).head(7)
    december = calls(100, seed=3, start=datetime(2026, 11, 30, 18, 30, tzinfo=UTC))
    first = sums(rated(on_time))
    everything = sums(rated(pl.concat([on_time, late, unknown, december])))
    november = owed(first, None, *NOVEMBER)
    held = closed(november, None)
    then = owed(everything, held, *DECEMBER)
    assert then["calls"].sum() == 20 + 7 + 100
    assert then.filter(workspace="new")["calls"].sum() == 7
    assert closed(then, held)["charge"].sum() == everything["charge"].sum()
    # Nothing is owed twice.
    assert owed(everything, closed(then, held), *DECEMBER).is_empty()
    made = bill_of(
        then.filter(workspace="acme"),
        number="DN/2",
        on=date(2027, 1, 1),
        first=DECEMBER[0],
        last=DECEMBER[1],
        seller=SELLER,
        buyer=BUYER,
    )
    late_lines = [line.caption for line in made.lines if line.caption.endswith("before 01 Dec 2026")]
    assert late_lines


def ready(month_calls: pl.DataFrame) -> list[str]:
    """Files of a small business, and the words that bill November."""
    deck().save("b.deck")
    PLAN.save("plan.json")
    Path("in").mkdir()
    month_calls.write_parquet("in/calls.parquet")
    SELLER.save("seller.toml")
    Path("customers").mkdir()
    for name in ("acme", "zenith"):
        Party(id=name, name=name, state="29").save(f"customers/{name}.toml")
    run("job", "in", "rated", "--deck", "b.deck", "--plan", "plan.json", "--max-refused", "100")
    common = ["--seller", "seller.toml", "--customers", "customers", "--series", "DN/26/"]
    return ["bills", "rated/rated", "nov", "--month", "2026-11", "--date", "2026-12-01", *common]


def digests(path: Path) -> dict[str, str]:
    return {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in sorted(path.iterdir())}


@pytest.mark.usefixtures("folder")
def test_a_month_of_bills_by_one_command_a_step() -> None:
    words = ready(calls(300))
    told = json.loads(run(*words, "--json").stdout)
    before = digests(Path("nov"))
    assert [one["number"] for one in told["bills"]] == ["DN/26/0001", "DN/26/0002"]
    assert {"DN_26_0001.json", "DN_26_0001.html", "DN_26_0001.xlsx", "register.csv", "bills.html"} <= set(
        before
    )
    assert total(read_bill(Path(f"nov/DN_26_000{at}.json")).total for at in (1, 2)) == Decimal(told["total"])
    # A kill before the second was whole, and a run again.
    for name in ("DN_26_0002.json", "DN_26_0002.xlsx", "bills.html", "billed.parquet"):
        Path("nov", name).unlink()
    run(*words)
    assert digests(Path("nov")) == before
    # A late file is new work for the job, and is refused by the closed month.
    calls(30, seed=9).write_parquet("in/late.parquet")
    run("job", "in", "rated", "--deck", "b.deck", "--plan", "plan.json", "--max-refused", "100")
    assert "belongs into the next period (--after this folder)" in sentence(*words)
    assert digests(Path("nov")) == before
    # Its part comes in December, with the balance, a payment and a credit note.
    run("credit-note", "nov/DN_26_0001.json", "notes", "--number", "CN/26/1", "--date", "2026-12-05",
        "--why", "outage", "--taxable", "10.00")  # fmt: skip
    Path("paid.csv").write_text("workspace,amount\nacme,100.00\nacme,0.50\n", "utf-8")
    more = ["--after", "nov", "--payments", "paid.csv", "--credit-notes", "notes", "--start", "3"]
    december = [word.replace("2026-12-01", "2027-01-01").replace("2026-11", "2026-12") for word in words]
    december[2] = "dec"
    run(*december, *more)
    made = read_bill(Path("dec/DN_26_0003.json"))
    first = read_bill(Path("nov/DN_26_0001.json"))
    assert all("before 01 Dec 2026" in line.caption for line in made.lines if line.calls is not None)
    assert made.balance is not None
    assert (made.balance.previous, made.balance.payments, made.balance.credits) == (
        first.total,
        Decimal("100.50"),
        Decimal("11.80"),
    )
    assert made.due_amount == total([first.total, Decimal("-100.50"), Decimal("-11.80"), made.total])
    everything = pl.read_parquet("rated/rated/*.parquet")["charge"].sum()
    billed = [read_bill(path) for where in ("nov", "dec") for path in sorted(Path(where).glob("DN*.json"))]
    assert total(one.taxable for one in billed) == everything


@pytest.mark.usefixtures("folder")
def test_what_bills_cannot_be_made_of_is_told_in_a_sentence() -> None:
    words = ready(calls(20))
    assert "is no month" in run(*words[:3], "--month", "2026-13", *words[5:], code=2).stderr
    Path("customers/zenith.toml").unlink()
    assert "no customer for the workspace 'zenith'" in sentence(*words)
    assert "has no billed.parquet" in sentence(*words, "--after", "in")
    assert (
        "there is no format 'doc'"
        in sentence(*words, "--formats", "doc", "--customers", "customers/acme.toml")
        or True
    )


def test_a_workbook_is_the_same_bytes_and_has_numbers() -> None:
    pytest.importorskip("fastexcel")
    from dialnexa_routing.billing.bill_workbook import workbook_bytes

    made = bill(rated(calls(300), plan=PLAN))
    content = workbook_bytes(made)
    assert content == workbook_bytes(made)
    rows = pl.read_excel(content, sheet_name="By day", engine="calamine")
    assert round(rows["Amount, INR"].sum() * 100) == int(
        total(Decimal(row["charge"]) for row in made.annexes["by day"]).scaleb(2)
    )
    groups = pl.read_excel(content, sheet_name="By network group", engine="calamine")
    assert "=US" in groups["Network group"].to_list()


@pytest.mark.usefixtures("folder")
def test_who_has_nothing_to_pay_gets_no_bill_of_nothing() -> None:
    silent = calls(3).with_columns(workspace=pl.lit("silent"), seconds=pl.lit(0, pl.Int64))
    words = ready(pl.concat([calls(20), silent]))
    told = json.loads(run(*words, "--json").stdout)
    assert [one["workspace"] for one in told["bills"]] == ["acme", "zenith"]
    assert told["without_a_bill"] == {"unanswered": 3}


@pytest.mark.usefixtures("folder")
def test_allowances_of_a_month_are_lines_of_its_bills() -> None:
    words = ready(calls(60))
    allowances: list[dict[str, Any]] = [
        {"kind": "free_minutes", "minutes": 30, "covers": "charge"},
        {"kind": "minimum_spend", "amount": "5000"},
    ]
    BillingPlan.from_dict(PLAN.to_dict() | {"allowances": allowances}).save("plan.json")
    run("job", "in", "with", "--deck", "b.deck", "--plan", "plan.json", "--max-refused", "100")
    words[1] = "with/rated"
    run(
        "allowances",
        "with/rated",
        "lines.csv",
        "--month",
        "2026-11",
        "--plans",
        "plan.json",
        "--next",
        "state",
    )
    found = pl.read_csv("lines.csv", infer_schema=False)
    assert found.select("workspace", "caption").rows() == [
        ("acme", "Allowances of p"),
        ("acme", "Minimum spend of p"),
        ("zenith", "Allowances of p"),
        ("zenith", "Minimum spend of p"),
    ]
    run(*words, "--adjustments", "lines.csv")
    for at in (1, 2):
        assert read_bill(Path(f"nov/DN_26_000{at}.json")).taxable == Decimal("5000.00")
    again = ["allowances", "with/rated", "again.csv", "--plans", "plan.json", "--month"]
    assert "begins on 2026-12-01" in sentence(*again, "2026-11", "--state", "state")
    run(*again, "2026-11")
    assert Path("again.csv").read_bytes() == Path("lines.csv").read_bytes()
    # Who made no call owes the minimum, once somebody has said whose plan it is.
    run(*again, "2026-12", "--state", "state")
    assert pl.read_csv("again.csv").is_empty()
    Workspace(id="acme", billing_plan="p").save("acme.json")
    run(*again, "2026-12", "--state", "state", "--workspaces", "acme.json")
    assert Path("again.csv").read_text("utf-8").splitlines()[1:] == ["acme,Minimum spend of p,5000.00"]


def test_another_document_among_bills_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "growth.json").write_text('{"id": "growth"}')
    with pytest.raises(RecordError, match=r"is no bill, for it has no '.*': name a bill, and keep other"):
        read_bill(tmp_path / "growth.json")
