"""Plivo Account Pricing JSON (``GET /v1/Account/…/Pricing/?country_iso=XX``) to a table of text.

Three generations of the elements of ``voice.outbound.rates`` are read: ``prefix`` and ``rate``;
then also ``origination_prefix``; then also ``voice_network_group`` and ``voice_unit``, the seconds
the rate is for. No payload states its currency. The row number is the element's place, from 1.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from dialnexa_routing.deck.canonical_columns import Severity
from dialnexa_routing.money.exact import text_of, units
from dialnexa_routing.sheets.providers.payload import (
    ZERO,
    chosen_inbound,
    documents,
    items,
    obj,
    objects,
    text,
    unread,
)
from dialnexa_routing.sheets.providers.payload import table as payload_table
from dialnexa_routing.sheets.tables.text_table import Remark, TextTable
from dialnexa_routing.text.errors import SheetError

NAME = "plivo"
ARGUMENTS = frozenset(["number_type"])
_PUBLISHED = {
    "origin": "origination_prefix",
    "network_group": "voice_network_group",
    "inbound_rate": "voice.inbound",
    "outbound_rate": "rate",
    "original_rate": "rate",
    "rate_unit_s": "voice_unit",
}
_READ = ("rate", "voice_unit", "voice_network_group", "origination_prefix")
_PLACES = 20
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
    for country in documents(document):
        rows += _country(obj(country, file, "country"), file, number_type, len(rows), remarks)
    return payload_table(rows, _PUBLISHED, file, remarks)


def _country(
    payload: dict[str, Any], file: str, number_type: str, offset: int, remarks: list[Remark]
) -> list[dict[str, Any]]:
    iso, country = text(payload.get("country_iso")), text(payload.get("country"))
    label = iso or country or "the country"
    voice = obj(payload.get("voice"), file, "voice")
    outbound = obj(voice.get("outbound"), file, "voice.outbound")
    parsed = objects(outbound.get("rates"), file, "voice.outbound.rates")
    types = obj(voice.get("inbound"), file, "voice.inbound")
    rates = {name: text(obj(types[name], file, f"voice.inbound.{name}").get("rate")) for name in types}
    inbound = chosen_inbound(rates, number_type, label, "voice.inbound", remarks)
    if not parsed:
        remarks.append(Remark(f"{label} has no outbound rates, so it is not offered (quirk 28)", value=label))
    remarks += _headlines(outbound, file, label)
    alone = len({(text(e.get("rate")), text(e.get("voice_unit")), _several(e)) for e in parsed}) == 1
    rows = []
    for place, element in enumerate(parsed, start=offset + 1):
        group = _group(country, element, alone)
        rows.append(row(element, "prefix", iso, country, group, inbound, place, remarks))
    return rows


def _headlines(outbound: dict[str, Any], file: str, label: str) -> list[Remark]:
    """What stands beside the rows, by type of number: prices without a prefix, and rows of other types."""
    told = []
    for name, branch in outbound.items():
        if name in ("rate", "rates") or not isinstance(branch, dict):
            continue
        rate, rates = text(branch.get("rate")), branch.get("rates")
        count = len(rates) if isinstance(rates, list | dict) else 0
        if count:
            reason = f"{label}: {count} rows of voice.outbound.{name} were left out: look whether they matter"
            told.append(Remark(reason, value=label, severity=Severity.WARNING))
        elif name != "local" and rate is not None and not ZERO.fullmatch(rate):
            reason = f"{label}: 1 row of voice.outbound.{name}, {rate}, was left out, for it has no prefix"
            told.append(Remark(reason, value=label, severity=Severity.WARNING))
    return told


def row(
    element: dict[str, Any],
    prefix: str,
    iso: str | None,
    country: str | None,
    group: str | None,
    inbound: str | None,
    place: int,
    remarks: list[Remark],
) -> dict[str, Any]:
    """One element of a list of rates.

    `prefix` is what the payload calls its prefixes; `group` names it where the payload does not.
    """
    rate, unit = text(element.get("rate")), text(element.get("voice_unit"))
    sold = rate is not None and not ZERO.fullmatch(rate)
    if rate is not None and not sold:
        # Plivo's own page prints "Not Supported" for it; free calls would be the dear mistake.
        reason = "a rate of zero means not offered: loaded as blocked; look whether it is meant (quirk 28)"
        remarks.append(Remark(reason, place, "rate", rate, Severity.WARNING))
    return {
        "country_iso": iso,
        "country": country,
        "network_group": text(element.get("voice_network_group")) or group,
        "prefix": items(element.get(prefix)),
        "origin": items(element.get("origination_prefix")) or None,
        "inbound_rate": per_unit(inbound, unit, place, remarks),
        "outbound_rate": rate if sold else None,
        "original_rate": rate,
        "rate_unit_s": unit,
        "blocked": None if sold else "true",
    } | unread(element, {*_READ, prefix})


def per_unit(rate: str | None, unit: str | None, place: int, remarks: list[Remark]) -> str | None:
    """A rate per minute as one per `unit` seconds: a row has one unit for both directions."""
    if rate is None or unit in (None, "60") or not _UNIT.fullmatch(unit or "") or not _AMOUNT.fullmatch(rate):
        return rate
    exact = Fraction(rate) * int(unit or 60) / 60
    whole = units(exact, _PLACES)
    if whole != exact * 10**_PLACES:
        reason = (
            f"the inbound rate per minute is not exact per {unit} s, so this row has none: price it in a plan"
        )
        remarks.append(Remark(reason, place, "voice.inbound", rate, Severity.WARNING))
        return None
    return text_of(whole, _PLACES)


def _group(country: str | None, element: dict[str, Any], alone: bool) -> str | None:
    """A name where Plivo gives none: the country, or ``India - 91 from 91`` where it has several rates.

    The prefix in the name is the shortest, then smallest of the element, so that a reordered list
    keeps its name.
    """
    prefixes = [prefix for prefix in items(element.get("prefix")) if prefix]
    if alone or country is None or not prefixes:
        return country
    origins = [origin for origin in items(element.get("origination_prefix")) if origin]
    first = min(prefixes, key=lambda prefix: (len(prefix), prefix))
    caller = f" from {min(origins, key=lambda origin: (len(origin), origin))}" if origins else ""
    return f"{country} - {first}{caller}"


def _several(element: dict[str, Any]) -> tuple[str | None, ...]:
    return tuple(items(element.get("origination_prefix")))
