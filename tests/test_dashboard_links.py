"""What comes in and goes out: links, old ones too, pictures, scenario files, uploads; and parts
that fail alone."""

from __future__ import annotations

import csv
import io
import re
import struct
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest

from recoverysim import dashboard_words as said
from recoverysim.dashboard import address
from recoverysim.dashboard.asked import Asked, Mix
from recoverysim.version import package_version
from tests.browser import (
    COMMAND,
    LAPTOP,
    Served,
    Visitor,
    answered,
    change,
    looks,
    sentence,
    until,
    url,
)
from tests.hostile_scenarios import TEXTS
from tests.test_dashboard_numbers import clipboard

PEER = "linkage.peer.offered_share"


# --- links ------------------------------------------------------------------------------------


def test_a_link_brings_everything_back(visit):
    asked = replace(
        Asked(mixes=(Mix(lasts=3).set({PEER: 0.45}),)).with_another(Mix("leaflet-only")),
        area=(("costs.peer_hour", 31.5),), a_year=800, definition="at_least_1_year", year=5, seed=7,
        chosen=0, plain=True,
    )  # fmt: skip
    page = visit(f"compare?{address.query(asked)}")
    answered(page)
    assert page.locator("#lever-offered_peer").input_value() == "45"
    assert page.locator("#lever-lasts").input_value() == "3"
    assert page.locator("#area-a_year").input_value() == "800"
    assert page.locator("#area-peer_hour").input_value() == "31.5"
    assert page.locator("#definition").input_value() == "at_least_1_year"
    assert page.locator(".year[aria-pressed=true]").inner_text() == "5 years"
    assert page.locator(".tabs button").all_inner_texts() == [
        "peer-introduction-changed", "leaflet-only",
    ]  # fmt: skip
    assert page.get_by_role("button", name=said.WITH_STATIONS).count() == 1
    found = address.read(clipboard(page, "link").partition("?")[2])
    assert found.asked == asked


@pytest.mark.parametrize("choice", [said.RUN_NOW, said.SHOW_SAVED])
def test_an_old_link_offers_both_numbers(visit, choice):
    page = visit("compare?v=1&s=peer-introduction&p=0.0.1&was=500,33,20,44,160,-7,-9,-3")
    notice = page.locator(".notice")
    assert f"recoverysim 0.0.1. Numbers may differ in {package_version()}" in notice.inner_text()
    page.get_by_role("button", name=choice).click()
    if choice == said.RUN_NOW:
        until(lambda: "0.0.1" not in "".join(notice.all_inner_texts()))
        answered(page)
    else:
        saved = notice.locator("table").inner_text()
        assert "533" in saved
        assert "+33, from +20 to +44" in saved
        assert "153" in saved
    assert sentence(page)


def test_a_link_of_this_version_with_the_same_numbers_says_nothing(visit):
    page = visit("compare")
    answered(page, exact=True)
    link = clipboard(page, "link")
    assert "was=" in link
    page.goto(link)
    answered(page, exact=True)
    page.wait_for_timeout(300)
    assert page.locator(".notice").inner_text().strip() == ""
    page.goto(re.sub(r"was=\d+", "was=1", link))
    answered(page, exact=True)
    until(lambda: "differ from those of today" in page.locator(".notice").inner_text())


def test_what_of_a_link_cannot_be_read_is_told(visit):
    page = visit("compare?v=1&s=peer-introduction&s=<img src=x onerror=alert(1)>&h=3")
    told = page.locator(".notice").inner_text()
    assert said.UNREAD in told
    assert "s=<img src=x onerror=alert(1)>" in told
    assert "h=3" in told
    answered(page)


def test_back_and_forward_of_the_browser_go_through_the_pages(visit):
    page = visit("compare?v=1&s=peer-introduction&h=5")
    answered(page)
    page.locator("nav").get_by_role("link", name=said.ABOUT).click()
    until(lambda: "/about" in url(page))
    assert "h=5" in url(page)
    page.go_back()
    until(lambda: "/compare" in url(page))
    page.locator(".levers").wait_for()
    assert page.locator(".year[aria-pressed=true]").inner_text() == "5 years"


# --- what is saved ----------------------------------------------------------------------------


def saved(page, form):
    with page.expect_download() as saving:
        page.locator(f"[data-picture^=curves] [data-save={form}]").click()
    assert saving.value.suggested_filename == f"recoverysim-curves-in_recovery.{form}"
    return saving.value.path().read_bytes()


def test_a_picture_is_saved_in_three_forms_that_say_what_it_is(visit):
    page = visit("compare")
    answered(page, exact=True)
    title = page.locator("[data-picture^=curves] h2").inner_text()
    page.locator("[data-picture^=curves] > button.small").first.click()

    png = saved(page, "png")
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">I", png[16:20]) == (1600,)

    svg = saved(page, "svg").decode()
    ElementTree.fromstring(svg)
    for text in (png.decode("latin-1"), svg):
        assert title in text
        assert "simulated" in text
        assert f"recoverysim {package_version()}" in text

    rows = list(csv.DictReader(io.StringIO(saved(page, "csv").decode())))
    assert {one["world"] for one in rows} == {"Today", "peer-introduction"}
    assert all(
        float(one["low"]) <= float(one["mean_per_1000"]) <= float(one["high"]) for one in rows
    )


def test_a_scenario_that_is_saved_can_be_opened_again(visit, tmp_path):
    page = visit(f"compare?v=1&s=peer-introduction*{PEER}:0.45")
    answered(page)
    with page.expect_download() as saving:
        page.locator("[data-hand-over=scenario]").click()
    path = tmp_path / "again.yaml"
    saving.value.save_as(path)
    change(page, lambda: page.locator("#upload").set_input_files(path))
    assert page.locator(".tabs button").count() == 2
    assert page.locator("#lever-offered_peer").input_value() == "45"


@pytest.mark.parametrize("name", ["alias bomb", "python object", "open bracket", "many documents"])
def test_a_hostile_file_is_refused_in_words_and_nothing_is_lost(visit, tmp_path, name):
    page = visit("compare")
    answered(page)
    before, asked = sentence(page), looks(page)
    path = tmp_path / "mine.yaml"
    path.write_bytes(TEXTS[name][0].encode())
    page.locator("#upload").set_input_files(path)
    fault = page.locator(".field:has(#upload) .fault")
    fault.wait_for()
    assert "mine.yaml" in fault.inner_text()
    assert "Traceback" not in fault.inner_text()
    assert looks(page) == asked
    assert len(sentence(page)) > 0.5 * len(before)


def test_a_file_that_is_too_large_never_leaves_the_browser(visit, tmp_path):
    page = visit("compare")
    answered(page)
    path = tmp_path / "large.yaml"
    path.write_bytes(b"#" * 300_000)
    page.locator("#upload").set_input_files(path)
    assert page.locator(".field:has(#upload) .fault").inner_text() == said.LEVERS["too_large"]


# --- parts that fail --------------------------------------------------------------------------

BREAKS = f"""
from recoverysim.dashboard.work import desk, shared

def broken(*arguments, **others):
    raise RuntimeError("<b>mine</b> on purpose")

do, made = desk.Desk.do, shared.desk

def fails_for_leaflets(self, work, asked, ticket, **others):
    if "leaflet-only" in repr(asked):
        self._free(ticket)
        raise RuntimeError("no answer, on purpose")
    return do(self, work, asked, ticket, **others)

def break_and_make():  # called once the server stands, before any page is made
    from recoverysim.dashboard.parts import results
    results.why, curves = broken, results.curves
    results.curves = lambda answer, *others, **more: (
        broken() if answer.definition == "at_least_1_year" else curves(answer, *others, **more)
    )
    return made()

desk.Desk.do, shared.desk = fails_for_leaflets, break_and_make
{COMMAND}
"""


@pytest.fixture
def broken(browser):
    """A visitor of a dashboard in which one picture and one scenario fail."""
    started = Served(BREAKS)
    visitor = Visitor(browser, started, LAPTOP)
    yield visitor.open("compare")
    visitor.close(failing=True)
    started.close()


def test_a_part_that_fails_says_so_and_the_rest_goes_on(broken):
    page = broken
    answered(page)
    failed = page.locator(".panel.failed")
    assert said.PANEL_FAILED in failed.inner_text()
    assert said.SETTINGS_ARE_SAFE in failed.inner_text()
    assert "Traceback" not in page.locator("body").inner_text()
    failed.locator("summary").click()
    assert "<b>mine</b> on purpose" in failed.locator("code").inner_text()
    assert page.locator(".card").count() == 4
    assert page.locator("[data-picture^=line-]").count() == 1
    change(page, lambda: page.locator("#lever-offered_peer").press("ArrowRight"))
    assert failed.count() == 1

    # A part that fails only later, and is there again once it can be.
    change(page, lambda: page.locator("#definition").select_option("at_least_1_year"))
    until(lambda: failed.count() == 2)
    assert page.locator("[data-picture^=curves]").count() == 0
    assert page.locator(".card").count() >= 3
    change(page, lambda: page.locator("#definition").select_option("abstinent_90_days"))
    for one in page.get_by_role("button", name=said.TRY_AGAIN).all():
        one.click()
    page.locator("[data-picture^=curves]").wait_for()
    until(lambda: failed.count() == 1)

    # A scenario that cannot be run: in words, the last good answer stays, and the next one comes.
    before = page.locator(".card").first.inner_text()
    page.locator("#way").select_option("leaflet")
    page.locator(".sentence .fault").wait_for()
    assert said.NOT_WORKED in page.locator(".sentence .fault").inner_text()
    assert page.locator(".card").first.inner_text() == before
    page.locator("#way").select_option("clinician")
    until(lambda: page.locator(".sentence .fault").count() == 0, 60)
    answered(page)


def test_where_the_server_is_gone_the_page_says_so_and_the_levers_wait(browser):
    started = Served()
    visitor = Visitor(browser, started, LAPTOP)
    page = visitor.open("compare")
    answered(page)
    started.process.kill()
    page.locator(".offline").wait_for()
    assert page.locator(".offline").inner_text() == said.SHELL["lost"]
    until(lambda: page.locator("#lever-offered_peer").is_disabled())
    visitor.context.close()
    started.close()
    assert visitor.outside == []
