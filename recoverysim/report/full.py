"""The report that is handed over: four parts, as one web page or as a Word document.

Every number is one of the `Answer`, as it stands there; settings are those of the scenarios.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.resources import files

from recoverysim import report_words as said
from recoverysim.report import blocks
from recoverysim.report.blocks import Block, Content, Part, printable
from recoverysim.report.set_here import settings_of
from recoverysim.report.the_answer import FEW, the_answer
from recoverysim.report.the_method import the_method
from recoverysim.report.the_pictures import the_pictures
from recoverysim.report.the_settings import the_settings
from recoverysim.scenario import Scenario
from recoverysim.shown import Answer

MOST_SCENARIOS = 4  # beside what they are compared with: so many colours and signs there are


@dataclass(frozen=True)
class Extras:
    """What a report needs beside the answer.

    `scenarios` in the order of the answer's worlds; `year` is the one that is told first, the last
    unless given; `parts` are those of `report_words.PARTS` that are wanted.
    """

    scenarios: tuple[Scenario, ...]
    year: int | None = None
    parts: tuple[str, ...] = tuple(said.PARTS)


def report(answer: Answer, extras: Extras) -> str:
    """The report as one HTML file: no script in it, and nothing from outside."""
    import jinja2

    template = files("recoverysim.report").joinpath("full.html").read_text("utf-8")
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        finalize=lambda text: printable(text) if type(text) is str else text,
    )  # fmt: skip
    kinds = {
        name: getattr(blocks, name) for name in ("Heading", "Words", "Points", "Image", "Code")
    }
    environment.tests |= {name.lower(): _is(kind) for name, kind in kinds.items()}
    return environment.from_string(template).render(content=content(answer, extras))


def _printable(answer: Answer) -> Answer:
    """The same, with names that pictures can draw too."""
    worlds = (dataclasses.replace(one, name=printable(one.name)) for one in answer.worlds)
    return dataclasses.replace(answer, worlds=tuple(worlds))


def _is(kind: type) -> Callable[[object], bool]:
    return lambda block: isinstance(block, kind)


def content(answer: Answer, extras: Extras) -> Content:
    """What stands in a report. ValueError for a year or a part that there is not, or for scenarios
    that are not those of the answer."""
    scenarios, year = extras.scenarios, extras.year or answer.years[-1]
    names = [one.name for one in answer.worlds]
    if [one.name for one in scenarios] != names:
        raise ValueError(
            f"the answer is of {', '.join(names)}: give these scenarios, in this order"
        )
    if year not in answer.years:
        raise ValueError(f"year should be one of {', '.join(map(str, answer.years))}; found {year}")
    if unknown := set(extras.parts) - set(said.PARTS):
        raise ValueError(f"parts should be of {', '.join(said.PARTS)}; found {', '.join(unknown)}")
    if len(names) > MOST_SCENARIOS + 1:
        raise ValueError(f"a report holds up to {MOST_SCENARIOS} scenarios; found {len(names) - 1}")
    answer = _printable(answer)
    names = [one.name for one in answer.worlds]
    settings = settings_of(scenarios)
    made: dict[str, Callable[[], Iterable[Block]]] = {
        "answer": lambda: the_answer(answer, scenarios, year, settings),
        "pictures": lambda: the_pictures(answer, year),
        "settings": lambda: the_settings(answer, scenarios, settings),
        "method": lambda: the_method(answer, scenarios, extras.year),
    }
    return Content(
        said.title(names[1:], names[0]),
        said.subtitle(answer.stamp["version"]),
        tuple(
            Part(name, title, tuple(made[name]()))
            for name, title in said.PARTS.items()
            if name in extras.parts
        ),
        subject=", ".join(names),
        keywords=("recovery", "mutual aid", "simulation"),
        many=len(names) - 1 > FEW,
    )
