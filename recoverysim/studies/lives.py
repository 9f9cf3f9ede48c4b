"""The same 200 simulated people in two worlds, month by month, as they are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from recoverysim import lives_words, story, words
from recoverysim.codes import SUBSTANCES
from recoverysim.outcomes import in_words
from recoverysim.panel import WEEKS_BETWEEN_WAVES
from recoverysim.plan import Plan
from recoverysim.scenario import Scenario
from recoverysim.shown import PLACES, Flow
from recoverysim.shown_lives import (
    LETTERS,
    NOT_THERE,
    Lives,
    LivesIn,
    OfHundred,
    SimulatedPerson,
)
from recoverysim.studies.answering import standing_of
from recoverysim.studies.months import GOING, NOT_HERE, Months, live_months
from recoverysim.studies.stamp import stamp
from recoverysim.studies.two_hundred import TRAIN, choose, is_well, place_of, quotas, settle
from recoverysim.studies.whereabouts import PLACE, definition_of_persons

LOOKS = 24  # earlier months in which the dots should stand nearly as all people do
OF_EACH_KIND = 3  # people whose lives can be read
DIED = PLACE["died"]


def lives(
    one: Scenario,
    other: Scenario,
    plan: Plan,
    definition: str,
    year: int,
    progress: Callable[[float], None] | None = None,
) -> Lives:
    """Live both worlds of every repeat and choose the people.

    Raises what `months.live_months` raises.
    """
    months = live_months(one, other, plan, definition, year, progress)
    marked = stamp([one, other], plan)
    now = months.spots[:, -1]
    first, second = (quotas(standing_of(months.counted[world, -1], year)) for world in (0, 1))
    there = np.flatnonzero((now != NOT_HERE).all(axis=0))
    chosen = choose(now[0, there], now[1, there], (first, second))
    dots = there[_settled(months, there, chosen.people)]
    well = np.array([[is_well(int(spot)) for spot in world] for world in now])
    well &= now != NOT_HERE
    names = one.name, other.name
    return Lives(
        stamp=marked,
        basis=words.basis(marked),
        definition=definition,
        meaning=in_words(definition_of_persons(definition)),
        year=year,
        weeks=tuple(months.weeks),
        worlds=tuple(_in_world(months, world, names[world], dots) for world in (0, 1)),
        people=tuple(_people(months, dots, there, well, year)),
        of_100=of_hundred(*(_recovered(months.counted[world, -1]) for world in (0, 1))),
        apart=(
            len(there),
            int((~well[0] & well[1])[there].sum()),
            int((well[0] & ~well[1])[there].sum()),
        ),
        off_by=chosen.off_by,
    )


def of_hundred(one: float, other: float) -> OfHundred:
    """From how many of 1,000 people are in recovery in each world.

    Today and the difference are rounded, as on cards; what is left follows.
    """
    today, net = round(one / 10), round((other - one) / 10)
    both = min(today, today + net)
    return OfHundred(both, 100 - max(today, today + net), net)


def _settled(months: Months, there: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """The chosen, exchanged so that they stand nearly as all do in earlier months too."""
    last = len(months.weeks) - 1
    # The more, the earlier: that is when most people move.
    looks = np.unique((np.linspace(0, 1, LOOKS + 1)[:-1] ** 2 * last).astype(int))
    spots = months.spots[:, looks][:, :, there]
    if (spots == NOT_HERE).any():  # people come week by week: the end is what can be met
        return chosen
    now = months.spots[:, -1, there].astype(np.int64)
    counted = months.counted[:, looks]
    places = counted[:, :, : len(PLACE)].astype(float)
    places[:, :, PLACE["train"]] += counted[:, :, TRAIN:].sum(axis=2)
    aims = len(chosen) * places / places.sum(axis=(2, 3), keepdims=True)
    return settle(
        chosen, spots.reshape(-1, len(there)), now[0] * 2 * GOING + now[1],
        aims.reshape(-1, len(PLACE), 2),
    )  # fmt: skip


def _recovered(counted: np.ndarray) -> float:
    """People in recovery, per 1,000."""
    return 1000.0 * float(counted[TRAIN:].sum() + counted[PLACE["arrived"]].sum()) / counted.sum()


def _in_world(months: Months, world: int, name: str, dots: np.ndarray) -> LivesIn:
    counted = months.counted[world]
    places = counted.sum(axis=2)[:, : len(PLACES)].astype(float)
    places[:, PLACE["train"]] += counted[:, TRAIN:].sum(axis=(1, 2))
    each = np.maximum(counted.sum(axis=(1, 2)), 1)[:, None] / 1000.0
    return LivesIn(
        name,
        tuple(_letters(months.spots[world, :, person]) for person in dots),
        tuple(tuple(row) for row in (places / each).tolist()),
        tuple((counted[:, :, 1].sum(axis=1)[:, None] / each).ravel().tolist()),
        tuple(_flows(months, world)),
    )


def _letters(spots: np.ndarray) -> str:
    return "".join(NOT_THERE if spot == NOT_HERE else LETTERS[spot] for spot in spots.tolist())


def _flows(months: Months, world: int) -> Iterator[Flow]:
    for step, (first, second) in enumerate(zip(months.years, months.years[1:])):
        flows = months.flows[world, step]
        each = max(int(flows.sum()), 1) / 1000.0
        for start, end in zip(*np.nonzero(flows), strict=True):
            people = float(flows[start, end] / each)
            yield Flow(first, PLACES[start], second, PLACES[end], people)


def _people(
    months: Months, dots: np.ndarray, there: np.ndarray, well: np.ndarray, year: int,
) -> Iterator[SimulatedPerson]:  # fmt: skip
    """A few people of each kind, the dots first; who died is told of in words only."""
    numbers = {int(person): number for number, person in enumerate(dots.tolist(), 1)}
    alive = there[(months.spots[:, -1, there] != DIED).all(axis=0)]
    more = len(dots)
    for kind, in_one, in_other in (
        ("with", False, True), ("without", True, False), ("both", True, True),
        ("neither", False, False),
    ):  # fmt: skip
        all_of_them = alive[(well[0, alive] == in_one) & (well[1, alive] == in_other)]
        drawn = _spread(all_of_them[np.isin(all_of_them, dots)], OF_EACH_KIND)
        rest = all_of_them[~np.isin(all_of_them, dots)]
        for person in (*drawn, *_spread(rest, OF_EACH_KIND - len(drawn))):
            if person not in numbers:
                more += 1
            yield _person(months, person, numbers.get(person, more), kind, year,
                          is_a_dot=person in numbers)  # fmt: skip


def _spread(people: np.ndarray, many: int) -> list[int]:
    """So many of them, spread evenly: nobody is chosen for their story."""
    many = min(many, len(people))
    return [int(one) for one in people[(np.arange(many) * len(people)) // max(1, many)]]


def _person(
    months: Months, person: int, number: int, kind: str, year: int, *,
    is_a_dot: bool,
) -> SimulatedPerson:  # fmt: skip
    of = months.people[person]
    substance = SUBSTANCES[int(of["substance"])]
    told = []
    for world in (0, 1):
        spots = [spot for spot in months.spots[world, :, person].tolist() if spot != NOT_HERE]
        weeks = WEEKS_BETWEEN_WAVES * sum(map(is_well, spots))
        place = PLACES[place_of(spots[-1])]
        lasted = story.lasting(weeks) if weeks else ""
        told.append(lives_words.told(place, lasted, year))
    unwelcome = months.unwelcome[:, person]
    return SimulatedPerson(
        number,
        is_a_dot,
        kind,
        int(of["key"]),
        int(of["repeat"]),
        lives_words.who(
            bool(of["female"]),
            float(of["age"]),
            story.dependence(substance),
            bool(of["psychiatric_need"]),
        ),
        tuple(told),
        lives_words.UNWELCOME if unwelcome[1] and not unwelcome[0] else "",
    )
