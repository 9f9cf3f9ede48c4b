"""Two kinds of uncertainty, told apart: luck between repeats, and knowledge between sets.

Every parameter set serves two repeats or more (a nested design), so the variance of a number splits
into what luck does within a set and what differs between sets.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np

from recoverysim.plan import Plan

QUANTILES_FROM_REPEATS = 200
SHOWN_FROM = 0.5  # the least that is shown as 1, halves being rounded away from zero


class Spread(NamedTuple):
    """A mean with its 95% intervals; None where there are too few repeats to say.

    `luck` holds the parameters; `both` adds knowledge; `area` is what one area of as many people
    as a repeat has may see. `knowledge_sd`, `luck_sd`: of one repeat.
    """

    mean: float
    both: tuple[float, float] | None
    luck: tuple[float, float] | None
    area: tuple[float, float] | None
    knowledge_sd: float | None
    luck_sd: float | None


class Moments(NamedTuple):
    """What an interval needs: a mean, the variance within sets, and that of the sets' means."""

    mean: float
    within: float
    between: float
    repeats: int
    sets: int
    luck_in_a_mean: (
        float  # mean over sets of one over its repeats: how much luck a set's mean holds
    )

    @property
    def luck(self) -> float:
        """Variance of one repeat with the parameters held."""
        return self.within

    @property
    def knowledge(self) -> float:
        """Variance between parameter sets, with the luck that is in their means taken out."""
        return max(0.0, self.between - self.within * self.luck_in_a_mean)


def moments(values: np.ndarray, sets: np.ndarray) -> Moments:
    """Split the variance of `values` (one a repeat) by `sets` (the parameter set of each)."""
    size = np.bincount(sets)
    means = np.bincount(sets, values) / size
    repeats, groups = len(values), len(size)
    within = math.nan
    if repeats > groups:
        within = float(((values - means[sets]) ** 2).sum()) / (repeats - groups)
    between = float(means.var(ddof=1)) if groups > 1 else math.nan
    return Moments(float(values.mean()), within, between, repeats, groups, float((1 / size).mean()))


def spread(values: np.ndarray, sets: np.ndarray, plan: Plan) -> Spread:
    """The mean of `values` (one a repeat) with its intervals, split by parameter set.

    Where one of them is unknown (NaN) so is the mean, and there are no intervals.
    """
    if not np.isfinite(values).all():
        return Spread(math.nan, None, None, None, None, None)
    found = moments(values, sets)
    luck = luck_interval(found)
    both = both_interval(found, plan)
    if luck is None:
        return Spread(found.mean, None, None, None, None, None)
    if both is None:
        return Spread(found.mean, None, luck, None, None, math.sqrt(found.luck))
    knowledge = 0.0 if plan.knowledge == "none" else found.knowledge
    if found.repeats >= QUANTILES_FROM_REPEATS and knowledge > 0:
        both = _quantiles(values, sets, found, luck)
    area = around(found.mean, _freedom(found, plan), knowledge + found.luck)
    return Spread(found.mean, both, luck, area, math.sqrt(knowledge), math.sqrt(found.luck))


def known(number: float) -> float | None:
    """A number as it is reported: None where it is unknown."""
    return None if math.isnan(number) else number


def luck_interval(found: Moments) -> tuple[float, float] | None:
    """95% interval of the mean over repeats, the parameter sets held."""
    if found.repeats <= found.sets:
        return None
    return around(found.mean, found.repeats - found.sets, found.luck / found.repeats)


def both_interval(found: Moments, plan: Plan) -> tuple[float, float] | None:
    """Mean ± t × √(knowledge + luck); never narrower than luck alone.

    The truth is one parameter set, so its own variance counts in full, and that of the mean over
    these few sets (which holds their luck) beside it. Degrees of freedom: Satterthwaite (1946).
    """
    luck = luck_interval(found)
    if luck is None or plan.knowledge == "none":
        return luck
    if found.sets < 2:
        return None
    variance = found.knowledge + found.between / found.sets
    both = around(found.mean, _freedom(found, plan), variance)
    return min(both[0], luck[0]), max(both[1], luck[1])


def _freedom(found: Moments, plan: Plan) -> float:
    """Degrees of freedom of knowledge and luck together, at least 2 where there are sets."""
    if plan.knowledge == "none":
        return found.repeats - found.sets
    variance = found.knowledge + found.between / found.sets
    between = ((1 + 1 / found.sets) * found.between) ** 2 / (found.sets - 1)
    within = (found.within * found.luck_in_a_mean) ** 2 / (found.repeats - found.sets)
    if variance == 0 or between + within == 0:
        return found.sets - 1
    return max(2.0, variance**2 / (between + within))


def _quantiles(
    values: np.ndarray, sets: np.ndarray, found: Moments, luck: tuple[float, float]
) -> tuple[float, float]:
    """The middle 95% of the sets' means, drawn in by the luck that is in them."""
    low, high = np.quantile(_shrunk(values, sets, found), [0.025, 0.975])
    return min(float(low), luck[0]), max(float(high), luck[1])


def _shrunk(values: np.ndarray, sets: np.ndarray, found: Moments) -> np.ndarray:
    """The sets' means, drawn in by the luck that is in them."""
    means = np.bincount(sets, values) / np.bincount(sets)
    away = (means - means.mean()) * math.sqrt(found.knowledge / found.between)
    return np.asarray(found.mean + away)


def means_of_sets(values: np.ndarray, sets: np.ndarray, plan: Plan) -> np.ndarray | None:
    """The mean under each parameter set, drawn in by the luck that is in it: float64 of (sets,).

    None where there are too few sets or repeats to tell knowledge from luck.
    """
    found = moments(values, sets)
    if plan.knowledge == "none" or found.sets < 2 or found.repeats <= found.sets:
        return None
    return _shrunk(values, sets, found) if found.between > 0 else np.full(found.sets, found.mean)


def chance_above_zero(values: np.ndarray, sets: np.ndarray, plan: Plan) -> float | None:
    """The chance that the mean is above zero, by the same distribution as the `both` interval.

    None where there are too few repeats to say, or where every value is zero.
    """
    from scipy.special import stdtr

    found = moments(values, sets)
    told = both_interval(found, plan)
    if told is None or not values.any():
        return None
    least = found.luck / found.repeats
    if plan.knowledge == "none":
        variance = least
    else:
        if found.repeats >= QUANTILES_FROM_REPEATS and found.knowledge > 0:
            return float((_shrunk(values, sets, found) > 0).mean())
        variance = max(found.knowledge + found.between / found.sets, least)
    if variance == 0:
        return float(found.mean > 0)
    return float(stdtr(_freedom(found, plan), found.mean / math.sqrt(variance)))


def around(mean: float, freedom: float, variance: float) -> tuple[float, float]:
    """Mean ± t × √variance, two-sided 95%."""
    half = _t(freedom) * math.sqrt(max(variance, 0.0))
    return mean - half, mean + half


@cache
def _t(freedom: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.975))


def ratio_interval(
    top: np.ndarray, below: np.ndarray, sets: np.ndarray, plan: Plan, *, luck_only: bool
) -> tuple[float, float] | None:
    """Fieller's interval of a ratio of means: every ratio r for which top - r·below may be 0.

    None (unbounded) where `below` cannot be told from zero.
    """

    def may_be_nothing(values: np.ndarray) -> bool:
        found = spread(values, sets, plan)
        held = found.luck if luck_only else found.both
        return held is None or held[0] <= 0 <= held[1]

    if may_be_nothing(below):
        return None
    middle = float(top.mean() / below.mean())

    def possible(ratio: float) -> bool:
        return may_be_nothing(top - ratio * below)

    return _edge(possible, middle, -1), _edge(possible, middle, +1)


def _edge(possible: Callable[[float], bool], middle: float, side: int) -> float:
    """Where a ratio stops being possible, found by doubling and then halving."""
    step = max(abs(middle), 1e-9)
    while possible(middle + side * step) and step < 1e12:
        step *= 2
    inside, outside = middle, middle + side * step
    for _ in range(60):
        half = (inside + outside) / 2
        inside, outside = (half, outside) if possible(half) else (inside, half)
    return inside


def repeats_to_settle(effect: float, found: Spread, repeats: int) -> int | None:
    """Repeats after which luck is under a tenth of the effect; None where it already is, or never.

    Luck is the half width of its 95% interval.
    """
    if found.luck is None or effect == 0:
        return None
    half = (found.luck[1] - found.luck[0]) / 2
    if half <= abs(effect) / 10:
        return None
    return math.ceil(repeats * (10 * half / abs(effect)) ** 2)


class Settling(NamedTuple):
    """What it takes for a likely range, as it is shown in whole numbers, to leave out zero.

    `repeats` that would do, were the mean and both variances what they seem; None where no number
    would. `by_knowledge`: whether what is not known reaches to zero by itself. Where there is a
    number of repeats all the same, it may: so few sets do not tell how far it reaches.
    """

    repeats: int | None
    by_knowledge: bool


def settling(found: Spread, plan: Plan, sets: int) -> Settling | None:
    """How many repeats would tell a mean from zero, seen from so many parameter sets.

    Luck shrinks with repeats; knowledge stays. None where variances are unknown.
    """
    if found.knowledge_sd is None or found.luck_sd is None:
        return None
    stays = _t(math.inf) * found.knowledge_sd
    if stays >= abs(found.mean) - SHOWN_FROM:
        rounds_to_nothing = stays < abs(found.mean) < SHOWN_FROM
        return Settling(None, by_knowledge=not rounds_to_nothing)
    may_stay = _t(math.inf) * _most_knowledge(found, plan, sets)

    def leaves_out_zero(pairs: int) -> bool:
        low, high = _with_repeats(found, 2 * pairs, plan)
        return low >= SHOWN_FROM or high <= -SHOWN_FROM

    enough = 2
    while not leaves_out_zero(enough):
        enough *= 2
    few = enough // 2
    while enough - few > 1:
        half = (few + enough) // 2
        few, enough = (few, half) if leaves_out_zero(half) else (half, enough)
    return Settling(2 * enough, by_knowledge=may_stay >= abs(found.mean) - SHOWN_FROM)


def _most_knowledge(found: Spread, plan: Plan, sets: int) -> float:
    """The most that the standard deviation of knowledge may be: the upper end of a one-sided 95%
    interval of the variance between so many sets (chi-square), two repeats each, luck taken out."""
    from scipy.special import chdtri

    if plan.knowledge == "none":
        return 0.0
    luck = (found.luck_sd or 0.0) ** 2 / 2
    between = (found.knowledge_sd or 0.0) ** 2 + luck
    most = between * (sets - 1) / float(chdtri(sets - 1, 0.95))
    return math.sqrt(max(0.0, most - luck))


def _with_repeats(found: Spread, repeats: int, plan: Plan) -> tuple[float, float]:
    """The range that so many repeats, two to a set, would give, told as `spread` tells it."""
    luck, knowledge = (found.luck_sd or 0.0) ** 2, (found.knowledge_sd or 0.0) ** 2
    sets = 1 if plan.knowledge == "none" else repeats // 2
    of_each = repeats / sets
    would_be = Moments(found.mean, luck, knowledge + luck / of_each, repeats, sets, 1 / of_each)
    by_luck = around(found.mean, repeats - sets, luck / repeats)
    if plan.knowledge == "none":
        return by_luck
    if repeats >= QUANTILES_FROM_REPEATS and knowledge > 0:  # of the sets' means, luck taken out
        low, high = around(found.mean, math.inf, knowledge)
    else:
        low, high = both_interval(would_be, plan) or (-math.inf, math.inf)
    return min(low, by_luck[0]), max(high, by_luck[1])
