"""Which unknown matters most, and which is worth a study: value of information, by number.

A comparison lives under many parameter sets. How far the sets differ in the answer, luck taken
out, is what is not known; this says how much of it goes with each uncertain number alone, and what
it would be worth to know that number before choosing (Strong, Oakley and Brennan 2014: regression
of net benefit on the number, over the sets).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from recoverysim import unknown_words
from recoverysim.quantities import GRADES, all_quantities
from recoverysim.studies.explained import (
    Curves,
    Explained,
    curves,
    explained,
    jackknife,
    of_variance,
    parts,
    together,
    worth_of_knowing,
)
from recoverysim.studies.intervals import Moments, moments

if TYPE_CHECKING:
    from recoverysim.scenario import Scenario
    from recoverysim.studies.contrast import Contrast

FEWEST_SETS = 100
ENDS = ("lower", "upper")  # of what a QALY may cost
TENTH = 0.1
SURE = 3.0  # standard errors


class Row(NamedTuple):
    """One uncertain number: what goes with it alone, and what it is worth to know.

    `share` is of what is not known about people in recovery, unbiased (so it may be a little below
    0), with its 95% interval; `by_chance` what the largest of all numbers reaches in one run out
    of a hundred where none matters; None where the sets cannot be told from luck. `at_low`,
    `at_high`: the difference in people in recovery per 1,000 where the number is at the tenth and
    the ninetieth percentile of its sets. `worth_…`: of knowing it exactly before choosing, in
    pounds per person who starts, at either threshold.
    """

    definition: str
    year: int
    key: str
    grade: str
    share: float | None
    low: float | None
    high: float | None
    by_chance: float | None
    above_chance: bool
    at_low: float
    at_high: float
    worth_lower: float
    worth_lower_above_chance: bool
    worth_upper: float
    worth_upper_above_chance: bool


class Share(NamedTuple):
    """A share and its 95% interval, None where it cannot be told."""

    share: float | None
    low: float | None
    high: float | None


class Group(NamedTuple):
    """The numbers of one grade together; `share` as in a Row."""

    grade: str
    numbers: int
    share: float | None
    low: float | None
    high: float | None


class Choice(NamedTuple):
    """Whether to do it, at what a QALY may cost in pounds; per person who starts, in pounds.

    `net_benefit` is the mean; `worth` that of knowing every number exactly before choosing.
    """

    threshold: float
    net_benefit: float
    worth: float


class Unknowns(NamedTuple):
    """What is not known about one contrast in one year.

    Standard deviations are of the difference in people in recovery, per 1,000: between parameter
    sets with luck taken out, and of the luck in the mean of a set. `better`: whether QALYs rise.
    """

    sets: int
    definition: str
    year: int
    knowledge_sd: float
    luck_sd: float
    differ: bool
    better: bool
    rows: list[Row]
    groups: list[Group]
    choices: list[Choice]

    def to_json(self) -> dict[str, Any]:
        """The same in plain values."""
        lists = {name: [one._asdict() for one in getattr(self, name)] for name in LISTS}
        return self._asdict() | lists

    @property
    def in_words(self) -> list[str]:
        """What matters most, a line each."""
        return unknown_words.matters_most(self)


LISTS = ("rows", "groups", "choices")


def can_be_told(contrast: Contrast) -> bool:
    """Whether there are sets enough, each lived more than once, so that luck is not taken for
    knowledge."""
    return not why_not(contrast)


def why_not(contrast: Contrast) -> str:
    """What there is too little of; nothing where it can be told."""
    sets = len(np.unique(contrast.baseline.sets))
    if contrast.plan.knowledge == "none":
        return unknown_words.ALL_TAKEN_AS_KNOWN
    if sets < FEWEST_SETS or contrast.plan.repeats < 2 * sets:
        return unknown_words.too_few(2 * FEWEST_SETS)
    return ""


def unknowns(contrast: Contrast, year: int | None = None) -> Unknowns:
    """What matters most in a year (the last reported unless given).

    Raises ValueError where there are too few sets, or no such year is reported.
    """
    if fault := why_not(contrast):
        raise ValueError(fault)
    year = contrast.years[-1] if year is None else year
    if year not in contrast.years:
        raise ValueError(f"year should be one of {contrast.years}; found {year}")
    keys, values, which = in_play(contrast)
    by = curves(values)
    answer = _Answer(contrast.difference("in_recovery", year, "all"), which, by)
    shares = _Shares(answer, values, keys)
    choices, worth = [], []
    for end, threshold in zip(ENDS, contrast.appraisal.thresholds, strict=True):
        found = _Answer(contrast.difference(f"net_benefit_{end}", year, "all"), which, by)
        choices.append(Choice(threshold, found.mean, found.worth))
        worth.append(zip(found.worth_of_each(), found.explained.above_chance, strict=True))
    low, high = answer.at(TENTH), answer.at(1 - TENTH)
    rows = []
    for place, (key, lower, upper) in enumerate(zip(keys, *worth, strict=True)):
        share, by_chance = shares.of_number(place)
        rows.append(
            Row(
                contrast.definition, year, key, all_quantities()[key].grade, *share, by_chance,
                bool(answer.explained.above_chance[place]), float(low[place]), float(high[place]),
                float(lower[0]), bool(lower[1]), float(upper[0]), bool(upper[1]),
            )
        )  # fmt: skip
    order = np.argsort(-answer.explained.variance, kind="stable")
    better = float(contrast.difference("qalys", year, "all").mean()) >= 0
    return Unknowns(
        len(values), contrast.definition, year, answer.found.knowledge**0.5, answer.luck**0.5,
        answer.differ, better, [rows[place] for place in order], shares.groups(), choices,
    )  # fmt: skip


def in_play(contrast: Contrast) -> tuple[list[str], np.ndarray, np.ndarray]:
    """The uncertain numbers, their value in each set, float64 of (sets, numbers), and the set of
    each repeat.

    What both worlds set for good is left out: its draw is not used. Sets alike are one set.
    """
    drawn = contrast.plan.parameter_sets()
    both = contrast.baseline.scenario, contrast.scenario.scenario
    keys = [key for key in all_quantities() if not all(_holds(one, key) for one in both)]
    used, which = np.unique(contrast.baseline.sets, return_inverse=True)
    values = np.array([[drawn[one][key] for key in keys] for one in used])
    values, alike = np.unique(values, axis=0, return_inverse=True)
    vary = np.flatnonzero((values != values[0]).any(axis=0))
    return [keys[place] for place in vary], values[:, vary], alike.ravel()[which]


def _holds(scenario: Scenario, key: str) -> bool:
    """Whether a scenario sets a number from the first week to the last."""
    several = dict(scenario.changes).get(key)
    if several is None:
        return key in dict(scenario.today)
    starts = several[0].from_week == 0 and several[0].ramp_weeks == 0
    return starts and all(change.until_week is None for change in several)


class _Answer:
    """One measure: what differs between sets, and what goes with each number."""

    def __init__(self, values: np.ndarray, which: np.ndarray, by: Curves) -> None:
        self.found: Moments = moments(values, which)
        self.luck = self.found.within * self.found.luck_in_a_mean
        self.means = np.bincount(which, values) / np.bincount(which)
        self.by = by
        self.explained: Explained = explained(self.means, by)

    @property
    def mean(self) -> float:
        return float(self.means.mean())

    @property
    def differ(self) -> bool:
        """Whether what differs between sets is three standard errors of itself away from nothing.

        A share of less would be a share of what luck makes of it; where knowledge barely shows it
        looks larger than it is, and every share smaller.
        """
        found = self.found
        error = found.between**2 / (found.sets - 1) + self.luck**2 / (found.repeats - found.sets)
        return found.knowledge > SURE * (2 * error) ** 0.5

    @property
    def worth(self) -> float:
        """Of knowing everything: the sets' means, drawn in by the luck that is in them.

        What surely goes with one number is knowledge, even where the whole is lost in luck.
        """
        surely = self.explained.variance[self.explained.above_chance].max(initial=0.0)
        known = max(self.found.knowledge, float(surely))
        return worth_of_knowing(self.mean, of_variance(self.means - self.mean, known))

    def worth_of_each(self) -> list[float]:
        """Of knowing one number: its curve, drawn in by the chance that is in it. Nothing is worth
        more than everything."""
        pairs = zip(self.explained.fitted.T, self.explained.variance, strict=True)
        every = (worth_of_knowing(self.mean, of_variance(*pair)) for pair in pairs)
        return [min(one, self.worth) for one in every]

    def at(self, quantile: float) -> np.ndarray:
        """The answer where each number is at this quantile of its sets, the others as they come."""
        place = round(quantile * (len(self.means) - 1))
        there = self.by.order[place], np.arange(self.by.order.shape[1])
        return np.asarray(self.mean + self.explained.fitted[there])


class _Shares:
    """Shares of what is not known, of each number and each grade, with their intervals."""

    def __init__(self, answer: _Answer, values: np.ndarray, keys: list[str]) -> None:
        grades = np.array([all_quantities()[key].grade for key in keys])
        self.members = {g: np.flatnonzero(grades == g) for g in GRADES if (grades == g).any()}
        self.numbers = len(keys)
        self.known = answer.differ
        if not self.known:
            return
        whole = answer.found.knowledge
        self.chance = answer.explained.by_chance / whole
        self.share = self._variances(answer.means, answer.by) / whole
        without = [
            self._variances(answer.means[kept], curves(values[kept]))
            / max(float(answer.means[kept].var(ddof=1)) - answer.luck, whole / 100)
            for kept in parts(len(values))
        ]
        self.low, self.high = jackknife(self.share, np.array(without))

    def _variances(self, means: np.ndarray, by: Curves) -> np.ndarray:
        """That of each number, then of each grade."""
        grades = [together(means, by, members) for members in self.members.values()]
        return np.array([*explained(means, by).variance, *grades])

    def of_number(self, place: int) -> tuple[Share, float | None]:
        """Share with its interval, and the level of chance."""
        return self._with_ends(place), float(self.chance[place]) if self.known else None

    def groups(self) -> list[Group]:
        """The numbers of each grade together."""
        return [
            Group(grade, len(members), *self._with_ends(place))
            for place, (grade, members) in enumerate(self.members.items(), self.numbers)
        ]

    def _with_ends(self, place: int) -> Share:
        if not self.known:
            return Share(None, None, None)
        low, high = (min(max(float(end[place]), 0.0), 1.0) for end in (self.low, self.high))
        return Share(float(self.share[place]), low, high)
