"""The same answer from a terminal, from Python, and as a scenario file: what is copied runs."""

from __future__ import annotations

import json
import shlex
from typing import Any

from recoverysim.dashboard.asked import Asked
from recoverysim.scenario import Scenario, load, shipped

END = "END_OF_SCENARIO"


def scenario_file(asked: Asked) -> str:
    """The chosen scenario, with the area's numbers in it, as a file that `compare` takes."""
    return written(asked.worlds()[asked.chosen + 1])


def written(scenario: Scenario) -> str:
    """A scenario as a file: its name, and what it sets beside the declared values."""
    lines = ["extends: baseline", f"name: {scenario.name}"]
    if scenario.question:
        lines.append(f"question: {json.dumps(scenario.question, ensure_ascii=False)}")
    lines += [f"{key}: {_yaml(value)}" for key, value in scenario.differences().items()]
    return "\n".join(lines) + "\n"


def command(asked: Asked) -> str:
    """Lines for a shell: the files that are not shipped are written, then the worlds compared."""
    look = asked.look(quick=False)
    parts, names = [], []
    for world in look.worlds:
        if _is_shipped(world):
            names.append(world.name)
        else:
            names.append(f"{world.name}.yaml")
            parts.append(f"cat > {shlex.quote(names[-1])} <<'{END}'\n{written(world)}{END}")
    plan = look.plan
    options = {
        "--baseline": names[0], "--definition": look.definition, "--clients": plan.clients,
        "--years": plan.years, "--repeats": plan.repeats, "--seed": plan.seed,
        "--knowledge": plan.knowledge,
    }  # fmt: skip
    words = [*names[1:], *(str(part) for pair in options.items() for part in pair)]
    return "\n".join([*parts, shlex.join(["recoverysim", "compare", *words])]) + "\n"


def python(asked: Asked) -> str:
    """Lines of Python that compare the same worlds."""
    look = asked.look(quick=False)
    worlds = [_made(world) for world in look.worlds]
    plan = look.plan
    options = (
        f"    definition={look.definition!r}, clients={plan.clients}, years={plan.years},\n"
        f"    repeats={plan.repeats}, seed={plan.seed}, knowledge={plan.knowledge!r},\n"
    )
    others = "".join(f"        {one},\n" for one in worlds[1:])
    return (
        "import recoverysim as rs\n\n"
        f"found = rs.compare(\n    [\n{others}    ],\n    baseline={worlds[0]},\n{options})\n"
        "print(found.headline())\n"
    )


def _made(world: Scenario) -> str:
    if _is_shipped(world):
        return f"rs.load({world.name!r})"
    return f"rs.load('baseline').replace({world.differences()!r}, name={world.name!r})"


def _is_shipped(world: Scenario) -> bool:
    return world.name in shipped() and load(world.name).hash() == world.hash()


def _yaml(value: Any) -> str:
    """A value on one line, as scenario files take it."""
    if isinstance(value, list):
        return "[" + ", ".join(_yaml(one) for one in value) + "]"
    if isinstance(value, dict):
        kept = {key: one for key, one in value.items() if one is not None}
        return "{" + ", ".join(f"{key}: {_yaml(one)}" for key, one in kept.items()) + "}"
    if isinstance(value, float):
        return repr(value) if "e" not in repr(value) else f"{value:.12f}"
    return json.dumps(value)
