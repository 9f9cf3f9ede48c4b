"""Every page of the dashboard opens, says what it is, and asks nothing of anybody else."""

from __future__ import annotations

import pytest

from tests.browser import answered, change, sentence

PAGES = ("", "compare", "about", "report")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_with_one_heading_a_title_and_its_language(visit, path):
    page = visit(path)
    assert page.locator("h1").count() == 1
    assert page.locator("h1").inner_text().strip()
    assert page.evaluate("document.documentElement.lang") == "en-GB"
    assert "recoverysim" in page.title()


def test_try(visit):
    page = visit("compare")
    answered(page, exact=True)
    print(sentence(page))
    change(page, lambda: page.locator("#lever-offered_peer").press("ArrowRight"))
    print(sentence(page), page.url)
    change(page, lambda: page.keyboard.press("u"))
    print(sentence(page), page.url)
