"""Mesa's own view of one model, for developers, in a real browser."""

import pytest

from tests.browser import COMMAND, LAPTOP, Served, Visitor

DEVELOPER = f"import sys; sys.argv.append('--developer'); {COMMAND}"


@pytest.fixture
def view(browser):
    served = Served(DEVELOPER)
    visitor = Visitor(browser, served, LAPTOP)
    yield visitor
    visitor.close()
    served.close()


def test_a_step_is_a_week_and_nothing_comes_from_elsewhere(view):
    page = view.page
    page.goto(view.served.address)
    page.get_by_text("week 0").wait_for()
    page.get_by_role("button", name="Step").click()
    page.get_by_text("week 1").wait_for()
    assert "treatment" in page.inner_text("body")
