"""Start, Journey, Why, Evidence, Report and About in a real browser. Compare has files of its own.

That no page asks anything of anybody else, and that none has an error in its console or an answer
of 400 or more, is held against every visitor of every test (`tests/browser.py`).
"""

from __future__ import annotations

import re
import time
import zipfile

import pytest

from recoverysim import dashboard_words as said
from recoverysim.version import package_version
from tests.browser import Visitor, answered, change, sentence, until, url

PAGES = ("", "compare", "journey", "why", "evidence", "report", "about")
IN_WORDS = r"from \d+ (fewer|more)? ?to \d+ (fewer|more) in every 1,000"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_with_one_heading_a_title_and_its_language(visit, path):
    page = visit(path)
    assert page.locator("h1").count() == 1
    assert page.locator("h1").inner_text().strip()
    assert page.evaluate("document.documentElement.lang") == "en-GB"
    assert page.title().endswith("recoverysim")
    menu = page.locator("nav ul a")
    paths = [one.rpartition("/")[2].partition("?")[0]
             for one in menu.evaluate_all("all => all.map(one => one.href)")]  # fmt: skip
    assert tuple(paths) == PAGES
    assert page.locator("nav a[aria-current=page]").count() == 1
    footer = page.locator("footer").inner_text()
    assert "Simulated people" in footer
    assert package_version() in footer
    assert page.locator("[data-test=help-line]").inner_text()


def test_a_request_to_anybody_else_would_be_seen(browser, served):
    """The tests would pass if nobody looked."""
    visitor = Visitor(browser, served, (800, 600))
    page = visitor.open("about")
    page.evaluate("fetch('https://example.org/').catch(() => 0)")
    page.evaluate("fetch('/nowhere-at-all.js').catch(() => 0)")
    until(lambda: page.evaluate("1") and len(visitor.faults) >= 1)
    with pytest.raises(AssertionError):
        visitor.close()


# --- Start ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "compare"])
def test_the_first_answer_is_there_within_three_seconds_without_a_click(browser, served, path):
    """The best of three, since other tests may run beside."""
    took = []
    for _ in range(3):
        visitor = Visitor(browser, served, (1440, 900))
        begun = time.monotonic()
        visitor.page.goto(f"{served.address}/{path}")
        visitor.page.locator(".the-sentence", has_text="in every 1,000").wait_for()
        took.append(time.monotonic() - begun)
        assert re.search(IN_WORDS, sentence(visitor.page))
        visitor.close()
        if min(took) < 3:
            return
    raise AssertionError(took)


def test_start_says_what_it_is_for_and_what_to_know_first(visit):
    page = visit("")
    for part in ("for", "not-for", "limits"):
        assert page.locator(f"[data-test={part}]").is_visible()
        assert page.locator(f"[data-test={part}] li").count() >= 3
    assert all(one.is_visible() for one in page.locator("[data-test=limits] li").all())
    assert page.locator("details").count() == 0


@pytest.mark.parametrize("door", ["compare", "journey", "about"])
def test_each_door_leads_to_its_page(visit, door):
    page = visit("")
    page.locator(f"[data-door={door}]").click()
    until(lambda: f"/{door}" in url(page))
    page.locator("nav a[aria-current=page]", has_text=door.capitalize()).wait_for()


# --- Journey ----------------------------------------------------------------------------------


def counts(page, world):
    """Dots of each place, as the table has them, and their printed total."""
    rows = page.locator("[data-test=totals] tbody tr:not(.sum)").all()
    dots = [int(row.locator("td").nth(2 * world).inner_text()) for row in rows]
    whole = [
        int(row.locator("td").nth(2 * world + 1).inner_text().replace(",", "")) for row in rows
    ]
    return dots, whole, int(page.locator(f"[data-test=dots-{world}]").inner_text())


def journey(visit, **options):
    page = visit("journey", **options)
    page.locator("[data-test=totals]").wait_for()
    return page


def test_the_dots_of_a_journey_add_up_and_agree_with_the_cards(visit):
    page = journey(visit)
    page.locator("[data-test=slider]").press("End")
    last = page.locator("[data-test=month]").inner_text()
    assert "10 years" in last or "130" in last or "120" in last
    for world in (0, 1):
        dots, whole, total = counts(page, world)
        assert sum(dots) == total <= 200
        for few, many in zip(dots, whole):
            assert abs(5 * few - many) <= 5
    told = page.locator("[data-test=deaths]").inner_text()
    assert re.search(r"\d", told)
    shown = [counts(page, world)[1] for world in (0, 1)]
    page.locator("nav").get_by_role("link", name=said.COMPARE).click()
    answered(page, exact=True)
    rows = [shown[0], shown[1]]
    for name, numbers in (("today", rows[0]), ("card", rows[1])):
        card = int(page.locator(f"[data-{name}=in_recovery]").inner_text())
        assert abs(sum(numbers[-2:]) - card) <= 2  # on the train and arrived, each rounded


def test_a_journey_plays_pauses_and_goes_by_steps(visit):
    page = journey(visit)
    month = page.locator("[data-test=month]")
    first = month.inner_text()
    page.locator("[data-test=back]").click()  # it begins where the answer is: at the end
    until(lambda: month.inner_text() != first)
    page.locator("[data-test=on]").click()
    until(lambda: month.inner_text() == first)
    page.locator("[data-test=play]").click()
    until(lambda: month.inner_text() != first)
    page.locator("[data-test=play]").click()
    rests = month.inner_text()
    page.wait_for_timeout(900)
    assert month.inner_text() == rests
    page.locator("[data-test=speed]").select_option(index=0)
    page.locator("[data-test=follow]").select_option("14")
    assert page.locator("[data-test=followed] li").count() == 2
    assert "14" in page.locator("[data-test=follow] option:checked").inner_text()


def test_with_reduced_motion_a_journey_goes_by_steps_only(visit):
    page = journey(visit, reduced_motion="reduce")
    assert page.locator("[data-test=play]").is_disabled()
    month = page.locator("[data-test=month]")
    first = month.inner_text()
    page.locator("[data-test=back]").click()
    until(lambda: month.inner_text() != first)


# --- Why --------------------------------------------------------------------------------------


def test_a_part_of_the_model_can_be_switched_off_in_both_worlds(visit):
    page = visit("why")
    answered(page, exact=True)
    before = sentence(page)
    change(page, lambda: page.locator("[data-test=switch-company]").uncheck(), exact=True)
    until(lambda: "mechanisms.company:false" in url(page))
    assert sentence(page) != before
    assert not page.locator("[data-test=switch-company]").is_checked()
    change(page, lambda: page.locator("[data-test=all-on]").click(), exact=True)
    assert sentence(page) == before
    until(lambda: "mechanisms" not in url(page))


def test_parts_are_switched_off_in_turn_until_it_is_stopped(visit):
    page = visit("why")
    answered(page, exact=True)
    panel = page.locator("[data-test=in-turn]")
    panel.get_by_role("button").first.click()
    stop = page.locator("[data-test$=-stop]").first
    stop.wait_for()
    stop.click()
    stop.wait_for(state="detached")
    assert page.locator(".panel.failed").count() == 0


# --- Evidence ---------------------------------------------------------------------------------


def rows(page):
    return page.locator("tr[data-key]").evaluate_all("all => all.map(one => one.dataset.key)")


def test_evidence_is_searched_filtered_and_turned_over(visit):
    page = visit("evidence")
    page.locator("tr[data-key]").first.wait_for()
    seen = rows(page)
    assert len(seen) == 25
    for _ in range(2):
        page.locator("[data-test=next]").click()
        until(lambda seen=seen: rows(page)[0] not in seen)
        seen += rows(page)
    assert len(set(seen)) == 75
    page.locator("[data-test=search]").fill("naloxone")
    until(
        lambda: rows(page) and all("naloxone" in one for one in rows(page)) and len(rows(page)) < 25
    )
    page.locator("[data-test=search]").fill("")
    page.locator("[data-test=grade]").select_option("assumed")
    until(lambda: set(page.locator("tr[data-key] .grade").all_inner_texts()) == {"assumed"})
    page.locator(".says-who").first.click()
    assert page.locator("tr.of").inner_text()


def test_a_value_of_ones_own_holds_in_both_worlds_and_can_be_put_back(visit):
    page = visit("evidence")
    page.locator("[data-test=search]").fill("linkage.peer.fidelity")
    key = "linkage.peer.fidelity"
    until(lambda: rows(page) == [key])
    box = page.locator("[data-test=own]")
    box.fill("7")
    box.press("Enter")
    fault = page.locator("tr[data-key] .fault")
    fault.wait_for()
    assert "7" in fault.inner_text()
    assert box.get_attribute("aria-describedby") == fault.get_attribute("id")
    box.fill("0.2")
    box.press("Enter")
    until(lambda: f"a={key}:0.2" in url(page))
    own = page.locator("[data-test=own-values]")
    assert "0.2" in own.inner_text()
    page.locator("[data-test=put-all-back]").click()
    until(lambda: key not in url(page))


# --- Report -----------------------------------------------------------------------------------


def test_a_report_is_made_saved_and_stands_alone(visit, tmp_path, browser):
    page = visit("report?v=1&s=peer-introduction*linkage.peer.offered_share:0.9")
    frame = page.locator("iframe.report")
    frame.wait_for()
    with page.expect_download() as saving:
        page.locator("[data-save=html]").click()
    path = tmp_path / "report.html"
    saving.value.save_as(path)
    text = path.read_text("utf-8")
    assert text == frame.get_attribute("srcdoc")
    assert len(text) < 2_000_000
    assert "<script" not in text
    assert "linkage.peer.offered_share" in text
    with page.expect_download() as saving:
        page.locator("[data-save=docx]").click()
    saving.value.save_as(tmp_path / "report.docx")
    with zipfile.ZipFile(tmp_path / "report.docx") as document:
        assert "word/document.xml" in document.namelist()

    # Without internet and without scripts.
    alone = browser.new_context(offline=True, java_script_enabled=False)
    asked = []
    read = alone.new_page()
    read.on("request", lambda one: asked.append(one.url))
    read.goto(path.as_uri())
    assert [one for one in asked if not one.startswith(("file:", "data:"))] == []
    words = read.locator("body").inner_text()
    assert re.search(r"\d+ (more|fewer).*in every 1,000", " ".join(words.split())[:4000])
    assert package_version() in words
    assert read.locator("svg").count() >= 3
    alone.close()


# --- About ------------------------------------------------------------------------------------


def test_about_says_what_was_checked_and_gives_a_citation(visit):
    page = visit("about")
    assert re.search(r"\d+ of \d+", page.locator("[data-test=checked]").inner_text())
    assert page.locator("[data-test=about-limits] li").count() >= 3
    assert "Nothing" in page.locator("[data-test=privacy]").inner_text()
    cited = page.locator("[data-test=citation]").inner_text()
    assert package_version() in cited
    page.locator("[data-test=copy-citation]").click()
    until(lambda: cited in page.evaluate("navigator.clipboard.readText()"))
