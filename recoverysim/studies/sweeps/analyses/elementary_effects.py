"""Elementary effects (Morris 1991): what a factor does that alone is moved, at many places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recoverysim.studies.intervals import around
from recoverysim.studies.sweeps.analyses.shared_luck import shared_luck
from recoverysim.studies.sweeps.factors import Factor


@dataclass(frozen=True)
class Steps:
    """Steps along trajectories: which factor each moves, int64 of (trajectories, steps), and how
    far, as a share of its whole range, float64 of the same."""

    moved: np.ndarray
    far: np.ndarray

    @classmethod
    def of(cls, factors: tuple[Factor, ...], places: np.ndarray) -> Steps:
        """The steps of a design, whose `places` are float64 of (points, factors)."""
        size = len(factors) + 1

        def each(where: np.ndarray) -> np.ndarray:
            return np.diff(where.reshape(-1, size, len(factors)), axis=1)

        moved = np.abs(each(places)).argmax(axis=2)
        standing = [_standing(one, places[:, at]) for at, one in enumerate(factors)]
        far = each(np.column_stack(standing))
        kinds = np.array([not one.is_numeric for one in factors])
        far = np.where(kinds, np.sign(far), far)
        return cls(moved, np.take_along_axis(far, moved[:, :, None], axis=2)[:, :, 0])

    def effects(self, values: np.ndarray) -> np.ndarray:
        """By trajectory, factor and repeat: the change of the measure for a move through the whole
        range, or from one kind to another. `values` is float64 of (points, repeats)."""
        many, steps = self.moved.shape
        changes = np.diff(values.reshape(many, steps + 1, -1), axis=1)
        effects = np.empty_like(changes)
        each = changes / self.far[:, :, None]
        np.put_along_axis(effects, self.moved[:, :, None], each, axis=1)
        return effects


def _standing(factor: Factor, places: np.ndarray) -> np.ndarray:
    """Where a factor stands between its lowest and highest value: at its place, unless it takes
    one of few values, which may lie closer or further apart than the places that choose them."""
    if len(factor.values) < 2:
        return places
    settings = [factor.at(place) for place in places.tolist()]
    if not factor.is_numeric:
        return np.array([factor.values.index(one) for one in settings], float)
    low, high = (float(end(factor.values)) for end in (min, max))
    return (np.array(settings, float) - low) / (high - low)


def mu_star_ends(steps: Steps, mean: np.ndarray, values: np.ndarray) -> list[tuple[float, float]]:
    """The 95% interval of the mean of absolute effects of each factor, by Student's t over
    trajectories: a bootstrap of the few that there are is far too sure of itself. `mean` of
    (points,) is that of `values` over repeats."""

    def absolute(one: np.ndarray) -> np.ndarray:
        return np.abs(steps.effects(one[:, None])[:, :, 0])

    drawn = absolute(mean)
    many = len(drawn)
    luck = shared_luck(values, lambda one: absolute(one).mean(axis=0))
    return [
        luck.around(place, float(one.mean()), float(one.var(ddof=1)) / many, many - 1)
        for place, one in enumerate(drawn.T)
    ]


def above_luck(effects: np.ndarray) -> np.ndarray | None:
    """Whether each factor does more than luck: bool of (factors,), None of a single repeat.

    A mean of absolute effects is above zero whatever a factor does. But the product of the effect
    in two repeats, whose luck is not the same, is zero on average where there is none: here its
    mean over pairs of repeats and trajectories, whose 95% interval has to lie above zero. About
    one in forty factors that do nothing passes; more of them where twins are lucky alike along
    every trajectory (one in seven if that is twice as much as other luck).
    """
    effects = effects[:, :, np.isfinite(effects).all(axis=(0, 1))]  # repeats finished everywhere
    repeats = effects.shape[2]
    if repeats < 2:
        return None
    pairs = (effects.sum(axis=2) ** 2 - (effects**2).sum(axis=2)) / (repeats * (repeats - 1))
    many = len(pairs)
    return np.array(
        [
            around(float(one.mean()), many - 1, float(one.var(ddof=1)) / many)[0] > 0
            for one in pairs.T
        ]
    )
