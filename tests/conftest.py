"""What tests of the dashboard in a browser share. Nothing here starts where no test asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser import ARGUMENTS, LAPTOP, Served, Visitor, chromium, without


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    """One dashboard for all tests of one process."""
    chromium()
    started = Served()
    yield started
    started.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One Chromium for the tests of a file: Playwright holds the event loop of its thread, which
    tests in other files may want for themselves."""
    path = chromium()
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        without("Playwright is not installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def visit(browser: Any, served: Served) -> Iterator[Callable[..., Any]]:
    """Opens a page as a new visitor; at the end nobody may have met a fault."""
    visitors: list[Visitor] = []

    def opened(path: str = "compare", size: tuple[int, int] = LAPTOP, **options: Any) -> Any:
        visitors.append(Visitor(browser, served, size, **options))
        return visitors[-1].open(path)

    yield opened
    for one in visitors:
        one.close()
