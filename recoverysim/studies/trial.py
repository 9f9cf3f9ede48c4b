"""Studies simulated as they were done: their own people, arms, numbers, follow-up and loss.

Every simulated study has people of its own in every arm, as a randomised trial has, and lives under
a parameter set of its own, so that the spread over simulated studies holds luck, sample size and
what is not known. The published figure is set beside the middle of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from recoverysim.codes import WEEKS_A_YEAR
from recoverysim.dice import luck_of_plainly, question, throw_plainly
from recoverysim.evidence import figures
from recoverysim.knowledge import Values
from recoverysim.plan import Plan
from recoverysim.quantities import all_quantities
from recoverysim.studies.figure_words import what, whose
from recoverysim.studies.histories import BYTES_A_WEEK, watch
from recoverysim.studies.inclusion import recruit
from recoverysim.studies.room import (
    GIB,
    NoRoom,
    bytes_free,
    bytes_of_a_client,
    bytes_of_a_journey,
)
from recoverysim.studies.stamp import stamp
from recoverysim.studies.trial_estimates import Sample, estimate
from recoverysim.studies.trial_figures import Published
from recoverysim.studies.trial_files import Arm, Trial
from recoverysim.studies.trial_scores import inside_allowed, score
from recoverysim.world import seed_of_repeat

LOST = int(question("is a participant lost to follow-up"))
MIDDLE_90 = (5, 95)
WITH_WHAT_IS_ASKED = 3  # times the history itself, while its answers are worked out


@dataclass(frozen=True)
class Row:
    """A published figure beside the simulated ones; None where no study could measure it.

    Shares are from 0 to 1. `low` and `high` are the published interval, `tolerance` how far the
    median may lie from the published figure (for a ratio, as a logarithm), `measured` the share of
    simulated studies that could measure it, `low90` to `high90` the middle 90% of those, `inside`
    whether the published figure lies there, and `inside_allowed` whether it does when each
    simulated study may lie off by the figure's `model_error`. `score` is how well the simulated
    studies foretell the figure (trial_scores.py), `direction` which way the figure went where only
    that was published (`published` is None then), `put_in` whether a number of the model rests on
    it, `fitted` whether calibration fits it.
    """

    arm: str
    n: int
    measure: str
    unit: str
    published: float | None
    low: float | None
    high: float | None
    median: float | None
    low90: float | None
    high90: float | None
    inside: bool | None
    inside_allowed: bool | None
    score: float | None
    measured: float
    use: str
    figure: str
    tolerance: float
    passed: bool
    known: str
    put_in: bool
    direction: str
    family: str
    fitted: bool


@dataclass(frozen=True, repr=False)
class Simulated:
    """One study, simulated many times."""

    trial: Trial
    stamp: dict[str, Any]
    rows: tuple[Row, ...]

    def __repr__(self) -> str:
        return f"<{self.trial.name}, simulated {self.stamp['repeats']} times>"

    def to_json(self) -> dict[str, Any]:
        """The name and its rows (docs/commands.md)."""
        return {"trial": self.trial.name, "rows": [vars(row) for row in self.rows]}


def simulate(
    trial: Trial,
    plan: Plan,
    *,
    sets: Sequence[Values] | None = None,
    progress: Callable[[float], None] | None = None,
) -> Simulated:
    """Simulate a study `plan.repeats` times; its own sizes and years count, not the plan's.

    Each time under the next of the parameter `sets`: the plan's, unless given.
    """
    refuse_what_does_not_fit(trial, plan)
    sets = plan.parameter_sets() if sets is None else sets

    def once(repeat: int) -> list[float]:
        found = one_study(trial, sets[repeat % len(sets)], seed_of_repeat(plan.seed, repeat))
        if progress is not None:
            progress(1)
        return found

    with ThreadPoolExecutor(plan.workers()) as pool:
        values = np.array(list(pool.map(once, range(plan.repeats))))
    rows = tuple(_row(trial, one, values[:, place]) for place, one in enumerate(trial.figures))
    return Simulated(trial, stamp([arm.scenario for arm in trial.arms], plan), rows)


def one_study(trial: Trial, values: Values, seed: int) -> list[float]:
    """What one simulated study under one parameter set would print, a number for each figure.

    Everybody in it is somebody else: no arm shares its people with another.
    """
    samples = {
        arm.name: _live(arm, trial, values, seed_of_repeat(seed, place))
        for place, arm in enumerate(trial.arms)
    }
    return [estimate(one, samples, trial) for one in trial.figures]


def refuse_what_does_not_fit(trial: Trial, plan: Plan) -> None:
    """NoRoom where the histories of a study need more memory than is free, with what would fit."""
    years = trial.weeks // WEEKS_A_YEAR
    world = bytes_of_a_client() + bytes_of_a_journey(replace(plan, years=years))
    each = world + (trial.weeks + 1) * BYTES_A_WEEK * WITH_WHAT_IS_ASKED
    at_once = min(plan.workers(), plan.repeats) * len(trial.arms)
    need, free = at_once * each * max(arm.size for arm in trial.arms), bytes_free()
    if free is not None and need > free:
        raise NoRoom(
            f"{trial.name} needs about {need / GIB:.1f} GiB of memory, and {free / GIB:.1f} are "
            f"free. --clients {max(1, free // (at_once * each)):,} or fewer --threads would fit."
        )


def _live(arm: Arm, trial: Trial, values: Values, seed: int) -> Sample:
    """One arm of one simulated study, from recruitment to the last visit."""
    years = trial.weeks // WEEKS_A_YEAR
    world, who = recruit(arm.scenario, values, arm.size, seed, years, trial.inclusion)
    history = watch(world, trial.weeks, None if len(who) == len(world.clients) else who)
    return Sample(history, _luck(arm, seed))


def _luck(arm: Arm, seed: int) -> np.ndarray:
    """For each participant a number from 0 to 1: the lower, the sooner lost to follow-up."""
    if arm.lost_share == 0:
        return np.ones(arm.size)
    thrown = (throw_plainly(luck_of_plainly(seed, who + 1), LOST) for who in range(arm.size))
    return np.fromiter(thrown, float, arm.size)


def _row(trial: Trial, one: Published, values: np.ndarray) -> Row:
    measured = values[np.isfinite(values)]
    median = low = high = inside = allowed = found = None
    if len(measured) > 0:
        median = float(np.median(measured))
        low, high = (float(end) for end in np.percentile(measured, MIDDLE_90))
        if not one.direction:
            inside = low <= one.published <= high
            allowed, found = inside_allowed(one, measured), score(one, measured)
    return Row(
        arm=whose(one), n=sum(trial.arm(arm).size for arm in one.arms), measure=what(one),
        unit=one.unit, published=None if one.direction else one.published, low=one.low,
        high=one.high, median=median, low90=low, high90=high, inside=inside,
        inside_allowed=allowed, score=found, measured=len(measured) / len(values),
        use=figures()[one.figure].use if one.figure else "", figure=one.figure,
        tolerance=one.tolerance, passed=median is not None and one.is_met_by(median),
        known=one.known, put_in=one.figure in _put_in(), direction=one.direction,
        family=trial.family, fitted=one.fit,
    )  # fmt: skip


@cache
def _put_in() -> frozenset[str]:
    """Figures that some number of the model rests on: meeting them tests the engine alone."""
    rows = (quantity.source.split("; ") for quantity in all_quantities().values())
    return frozenset(row for several in rows for row in several)
