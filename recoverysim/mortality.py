"""Deaths, by state: overdose and other causes kept apart.

Rates are per 1,000 person-years. Other causes are those of anybody of that age and sex, and on top
an excess by state. The weeks after leaving opioid care are dangerous because tolerance is lost in
abstinence and the old dose is then too much: it is lost and found here week by week, and any policy
that moves people off medication carries it.
"""

import math

from recoverysim.codes import (
    ABSTINENT,
    DIED_OTHER,
    DIED_OVERDOSE,
    LAPSED,
    MEDICATION,
    OPIOIDS,
    SEXES,
    STILL_THERE,
    SUBSTANCES,
    WEEKS_A_YEAR,
)
from recoverysim.compiled import rule
from recoverysim.curves import LAST_ROW
from recoverysim.dice import question, throw
from recoverysim.quantities import by, parameters, quantity
from recoverysim.supports.naloxone import naloxone_ratio

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
    overdose_level=quantity(
        1.25, "ratio", 0.92, 1.70, source="pierce; scot-meth", grade="weak",
        studied="overdose deaths of people treated for opioids in England 2005-09: 3.4; of people "
        "prescribed methadone in Scotland 2009-13: 6.3",
        note="calibrated (decision 7): of every overdose rate, so that the total lies between",
    ),
    background=by(
        SEXES,
        men=quantity(
            2.3, RATE, 1.9, 2.6, source="ons-life", grade="weak", whole_run=True,
            studied="general population, United Kingdom, 2020-22", note="at the age of reference",
        ),
        women=quantity(
            1.6, RATE, 1.2, 1.8, source="ons-life", grade="weak", whole_run=True,
            studied="general population, United Kingdom, 2020-22", note="at the age of reference",
        ),
    ),
    background_rise_per_year_of_age=quantity(
        0.092, "log hazard ratio", 0.086, 0.098, bounds=(-1, 1), whole_run=True,
        source="ons-life", grade="weak",
        studied="the same, from 45 on, men and women alike; too few deaths below 35",
    ),
    excess_using=by(
        SUBSTANCES,
        alcohol=quantity(
            31, RATE, 23, 38, source="aud-cmr; aud-abst; ons-life", grade="weak",
            studied="people treated for alcohol, 31 studies, 27.7 from all causes; heavier "
            "drinking at the upper end, less what anybody dies of",
        ),
        opioids=quantity(
            8.2, RATE, 6, 11.5, source="scot-meth; ons-life", grade="weak",
            studied="Scotland, people prescribed methadone: 9.7 from other causes",
            note="calibrated with excess_on_medication (decision 7); a quarter more is assumed",
        ),
        stimulants=quantity(6, RATE, 3, 10),
    ),
    excess_lapsed_ratio=by(
        SUBSTANCES,
        alcohol=quantity(
            0.58, "ratio", 0.35, 0.94, source="aud-abst", grade="weak", bounds=(0, 1),
            studied="reduced against heavy drinking, odds ratio 0.61, 16 cohorts",
            note="of the excess while using, so that deaths from all causes are 0.61 times at 45; "
            "here for the weeks of a lapse",
        ),
        opioids=quantity(0.8, "ratio", 0.5, 1.0, bounds=(0, 1)),
        stimulants=quantity(0.7, "ratio", 0.4, 1.0, bounds=(0, 1)),
    ),
    excess_abstinent_ratio=by(
        SUBSTANCES,
        alcohol=quantity(
            0.30, "ratio", 0.14, 0.57, source="aud-abst", grade="weak", bounds=(0, 1),
            studied="abstinent against heavy drinking, odds ratio 0.35, 16 cohorts",
            note="of the excess while using, so that deaths from all causes are 0.35 times at 45",
        ),
        opioids=quantity(0.8, "ratio", 0.5, 1.0, bounds=(0, 1)),
        stimulants=quantity(0.7, "ratio", 0.4, 1.0, bounds=(0, 1)),
    ),
    excess_on_medication=quantity(
        6.5, RATE, 5, 9, source="scot-meth; ons-life", grade="moderate",
        studied="people prescribed methadone in Scotland, 9.7 from other causes, less what anybody "
        "dies of",
        note="calibrated to that total over four years (decision 7)",
    ),
    excess_rise_per_year_of_age=quantity(
        0.03, "log hazard ratio", 0, 0.06, bounds=(-1, 1), whole_run=True,
        note="slower than the background: the ratio to the population is highest among the young "
        "(auc-rr)",
    ),
    women_excess_ratio=quantity(
        1.04, "hazard ratio", 0.85, 1.25, source="auc-rr; ons-life", grade="weak", whole_run=True,
        studied="81 studies of alcohol: men 3.38 times the population, women 4.57 times, of whom "
        "fewer die; taken for all substances",
    ),
    reference_age=quantity(45, "years", whole_run=True, grade="design"),
)  # fmt: skip

DEATH = question("dies")


@rule
def tolerance_changes(client, today, curves):
    """Opioid tolerance is lost in abstinence without medication and returns with use."""
    lost = client.tolerance * curves.tolerance_kept
    found = client.tolerance + today.deaths.tolerance_returns_per_week * (1.0 - client.tolerance)
    loses = (client.use == ABSTINENT) & (client.modality != MEDICATION)
    changed = lost if loses else found
    client.tolerance = changed if client.substance == OPIOIDS else client.tolerance


@rule
def lose_the_cover_of_medication(client, today):
    """Without its cover, whoever uses is in as much danger as if tolerance were lost.

    Part of the excess seen after leaving is only who leaves, not leaving itself.
    """
    if client.substance == OPIOIDS:
        client.tolerance = min(client.tolerance, 1.0 - today.deaths.after_medication_causal_share)


@rule
def death_comes(client, today, curves, week, dice, highest):
    """Whether this person dies this week, and of what: an overdose, or something else.

    `highest` is a hazard above everybody's: a throw beyond it spares the reckoning.
    """
    thrown = throw(dice, DEATH)
    if thrown >= highest:
        return STILL_THERE
    overdose = overdose_rate(client, today) * PER_1000_YEARS
    hazard = overdose + other_rate(client, today, curves, week) * PER_1000_YEARS
    chance = 1.0 - math.exp(-hazard)
    if thrown >= chance:
        return STILL_THERE
    # The lower part of the chance, in proportion to its hazard, is overdose.
    return DIED_OVERDOSE if thrown * hazard < chance * overdose else DIED_OTHER


@rule
def overdose_rate(client, today):
    """Overdose deaths per 1,000 person-years in this person's state."""
    level = today.deaths.overdose_level
    if client.substance == OPIOIDS:
        level *= naloxone_ratio(today)
    if client.modality == MEDICATION and today.mechanisms.medication_protection:
        rate = level * today.deaths.overdose_on_medication
        if 0 < client.weeks_in_stage <= today.deaths.first_weeks_on_medication:
            rate *= today.deaths.first_weeks_on_medication_ratio
        return rate
    if client.use == ABSTINENT:
        return level * today.deaths.overdose_abstinent
    rate = level * today.deaths.overdose_using[client.substance]
    if client.substance == OPIOIDS and today.mechanisms.lost_tolerance:
        rate *= 1.0 + (today.deaths.lost_tolerance_ratio - 1.0) * (1.0 - client.tolerance)
    return rate


@rule
def other_rate(client, today, curves, week):
    """Deaths from other causes per 1,000 person-years: anybody's, and the excess of this state."""
    weeks = min(week - client.arrives, LAST_ROW)
    excess = excess_rate(client, today) * excess_by_age_and_sex(client.age, client.female, today)
    anybody = background(client.age, client.female, today)
    return anybody * curves.ageing[weeks] + excess * curves.excess_ageing[weeks]


@rule
def excess_rate(client, today):
    """Deaths above anybody's in this state, at the age of reference, per 1,000 person-years."""
    if client.modality == MEDICATION and today.mechanisms.medication_protection:
        return today.deaths.excess_on_medication
    rate = today.deaths.excess_using[client.substance]
    if client.use == ABSTINENT:
        return rate * today.deaths.excess_abstinent_ratio[client.substance]
    if client.use == LAPSED:
        return rate * today.deaths.excess_lapsed_ratio[client.substance]
    return rate


@rule
def background(age, female, today):
    """Deaths of anybody of this age at entry and this sex, per 1,000 person-years."""
    years = age - today.deaths.reference_age
    rise = today.deaths.background_rise_per_year_of_age
    return today.deaths.background[int(female)] * math.exp(rise * years)


@rule
def excess_by_age_and_sex(age, female, today):
    """Of the excess of deaths above those, the ratio to men of the age that the rates refer to."""
    years = age - today.deaths.reference_age
    ratio = math.exp(today.deaths.excess_rise_per_year_of_age * years)
    return ratio * today.deaths.women_excess_ratio if female else ratio


@rule
def ages(clients):
    """The lowest and the highest age that anybody had at entry."""
    youngest, oldest = math.inf, 0.0
    for row in range(clients.size):
        age = float(clients[row].age)
        youngest, oldest = min(youngest, age), max(oldest, age)
    return youngest, oldest


@rule
def frailest(ages, today):
    """The highest background and the highest ratio of the excess between these `ages`: at one end
    of them, and of one sex."""
    anybody, excess = 0.0, 0.0
    for age in ages:
        for female in range(len(SEXES)):
            anybody = max(anybody, background(age, female, today))
            excess = max(excess, excess_by_age_and_sex(age, female, today))
    return anybody, excess


@rule
def highest_hazard(between, today, curves, week):
    """A weekly hazard of death that nobody exceeds, whatever their state; `between` by `ages`."""
    weeks = min(week, LAST_ROW)
    anybody, excess = frailest(between, today)
    anybody *= curves.ageing[weeks]
    excess *= curves.excess_ageing[weeks] * highest_excess(today)
    return (highest_overdose(today) + anybody + excess) * PER_1000_YEARS


@rule
def highest_overdose(today):
    """The highest overdose rate of any state."""
    highest = today.deaths.overdose_on_medication
    highest *= max(1.0, today.deaths.first_weeks_on_medication_ratio)
    for substance in range(len(SUBSTANCES)):
        using = today.deaths.overdose_using[substance]
        highest = max(highest, using * max(1.0, today.deaths.lost_tolerance_ratio))
    level = today.deaths.overdose_level * max(1.0, naloxone_ratio(today))
    return level * max(highest, today.deaths.overdose_abstinent)


@rule
def highest_excess(today):
    """The highest excess of any state; no ratio of the states is above 1."""
    highest = today.deaths.excess_on_medication
    for substance in range(len(SUBSTANCES)):
        highest = max(highest, today.deaths.excess_using[substance])
    return highest
