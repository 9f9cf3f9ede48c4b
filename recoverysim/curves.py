"""Everything that depends on how long something has lasted, tabulated once before a run.

The rules read ``curves.first_use[substance, weeks]`` and need no logarithm. With
`duration_dependence` off, all weeks of a curve are the same, at the level that gives the same share
at the reference time.
"""

import math

import numpy as np

from recoverysim.codes import MODALITIES, SUBSTANCES, WEEKS_A_YEAR
from recoverysim.compiled import rule

WEEKS = 1200  # longer than any horizon; what lasts longer still reads the last row
LAST_ROW = WEEKS - 1

BY_SUBSTANCE = (len(SUBSTANCES), WEEKS)
BY_MODALITY = (len(MODALITIES), WEEKS)

# One record holds all curves: rules are handed records, which cost nothing to pass on.
CURVES = np.dtype(
    [
        ("first_use", "f8", BY_SUBSTANCE),  # hazard in this week of abstinence
        ("stopping_slows", "f8", WEEKS),  # ratio of the hazard of stopping, by weeks of use
        ("crisis", "f8", WEEKS),  # added hazard of stopping for good, by weeks since seeking help
        ("leave_detox", "f8", BY_SUBSTANCE),  # probability, in this week of the stay
        ("end_of_detox", "f8", BY_SUBSTANCE),
        ("leave_treatment", "f8", BY_MODALITY),
        ("end_of_treatment", "f8", BY_MODALITY),
        ("ageing", "f8", WEEKS),  # hazard ratio of background deaths, by weeks after entry
        ("excess_ageing", "f8", WEEKS),  # the same of the excess above them
        ("remission", "f8", len(SUBSTANCES)),  # background hazard of stopping for good
        ("mood_kept", "f8"),  # of the passing part of motivation, week on week
        ("mood_moved", "f8"),
        ("tolerance_kept", "f8"),
        ("learning_kept", "f8"),  # of what workers gained, week on week
        ("per_company_gained", "f8"),  # one over the share of company that a member may gain
        ("per_capital_gained", "f8"),  # one over the capital that anybody may gain
    ],
    align=True,
)


@rule
def tabulate(curves, today):
    """Fill `curves` from the parameters in force at week 0."""
    lasting = today.mechanisms.duration_dependence
    curves.mood_kept = half_life(today.motivation.half_life_weeks)
    passing = 1.0 - today.motivation.lasting_share
    curves.mood_moved = math.sqrt(passing * (1.0 - curves.mood_kept * curves.mood_kept))
    curves.tolerance_kept = half_life(today.deaths.tolerance_half_life_weeks)
    curves.learning_kept = half_life(today.practitioners.half_life_weeks)
    company = today.company.reached_by_members_share - today.company.in_recovery_at_entry_share
    curves.per_company_gained = 1.0 / company
    curves.per_capital_gained = 1.0 / (1.0 - today.recovery_capital.at_entry)
    for substance in range(len(SUBSTANCES)):
        years = today.remission_without_help.half_life_years[substance]
        curves.remission[substance] = -math.log(half_life(years * WEEKS_A_YEAR))
    for weeks in range(WEEKS):
        curves.stopping_slows[weeks] = stopping_slows(weeks, today)
        curves.crisis[weeks] = crisis(weeks, today)
        years = weeks / WEEKS_A_YEAR
        curves.ageing[weeks] = math.exp(today.deaths.background_rise_per_year_of_age * years)
        curves.excess_ageing[weeks] = math.exp(today.deaths.excess_rise_per_year_of_age * years)
        tabulate_stays(curves, today, weeks, lasting)
    if not lasting:
        curves.stopping_slows[:] = curves.stopping_slows[:WEEKS_A_YEAR].mean()
        curves.crisis[:] = curves.crisis[:WEEKS_A_YEAR].mean()


@rule
def tabulate_stays(curves, today, weeks, lasting):
    """The rows of this week for abstinence, detox and treatment."""
    for substance in range(len(SUBSTANCES)):
        curves.first_use[substance, weeks] = first_use(weeks, substance, today, lasting)
        length = today.detox.lasts_weeks[substance]
        completed = today.detox.completed_share[substance]
        curves.leave_detox[substance, weeks] = 1.0 - completed ** (1.0 / length)
        curves.end_of_detox[substance, weeks] = planned_end(weeks, length, lasting)
    for modality in range(len(MODALITIES)):
        curves.leave_treatment[modality, weeks] = leave_treatment(weeks, modality, today, lasting)
        length = today.treatment.planned_end_weeks[modality]
        curves.end_of_treatment[modality, weeks] = planned_end(weeks, length, lasting)


@rule
def half_life(weeks):
    """What is left after one week of something with this half-life."""
    return 0.5 ** (1.0 / weeks)


@rule
def stopping_slows(weeks, today):
    """People who have used for longer stop less often."""
    after = today.becoming_abstinent.slows_after_weeks
    return (1.0 + weeks / after) ** (-today.becoming_abstinent.slows_with_power)


@rule
def crisis(weeks, today):
    """The crisis that made a person seek help also makes some stop for good; it passes."""
    kept = half_life(today.remission_without_help.crisis_half_life_weeks) ** weeks
    return today.remission_without_help.crisis_peak_per_week * kept


@rule
def first_use(weeks, substance, today, lasting):
    """Hazard of a first use in this week: log-logistic, or constant at the first year's mean."""
    if lasting:
        return first_use_until(weeks + 1, substance, today) - first_use_until(
            weeks, substance, today
        )
    return first_use_until(WEEKS_A_YEAR, substance, today) / WEEKS_A_YEAR


@rule
def first_use_until(weeks, substance, today):
    """Cumulative hazard of a first use: ln(1 + (t/s)^k)."""
    scale = today.return_to_use.scale_weeks[substance]
    return math.log(1.0 + (weeks / scale) ** today.return_to_use.shape)


@rule
def leave_treatment(weeks, modality, today, lasting):
    """Probability of leaving early this week: Weibull retention, or constant at the same level."""
    retained = today.treatment.retained_share[modality]
    at = today.treatment.retained_at_weeks[modality]
    if not lasting:
        return 1.0 - retained ** (1.0 / at)
    shape = today.treatment.retention_shape[modality]
    grows = ((weeks + 1) / at) ** shape - (weeks / at) ** shape
    return 1.0 - retained**grows


@rule
def planned_end(weeks, length, lasting):
    """1 in the last planned week; without duration dependence, the same chance every week."""
    if not lasting:
        return 1.0 / length
    return 1.0 if weeks + 1 >= length else 0.0
