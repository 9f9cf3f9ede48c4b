"""Which unknown matters, against answers in closed form: linear worlds, and a choice of two.

Seeds are fixed; where something is drawn, tolerances are four standard errors or more.
"""

import math

import numpy as np
import pytest
from scipy.stats import norm

import recoverysim as rs
from recoverysim import unknown_words
from recoverysim.quantities import GRADES, all_quantities
from recoverysim.scenario import load
from recoverysim.studies.explained import (
    curves,
    explained,
    of_variance,
    together,
    worth_of_knowing,
)
from recoverysim.studies.unknowns import (
    Choice,
    Group,
    Row,
    Unknowns,
    _Answer,
    _Shares,
    in_play,
    unknowns,
)

approx = pytest.approx
SETS = 400
UNCERTAIN = [key for key, one in all_quantities().items() if one.distribution == "triangular"]


def lived(knowledge, luck_sd, rng, times=2):
    """Repeats of worlds whose truth is `knowledge`, with luck; and the set of each."""
    which = np.arange(times * len(knowledge)) % len(knowledge)
    return knowledge[which] + luck_sd * rng.standard_normal(len(which)), which


def linear(rng, sets=SETS, numbers=40):
    """Numbers, and an answer of 2 and 1 of the first two: shares 4/5 and 1/5.

    The mean of every number is nought, as good as it is with draws from equal slices.
    """
    values = rng.standard_normal((sets, numbers))
    values -= values.mean(axis=0)
    return values, 2 * values[:, 0] + values[:, 1]


# --- shares -------------------------------------------------------------------------------


@pytest.mark.parametrize("luck_sd", [0.0, 1.0, 3.0])
def test_shares_of_a_linear_world_whatever_the_luck(luck_sd):
    """Luck of 3 makes up half of what differs between means of two: it is no knowledge."""
    rng = np.random.default_rng(1)
    found = []
    for _ in range(60):
        values, truth = linear(rng)
        answer = _Answer(*lived(truth, luck_sd, rng), curves(values))
        assert answer.differ
        shares = _Shares(answer, values, UNCERTAIN[:40])
        found.append(shares.share[:3])
        assert answer.explained.above_chance[0]
    error = np.std(found, axis=0) / math.sqrt(60)
    assert np.abs(np.mean(found, axis=0) - [0.8, 0.2, 0.0]).max() < 4 * error.max() + 0.01


def test_a_bend_counts_and_what_two_do_together_does_not():
    """Of x² + y·z, all normal, x alone explains 2 of 3, y and z alone nothing."""
    rng = np.random.default_rng(2)
    values = rng.standard_normal((4000, 3))
    truth = values[:, 0] ** 2 + values[:, 1] * values[:, 2]
    variance = explained(truth, curves(values)).variance
    assert variance[0] == approx(2.0, rel=0.15)
    assert np.abs(variance[1:]).max() < 0.05


def test_nothing_is_found_where_nothing_matters():
    """One run in a hundred finds something; four or more of 100 happen to 2 in 100 such tests."""
    rng, findings, grades = np.random.default_rng(3), 0, []
    for _ in range(100):
        by = curves(rng.random((150, 200)))
        luck = rng.standard_normal(150)
        findings += bool(explained(luck, by).above_chance.any())
        grades.append(together(luck, by, np.arange(200)))
    assert findings < 4
    assert abs(np.mean(grades)) < 4 * np.std(grades) / 10


def test_the_level_of_chance_is_that_of_a_permutation():
    rng = np.random.default_rng(4)
    by = curves(rng.random((200, 100)))
    skewed = rng.gamma(2.0, size=200)
    largest = [explained(rng.permutation(skewed), by).variance.max() for _ in range(600)]
    level = explained(skewed, by).by_chance.max()
    assert 0.0 <= np.mean(np.array(largest) > level) < 0.03


def test_shares_that_sum_to_one_are_not_counted_twice():
    """Of two numbers that move together exactly, and a third, all is explained once."""
    rng = np.random.default_rng(5)
    first, other = rng.random(SETS), rng.random(SETS)
    values = np.column_stack([first, 1 - first, other])
    truth = first + 0.5 * other
    found = together(truth, curves(values), np.arange(3))
    assert found == approx(truth.var(ddof=1), rel=0.1)
    assert explained(truth, curves(values)).variance.sum() > 1.6 * found


def test_the_intervals_hold_the_truth():
    """95% of 80 simulations: at least 89% but for four standard errors' luck, for one number and
    for a whole grade."""
    rng = np.random.default_rng(6)
    held = np.zeros(2)
    keys = UNCERTAIN[:40]
    grades = np.array([all_quantities()[key].grade for key in keys])
    weights = np.zeros(40)
    weights[:10] = 1.0
    assumed = (weights**2)[grades == "assumed"].sum() / 10
    assert 0 < assumed < 1
    for _ in range(80):
        values = rng.standard_normal((200, 40))
        answer = _Answer(*lived(values @ weights, 2.0, rng), curves(values))
        shares = _Shares(answer, values, keys)
        group = next(one for one in shares.groups() if one.grade == "assumed")
        held += [shares.low[0] <= 0.1 <= shares.high[0], group.low <= assumed <= group.high]
    assert (held / 80 > 0.95 - 4 * math.sqrt(0.95 * 0.05 / 80)).all()


# --- what knowing is worth ----------------------------------------------------------------


def unit_loss(mean, sd):
    """What knowing a normal net benefit is worth (Raiffa and Schlaifer 1961)."""
    away = abs(mean) / sd
    return sd * (norm.pdf(away) - away * norm.sf(away))


@pytest.mark.parametrize("mean", [-1.5, 0.0, 2.0])
@pytest.mark.parametrize("luck_sd", [0.5, 3.0])
def test_knowing_is_worth_the_closed_form_of_two_choices(mean, luck_sd):
    """Net benefit mean + 2x + y: everything has the loss of sd √5, x that of 2, y that of 1.

    All is worth less by what the luck in the mean of 800 repeats makes a choice seem clearer.
    """
    rng = np.random.default_rng(7)
    found = []
    for _ in range(60):
        values, truth = linear(rng, numbers=5)
        answer = _Answer(*lived(mean + truth, luck_sd, rng), curves(values))
        found.append([answer.worth, *answer.worth_of_each()[:2]])
    clearer = unit_loss(mean, luck_sd / math.sqrt(2 * SETS))
    expected = [unit_loss(mean, sd) - clearer for sd in (math.sqrt(5), 2.0, 1.0)]
    error = np.std(found, axis=0) / math.sqrt(60)
    assert (np.abs(np.mean(found, axis=0) - expected) < 4 * error + 0.01).all()


def test_what_cannot_change_the_choice_is_worth_nothing():
    assert worth_of_knowing(5.0, np.array([-4.0, 4.0])) == 0
    assert worth_of_knowing(-5.0, np.array([-4.0, 4.0])) == 0
    assert worth_of_knowing(1.0, np.array([-3.0, 3.0])) == approx(1.0)  # (4 + 0) / 2 - 1
    assert worth_of_knowing(-1.0, np.array([-3.0, 3.0])) == approx(1.0)  # (2 + 0) / 2 - 0


def test_distances_take_the_variance_they_are_given():
    away = np.array([-1.0, 0.0, 1.0])
    assert of_variance(away, 4.0) == approx([-2.0, 0.0, 2.0])
    assert of_variance(away, -1.0) == approx([0.0, 0.0, 0.0])
    assert of_variance(np.zeros(3), 1.0) == approx([0.0, 0.0, 0.0])


def test_luck_alone_is_worth_nothing_to_know():
    """Taken for knowledge, the luck of two repeats would be worth 0.28."""
    rng = np.random.default_rng(8)
    by = curves(rng.random((SETS, 5)))
    found = [_Answer(*lived(np.zeros(SETS), 1.0, rng), by).worth for _ in range(20)]
    assert unit_loss(0.0, math.sqrt(0.5)) == approx(0.28, abs=0.01)
    assert np.mean(found) < 0.1


# --- of a comparison ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def pair():
    return rs.compare("intensive-referral", clients=60, years=1, repeats=200)


def test_of_a_comparison(pair):
    table = pair.unknowns()
    assert table.columns == ["scenario", *Row._fields]
    uncertain = [key for key, one in all_quantities().items() if one.distribution != "fixed"]
    both_set = {key for key, _ in load("intensive-referral").changes} & {
        key for key, _ in load("baseline").changes
    }
    assert set(table["key"]) == set(uncertain) - both_set | moved()
    contrast = pair.contrasts[0]
    found = unknowns(contrast)
    assert found.sets == 100
    assert [one.threshold for one in found.choices] == [20_000, 30_000]
    lower = contrast.row("net_benefit_lower", 1)
    assert found.choices[0].net_benefit == approx(lower.difference)
    for end, choice in zip(("lower", "upper"), found.choices, strict=True):
        assert 0 <= table[f"worth_{end}"].min() <= table[f"worth_{end}"].max() <= choice.worth
    assert sum(one.numbers for one in found.groups) == len(table)
    assert pair.to_json()["comparisons"][0]["unknowns"] == found.to_json()


def moved():
    """Numbers that are drawn with another, whatever their own distribution."""
    return {key for key, one in all_quantities().items() if one.moves_with}


def test_what_both_worlds_set_is_out_of_play(pair):
    key = "mutual_aid.total_log_hazard_ratio"
    assert key in in_play(pair.contrasts[0])[0]
    both = [load(name).replace({key: 0.6}) for name in ("baseline", "intensive-referral")]
    set_in_both = rs.compare(both, clients=20, years=1, repeats=200).contrasts[0]
    assert key not in in_play(set_in_both)[0]
    late = {key: {"value": 0.6, "from_week": 26}}
    both = [load(name).replace(late) for name in ("baseline", "intensive-referral")]
    set_late = rs.compare(both, clients=20, years=1, repeats=200).contrasts[0]
    assert key in in_play(set_late)[0]


def test_sets_alike_are_one_set(pair):
    contrast = pair.contrasts[0]
    _, values, which = in_play(contrast)
    drawn = contrast.plan.parameter_sets()
    keys = in_play(contrast)[0]
    for repeat in (0, 57, 199):
        assert list(values[which[repeat]]) == [drawn[repeat % 100][key] for key in keys]


def test_too_little_to_tell(pair):
    few = rs.compare("intensive-referral", clients=20, years=1, repeats=20)
    with pytest.raises(ValueError, match="--repeats 200"):
        few.unknowns()
    assert "unknowns" not in few.to_json()["comparisons"][0]
    known = rs.compare("intensive-referral", clients=20, years=1, repeats=20, knowledge="none")
    with pytest.raises(ValueError, match="every number as known"):
        known.unknowns()
    with pytest.raises(ValueError, match="year should be"):
        unknowns(pair.contrasts[0], 7)


def test_a_world_against_itself_says_that_nothing_matters():
    same = [load("baseline"), load("baseline").replace({}, name="again")]
    found = unknowns(rs.compare(same, clients=20, years=1, repeats=200).contrasts[0])
    assert not found.differ
    assert not any(row.above_chance or row.worth_upper for row in found.rows)
    assert unknown_words.NONE_RISES in found.in_words


# --- words --------------------------------------------------------------------------------


def a_row(**more):
    row = Row(
        "abstinent_90_days", 10, "care.x", "assumed", 0.344, 0.2, 0.5, 0.1, True, 1.0, 7.04,
        0.0, False, 0.0, False,
    )  # fmt: skip
    return row._replace(**more)


def some(rows, *, differ=True, better=True):
    groups = [Group("assumed", 2, 0.6, 0.4, 1.0)]
    choices = [Choice(20_000.0, -3.0, 9.876), Choice(30_000.0, 2.0, 12.0)]
    return Unknowns(
        400, "abstinent_90_days", 10, 2.0, 1.0, differ, better, rows, groups, choices
    )  # fmt: skip


def test_words_of_shares_and_of_a_study():
    worth = a_row(key="care.y", above_chance=False, worth_lower=1.2345, worth_lower_above_chance=1)
    said = "\n".join(some([a_row(), worth]).in_words)
    assert "care.x (assumed): 34% (20 to 50); +1.0 per 1,000 where it is low, +7.0 where" in said
    assert "care.y (assumed)" not in said
    assert "2 assumed 60% (40 to 100)" in said
    assert "Worth a study: care.y." in said
    assert "£1,200 at 20,000" in said
    assert "£9,900 at 20,000" in said
    assert "worth its cost at 30,000 pounds a QALY only" in said


def test_words_where_there_is_little_to_say():
    nothing = a_row(above_chance=False, share=None, low=None, high=None)
    said = some([nothing], differ=False).in_words
    assert unknown_words.NONE_RISES in said
    assert unknown_words.LOST_IN_LUCK in said
    assert any(line.startswith("No number by itself would change the choice") for line in said)
    assert some([a_row()], better=False).in_words[-1] == unknown_words.WORSE
    assert set(GRADES) >= {one.grade for one in some([]).groups}
