"""What is asked for on a command line: scenarios by name, and values laid over them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverysim.codes import WEEKS_A_YEAR
from recoverysim.command.speech import say

if TYPE_CHECKING:
    from pathlib import Path

    from recoverysim.plan import Plan
    from recoverysim.scenario import Scenario

SHORT = 200_000_000  # weeks of people: some ten seconds, which need no announcement
LONG_ENOUGH_TO_SAY = 60  # seconds


def load_plugins(files: list[Path] | None) -> None:
    """Load every --plugin, before scenarios are read that set its numbers."""
    if files:
        from recoverysim.plugins import load

        for file in files:
            load(file)


def load_all(names: list[str], settings: list[str] | None) -> list[Scenario]:
    """Scenarios by name or path, with every --set laid over them."""
    from recoverysim.scenario import load

    differences = settings_of(settings)
    scenarios = [load(name) for name in names]
    return [one.replace(differences, told="--set") if differences else one for one in scenarios]


def say_how_long(
    scenarios: list[Scenario], plan: Plan, quiet: bool, *, journeys_of: int = 0, times: int = 1
) -> None:
    """Before a long run starts, about how long it will take here; NoRoom where it cannot start.

    `times` says how many worlds of about that size each scenario is lived in, one after another.
    """
    weeks = plan.clients * plan.repeats * plan.years * WEEKS_A_YEAR * len(scenarios) * times
    if quiet or weeks < SHORT:
        return
    from recoverysim.studies.room import refuse_what_does_not_fit
    from recoverysim.studies.time_needed import in_words, seconds_needed

    refuse_what_does_not_fit(plan, scenarios=len(scenarios), journeys_of=journeys_of)
    seconds = times * sum(seconds_needed(scenario, plan) for scenario in scenarios)
    if seconds >= LONG_ENOUGH_TO_SAY:
        say(
            f"This will take about {in_words(seconds)} on this machine, if nothing else is at work."
        )


def settings_of(settings: list[str] | None) -> dict[str, Any]:
    """What every --set lays over the scenarios, by dotted key."""
    return dict(_setting(one) for one in settings or [])


def _setting(text: str) -> tuple[str, Any]:
    from recoverysim import yaml_strictly

    key, sign, value = text.partition("=")
    if not sign:
        raise ValueError(f"--set {text}: write KEY=VALUE, for example linkage.peer.fidelity=1")
    top = yaml_strictly.read_text(f"value: {value}", f"--set {text}")
    if set(top.content) != {"value"}:
        raise ValueError(f"--set {key}: give one value, on one line")
    return key.strip(), _plain(top.content["value"])


def _plain(value: Any) -> Any:
    """A value read strictly, without its lines."""
    content = value.content
    if isinstance(content, dict):
        return {key: _plain(inner) for key, inner in content.items()}
    return [_plain(inner) for inner in content] if isinstance(content, list) else content
