"""The sentences that people read: rounded, singular and plural, honest, and person first."""

import re
from pathlib import Path

import pytest
import typer.main
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from recoverysim import compare, load, report_words, story_of_changes, sure_words, words
from recoverysim.command import app
from recoverysim.outcomes import DEFINITIONS
from recoverysim.quantities import DISTRIBUTIONS, GRADES, all_quantities
from recoverysim.scenario import shipped
from recoverysim.settings import MECHANISMS
from recoverysim.studies.contrast import Contrast
from recoverysim.studies.measures import definitions

ROOT = Path(__file__).parent.parent


def said(difference=6.2, low=2.4, high=9.6, year=5, repeats=20, knowledge="prior"):
    meaning = "abstinent for 90 days"
    return words.headline(
        "peers", "today", year, difference, low, high, (3.1, 8.9), repeats, 2000, knowledge, meaning
    )


# --- numbers ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "rounded"),
    [
        (0, 0),
        (0.4, 0),
        (0.5, 1),
        (1.5, 2),
        (2.5, 3),
        (-0.4, 0),
        (-0.5, -1),
        (-2.5, -3),
        (1e6, 10**6),
    ],
)
def test_halves_are_rounded_away_from_zero(number, rounded):
    assert words.whole(number) == rounded
    assert str(words.whole(number)) != "-0"


@given(st.floats(-1e6, 1e6))
def test_rounding_is_fair_to_more_and_fewer(number):
    assert words.whole(-number) == -words.whole(number)
    assert abs(words.whole(number) - number) <= 0.5


@pytest.mark.parametrize(
    ("number", "digits", "text"),
    [
        (6.4, 0, "+6"), (-3.2, 0, "−3"), (0.2, 0, "0"), (-0.2, 0, "0"), (None, 0, "–"),
        (1234.5, 0, "+1,235"), (-0.04, 1, "0.0"), (0.26, 1, "+0.3"), (-1234.56, 1, "−1,234.6"),
    ],
)  # fmt: skip
def test_a_signed_number(number, digits, text):
    assert words.signed(number, digits) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1.2, "1 more person"), (-0.9, "1 fewer person"), (2, "2 more people"),
        (-7.5, "8 fewer people"), (0.3, "no more and no fewer people"),
    ],
)  # fmt: skip
def test_one_person_and_several_people(number, text):
    assert words.people(number) == text


def test_one_year_and_several_years():
    assert (words.years(1), words.years(5)) == ("1 year", "5 years")


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (2.4, 9.6, "from 2 to 10 more"), (-9.6, -2.4, "from 2 to 10 fewer"),
        (-3.3, 12.1, "from 3 fewer to 12 more"), (-0.3, 3, "from 0 to 3 more"),
        (-3, 0.3, "from 0 to 3 fewer"), (0.9, 1.1, "1 more"), (-0.2, 0.2, "no more and no fewer"),
        (-1.2, -0.8, "1 fewer"),
    ],
)  # fmt: skip
def test_a_range(low, high, text):
    assert words.between(low, high) == text


# --- the headline -------------------------------------------------------------------------


def test_a_difference_is_told_with_its_range_and_what_it_rests_on():
    assert said() == (
        "With “peers”, about 6 more people in every 1,000 in recovery after 5 years (extrapolated) "
        "than with “today” (likely range from 2 to 10 more; luck alone from 3 to 9 more; abstinent "
        "for 90 days; 20 repeats of 2,000 simulated people)."
    )
    assert "about 6 fewer people" in said(-6.2, -9.6, -2.4)
    assert "about 1 more person in every 1,000" in said(1.1, 0.9, 1.4)
    assert "after 1 year than" in said(year=1)


@pytest.mark.parametrize(
    ("difference", "low", "high"),
    [(2.0, -1.0, 5.0), (2.0, 0.0, 4.0), (-2.0, -4.0, 0.0), (0.3, 0.1, 0.4), (0.0, -1.0, 1.0)],
)
def test_what_is_not_settled_is_too_close_to_call(difference, low, high):
    text = said(difference, low, high)
    assert "too close to call" in text
    assert "A difference is not established: it cannot be told from zero" in text
    assert words.between(low, high) in text
    assert "luck alone from 3 to 9 more" in text
    assert "about" not in text  # no number that could be quoted as the answer
    assert words.between(low, high) in text


def test_no_interval_is_no_answer():
    text = said(4.0, None, None, repeats=1)
    assert "4 more people" in text
    assert "cannot give a range" in text
    assert "not an answer yet" in text
    assert "None" not in text
    assert "1 repeat of" in text


def test_the_same_answer_is_told_as_such():
    assert "no difference in recovery" in said(0, 0, 0)
    assert "no difference" in said(0, 0, 0)
    assert "too close" not in said(0, 0, 0)


def test_luck_alone_is_told_where_knowledge_is_left_out():
    assert "luck alone: what is unknown is left out" in said(knowledge="none")
    assert "luck alone: what is unknown is left out" in said(1.0, -1.0, 3.0, knowledge="none")
    assert "left out" not in said()
    assert "from 3 to 9" not in said(knowledge="none")  # it would be the likely range again


@given(
    st.floats(-1000, 1000), st.floats(0, 500), st.floats(0, 500), st.sampled_from(["prior", "none"])
)
def test_every_headline_is_one_whole_sentence(difference, below, above, knowledge):
    text = said(difference, difference - below, difference + above, knowledge=knowledge)
    assert text.endswith(".")
    assert not re.search(r"None|nan|-\d|\b1 (more|fewer) people|  ", text)
    assert ("about" in text) != ("too close to call" in text or "no difference in recovery" in text)


def test_a_headline_names_its_definition_in_words(monkeypatch):
    pair = compare(["baseline", "cut-linkage"], clients=10, years=1, repeats=2, threads=1)
    monkeypatch.setattr(words, "headline", lambda *said: said[-1])
    named = {}
    for definition in definitions():
        contrast = Contrast(pair.baseline, pair.contrasts[0].scenario, definition)
        named[definition] = contrast.headline
    assert named["abstinent_90_days"] == "abstinent for at least 90 days"
    assert {one: said for one, said in named.items() if "_" in said or " " not in said} == {}


# --- how sure -----------------------------------------------------------------------------


def test_what_would_settle_an_answer():
    def told(needed, *, by_knowledge=False):
        return sure_words.to_settle(needed, (20, 10, 100_000), by_knowledge=by_knowledge)

    assert told(1340).startswith("About 1,340 repeats would settle it")
    assert told(250_000).startswith("No number of repeats that a run may have (100,000 at most)")
    assert told(250_000, by_knowledge=True) == told(250_000)
    assert told(20).startswith("More repeats would settle it")
    unsure = told(200, by_knowledge=True)
    assert unsure.startswith("About 200 repeats may settle it, or none: 10 parameter sets cannot")
    assert "A study of what is not known would" in told(None, by_knowledge=True)
    assert "too small to show" in told(None)
    assert "No number of repeats" in told(None)


@pytest.mark.parametrize("year", [1, 2, 3, 4, 10])
def test_effects_beyond_the_trials_are_marked_wherever_they_are_told(year):
    known = (year, 234.4, 129.6, 1559.0)
    told = (
        said(year=year),
        said(1.0, -1.0, 3.0, year=year),
        said(0, 0, 0, year=year),
        said(4.0, None, None, year=year),
        words.deaths(1.0, -1.0, 3.0, year),
        words.number_needed([known], (year,), fewer=False),
        story_of_changes.number_needed("number_needed_to_connect", [known], (year,), fewer=False),
        words.expectation(year, 4, 10, None, "why", ""),
        words.conditional("a.key", "", year, [])[0],
    )
    for text in told:
        assert ("(extrapolated)" in text) == (year > 3), text
    assert words.year_in_a_table(year) == (f"{year}*" if year > 3 else f"{year} ")


# --- other sentences ----------------------------------------------------------------------


def test_number_needed_to_link():
    known, half_known = (1, 234.4, 129.6, 1559.0), (5, 90.0, None, None)
    text = words.number_needed([known, half_known], (1, 5), fewer=False)
    assert "Extra people offered an introduction" in text
    assert text.endswith("234 (130 to 1,559) after 1 year; in other years it cannot be told.")
    assert words.number_needed([known], (1,), fewer=True).endswith("1,559) after 1 year.")
    assert "fewer in recovery" in words.number_needed([known], (1,), fewer=True)
    assert "not established" in words.number_needed([half_known], (5,), fewer=False)


@pytest.mark.parametrize(
    ("low", "high", "settled"),
    [(0.4, 4, False), (0.5, 4, True), (-4, -0.5, True), (-4, -0.4, False), (-1, 1, False)],
)
def test_a_difference_is_established_only_where_the_range_that_is_shown_leaves_out_zero(
    low, high, settled
):
    assert words.is_settled(low, high) == settled
    assert ("not established" in said((low + high) / 2, low, high)) != settled
    assert not words.is_settled(None, None)


@pytest.mark.parametrize(
    ("found", "verdict"),
    [(7, "as expected"), (4, "as expected"), (1, "less than expected"), (12, "than expected")],
)
def test_an_expectation_stands_beside_what_came_out(found, verdict):
    text = words.expectation(1, 4, 10, (found, found - 1, found + 1), "peers go along", "")
    assert "+4 to +10 (peers go along)" in text
    assert verdict in text
    assert words.signed(found, 1) in text
    assert "though the range reaches there" not in text


def test_an_expectation_that_the_range_still_reaches_is_told_as_such():
    text = words.expectation(1, 4, 10, (1, -2, 4), "why", "today is not nothing")
    assert "less than expected, though the range reaches there" in text
    assert "likely range −2 to +4" in text


def test_more_than_expected_is_not_called_less():
    assert "less than" not in words.expectation(1, 4, 10, (12, 11, 13), "why", "")
    assert "less than" not in words.expectation(1, -10, -3, (2, 1, 3), "why", "")


def test_why_it_differs_is_said_only_where_it_differs():
    reason = "today is not nothing"
    assert reason in words.expectation(1, 4, 10, (1, 0, 2), "why", reason)
    assert reason not in words.expectation(1, 4, 10, (7, 6, 8), "why", reason)
    assert "Expected before any run" in words.expectation(1, 4, 10, None, "why", "")


@pytest.mark.parametrize("difference", [0.5, 1.5, 2.5, -0.5, -1.5])
def test_the_shown_value_is_today_plus_the_shown_difference(monkeypatch, difference, capsys):
    """Halves are what 2,000 people and an even number of repeats give."""
    from recoverysim import terminal

    contrast = compare(["baseline", "cut-linkage"], clients=20, years=1, repeats=2).contrasts[0]
    rows = [
        type(row)(**vars(row) | {"baseline": 100.0, "difference": difference})
        for row in contrast.rows
    ]
    monkeypatch.setitem(contrast.__dict__, "rows", rows)
    terminal._print_contrast(terminal.console_of_width(), contrast)
    line = next(one for one in capsys.readouterr().out.splitlines() if "In recovery" in one)
    today, shown, told = re.findall(r"[+−]?\d+", line.replace("In recovery", ""))[1:4]
    assert int(shown) - int(today) == int(told.replace("−", "-"))


# --- person first -------------------------------------------------------------------------

# Words that make an illness into a name or a fault, and words that mean another thing here.
FORBIDDEN = re.compile(
    r"\b(addicts?|alcoholics?|abusers?|abuse|abused|junkies?|users?|clean|dirty|relaps\w+|"
    r"self-help|referred|non-?complian\w+|denial|victims?|suffer\w*|habit|drunks?)\b",
    re.IGNORECASE,
)
NAMES_OF_FELLOWSHIPS = re.compile(r"Alcoholics Anonymous|Drug Alcohol Depend\w*")


def every_command():
    """The help of each command, as it is printed."""
    group = typer.main.get_command(app)
    pages, waiting = {}, [((), group)]
    while waiting:
        path, command = waiting.pop()
        pages[" ".join(("recoverysim", *path))] = CliRunner().invoke(app, [*path, "--help"]).stdout
        for name, inner in getattr(command, "commands", {}).items():
            waiting.append(((*path, name), inner))
    return pages


TEXTS = {
    "words.py": Path(words.__file__).read_text("utf-8"),
    "sure_words.py": Path(sure_words.__file__).read_text("utf-8"),
    "report_words.py": Path(report_words.__file__).read_text("utf-8"),
    "full.html": (ROOT / "recoverysim/report/full.html").read_text("utf-8"),
    "report.md": (ROOT / "docs/report.md").read_text("utf-8"),
    "answer.html": (ROOT / "recoverysim/report/answer.html").read_text("utf-8"),
    "README.md": (ROOT / "README.md").read_text("utf-8"),
    "definitions": " ".join(one.words for one in DEFINITIONS),
    "mechanisms": str(MECHANISMS),
    "evidence": str(GRADES) + str(DISTRIBUTIONS),
    "numbers": str([(key, q.note, q.studied) for key, q in all_quantities().items()]),
    **{f"scenario {one.name}": str(one) for one in map(load, shipped())},
    **every_command(),
}


@pytest.mark.parametrize("place", TEXTS)
def test_people_come_first(place):
    text = NAMES_OF_FELLOWSHIPS.sub("", TEXTS[place])
    assert len(text) > 10
    assert FORBIDDEN.findall(text) == []


def test_the_list_of_forbidden_words_finds_them():
    assert FORBIDDEN.findall("An addict relapsed; clean again.") == ["addict", "relapsed", "clean"]
    assert not FORBIDDEN.findall("addiction, return to use, intensive referral, preferred, cleanse")
