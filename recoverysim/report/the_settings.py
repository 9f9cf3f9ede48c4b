"""Third part: every number that a scenario or the area sets, and where today's value is from."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from recoverysim import grounds
from recoverysim import report_words as said
from recoverysim.evidence import Figure
from recoverysim.report.blocks import Block, Heading, Points, Table, Words
from recoverysim.report.set_here import Setting, unit_of
from recoverysim.report.the_answer import FEW
from recoverysim.scenario import Scenario
from recoverysim.settings import all_quantities
from recoverysim.shown import Answer

SHORT = 60  # characters of a note, where many scenarios stand beside it


def the_settings(
    answer: Answer, scenarios: tuple[Scenario, ...], settings: list[Setting]
) -> Iterator[Block]:
    """The blocks of the third part."""
    yield Heading("What the worlds set")
    if settings:
        yield Words(said.EVERY_NUMBER)
        yield _table(answer, settings)
    else:
        yield Words(said.SAME)
    for one in scenarios:
        if lines := one.local_report():
            yield Heading(f"From local files: “{one.name}”")
            yield Points(tuple(line.strip() for line in lines))
    sources = {figure.id: figure for one in settings for figure in one.sources}
    if sources:
        yield Heading("Sources")
        yield Points(tuple(_source(figure) for _, figure in sorted(sources.items())))
    yield Heading("All other numbers")
    turned_on = grounds.of_every_answer()
    yield Words(said.turns_on(len(turned_on), grounds.count(grounds.by_grade(turned_on))))
    set_here = {one.key for one in settings}
    others = [key for key in all_quantities() if key not in set_here]
    yield Words(said.others(len(others), grounds.count(grounds.by_grade(others))))


def _table(answer: Answer, settings: list[Setting]) -> Table:
    base = answer.worlds[0].name
    first = "today" if base == "baseline" else base
    return Table(
        "Settings, world by world",
        ("setting", first, *(one.name for one in answer.worlds[1:]), "range seen", "rests on"),
        tuple(
            (
                _called(one, short=len(answer.worlds) - 1 > FEW),
                *one.values,
                one.seen,
                _rests_on(one),
            )
            for one in settings
        ),
        wide=True,
    )


def _rests_on(setting: Setting) -> str:
    """Grade, sources, and whether the value leaves what was seen."""
    sources = ", ".join(figure.id for figure in setting.sources)
    graded = f"{setting.grade}: {sources}" if sources else setting.grade
    return f"{graded}; {setting.flag}" if setting.flag else graded


def _called(setting: Setting, *, short: bool) -> str:
    about = "; ".join(filter(None, (unit_of(setting.key), setting.note)))
    if short:
        about = textwrap.shorten(about, SHORT, placeholder=" …")
    return f"{setting.key} ({about})" if about else setting.key


def _source(figure: Figure) -> str:
    return (
        f"{figure.id}: {figure.source}. {figure.quantity}: {figure.value}. Who: "
        f"{figure.population}. Checked: {figure.verification}."
    )
