"""Scenario discovery: where does it not work? Boxes of a shallow tree, checked on points held out.

Coverage is the share of all cases that lie in a box, density the share of the points in a box that
are cases (Bryant and Lempert 2010). A tree always finds something to split on, so its rules count
only where they foretell points that it has not seen. Twins are lucky alike at every point, so that
a rule may foretell other points by their common luck; it has to hold for repeats that it has not
seen as well.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from recoverysim.studies.sweeps.analyses.answers import (
    Answer,
    answers,
    blocks,
    kinds,
    over,
    value_columns,
)
from recoverysim.studies.sweeps.analyses.boxes import Columns, boxes_of
from recoverysim.studies.sweeps.analyses.missing import CannotAnalyse, MissingLibrary
from recoverysim.studies.sweeps.found import Found

DEPTH, LEAST_SHARE, LEAST_POINTS, FOLDS, SEED = 4, 0.05, 5, 5, 1
SPLITS = 5  # ways to hold points out; the middle one counts, so that it does not hang on one
FEWEST = 40  # points
BY_CHANCE = 0.01  # how often held-out points may look foretold where there is nothing to tell
BY_LUCK = 0.02  # how often held-out repeats may, where all points share their luck
ALL_BOXES = "all boxes together"


class Discovered(NamedTuple):
    """What came of one scenario: `boxes` is empty where nothing was found.

    `cases` of `points` lie below the line. The last row of `boxes` is of all together, with
    coverage and density among points held out.
    """

    scenario: str
    measure: str
    line: float
    cases: int
    points: int
    boxes: pl.DataFrame


def discovery(found: Found) -> list[Discovered]:
    """For each told scenario: in which boxes of the factors the plan's first measure lies below
    `worth_from` (zero unless given) at most points.

    Raises MissingLibrary without scikit-learn, CannotAnalyse of fewer than 40 points or without a
    line.
    """
    try:
        from sklearn.tree import DecisionTreeClassifier
    except ImportError as missing:
        raise MissingLibrary("scikit-learn") from missing
    first = found.plan.measures[0]
    if found.plan.worth_from is None and not found.plan.compares:
        raise CannotAnalyse("without a second scenario or worth_from there is no line to be below")
    line = found.plan.worth_from or 0.0
    columns, together = _columns(found), blocks(found)
    if not columns.names:
        raise CannotAnalyse("no factor differs between points")
    told = [one for one in answers(found) if one.measure == first]
    if not any(one.there.sum() >= FEWEST for one in told):
        raise CannotAnalyse(f"{FEWEST} points are the fewest")
    return [
        _discovered(one, line, columns, together, DecisionTreeClassifier)
        for one in told
        if one.there.sum() >= FEWEST
    ]


def _columns(found: Found) -> Columns:
    numbers = value_columns(found)
    names, which, values = list(numbers), [None] * len(numbers), list(numbers.values())
    kind_of: list[str | None] = [*which]
    for name, told in kinds(found).items():
        for kind in sorted(set(told)):
            names.append(name)
            kind_of.append(kind)
            values.append(np.array([float(one == kind) for one in told]))
    return Columns(tuple(names), tuple(kind_of), np.column_stack(values) if values else np.empty(0))


def _discovered(
    answer: Answer, line: float, columns: Columns, together: np.ndarray, tree: Any
) -> Discovered:
    there = answer.there
    values, case = columns.values[there], answer.mean[there] < line
    nothing = Discovered(
        answer.scenario, answer.measure, line, int(case.sum()), len(case), pl.DataFrame()
    )
    if not LEAST_POINTS <= case.sum() <= len(case) - LEAST_POINTS:
        return nothing
    least = max(LEAST_POINTS, round(LEAST_SHARE * len(case)))

    def fitted(some: np.ndarray, cases: np.ndarray = case) -> Any:
        one = tree(max_depth=DEPTH, min_samples_leaf=least, random_state=SEED)
        return one.fit(values[some], cases[some].astype(int))

    boxes = boxes_of(fitted(np.ones(len(case), dtype=bool)))
    if not boxes:
        return nothing
    tries = [_held_out(fitted, values, together[there], seed) for seed in range(SPLITS)]
    by_chance, _, foretold = sorted(
        (_by_chance(one, case), number, one) for number, one in enumerate(tries)
    )[SPLITS // 2]
    if by_chance >= BY_CHANCE:
        return nothing

    def below_by_others(others: np.ndarray) -> np.ndarray:
        cases = over(others, 1) < line
        return _held_out(lambda some: fitted(some, cases), values, together[there], seed=0)

    if _by_shared_luck(below_by_others, answer.values[there]) >= BY_LUCK:
        return nothing
    rows = [
        {
            "scenario": answer.scenario, "measure": answer.measure, "line": line,
            "box": box.in_words(columns), **_told(box.holds(values), case), "held_out": False,
        }
        for box in boxes
    ]  # fmt: skip
    rows.sort(key=lambda row: -row["coverage"])
    rows.append(
        {
            "scenario": answer.scenario, "measure": answer.measure, "line": line,
            "box": ALL_BOXES, **_told(foretold, case), "held_out": True,
        }
    )  # fmt: skip
    return nothing._replace(boxes=pl.DataFrame(rows, infer_schema_length=None))


def _held_out(fitted: Any, values: np.ndarray, together: np.ndarray, seed: int) -> np.ndarray:
    """What a tree says of each point that has not seen it, nor any drawn together with it."""
    names, block = np.unique(together, return_inverse=True)
    fold = np.random.default_rng(seed).permutation(len(names))[block] % FOLDS
    foretold = np.zeros(len(values), dtype=bool)
    for one in range(FOLDS):
        if (fold == one).any() and (fold != one).any():
            foretold[fold == one] = fitted(fold != one).predict(values[fold == one]) == 1
    return foretold


def _by_shared_luck(below_by: Callable[[np.ndarray], np.ndarray], values: np.ndarray) -> float:
    """How likely such rules hold where there is only luck that all points share: each repeat in
    turn is held out, and by how much it is lower where the others foretell points below the line
    has to be above zero (Student's t, one-sided). 0 of a single repeat, which cannot tell."""
    from scipy.stats import ttest_1samp

    whole = values[:, np.isfinite(values).all(axis=0)]
    repeats = whole.shape[1]
    if repeats < 2:
        return 0.0
    lower = []
    for one in range(repeats):
        below = below_by(np.delete(whole, one, axis=1))
        if not 0 < below.sum() < len(below):
            return 1.0
        lower.append(float(whole[~below, one].mean() - whole[below, one].mean()))
    if np.ptp(lower) == 0:
        return 0.0 if lower[0] > 0 else 1.0
    return float(ttest_1samp(lower, 0.0, alternative="greater").pvalue)


def _by_chance(foretold: np.ndarray, case: np.ndarray) -> float:
    """How likely so many are foretold rightly where nothing can be: Fisher's exact test."""
    from scipy.stats import fisher_exact

    table = [
        [int((foretold & case).sum()), int((foretold & ~case).sum())],
        [int((~foretold & case).sum()), int((~foretold & ~case).sum())],
    ]
    return float(fisher_exact(table, alternative="greater").pvalue)


def _told(inside: np.ndarray, case: np.ndarray) -> dict[str, Any]:
    """Coverage and density with 95% intervals (Wilson 1927)."""
    from scipy.stats import binomtest

    both, here, all_cases = int((inside & case).sum()), int(inside.sum()), int(case.sum())
    coverage, density = (
        binomtest(both, many).proportion_ci(method="wilson") for many in (all_cases, here)
    )
    return {
        "coverage": both / all_cases, "coverage_low": coverage.low, "coverage_high": coverage.high,
        "density": both / here, "density_low": density.low, "density_high": density.high,
        "points": here,
    }  # fmt: skip
