"""Telephony Config in a real Chromium: searches, switches, keyboard, widths, and what axe finds."""

from __future__ import annotations

import shutil
import socket
import threading
from typing import TYPE_CHECKING, Any

import pytest

from web_desk import TOKEN, made

pytest.importorskip("uvicorn")
playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on the path")
PAGES = [
    "telephony?country=IN",
    "telephony?provider=sip",
    "number?number=919812345678&seconds=61",
    "history",
    "sheet",
    "recommend",
]


@pytest.fixture(scope="module")
def place() -> Iterator[str]:
    import uvicorn

    app, store = made()
    bound = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
    thread.start()
    yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    store.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Any, place: str) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    problems: list[str] = []
    opened.on("console", lambda told: problems.append(told.text) if told.type == "error" else None)
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on(
        "request",
        lambda sent: problems.append(sent.url) if not sent.url.startswith((place, "data:")) else None,
    )
    opened.goto(f"{place}/?token={TOKEN}")
    yield opened
    context.close()
    assert problems == []


def test_r25_groups_are_found_as_one_types_and_switched_without_losing_the_place(page: Any) -> None:
    page.fill("#search", "ind")
    expect = playwright.expect
    expect(page.locator(".rows li")).to_have_count(1)
    page.fill("#search", "9198")
    expect(page.locator("#groups-head")).to_contain_text("9198")
    button = page.get_by_role("switch", name="India - Mobile", exact=True)
    expect(button).to_be_checked()
    assert page.evaluate("document.activeElement.id") == "search"
    button.focus()
    page.keyboard.press("Space")
    expect(button).not_to_be_checked()
    expect(page.get_by_role("status")).to_contain_text("India - Mobile off, by ravi")
    expect(button).to_be_focused()
    page.reload()
    expect(page.get_by_role("switch", name="India - Mobile", exact=True)).not_to_be_checked()


def test_everything_works_without_scripts(chromium: Any, place: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{place}/?token={TOKEN}")
    page.fill("#search", "kingdom")
    page.keyboard.press("Enter")
    playwright.expect(page.locator(".rows li")).to_have_count(1)
    switch = page.get_by_role("switch", name="All network groups of United Kingdom")
    switch.click()
    playwright.expect(page.get_by_role("status")).to_contain_text("GB on")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 500, 1280])
def test_no_page_is_wider_than_its_window_and_axe_finds_nothing(
    chromium: Any, place: str, width: int, scheme: str
) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{place}/?token={TOKEN}")
    for name in PAGES:
        page.goto(f"{place}/workspaces/shop/{name}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        found = axe.Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], name
    context.close()
