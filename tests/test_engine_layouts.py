"""Tables of engines and portals as they come: what is read, left out with a count, or asked about."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from dialnexa_routing.sheets.header_keys import key
from dialnexa_routing.text.errors import SheetError
from published import reasons, sheet

LCR = (
    "digits,rate,intrastate_rate,carrier_id,lead_strip,trail_strip,prefix,suffix,lcr_profile,date_start,date_end,"
    "quality,reliability,enabled\n"
    "91,0.05,{},7,0,0,{},,0,1970-01-01,2099-12-31,0.9,1.0,{}\n"
)
OPTIONS: dict[str, Any] = {"timezone": "UTC"}


def test_freeswitch_knows_a_prefix_that_is_dialled_in_front() -> None:
    found = sheet(LCR.format("", "00", "1"), leave_out="intrastate_rate", **OPTIONS)
    assert found.format == "freeswitch"
    assert found.rows.select("prefix", "network_group", "blocked").row(0) == ("91", "7", False)
    assert "1 rows: how calls are routed is not read" in reasons(found, "warning")
    off = sheet(LCR.format("", "", "0"), leave_out="intrastate_rate", **OPTIONS)
    assert off.rows["blocked"].to_list() == [True]


def test_quirk_47_a_rate_beside_one_for_some_callers_is_asked_about() -> None:
    with pytest.raises(
        SheetError, match=r"has the rates 'rate' and 'intrastate_rate', and which holds depends"
    ):
        sheet(LCR.format("0.06", "", "1"), **OPTIONS)
    dear = sheet(LCR.format("0.06", "", "1"), jurisdiction="dearest", **OPTIONS)
    assert dear.rows["original_rate"].to_list() == ["0.06"]
    cheap = sheet(LCR.format("0.04", "", "1"), jurisdiction="dearest", **OPTIONS)
    assert cheap.rows["original_rate"].to_list() == ["0.05"]
    first = sheet(LCR.format("0.06", "", "1"), leave_out="intrastate_rate", **OPTIONS)
    assert first.rows["original_rate"].to_list() == ["0.05"]


def test_fusionpbx_has_increments_of_its_own_names() -> None:
    text = (
        "carrier_uuid,origin_digits,digits,rate,connect_increment,talk_increment,currency,connect_rate,date_start,"
        "profile,random,enabled,lcr_direction\n"
        "abc,,91,0.05,60,6,INR,{},2026-01-01,,x,{},outbound\n"
    )
    found = sheet(text.format("0.05", "true"), **OPTIONS)
    assert found.format == "fusionpbx"
    row = found.rows.row(0, named=True)
    assert (row["initial_increment_s"], row["next_increment_s"], row["blocked"]) == (60, 6, False)
    assert sheet(text.format("0.05", "false"), **OPTIONS).rows["blocked"].to_list() == [True]
    dear = sheet(text.format("0.1", "true"), **OPTIONS)
    (schedule,) = dear.rows["schedule"]
    assert [tier["rate"] for tier in json.loads(schedule)["bands"][0]["tiers"]] == ["0.1", "0.05"]


def test_jerasoft_has_fees_ends_and_words() -> None:
    text = (
        "Code,Code Name,Country,Rate,Effective Date,End Date,Min Volume,Interval,Setup Fee,Grace Volume,"
        "Status\n"
        "91,India,India,0.5,2026-01-01 00:00:00,2026-12-31 23:59:59,30,6,0.1,3,Active\n"
        "9198,India M,India,0.6,2026-01-01 00:00:00,,30,6,0.1,3,Inactive\n"
    )
    rows = sheet(text, **OPTIONS).rows
    assert rows["blocked"].to_list() == [False, True]
    assert rows.select("connect_fee", "grace_s", "initial_increment_s", "next_increment_s").row(0) == (
        Decimal("0.1"),
        3,
        30,
        6,
    )
    assert str(rows["valid_to"][0])[:19] == "2027-01-01 00:00:00"


def test_ov500_is_asked_about_what_changes_its_prices() -> None:
    text = (
        "dst_prefix,dst_name,setup_charge,rate,minimal_time,resolution_time,grace_period,rate_multiplier\n"
        "91,India,0,0.05,30,6,0,2\n"
    )
    with pytest.raises(SheetError, match="'rate_multiplier' is not read and may hold money"):
        sheet(text)
    rows = sheet(text, leave_out="rate_multiplier").rows
    assert rows.select("prefix", "initial_increment_s", "next_increment_s").row(0) == ("91", 30, 6)


def test_what_has_a_fee_already_is_left_out_or_named() -> None:
    text = "dialprefix;destination;rateinitial;connectcharge;disconnectcharge\n91;India;0.05;0.1;0.2\n"
    with pytest.raises(SheetError, match=r"\('0\.2'\): pass leave_out=\('disconnectcharge',\) if no price"):
        sheet(text)


@pytest.mark.parametrize(
    ("header", "found"),
    [("NextInterval", "next_interval"), ("DialCode", "dialcode"), ("NPANXX", "npanxx"), ("eMail", "email")],
)
def test_capitals_part_words_where_that_gives_a_known_name(header: str, found: str) -> None:
    assert key(header) == found
    text = "Prefix;Description;Price;FirstInterval;NextInterval\n91;India;0.05;60;1\n"
    assert sheet(text).rows.select("initial_increment_s", "next_increment_s").row(0) == (60, 1)


def test_quirk_40_an_old_price_is_history() -> None:
    found = sheet("Code,Destination,Rate,Old price\n91,India,2,1\n")
    assert found.rows["original_rate"].to_list() == ["2"]
    assert "'Rate' is read in its place" in reasons(found, "note")
    dated = sheet("Code,Destination,Rate,Old price,Effective\n91,India,2,1,2027-01-01\n", **OPTIONS)
    assert sorted(dated.rows["original_rate"]) == ["1", "2"]


def test_didww_tells_of_increments_that_a_next_price_has() -> None:
    text = (
        "Category,Country,Network,Prefix,Rate,Connection fee,Initial increment,Recurring increment,Next rate,"
        "Next connection fee,Next initial increment,Next recurring increment,Effective at\n"
        "International,India,India,91,0.05,0,60,6,0.06,,30,30,2027-01-01\n"
    )
    found = sheet(text, currency=None, inr_per_unit="84", inr_on="2026-01-05", **OPTIONS)
    assert found.format == "didww"
    assert reasons(found, "warning").count("1 rows: increments of the next price are not read") == 2
