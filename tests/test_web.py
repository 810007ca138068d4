"""Telephony Config in a browser: what is shown, what is switched, who is let in (R22-R27)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

pytest.importorskip("fastapi")

from dialnexa_routing import ConfigError, Telephony
from dialnexa_routing.store import ConfigStore
from dialnexa_routing.web import application
from web_desk import HOSTILE, TOKEN, browser, caller, deck, made

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGES = [
    "/workspaces/shop/telephony",
    "/workspaces/shop/telephony?country=IN",
    "/workspaces/shop/telephony?search=9140",
    "/workspaces/shop/telephony?provider=sip",
    "/workspaces/shop/number?number=%2B914012345678&seconds=61",
    "/workspaces/shop/sheet",
    "/workspaces/shop/recommend?scenario=standard_calling&country=India",
    "/workspaces/shop/history",
]


class Form(HTMLParser):
    """The forms of a page with their hidden fields, by the label of the button or the action."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: dict[str, dict[str, str]] = {}
        self._fields: dict[str, str] | None = None
        self._action = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._fields, self._action = {}, given.get("action", "")
        elif tag == "input" and self._fields is not None and given.get("type") == "hidden":
            self._fields[given["name"]] = given["value"]
        elif tag == "button" and self._fields is not None:
            self.found[given.get("aria-label", self._action)] = self._fields | {"": self._action}


def press(client: TestClient, page: str, button: str, **changed: str) -> Any:
    fields = Form(client.get(page).text).found[button] | changed
    return client.post(fields.pop(""), data=fields)


@pytest.fixture
def shop() -> Iterator[tuple[TestClient, ConfigStore]]:
    with browser() as pair:
        yield pair


def test_r25_india_is_found_by_three_letters_and_its_groups_by_a_prefix(shop: Any) -> None:
    client, _ = shop
    found = client.get("/workspaces/shop/telephony?search=ind").text
    assert "<strong>India</strong>" in found
    assert "<strong>United Kingdom</strong>" not in found
    by_prefix = client.get("/workspaces/shop/telephony?search=9198").text
    assert "India - Mobile" in by_prefix
    assert "₹0.96" in by_prefix  # 0.80 with a fifth on top
    within = client.get("/workspaces/shop/telephony?country=india&group=9198").text
    assert "India - Mobile" in within
    assert "₹0.48" in within


def test_r23_a_switch_is_written_with_who_and_when_and_shown_where_it_refuses(shop: Any) -> None:
    client, store = shop
    page = "/workspaces/shop/telephony?country=IN"
    answer = press(client, page, "India - Mobile")
    assert answer.status_code == 200
    assert "India - Mobile off, by ravi" in answer.text
    last = store.history("shop")[-1]
    assert (last.version, last.changed_by, last.what) == (2, "ravi", ("enabled[plivo/IN]: -India - Mobile",))
    number = client.get("/workspaces/shop/number?number=919812345678").text
    assert "unsupported_prefix" in number
    assert "by ravi, 20 Nov 2026" in number
    assert "India - Mobile on" in press(client, page, "India - Mobile").text
    assert len(store.history("shop")) == 3


def test_r27_sip_has_one_switch_and_one_rate(shop: Any) -> None:
    client, store = shop
    page = "/workspaces/shop/telephony?provider=sip"
    assert "₹0.25" in client.get(page).text
    press(client, page, "SIP / BYOC")
    assert store.read("shop").document.sip_enabled


def test_r10_another_provider_is_selected(shop: Any) -> None:
    client, store = shop
    press(client, "/workspaces/shop/telephony?provider=telnyx", "/workspaces/shop/provider")
    assert store.read("shop").document.provider == "telnyx"


def test_a_lost_update_is_shown_and_written_only_when_it_is_pressed_again(shop: Any) -> None:
    client, store = shop
    fields = Form(client.get("/workspaces/shop/telephony?country=IN").text).found["India - Mobile"]
    decks = {"plivo": deck()}
    store.change(
        "shop",
        lambda old: Telephony(old, decks).enable(country="GB"),
        by="meera",
        at=datetime(2027, 1, 1, tzinfo=UTC),
    )
    app_clock = client.app.state.desk._now
    app_clock.at = datetime(2027, 1, 2, tzinfo=UTC)
    lost = client.post(fields.pop(""), data=fields)
    assert lost.status_code == 409
    assert "meera" in lost.text
    assert "+United Kingdom" in lost.text
    assert len(store.history("shop")) == 2
    again = Form(lost.text).found["Switch India - Mobile off all the same"]
    assert client.post(again.pop(""), data=again).status_code == 200
    on = store.read("shop").document.enabled
    assert {one.country_iso for one in on} == {"IN", "GB"}
    assert "India - Mobile" not in next(one for one in on if one.country_iso == "IN").network_groups


def test_undo_puts_switches_back_and_is_a_version_too(shop: Any) -> None:
    client, store = shop
    before = store.read("shop").document
    press(client, "/workspaces/shop/telephony?country=IN", "All network groups of India")
    assert store.read("shop").document.enabled == ()
    button = "Put switches back to what they were before version 2"
    assert "undo of version 2" in press(client, "/workspaces/shop/history", button).text
    assert store.read("shop").document == before
    assert [one.changed_by for one in store.history("shop")] == ["asha", "ravi", "ravi"]


@pytest.mark.parametrize("page", PAGES)
def test_pages_have_no_script_of_a_stranger_and_nothing_from_elsewhere(shop: Any, page: str) -> None:
    client, _ = shop
    answer = client.get(page)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "\u202e" not in answer.text
    assert not re.search(r"""(?:src|href|action)=["']?(?:https?:)?//""", answer.text)
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert re.search(r"<h1>[^<]+</h1>", answer.text)


def test_a_hostile_group_is_switched_by_its_whole_name(shop: Any) -> None:
    client, store = shop
    fields = Form(client.get("/workspaces/shop/telephony?country=IN").text).found
    button = next(name for name in fields if name.startswith("<script>"))
    sent = fields[button] | {"group_name": HOSTILE}
    assert client.post(sent.pop(""), data=sent).status_code == 200
    assert all(HOSTILE not in one.network_groups for one in store.read("shop").document.enabled)


def test_only_the_main_part_is_sent_to_the_script(shop: Any) -> None:
    client, _ = shop
    part = client.get(PAGES[0], headers={"x-partial": "1"}).text
    assert "<html" not in part
    assert "<h1>" in part
    assert client.get("/static/telephony.js").status_code == 200


def test_without_the_token_nobody_is_let_in() -> None:
    app, store = made()
    with store, TestClient(app) as client:
        for page in (*PAGES, "/api/health", "/api/openapi.json", "/static/telephony.css", "/"):
            assert client.get(page).status_code == 401, page
        assert client.get("/?token=wrong").status_code == 401
        assert client.get("/api/health", headers={"authorization": "Bearer wrong"}).status_code == 401
        entered = client.get(f"/workspaces/shop/history?token={TOKEN}&done=0", follow_redirects=False)
        assert entered.status_code == 303
        assert entered.headers["location"] == "/workspaces/shop/history?done=0"
        assert TOKEN not in entered.headers["set-cookie"]
        assert {"HttpOnly", "SameSite=Strict"} <= set(entered.headers["set-cookie"].split("; "))
        assert client.get("/workspaces/shop/history").status_code == 200


def test_a_change_needs_the_sessions_own_form(shop: Any) -> None:
    client, store = shop
    fields = Form(client.get("/workspaces/shop/telephony?country=IN").text).found["India - Mobile"]
    place = fields.pop("")
    assert client.post(place, data=fields | {"csrf": ""}).status_code == 403
    assert client.post(place, data=fields | {"csrf": "0" * 64}).status_code == 403
    assert client.post(place, data=fields, headers={"origin": "http://elsewhere.example"}).status_code == 403
    assert client.post(place, data=fields, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    with browser() as (other, _):
        foreign = Form(other.get("/workspaces/shop/telephony?country=IN").text).found["India - Mobile"]
    assert client.post(place, data=fields | {"csrf": foreign["csrf"]}).status_code == 403
    body = {"provider": "plivo", "country": "IN", "on": False, "version": 1}
    as_form = {"content-type": "text/plain"}
    assert client.post("/api/workspaces/shop/switch", json=body, headers=as_form).status_code in (403, 422)
    assert len(store.history("shop")) == 1
    assert client.post(place, data=fields).status_code == 200


def test_without_a_token_a_session_is_made_all_the_same() -> None:
    with browser(token=None) as (client, store):
        assert (
            "India - Mobile off"
            in press(client, "/workspaces/shop/telephony?country=IN", "India - Mobile").text
        )
        assert len(store.history("shop")) == 2


def test_hosts_are_those_that_are_named() -> None:
    with browser(hosts=["testserver"]) as (client, _):
        assert client.get(PAGES[0]).status_code == 200
        assert client.get(PAGES[0], headers={"host": "elsewhere.example"}).status_code == 400


@pytest.mark.parametrize(
    ("page", "status", "words"),
    [
        ("/workspaces/nobody/telephony", 404, "there is no workspace"),
        ("/workspaces/shop/telephony?provider=plivoo", 404, "plivo"),
        ("/workspaces/shop/telephony?country=Indja", 404, "India"),
        ("/workspaces/shop/telephony?done=99", 404, "no version 99"),
        ("/workspaces/shop/telephony?done=x", 422, "done"),
        ("/workspaces/shop/recommend?scenario=cheap", 404, "there is no scenario"),
        ("/nowhere", 404, "there is no page /nowhere"),
    ],
)
def test_errors_are_sentences(shop: Any, page: str, status: int, words: str) -> None:
    client, _ = shop
    answer = client.get(page)
    assert answer.status_code == status
    assert words in answer.text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("number=98x", "number"),
        ("number=%2B919812345678&seconds=-1", "no number of seconds"),
        ("number=%2B919812345678&seconds=61&direction=up", "direction"),
        ("number=%2B919812345678&at=yesterday", "is no time"),
        ("number=%2B919812345678&at=2026-11-20T10:00:00", "no offset"),
    ],
)
def test_the_explorer_states_what_cannot_be(shop: Any, query: str, words: str) -> None:
    client, _ = shop
    assert words in client.get(f"/workspaces/shop/number?{query}").text


def test_the_explorer_shows_prefix_decision_and_charge(shop: Any) -> None:
    client, _ = shop
    shown = client.get("/workspaces/shop/number?number=%2B919812345678&seconds=61").text
    assert "<td>9198</td>" in shown
    assert "allowed" in shown
    assert "₹4.12" in shown  # two minutes at 1.10 and 0.96


def test_a_sheet_is_reported_compared_and_its_questions_are_put(shop: Any) -> None:
    client, _ = shop
    token = Form(client.get("/workspaces/shop/sheet").text).found["/workspaces/shop/sheet"]["csrf"]
    new = b"prefix,network_group,outbound_rate\n91,India,0.60\n44,UK,2.00\n"
    old = b"prefix,network_group,outbound_rate\n91,India,0.50\n44,UK,2.00\n"
    calls = b"to,seconds,answered_at\n+919812345678,61,2026-11-20T10:00:00+05:30\n"
    files = {"file": ("new.csv", new), "old": ("old.csv", old), "calls": ("calls.csv", calls)}
    shown = client.post("/workspaces/shop/sheet", files=files, data={"csrf": token})
    assert shown.status_code == 200
    assert "dearer" in shown.text
    assert "₹0.20" in shown.text
    asked = client.post(
        "/workspaces/shop/sheet",
        files={"file": ("a.csv", b"prefix,Price USD\n91,0.1\n")},
        data={"csrf": token},
    )
    assert asked.status_code == 422
    assert "alert" in asked.text
    wrong = client.post(
        "/workspaces/shop/sheet",
        files={"file": ("a.csv", new)},
        data={"csrf": token, "options": "curency=USD"},
    )
    assert "is no option of reading" in wrong.text
    assert client.post("/workspaces/shop/sheet", files={"file": ("a.csv", new)}).status_code == 403


def test_the_api_decides_screens_and_rates_as_the_library_does() -> None:
    with caller() as client:
        call = {"to": "+919812345678", "source": "+912235550100"}
        allowed = client.post("/api/workspaces/shop/decide", json=call).json()
        assert (allowed["decision"], allowed["network_group"], allowed["rate"]) == (
            "allowed",
            "India - Mobile",
            "0.960000000",
        )
        refused = client.post("/api/workspaces/shop/decide", json=call | {"to": "+441632960961"}).json()
        assert (refused["decision"], refused["status"]) == ("refused", 403)
        broke = {"kyc_verified": True, "balance": "0", "live_calls": 0}
        poor = client.post(
            "/api/workspaces/shop/decide", json=call | {"facts": broke, "explain": True}
        ).json()
        assert poor["decision"]["reason"] == "insufficient_balance"
        rows = client.post(
            "/api/workspaces/shop/screen", json={"recipients": ["919812345678", "x", None]}
        ).json()
        assert [row["reason"] for row in rows] == [None, "invalid_number", "invalid_number"]
        rated = client.post(
            "/api/workspaces/shop/rate", json={"number": "+919812345678", "seconds": 61}
        ).json()
        assert (rated["charge"], rated["billed_seconds"], rated["reason"]) == ("4.12", 120, None)
        told = client.post(
            "/api/workspaces/shop/rate", json={"number": "+919812345678", "seconds": 61, "explain": True}
        )
        assert told.status_code == 200
        groups = client.get("/api/workspaces/shop/network-groups?search=9198").json()
        assert {one["name"] for one in groups} == {"India", "India - Mobile"} - {"India"} | {"India - Mobile"}
        health = client.get("/api/health").json()
        assert [one["provider"] for one in health["decks"]] == ["plivo", "telnyx"]
        assert all(re.fullmatch("[0-9a-f]{64}", one["digest"]) for one in health["decks"])


def test_the_api_states_how_long_a_balance_lasts() -> None:
    with caller() as client:
        asked = {"number": "+919812345678", "balance": "4.12"}
        found = client.post("/api/workspaces/shop/longest-call", json=asked).json()
        assert (found["seconds"], found["held"], found["reason"]) == (120, "4.12", None)
        broke = client.post("/api/workspaces/shop/longest-call", json=asked | {"balance": "1"}).json()
        assert broke["seconds"] == 0
        none = client.post("/api/workspaces/shop/longest-call", json=asked | {"number": "+9198"}).json()
        assert (none["seconds"], none["reason"]) == (None, "impossible_number")
        assert (
            client.post("/api/workspaces/shop/longest-call", json=asked | {"balance": 4.12}).status_code
            == 422
        )


def test_the_api_ignores_nothing_where_a_workspace_has_no_plan() -> None:
    with caller(plans=()) as client:
        for place, more in (("rate", {"seconds": 61}), ("longest-call", {"balance": "4.12"})):
            asked = {"number": "+919812345678"} | more
            assert client.post(f"/api/workspaces/shop/{place}", json=asked).status_code == 200
            refused = client.post(f"/api/workspaces/shop/{place}", json=asked | {"path": "sip_trunk"})
            assert refused.status_code == 400
            assert "path is of billing plans" in refused.json()["sentence"]


def test_the_api_switches_on_top_of_a_version_and_refuses_what_it_does_not_know() -> None:
    with caller() as client:
        place = "/api/workspaces/shop/switch"
        body: dict[str, Any] = {
            "provider": "plivo",
            "country": "IN",
            "group": "India",
            "on": False,
            "version": 1,
        }
        assert client.post(place, json=body).json()["version"] == 2
        stale = client.post(place, json=body)
        assert (stale.status_code, stale.json()["error"]) == (409, "StaleVersionError")
        assert client.post(place, json=body | {"version": 2, "reson": "x"}).status_code == 422
        assert client.post(place, json=body | {"version": 2, "group": "Indya"}).status_code == 404
        secret = client.post("/api/workspaces/shop/decide", json={"to": ["hunter2"]})
        assert secret.status_code == 422
        assert "hunter2" not in secret.text
        assert [one["version"] for one in client.get("/api/workspaces/shop/history").json()] == [1, 2]


def test_a_deck_is_swapped_by_its_key() -> None:
    decks: dict[str, Any] = {"plivo": deck()}
    app, store = made()
    with store:
        app.state.desk._decks = decks
        with TestClient(app, headers={"authorization": f"Bearer {TOKEN}"}) as client:
            first = client.get("/api/health").json()["decks"]
            decks["bolt"] = deck()
            assert len(client.get("/api/health").json()["decks"]) == len(first) + 1


def test_it_is_mounted_in_a_service() -> None:
    from fastapi import FastAPI

    app, store = made(token=None)
    service = FastAPI()
    service.mount("/routing", app)
    with store, TestClient(service) as client:
        home = client.get("/routing/")
        assert home.status_code == 200
        assert 'href="/routing/static/telephony.css"' in home.text
        assert client.get("/routing/static/telephony.css").status_code == 200
        assert client.get("/routing/api/nowhere").json()["error"] == "http"


def test_what_cannot_be_made_is_refused() -> None:
    with ConfigStore("sqlite://") as store:
        given: dict[str, Any] = {"who": lambda request: "x", "now": lambda: datetime(2026, 1, 1, tzinfo=UTC)}
        with pytest.raises(ConfigError, match="shorter than 16"):
            TestClient(application(store, {}, token="short", **given)).get("/")
        with pytest.raises(TypeError, match="pass a mapping"):
            application(store, [], token=None, **given)  # type: ignore[arg-type]
        naive = {"now": lambda: datetime(2026, 1, 1)}
        with TestClient(application(store, {}, token=None, **(given | naive))) as client:
            assert "without a zone" in client.get("/api/health").json()["sentence"]


def test_r1_the_number_plan_can_be_another_or_none() -> None:
    call = {"to": "+9198", "source": "+912235550100"}
    with caller() as client:
        assert client.post("/api/workspaces/shop/decide", json=call).json()["reason"] == "impossible_number"
    with caller(number_plan=None) as client:
        assert client.post("/api/workspaces/shop/decide", json=call).json()["decision"] == "allowed"
