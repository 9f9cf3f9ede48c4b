"""Helpers for tests of one rule at a time, run as plain Python: nothing is compiled.

The rules are tried under figures of the tests' own: mostly the declared values, but told apart
where two of them happen to be the same, so that a rule which reads the wrong one is found out.
They stand here so that a figure changed by new evidence changes no test of a rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import numpy as np

from recoverysim import codes, compiled, curves, dice, settings
from recoverysim.clients import empty_table
from recoverysim.compiled import PlainRow, PlainTable, plain
from recoverysim.knowledge import central_values
from recoverysim.mutual_aid.fellowships import WHICH_FELLOWSHIP
from recoverysim.mutual_aid.groups import GROUP
from recoverysim.practitioners import WHO, WORKER
from recoverysim.settings import MECHANISMS

FIGURES = {
    "aftercare.asks_for_help_hazard_ratio": 1.6,
    "aftercare.first_use_hazard_ratio": 0.9,
    "aftercare.lasts_weeks": 104,
    "aftercare.offered_share": 0.06,
    "attendance.become_regular_per_week": 0.07,
    "attendance.earlier_contact_log_odds": 0.4,
    "attendance.first_meeting_later_per_week": 0.001,
    "attendance.fit_log_odds": 0.3,
    "attendance.leave_per_fit_log_ratio": 0.8,
    "attendance.leave_per_involvement_log_ratio": 1.2,
    "attendance.leave_per_readiness_log_ratio": 0.2,
    "attendance.leave_when_regular_per_week": 0.006,
    "attendance.leave_while_trying_per_week": 0.10,
    "attendance.leave_while_using_ratio": 3.0,
    "attendance.meeting_when_regular_share": 0.95,
    "attendance.meeting_while_trying_share": 0.6,
    "attendance.readiness_log_odds": 0.5,
    "attendance.return_to_meetings_per_week": 0.004,
    "becoming_abstinent.alcohol.per_week": 0.040,
    "becoming_abstinent.opioids.per_week": 0.055,
    "becoming_abstinent.stimulants.per_week": 0.100,
    "becoming_abstinent.in_treatment_ratio": 1.5,
    "becoming_abstinent.readiness_log_hazard_ratio": 0.25,
    "becoming_abstinent.slows_after_weeks": 8,
    "becoming_abstinent.slows_with_power": 0.3,
    "care.alcohol.detox_first_share": 0.35,
    "care.opioids.detox_first_share": 0.06,
    "care.stimulants.detox_first_share": 0.02,
    "care.alcohol.residential_share": 0.04,
    "care.opioids.residential_share": 0.03,
    "care.stimulants.residential_share": 0.05,
    "care.detox_first_if_abstinence_is_the_goal_ratio": 1.5,
    "care.medication_share": 0.85,
    "care.started_within_a_week_share": 0.98,
    "community.asks_for_help_in_a_lapse_per_week": 0.02,
    "company.close_ties": 0,  # all alike, but where a test says otherwise
    "company.close_tie_weight": 3,
    "company.close_ties_change_ratio": 0.4,
    "company.change_alone_per_week": 0.003,
    "company.change_as_member_per_week": 0.020,
    "company.change_while_using_per_week": 0.012,
    "company.in_recovery_at_entry_share": 0.20,
    "company.met_through_friends_share": 0.5,
    "company.never_build_sober_ties_share": 0.30,
    "company.reached_by_members_share": 0.70,
    "company.recovery_is_seen_after_weeks": 4,
    "deaths.after_medication_causal_share": 0.75,
    "deaths.background_rise_per_year_of_age": 0.09,
    "deaths.men.background": 2.5,
    "deaths.women.background": 1.6,
    "deaths.excess_on_medication": 8,
    "deaths.excess_rise_per_year_of_age": 0.05,
    "deaths.alcohol.excess_abstinent_ratio": 0.35,
    "deaths.opioids.excess_abstinent_ratio": 0.8,
    "deaths.stimulants.excess_abstinent_ratio": 0.6,
    "deaths.alcohol.excess_lapsed_ratio": 0.61,
    "deaths.opioids.excess_lapsed_ratio": 0.9,
    "deaths.stimulants.excess_lapsed_ratio": 0.7,
    "deaths.alcohol.excess_using": 33,
    "deaths.opioids.excess_using": 10,
    "deaths.stimulants.excess_using": 6,
    "deaths.women_excess_ratio": 0.8,
    "deaths.first_weeks_on_medication": 4,
    "deaths.first_weeks_on_medication_ratio": 2.0,
    "deaths.lost_tolerance_ratio": 4.0,
    "deaths.overdose_abstinent": 0.2,
    "deaths.overdose_level": 1.2,
    "deaths.overdose_on_medication": 2.5,
    "deaths.alcohol.overdose_using": 0.5,
    "deaths.opioids.overdose_using": 7,
    "deaths.stimulants.overdose_using": 1.5,
    "deaths.reference_age": 45,
    "deaths.tolerance_half_life_weeks": 3,
    "deaths.tolerance_returns_per_week": 0.25,
    "detox.alcohol.completed_share": 0.85,
    "detox.opioids.completed_share": 0.32,
    "detox.stimulants.completed_share": 0.65,
    "detox.alcohol.lasts_weeks": 2,
    "detox.opioids.lasts_weeks": 6,
    "detox.stimulants.lasts_weeks": 1,
    "detox.goes_on_to_treatment_share": 0.60,
    "detox.on_to_residential_share": 0.25,
    "involvement.added_by_fit": 0.15,
    "involvement.added_by_intensive": 0.3,
    "involvement.added_by_readiness": 0.1,
    "involvement.counts_as_involved": 0.4,
    "involvement.growth_per_week": 0.05,
    "involvement.kept_after_leaving_per_week": 0.97,
    "involvement.usual_level": 0.55,
    "fellowships.choice_per_fit_log_odds": 0.7,
    "fellowships.particular_share": 0.36,
    "fellowships.pressed_to_stop_hazard_ratio": 1.3,
    "fellowships.reach_log_odds": 0.25,
    "fellowships.second_try_per_week": 0.011,
    "fellowships.stigma_of_medication": 0.45,
    "groups.crowded": 30,
    "groups.diluted_by_clients_ratio": 0.8,
    "groups.experienced_share": 0.6,
    "groups.experienced_spread": 0.2,
    "groups.finds_a_sponsor_per_week": 0.018,
    "groups.leave_per_experienced_log_ratio": 0.5,
    "groups.leaves_when_it_closes_share": 0.15,
    "groups.new_group_experienced_ratio": 0.55,
    "groups.opens_per_week": 0.02,
    "groups.outside_drift_back_per_week": 0.025,
    "groups.outside_moves_sd": 0.5,
    "groups.people_per_client": 400,
    "groups.smallest": 3,
    "groups.sponsor_adds_involvement": 0.1,
    "groups.sponsored_per_experienced": 0.5,
    "groups.usual_outside_members": 16,
    "groups.usual_sponsored_share": 0,  # somebody without a sponsor is as members usually are
    "linkage.after_earlier_contact_ratio": 0.75,
    "linkage.clinician.fidelity": 0.5,
    "linkage.intensive.fidelity": 0.6,
    "linkage.leaflet.fidelity": 1,
    "linkage.peer.fidelity": 0.8,
    "linkage.none.first_meeting": 0.30,
    "linkage.leaflet.first_meeting": 0.31,
    "linkage.clinician.first_meeting": 0.44,
    "linkage.intensive.first_meeting": 0.54,
    "linkage.peer.first_meeting": 0.62,
    "linkage.intensive_content_log_hazard_ratio": 0.1,
    "linkage.intensive_content_weeks": 26,
    "linkage.leaflet.offered_share": 0.44,
    "linkage.clinician.offered_share": 0.49,
    "linkage.intensive.offered_share": 0.02,
    "linkage.peer.offered_share": 0.10,
    "medication_policy.asks_for_help_log_hazard_ratio": 0.5,
    "medication_policy.leaving_log_hazard_ratio": -0.7,
    "medication_policy.person_centred": 0.5,
    "medication_policy.planned_exit_log_odds": 1.2,
    "medication_policy.taken_off_per_week": 0,
    "motivation.half_life_weeks": 12,
    "motivation.lasting_share": 0.4,
    "motivation.reading_noise": 1.1,
    "mutual_aid.total_log_hazard_ratio": 0.6,
    "mutual_aid.presence_share": 0.15,
    "mutual_aid.involvement_share": 0.40,
    "mutual_aid.company_share": 0.25,
    "mutual_aid.capital_share": 0.20,
    "mutual_aid.for_opioids_share": 0.5,
    "mutual_aid.dose_shape": codes.THRESHOLD,
    "mutual_aid.meetings_while_trying": 0.25,
    "mutual_aid.concave_power": 0.75,
    "peers.waits_at_most_weeks": 4,
    "practitioners.attitude_log_odds": 0.3,
    "practitioners.been_in_care_before_log_odds": 0.25,
    "practitioners.champion_log_odds": 2,
    "practitioners.champions_share": 0.05,
    "practitioners.do_not_refer_share": 0.2,
    "practitioners.knowledge_log_odds": 0.5,
    "practitioners.mental_health_need_log_odds": -0.35,
    "practitioners.no_faith_log_odds": -0.45,
    "practitioners.open_meeting_adds_attitude": 0.9,
    "practitioners.own_clients_recover_adds_attitude": 0.5,
    "practitioners.service_log_odds_sd": 0.4,
    "practitioners.training_adds_knowledge": 0.7,
    "naloxone.averts_share": 0.4,
    "naloxone.carried_share": 0.3,
    "naloxone.carried_today_share": 0.3,
    "on_the_premises.carry_over_log_odds": 0.6,
    "on_the_premises.goes_share": 0.42,
    "on_the_premises.held_share": 0.2,
    "on_the_premises.introduced_hazard_ratio": 1.6,
    "population.abstinence_is_the_goal_share": 0.57,
    "population.age_sd": 10,
    "population.earlier_contact_share": 0.48,
    "population.faith_moves_fit": 0.5,
    "population.injecting_share": 0.45,
    "population.alcohol.mean_age": 46,
    "population.opioids.mean_age": 42,
    "population.stimulants.mean_age": 35,
    "population.member_at_entry_share": 0.12,
    "population.psychiatric_need_share": 0.71,
    "population.religious_share": 0.35,
    "population.unsure_share": 0.25,
    "population.alcohol.substance_share": 0.30,
    "population.opioids.substance_share": 0.60,
    "population.stimulants.substance_share": 0.30,
    "population.women_share": 0.33,
    "population.youngest": 18,
    "recovery_capital.at_entry": 0.2,
    "recovery_capital.added_by_membership": 0.25,
    "recovery_capital.growth_per_week": 0.006,
    "recovery_capital.identity_growth_alone_per_week": 0.005,
    "recovery_capital.identity_growth_per_week": 0.04,
    "recovery_capital.identity_reached_alone": 0.4,
    "recovery_capital.identity_weight": 0.6,
    "recovery_capital.loss_per_week_using": 0.01,
    "recovery_capital.reached_alone": 0.7,
    "recovery_centres.capital_growth_ratio": 1.3,
    "recovery_centres.first_meeting_hazard_ratio": 1.5,
    "recovery_centres.lasts_weeks": 52,
    "recovery_centres.reach_share": 0.07,
    "recovery_housing.first_use_hazard_ratio": 0.7,
    "recovery_housing.lasts_weeks": 26,
    "recovery_housing.offered_share": 0.08,
    "remission_without_help.crisis_half_life_weeks": 13,
    "remission_without_help.crisis_peak_per_week": 0.018,
    "remission_without_help.alcohol.half_life_years": 14,
    "remission_without_help.opioids.half_life_years": 15,
    "remission_without_help.stimulants.half_life_years": 5,
    "remission_without_help.head_start_weeks": 52,
    "return_to_use.at_once_after_leaving_early_share": 0.70,
    "return_to_use.frailty_sd": 0.3,
    "return_to_use.in_treatment_hazard_ratio": 0.7,
    "return_to_use.on_medication_hazard_ratio": 0.35,
    "return_to_use.lapse_is_got_over_per_week": 0.35,
    "return_to_use.alcohol.lapse_becomes_return_per_week": 0.25,
    "return_to_use.opioids.lapse_becomes_return_per_week": 0.60,
    "return_to_use.stimulants.lapse_becomes_return_per_week": 0.30,
    "return_to_use.alcohol.lapse_share": 0.75,
    "return_to_use.opioids.lapse_share": 0.40,
    "return_to_use.stimulants.lapse_share": 0.70,
    "return_to_use.psychiatric_need_log_hazard_ratio": 0.15,
    "return_to_use.readiness_log_hazard_ratio": -0.35,
    "return_to_use.alcohol.scale_weeks": 12,
    "return_to_use.opioids.scale_weeks": 4,
    "return_to_use.stimulants.scale_weeks": 6,
    "return_to_use.shape": 1.05,
    "return_to_use.alcohol.severity_log_hazard_ratio": 0,
    "return_to_use.opioids.severity_log_hazard_ratio": 0.2,
    "return_to_use.stimulants.severity_log_hazard_ratio": -0.1,
    "treatment.asks_for_detox_per_week": 0.003,
    "treatment.changes_to_medication_per_week": 0.02,
    "treatment.leaves_medication_as_planned_share": 0.45,
    "treatment.residential.planned_end_weeks": 12,
    "treatment.psychosocial.planned_end_weeks": 26,
    "treatment.medication.planned_end_weeks": 30_000,
    "treatment.residential.retained_at_weeks": 12,
    "treatment.psychosocial.retained_at_weeks": 26,
    "treatment.medication.retained_at_weeks": 52,
    "treatment.residential.retained_share": 0.55,
    "treatment.psychosocial.retained_share": 0.50,
    "treatment.medication.retained_share": 0.57,
    "treatment.residential.retention_shape": 0.7,
    "treatment.psychosocial.retention_shape": 0.8,
    "treatment.medication.retention_shape": 0.48,
    "using.seeks_help_per_readiness_log_ratio": 0.3,
    "using.seeks_help_when_seeing_recovery_log_ratio": 0.5,
    "using.alcohol.seeks_help_per_week": 0.012,
    "using.opioids.seeks_help_per_week": 0.020,
    "using.stimulants.seeks_help_per_week": 0.008,
    "waiting.gives_up_per_week": 0.03,
}  # fmt: skip

SINGLE = 1e-7  # the states of people are kept in single precision

SOME_DICE = 5  # a rule is handed them, and asks the questions that are answered below
GROUPS = PlainTable(np.zeros(0, GROUP))  # none: whoever goes, goes elsewhere
WORKERS = PlainTable(np.zeros(1, WORKER))  # one, who is in all things as the average
NO_JOURNAL = (PlainTable(np.zeros(0)), PlainTable(np.array([0, 1])))


def today(changes: dict[str, float] | None = None, *, off: Iterable[str] = ()) -> PlainRow:
    """The figures above, with changes, and with mechanisms switched off."""
    values = central_values() | FIGURES | (changes or {})
    return PlainRow(
        settings.tabulate(values, {}, {name: name not in off for name in MECHANISMS})[0]
    )


def curves_of(now: PlainRow) -> PlainRow:
    """The curves under these figures."""
    table = np.zeros(1, curves.CURVES)
    plain(curves.tabulate)(table.view(np.recarray)[0], now)
    return PlainRow(table[0])


TODAY = today()
CURVES = curves_of(TODAY)


def somebody(**state: Any) -> PlainRow:
    """A person with this state. All else is as usual: a man of 45 with alcohol dependence, never at
    mutual aid, abstinent in the community, in usual company, with what capital he had at entry."""
    usual = {
        "stage": codes.COMMUNITY, "capital": 0.2, "identity": 0.2, "seen_company": 0.2,
        "tolerance": 1.0, "builds_sober_ties": True, "age": 45.0,
    }  # fmt: skip
    if "fit" in state:  # where they go it suits them as mutual aid does on average
        usual["suits"] = state["fit"]
    table = empty_table(1)
    for name, value in (usual | state).items():
        table[0][name] = value
    return PlainRow(table[0])


def state_of(person: PlainRow, *names: str) -> tuple[Any, ...]:
    """So many of a person's columns."""
    return tuple(getattr(person, name) for name in names)


@contextmanager
def dice_that_answer(
    *, yes: Iterable[Any] = (), throws: dict[Any, float] | None = None, first: float = 1.0
) -> Iterator[dict[Any, Any]]:
    """Dice for plain rules, and what they were asked, in order.

    Each question comes with what was put to the dice: a chance, a hazard, or a hazard and its log
    ratio. The answer is no, but for the questions in `yes`. Bare throws and numbers drawn are told
    by `throws`, and the throw of every week by `first`.
    """
    asked: dict[Any, Any] = {}
    positive = {int(one) for one in yes}

    def answer(_: int, question: Any, *odds: float) -> bool:
        asked[question] = odds[0] if len(odds) == 1 else odds
        return int(question) in positive

    # The first worker is met, where there is no other; the first fellowship is turned to.
    told = {WHO: 0.0, WHICH_FELLOWSHIP: 0.0} | (throws or {})

    def thrown(_: int, question: Any) -> float:
        return told[question]

    stubs: dict[Any, Callable[..., Any]] = dict.fromkeys(
        (dice.happens, dice.strikes, dice.strikes_at_risk), answer
    )
    stubs |= dict.fromkeys((dice.throw, dice.normal, dice.nudge), thrown)
    stubs[dice.first_throw] = lambda _: first
    with patch.dict(compiled._PLAIN, stubs):
        yield asked


def answered(rule: Any, *arguments: Any, yes: Iterable[Any] = ()) -> dict[Any, Any]:
    """Run a rule with such dice, and tell what they were asked."""
    with dice_that_answer(yes=yes) as asked:
        plain(rule)(*arguments)
    return asked
