"""The files of a CGRateS tariff plan as records, and whose prices of it are meant.

A plan prices many buyers (tenant, category, subject) and more than calls. Calls are read, of one buyer;
every file without prices is passed over, and told.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from dialnexa_routing.deck.canonical_columns import Severity
from dialnexa_routing.sheets.cells.dates import moment
from dialnexa_routing.sheets.tables.text_table import Remark
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from dialnexa_routing.sheets.questions import Questions
    from dialnexa_routing.sheets.tables.source import Source

_KINDS = {
    "destinations": {"id", "prefix"},
    "rates": {"id", "rate", "rateunit", "rateincrement"},
    "destination_rates": {"id", "destinationid", "ratestag"},
    "plans": {"id", "destinationratesid", "weight"},
    "profiles": {"category", "subject", "activationtime", "ratingplanid"},
    "timings": {"id", "years", "months", "monthdays", "weekdays", "time"},
}
_SAME = {
    "tag": "id",
    "ratesid": "ratestag",
    "destinationsid": "destinationid",
    "destinationstag": "destinationid",
    "destinationratestag": "destinationratesid",
    "timingid": "timingtag",
    "fallbacksubject": "ratesfallbacksubject",
}
_FIRST_ROWS = 50
_FIRST = re.compile(r"# ?[A-Za-z]+(?:\[[0-9]+\])?$")
_NOT_CALLS = re.compile(r"\*?(?:sms|mms|data|gprs|generic|event)[0-9]*", re.IGNORECASE)
_NOW = frozenset(["", "*now", "*asap"])


@dataclass
class Plan:
    """The files of one plan, each as records with the row they stand in."""

    records: dict[str, list[dict[str, str]]] = field(default_factory=lambda: defaultdict(list))
    files: dict[str, str] = field(default_factory=dict)

    def by_id(self, kind: str) -> dict[str, list[dict[str, str]]]:
        """The records of a file by their tag."""
        held = defaultdict(list)
        for record in self.records[kind]:
            held[record.get("id", "")].append(record)
        return held


@dataclass(frozen=True)
class Link:
    """A rating plan in force: its name, None for a folder without plans, and when it begins and ends."""

    plan: str | None
    since: str | None = None
    until: str | None = None


def heading(source: Source) -> str | None:
    """The first cell of a file, if it is one of a tariff plan, as ``#Id``."""
    if source.is_json or len(source.tables) != 1:
        return None
    names, _ = _cells(source, _FIRST_ROWS)
    first = names[0].strip() if names else ""
    return first if _FIRST.match(first) else None


def _cells(source: Source, most: int | None = None) -> tuple[list[str], list[tuple[int, tuple[Any, ...]]]]:
    """The header of a file, which is its first row, and the rows below, wherever a header was found in it.

    `most` is how many rows below it are wanted; a look at the header makes no list of a million rows.
    """
    one = source.tables[0]
    some = one.cells if most is None else one.cells.head(most)
    numbered = list(zip(one.rows.head(some.height).to_list(), some.rows(), strict=True))
    if not one.headless:
        over = [*one.above, one.header.names]
        numbered = [*enumerate(over, start=1), *numbered]
    first = next((at for at, (_, row) in enumerate(numbered[:_FIRST_ROWS]) if any(row)), None)
    if first is None:
        return [], []
    return [str(cell or "") for cell in numbered[first][1]], numbered[first + 1 :]


def gathered(sources: list[Source], remarks: list[Remark]) -> Plan:
    """The plan in `sources`; a file without prices is reported in `remarks`."""
    plan = Plan()
    for source in sources:
        names, rows = _cells(source) if heading(source) else ([], [])
        keys = [re.sub(r"\[[0-9]+\]", "", name) for name in names]
        keys = [_SAME.get(key, key) for key in (re.sub("[^a-z]", "", name.lower()) for name in keys)]
        kind = next((kind for kind, needed in _KINDS.items() if needed <= set(keys)), None)
        if kind is None:
            severity = Severity.NOTE if names else Severity.WARNING
            reason = f"{source.file} has no prices of a CGRateS tariff plan, so it was not read"
            remarks.append(Remark(reason, value=source.file, severity=severity))
            continue
        plan.files[kind] = source.file
        for number, cells in rows:
            held = {key: str(cell or "").strip() for key, cell in zip(keys, cells, strict=False)}
            values = [value for value in held.values() if value]
            if values and not values[0].startswith("#"):
                plan.records[kind].append(held | {"row": str(number)})
    for kind in ("rates", "destination_rates"):
        if kind not in plan.files:
            raise SheetError(
                f"the tariff plan has no file of {kind.replace('_', ' ')}: give the folder with all its files"
            )
    return plan


def links(plan: Plan, profile: str | None, questions: Questions, remarks: list[Remark]) -> list[Link]:
    """The rating plans of the buyer that is meant, with their times; without profiles a plan by its name."""
    plans, profiles = plan.by_id("plans"), plan.records["profiles"]
    if not profiles:
        if profile is not None and profile not in plans:
            there = f"the rating plans {', '.join(map(repr, plans))}" if plans else "no rating plans"
            raise SheetError(f"profile={profile!r} is none of the tariff plan, which has {there}")
        if profile is None and len(plans) > 1:
            questions.ask(
                "profile",
                f"{plan.files['plans']} has several rating plans and no profiles: pass profile= with one of"
                f" {', '.join(map(repr, plans))}",
                [repr(name) for name in plans],
            )
        return [Link(profile or next(iter(plans), None))]
    chosen = _chosen(plan, profile, questions, remarks)
    found = []
    for one in chosen:
        name = one.get("ratingplanid", "")
        if name not in plans:
            remarks.append(Remark(f"the rating plan {name!r} is in no file", severity=Severity.WARNING))
        since = one.get("activationtime", "")
        found.append((None if since.lower() in _NOW else since, name))
        if fallback := one.get("ratesfallbacksubject"):
            reason = (
                f"what the plan does not price falls back to the subject {fallback!r}, which was not read"
            )
            remarks.append(Remark(reason, value=fallback, severity=Severity.WARNING))
    found.sort(key=lambda one: _instant(one[0]))
    ends = [since for since, _ in found[1:]] + [None]
    return [
        Link(name, since, until) for (since, name), until in zip(found, ends, strict=True) if name in plans
    ]


def _instant(text: str | None) -> datetime:
    found = moment(text, UTC) if text else None
    return found if isinstance(found, datetime) else datetime(1, 1, 1, tzinfo=UTC)


def _chosen(
    plan: Plan, profile: str | None, questions: Questions, remarks: list[Remark]
) -> list[dict[str, str]]:
    """The profiles of one buyer of calls."""
    held: dict[str, list[dict[str, str]]] = defaultdict(list)
    for one in plan.records["profiles"]:
        held[":".join(one.get(key, "") for key in ("tenant", "category", "subject"))].append(one)
    file = plan.files["profiles"]
    if profile is not None:
        if profile not in held:
            there = ", ".join(map(repr, sorted(held)))
            raise SheetError(f"profile={profile!r} is not in {file}, which has {there}")
        return held[profile]
    calls = {name: of for name, of in held.items() if not _NOT_CALLS.fullmatch(of[0].get("category", ""))}
    others = sorted(held.keys() - calls.keys())
    if not calls:
        raise SheetError(
            f"{file} prices no calls, only {', '.join(others)}: give a plan with a profile of calls, or pass"
            f" profile={others[0]!r} if that is one"
        )
    if others:
        reason = f"the profiles {', '.join(others)} are not of calls, so they were not read"
        remarks.append(Remark(reason, value=others[0]))
    if len(calls) > 1:
        names = sorted(calls)
        listed = ", ".join(map(repr, names[:6])) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
        questions.ask(
            "profile",
            f"{file} has prices for several buyers: pass profile= with one of {listed}",
            [repr(name) for name in names],
        )
    return next(iter(calls.values()))
