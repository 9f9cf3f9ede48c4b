"""Answers made by hand, for tests of what is shown: no run stands behind them."""

from __future__ import annotations

import math

from recoverysim.shown import (
    STRETCHES,
    Answer,
    Card,
    Company,
    Curve,
    Flow,
    Flows,
    Money,
    Months,
    Network,
    People,
    Standing,
    Step,
    World,
)

STAMP = {
    "version": "0.0", "seed": 1, "repeats": 20, "clients": 2000, "knowledge": "calibrated",
    "parameter_sets": 10, "parameters": "abcdef0123456789", "plugins": {},
}  # fmt: skip
BASIS = "recoverysim 0.0, seed 1, 20 repeats of 2,000 simulated people."


def people(number: float, going: float = 0.3) -> People:
    return People(going=number * going, not_going=number * (1 - going))


def standing(year: int = 10, *, train: float = 200.0, died: float = 48.0, arrived: float = 118.0,
             waiting: float = 62.0, taxi: float = 5.0, station: float = 112.0,
             platform: float = 55.0) -> Standing:  # fmt: skip
    """People on the train thin out with distance; those off it are the rest."""
    weights = [0.86**stretch for stretch in range(STRETCHES)]
    off = 1000.0 - sum((train, died, arrived, waiting, taxi, station, platform))
    return Standing(
        year, people(waiting, 0.1), people(taxi, 0.1), people(station, 0.2), people(platform, 0.4),
        people(off, 0.06), tuple(people(train * one / sum(weights), 0.4) for one in weights),
        people(arrived, 0.5), died,
    )  # fmt: skip


def everybody(place: str, year: int = 10) -> Standing:
    """All in one place: 'off', 'arrived', 'train' (in its first quarter), 'died' and so on."""
    none, all_ = People(0.0, 0.0), People(400.0, 600.0)
    one = {name: none for name in ("waiting", "taxi", "station", "platform", "off", "arrived")}
    train = [none] * STRETCHES
    if place == "train":
        train[0] = all_
    elif place != "died":
        one[place] = all_
    return Standing(year, train=tuple(train), died=1000.0 * (place == "died"), **one)


def card(measure: str, year: int, today: float, difference: float, low: float | None,
         high: float | None, digits: int = 0) -> Card:  # fmt: skip
    luck_low, luck_high = (None if end is None else end / 2 for end in (low, high))
    value = round(today + difference, digits)
    return Card(measure, year, today, difference, value, low, high, luck_low, luck_high, digits)


def curve(measure: str, top: float, years: int = 10) -> Curve:
    weeks = tuple(range(0, 52 * years + 1, 13))
    mean = tuple(top * (week / (week + 60)) * (52 * years + 60) / (52 * years) for week in weeks)

    def around(share: float) -> tuple[float, ...]:
        return tuple(one * share for one in mean)

    return Curve(measure, weeks, mean, around(0.85), around(1.15), around(0.95), around(1.05))


def world(name: str, number: int, *, stood: Standing | None = None, year: int = 10) -> World:
    """World 0 has no cards; each further world is somewhat better off than the one before."""
    more = 7.0 * number
    cards = (
        card("in_recovery", year, 318, more, more - 5, more + 6),
        card("deaths", year, 48, -number, -3.0 * number, 1.0),
        card("attending", year, 120, 3 * more, more, 6 * more),
    )
    money = Money(
        year, card("cost", year, 8120, 42.0 * number, 11.0 * number, 77.0 * number),
        card("deaths", year, 48.2, -0.9 * number, -2.6 * number, 0.8 * number, 1),
        card("life_years", year, 7420.1, 3.1 * number, 0.4, 6.4 * number, 1),
        card("qalys", year, 5210.3, 4.4 * number, -0.2, 9.3 * number, 1), "Worth it: likely.",
    )  # fmt: skip
    default = standing(year, train=200.0 + more / 2, arrived=118.0 + more / 2, died=48.0 - number)
    return World(
        name, "", {}, {}, () if number == 0 else cards, (stood or default,),
        (curve("in_recovery", 318 + more), curve("attending", 120 + 3 * more)),
        () if number == 0 else (money,), (), {},
    )  # fmt: skip


NAMES = ("baseline", "peer-introduction", "intensive-referral", "leaflet-only", "cut-linkage")


def answer(worlds: int = 2, *, names: tuple[str, ...] = NAMES, year: int = 10,
           stood: dict[int, Standing] | None = None,
           stamp: dict | None = None) -> Answer:  # fmt: skip
    """An answer in one year for so many worlds, today's included."""
    steps = (
        Step("offered", "per 1,000", tuple(150.0 + 300 * one for one in range(worlds))),
        Step("attending", "per 1,000", tuple(120.0 + 21 * one for one in range(worlds))),
        Step("company", "%", tuple(21.4 + 1.3 * one for one in range(worlds)), 1),
        Step("time_off_the_train", "%", tuple(71.2 - 0.6 * one for one in range(worlds)), 1),
    )
    return Answer(
        {**STAMP, **(stamp or {})}, BASIS, (year,), "abstinent_90_days",
        "abstinent for 90 days, medication included", False, 20, 20,
        tuple(world(names[n], n, stood=(stood or {}).get(n), year=year) for n in range(worlds)),
        {str(year): steps},
    )  # fmt: skip


def some_network(name: str = "peer-introduction") -> Network:
    """A ring of 40, a tie to the next and, in the second world, to the one after; two have died."""
    there = range(40)
    x = tuple(0.5 + 0.5 * math.cos(one / 40 * math.tau) for one in there)
    y = tuple(0.5 + 0.5 * math.sin(one / 40 * math.tau) for one in there)

    def company(called: str, reach: int) -> Company:
        ties = tuple((one, (one + far) % 40) for one in there for far in range(1, reach + 1))
        return Company(
            called, ties, tuple(one % 3 == 0 for one in there),
            tuple(one % (5 - reach) == 0 for one in there), tuple(one in (3, 4) for one in there),
        )  # fmt: skip

    return Network(10, x, y, (company("baseline", 1), company(name, 2)), BASIS)


def months(name: str = "peer-introduction") -> Months:
    """Five years by quarters, 100 dead at the end."""
    at = tuple(range(0, 61, 3))
    shares = {"waiting": (300, 60), "taxi": (50, 5), "station": (400, 100), "platform": (0, 60),
              "off": (250, 400), "train": (0, 275), "arrived": (0, 0)}  # fmt: skip
    return Months(
        name, at,
        {name: tuple(a + (b - a) * month / 60 for month in at) for name, (a, b) in shares.items()},
        BASIS,
    )  # fmt: skip


def flows(name: str = "peer-introduction") -> Flows:
    """Two years: 600 in care and 400 off at first; 50 have died by the next."""
    return Flows(
        name, (0, 1),
        (
            Flow(0, "station", 1, "train", 220.0), Flow(0, "station", 1, "off", 350.0),
            Flow(0, "station", 1, "died", 30.0), Flow(0, "off", 1, "off", 300.0),
            Flow(0, "off", 1, "station", 80.0), Flow(0, "off", 1, "died", 20.0),
        ),
        BASIS,
    )  # fmt: skip
