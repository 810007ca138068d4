"""Text money equals `Decimal` arithmetic to the last nano-rupee, and nothing is lost on the way."""

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialnexa_routing.sheets import RateSheet
from dialnexa_routing.text.errors import MoneyError, SheetError

NANO = Decimal("1e-9")


def read(rates: list[Any], column: str = "outbound_rate", **cells: Any) -> RateSheet:
    options = {key: cells.pop(key) for key in ("currency", "inr_per_unit", "inr_on") if key in cells}
    frame = pl.DataFrame(
        {"prefix": [str(100 + i) for i in range(len(rates))], "country": "X", column: rates, **cells},
        schema_overrides={column: pl.String},
    )
    return RateSheet.read(frame, max_refused=1, **options)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("-0.5", "negative"),
        ("−0.5", "negative"),
        ("1,23.4,5", "marks of decimals"),
        ("٠.٥", "not an amount"),
        ("1000000000", "a billion rupees or more"),
        ("nan", "not an amount"),
        ("+0.5", "not an amount"),
        ("1e999", "not an amount"),
    ],
)
def test_quirks_31_35_36_amounts_that_are_refused(cell: str, words: str) -> None:
    sheet = read([cell])
    assert sheet.counts.refused == 1
    assert words in sheet.faults["reason"][0]


def test_R49_more_than_nine_decimals_are_rounded_half_up_once_and_told() -> None:
    sheet = read(["0.0000000005", "0.00000000049", "0.1234567890"])
    assert sheet.rows["outbound_rate"].to_list() == [NANO, Decimal(0), Decimal("0.123456789")]
    assert sheet.faults["row"].to_list() == [1, 2]
    assert set(sheet.faults["severity"]) == {"note"}


def test_R49_conversion_needs_rate_and_date_by_name() -> None:
    with pytest.raises(SheetError, match="inr_per_unit="):
        read(["1"], currency="USD")
    with pytest.raises(SheetError, match="inr_on="):
        read(["1"], currency="USD", inr_per_unit="84")
    with pytest.raises(SheetError, match="inr_per_unit="):
        RateSheet.read(pl.DataFrame({"prefix": "1", "country": "X", "outbound_rate": "1", "currency": "usd"}))
    for wrong in ("0", "-1", "NaN", "eighty", True):
        with pytest.raises(MoneyError, match="inr_per_unit="):
            read(["1"], currency="USD", inr_per_unit=wrong, inr_on="2026-01-05")


def test_R49_conversion_keeps_the_original_and_counts_roundings() -> None:
    sheet = read(
        ["0.012", "0.0123456"], currency="usd", inr_per_unit=Decimal("84.215"), inr_on=date(2026, 1, 5)
    )
    assert [str(rate) for rate in sheet.rows["outbound_rate"]] == ["1.010580000", "1.039684704"]
    assert sheet.rows["original_rate"].to_list() == ["0.012", "0.0123456"]
    assert sheet.rows["currency"].unique().to_list() == ["USD"]
    assert sheet.faults.height == 0
    assert sheet.conversion is not None
    assert sheet.conversion.inr_on == date(2026, 1, 5)
    rounded = read(["0.0123456"], currency="USD", inr_per_unit="84.2151", inr_on="2026-01-05")
    assert "1 amounts were rounded" in rounded.faults["reason"][0]
    assert rounded.faults["row"].to_list() == [None]


def test_quirk_36_37_currencies() -> None:
    two = pl.DataFrame(
        {"prefix": ["1", "2"], "country": "X", "outbound_rate": "1", "currency": ["USD", "EUR"]}
    )
    with pytest.raises(SheetError, match="mixes EUR and USD"):
        RateSheet.read(two, inr_per_unit="84", inr_on="2026-01-05")
    mixed = two.with_columns(currency=pl.Series(["USD", "INR"]))
    rates = RateSheet.read(mixed, inr_per_unit="84", inr_on="2026-01-05").rows["outbound_rate"]
    assert rates.to_list() == [Decimal(84), Decimal(1)]
    with pytest.raises(SheetError, match="states no currency for 'Price / min'"):
        RateSheet.read(pl.DataFrame({"prefix": "1", "country": "X", "Price / min": "1"}))


@pytest.mark.parametrize(
    ("rate", "unit", "stored"),
    [
        ("0.38", "30", ("0.760000000", 60)),
        ("0.38", "60", ("0.380000000", 60)),
        ("0.01", "1", ("0.600000000", 60)),
        ("36", "3600", ("0.600000000", 60)),
        ("0.1", "45", ("0.100000000", 45)),
        ("0.09", "45", ("0.120000000", 60)),
        ("", "45", (None, 60)),
    ],
)
def test_R48_quirk_39_rates_keep_their_exact_ratio(rate: str, unit: str, stored: tuple[str, int]) -> None:
    sheet = read([rate], rate_unit_s=unit, blocked="no")
    found = sheet.rows["outbound_rate"][0]
    assert (None if found is None else str(found), sheet.rows["rate_unit_s"][0]) == stored


def test_R48_both_rates_of_a_row_keep_one_unit() -> None:
    rows = read(["0.1"], rate_unit_s="45", inbound_rate="0.09").rows
    assert rows.select("inbound_rate", "outbound_rate", "rate_unit_s").row(0) == (
        Decimal("0.09"),
        Decimal("0.1"),
        45,
    )


AMOUNTS = st.from_regex(r"(0|[1-9][0-9]{0,7})(\.[0-9]{1,14})?", fullmatch=True)


@settings(max_examples=60, deadline=None)
@given(
    rates=st.lists(AMOUNTS, min_size=1, max_size=20),
    unit=st.sampled_from([1, 30, 60, 45, 7, 120]),
    per_unit=st.decimals("0.0001", "999", places=4),
    foreign=st.booleans(),
)
def test_R48_R49_text_money_is_decimal_arithmetic(
    rates: list[str], unit: int, per_unit: Decimal, foreign: bool
) -> None:
    options: dict[str, Any] = {"currency": "USD", "inr_per_unit": per_unit, "inr_on": "2026-01-05"}
    sheet = read(rates, rate_unit_s=str(unit), **(options if foreign else {}))
    refused = set(sheet.faults.filter(severity="error")["row"])
    rows = {row["source_row"]: row for row in sheet.rows.iter_rows(named=True)}
    with localcontext(prec=80):
        for number, text in enumerate(rates, start=1):
            exact = Decimal(text) * (per_unit if foreign else 1)
            minute = exact * 60 / unit
            if number in refused:
                assert max(exact, minute) >= Decimal(10) ** 9 - 1
                continue
            row = rows[number]
            scaled = exact * 60 * 10**9
            if row["rate_unit_s"] == 60:
                assert 60 % unit == 0 or scaled % unit == 0
                assert row["outbound_rate"] == minute.quantize(NANO, ROUND_HALF_UP)
            else:
                assert row["rate_unit_s"] == unit
                assert row["outbound_rate"] == exact.quantize(NANO, ROUND_HALF_UP)


CELLS = st.fixed_dictionaries(
    {
        "prefix": st.sampled_from(["91", "91,92", "+93", "", "0", "9x", "94 95", "96,,97", None, "total"]),
        "origin": st.sampled_from([None, "", "ALL", "44", "44,1", "x,1"]),
        "network_group": st.sampled_from(["A", "B", ""]),
        "outbound_rate": st.sampled_from(["0.5", "NA", "", None, "-1", "1.00000000005"]),
        "valid_from": st.sampled_from([None, "2026-01-01T00:00:00Z", "2026-01-01", "soon"]),
    }
)


@settings(max_examples=120, deadline=None)
@given(rows=st.lists(CELLS, max_size=12), policy=st.sampled_from(["first", "last"]))
def test_counts_always_add_up(rows: list[dict[str, str | None]], policy: Any) -> None:
    names = ["prefix", "origin", "network_group", "outbound_rate", "valid_from"]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    sheet = RateSheet.read(frame, on_conflict=policy, max_refused=1)
    assert sheet.counts.loaded == sheet.rows.height
    assert sheet.counts.read == sheet.counts.loaded + sheet.counts.refused + sheet.counts.noise
    assert (sheet.counts.refused == 0) == (sheet.faults.filter(severity="error").height == 0)
    keys = sheet.rows.select("prefix", "origin", "valid_from")
    assert keys.is_unique().all()
    again = RateSheet.read(sheet.rows)
    assert again.rows.equals(sheet.rows)
    assert again.counts.loaded == again.counts.read


def exotic() -> RateSheet:
    frame = pl.DataFrame(
        {
            "prefix": ["91", "92,93", "94", "95", "96"],
            "network_group": ["=1+1", "@it", "'quoted", '-"dash"', "'=x\ny, z;"],
            "country": ["+plus", "Côte d'Ivoire", None, "भारत", "\tx"],
            "outbound_rate": ["0.5", "NA", "1.5", "0.1", "7"],
            "rate_unit_s": ["60", None, "30", "45", "60"],
            "currency": ["USD", "USD", "INR", "USD", None],
            "valid_from": ["2026-01-01T00:00:00.123456Z", None, None, None, None],
            "increments": ["60/1", None, "30", None, None],
            "connect_fee": ["0.1", None, None, None, None],
        }
    )
    return RateSheet.read(frame, provider="acme", inr_per_unit="84.2151", inr_on="2026-01-05")


@pytest.mark.parametrize("name", ["sheet.csv", "sheet.parquet", "sheet.arrow"])
def test_what_is_written_reads_back_equal(tmp_path: Path, name: str) -> None:
    sheet = exotic()
    assert sheet.counts.loaded == 6
    sheet.write(tmp_path / name)
    again = RateSheet.read(tmp_path / name)
    assert again.rows.equals(sheet.rows)
    assert again.provider == "acme"
    assert again.counts.refused == again.counts.noise == 0
    assert sheet.rows["valid_from"][0] == datetime(2026, 1, 1, 0, 0, 0, 123456, tzinfo=UTC)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_written_csv_holds_no_formula(tmp_path: Path) -> None:
    exotic().write(tmp_path / "sheet.csv")
    text = (tmp_path / "sheet.csv").read_text()
    assert ",'=1+1," in text
    assert ",''=x" in text.replace('"', "")
    assert not any(part[:1] in "=+@" for line in text.splitlines() for part in line.split(",") if part)


def test_a_converted_sheet_is_not_converted_twice(tmp_path: Path) -> None:
    exotic().write(tmp_path / "sheet.csv")
    with pytest.raises(SheetError, match="its rates are rupees already"):
        RateSheet.read(tmp_path / "sheet.csv", currency="USD", inr_per_unit="84", inr_on="2026-01-05")
    unclear = exotic().rows.with_columns(original_rate=pl.lit(None, pl.String))
    with pytest.raises(SheetError, match="row 1: a foreign currency without original_rate"):
        RateSheet.read(unclear)
    cut = pl.read_csv(tmp_path / "sheet.csv", infer_schema=False).drop("max_charge")
    with pytest.raises(SheetError, match="its rates may be rupees already"):
        RateSheet.read(cut, inr_per_unit="84", inr_on="2026-01-05")


def test_write_refuses_other_suffixes_and_places(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match=r"suffix '\.xlsx'"):
        exotic().write(tmp_path / "sheet.xlsx")
    with pytest.raises(SheetError, match="cannot be written"):
        exotic().write(tmp_path / "nowhere" / "sheet.csv")


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(place=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_a_damaged_file_is_an_error_of_ours_or_adds_up(tmp_path: Path, place: int, byte: int) -> None:
    """Text; of damaged Parquet Polars may make its process abort, which is looked at in `test_sandbox`."""
    path = tmp_path / "sheet.csv"
    exotic().write(path)
    data = bytearray(path.read_bytes())
    data[place % len(data)] = byte
    path.write_bytes(data)
    try:
        counts = RateSheet.read(path).counts
    except (SheetError, MoneyError):
        return
    assert counts.read == counts.loaded + counts.refused + counts.noise


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(place=st.integers(0, 10_000))
def test_parquet_that_breaks_off_is_an_error_of_ours(tmp_path: Path, place: int) -> None:
    path = tmp_path / "sheet.parquet"
    exotic().write(path)
    data = path.read_bytes()
    path.write_bytes(data[: place % len(data)])
    with pytest.raises(SheetError, match=r"sheet\.parquet"):
        RateSheet.read(path)
