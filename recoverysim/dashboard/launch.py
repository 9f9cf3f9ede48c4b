"""Starts the dashboard's server: on this machine alone, unless asked otherwise, and without
internet."""

from __future__ import annotations

import os
import secrets
import socket
import threading
import time
import warnings
import webbrowser
from importlib.util import find_spec

from recoverysim.dashboard_words import without

HOST, PORT = "127.0.0.1", 8765
APP, DEVELOPER = "recoverysim.dashboard.app", "recoverysim.dashboard.developer"
LEFT_ALONE = "10m"  # a visitor who has gone is forgotten after so long
NEEDED = ("solara", "ipyvuetify", "uvicorn")  # what the extra `dashboard` brings

SETTINGS = {
    "SOLARA_APP": APP,
    "SOLARA_MODE": "production",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_THEME_TITLE": "recoverysim",
    "SOLARA_THEME_VARIANT": "light",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "False",
    "SOLARA_SESSION_HTTP_ONLY": "True",
    "SOLARA_SESSION_SAME_SITE": "lax",
    "SOLARA_KERNEL_CULL_TIMEOUT": LEFT_ALONE,
}


class CannotStart(Exception):
    """The server cannot start, and why."""


def free_port(host: str, port: int | None) -> int:
    """The port asked for, or a free one near the usual; CannotStart where it is taken."""
    for wanted in (port,) if port is not None else range(PORT, PORT + 20):
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind((host, wanted))
            except OverflowError:
                raise CannotStart(f"a port is 0 to 65535; found {wanted}") from None
            except OSError as fault:
                why = fault.strerror or str(fault)
                continue
            return int(tried.getsockname()[1])
    raise CannotStart(f"nothing can listen on {host}, port {port or PORT}: {why}")


def serve(
    host: str = HOST, port: int | None = None, *, browse: bool = True, developer: bool = False,
    path: str = "/",
) -> None:  # fmt: skip
    """Serve until interrupted, with the browser opened at a path unless it is not to browse.

    `developer`: Mesa's own view of one model in place of the pages. Raises CannotStart: no free
    port, or the extra is missing.
    """
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise CannotStart(without(missing[0]))
    chosen = free_port(host, port)
    os.environ.update(SETTINGS | ({"SOLARA_APP": DEVELOPER} if developer else {}))
    os.environ["SOLARA_SESSION_SECRET_KEY"] = secrets.token_hex(32)
    # Solara would have its cookies sent by other sites' pages too; the guard sees to them.
    warnings.filterwarnings("ignore", "Cookies with samesite=none", UserWarning)
    import uvicorn
    from solara.server.starlette import app

    from recoverysim.dashboard.guard import OWN_NAMES, Guard
    from recoverysim.dashboard.work.shared import desk

    address = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{chosen}"
    # On a network the server does not know by which names it is called.
    names = OWN_NAMES | {host} if host in (*OWN_NAMES, "localhost") else frozenset()
    if not developer:
        desk().warm()
    server = uvicorn.Server(
        uvicorn.Config(
            Guard(app, names), host=host, port=chosen, log_level="warning", access_log=False,
            timeout_graceful_shutdown=2, ws_max_size=2**20,
        )
    )  # fmt: skip

    def tell() -> None:
        while not server.started:
            time.sleep(0.05)
        print(f"The dashboard is at {address} (Ctrl-C ends it).", flush=True)
        if browse:
            webbrowser.open(address + path)

    threading.Thread(target=tell, daemon=True).start()
    try:
        server.run()
    finally:
        desk().close()
