"""Telephony Config as HTML that stands alone: no scripts, nothing from elsewhere (R24-R27)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialnexa_routing.money.rupees import grouped
from dialnexa_routing.money.rupees import price as price_read
from dialnexa_routing.text import html
from dialnexa_routing.text.html import Markup, element
from dialnexa_routing.workspace.workspace_number import SIP

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dialnexa_routing.workspace.telephony.views import (
        ConfigView,
        CountryView,
        GroupView,
        PriceRange,
        ProviderPage,
        ProviderView,
        SipView,
    )

_SHOWN = 6

# Colours are those of the place it is shown in, light or dark, but for what is on.
_STYLE = """
.telephony{font:15px/1.5 system-ui,sans-serif;max-width:60em}
.telephony details{border:1px solid #8886;border-radius:6px;margin:.4em 0;padding:0 .8em}
.telephony details[open]{padding-bottom:.6em}
.telephony summary{cursor:pointer;padding:.4em 0}
.telephony .provider>summary{font-size:1.15em;font-weight:600}
.telephony table{border-collapse:collapse;width:100%;margin:0}
.telephony th,.telephony td{padding:.25em .6em;text-align:left;vertical-align:top;border-top:1px solid #8884}
.telephony thead th{border-top:0;font-weight:600}
.telephony .n{white-space:nowrap;font-variant-numeric:tabular-nums}
.telephony .note{opacity:.7;font-size:.9em;font-weight:400}
.telephony .switch{display:inline-block;min-width:2.6em;padding:0 .5em;border-radius:1em;text-align:center;
font-size:.85em;font-weight:400;border:1px solid #8888}
.telephony .on{background:#18794e;border-color:#18794e;color:#fff}
"""


def page(config: ConfigView) -> Markup:
    """A file of its own."""
    return html.page(f"Telephony Config of {config.title}", fragment(config), style="")


def fragment(config: ConfigView) -> Markup:
    """The part that a notebook shows."""
    providers = (
        _sip(one.provider, config.sip) if one.provider.name == SIP else _provider(one, config)
        for one in config.providers
    )
    notes = [element("p", _prices_said(config))]
    if config.unknown:
        names = "; ".join(" ".join(switch) for switch in config.unknown)
        notes.append(element("p", f"On, but in no deck any longer, so that they allow nothing: {names}."))
    head = element("h2", f"Telephony Config: {config.title}")
    return element("div", element("style", Markup(_STYLE)), head, *notes, *providers, kind="telephony")


def _prices_said(config: ConfigView) -> str:
    if config.plan is None:
        return "No billing plan was passed, so no prices are shown."
    if not config.is_priced:
        return "The billing plan has no telephony rates, so no prices are shown."
    when = f", as of {config.at.isoformat()}" if config.at else ""
    return f"Prices are INR per minute of plan {config.plan}{when}."


def _provider(page: ProviderPage, config: ConfigView) -> Markup:
    views = [view for view, _ in page.countries]
    groups, enabled = sum(view.groups for view in views), sum(view.enabled for view in views)
    places = "1 country" if len(views) == 1 else f"{grouped(len(views))} countries"
    counted = f"{places}, {grouped(enabled)} of {grouped(groups)} network groups on"
    countries = (_country(view, those, is_priced=config.is_priced) for view, those in page.countries)
    return _opened(page.provider, counted, html.joined(countries))


def _sip(view: ProviderView, sip: SipView) -> Markup:
    rates: list[str] = []
    if sip.outbound is not None and sip.inbound is not None:
        same = sip.outbound == sip.inbound
        each = [("", sip.outbound)] if same else [("outbound ", sip.outbound), ("inbound ", sip.inbound)]
        rates = [f"{name}{price_read(amount)} a minute" for name, amount in each]
    rate = ", ".join(rates) or "no flat rate in the billing plan"
    flat = element("p", _switch(sip.enabled), f" Flat rate: {rate}")
    return _opened(view, "the customer's own carrier", flat)


def _opened(view: ProviderView, said: str, body: Markup) -> Markup:
    notes = [said, *(["selected"] if view.selected else []), *([view.reason] if view.reason else [])]
    name = "SIP/BYOC" if view.name == SIP else view.name
    summary = element("summary", f"{name} ", element("span", " · ".join(notes), kind="note"))
    is_open = {"open": ""} if view.selected else {}
    return element("details", summary, body, kind="provider", **is_open)


def _country(country: CountryView, groups: Iterable[GroupView], *, is_priced: bool) -> Markup:
    columns = ["Outbound", "Inbound"] if is_priced else []
    rows = [_group(group, is_priced=is_priced) for group in groups]
    code = f" · +{country.calling_code}" if country.calling_code else ""
    counted = f"{country.iso}{code} · {grouped(country.enabled)} of {grouped(country.groups)} on"
    summary = element(
        "summary",
        f"{country.name} ",
        element("span", counted, kind="note"),
        " ",
        _switch(bool(country.enabled), str(country.status)),
    )
    heads = ["Network group", "Prefixes", *columns, "Switch"]
    listed = html.table(heads, rows, numbers={2, 3} if is_priced else ())
    return element("details", summary, listed, kind="country")


def _group(group: GroupView, *, is_priced: bool) -> list[object]:
    more = len(group.prefixes) - _SHOWN
    shortest = sorted(group.prefixes, key=lambda prefix: (len(prefix), prefix))
    prefixes = ", ".join(shortest[:_SHOWN]) + (f" and {grouped(more)} more" if more > 0 else "")
    prices = [_range(group.outbound), _range(group.inbound)] if is_priced else []
    return [group.name, prefixes, *prices, _switch(group.enabled)]


def _range(price: PriceRange | None) -> str:
    if price is None:
        return "no price"
    if price.lowest == price.highest:
        return price_read(price.lowest)
    return f"{price_read(price.lowest)} to {price_read(price.highest)}"


def _switch(on: bool, said: str = "") -> Markup:
    return element("span", said or ("on" if on else "off"), kind="switch on" if on else "switch")
