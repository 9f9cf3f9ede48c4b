"""Where all people are, month by month: stacked areas, or flows between years on request."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import solara

from recoverysim import lives_words as said
from recoverysim import words
from recoverysim.codes import WEEKS_A_YEAR
from recoverysim.dashboard.parts import html
from recoverysim.dashboard.parts.lives import totals_of
from recoverysim.panel import WEEKS_BETWEEN_WAVES
from recoverysim.picture_words import name
from recoverysim.pictures.sheet import Picture
from recoverysim.pictures.stages import sankey, stages
from recoverysim.shown import PLACES, Answer, Flows, Months
from recoverysim.shown_lives import Lives

AREAS, FLOWS = "areas", "flows"
WIDTHS = {"phone": 330.0, "tablet": 680.0, "wide": 820.0}  # px; else that of a laptop's half page
HALF_A_PAGE = 580.0


@solara.component
def StageFlow(lives: Lives, answer: Answer | None, world: int, size: str) -> None:
    """One picture for each world."""
    form, choose = solara.use_state(AREAS)
    width = WIDTHS.get(size, HALF_A_PAGE)
    with solara.Div(classes=["panel", "stage-flow"]):
        html("h2", escape(said.STAGE_FLOW))
        with solara.Div(classes=["choice"], attributes={"role": "group"}):
            for one, told in ((AREAS, said.AS_AREAS), (FLOWS, said.AS_FLOWS)):
                solara.Button(
                    told,
                    on_click=lambda one=one: choose(one),
                    classes=["tab", *(["on"] if one == form else [])],
                    attributes={"aria-pressed": str(one == form).lower()},
                )
        for row, number in enumerate((0, world)):
            called = name(number, lives.worlds[row].name)
            last = totals_of(lives, row, answer, number)[-1]
            if form == AREAS:
                picture = stages(months_of(lives, row, called, last), width)
            else:
                picture = sankey(flows_of(lives, row, called, last), width)
            _shown(picture, f"{form}-{row}")


def months_of(lives: Lives, row: int, called: str, last: list[int]) -> Months:
    """The totals of one world at whole months: those of the nearest week in which all were seen.

    `last` are those of the last month, as they are shown elsewhere.
    """
    totals = [*lives.worlds[row].totals[:-1], last]
    months = range(lives.year * 12 + 1)
    seen = [round(month * WEEKS_A_YEAR / 12 / WEEKS_BETWEEN_WAVES) for month in months]
    places = {
        place: tuple(float(totals[wave][number]) for wave in seen)
        for number, place in enumerate(PLACES)
    }
    return Months(called, tuple(months), places, lives.basis)


def flows_of(lives: Lives, row: int, called: str, last: list[int]) -> Flows:
    """The flows of one world between the years that are told.

    `last` are the totals of the last month, as they are shown elsewhere: the largest flow into a
    place is moved by the little (about one in 1,000) that makes the numbers the same.
    """
    flows = list(lives.worlds[row].flows)
    years = sorted({flow.year for flow in flows} | {lives.year})
    for place, total in zip(PLACES, last, strict=True):
        into = [flow for flow in flows if (flow.next_year, flow.next_place) == (lives.year, place)]
        rest = total - sum(flow.people for flow in into)
        if not into:
            continue
        most = max(into, key=lambda flow: flow.people)
        flows[flows.index(most)] = replace(most, people=most.people + rest)
    return Flows(called, tuple(years), tuple(flows), lives.basis)


def _shown(picture: Picture, key: str) -> None:
    """A picture with its title, and its numbers in a sentence."""
    html(
        "figure",
        f"<h3>{escape(picture.title)}</h3><p class='legend'>{escape(picture.subtitle)}</p>"
        f"{picture.svg(key)}<figcaption>{escape(picture.description)} "
        f"{escape(words.SIMULATED)}</figcaption>",
        "stage-picture",
    )
