"""From sides that were lived to an answer as it is shown: rounded once, the same everywhere."""

from __future__ import annotations

from typing import Any

import numpy as np

from recoverysim import words
from recoverysim.cells import ALL, GROUPS
from recoverysim.codes import WEEKS_A_YEAR
from recoverysim.outcomes import AT, in_words
from recoverysim.scenario import Scenario
from recoverysim.shown import (
    STRETCHES,
    WEEKS_A_STRETCH,
    Answer,
    Card,
    Curve,
    Money,
    People,
    Standing,
    Step,
    World,
)
from recoverysim.studies.contrast import Contrast
from recoverysim.studies.intervals import spread
from recoverysim.studies.ratios import Row
from recoverysim.studies.reckoning import weeks_reckoned, years_within
from recoverysim.studies.repeats import Repeats
from recoverysim.studies.sides import Side
from recoverysim.studies.since_each_came import since_each_came
from recoverysim.studies.stamp import stamp
from recoverysim.studies.whereabouts import PLACE, definition_of_persons

LONG_RECOVERY = "at_least_1_year"

# Measures told on cards, by name, definition (None: the chosen one) and decimals.
CARDS: tuple[tuple[str, str, int], ...] = (
    ("in_recovery", "", 0),
    ("in_recovery", LONG_RECOVERY, 0),
    ("attending", "", 0),
    ("deaths", "", 0),
    ("offered", "", 0),
    ("connected", "", 0),
)
# Read together, and with more decimals, since they are small.
BESIDE_COST = (("deaths", 1.0, 1), ("life_years", 1.0, 1), ("qalys", 1000.0, 1))
CURVES = ("in_recovery", "attending")
# Why it changes, link by link: name, unit and decimals.
CHAIN = (
    ("offered", "per 1,000", 0),
    ("attending", "per 1,000", 0),
    ("company", "%", 1),
    ("time_off_the_train", "%", 1),
)
EVERYBODY = list(GROUPS).index(ALL)
OF_A_YEAR_OR_MORE = "in_recovery_a_year_or_more"


def answer(
    today: Side, others: tuple[Side, ...], definition: str, *, of: int, quick: bool
) -> Answer:
    """The answer from so many repeats of `of`; all sides hold the same ones.

    A quick one leaves out what takes long to reckon: how likely a change is worth its cost.
    """
    base = today.repeats
    contrasts = [Contrast(base, other.repeats, definition) for other in others]
    scenarios = [one.repeats.scenario for one in (today, *others)]
    marked = stamp(scenarios, base.plan)
    years = Contrast(base, base, definition).years
    return Answer(
        stamp=marked,
        basis=words.basis(marked),
        years=years,
        definition=definition,
        meaning=in_words(definition),
        quick=quick,
        done=base.plan.repeats,
        of=of,
        worlds=(
            _world(base.scenario, None, today, definition, years, quick=quick),
            *(
                _world(other.repeats.scenario, contrast, other, definition, years, quick=quick)
                for other, contrast in zip(others, contrasts)
            ),
        ),
        why={str(year): _why(today, others, definition, year) for year in years},
    )


def _world(
    scenario: Scenario, contrast: Contrast | None, side: Side, definition: str,
    years: tuple[int, ...], *, quick: bool,
) -> World:  # fmt: skip
    sentences, of_deaths = {}, {}
    cards: list[Card] = []
    money: list[Money] = []
    notes: list[str] = []
    differs: dict[str, Any] = {}
    if contrast is not None:
        sentences = {str(year): contrast.headline_in(year) for year in years}
        of_deaths = {str(year): contrast.deaths_in(year) for year in years}
        cards = [card for year in years for card in _cards(contrast, year)]
        if not quick:
            money = [_money(contrast, year) for year in years]
        notes = contrast.cautions
        differs = scenario.differences(contrast.baseline.scenario)
    return World(
        scenario.name, scenario.question, sentences, of_deaths, tuple(cards),
        tuple(_standing(side, place, definition, year) for place, year in enumerate(years)),
        tuple(_curve(side.repeats, definition, measure) for measure in CURVES),
        tuple(money), tuple(notes), differs,
    )  # fmt: skip


def _cards(contrast: Contrast, year: int) -> list[Card]:
    return [
        card_of(
            contrast.row(name, year, definition=definition or None), digits,
            OF_A_YEAR_OR_MORE if definition == LONG_RECOVERY else name,
        )
        for name, definition, digits in CARDS
        if not (definition and definition == contrast.definition)
    ]  # fmt: skip


def card_of(row: Row, digits: int, measure: str = "", scale: float = 1.0) -> Card:
    """A row rounded once: today and the difference, and the value as their sum."""
    today = words.rounded(scale * (row.baseline or 0.0), digits)
    difference = words.rounded(scale * (row.difference or 0.0), digits)
    low, high, luck_low, luck_high = (
        None if end is None else scale * end
        for end in (row.low, row.high, row.luck_low, row.luck_high)
    )
    return Card(
        measure or row.measure, row.year or 0, today, difference,
        words.rounded(today + difference, digits), low, high, luck_low, luck_high, digits,
    )  # fmt: skip


def _money(contrast: Contrast, year: int) -> Money:
    pounds = card_of(contrast.row(contrast.appraisal.whole_cost, year), 0, "cost")
    deaths, life_years, qalys = (
        card_of(contrast.row(name, year), digits, scale=scale)
        for name, scale, digits in BESIDE_COST
    )
    said = contrast.appraisal.in_words_of(year)
    return Money(year, pounds, deaths, life_years, qalys, said)


def _standing(side: Side, place: int, definition: str, year: int) -> Standing:
    """Where people stand, per 1,000, over all repeats."""
    seen = side.stood[:, place].sum(axis=0)
    if side.repeats.scenario.is_open:
        return standing_of(since_each_came(side.repeats, seen, definition, year), year)
    return standing_of(seen, year)


def standing_of(counted: np.ndarray, year: int) -> Standing:
    """Where people stand, per 1,000, from how many were counted: (sides.KINDS, going or not)."""
    share = 1000.0 * counted / max(1.0, float(counted.sum()))

    def people(kind: int) -> People:
        return People(going=float(share[kind, 1]), not_going=float(share[kind, 0]))

    return Standing(
        year,
        waiting=people(PLACE["waiting"]),
        taxi=people(PLACE["taxi"]),
        station=people(PLACE["station"]),
        platform=people(PLACE["platform"]),
        off=people(PLACE["off"]),
        train=tuple(people(len(PLACE) + stretch) for stretch in range(STRETCHES)),
        arrived=people(PLACE["arrived"]),
        died=float(share[PLACE["died"]].sum()),
    )


def _curve(repeats: Repeats, definition: str, measure: str) -> Curve:
    """A measure over the weeks; where people come week by week, by the time since each came."""
    counted = AT[definition_of_persons(definition) if measure == "in_recovery" else measure]
    if repeats.scenario.is_open:
        weeks = (0, *weeks_reckoned(years_within(repeats.plan.years)))
        people = repeats.reckoned.now[:, :, EVERYBODY, counted]
        started = np.maximum(repeats.reckoned.started[:, :, EVERYBODY], 1)
        values = 1000.0 * np.concatenate([np.zeros((len(people), 1)), people / started], axis=1)
    else:
        weeks = tuple(range(0, repeats.plan.years * WEEKS_A_YEAR + 1, WEEKS_A_STRETCH))
        people = repeats.counts[:, ::WEEKS_A_STRETCH, :, counted].sum(axis=-1)
        values = 1000.0 * people / repeats.plan.clients
    found = [spread(values[:, place], repeats.sets, repeats.plan) for place in range(len(weeks))]
    both = [one.both or (one.mean, one.mean) for one in found]
    luck = [one.luck or (one.mean, one.mean) for one in found]
    return Curve(
        measure,
        weeks,
        mean=tuple(one.mean for one in found),
        low=_possible(both, 0),
        high=_possible(both, 1),
        luck_low=_possible(luck, 0),
        luck_high=_possible(luck, 1),
    )


def _possible(ends: list[tuple[float, float]], side: int) -> tuple[float, ...]:
    """One end of each range, as people per 1,000."""
    return tuple(min(max(end[side], 0.0), 1000.0) for end in ends)


def _why(today: Side, others: tuple[Side, ...], definition: str, year: int) -> tuple[Step, ...]:
    """The chain from an offer to time in recovery, measured in every world.

    Rounded as on the cards: today and the difference, and a scenario's value as their sum.
    """
    before = _measured(today.repeats, definition, year)
    worlds = [_measured(side.repeats, definition, year) for side in others]

    def shown(name: str, digits: int) -> tuple[float, ...]:
        first = words.rounded(before[name], digits)
        moved = [words.rounded(world[name] - before[name], digits) for world in worlds]
        return (first, *(words.rounded(first + one, digits) for one in moved))

    return tuple(Step(name, unit, shown(name, digits), digits) for name, unit, digits in CHAIN)


def _measured(repeats: Repeats, definition: str, year: int) -> dict[str, float]:
    """The four numbers of one world, means over its repeats."""
    row = weeks_reckoned(years_within(repeats.plan.years)).index(year * WEEKS_A_YEAR)
    now, weeks = repeats.reckoned.now[:, row, EVERYBODY], repeats.reckoned.weeks[:, row, EVERYBODY]
    started = np.maximum(repeats.reckoned.started[:, row, EVERYBODY], 1)
    alive = np.maximum(started - now[:, AT["stage_dead"]], 1)
    lived = np.maximum(year * WEEKS_A_YEAR - weeks[:, AT["stage_dead"]], 1e-9)
    recovered = weeks[:, AT[definition_of_persons(definition)]]
    found = {
        "offered": 1000 * now[:, AT["offered"]] / started,
        "attending": 1000 * now[:, AT["attending"]] / started,
        "company": now[:, AT["company_in_recovery_percent"]] / alive,
        "time_off_the_train": 100 * (1 - recovered / lived),
    }
    return {name: float(values.mean()) for name, values in found.items()}
