"""Real files with a licence, where they lie beside the repository: every one loads with its counts."""

import csv
from pathlib import Path
from typing import Any

import pytest

from dialnexa_routing.sheets import RateSheet
from dialnexa_routing.text.errors import SheetError
from published import SHARED, USD, prefixes

pytestmark = pytest.mark.skipif(
    not SHARED.exists(), reason="the shared samples are not beside the repository"
)
OPTIONS: dict[str, Any] = {**USD, "timezone": "UTC"}


@pytest.mark.parametrize(
    ("name", "form", "counts"),
    [
        ("plivo/pricingGetResponse.json", "plivo", (5, 0, 0)),
        ("twilio/v1_voice_country_us.json", "twilio", (1, 0, 0)),
        ("twilio/v2_voice_country_us.json", "twilio", (9, 0, 0)),
        ("twilio/v2_trunking_country_us.json", "twilio", (9, 0, 0)),
        ("twilio/v2_voice_number.json", "twilio", (1, 0, 0)),
        ("twilio/v2_voice_country_gb.json", "twilio", (629, 0, 0)),
        ("wholesale/acme_rate_notice.csv", "wholesale", (16, 0, 1)),
        ("wholesale/acme_rate_notice_tcxc.csv", "tcxc", (25, 0, 0)),
    ],
)
def test_providers_files(name: str, form: str, counts: tuple[int, int, int]) -> None:
    found = RateSheet.read(SHARED / name, **OPTIONS)
    assert found.format == form
    assert (found.counts.loaded, found.counts.refused, found.counts.noise) == counts


def test_the_acme_notice_is_what_its_own_normalised_output_says() -> None:
    found = RateSheet.read(SHARED / "wholesale" / "acme_rate_notice.csv", **OPTIONS)
    rows = {row["prefix"]: row for row in found.rows.iter_rows(named=True)}
    with (SHARED / "wholesale" / "acme_rate_notice_tcxc.csv").open() as lines:
        expected = list(csv.DictReader(lines))
    assert len(expected) == 25
    for line in expected:
        prefix = line["Prefix"]
        # Ten codes 447400 to 447409 are one here.
        row = rows[prefix] if prefix in rows else rows[prefix[:-1]]
        assert row["original_rate"] == line["Price 1"]
        assert (str(row["initial_increment_s"]), str(row["next_increment_s"])) == (
            line["Interval 1"],
            line["Interval N"],
        )
        closed = line["Discontinued"] == "1"
        when = row["valid_to" if closed else "valid_from"]
        stated = line["Effective from"]
        if stated == "ASAP":
            assert when is not None, "the notice states a date that had passed when its output was made"
        else:
            assert f"{when:%Y-%m-%d %H:%M:%S}" == stated
    stated = (line["Prefix"] for line in expected)
    covered = {prefix[:-1] if prefix.startswith("44740") else prefix for prefix in stated}
    assert set(rows) == covered


def lines_of(folder: Path) -> int:
    return sum(
        1
        for path in folder.glob("*.txt")
        for line in path.read_text(encoding="utf-8").split("\n")
        if line.strip() and not line.strip().startswith("#")
    )


@pytest.mark.parametrize("folder", ["carrier_en", "geocoding_en"])
def test_libphonenumbers_tables_are_sheets_without_prices(folder: str) -> None:
    paths = sorted((SHARED / "libphonenumber" / folder).glob("*.txt"))
    loaded = refused = 0
    for path in paths:
        found = RateSheet.read(path)
        assert found.format == "libphonenumber"
        loaded, refused = loaded + found.counts.loaded, refused + found.counts.refused
    assert refused == 0
    assert loaded == lines_of(SHARED / "libphonenumber" / folder)


@pytest.mark.parametrize(
    ("code", "counts"),
    [
        ("33", (3917, 0, 0)),
        ("44", (3193, 0, 1)),
        ("49", (5485, 0, 5)),
        ("62", (411, 2, 80)),
        ("65", (1040, 0, 0)),
        ("91", (31971, 1, 4)),
        ("971", (57, 0, 0)),
    ],
)
def test_numbering_plans_expand_their_patterns(code: str, counts: tuple[int, int, int]) -> None:
    path = SHARED / "libphonenumber" / "metadata" / code / "ranges.csv"
    found = RateSheet.read(path, calling_code=code, on_conflict="first")
    assert found.format == "numbering_plan"
    assert (found.counts.loaded, found.counts.refused, found.counts.noise) == counts
    assert all(prefix.startswith(code) for prefix in prefixes(found))


@pytest.mark.parametrize("code", ["33", "44", "49", "62", "65", "91", "971"])
@pytest.mark.parametrize("name", ["formats.csv", "operators.csv"])
def test_what_is_no_sheet_is_refused_in_one_sentence(code: str, name: str) -> None:
    with pytest.raises(SheetError, match="pass columns=") as caught:
        RateSheet.read(SHARED / "libphonenumber" / "metadata" / code / name)
    assert "\n" not in str(caught.value)


def test_a_list_of_calling_codes_without_names_is_refused_whole() -> None:
    with pytest.raises(SheetError, match=r"215 of 215 prices of metadata\.csv were refused"):
        RateSheet.read(SHARED / "libphonenumber" / "metadata" / "metadata.csv")


def test_no_shared_file_is_forgotten() -> None:
    told = {"plivo": 1, "twilio": 5, "wholesale": 2, "libphonenumber/metadata": 22}
    for folder, count in told.items():
        files = [path for path in (SHARED / folder).rglob("*") if path.suffix in (".csv", ".json", ".txt")]
        assert len(files) == count, folder
