"""Measures: what is reported follows from who is where, and nothing is lost on the way."""

import numpy as np
import pytest

import recoverysim as rs
from recoverysim.cells import GROUPS
from recoverysim.plan import Plan
from recoverysim.studies.measures import WEEKS_A_YEAR, beside, definitions, measure
from recoverysim.studies.repeats import live
from tests.worlds import a_world

PLAN = Plan(400, 2, 4, knowledge="none")
LIVED = live(rs.load("baseline"), PLAN)


def rows(definition="abstinent_90_days"):
    return rows_of(LIVED, definition)


def rows_of(lived, definition="abstinent_90_days"):
    """Values by name, group and year; recovery by the definition asked for, not those beside it."""
    return {
        (m.name, m.group, m.year): m.values
        for m in measure(lived, definition)
        if m.definition in (None, definition)
    }


@pytest.mark.parametrize("name", ["deaths", "in_recovery", "attending", "offered", "connected"])
def test_groups_add_up_to_everybody(name):
    found = rows()
    sizes = LIVED.counts[:, 0, :, :6].sum(axis=2)
    parts = sum(
        found[name, f"substance={one}", 2] * sizes[:, place]
        for place, one in enumerate(("alcohol", "opioids", "stimulants"))
    )
    assert parts / sizes.sum(axis=1) == pytest.approx(found[name, "all", 2])


def test_recovery_is_counted_from_the_people_themselves():
    world = a_world(clients=400, weeks=104, years=2)
    now = world.clients
    well = (now["use"] == 0) & (now["stage"] != 5)
    by_hand = {
        "abstinent_30_days": well & (now["weeks_abstinent"] >= 4),
        "abstinent_90_days": well & (now["weeks_abstinent"] >= 13),
        "since_discharge": well & now["discharged"] & ~now["used_since_discharge"],
        "at_least_1_year": well & (now["weeks_abstinent"] >= 52),
        "at_least_5_years": well & (now["weeks_abstinent"] >= 260),
    }
    from recoverysim.outcomes import AT

    for name, people in by_hand.items():
        assert world.counts[104, :, AT[name]].sum() == people.sum()
        off = people & (now["modality"] != 2)
        assert world.counts[104, :, AT[name + "_without_medication"]].sum() == off.sum()


@pytest.mark.parametrize("definition", definitions())
def test_every_definition_gives_between_none_and_everybody(definition):
    for (name, _, _), values in rows(definition).items():
        assert np.isfinite(values).all()
        if name == "in_recovery":
            assert ((values >= 0) & (values <= 1000)).all()


def test_leaving_people_on_medication_out_never_adds_anybody():
    for name in ("abstinent_90_days", "at_least_1_year", "share_of_days"):
        all_of_them, fewer = rows(name), rows(name + "_without_medication")
        for key, values in fewer.items():
            if key[0] == "in_recovery":
                assert (values <= all_of_them[key]).all()


@pytest.mark.parametrize("definition", definitions())
def test_a_year_or_more_and_people_without_medication_stand_beside_every_definition(definition):
    shown = [m.definition for m in measure(LIVED, definition) if m.name == "in_recovery"]
    without = definition.removesuffix("_without_medication") + "_without_medication"
    assert {"at_least_1_year", without} | {definition} == set(shown)
    for other in beside(definition):
        there = {
            (m.group, m.year): m.values
            for m in measure(LIVED, definition)
            if m.definition == other and m.name == "in_recovery"
        }
        for group in GROUPS:
            assert (there[group, 2] == rows(other)["in_recovery", group, 2]).all()


def test_costs_are_weeks_times_prices():
    """One price at a time at 1, the others at 0, nothing discounted: person-weeks come out."""
    from recoverysim.outcomes import AT
    from recoverysim.quantities import all_quantities

    free = {k: 0 for k in all_quantities() if k.startswith("costs.")}
    for price, counted in (
        ("costs.detox_week", "stage_detox"),
        ("costs.residential_week", "treatment_residential"),
        ("costs.psychosocial_week", "treatment_psychosocial"),
        ("costs.medication_week", "treatment_medication"),
        ("costs.peer.introduction", "linked_peer"),
    ):
        scenario = rs.load("baseline").replace(free | {price: 1})
        lived = live(scenario, PLAN)
        first = 1 if counted.startswith("linked") else 0  # care begins before week 0, links in it
        weeks = lived.counts[:, first : first + 104, :, AT[counted]].sum(axis=(1, 2)) / 400
        cost = rows_of(lived)
        assert cost["cost", "all", 2] == pytest.approx(weeks)


def test_quality_of_life_of_one_is_discounted_years_lived():
    from recoverysim.outcomes import AT
    from recoverysim.quantities import all_quantities

    perfect = {k: 1 for k in all_quantities() if k.startswith("quality_of_life.")}
    lived = live(rs.load("baseline").replace(perfect), PLAN)
    alive = 400 - lived.counts[:, 1:, :, AT["stage_dead"]].sum(axis=2)
    years = np.arange(1, 105) / WEEKS_A_YEAR
    by_hand = (alive / WEEKS_A_YEAR / 1.035**years).sum(axis=1) / 400
    found = rows_of(lived)
    assert found["qalys", "all", 2] == pytest.approx(by_hand)


def test_each_link_is_counted_once():
    """People offered for the first time can be no more than links made, and links follow care."""
    from recoverysim.outcomes import AT

    links = LIVED.counts[:, :, :, AT["linked_none"] : AT["linked_peer"] + 1].sum(axis=(1, 2, 3))
    begun = LIVED.counts[:, -1, :, AT["readmissions"]].sum(axis=1) + 400
    assert (links <= begun).all()
    assert (links > 0.95 * begun).all()


def test_what_is_counted_when_it_happens_agrees_with_the_people_at_the_end():
    from recoverysim.codes import DIED_OVERDOSE
    from recoverysim.outcomes import AT

    world = a_world(clients=5000, weeks=208, years=4)
    people, counts = world.clients, world.counts[208].sum(axis=0)
    by_hand = {
        "ever_attended": people["ever_attended"].sum(),
        "offered": people["ever_offered"].sum(),
        "connected": people["connected"].sum(),
        "engaged": people["engaged"].sum(),
        "readmissions": np.maximum(people["episodes"] - 1, 0).sum(),
        "episodes": people["episodes"].sum(),
        "stage_dead": (people["stage"] == 5).sum(),
        "deaths_overdose": (people["cause"] == DIED_OVERDOSE).sum(),
    }
    assert {name: counts[AT[name]] for name in by_hand} == by_hand
    assert all(by_hand.values())
