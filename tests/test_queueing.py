"""Queues against queueing theory: an area with one kind of care, and stays that forget their age.

People come by chance, stay 26 weeks on average, and never come back; nobody dies or gives up. With
continuous time this is M/M/c, and Erlang's formulas hold. In weekly steps places that are left in
a week are given away at its end to whoever came in it, so what is exact here is a chain of weeks:
`a_chain_of_weeks` works it out from the same figures without the model. Waits then differ from
Erlang's by 2%, the share who wait by a tenth: that is checked too, so that the chain itself is held
to something.

Margins, stated before the model was looked at: four standard errors over the seeds (a false alarm
in some 15,000 sets of seeds), which have to be under a sixth of what is measured.
"""

from functools import cache

import numpy as np
import pytest
from scipy import stats

from recoverysim.codes import GAVE_UP_WAITING, WAITING
from recoverysim.outcomes import AT
from tests.test_known_answers import only
from tests.worlds import a_world, switched_off

PLACES, MEAN_STAY, WEEKS = 40, 26, 1040
LOAD = 0.85  # of all places, taken on average
A_WEEK = LOAD * PLACES / MEAN_STAY  # people who come
PEOPLE = round(A_WEEK * WEEKS)
SETTLED, LAST = 260, 1000  # weeks looked at: once the area has filled, and with time to be placed
SEEDS = 60

NOBODY_DIES = {
    f"deaths.{name}": 0
    for name in (
        "men.background", "women.background", "overdose_level", "excess_on_medication",
        "alcohol.excess_using",
    )
}  # fmt: skip
AN_AREA = {
    **only("alcohol"), **NOBODY_DIES, **switched_off("duration_dependence"),
    "network.kind": "none",
    "arrivals.over_weeks": WEEKS,
    "care.started_within_a_week_share": 1,
    "care.alcohol.detox_first_share": 0,
    "care.alcohol.residential_share": 0,
    "treatment.asks_for_detox_per_week": 0,
    "treatment.psychosocial.retained_at_weeks": MEAN_STAY,
    "treatment.psychosocial.retained_share": (1 - 1 / MEAN_STAY) ** MEAN_STAY,
    "treatment.psychosocial.planned_end_weeks": 30_000,
    "using.alcohol.seeks_help_per_week": 0,
    "community.asks_for_help_in_a_lapse_per_week": 0,
    "places.psychosocial.per_1000": 1000 * PLACES / PEOPLE,
    "places.people_at_risk_first": 0,
}  # fmt: skip


@cache
def a_chain_of_weeks(*, loss: bool) -> tuple[float, float]:
    """The share of people who find no place in the week that they come, and weeks waited by all.

    With `loss` whoever finds none goes away.
    """
    most = PLACES if loss else PLACES + 120
    came = stats.poisson.pmf(np.arange(15), A_WEEK)
    step, left_over = np.zeros((most + 1, most + 1)), np.zeros(most + 1)
    for people in range(most + 1):
        inside = min(people, PLACES)
        leave = stats.binom.pmf(np.arange(inside + 1), inside, 1 / MEAN_STAY)
        for more, chance in enumerate(came):
            now = people - np.arange(inside + 1) + more
            left_over[people] += chance * leave @ np.clip(now - PLACES, 0, more)
            np.add.at(step[people], np.minimum(now, most), chance * leave)
    balance = np.vstack([step.T - np.eye(most + 1), np.ones(most + 1)])
    often = np.linalg.lstsq(balance, np.append(np.zeros(most + 1), 1.0), rcond=None)[0]
    queue = often @ np.maximum(np.arange(most + 1) - PLACES, 0)
    return float(left_over @ often) / A_WEEK, float(queue) / A_WEEK


def erlang_b() -> float:
    """The share lost where nobody waits, by Erlang's recursion."""
    load, lost = LOAD * PLACES, 1.0
    for places in range(1, PLACES + 1):
        lost = load * lost / (places + load * lost)
    return lost


def erlang_c() -> float:
    """The share who wait where everybody does who has to."""
    return erlang_b() / (1 - LOAD * (1 - erlang_b()))


def test_the_chain_of_weeks_is_near_erlangs_formulas():
    waits, weeks = a_chain_of_weeks(loss=False)
    assert weeks == pytest.approx(erlang_c() / (PLACES / MEAN_STAY - A_WEEK), rel=0.03)
    assert waits == pytest.approx(erlang_c(), rel=0.12)
    assert a_chain_of_weeks(loss=True)[0] == pytest.approx(erlang_b(), rel=0.12)


def lived(seed: int, gives_up: float) -> np.ndarray:
    """The finished waits of people who came in the weeks looked at, and never more in than fit."""
    settings = AN_AREA | {"waiting.gives_up_per_week": gives_up}
    world = a_world(
        clients=PEOPLE, weeks=WEEKS, seed=seed, years=20, journeys=True, settings=settings
    )
    assert world.counts[:, :, AT["treatment_psychosocial"]].sum(axis=1).max() <= PLACES
    stays = world.stays()
    came = (stays["week_in"] >= SETTLED) & (stays["week_in"] < LAST)
    return stays[(stays["stage"] == WAITING) & came]


def assert_near(found: list[float], expected: float) -> None:
    error = np.std(found, ddof=1) / np.sqrt(len(found))
    assert error < expected / 6
    assert np.mean(found) == pytest.approx(expected, abs=4 * error)


def test_who_waits_and_how_long_is_as_queueing_theory_says():
    waits, weeks = [], []
    for seed in range(SEEDS):
        each = lived(seed, gives_up=0.0)
        lasted = each["week_out"] - each["week_in"]
        waits.append((lasted > 0).mean())
        weeks.append(lasted.mean())
    expected = a_chain_of_weeks(loss=False)
    assert_near(waits, expected[0])
    assert_near(weeks, expected[1])


def test_where_nobody_waits_so_many_are_lost_as_queueing_theory_says():
    """Whoever finds no place gives up in the week after, before places are given away again."""
    lost = []
    for seed in range(SEEDS // 2):
        each = lived(seed, gives_up=1.0)
        assert set(each["week_out"] - each["week_in"]) <= {0, 1}
        lost.append((each["ended"] == GAVE_UP_WAITING).mean())
    assert_near(lost, a_chain_of_weeks(loss=True)[0])
