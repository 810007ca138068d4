"""Plivo Account Pricing JSON (``GET /v1/Account/…/Pricing/?country_iso=XX``) to a table of text.

Three generations of the elements of ``voice.outbound.rates`` are read: ``prefix`` and ``rate``;
then also ``origination_prefix``; then also ``voice_network_group`` and ``voice_unit``, the seconds
the rate is for. No payload states its currency. The row number is the element's place, from 1.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import polars as pl

from dialnexa_routing.errors import SheetError
from dialnexa_routing.sheets.columns import Severity
from dialnexa_routing.sheets.files.text import Remark, TextTable
from dialnexa_routing.sheets.headers import Header

NAME = "plivo"
_SCHEMA: dict[str, pl.DataType] = {
    "country_iso": pl.String(),
    "country": pl.String(),
    "network_group": pl.String(),
    "prefix": pl.List(pl.String()),
    "origin": pl.List(pl.String()),
    "inbound_rate": pl.String(),
    "outbound_rate": pl.String(),
    "original_rate": pl.String(),
    "rate_unit_s": pl.String(),
    "blocked": pl.String(),
}
_PUBLISHED = {
    "origin": "origination_prefix",
    "network_group": "voice_network_group",
    "inbound_rate": "voice.inbound",
    "outbound_rate": "rate",
    "original_rate": "rate",
    "rate_unit_s": "voice_unit",
}
_ZERO = re.compile(r"0+(?:\.0*)?|\.0+")
_UNIT = re.compile("[1-9][0-9]{0,4}")
_AMOUNT = re.compile(r"[0-9]{1,20}(?:\.[0-9]{1,20})?")


def recognise(document: Any) -> str | None:
    """Why `document` is taken for Plivo Account Pricing, or None."""
    first = document[0] if isinstance(document, list) and document else document
    if not isinstance(first, dict) or not isinstance(first.get("voice"), dict):
        return None
    if {"inbound", "outbound"} & first["voice"].keys():
        return "it is JSON with voice.outbound, as Plivo Account Pricing"
    return None


def table(document: Any, file: str, number_type: str) -> TextTable:
    """The rows of one country's payload, or of a list of them.

    Raises `SheetError` when the payload is of another shape.
    """
    if recognise(document) is None:
        keys = sorted(document)[:8] if isinstance(document, dict) else type(document).__name__
        raise SheetError(
            f"{file} is not Plivo Account Pricing, for it lacks voice.outbound (it has {keys}):"
            " fetch /v1/Account/…/Pricing/?country_iso=XX"
        )
    rows: list[dict[str, Any]] = []
    remarks: list[Remark] = []
    for country in document if isinstance(document, list) else [document]:
        rows += _country(_object(country, file, "country"), file, number_type, len(rows), remarks)
    columns = {name: place for place, name in enumerate(_SCHEMA)}
    header = Header(columns, {name: _PUBLISHED.get(name, name) for name in _SCHEMA}, ())
    numbers = pl.int_range(1, len(rows) + 1, dtype=pl.UInt32, eager=True)
    cells = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    return TextTable(file, cells, numbers, header, remarks=remarks, keeps_original=True)


def _country(
    payload: dict[str, Any], file: str, number_type: str, offset: int, remarks: list[Remark]
) -> list[dict[str, Any]]:
    iso, country = _text(payload.get("country_iso")), _text(payload.get("country"))
    label = iso or country or "the country"
    voice = _object(payload.get("voice"), file, "voice")
    outbound = _object(voice.get("outbound"), file, "voice.outbound")
    elements = outbound.get("rates") or []
    if not isinstance(elements, list):
        raise SheetError(
            f"{file}: voice.outbound.rates is {type(elements).__name__}, not a list: fetch it again"
        )
    inbound = _inbound(
        _object(voice.get("inbound"), file, "voice.inbound"), file, number_type, label, remarks
    )
    if not elements:
        remarks.append(Remark(f"{label} has no outbound rates, so it is not offered (quirk 28)", value=label))
    parsed = [_object(e, file, f"voice.outbound.rates[{i}]") for i, e in enumerate(elements)]
    alone = len({(_text(e.get("rate")), _text(e.get("voice_unit")), _several(e)) for e in parsed}) == 1
    rows = []
    for place, element in enumerate(parsed, start=offset + 1):
        rate, unit = _text(element.get("rate")), _text(element.get("voice_unit"))
        sold = rate is not None and not _ZERO.fullmatch(rate)
        if rate is not None and not sold:
            # Plivo's own page prints "Not Supported" for it; free calls would be the dear mistake.
            reason = (
                "a rate of zero means not offered: loaded as blocked; look whether it is meant (quirk 28)"
            )
            remarks.append(Remark(reason, place, "rate", rate, Severity.WARNING))
        rows.append(
            {
                "country_iso": iso,
                "country": country,
                "network_group": _text(element.get("voice_network_group")) or _group(country, element, alone),
                "prefix": _list(element.get("prefix")),
                "origin": _list(element.get("origination_prefix")) or None,
                "inbound_rate": per_unit(inbound, unit, place, remarks),
                "outbound_rate": rate if sold else None,
                "original_rate": rate,
                "rate_unit_s": unit,
                "blocked": None if sold else "true",
            }
        )
    return rows


def _inbound(
    types: dict[str, Any], file: str, number_type: str, label: str, remarks: list[Remark]
) -> str | None:
    """The inbound rate per minute of the chosen number type; the other types are told of."""
    rates = {}
    for name in types:
        rate = _text(_object(types[name], file, f"voice.inbound.{name}").get("rate"))
        if rate is not None and not _ZERO.fullmatch(rate):
            rates[name] = rate
    chosen = rates.pop(number_type, None)
    others = ", ".join(f"{name} {rate}" for name, rate in sorted(rates.items()))
    if chosen is None and (types or rates):
        reason = f"{label} has no inbound rate for number_type={number_type!r}"
        reason += f"; it has {others}: pass one of these if it is meant" if others else ", so none was loaded"
        remarks.append(Remark(reason, column="voice.inbound", value=label, severity=Severity.WARNING))
    elif others:
        reason = f"{label}: inbound rates of other number types were not loaded: {others}"
        remarks.append(Remark(reason, column="voice.inbound", value=label))
    return chosen


def per_unit(rate: str | None, unit: str | None, place: int, remarks: list[Remark]) -> str | None:
    """A rate per minute as one per `unit` seconds: a row has one unit for both directions."""
    if rate is None or unit in (None, "60") or not _UNIT.fullmatch(unit or "") or not _AMOUNT.fullmatch(rate):
        return rate
    scaled = Decimal(rate).scaleb(20) * int(unit or 60)
    whole, rest = divmod(int(scaled), 60)
    if rest:
        reason = (
            f"the inbound rate per minute is not exact per {unit} s, so this row has none: price it in a plan"
        )
        remarks.append(Remark(reason, place, "voice.inbound", rate, Severity.WARNING))
        return None
    return f"{Decimal(whole).scaleb(-20):f}"


def _group(country: str | None, element: dict[str, Any], alone: bool) -> str | None:
    """A name where Plivo gives none: the country, or ``India - 91 from 91`` where it has several rates.

    The prefix in the name is the shortest, then smallest of the element, so that a reordered list
    keeps its name.
    """
    prefixes = [prefix for prefix in _list(element.get("prefix")) if prefix]
    if alone or country is None or not prefixes:
        return country
    origins = [origin for origin in _list(element.get("origination_prefix")) if origin]
    first = min(prefixes, key=lambda prefix: (len(prefix), prefix))
    caller = f" from {min(origins, key=lambda origin: (len(origin), origin))}" if origins else ""
    return f"{country} - {first}{caller}"


def _several(element: dict[str, Any]) -> tuple[str | None, ...]:
    return tuple(_list(element.get("origination_prefix")))


def _object(value: Any, file: str, place: str) -> dict[str, Any]:
    """`value` as an object; a branch that is null or missing is an empty one (quirk 65)."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise SheetError(f"{file}: {place} is {type(value).__name__}, not an object: fetch the payload again")
    return value


def _list(value: Any) -> list[str | None]:
    if value is None:
        return []
    return [_text(item) for item in value] if isinstance(value, list) else [_text(value)]


def _text(value: Any) -> str | None:
    """A JSON value as text; numbers are text already, blanks are None."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    return value.strip() if isinstance(value, str) else str(value)
