"""Plug-ins: a mechanism, a lever or an outcome of your own, in a file outside the package.

A plug-in is a Python file that declares numbers as the model does (`parameters`), a function that
is called at the beginning of every week (`mechanism`), or one that is asked at every reported year
(`outcome`). It is loaded by `load`, by ``--plugin`` on the command line, or stands in the script
that runs the model. `docs/plugins.md` shows one.

A plug-in is a program: it may do whatever its user may do. Load none that you would not run.
"""

from recoverysim.plugins.faults import PluginError, PluginFailed
from recoverysim.plugins.registry import (
    Mechanism,
    Outcome,
    Plugin,
    load,
    loaded,
    mechanism,
    outcome,
    outcomes,
    parameters,
    unload,
)
from recoverysim.plugins.view import Now, Week
from recoverysim.plugins.world import Plugged, plug_in
from recoverysim.quantities import by, quantity

__all__ = [
    "Mechanism", "Now", "Outcome", "Plugged", "Plugin", "PluginError", "PluginFailed", "Week", "by",
    "load", "loaded", "mechanism", "outcome", "outcomes", "parameters", "plug_in", "quantity",
    "unload",
]  # fmt: skip
