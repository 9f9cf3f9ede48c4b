"""The line: dots are the answer's numbers, by quota; nobody is moved who is not there."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recoverysim.pictures import dots as dots_
from recoverysim.pictures import line_narrow
from recoverysim.pictures.dots import Dot, Told, counted, dots
from recoverysim.pictures.line import line, replay
from recoverysim.pictures.sheet import Area, Disc, Text
from recoverysim.shown import STRETCHES, People, Standing
from tests.answers import answer, everybody, people, standing

PLACES = ("waiting", "taxi", "station", "platform", "off", "arrived")
A_DOT = 5.0


def told_of(stood):
    return Told(0, "Today", stood, stood.in_recovery, stood.died, dots(stood))


def drawn(picture, world):
    return [
        mark
        for mark in picture.sheet.marks
        if isinstance(mark, Area | Disc) and mark.css == f"dot world-{world}"
    ]


def test_quotas_by_hand():
    """48 dead of 1,000 are 9.6 dots: 10 are not drawn; the rest by running totals."""
    stood = Standing(
        10, waiting=people(62, 0), taxi=people(5, 0), station=people(112, 0),
        platform=people(55, 0), off=people(400, 0),
        train=(people(100, 1.0), people(100, 0), *[people(0)] * (STRETCHES - 2)),
        arrived=people(118, 0.5), died=48.0,
    )  # fmt: skip
    many = counted(dots(stood))
    # In dots, running: 9.6 | 89.6 102 103 125.4 136.4 156.4 176.4 200
    assert many == {
        "off": 80, "waiting": 12, "taxi": 1, "station": 22, "platform": 11, "train 0": 20,
        "train 1": 20, "arrived": 24,
    }  # fmt: skip
    going = [dot for dot in dots(stood) if dot.going]
    assert len(going) == 32  # (100 + 59) / 5 = 31.8
    assert {dot.place for dot in going} == {"train", "arrived"}


shares = st.lists(st.floats(0, 100), min_size=2 * (6 + STRETCHES) + 1,
                  max_size=2 * (6 + STRETCHES) + 1).filter(lambda some: sum(some) > 1)  # fmt: skip


@given(shares)
@settings(max_examples=300, deadline=None)
def test_every_share_is_within_one_dot(numbers):
    scale = 1000 / sum(numbers)
    cells = [
        People(a * scale, b * scale) for a, b in zip(numbers[:-1:2], numbers[1:-1:2], strict=True)
    ]
    stood = Standing(10, *cells[:5], tuple(cells[6:]), cells[5], numbers[-1] * scale)
    made = dots(stood)
    many = counted(made)

    def near(number_of_dots: int, per_1000: float) -> bool:
        return abs(A_DOT * number_of_dots - per_1000) <= A_DOT + 1e-6

    assert near(200 - len(made), stood.died)
    for place in PLACES:
        assert near(many[place], getattr(stood, place).all)
    for stretch, one in enumerate(stood.train):
        assert near(many[f"train {stretch}"], one.all)
    on_train = sum(many[f"train {stretch}"] for stretch in range(STRETCHES))
    assert near(on_train, stood.in_recovery - stood.arrived.all)
    assert near(on_train + many["arrived"], stood.in_recovery)
    everyone = [getattr(stood, place) for place in PLACES] + list(stood.train)
    assert near(sum(dot.going for dot in made), sum(one.going for one in everyone))


@pytest.mark.parametrize("width", [340, 700, 1100])
@pytest.mark.parametrize("place", ["off", "arrived", "train", "waiting", "station"])
def test_everybody_in_one_place_is_drawn_there(place, width):
    picture = line(answer(2, stood={1: everybody(place)}), 10, width=width)
    marks = drawn(picture, 1)
    assert len(marks) == 200
    assert [mark.key for mark in marks] == list(range(200))
    assert sum(mark.fill != "#FFFFFF" for mark in marks) == 80  # 400 of 1,000 go
    middles = {(round(mark.x, 2), round(mark.y, 2)) for mark in marks if isinstance(mark, Disc)}
    if place not in ("off", "waiting"):
        assert len(middles) == 200, "no two on one spot"


def test_the_dead_are_counted_in_words_and_not_drawn():
    picture = line(answer(2, stood={1: everybody("died")}), 10)
    assert drawn(picture, 1) == []
    said = [mark.said for mark in picture.sheet.marks if isinstance(mark, Text)]
    assert not [one for one in said if "died" in one]
    assert "47 have died" in picture.description  # the card's number


def test_numbers_are_those_of_cards_and_add_up():
    """Today 318 are in recovery and 118 have arrived; the scenario's card says 325."""
    picture = line(answer(2), 10)
    assert "Today: of every 1,000 people, 200 are on the train and 118 have" in picture.description
    texts = [mark for mark in picture.sheet.marks if isinstance(mark, Text)]
    assert [mark.lead for mark in texts if mark.said == "on the train"] == ["200", "203"]
    headings = [mark.said for mark in texts if "in recovery" in mark.said]
    assert headings == ["318 in every 1,000 in recovery", "325 in every 1,000 in recovery"]


def test_table_is_the_standing():
    made = answer(2)
    rows = [row for row in line(made, 10).table if row["world"] == "peer-introduction"]
    stood = made.standing(1, 10)
    by_place = {row["place"]: row["per_1000"] for row in rows if row["place"] != "train"}
    assert by_place == {place: getattr(stood, place).all for place in PLACES} | {"died": stood.died}
    trains = [row["per_1000"] for row in rows if row["place"] == "train"]
    assert trains == [one.all for one in stood.train]
    assert sum(row["per_1000"] for row in rows) == pytest.approx(1000)


@pytest.mark.parametrize("width", [340, 700, 1100])
@pytest.mark.parametrize("plain", [False, True])
def test_dots_do_not_touch_and_stand_on_the_line(width, plain):
    picture = line(answer(2), 10, width=width, plain=plain)
    for world in (0, 1):
        at = [
            (mark.x, mark.y, mark.radius)
            for mark in drawn(picture, world)
            if isinstance(mark, Disc)
        ]
        for number, (x, y, radius) in enumerate(at):
            for other_x, other_y, _ in at[number + 1 :]:
                assert abs(x - other_x) + abs(y - other_y) >= 1.9 * radius


def test_dots_on_the_train_stand_at_their_miles():
    picture = line(answer(2), 10, width=1100)
    stations = {
        mark.said: mark.x for mark in picture.sheet.marks
        if isinstance(mark, Text) and mark.said in ("London", "York")
    }  # fmt: skip
    a_mile = (stations["London"] - stations["York"]) / (400 - 208.2)
    made = dots(answer(2).standing(0, 10))
    for dot, mark in zip(made, drawn(picture, 0), strict=True):
        if dot.place == "train":
            miles = 400 - (stations["London"] - mark.x) / a_mile
            assert abs(miles - dot.miles) <= 10 + 1e-6  # within its quarter of a year


@pytest.mark.parametrize("width", [340, 700, 1100])
@pytest.mark.parametrize("plain", [False, True])
def test_a_replay_begins_and_ends_where_pictures_stand(width, plain):
    """Of a change that is none: every dot stands where the still picture has it."""
    made = answer(2)
    going = replay(made, 10, 0, 0, width, plain).moves
    still = drawn(line(made, 10, (0,), width, plain), 0)
    assert len(going) == len(still)
    for move, mark in zip(going, still, strict=True):
        assert (move.x0, move.y0) == (move.x1, move.y1)
        assert (move.sign0, move.filled0) == (move.sign1, move.filled1)
        if isinstance(mark, Disc):
            assert (move.x0, move.y0) == (mark.x, mark.y)
    change = replay(made, 10, 0, 1, width, plain)
    assert change.before.sheet.height == change.after.sheet.height
    assert not drawn(change.before, 0)
    assert not drawn(change.after, 1)
    for move in change.moves:
        assert change.radius <= move.x1 <= width - change.radius
        assert 0 < move.y1 < change.after.sheet.height


def test_a_narrow_year_in_which_many_are_is_longer_and_no_other():
    """34 dots in one quarter need rows; the other four years keep the least length."""
    stretches = line_narrow.plan([told_of(everybody("train"))], 340, 2).stretches
    assert stretches[0] > 2 * line_narrow.STRETCH
    assert set(stretches[1:]) == {line_narrow.STRETCH}


def test_a_replay_is_as_large_as_both_worlds_need():
    """All in the first quarter is a tall stack: today's row makes room for it too."""
    made = answer(2, stood={1: everybody("train")})
    change = replay(made, 10, 0, 1, 700)
    alone = line(made, 10, (0,), 700)
    assert change.before.sheet.height > alone.sheet.height
    assert {move.sign1 for move in change.moves} == {"circle"}
    assert min(move.y1 for move in change.moves) > 0


def test_nobody_goes_or_comes_when_fewer_die():
    """190 dots of today, 200 of a world without deaths: 190 moves, in order along the journey."""
    one = standing(died=50, train=198)
    made = answer(2, stood={0: one, 1: everybody("arrived")})
    going = replay(made, 10, 0, 1, 1100).moves
    assert len(going) == 190
    assert [move.sign0 for move in going][:3] == ["triangle"] * 3


def test_a_dot_knows_its_cell_and_sign():
    assert Dot("train", True, 10.0).cell == "train 0"
    assert Dot("train", True, 390.0).cell == f"train {STRETCHES - 1}"
    assert Dot("arrived", False, 400.0).cell == "arrived"
    assert [Dot(place, True, 0).sign for place in ("off", "waiting", "taxi")] == [
        "triangle", "square", "circle",
    ]  # fmt: skip
    block = dots_.Block(100, 50, 3, 10, -10)
    assert [block.slot(number) for number in (0, 2, 3)] == [(105, 45), (125, 45), (105, 35)]


def test_words_are_kind():
    for plain in (False, True):
        picture = line(answer(2), 10, plain=plain)
        said = " ".join(
            [picture.title, picture.subtitle, picture.description]
            + [mark.said for mark in picture.sheet.marks if isinstance(mark, Text)]
        )
        assert not re.search(r"relapse|addict|clean|fail|abuse", said, re.IGNORECASE)
        assert ("rain" in said) == (not plain)


def test_a_year_that_is_not_told_is_refused():
    with pytest.raises(StopIteration):
        line(answer(2), 3)
