"""The report that is handed over: every number is the answer's, nothing comes from outside, and the
web page and the Word document say the same."""

import dataclasses
import io
import re
import subprocess
import zipfile
from pathlib import Path

import docx
import pytest
import yaml

from recoverysim import report_words as said
from recoverysim import words
from recoverysim.evidence import figures
from recoverysim.evidence.validated import validated
from recoverysim.pictures.line import line
from recoverysim.report.full import Extras, content, report
from recoverysim.report.word import report_docx
from recoverysim.scenario import load
from recoverysim.settings import all_quantities
from tests import answers
from tests.test_one_page import CHROMIUM, Read

ROOT = Path(__file__).parent.parent
MADE = {
    "years": 10, "commit": None, "random_numbers": "splitmix64-keyed-1", "knowledge": "accepted",
    "scenarios": {"baseline": "a" * 64}, "dependencies": {"numpy": "2.0"},
}  # fmt: skip
NAMES = answers.NAMES
WARNINGS = ("default-src 'none'", "script")


def made(many=1, **changes):
    """An answer by hand on so many scenarios, with what its report needs."""
    answer = answers.answer(many + 1, stamp=MADE)
    worlds = tuple(
        dataclasses.replace(
            one, question=load(one.name).question,
            sentences={"10": f"With {one.name}, about 7 more people."} if place else {},
            deaths_sentences={"10": f"Deaths with {one.name}."} if place else {},
        )
        for place, one in enumerate(answer.worlds)
    )  # fmt: skip
    answer = dataclasses.replace(answer, worlds=worlds, **changes)
    return answer, Extras(tuple(load(one.name) for one in answer.worlds))


def page(many=1, **changes):
    return Read(report(*made(many, **changes)).replace("<!DOCTYPE html>", ""))


def table(page, caption):
    """The table with a heading that begins so: rows of stripped cells, the head first."""
    return next(one for one in page.tables if one[0][0].strip() == caption)


def renamed(name):
    """An answer on a scenario of any name."""
    answer, extras = made()
    other = dataclasses.replace(answer.worlds[1], name=name, question=f"What of {name}?")
    scenario = load("peer-introduction").replace({}, name=name)
    answer = dataclasses.replace(answer, worlds=(answer.worlds[0], other))
    return answer, Extras((extras.scenarios[0], scenario))


def test_it_stands_alone_and_runs_nothing():
    text = report(*made(4))
    read = Read(text.replace("<!DOCTYPE html>", ""))
    tags = [tag for tag, _ in read.tags]
    assert not {"script", "iframe", "object", "img", "link", "form", "base"} & set(tags)
    assert tags.count("h1") == 1
    assert tags.count("section") == len(said.PARTS) == tags.count("h2")
    assert ("html", {"lang": "en-GB"}) in read.tags
    policy = next(of for tag, of in read.tags if of.get("http-equiv") == "Content-Security-Policy")
    assert policy["content"] == "default-src 'none'; style-src 'unsafe-inline'"
    for _, of in read.tags:
        assert not [name for name in of if name.startswith("on") or name in ("src", "action")]
        assert of.get("href", "#").startswith("#")
    assert "url(" not in text
    assert "@import" not in text
    assert len(text.encode("utf-8")) < 2_000_000


def test_deaths_go_first_and_the_answer_stands_before_its_limits():
    first = Read(report(*made())).of("1. The answer and its limits")
    places = [first.index(one) for one in (
        words.SIMULATED, "Deaths with peer-introduction.", "With peer-introduction, about 7 more",
        *said.LIMITS[:3],
    )]  # fmt: skip
    assert places == sorted(places)
    assert "recoverysim 0.0" in first
    rows = table(page(), "measure")
    assert rows[1][0] == "Have died"


def test_every_number_on_the_first_page_is_a_card_of_the_answer():
    answer, _ = made()
    rows = {row[0]: row[1:] for row in table(page(), "measure")[1:]}
    assert len(rows) == 3
    for name, called in (("deaths", "Have died"), ("in_recovery", "In recovery"),
                         ("attending", "Going to mutual aid")):  # fmt: skip
        card = answer.card(1, name, 10)
        today, value, difference, likely, luck, verdict = rows[called]
        assert [float(today), float(value)] == [card.today, card.value]
        assert float(difference.replace("−", "-")) == card.difference
        ends = [float(end) for end in likely.replace("−", "-").split(" to ")]
        assert ends == pytest.approx([card.low, card.high], abs=0.5)
        ends = [float(end) for end in luck.replace("−", "-").split(" to ")]
        assert ends == pytest.approx([card.luck_low, card.luck_high], abs=0.51)
        assert (verdict == "cannot be told from zero") == (card.low <= 0 <= card.high)


def test_of_several_scenarios_each_has_a_column_and_ties_are_called_ties():
    answer, _ = made(3)
    rows = {row[0]: row[1:] for row in table(page(3), "measure")[1:]}
    for number, cell in enumerate(rows["Have died"][1:], 1):
        card = answer.card(number, "deaths", 10)
        assert cell.startswith(f"{card.value:.0f}, −{abs(card.difference):.0f} (")
        assert cell.endswith("too close to call")
    assert not [cell for cell in rows["In recovery"][1:] if "too close" in cell]
    first = Read(report(*made(3))).of("1. The answer and its limits")
    assert said.OVERLAP.format(base="baseline") in first


def test_places_of_the_line_add_up_and_agree_with_the_cards():
    answer, _ = made()
    rows = {row[0]: [int(one) for one in row[1:]] for row in table(page(), "where")[1:]}
    for world in (0, 1):
        where = {place: rows[called][world] for place, called in said.PLACES_OF_THE_LINE}
        assert sum(where.values()) == pytest.approx(1000, abs=4)  # each rounded by itself
        card = answer.card(1, "in_recovery", 10)
        assert where["train"] + where["arrived"] == (card.value if world else card.today)
        assert where["died"] == (answer.card(1, "deaths", 10).value if world else 48)


def test_the_steps_and_the_money_are_those_of_the_answer():
    answer, _ = made(2)
    read = page(2)
    for step, row in zip(answer.why["10"], table(read, "step")[1:], strict=True):
        shown = [float(one.replace(",", "").strip("%")) for one in row[1:]]
        assert shown == pytest.approx(step.values, abs=1e-9)
        assert all(one.endswith("%") == (step.unit == "%") for one in row[1:])
    for number, row in enumerate(table(read, "scenario")[1:], 1):
        money = answer.worlds[number].money[0]
        for cell, card in zip(row[1:], (money.pounds, money.deaths, money.life_years, money.qalys)):
            mean = cell.split(" (")[0].replace("−", "-")
            assert float(mean) == pytest.approx(card.difference, abs=0.5 * 10**-card.digits)
    assert "Worth it: likely." in read.of("2. The answer in pictures")


def test_every_picture_is_drawn_with_its_numbers_beside_it():
    answer, _ = made()
    read = page()
    pictures = [of for tag, of in read.tags if of.get("role") == "img"]
    assert len(pictures) == 4
    assert line(answer, 10, width=700).description in read.of("2. The answer in pictures")


def test_every_setting_has_its_value_range_grade_and_source():
    names = ("baseline", "peer-introduction", "everything-together")
    answer = answers.answer(3, names=names, stamp=MADE)
    scenarios = tuple(map(load, names))
    read = Read(report(answer, Extras(scenarios)))
    rows = {row[0].split(" (")[0]: row[1:] for row in table(read, "setting")[1:]}
    assert set(rows) == {*scenarios[1].differences(), *scenarios[2].differences()}
    assert rows["linkage.peer.offered_share"] == [
        "10%", "60%", "60%", "5 to 15%", "assumed: no study; beyond today’s practice"
    ]  # fmt: skip
    assert rows["fellowships.aa.open_to_medication_share"][-1].startswith("weak: mmt-stigma")
    third = read.of("3. Settings and sources")
    assert figures()["mmt-stigma"].source in third
    others = len(all_quantities()) - len(rows)
    assert f"{others} other numbers stay as the evidence has them" in third


def test_what_lies_beyond_the_studies_is_said_on_the_first_page():
    key = "attendance.leave_while_trying_per_week"
    high = all_quantities()[key].high
    answer, _ = renamed("far")
    far = load("baseline").replace({key: 2 * high}, name="far")
    first = Read(report(answer, Extras((load("baseline"), far)))).of("1. The answer and its limits")
    assert f"Beyond the studies: {key} is {2 * high:g}" in first
    assert said.NOTHING_BEYOND not in first
    inside = load("baseline").replace({key: high}, name="far")
    first = Read(report(answer, Extras((load("baseline"), inside)))).of(
        "1. The answer and its limits"
    )
    assert said.NOTHING_BEYOND in first


def test_names_from_strangers_are_text():
    name = "<script>alert(1)</script>"
    text = report(*renamed(name))
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert name in Read(text).of("1. The answer and its limits")


def test_control_characters_break_no_document():
    answer, extras = renamed("a\x00b\x1bc\ufffe")
    document = docx.Document(io.BytesIO(report_docx(answer, extras)))
    assert any("“abc”" in one.text for one in document.paragraphs)
    assert "\x00" not in report(answer, extras)


@pytest.mark.parametrize("many", [1, 3])
def test_the_word_document_says_the_same(many):
    answer, extras = made(many)
    read = page(many)
    document = docx.Document(io.BytesIO(report_docx(answer, extras)))
    tables = [[[cell.text for cell in row.cells] for row in one.rows] for one in document.tables]
    assert tables == [[[cell.strip() for cell in row] for row in one] for one in read.tables]
    headings = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert headings == [one for one in read.text if one]
    whole = " ".join(" ".join(one.text for one in document.paragraphs).split())
    for block in content(answer, extras).blocks():
        if isinstance(block, said_blocks()):
            assert " ".join(block.text.split()) in whole


def said_blocks():
    from recoverysim.report.blocks import Heading, Words

    return Heading, Words


def test_the_word_document_can_be_read_by_everybody():
    answer, extras = made()
    bytes_ = report_docx(answer, extras)
    document = docx.Document(io.BytesIO(bytes_))
    about = document.core_properties
    assert (about.title, about.language) == (said.title(["peer-introduction"], "baseline"), "en-GB")
    assert about.author == "recoverysim"
    with zipfile.ZipFile(io.BytesIO(bytes_)) as archive:
        body = archive.read("word/document.xml").decode()
        styles = archive.read("word/styles.xml").decode()
    assert 'w:lang w:val="en-GB"' in styles
    assert body.count("<w:tblHeader/>") == len(document.tables)
    told = re.findall(r'<wp:docPr [^>]*descr="([^"]+)"', body)
    assert len(told) == 4
    assert told[0] == line(answer, 10, width=700).description


def test_without_python_docx_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "docx", None)
    with pytest.raises(ImportError, match=r"pip install recoverysim\[dashboard\]"):
        report_docx(*made())


def test_a_quick_or_stopped_answer_says_so():
    first = page(quick=True, done=6, of=20).of("1. The answer and its limits")
    assert said.QUICK in first
    assert "6 of 20 repeats were done" in first
    whole = page().of("1. The answer and its limits")
    assert said.QUICK not in whole
    assert "Stopped early" not in whole


def test_only_the_parts_that_are_asked_for():
    answer, extras = made()
    some = dataclasses.replace(extras, parts=("method", "answer"))
    assert [part.name for part in content(answer, some).parts] == ["answer", "method"]


@pytest.mark.parametrize(
    ("changes", "holds"),
    [
        ({"year": 7}, "year should be one of 10; found 7"),
        ({"parts": ("answer", "poem")}, "found poem"),
        ({"scenarios": (load("baseline"), load("leaflet-only"))}, "baseline, peer-introduction"),
    ],
)
def test_what_cannot_be_reported_is_refused(changes, holds):
    answer, extras = made()
    with pytest.raises(ValueError, match=holds):
        report(answer, dataclasses.replace(extras, **changes))


def test_checks_are_those_of_the_page_on_validation():
    found, told = validated(), (ROOT / "docs/validation.md").read_text("utf-8")
    assert (
        f"**{len(found.missed)} of {found.figures} figures are missed, {found.met} are met." in told
    )
    tests = found.of("test")
    assert f"Of the {tests.figures} that were free to be missed" in told
    assert f"simulated {found.simulated_times} times" in told
    missed = told.partition("## Missed\n\n")[2].partition("\n## ")[0].strip().splitlines()[2:]
    cells = [re.split(r"(?<!\\) \| ", row.strip("| "))[:5] for row in missed]
    assert cells == [list(one) for one in found.missed]
    assert {one.kind for one in found.kinds} == set(said.KINDS)
    fourth = page().of("4. Method, checks, and how to run it again")
    assert f"{found.met} are met and {len(found.missed)} are missed" in fourth
    assert all(f"{one.study}: " in fourth for one in found.missed)


def test_limits_are_those_that_the_documents_argue():
    argued = (ROOT / "docs/validation_argued.md").read_text("utf-8").replace("\n", " ")
    assert "Levels of recovery after five and ten years should be read as high." in argued
    assert (
        "How many people recover after five and ten years should be read as high" in said.LIMITS[3]
    )
    assert said.POLICY_LIMIT in argued.replace("; one that", "; one that")
    assert len(said.LIMITS) >= 3


def test_the_citation_is_that_of_the_repository():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert cited["title"] == said.WORK
    assert cited["authors"][0]["name"] == said.AUTHORS
    assert cited["license"] == said.LICENCE
    assert said.citation("0.0") in page().of("4. Method, checks, and how to run it again")


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here to print the report with")
@pytest.mark.parametrize("names", [NAMES[:2], ("baseline", "everything-together", "community-first",
                                               "smart-and-choice", "groups-thrive")])  # fmt: skip
def test_it_prints_on_six_pages(tmp_path, names):
    """The scenarios that set most, and so say most."""
    answer = answers.answer(len(names), names=names, stamp=MADE)
    sentence = (
        "With this, too close to call after 10 years (extrapolated), from 2 fewer to 3 more. "
    )
    worlds = tuple(
        dataclasses.replace(one, sentences={"10": 3 * sentence}, deaths_sentences={"10": sentence})
        for one in answer.worlds
    )
    answer = dataclasses.replace(answer, worlds=worlds)
    text = report(answer, Extras(tuple(map(load, names))))
    (tmp_path / "report.html").write_text(text, encoding="utf-8")
    subprocess.run(
        [
            CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
            f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={tmp_path / 'report.pdf'}",
            (tmp_path / "report.html").as_uri(),
        ],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    printed = (tmp_path / "report.pdf").read_bytes()
    assert 4 <= len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) <= 6
