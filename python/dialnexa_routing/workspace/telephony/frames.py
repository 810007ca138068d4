"""The views of Telephony Config as Polars frames; the only file of its room that knows Polars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dialnexa_routing.deck.canonical_columns import MONEY

if TYPE_CHECKING:
    from dialnexa_routing.workspace.telephony.config import Telephony

COUNTRIES = pl.Schema(
    {
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


def countries(telephony: Telephony, provider: str | None = None, search: str = "") -> pl.DataFrame:
    """`Telephony.countries` as a frame of `COUNTRIES`."""
    rows = [
        (view.iso, view.name, view.calling_code, view.groups, view.enabled, str(view.status))
        for view in telephony.countries(provider, search)
    ]
    return pl.DataFrame(rows, schema=COUNTRIES, orient="row")


def network_groups(
    telephony: Telephony, country: str | None = None, provider: str | None = None, search: str = ""
) -> pl.DataFrame:
    """`Telephony.network_groups` as a frame of `NETWORK_GROUPS`; of all countries, unless one is named.

    A price is INR per minute, the lowest and the highest of the group's prefixes; null is no price (R26).
    """
    named = [view.iso for view in telephony.countries(provider)] if country is None else [country]
    rows = []
    for one in named:
        for view in telephony.network_groups(one, provider, search):
            prices = [
                price
                for both in (view.outbound, view.inbound)
                for price in ((both.lowest, both.highest) if both else (None, None))
            ]
            group = (view.provider, view.country_iso, view.name, list(view.prefixes), view.enabled)
            rows.append((*group, *prices))
    return pl.DataFrame(rows, schema=NETWORK_GROUPS, orient="row")
