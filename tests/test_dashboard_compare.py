"""The Compare page in a real browser: levers, undo, replay, faults, and what stands beside."""

from __future__ import annotations

import re
import time

import pytest

from recoverysim import dashboard_words as said
from tests.browser import answered, change, looks, sentence, until, url

LEVER = "#lever-offered_peer"
ARROWS = "↑↓→←▲▼⬆⬇"


def told(page, lever="offered_peer"):
    """What a lever says it stands at."""
    return page.locator(f"output[for=lever-{lever}]").inner_text()


def settled_address(page, but=""):
    """The address, once it is another than `but`."""
    return until(lambda: url(page) if url(page) != but else "", told=f"the address stays {but}")


# --- the answer -------------------------------------------------------------------------------


def test_the_answer_stands_above_the_fold(visit):
    page = visit("compare")
    answered(page)
    assert re.search(r"from \S+ \w+ to \S+ more", sentence(page))
    assert page.locator(".card").count() == 4
    for part in (".the-sentence", ".cards"):
        box = page.locator(part).first.bounding_box()
        assert box["y"] + box["height"] <= 900, part
    arrived = page.locator("[data-picture=line-10] svg text", has_text="arrived").first
    assert arrived.bounding_box()["y"] < 900


def test_the_same_as_today_says_so_and_shows_no_difference(visit):
    page = visit("compare")
    answered(page)
    change(page, lambda: page.get_by_role("button", name=said.LEVERS["today"]).click())
    assert sentence(page) == said.SAME_AS_TODAY
    assert set(page.locator("[data-difference]").all_inner_texts()) <= {"0"}
    cards = page.locator(".cards").inner_text()
    assert not set(cards) & set(ARROWS)
    assert not re.search(r"[+−][1-9]", cards)


def test_a_lever_beyond_the_studies_says_so(visit):
    page = visit("compare")
    answered(page)
    beyond = page.locator(".lever", has=page.locator(LEVER)).locator(".beyond-told")
    change(page, lambda: page.locator(LEVER).press("Home"))
    change(page, lambda: page.locator(LEVER).press("PageUp"))
    assert told(page) == "10%"
    assert beyond.count() == 0
    change(page, lambda: page.locator(LEVER).press("End"))
    assert told(page) == "100%"
    assert "Beyond the studies" in beyond.inner_text()
    assert "Beyond the studies" in page.locator(LEVER).get_attribute("aria-valuetext")


def test_every_question_mark_names_grade_and_source_and_escape_gives_the_focus_back(visit):
    page = visit("compare")
    answered(page)
    page.locator("button.more").click()
    marks = page.locator("button.why")
    assert marks.count() >= 12
    for mark in marks.all():
        mark.click()
        source = page.locator(f"#{mark.get_attribute('aria-controls')}")
        text = source.inner_text()
        if mark.get_attribute("id") != "why-lasts":  # a choice, of which no study says anything
            assert said.GRADE in text
            assert said.FIGURES in text or said.NO_STUDY in text
        assert mark.get_attribute("aria-expanded") == "true"
        page.keyboard.press("Escape")
        assert source.count() == 0
        assert page.evaluate("document.activeElement.id") == mark.get_attribute("id")


# --- levers -----------------------------------------------------------------------------------


def test_keys_undo_and_redo_give_lever_sentence_and_address_back(visit):
    page = visit("compare")
    answered(page, exact=True)
    states = [(told(page), sentence(page), url(page))]
    for key in ("ArrowRight", "PageUp"):
        change(page, lambda key=key: page.locator(LEVER).press(key), exact=True)
        states.append((told(page), sentence(page), settled_address(page, states[-1][2])))
    assert len({lever for lever, _, _ in states}) == 3
    page.locator("#lever-offered_peer").blur()
    for keys, wanted in (
        ("Control+z", states[1]), ("Control+z", states[0]),
        ("Control+Shift+z", states[1]), ("Control+Shift+Z", states[2]), ("u", states[1]),
    ):  # fmt: skip
        before = url(page)
        change(page, lambda keys=keys: page.keyboard.press(keys), exact=True)
        settled_address(page, before)
        assert (told(page), sentence(page)) == wanted[:2]
        assert url(page).partition("?")[2] in (
            wanted[2].partition("?")[2],
            "v=1&s=peer-introduction",
        )
    page.go_back()
    until(lambda: told(page) != states[1][0], told="Back in the browser goes nowhere")


def test_every_lever_can_be_set_by_its_buttons_and_by_its_box(visit):
    page = visit("compare")
    answered(page)
    page.locator("button.more").click()
    levers = [one.get_attribute("id").removeprefix("lever-")
              for one in page.locator("input[type=range]").all()]  # fmt: skip
    assert len(levers) >= 12
    for lever in levers:
        slider = page.locator(f"#lever-{lever}")
        row = page.locator(".lever", has=slider)
        low, high, step = (float(slider.get_attribute(one)) for one in ("min", "max", "step"))
        was = float(slider.input_value())
        row.locator("button.step").nth(0 if was >= high else 1).press("Enter")
        until(
            lambda slider=slider, was=was, step=step: (
                abs(float(slider.input_value()) - was) == step
            ),
            10,
            f"{lever} stays at {was}",
        )
        wanted = low + step * round((high - low) / step / 2)
        box = row.locator("input.box")
        box.fill(f"{wanted:g}")
        box.press("Enter")
        until(lambda slider=slider, wanted=wanted: float(slider.input_value()) == wanted, 5, lever)
    answered(page)
    page.reload()
    answered(page)


def test_a_bad_number_is_told_beside_its_field_and_the_last_good_answer_stays(visit):
    page = visit("compare")
    answered(page, exact=True)
    before, asked = sentence(page), looks(page)
    row = page.locator(".lever", has=page.locator(LEVER))
    box = row.locator("input.box")
    box.fill("240")
    box.press("Enter")
    fault = row.locator(".fault")
    assert "must be 0 to 100 percent. You typed 240." in fault.inner_text()
    assert box.get_attribute("aria-invalid") == "true"
    assert box.get_attribute("aria-describedby") == fault.get_attribute("id")
    time.sleep(0.3)
    assert (sentence(page), looks(page)) == (before, asked)
    change(page, lambda: (box.fill("40"), box.press("Enter")))
    assert fault.count() == 0
    assert told(page) == "40%"


def test_an_answer_that_comes_meanwhile_leaves_what_is_being_typed(visit):
    page = visit("compare")
    answered(page)
    row = page.locator(".lever", has=page.locator(LEVER))
    before = looks(page)
    row.locator("button.step").nth(1).click()
    row.locator("input.box").fill("4")
    until(lambda: looks(page) > before)
    answered(page, exact=True)
    assert row.locator("input.box").input_value() == "4"
    people = page.locator("#area-a_year")
    people.fill("12")
    change(page, lambda: row.locator("button.step").nth(0).click(), exact=True)
    assert people.input_value() in ("12", "")
    row.locator("input.box").fill("45")
    change(page, lambda: row.locator("input.box").press("Enter"))
    assert told(page) == "45%"


def test_keys_alone_reach_everything(visit):
    """Move a lever, undo, copy the link, reach the report: with Tab, arrows and Enter only."""
    page = visit("compare")
    answered(page)

    def tab_to(wanted, at_most=80):
        for _ in range(at_most):
            page.keyboard.press("Tab")
            if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
                return
        raise AssertionError(f"Tab does not reach {wanted}")

    tab_to(LEVER)
    before = told(page)
    change(page, lambda: page.keyboard.press("ArrowRight"))
    assert told(page) != before
    tab_to(".actions button:nth-of-type(1)")
    change(page, lambda: page.keyboard.press("Enter"))
    assert told(page) == before
    tab_to("[data-hand-over=link]")
    page.keyboard.press("Enter")
    until(lambda: "s=peer-introduction" in page.evaluate("navigator.clipboard.readText()"))
    tab_to("[data-hand-over=report]")
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name=said.REPORT_TITLE).wait_for()


def test_what_has_the_focus_is_ringed_and_not_under_the_sentence(visit):
    page = visit("compare")
    answered(page)
    seen = set()
    for _ in range(45):
        page.keyboard.press("Tab")
        found = page.evaluate("""() => {
            const one = document.activeElement, box = one.getBoundingClientRect();
            const style = getComputedStyle(one);
            const over = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
                || style.boxShadow !== 'none';
            return [one.outerHTML.slice(0, 120), ring,
                    Boolean(over && over.closest('.sentence') && !one.closest('.sentence'))];
        }""")
        if found[0] in seen or found[0].startswith("<body"):
            break
        seen.add(found[0])
        assert found[1], f"no ring: {found[0]}"
        assert not found[2], f"under the sentence: {found[0]}"
    assert len(seen) > 20


def test_a_burst_is_announced_once(visit):
    page = visit("compare")
    answered(page, exact=True)
    page.wait_for_timeout(900)
    page.evaluate("""() => {
        window.announcements = [];
        const line = document.querySelector('[data-test=announced]');
        new MutationObserver(() => window.announcements.push(line.textContent))
            .observe(line, {childList: true, characterData: true, subtree: true});
    }""")
    assert page.locator("[data-test=announced]").get_attribute("aria-live") == "polite"
    before = looks(page)
    for _ in range(5):
        page.locator(LEVER).press("ArrowRight")
    page.locator(".levers[data-waiting=false]").wait_for()
    until(lambda: looks(page) > before)
    answered(page, exact=True)
    page.wait_for_timeout(1500)
    heard = page.evaluate("window.announcements")
    assert len(heard) == 1
    assert heard[0].split()[0] in sentence(page)


# --- replay -----------------------------------------------------------------------------------

WATCH = """() => {
    window.heard = [];
    window.watching = setInterval(() => {
        const line = document.querySelector('.replay .hint');
        const said = line ? line.textContent : '';
        if (window.heard[window.heard.length - 1] !== said) window.heard.push(said);
    }, 20);
}"""


def replayed(visit, **options):
    page = visit("compare", **options)
    answered(page)
    change(page, lambda: page.locator(LEVER).press("PageUp"))
    page.evaluate(WATCH)
    page.get_by_role("button", name=said.LEVERS["replay"]).click()
    page.locator(".replay").wait_for()
    return page


def test_a_replay_swings_three_times_and_rests_on_the_scenario(visit):
    page = replayed(visit)
    page.locator(".replay").wait_for(state="detached")
    before, after = said.REPLAY["before"], said.REPLAY["after"]
    assert [one for one in page.evaluate("window.heard") if one] == [before, after] * 3
    assert page.locator("[data-picture=line-10] svg").is_visible()


def test_escape_ends_a_replay(visit):
    page = replayed(visit)
    page.keyboard.press("Escape")
    page.locator(".replay").wait_for(state="detached", timeout=3000)
    assert [one for one in page.evaluate("window.heard") if one].count(said.REPLAY["after"]) <= 1


def test_with_reduced_motion_nothing_moves(visit):
    page = replayed(visit, reduced_motion="reduce")
    answered(page, exact=True)
    places = (
        "() => [...document.querySelectorAll('.replay .moving g')].map(one => "
        "one.getAttribute('transform')).join()"
    )
    first = page.evaluate(places)
    page.wait_for_timeout(1500)
    assert page.evaluate(places) == first
    page.get_by_role("button", name=said.REPLAY["swap"]).click()
    until(lambda: page.locator(".replay .hint").inner_text() == said.REPLAY["after"])
    assert page.evaluate(places) != first
    page.get_by_role("button", name=said.REPLAY["end"]).click()
    page.locator(".replay").wait_for(state="detached")


# --- work -------------------------------------------------------------------------------------


def test_stop_keeps_what_is_done(visit):
    page = visit("compare?v=1&s=intensive-referral&seed=77")
    page.locator("[data-state=sharpening]").wait_for()
    page.get_by_role("button", name=said.STOP, exact=True).click()
    page.locator("[data-state=stopped]").wait_for()
    found = re.search(
        r"Stopped: from (\d+) of 20 repeats", page.locator(".sentence .how-far").inner_text()
    )
    assert 2 <= int(found[1]) < 20
    page.get_by_role("button", name=said.GO_ON).click()
    page.locator("[data-state=exact]").wait_for()
    assert "20 repeats" in page.locator(".sentence .how-far").inner_text()


def test_visitors_do_not_see_each_other(visit):
    one, other = visit("compare"), visit("compare")
    answered(one)
    answered(other)
    before = (told(other), sentence(other), url(other))
    change(one, lambda: one.locator(LEVER).press("PageUp"))
    assert told(one) != before[0]
    other.wait_for_timeout(500)
    assert (told(other), sentence(other), url(other)) == before


@pytest.mark.parametrize("way", ["none", "leaflet", "clinician", "intensive", "peer"])
def test_every_way_of_linking_has_its_lever_and_an_answer(visit, way):
    page = visit("compare")
    answered(page)
    if way != "peer":
        change(page, lambda: page.locator("#way").select_option(way))
    assert page.locator(f"#lever-offered_{way}").count() == (way != "none")
    assert page.locator("#way").input_value() == way
