"""Everybody can use the pages: axe-core, small and large screens, the projector, the keyboard."""

from __future__ import annotations

import pytest

from recoverysim import dashboard_words as said
from tests.browser import PHONE, answered

# Of each page: its address, and what is there once it has all it shows.
PAGES = {
    "": ".sentence[data-state=exact], .the-sentence",
    "compare": ".sentence[data-state=exact]",
    "journey": "[data-test=totals]",
    "why": ".sentence[data-state=exact]",
    "evidence": ".evidence tbody tr",
    "report": "iframe.report",
    "about": "main h2, .page h2",
}
GRAVE = ("serious", "critical")
# How far something on the page stands out to the side, but for what scrolls by itself.
SIDEWAYS = """() => {
    const wide = document.documentElement.clientWidth, found = [];
    for (const one of document.querySelectorAll('.rs-app *')) {
        const box = one.getBoundingClientRect(), style = getComputedStyle(one);
        if (!box.width || !box.height || style.visibility === 'hidden') continue;
        if (one.closest('.unseen, .skip, [hidden]')) continue;
        let scrolled = false;
        for (let up = one.parentElement; up; up = up.parentElement) {
            if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(up).overflowX)
                && up.getBoundingClientRect().right <= wide + 1) { scrolled = true; break; }
        }
        if (!scrolled && box.right > wide + 1)
            found.push(one.tagName + '.' + one.getAttribute('class') + ' ' + Math.round(box.right));
    }
    const page = document.scrollingElement;
    if (page.scrollWidth > wide + 1) found.push('the page ' + page.scrollWidth);
    return found.slice(0, 8);
}"""


def grave(page):
    """What axe-core finds, serious or critical, in a line each."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {one['help']}: "
        + " | ".join(f"{node['target'][0]} {node['html'][:100]}" for node in one["nodes"][:4])
        for one in found
        if one["impact"] in GRAVE
    ]


def opened(visit, path, **options):
    page = visit(path, **options)
    page.wait_for_selector(PAGES[path], state="attached")
    return page


def test_axe_would_find_what_is_grave(visit):
    """The tests below would pass if nobody looked."""
    page = visit("about")
    page.evaluate(
        "document.querySelector('main').innerHTML += '<button></button><img src=\"data:,\">'"
    )
    assert len(grave(page)) == 2


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_grave_on_a_page(visit, path):
    page = opened(visit, path)
    assert grave(page) == []
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.wait_for_timeout(400)
    assert grave(page) == []


def test_axe_finds_nothing_grave_where_everything_is_open(visit):
    page = opened(visit, "compare")
    answered(page, exact=True)
    page.locator("button.more").click()
    page.locator("button.why").nth(0).click()
    page.get_by_role("button", name=said.SHELL["keys"]).click()
    for one in page.locator(".pictured > button.small").all():
        one.click()
    for one in page.locator("details > summary").all():
        one.click()
    page.locator(".pictured table").first.wait_for()
    assert grave(page) == []
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.wait_for_timeout(400)
    assert grave(page) == []


@pytest.mark.parametrize("path", PAGES)
def test_at_four_times_the_size_nothing_scrolls_sideways(visit, path):
    """A window of 1280 at 400% is 320 wide; what is wide by nature scrolls in its own frame."""
    page = opened(visit, path, size=(320, 256))
    page.wait_for_timeout(300)
    assert page.evaluate(SIDEWAYS) == []


def test_the_line_on_a_phone_is_within_reach_of_the_keyboard(visit):
    page = opened(visit, "compare", size=PHONE)
    assert page.evaluate(SIDEWAYS) == []
    frames = page.locator(".scroller").all()
    assert all(one.get_attribute("tabindex") == "0" for one in frames)
    assert all(one.get_attribute("aria-label") for one in frames)


def test_on_a_phone_the_sentence_comes_first_then_the_levers(visit):
    page = opened(visit, "compare", size=PHONE)
    places = [
        page.locator(one).first.bounding_box()["y"]
        for one in (".the-sentence", ".levers", ".cards")
    ]
    assert places == sorted(places)
    lever = page.locator("[data-lever]").first.bounding_box()
    assert lever["y"] + lever["height"] <= PHONE[1]


def test_what_is_pressed_is_large_enough_on_a_phone(visit):
    page = opened(visit, "compare", size=PHONE)
    page.locator("button.more").click()
    small = page.evaluate("""() => [...document.querySelectorAll(
        '.rs-app button, .rs-app select, .rs-app summary, '
        + '.rs-app input:not([type=range]):not([type=checkbox])'
    )].filter(one => one.offsetParent).map(one => [one.getBoundingClientRect(), one])
        .filter(([box]) => box.width && (box.width < 24 || box.height < 24))
        .map(([box, one]) => one.outerHTML.slice(0, 90) + ' ' + box.width + 'x' + box.height)""")
    assert small == []


PROJECTED = """() => {
    const small = [], walker = document.createTreeWalker(
        document.querySelector('.rs-app'), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const text = walker.currentNode.textContent.trim(), one = walker.currentNode.parentElement;
        if (!text || one.closest('.unseen, .skip, option, title, desc, style')) continue;
        const range = document.createRange();
        range.selectNodeContents(walker.currentNode);
        const box = range.getBoundingClientRect();
        if (!box.width || !box.height || !one.checkVisibility()) continue;
        let size = parseFloat(getComputedStyle(one).fontSize);
        const svg = one.closest('svg[viewBox]');
        if (svg) size *= svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
        if (size < 17.95) small.push(size.toFixed(1) + ' ' + text.slice(0, 40));
    }
    return small;
}"""


def test_on_a_projector_everything_can_be_read_from_the_back(visit):
    page = opened(visit, "compare", size=(1920, 1080))
    page.keyboard.press("p")
    page.locator(".projected").wait_for()
    page.wait_for_timeout(500)
    assert page.evaluate(PROJECTED) == []
    headline = page.locator(".the-sentence b").evaluate(
        "e => parseFloat(getComputedStyle(e).fontSize)"
    )
    assert headline >= 32
    assert page.locator("input[type=range]:visible").count() == 1
    page.keyboard.press("p")
    page.locator(".projected").wait_for(state="detached")
    assert page.locator("input[type=range]:visible").count() >= 3


def test_the_skip_link_leads_to_the_page(visit):
    page = opened(visit, "compare")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    assert page.locator("#main h1").count() == 1


def test_single_keys_can_be_turned_off_and_stay_off(visit):
    page = opened(visit, "compare")
    page.keyboard.press("?")
    page.get_by_label(said.SHELL["single_keys"]).uncheck()
    page.get_by_role("button", name=said.SHELL["close"]).click()
    page.keyboard.press("p")
    page.wait_for_timeout(400)
    assert page.locator(".projected").count() == 0
    page.reload()
    answered(page)
    page.keyboard.press("p")
    page.wait_for_timeout(400)
    assert page.locator(".projected").count() == 0


def test_number_keys_go_to_the_levers(visit):
    page = opened(visit, "compare")
    wanted = page.locator("[data-lever]").evaluate_all("all => all.slice(0, 4).map(one => one.id)")
    found = []
    for key in "1234":
        page.keyboard.press(key)
        found.append(page.evaluate("document.activeElement.id"))
        page.evaluate("document.activeElement.blur()")
    assert found == wanted


def test_pictures_have_names_that_hold_their_numbers(visit):
    page = opened(visit, "compare")
    pictures = page.locator("svg[role=img]").all()
    assert len(pictures) >= 4
    for one in pictures:
        named = (one.get_attribute("aria-labelledby") or "").split()
        text = one.get_attribute("aria-label") or " ".join(
            page.locator(f"#{name}").text_content() for name in named
        )
        assert any(letter.isdigit() for letter in text), text


def test_forced_colours_keep_focus_and_marks(visit):
    page = opened(visit, "compare", forced_colors="active")
    page.locator("#lever-offered_peer").focus()
    assert page.locator(".card").first.is_visible()
