"""The page on writing studies, and the picture of each: what they say is what there is."""

import importlib.util
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from recoverysim import study_words, words
from recoverysim.pictures.study import draw, save_svg
from recoverysim.plan import Plan
from recoverysim.studies.contrasts import TRAITS
from recoverysim.studies.figure_lines import FIGURE_KEYS
from recoverysim.studies.inclusion import CARE, CRITERIA
from recoverysim.studies.person_time import SINCE, WHERE
from recoverysim.studies.trial import simulate
from recoverysim.studies.trial_figures import CONTRASTS, COUNTS, HOW
from recoverysim.studies.trial_files import KEYS, LOST, VISITS, load_trial, shipped_trials
from recoverysim.studies.validation import Line, Validation

DOCS = Path(__file__).parent.parent / "docs"
PAGE = (DOCS / "studies.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
FEW = Plan(repeats=2, knowledge="none", threads=1)


def script(name: str):
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


# --- the page -----------------------------------------------------------------------------


def test_the_list_of_measures_is_what_the_script_would_write():
    assert script("make_studies").page() == PAGE, "run: python docs/make_studies.py"


@pytest.mark.parametrize(
    "names", [KEYS, FIGURE_KEYS, CRITERIA, CARE, TRAITS, SINCE, WHERE, CONTRASTS, HOW, COUNTS,
              LOST, VISITS],
)  # fmt: skip
def test_every_key_and_choice_is_told(names):
    told = re.findall(r"`(?:since: )?([a-z_]+)[`:]", PAGE)
    assert [name for name in names if name not in told] == []


@pytest.mark.parametrize("text", EXAMPLES, ids=["trial", "observational"])
def test_the_examples_are_read_and_simulated(text, tmp_path):
    path = tmp_path / "my-trial.yaml"
    path.write_text(text)
    trial = load_trial(path)
    small = replace(trial, arms=tuple(replace(arm, size=60) for arm in trial.arms))
    found = simulate(small, FEW)
    assert len(found.rows) == len(trial.figures) >= 5
    assert found.rows[0].median is not None


def test_the_examples_use_every_kind_of_contrast():
    said = "".join(EXAMPLES)
    for word in (*CONTRASTS[2:], *HOW[1:], "among:", "waves:", "window:", "inclusion:", "since:"):
        assert word in said


@pytest.mark.parametrize("name", shipped_trials())
def test_every_shipped_study_is_on_the_page_of_validation_with_its_picture(name):
    assert f"(pictures/studies/{name}.svg)" in (DOCS / "validation.md").read_text("utf-8")
    picture = (DOCS / "pictures" / "studies" / f"{name}.svg").read_text("utf-8")
    assert "Simulated, not observed" in picture
    assert len(picture) < 100_000


def test_a_row_of_the_page_of_validation():
    make = script("make_validation")
    study = simulate(load_trial("manning-2012").altered(20, None, {}), FEW)
    row = replace(next(row for row in study.rows if row.low), passed=False)
    line = Line(study.trial.name, row, {"a": replace(row, passed=True), "b": row}, "test")
    cells = list(make.cells(line))
    assert len(cells) == len(make.COLUMNS)
    assert cells[2] == "3.60 (1.30 to 9.80)"
    assert [cells[6], *cells[9:11]] == ["**missed**", "met", "missed"]
    assert cells[11] == "test"
    found = Validation((study,), {"a": (study,), "b": (study,)})
    section = make.section(found, 0, found.lines)
    assert section.index("**missed**") < section.index("| met |")
    told = json.loads(make.in_short(found))
    assert sum(one["figures"] for one in told["kinds"]) == len(found.lines)
    missed = [line for line in found.lines if not line.row.passed]
    assert [one["measure"] for one in told["missed"]] == [line.row.measure for line in missed]
    assert sum(one["met"] for one in told["kinds"]) == len(found.lines) - len(missed)


# --- pictures -----------------------------------------------------------------------------


def texts(figure) -> list[str]:
    found = [one.get_text() for axis in figure.axes for one in axis.texts]
    return found + [one.get_text() for one in figure.texts]


def drawn(name="manning-2012", **changes):
    study = simulate(load_trial(name).altered(30, None, {}), FEW)
    rows = tuple(replace(row, **changes) for row in study.rows)
    return replace(study, rows=rows)


def test_a_picture_says_what_it_is_and_every_number():
    study = drawn()
    said = texts(draw(study))
    joined = " ".join(said).replace("\n", " ")
    for word in ("Simulated, not observed: recoverysim", "seed 1", "2 simulated studies", "Cross"):
        assert word.lower() in joined.lower()
    assert study.trial.question in joined
    for row in study.rows:
        assert words.amount(row.published, row.unit) in said
        assert row.arm in joined
    assert {axis.get_xlabel() for axis in draw(study).axes} == {
        "%", "points: difference of shares", "ratio",
    }  # fmt: skip


def test_a_miss_is_told_by_a_word_and_a_shape():
    for passed, marker in ((True, "D"), (False, "X")):
        study = drawn(passed=passed)
        figure = draw(study)
        assert texts(figure).count("missed") == (0 if passed else len(study.rows))
        markers = {line.get_marker() for axis in figure.axes for line in axis.lines}
        assert marker in markers
        assert not ({"D", "X"} - {marker}) & markers


def test_what_was_never_measured_is_said():
    study = drawn(median=None, low90=None, high90=None, passed=False)
    assert texts(draw(study)).count("not measured") == len(study.rows)


def test_bars_and_markers_stand_where_the_numbers_are():
    study = drawn("ost-retention", low=0.5, high=0.7)
    first = study.rows[0]
    lines = draw(study).axes[0].lines
    ends = [tuple(line.get_xdata()) for line in lines[:4]]
    assert ends == [
        (0.5, 0.7), (first.published,), (first.low90, first.high90), (first.median,),
    ]  # fmt: skip


def test_the_same_picture_is_the_same_bytes(tmp_path):
    study = drawn("km-drop")
    for name in ("one", "other"):
        save_svg(draw(study), tmp_path / f"{name}.svg")
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "other.svg").read_bytes()


# --- units --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "unit", "shown"),
    [
        (0.64, "share", "64%"), (0.305, "share of days", "31%"),
        (-0.07, "difference of shares", "−7 points"), (2.836, "ratio", "2.84"),
        (4.86, "points, 0 to 9", "4.9"), (12.74, "per 1,000 person-years", "12.7"),
        (1234.5, "days", "1,235"), (0.125, "episodes", "0.13"), (-0.4, "per unit", "−0.40"),
        (None, "ratio", "–"), (None, "share", "–"),
    ],
)  # fmt: skip
def test_an_amount_is_shown_in_its_unit(number, unit, shown):
    assert words.amount(number, unit) == shown


def test_ranges_and_tolerances_are_shown_in_their_unit():
    assert words.amounts(0.37, 0.74, "share") == "37 to 74%"
    assert words.amounts(-0.07, 0.12, "difference of shares") == "−7 to 12 points"
    assert words.amounts(1.3, 9.8, "ratio") == "1.30 to 9.80"
    assert words.amounts(None, None, "ratio") == "–"
    assert study_words.tolerance(0.1, "share") == "10 points"
    assert study_words.tolerance(0.4054651081081644, "ratio") == "a factor of 1.50"
    assert study_words.tolerance(0.9, "points, 0 to 9") == "0.9"
    assert words.on_axis(0.6, "share") == "60"
    assert words.on_axis(-0.05, "difference of shares") == "−5"
    assert words.on_axis(2.5, "days") == "2.5"
