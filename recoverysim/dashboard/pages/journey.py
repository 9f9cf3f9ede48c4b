"""Journey: what happens to people, month by month?"""

from __future__ import annotations

from html import escape
from typing import Any

import solara

from recoverysim import lives_words as said
from recoverysim import words
from recoverysim.dashboard.asked import Asked
from recoverysim.dashboard.parts import guarded, html
from recoverysim.dashboard.parts.lives import play
from recoverysim.dashboard.parts.stage_flow import StageFlow
from recoverysim.dashboard.parts.twins import people, story_beside
from recoverysim.dashboard.parts.work import Progress, use_work
from recoverysim.dashboard.session import Session
from recoverysim.dashboard.work.lives import LivesAsked, TwinsAsked, live_the_lives, tell_twins
from recoverysim.picture_words import name
from recoverysim.shown import Answer
from recoverysim.shown_lives import Lives


@solara.component
def Journey(session: Session) -> None:
    """Two hundred people in today's world and in the chosen scenario's."""
    asked = session.asked.value
    with solara.Div(classes=["page", "journey-page"]):
        html("h1", escape(said.JOURNEY_TITLE))
        if asked.worlds()[0].is_open:
            html("p", escape(said.NOT_WHEN_OPEN), "panel", role="status")
        else:
            guarded(_Lived, session, asked)


@solara.component
def _Lived(session: Session, asked: Asked) -> None:
    world = asked.chosen + 1
    exact = asked.look(quick=False)
    scenarios, plan = exact.worlds, exact.plan
    wanted = LivesAsked(scenarios[0], scenarios[world], asked.definition, plan, asked.year)
    work = use_work(session.desk, live_the_lives, wanted)
    following, follow = solara.use_state((0, 0))
    reading, read = solara.use_state(("", 0))
    if work.found is None:
        _waiting(work, plan.repeats, said.WORKING)
        return
    lives: Lives = work.found
    answer = _answer(session, asked)
    number = reading[1] if reading[0] == wanted.key else 0
    guarded(_opening, lives, answer, world)
    guarded(play, lives, answer, world, following)
    guarded(
        people,
        lives,
        number,
        lambda one: follow((one, following[1] + 1)),
        lambda one: read((wanted.key, 0 if one == number else one)),
    )
    if number:
        person = next(one for one in lives.people if one.number == number)
        twins = TwinsAsked(wanted.one, wanted.other, plan, person.client, person.repeat)
        guarded(_Twins, session, twins, number, world)
    guarded(StageFlow, lives, answer, world, session.narrow.value)


@solara.component
def _Twins(session: Session, asked: TwinsAsked, number: int, world: int) -> None:
    work = use_work(session.desk, tell_twins, asked)
    if work.found is None:
        _waiting(work, 2, said.TELLING)
    else:
        story_beside(work.found, number, world)


def _opening(lives: Lives, answer: Answer | None, world: int) -> None:
    """Of 100 people, in sentences: what can be estimated, and what cannot."""
    one, other = name(0, lives.worlds[0].name), name(world, lives.worlds[1].name)
    recovered = [sum(each.totals[-1][place] for place in said.RECOVERED) for each in lives.worlds]
    difference = words.whole(recovered[1] - recovered[0])
    of = lives.of_100
    told = said.of_hundred(of.both, of.neither, of.net, difference, other, lives.year)
    card = None if answer is None else answer.card(world, "in_recovery", lives.year)
    if card is not None and card.low is not None and card.high is not None:
        told[-1] += f" {said.range_of(card.low, card.high)}"
    lines = "".join(f"<li>{escape(line)}</li>" for line in told)
    html(
        "section",
        f'<h2 id="of-100">{escape(said.OF_100)}</h2><ul class="of-100">{lines}</ul>'
        f"<p>{escape(said.NET_ONLY)} {escape(said.apart(*lives.apart, (one, other)))} "
        f"{escape(said.KEYED)}</p>"
        f'<p class="legend">{escape(said.in_recovery(lives.meaning))} {escape(lives.basis)}</p>',
        "panel",
        **{"aria-labelledby": "of-100"},
    )


def _answer(session: Session, asked: Asked) -> Answer | None:
    """The answer on the screen, where it is the exact one to what is asked."""
    view: Any = session.view.value
    found: Answer | None = view.answer
    exact = found is not None and not found.quick and found.done == found.of
    return found if exact and view.asked == asked else None


def _waiting(work: Progress, of: int, told: str) -> None:
    """What is being done, or why it was not."""
    if work.fault:
        html("p", escape(f"{said.NOT_DONE} {work.fault}"), "panel fault", role="alert")
        return
    done = said.WORKING_ON.format(done=work.done, all=of) if work.done and of > 2 else ""
    html("p", escape(f"{told} … {done}"), "panel", role="status")
