"""The Journey page in a real browser, with nothing but this machine to reach."""

import os
import re
import shutil
import subprocess
import sys

import pytest

sync_api = pytest.importorskip("playwright.sync_api")
pytest.importorskip("solara")
CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE = 180_000  # ms: the workers may have to compile their rules first
SERVE = (
    "from recoverysim.dashboard.launch import serve\n"
    "if __name__ == '__main__':\n    serve(browse=False)\n"
)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs a browser")


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A server of its own; its workers start from a file."""
    file = tmp_path_factory.mktemp("serve") / "serve.py"
    file.write_text(SERVE)
    server = subprocess.Popen(
        [sys.executable, str(file)], stdout=subprocess.PIPE, text=True, stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    try:
        yield re.search(r"http://\S+", server.stdout.readline()).group()
    finally:
        server.terminate()
        server.wait(20)
        server.stdout.close()


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playing:
        one = playing.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield one
        one.close()


@pytest.fixture
def page(address, browser, request):
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, **getattr(request, "param", {})
    )
    one = context.new_page()
    one.faults, one.left = [], []
    one.on("pageerror", lambda fault: one.faults.append(str(fault)))
    one.on("console", lambda said: one.faults.append(said.text) if said.type == "error" else None)
    one.on("request", lambda asked: one.left.append(asked.url))
    one.goto(f"{address}/journey")
    one.wait_for_selector("[data-test=play]", timeout=PATIENCE)
    yield one
    assert one.faults == []
    assert all(url.startswith((address, "data:", "blob:")) for url in one.left)
    context.close()


def at_month(page, wave):
    page.locator("[data-test=slider]").fill(str(wave))


def drawn(page, world):
    return page.locator(f".dot.world-{world}:not([display=none])").count()


def test_dots_add_up_to_the_printed_total_and_agree_with_everybody(page):
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


def test_play_pause_step_and_speed(page):
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
    sync_api.expect(month).not_to_have_text("At the start")
    page.keyboard.press("Space")
    sync_api.expect(page.locator("[data-test=play]")).to_have_text("Play")
    stopped = month.inner_text()
    page.wait_for_timeout(600)
    assert month.inner_text() == stopped


def test_one_person_is_followed_in_both_worlds(page):
    page.select_option("[data-test=follow]", "14")
    rings = page.locator(".ring:not([display=none]) text")
    lines = page.locator("[data-test=followed] li")
    assert lines.count() == 2
    at_month(page, 0)
    assert rings.all_text_contents() == ["Simulated person 14"] * 2


def test_two_lives_are_read_side_by_side(page):
    page.get_by_role("button", name=re.compile("^Read both lives")).first.click()
    story = page.locator(".twins-story")
    story.wait_for(timeout=PATIENCE)
    assert "In short" in story.inner_text()
    assert "Twins prove nothing." in story.inner_text()
    heads = story.locator("thead").first.locator("th").all_inner_texts()
    assert heads == ["Today (“baseline”)", "peer-introduction"]


def test_flows_on_request(page):
    page.get_by_role("button", name="As flows between years").click()
    sync_api.expect(page.locator(".stage-picture h3").first).to_contain_text("How people move")


@pytest.mark.parametrize("page", [{"reduced_motion": "reduce"}], indirect=True)
def test_nothing_moves_where_less_movement_is_asked_for(page):
    assert page.locator("[data-test=play]").is_disabled()
    at_month(page, 0)
    page.focus(".lives-stage")
    page.keyboard.press("Space")
    page.wait_for_timeout(600)
    assert page.inner_text("[data-test=month]") == "At the start"
    page.click("[data-test=on]")
    assert page.inner_text("[data-test=month]").startswith("Month 1 of 120")


@pytest.mark.parametrize("width", [360, 768, 1280, 1920])
def test_no_size_scrolls_sideways(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_timeout(300)
    wide = page.evaluate("document.querySelector('.journey-page').scrollWidth")
    assert wide <= width
