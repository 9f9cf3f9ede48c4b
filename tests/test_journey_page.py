"""The Journey page in a real browser, with nothing but this machine to reach."""

import re

import pytest

from tests.browser import SLOW, until

PATIENCE = 3 * SLOW  # the workers may have to compile their rules first
LAPTOP = (1280, 900)


@pytest.fixture
def journey(visit):
    """Opens the page and waits for the lives."""

    def opened(size=LAPTOP, **options):
        page = visit("journey", size, **options)
        page.wait_for_selector("[data-test=play]", timeout=PATIENCE)
        return page

    return opened


def at_month(page, wave):
    page.locator("[data-test=slider]").fill(str(wave))


def drawn(page, world):
    return page.locator(f".dot.world-{world}:not([display=none])").count()


def test_dots_add_up_to_the_printed_total_and_agree_with_everybody(journey):
    page = journey()
    for wave in (0, 13, 130):
        at_month(page, wave)
        rows = page.locator("[data-test=totals] tbody tr").all()[:-1]
        cells = [[int(cell.replace(",", "")) for cell in row.locator("td").all_inner_texts()]
                 for row in rows]  # fmt: skip
        died = re.search(
            r"Of the 200 people: (\d+) and (\d+)", page.inner_text("[data-test=deaths]")
        )
        for world in (0, 1):
            total = int(page.inner_text(f"[data-test=dots-{world}]"))
            assert drawn(page, world) == total == sum(row[2 * world] for row in cells)
            assert total + int(died.group(world + 1)) == 200
            if wave == 130:
                assert all(abs(row[2 * world] - row[2 * world + 1] / 5) <= 1.2 for row in cells)


def test_play_pause_step_and_speed(journey):
    page = journey()
    month = page.locator("[data-test=month]")
    at_month(page, 0)
    assert month.inner_text() == "At the start"
    page.click("[data-test=on]")
    assert month.inner_text().startswith("Month 1 of 120")
    page.click("[data-test=back]")
    assert month.inner_text() == "At the start"
    page.select_option("[data-test=speed]", "4")
    page.focus(".lives-stage")
    page.keyboard.press("Space")
    until(lambda: month.inner_text() != "At the start")
    page.keyboard.press("Space")
    until(lambda: page.inner_text("[data-test=play]") == "Play")
    stopped = month.inner_text()
    page.wait_for_timeout(600)
    assert month.inner_text() == stopped


def test_one_person_is_followed_in_both_worlds(journey):
    page = journey()
    page.select_option("[data-test=follow]", "14")
    rings = page.locator(".ring:not([display=none]) text")
    lines = page.locator("[data-test=followed] li")
    assert lines.count() == 2
    at_month(page, 0)
    assert rings.all_text_contents() == ["Simulated person 14"] * 2


def test_two_lives_are_read_side_by_side(journey):
    page = journey()
    page.get_by_role("button", name=re.compile("^Read both lives")).first.click()
    story = page.locator(".twins-story")
    story.wait_for(timeout=PATIENCE)
    assert "In short" in story.inner_text()
    assert "Twins prove nothing." in story.inner_text()
    heads = story.locator("thead").first.locator("th").all_inner_texts()
    assert heads == ["Today (“baseline”)", "peer-introduction"]


def test_flows_on_request(journey):
    page = journey()
    page.get_by_role("button", name="As flows between years").click()
    title = page.locator(".stage-flow h3").first
    until(lambda: "How people move" in title.inner_text())


def test_nothing_moves_where_less_movement_is_asked_for(journey):
    page = journey(reduced_motion="reduce")
    assert page.locator("[data-test=play]").is_disabled()
    at_month(page, 0)
    page.focus(".lives-stage")
    page.keyboard.press("Space")
    page.wait_for_timeout(600)
    assert page.inner_text("[data-test=month]") == "At the start"
    page.click("[data-test=on]")
    assert page.inner_text("[data-test=month]").startswith("Month 1 of 120")


@pytest.mark.parametrize("width", [360, 768, 1280, 1920])
def test_no_size_scrolls_sideways(journey, width):
    page = journey((width, 900))
    wide = page.evaluate("document.querySelector('.journey-page').scrollWidth")
    assert wide <= width
