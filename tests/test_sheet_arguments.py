"""Nothing that is given is ignored: an argument that a sheet has no use for is refused with its name."""

from __future__ import annotations

from typing import Any

import pytest

from dialnexa_routing.deck.canonical_columns import SHEET
from dialnexa_routing.sheets import RateSheet
from dialnexa_routing.text.errors import SheetError
from published import SAMPLES, USD, sheet

PLAIN = "Code,Destination,Rate\n91,India,1\n"
ORIGINS = "Code,Destination,Rate,Origin\n91,India,1,44\n"


@pytest.mark.parametrize(
    ("text", "options"),
    [
        (PLAIN, {"profile": "a:call:b"}),
        (PLAIN, {"number_type": "mobile"}),
        (PLAIN, {"ambiguous_groups": "dearest"}),
        (PLAIN, {"local_origin": "91"}),
        (ORIGINS, {"local_origin": "91"}),
        (PLAIN, {"jurisdiction": "interstate"}),
        ("Code,Destination\n91,India\n", {"unit": "cent", "currency": None}),
        ("Code,Destination\n91,India\n", {"jurisdiction": "dearest", "currency": None}),
    ],
)
def test_what_the_format_does_not_know_is_refused(text: str, options: dict[str, Any]) -> None:
    assert sheet(text, currency=options.get("currency", "INR")).rows.height == 1
    (name,) = options.keys() - {"currency"}
    with pytest.raises(SheetError, match=f"{name}='.*leave|leave out .*{name}="):
        sheet(text, **options)


def test_what_is_asked_for_is_used() -> None:
    free = ORIGINS.replace(",44", ",local")
    assert sheet(free, local_origin="91").rows["origin"].to_list() == ["91"]
    assert sheet(PLAIN, unit="paise").rows["original_rate"].to_list() == ["1"]


def test_a_type_of_number_is_of_payloads_only() -> None:
    text = "ISO,Country,Description,Price / min,Destination Prefixes\nIN,India,India,0.04,91\n"
    assert sheet(text, **USD).format == "twilio"
    with pytest.raises(SheetError, match="number_type='mobile' is of payloads"):
        sheet(text, number_type="mobile", **USD)


def test_rupees_already_have_no_hundredths() -> None:
    whole = RateSheet.read(SAMPLES / "cgrates", currency="INR").rows.select(list(SHEET))
    assert RateSheet.read(whole).rows.height == whole.height
    with pytest.raises(SheetError, match="rupees already"):
        RateSheet.read(whole, unit="cent")
