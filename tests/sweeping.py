"""What tests of sweeps share: a plan of tiny runs, and a plug-in that makes trouble."""

import subprocess
import sys
from pathlib import Path

TINY = {
    "question": "Do sweeps lose nothing?",
    "scenarios": ["baseline", "peer-introduction"],
    "design": "grid",
    "factors": {
        "linkage.peer.fidelity": {"values": [0.2, 0.6, 1]},
        "mechanisms.company": {"values": [True, False]},
    },
    "clients": 30,
    "years": 1,
    "repeats": 5,
    "measures": ["in_recovery", "deaths", "attending"],
}

# By the number that a scenario sets: a run that raises, crashes, hangs, or eats memory.
TROUBLE = """
import os, time
import numpy as np
from recoverysim.plugins import Week, mechanism, parameters, quantity

parameters("trouble", kind=quantity(0, "code", bounds=(0, 4)))


@mechanism("makes trouble")
def trouble(week: Week) -> None:
    kind = int(week.today.trouble.kind)
    if kind == 1:
        raise ValueError("as it was asked to")
    if kind == 2:
        os.abort()
    if kind == 3:
        time.sleep(600)
    if kind == 4:
        kept = []
        while True:
            kept.append(np.ones(2**23))
"""


def in_yaml(plan: dict) -> str:
    """A plan as a file; JSON is YAML."""
    import json

    return "\n".join(f"{key}: {json.dumps(value)}" for key, value in plan.items())


def write_plan(folder: Path, plan: dict) -> Path:
    path = folder / "plan.yaml"
    path.write_text(in_yaml(plan))
    return path


def command(*words: object) -> list[str]:
    run = "from recoverysim.command import main; main()"
    return [sys.executable, "-c", run, "sweep", *map(str, words)]


def sweep_command(*words: object, **given) -> subprocess.CompletedProcess:
    return subprocess.run(
        command(*words), capture_output=True, text=True, timeout=300, **given
    )  # fmt: skip
