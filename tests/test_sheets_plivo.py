"""Plivo Account Pricing JSON in the three generations that are about."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dialnexa_routing.sheets import RateSheet
from dialnexa_routing.text.errors import SheetError

SAMPLES = Path(__file__).parent / "samples"
USD = {"currency": "USD", "inr_per_unit": "84.2150", "inr_on": "2026-01-05"}


def read(path: Any, **options: Any) -> RateSheet:
    return RateSheet.read(path, **{**USD, **options})


def payload(rates: Any, inbound: Any = None) -> dict[str, Any]:
    voice = {"inbound": inbound, "outbound": {"rates": rates}}
    return {"country": "Testland", "country_iso": "TL", "voice": voice}


def saved(tmp_path: Path, document: Any) -> Path:
    path = tmp_path / "sheet.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return path


def test_the_first_generation_has_prefix_and_rate_only(tmp_path: Path) -> None:
    rates = [{"prefix": ["1"], "rate": "0.01200"}, {"prefix": ["1808", "1907"], "rate": "0.03400"}]
    sheet = read(saved(tmp_path, payload(rates, {"ip": {"rate": "0.00300"}, "local": {"rate": "0.00850"}})))
    assert sheet.format == "plivo"
    assert sheet.recognised_by == "it is JSON with voice.outbound, as Plivo Account Pricing"
    assert sheet.provider == "plivo"
    row = sheet.rows.row(0, named=True)
    assert (row["network_group"], row["prefix"], row["origin"]) == ("Testland - 1", "1", None)
    assert (row["outbound_rate"], row["inbound_rate"]) == (Decimal("1.01058"), Decimal("0.7158275"))
    assert (row["original_rate"], row["currency"], row["source_row"]) == ("0.01200", "USD", 1)
    assert sheet.rows["network_group"].to_list()[1:] == ["Testland - 1808"] * 2
    assert "ip 0.00300" in sheet.faults["reason"][0]


def test_one_rate_alone_is_named_after_the_country(tmp_path: Path) -> None:
    rates = [{"prefix": ["1"], "rate": "0.01200"}, {"prefix": ["1808"], "rate": "0.01200"}]
    assert set(read(saved(tmp_path, payload(rates))).rows["network_group"]) == {"Testland"}


def test_quirk_24_the_second_generation_has_origins() -> None:
    sheet = read(SAMPLES / "plivo_origins_IN.json", origin="91")
    assert sheet.rows.select("prefix", "origin", "network_group").rows() == [
        ("91", None, "India - 91"),
        ("91", "91", "India - 91 from 91"),
        ("91140", "91", "India - 91140 from 91"),
        ("91160", "91", "India - 91140 from 91"),
    ]
    assert sheet.origin == "91"


def test_R19_a_sheet_is_compiled_for_its_own_origin() -> None:
    pytest.importorskip("dialnexa_routing.deck.rate_deck", reason="the compiled module is not built")
    path = SAMPLES / "plivo_origins_IN.json"
    groups = []
    for origin in (None, "91"):
        match = read(path, origin=origin).compile().match("+919812345678")
        groups.append(match and match.network_group)
    assert groups == ["India - 91", "India - 91 from 91"]


def test_quirk_39_the_third_generation_names_groups_and_units() -> None:
    sheet = read(SAMPLES / "plivo_groups_GB.json")
    home, premium = sheet.rows.row(0, named=True), sheet.rows.row(1, named=True)
    assert (home["outbound_rate"], home["rate_unit_s"]) == (Decimal("1.17901"), 60)
    assert home["inbound_rate"] == premium["inbound_rate"] == Decimal("0.50529")
    assert sheet.rows.filter(network_group="United Kingdom - Premium").height == 4
    assert (sheet.counts.read, sheet.counts.loaded, sheet.counts.refused) == (8, 6, 2)


def test_quirk_28_a_rate_of_zero_is_blocked_and_told() -> None:
    sheet = read(SAMPLES / "plivo_groups_GB.json")
    row = sheet.rows.filter(prefix="4470").row(0, named=True)
    assert (row["blocked"], row["outbound_rate"], row["original_rate"]) == (True, None, "0.00000")
    assert "not offered" in sheet.faults.filter(row=3)["reason"][0]


def test_quirk_28_65_a_country_without_rates_is_listed() -> None:
    sheet = read(SAMPLES / "plivo_nothing_CW.json")
    assert sheet.counts.read == 0
    assert "CW has no outbound rates" in sheet.faults["reason"][0]


def test_R37_the_currency_must_be_given() -> None:
    with pytest.raises(SheetError, match=r"states no currency .* pass currency="):
        RateSheet.read(SAMPLES / "plivo_origins_IN.json")


def test_number_type_chooses_the_inbound_rate() -> None:
    sheet = read(SAMPLES / "plivo_origins_IN.json", number_type="ip")
    assert sheet.rows["inbound_rate"][0] == Decimal("0.252645")
    missing = read(SAMPLES / "plivo_origins_IN.json", number_type="mobile")
    assert missing.rows["inbound_rate"].null_count() == 4
    assert "number_type='mobile'; it has ip 0.00300, local 0.00600" in missing.faults["reason"][0]


def test_a_folder_and_a_list_are_one_sheet(tmp_path: Path) -> None:
    for name in ("plivo_origins_IN.json", "plivo_groups_GB.json"):
        (tmp_path / name).write_bytes((SAMPLES / name).read_bytes())
    folder = read(tmp_path)
    listed = read(sorted(tmp_path.iterdir()))
    assert folder.rows.equals(listed.rows)
    assert folder.files == ("plivo_groups_GB.json", "plivo_origins_IN.json")
    assert folder.counts.loaded == 10


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ('{"voice": {"outbound": ', "breaks off as JSON in line 1, column"),
        ("[" * 100_000, "nested too deeply"),
        ('{"voice": {"outbound": {"rates": [{"rate": NaN}]}}}', "holds NaN"),
        ('{"voice": 1, "voice": 2}', "'voice' stands twice"),
        ({"error": "not found", "api_id": "x"}, "no known format .it has api_id, error"),
        ([], "no known format"),
        (payload({"0.01": ["1"]}), "rates is dict, not a list"),
        (payload(["x"]), r"rates\[0\] is str, not an object"),
        ({"voice": {"outbound": []}}, "voice.outbound is list"),
    ],
)
def test_broken_json_is_an_error_with_its_place(tmp_path: Path, document: Any, message: str) -> None:
    with pytest.raises(SheetError, match=message) as caught:
        read(saved(tmp_path, document))
    assert "sheet.json" in str(caught.value)


def test_odd_cells_are_refused_not_raised(tmp_path: Path) -> None:
    rates = [
        {"prefix": [], "rate": "1"},
        {"prefix": None, "rate": "1"},
        {"prefix": ["5917\n59163"], "rate": 0.5},
        {"prefix": [{"a": 1}, True, 44], "rate": "1"},
        {"prefix": "33", "rate": None},
        {"prefix": ["7"], "rate": "1", "voice_unit": 0},
    ]
    sheet = read(saved(tmp_path, payload(rates)))
    assert sheet.rows["prefix"].to_list() == ["5917", "59163", "44", "33"]
    assert sheet.rows["original_rate"].to_list()[:2] == ["0.5", "0.5"]
    assert sheet.rows["blocked"].to_list() == [False, False, False, True]


def test_quirk_39_an_inbound_rate_that_is_not_exact_per_unit_is_left_out(tmp_path: Path) -> None:
    rates = [{"prefix": ["1"], "rate": "0.01", "voice_unit": 7}]
    sheet = read(saved(tmp_path, payload(rates, {"local": {"rate": "0.01"}})))
    assert sheet.rows["inbound_rate"].to_list() == [None]
    assert "not exact per 7 s" in sheet.faults["reason"][0]


def test_the_fixture_of_the_public_sdk_when_it_is_there() -> None:
    fixture = Path(__file__).parents[2] / "shared" / "samples" / "plivo" / "pricingGetResponse.json"
    if not fixture.exists():
        pytest.skip("the public SDK's fixture is not beside the repository")
    sheet = read(fixture)
    assert (sheet.counts.loaded, sheet.counts.refused) == (5, 0)
