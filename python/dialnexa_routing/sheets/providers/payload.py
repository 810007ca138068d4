"""JSON payloads of price interfaces to tables of text: what their readers share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import polars as pl

from dialnexa_routing.deck.canonical_columns import Severity
from dialnexa_routing.sheets.headers import Header
from dialnexa_routing.sheets.tables.text_table import Remark, TextTable
from dialnexa_routing.text.errors import SheetError

if TYPE_CHECKING:
    from collections.abc import Collection

REFUSED = "?refused"
"""Why the reader refuses a row; it is no name that a file could give a column."""
SCHEMA: dict[str, pl.DataType] = {
    "country_iso": pl.String(),
    "country": pl.String(),
    "network_group": pl.String(),
    "prefix": pl.List(pl.String()),
    "origin": pl.List(pl.String()),
    "inbound_rate": pl.String(),
    "outbound_rate": pl.String(),
    "original_rate": pl.String(),
    "rate_unit_s": pl.String(),
    "connect_fee": pl.String(),
    "initial_increment_s": pl.String(),
    "next_increment_s": pl.String(),
    "first_rate": pl.String(),
    "currency": pl.String(),
    "schedule": pl.String(),
    "max_charge": pl.String(),
    "valid_from": pl.String(),
    "valid_to": pl.String(),
    "weight": pl.String(),
    "exact_match": pl.String(),
    "blocked": pl.String(),
    REFUSED: pl.String(),
}
_UNREAD = "unread:"
ZERO = re.compile(r"0+(?:\.0*)?|\.0+")


def table(
    rows: list[dict[str, Any]],
    published: dict[str, str],
    file: str,
    remarks: list[Remark],
    numbers: list[int] | None = None,
) -> TextTable:
    """`rows` of canonical names as a table; a row's number is its place, from 1, unless `numbers` state it.

    Only the columns some row has are in it; `published` is what the payload calls them. What `unread`
    gave stands behind them, for `unread.judge` to look at.
    """
    extra = list(dict.fromkeys(key for row in rows for key in row if key.startswith(_UNREAD)))
    names = [name for name in SCHEMA if name in ("prefix", "outbound_rate") or any(r.get(name) for r in rows)]
    header = Header(
        {name: place for place, name in enumerate(names)},
        {name: published.get(name, name) for name in names},
        (),
        names=(*(published.get(name, name) for name in names), *(key.removeprefix(_UNREAD) for key in extra)),
        place=file,
    )
    places = {key: f"?{len(names) + at}" for at, key in enumerate(extra)}
    cells = pl.DataFrame(
        [
            {name: row.get(name) for name in names} | {places[key]: row.get(key) for key in extra}
            for row in rows
        ],
        schema={name: SCHEMA[name] for name in names} | dict.fromkeys(places.values(), pl.String()),
        orient="row",
    )
    counted = numbers if numbers is not None else range(1, len(rows) + 1)
    return TextTable(
        file, cells, pl.Series(counted, dtype=pl.UInt32), header, remarks=remarks, keeps_original=True
    )


def unread(element: dict[str, Any], known: Collection[str]) -> dict[str, str | None]:
    """The members of one price that no reader knows, for a row of `table`; objects and lists as they are."""
    return {
        f"{_UNREAD}{key}": text(value) for key, value in element.items() if key not in known and text(value)
    }


def documents(document: Any) -> list[Any]:
    """A payload, or the payloads of a list of them."""
    return document if isinstance(document, list) else [document]


def first(document: Any) -> dict[str, Any]:
    """The payload a format is known by; an empty one when it is no object."""
    found = document[0] if isinstance(document, list) and document else document
    return found if isinstance(found, dict) else {}


def obj(value: Any, file: str, place: str) -> dict[str, Any]:
    """`value` as an object; a branch that is null or missing is an empty one (quirk 65)."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise SheetError(f"{file}: {place} is {type(value).__name__}, not an object: fetch the payload again")
    return value


def objects(value: Any, file: str, place: str) -> list[dict[str, Any]]:
    """`value` as a list of objects; null is an empty one (quirk 65)."""
    if not isinstance(value or [], list):
        raise SheetError(f"{file}: {place} is {type(value).__name__}, not a list: fetch it again")
    return [obj(item, file, f"{place}[{at}]") for at, item in enumerate(value or [])]


def items(value: Any) -> list[str | None]:
    """A list of texts; one text is a list of itself."""
    if value is None:
        return []
    return [text(item) for item in value] if isinstance(value, list) else [text(value)]


def text(value: Any) -> str | None:
    """A JSON value as text; numbers are text already, blanks are None."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    return value.strip() if isinstance(value, str) else str(value)


def chosen_inbound(
    rates: dict[str, str | None], number_type: str, label: str, column: str, remarks: list[Remark]
) -> str | None:
    """The inbound rate of the chosen number type; the other types are reported."""
    priced = {name: rate for name, rate in rates.items() if rate is not None and not ZERO.fullmatch(rate)}
    chosen = priced.pop(number_type, None)
    others = ", ".join(f"{name} {rate}" for name, rate in sorted(priced.items()))
    if chosen is None and rates:
        reason = f"{label} has no inbound rate for number_type={number_type!r}"
        reason += f"; it has {others}: pass one of these if it is meant" if others else ", so none was loaded"
        remarks.append(Remark(reason, column=column, value=label, severity=Severity.WARNING))
    elif others:
        reason = f"{label}: inbound rates of other number types were not loaded: {others}"
        remarks.append(Remark(reason, column=column, value=label))
    return chosen
