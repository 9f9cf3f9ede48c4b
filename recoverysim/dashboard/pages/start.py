"""Start: what this is, and what it says."""

from __future__ import annotations

from functools import partial
from html import escape

import solara

from recoverysim import dashboard_page_words as said
from recoverysim import grounds
from recoverysim.dashboard.parts import guarded, html
from recoverysim.dashboard.parts.results import Drawn, Sentence, world_of
from recoverysim.dashboard.session import Session
from recoverysim.evidence.validated import validated
from recoverysim.pictures.line import line

LIMITS_SHOWN = 4


def limits() -> tuple[str, ...]:
    """What has to be known before a number is used, with today's counts."""
    grades, checks = grounds.by_grade(), validated()
    return said.limits(
        grades["assumed"], sum(grades.values()), checks.figures - checks.met, checks.figures
    )


@solara.component
def Start(session: Session) -> None:
    """The answer first, then where to go, and what it is for."""
    with solara.Div(classes=["page", "start-page"]):
        html("h1", said.START_TITLE)
        html("p", said.START_TOLD, "lead")
        guarded(Sentence, session)
        guarded(Doors, session)
        guarded(Picture, session)
        guarded(Limits, session)


@solara.component
def Doors(session: Session) -> None:
    """Three ways on."""
    html("h2", said.DOORS_TITLE, "doors-title")
    with solara.Div(classes=["doors"]):
        for path, who, where, told in said.DOORS:
            with solara.Div(classes=["panel", "door"]):
                html("h3", escape(who))
                html("p", escape(told))
                solara.Button(
                    said.go_to(where), on_click=partial(session.go, path),
                    classes=["plain-button", "main-button"], attributes={"data-door": path},
                )  # fmt: skip


@solara.component
def Picture(session: Session) -> None:
    """The way from Edinburgh to London, today and with the change."""
    answer, asked = session.view.value.answer, session.asked.value
    if answer is None:
        return
    world = world_of(session, answer)
    guarded(
        Drawn, session, lambda width: line(answer, asked.year, (0, world), width, asked.plain)
    )  # fmt: skip


@solara.component
def Limits(session: Session) -> None:
    """For, not for, and what has to be known before a number is used."""
    sections = "".join(
        f"<section class='{name}' data-test='{name}'><h2>{title}</h2>{_list(lines)}</section>"
        for title, lines, name in (
            (said.FOR_TITLE, said.FOR, "for"),
            (said.NOT_FOR_TITLE, said.NOT_FOR, "not-for"),
        )
    )
    with solara.Div(classes=["two"]):
        html("div", sections, "panel")
        with solara.Div(classes=["panel", "limits"], attributes={"data-test": "limits"}):
            html("h2", said.LIMITS_TITLE)
            html("div", _list(limits()[:LIMITS_SHOWN]))
            solara.Button(
                said.MORE_LIMITS, on_click=partial(session.go, "about"), classes=["plain-button"]
            )


def _list(lines: tuple[str, ...]) -> str:
    return "<ul>" + "".join(f"<li>{escape(one)}</li>" for one in lines) + "</ul>"
