"""The printed page: three questions answered, the numbers of comparison.json, nothing from outside,
and one sheet."""

import dataclasses
import json
import re
import shutil
import subprocess
from decimal import ROUND_HALF_UP, Decimal
from html.parser import HTMLParser

import pytest

import recoverysim as rs
from recoverysim import grounds, sure_words, words
from recoverysim.report.lines import MARGIN, WIDTH, Scale
from recoverysim.report.one_page import MOST_SCENARIOS
from recoverysim.settings import all_quantities
from tests.test_commands import recoverysim

SIZE = {"clients": 200, "years": 4, "repeats": 4, "threads": 2}
SMALL = ("--clients", "60", "--years", "4", "--repeats", "4", "--no-who", "--quiet")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
VOID = {"meta", "line", "circle", "rect", "path", "br"}


class Read(HTMLParser):
    """What stands on a page: text by heading, the cells of its tables, tags with attributes."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.text, self.tables = [], [], {"": ""}, []
        self.heading, self.under = None, ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "h2":
            self.heading = ""
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        if tag in ("td", "th"):
            self.tables[-1][-1].append("")

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag
        if tag == "h2":
            self.under, self.heading = self.heading, None
            self.text[self.under] = ""

    def handle_data(self, data):
        if self.heading is not None:
            self.heading += data
        elif "style" not in self.open:
            self.text[self.under] += data
        if {"td", "th"} & set(self.open):
            self.tables[-1][-1][-1] += data

    def of(self, heading):
        return " ".join(self.text[heading].split())


WITH, SURE, ON = "Compared with what?", "How sure?", "Resting on what?"


@pytest.fixture(scope="module")
def pair():
    return rs.compare("intensive-referral", variants=True, **SIZE)


@pytest.fixture(scope="module")
def several():
    names = ["cut-linkage", "everything-together", "abstinence-only"]
    return rs.compare(names, baseline="baseline", variants=True, **SIZE)


def as_shown(number, places=0):
    """Rounded once, halves away from zero, with a sign: by another route than the page's."""
    step = Decimal(1).scaleb(-places)
    near = Decimal(number).quantize(step, ROUND_HALF_UP)
    return f"{near:+,}".replace("-", "−") if near else f"{abs(near)}"


def test_it_asks_three_questions_and_warns_before():
    page = Read(rs.compare("peer-introduction", clients=50, years=1, repeats=4).page())
    assert list(page.text)[1:] == [WITH, SURE, ON]
    before = page.of("")
    assert words.SIMULATED in before
    assert words.MEDICATION in before
    assert "What would change with “peer-introduction”?" in before
    assert [tag for tag, _ in page.tags].count("h1") == 1
    assert ("html", {"lang": "en-GB"}) in page.tags


def test_the_table_holds_the_numbers_of_the_json_rounded_once(several):
    page, answer = Read(several.page()), several.to_json()
    table = [row for row in page.tables[0] if len(row) > 5][1:]
    found = []
    for one in answer["comparisons"]:
        for measure, year in (("deaths", 4), ("in_recovery", 1), ("in_recovery", 4)):
            row = next(
                row for row in one["measures"]
                if (row["measure"], row["year"], row["group"]) == (measure, year, "all")
            )  # fmt: skip
            today = int(as_shown(row["baseline"]).replace(",", ""))
            difference = as_shown(row["difference"])
            scenario = today + int(difference.replace("−", "-"))
            likely, luck = (
                f"{as_shown(row[low])} to {as_shown(row[high])}"
                for low, high in (("low", "high"), ("luck_low", "luck_high"))
            )
            found.append([str(today), str(scenario), difference, likely, luck])
    shown = [[cell.strip() for cell in row[2:7]] for row in table]
    assert len(shown) == 9
    for mine, theirs in zip(shown, found, strict=True):
        assert mine[:3] == theirs[:3]
        assert all(one in (other, "under 1") for one, other in zip(mine[3:], theirs[3:]))
    assert [row[0].strip() for row in table[:3]] == ["Have died", "In recovery", "In recovery"]
    assert [row[1].strip() for row in table[:3]] == ["4*", "1", "4*"]


def test_forms_and_costs_are_those_of_the_json_too(pair):
    page = Read(pair.page())
    (one,) = pair.to_json()["comparisons"]
    forms = {row[0].strip(): row[1:] for row in page.tables[1][1:]}
    assert list(forms) == [sure_words.AS_TOLD, *sure_words.FORMS.values()]
    for row in one["variants"]["rows"]:
        cell = forms[sure_words.FORMS[row["form"]]][0 if row["year"] == 1 else 1]
        ends = [as_shown(row[name], 1) for name in ("low", "high", "luck_low", "luck_high")]
        said = "{} ({} to {}); luck {} to {}".format(as_shown(row["difference"], 1), *ends)
        assert cell.replace("\u00a0", " ") == said
    beside = page.tables[2]
    headings = [cell.strip() for cell in beside[0]]
    assert headings[1:5] == ["cost each", "deaths", "years of life", "QALYs"]
    for cell, (name, places) in zip(
        beside[1][1:4], (("cost", 0), ("deaths", 1), ("life_years", 1)), strict=True
    ):
        row = next(
            row for row in one["measures"]
            if (row["measure"], row["year"], row["group"]) == (name, 4, "all")
        )  # fmt: skip
        assert cell.partition(" (")[0] == as_shown(row["difference"], places)


def test_deaths_come_first_and_zero_is_said_as_loudly_as_a_gain(several):
    html, page = several.page(), Read(several.page())
    sure = page.of(SURE)
    for contrast in several.contrasts:
        assert contrast.deaths + " " + " ".join(contrast.headline.split()) in sure
        assert sure.index(contrast.deaths) < sure.index(contrast.headline)
    cells = re.findall(r'<td class="([^"]*)">([^<]*)</td>', html)
    verdicts = {said: kind for kind, said in cells if said in ("more", "fewer") or "zero" in said}
    assert "cannot be told from zero" in verdicts
    assert len(set(verdicts.values())) == 1


def test_what_no_range_holds_is_named(pair):
    sure = Read(pair.page()).of(SURE)
    assert "trials in the United States" in sure
    assert sure_words.FORMS_NOTE in sure
    assert words.EXTRAPOLATED in sure
    assert pair.contrasts[0].to_settle in sure
    assert "rough" in sure


def test_a_short_run_without_other_forms_says_so():
    page = Read(rs.compare("peer-introduction", clients=50, years=2, repeats=4).page())
    assert "other forms were not tried in this run" in page.of(SURE)
    assert "trials in the United States" in page.of(SURE)
    assert "extrapolated" not in page.of(SURE)
    assert len(page.tables) == 2


def test_it_says_what_each_number_rests_on(several):
    on = Read(several.page()).of(ON)
    assert f"{grounds.by_grade()['assumed']} of the model’s {len(all_quantities())}" in on
    sets = on.partition("What these scenarios set")[2].partition("What every answer")[0]
    for contrast in several.contrasts:
        for key in contrast.scenario.scenario.differences(contrast.baseline.scenario):
            assert key.partition(".")[2] in sets
    weak, _, rest = sets.partition("assumed (")
    assumed, _, chosen = rest.partition("a choice or a definition (")
    assert "aa.open_to_medication_share (mmt-stigma)" in weak
    assert "naloxone: carried_share" in assumed
    assert "person_centred" in chosen
    turns_on = on.partition("What every answer about linking turns on, 48 numbers.")[2]
    assert "weak evidence (13): attendance: fit_log_odds" in turns_on
    assert "assumed (32): 9 of attendance, 6 of involvement, 10 of linkage, 7 of mutual_aid" in (
        turns_on
    )


def test_only_the_baseline_is_called_today(pair):
    assert "tables “today”" in Read(pair.page()).of("Compared with what?")
    others = rs.compare(["leaflet-only", "cut-linkage"], clients=50, years=1, repeats=4, threads=2)
    text = others.page()
    assert "tables “comparator”" in text
    assert '<th scope="col">today</th>' not in text


def test_with_one_scenario_all_that_it_turns_on_is_named(pair):
    on = Read(pair.page()).of(ON)
    for key in grounds.of_every_answer():
        assert key.partition(".")[2] in on
    assert "assumed (1): linkage: intensive.offered_share." in on
    assert "+15 to +30, year 1" in on
    assert f"Knowledge: accepted. {sure_words.KNOWLEDGE['accepted']}" in on
    assert words.basis(pair.stamp) in on


def test_what_is_compared_is_told_in_the_words_of_the_files(several):
    told = Read(several.page()).of(WITH)
    base = rs.load("baseline")
    assert base.question in told
    assert base.description in told
    for contrast in several.contrasts:
        assert contrast.scenario.scenario.question in told
    assert "care.medication_share 0 from week 52 (not 0.85)" in told
    assert "4 repeats of 200 simulated people" in told
    assert "abstinent for at least 90 days" in told


def test_names_are_text_whatever_they_are():
    bad = "</td><script>alert(1)</script>&amp; “it” = '{{ 7 * 7 }}'"
    scenario = rs.load("peer-introduction").replace({"linkage.peer.fidelity": 1.0}, name="<b>")
    scenario = dataclasses.replace(scenario, question=bad, description=bad)
    found = rs.compare(scenario, clients=50, years=1, repeats=4)
    html = found.page(["compare", "<i>.yaml", "--set", "a='b'"])
    page = Read(html)
    assert "What would change with “<b>”?" in page.of("")
    assert f"“<b>”: {bad} {bad}" in page.of(WITH)
    assert "{{ 7 * 7 }}" in page.of(WITH)
    assert not {"script", "b>", "i"} & {tag for tag, _ in page.tags}
    assert "&lt;b&gt;" in html
    assert "linkage.peer.fidelity=1.0" in page.of(ON)
    assert "'<i>.yaml'" in page.of(ON)


def test_it_stands_alone(several):
    html = several.page()
    assert re.findall(r"https?:|://|src=|href=|url\(|@import|\son\w+=", html) == []
    tags = {tag for tag, _ in Read(html).tags}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "a", "base", "form"}
    assert "default-src 'none'" in html
    assert len(html) < 100_000


def test_every_picture_says_its_numbers(several):
    pictures = [of for tag, of in Read(several.page()).tags if of.get("role") == "img"]
    assert len(pictures) == 9
    row = several.contrasts[0].row("deaths", 4)
    assert words.signed(row.difference) in pictures[0]["aria-label"]
    assert sure_words.interval(row.low, row.high) in pictures[0]["aria-label"]


def test_places_on_the_axis_by_hand():
    """From −5 to +15 over what the margins leave: zero a quarter along, ticks every 5."""
    scale = Scale(-5.0, 15.0)
    inside = WIDTH - 2 * MARGIN
    assert scale.place(-5) == MARGIN
    assert scale.place(15) == WIDTH - MARGIN
    assert scale.place(0) == pytest.approx(MARGIN + inside / 4, abs=0.05)
    assert [said for _, said in scale.ticks()] == ["0", "+5", "+10"]  # the ends have no room


def test_of_more_scenarios_than_fit_it_says_which_are_shown():
    names = ["leaflet-only", "cut-linkage", "naloxone", "champions", "aftercare", "groups-fade"]
    found = rs.compare(names, baseline="baseline", clients=30, years=1, repeats=2)
    page = Read(found.page())
    assert f"On this sheet: the first {MOST_SCENARIOS} of 6 scenarios" in page.of("")
    assert [name for name in names if f"“{name}”:" in page.of(WITH)] == names[:4]
    failed = dataclasses.replace(found, failed=(("<u>", "because"),))
    assert "<u> has no answer. because" in Read(failed.page()).of("")


def test_a_folder_holds_it_with_the_command_that_made_it(tmp_path):
    folder = tmp_path / "answer"
    assert recoverysim("compare", "peer-introduction", *SMALL, "--out", folder).code == 0
    page = Read((folder / "answer.html").read_text("utf-8"))
    assert f"recoverysim compare peer-introduction {' '.join(SMALL)} --out" in page.of(ON)
    headline = json.loads((folder / "comparison.json").read_text("utf-8"))
    assert " ".join(headline["comparisons"][0]["headline"].split()) in page.of(SURE)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["files"]["answer.html"]["bytes"] > 5000


def test_without_a_command_one_is_told_that_gives_the_same(pair):
    on = Read(pair.page()).of(ON)
    command = on.partition("To make it again: recoverysim ")[2].split()
    answer = json.loads(recoverysim(*command, "--json", "--variants", "--no-who").out)
    assert answer == json.loads(json.dumps(pair.to_json()))


def test_the_page_is_the_same_whatever_the_threads(pair):
    again = rs.compare("intensive-referral", variants=True, **SIZE | {"threads": 1})
    assert again.page() == pair.page()


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here to print the page with")
@pytest.mark.parametrize("many", [1, 2, 3, 4])
def test_it_prints_on_one_sheet(tmp_path, many):
    """The scenarios that set most, and so say most."""
    names = ["everything-together", "community-first", "smart-and-choice", "groups-thrive"][:many]
    found = rs.compare(names, baseline="baseline", variants=True, **SIZE)
    (tmp_path / "answer.html").write_text(found.page(), encoding="utf-8")
    subprocess.run(
        [
            CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
            f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={tmp_path / 'answer.pdf'}",
            (tmp_path / "answer.html").as_uri(),
        ],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    printed = (tmp_path / "answer.pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 1
