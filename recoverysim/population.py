"""Who comes: the mix of people as they first ask for help, each drawn by the client's own dice.

A client's traits depend on the seed and the client's key alone, so the same people arrive in every
scenario, and somebody added changes nobody else.
"""

import math

from recoverysim.arrivals import week_of_arrival
from recoverysim.cells import cell_of
from recoverysim.codes import (
    ABSTINENCE,
    ALCOHOL,
    IN_USE,
    NEVER,
    NOT_COME,
    NOT_RELIGIOUS,
    OPIOIDS,
    REGULAR,
    RELIGIOUS,
    STABILITY,
    STIMULANTS,
    SUBSTANCES,
    UNSURE,
    WAITING,
)
from recoverysim.compiled import rule
from recoverysim.dice import dice_of_the_week, happens, luck_of, normal, question, throw
from recoverysim.mutual_aid.fellowships import have_a_fellowship_in_mind
from recoverysim.quantities import by, parameters, quantity

parameters(
    "population",
    substance_share=by(
        SUBSTANCES,
        alcohol=quantity(
            0.30, "share", 0.25, 0.45, source="ndtms-2324", grade="weak", whole_run=True,
            studied="adults in treatment, England 2023/24, not those who start: alcohol only",
        ),
        opioids=quantity(
            0.44, "share", 0.25, 0.48, source="ndtms-2324", grade="weak", whole_run=True,
            studied="adults in treatment, England 2023/24: any opiate",
            note="long stays on medication make this share larger than among people who start",
        ),
        stimulants=quantity(
            0.26, "share", 0.20, 0.30, source="ndtms-2324", grade="weak", whole_run=True,
            studied="England 2023/24: everybody else, cannabis and others included",
            note="the three are scaled to sum to one",
        ),
    ),
    women_share=quantity(
        0.33, "share", 0.28, 0.40, source="phs-rehab", grade="weak", whole_run=True,
        studied="publicly funded residential placements, Scotland: 67% men",
    ),
    mean_age=by(
        SUBSTANCES,
        alcohol=quantity(46, "years", 43, 49, whole_run=True),
        opioids=quantity(42, "years", 39, 45, whole_run=True),
        stimulants=quantity(35, "years", 32, 38, whole_run=True),
    ),
    age_sd=quantity(10, "years", 8, 12, whole_run=True),
    youngest=quantity(18, "years", whole_run=True),
    psychiatric_need_share=quantity(
        0.71, "share", 0.60, 0.75, source="ndtms-case", grade="moderate", whole_run=True,
        studied="adults starting treatment, England 2022/23",
    ),
    injecting_share=quantity(0.45, "share", 0.30, 0.60, whole_run=True,
                             note="of people with opioid dependence"),
    abstinence_is_the_goal_share=quantity(
        0.566, "share", 0.50, 0.65, source="doris-goal", grade="weak", whole_run=True,
        studied="1,007 people starting drug treatment, Scotland; used for alcohol too",
    ),
    earlier_contact_share=quantity(
        0.48, "share", 0.41, 0.60, source="uk-clients; prior-detox", grade="moderate",
        whole_run=True,
        studied="200 people in specialist treatment in England: 31% AA, 41% NA ever; Norway, in "
        "detox: 44 to 52% any twelve-step group",
    ),
    member_at_entry_share=quantity(
        0, "share", whole_run=True, grade="design",
        note="who goes regularly as the run begins; for studies of people who do",
    ),
    religious_share=quantity(0.35, "share", 0.25, 0.45, whole_run=True),
    unsure_share=quantity(0.25, "share", 0.15, 0.35, whole_run=True),
    faith_moves_fit=quantity(
        0.5, "sd", 0.2, 0.8, source="tonigan-02", grade="weak", whole_run=True, bounds=(0, 1),
        studied="US trial: atheists and agnostics attended less and gained the same",
        note="how far faith moves fit up, or having none moves it down; the rest of fit is unknown",
    ),
)  # fmt: skip

SUBSTANCE = question("main substance")
SEX = question("sex")
AGE = question("age")
NEED = question("mental-health need")
INJECTS = question("injects")
GOAL = question("goal")
BEEN_BEFORE = question("has been to mutual aid before")
MEMBER_ALREADY = question("goes to mutual aid regularly already")
FAITH = question("faith")
FIT = question("fit")
READINESS = question("readiness")
MOOD = question("mood at entry")
READING = question("noise of the reading of motivation")
FRAILTY = question("frailty")
SOBER_TIES = question("can build sober ties")

AT_ENTRY = 2**31 - 1  # a week that no run reaches: the dice of traits


@rule
def enter(client, key, seed, today):
    """One person as they first ask for help: who they are, and waiting for care."""
    client.key = key
    client.luck = luck_of(seed, key)
    dice = dice_of_the_week(client.luck, AT_ENTRY)
    client.arrives = week_of_arrival(today, dice)
    client.substance = main_substance(throw(dice, SUBSTANCE), today)
    be_somebody(client, today, dice)
    have_a_past(client, today, dice)
    client.stage = WAITING if client.arrives == 0 else NOT_COME
    client.use = IN_USE
    client.attendance = NEVER
    if happens(dice, MEMBER_ALREADY, today.population.member_at_entry_share):
        be_a_member_already(client, today, dice)
    client.capital = today.recovery_capital.at_entry
    client.identity = today.recovery_capital.at_entry
    client.tolerance = 1.0


@rule
def be_a_member_already(client, today, dice):
    """Goes regularly, and takes part as members usually do."""
    if today.mechanisms.group_life:
        have_a_fellowship_in_mind(client, today, dice)
    client.attendance = REGULAR
    client.earlier_contact = True
    if today.mechanisms.involvement:
        client.involvement = today.involvement.usual_level


@rule
def be_somebody(client, today, dice):
    """Sex, age, need, and the traits that no register holds."""
    client.female = happens(dice, SEX, today.population.women_share)
    age = today.population.mean_age[client.substance]
    age += today.population.age_sd * normal(dice, AGE)
    client.age = max(age, today.population.youngest)
    client.psychiatric_need = happens(dice, NEED, today.population.psychiatric_need_share)
    client.cell = cell_of(client)
    lasting = today.motivation.lasting_share
    client.readiness = math.sqrt(lasting) * normal(dice, READINESS)
    client.mood = math.sqrt(1.0 - lasting) * normal(dice, MOOD)
    noise = today.motivation.reading_noise * normal(dice, READING)
    client.readiness_seen = client.readiness + client.mood + noise
    client.frailty = today.return_to_use.frailty_sd * normal(dice, FRAILTY)
    client.builds_sober_ties = not happens(
        dice, SOBER_TIES, today.company.never_build_sober_ties_share
    )


@rule
def have_a_past(client, today, dice):
    """Goal, injecting, faith and fit, and whether mutual aid is known already."""
    client.injecting = client.substance == OPIOIDS and happens(
        dice, INJECTS, today.population.injecting_share
    )
    client.goal = STABILITY
    if happens(dice, GOAL, today.population.abstinence_is_the_goal_share):
        client.goal = ABSTINENCE
    client.earlier_contact = happens(dice, BEEN_BEFORE, today.population.earlier_contact_share)
    client.faith = faith_of(throw(dice, FAITH), today)
    client.fit = how_well_it_suits(client.faith, today, dice)


@rule
def how_well_it_suits(faith, today, dice):
    """Fit with mutual aid: mean 0 and variance 1 over everybody; partly faith, partly unknown."""
    religious = today.population.religious_share
    not_religious = 1.0 - religious - today.population.unsure_share
    step = today.population.faith_moves_fit
    mean = step * (religious - not_religious)
    spread = step * step * (religious + not_religious) - mean * mean
    found = math.sqrt(max(0.0, 1.0 - spread)) * normal(dice, FIT) - mean
    if faith == RELIGIOUS:
        found += step
    elif faith == NOT_RELIGIOUS:
        found -= step
    return found


@rule
def main_substance(thrown, today):
    """Alcohol, opioids or stimulants, by their shares (which are scaled to sum to one)."""
    shares = today.population.substance_share
    thrown *= shares[ALCOHOL] + shares[OPIOIDS] + shares[STIMULANTS]
    if thrown < shares[ALCOHOL]:
        return ALCOHOL
    if thrown < shares[ALCOHOL] + shares[OPIOIDS]:
        return OPIOIDS
    return STIMULANTS


@rule
def faith_of(thrown, today):
    """Religious, unsure or none."""
    if thrown < today.population.religious_share:
        return RELIGIOUS
    if thrown < today.population.religious_share + today.population.unsure_share:
        return UNSURE
    return NOT_RELIGIOUS
