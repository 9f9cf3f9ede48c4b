"""Where all people are, month by month: stacked areas, or flows between years on request."""

from __future__ import annotations

from html import escape

import solara

from recoverysim import lives_words as said
from recoverysim import words
from recoverysim.codes import WEEKS_A_YEAR
from recoverysim.dashboard.parts import html
from recoverysim.panel import WEEKS_BETWEEN_WAVES
from recoverysim.picture_words import name
from recoverysim.pictures.sheet import Picture
from recoverysim.pictures.stages import sankey, stages
from recoverysim.shown import PLACES, Flows, Months
from recoverysim.shown_lives import Lives

AREAS, FLOWS = "areas", "flows"
WIDTHS = {"phone": 330.0, "tablet": 680.0, "wide": 820.0}  # px; else that of a laptop's half page
HALF_A_PAGE = 580.0


@solara.component
def StageFlow(lives: Lives, world: int, size: str) -> None:
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
        for number, each in ((0, 0), (1, world)):
            _shown(_picture(lives, number, each, form, width), f"{form}-{number}")


def _picture(lives: Lives, number: int, world: int, form: str, width: float) -> Picture:
    return stages(months_of(lives, number, world), width) if form == AREAS else sankey(
        flows_of(lives, number, world), width
    )  # fmt: skip


def months_of(lives: Lives, number: int, world: int = 1) -> Months:
    """The totals of one world at whole months: those of the nearest week in which all were seen."""
    totals = lives.worlds[number].totals
    months = range(lives.year * 12 + 1)
    seen = [round(month * WEEKS_A_YEAR / 12 / WEEKS_BETWEEN_WAVES) for month in months]
    return Months(
        name(number and world, lives.worlds[number].name),
        tuple(months),
        {
            place: tuple(totals[wave][row] for wave in seen)
            for row, place in enumerate(PLACES)
            if place != "died"
        },
        lives.basis,
    )


def flows_of(lives: Lives, number: int, world: int = 1) -> Flows:
    """The flows of one world between the years that are told."""
    flows = lives.worlds[number].flows
    years = sorted({flow.year for flow in flows} | {lives.year})
    return Flows(
        name(number and world, lives.worlds[number].name), tuple(years), flows, lives.basis
    )


def _shown(picture: Picture, key: str) -> None:
    """A picture with its title, and its numbers in a sentence."""
    html(
        "figure",
        f"<h3>{escape(picture.title)}</h3><p class='legend'>{escape(picture.subtitle)}</p>"
        f"{picture.svg(key)}<figcaption>{escape(picture.description)} "
        f"{escape(words.SIMULATED)}</figcaption>",
        "stage-picture",
    )
