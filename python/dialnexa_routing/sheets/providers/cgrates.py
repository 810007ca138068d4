"""CGRateS tariff plans: linked files, from rating profiles down to destinations, joined into rows.

A rate there is a ladder of intervals. A ladder of one price becomes a row with an initial and a
next increment; one whose steps differ in price cannot be one row and is refused (quirk 43).
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dialnexa_routing.deck.canonical_columns import Severity
from dialnexa_routing.sheets.providers.form import Format
from dialnexa_routing.sheets.providers.payload import table
from dialnexa_routing.sheets.tables.text_table import Remark
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from dialnexa_routing.sheets.sheet_choices import Choices
    from dialnexa_routing.sheets.tables.source import Source
    from dialnexa_routing.sheets.tables.text_table import TextTable

_KINDS = {
    "destinations": {"id", "prefix"},
    "rates": {"id", "rate", "rateunit", "rateincrement"},
    "destination_rates": {"id", "destinationid", "ratestag"},
    "plans": {"id", "destinationratesid", "weight"},
    "profiles": {"category", "subject", "activationtime", "ratingplanid"},
}
_SAME = {
    "tag": "id",
    "ratesid": "ratestag",
    "destinationstag": "destinationid",
    "destinationratestag": "destinationratesid",
}
_SPAN = re.compile("([0-9]{1,6})(s|m|h)?")
_SECONDS = {"s": 1, "m": 60, "h": 3600, None: 1}
_FIRST_ROWS = 50
_FIRST = re.compile("#(?:id|tag|tpid|tenant|tenantid)$", re.IGNORECASE)


@dataclass
class _Plan:
    """The files of one plan, each as records with the row they stand in."""

    records: dict[str, list[dict[str, str]]] = field(default_factory=lambda: defaultdict(list))
    files: dict[str, str] = field(default_factory=dict)

    def by_id(self, kind: str) -> dict[str, list[dict[str, str]]]:
        held = defaultdict(list)
        for record in self.records[kind]:
            held[record.get("id", "")].append(record)
        return held


def _cells(source: Source) -> tuple[list[str], list[tuple[int, tuple[Any, ...]]]]:
    """The header of a file and its rows, whether or not a header was found in it."""
    one = source.tables[0]
    numbered = list(zip(one.rows.to_list(), one.cells.rows(), strict=True))
    if not one.headless:
        return list(one.header.names), numbered
    while numbered and not any(numbered[0][1]):
        numbered.pop(0)
    return [str(cell or "") for cell in numbered[0][1]] if numbered else [], numbered[1:]


def _recognise(source: Source) -> str | None:
    if source.is_json or len(source.tables) != 1:
        return None
    one = source.tables[0]
    if one.headless:
        heads = (row for row in one.cells.head(_FIRST_ROWS).rows() if any(row))
        names = [str(cell or "") for cell in next(heads, ())]
    else:
        names = list(one.header.names)
    if names and _FIRST.match(names[0].strip()):
        return f"its header begins with {names[0].strip()}, as the files of a CGRateS tariff plan"
    return None


def _alone(source: Source, choices: Choices) -> list[TextTable]:
    return _together([source], choices)


def _together(sources: list[Source], _choices: Choices) -> list[TextTable]:
    plan = _Plan()
    remarks: list[Remark] = []
    for source in sources:
        if _recognise(source) is None:
            raise SheetError(
                f"{source.file} does not begin with #Id or #Tag, as CGRateS files do: take it away"
            )
        names, rows = _cells(source)
        keys = [_SAME.get(key, key) for key in (re.sub("[^a-z]", "", name.lower()) for name in names)]
        kind = next((kind for kind, needed in _KINDS.items() if needed <= set(keys)), None)
        if kind is None:
            remarks.append(Remark(f"{source.file} has no prices, so it was not read", value=source.file))
            continue
        plan.files[kind] = source.file
        for number, cells in rows:
            held = {key: str(cell or "").strip() for key, cell in zip(keys, cells, strict=False)}
            if any(held.values()):
                plan.records[kind].append(held | {"row": str(number)})
    for kind in ("destinations", "rates", "destination_rates"):
        if kind not in plan.files:
            raise SheetError(
                f"the tariff plan has no file of {kind.replace('_', ' ')}: give the folder with all its files"
            )
    rows_of = _rows(plan, remarks)
    published = {"prefix": "DestinationId", "outbound_rate": "Rate", "first_rate": "Rate", "weight": "Weight"}
    numbers = [int(row.pop("row")) for row in rows_of]
    return [table(rows_of, published, plan.files["destination_rates"], remarks, numbers)]


def _rows(plan: _Plan, remarks: list[Remark]) -> list[dict[str, Any]]:
    prefixes = {key: [one.get("prefix") for one in held] for key, held in plan.by_id("destinations").items()}
    ladders = plan.by_id("rates")
    groups = plan.by_id("destination_rates")
    out = []
    for weight, since, name in _links(plan, remarks):
        if name not in groups:
            raise SheetError(
                f"the tariff plan names the destination rates {name!r}, which no file has: add them"
            )
        for record in groups[name]:
            destination, rate = record.get("destinationid", ""), record.get("ratestag", "")
            if rate not in ladders:
                raise SheetError(
                    f"{plan.files['destination_rates']}, row {record['row']} names the rate {rate!r}, which"
                    f" {plan.files['rates']} lacks: add it"
                )
            out.append(
                {
                    "row": record["row"],
                    "network_group": destination,
                    "prefix": prefixes.get(destination) or [destination or None],
                    "valid_from": since,
                    "weight": weight,
                }
                | _ladder(ladders[rate])
            )
    return out


def _links(plan: _Plan, remarks: list[Remark]) -> list[tuple[str | None, str | None, str]]:
    """Weight, start and destination rates of every plan in force; all destination rates without plans."""
    plans = plan.by_id("plans")
    if not plans:
        return [(None, None, name) for name in plan.by_id("destination_rates")]
    for name, held in plans.items():
        timings = {one.get("timingtag") or one.get("timingid") for one in held}
        if len(timings) > 1:
            found = ", ".join(sorted(str(timing) for timing in timings))
            raise SheetError(
                f"{plan.files['plans']}: the rating plan {name!r} prices by the time of day ({found}), which"
                " rows cannot say: give a plan with one timing"
            )
    profiles = plan.records["profiles"]
    if not profiles:
        return [
            (one.get("weight"), None, one["destinationratesid"]) for held in plans.values() for one in held
        ]
    buyers = {(one.get("tenant", ""), one.get("category", ""), one.get("subject", "")) for one in profiles}
    if len(buyers) > 1:
        found = " and ".join(":".join(buyer) for buyer in sorted(buyers)[:4])
        raise SheetError(
            f"{plan.files['profiles']} has profiles for {found}: keep the rows of one tenant,"
            " category and subject"
        )
    links = []
    for profile in profiles:
        name = profile.get("ratingplanid", "")
        if name not in plans:
            remarks.append(Remark(f"the rating plan {name!r} is in no file", severity=Severity.WARNING))
        links += [
            (one.get("weight"), profile.get("activationtime"), one["destinationratesid"])
            for one in plans.get(name, [])
        ]
    return links


def _ladder(steps: list[dict[str, str]]) -> dict[str, Any]:
    """One rate as columns; steps that no row can say get a first rate that differs."""
    steps = sorted(steps, key=lambda step: _span(step.get("groupintervalstart")) or 0)
    first, last = steps[0], steps[-1]
    same = {(step.get("rate"), step.get("rateunit")) for step in steps}
    initial, following = _span(first.get("rateincrement")), _span(last.get("rateincrement"))
    told = None
    if (
        len(steps) > 2
        or len(same) > 1
        or (len(steps) == 2 and _span(last.get("groupintervalstart")) != initial)
    ):
        told = "steps of " + " and ".join(
            f"{rate}/{unit}"
            for rate, unit in sorted((str(step.get("rate")), str(step.get("rateunit"))) for step in steps)
        )
    return {
        "outbound_rate": last.get("rate"),
        "original_rate": last.get("rate"),
        "first_rate": told,
        "rate_unit_s": _text(_span(last.get("rateunit"))),
        "connect_fee": first.get("connectfee"),
        "initial_increment_s": _text(initial),
        "next_increment_s": _text(following),
    }


def _span(text: str | None) -> int | None:
    found = _SPAN.fullmatch(text or "")
    return int(found[1]) * _SECONDS[found[2]] if found else None


def _text(seconds: int | None) -> str | None:
    return None if seconds is None else str(seconds)


FORMAT = Format("cgrates", None, _recognise, _alone, _together)
