"""Study files are read strictly: every fault with its line and what would mend it."""

from dataclasses import replace
from math import log

import pytest

from recoverysim.evidence import figures
from recoverysim.plan import Plan
from recoverysim.scenario import ScenarioError
from recoverysim.studies.asked import EVENTS, MEASURES
from recoverysim.studies.trial import simulate
from recoverysim.studies.trial_figures import Published
from recoverysim.studies.trial_files import is_a_study, load_trial, shipped_trials
from tests.hostile_scenarios import HOSTILE

SMALL = """
people:
  care: {started_within_a_week_share: 1.0, medication_share: 1.0}
arms:
  one: {size: 30}
  other: {size: 30, people: {linkage.peer.offered_share: 1.0}}
figures:
  - {measure: attended, arm: one, week: 12, published: 0.3, figure: manning-post}
  - {measure: attended, arm: other, against: one, week: 12, published: 0.3, figure: manning-post}
"""
FIGURE = "figure: manning-post"


@pytest.fixture
def write(tmp_path):
    def written(text: str | bytes):
        path = tmp_path / "mine.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return written


def one_figure(**keys) -> str:
    """A study with one figure, of these keys besides what every figure needs."""
    given = {"measure": "attended", "arm": "one", "week": 12, "published": 0.3} | keys
    said = ", ".join(f"{key}: {value}" for key, value in given.items() if value is not None)
    return SMALL[: SMALL.index("  - {")] + f"  - {{{said}, {FIGURE}}}\n"


# --- what is shipped ----------------------------------------------------------------------


@pytest.mark.parametrize("name", shipped_trials())
def test_a_shipped_study_names_figures_of_the_register_and_whom_it_studied(name):
    trial = load_trial(name)
    assert trial.question.endswith("?")
    assert trial.studied
    for one in trial.figures:
        assert one.figure in figures()
        assert one.week <= trial.weeks


# --- faults -------------------------------------------------------------------------------

FAULTS = [
    # The study.
    ("arms:", "arm:", "Did you mean 'arms'"),
    ("size: 30}\n", "size: 0}\n", "a whole number from 1"),
    ("size: 30}\n", "size: 1.5}\n", "a whole number from 1"),
    ("size: 30}\n", "sise: 30}\n", "size of the arm"),
    ("linkage.peer.offered_share", "linkage.peer.ofered_share", "offered_share"),
    ("offered_share: 1.0", "offered_share: 1.5", "0 to 1"),
    ("people:\n", "people:\n  name: x\n", "not a value that can be set"),
    ("people:\n", "people:\n  network: {file: nowhere.edges}\n", "nowhere.edges"),
    ("people:\n  care: {started_within_a_week_share: 1.0, medication_share: 1.0}", "people: 3",
     "'key: value' lines"),
    ("figures:", "base: bseline\nfigures:", "baseline"),
    ("figures:", "years: 0\nfigures:", "from 1 to 20"),
    ("figures:", "visits: sometimes\nfigures:", "one of after_start, after_care"),
    ("figures:", "question: [why]\nfigures:", "should be words"),
    ("figures:", 'question: "\\e[31m"\nfigures:', "cannot be printed"),
    ("one: {", '"\\e[31m": {', "can be printed"),
    # Loss.
    ("figures:", "lost_count_as: no1\nfigures:", "one of missing, using"),
    ("figures:", "lost_share: 1.5\nfigures:", "from 0 to 1"),
    ("figures:", "lost_share: {one: 0.1}\nfigures:", "says nothing of the arm 'other'"),
    ("figures:", "lost_share: {one: 0.1, other: 2}\nfigures:", "from 0 to 1"),
    ("figures:", "lost_share: {one: 0.1, othr: 0, other: 0}\nfigures:", "'other'"),
    ("figures:", "lost_ratio_while_using: 0\nfigures:", "above 0"),
    # Inclusion.
    ("figures:", "inclusion: {sex: woman}\nfigures:", "is not known"),
    ("figures:", "inclusion: {substance: heroin}\nfigures:", "one of alcohol, opioids"),
    ("figures:", "inclusion: {substance: [opioids, opioids]}\nfigures:", "twice"),
    ("figures:", "inclusion: {substance: []}\nfigures:", "at least one"),
    ("figures:", "inclusion: {female: 1}\nfigures:", "true or false"),
    ("figures:", "inclusion: {age: 18}\nfigures:", "'key: value'"),
    ("figures:", "inclusion: {age: {}}\nfigures:", "at_least or at_most"),
    ("figures:", "inclusion: {age: {above: 18}}\nfigures:", "is not known"),
    ("figures:", "inclusion: {age: {at_least: 60, at_most: 20}}\nfigures:", "leaves nobody"),
    ("figures:", "inclusion: {age: {at_least: 110}}\nfigures:", "nobody would qualify"),
    ("figures:", "inclusion: {age: {at_least: 76}, female: true}\nfigures:", "only 0."),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "word"), FAULTS)
def test_a_fault_in_a_study_is_told_with_its_line(write, before, after, word):
    with pytest.raises(ScenarioError) as refused:
        load_trial(write(SMALL.replace(before, after, 1)))
    assert word in str(refused.value)
    assert any(fault.line > 0 and word in str(fault) for fault in refused.value.faults)


FIGURE_FAULTS = [
    ({"measure": "atended"}, "Did you mean 'attended'"),
    ({"measure": None}, "measure: is missing"),
    ({"arm": "third"}, "one of one, other"),
    ({"arm": "one, hazard: 3"}, "hazard: is not known"),
    ({"published": 30}, "0 to 1 (share, so 64% is 0.64)"),
    ({"published": -0.1}, "0 to 1"),
    ({"published": "'0.3'"}, "in quotes"),
    ({"published": -1.5, "against": "other"}, "-1 to 1"),
    ({"published": 0, "against": "other", "as": "odds_ratio"}, "above 0"),
    ({"published": 12, "measure": "affiliation"}, "0 to 9"),
    ({"published": None}, "published: is missing"),
    ({"week": 1.5}, "a whole number"),
    ({"week": 60}, "more years"),
    ({"week": None}, "in which week"),
    ({"size": 0}, "whole number from 1"),
    ({"known": 3}, "should be words"),
    ({"low": 0.2}, "needs the other end"),
    ({"low": 0.4, "high": 0.5}, "between low and high"),
    ({"low": 0.3, "high": 0.3}, "above low"),
    # Second questions.
    ({"among": "rich"}, "answered yes or no"),
    ({"among": "[abstinent]"}, "answered yes or no"),
    ({"among": "affiliation"}, "answered yes or no"),
    ({"among": "not abstinnt"}, "Did you mean 'abstinent'"),
    ({"among": "abstinent", "among_week": 60}, "more years"),
    ({"among_week": 4}, "needs among"),
    ({"window": 4, "measure": "abstinent"}, "does not look back"),
    ({"window": 0}, "whole number from 1"),
    # Waves.
    ({"waves": "[4, 8]"}, "keep one of the two"),
    ({"waves": "[4, 8]", "week": None}, "any or every"),
    ({"waves": "[8, 4]", "week": None, "count": "any"}, "later than the last"),
    ({"waves": "[8]", "week": None, "count": "any"}, "2 to 20 weeks"),
    ({"waves": "8", "week": None, "count": "any"}, "2 to 20 weeks"),
    ({"waves": "[8, 60]", "week": None, "count": "any"}, "more years"),
    ({"waves": "[4, 8]", "week": None, "count": "some"}, "one of any, every"),
    ({"count": "any"}, "needs waves"),
    ({"waves": "[4, 8]", "week": None, "count": "any", "measure": "visits"}, "yes or no"),
    # Contrasts.
    ({"against": "nobody"}, "one of one, other"),
    ({"against": "one"}, "should name another arm"),
    ({"arm": "[one, other]", "against": "other"}, "should name another arm"),
    ({"arm": "[one, one]"}, "names the same twice"),
    ({"arm": "[]"}, "at least one of one, other"),
    ({"against": "other", "chosen": "attended"}, "keep one"),
    ({"as": "difference"}, "needs two groups"),
    ({"how": "adjusted", "traits": "age"}, "needs two groups"),
    ({"chosen": "atended"}, "Did you mean 'attended'"),
    ({"chosen": "attended", "as": "hazard_ratio"}, "one of difference, risk_ratio"),
    ({"chosen": "attended", "how": "matched"}, "traits: is missing"),
    ({"chosen": "attended", "how": "matched", "traits": "severity"}, "one of substance"),
    ({"chosen": "attended", "traits": "age"}, "needs how"),
    ({"chosen": "attended", "as": "slope", "through": "attended"}, "drawn by lot"),
    ({"against": "other", "as": "slope"}, "through: is missing"),
    ({"against": "other", "through": "attended"}, "is for as: slope"),
    ({"against": "other", "as": "slope", "through": "deaths"}, "no rate"),
    ({"against": "other", "as": "slope", "through": "used", "published": 0}, "give low and high"),
    ({"against": "other", "as": "slope", "through": "used", "how": "adjusted", "traits": "age"},
     "a lot needs no adjustment"),
    ({"against": "other", "as": "share_mediated", "through": "used", "how": "matched",
      "traits": "age"}, "crude or adjusted"),
    ({"measure": "visits", "against": "other", "as": "odds_ratio"}, "difference, slope"),
    # Rates.
    ({"since": "care"}, "is for rates"),
    ({"measure": "deaths", "since": "birth"}, "one of start, care"),
    ({"measure": "deaths", "since": "care", "where": "in_care"}, "out_of_care"),
    ({"measure": "deaths", "from_week": 4, "to_week": 4}, "before to_week"),
    ({"measure": "deaths", "from_week": 12}, "before to_week"),
    ({"measure": "deaths", "chosen": "attended"}, "ask for died"),
    ({"measure": "deaths", "against": "other", "as": "odds_ratio"}, "difference or risk_ratio"),
    ({"measure": "deaths", "against": "other", "how": "matched", "traits": "age"},
     "compared crude"),
    ({"measure": "deaths", "published": 0}, "give low and high"),
    ({"measure": "deaths", "window": 4}, "does not look back"),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "word"), FIGURE_FAULTS)
def test_a_fault_in_a_figure_is_told_with_its_line(write, keys, word):
    with pytest.raises(ScenarioError) as refused:
        load_trial(write(one_figure(**keys)))
    assert word in str(refused.value)
    assert all(fault.line == 8 for fault in refused.value.faults)


def test_every_fault_is_told_at_once(write):
    text = SMALL.replace("size: 30}\n", "size: 0}\n", 1).replace("0.3", "30").replace("12", "x")
    with pytest.raises(ScenarioError) as refused:
        load_trial(write(text))
    assert [fault.line for fault in refused.value.faults] == [5, 8, 8, 9, 9]


def test_a_figure_that_is_not_in_the_register(write):
    with pytest.raises(ScenarioError, match="Did you mean 'manning-post'"):
        load_trial(write(SMALL.replace("manning-post", "maning-post", 1)))


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile.name)
def test_a_hostile_file_is_refused_as_a_study_too(write, hostile):
    path = write(hostile.content)
    with pytest.raises(ScenarioError) as refused:
        load_trial(path)
    said = str(refused.value)
    assert "mine.yaml" in said
    assert len(said) < 20_000
    assert said.isprintable() or set(said) <= {*filter(str.isprintable, said), "\n"}


@pytest.mark.parametrize(
    "figures",
    ["figures: 3", "figures: []", "figures: {a: b}", "figures: [3, x, [y]]", "figures: [{}]",
     "figures: [{measure: [a], arm: {b: c}, week: [1], published: {x: 1}, figure: ~}]",
     "figures: [{measure: deaths, arm: one, published: 1e999, week: 12, figure: strang}]"],
)  # fmt: skip
def test_figures_of_a_strange_shape_are_refused(write, figures):
    text = SMALL[: SMALL.index("figures:")] + figures
    with pytest.raises(ScenarioError, match="figures"):
        load_trial(write(text))


def test_no_such_study_folder_or_file(tmp_path):
    with pytest.raises(ScenarioError, match="Did you mean 'manning-2012'"):
        load_trial("maning-2012")
    with pytest.raises(ScenarioError, match=r"no such file. Did you mean 'timko-2006'"):
        load_trial(tmp_path / "timko-206.yaml")
    with pytest.raises(ScenarioError, match="is a folder without a study"):
        load_trial(tmp_path)
    (tmp_path / "mine.yaml").write_text(SMALL)
    with pytest.raises(ScenarioError, match=r"a file in it such as .*mine.yaml"):
        load_trial(tmp_path)
    with pytest.raises(ScenarioError, match="no shipped study and no file"):
        load_trial("\0")


def test_a_study_is_told_from_a_scenario(write):
    assert is_a_study(write(SMALL))
    assert not is_a_study(write("name: x"))
    assert not is_a_study(write("arms: ["))


# --- what is read -------------------------------------------------------------------------


def test_everything_a_study_may_say_is_read(write):
    text = one_figure(
        measure="deaths", against="other", **{"as": "risk_ratio"}, published=1.5, low=1.2, high=2,
        among="not abstinent", among_week=4, size=40, known="by hand", to_week=10, from_week=2,
        where="in_care",
    )  # fmt: skip
    text += """
name: mine
question: Does it work?
studied: two arms
base: peer-introduction
visits: after_care
years: 2
lost_share: {one: 0.1, other: 0.2}
lost_count_as: using
lost_ratio_while_using: 3
inclusion: {substance: [alcohol, opioids], female: false, age: {at_least: 18, at_most: 60}}
"""
    trial = load_trial(write(text))
    assert (trial.name, trial.question, trial.studied) == ("mine", "Does it work?", "two arms")
    assert (trial.after_care, trial.weeks) == (True, 104)
    assert [arm.lost_share for arm in trial.arms] == [0.1, 0.2]
    assert (trial.lost_count_as, trial.lost_ratio_while_using) == ("using", 3)
    assert trial.inclusion.choices == (("substance", (0, 1)),)
    assert trial.inclusion.yes_or_no == (("female", False),)
    assert trial.inclusion.ranges == (("age", 18, 60),)
    assert trial.figures == (
        Published(
            "deaths", ("one",), 12, 1.5, "manning-post", against=("other",), contrast="risk_ratio",
            among="not abstinent", among_week=4, where="in_care", from_week=2, to_week=10, low=1.2,
            high=2, size=40, known="by hand",
        ),
    )  # fmt: skip


def test_a_second_question_is_asked_at_the_same_visit_unless_said(write):
    trial = load_trial(write(one_figure(chosen="attended", among="abstinent", among_week=4)))
    (one,) = trial.figures
    assert (one.contrast, one.how, one.chosen_week, one.among_week) == (
        "difference",
        "crude",
        12,
        4,
    )


def test_waves_end_with_the_last(write):
    trial = load_trial(write(one_figure(waves="[13, 26, 52]", week=None, count="every")))
    (one,) = trial.figures
    assert (one.week, one.waves, one.count) == (52, (13, 26, 52), "every")


# --- tolerances ---------------------------------------------------------------------------


def test_a_tolerance_is_the_sampling_error_of_the_figure_and_at_least_5_points():
    one = Published("attended", ("one",), 12, 0.5, "manning-post")
    assert one.tolerance == 0.10
    assert replace(one, size=100).tolerance == pytest.approx(1.96 * 0.05)
    assert replace(one, size=100_000).tolerance == 0.05
    between = replace(one, size=100, against=("other",), contrast="difference")
    assert between.tolerance == pytest.approx(1.96 * 0.05 * 2**0.5)
    assert replace(between, size=None).tolerance == 0.10


def test_a_tolerance_is_half_of_a_published_interval():
    one = Published("attended", ("one",), 12, 0.5, "manning-post", low=0.3, high=0.6, size=10)
    assert one.tolerance == pytest.approx(0.15)
    ratio = replace(
        one, against=("other",), contrast="odds_ratio", published=2.0, low=1.0, high=4.0
    )
    assert ratio.tolerance == pytest.approx(log(2))
    assert ratio.is_met_by(3.99)
    assert ratio.is_met_by(1.01)
    assert not ratio.is_met_by(4.01)
    assert not ratio.is_met_by(0.0)


def test_a_tolerance_without_interval_follows_the_scale():
    one = Published(
        "attended", ("one",), 12, 0.5, "manning-post", against=("o",), contrast="odds_ratio"
    )
    assert one.tolerance == pytest.approx(log(1.5))
    for measure, published, expected in (
        ("affiliation", 4.9, 0.9),
        ("days_abstinent_share", 0.6, 0.1),
        ("days_abstinent", 40, 10),
        ("deaths", 12.0, 3.0),
    ):
        one = Published(measure, ("one",), 12, published, "manning-post")
        assert one.tolerance == pytest.approx(expected)
    slope = replace(one, measure="attended", contrast="slope", published=-0.4)
    assert slope.tolerance == pytest.approx(0.1)
    assert replace(slope, contrast="share_mediated").tolerance == 0.25


def test_a_figure_has_a_unit():
    one = Published("attended", ("one",), 12, 0.5, "manning-post")
    assert one.unit == "share"
    assert replace(one, contrast="difference").unit == "difference of shares"
    assert replace(one, contrast="risk_ratio").unit == "ratio"
    assert replace(one, contrast="slope").unit == "per unit"
    assert replace(one, measure="affiliation", contrast="difference").unit == "points, 0 to 9"
    assert replace(one, measure="deaths").unit == "per 1,000 person-years"


def test_every_measure_says_what_it_is():
    for name, one in MEASURES.items():
        assert name.replace("_", "").isalnum()
        assert one.if_using in (None, 0, 1)
        assert (one.unit == "per 1,000 person-years") == (one.kind == EVENTS)


def test_a_figure_of_ones_own_needs_no_row_in_the_register(write):
    text = one_figure().replace(", figure: manning-post", "")
    assert "manning-post" not in text
    found = load_trial(write(text))
    assert found.figures[0].figure == ""
    simulated = simulate(found, Plan(repeats=2, knowledge="none"))
    assert (simulated.rows[0].use, simulated.rows[0].put_in) == ("", False)


def test_an_interval_upside_down_and_a_tab_are_told_as_what_they_are(write):
    with pytest.raises(ScenarioError, match="is above high"):
        load_trial(write(one_figure(low=0.9, high=0.1)))
    with pytest.raises(ScenarioError, match="holds a tab; indent with spaces"):
        load_trial(write(one_figure() + "\n\tarms: 3"))
