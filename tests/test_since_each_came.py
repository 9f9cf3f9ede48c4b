"""Where people stand in an open system is told by the time since each came, as its cards are."""

from dataclasses import replace

import pytest

from recoverysim.dashboard import area
from recoverysim.dashboard.asked import Asked
from recoverysim.dashboard.work.looks import Reins, look
from recoverysim.plan import Plan

PLAN = Plan(clients=300, years=5, repeats=4)


@pytest.fixture(scope="module")
def answer():
    asked = area.put(area.put(Asked(), area.A_YEAR, 900), "detox_places", 60)
    return look(replace(asked.look(quick=False), plan=PLAN), Reins())


@pytest.mark.parametrize("world", [0, 1])
@pytest.mark.parametrize("year", [1, 2, 5])
def test_everybody_is_in_one_place_and_places_agree_with_the_cards(answer, world, year):
    stands = answer.standing(world, year)
    places = (stands.waiting, stands.taxi, stands.station, stands.platform, stands.off)
    everywhere = (*places, *stands.train, stands.arrived)
    assert sum(one.all for one in everywhere) + stands.died == pytest.approx(1000)
    assert all(one.going >= 0 and one.not_going >= 0 for one in everywhere)

    def card(measure):
        found = answer.card(1, measure, year)
        return found.value if world else found.today

    assert stands.in_recovery == pytest.approx(card("in_recovery"), abs=1)
    assert stands.died == pytest.approx(card("deaths"), abs=1)
    assert sum(one.going for one in everywhere) == pytest.approx(card("attending"), abs=1)
    long = sum(one.all for one in stands.train[4:]) + stands.arrived.all
    assert long == pytest.approx(card("in_recovery_a_year_or_more"), abs=1)
    assert year >= 5 or stands.arrived.all == 0
