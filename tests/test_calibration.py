"""Calibration: closed forms for what is accepted, truths found again, and a table that goes on."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from recoverysim.knowledge import draw_sets
from recoverysim.quantities import all_quantities
from recoverysim.scenario import ScenarioError
from recoverysim.store.whole import FolderError
from recoverysim.studies.calibration import checks, reference_table
from recoverysim.studies.calibration.acceptance import (
    EFFECT,
    Line,
    Targets,
    accept,
    kept_by_declared_range,
    lines,
    move_along,
    what_informs,
)
from recoverysim.studies.calibration.calibrate import from_table
from recoverysim.studies.calibration.plan import load_plan
from recoverysim.studies.calibration.reference_table import ReferenceTable, make, part_of, uncertain

ROWS = 6000


def linear_world(seed, rows=ROWS):
    """One number from a standard normal; two figures that show it with errors of 0.5 and 2, one
    that has nothing to do with it."""
    dice = np.random.default_rng(seed)
    truth = dice.normal(size=rows)
    figures = [truth + dice.normal(0, 0.5, rows), truth + dice.normal(0, 2, rows)]
    return np.column_stack([*figures, dice.normal(size=rows)]), truth[:, None]


def test_what_is_accepted_follows_bayes_where_that_can_be_worked_out():
    """Normal prior and normal errors: precision 1 + 1/0.25 + 1/4 = 5.25, mean precision-weighted.

    Published 0.8 and -1.0: (0.8 * 4 - 1.0 * 0.25) / 5.25 = 0.562. Three standard errors of a mean
    of 500, and of a standard deviation: one seed in 370 would leave them by chance.
    """
    figures, truth = linear_world(1)
    standing = figures - np.array([0.8, -1.0, 0.3])
    moved = accept(standing, truth, 500).moved[:, 0]
    sd = math.sqrt(1 / 5.25)
    assert moved.mean() == pytest.approx(0.562, abs=3 * sd / math.sqrt(500) + 0.01)
    assert moved.std() == pytest.approx(sd, rel=3 / math.sqrt(2 * 500))


def test_without_the_regression_the_accepted_would_be_too_wide():
    """The check above can fail: the nearest rows as they were drawn are far wider."""
    figures, truth = linear_world(1)
    found = accept(figures - np.array([0.8, -1.0, 0.3]), truth, 500)
    assert truth[found.rows, 0].std() > 1.25 * found.moved[:, 0].std()


def test_rows_about_which_a_figure_could_not_be_asked_are_not_accepted():
    figures, truth = linear_world(2, 100)
    figures[:50, 1] = np.nan
    assert accept(figures, truth, 20).rows.min() >= 50
    with pytest.raises(ValueError, match="only 50 rows have every figure, and 60 are to be kept"):
        accept(figures, truth, 60)


def test_known_truths_are_found_as_often_as_they_should_be_and_too_narrow_sets_are_called_so():
    figures, truth = linear_world(3, 3000)
    found = {one.level: one for one in checks.recover(["x"], figures, truth, 300)}
    assert found[0.9].verdict == found[0.5].verdict == "as it should"
    # A closed form again: the accepted are as narrow as the posterior, sqrt(1 / 5.25).
    assert found[0.9].narrower == pytest.approx(math.sqrt(1 / 5.25), rel=0.05)
    narrow = checks.Recovered("x", 0.9, 200, 0.5, *checks.binomial_interval(100, 200), 1.0)
    wide = checks.Recovered("x", 0.5, 200, 0.9, *checks.binomial_interval(180, 200), 1.0)
    assert (narrow.verdict, wide.verdict) == ("too narrow", "too wide")


@pytest.mark.parametrize(
    ("factor", "level", "verdict"), [(0.5, 0.9, "too narrow"), (2.0, 0.5, "too wide")]
)
def test_accepted_sets_of_the_wrong_width_are_found_out(monkeypatch, factor, level, verdict):
    """Half as wide, a 90% interval of a normal holds 59%; twice as wide, one of 50% holds 82%."""

    def of_another_width(*given):
        found = accept(*given)
        middle = found.moved.mean(axis=0)
        return replace(found, moved=middle + factor * (found.moved - middle))

    monkeypatch.setattr(checks, "accept", of_another_width)
    figures, truth = linear_world(3, 3000)
    found = {one.level: one for one in checks.recover(["x"], figures, truth, 300)}
    z = stats.norm.ppf((1 + level) / 2) * factor
    expected = 2 * stats.norm.cdf(z) - 1
    error = math.sqrt(expected * (1 - expected) / 200)
    assert found[level].covered == pytest.approx(expected, abs=3 * error + 0.02)
    assert found[level].verdict == verdict


@pytest.mark.parametrize(("happened", "of"), [(0, 10), (3, 10), (10, 10), (171, 200)])
def test_the_binomial_interval_is_the_exact_one(happened, of):
    exact = stats.binomtest(happened, of).proportion_ci(method="exact")
    assert checks.binomial_interval(happened, of) == pytest.approx((exact.low, exact.high))


def test_what_was_only_observed_does_not_move_the_effect():
    """The first figure is shut off: all that is left is the prior and the second's word."""
    figures, truth = linear_world(8)
    informs = np.array([[False], [True], [True]])
    standing = figures - np.array([0.0, -1.0, 0.3])
    shut, all_of_them = accept(standing, truth, 2000, informs), accept(standing, truth, 2000)
    assert shut.moved.std() > 1.3 * all_of_them.moved.std()
    plan = load_plan("calibration")
    which = what_informs(plan.fitted, plan.parameters)
    effect = list(plan.parameters).index(EFFECT)
    assert which[:, effect].tolist() == [bool(one.figure.against) for one in plan.fitted]
    assert np.delete(which, effect, axis=1).all()


def test_what_trials_say_by_themselves_stays_where_something_was_simulated():
    """Figures two standard errors beyond anything drawn: the quantiles come near the upper end of
    the even range, and not past it."""
    plan = load_plan("calibration")
    targets = Targets.of([one for one in plan.fitted if one.by_lot])
    ((_, low, high),) = plan.even
    dice = np.random.default_rng(6)
    effect = dice.uniform(low, high, 6000)
    standing = (effect[:, None] - high) / 0.3 - 2 + dice.normal(size=(6000, len(targets.fitted)))
    for told in checks.alone(targets, standing, effect, Line(low, high)):
        assert high - 0.5 < told["median"] < told["high95"] <= high
    without_ends = Line(-math.inf, math.inf)
    assert max(t["high95"] for t in checks.alone(targets, standing, effect, without_ends)) > high


# --- lines and ranges ---------------------------------------------------------------------


def test_a_number_cannot_be_pushed_out_of_its_range_and_comes_back_where_it_was():
    line = Line(2.0, 5.0)
    values = np.array([2.001, 3.0, 4.9])
    assert line.back(line.out(values)) == pytest.approx(values)
    assert line.back(np.array([-50.0, 50.0])) == pytest.approx([2.0, 5.0])
    everything = Line(-math.inf, math.inf)
    assert everything.back(everything.out(values)) == pytest.approx(values)


def test_each_calibrated_number_has_the_line_of_how_it_is_drawn():
    plan = load_plan("calibration")
    by_key = dict(zip(plan.parameters, lines(plan.parameters), strict=True))
    assert by_key[EFFECT] == Line(-math.inf, math.inf)  # never truncated: harm is possible
    assert by_key["linkage.peer.first_meeting"] == Line(0.0, 1.0)  # moves with another
    scale = all_quantities()["return_to_use.alcohol.scale_weeks"]
    assert by_key["return_to_use.alcohol.scale_weeks"] == Line(scale.low, scale.high)


def test_rows_kept_by_the_declared_range_are_drawn_from_it():
    """Evenly drawn, then kept as the declared normal says: Kolmogorov and Smirnov see no
    difference among 6,000 at a level of 0.001, and would see one of 0.04."""
    plan = load_plan("calibration")
    ((key, low, high),) = plan.even
    drawn = np.random.default_rng(4).uniform(low, high, (20_000, 1))
    kept = drawn[kept_by_declared_range(plan, [key], drawn), 0]
    one = all_quantities()[key]
    declared = stats.norm(one.value, (one.high - one.low) / 3.92)
    within = declared.cdf(high) - declared.cdf(low)
    assert stats.kstest(kept, lambda x: (declared.cdf(x) - declared.cdf(low)) / within)[1] > 0.001
    assert len(kept) > 5000


def test_figures_are_compared_in_their_own_uncertainty_and_ratios_as_logarithms():
    plan = load_plan("calibration")
    targets = Targets.of(plan.fitted)
    names = [one.name for one in plan.fitted]
    published = np.array([[one.figure.published for one in plan.fitted]] * 4000)
    standing = targets.standing(published, 1)
    # As published: nothing left but how far other people may lie off, in those units.
    for column, one in enumerate(plan.fitted):
        expected = targets.error[column] / targets.scale[column]
        assert standing[:, column].std() == pytest.approx(expected, rel=0.06, abs=1e-12), one.name
        assert (one.figure.model_error == 0) == one.by_lot
    ratio = names.index(next(one.name for one in plan.fitted if one.figure.is_ratio))
    doubled = published.copy()
    doubled[:, ratio] *= 2
    moved = targets.standing(doubled, 1)[:, ratio] - standing[:, ratio]
    assert moved == pytest.approx(math.log(2) / targets.scale[ratio])


# --- the table ----------------------------------------------------------------------------


def quick(**changes):
    """The plan with one quick study; two parts long unless told otherwise."""
    plan = replace(load_plan("calibration"), **{"draws": 200, "accepted": 20} | changes)
    plan.__dict__["trials"] = tuple(one for one in plan.trials if one.name == "gossop-1989")
    return plan


@pytest.fixture(scope="module")
def small():
    return quick()


@pytest.fixture(scope="module")
def table(small, tmp_path_factory):
    folder = tmp_path_factory.mktemp("table")
    return folder, make(small, folder, 1)


def test_a_table_that_was_stopped_goes_on_and_is_the_same(small, table, tmp_path):
    folder, whole = table
    first = next(iter(sorted(folder.glob("part-*"))))
    (tmp_path / first.name).write_bytes(first.read_bytes())
    (tmp_path / "part-00001.npz").write_bytes(first.read_bytes()[:1000])  # a damaged one
    (tmp_path / ".part-00001.99").write_bytes(b"")  # left by a process that was killed
    told = []
    again = make(small, tmp_path, 2, told.append)
    assert again.keys == whole.keys
    assert np.array_equal(again.values, whole.values)
    assert np.array_equal(again.figures, whole.figures, equal_nan=True)
    assert told == [100, 100]  # one part stood, one was made


def test_rows_differ_and_cover_the_even_range(table, small):
    _, whole = table
    ((key, low, high),) = small.even
    effect = whole.values[:, whole.keys.index(key)]
    assert len(np.unique(effect)) == 200
    counted, _ = np.histogram(effect[:100], 10, (low, high))
    assert (counted == 10).all()  # a hundred slices in every part
    assert np.isfinite(whole.figures).all()


def test_a_table_of_another_plan_or_something_else_is_not_gone_on_with(small, table, tmp_path):
    folder, _ = table
    with pytest.raises(FolderError, match="do not give"):
        make(quick(seed=2), folder, 1)
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(FolderError, match="holds something else"):
        make(small, tmp_path, 1)


def test_a_worker_that_is_killed_is_told_and_what_was_finished_stays(small, tmp_path, monkeypatch):
    make(quick(draws=100), tmp_path, 1)

    class Pool:
        def __init__(self, *_):
            pass

        def shutdown(self, **_):
            pass

        def submit(self, *_):
            from concurrent.futures import Future
            from concurrent.futures.process import BrokenProcessPool

            future = Future()
            future.set_exception(BrokenProcessPool())
            return future

    monkeypatch.setattr(reference_table, "ProcessPoolExecutor", Pool)
    with pytest.raises(ChildProcessError, match="the same command goes on"):
        make(small, tmp_path, 1)
    assert len(list(tmp_path.glob("part-*"))) == 1


def test_a_row_depends_on_the_plan_and_its_number_alone(small, table):
    _, whole = table
    values, figures = part_of(small, 1, 3)
    assert np.array_equal(values, whole.values[100:103])
    assert np.array_equal(figures, whole.figures[100:103])


# --- from the table to sets ---------------------------------------------------------------


def test_sets_are_moved_where_the_figures_say_and_everything_else_stays_as_drawn(small):
    """A world of one's own: both fitted figures are moved by how soon people return to use of
    opioids, and by nothing else."""
    dice = np.random.default_rng(5)
    keys = uncertain()
    scale = "return_to_use.opioids.scale_weeks"
    one = all_quantities()[scale]
    values = np.array([[all_quantities()[key].value for key in keys]] * 3000)
    values += 1e-3 * dice.random(values.shape)
    ((_, low, high),) = small.even
    values[:, keys.index(EFFECT)] = dice.uniform(low, high, 3000)
    weeks = np.array([one.draw(u) for u in dice.random(3000)])
    values[:, keys.index(scale)] = weeks
    published = np.array([each.figure.published for each in small.fitted])
    figures = published + 0.3 * (weeks[:, None] - 6) + 0.02 * dice.normal(size=(3000, 2))
    plan = quick(accepted=200)
    found = from_table(plan, ReferenceTable(keys, values, figures), "a test", 1)
    told = {each["key"]: each for each in found.told["parameters"]}
    # The figures say 6 weeks, with the error that is allowed them; before, the middle was 4.5.
    assert told[scale]["declared"]["median"] < 4.8 < 5.2 < told[scale]["accepted"]["median"] < 6.2
    assert told[scale]["narrower"] < 0.6
    # Nothing was made by lot, so the effect stays where it was declared (its width: three errors
    # of a standard deviation of 200).
    assert told[EFFECT]["narrower"] == pytest.approx(1, abs=3 / math.sqrt(400) + 0.05)
    assert found.told["effect"]["alone"] == found.told["left_out"] == []
    assert found.sets.shape == (200, len(keys))
    others = [
        column
        for column, key in enumerate(keys)
        if not {key, all_quantities()[key].moves_with} & set(plan.parameters)
    ]
    drawn = {tuple(row) for row in values[:, others]}
    assert all(tuple(row) in drawn for row in found.sets[:, others])
    # Few that follow each other spread over the effect: ten of two hundred, one of each tenth.
    ranks = found.sets[:, keys.index(EFFECT)].argsort().argsort() // 20
    for first in range(0, 190, 10):
        assert len(set(ranks[first : first + 10])) >= 7


def test_what_moves_with_a_calibrated_number_moves_with_it_in_the_accepted_sets_too():
    """From 0.3 to 0.2 the odds fall by a factor of 1.714: those of a leaflet, which is not
    calibrated, from 0.33 to 0.223; a peer's introduction is calibrated, and stays where it is."""
    kinds = ("none", "leaflet", "peer")
    keys = [f"linkage.{kind}.first_meeting" for kind in kinds]
    drawn = np.array([[0.30, 0.33, 0.60]])
    sets = np.array([[0.20, 0.33, 0.55]])
    move_along(sets, drawn, keys, [keys[0], keys[2]])
    odds = 0.33 / 0.67 / ((0.3 / 0.7) / (0.2 / 0.8))
    assert sets[0] == pytest.approx([0.20, odds / (1 + odds), 0.55])
    assert odds / (1 + odds) == pytest.approx(0.223, abs=5e-4)


def test_a_leaflet_never_brings_fewer_people_than_nothing_does(small):
    """In a table whose figures move what people do by themselves, and nothing else."""
    sets = draw_sets(1500, 9)
    dice = np.random.default_rng(9)
    ((effect, low, high),) = small.even
    for values in sets:
        values[effect] = dice.uniform(low, high)
    keys = uncertain()
    values = np.array([[one[key] for key in keys] for one in sets])
    none, leaflet = (keys.index(f"linkage.{kind}.first_meeting") for kind in ("none", "leaflet"))
    assert (values[:, leaflet] > values[:, none]).all()
    published = np.array([each.figure.published for each in small.fitted])
    figures = published + 2 * (values[:, [none]] - 0.35) + 0.02 * dice.normal(size=(1500, 2))
    found = from_table(quick(accepted=100), ReferenceTable(keys, values, figures), "a test", 1)
    assert (found.sets[:, leaflet] > found.sets[:, none]).all()
    assert np.median(found.sets[:, none]) > np.median(values[:, none]) + 0.01


# --- the plan -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("draws: 100\naccepted: 20\nparameters: [use.alcohol]", "is not known"),
        ("draws: 100\naccepted: 90\nparameters: [motivation.lasting_share]", "from 10 to 50"),
        ("draws: 100\naccepted: 20\nparameter: []", "Did you mean 'parameters'"),
        ("draws: 100\naccepted: 20", "parameters: is missing"),
        (
            "draws: 100\naccepted: 20\nparameters: [motivation.lasting_share]\n"
            "even: {mutual_aid.total_log_hazard_ratio: {low: 1, high: 0}}",
            "needs low below high",
        ),
    ],
)
def test_a_plan_with_a_fault_is_refused_with_its_line(tmp_path, text, said):
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(ScenarioError, match=said):
        load_plan(path)


def test_sizes_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="at most half"):
        load_plan("calibration").altered(100, 60, None)


def test_more_than_the_declared_ranges_leave_is_refused_before_anything_is_simulated():
    """A third of the rows stay, so that 300 of 1,000 draws would be found missing only when the
    whole table stands."""
    plan = load_plan("calibration")
    with pytest.raises(ValueError, match="that the declared ranges leave"):
        plan.altered(1000, 300, None)
    assert plan.altered(1000, 150, None).accepted == 150
    ((key, low, high),) = plan.even
    drawn = np.random.default_rng(4).uniform(low, high, (20_000, 1))
    share = kept_by_declared_range(plan, [key], drawn).mean()
    assert plan.share_that_stays == pytest.approx(share, abs=3 * math.sqrt(0.25 / 20_000))


def test_what_is_told_can_be_written_as_json(small, table, tmp_path):
    _, whole = table
    found = from_table(small, whole, "a test", 1)
    found.write(tmp_path)
    told = json.loads((tmp_path / "accepted.json").read_text())
    assert told["made_by"]["accepted"] == 20
    assert told["made_by"]["draws"] == 200
