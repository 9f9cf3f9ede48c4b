"""Studies simulated whole: who takes part, what is set beside what was published, and commands."""

import csv
import io
import json
from dataclasses import replace

import numpy as np
import pytest

from recoverysim.codes import DETOX, OPIOIDS
from recoverysim.knowledge import central_values
from recoverysim.plan import Plan
from recoverysim.scenario import load
from recoverysim.studies.inclusion import Inclusion, NobodyQualifies, recruit
from recoverysim.studies.ladder import ladder
from recoverysim.studies.trial import simulate
from recoverysim.studies.trial_files import load_trial
from tests.test_commands import recoverysim
from tests.test_trial_files import SMALL, write  # noqa: F401

FEW = Plan(repeats=40, knowledge="none", threads=2)


# --- simulated studies --------------------------------------------------------------------


def test_retention_is_the_published_one_where_it_was_put_in():
    """A check of the engine: 40 times 2,000 people, 57% after a year; standard error 0.2 points."""
    found = simulate(load_trial("ost-retention"), FEW)
    assert found.rows[0].median == pytest.approx(0.569 * np.exp(-10.5 / 1000), abs=0.012)


def test_without_effect_a_trial_moves_attendance_and_not_abstinence():
    """The negative control. 40 trials: standard error of the mean difference about 0.9 points."""
    off = {"mechanisms.mutual_aid_effect": False}
    rows = simulate(load_trial("timko-2007").altered(600, None, off), FEW).rows
    shares = [r for r in rows if r.arm == "intensive less standard" and r.unit.endswith("shares")]
    attending, abstinent = (r.median for r in shares)
    assert attending > 0.02
    assert abs(abstinent) < 0.02


def test_who_is_lost_is_left_out_or_counts_as_using(write):  # noqa: F811
    trial = load_trial(write(SMALL.replace("measure: attended", "measure: used")))
    everybody = simulate(trial, FEW).rows[0].median
    arms = tuple(replace(arm, lost_share=0.5) for arm in trial.arms)
    trial = replace(trial, arms=arms)
    left_out = simulate(trial, FEW).rows[0].median
    counted = simulate(replace(trial, lost_count_as="using"), FEW).rows[0].median
    assert left_out == pytest.approx(everybody, abs=0.06)
    assert counted == pytest.approx(everybody / 2 + 0.5, abs=0.06)


def test_threads_and_arms_of_their_own(write):  # noqa: F811
    trial = load_trial(write(SMALL))
    one = simulate(trial, replace(FEW, threads=1)).to_json()
    assert simulate(trial, FEW).to_json() == one
    same = replace(trial, arms=(trial.arms[0], replace(trial.arms[0], name="other")))
    twice = simulate(same, FEW).rows[1]
    assert twice.low90 < 0 < twice.high90  # other people, not twins: the difference is not 0


def test_who_is_lost_is_drawn_for_each_arm_and_each_study_by_itself(write, monkeypatch):  # noqa: F811
    trial = load_trial(write("lost_share: 0.5\n" + SMALL))
    drawn = []

    def look(one, samples, trial):
        drawn.extend(tuple(sample.luck) for sample in samples.values())
        return 0.5

    monkeypatch.setattr("recoverysim.studies.trial.estimate", look)
    simulate(replace(trial, figures=trial.figures[:1]), replace(FEW, repeats=3))
    assert len(set(drawn)) == len(drawn) == 6
    assert 0.3 < np.mean(drawn) < 0.7


def test_a_published_figure_lies_inside_or_not(write):  # noqa: F811
    found = simulate(load_trial(write(SMALL)), FEW)
    for row in found.rows:
        assert row.low90 <= row.median <= row.high90
        assert row.inside == (row.low90 <= row.published <= row.high90)
        assert row.passed == (abs(row.median - row.published) <= row.tolerance)
        assert row.measured == 1


def test_what_few_studies_can_measure_says_how_many(write):  # noqa: F811
    """Nobody has been abstinent for a year in week 12; and of 30 people some go in some studies."""
    text = SMALL.replace("week: 12,", "week: 12, among: abstinent_1_year,", 1)
    row = simulate(load_trial(write(text)), FEW).rows[0]
    assert (row.measured, row.median, row.inside, row.passed) == (0, None, None, False)
    rare = "week: 12, among: attended, among_week: 1,"
    row = simulate(load_trial(write(SMALL.replace("week: 12,", rare, 1))), FEW).rows[0]
    assert 0 < row.measured < 1
    assert row.median == 1.0


def test_a_study_that_would_not_fit_is_refused_with_what_would(write, monkeypatch):  # noqa: F811
    path = str(write(SMALL))
    monkeypatch.setattr("recoverysim.studies.trial.bytes_free", lambda: 10**6)
    said = recoverysim("trial", path, "--repeats", "2", "--clients", "900000")
    assert said.code == 1
    most = int(said.err.split("--clients ")[1].split(" ")[0].replace(",", ""))
    assert 50 < most < 500
    assert recoverysim("trial", path, "--repeats", "2", "--clients", str(most)).code == 0


DEADLY = """
years: 2
people:
  population:
    alcohol: {substance_share: 0.0}
    opioids: {substance_share: 1.0}
    stimulants: {substance_share: 0.0}
  care:
    started_within_a_week_share: 1.0
    opioids: {detox_first_share: 1.0}
  detox.goes_on_to_treatment_share: 0.0
  deaths: {lost_tolerance_ratio: 9, opioids: {overdose_using: 30}}
arms:
  everybody: {size: 2000}
figures:
  - {measure: overdose_deaths, arm: everybody, since: care, to_week: 4, week: 104,
     published: 40, figure: vedette}
  - {measure: overdose_deaths, arm: everybody, since: care, from_week: 13, week: 104,
     published: 10, figure: vedette}
  - {measure: deaths, arm: everybody, where: in_care, week: 104,
     published: 10, figure: sordo-mmt}
"""


def test_deaths_by_time_since_leaving_care(write):  # noqa: F811
    """Tolerance lost in detox makes the first four weeks out of care the most dangerous; with that
    mechanism off they are not. Deadlier than it is, so that 40 times 2,000 people tell it apart."""
    trial = load_trial(write(DEADLY))
    early, late, inside = simulate(trial, FEW).rows
    assert early.unit == "per 1,000 person-years"
    assert early.measure == (
        "overdose deaths per 1,000 person-years (to week 104, weeks 1 to 4 after leaving care)"
    )
    assert early.median > 1.5 * late.median > 0
    off = trial.altered(None, None, {"mechanisms.lost_tolerance": False})
    plain_early, plain_late, _ = simulate(off, FEW).rows
    assert plain_early.median < 1.2 * plain_late.median
    assert inside.measured == 1


# --- who takes part -----------------------------------------------------------------------

WOMEN_OVER_40 = Inclusion(yes_or_no=(("female", True),), ranges=(("age", 40.0, 120.0),))


def recruited(inclusion=WOMEN_OVER_40, size=50, scenario=None, seed=1):
    return recruit(scenario or load("baseline"), central_values(), size, seed, 1, inclusion)


def test_who_does_not_qualify_lives_in_the_same_world_and_is_no_participant():
    world, who = recruited()
    assert len(who) == 50
    taking_part = world.clients[who]
    assert taking_part["female"].all()
    assert (taking_part["age"] >= 40).all()
    # Recruitment ends with the last participant: nobody else in the world would qualify.
    others = np.delete(world.clients, who)
    assert len(others) > 50
    assert not (others["female"] & (others["age"] >= 40)).any()
    assert who[-1] == len(world.clients) - 1


def test_recruitment_takes_people_in_the_order_in_which_they_enter():
    few, many = (recruited(size=size)[1] for size in (10, 50))
    assert (many[:10] == few).all()


def test_without_criteria_everybody_takes_part():
    world, who = recruited(Inclusion())
    assert who.tolist() == list(range(50)) == list(range(len(world.clients)))


def test_every_criterion_is_met():
    for inclusion, holds in (
        (Inclusion(choices=(("substance", (OPIOIDS,)),)), lambda p: p["substance"] == OPIOIDS),
        (Inclusion(choices=(("goal", (1,)),)), lambda p: p["goal"] == 1),
        (Inclusion(choices=(("faith", (0, 2)),)), lambda p: p["faith"] != 1),
        (Inclusion(choices=(("care", (1,)),)), lambda p: p["stage"] == DETOX),
        (Inclusion(choices=(("care", (2, 4)),)), lambda p: np.isin(p["modality"], (0, 2))),
        (Inclusion(yes_or_no=(("injecting", False),)), lambda p: ~p["injecting"]),
        (Inclusion(yes_or_no=(("earlier_contact", True),)), lambda p: p["earlier_contact"]),
        (Inclusion(yes_or_no=(("psychiatric_need", True),)), lambda p: p["psychiatric_need"]),
        (Inclusion(ranges=(("readiness_seen", 1.0, 9.0),)), lambda p: p["readiness_seen"] >= 1),
    ):
        world, who = recruited(inclusion, size=20)
        assert holds(world.clients[who]).all()


def test_members_at_entry_are_told_from_people_who_have_been_before():
    half = load("baseline").replace({"population.member_at_entry_share": 0.5})
    for member in (True, False):
        world, who = recruited(Inclusion(yes_or_no=(("member", member),)), scenario=half)
        assert ((world.clients["attendance"][who] > 1) == member).all()


def test_criteria_that_nobody_meets_are_refused_in_words():
    with pytest.raises(NobodyQualifies, match="only 0 qualify; widen inclusion"):
        recruited(Inclusion(ranges=(("age", 119.0, 120.0),)))


def test_a_study_of_some_people_measures_only_those(write):  # noqa: F811
    """In a world where half are members already, those who are not have been to no meeting."""
    text = SMALL.replace("people:", "people:\n  population.member_at_entry_share: 0.5", 1)
    text = text.replace("week: 12,", "week: 1,", 1)
    members = simulate(load_trial(write(text + "inclusion: {member: true}")), FEW).rows[0]
    others = simulate(load_trial(write(text + "inclusion: {member: false}")), FEW).rows[0]
    assert members.median > 0.9
    assert others.median < 0.3
    assert members.n == others.n == 30


# --- people of their own ------------------------------------------------------------------


def test_people_may_bring_earlier_contact_severity_supply_and_a_network(write, tmp_path):  # noqa: F811
    """Everything a scenario may set, `people` may; an arm lays its own over it."""
    (tmp_path / "friends.edges").write_text("".join(f"{n} {n + 1}\n" for n in range(1, 40)))
    text = """
people:
  population.earlier_contact_share: 0.9
  return_to_use.opioids.severity_log_hazard_ratio: 0.4
  attendance.first_meeting_later_per_week: 0.01
  network: {file: friends.edges}
  mechanisms: {fit: false}
arms:
  one: {size: 30}
  other: {size: 40, people: {population.earlier_contact_share: 0.1, network: {kind: none}}}
figures:
  - {measure: attended_ever, arm: one, week: 0, published: 0.9, figure: uk-clients}
  - {measure: attended_ever, arm: other, week: 0, published: 0.1, figure: uk-clients}
"""
    trial = load_trial(write(text))
    one, other = (dict(arm.scenario.differences()) for arm in trial.arms)
    assert one["network.file"] == "friends.edges"
    assert other["network.kind"] == "none"
    assert one["population.earlier_contact_share"] == 0.9
    assert one["return_to_use.opioids.severity_log_hazard_ratio"] == 0.4
    assert one["mechanisms.fit"] is False
    rows = simulate(trial, FEW).rows
    assert [row.median for row in rows] == pytest.approx([0.9, 0.1], abs=0.03)
    # 40 people are in the network, and the first 30 of them take part.
    world, who = recruited(Inclusion(), size=30, scenario=trial.arms[0].scenario)
    assert (len(world.clients), len(who)) == (40, 30)


def test_a_network_that_is_too_small_is_told_in_words(write, tmp_path):  # noqa: F811
    (tmp_path / "friends.edges").write_text("1 2\n2 3\n")
    text = SMALL.replace("people:", "people:\n  network: {file: friends.edges}", 1)
    said = recoverysim("trial", str(write(text)), "--repeats", "2")
    assert said.code != 0
    assert "of 3 simulated people only 3 qualify" in said.err


# --- choosers and lots, in a study file ---------------------------------------------------

CHOOSERS = """
people:
  linkage:
    leaflet: {offered_share: 0.0}
    clinician: {offered_share: 0.0}
    intensive: {offered_share: 0.0}
arms:
  offered: {size: 6000, people: {linkage.peer.offered_share: 1.0, linkage.peer.fidelity: 1.0}}
  nobody: {size: 6000, people: {linkage.peer.offered_share: 0.0}}
figures:
  - {measure: abstinent_90_days, arm: nobody, chosen: attended, chosen_week: 12,
     week: 52, published: 0.1, figure: kask-double}
  - {measure: abstinent_90_days, arm: nobody, chosen: attended, chosen_week: 12,
     as: odds_ratio, how: adjusted,
     traits: [substance, goal, earlier_contact, psychiatric_need, female, age, readiness_seen],
     week: 52, published: 2.0, figure: kask-double}
  - {measure: abstinent_90_days, arm: nobody, chosen: attended, chosen_week: 12,
     as: odds_ratio, week: 52, published: 2.0, figure: kask-double}
  - {measure: abstinent_90_days, arm: offered, against: nobody,
     as: slope, through: attended, through_week: 12, week: 52, published: 0.1, figure: kask-double}
"""


def test_with_no_effect_choosers_look_better_and_a_lot_shows_nothing(write):  # noqa: F811
    """40 studies of 12,000: standard error of the median about 0.3 points, of the slope 0.6."""
    off = {"mechanisms.mutual_aid_effect": False}
    trial = load_trial(write(CHOOSERS)).altered(None, None, off)
    crude, adjusted_ratio, crude_ratio, lot = simulate(trial, FEW).rows
    assert crude.median > 0.02
    assert crude.low90 > 0
    assert crude_ratio.median > adjusted_ratio.median > 1.05
    assert abs(lot.median) < 0.02
    assert lot.low90 < 0 < lot.high90


# --- commands -----------------------------------------------------------------------------


def test_trial_and_validate_print_what_scripts_call_for(write):  # noqa: F811
    path = str(write(SMALL))
    rows = json.loads(recoverysim("trial", path, "--repeats", "4", "--json").out)["trials"][0][
        "rows"
    ]
    expected = {"arm", "n", "measure", "published", "median", "low90", "high90", "inside"}
    assert expected <= set(rows[0])
    said = recoverysim("validate", path, "--repeats", "4", "--json")
    found = json.loads(said.out)
    assert found["passed"] + found["failed"] == len(found["rows"]) == 2
    assert {"id", "use", "published", "simulated", "tolerance", "passed", "known"} <= set(
        found["rows"][0]
    )
    assert "simulated studies" in recoverysim("trial", path, "--repeats", "4").out


def test_trial_and_validate_print_csv(write):  # noqa: F811
    path = str(write(SMALL))
    for command, keys in (
        ("trial", {"trial", "arm", "unit", "published", "median", "low90", "high90"}),
        ("validate", {"id", "published", "simulated", "tolerance", "passed"}),
    ):
        said = recoverysim(command, path, "--repeats", "4", "--csv", "--seed", "3")
        rows = list(csv.DictReader(io.StringIO(said.out)))
        assert len(rows) == 2
        assert keys <= set(rows[0])
        both = recoverysim(command, path, "--csv", "--json")
        assert both.code == 2


def test_a_trial_may_be_altered_for_a_run(write):  # noqa: F811
    path = str(write(SMALL))
    few = ("--repeats", "4", "--json")

    def rows(*words):
        return json.loads(recoverysim("trial", path, *words, *few).out)["trials"][0]["rows"]

    assert rows("--clients", "70")[0]["n"] == 70
    # Nothing was seen after week 12.
    assert rows("--years", "2")[0]["median"] == rows()[0]["median"]
    members = "population.member_at_entry_share=1"
    assert rows("--set", members)[0]["median"] > rows()[0]["median"] + 0.2
    for words in (("--years", "99"), ("--clients", "99999999"), ("--clients", "0")):
        assert recoverysim("trial", path, *words, *few).code == 2
    assert recoverysim("trial", path, "--set", "nothing=1", *few).code == 3


def test_a_folder_or_a_missing_file_is_told_plainly(tmp_path):
    for path in (tmp_path, tmp_path / "none.yaml"):
        said = recoverysim("trial", str(path))
        assert said.code == 3
        assert "is a folder" in said.err or "no such file" in said.err


def test_scenarios_check_reads_a_study_too(write):  # noqa: F811
    said = recoverysim("scenarios", "check", str(write(SMALL)))
    assert (said.code, "2 arms and 2 published figures" in said.out) == (0, True)
    wrong = SMALL.replace("0.3", "30").replace("size: 30}\n", "size: 0}\n")
    said = recoverysim("scenarios", "check", str(write(wrong)))
    assert said.code == 3
    assert said.err.count("line ") == 3


def test_scenarios_check_reads_the_network_of_a_study(write, tmp_path):  # noqa: F811
    (tmp_path / "friends.edges").write_text("1 2 3 4\n")
    text = SMALL.replace("people:", "people:\n  network: {file: friends.edges}", 1)
    said = recoverysim("scenarios", "check", str(write(text)))
    assert said.code == 3
    assert "friends.edges" in said.err


def test_a_miss_that_is_not_known_exits_4_and_a_known_one_does_not(write):  # noqa: F811
    wrong = SMALL.replace("published: 0.3", "published: 0.99", 1)
    said = recoverysim("validate", str(write(wrong)), "--repeats", "4")
    assert said.code == 4
    assert "Not listed as known" in said.out
    known = wrong.replace("post}", "post, known: made up for a test}")
    said = recoverysim("validate", str(write(known)), "--repeats", "4")
    assert said.code == 0
    assert "Made up for a test" in said.out


# --- choosers and lots --------------------------------------------------------------------


def rungs(**off: bool):
    nobody = load("cut-linkage").replace({f"mechanisms.{k}": v for k, v in off.items()})
    offer = {"linkage.peer.offered_share": 1, "linkage.peer.fidelity": 1}
    return ladder(nobody.replace(offer), nobody, central_values(), 100_000, 1)


def test_choosing_makes_mutual_aid_look_better_than_a_lot_does():
    """100,000 people: standard error of the first three 0.3 points, of the last 0.1."""
    crude, adjusted, matched, lot = rungs()
    assert crude.low > adjusted.high > lot.high
    assert matched.low > lot.high
    assert lot.low > 0


def test_with_no_effect_a_lot_shows_none_and_choosers_still_look_better():
    crude, adjusted, matched, lot = rungs(mutual_aid_effect=False)
    assert (lot.effect, lot.low, lot.high) == (0, 0, 0)
    assert min(crude.low, adjusted.low, matched.low) > 0.01


def test_with_no_effect_and_nobody_readier_choosers_look_no_better():
    """Four standard errors either way: use makes people leave, not stay away."""
    off = {"mutual_aid_effect": False, "readiness": False}
    for rung in rungs(**off)[1:3]:
        assert abs(rung.effect) < 0.012
