"""Which rows of a reference table agree with what was published, and where that moves the numbers.

Approximate Bayesian computation: the rows nearest to the published figures are kept, each figure
weighed by its own uncertainty, and what distance is left is taken out by a regression of the
parameters on the figures (Beaumont, Zhang and Balding 2002, Genetics 162:2025-35). Rows are
simulated studies of the published size, so sampling error is in them; what is added is how far a
right model may lie from a study of other people (Wilkinson 2013, Stat Appl Genet Mol Biol
12:129-41).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recoverysim.dice import luck_of_plainly, question, throw_plainly
from recoverysim.quantities import Z_95, Quantity, all_quantities
from recoverysim.studies.calibration.plan import CalibrationPlan, Fitted

EFFECT = "mutual_aid.total_log_hazard_ratio"

MISFIT = int(question("how far does this study's people lie from ours"))
BY_PRIOR = int(question("does the declared range keep this row"))
STIFFNESS = 1e-3  # of the regression: keeps figures that say the same from pulling apart
EDGE = 1e-6


@dataclass(frozen=True)
class Targets:
    """Published figures as they are compared: ratios as logarithms, in their own uncertainty.

    `error` is how far a right model may lie off, `scale` that and the figure's own standard error
    together.
    """

    fitted: tuple[Fitted, ...]
    published: np.ndarray
    error: np.ndarray
    scale: np.ndarray

    @classmethod
    def of(cls, fitted: Sequence[Fitted]) -> Targets:
        """The targets of some figures."""
        one = [each.figure for each in fitted]
        published = np.array([math.log(f.published) if f.is_ratio else f.published for f in one])
        error = np.array([f.model_error for f in one])
        own = np.array([f.tolerance / Z_95 for f in one])
        return cls(tuple(fitted), published, error, np.hypot(own, error))

    def standing(self, figures: np.ndarray, seed: int) -> np.ndarray:
        """How far each row of simulated figures stands from what was published, in units of each
        figure's uncertainty: float64 of (rows, figures), NaN where nobody could be asked.

        Holds for each row and figure a misfit of its own, from its `model_error`.
        """
        found = figures.copy()
        ratios = np.array([each.figure.is_ratio for each in self.fitted], bool)
        with np.errstate(divide="ignore", invalid="ignore"):
            found[:, ratios] = np.log(found[:, ratios])
        found[~np.isfinite(found)] = np.nan
        found += self.error * _normal(len(figures), [each.name for each in self.fitted], seed)
        return np.asarray((found - self.published) / self.scale)


def _normal(rows: int, names: Sequence[str], seed: int) -> np.ndarray:
    """Standard normal numbers by row and name, whatever else is asked for."""
    from scipy.special import ndtri

    columns = []
    for name in names:
        luck = luck_of_plainly(seed, int(question(f"misfit of {name}")))
        columns.append([throw_plainly(luck, MISFIT + 2 * row) for row in range(rows)])
    return np.asarray(ndtri(np.clip(np.array(columns).T, 1e-12, 1 - 1e-12)))


# --- the line on which each parameter is moved --------------------------------------------


@dataclass(frozen=True)
class Line:
    """A parameter between its ends, stretched to the whole line (by log odds) where it has ends, so
    that a regression cannot push it out of its range."""

    low: float
    high: float

    @classmethod
    def of(cls, quantity: Quantity) -> Line:
        """By how it was drawn: a number that moves with another may leave its own range."""
        if quantity.distribution == "normal":
            return cls(-math.inf, math.inf)
        if quantity.moves_with:
            return cls(*quantity.bounds)
        return cls(quantity.low, quantity.high)

    def out(self, values: np.ndarray) -> np.ndarray:
        """Onto the line."""
        if math.isinf(self.low):
            return values
        share = np.clip((values - self.low) / (self.high - self.low), EDGE, 1 - EDGE)
        return np.asarray(np.log(share / (1 - share)))

    def back(self, line: np.ndarray) -> np.ndarray:
        """And back."""
        if math.isinf(self.low):
            return line
        return np.asarray(self.low + (self.high - self.low) / (1 + np.exp(-line)))


def lines(parameters: Sequence[str]) -> list[Line]:
    """The line of each parameter."""
    return [Line.of(all_quantities()[key]) for key in parameters]


def move_along(
    sets: np.ndarray, drawn: np.ndarray, keys: Sequence[str], parameters: Sequence[str]
) -> None:
    """Numbers that are not calibrated but move with one that is go with it, in place: as far as it
    went on the log-odds scale, as where they are drawn (`knowledge`).

    Else a leaflet could bring fewer people to a group than nothing does. `sets` and `drawn` are of
    (rows, keys), after and before the `parameters` were moved.
    """
    from scipy.special import expit, logit

    for column, key in enumerate(keys):
        leader = all_quantities()[key].moves_with
        if leader is not None and leader in parameters and key not in parameters:
            place = list(keys).index(leader)
            away = logit(sets[:, place]) - logit(drawn[:, place])
            sets[:, column] = expit(logit(drawn[:, column]) + away)


# --- acceptance ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Accepted:
    """`rows`: which rows were kept, the nearest first; `moved`: their parameters where the
    figures say, on their lines, float64 of (kept, parameters)."""

    rows: np.ndarray
    moved: np.ndarray


def accept(
    standing: np.ndarray, on_the_line: np.ndarray, keep: int, informs: np.ndarray | None = None
) -> Accepted:
    """The `keep` nearest rows, moved to where no distance is left.

    `informs`, booleans of (figures, parameters), says which figures may move which parameter: all,
    unless given.

    The regression looks at all rows, nearer ones weighing more: by the nearest alone it followed
    their luck, and known truths were found too seldom (`checks.recover`: 85% in a 90% interval,
    against 88 to 89%). `standing` is of (rows, figures) from `Targets.standing`, `on_the_line` of
    (rows, parameters).
    ValueError where fewer rows than `keep` could be asked about every figure.
    """
    whole = np.flatnonzero(np.isfinite(standing).all(axis=1))
    if len(whole) < keep:
        raise ValueError(f"only {len(whole):,} rows have every figure, and {keep:,} are to be kept")
    distance = (standing[whole] ** 2).mean(axis=1)
    if informs is None:
        informs = np.ones((standing.shape[1], on_the_line.shape[1]), bool)
    slopes = _slopes(standing[whole], on_the_line[whole], distance, informs)
    kept = whole[np.argsort(distance, kind="stable")[:keep]]
    return Accepted(kept, on_the_line[kept] - standing[kept] @ slopes)


def _slopes(
    standing: np.ndarray, on_the_line: np.ndarray, distance: np.ndarray, informs: np.ndarray
) -> np.ndarray:
    """How parameters go with figures, nearer rows weighing more (by Epanechnikov's kernel of their
    squared distance): of (figures, parameters)."""
    weight = 1 - distance / (distance.max() * (1 + 1e-9) or 1.0)
    weight /= weight.sum()
    x = standing - weight @ standing
    y = on_the_line - weight @ on_the_line
    covariance = x.T @ (weight[:, None] * x)
    covariance[np.diag_indices_from(covariance)] *= 1 + STIFFNESS
    together = x.T @ (weight[:, None] * y)
    slopes = np.zeros_like(together)
    for column, by in enumerate(informs.T):
        slopes[by, column] = np.linalg.solve(covariance[np.ix_(by, by)], together[by, column])
    return slopes


def what_informs(fitted: Sequence[Fitted], parameters: Sequence[str]) -> np.ndarray:
    """Which figure may move which parameter, booleans of (figures, parameters): all of them, but
    the effect of mutual aid is moved by contrasts that a lot made, and by nothing else.

    A model without any effect fits what was observed of people who chose as well as one with it
    (science.md, finding 2), so what was observed must not inform it.
    """
    by_lot = np.array([one.by_lot for one in fitted], bool)
    columns = [by_lot if key == EFFECT else np.ones(len(by_lot), bool) for key in parameters]
    return np.column_stack(columns)


def kept_by_declared_range(
    plan: CalibrationPlan, keys: Sequence[str], values: np.ndarray
) -> np.ndarray:
    """A mask of the rows that stay where numbers drawn evenly have to follow their declared ranges:
    what is left is drawn from those."""
    kept = np.ones(len(values), bool)
    for key, _, _ in plan.even:
        one = all_quantities()[key]
        sd = (one.high - one.low) / (2 * Z_95)
        drawn = values[:, list(keys).index(key)]
        height = np.exp(-(((drawn - one.value) / sd) ** 2) / 2)
        luck = luck_of_plainly(plan.seed, int(question(f"keeps {key}")))
        thrown = [throw_plainly(luck, BY_PRIOR + 2 * row) for row in range(len(values))]
        kept &= np.array(thrown) < height
    return kept
