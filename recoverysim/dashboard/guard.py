"""What stands before the server: pages of other sites may not use it, and ours may load nothing
from elsewhere."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from recoverysim import dashboard_words as said

# Solara compiles its templates in the browser, which is what 'unsafe-eval' is for.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "base-uri 'self'",
        "object-src 'none'",
    )
)
HEADERS = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
]
NOT_PAGES = ("/static", "/jupyter", "/_solara")
LOST = f"""<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>recoverysim</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<body style="font: 18px/1.5 sans-serif; margin: 10vh auto; max-width: 34em; padding: 0 1em">
<h1>{said.NO_SUCH_PAGE}</h1><p><a href="/">{said.GO_TO_START}</a></p></body></html>"""
OWN_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
MOST_OF_ONE_VISITOR, MOST_IN_ALL = 12, 120  # open pages
REFUSED, BUSY = 1008, 1013  # codes of a WebSocket that is closed
TOO_TELLING = ("/resourcez",)


class Guard:
    """Around an ASGI application: checks where a WebSocket comes from, and adds the headers."""

    def __init__(self, app: Any, hosts: frozenset[str] = OWN_NAMES) -> None:
        self.app = app
        self.hosts = hosts
        self.open: Counter[str] = Counter()  # connections of each visitor

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One connection."""
        if scope["type"] == "websocket":
            await self._connect(scope, receive, send)
            return
        if scope["type"] == "http" and not self._is_for_us(scope["headers"]):
            await send({"type": "http.response.start", "status": 421, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        if scope["type"] == "http" and scope["path"].startswith(TOO_TELLING):
            await send({"type": "http.response.start", "status": 404, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return

        lost = False  # an address that is no page of ours

        async def with_headers(message: Any) -> None:
            nonlocal lost
            if message["type"] == "http.response.start" and message["status"] == 404:
                lost = not scope["path"].startswith(NOT_PAGES)
                if lost:
                    kinds = [(b"content-type", b"text/html; charset=utf-8")]
                    message = message | {"headers": kinds}
            if lost and message["type"] == "http.response.body":
                message = {"type": "http.response.body", "body": LOST.encode()}
            if message["type"] == "http.response.start":
                given = [(name, _cookie(name, value)) for name, value in message.get("headers", [])]
                message = message | {"headers": [*given, *HEADERS]}
            await send(message)

        await self.app(scope, receive, with_headers)

    async def _connect(self, scope: Any, receive: Any, send: Any) -> None:
        """A page that opens its connection: one of ours, and no more than a few of each visitor."""
        headers = scope["headers"]
        visitor = _visitor(headers)
        too_many = self.open[visitor] >= MOST_OF_ONE_VISITOR or self.open.total() >= MOST_IN_ALL
        if not self._is_for_us(headers) or not is_own_page(headers) or too_many:
            await receive()
            code = BUSY if too_many else REFUSED
            await send({"type": "websocket.close", "code": code})
            return
        self.open[visitor] += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.open[visitor] -= 1
            self.open += Counter()  # who has gone is forgotten

    def _is_for_us(self, headers: list[tuple[bytes, bytes]]) -> bool:
        """Whether the address that was asked for is one of this server's: another name that was
        made to lead here is not."""
        asked = dict(headers).get(b"host", b"").decode("latin-1")
        return not self.hosts or (urlsplit(f"//{asked}").hostname or "") in self.hosts


def _visitor(headers: list[tuple[bytes, bytes]]) -> str:
    """The visitor's cookie; all without one are counted as one."""
    cookies = SimpleCookie()
    with suppress(CookieError):
        cookies.load(dict(headers).get(b"cookie", b"").decode("latin-1"))
    found = next((one.value for name, one in cookies.items() if name.startswith("solara")), "")
    return str(found)


def _cookie(name: bytes, value: bytes) -> bytes:
    """A header's value; cookies are for our own pages alone, and end with the browser."""
    if name.lower() != b"set-cookie":
        return value
    parts = [part.strip() for part in value.split(b";")]
    kept = [one for one in parts if not one.lower().startswith((b"expires=", b"samesite="))]
    return b"; ".join([*kept, b"SameSite=Lax"])


def is_own_page(headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether the page that opens a WebSocket came from this very server.

    A browser always says where its page came from; a program that says nothing is no page.
    """
    given = {name.lower(): value.decode("latin-1") for name, value in headers}
    origin = given.get(b"origin")
    return origin is None or urlsplit(origin).netloc.lower() == given.get(b"host", "").lower()
