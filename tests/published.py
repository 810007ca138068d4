"""Reads a sheet written in a test, as if a provider had published it."""

from __future__ import annotations

import io
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter

from dialnexa_routing.sheets import RateSheet

if TYPE_CHECKING:
    from collections.abc import Sequence

SAMPLES = Path(__file__).parent / "samples"
SHARED = Path(__file__).parents[2] / "shared" / "samples"
USD: dict[str, Any] = {"currency": "USD", "inr_per_unit": "80", "inr_on": "2026-01-05"}


def sheet(data: str | bytes | dict[str, Any], name: str = "deck.csv", **options: Any) -> RateSheet:
    """The sheet in `data`, in rupees unless `options` say otherwise; its counts must add up."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        if isinstance(data, dict):
            path = path.with_suffix(".json")
            data = json.dumps(data)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        found = RateSheet.read(path, **{"currency": "INR", "max_refused": 1, **options})
    assert found.counts.loaded == found.rows.height
    refused = found.faults.filter(severity="error").height
    assert (found.counts.refused == 0) == (refused == 0)
    return found


def codes(column: str, *cells: str, **options: Any) -> RateSheet:
    """A deck with these cells in its column of codes."""
    lines = [f'"{cell}",Somewhere,0.5' for cell in cells]
    return sheet("\n".join([f"{column},Destination,Rate", *lines]), **options)


def prefixes(found: RateSheet) -> list[str]:
    return found.rows["prefix"].to_list()


def reasons(found: RateSheet, severity: str | None = None) -> str:
    faults = found.faults if severity is None else found.faults.filter(severity=severity)
    return " / ".join(faults["reason"])


def workbook(**sheets: Sequence[Sequence[Any]]) -> bytes:
    """A workbook with these rows on sheets of these names."""
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    for name, rows in sheets.items():
        page = book.add_worksheet(name)
        for at, row in enumerate(rows):
            for place, cell in enumerate(row):
                if cell is not None:
                    page.write(at, place, cell)
    book.close()
    return held.getvalue()
