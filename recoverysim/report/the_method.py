"""Fourth part: how it was worked out and checked, and how to make it again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from recoverysim import report_words as said
from recoverysim import words
from recoverysim.evidence.validated import Missed, validated
from recoverysim.report.again import again
from recoverysim.report.blocks import Block, Code, Heading, Table, Words
from recoverysim.scenario import Scenario
from recoverysim.shown import Answer


def the_method(
    answer: Answer, scenarios: tuple[Scenario, ...], year: int | None
) -> Iterator[Block]:
    """The blocks of the fourth part."""
    yield Heading("Method")
    yield Words(f"{said.METHOD} {said.WORLDS} {said.MONEY}")
    yield from _checks()
    yield Heading("How to make it again")
    found = again(answer, scenarios, year)
    for saved in found.files:
        yield Words(said.save_as(saved.name))
        yield Code(saved.text)
        yield from map(Words, saved.needs)
    yield from map(Words, found.plugins)
    if answer.done < answer.of:
        yield Words(said.STOPPED_BEFORE.format(of=words.several(answer.of, "repeat")))
    yield Words(said.in_terminal())
    yield Code(found.command)
    yield Words(said.in_python())
    yield Code(found.python)
    yield Heading("Citation, licence and stamp")
    yield Words(said.citation(answer.stamp["version"]))
    yield _stamp(answer)


def _checks() -> Iterator[Block]:
    found = validated()
    yield Heading("Checks")
    yield Words(
        f"{said.checked(found.met, found.figures, found.of('test').met, found.of('test').figures)}"
        f" {said.MET}"
    )
    yield Table(
        f"Published figures, each study simulated {found.simulated_times} times",
        ("figures", "how many", "met", "missed"),
        tuple(
            (said.KINDS[one.kind], str(one.figures), str(one.met), str(one.figures - one.met))
            for one in found.kinds
        ),
    )
    yield Words(said.MISSED)
    by_study = groupby(sorted(found.missed, key=lambda one: one.study), lambda one: one.study)
    yield Words("; ".join(_missed(study, list(rows)) for study, rows in by_study) + ".", "soft")


def _missed(study: str, rows: list[Missed]) -> str:
    return f"{study}: " + ", ".join(
        f"{_in_short(one.measure)} {one.published} / {one.simulated}" for one in rows
    )


def _in_short(measure: str) -> str:
    """What is measured, without its weeks and sub-groups."""
    return measure.partition(" (")[0]


def _stamp(answer: Answer) -> Table:
    stamp = answer.stamp
    libraries = ", ".join(f"{name} {version}" for name, version in stamp["dependencies"].items())
    local = {
        f"{one['kind']} of {name}": one["sha256"]
        for name, files in stamp.get("local_data", {}).items()
        for one in files
    }
    rows = [
        ("program", f"recoverysim {stamp['version']}, commit {said.made_by(stamp['commit'])}"),
        ("run", answer.basis),
        ("random numbers", str(stamp["random_numbers"])),
        ("SHA-256 of the parameter sets", stamp["parameters"]),
        ("SHA-256 of scenarios", _hashes(stamp["scenarios"])),
    ]
    if local:
        rows.append(("SHA-256 of local files", _hashes(local)))
    if plugins := stamp.get("plugins"):
        rows.append(("SHA-256 of plug-ins", _hashes(plugins)))
    return Table("What made these numbers", ("what", "which"), (*rows, ("libraries", libraries)), 2)


def _hashes(found: Mapping[str, str | None]) -> str:
    return ", ".join(f"{name} {digest or 'unknown'}" for name, digest in found.items())
