"""Is the calibration to be believed: truths that are known, families left out, families alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from recoverysim.quantities import Z_95
from recoverysim.studies.calibration.acceptance import Line, Targets, accept

TRUTHS = 200
LEVELS = (0.5, 0.9)
ALONE_KEPT = 500  # rows kept where one family speaks alone: it has few figures, so many are near


@dataclass(frozen=True)
class Recovered:
    """How often a known truth lay in the interval of a nominal `level`, of one parameter.

    `low` and `high`: the exact binomial 95% interval of that share (Clopper and Pearson 1934).
    `narrower`: the standard deviation of the accepted over that of the declared range, on average.
    """

    parameter: str
    level: float
    truths: int
    covered: float
    low: float
    high: float
    narrower: float

    @property
    def verdict(self) -> str:
        """'as it should', 'too narrow' or 'too wide'."""
        if self.high < self.level:
            return "too narrow"
        return "too wide" if self.low > self.level else "as it should"


def recover(
    parameters: Sequence[str], standing: np.ndarray, on_the_line: np.ndarray, keep: int,
    informs: np.ndarray | None = None, truths: int = TRUTHS,
) -> list[Recovered]:  # fmt: skip
    """Take rows of the table for the truth, one after the other, and look whether calibration to
    their figures, by all other rows, finds the numbers that made them."""
    whole = np.flatnonzero(np.isfinite(standing).all(axis=1))
    standing, on_the_line = standing[whole], on_the_line[whole]
    truths = min(truths, len(whole) // 2)
    inside = np.zeros((len(LEVELS), truths, len(parameters)), bool)
    narrower = np.zeros((truths, len(parameters)))
    spread = on_the_line.std(axis=0)
    others = np.ones(len(whole), bool)
    for truth in range(truths):
        others[truth] = False
        near = standing[others] - standing[truth]
        found = accept(near, on_the_line[others], keep, informs).moved
        others[truth] = True
        narrower[truth] = found.std(axis=0) / spread
        for place, level in enumerate(LEVELS):
            low, high = np.quantile(found, [(1 - level) / 2, (1 + level) / 2], axis=0)
            inside[place, truth] = (low <= on_the_line[truth]) & (on_the_line[truth] <= high)
    return [
        Recovered(
            key, level, truths, float(inside[place, :, column].mean()),
            *binomial_interval(int(inside[place, :, column].sum()), truths),
            float(narrower[:, column].mean()),
        )
        for column, key in enumerate(parameters)
        for place, level in enumerate(LEVELS)
    ]  # fmt: skip


def as_a_whole(standing: np.ndarray) -> dict[str, float]:
    """Whether the published figures together could come from the declared ranges at all, other
    people allowed for: how far they lie from the middle of the rows (Mahalanobis 1936), and the
    share of rows that lie further out. A small share says that no set fits, whatever is accepted.
    """
    rows = standing[np.isfinite(standing).all(axis=1)]
    middle = rows.mean(axis=0)
    inverse = np.linalg.pinv(np.cov(rows.T))

    def squared(from_middle: np.ndarray) -> np.ndarray:
        return np.einsum("ij,jk,ik->i", from_middle, inverse, from_middle)

    published = float(squared(-middle[None, :])[0])
    return {"distance": published, "further": float((squared(rows - middle) > published).mean())}


def binomial_interval(happened: int, of: int) -> tuple[float, float]:
    """The exact 95% interval of a share (Clopper and Pearson 1934)."""
    from scipy.special import betaincinv

    low = float(betaincinv(happened, of - happened + 1, 0.025)) if happened else 0.0
    high = float(betaincinv(happened + 1, of - happened, 0.975)) if happened < of else 1.0
    return low, high


def alone(
    targets: Targets, standing: np.ndarray, effect: np.ndarray, line: Line
) -> list[dict[str, Any]]:
    """What the contrasts made by lot in each family say of the effect by themselves, and all of
    them together, where before them every value is as likely: quantiles of the effect.

    `standing` and `effect` are of all rows, evenly drawn between the ends of the `line`, beyond
    which nothing was simulated and nothing can be said.
    """
    by_lot = np.array([one.by_lot for one in targets.fitted])
    families = dict.fromkeys(one.family for one in targets.fitted if one.by_lot)
    found = []
    for family in (*families, None) if families else ():
        which = by_lot & np.array([family in (None, one.family) for one in targets.fitted])
        keep = min(ALONE_KEPT, len(effect) // 10)
        on_the_line = line.out(effect)[:, None]
        moved = line.back(accept(standing[:, which], on_the_line, keep).moved[:, 0])
        found.append(
            {"family": family or "all of them", "figures": int(which.sum())} | quantiles(moved)
        )
    return found


def quantiles(values: np.ndarray) -> dict[str, float]:
    """The middle, and the ends of the middle half and of the middle 95%."""
    ends = np.quantile(values, [0.025, 0.25, 0.5, 0.75, 0.975])
    names = ("low95", "low50", "median", "high50", "high95")
    return {name: float(end) for name, end in zip(names, ends, strict=True)}


def told_by_declared_range(value: float, low: float, high: float) -> dict[str, float]:
    """The same of a normal number as it is declared."""
    sd = (high - low) / (2 * Z_95)
    steps = {"low95": -Z_95, "low50": -0.6744897501960817, "median": 0.0}
    steps |= {"high50": 0.6744897501960817, "high95": Z_95}
    return {name: value + step * sd for name, step in steps.items()}
