"""From a plan to accepted parameter sets, with what shows whether to believe them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from recoverysim.plan import Plan
from recoverysim.quantities import all_quantities
from recoverysim.studies.calibration import checks
from recoverysim.studies.calibration.acceptance import (
    EFFECT,
    Line,
    Targets,
    accept,
    kept_by_declared_range,
    lines,
    move_along,
    what_informs,
)
from recoverysim.studies.calibration.checks import Recovered
from recoverysim.studies.calibration.plan import CalibrationPlan
from recoverysim.studies.calibration.reference_table import ReferenceTable, make
from recoverysim.studies.stamp import commit
from recoverysim.studies.trial import simulate
from recoverysim.version import package_version

STUDIES_LEFT_OUT = 200  # simulated studies of each family that was left out
DIGITS = 6


@dataclass(frozen=True)
class Calibration:
    """Accepted parameter sets, and the checks.

    `sets`: float64 of (accepted, uncertain numbers) in the order of `keys`, so ordered that any
    few that follow each other spread over the effect. `told`: everything else, as it is written to
    `accepted.json`.
    """

    plan: CalibrationPlan
    keys: tuple[str, ...]
    sets: np.ndarray
    told: dict[str, Any]

    def write(self, folder: Path) -> None:
        """`accepted.csv`, a row a set, and `accepted.json`, what made it and how it was checked."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.keys)
        writer.writerows([f"{one:.{DIGITS}g}" for one in row] for row in self.sets)
        (folder / "accepted.csv").write_text(text.getvalue(), encoding="utf-8")
        told = json.dumps(_rounded(self.told), indent=1, ensure_ascii=False) + "\n"
        (folder / "accepted.json").write_text(told, encoding="utf-8")


def calibrate(
    plan: CalibrationPlan,
    folder: Path,
    command: str,
    workers: int,
    progress: Callable[[float], None] | None = None,
) -> Calibration:
    """Make the reference table in `folder`, or go on with it; accept, check, and tell."""
    table = make(plan, folder, workers, progress)
    return from_table(plan, table, command, workers)


def from_table(
    plan: CalibrationPlan, table: ReferenceTable, command: str, workers: int
) -> Calibration:
    """The same from a table that stands."""
    targets = Targets.of(plan.fitted)
    standing = targets.standing(table.figures, plan.seed)
    columns = [table.keys.index(key) for key in plan.parameters]
    drawn = kept_by_declared_range(plan, table.keys, table.values)
    line = lines(plan.parameters)
    on_the_line = np.column_stack(
        [one.out(table.values[:, column]) for one, column in zip(line, columns, strict=True)]
    )

    informs = what_informs(plan.fitted, plan.parameters)

    def sets_for(which: np.ndarray) -> np.ndarray:
        """Accepted sets where only some figures are fitted, given as a mask."""
        found = accept(standing[drawn][:, which], on_the_line[drawn], plan.accepted, informs[which])
        sets = table.values[drawn][found.rows].copy()
        for place, (one, column) in enumerate(zip(line, columns, strict=True)):
            sets[:, column] = one.back(found.moved[:, place])
        move_along(sets, table.values[drawn][found.rows], table.keys, plan.parameters)
        return _well_spread(sets, table.keys)

    every = np.ones(len(plan.fitted), bool)
    sets = sets_for(every)
    recovered = checks.recover(
        plan.parameters, standing[drawn], on_the_line[drawn], plan.accepted, informs
    )
    told = {
        "made_by": {
            "command": command, "version": package_version(), "commit": commit(),
            "plan": plan.name, "seed": plan.seed, "draws": len(table.values),
            "from_declared_ranges": int(drawn.sum()), "accepted": len(sets),
        },
        "fitted": [
            {"figure": one.figure.figure, "study": one.trial.name, "family": one.family,
             "by_lot": one.by_lot}
            for one in plan.fitted
        ],
        "parameters": _parameters(plan, table, drawn, sets),
        "effect": _effect(plan, table, targets, standing, sets),
        "left_out": [
            _left_out(plan, table, family, sets_for, workers)
            for family in plan.families
            if len(plan.families) > 1
        ],
        "recovered": [vars(one) | {"verdict": one.verdict} for one in recovered],
        "as_a_whole": checks.as_a_whole(standing[drawn]),
        "strain": _strain(targets, standing[drawn], plan.accepted),
    }  # fmt: skip
    return Calibration(plan, table.keys, sets, told)


def _well_spread(sets: np.ndarray, keys: tuple[str, ...]) -> np.ndarray:
    """The sets in such an order that few of them, one after the other, spread over the effect: by
    its rank with the digits turned round (van der Corput's order)."""
    ranked = sets[np.argsort(sets[:, keys.index(EFFECT)], kind="stable")]
    digits = max(1, int(np.ceil(np.log2(len(ranked)))))
    turned = [int(f"{place:0{digits}b}"[::-1], 2) for place in range(2**digits)]
    return ranked[[place for place in turned if place < len(ranked)]]


def _parameters(
    plan: CalibrationPlan, table: ReferenceTable, drawn: np.ndarray, sets: np.ndarray
) -> list[dict[str, Any]]:
    """Each calibrated number before and after."""
    found = []
    for key in plan.parameters:
        column = table.keys.index(key)
        before, after = table.values[drawn][:, column], sets[:, column]
        found.append(
            {
                "key": key,
                "unit": all_quantities()[key].unit,
                "declared": checks.quantiles(before),
                "accepted": checks.quantiles(after),
                "narrower": float(after.std() / before.std()),
            }
        )
    return found


def _effect(
    plan: CalibrationPlan, table: ReferenceTable, targets: Targets, standing: np.ndarray,
    sets: np.ndarray,
) -> dict[str, Any]:  # fmt: skip
    """The effect of mutual aid: as declared, as accepted, and what trials say by themselves."""
    one = all_quantities()[EFFECT]
    column = table.keys.index(EFFECT)
    (line,) = [Line(low, high) for key, low, high in plan.even if key == EFFECT] or lines([EFFECT])
    return {
        "key": EFFECT,
        "even": [{"low": low, "high": high} for key, low, high in plan.even if key == EFFECT],
        "declared": checks.told_by_declared_range(one.value, one.low, one.high),
        "accepted": checks.quantiles(sets[:, column]),
        "accepted_below_zero": float((sets[:, column] < 0).mean()),
        "alone": checks.alone(targets, standing, table.values[:, column], line),
    }


def _left_out(
    plan: CalibrationPlan, table: ReferenceTable, family: str,
    sets_for: Callable[[np.ndarray], np.ndarray], workers: int,
) -> dict[str, Any]:  # fmt: skip
    """One family left out of the fit: the effect then, and whether its figures are foretold."""
    without = np.array([one.family != family for one in plan.fitted])
    sets = sets_for(without)
    chosen = [
        {key: one.value for key, one in all_quantities().items()}
        | dict(zip(table.keys, map(float, row), strict=True))
        for row in sets[:STUDIES_LEFT_OUT]
    ]
    repeats = max(2, min(STUDIES_LEFT_OUT, len(chosen)))
    how = Plan(repeats=repeats, seed=plan.seed, threads=workers, knowledge="none")
    rows = [
        row | {"study": trial.name}
        for trial in plan.trials
        if trial.family == family
        for row in (vars(one) for one in simulate(trial, how, sets=chosen).rows)
    ]
    return {
        "family": family,
        "effect": checks.quantiles(sets[:, table.keys.index(EFFECT)]),
        "figures": [
            {name: row[name] for name in (
                "study", "measure", "arm", "unit", "published", "median", "low90", "high90",
                "inside", "inside_allowed", "passed",
            )}
            for row in rows
        ],
    }  # fmt: skip


def _strain(targets: Targets, standing: np.ndarray, keep: int) -> list[dict[str, Any]]:
    """How far the nearest rows still stand from each published figure, in its own uncertainty: a
    figure on which they all stand to one side is one that the model cannot reach."""
    distance = np.nan_to_num((standing**2).mean(axis=1), nan=np.inf)
    near = standing[np.argsort(distance, kind="stable")[:keep]]
    return [
        {"study": one.trial.name, "figure": one.figure.figure, "mean": float(column.mean()),
         "sd": float(column.std())}
        for one, column in zip(targets.fitted, near.T, strict=True)
    ]  # fmt: skip


def _rounded(found: Any) -> Any:
    """With as many digits as the sets have."""
    if isinstance(found, dict):
        return {key: _rounded(inner) for key, inner in found.items()}
    if isinstance(found, list | tuple):
        return [_rounded(inner) for inner in found]
    return float(f"{found:.{DIGITS}g}") if isinstance(found, float) else found


__all__ = ["Calibration", "Recovered", "calibrate", "from_table"]
