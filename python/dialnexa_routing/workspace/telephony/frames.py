"""Telephony Config as Polars frames; the only file of its room that knows Polars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.deck.canonical_columns import MONEY

if TYPE_CHECKING:
    from dialnexa_routing.workspace.telephony.views import ConfigView

COUNTRIES = pl.Schema(
    {
        "provider": pl.String(),
        "country_iso": pl.String(),
        "country": pl.String(),
        "calling_code": pl.String(),
        "network_groups": pl.UInt32(),
        "enabled": pl.UInt32(),
        "status": pl.String(),
    }
)
NETWORK_GROUPS = pl.Schema(
    {
        "provider": pl.String(),
        "country_iso": pl.String(),
        "network_group": pl.String(),
        "prefixes": pl.List(pl.String()),
        "enabled": pl.Boolean(),
        "outbound_lowest": MONEY,
        "outbound_highest": MONEY,
        "inbound_lowest": MONEY,
        "inbound_highest": MONEY,
    }
)


def frames(config: ConfigView) -> dict[str, pl.DataFrame]:
    """The countries and the network groups of all providers."""
    countries, groups = [], []
    for page in config.providers:
        for one, those in page.countries:
            coded = (page.provider.name, one.iso, one.name, one.calling_code)
            countries.append((*coded, one.groups, one.enabled, str(one.status)))
            for group in those:
                prices = [
                    price
                    for both in (group.outbound, group.inbound)
                    for price in ((both.lowest, both.highest) if both else (None, None))
                ]
                named = (group.provider, group.country_iso, group.name, list(group.prefixes), group.enabled)
                groups.append((*named, *prices))
    return {
        "countries": pl.DataFrame(countries, schema=COUNTRIES, orient="row"),
        "network_groups": pl.DataFrame(groups, schema=NETWORK_GROUPS, orient="row"),
    }
