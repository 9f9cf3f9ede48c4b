"""All analyses of a sweep in one call: what is picked, told, drawn and written."""

import math
import re
import sys
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import numpy as np
import polars as pl
import pytest
from SALib.sample import morris, sobol

from recoverysim import sweep_words, words
from recoverysim.studies.sweeps.analyses import analyse
from recoverysim.studies.sweeps.factors import Factor, uncertain_factors
from tests.sweep_made import BASELINE, PEERS, even, found, grid, problem

BOTH = (BASELINE, PEERS)


def add(places):
    """The second scenario adds what x1 and x2 do."""
    return np.column_stack([200 + 0 * places[:, 0], 195 + 10 * places[:, 0] - 2 * places[:, 1]])


@pytest.fixture(scope="module")
def of_a_grid():
    kinds = Factor("kind", sets=("kind",), values=("peer", "<b>leaflet</b>"))
    places = grid(4, 3, 2)
    places[:, 2] = 0.25 + 0.5 * places[:, 2]
    numbers = (Factor("offered", sets=("a",)), Factor("groups", sets=("b",), high=9.0))
    made = found(
        places, add, design="grid", factors=(*numbers, kinds), luck=1.0, repeats=5, scenarios=BOTH,
        year=5, gone=(2,),
    )  # fmt: skip
    return analyse(made)


@pytest.fixture(scope="module")
def written(of_a_grid, tmp_path_factory):
    folder = tmp_path_factory.mktemp("swept")
    return folder, of_a_grid.write(folder).read_text(encoding="utf-8")


# --- what fits ----------------------------------------------------------------------------


def names(analysed):
    return [part.name for part in analysed.parts]


def test_each_design_has_what_fits_it(of_a_grid):
    assert names(of_a_grid) == [
        "leaderboard", "tornado", "interaction", "surface", "thresholds",
    ]  # fmt: skip
    assert of_a_grid.not_done == ["scenario discovery: 40 points are the fewest"]
    places = morris.sample(problem(3), 10, seed=1)
    assert names(analyse(found(places, add, design="morris", scenarios=BOTH))) == [
        "leaderboard", "sensitivity"
    ]  # fmt: skip
    places = sobol.sample(problem(3), 32, calc_second_order=False, seed=1)
    analysed = analyse(found(places, lambda p: p[:, 0], design="sobol"))
    assert names(analysed) == ["sensitivity", "tornado", "emulator"]
    assert (len(analysed.emulators), analysed.not_done) == (1, [])
    for design in ("latin-hypercube", "rows", "accepted"):
        analysed = analyse(found(even(80, 3), add, design=design, scenarios=BOTH))
        told = ["leaderboard", "rank_regression", "tornado", "discovery"]
        assert names(analysed)[:4] == told, design


def test_an_analysis_whose_library_is_missing_is_listed_and_the_others_are_done(monkeypatch):
    for module in ("SALib.analyze", "sklearn.gaussian_process"):
        monkeypatch.setitem(sys.modules, module, None)
    places = sobol.sample(problem(3), 32, calc_second_order=False, seed=1)
    analysed = analyse(found(places, lambda p: p[:, 0], design="sobol"))
    assert names(analysed) == ["tornado"]
    needs = "this needs {}: pip install 'recoverysim[analyse]'"
    assert analysed.not_done == [
        f"sensitivity: {needs.format('SALib')}", f"emulator: {needs.format('scikit-learn')}"
    ]  # fmt: skip


def test_without_any_run_there_is_nothing_to_analyse():
    with pytest.raises(ValueError, match="no run of this sweep finished: there is nothing"):
        analyse(found(even(3, 2), lambda p: p[:, 0], gone=(0, 1, 2)))
    made = found(even(50, 2), add, scenarios=BOTH)
    alone = replace(made, runs=made.runs.filter(pl.col("scenario") == PEERS))
    with pytest.raises(ValueError, match=f"finished together with one of {BASELINE}"):
        analyse(alone)


def test_a_measure_that_no_run_has_is_left_out():
    made = found(even(60, 2), add, measures=("in_recovery", "qalys"), scenarios=BOTH)
    assert set(analyse(made).tables["tornado"]["measure"]) == {"in_recovery"}


def test_measures_that_never_differ_do_no_harm():
    analysed = analyse(found(even(60, 2), lambda p: 5 + 0 * p[:, 0]))
    assert names(analysed) == ["tornado"]
    assert "cannot be told apart" in analysed.sentences[1]
    assert len(analysed.not_done) == 2


# --- words --------------------------------------------------------------------------------


def test_sentences_say_what_was_found(of_a_grid):
    gone, lead, first, widest, *_ = of_a_grid.sentences
    assert gone.startswith("10 of 240 runs are not here")
    assert lead == (
        "All of this is of one number: in recovery in every 1,000 after 5 years, extrapolated, how "
        f"many more than with “{BASELINE}”, twin by twin."
    )
    assert first.startswith(
        "Over all points, in recovery in every 1,000 after 5 years, extrapolated: most with "
    )
    assert widest.startswith(f"“{PEERS}”: ")
    assert "where offered is low" in widest
    crossed = next(said for said in of_a_grid.sentences if "rises above 0 at offered" in said)
    # 195 + 10 x − 2/2 = 200 at x = 0.6.
    at = float(re.search(r"at offered ([0-9.]+) \(", crossed).group(1))
    assert at == pytest.approx(0.6, abs=0.1)


@pytest.mark.parametrize(
    ("mean", "low", "high", "said"),
    [(53.4, 45.2, 61.6, "53 (45 to 62)"), (3.62, 2.73, 4.52, "3.6 (2.7 to 4.5)"),
     (-0.0123, -0.02, 0.001, "−0.012 (−0.020 to 0.001)"), (2.0, None, None, "2.00 (range unknown)"),
     (1234.5, 1200.0, 1300.0, "1,235 (1,200 to 1,300)"), (0.0, 0.0, 0.0, "0 (0 to 0)"),
     (0.31, 0.2, math.inf, "0.310 (0.200 to beyond the range)"),
     (None, None, None, "unknown")],
)  # fmt: skip
def test_a_number_with_its_interval(mean, low, high, said):
    assert sweep_words.ranged(mean, low, high) == said


def test_values_and_bounds():
    told = [sweep_words.value(one) for one in (True, False, 3, 0.25, -1.5, "peer")]
    assert told == ["yes", "no", "3", "0.25", "−1.5", "peer"]


def test_what_may_be_noise_is_said_to_be():
    (told,) = [
        part for part in analyse(found(even(60, 2), lambda p: 0 * p[:, 0], luck=1.0, seed=5)).parts
        if part.name == "rank_regression"
    ]  # fmt: skip
    assert told.sentences == [f"“{BASELINE}”: no factor goes with it by more than noise."]


# --- what is written ----------------------------------------------------------------------


def test_every_table_and_picture_has_its_file(of_a_grid, written):
    folder, _ = written
    there = {path.name for path in (folder).iterdir()}
    expected = {f"{name}.csv" for name in of_a_grid.tables}
    expected |= {f"{name}.{kind}" for name in of_a_grid.pictures for kind in ("png", "svg")}
    assert there == expected | {"summary.html"}
    assert len(of_a_grid.pictures) == 1 + 1 + 3
    table = pl.read_csv(folder / "interaction.csv")
    assert table.height == of_a_grid.tables["interaction"].height


def test_pictures_say_that_they_are_simulated_by_which_version(of_a_grid, written):
    from PIL import Image

    folder, _ = written
    for name in of_a_grid.pictures:
        text = (folder / f"{name}.svg").read_text(encoding="utf-8")
        ElementTree.fromstring(text)
        assert "Simulated, not observed" in text
        assert "<image" not in text  # drawn as lines, so that it is sharp and a page may hold it
        with Image.open(folder / f"{name}.png") as picture:
            assert picture.info["Software"].startswith("recoverysim ")


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found, self.text = [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.text += data


def test_the_page_stands_alone(of_a_grid, written):
    _, page = written
    read = Tags(page)
    tags = {tag for tag, _ in read.found}
    assert not tags & {"script", "link", "img", "iframe", "image"}
    outside = [
        value
        for _, attributes in read.found
        for name, value in attributes.items()
        if name in ("href", "src", "xlink:href") and not value.startswith("#")
    ]
    assert outside == []
    ids = [attributes["id"] for _, attributes in read.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    linked = {
        value[1:]
        for _, attributes in read.found
        for name, value in attributes.items()
        if name in ("href", "xlink:href")
    }
    assert linked <= set(ids)
    assert sum(tag == "svg" for tag, _ in read.found) == len(of_a_grid.pictures)


def test_the_page_says_what_was_asked_run_found_and_cannot_be_said(of_a_grid, written):
    _, page = written
    text = " ".join(Tags(page).text.split())
    for said in (
        "What matters?", words.SIMULATED, words.MEDICATION, *of_a_grid.sentences,
        "24 points of 3 factors", "5 repeats of 500 simulated people",
        "10 of 240 runs are not here", "Not done: scenario discovery: 40 points are the fewest.",
        f"Year 5 is {words.EXTRAPOLATED}", "Every other number stands at its declared value",
        words.basis(of_a_grid.stamp), of_a_grid.stamp["scenarios"][PEERS],
    ):  # fmt: skip
        assert " ".join(said.split()) in text, said
    assert "<b>leaflet</b>" in text  # a value, not a tag


def test_how_many_numbers_are_assumed_is_told(tmp_path):
    factors = uncertain_factors()[:6]
    assumed = sum(one.grade == "assumed" for one in factors)
    made = found(even(60, 6), lambda p: p[:, 0], factors=factors)
    page = analyse(made).write(tmp_path).read_text(encoding="utf-8")
    assert f"{assumed} of the 6 numbers varied are assumed" in page


def test_written_twice_it_is_the_same(of_a_grid, written, tmp_path):
    _, page = written
    assert of_a_grid.write(tmp_path).read_text(encoding="utf-8") == page


def test_what_made_the_runs_is_told_though_it_is_not_this_version(tmp_path):
    made = found(even(60, 2), lambda p: p[:, 0])
    here = analyse(made)
    then = here.stamp | {"version": "0.0.7", "scenarios": {BASELINE: "abcdef"}}
    page = analyse(made, then).write(tmp_path).read_text(encoding="utf-8")
    assert "recoverysim 0.0.7," in page
    assert "abcdef" in page


@pytest.mark.parametrize("repeats", [1, 2, 6])
@pytest.mark.parametrize("left", [(0,), (0, 1), (0, 2, 4)])
@pytest.mark.parametrize(
    ("design", "places"),
    [("grid", grid(6)), ("grid", grid(3, 2)), ("rows", even(45, 2)),
     ("latin-hypercube", even(60, 3)), ("morris", morris.sample(problem(3), 6, seed=1))],
)  # fmt: skip
def test_however_few_points_are_left_there_is_an_answer_or_a_reason(design, places, left, repeats):
    gone = tuple(set(range(len(places))) - set(left))
    analysed = analyse(
        found(
            places, add_first, design=design, scenarios=BOTH, luck=1.0, repeats=repeats, gone=gone
        )
    )
    assert analysed.missing
    assert analysed.parts or analysed.not_done


def add_first(places):
    return np.column_stack([200 + 0 * places[:, 0], 195 + 10 * places[:, 0]])
