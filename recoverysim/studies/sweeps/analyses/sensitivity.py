"""Which factors matter: Morris (elementary effects) and Sobol (shares of variance).

Morris (1991) with the mean of absolute effects of Campolongo et al. (2007); Sobol indices by SALib,
with the estimators of Saltelli et al. (2010) and Jansen (1999). Intervals hold the draw of points
(of Sobol by SALib's bootstrap, which has a seed) and the luck that all points share.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from recoverysim.studies.sweeps.analyses.answers import Answer, answers, over
from recoverysim.studies.sweeps.analyses.elementary_effects import (
    Steps,
    above_luck,
    mu_star_ends,
)
from recoverysim.studies.sweeps.analyses.missing import CannotAnalyse, MissingLibrary
from recoverysim.studies.sweeps.analyses.shared_luck import shared_luck
from recoverysim.studies.sweeps.found import Found

RESAMPLES, SEED = 500, 1
Z_95 = 1.959963984540054  # by which SALib widens the standard error of its bootstrap
FEWEST = 4  # trajectories or base samples


def sensitivity(found: Found) -> pl.DataFrame:
    """Rows of (scenario, measure, factor), by measure from the factor that matters most on; of
    Morris those that can be told from luck first.

    Of `morris`: `mu_star` (mean absolute change of the measure where the factor alone goes through
    its whole range) with its 95% interval, `sigma` (how much that differs from place to place),
    and `above_luck`: whether repeats agree on it; null where there are not two repeats or more. Of
    `sobol`: `first` (share of the variance between points that goes with the factor alone) and
    `total` (and with all it does together with others), each with its 95% interval.
    `used` of `drawn` trajectories or base samples had an answer at every point.

    Raises MissingLibrary where Sobol's design finds no SALib, CannotAnalyse where fewer than four
    can be used.
    """
    rows: list[dict[str, Any]] = []
    for answer in answers(found):
        if found.plan.design == "morris":
            of = _morris(found, answer)
            rows += sorted(of, key=lambda row: (not row["above_luck"], -row["mu_star"]))
        else:
            of = _sobol(answer, [factor.name for factor in found.plan.factors])
            rows += sorted(of, key=lambda row: -row["total"])
    if not rows:
        raise CannotAnalyse(f"fewer than {FEWEST} complete parts of the design have an answer")
    return pl.DataFrame(rows, infer_schema_length=None)


def _complete(answer: Answer, size: int) -> np.ndarray:
    """Which parts of so many points each have an answer at every point: bool of (parts,)."""
    return np.asarray(answer.there.reshape(-1, size).all(axis=1))


def _morris(found: Found, answer: Answer) -> list[dict[str, Any]]:
    size = len(found.plan.factors) + 1
    kept = _complete(answer, size)
    if kept.sum() < FEWEST:
        return []
    points = np.repeat(kept, size)
    steps = Steps.of(found.plan.factors, found.places[points])
    effects = steps.effects(answer.mean[points, None])[:, :, 0]
    agreed = above_luck(steps.effects(answer.values[points]))
    ends = mu_star_ends(steps, answer.mean[points], answer.values[points])
    return [
        {
            "scenario": answer.scenario, "measure": answer.measure, "year": answer.year,
            "factor": factor.name, "grade": factor.grade,
            "mu_star": float(np.abs(effects[:, place]).mean()),
            "low": max(0.0, ends[place][0]), "high": ends[place][1],
            "mu": float(effects[:, place].mean()), "sigma": float(effects[:, place].std(ddof=1)),
            "above_luck": None if agreed is None else bool(agreed[place]),
            "used": int(kept.sum()), "drawn": len(kept),
        }
        for place, factor in enumerate(found.plan.factors)
    ]  # fmt: skip


def _sobol(answer: Answer, names: list[str]) -> list[dict[str, Any]]:
    try:
        from SALib.analyze import sobol
    except ImportError as missing:
        raise MissingLibrary("SALib") from missing
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    size = len(names) + 2
    kept = _complete(answer, size)
    used = answer.mean[np.repeat(kept, size)]
    if kept.sum() < FEWEST or np.ptp(used) == 0:
        return []
    told = sobol.analyze(
        problem, used, calc_second_order=False, num_resamples=RESAMPLES, seed=SEED
    )  # fmt: skip
    luck = share_of_luck(answer)
    first, total = _shares_ends(answer.values[np.repeat(kept, size)], told, int(kept.sum()))
    return [
        {
            "scenario": answer.scenario, "measure": answer.measure, "year": answer.year,
            "factor": name,
            **_named("first", float(told["S1"][place]), first[place]),
            **_named("total", float(told["ST"][place]), total[place]),
            "share_of_luck": luck,
            "used": int(kept.sum()), "drawn": len(kept),
        }
        for place, name in enumerate(names)
    ]  # fmt: skip


def _shares_ends(
    values: np.ndarray, told: Any, bases: int
) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """The 95% intervals of first and total shares: SALib's bootstrap of base samples, as wide as so
    few of them ask for, and the luck that all points share."""
    from SALib.analyze import sobol

    factors = len(told["S1"])

    def shares(mean: np.ndarray) -> np.ndarray:
        centred = mean - mean.mean()
        a, b, ab, _ = sobol.separate_output_values(centred, factors, bases, calc_second_order=False)
        whole = np.concatenate([a, b]).var()
        if whole == 0:
            return np.zeros(2 * factors)
        alone = (b[:, None] * (ab - a[:, None])).mean(axis=0)
        together = ((a[:, None] - ab) ** 2).mean(axis=0) / 2
        return np.concatenate([alone, together]) / whole

    luck = shared_luck(values, shares)
    wider = bases / (bases - 1) / Z_95**2
    each = ([*told[name], *told[name2]] for name, name2 in (("S1", "ST"), ("S1_conf", "ST_conf")))
    ends = [
        luck.around(place, float(share), float(half) ** 2 * wider, bases - 1)
        for place, (share, half) in enumerate(zip(*each, strict=True))
    ]
    return ends[:factors], ends[factors:]


def _named(name: str, share: float, ends: tuple[float, float]) -> dict[str, float]:
    return {name: share, f"{name}_low": ends[0], f"{name}_high": ends[1]}


def share_of_luck(answer: Answer) -> float | None:
    """How much of the variance between points is luck that differs from point to point, as far as
    repeats tell; None of a single repeat. What a repeat has in common everywhere is left out."""
    values = answer.values[np.isfinite(answer.values).all(axis=1)]
    points, repeats = values.shape
    if points < 2 or repeats < 2:
        return None
    means = over(values, 1)
    left = values - means[:, None] - (over(values, 0) - means.mean())
    within = float((left**2).sum()) / ((points - 1) * (repeats - 1))
    between = float(means.var(ddof=1))
    return None if between == 0 else min(1.0, within / repeats / between)
