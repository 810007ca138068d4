"""What is told of prices that may not be what they seem: hundredths, zeros, fees left blank."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from dialnexa_routing.deck.canonical_columns import MONEY, Severity
from dialnexa_routing.money.iso_4217 import CURRENCIES
from dialnexa_routing.sheets.cells.money import PLAIN

if TYPE_CHECKING:
    import polars as pl

    from dialnexa_routing.sheets.cells.currencies import Currencies
    from dialnexa_routing.sheets.cells.intake import Intake
    from dialnexa_routing.sheets.sheet_choices import Choices

_FEW = 2
_TENTH = Decimal("0.1")
_ZERO = r"^0+(?:\.0*)?$"


def warn_of_hundredths(intake: Intake, rates: pl.Series, money: Currencies, choices: Choices) -> None:
    """Warns when most foreign rates are above 1 and nothing names their unit, or hundredths are too small.

    A usual price is 0.005 to 0.5 of a major currency, so a tenth of a cent is one that was divided once too
    often (quirk 38).
    """
    if money.conversion is None or choices.unit == "major":
        return
    if not CURRENCIES.get(money.conversion.currency, 2):  # yen have no hundredths
        return
    plain = rates.filter(money.foreign & rates.str.contains(PLAIN).fill_null(False)).cast(MONEY)
    if len(plain) <= _FEW:
        return
    median = plain.sort()[len(plain) // 2]
    if "outbound_rate" in money.minor:
        if choices.unit and median < _TENTH:
            intake.faults.tell(
                f"with unit={choices.unit!r} half of the {len(plain)} rates are below a tenth of a hundredth:"
                " leave unit= out if they are whole units (quirk 38)",
                column=intake.published("outbound_rate"),
                severity=Severity.WARNING,
            )
        return
    if median > 1:
        intake.faults.tell(
            f"half of the rates are above 1 {money.conversion.currency} a minute, {int((plain > 1).sum())}"
            " rows: pass unit='cent' if they are hundredths, or unit='major' if they are meant (quirk 38)",
            column=intake.published("outbound_rate"),
            severity=Severity.WARNING,
        )


def warn_of_free_calls(intake: Intake, texts: pl.Series, rate: pl.Series, blocked: pl.Series) -> None:
    """Warns of rates of zero in a sheet that has others: some providers write so what they do not sell."""
    if intake.table.in_rupees or not intake.has("outbound_rate"):
        return
    if not (rate == 0).any():
        return
    free = texts.str.contains(_ZERO).fill_null(False) & ~blocked & ~intake.refused
    count = int(free.sum())
    if count:
        first = intake.rows.filter(free)[0]
        intake.faults.tell(
            f"{count} rows have a rate of 0, the first is row {first}, so calls to them are free: write"
            " 'blocked' where nothing is sold (quirk 28)",
            column=intake.published("outbound_rate"),
            value="0",
            severity=Severity.WARNING,
        )


def tell_unknown_fees(intake: Intake, fees: pl.Series) -> None:
    """Says how many rows leave the fee blank although the column is there (quirk 44)."""
    if not intake.has("connect_fee") or intake.table.in_rupees or intake.table.keeps_original:
        return
    blank = fees.null_count()
    if blank:
        reason = f"{blank} rows leave the connect fee blank, so it is not known and not charged (quirk 44)"
        intake.faults.tell(reason, column=intake.published("connect_fee"))
