"""The plain terms of a row: names, seconds, increments, yes and no."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.deck.canonical_columns import Severity
from dialnexa_routing.sheets.aliases import INCREMENTS
from dialnexa_routing.sheets.cells.constant import constant
from dialnexa_routing.sheets.cells.status_words import NO, YES
from dialnexa_routing.sheets.header_units import time_unit, unit_of
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from dialnexa_routing.sheets.cells.intake import Intake
    from dialnexa_routing.sheets.sheet_choices import Choices

MAX_SECONDS = 86_400
_SECONDS = r"^[0-9]{1,5}$"
_ZERO = r"^\s*0+(?:\.0+)?\s*$"
_INCREMENTS = re.compile(r"[0-9]{1,5}(?:(?: ?[/+:,;_|x\u2010-\u2015\u2212-] ?| )[0-9]{1,5}){0,2}")
_MINUTES = re.compile(
    r"([1-9][0-9]{0,2}) ?(?:m|mins?|minutes?)\.?(?: ?[/+-] ?([1-9][0-9]{0,2}) ?(?:m|mins?|minutes?)\.?)?"
)
_CLOCK = re.compile("[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?")  # 1:00 is a minute, or sixty and none
_SPELLED = {"per": (1, 1), "per minute": (60, 60), "per min": (60, 60), "full minute": (60, 60)}
_CHECKED = frozenset(["✓", "✔", "☑", "√", "✅", "●"])
_CROSSED = frozenset(["✗", "✘", "☒", "☐", "○", "❌"])
_LONE_MARKS = frozenset(["x", "*", "•"])


def seconds(intake: Intake, name: str, *, least: int = 0) -> pl.Series:
    """Whole seconds from `least` to a day; a blank is null, ``60.0`` is 60."""
    if not intake.has(name):
        return constant(None, intake.height, pl.UInt32).alias(name)
    if intake.uniform(name) and time_unit(intake.published(name)) is None:
        text = str(intake.raw(name)[0])
        if re.fullmatch(_SECONDS, text) and least <= int(text) <= MAX_SECONDS:
            return constant(int(text), intake.height, pl.UInt32).alias(name)
    cells, plain = intake.matching(name, _SECONDS)
    if not plain.all():
        if name == "rate_unit_s":
            cells = _spelled_units(cells)
        cells = cells.str.replace(r"\.0+$", "")
        plain = cells.str.contains(_SECONDS).fill_null(False)
    values = _in_seconds(intake, name, cells.cast(pl.UInt32, strict=False))
    fits = (plain & values.is_between(least, MAX_SECONDS)).fill_null(False)
    if fits.all():
        return values.alias(name)
    reason = f"not whole seconds from {least} to {MAX_SECONDS}: write them in digits, as 60"
    intake.refuse(name, cells.is_not_null() & ~fits, reason)
    return values.set(~fits, None).alias(name)


def _in_seconds(intake: Intake, name: str, values: pl.Series) -> pl.Series:
    """`values` in seconds, where their header states milliseconds or minutes; null where none is exact."""
    published = intake.published(name)
    unit = None if published == name else time_unit(published)
    if unit == "ms":
        return (values // 1000).set((values % 1000 != 0).fill_null(True), None)
    if unit == "min":
        return values * 60
    if unit is not None and (values.drop_nulls() > 0).any():
        raise SheetError(
            f"{intake.table.file}: the column {published!r} says min, which may be minutes or a minimum:"
            " write its times in seconds, under a name without it"
        )
    return values


def _spelled_units(cells: pl.Series) -> pl.Series:
    """Units of a price as sheets name them, ``min`` or ``per second``, in seconds."""
    known = cells.drop_nulls().unique()
    said = {text: unit_of("/" + re.sub("^(?:per|/) ?", "", text.strip().lower())) for text in known}
    named = {text: str(unit) for text, unit in said.items() if unit is not None}
    return cells.replace(named) if named else cells


def increments(intake: Intake, choices: Choices) -> tuple[pl.Series, pl.Series]:
    """Initial and next increment in seconds, from two columns or one in any spelling (R44, quirk 42).

    `pulse` of `choices` serves where a row states none, or zero.
    """
    names = ("initial_increment_s", "next_increment_s")
    if intake.has(INCREMENTS):
        first, further = _from_one(intake, choices)
    else:
        first, further = (_unless_zero(intake, name, choices) for name in names)
        for given, other, name in ((first, further, names[1]), (further, first, names[0])):
            half = given.is_not_null() & other.is_null() & ~intake.refused
            intake.refuse(name, half, _half_stated(intake, names, name))
    if choices.increments:
        unstated = first.is_null() & further.is_null()
        first, further = (
            values.set(unstated, value)
            for values, value in zip((first, further), choices.increments, strict=True)
        )
        if unstated.any():
            reason = f"{int(unstated.sum())} rows state no increments and took pulse={choices.pulse!r}"
            intake.faults.tell(reason, column=intake.published(INCREMENTS))
    return first.alias(names[0]), further.alias(names[1])


def _half_stated(intake: Intake, names: tuple[str, str], lacking: str) -> str:
    """Why a row with one increment is refused, and which argument settles it for the whole column."""
    there = names[1] if lacking == names[0] else names[0]
    published = intake.published(there)
    if intake.has(lacking):
        return f"only {published!r} of the two increments is stated: state both, or neither"
    return (
        f"only one of the two increments is stated, {published!r}: pass"
        f" columns={{{INCREMENTS!r}: {published!r}}} if it is both, columns={{{lacking!r}: …}} with the"
        " column of the other one, or"
        f" leave_out=({published!r},) with pulse="
    )


def _unless_zero(intake: Intake, name: str, choices: Choices) -> pl.Series:
    """Seconds of a column; zero is none where the caller gave a pulse, and refused otherwise."""
    if not intake.has(name):
        return constant(None, intake.height, pl.UInt32)
    if intake.uniform(name) and not re.fullmatch(_ZERO, str(intake.raw(name)[0])):
        return seconds(intake, name, least=1)
    zero = intake.raw(name).str.contains(_ZERO).fill_null(False)
    if not zero.any():
        return seconds(intake, name, least=1)
    if not choices.increments:
        intake.refuse(name, zero, "an increment of zero says nothing: pass pulse= with the one that holds")
    values = seconds(intake, name)
    return values.set(zero, None)


def _from_one(intake: Intake, choices: Choices) -> tuple[pl.Series, pl.Series]:
    cells = intake.text(INCREMENTS)
    known = cells.drop_nulls().unique()
    read = [_spelled(text) for text in known]
    table = pl.DataFrame(
        {
            "cell": known,
            "first": pl.Series([one[0] for one in read], dtype=pl.UInt32),
            "further": pl.Series([one[1] for one in read], dtype=pl.UInt32),
            "zero": pl.Series([one[2] == "zero" for one in read], dtype=pl.Boolean),
            "told": pl.Series([one[2] == "three" for one in read], dtype=pl.Boolean),
        }
    )
    joined = cells.alias("cell").to_frame().join(table, on="cell", how="left", maintain_order="left")
    first, further = (_in_seconds(intake, INCREMENTS, joined[half]) for half in ("first", "further"))
    zero = joined["zero"].fill_null(False)
    wrong = cells.is_not_null() & first.is_null() & ~zero
    intake.refuse(INCREMENTS, wrong, "not an increment: write initial/next in seconds, as 60/60 or 30/6")
    if not choices.increments:
        reason = "an increment of zero says nothing: pass pulse= with the one that holds"
        intake.refuse(INCREMENTS, zero, reason)
    reason = "three numbers, of which the zero was dropped: look whether initial/next is meant so"
    intake.tell(INCREMENTS, joined["told"].fill_null(False), reason, Severity.WARNING)
    return first, further


def _spelled(text: str) -> tuple[int | None, int | None, str | None]:
    """Initial and next seconds in `text`, and ``zero`` or ``three`` where something is to be stated."""
    plain = re.sub(r"\b(?:seconds?|secs?|s)\b|(?<=[0-9])s(?:ecs?)?\b", " ", text.lower())
    if found := _MINUTES.fullmatch(" ".join(plain.split())):
        return 60 * int(found[1]), 60 * int(found[2] or found[1]), None
    if _CLOCK.fullmatch(plain.strip()):
        return None, None, None
    plain = re.sub(r"(?<=[0-9])\.0+(?![0-9])", "", " ".join(plain.split()))
    if plain in _SPELLED:
        return (*_SPELLED[plain], None)
    if not _INCREMENTS.fullmatch(plain):
        return None, None, None
    numbers = [int(part) for part in re.findall("[0-9]+", plain)]
    kept = [number for number in numbers if number]
    if not kept or (len(kept) < len(numbers) < 3):
        return None, None, "zero"
    if (len(numbers) == 3 and len(kept) == 3) or max(kept) > MAX_SECONDS:
        return None, None, None
    return kept[0], kept[-1], "three" if len(numbers) == 3 else None


def truth(intake: Intake, name: str) -> pl.Series:
    """Yes or no; a blank is null."""
    if not intake.has(name) or intake.raw(name).null_count() == intake.height:
        return constant(None, intake.height, pl.Boolean).alias(name)
    cells = intake.text(name)
    if cells.n_unique() == 1 and cells[0] in ("true", "false"):
        return constant(cells[0] == "true", intake.height).alias(name)
    cells = cells.str.to_lowercase()
    yes, no = (cells.is_in(list(words)) for words in flags_of(cells))
    wrong = (~(yes | no)).fill_null(False)
    intake.refuse(name, wrong, "neither yes nor no: write true, false, or nothing")
    return yes.alias(name)


def flags_of(cells: pl.Series) -> tuple[frozenset[str], frozenset[str]]:
    """What states yes in a column of flags, and what no; a cross is a yes where it is the only mark.

    >>> ["x" in words for words in flags_of(pl.Series(["x", None]))]
    [True, False]
    >>> ["x" in words for words in flags_of(pl.Series(["x", "\u2713"]))]
    [False, True]
    """
    yes, no = YES | _CHECKED, NO | _CROSSED
    lone = not cells.drop_nulls().is_in(list(yes | no)).any()
    return (yes | _LONE_MARKS, no) if lone else (yes, no | {"x"})


def country_iso(intake: Intake) -> pl.Series:
    """Two capital letters, or null."""
    raw = intake.raw("country_iso")
    if raw.dtype == pl.String and raw.unique().str.contains("^[A-Z]{2}$").all():  # but for what is null
        return raw
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
    if "network_group" in intake.table.constants:
        group = group.fill_null(intake.table.constants["network_group"])
    if not group.null_count():
        return group
    group = group.fill_null(country)
    nameless = group.is_null()
    intake.refuse(
        "network_group",
        nameless,
        "the row names neither group nor country: name its network group, or pass"
        " columns={'network_group': …} with the column that does",
    )
    return group
