"""Validation: families apart, tolerances that stood before, verdicts, coverage and scores."""

import math
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml
from scipy import integrate, stats

from recoverysim.evidence import figures
from recoverysim.plan import Plan
from recoverysim.studies.trial import simulate
from recoverysim.studies.trial_figures import Published
from recoverysim.studies.trial_files import load_trial, shipped_trials, shipped_trials_folder
from recoverysim.studies.trial_scores import allowing, inside_allowed, score
from recoverysim.studies.validation import Line, Validation, fitted_families, validate

FEW = Plan(repeats=4, knowledge="none", threads=1)


def of_files():
    """Every figure of every shipped study as it is written: study, family, row."""
    for path in sorted(shipped_trials_folder().glob("*.yaml")):
        top = yaml.safe_load(path.read_text(encoding="utf-8"))
        for row in top["figures"]:
            yield path.stem, top.get("family", path.stem), row


# --- what is fitted and what is a test ----------------------------------------------------


def test_what_is_fitted_and_what_is_a_test_are_held_apart_by_family():
    """Read from the files, not by the program: no row of a family with a fitted figure is a test,
    and there are enough of both."""
    fitted = {family for _, family, row in of_files() if row.get("fit")}
    tests = [(study, family, row) for study, family, row in of_files() if family not in fitted]
    assert fitted == fitted_families()
    assert len(fitted) >= 8
    assert len(tests) >= 20
    assert len({family for _, family, _ in tests}) >= 10


def test_studies_that_rest_on_the_same_source_are_one_family():
    """Two studies that cite the same row, or the same paper, share people."""
    by_paper = defaultdict(set)
    for _, family, row in of_files():
        by_paper[row["figure"]].add(family)
        by_paper[figures()[row["figure"]].source].add(family)
    apart = {paper: families for paper, families in by_paper.items() if len(families) > 1}
    # Alcohol and stimulants, opioids: the same statistics are never both fitted and a test.
    fitted = fitted_families()
    mixed = [one for one in apart.values() if one & fitted and one - fitted]
    assert mixed == []


@pytest.mark.parametrize(
    "studies",
    [
        ("timko-2006", "timko-2007"),
        ("cochrane-2020", "hai-2019"),  # MATCH is in both
        ("moos-2006", "timko-16y"),  # one cohort of people who asked for help the first time
        ("dennis-sustain", "dennis-career"),
    ],
)
def test_trials_that_share_data_are_one_family(studies):
    assert len({load_trial(name).family for name in studies}) == 1


def test_every_randomised_trial_with_a_number_is_fitted():
    """All randomised evidence in the production posterior (science.md): of each family with arms
    set against each other, some contrast is fitted, but where only a direction was published."""
    by_lot = {family for _, family, row in of_files() if "against" in row and "published" in row}
    assert by_lot - {"manning"} <= {
        family for _, family, row in of_files() if row.get("fit") and "against" in row
    }
    assert "manning" in fitted_families()  # its arms are fitted one by one


# --- scores -------------------------------------------------------------------------------


def share(published=0.4, **more):
    return Published("abstinent_30_days", ("one",), 52, published, "manning-post", **more)


def test_the_score_of_a_normal_forecast_is_the_known_one():
    """Gneiting and Raftery (2007): sd · (z (2Φ(z) − 1) + 2φ(z) − 1/√π); here the spread is that of
    the simulated studies and of other people together, and the unit the tolerance."""
    one = share()
    simulated = stats.norm(0.5, 0.06).ppf((np.arange(4000) + 0.5) / 4000)
    sd = math.hypot(0.06, one.model_error)
    z = (0.4 - 0.5) / sd
    normal = stats.norm()
    expected = sd * (z * (2 * normal.cdf(z) - 1) + 2 * normal.pdf(z) - 1 / math.sqrt(math.pi))
    assert score(one, simulated) == pytest.approx(expected / one.tolerance, rel=0.01)


def test_the_score_is_the_area_between_the_forecast_and_what_was_published():
    """Its definition, by quadrature: the squared distance between the two step functions. A
    contrast by lot, for which nothing is allowed beside the simulated studies."""
    one = share(0.1, against=("other",), contrast="difference", size=100)
    simulated = np.array([0.0, 0.05, 0.2, 0.3])
    steps = lambda x: ((simulated <= x).mean() - (x >= 0.1)) ** 2  # noqa: E731
    edges = [-0.1, *simulated, 0.1, 0.5]
    area = sum(
        integrate.quad(steps, low, high)[0]
        for low, high in zip(sorted(edges)[:-1], sorted(edges)[1:], strict=True)
    )
    assert score(one, simulated) == pytest.approx(area / one.tolerance, rel=1e-6)


def test_other_people_are_allowed_for_except_where_a_lot_made_both_arms():
    simulated = np.array([0.30, 0.31, 0.32])
    by_lot = share(0.4, against=("other",), contrast="difference")
    assert np.array_equal(allowing(by_lot, simulated), simulated)
    assert inside_allowed(by_lot, simulated) is False
    assert inside_allowed(share(0.4), simulated) is True  # ten points, a standard deviation
    assert inside_allowed(share(0.6), simulated) is False
    assert allowing(share(0.4), simulated).std() == pytest.approx(0.1, rel=0.05)


def test_ratios_are_scored_as_logarithms_and_a_ratio_of_nought_is_left_out():
    ratio = share(2.0, chosen="attended", contrast="odds_ratio")
    half, double = (score(ratio, np.full(5, 2.0 * factor)) for factor in (0.5, 2))
    assert half == pytest.approx(double)
    assert score(ratio, np.zeros(3)) is None
    assert inside_allowed(ratio, np.zeros(3)) is None


# --- verdicts -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def found():
    return validate([load_trial("manning-2012"), load_trial("walitzer-2009")], FEW)


def test_every_row_stands_beside_the_same_row_of_each_rival(found):
    assert set(found.beside) == {"no-effect", "crude-causal"}
    for line in found.lines:
        for row in line.beside.values():
            assert (row.measure, row.arm, row.published) == (
                line.row.measure, line.row.arm, line.row.published,
            )  # fmt: skip
    rows = found.rows()
    assert len(rows) == 16
    assert all(set(row["passed_by"]) == {"no-effect", "crude-causal"} for row in rows)
    assert {row["kind"] for row in rows if row["family"] == "manning"} == {"fitted"}
    assert {row["kind"] for row in rows if row["family"] == "walitzer-2009"} == {"test"}


def test_a_direction_is_met_by_the_middle_study_that_goes_the_same_way(found):
    rows = [row for row in found.rows() if row["direction"]]
    assert len(rows) == 3
    for row in rows:
        assert row["published"] is None
        assert row["inside"] is row["score"] is None
        assert row["passed"] == (row["simulated"] > 0)
    one = share(0.0, against=("other",), contrast="difference", direction="fewer")
    assert one.is_met_by(-0.001)
    assert not one.is_met_by(0.0)


def test_misses_come_first_and_among_them_those_that_are_not_known(found):
    missed = [bool(row["passed"]) for row in found.rows()]
    assert missed == sorted(missed)


def test_the_summary_counts_rows_and_weighs_families_alike():
    """Two families, one with two rows scored 1 and 2, one with a row scored 5: (1.5 + 5) / 2."""
    study = simulate(load_trial("strang-2003"), FEW)
    row = study.rows[0]
    rows = (
        replace(row, family="a", score=1.0, inside=True, inside_allowed=True, put_in=False),
        replace(row, family="a", score=2.0, inside=False, inside_allowed=True, put_in=False),
        replace(row, family="b", score=5.0, inside=False, inside_allowed=False, put_in=False,
                passed=False),
    )  # fmt: skip
    (summed,) = Validation((replace(study, rows=rows),), {}).summary()
    assert summed["score"] == pytest.approx(3.25)
    assert (summed["rows"], summed["families"]) == (3, 2)
    assert (summed["inside"], summed["inside_allowed"], summed["with_a_range"]) == (1, 2, 3)
    exact = stats.binomtest(2, 3).proportion_ci(method="exact")
    assert (summed["allowed_low"], summed["allowed_high"]) == pytest.approx((exact.low, exact.high))


def test_a_row_that_every_rival_meets_says_little(found):
    row = replace(found.lines[0].row, passed=True)
    other = replace(row, passed=False)
    assert Line("s", row, {"a": row, "b": row}, "test").says_little
    assert not Line("s", row, {"a": row, "b": other}, "test").says_little
    assert not Line("s", row, {}, "test").says_little


def test_every_miss_is_argued():
    """Whatever `recoverysim validate` calls known says why, in the file of the study; and the page
    argues them."""
    argued = Path(shipped_trials_folder()).parents[1] / "docs" / "validation_argued.md"
    page = argued.read_text(encoding="utf-8")
    missed = {study for study, _, row in of_files() if row.get("known")}
    assert missed <= set(shipped_trials())
    assert [study for study in sorted(missed) if f"`{study}`" not in page] == []
