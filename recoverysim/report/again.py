"""The code that makes an answer again: a command, lines of Python, and scenario files to save.

What comes with the program is named; any other scenario is written out as a file, so that whoever
has only the report can run it. Files of an area and networks stay with their owners: they are
named with their SHA-256.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from recoverysim import report_words as said
from recoverysim.scenario import Scenario, ScenarioError, load, shipped
from recoverysim.settings import Change
from recoverysim.shown import Answer


class Saved(NamedTuple):
    """A scenario file to save under a name, and what it needs beside it."""

    name: str
    text: str
    needs: tuple[str, ...]


class Again(NamedTuple):
    """All that is needed to run it again."""

    files: tuple[Saved, ...]
    plugins: tuple[str, ...]
    command: str
    python: str


def again(answer: Answer, scenarios: Sequence[Scenario], year: int | None = None) -> Again:
    """How to make this answer again; `scenarios` in the order of its worlds, `year` the one that
    was asked to be told first."""
    laid_over = _laid_over(scenarios)
    saved = {} if laid_over is not None else files(scenarios)
    names = [saved[one.name].name if one.name in saved else one.name for one in scenarios]
    stamp = answer.stamp
    plan = {
        "clients": stamp["clients"], "years": stamp["years"], "repeats": answer.of,
        "seed": stamp["seed"],
    }  # fmt: skip
    words = {"knowledge": stamp["knowledge"], "definition": answer.definition}
    plugins = stamp.get("plugins", {})
    command = ["recoverysim", "report", *names[1:], "--baseline", names[0]]
    for key, value in (laid_over or {}).items():
        command += ["--set", f"{key}={_yaml(value)}"]
    for name in plugins:
        command += ["--plugin", f"{name}.py"]
    if year is not None:
        command += ["--year", str(year)]
    for key, option in (plan | words).items():
        command += [f"--{key}", str(option)]
    return Again(
        tuple(saved.values()),
        tuple(said.with_plugin(name, sha256 or "unknown") for name, sha256 in plugins.items()),
        shlex.join([*command, "--out", "report.html"]),
        _python(names, laid_over or {}, list(plugins), plan | words, year),
    )


def _python(
    names: list[str],
    laid_over: dict[str, Any],
    plugins: list[str],
    plan: dict[str, Any],
    year: int | None,
) -> str:
    lines = ["from pathlib import Path", "import recoverysim as rs"]
    lines += [f"rs.plugins.load({f'{name}.py'!r})" for name in plugins]
    worlds, base = repr(names[1:]), repr(names[0])
    if laid_over:
        lines.append(f"changed = {laid_over!r}")
        worlds = f"[rs.load(name).replace(changed) for name in {names[1:]!r}]"
        base = f"rs.load({names[0]!r}).replace(changed)"
    options = ", ".join(f"{key}={value!r}" for key, value in plan.items())
    lines.append(f"answer = rs.compare(\n    {worlds}, baseline={base},\n    {options},\n)")
    told = "" if year is None else f"year={year}"
    lines.append(f'Path("report.html").write_text(answer.report({told}), encoding="utf-8")')
    return "\n".join(lines)


def _laid_over(scenarios: Sequence[Scenario]) -> dict[str, Any] | None:
    """What was laid over shipped scenarios to give these, nothing being `{}`; None where more than
    that makes them."""
    altered = {one.altered for one in scenarios}
    if len(altered) > 1 or not all(one.name in shipped() for one in scenarios):
        return None
    keys = {said.partition("=")[0] for said in altered.pop()}
    flat = scenarios[0].differences()
    laid_over = {key: _without_defaults(flat[key]) for key in sorted(keys) if key in flat}
    with suppress(ScenarioError):
        made = [load(one.name) for one in scenarios]
        if laid_over:
            made = [one.replace(laid_over) for one in made]
        if all(mine.hash() == theirs.hash() for mine, theirs in zip(made, scenarios)):
            return laid_over
    return None


def files(scenarios: Sequence[Scenario]) -> dict[str, Saved]:
    """A file for each scenario that does not come with the program as it is."""
    found: dict[str, Saved] = {}
    for one in scenarios:
        if one.name in shipped() and load(one.name).hash() == one.hash():
            continue
        stem = re.sub(r"[^a-z0-9]+", "-", one.name.lower()).strip("-")[:40] or "scenario"
        taken = {saved.name for saved in found.values()}
        while f"{stem}.yaml" in taken or stem in shipped():
            stem += "-here"
        found[one.name] = Saved(f"{stem}.yaml", *_written(one, stem))
    return found


def _written(scenario: Scenario, stem: str) -> tuple[str, tuple[str, ...]]:
    """A scenario as a file, which gives the same scenario, and the files that it needs."""
    lines = [
        f"{key}: {_yaml(value)}"
        for key in ("name", "against", "question", "description")
        if (value := getattr(scenario, key))
    ]
    needs = []
    for local in scenario.local:
        name = f"{stem}-{local.kind}.csv"
        lines.append(f"{local.key}: {_yaml(name)}")
        needs.append(said.beside_it(name, local.sha256))
    if scenario.network_file is not None:
        name = f"{stem}-network{scenario.network_file.suffix}"
        lines.append(f"network.file: {_yaml(name)}")
        needs.append(said.beside_it(name, scenario.network_sha256 or "unknown"))
    elif scenario.network != Scenario.network:
        lines.append(f"network.kind: {_yaml(scenario.network)}")
    lines += [f"{key}: {_yaml(_content(several))}" for key, several in scenario.changes]
    lines += [f"mechanisms.{name}: {_yaml(on)}" for name, on in scenario.mechanisms]
    return "\n".join(lines), tuple(needs)


def _content(several: tuple[Change, ...]) -> Any:
    if len(several) == 1 and several[0] == Change(several[0].value):
        return several[0].value
    return _without_defaults([change._asdict() for change in several])


def _without_defaults(value: Any) -> Any:
    """Changes over time as short as they can be written."""
    if not isinstance(value, list):
        return value
    return [
        {key: inner for key, inner in one.items() if key == "value" or inner not in (0, None)}
        for one in value
    ]


def _yaml(value: Any) -> str:
    """A value on one line, as scenario files and --set take it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_yaml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_yaml, value)) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return json.dumps(value) if isinstance(value, bool | int) else repr(float(value))
