"""What a CGRateS tariff plan says of charges as a whole, which no row can, and what is told of it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from dialnexa_routing.deck.canonical_columns import Severity
from dialnexa_routing.sheets.providers.cgrates_dates import FIRST_YEAR, LAST_YEAR
from dialnexa_routing.sheets.tables.text_table import Remark
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from dialnexa_routing.sheets.providers.cgrates_plan import Plan

ANY = "*any"
_OF_SUMS = 5
_ROUNDINGS = {"*up": "up", "*down": "down", "*middle": "half_up"}


class PlanTold:
    """What the rows of one plan used, gathered while they are made."""

    def __init__(self, plan: Plan, remarks: list[Remark]) -> None:
        self.plan, self.remarks = plan, remarks
        self.used: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        self.times_any = 0
        self.yearly: set[str] = set()
        """Destinations whose prices change on dates that come back every year."""

    def tell(self) -> None:
        """Remarks on what holds for the plan as a whole. Raises `SheetError` for two strategies at once."""
        if self.times_any:
            reason = (
                f"{ANY} was read as the prefixes 1 to 9, {self.times_any} times, under whatever has its own"
            )
            self.remarks.append(Remark(reason, column="DestinationId", value=ANY))
        if self.yearly:
            reason = (
                f"the prices of {len(self.yearly)} destinations change on dates that come back every year,"
                f" which are held from {FIRST_YEAR} to {LAST_YEAR}: read the plan again before that ends"
            )
            self.remarks.append(Remark(reason, value=min(self.yearly), severity=Severity.WARNING))
        strategies = {strategy for (strategy,) in self.used["max_cost"]}
        if len(strategies) > 1:
            raise SheetError(
                f"{self.plan.files['destination_rates']} has maximum costs of the strategies"
                f" {' and '.join(repr(one or 'none') for one in sorted(strategies))}, which one meaning"
                " cannot say: read the destinations of each apart"
            )
        told = ", ".join(f"{name}={value!r}" for name, value in self.meanings().items())
        if told:
            disconnects = "max_charge" in self.meanings()
            reason = f"the plan says how a charge is counted: rate with Semantics({told}), its meanings"
            severity = Severity.WARNING if disconnects else Severity.NOTE
            self.remarks.append(Remark(reason, column="RoundingDecimals", severity=severity))
        if len(self.used["rounding"]) > 1:
            several = " and ".join(
                f"{method} to {places} places" for method, places in sorted(self.used["rounding"])
            )
            reason = f"the plan rounds charges in several ways, {several}: choose one in Semantics"
            self.remarks.append(Remark(reason, column="RoundingDecimals", severity=Severity.WARNING))

    def meanings(self) -> dict[str, Any]:
        """What the plan states of how a charge is counted, as arguments of `Semantics`."""
        found: dict[str, Any] = {}
        strategies = {strategy for (strategy,) in self.used["max_cost"]}
        if strategies == {"*disconnect"} or strategies == {""}:
            # The engine ends the call there; a call that has ended is charged for what it lasted.
            found["max_charge"] = "disconnect"
        if len(self.used["rounding"]) == 1:
            ((method, places),) = self.used["rounding"]
            if places.strip() == "0":
                # The engine looks for the most places above none; without any its sums stay, which have five.
                method, places = "", str(_OF_SUMS)
            if places.isascii() and places.isdecimal() and int(places) <= 9:
                found["decimals"] = int(places)
            if method in _ROUNDINGS:
                found["rounding"] = _ROUNDINGS[method]
        return found
