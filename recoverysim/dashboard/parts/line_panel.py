"""The line from Edinburgh to London on the page, and the replay of the last change on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import solara

from recoverysim import dashboard_words as said
from recoverysim.dashboard.parts.pictured import Pictured, width_of
from recoverysim.dashboard.session import Session
from recoverysim.pictures.line import line, moves
from recoverysim.pictures.looks import look
from recoverysim.pictures.sheet import Disc
from recoverysim.shown import Answer


@solara.component_vue("replay.vue")
def _Replay(
    words: dict[str, str],
    svg: str,
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
    plain, width = session.asked.value.plain, width_of(session)
    before = _before(session, answer, world) if session.replays.value else None
    drawn = None
    if before is not None:
        pair = replace(answer, worlds=(before, answer.worlds[world]))

        def drawn() -> None:
            _swinging(session, pair, year, width, plain, world)

    with solara.Div(classes=["with-switch"]):
        Pictured(session, line(answer, year, (0, world), width, plain), drawn)
        solara.Button(
            said.WITH_STATIONS if plain else said.WITHOUT_STATIONS,
            on_click=lambda: session.ask(replace(session.asked.value, plain=not plain)),
            classes=["plain-button", "small", "switch"],
        )


def _before(session: Session, answer: Answer, world: int) -> Any:
    """The chosen world as it was before the last change, where it was looked at; else today's."""
    was = session.before.value
    for quick in (answer.quick, not answer.quick):
        kept = session.desk.kept(was.look(quick=quick))
        if kept is not None and answer.years == kept.years:
            return kept.worlds[min(was.chosen + 1, len(kept.worlds) - 1)]
    return answer.worlds[0]


def _swinging(
    session: Session, pair: Answer, year: int, width: int, plain: bool, world: int
) -> None:
    picture = line(replace(pair, worlds=pair.worlds[1:] * 2), year, (0,), width, plain)
    sheet = picture.sheet
    radius = next(one.radius for one in sheet.marks if isinstance(one, Disc) and "dot" in one.css)
    _Replay(
        words=said.REPLAY,
        svg=picture.svg("picture"),
        box=f"0 0 {sheet.width:g} {sheet.height:g}",
        moves=[list(move) for move in moves(pair, year, 0, 1, width, plain)],
        radius=radius,
        hue=look(world).colour,
        told=picture.description,
        event_end=lambda _: session.replays.set(0),
    )
