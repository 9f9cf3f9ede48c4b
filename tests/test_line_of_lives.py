"""The Journey page without a browser: room for the dots, one number of each place, words."""

from itertools import pairwise

import pytest

from recoverysim import lives_words
from recoverysim.dashboard.parts.lives import totals_of
from recoverysim.dashboard.parts.stage_flow import flows_of, months_of
from recoverysim.dashboard.parts.twins import story_html
from recoverysim.dashboard.work.lives import LivesAsked, TwinsAsked, live_the_lives, tell_twins
from recoverysim.dashboard.work.looks import Reins
from recoverysim.pictures.dots import Block
from recoverysim.pictures.line_of_lives import cell, ground
from recoverysim.pictures.stages import stages
from recoverysim.plan import Plan
from recoverysim.scenario import load
from recoverysim.shown import PLACES
from recoverysim.studies.answering import answer
from recoverysim.studies.sides import live_side

PLAN = Plan(clients=300, years=2, repeats=4, seed=3, threads=2)
DEFINITION = "abstinent_90_days"
ONE = load("baseline")
OTHER = load("peer-introduction").replace({}, name="<b>peers & co</b>")


@pytest.fixture(scope="module")
def lives():
    return live_the_lives(LivesAsked(ONE, OTHER, DEFINITION, PLAN, 2), Reins())


@pytest.fixture(scope="module")
def told():
    sides = [live_side(one, PLAN, DEFINITION, range(PLAN.repeats)) for one in (ONE, OTHER)]
    return answer(sides[0], (sides[1],), DEFINITION, of=PLAN.repeats, quick=False)


@pytest.mark.parametrize("width", [340.0, 700.0, 1100.0])
def test_every_dot_of_every_month_has_a_place_of_its_own_on_the_sheet(lives, width):
    found = ground(lives, width)
    for blocks, world in zip(found.blocks, lives.worlds, strict=True):
        for month in zip(*world.months, strict=True):
            seen: dict[str, int] = {}
            points = []
            for where in map(cell, month):
                if where is None:
                    continue
                points.append(blocks[where].slot(seen.get(where, 0)))
                seen[where] = seen.get(where, 0) + 1
            assert len({(round(x, 1), round(y, 1)) for x, y in points}) == len(points)
            assert all(0 < x < found.width and 0 < y < found.height for x, y in points)


def test_dots_of_two_cells_do_not_touch(lives):
    """Blocks of stops beside one another end before the next begins."""
    found = ground(lives, 1100.0)
    stops = [found.blocks[0][name] for name in ("waiting", "taxi", "station", "platform")]
    for left, right in pairwise(stops):
        assert _end(left) <= right.x + 1e-6


def _end(block: Block) -> float:
    return block.x + block.columns * block.pitch


def test_the_last_month_says_what_the_cards_say(lives, told):
    for row in (0, 1):
        last = dict(zip(PLACES, totals_of(lives, row, told, row)[-1], strict=True))
        card, deaths = told.card(1, "in_recovery", 2), told.card(1, "deaths", 2)
        assert last["train"] + last["arrived"] == (card.today, card.value)[row]
        assert last["died"] == (deaths.today, deaths.value)[row]


def test_pictures_of_stages_say_the_same_numbers(lives, told):
    for row in (0, 1):
        last = totals_of(lives, row, told, row)[-1]
        months = months_of(lives, row, "here", last)
        assert months.months == tuple(range(25))
        assert [months.places[place][-1] for place in PLACES] == last
        assert f"{last[PLACES.index('died')]} have died" in stages(months).description
        flows = flows_of(lives, row, "here", last)
        assert flows.years == (0, 1, 2)
        for place, total in zip(PLACES, last, strict=True):
            into = [
                one.people for one in flows.flows if (one.next_year, one.next_place) == (2, place)
            ]
            assert sum(into) == pytest.approx(total) if into else total == 0
        moved = {(one.year, one.place, one.next_place): one.people for one in flows.flows}
        for flow in lives.worlds[row].flows:
            assert abs(moved[flow.year, flow.place, flow.next_place] - flow.people) < 1.01


def test_names_are_escaped(lives):
    person = lives.people[0]
    found = tell_twins(TwinsAsked(ONE, OTHER, PLAN, person.client, person.repeat), Reins())
    page = story_html(found, person.number, 1)
    assert "<b>" not in page
    assert "&lt;b&gt;peers &amp; co&lt;/b&gt;" in page
    assert "<b>" not in ground(lives, 1100.0).marks


@pytest.mark.parametrize(
    ("numbers", "third"),
    [
        ((54, 46, 0, 2), "With “peers” about 2 more in every 1,000 are: fewer than 1 in 100."),
        ((47, 50, -3, -29), "With “peers” about 3 fewer than without: 29 fewer in every 1,000."),
        ((54, 46, 0, 0), "With “peers” about as many are in recovery as without."),
    ],
)
def test_of_100_people_is_said_honestly(numbers, third):
    told = lives_words.of_hundred(*numbers, "peers", 10)
    assert told[0] == f"At most {numbers[0]} are in recovery after 10 years either way."
    assert told[2] == third


def test_a_range_that_holds_no_difference_is_too_close_to_call():
    assert lives_words.range_of(-2.4, 6.2) == (
        "Too close to call: from 2 fewer to 6 more in every 1,000."
    )
    assert lives_words.range_of(1.2, 6.2).startswith("Likely range: from 1 more to 6 more")


def test_time_on_the_train_is_said_by_quarters():
    """The first stretch is under 3 months, the 7th begins at 18, the last at 4 years 9 months."""
    said = lives_words.quarters()
    assert (said[0], said[6], said[19]) == (
        "less than 3 months", "1 year 6 months", "4 years 9 months",
    )  # fmt: skip
    assert len(said) == 20
