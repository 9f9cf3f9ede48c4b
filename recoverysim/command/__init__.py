"""The command line. Data goes to stdout, messages and progress to stderr."""

from __future__ import annotations

import signal
import sys
import traceback

from recoverysim.command import about, dashboard, reports, seeking, studies, sweeps, worlds
from recoverysim.command.app import BAD_INPUT, FAILED, INTERRUPTED, WRONG_USE, app
from recoverysim.command.speech import say, speak_plainly_where_needed

__all__ = ["about", "app", "dashboard", "main", "reports", "seeking", "studies", "sweeps", "worlds"]

# In the help the main job stands first.
IN_ORDER = (
    "compare",
    "dashboard",
    "report",
    "run",
    "journey",
    "sweep",
    "trial",
    "validate",
    "calibrate",
    "seek",
    "evidence",
    "bench",
    "doctor",
)
app.registered_commands.sort(key=lambda one: IN_ORDER.index(getattr(one.callback, "__name__", "")))

STOPPED = "Interrupted. Nothing half-written is left behind."


def main() -> None:
    """Run the command line, turning faults into sentences and exit codes."""
    debug = "--debug" in sys.argv
    arguments = [word for word in sys.argv[1:] if word != "--debug"]
    speak_plainly_where_needed()
    _stop_cleanly_when_told()
    try:
        app(args=arguments, standalone_mode=True)
    except KeyboardInterrupt:
        say(STOPPED)
        sys.exit(INTERRUPTED)
    except Exception as fault:
        if debug:
            traceback.print_exc()
        sys.exit(_explain(fault))


def _stop_cleanly_when_told() -> None:
    """To be told to end, or to lose the terminal, clears up as Ctrl-C does."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)


def _explain(fault: Exception) -> int:
    """Say what went wrong in a sentence; the exit code."""
    from recoverysim.plugins import PluginError, PluginFailed
    from recoverysim.scenario import ScenarioError
    from recoverysim.store.whole import FolderError
    from recoverysim.structure import NetworkError
    from recoverysim.studies.repeats import Interrupted
    from recoverysim.studies.room import NoRoom
    from recoverysim.studies.sweeps.cluster_faults import ClusterFault

    if isinstance(fault, Interrupted):
        say(str(fault) or STOPPED)
        return INTERRUPTED
    if isinstance(fault, ScenarioError | NetworkError | PluginError):
        say(str(fault))
        return BAD_INPUT
    if isinstance(fault, ValueError):
        say(str(fault))
        return WRONG_USE
    if isinstance(fault, ClusterFault | FolderError | NoRoom | PluginFailed | ImportError):
        say(str(fault))
        return FAILED
    if isinstance(fault, MemoryError):
        say("There is not enough memory for this run; ask for fewer clients or repeats.")
        return FAILED
    say(f"This run failed: {type(fault).__name__}: {fault}. Run it again with --debug for details.")
    return FAILED
