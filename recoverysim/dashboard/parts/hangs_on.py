"""Parts of the model to be switched off, and what the answer hangs on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from html import escape
from typing import Any

import solara

from recoverysim import dashboard_page_words as said
from recoverysim.dashboard.asked import Asked
from recoverysim.dashboard.jobs import WORKING, Progress, Step
from recoverysim.dashboard.parts import guarded, html
from recoverysim.dashboard.parts.pictured import Pictured, width_of
from recoverysim.dashboard.parts.running import Running
from recoverysim.dashboard.session import Session
from recoverysim.dashboard.work import whys
from recoverysim.dashboard.work.looks import Look
from recoverysim.pictures.switched_off import Row, switched_off
from recoverysim.settings import MECHANISMS
from recoverysim.studies.switches import AS_ASKED, Switched

KEY = "mechanisms."


def title_of(mechanism: str) -> str:
    """How a part of the model is called."""
    if not mechanism:
        return said.NOTHING_OFF
    return said.PARTS.get(mechanism, mechanism.replace("_", " "))


def parts_in_order() -> list[str]:
    """All parts of the model, those that touch the question of linking first."""
    return [*said.PARTS_FIRST, *(one for one in MECHANISMS if one not in said.PARTS_FIRST)]


def are_off(asked: Asked) -> set[str]:
    """The parts that are switched off in every world."""
    return {key.removeprefix(KEY) for key, on in asked.area if key.startswith(KEY) and not on}


def switched(asked: Asked, mechanism: str, on: bool) -> Asked:
    """What is asked with a part on or off in every world."""
    area = dict(asked.area)
    area.pop(KEY + mechanism, None)
    if not on:
        area[KEY + mechanism] = False
    return replace(asked, area=tuple(sorted(area.items())))


@solara.component_vue("switches.vue")
def _Switches(
    words: dict[str, str],
    first: list[dict[str, Any]],
    more: list[dict[str, Any]],
    event_set: Callable[[list[Any]], None],
    event_all_on: Callable[[Any], None],
) -> None:
    """A switch for each part of the model."""


@solara.component
def Switches(session: Session) -> None:
    """Which parts of the model are on."""
    asked = session.asked.value
    off = are_off(asked)
    by_scenario = {
        name for world in asked.worlds() for name, on in world.mechanisms if not on
    } - off  # fmt: skip

    def block(name: str) -> dict[str, Any]:
        told = MECHANISMS[name]
        return {
            "name": name, "title": title_of(name), "told": told[0].upper() + told[1:] + ".",
            "on": name not in off | by_scenario, "fixed": name in by_scenario,
        }  # fmt: skip

    def flip(what: list[Any]) -> None:
        name, on = str(what[0]), bool(what[1])
        if name in MECHANISMS:
            session.ask(switched(session.asked.value, name, on))

    def all_on(_: Any = None) -> None:
        kept = [pair for pair in session.asked.value.area if not pair[0].startswith(KEY)]
        session.ask(replace(session.asked.value, area=tuple(kept)))

    blocks = [block(name) for name in parts_in_order()]
    many = len(said.PARTS_FIRST)
    with solara.Div(classes=["panel"], attributes={"data-test": "switches"}):
        html("h2", said.SWITCHES_TITLE)
        html("p", said.SWITCHES_TOLD, "hint")
        _Switches(
            words=said.SWITCHES, first=blocks[:many], more=blocks[many:], event_set=flip,
            event_all_on=all_on,
        )  # fmt: skip


@solara.component
def HangsOn(session: Session, world: int) -> None:
    """Each part switched off in turn, beside the answer with all of them on."""
    asked = session.asked.value
    job = session.job("switches")
    now = job.progress.value
    looks = {exact: asked.look(quick=not exact) for exact in (False, True)}
    keys = {f"{world} {one.key}": one for one in looks.values()}

    def begin(exact: bool) -> None:
        look = looks[exact]
        off = are_off(asked)
        names = [AS_ASKED, *(name for name in parts_in_order() if name not in off)]
        steps = [Step(whys.switch, (look, world, name)) for name in names]
        job.begin(f"{world} {look.key}", steps)

    with solara.Div(classes=["panel"], attributes={"data-test": "in-turn"}):
        html("h2", said.IN_TURN_TITLE)
        html("p", said.IN_TURN_TOLD, "hint")
        labels = ((said.IN_TURN, False), (said.CLOSER, True))
        Running(
            "switches", job,
            [
                (f"{label} ({_of(looks[exact])})", partial(begin, exact))
                for label, exact in labels
            ],
            now.key not in keys,
        )  # fmt: skip
    if now.found and now.key in keys:
        guarded(_Found, session, now, keys[now.key], world)


def _of(look: Look) -> str:
    return said.basis(look.plan.clients, look.plan.repeats)


@solara.component
def _Found(session: Session, now: Progress, look: Look, world: int) -> None:
    """The picture of what was found, then by how much each part moves it."""
    asked, found = session.asked.value, now.found
    rows = in_order(rows_of(found, asked.year))
    called = look.worlds[world].name
    width = width_of(session)
    drawn = [row for row in rows if not row.mechanism or moves_it(row)]
    Pictured(session, switched_off(drawn, called, world, _of(look) + ".", width))
    if now.state != WORKING and len(rows) > 1:
        _moves(rows[1:])


def rows_of(found: Sequence[Switched], year: int) -> list[Row]:
    """What was found in one year, as the picture takes it."""
    rows = []
    for one in found:
        card, moved = one.of(year)
        by = None if moved is None else (moved.by, moved.low, moved.high)
        rows.append(Row(one.mechanism, title_of(one.mechanism), card, by))
    return rows


def in_order(rows: Sequence[Row]) -> list[Row]:
    """As it was asked, then the parts that move the answer most."""
    return sorted(
        rows, key=lambda row: (bool(row.mechanism), -abs(row.moved[0] if row.moved else 0))
    )


def moves_it(row: Row) -> bool:
    """Whether anything at all changes with this part."""
    return row.moved is not None and any(row.moved)


def _moves(rows: Sequence[Row]) -> None:
    """A table: the difference with each part off, by how much it moves, and whether that is so."""
    body, that_do = "", []
    still = [row.called for row in rows if not moves_it(row)]
    for row in filter(moves_it, rows):
        moved = row.moved or (0.0, None, None)
        verdict = said.moves(*moved)
        if verdict == said.MOVES_IT:
            that_do.append(row.called)
        cells = (
            said.ranged(row.card.difference, row.card.low, row.card.high),
            said.ranged(*moved), verdict,
        )  # fmt: skip
        body += f"<tr><th scope='row'>{escape(row.called)}</th>" + "".join(
            f"<td>{escape(cell)}</td>" for cell in cells
        )
        body += "</tr>"
    heads = "".join(f"<th scope='col'>{escape(head)}</th>" for head in said.MOVES_HEADS)
    with solara.Div(classes=["panel", "moves"], attributes={"data-test": "moves"}):
        html("h2", said.MOVES_TITLE)
        html("p", escape(said.moves_in_all(that_do, len(rows))))
        if still:
            html("p", escape(said.moves_nothing(still)), "hint")
        html(
            "div",
            f"<table><caption class='unseen'>{said.MOVES_TITLE}</caption>"
            f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>",
            "scroller", tabindex="0", role="region", **{"aria-label": said.MOVES_TITLE},
        )  # fmt: skip
