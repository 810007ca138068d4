"""invoice on what rate wrote: the same paise from each kind of file, tax apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from command import WRITERS, document, folder, run, sentence

__all__ = ["folder"]
pytestmark = pytest.mark.usefixtures("folder")


@pytest.mark.parametrize("kind", WRITERS)
def test_r52_an_invoice_adds_up_what_was_rated(kind: str) -> None:
    run("rate", "calls.parquet", f"rated{kind}", "--deck", "a.deck")
    (one,) = document("invoice", f"rated{kind}", "--gst", "18", code=1)["invoices"]
    assert (one["net"], one["gross"], one["calls"], one["billed_seconds"]) == ("5.70", "6.72", 4, 504)
    assert [(line["name"], line["amount"]) for line in one["tax"]] == [("CGST", "0.51"), ("SGST", "0.51")]
    assert {row["reason"]: row["calls"] for row in one["not_rated"]}["blocked"] == 1
    assert one["first_day"] == "2026-09-29"


def test_an_invoice_is_read_by_people() -> None:
    run("rate", "calls.parquet", "rated.parquet", "--deck", "a.deck")
    text = run("invoice", "rated.parquet", "--gst", "18", "--inter-state", "--html", "a.html", code=1).stdout
    assert "Total: ₹5.70" in text
    assert "IGST 18 %: ₹1.03" in text
    assert "India - Mobile" in Path("a.html").read_text("utf-8")


def test_what_cannot_be_an_invoice_is_told_in_a_sentence() -> None:
    run("rate", "calls.parquet", "rated.parquet", "--deck", "a.deck")
    assert "a rate of tax is 'x'" in sentence("invoice", "rated.parquet", "--gst", "x")
    assert "no column 'shop'" in sentence("invoice", "rated.parquet", "--workspace", "shop")
    assert "no workspace 'b'" in sentence("invoice", "rated.parquet", "--only", "b")
