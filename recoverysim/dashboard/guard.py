"""What stands before the server: pages of other sites may not use it, and ours may load nothing
from elsewhere."""

from __future__ import annotations

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
        "connect-src 'self' ws: wss:",
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
TOO_TELLING = ("/resourcez",)


class Guard:
    """Around an ASGI application: checks where a WebSocket comes from, and adds the headers."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One connection."""
        if scope["type"] == "websocket" and not is_own_page(scope["headers"]):
            await receive()
            await send({"type": "websocket.close", "code": 1008})
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
