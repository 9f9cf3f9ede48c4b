"""The same 200 people in two worlds: quotas, the choice, and what is told of them."""

from collections import Counter

import numpy as np
import pytest

from recoverysim.plan import Plan
from recoverysim.scenario import load
from recoverysim.shown import PLACES
from recoverysim.shown_lives import LETTERS
from recoverysim.studies.answering import standing_of
from recoverysim.studies.journey import journey
from recoverysim.studies.lives import lives, of_hundred
from recoverysim.studies.months import GOING, live_months
from recoverysim.studies.sides import KINDS, live_side
from recoverysim.studies.two_hundred import choose, is_well, place_of, quotas, settle
from recoverysim.studies.whereabouts import PLACE

PLAN = Plan(clients=300, years=2, repeats=4, seed=3, threads=2)
DEFINITION = "abstinent_90_days"
OFF, STATION, ARRIVED, DIED = (PLACE[name] for name in ("off", "station", "arrived", "died"))


@pytest.fixture(scope="module")
def told():
    return lives(load("baseline"), load("peer-introduction"), PLAN, DEFINITION, 2)


def test_quotas_are_the_dots_of_the_line():
    """Of 1,000 people 600 off, 250 in treatment, 100 of them going, 100 in their third quarter of a
    year on the train, all going, 50 died: of 200 dots 120, 30 and 20, 20, and 10."""
    counted = np.zeros((KINDS, 2))
    counted[OFF] = (600, 0)
    counted[STATION] = (150, 100)
    counted[len(PLACE) + 2] = (0, 100)
    counted[DIED] = (50, 0)
    found = quotas(standing_of(counted, 1))
    assert found == {
        OFF: 120, STATION: 30, STATION + GOING: 20, len(PLACE) + 2 + GOING: 20, DIED: 10
    }  # fmt: skip


def test_people_are_chosen_as_they_come_in_the_pool():
    """Of 400 people 300 stand off in both worlds, 90 arrived in both, 10 off in the first only: of
    40 so many that the sums are those wanted, with the 1 who differs."""
    one = np.array([OFF] * 300 + [ARRIVED] * 90 + [OFF] * 10)
    other = np.array([OFF] * 300 + [ARRIVED] * 90 + [ARRIVED] * 10)
    chosen = choose(one, other, ({OFF: 31, ARRIVED: 9}, {OFF: 30, ARRIVED: 10}))
    assert chosen.off_by == 0
    assert len(set(chosen.people.tolist())) == 40
    pairs = Counter(zip(one[chosen.people].tolist(), other[chosen.people].tolist(), strict=True))
    assert pairs == {(OFF, OFF): 30, (ARRIVED, ARRIVED): 9, (OFF, ARRIVED): 1}


def test_what_cannot_be_met_is_said():
    """Nobody in the pool is in treatment, and three are wanted there."""
    one = np.array([OFF] * 50)
    chosen = choose(one, one, ({OFF: 7, STATION: 3}, {OFF: 10}))
    assert chosen.off_by == 3
    assert len(chosen.people) in (7, 10)


def test_people_are_exchanged_until_earlier_months_fit_too():
    """All end off the train. Of the pool half were in treatment before, 10 are chosen, all of them
    from treatment; 4 should be from it, and 6 off."""
    before = np.array([[STATION] * 50 + [OFF] * 50])
    aims = np.zeros((1, len(PLACE), 2))
    aims[0, STATION, 0], aims[0, OFF, 0] = 4, 6
    found = settle(np.arange(10), before, np.zeros(100, int), aims)
    assert len(set(found.tolist())) == 10
    assert Counter(before[0, found].tolist()) == {STATION: 4, OFF: 6}


def test_nobody_is_exchanged_for_who_ends_elsewhere():
    before = np.array([[STATION] * 50 + [OFF] * 50])
    aims = np.zeros((1, len(PLACE), 2))
    aims[0, OFF, 0] = 10
    ends = np.array([1] * 50 + [2] * 50)
    assert settle(np.arange(10), before, ends, aims).tolist() == list(range(10))


def test_dots_stand_as_everybody_does(told):
    assert told.off_by <= 1
    for world in told.worlds:
        assert len(world.months) == 200
        at_the_end = Counter(PLACES[place_of(LETTERS.index(one[-1]))] for one in world.months)
        for place, per_1000 in zip(PLACES, world.totals[-1], strict=True):
            assert abs(at_the_end[place] - per_1000 / 5) < 1 + told.off_by
        going = sum(LETTERS.index(one[-1]) >= GOING for one in world.months)
        assert abs(going - world.going[-1] / 5) < 1 + told.off_by


def test_every_month_adds_up(told):
    assert told.weeks == tuple(range(0, 105, 4))
    for world in told.worlds:
        assert len(world.totals) == len(told.weeks)
        assert {len(one) for one in world.months} == {len(told.weeks)}
        for totals in world.totals:
            assert sum(totals) == pytest.approx(1000)
        for first, second in ((0, 1), (1, 2)):
            flows = [flow for flow in world.flows if (flow.year, flow.next_year) == (first, second)]
            assert sum(flow.people for flow in flows) == pytest.approx(1000)
            for place, per_1000 in zip(PLACES, world.totals[13 * second], strict=True):
                arriving = sum(flow.people for flow in flows if flow.next_place == place)
                assert arriving == pytest.approx(per_1000)


def test_totals_are_those_that_cards_tell():
    """Counted as people live, in the very repeats of the comparison."""
    one = load("peer-introduction")
    months = live_months(load("baseline"), one, PLAN, DEFINITION, 2)
    side = live_side(one, PLAN, DEFINITION, range(PLAN.repeats))
    assert np.array_equal(months.counted[1, -1], side.stood[:, -1].sum(axis=0))
    assert np.array_equal(months.counted[1, 13], side.stood[:, 0].sum(axis=0))


def test_the_dead_stay_dead_and_are_no_example(told):
    died = LETTERS[DIED]
    for world in told.worlds:
        for one in world.months:
            assert died not in one.rstrip(died)
    for person in told.people:
        if person.is_a_dot:
            assert all(world.months[person.number - 1][-1] != died for world in told.worlds)


def test_a_person_is_the_same_in_both_worlds_and_found_again(told):
    """The life that `journey` tells week by week stands, every four weeks, where the dot does."""
    person = next(one for one in told.people if one.is_a_dot and one.kind == "both")
    found = journey(
        load("baseline"), person.client, PLAN, versus=load("peer-introduction"),
        repeat=person.repeat,
    )  # fmt: skip
    assert str(int(found.traits["age"])) in person.who
    assert ("woman" in person.who) == found.traits["woman"]
    for life, world in zip(found.lives, told.worlds, strict=True):
        rows = life.rows[::4]
        month = [LETTERS.index(one) for one in world.months[person.number - 1]]
        well = (rows["use"] == 0) & (rows["weeks_abstinent"] >= 13) & (rows["stage"] != 5)
        assert [is_well(spot) for spot in month] == well.tolist()
        going = np.isin(rows["attendance"], (1, 2, 3)) & (rows["stage"] != 5)
        assert [spot >= GOING for spot in month] == going.tolist()


def test_the_list_holds_some_of_each_kind(told):
    kinds = Counter(one.kind for one in told.people)
    assert kinds["both"] == kinds["neither"] == 3
    for person in told.people:
        if person.is_a_dot:
            ends = [world.months[person.number - 1][-1] for world in told.worlds]
            well = [is_well(LETTERS.index(one)) for one in ends]
            assert person.kind == {
                (True, True): "both", (False, False): "neither", (False, True): "with",
                (True, False): "without",
            }[tuple(well)]  # fmt: skip
    numbers = [person.number for person in told.people]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize(
    ("one", "other", "both", "neither", "net"),
    [
        (478.0, 485.0, 48, 51, 1),  # 47.8 and 0.7, rounded 48 and 1
        (478.0, 480.0, 48, 52, 0),
        (500.0, 470.0, 47, 50, -3),
        (0.0, 0.0, 0, 100, 0),
    ],
)
def test_of_100_people(one, other, both, neither, net):
    found = of_hundred(one, other)
    assert (found.both, found.neither, found.net) == (both, neither, net)
    assert found.both + found.neither + abs(found.net) == 100


def test_nothing_changed_is_nobody_apart():
    same = lives(load("baseline"), load("baseline"), PLAN, DEFINITION, 1)
    assert same.worlds[0].months == same.worlds[1].months
    assert same.apart[1:] == (0, 0)
    assert {person.kind for person in same.people} == {"both", "neither"}


def test_bad_years_and_worlds_without_twins_are_refused():
    with pytest.raises(ValueError, match="from 1 to 2; found 3"):
        lives(load("baseline"), load("peer-introduction"), PLAN, DEFINITION, 3)
    opened = load("baseline").replace({"arrivals.over_weeks": 52}, name="open")
    with pytest.raises(ValueError, match="nobody has a twin"):
        lives(load("baseline"), opened, PLAN, DEFINITION, 2)
