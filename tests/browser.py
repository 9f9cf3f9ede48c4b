"""The dashboard as people meet it: served by a process of its own, looked at in a real browser.

Nothing but the dashboard can be reached: what a page asks of anybody else is stopped and held
against it, as is every error in its console, every answer of 400 or more, and every traceback of
the server.
"""

from __future__ import annotations

import os
import queue
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync",
    "--disable-component-update", "--no-first-run", "--no-default-browser-check",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip
REQUIRED = os.environ.get("RECOVERYSIM_BROWSER") == "required"
LAPTOP, PHONE = (1440, 900), (360, 640)
COMMAND = "from recoverysim.command import main; main()"
SLOW = 120_000  # milliseconds: more than this and something is broken, however busy the machine


def chromium() -> str:
    """Where Chromium is; the test is skipped where it is not, or fails if it was to be there."""
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    if found is None:
        without(f"no Chromium was found (looked for {', '.join(NAMES)})")
    return str(found)


def without(why: str) -> None:
    """No browser here: skipped by name, or failed where RECOVERYSIM_BROWSER=required is set."""
    if REQUIRED:
        pytest.fail(f"{why}, and RECOVERYSIM_BROWSER=required is set")
    pytest.skip(f"{why}; the tests of the dashboard in a browser need one")


class Served:
    """A dashboard in a process of its own, on a free port."""

    def __init__(self, code: str = COMMAND) -> None:
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115  closed in `close`
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, "dashboard", "--no-browser", "--port", "0"],
            stdout=subprocess.PIPE, stderr=self._log, text=True, cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        lines: queue.Queue[str] = queue.Queue()
        threading.Thread(
            target=lambda: lines.put(self.process.stdout.readline()), daemon=True
        ).start()
        try:
            told = lines.get(timeout=90)
        except queue.Empty:
            told = ""
        found = re.search(r"http://\S+", told)
        if found is None:
            log = self.log()
            self.close()
            pytest.fail(f"the dashboard did not start: {told} {log}")
        self.address = found.group()

    def log(self) -> str:
        """Everything that it said on its standard error."""
        self._log.flush()
        self._log.seek(0)
        return self._log.read()

    def close(self) -> None:
        """End it."""
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self._log.close()


class Visitor:
    """One person's browser: own cookies, own clipboard, and an eye on what the pages do."""

    def __init__(self, browser: Any, served: Served, size: tuple[int, int], **options: Any) -> None:
        self.served = served
        self.faults: list[str] = []
        self.outside: list[str] = []
        self._logged = len(served.log())
        self.context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, accept_downloads=True, **options
        )
        self.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=served.address)
        self.context.set_default_timeout(SLOW)
        self.context.route(lambda url: not self._is_own(url), self._stop)
        self.page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda fault: self.faults.append(f"page error: {fault}"))
        self.page.on("response", self._answered)

    def _is_own(self, url: str) -> bool:
        parts = urlsplit(url)
        own = urlsplit(self.served.address).netloc
        return parts.scheme in ("data", "blob", "about") or parts.netloc == own

    def _stop(self, route: Any) -> None:
        self.outside.append(route.request.url)
        route.abort()

    def _heard(self, message: Any) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text[:300]}")

    def _answered(self, response: Any) -> None:
        if response.status >= 400:
            self.faults.append(f"{response.status}: {response.url}")

    def open(self, path: str = "") -> Any:
        """Open a page, and wait until it is there."""
        self.page.goto(f"{self.served.address}/{path}")
        self.page.wait_for_selector(".rs-app h1", state="attached")
        return self.page

    def close(self, *, failing: bool = False) -> None:
        """Go; AssertionError where anything was amiss."""
        self.context.close()
        logged = self.served.log()[self._logged :]
        assert self.outside == []
        assert self.faults == []
        assert failing or "Traceback" not in logged, logged


# --- waiting ------------------------------------------------------------------------------


def answered(page: Any, *, exact: bool = False) -> None:
    """Wait until what is asked now is answered: at a quick look, or exactly."""
    wanted = "[data-state=exact]" if exact else ":not([data-state=waiting])"
    page.wait_for_selector(f".sentence[data-current=true]{wanted}")


def looks(page: Any) -> int:
    """How often something was asked so far, as the page shows it."""
    return int(page.locator(".sentence").get_attribute("data-looks"))


def change(page: Any, act: Callable[[], object], *, exact: bool = False) -> None:
    """Do something that asks something new, and wait for its answer."""
    before = looks(page)
    act()
    page.wait_for_function(
        "before => Number(document.querySelector('.sentence').dataset.looks) > before"
        " && !document.querySelector('.levers[data-waiting=true]')",
        arg=before,
    )
    answered(page, exact=exact)


def sentence(page: Any) -> str:
    """The one sentence."""
    return str(page.locator(".the-sentence").inner_text()).replace("\n", " ").strip()


def url(page: Any) -> str:
    """The address, as the page has it now (`page.url` only hears of it while Playwright is at
    work)."""
    return str(page.evaluate("location.href"))


def until(true: Callable[[], object], seconds: float = 10, told: str = "") -> Any:
    """Wait until something is true, and give what it is."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = true()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(told or f"not true within {seconds} s")
