"""Close ties count for more and change less; and influence fades with distance on the network."""

import numpy as np
import pytest

from recoverysim.codes import (
    ABSTINENT,
    COMMUNITY,
    DEAD,
    EMPTY,
    NO_MODALITY,
    NOWHERE,
    OUTSIDER_IN_RECOVERY,
    OUTSIDER_USING,
)
from recoverysim.company import which_tie
from recoverysim.compiled import PlainTable, plain
from recoverysim.surroundings import look_around, sights
from recoverysim.ties import FILL, fill_with_outsiders, loose_ties
from tests.rules import SOME_DICE, answered, somebody, today
from tests.worlds import a_world, switched_off

U, R = OUTSIDER_USING, OUTSIDER_IN_RECOVERY

TWO_CLOSE = today({"company.close_ties": 2})


@pytest.mark.parametrize(("close", "slots", "loose"), [(0, 8, 8), (3, 8, 5), (8, 8, 0), (9, 8, 0)])
def test_close_ties_are_the_last_of_the_slots(close, slots, loose):
    now = today({"company.close_ties": close})
    assert plain(loose_ties)(slots, now) == loose
    assert (
        plain(loose_ties)(slots, today({"company.close_ties": close}, off=["close_ties"])) == slots
    )


@pytest.mark.parametrize(
    ("slots", "seen"),
    [
        ([R, U, U, U], 1 / 8),  # two loose ones, and two that count for three each
        ([U, U, U, R], 3 / 8),
        ([R, R, U, R], 5 / 8),
        ([R, U, EMPTY, EMPTY], 1 / 2),
        ([EMPTY, EMPTY, R, U], 1 / 2),
        ([U, EMPTY, EMPTY, R], 3 / 4),
        ([EMPTY] * 4, 0.20),
    ],
)
def test_a_close_tie_counts_for_its_weight(slots, seen):
    person = somebody(seen_company=0.9)
    ties = PlainTable(np.array([slots], np.int32))
    plain(look_around)(person, ties, 0, PlainTable(sights(1)), 2, TWO_CLOSE)
    assert person.seen_company == pytest.approx(seen)


def test_company_at_entry_is_filled_up_by_weight():
    """Of 2 loose and 2 close slots, worth 8, those left empty are worth 1 + 3."""
    ties = PlainTable(np.array([[EMPTY, 7, 9, EMPTY]], np.int32))
    asked = answered(fill_with_outsiders, ties, 0, TWO_CLOSE, SOME_DICE, yes=[FILL])
    assert list(asked.values()) == pytest.approx([0.2 * 8 / 4] * 2)
    assert ties.array.tolist() == [[R, 7, 9, U]]


def test_loose_ties_change_more_readily():
    """Of 8 slots 6 are loose: each changes with 1 in 6.8 of the chance, a close one with 0.4."""
    throws = (np.arange(68_000) + 0.5) / 68_000
    slots = np.bincount([plain(which_tie)(thrown, 8, TWO_CLOSE) for thrown in throws], minlength=8)
    assert slots.tolist() == pytest.approx([10_000] * 6 + [4_000] * 2, abs=1)
    alike = today({"company.close_ties": 2}, off=["close_ties"])
    assert [plain(which_tie)(place / 8 + 0.1, 8, alike) for place in range(8)] == list(range(8))


# --- influence fades with distance --------------------------------------------------------

PEOPLE, EVERY, WEEKS = 200_000, 40, 52
FARTHEST = 4


def steps_away(ties, seeds):
    """How many ties each client is from the nearest of these; FARTHEST + 1 for all beyond."""
    steps = np.full(len(ties), FARTHEST + 1)
    steps[seeds] = 0
    front = np.flatnonzero(seeds)
    for distance in range(1, FARTHEST + 1):
        known = np.unique(ties[front])
        front = known[known >= 0]
        front = front[steps[front] > distance]
        steps[front] = distance
    return steps


def in_recovery_by_steps(seeded, settings=None):
    """Who is in recovery after a year, by steps from one in forty who, if `seeded`, recovers for
    good as the run begins, and lives as everybody does if not."""
    world = a_world(clients=PEOPLE, years=1, settings=settings or {})
    seeds = np.zeros(PEOPLE, bool)
    seeds[::EVERY] = True
    steps = steps_away(world.ties, seeds)
    if seeded:
        for name, value in {
            "stage": COMMUNITY, "modality": NO_MODALITY, "use": ABSTINENT, "wants": NOWHERE,
            "weeks_abstinent": 52, "frailty": -50,
        }.items():  # fmt: skip
            world.clients[name][seeds] = value
    world.run_for(WEEKS)
    now = world.clients
    return steps, (now["weeks_abstinent"] >= 13) & (now["stage"] != DEAD)


def raised(settings=None):
    """By how much those seeds raise recovery at 1, 2, 3 and 4 steps, and its standard error."""
    steps, before = in_recovery_by_steps(False, settings)
    _, after = in_recovery_by_steps(True, settings)
    found = []
    for distance in range(1, FARTHEST + 1):
        there = steps == distance
        moved = after[there].astype(int) - before[there]
        usual = before[there].mean()
        found.append((moved.mean() / usual, moved.std() / np.sqrt(there.sum()) / usual))
    return np.array(found)


def test_influence_fades_with_distance():
    """At one step it is there; at two it is at most a quarter of that; at four there is none.

    Five standard errors (the seed is fixed; luck alone would fail this in less than 1 in 10,000).
    """
    (first, error), (second, of_second), (third, of_third), (fourth, of_fourth) = raised()
    assert first > 5 * error
    assert second < first / 4 + 4 * of_second
    assert abs(third) < first / 8 + 4 * of_third
    assert abs(fourth) < first / 16 + 4 * of_fourth
    assert first > max(second, third, fourth)
    assert first < 0.05  # far below what is seen among ordinary drinkers (framingham-abst: 0.29)


def test_without_company_nobody_is_influenced_at_all():
    assert (raised(switched_off("company"))[:, 0] == 0).all()
