"""The canonical columns of a rate sheet, and the frame of faults beside them.

Whatever a provider publishes becomes rows of `SHEET`, one per prefix, origin and validity; what
could not become one is a row of `FAULTS`. Nothing is dropped without being counted.
"""

from __future__ import annotations

from enum import StrEnum

import polars as pl

MONEY = pl.Decimal(precision=18, scale=9)
"""Rupees with nine places: the nano-rupees of the core (R48)."""

TIME = pl.Datetime("us", "UTC")

SHEET = pl.Schema(
    {
        "provider": pl.String(),
        "country_iso": pl.String(),
        "country": pl.String(),
        "network_group": pl.String(),
        "prefix": pl.String(),
        "origin": pl.String(),  # digits of the caller this row is for; null = any caller (R19)
        "inbound_rate": MONEY,  # INR per rate_unit_s seconds; null = none for this direction (R47)
        "outbound_rate": MONEY,
        "rate_unit_s": pl.UInt32(),  # 60 wherever a rate per minute is exact, else the published unit (R48)
        "original_rate": pl.String(),  # as published, digit for digit
        "currency": pl.String(),  # of original_rate, ISO 4217
        "connect_fee": MONEY,
        "initial_increment_s": pl.UInt32(),  # null = not stated: the plan's pulse serves (R44)
        "next_increment_s": pl.UInt32(),
        "minimum_s": pl.UInt32(),
        "grace_s": pl.UInt32(),
        "free_s": pl.UInt32(),
        "schedule": pl.String(),  # JSON of `schedule.Schedule`: prices outbound in place of outbound_rate
        "min_charge": MONEY,
        "max_charge": MONEY,
        "valid_from": TIME,  # first instant in force; null = always was
        "valid_to": TIME,  # first instant no longer in force; null = no end
        "blocked": pl.Boolean(),  # the prefix is refused, and hides shorter ones (R47)
        "exact_match": pl.Boolean(),  # the prefix is a whole number, not the start of one
        "source_file": pl.String(),
        "source_row": pl.UInt32(),  # as a person counts rows in that file, from 1
    }
)


class Severity(StrEnum):
    """How much a fault costs: the row, nothing yet, or nothing at all."""

    ERROR = "error"
    """The row was refused."""
    WARNING = "warning"
    """The row was loaded; somebody should look."""
    NOTE = "note"
    """The row was loaded; what was changed in it is reported."""


FAULTS = pl.Schema(
    {
        "file": pl.String(),
        "sheet": pl.String(),  # of a workbook; null elsewhere
        "row": pl.UInt32(),  # as a person counts, from 1; null = the whole file
        "column": pl.String(),
        "value": pl.String(),  # as found, at most 80 characters
        "reason": pl.String(),  # a sentence that states what to do
        "severity": pl.String(),
    }
)
