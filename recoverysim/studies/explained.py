"""How much of what differs between parameter sets goes with one number, and what it is worth.

Everything works on the means of the sets (one a row) and on the values of the numbers in them. A
mean holds luck as well as knowledge, and a curve fitted to it holds some of both by chance alone:
all variances here are unbiased, so that what is nothing is nothing on average.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

ONE_IN_TWENTY = 0.05
ONE_IN_A_HUNDRED = 0.01
LEAST = 1e-9  # of a column of length 1: what is left of it is rounding


class Curves(NamedTuple):
    """A parabola through the sets for each number: two orthonormal columns without a mean.

    `line` and `bend` are float64 of (sets, numbers), `bend` is nought where a number has only two
    values; `freedom` says how many columns each number has, `order` the place of each set among
    the values of each number, from the lowest.
    """

    line: np.ndarray
    bend: np.ndarray
    freedom: np.ndarray
    order: np.ndarray


def curves(values: np.ndarray) -> Curves:
    """Of numbers that each differ between sets: float64 of (sets, numbers)."""
    away = values - values.mean(axis=0)
    line = away / _length(away)
    square = line**2 * np.sqrt(len(values))
    left = square - square.mean(axis=0)
    left = left - line * (line * left).sum(axis=0)
    length = _length(left)
    there = length > LEAST
    bend = np.where(there, left / np.where(there, length, 1.0), 0.0)
    return Curves(line, bend, 1 + there, values.argsort(axis=0, kind="stable"))


def _length(columns: np.ndarray) -> np.ndarray:
    return np.asarray(np.sqrt((columns**2).sum(axis=0)))


class Explained(NamedTuple):
    """What goes with each number alone (first order), an entry for each.

    `variance` is that of the mean given the number, unbiased, so that it may be below nought;
    `by_chance` what the largest of all of them reaches in one run out of a hundred where none
    of them matters; `fitted` is float64 of (sets, numbers): the curve's distance from the mean.
    """

    variance: np.ndarray
    by_chance: np.ndarray
    fitted: np.ndarray

    @property
    def above_chance(self) -> np.ndarray:
        """Whether each is more than luck in the draw of the sets would make it."""
        return np.asarray(self.variance > self.by_chance)


def explained(means: np.ndarray, by: Curves) -> Explained:
    """The variance of `means` that goes with each number: R² adjusted as by Ezekiel (1930).

    The level of chance is by the beta distribution that R² has where nothing matters, for the
    largest of so many numbers (Šidák 1967).
    """
    from scipy.special import betaincinv

    away = (means - means.mean())[:, None]
    along, across = (by.line * away).sum(axis=0), (by.bend * away).sum(axis=0)
    total, left = float((away**2).sum()), len(means) - 1 - by.freedom
    highest = (1 - ONE_IN_A_HUNDRED) ** (1 / len(by.freedom))
    chance = betaincinv(by.freedom / 2, left / 2, highest)
    return Explained(
        adjusted(along**2 + across**2, total, by.freedom, len(means)),
        adjusted(chance * total, total, by.freedom, len(means)),
        by.line * along + by.bend * across,
    )


def adjusted(
    fitted: np.ndarray | float, total: float, freedom: np.ndarray | int, sets: int
) -> np.ndarray:
    """An unbiased variance from sums of squares, that of the fit and the whole."""
    return np.asarray(total / (sets - 1) - (total - fitted) / (sets - 1 - freedom))


def together(means: np.ndarray, by: Curves, which: np.ndarray) -> float:
    """The variance that goes with several numbers at once, unbiased; `which` are their places.

    Numbers that go together in the sets (shares that sum to one) are fitted together, the others
    each alone, and all are added up.
    """
    away = means - means.mean()
    total, sets = float((away**2).sum()), len(means)
    found = 0.0
    for members in _families(by.line[:, which]):
        here = which[members]
        columns = np.column_stack([by.line[:, here], by.bend[:, here[by.freedom[here] > 1]]])
        if columns.shape[1] > sets / 4:  # too many to be fitted at once
            found += float(explained(means, _some(by, here)).variance.sum())
            continue
        spanned, lengths, _ = np.linalg.svd(columns, full_matrices=False)
        spanned = spanned[:, lengths > LEAST]
        fit = float(((spanned * away[:, None]).sum(axis=0) ** 2).sum())
        found += float(adjusted(fit, total, spanned.shape[1], sets))
    return found


def _some(by: Curves, which: np.ndarray) -> Curves:
    return Curves(by.line[:, which], by.bend[:, which], by.freedom[which], by.order[:, which])


def _families(line: np.ndarray) -> list[np.ndarray]:
    """Numbers that are correlated over the sets, beyond chance, directly or through another."""
    from scipy.special import betaincinv

    sets, numbers = line.shape
    pairs = max(numbers * (numbers - 1) / 2, 1)
    level = betaincinv(0.5, (sets - 2) / 2, (1 - ONE_IN_TWENTY) ** (1 / pairs))
    linked = (line.T @ line) ** 2 > level
    np.fill_diagonal(linked, val=True)
    family = np.arange(numbers)
    while True:
        lowest = np.where(linked, family, numbers).min(axis=1)
        if (lowest == family).all():
            return [np.flatnonzero(family == one) for one in np.unique(family)]
        family = lowest


# --- what it is worth to know -------------------------------------------------------------


def worth_of_knowing(mean: float, away: np.ndarray) -> float:
    """What a choice gains where it is made knowing `away`, how far net benefit is from its mean.

    Doing it brings mean + away, leaving it nothing. Without knowing, one chooses by the mean.
    """
    return max(float(np.maximum(mean + away, 0).mean()) - max(mean, 0.0), 0.0)  # rounding


def of_variance(away: np.ndarray, variance: float) -> np.ndarray:
    """Distances from a mean, drawn in or out until they have this variance (none below nought)."""
    has = float((away**2).sum()) / (len(away) - 1)
    return away * np.sqrt(max(variance, 0.0) / has) if has > 0 else away * 0.0


# --- how sure ------------------------------------------------------------------------------

PARTS = 20  # of the sets, each left out once


def parts(sets: int) -> list[np.ndarray]:
    """The sets that are kept, PARTS times, a different part left out each time."""
    place = np.arange(sets) % PARTS
    return [np.flatnonzero(place != part) for part in range(PARTS)]


def jackknife(found: np.ndarray, without: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """95% interval of each entry of `found`, from what is found without each part.

    `without` is (PARTS, entries). Sets drawn again with replacement would not do: a set that
    comes twice is fitted twice, and every number seems to matter.
    """
    from scipy.special import stdtrit

    error = np.sqrt((PARTS - 1) * without.var(axis=0))
    half = float(stdtrit(PARTS - 1, 0.975)) * error
    return found - half, found + half
