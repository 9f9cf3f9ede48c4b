"""Checklists and the page on assurance: every item has an answer or is a marked blank, and what
they name is there."""

import re
from pathlib import Path

import pytest

from recoverysim.evidence import figures
from recoverysim.settings import all_quantities
from tests.test_store import MOVES

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
# Items in each section of STRESS-ABS; the fifth of the second is told in four parts.
STRESS = [
    f"{section}.{item}"
    for section, several in enumerate(
        ("1 2 3", "1 2 3 4 5.1 5.2 5.3 5.4", "1 2 3 4", "1 2 3", "1 2 3 4", "1"), start=1
    )
    for item in several.split()
]
CHEERS = [str(number) for number in range(1, 29)]
PAGES = ("stress", "cheers", "assurance", "limits")

ROW = re.compile(r"^\| ([\d.]+) \| ([^|]+) \| ([^|]*) \|$", re.MULTILINE)
LINK = re.compile(r"\]\(([^)]+)\)")
# A path in backticks: with a folder, or with an ending that files here have.
PATH = re.compile(r"`([\w./-]+/[\w./-]+|\.?[\w-]+\.(?:py|yaml|csv|cff|md)|LICENSE|Makefile)`")


def text(page):
    return (DOCS / f"{page}.md").read_text("utf-8")


def items(page):
    return {number: (asks, here.strip()) for number, asks, here in ROW.findall(text(page))}


def missing(page):
    """What a page links to or names, and is not there."""
    for target in LINK.findall(text(page)):
        if not target.startswith(("http", "#")) and not (DOCS / target.split("#")[0]).exists():
            yield target
    for path in PATH.findall(text(page)):
        if not (ROOT / path).exists():
            yield path


def answered(here):
    """By something that can be looked up."""
    return bool(LINK.search(here) or PATH.search(here))


@pytest.mark.parametrize(("page", "numbers"), [("stress", STRESS), ("cheers", CHEERS)])
def test_every_item_is_there_once_in_order(page, numbers):
    assert [number for number, *_ in ROW.findall(text(page))] == numbers


@pytest.mark.parametrize("page", ["stress", "cheers"])
def test_every_item_is_answered_or_a_marked_blank_that_says_why(page):
    for number, (asks, here) in items(page).items():
        assert asks.strip(), number
        _, blank, why = here.partition("blank:")
        assert answered(here) or (blank and len(why.split()) > 3), f"{page}, item {number}: {here}"


def test_what_only_people_can_answer_is_blank():
    """Engagement and its effect, funding and interests; nobody was asked, and nobody declared."""
    cheers = items("cheers")
    for number in ("4", "21", "25", "27", "28"):
        assert cheers[number][1].startswith("blank:")
    assert "blank: no public address" in items("stress")["6.1"][1]


def test_an_item_without_an_answer_would_be_seen():
    assert not answered("yes, we did")
    assert not answered("in the model")
    assert answered("[model.md](model.md), 5")
    assert answered("see `recoverysim/week.py`")


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_names_is_there(page):
    assert sorted(missing(page)) == []


def test_places_of_headings_are_there():
    """Links to a heading of the same page."""
    for page in PAGES:
        headings = {
            re.sub(r"[^\w -]", "", line.lstrip("# ").lower()).replace(" ", "-")
            for line in text(page).splitlines()
            if line.startswith("#")
        }
        places = {link[1:] for link in LINK.findall(text(page)) if link.startswith("#")}
        assert places <= headings


def test_keys_that_checklists_name_exist():
    sections = {key.split(".")[0] for key in all_quantities()}
    for page in ("stress", "cheers"):
        for key in re.findall(r"`(\w+(?:\.\w+)+)`", text(page)):
            assert key.split(".")[0] not in sections or key in all_quantities(), key


def test_the_diagram_has_the_arrows_that_are_promised():
    found = {}
    for line in re.search(r"```mermaid\n(.*?)```", text("stress"), re.DOTALL)[1].splitlines():
        if "-->" in line:
            start, ends = line.split("-->")
            found[start.strip()] = {end.strip() for end in ends.split("&")}
    assert found == {stage: ends for stage, ends in MOVES.items() if ends}


def test_how_far_sources_were_seen_is_counted():
    """If the register has changed: count anew in docs/assurance.md."""
    said = re.search(
        r"Of (\d+) rows.*?, (\d+) were seen in the source itself,\s(\d+) in a secondary source, "
        r"(\d+) are from memory and (\d+) derived",
        text("assurance"), re.DOTALL,
    )  # fmt: skip
    rows = [row.verification for row in figures().values()]
    kinds = ("seen in source", "seen in secondary source", "from memory", "derived")
    counted = [sum(row.startswith(kind) for row in rows) for kind in kinds]
    assert sum(counted) == len(rows)
    assert [int(number) for number in said.groups()] == [len(rows), *counted]
