"""How fast: nanoseconds of CPU for one client's week, by phase, and ratios measured beside it."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from types import ModuleType
from typing import Any

import numpy as np

from recoverysim.compiled import whole_week
from recoverysim.knowledge import central_values
from recoverysim.mortality import ages
from recoverysim.mutual_aid.groups import a_week_of_groups
from recoverysim.plugins import loaded
from recoverysim.scenario import Scenario
from recoverysim.week import everybody_lives, ties_form_and_fade
from recoverysim.world import World, seed_of_repeat

CLASSIC_WEEKS = 26  # the classic model is slow: fewer weeks of the same people
PHASE_WEEKS = 52
PHASE_TIMES = 3


def measure_speed(
    scenario: Scenario, clients: int, weeks: int, times: int, seed: int
) -> dict[str, Any]:
    """Nanoseconds of CPU a client-week, by phase, and ratios to other models.

    Each is measured `times` times, in turn; the quickest of each counts.
    """
    classic, reference = _beside("classic_mesa"), _beside("reference_kernel")
    without = _without_plugins(scenario)
    own: list[float] = []
    bare: list[float] = []
    kernel: list[float] = []
    _seconds(scenario, clients, 1, seed)  # compile first
    for _ in range(times):
        own.append(_seconds(scenario, clients, weeks, seed))
        if without != scenario:
            bare.append(_seconds(without, clients, weeks, seed))
        if reference is not None:
            kernel.append(reference.seconds(clients, weeks))
    nanoseconds = 1e9 * min(own) / (clients * weeks)
    ratios = {}
    if classic is not None:
        # So short a run of ours that its quickest time would be luck: the middle one counts.
        ours = median(_seconds(scenario, clients, CLASSIC_WEEKS, seed) for _ in range(times))
        ratios["classic Mesa model of the same flows, its CPU over ours"] = (
            classic.seconds(clients, CLASSIC_WEEKS) / ours
        )
    if bare:
        ratios["our CPU with the mechanisms of plug-ins over without"] = min(own) / min(bare)
    if kernel:
        ratios["our CPU over the small compiled reference kernel's"] = min(own) / min(kernel)
    return {
        "clients": clients,
        "weeks": weeks,
        "ns_per_client_week": nanoseconds,
        "phases": _phases(scenario, clients, seed),
        "ratios": ratios,
    }


def _without_plugins(scenario: Scenario) -> Scenario:
    """The same scenario with every mechanism of every plug-in switched off."""
    names = [name for plugin in loaded() for name in plugin.mechanisms]
    return scenario.replace({f"mechanisms.{name}": False for name in names}) if names else scenario


def _world(scenario: Scenario, clients: int, seed: int) -> World:
    return World(scenario, central_values(), clients, seed_of_repeat(seed, 0))


def _seconds(scenario: Scenario, clients: int, weeks: int, seed: int) -> float:
    """CPU seconds to live so many weeks, the start not counted."""
    world = _world(scenario, clients, seed)
    start = time.process_time()
    world.run_for(weeks)
    return time.process_time() - start


@whole_week
def _only_live(  # type: ignore[no-untyped-def]
    clients, ties, shown, workers, today, curves, counts, journal, written, restless, meeting, weeks
):
    showing, some, many, between = np.empty(clients.size, np.uint8), 0, 0, ages(clients)
    unseen = np.zeros(clients.size, np.bool_)
    for week in range(weeks):
        some, many = everybody_lives(
            clients, ties, shown, workers, today, curves[0], week, counts, journal, written,
            showing, restless, meeting, unseen, between,
        )  # fmt: skip
    return some, many


@whole_week
def _only_groups(clients, groups, meeting, today, weeks):  # type: ignore[no-untyped-def]
    for week in range(weeks):
        a_week_of_groups(groups, clients, meeting, today, week)


@whole_week
def _only_ties(clients, ties, shown, today, restless, weeks):  # type: ignore[no-untyped-def]
    unseen = np.zeros(clients.size, np.bool_)
    for week in range(weeks):
        ties_form_and_fade(clients, ties, shown, today, week, restless, unseen)


def _phases(scenario: Scenario, clients: int, seed: int) -> dict[str, float]:
    """Nanoseconds per client-week of each part of a week, from a year into the run."""
    world = _world(scenario, clients, seed)
    world.run_for(PHASE_WEEKS)
    today = world.table[0]
    seen = (world.clients, world.ties, world.shown)
    restless, meeting = np.empty(clients, np.int32), np.empty(clients, np.int32)
    counts = np.zeros_like(world.counted)

    def live(weeks: int) -> tuple[int, int]:
        more = (world.curves, counts, world.journal, world.written, restless, meeting, weeks)
        some, many = _only_live(*seen, world.workers, today, *more)
        return int(some), int(many)

    some, many = live(1)
    who = world.clients, world.groups, meeting[:many], today
    passes: dict[str, Callable[[int], Any]] = {
        "look around, live, move, die, be counted": live,
        "ties form and fade": lambda weeks: _only_ties(*seen, today, restless[:some], weeks),
        "groups live, and people meet in them": lambda weeks: _only_groups(*who, weeks),
    }
    found = {}
    for name, go in passes.items():
        go(0)
        took = []
        for _ in range(PHASE_TIMES):
            start = time.process_time()
            go(PHASE_WEEKS)
            took.append(time.process_time() - start)
        found[name] = 1e9 * min(took) / (clients * PHASE_WEEKS)
    return found


def _beside(name: str) -> ModuleType | None:
    """A model from the folder of benchmarks, in the package or in the checkout."""
    package = Path(__file__).parent.parent
    for folder in (package / "_benchmarks", package.parent / "benchmarks"):
        path = folder / f"{name}.py"
        if path.is_file():
            spec = importlib.util.spec_from_file_location(f"_recoverysim_{name}", path)
            assert spec is not None
            assert spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            return module
    return None
