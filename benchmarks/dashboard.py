"""How soon the dashboard answers, in a real browser: from a key press on a lever to a new sentence.

The server is a process of its own and the browser a headless Chromium on the same machine, so both
share its cores. Every press asks for something that was never asked before. The answer is that of
the quick look (500 people, 8 repeats); the exact one begins behind it and is dropped at the next
press, as it is for somebody who tries a lever. Bytes are those of the WebSocket, not compressed.

    python benchmarks/dashboard.py [--presses 40]

It needs `recoverysim[dashboard]`, Playwright and a Chromium on the path.
"""

from __future__ import annotations

import argparse
import base64
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from record import record

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
COMMAND = "from recoverysim.command import main; main()"
LEVER = "#lever-offered_peer"
BURST = 20
PAUSE = 0.6  # seconds between presses: somebody who looks at what each gives
VIEWS = 5
# From the next key press to the sentence that answers all that was asked by then.
WATCH = """presses => {
    const sentence = () => document.querySelector('.sentence').dataset;
    const levers = () => document.querySelector('.levers').dataset;
    const before = Number(sentence().looks), heard = Number(levers().heard);
    window.answered = new Promise(resolve => {
        let pressed = 0, last = 0;
        addEventListener('keydown', function heard() {
            last = performance.now();
            if (++pressed === presses) removeEventListener('keydown', heard, true);
        }, true);
        const watch = new MutationObserver(() => {
            const now = sentence();
            if (pressed < presses || Number(now.looks) === before || now.current !== 'true') return;
            if (Number(levers().heard) < heard + presses) return;
            watch.disconnect();
            resolve(performance.now() - last);
        });
        watch.observe(document.body, {subtree: true, childList: true, attributes: true});
    });
}"""


def main() -> None:
    """Open, press, and record what was measured."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--presses", type=int, default=40)
    asked.add_argument("--quick", action="store_true", help="a few presses, nothing kept")
    given = asked.parse_args()
    presses = 4 if given.quick else given.presses
    chromium = next((path for path in map(shutil.which, NAMES) if path), None)
    if chromium is None:
        raise SystemExit(f"no Chromium was found (looked for {', '.join(NAMES)})")
    from playwright.sync_api import sync_playwright

    server, address = serve()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            measure(browser, address, presses)
            browser.close()
    finally:
        server.terminate()
        server.wait()


def serve() -> tuple[subprocess.Popen[str], str]:
    """A dashboard on a free port, and its address."""
    root = str(Path(__file__).parent.parent)
    found = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    server = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "dashboard", "--no-browser", "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env=os.environ | {"PYTHONPATH": found},
    )  # fmt: skip
    told = server.stdout.readline() if server.stdout else ""
    address = re.search(r"http://\S+", told)
    if address is None:
        server.terminate()
        raise SystemExit(f"the dashboard did not start: {told}")
    return server, address.group()


def measure(browser: Any, address: str, presses: int) -> None:
    """The first view, single presses, a burst, and the bytes of each change."""
    size = {"width": 1440, "height": 900}
    views = []
    for _ in range(VIEWS + 1):
        page = browser.new_context(viewport=size).new_page()
        begun = time.perf_counter()
        page.goto(f"{address}/compare")
        page.locator(".the-sentence", has_text="in every 1,000").wait_for()
        views.append(time.perf_counter() - begun)
        page.context.close()
    record("dashboard", "first view, until the sentence is there", median(views[1:]), "s")

    page = browser.new_context(viewport=size).new_page()
    received = [0]
    listen(page, received)
    seed = time.time_ns() % 10**9
    page.goto(f"{address}/compare?v=1&s=peer-introduction&seed={seed}")
    page.locator(".sentence[data-state=exact]").wait_for(timeout=120_000)
    change(page, "Home", 1)
    times, sizes = [], []
    for _ in range(presses):
        time.sleep(PAUSE)
        before = received[0]
        times.append(change(page, "ArrowRight", 1))
        sizes.append(received[0] - before)
    said = "key press on a lever until the new sentence"
    record("dashboard", f"{said}, median", median(times), "ms", clients=500)
    record("dashboard", f"{said}, 95th percentile", quantiles(times, n=20)[-1], "ms", clients=500)
    record("dashboard", "bytes to the browser for a change", median(sizes) / 1000, "KB")

    page.locator(".sentence[data-state=exact]").wait_for(timeout=120_000)
    burst = change(page, "ArrowRight", BURST)
    record("dashboard", f"burst of {BURST} presses, from the last", burst, "ms", clients=500)


def change(page: Any, key: str, presses: int) -> float:
    """Press a key so often, and wait: milliseconds from the last press to the answer."""
    page.locator(LEVER).focus()
    page.evaluate(WATCH, presses)
    for _ in range(presses):
        page.keyboard.press(key)
    return float(page.evaluate("window.answered"))


def listen(page: Any, received: list[int]) -> None:
    """Count the bytes that come over the page's WebSocket."""

    def came(frame: dict[str, Any]) -> None:
        content = frame["response"]["payloadData"]
        is_text = frame["response"]["opcode"] == 1
        received[0] += len(content.encode()) if is_text else len(base64.b64decode(content))

    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.webSocketFrameReceived", came)


if __name__ == "__main__":
    main()
