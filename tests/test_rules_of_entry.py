"""Who enters, given these throws: docs/model.md, 5."""

import math

import pytest

from recoverysim import population
from recoverysim.codes import (
    ABSTINENCE,
    ALCOHOL,
    IN_USE,
    NEVER,
    NOT_RELIGIOUS,
    OPIOIDS,
    REGULAR,
    RELIGIOUS,
    STABILITY,
    STIMULANTS,
    UNSURE,
    USING,
    WAITING,
)
from recoverysim.compiled import plain
from tests.rules import (
    TODAY,
    dice_that_answer,
    somebody,
    state_of,
    today,
)

approx = pytest.approx

DRAWN = {
    population.SUBSTANCE: 0.0, population.AGE: 1.0, population.READINESS: 2.0,
    population.MOOD: -1.0, population.READING: 0.5, population.FRAILTY: 3.0, population.FAITH: 0.9,
    population.FIT: 0.5,
}  # fmt: skip


def entering(yes=(), now=TODAY, **drawn):
    person = somebody(stage=USING)
    throws = DRAWN | {getattr(population, name.upper()): value for name, value in drawn.items()}
    with dice_that_answer(yes=yes, throws=throws) as asked:
        plain(population.enter)(person, 8, 1, now)
    return person, asked


def test_everybody_enters_waiting_using_and_never_at_mutual_aid():
    person, _ = entering()
    assert state_of(person, "stage", "use", "attendance") == (WAITING, IN_USE, NEVER)
    assert state_of(person, "capital", "identity", "tolerance") == approx((0.2, 0.2, 1.0))


@pytest.mark.parametrize(("off", "involvement"), [((), 0.55), (("involvement",), 0)])
def test_but_for_who_is_a_member_already(off, involvement):
    person, _ = entering(yes=(population.MEMBER_ALREADY,), now=today(off=off))
    found = state_of(person, "attendance", "involvement", "earlier_contact", "ever_attended")
    assert found == approx((REGULAR, involvement, True, False))


def test_traits_are_drawn_as_described():
    person, asked = entering()
    assert asked == {
        population.SEX: 0.33, population.NEED: 0.71, population.SOBER_TIES: 0.30,
        population.GOAL: 0.57, population.BEEN_BEFORE: 0.48, population.MEMBER_ALREADY: 0.12,
    }  # fmt: skip
    readiness, mood = math.sqrt(0.4) * 2, -math.sqrt(0.6)
    assert state_of(person, "readiness", "mood", "frailty") == approx((readiness, mood, 0.3 * 3))
    assert person.readiness_seen == approx(readiness + mood + 1.1 * 0.5)
    assert (person.goal, person.builds_sober_ties) == (STABILITY, True)
    yes = (population.GOAL, population.SOBER_TIES, population.SEX, population.BEEN_BEFORE)
    other, _ = entering(yes=yes)
    assert (other.goal, other.builds_sober_ties) == (ABSTINENCE, False)
    assert (other.female, other.earlier_contact) == (True, True)


@pytest.mark.parametrize(
    ("thrown", "substance", "age"),
    [  # shares of 0.30, 0.60 and 0.30 are scaled to 0.25, 0.50 and 0.25
        (0.24, ALCOHOL, 46 + 10), (0.26, OPIOIDS, 42 + 10), (0.74, OPIOIDS, 42 + 10),
        (0.76, STIMULANTS, 35 + 10),
    ],
)  # fmt: skip
def test_substance_and_age(thrown, substance, age):
    person, asked = entering(substance=thrown)
    assert (person.substance, person.age) == (substance, approx(age))
    assert asked.get(population.INJECTS) == (0.45 if substance == OPIOIDS else None)
    assert entering(substance=thrown, age=-9.0)[0].age == 18


@pytest.mark.parametrize(
    ("thrown", "faith", "moved"),
    [(0.34, RELIGIOUS, 0.5), (0.36, UNSURE, 0), (0.59, UNSURE, 0), (0.61, NOT_RELIGIOUS, -0.5)],
)
def test_faith_moves_fit_whose_mean_stays_0_and_variance_1(thrown, faith, moved):
    """R = 0.35, N = 0.40, q = 0.5: m = q(R - N), v = q²(R + N) - m²."""
    m = 0.5 * (0.35 - 0.40)
    v = 0.25 * (0.35 + 0.40) - m**2
    person, _ = entering(faith=thrown, fit=2.0)
    assert person.faith == faith
    assert person.fit == approx(math.sqrt(1 - v) * 2 - m + moved)
