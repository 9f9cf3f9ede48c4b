"""Is this machine fit to run, and what would help."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from recoverysim.compiled import cache_folder
from recoverysim.scenario import ScenarioError, load, shipped
from recoverysim.studies.stamp import commit
from recoverysim.version import package_version

NEEDED = (
    "mesa", "numba", "numpy", "networkx", "scipy", "polars", "pyarrow", "matplotlib", "typer",
    "rich", "PyYAML",
)  # fmt: skip
OF_THE_DASHBOARD = ("solara", "ipyvuetify", "solara-assets", "uvicorn", "python-docx")
OLDEST_PYTHON = (3, 11)


def examine(*, warm: bool = False) -> dict[str, Any]:
    """Everything as a dictionary; `healthy` is false where something would fail."""
    faults = []
    versions = {}
    for name in NEEDED:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            faults.append(f"{name} is not installed")
    if sys.version_info < OLDEST_PYTHON:
        faults.append("Python 3.11 or newer is needed")
    for name in shipped():
        try:
            load(name)
        except ScenarioError as fault:
            faults.append(str(fault))
    if not shipped():
        faults.append("no scenarios came with this installation")
    folder = cache_folder()
    if warm:
        _warm()
    compiled = "warm" if folder is not None and any(folder.rglob("*.nbi")) else "cold"
    return {
        "recoverysim": package_version(),
        "commit": commit(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count(),
        "packages": versions,
        "compiled_rules": compiled if folder else "no folder to keep them in; each start compiles",
        "scenarios": list(shipped()),
        "offline": "ready: nothing is fetched while running",
        "dashboard": _dashboard(),
        "faults": faults,
        "healthy": not faults,
    }


def _dashboard() -> str:
    """Whether the dashboard can be opened, and without internet."""
    missing = [name for name in OF_THE_DASHBOARD if not _is_there(name)]
    if missing:
        return f"needs {', '.join(missing)}: pip install 'recoverysim[dashboard]'"
    return "ready, without internet"


def _is_there(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def _warm() -> None:
    """Compile every rule by living short lives, one of them in the network that few ask for."""
    from recoverysim.knowledge import central_values
    from recoverysim.studies.compare import compare
    from recoverysim.world import World

    compare(["baseline", "peer-introduction"], clients=20, years=1, repeats=2).headline()
    World(load("baseline").replace({"network.kind": "configuration"}), central_values(), 20, 1)
