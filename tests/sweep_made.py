"""Sweeps made by hand: what a known function of the places answers, instead of a simulation."""

from collections.abc import Callable

import numpy as np
import polars as pl

import recoverysim as rs
from recoverysim.studies.sweeps.factors import Factor
from recoverysim.studies.sweeps.found import Found
from recoverysim.studies.sweeps.plan import SweepPlan

MEASURE = "in_recovery"
BASELINE, PEERS = "baseline", "peer-introduction"


def named(count: int) -> tuple[Factor, ...]:
    """Factors x1, x2 … from 0 to 1."""
    return tuple(Factor(f"x{one + 1}", sets=(f"x{one + 1}",)) for one in range(count))


def found(
    places: np.ndarray,
    answer: Callable[[np.ndarray], np.ndarray],
    *,
    design: str = "latin-hypercube",
    factors: tuple[Factor, ...] | None = None,
    luck: float = 0.0,
    shared: float = 0.0,
    repeats: int = 1,
    scenarios: tuple[str, ...] = (BASELINE,),
    gone: tuple[int, ...] = (),
    year: int = 3,
    seed: int = 1,
    **plan: object,
) -> Found:
    """Each scenario answers `answer(places)`, float64 of (points,) or (points, scenarios), plus
    luck of each run, and luck of each repeat that all points `shared`: a level, and a slope along
    every factor; nothing at the points that are `gone`."""
    factors = factors or named(places.shape[1])
    rng = np.random.default_rng(seed)
    means = np.asarray(answer(places), dtype=float).reshape(len(places), -1)
    runs = []
    for number, name in enumerate(scenarios):
        for repeat in range(repeats):
            values = means[:, min(number, means.shape[1] - 1)]
            values = values + luck * rng.standard_normal(len(places))
            if shared:
                of_twins = np.random.default_rng((seed, number, repeat))
                slopes = shared * of_twins.standard_normal(places.shape[1])
                values = values + of_twins.standard_normal() + (places - 0.5) @ slopes
            runs.append(
                pl.DataFrame(
                    {
                        "scenario": [name] * len(places), "point": range(len(places)),
                        "repeat": [repeat] * len(places), "year": [year] * len(places),
                        MEASURE: values,
                    }
                )
            )  # fmt: skip
    made = SweepPlan(
        name="made", question="What matters?", design=design, factors=factors, points=len(places),
        scenarios=tuple(rs.load(name) for name in scenarios), repeats=repeats, years=year,
        **({"measures": (MEASURE,)} | plan),
    )  # fmt: skip
    points = pl.DataFrame(
        {
            "point": range(len(places)),
            **{
                factor.name: [factor.at(place) for place in places[:, column]]
                for column, factor in enumerate(factors)
            },
        }
    )
    return Found(made, places, points, pl.concat(runs).filter(~pl.col("point").is_in(gone)))


def grid(*sizes: int) -> np.ndarray:
    """The places of a grid: so many values of each factor, from 0 to 1."""
    axes = np.meshgrid(*(np.linspace(0, 1, size) for size in sizes), indexing="ij")
    return np.column_stack([axis.ravel() for axis in axes])


def even(points: int, factors: int, seed: int = 1) -> np.ndarray:
    """Places of a Latin hypercube."""
    from scipy.stats import qmc

    return np.asarray(qmc.LatinHypercube(factors, rng=seed).random(points))


def problem(factors: int) -> dict:
    return {
        "num_vars": factors, "names": [f"x{one + 1}" for one in range(factors)],
        "bounds": [[0.0, 1.0]] * factors,
    }  # fmt: skip
