"""Studies simulated as they were done: their own people, arms, numbers, follow-up and loss.

Every simulated study has people of its own in every arm, as a randomised trial has, and lives under
a parameter set of its own, so that the spread over simulated studies holds luck, sample size and
what is not known. The published figure is set beside the middle of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from recoverysim.dice import luck_of_plainly, question, throw_plainly
from recoverysim.evidence import figures
from recoverysim.plan import Plan
from recoverysim.quantities import all_quantities
from recoverysim.studies.histories import MEASURES, History, visit, watch
from recoverysim.studies.stamp import stamp
from recoverysim.studies.trial_files import Arm, Published, Trial
from recoverysim.world import World, seed_of_repeat

LOST = int(question("is a participant lost to follow-up"))
MIDDLE_90 = (5, 95)


@dataclass(frozen=True)
class Row:
    """A published figure beside the simulated ones; None where too few studies could measure it."""

    arm: str
    n: int
    measure: str
    published: float
    median: float | None
    low90: float | None
    high90: float | None
    inside: bool | None
    use: str
    figure: str
    tolerance: float
    passed: bool
    known: str
    put_in: bool


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


def simulate(trial: Trial, plan: Plan, *, progress: Callable[[], None] | None = None) -> Simulated:
    """Simulate a study `plan.repeats` times; its own sizes and years count, not the plan's."""
    sets = plan.parameter_sets()

    def once(repeat: int) -> list[float]:
        histories = {
            arm.name: _live(arm, trial, sets[repeat % len(sets)], _seed(plan.seed, repeat, place))
            for place, arm in enumerate(trial.arms)
        }
        found = [
            _measured(one, histories, trial, _seed(plan.seed, repeat, 0)) for one in trial.figures
        ]
        if progress is not None:
            progress()
        return found

    with ThreadPoolExecutor(plan.workers()) as pool:
        values = np.array(list(pool.map(once, range(plan.repeats))))
    rows = tuple(_row(trial, one, values[:, place]) for place, one in enumerate(trial.figures))
    return Simulated(trial, stamp([arm.scenario for arm in trial.arms], plan), rows)


def verdicts(studies: Sequence[Simulated]) -> list[dict[str, Any]]:
    """Every published figure with its verdict, misses first."""
    rows = [
        {
            "id": f"{study.trial.name}: {row.arm}: {row.measure}", "figure": row.figure,
            "use": row.use, "published": row.published, "simulated": row.median,
            "tolerance": row.tolerance, "passed": row.passed, "known": row.known,
            "put_in": row.put_in,
        }
        for study in studies
        for row in study.rows
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row["passed"], bool(row["known"])))


def _seed(seed: int, repeat: int, arm: int) -> int:
    """Everybody in a study is somebody else: no arm and no repeat shares its people."""
    return seed_of_repeat(seed_of_repeat(seed, repeat), arm)


def _live(arm: Arm, trial: Trial, values: Any, seed: int) -> History:
    world = World(arm.scenario, values, arm.size, seed, years=trial.weeks // 52)
    return watch(world, trial.weeks)


def _measured(one: Published, histories: dict[str, History], trial: Trial, seed: int) -> float:
    """What one simulated study would publish; NaN where nobody could be asked."""
    found = _share(one, histories[one.arm], trial, seed)
    if one.against is not None:
        found -= _share(one, histories[one.against], trial, seed)
    return found


def _share(one: Published, history: History, trial: Trial, seed: int) -> float:
    seen = visit(history, one.week, after_care=trial.after_care)
    asked = seen.there.copy()
    if one.among is not None:
        _, among = MEASURES[one.among.removeprefix("not ")]
        asked &= ~among(seen) if one.among.startswith("not ") else among(seen)
    answers = MEASURES[one.measure][1](seen)
    lost = _lost(len(asked), trial.lost_share, seed)
    if trial.lost_count_as == "missing":
        asked &= ~lost
    answers = answers & ~lost
    return float(answers[asked].mean()) if asked.any() else float("nan")


def _lost(participants: int, share: float, seed: int) -> np.ndarray:
    """Who is lost to follow-up: anybody alike."""
    thrown = (throw_plainly(luck_of_plainly(seed, who + 1), LOST) for who in range(participants))
    return np.fromiter((one < share for one in thrown), bool, participants)


def _row(trial: Trial, one: Published, values: np.ndarray) -> Row:
    values = values[~np.isnan(values)]
    median = low = high = inside = None
    if len(values) > 0:
        median = float(np.median(values))
        low, high = (float(end) for end in np.percentile(values, MIDDLE_90))
        inside = low <= one.published <= high
    size = next(arm.size for arm in trial.arms if arm.name == one.arm)
    label = one.arm if one.against is None else f"{one.arm} less {one.against}"
    among = "" if one.among is None else f", among: {_in_words(one.among)}"
    what = f"{MEASURES[one.measure][0]} (week {one.week}){among}"
    passed = median is not None and abs(median - one.published) <= one.tolerance
    return Row(
        label, size, what, one.published, median, low, high, inside, figures()[one.figure].use,
        one.figure, one.tolerance, passed, one.known, one.figure in _put_in(),
    )  # fmt: skip


@cache
def _put_in() -> frozenset[str]:
    """Figures that some number of the model rests on: meeting them tests the engine alone."""
    rows = (quantity.source.split("; ") for quantity in all_quantities().values())
    return frozenset(row for several in rows for row in several)


def _in_words(among: str) -> str:
    plain = MEASURES[among.removeprefix("not ")][0]
    return f"not {plain}" if among.startswith("not ") else plain
