"""Rival models: the same world with another answer to what mutual aid does.

In one it does nothing; in one it does all that a crude comparison of people who chose would show.
A published figure that the model and both rivals meet says little of mutual aid. They stand in
`experiments/rivals.yaml`, as differences that can be laid over any scenario or study.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

from recoverysim import yaml_strictly
from recoverysim.knowledge import Values
from recoverysim.scenario import Scenario, load
from recoverysim.scenario_lines import Reader
from recoverysim.studies.ladder import crude
from recoverysim.studies.trial_files import shipped_trials_folder

TOTAL = "mutual_aid.total_log_hazard_ratio"
# What moves going and doing well alike; with both off, and no effect, people who go do no better.
SELECTION_OFF = {"mechanisms.readiness": False, "mechanisms.use_makes_leaving": False}
LARGEST_TOTAL = 5.0  # the bound of the number
CLOSE = 0.005  # of the total, far within its error from sampling


def rivals(path: Path | None = None) -> dict[str, Mapping[str, Any]]:
    """Each rival by name: dotted keys and values, to be laid over a scenario (`Scenario.replace`)
    or over every arm of a study (`Trial.altered`), whatever the parameter set.

    `path` is a file of rivals, by default the shipped one. Raises ScenarioError with every fault.
    """
    path = path or shipped_trials_folder().parent / "rivals.yaml"
    found: dict[str, Mapping[str, Any]] = {}
    reader = Reader(str(path), path.parent)
    for name, value in yaml_strictly.read(path).content.items():
        if not isinstance(value.content, dict) or not value.content:
            reader.fault(value.line, name, "should hold 'key: value' lines, what differs in it")
            continue
        for key, inner in value.content.items():
            if isinstance(inner.content, bool | int | float):
                reader.take(key, inner)
            else:
                said = "should be a number, or true or false for a mechanism"
                reader.fault(inner.line, f"{name}.{key}", said)
        found[name] = {key: inner.content for key, inner in value.content.items()}
    reader.finish(load("baseline"))
    return found


def total_if_the_crude_contrast_were_causal(
    values: Values, clients: int, *, seed: int = 1, worlds: int = 1, threads: int = 2
) -> float:
    """The total log hazard ratio at which, without selection, people who went differ from the rest
    by as much as they do in the model as it is.

    Where nothing is offered and `values` hold otherwise; by root finding, over so many worlds of
    `clients` people, the same people at every try. ValueError where no total up to 5 is enough.
    """
    from scipy.optimize import brentq

    chosen = load("cut-linkage")

    def contrast(scenario: Scenario) -> float:
        with ThreadPoolExecutor(threads) as pool:
            seeds = range(seed, seed + worlds)
            found = pool.map(lambda one: crude(scenario, values, clients, one).effect, seeds)
            return sum(found) / worlds

    aim = contrast(chosen)

    @cache
    def beyond(total: float) -> float:
        return contrast(chosen.replace(SELECTION_OFF | {TOTAL: total})) - aim

    if beyond(LARGEST_TOTAL) < 0 or beyond(0.0) > 0:
        raise ValueError(
            f"no total from 0 to {LARGEST_TOTAL:g} makes people who went differ from the rest by "
            f"{aim:.3f} without selection"
        )
    return float(brentq(beyond, 0.0, LARGEST_TOTAL, xtol=CLOSE))
