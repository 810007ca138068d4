"""A page becomes a PDF by a browser that is there, else by the library, else the cure is stated."""

from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING

import pytest

from dialnexa_routing import ConfigError
from dialnexa_routing.billing import pdf_printing
from dialnexa_routing.billing.pdf_printing import browser, print_pdfs
from dialnexa_routing.text.html import element, page

if TYPE_CHECKING:
    from pathlib import Path

needs_browser = pytest.mark.skipif(browser() is None, reason="there is no browser that prints")
needs_library = pytest.mark.skipif(
    importlib.util.find_spec("weasyprint") is None, reason="WeasyPrint is not installed"
)


@pytest.fixture
def html(tmp_path: Path) -> Path:
    path = tmp_path / "a.html"
    path.write_text(page("Invoice", element("h1", "₹1,00,000.00")), "utf-8")
    return path


@needs_browser
def test_a_browser_prints(html: Path) -> None:
    pdf = html.with_suffix(".pdf")
    print_pdfs([(html, pdf)])
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert sorted(path.name for path in html.parent.iterdir()) == ["a.html", "a.pdf"]


@needs_library
def test_the_library_prints_where_there_is_no_browser(html: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_printing, "browser", lambda: None)
    print_pdfs([(html, html.with_suffix(".pdf"))])
    assert html.with_suffix(".pdf").read_bytes().startswith(b"%PDF-")


def test_with_neither_the_cure_is_stated(html: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_printing, "browser", lambda: None)
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(ConfigError, match=r"dialnexa-routing\[pdf\]"):
        print_pdfs([(html, html.with_suffix(".pdf"))])
    assert not html.with_suffix(".pdf").exists()


def test_a_browser_that_prints_nothing_is_told(html: Path) -> None:
    with pytest.raises(ConfigError, match="printed nothing"):
        print_pdfs([(html, html.with_suffix(".pdf"))], with_browser="/bin/false")
    with pytest.raises(ConfigError, match="printed nothing"):
        print_pdfs([(html, html.with_suffix(".pdf"))], with_browser="/no/such/browser")
    assert not html.with_suffix(".pdf").exists()
