"""The files of data/ are what their scripts make, and have the shape they claim."""

from __future__ import annotations

import csv
import importlib
import re
import subprocess
import sys
from collections import defaultdict
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from polars.testing import assert_frame_equal

if TYPE_CHECKING:
    from types import ModuleType

DATA = Path(__file__).parents[1] / "data"
SOURCES = (DATA / "SOURCES.md").read_text(encoding="utf-8")

Row = dict[str, str]


def fault(package: str) -> str | None:
    """Why the files cannot be made again with this package here, if they cannot."""
    recorded = re.search(rf"{package} ([0-9.]+[0-9])", SOURCES)
    assert recorded, f"SOURCES.md must say which {package} made the files"
    try:
        installed = version(package)
    except PackageNotFoundError:
        return f"{package} is not installed"
    return None if installed == recorded[1] else f"made by {package} {recorded[1]}, here is {installed}"


FAULT = fault("phonenumbers") or fault("tzdata")
needs_phonenumbers = pytest.mark.skipif(
    fault("phonenumbers") == "phonenumbers is not installed", reason=str(FAULT)
)
needs_same_version = pytest.mark.skipif(FAULT is not None, reason=str(FAULT))


def script(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A module of data/, found as it is when its script is run."""
    monkeypatch.syspath_prepend(str(DATA))
    return importlib.import_module(name)


@pytest.fixture(scope="module")
def sheet() -> list[Row]:
    with (DATA / "world.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@needs_same_version
@pytest.mark.parametrize(("name", "made"), [("make_sheet", "world.csv"), ("make_countries", "countries.csv")])
def test_script_makes_the_shipped_bytes(name: str, made: str, tmp_path: Path) -> None:
    # A process of its own has another hash seed: nothing may hang on the order of a set.
    subprocess.run([sys.executable, DATA / f"{name}.py", "--out", tmp_path / made], check=True)
    assert (tmp_path / made).read_bytes() == (DATA / made).read_bytes()


def test_files_are_plain_utf8_with_line_feeds() -> None:
    for name in ("world.csv", "countries.csv"):
        content = (DATA / name).read_bytes()
        assert b"\r" not in content
        assert content.endswith(b"\n")
        assert content.decode("utf-8").splitlines()[0].isascii()
    assert (DATA / "world.csv").stat().st_size < 1_500_000


def test_r22_no_prefix_has_two_owners_at_one_time(sheet: list[Row]) -> None:
    owned: defaultdict[tuple[str, str, str], list[tuple[str, str]]] = defaultdict(list)
    for row in sheet:
        # All instants are written with one offset, so they sort as text; blank is before and after all.
        valid = (row["valid_from"], row["valid_to"] or "~")
        for prefix in row["prefix"].split(", "):
            for origin in row["origin"].split(", "):
                owned[prefix, origin, row["exact_match"]].append(valid)
    twice = [key for key, valid in owned.items() if any(b[0] < a[1] for a, b in pairwise(sorted(valid)))]
    assert not twice


@needs_phonenumbers
def test_r22_is_asserted_by_the_script(monkeypatch: pytest.MonkeyPatch) -> None:
    make_sheet, groups = script("make_sheet", monkeypatch), script("network_groups", monkeypatch)
    group = groups.NetworkGroup("IN", 91, "Mobile", "")
    row = make_sheet.Row(group, group.name, ("919", "918"), make_sheet.terms(group))
    touching = [row._replace(valid_to="2026-10-01"), row._replace(valid_from="2026-10-01")]
    make_sheet.check_owners([*touching, row._replace(origins=("91",)), row._replace(exact_match=True)])
    with pytest.raises(ValueError, match=r"918.*India - Mobile"):
        make_sheet.check_owners([row._replace(prefixes=("918",)), *touching])


def test_every_cell_can_be_read(sheet: list[Row]) -> None:
    for row in sheet:
        assert row["provider"] == "illustrative"
        assert (row["currency"], row["rate_unit_s"]) == ("INR", "60")
        assert all(re.fullmatch(r"[1-9][0-9]{0,14}", prefix) for prefix in row["prefix"].split(", "))
        assert all(re.fullmatch(r"([1-9][0-9]*)?", origin) for origin in row["origin"].split(", "))
        assert row["network_group"].isprintable()
        for money in ("inbound_rate", "outbound_rate", "connect_fee", "min_charge", "max_charge"):
            assert re.fullmatch(r"([0-9]+\.[0-9]{4})?", row[money])
        for instant in ("valid_from", "valid_to"):
            assert re.fullmatch(r"(2026-[0-9]{2}-[0-9]{2}T00:00:00\+05:30)?", row[instant])
        assert (row["blocked"] == "true") == (not row["outbound_rate"])
        assert {row["blocked"], row["exact_match"]} <= {"true", "false"}


def test_one_row_per_group_origin_validity_and_exactness(sheet: list[Row]) -> None:
    keys = [
        (r["network_group"], r["origin"], r["valid_from"], r["valid_to"], r["exact_match"]) for r in sheet
    ]
    assert len(set(keys)) == len(keys)


def test_every_country_is_reachable_and_owns_what_is_its_own(sheet: list[Row]) -> None:
    live = [r for r in sheet if not r["origin"] and not r["valid_to"] and r["blocked"] == "false"]
    owners = {prefix: row["country_iso"] for row in live for prefix in row["prefix"].split(", ")}
    with (DATA / "countries.csv").open(encoding="utf-8", newline="") as file:
        countries = list(csv.DictReader(file))
    assert len(countries) == 245
    assert [c["iso"] for c in countries] == sorted({c["iso"] for c in countries})
    for country in countries:
        assert any(
            iso == country["iso"] and p.startswith(country["calling_code"]) for p, iso in owners.items()
        )
    shared = {"1": "US", "1876": "JM", "1204": "CA", "7": "RU", "77": "KZ", "44": "GB", "441534": "JE"}
    assert {prefix: owners[prefix] for prefix in shared} == shared


@needs_same_version
def test_longest_prefix_finds_the_country_that_phonenumbers_finds(sheet: list[Row]) -> None:
    phonenumbers = pytest.importorskip("phonenumbers")
    any_caller = [r for r in sheet if not r["origin"] and r["exact_match"] == "false"]
    owners = {prefix: row["country_iso"] for row in any_caller for prefix in row["prefix"].split(", ")}
    with (DATA / "countries.csv").open(encoding="utf-8", newline="") as file:
        regions = [country["iso"] for country in csv.DictReader(file)]
    kinds = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE)
    examples = [(iso, phonenumbers.example_number_for_type(iso, kind)) for iso in regions for kind in kinds]
    found = 0
    for iso, example in examples:
        if example:
            digits = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)[1:]
            owner = next(owners[digits[:n]] for n in range(len(digits), 0, -1) if digits[:n] in owners)
            # A mobile range that several regions share is its first region's, for phonenumbers too.
            assert owner in (iso, phonenumbers.region_code_for_number(example))
            found += owner == iso
    assert found > 470


def test_names_of_countries_are_those_of_the_sheet(sheet: list[Row]) -> None:
    names = pl.read_csv(DATA / "countries.csv", schema_overrides={"iso": pl.String})
    known = dict(names.select("iso", "name").iter_rows())
    assert known["IN"] == "India"
    assert {r["country"] for r in sheet if r["country_iso"] == "CI"} == {"Côte d'Ivoire"}
    assert all(known[r["country_iso"]] == r["country"] for r in sheet if r["country_iso"])


@needs_phonenumbers
def test_shape_is_that_of_a_commercial_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet_shape = script("sheet_shape", monkeypatch)
    shape = sheet_shape.measure(DATA / "world.csv")
    assert 60_000 <= shape.prefixes <= 70_000
    assert max(shape.lengths, key=lambda length: shape.lengths[length]) == 7
    assert max(shape.lengths) == 13
    assert 0.50 <= shape.redundant <= 0.77
    assert 0.05 <= shape.with_origins / shape.rows <= 0.07
    assert shape.ancestors[5] > 100
    assert shape.blocked > 20
    assert 55 <= shape.with_inbound <= 70
    assert sheet_shape.describe(DATA / "world.csv") in SOURCES


def test_price_of_airtel_changes_without_a_gap(sheet: list[Row]) -> None:
    first, second = (r for r in sheet if r["network_group"] == "India - Mobile - Airtel")
    assert first["valid_to"] == second["valid_from"] == "2026-10-01T00:00:00+05:30"
    assert first["prefix"] == second["prefix"]
    assert first["outbound_rate"] != second["outbound_rate"]


@pytest.mark.parametrize(
    ("pattern", "limit", "expected"),
    [
        (r"(?:11|2[03])[2-7]\d{7}|90", 2, ["11", "20", "23", "90"]),
        (r"876[2-9]\d{6}", 5, ["876"]),
        (r"80[03]?1", 6, ["8001", "801", "8031"]),
        (r"5{2}[0-2]\d", 9, ["550", "551", "552"]),
        (r"9|98", 3, ["9"]),
    ],
)
@needs_phonenumbers
def test_starts_of_a_pattern(
    pattern: str, limit: int, expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert script("number_plan", monkeypatch).starts(pattern, limit) == expected


@needs_phonenumbers
def test_records_have_their_dtypes_and_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    make_records = script("make_records", monkeypatch)
    rows = 100_000
    frame = make_records.records(rows, seed=1)
    assert frame.schema == make_records.SCHEMA
    assert frame["call_id"].to_list() == list(range(1, rows + 1))
    dirty = frame.select(
        to=~pl.col("to").str.contains(r"^\+?[1-9][0-9]{5,14}$").fill_null(False),
        seconds=~(pl.col("seconds") >= 0).fill_null(False),
        answer=pl.col("answered_at").is_null() & (pl.col("seconds") > 0),
        direction=~pl.col("direction").is_in(["outbound", "inbound"]),
    )
    share = {name: dirty[name].fill_null(False).sum() / rows for name in dirty.columns}
    assert 0.02 < sum(share.values()) < 0.03
    assert min(share.values()) > 0.001
    assert 0.10 < frame["answered_at"].is_null().sum() / rows < 0.14
    assert 0.83 < (frame["direction"] == "outbound").sum() / rows < 0.87
    assert 0.66 < frame["to"].str.starts_with("+").sum() / rows < 0.74
    outbound = frame.filter(pl.col("direction") == "outbound")
    assert 0.56 < outbound["to"].str.contains(r"^\+?91").sum() / outbound.height < 0.64
    assert frame["source"].str.contains(r"^\+[1-9][0-9]{9,14}$").all()
    assert frame["workspace"].n_unique() > 200
    months = frame["answered_at"].dt.month().drop_nulls().unique().sort().to_list()
    assert months == [9, 10, 11]


@needs_phonenumbers
def test_every_kind_of_dirt_occurs_and_clean_rows_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    dirty_records = script("dirty_records", monkeypatch)
    kinds = len(dirty_records.KINDS)
    clean = pl.DataFrame(
        {
            "to": ["+919812345678"] * (kinds + 1),
            "seconds": [0] * (kinds + 1),
            "answered_at": pl.Series([None] * (kinds + 1), dtype=pl.Datetime("us", "UTC")),
            "direction": ["outbound"] * (kinds + 1),
        }
    )
    soiled = dirty_records.soiled(clean, pl.Series([*range(kinds), None]))
    assert soiled.row(kinds) == clean.row(kinds)
    assert soiled.rows()[:kinds] == [
        (None, 0, None, "outbound"),
        ("", 0, None, "outbound"),
        ("+91981234CALL", 0, None, "outbound"),
        ("00919812345678", 0, None, "outbound"),
        ("+9198123456787777", 0, None, "outbound"),
        ("+٩١٩٨١٢٣٤٥٦٧٨", 0, None, "outbound"),
        ("+91 9812 345678", 0, None, "outbound"),
        ("+919812345678", -1, None, "outbound"),
        ("+919812345678", None, None, "outbound"),
        ("+919812345678", 1, None, "outbound"),
        ("+919812345678", 0, None, "transfer"),
    ]


@needs_phonenumbers
def test_records_follow_from_seed_and_not_from_batches(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    make_records = script("make_records", monkeypatch)
    frame = make_records.records(5_000, seed=7)
    monkeypatch.setattr(make_records, "_BATCH", 999)
    assert_frame_equal(make_records.records(5_000, seed=7), frame)
    assert not make_records.records(5_000, seed=8).equals(frame)
    assert make_records.records(0, seed=7).schema == make_records.SCHEMA

    paths = tmp_path / "a.parquet", tmp_path / "new" / "b.parquet"
    for path in paths:
        monkeypatch.setattr(sys, "argv", ["", "--rows", "5000", "--seed", "7", "--out", str(path)])
        make_records.main()
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert_frame_equal(pl.read_parquet(paths[0]), frame)
