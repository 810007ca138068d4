"""Pages: Jinja templates around the fragments of HTML that the library's own maker makes."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup as Safe
from starlette.responses import HTMLResponse

from dialnexa_routing.money.rupees import grouped
from dialnexa_routing.money.rupees import price as read
from dialnexa_routing.text.html import Markup
from dialnexa_routing.text.scrub import shown
from dialnexa_routing.web.guard import CSRF_FIELD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from dialnexa_routing.workspace.telephony.views import PriceRange

HERE = Path(__file__).parent
PARTIAL = "x-partial"
"""The request header of the script, which puts only the main part of a page in place."""


def _finalized(value: Any) -> Any:
    """Fragments as they are; every other text scrubbed, and then escaped by Jinja."""
    if isinstance(value, Markup):
        return Safe(str(value))
    return value if isinstance(value, Safe) else shown(str(value))


def priced(price: PriceRange | Decimal | None) -> str:
    """A price with two places at least; a range where prefixes differ.

    >>> priced(Decimal("0.767160000")), priced(Decimal("12")), priced(None)
    ('₹0.76716', '₹12.00', 'no price')
    """
    if price is None:
        return "no price"
    if isinstance(price, Decimal):
        return read(price)
    if price.lowest == price.highest:
        return priced(price.lowest)
    return f"{priced(price.lowest)} to {priced(price.highest)}"


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalized,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"grouped": grouped, "priced": priced}
    made.globals["csrf_field"] = CSRF_FIELD
    return made


_ENVIRONMENT = _environment()


def page(request: Request, template: str, status: int = 200, /, **values: Any) -> HTMLResponse:
    """A page by its template, or its main part alone where the script asks for that."""

    def link(name: str, query: Mapping[str, Any] | None = None, /, **place: Any) -> str:
        kept = {key: value for key, value in (query or {}).items() if value not in (None, "")}
        path = request.url_for(name, **place).path
        return f"{path}?{urlencode(kept)}" if kept else path

    whole = "partial.html" if request.headers.get(PARTIAL) else "base.html"
    text = _ENVIRONMENT.get_template(template).render(
        layout=whole, link=link, csrf=request.state.csrf, here=request.url, **values
    )
    return HTMLResponse(text, status, headers={"vary": PARTIAL})
