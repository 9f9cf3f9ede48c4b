"""The stamp that every number carries: version, scenario, parameters, seed, scheme of chance."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from recoverysim.dice import SCHEME
from recoverysim.knowledge import hash_of
from recoverysim.plan import Plan
from recoverysim.plugins import loaded
from recoverysim.scenario import Scenario
from recoverysim.version import package_version

RESULTS_DEPEND_ON = ("mesa", "networkx", "numba", "numpy", "scipy")


@cache
def commit() -> str | None:
    """The commit of a checkout, `+changes` behind it where files were edited; None elsewhere."""
    root = Path(__file__).parent.parent.parent
    if not (root / ".git").exists():
        return None
    try:
        found = _git(root, "rev-parse", "HEAD")
        changed = _git(root, "status", "--porcelain", "--", "recoverysim", "scenarios")
    except (OSError, subprocess.SubprocessError):
        return None
    return f"{found}+changes" if changed else found


def _git(root: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(root), *words], capture_output=True, text=True, check=True, timeout=10
    )
    return done.stdout.strip()


@cache
def _versions() -> dict[str, str]:
    return {name: version(name) for name in RESULTS_DEPEND_ON}


def stamp(scenarios: Sequence[Scenario], plan: Plan) -> dict[str, Any]:
    """What made a result. No time, place or thread count: those do not change it.

    `plugins` stands there where some are in force, each with the SHA-256 of its file.
    """
    sets = plan.parameter_sets()
    plugins = {plugin.name: plugin.sha256 for plugin in loaded()}
    made: dict[str, Any] = {
        "version": package_version(),
        "commit": commit(),
        "scenarios": {scenario.name: scenario.hash() for scenario in scenarios},
        "parameters": hash_of(sets),
        "parameter_sets": len(sets),
        "clients": plan.clients,
        "years": plan.years,
        "repeats": plan.repeats,
        "seed": plan.seed,
        "random_numbers": SCHEME,
        "knowledge": plan.knowledge,
        **({"plugins": plugins} if plugins else {}),
        "dependencies": _versions(),
    }
    local = {
        one.name: [{"kind": file.kind, "sha256": file.sha256} for file in one.local]
        for one in scenarios
        if one.local
    }
    return made | ({"local_data": local} if local else {})
