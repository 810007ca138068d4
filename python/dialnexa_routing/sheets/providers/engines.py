"""Billing engines whose import file has a header: ASTPP, Kazoo, IvozProvider, PortaOne, A2Billing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dialnexa_routing.sheets.headers import UNNAMED_CODES
from dialnexa_routing.sheets.placing import positioned
from dialnexa_routing.sheets.providers.form import Format
from dialnexa_routing.sheets.providers.layouts import Layout
from dialnexa_routing.sheets.tables.text_table import Remark

if TYPE_CHECKING:
    from dialnexa_routing.sheets.sheet_choices import Choices
    from dialnexa_routing.sheets.tables.source import Source
    from dialnexa_routing.sheets.tables.text_table import TextTable

IVOZPROVIDER = Layout(
    "ivozprovider",
    None,
    "an IvozProvider price list",
    frozenset(["target_pattern_name", "prefix", "per_minute_charge", "connection_charge", "charge_period"]),
).format()

_ROUTING = "how calls are routed is not read: no price depends on it"
FREESWITCH = Layout(
    "freeswitch",
    None,
    "FreeSWITCH's table of mod_lcr",
    frozenset(["digits", "rate", "lead_strip", "trail_strip", "date_start", "date_end"]),
    # What it calls prefix is dialled in front of the number.
    aliases={"digits": "prefix", "prefix": "", "cid": "", "carrier_id": "network_group"},
    left_out=dict.fromkeys(
        (
            "prefix",
            "suffix",
            "lead_strip",
            "trail_strip",
            "lcr_profile",
            "quality",
            "reliability",
            "cid",
            "lrn",
        ),
        _ROUTING,
    )
    | {"intralata_rate": "prices inside a LATA are not read"},
).format()
FUSIONPBX = Layout(
    "fusionpbx",
    None,
    "FusionPBX's rates of a carrier",
    frozenset(["carrier_uuid", "digits", "rate", "connect_increment", "talk_increment"]),
    aliases={"carrier_uuid": "network_group", "connect_rate": "first_rate", "origin_digits": "origin"},
    left_out=dict.fromkeys(("random", "profile", "lcr_direction"), _ROUTING),
).format()

_ASTPP = Layout(
    "astpp",
    None,
    "an ASTPP import",
    frozenset(["code", "destination", "connection_cost", "cost_min", "increment"]),
)
_PORTAONE = tuple(
    Layout(
        "portaone",
        None,
        "a tariff of PortaOne",
        names | front,
        aliases={"destination": "area_code" if front else "prefix", "hidden": ""},
        left_out={"hidden": "whether a rate is shown to resellers is not read: nothing to do"},
    )
    for front in (frozenset(["country_prefix"]), frozenset[str]())
    for names in UNNAMED_CODES
)
"""Its first and next interval each have a price of a minute; a country's code may stand apart."""
_SEVEN = (
    "prefix",
    "network_group",
    "connect_fee",
    "grace_s",
    "outbound_rate",
    "initial_increment_s",
    "next_increment_s",
)
KAZOO = Layout(
    "kazoo",
    None,
    "a Kazoo rate deck",
    frozenset(["prefix", "rate_cost"]),
    aliases={"rate_name": "network_group"},
    left_out={
        "internal_rate_cost": "what a call costs the operator himself is not read",
        "ratedeck_id": "names of rate decks are not read: read the rows of one",
    },
).format()


PORTAONE = Format(
    "portaone",
    None,
    lambda source: next(filter(None, (one.recognise(source) for one in _PORTAONE)), None),
    lambda source, choices: _portaone_tables(source, choices),
)


def _portaone_tables(source: Source, choices: Choices) -> list[TextTable]:
    return next((one for one in _PORTAONE if one.recognise(source)), _PORTAONE[0]).tables(source, choices)


def _astpp_tables(source: Source, choices: Choices) -> list[TextTable]:
    """Its own example has six names over seven values, for a column was added and not named."""
    tables = []
    for table in _ASTPP.tables(source, choices):
        named = [name for name in table.header.names if name]
        if len(named) == 6 and len(table.refused) == table.cells.height > 0 and table.cells.width == 7:
            reason = "six names stand over seven values: the sixth was read as the initial increment"
            remarks = [*table.remarks, Remark(reason, table.rows[0] - 1)]
            tables.append(replace(positioned(table, _SEVEN), refused={}, remarks=remarks))
        else:
            tables.append(table)
    return tables


ASTPP = Format("astpp", None, _ASTPP.recognise, _astpp_tables)
