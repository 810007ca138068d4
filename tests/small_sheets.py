"""Rate sheets of a few rows, compared and looked at in one line, for the tests of reports and diffs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from decks import sheet, utc
from dialnexa_routing import RateSheet
from dialnexa_routing.deck.canonical_columns import FAULTS
from dialnexa_routing.sheets.faults import Counts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dialnexa_routing.sheets.study.diff import SheetDiff
    from dialnexa_routing.sheets.study.sheet_report import SheetReport

Row = dict[str, Any]

NOW = utc(2026, 11, 23)
SOON, PAST = utc(2026, 12, 1), utc(2026, 11, 1)
TEN = range(10)


def sheet_of(
    rows: Sequence[Mapping[str, Any]], *, origin: str | None = None, name: str = "s.csv"
) -> RateSheet:
    """A rate sheet of rows, without a file."""
    counts = Counts(len(rows), len(rows), 0, 0)
    return RateSheet(
        sheet(rows), FAULTS.to_frame(), counts, None, origin, "canonical", "a test", (name,), digests={}
    )


def india(prefix: str, rate: str | None = "1", **more: Any) -> Row:
    return {
        "prefix": prefix,
        "network_group": "India",
        "country_iso": "IN",
        "country": "India",
        "outbound_rate": rate,
        **more,
    }


def differ(old: list[Row], new: list[Row], **asked: Any) -> SheetDiff:
    return sheet_of(old, name="old.csv").diff(sheet_of(new, name="new.csv"), **asked)


def told(diff: SheetDiff) -> list[tuple[str, str]]:
    return list(diff.changes.select("prefix", "kind").iter_rows())


def look(*rows: Row, **asked: Any) -> SheetReport:
    return sheet_of(rows).report(at=NOW, **asked)


def found(report: SheetReport) -> dict[str, list[str | None]]:
    """The findings, each with its first prefixes."""
    grouped: dict[str, list[str | None]] = {}
    for finding, prefix in report.suspicious.select("finding", "prefix").iter_rows():
        grouped.setdefault(finding, []).append(prefix)
    return grouped
