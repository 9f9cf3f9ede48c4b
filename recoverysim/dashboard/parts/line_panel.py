"""The line from Edinburgh to London on the page, and the replay of the last change on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import solara

from recoverysim import dashboard_words as said
from recoverysim.dashboard.parts.pictured import Pictured, width_of
from recoverysim.dashboard.session import Session
from recoverysim.pictures.line import line, replay
from recoverysim.pictures.looks import look
from recoverysim.shown import Answer, World


@solara.component_vue("replay.vue")
def _Replay(
    words: dict[str, str],
    svgs: list[str],
    box: str,
    moves: list[list[Any]],
    radius: float,
    hue: str,
    told: str,
    event_end: Callable[[bool], None],
) -> None:
    """Dots that go from one picture to another and back, three times."""


@solara.component
def Line(session: Session, answer: Answer, year: int, world: int) -> None:
    """The line, today and the chosen scenario."""
    plain, width = session.pictured.value.asked.plain, width_of(session)

    def swinging() -> None:
        _swinging(session, answer, year, world)

    drawn = swinging if session.replays.value else None
    with solara.Div(classes=["with-switch"]):
        Pictured(session, line(answer, year, (0, world), width, plain), drawn)
        solara.Button(
            said.WITH_STATIONS if plain else said.WITHOUT_STATIONS,
            on_click=lambda: session.ask(replace(session.asked.value, plain=not plain)),
            classes=["plain-button", "small", "switch"],
        )


def _before(session: Session, answer: Answer) -> World | None:
    """The chosen world as it was before the last change, where it was looked at; else None."""
    was = session.before
    for quick in (answer.quick, not answer.quick):
        kept = session.desk.kept(was.look(quick=quick))
        if kept is not None and answer.years == kept.years:
            return kept.worlds[min(was.chosen + 1, len(kept.worlds) - 1)]
    return None


def _swinging(session: Session, answer: Answer, year: int, world: int) -> None:
    """The replay, from what was there before the last change, or from today."""
    was = _before(session, answer)
    before = 0
    if was is not None:
        answer, before = replace(answer, worlds=(*answer.worlds, was)), len(answer.worlds)
    made = replay(
        answer, year, before, world, width_of(session), session.pictured.value.asked.plain
    )
    sheet = made.after.sheet
    _Replay(
        words=said.REPLAY,
        svgs=[made.before.svg("picture"), made.after.svg("picture")],
        box=f"0 0 {sheet.width:g} {sheet.height:g}",
        moves=[list(move) for move in made.moves],
        radius=made.radius,
        hue=look(world).colour,
        told=made.after.description,
        event_end=lambda _: session.replays.set(0),
    )
