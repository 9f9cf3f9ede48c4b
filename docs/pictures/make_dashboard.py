"""Draws the README's picture of the dashboard: python -m docs.pictures.make_dashboard

It opens the real pages in a real browser (Chromium has to be there), a minute or so.
"""

from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser import ARGUMENTS, Served, Visitor, answered, chromium

PICTURES = {"dashboard": ("compare", (1280, 1000))}

if __name__ == "__main__":
    served = Served()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        for name, (path, size) in PICTURES.items():
            visitor = Visitor(browser, served, size)
            page = visitor.open(path)
            answered(page, exact=True)
            page.wait_for_timeout(1000)  # letters have come
            page.screenshot(path=Path(__file__).parent / f"{name}.png")
            visitor.close()
        browser.close()
    served.close()
