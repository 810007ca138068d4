"""CGRateS tariff plans: linked files, from rating profiles down to destinations, joined into rows.

A rate of one price becomes a row with an initial and a next increment; one whose intervals differ,
or which holds in some hours only, becomes a schedule (R50). ``*any`` is everything else: the nine
prefixes 1 to 9, under whatever has a prefix of its own.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dialnexa_routing.sheets.providers.cgrates_dates import MOST, stretches, within
from dialnexa_routing.sheets.providers.cgrates_plan import Link, Plan, gathered, heading, links
from dialnexa_routing.sheets.providers.cgrates_rates import Ladder, LadderError, schedule
from dialnexa_routing.sheets.providers.cgrates_timings import Timing, TimingError, is_dated, timing, week
from dialnexa_routing.sheets.providers.cgrates_told import ANY, PlanTold
from dialnexa_routing.sheets.providers.form import Format
from dialnexa_routing.sheets.providers.payload import REFUSED, table
from dialnexa_routing.sheets.tables.text_table import Remark
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dialnexa_routing.sheets.sheet_choices import Choices
    from dialnexa_routing.sheets.tables.source import Source
    from dialnexa_routing.sheets.tables.text_table import TextTable

_EVERYTHING = [str(digit) for digit in range(1, 10)]
_OWN_PREFIX = 10**12  # added to the weight of whatever has a prefix of its own
_PUBLISHED = {
    "prefix": "DestinationId",
    "outbound_rate": "Rate",
    "schedule": "Rate",
    "connect_fee": "ConnectFee",
    "max_charge": "MaxCost",
    "weight": "Weight",
}


@dataclass(frozen=True)
class _Entry:
    """One price of one destination in one plan: its line, its weight, its timing."""

    record: dict[str, str]
    weight: Fraction
    timing: str


def _recognise(source: Source) -> str | None:
    first = heading(source)
    return first and f"its header begins with {first}, as the files of a CGRateS tariff plan"


def _alone(source: Source, choices: Choices) -> list[TextTable]:
    return _together([source], choices)


def _together(sources: list[Source], choices: Choices) -> list[TextTable]:
    if all(heading(source) is None for source in sources):
        raise SheetError(
            f"{sources[0].file} does not begin with #Id or #Tag, as CGRateS files do: take it away"
        )
    remarks = [remark for source in sources for one in source.tables for remark in one.remarks]
    plan = gathered(sources, remarks)
    rows = _Rows(plan, choices, remarks)
    made = [row for link in links(plan, choices.profile, choices.questions, remarks) for row in rows.of(link)]
    rows.told.tell()
    numbers = [int(row.pop("row")) for row in made]
    whole = table(made, _PUBLISHED, plan.files["destination_rates"], remarks, numbers)
    return [replace(whole, meanings=rows.told.meanings())]


class _Rows:
    """The rows of a tariff plan, plan by plan."""

    def __init__(self, plan: Plan, choices: Choices, remarks: list[Remark]) -> None:
        self._plan, self._choices, self._remarks = plan, choices, remarks
        held = plan.by_id("destinations").items()
        self._prefixes = {key: [one.get("prefix") for one in of] for key, of in held}
        self._rates, self._groups = plan.by_id("rates"), plan.by_id("destination_rates")
        self._plans = plan.by_id("plans")
        self._timings = {key: of[0] for key, of in plan.by_id("timings").items()}
        self.told = PlanTold(plan, remarks)

    def of(self, link: Link) -> list[dict[str, Any]]:
        """The rows of one rating plan."""
        entries: dict[str, list[_Entry]] = defaultdict(list)
        for record, weight, timed in self._lines(link):
            entries[record.get("destinationid", "")].append(_Entry(record, weight, timed))
        rows = []
        shared = self._shared(entries)
        for destination, held in entries.items():
            same: dict[str, Any] = self._destination(destination)
            same |= {"valid_from": link.since, "valid_to": link.until}
            same["prefix"] = [prefix for prefix in same["prefix"] if prefix not in shared]
            if same["prefix"]:
                rows += [same | row for row in self._priced(destination, held, link)]
        for prefix, several in shared.items():
            same = {"network_group": several[0], "prefix": [prefix]}
            same |= {"valid_from": link.since, "valid_to": link.until}
            every = [entry for destination in several for entry in entries[destination]]
            rows += [same | row for row in self._priced(several[0], every, link)]
        return rows

    def _shared(self, entries: Mapping[str, Sequence[_Entry]]) -> dict[str, list[str]]:
        """Prefixes of several destinations of which one has dates: their prices go on one calendar."""
        dated = {
            name
            for name, held in entries.items()
            if any(is_dated(self._timings.get(entry.timing)) for entry in held)
        }
        owners: dict[str, list[str]] = defaultdict(list)
        for name in entries if dated else ():
            for prefix in self._destination(name)["prefix"] if name != ANY else ():
                owners[prefix].append(name)
        return {
            prefix: names for prefix, names in owners.items() if len(names) > 1 and dated.intersection(names)
        }

    def _lines(self, link: Link) -> list[tuple[dict[str, str], Fraction, str]]:
        """Destination rates with the weight and the timing under which a plan has them."""
        if link.plan is None:
            return [(one, Fraction(0), "") for held in self._groups.values() for one in held]
        lines = []
        for one in self._plans[link.plan]:
            name = one["destinationratesid"]
            if name not in self._groups:
                raise SheetError(
                    f"the tariff plan names the destination rates {name!r}, which no file has: add them"
                )
            timed = one.get("timingtag", "")
            lines += [(record, _weight(one.get("weight")), timed) for record in self._groups[name]]
        return lines

    def _destination(self, destination: str) -> dict[str, Any]:
        if destination == ANY:
            self.told.times_any += 1
            return {"network_group": "any", "prefix": _EVERYTHING}
        return {
            "network_group": destination,
            "prefix": self._prefixes.get(destination) or [destination or None],
        }

    def _priced(self, destination: str, held: Sequence[_Entry], link: Link) -> list[dict[str, Any]]:
        """The rows of one destination: one for each price that always holds, or one of all its hours.

        Where a timing holds on some dates only, there are such rows for each stretch of time between.
        """
        front = 0 if destination == ANY else _OWN_PREFIX
        weights = {"weight": str(front + int(max(entry.weight for entry in held) * 1000))}
        try:
            timings = [timing(self._timings.get(entry.timing), entry.timing) for entry in held]
            if any(one.dates is not None for one in timings):
                return self._dated(destination, held, timings, link)
            if all(one.is_always for one in timings):
                return [
                    self._always(entry) | {"weight": str(front + int(entry.weight * 1000))} for entry in held
                ]
            return [self._in_hours(held, timings) | weights]
        except (TimingError, LadderError) as error:
            first = held[0].record
            return [
                {"row": first["row"], "original_rate": first.get("ratestag"), REFUSED: str(error)} | weights
            ]

    def _dated(
        self, destination: str, held: Sequence[_Entry], timings: Sequence[Timing], link: Link
    ) -> list[dict[str, Any]]:
        """The rows of a destination of which some prices hold on some dates only."""
        zone = self._zone()
        found = stretches([one.dates for one in timings])
        if len(found) > MOST:
            raise TimingError(
                f"the prices of {destination!r} change on more than {MOST} dates: price them in sheets of"
                " their own"
            )
        if any(one.dates is not None and one.dates.come_back for one in timings):
            self.told.yearly.add(destination)
        rows = []
        for stretch in found:
            bounds = within(stretch, link.since, link.until, zone)
            if bounds is None:
                continue
            some = [replace(held[at], timing="") for at in stretch.holding]
            weekly = [replace(timings[at], dates=None) for at in stretch.holding]
            if all(one.is_always for one in weekly):
                rows += [row | bounds for row in self._priced(destination, some, link)]
            else:
                front = 0 if destination == ANY else _OWN_PREFIX
                weight = str(front + int(max(entry.weight for entry in some) * 1000))
                rows.append(self._in_hours(some, weekly) | bounds | {"weight": weight})
        return rows

    def _always(self, entry: _Entry) -> dict[str, Any]:
        try:
            ladder = self._ladder(entry.record)
            row = ladder.columns() or {
                "schedule": schedule([(ladder, ())], None),
                "original_rate": ladder.steps[0][1],
            }
            return {"row": entry.record["row"]} | self._bounded(entry.record) | row
        except LadderError as error:
            tag = entry.record.get("ratestag")
            return {"row": entry.record["row"], "original_rate": tag, REFUSED: str(error)}

    def _in_hours(self, held: Sequence[_Entry], timings: Sequence[Timing]) -> dict[str, Any]:
        parts = week([(entry.weight, one) for entry, one in zip(held, timings, strict=True)])
        bands = [
            (self._ladder(entry.record), hours) for entry, hours in zip(held, parts, strict=True) if hours
        ]
        bounds = [self._bounded(entry.record) for entry, hours in zip(held, parts, strict=True) if hours]
        if any(bound != bounds[0] for bound in bounds):
            raise LadderError(
                "the maximum costs differ with the hours, which no row can say: make them equal"
            )
        zone = self._zone()
        first = held[0].record["row"]
        return {
            "row": first,
            "schedule": schedule(bands, zone),
            "original_rate": bands[0][0].steps[0][1],
        } | bounds[0]

    def _zone(self) -> str:
        if self._choices.naive_zone is None:
            self._choices.questions.ask(
                "timezone",
                f"{self._plan.files.get('timings', 'the tariff plan')} has hours of the day: pass timezone="
                " with the IANA zone of the clock they are of, as 'Asia/Kolkata' (R50)",
                ["'Asia/Kolkata'", "'UTC'"],
            )
        return str(self._choices.naive_zone or "UTC")

    def _ladder(self, record: dict[str, str]) -> Ladder:
        tag = record.get("ratestag", "")
        if tag not in self._rates:
            raise SheetError(
                f"{self._plan.files['destination_rates']}, row {record['row']} names the rate {tag!r}, which"
                f" {self._plan.files['rates']} lacks: add it"
            )
        ladder = Ladder(self._rates[tag])
        if ladder.later_fees:
            reason = f"connect fees of later intervals of {tag!r} are never due, so they were not read"
            self._remarks.append(Remark(reason, column="ConnectFee", value=tag))
        decimals, method = record.get("roundingdecimals", ""), record.get("roundingmethod", "")
        if decimals or method:
            self.told.used["rounding"].add((method, decimals))
        return ladder

    def _bounded(self, record: dict[str, str]) -> dict[str, Any]:
        """The maximum charge of a line; zero, or less, is none."""
        cost = record.get("maxcost", "")
        if not cost or cost.startswith("-") or not cost.strip("0."):
            return {}
        self.told.used["max_cost"].add((record.get("maxcoststrategy", ""),))
        return {"max_charge": cost}


def _weight(text: str | None) -> Fraction:
    try:
        return Fraction(text or 0)
    except ValueError:
        return Fraction(0)


FORMAT = Format("cgrates", None, _recognise, _alone, _together, arguments=frozenset(["profile"]))
