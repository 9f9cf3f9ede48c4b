"""Deaths, by state: overdose and other causes kept apart.

Rates are per 1,000 person-years. The weeks after leaving opioid care are dangerous because
tolerance is lost in abstinence and the old dose is then too much: it is lost and found here week
by week, and any policy that moves people off medication carries it.
"""

import math

from recoverysim.codes import (
    ABSTINENT,
    DIED_OTHER,
    DIED_OVERDOSE,
    LAPSED,
    MEDICATION,
    OPIOIDS,
    STILL_THERE,
    SUBSTANCES,
    WEEKS_A_YEAR,
)
from recoverysim.compiled import rule
from recoverysim.curves import LAST_ROW
from recoverysim.dice import question, throw
from recoverysim.quantities import by, parameters, quantity

PER_1000_YEARS = 1.0 / (1000.0 * WEEKS_A_YEAR)
RATE = "per 1,000 person-years"

parameters(
    "deaths",
    overdose_on_medication=quantity(
        2.5, RATE, 1.4, 6.3, source="sordo-od; scot-meth", grade="moderate",
        studied="19 cohorts of people on methadone or buprenorphine; Scotland for the high end",
    ),
    overdose_using=by(
        SUBSTANCES,
        alcohol=quantity(0.5, RATE, 0.1, 1.0),
        opioids=quantity(
            7, RATE, 5, 13, source="sordo-od", grade="weak",
            studied="19 cohorts, people out of treatment: 12.7 after methadone, 4.6 after "
            "buprenorphine; those rates mix people who use with people who do not",
        ),
        stimulants=quantity(1.5, RATE, 0.5, 3.0),
    ),
    overdose_abstinent=quantity(
        0.2, RATE, 0, 0.5, note="near none until a return to use, which is counted as using"
    ),
    first_weeks_on_medication_ratio=quantity(
        2.0, "hazard ratio", 1.0, 3.0, source="sordo-time", grade="weak",
        studied="methadone, 19 cohorts: the risk falls over the first four weeks; no ratio given",
    ),
    first_weeks_on_medication=quantity(4, "weeks"),
    lost_tolerance_ratio=quantity(
        4.0, "hazard ratio", 2.0, 9.0, source="vedette; pierce-res", grade="weak",
        studied="Italy, the first 30 days after leaving against later: 3 times, after completed "
        "outpatient detox 4 times; part of it may be who leaves",
    ),
    after_medication_causal_share=quantity(
        0.75, "share", 0.5, 1.0, distribution="uniform",
        note="of the excess from lost tolerance, on leaving medication; Norway saw no such excess "
        "(norway-omt), which would be none",
    ),
    tolerance_half_life_weeks=quantity(3, "weeks", 1, 6, whole_run=True, bounds=(0.1, 1000)),
    tolerance_returns_per_week=quantity(
        0.25, "per week", 0.17, 0.50, note="of what is lost, with use or medication"
    ),
    other_using=by(
        SUBSTANCES,
        alcohol=quantity(
            33, RATE, 25, 40, source="aud-cmr; aud-abst", grade="moderate",
            studied="people treated for alcohol, 31 studies; heavier drinking at the upper end",
        ),
        opioids=quantity(
            10, RATE, 7, 14, source="scot-meth", grade="weak",
            studied="Scotland, people prescribed methadone: 9.7 from other causes",
        ),
        stimulants=quantity(6, RATE, 3, 10),
    ),
    other_lapsed_ratio=by(
        SUBSTANCES,
        alcohol=quantity(
            0.61, "ratio", 0.39, 0.94, source="aud-abst", grade="weak", bounds=(0, 1),
            studied="reduced against heavy drinking, odds ratio, 16 cohorts",
            note="of the rate while using; here for the weeks of a lapse",
        ),
        opioids=quantity(0.8, "ratio", 0.5, 1.0, bounds=(0, 1)),
        stimulants=quantity(0.7, "ratio", 0.4, 1.0, bounds=(0, 1)),
    ),
    other_abstinent_ratio=by(
        SUBSTANCES,
        alcohol=quantity(
            0.35, "ratio", 0.20, 0.60, source="aud-abst", grade="moderate", bounds=(0, 1),
            studied="abstinent against heavy drinking, odds ratio, 16 cohorts",
            note="of the rate while using, outside medication treatment",
        ),
        opioids=quantity(0.8, "ratio", 0.5, 1.0, bounds=(0, 1)),
        stimulants=quantity(0.7, "ratio", 0.4, 1.0, bounds=(0, 1)),
    ),
    other_on_medication=quantity(
        8, RATE, 6, 11, source="scot-meth; sordo-mmt", grade="moderate",
        studied="people prescribed methadone",
    ),
    rise_per_year_of_age=quantity(
        0.05, "log hazard ratio", 0.03, 0.08, bounds=(-1, 1), whole_run=True,
        note="of other causes, around the age to which the rates refer",
    ),
    reference_age=quantity(45, "years", whole_run=True),
    women_ratio=quantity(0.8, "hazard ratio", 0.6, 1.0, whole_run=True, note="of other causes"),
)  # fmt: skip

DEATH = question("dies")


@rule
def tolerance_changes(client, today, curves):
    """Opioid tolerance is lost in abstinence without medication and returns with use."""
    if client.substance != OPIOIDS:
        return
    if client.use == ABSTINENT and client.modality != MEDICATION:
        client.tolerance *= curves.tolerance_kept
    else:
        client.tolerance += today.deaths.tolerance_returns_per_week * (1.0 - client.tolerance)


@rule
def lose_the_cover_of_medication(client, today):
    """Without its cover, whoever uses is in as much danger as if tolerance were lost.

    Part of the excess seen after leaving is only who leaves, not leaving itself.
    """
    if client.substance == OPIOIDS:
        client.tolerance = min(client.tolerance, 1.0 - today.deaths.after_medication_causal_share)


@rule
def death_comes(client, today, curves, week, dice):
    """Whether this person dies this week, and of what: an overdose, or something else."""
    overdose = overdose_rate(client, today) * PER_1000_YEARS
    hazard = overdose + other_rate(client, today, curves, week) * PER_1000_YEARS
    thrown = throw(dice, DEATH)
    if thrown >= hazard:
        return STILL_THERE
    chance = 1.0 - math.exp(-hazard)
    if thrown >= chance:
        return STILL_THERE
    # The lower part of the chance, in proportion to its hazard, is overdose.
    return DIED_OVERDOSE if thrown * hazard < chance * overdose else DIED_OTHER


@rule
def overdose_rate(client, today):
    """Overdose deaths per 1,000 person-years in this person's state."""
    if client.modality == MEDICATION and today.mechanisms.medication_protection:
        if 0 < client.weeks_in_stage <= today.deaths.first_weeks_on_medication:
            return (
                today.deaths.overdose_on_medication * today.deaths.first_weeks_on_medication_ratio
            )
        return today.deaths.overdose_on_medication
    if client.use == ABSTINENT:
        return today.deaths.overdose_abstinent
    rate = today.deaths.overdose_using[client.substance]
    if client.substance == OPIOIDS and today.mechanisms.lost_tolerance:
        rate *= 1.0 + (today.deaths.lost_tolerance_ratio - 1.0) * (1.0 - client.tolerance)
    return rate


@rule
def other_rate(client, today, curves, week):
    """Deaths from other causes per 1,000 person-years, for this person's state, age and sex."""
    rate = today.deaths.other_using[client.substance]
    if client.modality == MEDICATION and today.mechanisms.medication_protection:
        rate = today.deaths.other_on_medication
    elif client.use == ABSTINENT:
        rate *= today.deaths.other_abstinent_ratio[client.substance]
    elif client.use == LAPSED:
        rate *= today.deaths.other_lapsed_ratio[client.substance]
    return rate * client.risk_by_age_and_sex * curves.ageing[min(week, LAST_ROW)]


@rule
def risk_by_age_and_sex(client, today):
    """Hazard ratio of death from other causes at entry."""
    rise = today.deaths.rise_per_year_of_age
    ratio = math.exp(rise * (client.age - today.deaths.reference_age))
    return ratio * today.deaths.women_ratio if client.female else ratio
