"""The page of Telephony Config, read as a browser would: elements, text, nothing from elsewhere."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from decks import INDIA, deck_of, utc
from dialnexa_routing.plans.billing_plan import BillingPlan
from dialnexa_routing.workspace.telephony import Telephony
from dialnexa_routing.workspace.workspace import Workspace

VOID = {"meta"}


class Page(HTMLParser):
    """The text of each element that is closed in its place, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[list[str]] = []
        self.summaries: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.cells.append([])
        elif tag in ("td", "th"):
            self.cells[-1].append("")
        elif tag == "summary":
            self.summaries.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" in self.open:
            return
        self.text += data
        if "td" in self.open or "th" in self.open:
            self.cells[-1][-1] += data
        elif "summary" in self.open:
            self.summaries[-1] += data

    def row(self, name: str) -> list[str]:
        (row,) = (row for row in self.cells if row[0] == name)
        return row


LONG = [{"prefix": f"44{tail}", "network_group": "Long", "country_iso": "GB"} for tail in range(10, 19)]
ROWS: list[dict[str, Any]] = [*INDIA, *LONG]
PLAN = BillingPlan.model_validate(
    {
        "id": "growth",
        "name": "Growth & more",
        "telephony": {
            "kind": "price_list",
            "prices": [
                {"country_iso": "IN", "network_group": "India", "outbound": "123456.7", "inbound": "0.0125"},
                {"country_iso": "IN", "network_group": "India - Mobile", "outbound": "0"},
            ],
        },
        "sip": {"outbound": "0.3", "inbound": "0.25"},
    }
)


def telephony(plan: BillingPlan | None = None, **fields: Any) -> Telephony:
    decks = {"plivo": deck_of(ROWS), "twilio": deck_of(INDIA[:1])}
    enabled = [{"provider": "plivo", "country_iso": "IN", "network_groups": ["India", "Gone <i>"]}]
    space = Workspace(id="w", **{"enabled": enabled} | fields)
    return Telephony(space, decks, plan, utc(2026, 4, 1))


def test_r24_page_shows_providers_countries_groups_prefixes_and_switches() -> None:
    page = Page(telephony().page())
    plivo, *countries, twilio, _, sip = page.summaries
    assert plivo == "plivo 5 countries, 1 of 7 network groups on · selected"
    assert [one.split(" ")[0] for one in countries] == ["India", "Jamaica", "United", "United", "No"]
    assert countries[0] == "India IN · +91 · 1 of 3 on some"
    assert twilio.startswith("twilio 1 country, 0 of 1 ")
    assert twilio.endswith("link its numbers as SIP trunks instead (R10)")
    assert sip == "SIP/BYOC the customer's own carrier"
    opened = [attributes for tag, attributes in page.elements if tag == "details" and "open" in attributes]
    assert len(opened) == 1
    assert page.row("India - Mobile") == ["India - Mobile", "9198", "off"]
    assert page.row("Long")[1] == "4410, 4411, 4412, 4413, 4414, 4415 and 3 more"
    switches = [a for tag, a in page.elements if tag == "span" and a["class"] == "switch on"]
    assert len(switches) == 2  # of India the country, and of India the group


def test_r26_page_shows_prices_in_rupees_only_if_the_plan_has_them() -> None:
    page = Page(telephony().page())
    assert "₹" not in page.text
    assert "No billing plan was passed, so no prices are shown." in page.text
    bare = Page(telephony(PLAN.changed(telephony=None)).page())
    assert "The billing plan has no telephony rates, so no prices are shown." in bare.text
    page = Page(telephony(PLAN).page())
    assert "plan Growth & more, as of 2026-04-01T00:00:00+00:00" in page.text
    (india, *_) = (row for row in page.cells if row[0] == "India")
    assert india == ["India", "91", "₹1,23,456.70", "₹0.0125", "on"]
    assert page.row("India - Mobile")[2:4] == ["₹0.00", "no price"]
    sheet = BillingPlan.model_validate({"id": "p", "telephony": {"kind": "deck_prices"}})
    rows = [{"prefix": "91", "outbound_rate": "0.6"}, {"prefix": "92", "outbound_rate": "1000"}]
    ranged = Page(Telephony(Workspace(id="w"), {"plivo": deck_of(rows)}, sheet).page())
    assert ranged.row("group")[2:4] == ["₹0.60 to ₹1,000.00", "no price"]


def test_r27_page_shows_one_rate_and_one_switch_of_sip() -> None:
    assert "off Flat rate: no flat rate in the billing plan" in Page(telephony().page()).text
    both = Page(telephony(PLAN, sip_enabled=True).page()).text
    assert "on Flat rate: outbound ₹0.30 a minute, inbound ₹0.25 a minute" in both
    flat = PLAN.changed(sip={"outbound": "0.3"})
    assert "Flat rate: ₹0.30 a minute" in Page(telephony(flat).page()).text


def test_r24_page_stands_alone_and_a_strangers_text_stays_text() -> None:
    evil = '<script src="https://example.com">'
    rows = [{"prefix": "91", "network_group": f"{evil}\u202e\x07"}]
    workspace = Workspace(id="w", name=f"{evil} & co")
    config = Telephony(workspace, {"plivo": deck_of(rows), evil: deck_of(LONG)})
    page = Page(config.page())
    tags = {tag for tag, _ in page.elements}
    assert tags.isdisjoint({"script", "link", "img", "iframe", "object", "form", "a"})
    names = {name for _, attributes in page.elements for name in attributes}
    assert names <= {"class", "lang", "charset", "name", "content", "open"}
    assert "url(" not in config.page()
    assert "@import" not in config.page()
    assert page.row(f"{evil}\ufffd\ufffd")[1] == "91"
    assert f"{evil} & co" in page.text
    assert "plivo IN Gone <i>" in Page(telephony().page()).text


def test_html_is_the_same_without_a_page_around_it() -> None:
    config = telephony(PLAN)
    assert config.html() == config._repr_html_()
    assert config.html() in config.page()
    assert config.html().startswith('<div class="telephony">')
    assert repr(config) == "<Telephony of 'w': plivo, twilio; 2 network groups on>"
    assert repr(Telephony(Workspace(id="w"), {})) == "<Telephony of 'w': no decks; 0 network groups on>"
