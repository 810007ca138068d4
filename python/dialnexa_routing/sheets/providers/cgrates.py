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

from dialnexa_routing.deck.canonical_columns import Severity
from dialnexa_routing.sheets.providers.cgrates_plan import Link, Plan, gathered, heading, links
from dialnexa_routing.sheets.providers.cgrates_rates import Ladder, LadderError, schedule
from dialnexa_routing.sheets.providers.cgrates_timings import Timing, TimingError, timing, week
from dialnexa_routing.sheets.providers.form import Format
from dialnexa_routing.sheets.providers.payload import REFUSED, table
from dialnexa_routing.sheets.tables.text_table import Remark
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dialnexa_routing.sheets.sheet_choices import Choices
    from dialnexa_routing.sheets.tables.source import Source
    from dialnexa_routing.sheets.tables.text_table import TextTable

_ANY = "*any"
_EVERYTHING = [str(digit) for digit in range(1, 10)]
_OWN_PREFIX = 10**12  # added to the weight of whatever has a prefix of its own
_ROUNDINGS = {"*up": "up", "*down": "down", "*middle": "half_up"}
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
    rows.tell()
    numbers = [int(row.pop("row")) for row in made]
    whole = table(made, _PUBLISHED, plan.files["destination_rates"], remarks, numbers)
    return [replace(whole, meanings=rows.meanings())]


class _Rows:
    """The rows of a tariff plan, plan by plan."""

    def __init__(self, plan: Plan, choices: Choices, remarks: list[Remark]) -> None:
        self._plan, self._choices, self._remarks = plan, choices, remarks
        held = plan.by_id("destinations").items()
        self._prefixes = {key: [one.get("prefix") for one in of] for key, of in held}
        self._rates, self._groups = plan.by_id("rates"), plan.by_id("destination_rates")
        self._plans = plan.by_id("plans")
        self._timings = {key: of[0] for key, of in plan.by_id("timings").items()}
        self._used: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        self._any = 0

    def of(self, link: Link) -> list[dict[str, Any]]:
        """The rows of one rating plan."""
        entries: dict[str, list[_Entry]] = defaultdict(list)
        for record, weight, timed in self._lines(link):
            entries[record.get("destinationid", "")].append(_Entry(record, weight, timed))
        rows = []
        for destination, held in entries.items():
            same = self._destination(destination) | {"valid_from": link.since, "valid_to": link.until}
            rows += [same | row for row in self._priced(destination, held)]
        return rows

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
        if destination == _ANY:
            self._any += 1
            return {"network_group": "any", "prefix": _EVERYTHING}
        return {
            "network_group": destination,
            "prefix": self._prefixes.get(destination) or [destination or None],
        }

    def _priced(self, destination: str, held: Sequence[_Entry]) -> list[dict[str, Any]]:
        """The rows of one destination: one for each price that always holds, or one of all its hours."""
        front = 0 if destination == _ANY else _OWN_PREFIX
        weights = {"weight": str(front + int(max(entry.weight for entry in held) * 1000))}
        try:
            timings = [timing(self._timings.get(entry.timing), entry.timing) for entry in held]
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
            self._used["rounding"].add((method, decimals))
        return ladder

    def _bounded(self, record: dict[str, str]) -> dict[str, Any]:
        """The maximum charge of a line; zero, or less, is none."""
        cost = record.get("maxcost", "")
        if not cost or cost.startswith("-") or not cost.strip("0."):
            return {}
        self._used["max_cost"].add((record.get("maxcoststrategy", ""),))
        return {"max_charge": cost}

    def tell(self) -> None:
        """Remarks on what holds for the plan as a whole. Raises `SheetError` for two strategies at once."""
        if self._any:
            reason = (
                f"{_ANY} was read as the prefixes 1 to 9, {self._any} times, under all that have their own"
            )
            self._remarks.append(Remark(reason, column="DestinationId", value=_ANY))
        strategies = {strategy for (strategy,) in self._used["max_cost"]}
        if len(strategies) > 1:
            raise SheetError(
                f"{self._plan.files['destination_rates']} has maximum costs of the strategies"
                f" {' and '.join(repr(one or 'none') for one in sorted(strategies))}, which one meaning"
                " cannot say: read the destinations of each apart"
            )
        told = ", ".join(f"{name}={value!r}" for name, value in self.meanings().items())
        if told:
            disconnects = "max_charge" in self.meanings()
            reason = f"the plan says how a charge is counted: rate with Semantics({told}), its meanings"
            severity = Severity.WARNING if disconnects else Severity.NOTE
            self._remarks.append(Remark(reason, column="RoundingDecimals", severity=severity))
        if len(self._used["rounding"]) > 1:
            several = " and ".join(
                f"{method} to {places} places" for method, places in sorted(self._used["rounding"])
            )
            reason = f"the plan rounds charges in several ways, {several}: choose one in Semantics"
            self._remarks.append(Remark(reason, column="RoundingDecimals", severity=Severity.WARNING))

    def meanings(self) -> dict[str, Any]:
        """What the plan says of how a charge is counted, as arguments of `Semantics`."""
        found: dict[str, Any] = {}
        strategies = {strategy for (strategy,) in self._used["max_cost"]}
        if strategies == {"*disconnect"} or strategies == {""}:
            # The engine ends the call there; a call that has ended is charged for what it lasted.
            found["max_charge"] = "disconnect"
        if len(self._used["rounding"]) == 1:
            ((method, places),) = self._used["rounding"]
            if places.isascii() and places.isnumeric() and int(places) <= 9:
                found["decimals"] = int(places)
            if method in _ROUNDINGS:
                found["rounding"] = _ROUNDINGS[method]
        return found


def _weight(text: str | None) -> Fraction:
    try:
        return Fraction(text or 0)
    except ValueError:
        return Fraction(0)


FORMAT = Format("cgrates", None, _recognise, _alone, _together, arguments=frozenset(["profile"]))
