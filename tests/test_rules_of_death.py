"""Tolerance and deaths: given this client and this throw, expect docs/model.md, 7.12."""

import math

import pytest

from recoverysim.codes import (
    ABSTINENT,
    ALCOHOL,
    DETOX,
    DIED_OTHER,
    DIED_OVERDOSE,
    IN_USE,
    LAPSED,
    MEDICATION,
    NO_MODALITY,
    OPIOIDS,
    PSYCHOSOCIAL,
    STILL_THERE,
    STIMULANTS,
    TREATMENT,
)
from recoverysim.compiled import plain
from recoverysim.mortality import (
    DEATH,
    background,
    death_comes,
    excess_by_age_and_sex,
    highest_hazard,
    lose_the_cover_of_medication,
    other_rate,
    overdose_rate,
    tolerance_changes,
)
from tests.rules import CURVES, SOME_DICE, TODAY, dice_that_answer, somebody, today

approx = pytest.approx

ON_MEDICATION = {"stage": TREATMENT, "modality": MEDICATION}


@pytest.mark.parametrize(
    ("state", "rate"),
    [
        ({"use": IN_USE, "substance": ALCOHOL, "tolerance": 0.0}, 0.5),
        ({"use": IN_USE, "substance": STIMULANTS, "tolerance": 0.0}, 1.5),
        ({"use": IN_USE}, 7),
        ({"use": LAPSED}, 7),
        ({"use": IN_USE, "tolerance": 0.0}, 7 * 4),
        ({"use": LAPSED, "tolerance": 0.75}, 7 * (1 + 3 * 0.25)),
        ({"use": ABSTINENT, "tolerance": 0.0}, 0.2),
        ({"use": ABSTINENT, "stage": DETOX}, 0.2),
        ({"use": ABSTINENT, "substance": ALCOHOL}, 0.2),
        # On medication by its own rate whether they use or not: twice that in the first four full
        # weeks, which follow the week of the move.
        (ON_MEDICATION | {"use": IN_USE, "tolerance": 0.0}, 2.5),
        (ON_MEDICATION | {"use": ABSTINENT, "weeks_in_stage": 1}, 2.5 * 2),
        (ON_MEDICATION | {"use": IN_USE, "weeks_in_stage": 4}, 2.5 * 2),
        (ON_MEDICATION | {"use": IN_USE, "weeks_in_stage": 5}, 2.5),
        ({"stage": TREATMENT, "modality": PSYCHOSOCIAL, "use": IN_USE, "weeks_in_stage": 1}, 7),
    ],
)
def test_overdose_by_state(state, rate):
    person = somebody(**{"substance": OPIOIDS} | state)
    assert plain(overdose_rate)(person, TODAY) == approx(1.2 * rate)


@pytest.mark.parametrize(
    ("substance", "use", "modality", "rate"),
    [
        (ALCOHOL, IN_USE, NO_MODALITY, 33),
        (ALCOHOL, LAPSED, NO_MODALITY, 33 * 0.61),
        (ALCOHOL, ABSTINENT, PSYCHOSOCIAL, 33 * 0.35),
        (OPIOIDS, IN_USE, PSYCHOSOCIAL, 10),
        (OPIOIDS, LAPSED, NO_MODALITY, 10 * 0.9),
        (OPIOIDS, ABSTINENT, NO_MODALITY, 10 * 0.8),
        (OPIOIDS, IN_USE, MEDICATION, 8),
        (OPIOIDS, ABSTINENT, MEDICATION, 8),
        (STIMULANTS, IN_USE, NO_MODALITY, 6),
        (STIMULANTS, LAPSED, NO_MODALITY, 6 * 0.7),
        (STIMULANTS, ABSTINENT, NO_MODALITY, 6 * 0.6),
    ],
)
def test_other_deaths_are_anybodys_and_an_excess_by_state_rising_over_the_years(
    substance, use, modality, rate
):
    person = somebody(substance=substance, use=use, modality=modality, age=55.0, female=True)
    anybody, ratio = 1.6 * math.exp(0.09 * 10), 0.8 * math.exp(0.05 * 10)
    assert plain(other_rate)(person, TODAY, CURVES, 0) == approx(anybody + ratio * rate)
    ten_years_on = plain(other_rate)(person, TODAY, CURVES, 520)
    assert ten_years_on == approx(
        anybody * math.exp(0.09 * 10) + ratio * rate * math.exp(0.05 * 10)
    )


@pytest.mark.parametrize(
    ("age", "female", "anybody", "excess"),
    [
        (45.0, False, 2.5, 1),
        (55.0, False, 2.5 * math.exp(0.9), math.exp(0.5)),
        (35.0, False, 2.5 * math.exp(-0.9), math.exp(-0.5)),
        (45.0, True, 1.6, 0.8),
        (55.0, True, 1.6 * math.exp(0.9), 0.8 * math.exp(0.5)),
    ],
)
def test_women_and_the_young_die_less_of_other_causes(age, female, anybody, excess):
    assert plain(background)(age, female, TODAY) == approx(anybody)
    assert plain(excess_by_age_and_sex)(age, female, TODAY) == approx(excess)


def hazard_of(person, week, now):
    rates = plain(overdose_rate)(person, now), plain(other_rate)(person, now, CURVES, week)
    return sum(rates) / 52_000


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"deaths.overdose_abstinent": 900},
        {"deaths.overdose_on_medication": 500},
        {"deaths.excess_on_medication": 800},
        {"deaths.stimulants.overdose_using": 400, "deaths.lost_tolerance_ratio": 0.5},
        {"deaths.first_weeks_on_medication_ratio": 0.1, "deaths.overdose_on_medication": 100},
    ],
)
@pytest.mark.parametrize("week", [0, 700])
def test_nobody_is_in_more_danger_than_the_highest_hazard_says(change, week):
    now = today(change)
    bound = plain(highest_hazard)((20.0, 62.0), now, CURVES, week)
    found = [
        hazard_of(
            somebody(
                substance=substance, use=use, modality=modality, weeks_in_stage=weeks,
                age=age, female=female, tolerance=tolerance,
            ),
            week, now,
        )
        for substance in (ALCOHOL, OPIOIDS, STIMULANTS)
        for use in (ABSTINENT, LAPSED, IN_USE)
        for modality in (NO_MODALITY, PSYCHOSOCIAL, MEDICATION)
        for weeks in (0, 2)
        for tolerance in (0.0, 1.0)
        for age in (20.0, 62.0)
        for female in (False, True)
    ]  # fmt: skip
    assert max(found) <= bound < 3 * max(found)


# A person with opioid dependence who uses, with rates so high that a hazard is no probability.
MANY = today({
    "deaths.opioids.overdose_using": 7000, "deaths.overdose_level": 1,
    "deaths.opioids.excess_using": 10_000,
})  # fmt: skip
CHANCE = 1 - math.exp(-17 / 52)


@pytest.mark.parametrize(
    ("thrown", "fate"),
    [
        (0, DIED_OVERDOSE),
        (CHANCE * 0.411, DIED_OVERDOSE),  # 7 in 17 is 0.4118
        (CHANCE * 0.413, DIED_OTHER),
        (CHANCE * 0.999, DIED_OTHER),
        (CHANCE * 1.001, STILL_THERE),
        (17 / 52 * 0.999, STILL_THERE),  # below the hazard, above the probability
        (0.999, STILL_THERE),
    ],
)
def test_death_comes_by_one_hazard_and_its_cause_in_proportion(thrown, fate):
    person = somebody(use=IN_USE, substance=OPIOIDS)
    with dice_that_answer(throws={DEATH: thrown}):
        assert plain(death_comes)(person, MANY, CURVES, 0, SOME_DICE, 1.0) == fate


@pytest.mark.parametrize(
    ("state", "after"),
    [
        ({"use": ABSTINENT}, 0.8 * 0.5 ** (1 / 3)),
        ({"use": ABSTINENT, "stage": DETOX}, 0.8 * 0.5 ** (1 / 3)),
        ({"use": ABSTINENT, "stage": TREATMENT, "modality": PSYCHOSOCIAL}, 0.8 * 0.5 ** (1 / 3)),
        (ON_MEDICATION | {"use": ABSTINENT}, 0.8 + 0.25 * 0.2),
        ({"use": LAPSED}, 0.8 + 0.25 * 0.2),
        ({"use": IN_USE}, 0.8 + 0.25 * 0.2),
        ({"use": ABSTINENT, "substance": ALCOHOL}, 0.8),
        ({"use": IN_USE, "substance": STIMULANTS}, 0.8),
    ],
)
def test_tolerance_is_lost_in_abstinence_without_medication_and_comes_back(state, after):
    person = somebody(**{"substance": OPIOIDS, "tolerance": 0.8} | state)
    plain(tolerance_changes)(person, TODAY, CURVES)
    assert person.tolerance == approx(after)


@pytest.mark.parametrize(("before", "after"), [(1.0, 0.25), (0.1, 0.1)])
def test_leaving_medication_is_dangerous_for_whoever_uses_then(before, after):
    person = somebody(substance=OPIOIDS, use=IN_USE, tolerance=before)
    plain(lose_the_cover_of_medication)(person, TODAY)
    assert person.tolerance == approx(after)
    assert plain(overdose_rate)(person, TODAY) == approx(1.2 * 7 * (1 + 3 * (1 - after)))
