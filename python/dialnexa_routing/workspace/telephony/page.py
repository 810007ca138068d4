"""Telephony Config as HTML that stands alone: no scripts, nothing from elsewhere (R24-R27)."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from dialnexa_routing.deck.explanation_html import shown
from dialnexa_routing.money.rupees import grouped, rupees
from dialnexa_routing.workspace.workspace_number import SIP

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

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
.telephony .price{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.telephony .note{opacity:.7;font-size:.9em;font-weight:400}
.telephony .switch{display:inline-block;min-width:2.6em;padding:0 .5em;border-radius:1em;text-align:center;
font-size:.85em;font-weight:400;border:1px solid #8888}
.telephony .on{background:#18794e;border-color:#18794e;color:#fff}
"""


def page(config: ConfigView) -> str:
    """A file of its own."""
    title = _text(f"Telephony Config of {config.title}")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        f"<title>{title}</title></head><body>{fragment(config)}</body></html>\n"
    )


def fragment(config: ConfigView) -> str:
    """The part that a notebook shows."""
    providers = "".join(
        _sip(one.provider, config.sip) if one.provider.name == SIP else _provider(one, config)
        for one in config.providers
    )
    notes = [f"<p>{_text(_prices_said(config))}</p>"]
    if config.unknown:
        names = "; ".join(" ".join(switch) for switch in config.unknown)
        notes.append(f"<p>On, but in no deck any longer, so that they allow nothing: {_text(names)}.</p>")
    style, title = f"<style>{_STYLE}</style>", _text(config.title)
    return (
        f'<div class="telephony">{style}<h2>Telephony Config: {title}</h2>{"".join(notes)}{providers}</div>'
    )


def _prices_said(config: ConfigView) -> str:
    if config.plan is None:
        return "No billing plan was passed, so no prices are shown."
    if not config.is_priced:
        return "The billing plan has no telephony rates, so no prices are shown."
    when = f", as of {config.at.isoformat()}" if config.at else ""
    return f"Prices are INR per minute of plan {config.plan}{when}."


def _provider(page: ProviderPage, config: ConfigView) -> str:
    views = [view for view, _ in page.countries]
    groups, enabled = sum(view.groups for view in views), sum(view.enabled for view in views)
    places = "1 country" if len(views) == 1 else f"{grouped(len(views))} countries"
    counted = f"{places}, {grouped(enabled)} of {grouped(groups)} network groups on"
    body = "".join(_country(view, those, is_priced=config.is_priced) for view, those in page.countries)
    return _opened(page.provider, counted, body)


def _sip(view: ProviderView, sip: SipView) -> str:
    rates: list[str] = []
    if sip.outbound is not None and sip.inbound is not None:
        same = sip.outbound == sip.inbound
        each = [("", sip.outbound)] if same else [("outbound ", sip.outbound), ("inbound ", sip.inbound)]
        rates = [f"{name}{_price(amount)} a minute" for name, amount in each]
    rate = ", ".join(rates) or "no flat rate in the billing plan"
    return _opened(
        view, "the customer's own carrier", f"<p>{_switch(sip.enabled)} Flat rate: {_text(rate)}</p>"
    )


def _opened(view: ProviderView, said: str, body: str) -> str:
    notes = [said, *(["selected"] if view.selected else []), *([view.reason] if view.reason else [])]
    name = "SIP/BYOC" if view.name == SIP else view.name
    summary = f'{_text(name)} <span class="note">{_text(" · ".join(notes))}</span>'
    is_open = " open" if view.selected else ""
    return f'<details class="provider"{is_open}><summary>{summary}</summary>{body}</details>'


def _country(country: CountryView, groups: Iterable[GroupView], *, is_priced: bool) -> str:
    columns = '<th class="price">Outbound</th><th class="price">Inbound</th>' if is_priced else ""
    rows = "".join(_group(group, is_priced=is_priced) for group in groups)
    code = f" · +{country.calling_code}" if country.calling_code else ""
    counted = f"{country.iso}{code} · {grouped(country.enabled)} of {grouped(country.groups)} on"
    return (
        f'<details class="country"><summary>{_text(country.name)} <span class="note">{_text(counted)}</span>'
        f" {_switch(bool(country.enabled), str(country.status))}</summary>"
        f"<table><thead><tr><th>Network group</th><th>Prefixes</th>{columns}<th>Switch</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></details>"
    )


def _group(group: GroupView, *, is_priced: bool) -> str:
    more = len(group.prefixes) - _SHOWN
    shortest = sorted(group.prefixes, key=lambda prefix: (len(prefix), prefix))
    prefixes = ", ".join(shortest[:_SHOWN]) + (f" and {grouped(more)} more" if more > 0 else "")
    prices = [_range(group.outbound), _range(group.inbound)] if is_priced else []
    cells = "".join(f'<td class="price">{_text(price)}</td>' for price in prices)
    return (
        f"<tr><td>{_text(group.name)}</td><td>{_text(prefixes)}</td>{cells}"
        f"<td>{_switch(group.enabled)}</td></tr>"
    )


def _range(price: PriceRange | None) -> str:
    if price is None:
        return "no price"
    if price.lowest == price.highest:
        return _price(price.lowest)
    return f"{_price(price.lowest)} to {_price(price.highest)}"


def _price(amount: Decimal) -> str:
    """With at least two places, and no zeros after them."""
    whole, _, part = rupees(amount).partition(".")
    return f"{whole}.{part.rstrip('0').ljust(2, '0')}"


def _switch(on: bool, said: str = "") -> str:
    return f'<span class="switch{" on" if on else ""}">{_text(said or ("on" if on else "off"))}</span>'


def _text(text: str) -> str:
    """Escaped; a sheet's characters that cannot be seen, or turn the line around, are replaced."""
    return escape(shown(text))
