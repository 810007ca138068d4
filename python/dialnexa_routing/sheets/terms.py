"""The plain terms of a row: names, seconds, increments, yes and no."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.sheets.headers import INCREMENTS

if TYPE_CHECKING:
    from dialnexa_routing.sheets.intake import Intake

MAX_SECONDS = 86_400
_SECONDS = r"^[0-9]{1,5}$"
_YES = ("true", "yes", "1", "t", "y")
_NO = ("false", "no", "0", "f", "n")


def seconds(intake: Intake, name: str, *, least: int = 0) -> pl.Series:
    """Whole seconds from `least` to a day; a blank is null, ``60.0`` is 60."""
    if not intake.has(name):
        return pl.repeat(None, intake.height, dtype=pl.UInt32, eager=True).alias(name)
    cells, plain = intake.matching(name, _SECONDS)
    if not plain.all():
        cells = cells.str.replace(r"\.0+$", "")
        plain = cells.str.contains(_SECONDS).fill_null(False)
    values = cells.cast(pl.UInt32, strict=False)
    fits = (plain & values.is_between(least, MAX_SECONDS)).fill_null(False)
    if fits.all():
        return values.alias(name)
    reason = f"not whole seconds from {least} to {MAX_SECONDS}: write them in digits, as 60"
    intake.refuse(name, cells.is_not_null() & ~fits, reason)
    return values.set(~fits, None).alias(name)


def increments(intake: Intake) -> tuple[pl.Series, pl.Series]:
    """Initial and next increment in seconds, from two columns or from one as ``60/1`` (R44)."""
    names = ("initial_increment_s", "next_increment_s")
    if not intake.has(INCREMENTS):
        first, further = (seconds(intake, name, least=1) for name in names)
        for given, other, name in ((first, further, names[1]), (further, first, names[0])):
            half = given.is_not_null() & other.is_null() & ~intake.refused
            intake.refuse(name, half, "only one of the two increments is stated: state both, or neither")
        return first, further
    cells = intake.text(INCREMENTS)
    parts = cells.str.extract_groups(r"^([0-9]{1,5})(?: ?[/-] ?([0-9]{1,5}))?$").struct.unnest()
    first = parts.to_series(0).cast(pl.UInt32)
    further = parts.to_series(1).cast(pl.UInt32).fill_null(first)
    fits = first.is_between(1, MAX_SECONDS) & further.is_between(1, MAX_SECONDS)
    wrong = cells.is_not_null() & ~fits.fill_null(False)
    intake.refuse(INCREMENTS, wrong, "not an increment: write initial/next in seconds, as 60/60 or 30/6")
    return first.alias(names[0]), further.alias(names[1])


def truth(intake: Intake, name: str) -> pl.Series:
    """Yes or no; a blank is null."""
    if not intake.has(name) or intake.raw(name).null_count() == intake.height:
        return pl.repeat(None, intake.height, dtype=pl.Boolean, eager=True).alias(name)
    cells = intake.text(name)
    if cells.n_unique() == 1 and cells[0] in ("true", "false"):
        return pl.repeat(cells[0] == "true", intake.height, eager=True).alias(name)
    cells = cells.str.to_lowercase()
    yes, no = cells.is_in(_YES), cells.is_in(_NO)
    wrong = (~(yes | no)).fill_null(False)
    intake.refuse(name, wrong, "neither yes nor no: write true, false, or nothing")
    return yes.alias(name)


def country_iso(intake: Intake) -> pl.Series:
    """Two capital letters, or null."""
    cells, exact = intake.matching("country_iso", "^[A-Z]{2}$")
    if exact.all():
        return cells
    cells = cells.str.to_uppercase()
    wrong = (~cells.str.contains("^[A-Z]{2}$")).fill_null(False)
    intake.refuse("country_iso", wrong, "not an ISO country code: write two letters, as IN, or nothing")
    return cells


def network_group(intake: Intake, country: pl.Series) -> pl.Series:
    """The group's name; the country's where there is none. A row with neither is refused (R22)."""
    group = intake.text("network_group")
    if not group.null_count():
        return group
    group = group.fill_null(country)
    nameless = group.is_null()
    intake.refuse(
        "network_group", nameless, "the row names neither group nor country: name its network group"
    )
    return group
