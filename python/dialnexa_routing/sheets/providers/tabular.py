"""Tables that no provider owns: canonical ones, wholesale A-Z decks, North American decks, number plans."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.sheets.aliases import JURISDICTIONS, RATES
from dialnexa_routing.sheets.cells.codes import is_nanp
from dialnexa_routing.sheets.providers.form import Format
from dialnexa_routing.sheets.providers.layouts import Layout
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from dialnexa_routing.sheets.sheet_choices import Choices
    from dialnexa_routing.sheets.tables.source import Source
    from dialnexa_routing.sheets.tables.text_table import TextTable

_PLAN = Layout(
    "numbering_plan",
    None,
    "libphonenumber's ranges of one country",
    frozenset(["prefix", "length", "type", "tariff", "operator"]),
    aliases={"operator": "network_group", "comment": ""},
    left_out={
        "length": "bounds on the length of numbers are not applied: look whether they matter (quirk 46)",
        "area_code_length": "the length of area codes is not applied: nothing to do (quirk 46)",
        "type": "kinds of numbers are not read: nothing to do",
        "tariff": "classes of tariffs are not read: nothing to do",
        "national_only": "whether a range is reached from its own country only is not read: nothing to do",
        "provenance": "where a range is known from is not read: nothing to do",
        "format": "how numbers are written is not read: nothing to do",
        "comment": "comments are not read: nothing to do",
    },
)


def _columns(source: Source) -> str:
    names = [name for table in source.tables for name in table.header.published.values()]
    return ", ".join(dict.fromkeys(names))


def _canonical(source: Source) -> str | None:
    return None if source.is_json else f"it has the columns {_columns(source)}"


def _wholesale(source: Source) -> str | None:
    if source.is_json or not source.tables or source.tables[0].headless:
        return None
    published = [table.header.published.get("prefix", "").strip().lower() for table in source.tables]
    if all(name == "prefix" for name in published) and not any(table.above for table in source.tables):
        return None
    why = ["title rows above it"] if any(table.title.text for table in source.tables) else []
    why += [f"{len(source.tables)} sheets"] if len(source.tables) > 1 else []
    beside = f", with {' and '.join(why)}" if why else ""
    priced = any(
        name in table.header.columns or name in table.header.unclear
        for table in source.tables
        for name in RATES
    )
    return f"it has the columns {_columns(source)} of a wholesale deck{beside}" if priced else None


def _npanxx(source: Source) -> str | None:
    for table in source.tables:
        header = table.header
        if is_nanp(header):
            return (
                f"its column {header.published['prefix']!r} holds area codes and exchanges of North America"
            )
        split = [header.published[name] for name in JURISDICTIONS if name in header.columns]
        if len(split) > 1:
            return f"its rates {' and '.join(split)} are split by jurisdiction, as in the United States"
    return None


def _tables(source: Source, _choices: Choices) -> list[TextTable]:
    if source.is_json:
        raise SheetError(f"{source.file} is JSON, which has no columns: leave out format=")
    return list(source.tables)


def _plan_tables(source: Source, choices: Choices) -> list[TextTable]:
    """The padded cells without blanks and quotation marks; the codes are national."""
    if not choices.calling_code:
        with choices.questions.asking("calling_code", ["'91'"]):
            raise SheetError(
                f"{source.file} lists national numbers: pass calling_code= with the country's digits"
            )
    tables = []
    for table in _PLAN.tables(source, choices):
        text = table.cells.select(pl.all().cast(pl.String).str.strip_chars().str.strip_chars('"'))
        named = {"network_group": f"+{choices.calling_code}"}
        tables.append(replace(table, cells=text, constants=named))
    return tables


CANONICAL = Format("canonical", None, _canonical, _tables)
WHOLESALE = Format("wholesale", None, _wholesale, _tables)
NPANXX = Format("npanxx", None, _npanxx, _tables)
NUMBERING_PLAN = Format("numbering_plan", None, _PLAN.recognise, _plan_tables)
