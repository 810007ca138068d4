"""Who may ask: a token, a session of the browser, no change from a page of somebody else; and safe headers.

It stands around the whole application, in front of every route, so that a new route is guarded too.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse

from dialnexa_routing.text.errors import ConfigError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "dialnexa_routing"
CSRF_FIELD = "csrf"
MIN_TOKEN = 16
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_HEADERS = {
    # Fragments bring their own rules and cells their alignment; scripts come from one file of ours alone.
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}


class Guard:
    """An ASGI application around another one.

    Args:
        app: the one it guards.
        token: what a caller must know, as ``Authorization: Bearer`` or once as ``?token=``, which becomes a
            cookie. None asks for none: whoever reaches the application may use it.

    Raises:
        ConfigError: the token is shorter than sixteen characters.

    A request that changes something and is not of a bearer must come from a page of this application: its
    form or header has the value that `csrf_of` gives for the session.
    """

    def __init__(self, app: ASGIApp, token: str | None) -> None:
        if token is not None and (not isinstance(token, str) or len(token) < MIN_TOKEN):
            raise ConfigError(
                f"the token is shorter than {MIN_TOKEN} characters; take secrets.token_urlsafe()"
            )
        self._app = app
        self._token = token
        self._key = (token or secrets.token_hex()).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request: answered here where it is refused, else handed on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        headers = Headers(scope=scope)
        session = self._session(headers)
        is_bearer = self._token is not None and self._is_bearer(headers)
        new = None
        if self._token is None and session is None:
            session = new = secrets.token_urlsafe(16)
        if self._token is not None and session is None and not is_bearer:
            await self._enter(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["csrf"] = self._sign("csrf", session or "")
        state["is_bearer"] = is_bearer
        if scope["method"] not in _SAFE and not is_bearer and not _is_same_site(headers):
            refusal = PlainTextResponse("this request comes from another site; open the page here", 403)
            await refusal(scope, receive, _safe(send, scope))
            return
        cookie = None if new is None else self._cookie(scope, new)
        await self._app(scope, receive, _safe(send, scope, cookie))

    async def _enter(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Takes the token out of the address into a cookie, or refuses."""
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = next((value for name, value in query if name == "token"), None)
        if scope["method"] == "GET" and given is not None and self._is_token(given):
            rest = urlencode([(name, value) for name, value in query if name != "token"])
            place = scope["path"] + (f"?{rest}" if rest else "")
            # One slash: two would lead to another host.
            answer = RedirectResponse("/" + place.lstrip("/"), 303)
            cookie = self._cookie(scope, secrets.token_urlsafe(16))
            await answer(scope, receive, _safe(send, scope, cookie))
            return
        sentence = "a token is needed: open the address that serve printed, or send Authorization: Bearer"
        refusal = (
            JSONResponse({"error": "unauthorized", "sentence": sentence}, 401)
            if "/api/" in scope["path"]
            else PlainTextResponse(sentence + "\n", 401)
        )
        refusal.headers["www-authenticate"] = "Bearer"
        await refusal(scope, receive, _safe(send, scope))

    def _session(self, headers: Headers) -> str | None:
        """The session of the cookie, if it was made here."""
        try:
            held = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            return None
        session, _, signature = (held.value if held else "").partition(".")
        is_ours = hmac.compare_digest(signature.encode(), self._sign("session", session).encode())
        return session if session and is_ours else None

    def _cookie(self, scope: Scope, session: str) -> str:
        secure = "; Secure" if scope["scheme"] == "https" else ""
        path = scope.get("root_path") or "/"
        value = f"{session}.{self._sign('session', session)}"
        return f"{COOKIE}={value}; Path={path}; HttpOnly; SameSite=Strict{secure}"

    def _is_bearer(self, headers: Headers) -> bool:
        scheme, _, given = headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and self._is_token(given.strip())

    def _is_token(self, given: str) -> bool:
        # Digests are of one length, so the time of comparing shows nothing.
        return hmac.compare_digest(_digest(given), _digest(self._token or ""))

    def _sign(self, what: str, session: str) -> str:
        return hmac.new(self._key, f"{what} {session}".encode(), hashlib.sha256).hexdigest()


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()


def _is_same_site(headers: Headers) -> bool:
    """Whether a browser states that its page is of this host; what is no browser states nothing."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


def _safe(send: Send, scope: Scope, cookie: str | None = None) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            if cookie is not None:
                headers.append("set-cookie", cookie)
        await send(message)

    return sent
