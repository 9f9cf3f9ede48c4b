"""The same answer from a terminal, from Python, and as a scenario file: what is copied runs."""

from __future__ import annotations

import shlex

from recoverysim.dashboard.asked import Asked
from recoverysim.report.again import files
from recoverysim.scenario import Scenario

NOTE = "# After `make dashboard` the program is .venv/bin/recoverysim."
END = "END_OF_SCENARIO"


def scenario_file(asked: Asked) -> str:
    """The chosen scenario, with the area's numbers in it, as a file that `compare` takes."""
    chosen = asked.worlds()[asked.chosen + 1]
    made = files([chosen]).get(chosen.name)
    return f"{made.text}\n" if made else f"extends: {chosen.name}\nname: {chosen.name}-here\n"


def command(asked: Asked) -> str:
    """Lines for a shell: the files that are not shipped are written, then the worlds compared."""
    look = asked.look(quick=False)
    saved, plan = files(look.worlds), look.plan
    names = [saved[one.name].name if one.name in saved else one.name for one in look.worlds]
    parts = [f"cat > {one.name} <<'{END}'\n{one.text}\n{END}" for one in saved.values()]
    options = {
        "--baseline": names[0], "--definition": look.definition, "--clients": plan.clients,
        "--years": plan.years, "--repeats": plan.repeats, "--seed": plan.seed,
        "--knowledge": plan.knowledge,
    }  # fmt: skip
    words = [*names[1:], *(str(part) for pair in options.items() for part in pair)]
    return "\n".join([NOTE, *parts, shlex.join(["recoverysim", "compare", *words])]) + "\n"


def python(asked: Asked) -> str:
    """Lines of Python that compare the same worlds."""
    look = asked.look(quick=False)
    saved, plan = files(look.worlds), look.plan
    first, *others = (_made(world, own=world.name in saved) for world in look.worlds)
    options = (
        f"    definition={look.definition!r}, clients={plan.clients}, years={plan.years},\n"
        f"    repeats={plan.repeats}, seed={plan.seed}, knowledge={plan.knowledge!r},\n"
    )
    listed = "".join(f"        {one},\n" for one in others)
    return (
        "import recoverysim as rs\n\n"
        f"found = rs.compare(\n    [\n{listed}    ],\n    baseline={first},\n{options})\n"
        "print(found.headline())\n"
    )


def _made(world: Scenario, *, own: bool) -> str:
    if not own:
        return f"rs.load({world.name!r})"
    return f"rs.load('baseline').replace({world.differences()!r}, name={world.name!r})"
