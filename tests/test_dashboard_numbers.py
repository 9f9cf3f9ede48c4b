"""One number, one value: whatever is shown, saved, copied or handed over says the same.

The yardstick is what the copied command prints, unrounded, when it is run in a shell. Everything on
the screen is read and has to be that, rounded once.
"""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest

from recoverysim import dashboard_words as said
from tests.browser import answered, sentence, until, url
from tests.test_dashboard_asked import run_in_shell

PEER = "linkage.peer.offered_share"
SETTINGS = {
    "first view": "compare",
    "two scenarios, one changed": (
        f"compare?v=1&s=leaflet-only&s=peer-introduction*{PEER}:0.45*lasts:3&h=5&c=1&seed=3"
    ),
    "an area": f"compare?v=1&s=peer-introduction&n=800&a=costs.peer_hour:31.5&a={PEER}:0.2",
}  # fmt: skip
LONG = "in_recovery_a_year_or_more"


def number(text):
    """A number as people read it: '+1,234' or '−2'."""
    return float(text.replace("−", "-").replace(",", "").replace("+", ""))


def is_rounded(shown, exact):
    """Shown is the nearest whole number."""
    return shown == int(shown) and abs(shown - exact) <= 0.5


def difference_and_ends(told):
    """'+7, from −2 to +15': the three numbers; no ends where they are told in words."""
    if told == "0, less than 1 either way":
        return 0, None, None
    found = re.fullmatch(r"(\S+), from (\S+) to (\S+)", told)
    assert found, told
    return tuple(map(number, found.groups()))


def clipboard(page, button):
    """What a button of "hand it over" copies."""
    page.evaluate("navigator.clipboard.writeText('nothing')")
    page.locator(f"[data-hand-over={button}]").click()
    return until(
        lambda: (text := page.evaluate("navigator.clipboard.readText()")) != "nothing" and text
    )


def row(comparison, measure, year, definition):
    """One row of what the command printed."""
    of = "at_least_1_year" if measure == LONG else definition
    name = "in_recovery" if measure == LONG else measure
    return next(
        one
        for one in comparison["measures"]
        if (one["measure"], one["year"], one["group"]) == (name, year, "all")
        and one["definition"] in (None, of)
    )


class Tables(HTMLParser):
    """Every row of every table of a page, as a list of cells."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._is_cell = False
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
            self._is_cell = True

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self._is_cell = False

    def handle_data(self, text):
        if self._is_cell:
            self.rows[-1][-1] += text


def texts(page, picture):
    """The words inside a picture."""
    found = page.locator(f"[data-picture^='{picture}'] svg text").all_text_contents()
    return [" ".join(one.split()) for one in found]


@pytest.mark.parametrize("name", SETTINGS)
def test_every_number_is_the_same_everywhere(visit, tmp_path, name):
    page = visit(SETTINGS[name])
    answered(page, exact=True)
    query = parse_qs(urlsplit(url(page)).query)
    year = int(query.get("h", ["10"])[0])

    # What the copied command says, run in a shell.
    command = clipboard(page, "command").rstrip("\n") + " --json --no-who --quiet"
    done = run_in_shell(command, tmp_path)
    assert done.returncode == 0, done.stderr
    exact = json.loads(done.stdout)
    comparisons, definition = exact["comparisons"], "abstinent_90_days"

    tabs = page.locator(".tabs button")
    shown = {}
    for place, comparison in enumerate(comparisons):
        if tabs.count():
            tabs.nth(place).click()
            until(lambda place=place: tabs.nth(place).get_attribute("aria-pressed") == "true")
            page.wait_for_timeout(500)
            answered(page, exact=True)

        # Cards.
        of_world = shown[comparison["scenario"]] = {}
        for measure in ("in_recovery", LONG, "attending", "deaths"):
            wanted = row(comparison, measure, year, definition)
            value, today = (
                number(page.locator(f"[data-{kind}={measure}]").inner_text())
                for kind in ("card", "today")
            )
            told = page.locator(f"[data-difference={measure}]").inner_text()
            difference, low, high = difference_and_ends(told)
            assert is_rounded(today, wanted["baseline"]), measure
            assert is_rounded(difference, wanted["difference"]), measure
            assert value == today + difference, measure
            if low is None:
                assert -0.5 <= wanted["low"] <= wanted["high"] <= 0.5, measure
            else:
                assert is_rounded(low, wanted["low"]), measure
                assert is_rounded(high, wanted["high"]), measure
            of_world[measure] = (today, difference, value, low, high)

        # The sentence.
        if year == 10:
            assert sentence(page) == comparison["headline"]
        said_ends = re.search(
            r"from (\d+) (fewer|more) to (\d+) more", sentence(page)
        ) or re.search(r"from (\d+) (fewer|more)?.*?to (\d+) (?:fewer|more)", sentence(page))
        if said_ends:
            assert abs(of_world["in_recovery"][3]) == number(said_ends[1])
            assert abs(of_world["in_recovery"][4]) == number(said_ends[3])

        # The line.
        today, _, value, _, _ = of_world["in_recovery"]
        counts = [
            int(found[1].replace(",", ""))
            for one in texts(page, "line-")
            if (found := re.search(r"([\d,]+) in every 1,000 in recovery", one))
        ]
        assert counts == [today, value]

        # The chain.
        chain = page.locator("[data-picture^=why-] .described").inner_text()
        attending = re.search(r"Go to mutual aid of every 1,000 people: (.*?)\. ", chain)[1]
        found = [number(one) for one in re.findall(r" ([\d,]+)(?=,|$)", attending)]
        assert found[0] == of_world["attending"][0]
        assert of_world["attending"][2] in found[1:]

    # Curves: labels, table and CSV.
    labels = texts(page, "curves-in_recovery")
    page.locator("[data-picture^=curves] > button.small").first.click()
    page.locator("[data-picture^=curves] .saved").wait_for()
    with page.expect_download() as saving:
        page.locator("[data-picture^=curves] [data-save=csv]").click()
    saved = list(csv.DictReader(io.StringIO(saving.value.path().read_text("utf-8"))))
    in_table = Tables(page.locator(".pictured table").first.evaluate("one => one.outerHTML")).rows
    assert len(in_table) == len(saved) + 1
    week = max(int(one["week"]) for one in saved)
    for called, wanted in (
        ("Today", comparisons[0]["measures"]),
        *((one["scenario"], one["measures"]) for one in comparisons),
    ):  # fmt: skip
        of = row({"measures": wanted}, "in_recovery", 10, definition)
        mean = of["baseline" if called == "Today" else "value"]
        last = next(one for one in saved if (one["world"], int(one["week"])) == (called, week))
        assert float(last["mean_per_1000"]) == pytest.approx(mean)
        label = next(one for one in labels if re.fullmatch(rf"{re.escape(called)} [\d,]+", one))
        assert abs(number(label.rpartition(" ")[2]) - mean) <= 1  # of a value: the sum of its parts
        if year == 10:
            first = shown[comparisons[0]["scenario"]]["in_recovery"]
            whole = first[0] if called == "Today" else shown[called]["in_recovery"][2]
            assert number(label.rpartition(" ")[2]) == whole

    # All scenarios beside each other.
    if len(comparisons) > 1:
        rows = Tables(page.locator("table.side").evaluate("one => one.outerHTML")).rows[1:]
        for cells in rows:
            for cell, measure in zip(cells[1:], ("in_recovery", "deaths")):
                _, difference, value, low, high = shown[cells[0]][measure]
                found = re.match(r"([\d,]+) \((.*?)\)", cell)
                assert number(found[1]) == value, cells
                assert difference_and_ends(found[2]) == (difference, low, high), cells

    # The link.
    link = parse_qs(urlsplit(clipboard(page, "link")).query)
    was = [[float(one) for one in each.split(",")] for each in link["was"][0].split(";")]
    for numbers, of_world in zip(was, shown.values(), strict=True):
        for place, measure in enumerate(("in_recovery", "deaths")):
            today, difference, _, low, high = of_world[measure]
            found = numbers[4 * place : 4 * place + 4]
            assert found[:2] == [today, difference]
            assert low is None or found[2:] == [low, high]

    # The report.
    told = sentence(page)
    page.locator("[data-hand-over=report]").click()
    frame = page.locator("iframe.report")
    frame.wait_for()
    report = frame.get_attribute("srcdoc")
    assert told in " ".join(re.sub(r"<[^>]+>", " ", report).replace("&#34;", '"').split())
    rows = Tables(report).rows
    for of_world in shown.values():
        for today, difference, value, low, high in of_world.values():
            assert any(
                {f"{today:,.0f}"} <= set(cells)
                and any(f"{value:,.0f}" in cell for cell in cells)
                and any(_signed(difference) in cell for cell in cells)
                and (
                    low is None
                    or any(_signed(low) in cell and _signed(high) in cell for cell in cells)
                )
                for cells in rows
            ), (today, difference, value)


def _signed(value):
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{abs(value):,.0f}"


def test_copied_python_says_the_sentence_on_the_screen(visit, capsys):
    page = visit("compare")
    answered(page, exact=True)
    code = clipboard(page, "python")
    exec(compile(code, "copied", "exec"), {})
    assert sentence(page) in " ".join(capsys.readouterr().out.split())


def test_a_number_of_people_in_the_area_tells_the_same_in_their_numbers(visit):
    page = visit(SETTINGS["an area"])
    answered(page, exact=True)
    told = page.locator(".in-the-area").inner_text()
    mean, low, high = (
        number(one)
        for one in re.search(r"that is (\S+) in recovery \((\S+) to (\S+)\)", told).groups()
    )
    text = page.locator("[data-difference=in_recovery]").inner_text()
    per_1000 = [number(one) for one in re.findall(r"[+−]?[\d,]*\d", text)]
    for shown, each in zip((mean, low, high), per_1000):
        assert abs(shown - 0.8 * each) <= 0.5 + 0.8 * 0.5
    assert said.AREA_NAMES["a_year"] in page.locator(".area").inner_text()
