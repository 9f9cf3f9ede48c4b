"""What studies measure, each by hand: four simulated people over six weeks (`participants.py`)."""

import numpy as np
import pytest

from recoverysim.codes import (
    ABSTINENT,
    COMMUNITY,
    COMPLETED,
    DEAD,
    DETOX,
    DIED_OTHER,
    DIED_OVERDOSE,
    IN_USE,
    INVOLVED,
    LAPSED,
    LEFT,
    MEDICATION,
    NO_MODALITY,
    PSYCHOSOCIAL,
    REGULAR,
    RESIDENTIAL,
    TREATMENT,
    TRYING,
    USING,
)
from recoverysim.studies.asked import MEASURES, holds, in_words
from recoverysim.studies.histories import alive, visit, watch
from recoverysim.studies.person_time import at_risk, rate
from tests.participants import history, measured, seen
from tests.worlds import a_world


def test_a_visit_is_kept_by_whoever_left_care_is_alive_and_was_followed_for_so_long():
    assert seen(1).there.tolist() == [True, True, True, False]
    assert seen(3).there.tolist() == [True, True, False, False]
    assert seen(5).there.tolist() == [False] * 4
    assert seen(6, after_care=False).there.tolist() == [True, True, False, True]


# --- going to mutual aid ------------------------------------------------------------------


def test_meetings_before_and_after_leaving_care_are_told_apart():
    met = [(1, 0, True), (2, 1, True), (3, 2, True)]
    assert measured("attended_in_care", 4, met=met)[:3] == [True, True, False]
    assert measured("attended", 4, met=met)[:3] == [False, False, True]
    assert measured("attended", 1, met=[(4, 0, True)])[0] is False  # after the visit
    assert measured("attended", 2, met=[(4, 0, True)])[0] is True


def test_in_care_means_before_leaving_it_or_so_far_whoever_is_still_there():
    met = [(1, 0, True), (3, 1, True), (4, 3, True)]
    assert measured("attended_in_care", 3, after_care=False, met=met) == [True, False, False, False]
    assert measured("attended_in_care", 4, after_care=False, met=met) == [True, False, False, True]


def test_attended_ever_counts_meetings_before_entry_and_any_up_to_the_visit():
    ever = measured(
        "attended_ever", 2, met=[(1, 1, True), (5, 2, True)],
        entry={"earlier_contact": [True, False, False, False]},
    )  # fmt: skip
    assert ever == [True, True, False, False]


def test_a_window_looks_back_from_the_visit_and_not_further():
    met = [(3, 0, True), (5, 1, True)]
    assert measured("attended", 4, met=met)[:2] == [True, True]
    assert measured("attended", 4, window=2, met=met)[:2] == [False, True]  # weeks 5 and 6
    # A window may reach back before care was left, as a self-report does.
    assert measured("attended", 1, window=3, met=[(2, 0, True)])[0] is True
    assert measured("attended", 1, met=[(2, 0, True)])[0] is False


def test_weekly_is_three_of_the_last_four_weeks_or_of_every_four_in_a_window():
    met = [(w, 0, True) for w in (3, 4, 6)] + [(w, 1, True) for w in (2, 5, 6)]
    assert measured("attending_weekly", 6, after_care=False, met=met)[:2] == [True, False]
    # Over six weeks, 5 in 6 are enough and 4 are not.
    met = [(w, 0, True) for w in (1, 2, 3, 4, 5)] + [(w, 1, True) for w in (1, 2, 3, 4)]
    assert measured("attending_weekly", 6, after_care=False, window=6, met=met)[:2] == [True, False]


def test_where_somebody_stands_with_mutual_aid():
    stands = [(6, 0, REGULAR), (6, 1, INVOLVED), (6, 2, TRYING), (6, 3, LEFT)]
    for name, expected in (
        ("a_member", [True, True, False, False]),
        ("involved", [False, True, False, False]),
        ("stopped_attending", [False, False, False, True]),
    ):
        assert measured(name, 6, after_care=False, attendance=stands) == expected


def test_weeks_with_a_meeting():
    met = [(3, 0, True), (4, 0, True), (6, 0, True), (2, 1, True)]
    assert measured("weeks_with_a_meeting", 4, met=met)[:2] == [3, 0]
    assert measured("weeks_with_a_meeting", 4, window=2, met=met)[:2] == [1, 0]


def test_affiliation_is_three_points_for_weeks_attended_and_six_for_involvement():
    """Half of six weeks, and 0.5 involved: 1.5 + 3. All of a window of two: 3 + 0."""
    met = [(w, 0, True) for w in (1, 2, 3)] + [(w, 1, True) for w in (5, 6)]
    involved = [(6, 0, 0.5)]
    found = measured("affiliation", 6, after_care=False, met=met, involvement=involved)
    assert found == pytest.approx([4.5, 1.0, 0, 0])
    found = measured("affiliation", 6, after_care=False, window=2, met=met, involvement=involved)
    assert found == pytest.approx([3.0, 3.0, 0, 0])


def test_affiliation_looks_back_one_year():
    """Met in the first 52 of 78 weeks: half of the last 52."""
    met = np.zeros((79, 4), bool)
    met[1:53] = True
    far = history(weeks=78, met=met)
    found = MEASURES["affiliation"].answer(visit(far, 78, after_care=False))
    assert found == pytest.approx([1.5] * 4)


def test_half_a_year_of_meetings_is_26_weeks_with_one():
    weeks = np.zeros((61, 300), bool)
    weeks[1:27, 0] = weeks[1:26, 1] = True
    lived = history(weeks=60, people=300, met=weeks)
    found = holds("attended_half_a_year", visit(lived, 60, after_care=False))
    assert found[:3].tolist() == [True, False, False]
    late = holds("attended_half_a_year", visit(lived, 60, after_care=False, window=40))
    assert not late.any()  # the first six weeks of it lie before


def test_help_is_any_care_or_any_meeting():
    """All four were in detox in week 1; in the last three weeks only the last was in care, and the
    second met somebody in the first of those."""
    assert measured("helped", 4, after_care=False) == [True] * 4
    assert measured("helped", 4, after_care=False, window=3) == [False, False, False, True]
    met = [(2, 1, True)]
    assert measured("helped", 4, after_care=False, window=3, met=met)[:2] == [False, True]


# --- careers ------------------------------------------------------------------------------


def spells(*runs):
    """One person's weeks abstinent by week, from lengths: 3, then use, then 5, ..."""
    weeks = []
    for run in runs:
        weeks += [*range(1, run + 1), 0]
    return np.array([0, *weeks])


def test_attempts_are_spells_of_a_month_counted_once_each():
    one = spells(3, 5, 4, 60, 2)  # a month or more: 5, 4, 60
    people = np.tile(one[:, None], (1, 300))
    lived = history(
        weeks=len(one) - 1, people=300, weeks_abstinent=people,
        use=np.where(people > 0, ABSTINENT, IN_USE),
    )  # fmt: skip
    last = len(one) - 1
    ask = MEASURES["attempts"].answer
    assert ask(visit(lived, last, after_care=False))[0] == 3
    assert ask(visit(lived, 12, after_care=False))[0] == 1  # 3, then 5: weeks 5 to 9
    assert ask(visit(lived, last, after_care=False, window=62))[0] == 1  # of the long one alone
    year = MEASURES["ever_abstinent_1_year"].answer
    assert year(visit(lived, last, after_care=False)).all()
    assert not year(visit(lived, 40, after_care=False)).any()


def test_who_left_as_planned_is_told_by_the_stay_that_ended_as_care_was_left():
    """Everybody starts detox; the world's own records say how it ended."""
    world = a_world(
        clients=400, years=1, journeys=True,
        settings={
            "care.started_within_a_week_share": 1, "detox.goes_on_to_treatment_share": 0,
            **{f"care.{s}.detox_first_share": 1 for s in ("alcohol", "opioids", "stimulants")},
        },
    )  # fmt: skip
    lived = watch(world, 40)
    gone = lived.left_care >= 0
    assert gone.mean() > 0.95
    stays = [one for one in world.stays() if one["stage"] == DETOX]
    first = {}
    for one in stays:
        first.setdefault(int(one["client"]) - 1, one)
    for who in np.flatnonzero(gone):
        assert lived.left_as_planned[who] == (first[who]["ended"] == COMPLETED), who
    assert 0.2 < lived.left_as_planned[gone].mean() < 0.9


# --- use and abstinence -------------------------------------------------------------------


def test_use_counts_from_leaving_care_and_a_lapse_is_no_return():
    use = [(1, 0, IN_USE), (3, 1, LAPSED), (4, 2, IN_USE)]
    for name, expected in (
        ("used", [False, True, True]),
        ("returned_to_use", [False, False, True]),
        ("not_used", [True, False, False]),
        ("not_returned_to_use", [True, True, False]),
    ):
        assert measured(name, 2, use=use)[:3] == expected
    assert measured("used", 1, use=use)[:3] == [False, True, False]
    assert measured("used", 4, window=2, use=use)[:3] == [False, False, False]
    assert measured("not_used", 4, window=4, use=use)[:3] == [True, False, False]


def test_abstinent_for_so_long_is_not_using_now_and_so_many_weeks():
    weeks = [(6, 0, 4), (6, 1, 3), (6, 3, 9)]
    assert measured("abstinent_30_days", 4, weeks_abstinent=weeks)[:2] == [True, False]
    now = measured(
        "abstinent_30_days", 6, after_care=False, weeks_abstinent=weeks, use=[(6, 3, IN_USE)]
    )
    assert now == [True, False, False, False]
    for name, least in (("abstinent_90_days", 13), ("abstinent_1_year", 52)):
        weeks = [(6, 0, least), (6, 1, least - 1)]
        assert measured(name, 4, weeks_abstinent=weeks)[:2] == [True, False]
    now = {"after_care": False, "use": [(6, 0, LAPSED), (6, 1, IN_USE)]}
    assert measured("abstinent", 6, **now) == [False, False, True, True]
    assert measured("using", 6, **now) == [False, True, False, False]


def test_time_abstinent_out_of_care_falls_into_three_classes():
    for weeks, names in (
        (3, []),
        (4, ["abstinent_1_month_to_1_year"]),
        (51, ["abstinent_1_month_to_1_year"]),
        (52, ["abstinent_1_to_3_years"]),
        (155, ["abstinent_1_to_3_years"]),
        (156, ["abstinent_3_years"]),
    ):
        classes = ("abstinent_1_month_to_1_year", "abstinent_1_to_3_years", "abstinent_3_years")
        cells = [(6, 0, weeks), (6, 3, weeks)]  # the fourth is in treatment
        at = {name: measured(name, 6, after_care=False, weeks_abstinent=cells) for name in classes}
        assert [name for name in classes if at[name][0]] == names
        assert not any(at[name][3] for name in classes)


def test_days_abstinent_are_seven_a_week_without_use():
    use = [(4, 0, LAPSED), (5, 0, IN_USE), (1, 1, IN_USE)]
    assert measured("days_abstinent", 4, use=use)[:2] == [14, 28]
    assert measured("days_abstinent_share", 4, use=use)[:2] == [0.5, 1.0]
    assert measured("days_abstinent", 4, window=2, use=use)[:2] == [7, 14]
    assert measured("days_abstinent_share", 6, after_care=False, use=use)[1] == pytest.approx(5 / 6)


def test_remission_is_half_a_year_without_a_return_to_use_and_lapses_do_not_end_it():
    use = np.full((41, 4), ABSTINENT)
    use[0] = IN_USE
    use[14, 0] = IN_USE  # 26 weeks before week 40: outside
    use[15, 1] = IN_USE  # 25 weeks before it: inside
    use[30, 2] = LAPSED
    use[40, 3] = IN_USE
    lived = history(weeks=40, use=use)
    answer = MEASURES["in_remission"].answer
    assert answer(visit(lived, 40, after_care=False)).tolist() == [True, False, True, False]
    # Half a year cannot have passed in week 20, and a shorter window can.
    assert not answer(visit(lived, 12, after_care=False)).any()
    assert answer(visit(lived, 12, after_care=False, window=12)).all()


# --- care ---------------------------------------------------------------------------------


def test_states_of_care():
    modality = [(w, 3, MEDICATION) for w in range(7)]
    assert measured("in_care", 6, after_care=False) == [False, False, False, True]
    on = measured("on_medication", 6, after_care=False, modality=modality)
    assert on == [False, False, False, True]
    assert measured("on_medication", 6, after_care=False) == [False] * 4


def test_still_in_the_first_treatment():
    assert measured("still_in_first_treatment", 1, after_care=False) == [True] * 4
    assert measured("still_in_first_treatment", 2, after_care=False) == [False] * 3 + [True]


def test_a_readmission_is_an_episode_after_the_first():
    episodes = np.ones((7, 4), int)
    episodes[0, 3] = 0  # still waits at the start: their first episode is no readmission
    episodes[4:, 0] = 2
    episodes[3:, 1] = 2
    episodes[5:, 1] = 3
    by = {"after_care": False, "episodes": episodes}
    assert measured("readmissions", 6, **by) == [1, 2, 0, 0]
    assert measured("readmitted", 6, **by) == [True, True, False, False]
    assert measured("readmissions", 3, **by) == [0, 1, 0, 0]
    assert measured("readmissions", 6, window=2, **by) == [0, 1, 0, 0]
    # After leaving care in week 2 everything counts from there.
    assert measured("readmissions", 4, episodes=episodes)[:2] == [1, 2]


def test_visits_are_weeks_in_community_treatment_and_bed_days_seven_a_week_in_a_bed():
    modality = [(1, 0, PSYCHOSOCIAL), (3, 0, MEDICATION), (4, 0, RESIDENTIAL), (5, 0, RESIDENTIAL)]
    lived = {"after_care": False, "modality": modality}
    assert measured("visits", 6, **lived) == [2, 0, 0, 0]
    # The first three were in detox in week 1 as well.
    assert measured("bed_days", 6, **lived) == [21, 7, 7, 0]
    assert measured("bed_days", 6, window=2, **lived) == [7, 0, 0, 0]


# --- deaths -------------------------------------------------------------------------------


def test_died_is_asked_of_the_dead_too():
    assert MEASURES["died"].dead_too
    gone = MEASURES["died"].answer(visit(history(), 6, after_care=False))
    assert gone.tolist() == [False, False, True, False]
    assert not alive(visit(history(), 6, after_care=False)).there[2]


CAUSES = np.array([0, 0, DIED_OVERDOSE, 0])


def deaths(name="deaths", *, week=6, after_care=False, lived=None, **risk):
    """Events and weeks at risk of the four, and the rate."""
    asked = {"since": "start", "where": "anywhere", "from_week": 0, "to_week": None} | risk
    now = visit(lived or history(cause=CAUSES), week, after_care=after_care)
    weeks = at_risk(now, **asked)
    events = int((MEASURES[name].answer(now) & weeks).sum())
    return events, int(weeks.sum()), rate(events, int(weeks.sum()))


def test_deaths_are_counted_over_the_weeks_lived_the_last_one_in_full():
    """Three live 6 weeks and one 5: 23 person-weeks, and one death: 1000 * 52 / 23."""
    assert deaths() == (1, 23, pytest.approx(52_000 / 23))
    assert deaths("overdose_deaths")[0] == 1
    other = history(cause=np.array([0, 0, DIED_OTHER, 0]))
    assert deaths("overdose_deaths", lived=other)[0] == 0
    assert deaths(week=4) == (0, 16, 0.0)
    assert np.isnan(deaths(from_week=7)[2])


def test_deaths_since_leaving_care_by_week():
    """Three left in the week that ends in row 2. The third dies in row 5: the fourth week out."""
    out = {"since": "care", "where": "out_of_care"}
    assert deaths(**out, from_week=0, to_week=3) == (0, 9, 0.0)
    assert deaths(**out, from_week=3, to_week=4) == (1, 3, pytest.approx(52_000 / 3))
    assert deaths(**out, from_week=4) == (0, 2, 0.0)


def test_the_clock_since_leaving_care_stops_in_care_and_starts_again():
    stage = history().stage
    stage[4, 0] = TREATMENT  # out in weeks 2 and 3, in care in week 4, out again from week 5
    lived = history(stage=stage, cause=CAUSES)
    for where in ("out_of_care", "anywhere"):  # the clock runs out of care only
        assert deaths(since="care", where=where, from_week=0, to_week=1, lived=lived)[1] == 4
        assert deaths(since="care", where=where, lived=lived)[1] == 4 + 5 + 4


def test_deaths_since_the_start_and_after_leaving_care():
    assert deaths(from_week=0, to_week=2)[:2] == (0, 8)
    assert deaths(from_week=4, to_week=5)[:2] == (1, 4)
    # Counted from leaving care, for those who left: 2 + 2 + 2 weeks, and no death yet.
    assert deaths(week=2, after_care=True)[:2] == (0, 6)
    assert deaths(week=3, after_care=True)[:2] == (1, 9)


def test_person_time_by_where_people_are():
    lived = history(cause=CAUSES, modality=[(w, 3, MEDICATION) for w in range(7)])
    assert deaths(where="in_care", lived=lived)[:2] == (0, 3 + 6)
    assert deaths(where="on_medication", lived=lived)[:2] == (0, 6)
    assert deaths(where="out_of_care", lived=lived)[:2] == (1, 23 - 9)


def test_who_leaves_care_and_dies_in_the_same_week_dies_out_of_care():
    stage = history().stage
    stage[:5, 2] = TREATMENT
    left = history(stage=stage, cause=CAUSES)  # their last stay was in the community
    assert deaths(where="out_of_care", lived=left)[0] == 1
    assert deaths(since="care", where="out_of_care", to_week=1, lived=left)[0] == 1
    inside = history(
        stage=stage, cause=CAUSES, last_stage=np.full(4, TREATMENT),
        last_modality=np.full(4, MEDICATION),
    )  # fmt: skip
    assert deaths(where="out_of_care", lived=inside)[0] == 0
    assert deaths(where="on_medication", lived=inside)[0] == 1


def test_a_world_that_is_watched_says_where_everybody_died():
    """Deadly enough to see: every death is in the journal, in the stage in which it came."""
    deadly = {"deaths.opioids.overdose_using": 2000, "deaths.excess_on_medication": 2000}
    world = a_world(clients=400, settings=deadly, journeys=True)
    lived = watch(world, 52)
    dies = lived.dies()
    assert dies.sum() == (world.clients["stage"] == DEAD).sum() > 50
    stage, modality = lived.lived_in()
    last = {stay["client"]: stay for stay in world.stays()}
    for row, who in np.argwhere(dies):
        stay = last[who + 1]
        assert stay["week_out"] == row
        assert (stage[row, who], modality[row, who]) == (stay["stage"], stay["modality"])
    assert set(np.unique(stage[dies])) >= {USING, TREATMENT}
    assert (modality[dies] == NO_MODALITY).any()


def test_watching_some_shows_the_same_as_watching_all():
    some = np.array([1, 5, 7])
    everybody = watch(a_world(clients=20, journeys=True), 30)
    few = watch(a_world(clients=20, journeys=True), 30, some)
    for name in ("stage", "use", "met", "involvement", "episodes", "modality"):
        assert (getattr(few, name) == getattr(everybody, name)[:, some]).all()
    for name in ("left_care", "entry", "last_stage", "cause"):
        assert (getattr(few, name) == getattr(everybody, name)[some]).all()


# --- words --------------------------------------------------------------------------------


def test_a_question_can_be_turned_round():
    now = seen(6, after_care=False, use=[(6, 0, IN_USE)])
    assert holds("abstinent", now).tolist() == [False, True, True, True]
    assert holds("not abstinent", now).tolist() == [True, False, False, False]


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_reads_as_words_with_and_without_a_window(name):
    assert in_words(name)
    assert in_words(name, 4).endswith("in the last 4 weeks")
    assert "since the start" not in in_words(name, 1)
    assert in_words(f"not {name}").startswith("not ")


@pytest.mark.parametrize("name", MEASURES)
def test_a_window_changes_what_looks_back_and_nothing_else(name):
    """Random lives of 60 weeks: 300 people, so that a window that matters is seen to."""
    dice = np.random.default_rng(1)
    shape = (61, 300)
    back_in_use = dice.integers(0, 3, shape) * (dice.random(shape) < 0.02)
    lived = history(
        weeks=60, people=300, use=back_in_use, met=dice.random(shape) < np.linspace(0, 1, 300),
        stage=dice.choice([DETOX, COMMUNITY], shape, p=[0.02, 0.98]),
        weeks_abstinent=dice.choice([0, 4, 60], shape, p=[0.97, 0.02, 0.01]),
        modality=dice.integers(-1, 3, shape),
        episodes=1 + (dice.random(shape) < 0.02).cumsum(0),
    )  # fmt: skip
    answer = MEASURES[name].answer
    plain, short = (answer(visit(lived, 60, after_care=False, window=w)) for w in (None, 9))
    assert (plain != short).any() == MEASURES[name].looks_back
