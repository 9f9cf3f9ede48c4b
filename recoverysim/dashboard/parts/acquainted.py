"""Who knows whom in each world, and the numbers that stand behind it."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import solara

from recoverysim import dashboard_page_words as said
from recoverysim import picture_words
from recoverysim.dashboard.jobs import DONE, FAILED, IDLE, WORKING, Step
from recoverysim.dashboard.jobs import STOPPED as JOB_STOPPED
from recoverysim.dashboard.parts import html
from recoverysim.dashboard.parts.hangs_on import are_off
from recoverysim.dashboard.parts.pictured import Pictured, width_of
from recoverysim.dashboard.parts.running import Running
from recoverysim.dashboard.session import EXACT, STOPPED, Session
from recoverysim.dashboard.work import whys
from recoverysim.pictures.who_knows_whom import network
from recoverysim.plan import Plan
from recoverysim.shown import Answer
from recoverysim.studies.switches import AS_ASKED, Switched

FRIENDS = "company"


@solara.component
def Acquainted(session: Session, answer: Answer, world: int, friends: bool = False) -> None:
    """The same people in both worlds; begun by itself once the answer stands. `friends`: with the
    difference as it would be with friends switched off."""
    asked, view = session.asked.value, session.view.value
    job = session.job("network and friends" if friends else "network")
    now = job.progress.value
    exact = asked.look(quick=False)
    shown = replace(exact, worlds=(exact.worlds[0], exact.worlds[world]))
    key = f"{world} {asked.year} {exact.key}"
    settled = view.state in (EXACT, STOPPED) and view.asked == asked

    def begin() -> None:
        steps = [Step(whys.network, (shown, asked.year))]
        if friends and FRIENDS not in are_off(asked):
            steps += [Step(whys.switch, (exact, world, name)) for name in (AS_ASKED, FRIENDS)]
        job.begin(key, steps)

    solara.use_effect(lambda: begin() if settled and now.key != key else None, [settled, key])
    stale = now.key != key and now.state != IDLE
    if now.state != DONE or stale:
        with solara.Div(classes=["panel"], attributes={"data-test": "network"}):
            html("h2", said.NETWORK_TITLE)
            if now.state in (FAILED, JOB_STOPPED):
                Running("network", job, [(said.AGAIN, begin)], stale=False)
            elif now.state == WORKING and not stale:
                Running("network", job, [], stale=False)
            else:
                html("p", said.NETWORK_WAITS, "hint", role="status")
    if not now.found or stale:
        return
    people = now.found[0]
    if not people.x:
        html("p", said.NETWORK_EMPTY, "panel")
        return
    Pictured(session, network(people, width_of(session)))
    lines = [_company(answer, asked.year, world)]
    if len(now.found) == 3:
        lines.append(_friends(now.found[1], now.found[2], asked.year, exact.plan))
    told = "".join(f"<p>{escape(line)}</p>" for line in lines if line)
    html("div", f"{told}<p class='hint'>{said.NETWORK_CAUTION}</p>", "panel",
         **{"data-test": "network-numbers"})  # fmt: skip


def _company(answer: Answer, year: int, world: int) -> str:
    step = next((one for one in answer.why[str(year)] if one.name == FRIENDS), None)
    if step is None:
        return ""
    chosen = (0, world)
    shown = tuple(picture_words.amount(step.values[one], step.unit, step.digits) for one in chosen)
    return said.company(
        shown, tuple(picture_words.name(one, answer.worlds[one].name) for one in chosen)
    )


def _friends(on: Switched, off: Switched, year: int, plan: Plan) -> str:
    """The difference with friends switched off, beside that with friends."""
    with_friends, _ = on.of(year)
    without, moved = off.of(year)
    if moved is None:
        return ""
    on_, off_ = ((card.difference, card.low, card.high) for card in (with_friends, without))
    return said.without_friends(
        on_, off_, (moved.by, moved.low, moved.high), said.basis(plan.clients, plan.repeats)
    )
