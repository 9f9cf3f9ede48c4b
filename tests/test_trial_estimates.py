"""What one simulated study would publish: loss, waves, groups and rates, each by hand."""

from dataclasses import replace

import numpy as np
import pytest

from recoverysim.codes import ABSTINENT, DEAD, DIED_OVERDOSE, IN_USE, LEFT, REGULAR
from recoverysim.scenario import load
from recoverysim.studies.inclusion import Inclusion
from recoverysim.studies.trial_estimates import Sample, estimate
from recoverysim.studies.trial_figures import Published
from recoverysim.studies.trial_files import Arm, Trial
from tests.participants import history

PEOPLE = 10


def trial(**changes) -> Trial:
    """Two arms of ten."""
    lost = changes.pop("lost", 0.0)
    arms = tuple(Arm(name, PEOPLE, load("baseline"), lost) for name in ("one", "other"))
    plain = Trial("made", "", "", "made", arms, Inclusion(), False, "missing", 1.0, 52, ())
    return replace(plain, **changes)


def sample(weeks: int = 6, **changes) -> Sample:
    """Ten people over six weeks; the first is lost first, the last last."""
    return Sample(history(weeks=weeks, people=PEOPLE, **changes), (np.arange(PEOPLE) + 0.5) / 10)


def use_of(*who: int, week: int = 6, weeks: int = 6) -> np.ndarray:
    """These people use in that week."""
    use = np.full((weeks + 1, PEOPLE), ABSTINENT)
    use[week, list(who)] = IN_USE
    return use


def found(figure, one, other=None, **changes) -> float:
    samples = {"one": one, "other": other or sample()}
    return estimate(figure, samples, trial(**changes))


USED = Published("used", ("one",), 6, 0.5, "manning-post")
NOT_USED = replace(USED, measure="not_used")
AGAINST = replace(USED, against=("other",), contrast="difference")

# --- shares, means, whom they are about ---------------------------------------------------


def test_a_share_and_a_mean():
    assert found(USED, sample(use=use_of(0, 1, 2))) == pytest.approx(0.3)
    days = replace(USED, measure="days_abstinent")  # seven of ten 42 days, three 35
    assert found(days, sample(use=use_of(0, 1, 2))) == pytest.approx((7 * 42 + 3 * 35) / 10)


def test_among_keeps_those_for_whom_something_was_so_then():
    use = use_of(0, 1, 2, 3, week=2) + use_of(0, 5, week=6)
    moved = replace(USED, measure="using", among="using", among_week=2)
    assert found(moved, sample(use=use)) == pytest.approx(1 / 4)
    assert found(replace(moved, among="not using"), sample(use=use)) == pytest.approx(1 / 6)


def test_nobody_to_ask_is_not_known():
    nobody = replace(USED, among="using", among_week=2)
    assert np.isnan(found(nobody, sample()))


def test_waves_count_whom_it_was_so_at_any_or_at_every_one():
    use = use_of(0, 1, 2, week=2) + use_of(1, 2, week=4) + use_of(2, 3, week=6)
    any_wave = replace(USED, measure="using", waves=(2, 4, 6), count="any")
    assert found(any_wave, sample(use=use)) == pytest.approx(0.4)
    assert found(replace(any_wave, count="every"), sample(use=use)) == pytest.approx(0.1)


def test_a_window_at_a_wave():
    use = use_of(0, week=3) + use_of(1, week=6)
    waves = replace(USED, waves=(4, 6), count="any", window=1)
    assert found(waves, sample(use=use)) == pytest.approx(0.1)
    assert found(replace(waves, window=2), sample(use=use)) == pytest.approx(0.2)


# --- loss ---------------------------------------------------------------------------------


def test_the_lost_are_left_out_or_count_as_using():
    """The first two of ten are lost; of the others four use: 4 in 8. Counted, 6 in 10."""
    use = {"use": use_of(2, 3, 4, 5)}
    assert found(USED, sample(**use), lost=0.2) == pytest.approx(0.5)
    assert found(NOT_USED, sample(**use), lost=0.2) == pytest.approx(0.5)
    counted = {"lost": 0.2, "lost_count_as": "using"}
    assert found(USED, sample(**use), **counted) == pytest.approx(0.6)
    assert found(NOT_USED, sample(**use), **counted) == pytest.approx(0.4)
    days = replace(USED, measure="days_abstinent_share")
    everybody = found(days, sample(**use))
    assert everybody == pytest.approx((6 + 4 * 5 / 6) / 10)
    assert found(days, sample(**use), **counted) == pytest.approx((4 + 4 * 5 / 6) / 10)


def test_what_says_nothing_of_use_leaves_the_lost_out_either_way():
    attended = replace(USED, measure="attended")
    met = {"met": [(3, who, True) for who in (2, 3, 4, 5)]}
    assert found(attended, sample(**met), lost=0.2) == pytest.approx(0.5)
    counted = found(attended, sample(**met), lost=0.2, lost_count_as="using")
    assert counted == pytest.approx(0.5)


def test_loss_may_differ_by_arm():
    use = sample(use=use_of(2, 3, 4, 5))
    one, other = trial().arms
    arms = (replace(one, lost_share=0.2), replace(other, lost_share=0.4))
    difference = estimate(AGAINST, {"one": use, "other": use}, trial(arms=arms))
    assert difference == pytest.approx(4 / 8 - 2 / 6)


def test_loss_may_depend_on_use_and_keeps_the_share_of_the_arm():
    """Half use, and are lost three times as often: 0.2 = (0.1 + 0.3) / 2. Of ten whose luck is
    0.05, 0.15 and so on, users below 0.3 are lost and the others below 0.1."""
    lost = {"lost": 0.2, "lost_ratio_while_using": 3.0}
    users_first = sample(use=use_of(0, 1, 2, 3, 4))  # 0, 1 and 2 are lost
    assert found(USED, users_first, **lost) == pytest.approx(2 / 7)
    users_last = sample(use=use_of(5, 6, 7, 8, 9))  # 0 is lost
    assert found(USED, users_last, **lost) == pytest.approx(5 / 9)


def test_loss_that_depends_on_use_cannot_go_beyond_everybody():
    """All who use are lost, and others make up the rest of the share."""
    users_last = sample(use=use_of(5, 6, 7, 8, 9))
    lost = {"lost": 0.6, "lost_ratio_while_using": 4.0}
    assert found(USED, users_last, **lost) == 0
    # Of the five others, (0.9 - 0.5) / 0.5 of the share: with luck from 0.05 to 0.45, all.
    lost = {"lost": 0.9, "lost_ratio_while_using": 10.0, "lost_count_as": "using"}
    assert found(USED, users_last, **lost) == 1


# --- groups -------------------------------------------------------------------------------


def test_arms_are_set_against_each_other():
    one, other = sample(use=use_of(0, 1, 2, 3, 4, 5)), sample(use=use_of(0, 1, 2))
    for contrast, expected in (
        ("difference", 0.3), ("risk_ratio", 2), ("odds_ratio", 1.5 / (3 / 7)),
    ):  # fmt: skip
        assert found(replace(AGAINST, contrast=contrast), one, other) == pytest.approx(expected)


def test_people_who_chose_are_set_against_the_others():
    """Four left mutual aid by week 4, of whom three use in week 6; of the six others one does."""
    attendance = np.full((7, PEOPLE), REGULAR)
    attendance[4:, :4] = LEFT
    one = sample(attendance=attendance, use=use_of(0, 1, 2, 9))
    chosen = replace(USED, chosen="stopped_attending", chosen_week=4, contrast="odds_ratio")
    assert found(chosen, one) == pytest.approx((3 / 1) / (1 / 5))
    assert found(replace(chosen, contrast="difference"), one) == pytest.approx(3 / 4 - 1 / 6)
    # Nobody had left yet in week 3.
    assert np.isnan(found(replace(chosen, chosen_week=3), one))
    turned = replace(chosen, chosen="not stopped_attending")
    assert found(turned, one) == pytest.approx(1 / 15)


def test_choosers_are_adjusted_for_and_matched_on_what_they_brought():
    """Those who went are women, and women do well: 4 of 5 either way; men 1 of 5."""
    female = np.array([True] * 5 + [False] * 5)
    met = [(2, who, True) for who in (0, 1, 2, 3, 5)]
    doing_well = use_of(0, 5, 6, 7, 8)  # 1 to 4 and 9 do not use
    people = sample(entry={"female": female}, met=met, use=doing_well)
    chosen = replace(
        NOT_USED, chosen="attended", chosen_week=4, contrast="difference", how="crude"
    )  # fmt: skip
    assert found(chosen, people) == pytest.approx(3 / 5 - 2 / 5)
    # Women: 3 of 4 who went, 1 of 1 who did not; men: 0 of 1, 1 of 4. Weights 4 and 1 of 5.
    matched = replace(chosen, how="matched", traits=("female",))
    assert found(matched, people) == pytest.approx(4 / 5 * (0.75 - 1) + 1 / 5 * (0 - 0.25))
    adjusted = replace(chosen, how="adjusted", traits=("female",))
    assert found(adjusted, people) == pytest.approx(-0.25)


def test_arms_may_be_taken_together():
    one, other = sample(use=use_of(0, 1, 2, 3, 4, 5)), sample(use=use_of(0, 1, 2))
    both = replace(USED, arms=("one", "other"))
    assert found(both, one, other) == pytest.approx(9 / 20)
    samples = {"one": one, "other": other, "third": sample(use=use_of(0))}
    arms = (*trial().arms, replace(trial().arms[0], name="third"))
    three = replace(both, against=("third",), contrast="difference")
    assert estimate(three, samples, trial(arms=arms)) == pytest.approx(9 / 20 - 1 / 10)
    # Of the first four of either arm, who had left by week 4, 4 and 3 use; of the others 2 and 0.
    attendance = np.full((7, PEOPLE), REGULAR)
    attendance[4:, :4] = LEFT
    left = {"attendance": attendance}
    one, other = sample(use=use_of(0, 1, 2, 3, 4, 5), **left), sample(use=use_of(0, 1, 2), **left)
    chosen = replace(both, chosen="stopped_attending", chosen_week=4, contrast="difference")
    assert found(chosen, one, other) == pytest.approx(7 / 8 - 2 / 12)


def test_a_slope_and_a_share_mediated_run_through_another_measure_at_its_own_week():
    met = [(2, who, True) for who in range(6)]
    one = sample(met=met, use=use_of(*range(4)))
    other = sample(met=[(2, who, True) for who in range(2)], use=use_of(*range(3)))
    slope = replace(AGAINST, contrast="slope", through="attended", through_week=4)
    assert found(slope, one, other) == pytest.approx(0.1 / 0.4)
    assert np.isnan(found(replace(slope, through_week=1), one, other))
    share = replace(slope, contrast="share_mediated")
    # By hand: total 0.1; within arms, going and using move together by (4 - 6 * 4 / 10) +
    # (2 - 2 * 3 / 10) = 3 over 6 * 4 / 10 + 2 * 8 / 10 = 4; so 0.4 * 3 / 4 of 0.1 is mediated.
    assert found(share, one, other) == pytest.approx(0.3 / 0.1)


# --- rates --------------------------------------------------------------------------------

DEATHS = Published("deaths", ("one",), 6, 9.0, "strang")


def deadly(who: int, week: int) -> Sample:
    stage = history(people=PEOPLE).stage
    stage[week:, who] = DEAD
    cause = np.zeros(PEOPLE, int)
    cause[who] = DIED_OVERDOSE
    return sample(stage=stage, cause=cause)


def test_a_rate_is_deaths_per_1000_person_years():
    """One death in the third week: 9 people for 6 weeks and one for 3."""
    one = deadly(4, 3)
    assert found(DEATHS, one) == pytest.approx(52_000 / 57)
    assert found(replace(DEATHS, from_week=3), one) == 0
    assert found(replace(DEATHS, to_week=3), one) == pytest.approx(52_000 / 30)


def test_the_lost_and_those_it_is_not_about_bring_no_person_time():
    one = deadly(4, 3)
    assert found(DEATHS, one, lost=0.2) == pytest.approx(52_000 / 45)
    assert found(DEATHS, one, lost=0.5) == 0  # who died was lost
    among = replace(DEATHS, among="attended", among_week=2)
    met = [(1, 4, True), (1, 5, True)]
    one = Sample(replace(one.history, met=history(people=PEOPLE, met=met).met), one.luck)
    assert found(among, one) == pytest.approx(52_000 / 9)


def test_rates_of_two_arms():
    one, other = deadly(4, 3), deadly(4, 6)
    ratio = replace(DEATHS, against=("other",), contrast="risk_ratio")
    assert found(ratio, one, other) == pytest.approx(60 / 57)
    difference = replace(ratio, contrast="difference")
    assert found(difference, one, other) == pytest.approx(52_000 / 57 - 52_000 / 60)
    assert np.isnan(found(ratio, one, sample()))
    together = replace(DEATHS, arms=("one", "other"))
    assert found(together, one, other) == pytest.approx(2 * 52_000 / (57 + 60))


def test_the_dead_are_counted_as_dead_and_asked_nothing_else():
    one = deadly(4, 3)
    assert found(replace(USED, measure="died"), one) == pytest.approx(0.1)
    assert found(USED, deadly(4, 3)) == 0
    use = replace(one.history, use=use_of(4, week=2))
    assert found(USED, Sample(use, one.luck)) == 0
