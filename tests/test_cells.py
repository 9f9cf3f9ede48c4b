"""Every outcome is told for each group of people: against the people themselves, and as sums."""

import numpy as np
import pytest

import recoverysim as rs
from recoverysim.cells import CELLS, GROUPS, by_substance
from recoverysim.codes import ABSTINENT, DEAD, DIED_OVERDOSE, LEFT, NEVER, SUBSTANCES
from recoverysim.outcomes import AT, COUNTS
from recoverysim.plan import Plan
from recoverysim.studies.measures import measure
from recoverysim.studies.reckoning import reckon_world, weeks_reckoned
from recoverysim.studies.repeats import live
from tests.worlds import a_world

WHO = {
    "all": lambda people: people["age"] > 0,
    "substance=alcohol": lambda people: people["substance"] == 0,
    "substance=opioids": lambda people: people["substance"] == 1,
    "substance=stimulants": lambda people: people["substance"] == 2,
    "sex=women": lambda people: people["female"],
    "sex=men": lambda people: ~people["female"],
    "age=under 35": lambda people: people["age"] < 35,
    "age=35 to 49": lambda people: (people["age"] >= 35) & (people["age"] < 50),
    "age=50 and over": lambda people: people["age"] >= 50,
    "mental_health_need=yes": lambda people: people["psychiatric_need"],
    "mental_health_need=no": lambda people: ~people["psychiatric_need"],
}
FAMILIES = (
    tuple(f"substance={name}" for name in SUBSTANCES), ("sex=women", "sex=men"),
    ("age=under 35", "age=35 to 49", "age=50 and over"),
    ("mental_health_need=yes", "mental_health_need=no"),
)  # fmt: skip


@pytest.fixture(scope="module")
def world():
    return a_world(clients=4000, weeks=104, years=2)


@pytest.mark.parametrize("group", WHO)
def test_a_group_is_counted_as_its_people_are(world, group):
    people = world.clients[WHO[group](world.clients)]
    alive = people["stage"] != DEAD
    well = alive & (people["use"] == ABSTINENT)
    going = alive & (people["attendance"] != NEVER) & (people["attendance"] != LEFT)
    by_hand = {
        "abstinent_90_days": well & (people["weeks_abstinent"] >= 13),
        "stage_dead": ~alive,
        "deaths_overdose": people["cause"] == DIED_OVERDOSE,
        "offered": people["ever_offered"],
        "connected": people["connected"],
        "attending": going,
        "episodes": people["episodes"],
    }
    found = world.counts[104, GROUPS[group]].sum(axis=0)
    assert {name: found[AT[name]] for name in by_hand} == {
        name: column.sum() for name, column in by_hand.items()
    }
    assert list(GROUPS) == list(WHO)


@pytest.mark.parametrize("family", FAMILIES)
def test_groups_of_one_trait_share_everybody_out(world, family):
    member = np.array([GROUPS[group] for group in family])
    assert member.shape == (len(family), CELLS)
    assert (member.sum(axis=0) == 1).all()
    at = weeks_reckoned((2,))
    reckoned = reckon_world(world, at, 0.035)
    rows = [list(GROUPS).index(group) for group in family]
    assert (reckoned.started[:, rows].sum(axis=1) == 4000).all()
    assert (reckoned.now[:, rows].sum(axis=1) == reckoned.now[:, 0]).all()
    for each in (reckoned.lived, reckoned.begun, reckoned.weeks, reckoned.off_medication):
        sums = (each * reckoned.started.reshape(*each.shape[:2], *[1] * (each.ndim - 2)))[:, rows]
        assert sums.sum(axis=1) == pytest.approx(each[:, 0] * 4000)


def test_counts_by_substance_are_those_of_its_cells(world):
    found = by_substance(world.counts)
    assert found.shape == (len(world.counts), 3, len(COUNTS))
    for place, name in enumerate(SUBSTANCES):
        assert (found[:, place] == world.counts[:, GROUPS[f"substance={name}"]].sum(axis=1)).all()


@pytest.mark.parametrize("definition", ["abstinent_90_days", "share_of_days"])
def test_every_measure_is_told_of_every_group(definition):
    lived = live(rs.load("baseline"), Plan(300, 1, 2))
    told = {}
    for one in measure(lived, definition):
        told.setdefault(one.group, []).append((one.name, one.definition, one.year))
    assert list(told) == list(WHO)
    assert len({tuple(names) for names in told.values()}) == 1
    assert {"cost", "qalys", "weeks_in_recovery", "waiting"} <= {name for name, *_ in told["all"]}


def test_a_comparison_has_the_ratios_of_every_group():
    pair = rs.compare(["baseline", "peer-introduction"], clients=600, years=1, repeats=4)
    rows = [row for row in pair.rows() if row["group"] == "sex=women" and row["year"] == 1]
    assert {"number_needed_to_link", "cost_per_recovery"} <= {row["measure"] for row in rows}
    recovery = next(row for row in rows if row["measure"] == "in_recovery")
    assert recovery["low"] <= recovery["difference"] <= recovery["high"]
