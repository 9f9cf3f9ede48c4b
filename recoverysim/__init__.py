"""recoverysim: simulated journeys out of addiction, and what linking people to mutual aid changes.

The public names; each is imported when it is first used, so that starting is quick.
"""

from importlib import import_module
from typing import Any

_WHERE = {
    "Client": "model",
    "Plan": "plan",
    "QuickLook": "studies.quick_look",
    "RecoveryModel": "model",
    "Scenario": "scenario",
    "Sweep": "studies.sweeps.results",
    "ScenarioError": "scenario",
    "compare": "studies.compare",
    "load": "scenario",
    "run": "studies.result",
    "seek": "studies.seek",
    "sweep": "studies.sweeps.sweep",
}

__all__ = [
    "Client", "Plan", "QuickLook", "RecoveryModel", "Scenario", "ScenarioError", "Sweep",
    "compare", "dashboard", "load", "plugins", "run", "seek", "sweep",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in ("dashboard", "plugins"):
        return import_module(f"recoverysim.{name}")
    if name not in _WHERE:
        raise AttributeError(f"recoverysim has no {name!r}; it has {', '.join(__all__)}")
    module = import_module(f"recoverysim.{_WHERE[name]}")
    globals()[name] = getattr(module, name)  # a submodule of the same name does not hide it
    return globals()[name]


def __dir__() -> list[str]:
    return __all__
